//! Printing TOML values, keys and headers on one line.

use serde_json::Value;

use crate::diag::{Error, Result};

/// `value` on one line; strings in single quotes if `literal` and they allow it.
pub(super) fn print(value: &Value, literal: bool) -> Result<String> {
    let mut out = String::new();
    print_into(value, literal, &mut out)?;
    Ok(out)
}

fn print_into(value: &Value, literal: bool, out: &mut String) -> Result<()> {
    match value {
        Value::Null => return Err(Error::new("TOML has no way to say `null`")),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::String(text) => out.push_str(&string(text, literal)),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                print_into(item, literal, out)?;
            }
            out.push(']');
        }
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Object(map) => {
            for (at, (name, value)) in map.iter().enumerate() {
                out.push_str(if at == 0 { "{ " } else { ", " });
                out.push_str(&key(name));
                out.push_str(" = ");
                print_into(value, literal, out)?;
            }
            out.push_str(" }");
        }
    }
    Ok(())
}

/// A key, bare if it can be.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        string(name, false)
    }
}

/// The keys of `names`, dotted.
pub(super) fn path(names: &[String]) -> String {
    names.iter().map(|name| key(name)).collect::<Vec<_>>().join(".")
}

fn string(text: &str, literal: bool) -> String {
    if literal && !text.contains(|c: char| c == '\'' || c.is_control()) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
