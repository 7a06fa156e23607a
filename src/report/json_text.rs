//! Serialises JSON for output.

use tenon_text::diag::is_unsafe;

use super::escape::opens_command;

/// `value` as indented JSON with a final newline, pure ASCII where a terminal would take a character for a command.
pub fn json_text(value: &impl serde::Serialize) -> String {
    // serde_json refuses only keys that are no strings, and the types here have none.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if (is_unsafe(c) && c != '\n') || (c == '[' && opens_command(&out, c)) {
            // These occur only inside strings, and are in the basic multilingual plane.
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
