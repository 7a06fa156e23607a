//! YAML, style by style.

use serde_json::json;

use super::*;

const Y: ManifestFormat = ManifestFormat::Yaml;

#[track_caller]
fn check(before: &str, pointer: &str, entry: NewEntry, after: &str) {
    assert_eq!(inserted(Y, before, pointer, entry, Order::Auto), after);
}

#[test]
fn an_item_takes_the_quotes_and_the_indentation_of_its_siblings() {
    check(
        "packages:\n  # all of them\n  - 'apps/*' # apps\n  - 'tools/*'\n\ncatalog: {}\n",
        "/packages",
        item("packages/*"),
        "packages:\n  # all of them\n  - 'apps/*' # apps\n  - 'packages/*'\n  - 'tools/*'\n\ncatalog: {}\n",
    );
    check(
        "packages:\n- \"b\"\n",
        "/packages",
        item("c"),
        "packages:\n- \"b\"\n- \"c\"\n",
    );
    check(
        "packages:\n    - b",
        "/packages",
        item("c"),
        "packages:\n    - b\n    - c",
    );
    check(
        "packages:\n    - b",
        "/packages",
        item("*"),
        "packages:\n    - '*'\n    - b",
    );
    check(
        "packages: # these\n    - b",
        "/packages",
        item("a"),
        "packages: # these\n    - a\n    - b",
    );
    check("- b\n- c\n", "", item("a"), "- a\n- b\n- c\n");
    check("# top\n- b\n", "", item("a"), "# top\n- a\n- b\n");
    check("- - b\n  - c\n", "/0", item("a"), "- - a\n  - b\n  - c\n");
    check("- - b\n  - c\n", "/0", item("d"), "- - b\n  - c\n  - d\n");
}

#[test]
fn a_member_takes_a_line() {
    check(
        "a: 1\nc: 3 # three\n",
        "",
        key("b", "x"),
        "a: 1\nb: x\nc: 3 # three\n",
    );
    check(
        "s:\n  a:\n    image: x\n    ports:\n    - 1\n# end\n",
        "/s",
        key(
            "b",
            json!({"image": "z", "ports": ["80:80", {"k": 1, "l": [2]}], "e": {}, "o": null}),
        ),
        "s:\n  a:\n    image: x\n    ports:\n    - 1\n  b:\n    image: z\n    ports:\n    - '80:80'\n    - k: 1\n      l:\n      - 2\n    e: {}\n    o: null\n# end\n",
    );
    check(
        "a: |\n  text # no comment\n\nz: 1\n",
        "",
        key("b", 1),
        "a: |\n  text # no comment\nb: 1\n\nz: 1\n",
    );
    check(
        "a: |+\n  text\n\nz: 1\n",
        "",
        key("b", 1),
        "a: |+\n  text\n\nb: 1\nz: 1\n",
    );
    check("- k: 1\n  l: 2\n", "/0", key("a", 3), "- a: 3\n  k: 1\n  l: 2\n");
}

#[test]
fn flow_collections_stay_flow() {
    check(
        "packages: [a, c] # all\n",
        "/packages",
        item("b"),
        "packages: [a, b, c] # all\n",
    );
    check(
        "packages: ['a', 'c']",
        "/packages",
        item("b"),
        "packages: ['a', 'b', 'c']",
    );
    check(
        "packages: [\n  a, # one\n  c\n]\n",
        "/packages",
        item("b"),
        "packages: [\n  a, # one\n  b,\n  c\n]\n",
    );
    check("packages: []\n", "/packages", item("a"), "packages: [a]\n");
    check(
        "m: { a: 1 }\n",
        "/m",
        key("b", json!({"c": ["x, y"]})),
        "m: { a: 1, b: { c: ['x, y'] } }\n",
    );
    check("m: {}\n", "/m/o", item(json!([])), "m: { o: [[]] }\n");
    check("[]", "", item("a"), "[a]");
    check("a: !!str", "", key("b", "c"), "a: !!str\nb: c");
}

#[test]
fn what_is_missing_is_created() {
    check("a:\n- 1\nb:\n", "/b", item("x"), "a:\n- 1\nb:\n- x\n");
    check("a: 1", "/packages", item("x/*"), "a: 1\npackages:\n  - x/*");
    check("a:\n- 1\n", "/b/c", item("*"), "a:\n- 1\nb:\n  c:\n  - '*'\n");
    check("", "/a/b", key("c", true), "a:\n  b:\n    c: true\n");
    check("# only this\n", "", item("x"), "# only this\n- x\n");
    check("---\n", "", key("x", 1), "---\nx: 1\n");
    check(
        "packages: # none\nb: 1\n",
        "/packages",
        item("x"),
        "packages: # none\n  - x\nb: 1\n",
    );
    check(
        "a:\n    b:\n        c: 1\n",
        "/a/d",
        key("e", 2),
        "a:\n    b:\n        c: 1\n    d:\n        e: 2\n",
    );
}

#[test]
fn crlf_byte_order_mark_anchors_and_tags_stay() {
    check(
        "\u{feff}a: &x !!seq\r\n  - 1\r\nb: x\r\n",
        "/a",
        item(2),
        "\u{feff}a: &x !!seq\r\n  - 1\r\n  - 2\r\nb: x\r\n",
    );
    // The entry goes before all others, and with it goes the line end that it brought.
    check("\r\nb: 1\nc: 1\n", "", key("a", 1), "\r\na: 1\nb: 1\nc: 1\n");
}

#[test]
fn what_cannot_be_done_is_an_error() {
    assert_eq!(
        refused(Y, "a: 1\n---\nb: 2\n", "", key("c", 2)),
        "file:2:1: the file holds more than one YAML document"
    );
    assert_eq!(
        refused(Y, "a: 1\n", "", key("a", 2)),
        "file:1:1: `a` is already there, as `1`"
    );
    assert_eq!(
        refused(Y, "a: 1\na: 2\n", "/a", key("a", 2)),
        "file:2:1: `a` is there twice"
    );
    assert_eq!(
        refused(Y, "a: null\n", "/a", key("a", 2)),
        "file:1:4: `/a` is empty, not an object"
    );
    assert_eq!(
        refused(Y, "x: [a: 1]\n", "/x/0", key("b", 2)),
        "file:1:5: what has no braces of its own cannot be edited"
    );
    let repeated = refused(Y, "a: &x [1]\nb: *x\n", "/a", item(2));
    assert_eq!(
        repeated,
        "file:1:9: cannot insert an entry of `/a` here without touching its surroundings"
    );
    assert_eq!(
        refused(Y, "a: &x [1]\nb: *x\n", "/b", item(2)),
        "file:2:4: `/b` is an alias, not an array"
    );
}

#[test]
fn scalars_are_read_by_the_core_schema() {
    let text =
        "a: no\nb: True\nc: 0o17\nd: 012\ne: 1_000\nf: 1.5e3\ng: ~\nh: !!str 1\ni: 2024-01-01\nj: .5\n";
    let expected = json!({"a": "no", "b": true, "c": 15, "d": 12, "e": "1_000", "f": 1500.0, "g": null, "h": "1", "i": "2024-01-01", "j": 0.5});
    assert_eq!(read(text, Y, "f").unwrap(), expected);
}

/// Valid and broken documents, and whether an independent reader takes them.
#[test]
fn another_reader_reads_the_same() {
    let valid = [
        "a: b\nc:\n- d\n- e: f\n  g: h\n-\n  - x\n- - y\n  - z\n",
        "a: 'it''s\n  folded\n\n  twice'\nb: \"x \\\n  y\\u00e9\\t\"\n",
        "a: plain\n  goes on\n\n  and on\nb: 1\n",
        "a: |\n  x\n   y\n\n  z\n\n\nb: >\n  x\n  y\n\n  z\n    w\n  v\nc: |-\n  x\n\nd: |+\n  x\n\n\ne: >-\n\n  x\n  y\n",
        "a: |2\n    x\n   y\nb: 1\n",
        "a: [1, 'b', {c: d, \"e\":f}, [g], h: i]\nb: {x, y: , z: [ ]}\n",
        "a: [\n  x y\n  z, # c\n  w,\n]\n",
        "a: &x {b: 1}\nc: *x\nd: [*x, *x]\n",
        "%YAML 1.2\n---\na: 1\n...\n",
        "a: http://x/y#z\nb: x:y\nc: -x\nd: a#b\n",
        "'a b': 1\n\"c\": 2\nd e: 3\n? \n",
        "a:\n  # c\n  b: 1\n # d\nc: # e\n  - 1\n",
        "- a\n-\n- b: 1\n-\n",
        "a: !!str\nb: !!str x\n",
        "plain\n",
        "'quoted'",
        "a:   \n  b:\t1  \n",
        "key: [a,\n b]\nother: {a: 1,\n  b: 2}\n",
        "a: |\n\n  x\nb: |\nc: 1\n",
        "a: >\n  x\n\n\n   y\n\n  z\n",
    ];
    for text in valid.into_iter().filter(|text| !text.contains("? ")) {
        let ours = read(text, Y, "f").unwrap_or_else(|error| panic!("{text}\n{error}"));
        let theirs: Value = ast_grep_config::from_str(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert_eq!(ours, theirs, "{text}");
    }
    let broken = [
        "a: b: c\n",
        "a: 1\n b: 2\n",
        "- a\nb: 1\n",
        "a: 'x\n",
        "a: [1\n",
        "a: \"\\q\"\n",
        "\ta: 1\n",
        "a: *y\n",
        "a: @x\n",
        "a: {{ x }}\n",
        "a: |\n  x\n y\n",
        "a: 'x' y\n",
        "a: - b\n",
        "a\nb: 1\n",
        "a: 1\nb\n",
        "a: [1] 2\n",
        "[a\n",
        "a: }\n",
        "a:\n  - b\n c: 1\n",
        "a: \0\n",
        "a: [,]\n",
        "? a\n: b\n",
    ];
    for text in broken {
        assert!(
            read(text, Y, "f").is_err(),
            "{text:?} gives {:?}",
            read(text, Y, "f")
        );
    }
}

#[test]
fn aliases_cannot_grow_without_bound() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let above = at - 1;
        text +=
            &format!("a{at}: &a{at} [*a{above}, *a{above}, *a{above}, *a{above}, *a{above}, *a{above}]\n");
    }
    let error = read(&text, Y, "f").unwrap_err();
    assert_eq!(error.message(), "the aliases repeat too much");
}
