//! Manifests (JSON, TOML, YAML, XML): reading them, and inserting or removing one entry as text edits.
//!
//! Knows the four syntaxes and how people lay them out. Knows no framework, opens no file and never prints a document
//! anew: a parser gives byte spans, new text is spliced between them, and the result is parsed again before it is
//! handed out, so an edit either does exactly what was asked or is an error. Places are named by JSON pointers
//! (`/project/entry-points/shop.ext`, `~1` for `/`, `~0` for `~`; array elements by number).
//!
//! In: the text, its format and its path (for messages only). Out: values, spans and [`TextEdit`]s, all counted in
//! bytes of the text as given, byte-order mark included.

mod edit;
mod flow;
mod json;
mod lines;
mod order;
mod parsed;
mod print;
mod syntax;
#[cfg(test)]
mod tests;
mod toml;
mod tree;
mod values;
mod xml;
mod yaml;
mod yaml_print;

pub use parsed::{Parsed, Piece, PieceKind};
pub use xml::{closes_itself, hollow_of, twins};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diag::{Result, Span, TextEdit};
use crate::names::extension;

/// The syntax of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ManifestFormat {
    /// JSON; comments and trailing commas are read and kept.
    Json,
    /// TOML 1.1.
    Toml,
    /// YAML 1.2, one document, core schema.
    Yaml,
    /// XML 1.0 without entities of its own: elements as members, those of a list as elements of an array.
    Xml,
}

impl ManifestFormat {
    /// The format for a file name, by its extension.
    pub fn of_path(path: &str) -> Option<Self> {
        Some(match extension(path)? {
            "json" | "jsonc" => Self::Json,
            "toml" => Self::Toml,
            "yaml" | "yml" => Self::Yaml,
            "xml" => Self::Xml,
            _ => return None,
        })
    }
}

/// One element of an array or one member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The member's name; `None` in an array.
    pub key: Option<String>,
    /// What it says.
    pub value: Value,
    /// Key and value, without separators and comments. Of a TOML table: its own header and lines.
    pub span: Span,
    /// The key as written, quotes included; `None` in an array.
    pub key_span: Option<Span>,
    /// The value as written.
    pub value_span: Span,
}

/// What to insert.
#[derive(Clone, Debug, PartialEq)]
pub enum NewEntry {
    /// An element, into an array.
    Item(Value),
    /// A member, into an object.
    Key(String, Value),
}

/// Where a new entry goes among those that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Its sorted place if the entries are sorted (by bytes, or without regard to case), else the end.
    #[default]
    Auto,
    /// The end.
    Append,
}

/// Which entry to remove.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// The last element equal to this.
    Item(Value),
    /// The member of that name, whatever its value.
    Key(String),
}

/// What an insertion made besides the entry. Keep it with the entry: [`remove`] needs it to restore every byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Pointers of the containers that were not there before, innermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub created: Vec<String>,
    /// What stood between the brackets of the container that had been empty, if it was not nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hollow: Option<String>,
}

/// The result of [`insert`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inserted {
    /// What to change; empty if the entry was already there.
    pub edits: Vec<TextEdit>,
    /// What [`remove`] will want to know.
    pub trace: Trace,
}

/// The document in `text`, asked by `ask`; every error says what to do about it.
fn parsed<T>(
    text: &str,
    format: ManifestFormat,
    path: &str,
    ask: impl FnOnce(edit::Document<'_>) -> Result<T>,
) -> Result<T> {
    let result = edit::Document::parse(text, format, path).and_then(ask);
    result.map_err(|error| match error.helps() {
        [] => error.help("fix it there, then run the command again"),
        _ => error,
    })
}

/// `text` as a string of the format, to stand in place of the string `written`; nothing if the format cannot say it there.
pub fn string_like(text: &str, format: ManifestFormat, written: &str) -> Option<String> {
    match format {
        ManifestFormat::Xml => xml::string_like(text, written),
        _ => Some(Value::from(text).to_string()),
    }
}

/// The whole document, members in their order; of duplicate keys the last one wins.
///
/// # Errors
/// If the text is not valid, with the position.
pub fn read(text: &str, format: ManifestFormat, path: &str) -> Result<Value> {
    parsed(text, format, path, |document| Ok(document.root.to_value()))
}

/// The entries of the array or object at `pointer`; `None` if there is nothing (or an empty YAML value).
///
/// # Errors
/// If the text is not valid, or if neither an array nor an object stands there.
pub fn entries(text: &str, format: ManifestFormat, path: &str, pointer: &str) -> Result<Option<Vec<Entry>>> {
    parsed(text, format, path, |document| document.entries(pointer))
}

/// Inserts `entry` into the array or object at `pointer`; containers that are missing on the way are created at the
/// end of the deepest one that is there. Nothing happens if an equal entry is there.
///
/// # Errors
/// If the text is not valid, if the key is there with another value, if something on the way is of another type or is
/// there twice, or if the entry cannot be written in this place without changing something else.
pub fn insert(
    text: &str,
    format: ManifestFormat,
    path: &str,
    pointer: &str,
    entry: &NewEntry,
    order: &Order,
) -> Result<Inserted> {
    parsed(text, format, path, |document| {
        document.insert(pointer, entry, order)
    })
}

/// Removes an entry of the array or object at `pointer`; with the [`Trace`] of its insertion, the exact inverse of
/// [`insert`]. `Trace::default()` leaves a container that becomes empty where it is. Nothing happens if there is no such
/// entry.
///
/// # Errors
/// If the text is not valid, if something on the way is of another type or is there twice, or if the entry cannot be
/// removed without changing something else.
pub fn remove(
    text: &str,
    format: ManifestFormat,
    path: &str,
    pointer: &str,
    selector: &Selector,
    trace: &Trace,
) -> Result<Vec<TextEdit>> {
    parsed(text, format, path, |document| {
        document.remove(pointer, selector, trace)
    })
}
