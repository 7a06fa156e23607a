//! The tree that all three syntaxes are read into: values with byte spans.
//!
//! Knows no syntax; the parsers build it, [`super::ops`] walks it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::diag::{Error, Result, Span, line_col};

/// Deeper documents are refused, so that no recursion can exhaust the stack.
pub(super) const MAX_DEPTH: usize = 200;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Between brackets, entries parted by commas.
    Brackets,
    /// YAML: one entry below the other, all beginning in the same column.
    Block,
    /// TOML: the document itself, or a table with a header, which stands there.
    Section(Option<Span>),
    /// TOML: a table that only dotted keys or the headers of its sub-tables speak of.
    Implied,
    /// TOML: `[[…]]`, each element a section.
    Tables,
}

/// An entry of a container.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub key: Option<Key>,
    pub span: Span,
    /// TOML: whether it stands under a header of its own.
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

    /// What the node says, spans forgotten.
    pub fn to_value(&self) -> Value {
        match &self.body {
            Body::Scalar(value) => value.clone(),
            Body::Array(children, _) => children.iter().map(|child| child.node.to_value()).collect(),
            Body::Object(children, _) => {
                let mut map = Map::new();
                for child in children {
                    map.insert(child.name().to_owned(), child.node.to_value());
                }
                Value::Object(map)
            }
        }
    }

    /// The entries of a container.
    pub fn children(&self) -> Option<&[Child]> {
        match &self.body {
            Body::Scalar(_) => None,
            Body::Array(children, _) | Body::Object(children, _) => Some(children),
        }
    }

    /// How a container is written.
    pub fn layout(&self) -> Option<&Layout> {
        match &self.body {
            Body::Scalar(_) => None,
            Body::Array(_, layout) | Body::Object(_, layout) => Some(layout),
        }
    }

    /// Whether nothing stands here: YAML's empty value is read as null.
    pub fn is_null(&self) -> bool {
        matches!(self.body, Body::Scalar(Value::Null))
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
    /// The member's name; nothing for an element.
    pub fn name(&self) -> &str {
        self.key.as_ref().map_or("", |key| &key.name)
    }
}

/// Splits a JSON pointer into its steps, escapes undone.
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
    Ok(rest.split('/').map(|step| unescaped(step).into_owned()).collect())
}

/// A step of a pointer, escapes undone.
pub(super) fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') {
        Cow::Owned(step.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(step)
    }
}

/// The JSON pointer of `steps`.
pub(super) fn pointer_of(steps: &[String]) -> String {
    steps.iter().fold(String::new(), |mut out, step| {
        out.push('/');
        out.push_str(&step.replace('~', "~0").replace('/', "~1"));
        out
    })
}
