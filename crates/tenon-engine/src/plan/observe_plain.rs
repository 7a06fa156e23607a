//! Answers that are read back without a grammar: from manifests, and from what a text contains.

use serde_json::Value;

use super::super::scope::{Scope, Turn};
use tenon_pack::Observe;
use tenon_text::diag::Result;
use tenon_text::manifest::{self, ManifestFormat};

/// What a manifest says at the pointer, or whether a text contains what is looked for.
pub(super) fn answers(
    observe: &Observe,
    (path, text): (&str, &str),
    scope: &mut Scope<'_>,
    turn: &Turn,
) -> Result<Vec<String>> {
    if let Some(needed) = &observe.containing {
        let is_there = text.contains(&scope.text(needed, turn)?);
        return Ok(if is_there { vec![String::new()] } else { vec![] });
    }
    let pointer = scope.text(observe.pointer.as_deref().unwrap_or_default(), turn)?;
    // A file that cannot be read is reported by itself.
    let value = ManifestFormat::of_path(path)
        .and_then(|format| manifest::read(text, format, path).ok())
        .and_then(|whole| whole.pointer(&pointer).cloned());
    Ok(match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::Object(table)) => table.keys().cloned().collect(),
        Some(value @ (Value::Bool(true) | Value::Number(_))) => vec![value.to_string()],
        Some(Value::Bool(false) | Value::Null) | None => vec![],
    })
}
