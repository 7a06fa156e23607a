//! What differs from syntax to syntax, and what it is asked about: a place in a parsed document.

use serde_json::Value;

use super::NewEntry;
use super::tree::{Child, File, Node};
use crate::diag::{Result, TextEdit};

/// What differs from syntax to syntax.
pub(super) trait Syntax {
    /// Parses the whole text.
    fn parse(&self, file: File<'_>) -> Result<Node>;

    /// What a comment to the end of the line begins with.
    fn comment(&self) -> &'static str {
        "#"
    }

    /// How a new entry is written at `spot`.
    fn style(&self, spot: &InsertionPoint<'_>) -> Style;

    /// A key; `in_flow` says whether it stands between brackets.
    fn key(&self, name: &str, in_flow: bool) -> String;

    /// A value that is no container.
    ///
    /// # Errors
    /// If the syntax has no way to say it.
    fn scalar(&self, value: &Value, quote: Quote, in_flow: bool) -> Result<String>;

    /// `entry` as lines of a block, the first without the blanks before it, the others indented by `indent`.
    fn lines(&self, spot: &InsertionPoint<'_>, entry: &NewEntry, indent: &str) -> Result<String>;

    /// The edit that creates the containers `missing` in the one at `spot`, with `entry` in the innermost, where that is
    /// more than an entry among others.
    fn insert_apart(
        &self,
        spot: &InsertionPoint<'_>,
        missing: &[String],
        entry: &NewEntry,
    ) -> Result<Option<TextEdit>>;

    /// What stands in a container without brackets that [`Syntax::insert_apart`] fills, if that is not nothing.
    fn hollow(&self, _spot: &InsertionPoint<'_>) -> Option<String> {
        None
    }

    /// The edit that removes the child `index` of the container that `place` ends in, where that is neither a line nor an entry between
    /// brackets. `hollow` is what stood in the container before its first entry.
    fn remove_apart(
        &self,
        _file: File<'_>,
        _place: &Place<'_>,
        _index: usize,
        _hollow: Option<&str>,
    ) -> Result<Option<TextEdit>> {
        Ok(None)
    }
}

/// Where a new entry goes: before child `index` of the container that `place` ends in.
pub(super) struct InsertionPoint<'a> {
    pub file: File<'a>,
    pub root: &'a Node,
    pub place: &'a Place<'a>,
    pub index: usize,
}

impl<'a> InsertionPoint<'a> {
    /// The container that gets the entry.
    pub fn container(&self) -> &'a Node {
        self.place.container()
    }

    /// The child next to the spot that `fits`: before it, else behind it.
    pub fn near(&self, fits: impl Fn(&Child) -> bool) -> Option<&'a Child> {
        let children = self.container().children();
        let (before, after) = children.split_at(self.index.min(children.len()));
        let fits = |child: &&Child| fits(child);
        before.iter().rev().find(fits).or_else(|| after.iter().find(fits))
    }

    /// The quotes of the string next to the spot.
    pub fn quote(&self) -> Quote {
        let sibling = self.near(|child| child.node.to_scalar().is_some_and(Value::is_string));
        let first = sibling.and_then(|child| self.file.text.as_bytes().get(child.node.span.start));
        match first {
            Some(b'\'') => Quote::Single,
            Some(b'"') => Quote::Double,
            _ => Quote::Plain,
        }
    }
}

/// The nodes from the root to a place.
pub(super) struct Place<'n> {
    pub nodes: Vec<&'n Node>,
    /// `nodes[k + 1]` is child `indices[k]` of `nodes[k]`.
    pub indices: Vec<usize>,
}

impl<'n> Place<'n> {
    /// The innermost node.
    pub fn container(&self) -> &'n Node {
        self.nodes[self.nodes.len() - 1]
    }

    /// The node round the innermost one.
    pub fn parent(&self) -> Option<&'n Node> {
        self.nodes.len().checked_sub(2).map(|at| self.nodes[at])
    }

    /// The names on the way to the innermost node; `number` shows elements.
    pub fn names(&self, number: impl Fn(usize) -> Option<String>) -> Vec<String> {
        let all = self.nodes.iter().zip(&self.indices);
        all.filter_map(|(node, at)| match &node.children()[*at].key {
            Some(key) => Some(key.name.clone()),
            None => number(*at),
        })
        .collect()
    }

    /// The steps of the pointer to the innermost node.
    pub fn steps(&self) -> Vec<String> {
        self.names(|at| Some(at.to_string()))
    }
}

/// How the file writes what is inserted.
pub(super) struct Style {
    pub eol: &'static str,
    /// One step of indentation.
    pub unit: String,
    /// Between a name and its value.
    pub colon: String,
    /// Behind a comma.
    pub gap: &'static str,
    /// Inside the braces of an object on one line.
    pub pad: &'static str,
    /// Whether an empty container at this place is opened over lines.
    pub own_line: bool,
    /// Whether what gets a line of its own has its entries on lines of their own.
    pub spread: bool,
    pub quote: Quote,
}

/// How strings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quote {
    /// Bare where that is safe, else in the usual quotes of the syntax.
    #[default]
    Plain,
    Single,
    Double,
}
