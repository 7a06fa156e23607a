//! Doing to a value what the edits do to the text, and showing values in messages.
//!
//! Knows no text. In: values and steps. Out: values.

use serde_json::{Map, Value};

use super::NewEntry;

/// `entry` in the containers `missing`, as one entry.
pub(super) fn nested(missing: &[String], entry: &NewEntry) -> NewEntry {
    let wrap = |entry, step: &String| NewEntry::Key(step.clone(), container_of(entry));
    missing.iter().rev().fold(entry.clone(), wrap)
}

/// A container that holds just `entry`.
fn container_of(entry: NewEntry) -> Value {
    match entry {
        NewEntry::Item(value) => Value::Array(vec![value]),
        NewEntry::Key(name, value) => Value::Object(Map::from_iter([(name, value)])),
    }
}

/// The value that stands at `steps` below `value`.
pub(super) fn value_at<'v>(value: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::Object(map) => map.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Does to a value what an insertion does to the text.
pub(super) fn put(target: Option<&mut Value>, index: usize, entry: NewEntry) {
    match (target, entry) {
        (Some(Value::Array(items)), NewEntry::Item(value)) => items.insert(index.min(items.len()), value),
        (Some(Value::Object(map)), NewEntry::Key(name, value)) => drop(map.insert(name, value)),
        (Some(target), entry) => *target = container_of(entry),
        (None, _) => {}
    }
}

/// Takes an empty container, or nothing where one was, out of the object round it.
pub(super) fn drop_empty(value: &mut Value, names: &[String]) {
    match value_at(value, names) {
        Some(Value::Array(items)) if !items.is_empty() => return,
        Some(Value::Object(map)) if !map.is_empty() => return,
        Some(Value::Array(_) | Value::Object(_) | Value::Null) => {}
        _ => return,
    }
    if let Some((last, above)) = names.split_last()
        && let Some(Value::Object(map)) = value_at(value, above)
    {
        map.shift_remove(last);
    } else if let Some(target) = value_at(value, names) {
        *target = Value::Null;
    }
}

/// A value on one short line, for messages.
pub(super) fn brief(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}
