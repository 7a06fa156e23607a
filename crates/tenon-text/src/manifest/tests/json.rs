//! JSON, style by style.

use serde_json::json;

use super::*;

const J: ManifestFormat = ManifestFormat::Json;

#[track_caller]
fn check(before: &str, pointer: &str, entry: NewEntry, after: &str) {
    assert_eq!(inserted(J, before, pointer, entry, Order::Auto), after);
}

#[test]
fn sorted_lists_stay_sorted() {
    let before = "{\n  \"workspaces\": [\n    \"apps/a\",\n    \"apps/c\"\n  ]\n}\n";
    check(
        before,
        "/workspaces",
        item("apps/b"),
        "{\n  \"workspaces\": [\n    \"apps/a\",\n    \"apps/b\",\n    \"apps/c\"\n  ]\n}\n",
    );
    check(
        before,
        "/workspaces",
        item("apps/0"),
        "{\n  \"workspaces\": [\n    \"apps/0\",\n    \"apps/a\",\n    \"apps/c\"\n  ]\n}\n",
    );
    check(
        before,
        "/workspaces",
        item("apps/d"),
        "{\n  \"workspaces\": [\n    \"apps/a\",\n    \"apps/c\",\n    \"apps/d\"\n  ]\n}\n",
    );
}

#[test]
fn one_line_stays_one_line() {
    check(
        "{\"a\": [\"x\", \"z\"]}",
        "/a",
        item("y"),
        "{\"a\": [\"x\", \"y\", \"z\"]}",
    );
    check(
        "{\"a\": [\"x\", \"z\"]}",
        "/a",
        item("a"),
        "{\"a\": [\"a\", \"x\", \"z\"]}",
    );
    check(
        "{ \"a\": 1 }",
        "",
        key("b", json!({"c": [1, 2]})),
        "{ \"a\": 1, \"b\": { \"c\": [1, 2] } }",
    );
    check(
        "{\n  \"a\": [\"x\"],\n  \"b\": []\n}",
        "/a",
        item("y"),
        "{\n  \"a\": [\"x\", \"y\"],\n  \"b\": []\n}",
    );
}

#[test]
fn minified_stays_minified() {
    check(
        "{\"a\":{\"x\":1}}",
        "/a",
        key("y", json!([1, {"k": null}])),
        "{\"a\":{\"x\":1,\"y\":[1,{\"k\":null}]}}",
    );
    check("{\"a\":1}", "/b/c", item("x"), "{\"a\":1,\"b\":{\"c\":[\"x\"]}}");
    check("[1,2]", "", item(0), "[1,2,0]");
}

#[test]
fn tabs_crlf_and_byte_order_mark_stay() {
    check(
        "\u{feff}{\r\n\t\"deps\": {\r\n\t\t\"a\": \"1\"\r\n\t}\r\n}",
        "/deps",
        key("b", json!({"v": ["2"]})),
        "\u{feff}{\r\n\t\"deps\": {\r\n\t\t\"a\": \"1\",\r\n\t\t\"b\": {\r\n\t\t\t\"v\": [\r\n\t\t\t\t\"2\"\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}",
    );
}

#[test]
fn missing_containers_are_created_at_the_end() {
    check(
        "{\n    \"name\": \"x\"\n}\n",
        "/workspaces/packages",
        item("apps/*"),
        "{\n    \"name\": \"x\",\n    \"workspaces\": {\n        \"packages\": [\n            \"apps/*\"\n        ]\n    }\n}\n",
    );
    check(
        "{}",
        "/a",
        key("b", true),
        "{\n  \"a\": {\n    \"b\": true\n  }\n}",
    );
    check(
        "{ }\n",
        "/a",
        key("b", true),
        "{\n  \"a\": {\n    \"b\": true\n  }\n}\n",
    );
}

#[test]
fn an_empty_container_is_opened_as_its_surroundings_are() {
    check(
        "{\n  \"a\": []\n}\n",
        "/a",
        item("x"),
        "{\n  \"a\": [\n    \"x\"\n  ]\n}\n",
    );
    check(
        "{\n  \"a\": [\n  ]\n}\n",
        "/a",
        item("x"),
        "{\n  \"a\": [\n    \"x\"\n  ]\n}\n",
    );
    check("{\"a\": {}}", "/a", key("b", 1), "{\"a\": {\"b\": 1}}");
    check(
        "{\n  \"a\": [\n    // none yet\n  ]\n}\n",
        "/a",
        item("x"),
        "{\n  \"a\": [\n    // none yet\n    \"x\"\n  ]\n}\n",
    );
}

#[test]
fn comments_and_trailing_commas_stay_where_they_are() {
    check(
        "{\n  \"paths\": [\n    \"a\", // first\n    \"c\" /* last */ // really\n  ]\n}\n",
        "/paths",
        item("d"),
        "{\n  \"paths\": [\n    \"a\", // first\n    \"c\", /* last */ // really\n    \"d\"\n  ]\n}\n",
    );
    check(
        "{\n  \"paths\": [\n    \"a\", // first\n    \"c\", // last\n  ],\n}\n",
        "/paths",
        item("b"),
        "{\n  \"paths\": [\n    \"a\", // first\n    \"b\",\n    \"c\", // last\n  ],\n}\n",
    );
    check(
        "{\n  \"paths\": [\n    \"a\",\n    \"c\", // last\n  ],\n}\n",
        "/paths",
        item("d"),
        "{\n  \"paths\": [\n    \"a\",\n    \"c\", // last\n    \"d\",\n  ],\n}\n",
    );
    check(
        "{\n  \"p\": [ // all\n    \"b\"\n  ]\n}\n",
        "/p",
        item("a"),
        "{\n  \"p\": [ // all\n    \"a\",\n    \"b\"\n  ]\n}\n",
    );
}

#[test]
fn an_unsorted_list_grows_at_its_end() {
    let before = "{\n  \"z\": 1,\n  \"a\": 2\n}\n";
    check(
        before,
        "",
        key("m", 3),
        "{\n  \"z\": 1,\n  \"a\": 2,\n  \"m\": 3\n}\n",
    );
}

#[test]
fn lines_that_hold_several_entries_are_understood() {
    check(
        "[\"a\", \"b\",\n \"d\"]",
        "",
        item("c"),
        "[\"a\", \"b\",\n \"c\",\n \"d\"]",
    );
    check("[\n \"a\", \"b\"\n]", "", item("c"), "[\n \"a\", \"b\", \"c\"\n]");
    check(
        "[\n \"b\", \"c\"\n]",
        "",
        item("a"),
        "[\n \"a\",\n \"b\", \"c\"\n]",
    );
}

#[test]
fn conflicts_and_wrong_kinds_are_refused() {
    assert_eq!(
        refused(J, "{\"a\": {\"b\": 1}}", "/a", key("b", 2)),
        "file:1:8: `b` is already there, as `1`"
    );
    assert_eq!(
        refused(J, "{\"a\": 1}", "/a", key("b", 2)),
        "file:1:7: `/a` is a number, not an object"
    );
    assert_eq!(
        refused(J, "{\"a\": null}", "/a/b", key("b", 2)),
        "file:1:7: `/a` is empty, not an array or an object"
    );
    assert_eq!(
        refused(J, "{\"a\": {}, \"a\": {}}", "/a", key("b", 2)),
        "file:1:11: `a` is there twice"
    );
    assert_eq!(
        refused(J, "\u{feff}{\n  'a': 1}", "/a", key("b", 2)),
        "file:2:3: not valid JSON: single-quoted strings are not allowed"
    );
    assert_eq!(read("{\"a\": 1, \"a\": 2}", J, "f").unwrap(), json!({"a": 2}));
}

#[test]
fn removal_takes_the_line_and_its_comment() {
    let cases = [
        (
            "[\n  1, // one\n  2, // two\n  3 // three\n]",
            2,
            "[\n  1, // one\n  3 // three\n]",
        ),
        ("[\n  1, // one\n  3 // three\n]", 3, "[\n  1 // one\n]"),
        ("[\n  1 // one\n]", 1, "[]"),
        ("[\n  // keep\n  1\n]", 1, "[\n  // keep\n]"),
        ("[1, 2, 3]", 1, "[2, 3]"),
        ("[1 /*a*/, 2, 3]", 2, "[1 /*a*/, 3]"),
        ("[1,2]", 2, "[1]"),
    ];
    for (before, value, after) in cases {
        let edits = remove(
            before,
            J,
            "f",
            "",
            &Selector::Item(json!(value)),
            &Trace::default(),
        )
        .unwrap();
        assert_eq!(apply_edits(before, &edits).unwrap(), after);
    }
}
