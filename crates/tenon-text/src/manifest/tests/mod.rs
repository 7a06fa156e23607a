//! What the operations do, as texts before and after.

mod hostile;
mod json;
mod properties;
mod toml;
mod xml;
mod yaml;

use serde_json::Value;

use super::*;
use crate::diag::apply_edits;

/// Inserts, and checks the promises that hold for every insertion.
#[track_caller]
pub(super) fn inserted(
    format: ManifestFormat,
    before: &str,
    pointer: &str,
    entry: NewEntry,
    order: Order,
) -> String {
    let first = insert(before, format, "file", pointer, &entry, &order).unwrap();
    let after = apply_edits(before, &first.edits).unwrap();
    let second = insert(&after, format, "file", pointer, &entry, &order).unwrap();
    assert_eq!(
        second,
        Inserted::default(),
        "a second insertion changes nothing:\n{after}"
    );
    if !first.edits.is_empty() {
        let selector = match entry {
            NewEntry::Item(value) => Selector::Item(value),
            NewEntry::Key(name, _) => Selector::Key(name),
        };
        let edits = remove(&after, format, "file", pointer, &selector, &first.trace).unwrap();
        assert_eq!(
            apply_edits(&after, &edits).unwrap(),
            before,
            "removal restores every byte, from:\n{after}"
        );
    }
    after
}

pub(super) fn item(value: impl Into<Value>) -> NewEntry {
    NewEntry::Item(value.into())
}

pub(super) fn key(name: &str, value: impl Into<Value>) -> NewEntry {
    NewEntry::Key(name.to_owned(), value.into())
}

/// The message of a refused insertion, with its position.
#[track_caller]
pub(super) fn refused(format: ManifestFormat, text: &str, pointer: &str, entry: NewEntry) -> String {
    insert(text, format, "file", pointer, &entry, &Order::Auto)
        .unwrap_err()
        .to_string()
}

#[test]
fn entries_say_where_they_stand() {
    let cases = [
        (
            ManifestFormat::Json,
            "\u{feff}{\"a/b\": {\"k\" : [1]}}",
            "\"k\" : [1]",
            "\"k\"",
            "[1]",
        ),
        (
            ManifestFormat::Toml,
            "\u{feff}[\"a/b\"]\nk = [1] # c\n",
            "k = [1]",
            "k",
            "[1]",
        ),
        (
            ManifestFormat::Yaml,
            "\u{feff}a/b:\n  k:\n  - 1 # c\n",
            "k:\n  - 1",
            "k",
            "- 1",
        ),
    ];
    for (format, text, whole, key, value) in cases {
        let found = entries(text, format, "f", "/a~1b").unwrap().unwrap();
        let [entry] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(entry.value, serde_json::json!([1]));
        assert_eq!(&text[entry.span.start..entry.span.end], whole);
        assert_eq!(entry.key_span.map(|span| &text[span.start..span.end]), Some(key));
        assert_eq!(&text[entry.value_span.start..entry.value_span.end], value);
        assert_eq!(entries(text, format, "f", "/nothing").unwrap(), None);
    }
}
