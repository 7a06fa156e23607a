//! Manifests: what is inserted is there, nothing else changes, and removal restores every byte.

use serde_json::Value;

use crate::input::Input;
use tenon_text::diag::apply_edits;
use tenon_text::format::split_bom;
use tenon_text::manifest::{
    Entry, Inserted, ManifestFormat, NewEntry, Order, Parsed, Selector, entries, insert, read, remove,
};

/// JSON.
pub fn manifest_json(data: &[u8]) {
    manifest(ManifestFormat::Json, data);
}

/// TOML.
pub fn manifest_toml(data: &[u8]) {
    manifest(ManifestFormat::Toml, data);
}

/// YAML.
pub fn manifest_yaml(data: &[u8]) {
    manifest(ManifestFormat::Yaml, data);
}

/// XML.
pub fn manifest_xml(data: &[u8]) {
    manifest(ManifestFormat::Xml, data);
}

fn manifest(format: ManifestFormat, data: &[u8]) {
    let mut input = Input::new(data);
    let (text, which, name, said, order) = (
        input.text(),
        input.number(),
        input.text(),
        input.text(),
        input.number(),
    );
    let order = match order % 2 {
        0 => Order::Auto,
        _ => Order::Append,
    };
    let said: Value = serde_json::from_str(&said).unwrap_or(Value::String(said));
    let Ok(value) = read(&text, format, "f") else {
        // What is refused is refused by every entrance, and by none with a panic.
        assert!(Parsed::parse(&text, format, "f").is_err());
        let key = NewEntry::Key(name, said);
        assert!(insert(&text, format, "f", "", &key, &order).is_err());
        return;
    };
    // Who asks it for positions has taken the byte-order mark off.
    let body = split_bom(&text).1;
    let parsed = Parsed::parse(body, format, "f").expect("it was read");
    assert_eq!(parsed.get("").map(|(whole, _)| whole), Some(value.clone()));
    let mut all = vec![];
    places(&value, String::new(), &mut all);
    let (pointer, is) = &all[which % all.len()];
    if let Some((found, span)) = parsed.get(pointer) {
        assert!(body.get(span.start..span.end).is_some(), "{pointer}: {span:?}");
        assert_eq!(value.pointer(pointer), Some(&found), "{pointer}");
    }
    match is {
        Value::Array(_) => promises(format, &text, pointer, &NewEntry::Item(said), &order),
        Value::Object(_) => promises(format, &text, pointer, &NewEntry::Key(name, said), &order),
        _ => {
            promises(
                format,
                &text,
                &format!("{pointer}/x"),
                &NewEntry::Item(said.clone()),
                &order,
            );
            return;
        }
    }
    let new = format!("{pointer}/{}", name_in_pointer("new"));
    promises(format, &text, &new, &NewEntry::Item(Value::from("x")), &order);
}

fn name_in_pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Every place of a document, itself first.
fn places(value: &Value, pointer: String, out: &mut Vec<(String, Value)>) {
    match value {
        Value::Array(items) => {
            out.push((pointer.clone(), value.clone()));
            for (at, item) in items.iter().enumerate() {
                places(item, format!("{pointer}/{at}"), out);
            }
        }
        Value::Object(map) => {
            out.push((pointer.clone(), value.clone()));
            for (name, value) in map {
                places(value, format!("{pointer}/{}", name_in_pointer(name)), out);
            }
        }
        _ => out.push((pointer, value.clone())),
    }
}

/// Inserts, and checks everything that is promised. A refusal is an answer too.
fn promises(format: ManifestFormat, before: &str, pointer: &str, entry: &NewEntry, order: &Order) {
    let Ok(first) = insert(before, format, "f", pointer, entry, order) else {
        return;
    };
    if first.edits.is_empty() {
        return;
    }
    for edit in &first.edits {
        let gone = &before[edit.span.start..edit.span.end];
        assert!(gone.trim().is_empty(), "only blanks are replaced: {gone:?}");
    }
    let after = apply_edits(before, &first.edits).unwrap();
    let old = entries(before, format, "f", pointer)
        .expect("read before")
        .unwrap_or_default();
    let mut new = entries(&after, format, "f", pointer)
        .expect("read after")
        .expect("something is there");
    let is_new = |it: &Entry| match entry {
        NewEntry::Item(value) => it.value == *value,
        NewEntry::Key(name, value) => it.key.as_ref() == Some(name) && it.value == *value,
    };
    let at = new.iter().position(is_new);
    new.remove(at.unwrap_or_else(|| panic!("the entry is not there:\n{after}")));
    let said = |all: &[Entry]| {
        all.iter()
            .map(|it| (it.key.clone(), it.value.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(said(&old), said(&new), "the others are as they were:\n{after}");
    let second = insert(&after, format, "f", pointer, entry, order).expect("a second time");
    assert_eq!(
        second,
        Inserted::default(),
        "a second time changes nothing:\n{after}"
    );
    let selector = match entry {
        NewEntry::Item(value) => Selector::Item(value.clone()),
        NewEntry::Key(name, _) => Selector::Key(name.clone()),
    };
    match remove(&after, format, "f", pointer, &selector, &first.trace) {
        Ok(edits) => assert_eq!(apply_edits(&after, &edits).unwrap(), before, "from:\n{after}"),
        Err(error) => panic!("{error} {:?}\n{before}\n---\n{after}", error.causes()),
    }
}
