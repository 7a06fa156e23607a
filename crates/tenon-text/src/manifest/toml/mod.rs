//! TOML: parsing with spans.
//!
//! `toml_edit` reads and says where everything stands; its printer is not used, because it changes line ends and moves
//! comments. In: text. Out: [`Node`]s. Dates and times are read as strings, as are `nan` and `inf`.

mod print;
mod splice;

use serde_json::Value;
use toml_edit::{Item, Key as TomlKey, Table, Value as TomlValue};

use super::node::{Body, Child, File, Key, Layout, Node};
use crate::diag::{Result, Span};
use crate::format::{line_indent, line_start};

/// TOML 1.1.
pub(super) struct Toml;

/// Parses the whole text.
fn parse(file: File<'_>) -> Result<Node> {
    let document = toml_edit::Document::parse(file.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        file.error(
            at,
            format!(
                "not valid TOML: {}",
                error.message().lines().next().unwrap_or_default()
            ),
        )
    })?;
    Ok(table(
        file,
        document.as_table(),
        Layout::Section(None),
        Span::new(0, file.text.len()),
    ))
}

fn span_of(range: Option<std::ops::Range<usize>>) -> Span {
    range.map_or(Span::at(0), Span::from)
}

fn table(file: File<'_>, table: &Table, layout: Layout, span: Span) -> Node {
    let children = table
        .iter()
        .filter_map(|(name, item)| child(file, table.key(name)?, item, table.is_dotted()));
    Node {
        span,
        body: Body::Object(children.collect(), layout),
    }
}

fn child(file: File<'_>, key: &TomlKey, item: &Item, dotted: bool) -> Option<Child> {
    let key_span = span_of(key.span());
    let node = match item {
        Item::None => return None,
        Item::Value(it) => value(it),
        Item::Table(it) => sub_table(file, it, key_span),
        Item::ArrayOfTables(it) => {
            let element = |it: &Table| {
                let node = sub_table(file, it, key_span);
                Child {
                    key: None,
                    span: node.span,
                    apart: true,
                    node,
                }
            };
            Node {
                span: span_of(it.span()),
                body: Body::Array(it.iter().map(element).collect(), Layout::Tables),
            }
        }
    };
    let apart = is_apart(&node);
    let start = if dotted {
        let line = line_start(file.text, key_span.start);
        line + line_indent(&file.text[line..]).len()
    } else {
        key_span.start
    };
    let span = if apart {
        node.span
    } else {
        Span::new(start, node.span.end)
    };
    Some(Child {
        key: Some(Key {
            name: key.get().to_owned(),
            span: key_span,
        }),
        span,
        apart,
        node,
    })
}

/// Whether a value stands under a header of its own.
fn is_apart(node: &Node) -> bool {
    match (node.layout(), node.children()) {
        (Some(Layout::Section(_) | Layout::Tables), _) => true,
        (Some(Layout::Implied), Some(children)) => children.iter().all(|child| child.apart),
        _ => false,
    }
}

/// A table with a header, or one that only dotted keys or the headers of its sub-tables speak of.
fn sub_table(file: File<'_>, it: &Table, key_span: Span) -> Node {
    if !it.is_dotted() && !it.is_implicit() {
        let header = span_of(it.span());
        let mut node = table(file, it, Layout::Section(Some(header)), header);
        node.span.end = node.span.end.max(own_end(&node).unwrap_or(0));
        return node;
    }
    let mut node = table(file, it, Layout::Implied, key_span);
    let ends = node
        .children()
        .unwrap_or_default()
        .iter()
        .map(|child| (child.span.start, child.span.end));
    let (start, end) = ends.fold((usize::MAX, 0), |all, span| {
        (all.0.min(span.0), all.1.max(span.1))
    });
    if start < end {
        node.span = Span::new(start, end);
    }
    node
}

/// Where the last entry ends that stands under the table's own header.
fn own_end(node: &Node) -> Option<usize> {
    node.children()?
        .iter()
        .filter(|child| !child.apart)
        .map(|child| last_leaf(child).span.end)
        .max()
}

/// Where the first entry begins that stands under the table's own header.
fn own_start(node: &Node) -> Option<usize> {
    node.children()?
        .iter()
        .filter(|child| !child.apart)
        .map(|child| child.span.start)
        .min()
}

/// The line that an entry ends with: itself, or the last one of a dotted table.
fn last_leaf(child: &Child) -> &Child {
    let lines = match (child.node.layout(), child.node.children()) {
        (Some(Layout::Implied), Some(children)) => children.iter().filter(|child| !child.apart),
        _ => return child,
    };
    lines
        .map(last_leaf)
        .max_by_key(|child| child.span.end)
        .unwrap_or(child)
}

fn value(it: &TomlValue) -> Node {
    let span = span_of(it.span());
    let number = |number: f64| match serde_json::Number::from_f64(number) {
        Some(number) => Value::Number(number),
        None => Value::String(number.to_string()),
    };
    match it {
        TomlValue::String(text) => Node::scalar(span, Value::String(text.value().clone())),
        TomlValue::Integer(integer) => Node::scalar(span, Value::from(*integer.value())),
        TomlValue::Float(float) => Node::scalar(span, number(*float.value())),
        TomlValue::Boolean(boolean) => Node::scalar(span, Value::Bool(*boolean.value())),
        TomlValue::Datetime(date) => Node::scalar(span, Value::String(date.value().to_string())),
        TomlValue::Array(array) => {
            let element = |it: &TomlValue| {
                let node = value(it);
                Child {
                    key: None,
                    span: node.span,
                    apart: false,
                    node,
                }
            };
            Node {
                span,
                body: Body::Array(array.iter().map(element).collect(), Layout::Brackets),
            }
        }
        TomlValue::InlineTable(inline) => {
            let layout = if inline.is_dotted() {
                Layout::Implied
            } else {
                Layout::Brackets
            };
            let member = |(name, it): (&str, &TomlValue)| {
                let key = inline.key(name)?;
                let node = value(it);
                let key = Key {
                    name: name.to_owned(),
                    span: span_of(key.span()),
                };
                let span = Span::new(key.span.start, node.span.end);
                Some(Child {
                    key: Some(key),
                    span,
                    apart: false,
                    node,
                })
            };
            let children: Vec<Child> = inline.iter().filter_map(member).collect();
            let ends = children
                .last()
                .map(|last| Span::new(children[0].span.start, last.span.end));
            Node {
                span: if inline.is_dotted() {
                    ends.unwrap_or(span)
                } else {
                    span
                },
                body: Body::Object(children, layout),
            }
        }
    }
}
