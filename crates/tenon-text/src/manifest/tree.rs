//! The tree that all three syntaxes are read into: values with byte spans.
//!
//! Knows no syntax; the parsers build it, [`super::edit`] walks it.

use serde_json::{Map, Value};

use super::Entry;
use crate::diag::{Error, Result, Span, line_col};

/// Deeper documents are refused, so that no recursion can exhaust the stack.
pub(super) const MAX_DEPTH: usize = 200;

/// Longer texts are refused: no person wrote them, and a tree is many times as large as its text.
pub(super) const MAX_LENGTH: usize = 1 << 20;

/// The text that spans point into, and its name for messages.
#[derive(Clone, Copy)]
pub(super) struct File<'t> {
    /// Without the byte-order mark.
    pub text: &'t str,
    pub path: &'t str,
}

impl File<'_> {
    /// An error at byte `offset`.
    pub fn error(&self, offset: usize, message: impl Into<String>) -> Error {
        Error::new(message).at(self.path, line_col(self.text, offset))
    }

    /// The error for what is nested too deep.
    pub fn too_deep(&self, offset: usize) -> Error {
        self.error(
            offset,
            format!("the file is nested more than {MAX_DEPTH} levels deep"),
        )
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub span: Span,
    pub body: Body,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Scalar(Value),
    Array(Vec<Child>, Layout),
    Object(Vec<Child>, Layout),
}

/// How a container is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Between brackets, entries parted by commas.
    Flow,
    /// One entry below the other. What stands above the first one, a key or a header, ends at `head`.
    Block { head: Option<usize> },
    /// Without brackets or a header of its own: a table that TOML's dotted keys or the headers of its sub-tables
    /// make, or YAML's `[name: value]`.
    Loose,
    /// TOML's `[[…]]`.
    Tables,
}

/// An entry of a container.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub key: Option<Key>,
    pub span: Span,
    /// Whether it stands under a TOML header of its own.
    pub apart: bool,
    pub node: Node,
}

/// A member's name and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub name: String,
    pub span: Span,
}

impl Node {
    /// A node that is no container.
    pub fn scalar(span: Span, value: Value) -> Self {
        Self {
            span,
            body: Body::Scalar(value),
        }
    }

    /// What the node says, spans forgotten; of names that are there twice the last one wins.
    pub fn to_value(&self) -> Value {
        match &self.body {
            Body::Scalar(value) => value.clone(),
            Body::Array(children, _) => children.iter().map(|child| child.node.to_value()).collect(),
            Body::Object(children, _) => {
                let members = children
                    .iter()
                    .map(|child| (child.name().to_owned(), child.node.to_value()));
                Value::Object(Map::from_iter(members))
            }
        }
    }

    /// The value of a scalar.
    pub fn to_scalar(&self) -> Option<&Value> {
        match &self.body {
            Body::Scalar(value) => Some(value),
            _ => None,
        }
    }

    /// The entries of a container; none of a scalar.
    pub fn children(&self) -> &[Child] {
        match &self.body {
            Body::Scalar(_) => &[],
            Body::Array(children, _) | Body::Object(children, _) => children,
        }
    }

    /// How a container is written.
    pub fn layout(&self) -> Option<Layout> {
        match &self.body {
            Body::Scalar(_) => None,
            Body::Array(_, layout) | Body::Object(_, layout) => Some(*layout),
        }
    }

    /// Whether it has members.
    pub fn is_object(&self) -> bool {
        matches!(self.body, Body::Object(..))
    }

    /// Whether nothing stands where a container may: YAML's `key:`, an empty YAML file.
    pub fn is_vacant(&self) -> bool {
        matches!(self.body, Body::Scalar(Value::Null)) && self.span.start == self.span.end
    }

    /// Which child one step of a pointer leads to: the last one of that name, or the element of that number.
    pub fn step(&self, step: &str) -> Option<usize> {
        match &self.body {
            Body::Scalar(_) => None,
            Body::Array(children, _) => step.parse().ok().filter(|at| *at < children.len()),
            Body::Object(children, _) => children.iter().rposition(|child| child.name() == step),
        }
    }

    /// "an array", "a string" …, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.body {
            Body::Array(..) => "an array",
            Body::Object(..) => "an object",
            Body::Scalar(Value::String(_)) => "a string",
            Body::Scalar(Value::Bool(_)) => "a boolean",
            Body::Scalar(Value::Null) => "empty",
            Body::Scalar(Value::Number(_)) => "a number",
            Body::Scalar(_) => "an alias",
        }
    }
}

impl Child {
    /// An element.
    pub fn item(span: Span, node: Node) -> Self {
        Self {
            key: None,
            span,
            apart: false,
            node,
        }
    }

    /// A member: its name, and its value behind it.
    pub fn member(name: impl Into<String>, span: Span, node: Node) -> Self {
        Self {
            key: Some(Key {
                name: name.into(),
                span,
            }),
            span: Span::new(span.start, node.span.end),
            apart: false,
            node,
        }
    }

    /// The member's name; nothing for an element.
    pub fn name(&self) -> &str {
        self.key.as_ref().map_or("", |key| &key.name)
    }

    /// The entry as callers see it, `offset` bytes further on.
    pub fn to_entry(&self, offset: usize) -> Entry {
        let shifted = |span: Span| Span::new(span.start + offset, span.end + offset);
        Entry {
            key: self.key.as_ref().map(|key| key.name.clone()),
            value: self.node.to_value(),
            span: shifted(self.span),
            key_span: self.key.as_ref().map(|key| shifted(key.span)),
            value_span: shifted(self.node.span),
        }
    }
}

/// Splits a JSON pointer into its steps, escapes undone.
///
/// # Errors
/// If it does not begin with a slash.
pub(super) fn steps(pointer: &str) -> Result<Vec<String>> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = pointer.strip_prefix('/') else {
        return Err(
            Error::new(format!("the pointer `{pointer}` does not begin with `/`"))
                .help("write `/name/name`, or nothing for the whole document"),
        );
    };
    let unescaped = |step: &str| step.replace("~1", "/").replace("~0", "~");
    Ok(rest.split('/').map(unescaped).collect())
}

/// The JSON pointer of `steps`.
pub(super) fn pointer_of(steps: &[String]) -> String {
    let escaped = |step: &String| format!("/{}", step.replace('~', "~0").replace('/', "~1"));
    steps.iter().map(escaped).collect()
}
