//! Printing YAML: blocks, and strings in the quotes that they need.

use serde_json::Value;

use super::print::Printer;
use super::syntax::InsertionPoint;
use super::tree::{Layout, Node};
use crate::diag::Result;
use crate::format::line_start;

/// How far blocks are moved in below their names.
pub(super) struct Steps {
    /// Mappings.
    pub below: usize,
    /// Sequences, which may be not at all.
    pub sequences: usize,
}

impl Steps {
    /// As in the first examples of the document; else by two blanks.
    pub fn of(spot: &InsertionPoint<'_>) -> Self {
        let (mut below, mut sequences) = (None, None);
        Self::find(spot.file.text, spot.root, &mut below, &mut sequences);
        let below = below.or(sequences.filter(|step| *step > 0)).unwrap_or(2);
        Self {
            below,
            sequences: sequences.map_or(below, |step| step.min(below)),
        }
    }

    fn find(text: &str, node: &Node, below: &mut Option<usize>, sequences: &mut Option<usize>) {
        for child in node.children() {
            if below.is_some() && sequences.is_some() {
                return;
            }
            if let (Some(key), Some(Layout::Block { .. })) = (&child.key, child.node.layout()) {
                let (name, value) = (column(text, key.span.start), column(text, child.node.span.start));
                let step = value.saturating_sub(name);
                let found = if child.node.is_object() {
                    &mut *below
                } else {
                    &mut *sequences
                };
                found.get_or_insert(step);
            }
            Self::find(text, &child.node, below, sequences);
        }
    }
}

/// How many characters stand before `at` on its line.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// Prints values over lines.
pub(super) struct Blocks<'a> {
    pub printer: Printer<'a>,
    /// The blanks that a sequence is moved in by below its name.
    pub sequences: String,
}

impl Blocks<'_> {
    /// `name: value`, for a mapping that is indented by `indent`.
    pub fn member(&self, name: &str, value: &Value, indent: &str) -> Result<String> {
        let step = match value {
            Value::Array(_) => &self.sequences,
            _ => &self.printer.style.unit,
        };
        let inner = format!("{indent}{step}");
        let line = format!("{}{inner}", self.printer.style.eol);
        let value = match self.parts(value, &inner)? {
            Ok(parts) => parts.iter().map(|part| format!("{line}{part}")).collect(),
            Err(scalar) => format!(" {scalar}"),
        };
        Ok(format!("{}:{value}", self.printer.syntax.key(name, false)))
    }

    /// `- value`, for a sequence that is indented by `indent`.
    pub fn item(&self, value: &Value, indent: &str) -> Result<String> {
        let inner = format!("{indent}  ");
        let line = format!("{}{inner}", self.printer.style.eol);
        let value = self.parts(value, &inner)?;
        Ok(format!(
            "- {}",
            value.map_or_else(|scalar| scalar, |parts| parts.join(&line))
        ))
    }

    /// The lines of a container, or what stands on the line of its name.
    fn parts(&self, value: &Value, indent: &str) -> Result<std::result::Result<Vec<String>, String>> {
        Ok(match value {
            Value::Object(map) if !map.is_empty() => {
                let parts = map.iter().map(|(name, value)| self.member(name, value, indent));
                Ok(parts.collect::<Result<_>>()?)
            }
            Value::Array(items) if !items.is_empty() => {
                let parts = items.iter().map(|item| self.item(item, indent));
                Ok(parts.collect::<Result<_>>()?)
            }
            Value::Array(_) => Err("[]".to_owned()),
            Value::Object(_) => Err("{}".to_owned()),
            scalar => Err(self
                .printer
                .syntax
                .scalar(scalar, self.printer.style.quote, false)?),
        })
    }
}
