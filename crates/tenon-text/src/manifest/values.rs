//! Doing to a value what the edits do to the text, and showing values in messages.
//!
//! Knows no text. In: values and steps. Out: values.

use serde_json::{Map, Value};

use super::NewEntry;

/// The value that stands at `steps` below `value`.
pub(super) fn value_at<'v>(value: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::Object(map) => map.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A container that holds just `entry`.
pub(super) fn container_of(entry: NewEntry) -> Value {
    match entry {
        NewEntry::Item(value) => Value::Array(vec![value]),
        NewEntry::Key(name, value) => Value::Object(Map::from_iter([(name, value)])),
    }
}

/// Does to a value what the edits do to the text.
pub(super) fn put(target: Option<&mut Value>, index: usize, entry: &NewEntry) {
    match (target, entry) {
        (Some(Value::Array(items)), NewEntry::Item(value)) => {
            items.insert(index.min(items.len()), value.clone())
        }
        (Some(Value::Object(map)), NewEntry::Key(name, value)) => {
            map.insert(name.clone(), value.clone());
        }
        (Some(target), entry) => *target = container_of(entry.clone()),
        (None, _) => {}
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
