//! Printing new values between brackets, in the style of the file.
//!
//! Knows commas and brackets; how a key or a scalar is written is up to the [`Syntax`].

use serde_json::Value;

use super::NewEntry;
use super::syntax::{Style, Syntax};
use super::tree::Child;
use crate::diag::Result;

/// What stands between the name and the value of `member`, if it is `mark` and blanks.
pub(super) fn colon_of<'t>(text: &'t str, member: &Child, mark: char) -> Option<&'t str> {
    let between = text.get(member.key.as_ref()?.span.end..member.node.span.start)?;
    (between.trim_matches([' ', '\t']) == mark.to_string()).then_some(between)
}

/// `text` in double quotes, with escapes that all three syntaxes have.
pub(super) fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        match c {
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// Prints values for one place.
pub(super) struct Printer<'a> {
    pub syntax: &'a dyn Syntax,
    pub style: &'a Style,
}

impl Printer<'_> {
    /// Prints `entry`; over several lines if the line it begins on is indented by `indent` and the style is so.
    ///
    /// # Errors
    /// If the syntax has no way to say it.
    pub fn entry(&self, entry: &NewEntry, indent: Option<&str>) -> Result<String> {
        let mut out = String::new();
        let indent = indent.filter(|_| self.style.spread);
        match entry {
            NewEntry::Item(value) => self.value(value, indent, &mut out)?,
            NewEntry::Key(name, value) => self.member(name, value, indent, &mut out)?,
        }
        Ok(out)
    }

    fn member(&self, name: &str, value: &Value, indent: Option<&str>, out: &mut String) -> Result<()> {
        out.push_str(&self.syntax.key(name, true));
        out.push_str(&self.style.colon);
        self.value(value, indent, out)
    }

    fn value(&self, value: &Value, indent: Option<&str>, out: &mut String) -> Result<()> {
        let (open, close, pad) = match value {
            Value::Array(_) => ('[', ']', ""),
            Value::Object(_) => ('{', '}', self.style.pad),
            scalar => {
                out.push_str(&self.syntax.scalar(scalar, self.style.quote, true)?);
                return Ok(());
            }
        };
        let entries: Vec<(Option<&String>, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(name, value)| (Some(name), value)).collect(),
            other => other
                .as_array()
                .into_iter()
                .flatten()
                .map(|item| (None, item))
                .collect(),
        };
        let inner = indent.map(|indent| format!("{indent}{}", self.style.unit));
        let line = |indent: Option<&str>, pad: &str| match indent {
            Some(indent) => format!("{}{indent}", self.style.eol),
            None => pad.to_owned(),
        };
        out.push(open);
        for (at, (name, value)) in entries.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            out.push_str(&line(
                inner.as_deref(),
                if at == 0 { pad } else { self.style.gap },
            ));
            match name {
                Some(name) => self.member(name, value, inner.as_deref(), out)?,
                None => self.value(value, inner.as_deref(), out)?,
            }
        }
        if !entries.is_empty() {
            out.push_str(&line(indent, pad));
        }
        out.push(close);
        Ok(())
    }
}
