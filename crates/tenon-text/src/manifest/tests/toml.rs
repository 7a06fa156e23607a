//! TOML, style by style.

use serde_json::json;

use super::*;

const T: ManifestFormat = ManifestFormat::Toml;

#[track_caller]
fn check(before: &str, pointer: &str, entry: NewEntry, after: &str) {
    assert_eq!(inserted(T, before, pointer, entry, Order::Auto), after);
}

#[test]
fn a_comment_stays_with_its_element() {
    let before = "[workspace]\nmembers = [\n    \"a\", # first\n    \"c\", # last\n]\n";
    check(
        before,
        "/workspace/members",
        item("b"),
        "[workspace]\nmembers = [\n    \"a\", # first\n    \"b\",\n    \"c\", # last\n]\n",
    );
    check(
        before,
        "/workspace/members",
        item("d"),
        "[workspace]\nmembers = [\n    \"a\", # first\n    \"c\", # last\n    \"d\",\n]\n",
    );
    check(
        "m = [\n  \"a\" # one\n]\n",
        "/m",
        item("b"),
        "m = [\n  \"a\", # one\n  \"b\"\n]\n",
    );
}

#[test]
fn arrays_on_one_line_stay_there() {
    check(
        "m = [\"a\", \"c\"] # all\n",
        "/m",
        item("b"),
        "m = [\"a\", \"b\", \"c\"] # all\n",
    );
    check("m = ['a', 'c']", "/m", item("b"), "m = ['a', 'b', 'c']");
    check("m = []\n", "/m", item(json!({"p": "x"})), "m = [{ p = \"x\" }]\n");
    check("m = [ ]\n", "/m", item(1), "m = [1]\n");
    check("m = [\n]\n", "/m", item(1), "m = [\n    1\n]\n");
}

#[test]
fn a_table_takes_a_line_in_its_order() {
    let before = "[workspace.dependencies]\nanyhow = \"1\" # errors\n\nserde = { version = \"1\" }\n\n[profile.dev]\nx = 1\n";
    check(
        before,
        "/workspace/dependencies",
        key("clap", json!({"path": "x", "default-features": false})),
        "[workspace.dependencies]\nanyhow = \"1\" # errors\nclap = { path = \"x\", default-features = false }\n\nserde = { version = \"1\" }\n\n[profile.dev]\nx = 1\n",
    );
    check(
        before,
        "/workspace/dependencies",
        key("toml", "1"),
        "[workspace.dependencies]\nanyhow = \"1\" # errors\n\nserde = { version = \"1\" }\ntoml = \"1\"\n\n[profile.dev]\nx = 1\n",
    );
    check(
        "[a] # x\n  b = 1\n",
        "/a",
        key("a", 1),
        "[a] # x\n  a = 1\n  b = 1\n",
    );
    check(
        "[a]\n[b]\nx=1\n",
        "/a",
        key("y z", "\""),
        "[a]\n\"y z\" = \"\\\"\"\n[b]\nx=1\n",
    );
    check("[b]\nx=1\n", "/b", key("y", 2), "[b]\nx=1\ny=2\n");
}

#[test]
fn missing_tables_are_created_at_the_end() {
    check(
        "[project]\nname = \"x\"\n",
        "/project/entry-points/shop.ext",
        key("a", "m:A"),
        "[project]\nname = \"x\"\n\n[project.entry-points.\"shop.ext\"]\na = \"m:A\"\n",
    );
    check(
        "[project]\nname = \"x\"",
        "/tool/uv/workspace/members",
        item("a"),
        "[project]\nname = \"x\"\n\n[tool.uv.workspace]\nmembers = [\"a\"]",
    );
    check("", "/a/b", key("c", true), "[a.b]\nc = true\n");
    check(
        "a = 1\n\n\n# end\n\n",
        "/b",
        key("c", 1),
        "a = 1\n\n\n# end\n\n[b]\nc = 1\n\n",
    );
    check(
        "[package]\nname = \"x\"\n[dep]\n",
        "/package/keywords",
        item("k"),
        "[package]\nname = \"x\"\nkeywords = [\"k\"]\n[dep]\n",
    );
}

#[test]
fn a_section_joins_its_siblings() {
    check(
        "[e.a]\nx = 1\n# about a\n\n# about z\n[z]\n",
        "/e",
        key("b", json!({"y": 2})),
        "[e.a]\nx = 1\n# about a\n\n[e.b]\ny = 2\n\n# about z\n[z]\n",
    );
    check(
        "[e.a]\nx = 1\n# about z\n[z]\n",
        "/e/b",
        key("y", 2),
        "[e.a]\nx = 1\n\n[e.b]\ny = 2\n# about z\n[z]\n",
    );
}

#[test]
fn arrays_of_tables_grow_at_their_end() {
    check(
        "[[bin]]\nname = \"a\"\n\n[bin.x]\ny = 1\n\n[lib]\nz = 1\n",
        "/bin",
        item(json!({"name": "b"})),
        "[[bin]]\nname = \"a\"\n\n[bin.x]\ny = 1\n\n[[bin]]\nname = \"b\"\n\n[lib]\nz = 1\n",
    );
    check(
        "a = 1\n",
        "/bin",
        item(json!({"name": "b", "p": [1]})),
        "a = 1\n\n[[bin]]\nname = \"b\"\np = [1]\n",
    );
}

#[test]
fn dotted_keys_and_inline_tables_grow_as_they_are() {
    check(
        "[p]\nv.workspace = true\nw = 1\n",
        "/p/v",
        key("x", 1),
        "[p]\nv.workspace = true\nv.x = 1\nw = 1\n",
    );
    check("a.b.c = 1\n", "/a/b", key("d", 2), "a.b.c = 1\na.b.d = 2\n");
    check("a.b = 1\n", "/a/c", key("d", 2), "a.b = 1\na.c = { d = 2 }\n");
    check("a = { b = 1 }\n", "/a", key("c", 2), "a = { b = 1, c = 2 }\n");
    check(
        "a = {b = 1}\n",
        "/a/c/d",
        item(2),
        "a = {b = 1, c = { d = [2] }}\n",
    );
    check("a = {}\n", "/a", key("c", "d"), "a = { c = \"d\" }\n");
}

#[test]
fn the_top_of_the_document_takes_lines_too() {
    check("b = 1\n\n[t]\n", "", key("a", 1), "a = 1\nb = 1\n\n[t]\n");
    check("b = 1\n\n[t]\n", "", key("c", 1), "b = 1\nc = 1\n\n[t]\n");
    check(
        "# licence\n\n# about t\n[t]\nx = 1\n",
        "",
        key("c", 1),
        "# licence\n\nc = 1\n\n# about t\n[t]\nx = 1\n",
    );
    check("# licence", "", key("c", 1), "# licence\nc = 1");
    check("", "", key("c", 1), "c = 1\n");
}

#[test]
fn crlf_and_byte_order_mark_stay() {
    check(
        "\u{feff}[w]\r\nm = [\r\n\t\"a\", # x\r\n]\r\n",
        "/w/m",
        item("b"),
        "\u{feff}[w]\r\nm = [\r\n\t\"a\", # x\r\n\t\"b\",\r\n]\r\n",
    );
    check(
        "\u{feff}[w]\r\na = 1",
        "/v",
        key("b", 1),
        "\u{feff}[w]\r\na = 1\r\n\r\n[v]\r\nb = 1",
    );
    check("\u{feff}", "/v", key("b", 1), "\u{feff}[v]\nb = 1\n");
    check(
        "[w]\r\na = 1 # x\r\n\r\n[z]\r\n",
        "/w",
        key("b", 1),
        "[w]\r\na = 1 # x\r\nb = 1\r\n\r\n[z]\r\n",
    );
    // The entry goes before all others, and with it goes the line end that it brought.
    check("\r\nb = 1\nc = 1\n", "", key("a", 1), "\r\na = 1\nb = 1\nc = 1\n");
}

#[test]
fn what_cannot_be_done_is_an_error() {
    assert_eq!(
        refused(T, "[a]\nb = 1\n", "/a", key("b", 2)),
        "file:2:1: `b` is already there, as `1`"
    );
    assert_eq!(
        refused(T, "a = \n", "/a", key("b", 2)),
        "file:1:5: not valid TOML: string values must be quoted, expected literal string"
    );
    assert_eq!(
        refused(T, "[a.b]\nc = 1\n", "/a", key("d", 2)),
        "file:1:1: `a` has no place of its own to insert into"
    );
    assert_eq!(
        refused(T, "a = { b.c = 1 }\n", "/a", key("d", 2)),
        "file:1:7: what has no braces of its own cannot be edited"
    );
    assert_eq!(
        refused(T, "[a]\n", "/a", key("d", Value::Null)),
        "file: TOML has no way to say `null`"
    );
}

#[test]
fn removal_takes_lines_and_sections() {
    let cases = [
        (
            "[a]\nx = 1 # c\ny = \"\"\"\nz\"\"\"\n",
            "/a",
            "x",
            "[a]\ny = \"\"\"\nz\"\"\"\n",
        ),
        (
            "[a]\nx = 1 # c\ny = \"\"\"\nz\"\"\"\n",
            "/a",
            "y",
            "[a]\nx = 1 # c\n",
        ),
        (
            "[a]\nx = 1\n\n# b\n[b]\ny = 1\n\n[c]\n",
            "",
            "b",
            "[a]\nx = 1\n\n# b\n\n[c]\n",
        ),
        ("[a]\nx = 1\n\n[a.b]\ny = 1\n\n[c]\n", "", "a", "[c]\n"),
        ("x = 1\n\n[c]\n", "", "x", "[c]\n"),
        ("v.a = 1\nw = 1\nv.b = 2\n", "", "v", "w = 1\n"),
    ];
    for (before, pointer, name, after) in cases {
        let edits = remove(
            before,
            T,
            "f",
            pointer,
            &Selector::Key(name.to_owned()),
            &Trace::default(),
        )
        .unwrap();
        assert_eq!(apply_edits(before, &edits).unwrap(), after);
    }
}
