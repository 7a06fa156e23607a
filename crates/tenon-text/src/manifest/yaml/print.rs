//! Printing YAML values: scalars in the quotes of their siblings, collections in blocks or between brackets.

use serde_json::Value;

use super::resolve;

/// How strings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quote {
    /// Bare where that is safe, else in single quotes.
    #[default]
    Plain,
    Single,
    Double,
}

impl Quote {
    /// The quotes of a scalar as written.
    pub fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            _ => Self::Plain,
        }
    }
}

/// How blocks are written.
pub(super) struct Blocks<'a> {
    pub eol: &'a str,
    /// Blanks in one step of indentation.
    pub step: usize,
    /// Whether a sequence is indented below its name.
    pub indented: bool,
    pub quote: Quote,
}

impl Blocks<'_> {
    /// `name: value`, for a mapping in `column`.
    pub fn member(&self, name: &str, value: &Value, column: usize) -> String {
        let mut out = string(name, Quote::Plain, false);
        out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                let column = column + self.step;
                for (name, value) in map {
                    self.line(column, &mut out);
                    out.push_str(&self.member(name, value, column));
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let column = if self.indented { column + self.step } else { column };
                for item in items {
                    self.line(column, &mut out);
                    out.push_str(&self.item(item, column));
                }
            }
            value => {
                out.push(' ');
                out.push_str(&flow(value, self.quote, false));
            }
        }
        out
    }

    /// `- value`, for a sequence in `column`.
    pub fn item(&self, value: &Value, column: usize) -> String {
        let inner = column + 2;
        let parts: Vec<String> = match value {
            Value::Object(map) if !map.is_empty() => map
                .iter()
                .map(|(name, value)| self.member(name, value, inner))
                .collect(),
            Value::Array(items) if !items.is_empty() => {
                items.iter().map(|item| self.item(item, inner)).collect()
            }
            value => vec![flow(value, self.quote, false)],
        };
        let mut out = "- ".to_owned();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.line(inner, &mut out);
            }
            out.push_str(part);
        }
        out
    }

    fn line(&self, column: usize, out: &mut String) {
        out.push_str(self.eol);
        out.extend(std::iter::repeat_n(' ', column));
    }
}

/// A value on one line.
pub(super) fn flow(value: &Value, quote: Quote, in_flow: bool) -> String {
    match value {
        Value::String(text) => string(text, quote, in_flow),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, quote, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let members: Vec<String> = map
                .iter()
                .map(|(name, value)| flow_member(name, value, quote))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// `name: value` between brackets.
pub(super) fn flow_member(name: &str, value: &Value, quote: Quote) -> String {
    format!(
        "{}: {}",
        string(name, Quote::Plain, true),
        flow(value, quote, true)
    )
}

fn string(text: &str, quote: Quote, in_flow: bool) -> String {
    let special = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.contains(special) || quote == Quote::Double {
        return double(text);
    }
    if quote == Quote::Plain && is_plain(text, in_flow) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether `text` may stand without quotes, for YAML 1.1 readers too.
fn is_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", ".inf", ".nan"];
    let first_is_safe = text
        .chars()
        .next()
        .is_some_and(|c| !c.is_whitespace() && !"-?:,[]{}#&*!|>'\"%@`=<".contains(c));
    let number_like = text
        .trim_start_matches(['+', '.'])
        .starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "+-_.:oxT Z".contains(c));
    let needs_quotes = text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || (in_flow && text.contains([',', '[', ']', '{', '}', ':']))
        || number_like
        || WORDS.contains(&text.to_ascii_lowercase().as_str());
    first_is_safe && !needs_quotes && resolve::plain(text, None).is_string()
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
