//! Lists in source code: statements in a block or a file, items between brackets.
//!
//! Finds the list and its entries by structural rules, and inserts an entry as text, the way the
//! neighbours are written: their indentation, their commas, their order, their line ends. Bytes outside the
//! insertion stay.

use super::rule::Rule;
use super::tree::{Grammar, Node, Tree};
use crate::diag::{LineCol, Span, line_col};

pub use super::list_insert::{Look, check_edit, insert};

/// Where a list stands and what its entries look like.
pub struct ListRule {
    /// Matches the node that holds the entries: the first rule that matches anything counts. The whole file when empty.
    pub containers: Vec<Rule>,
    /// The variable of `container` that is the list itself; the matched node when absent.
    pub target: Option<String>,
    /// Matches an entry: a direct child of the list.
    pub entry: Rule,
    /// Searched inside an entry; `var` is one of its variables. The entry's own variables when absent.
    pub name_in: Option<Rule>,
    /// The variable that names an entry.
    pub var: String,
    /// The language, if names are followed through the imports of the file.
    pub follow: Option<Grammar>,
    /// Whether each match of `name_in` in an entry is a name of its own.
    pub several: bool,
    /// Whether a new entry goes last, whatever the order of the others.
    pub last: bool,
    /// Where the first entry goes: after the last match of this.
    pub after: Option<Rule>,
    /// Where the first entry goes: before the first match of this.
    pub before: Option<Rule>,
    /// The entry goes behind all items that match this.
    pub follows: Option<Rule>,
    /// The entry goes before all items that match this.
    pub precedes: Option<Rule>,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What names it, without quotes.
    pub name: String,
    /// The entry, without separators.
    pub span: Span,
    /// The name.
    pub name_span: Span,
}

/// A list that was found.
pub struct List<'t> {
    pub(super) node: Node<'t>,
    pub(super) brackets: bool,
    pub(super) entries: Vec<Entry>,
    pub(super) nodes: Vec<Node<'t>>,
    /// The last child that looks like an entry, whether it has a name or not.
    pub(super) last: Option<Span>,
    pub(super) follows: Vec<Span>,
    pub(super) precedes: Vec<Span>,
    pub(super) elsewhere: Vec<Entry>,
}

/// Why a list could not be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Nothing matches.
    Nowhere,
    /// More than one place matches.
    Ambiguous(Vec<LineCol>),
}

impl ListRule {
    /// Finds the list in `tree`.
    pub fn find<'t>(&self, tree: &'t Tree) -> std::result::Result<List<'t>, NotFound> {
        let tries = 0..self.containers.len().max(1);
        let mut tries = tries.map(|at| self.find_by(tree, at));
        let found = tries.find(|found| !matches!(found, Err(NotFound::Nowhere)));
        found.unwrap_or(Err(NotFound::Nowhere))
    }

    /// Finds the list in `tree` by the container rule at `at` alone.
    pub fn find_by<'t>(&self, tree: &'t Tree, at: usize) -> std::result::Result<List<'t>, NotFound> {
        let root = tree.root();
        let node = match self.containers.get(at) {
            None => root,
            Some(rule) => {
                let mut nodes: Vec<Node<'t>> = Vec::new();
                for found in rule.find_all(&root) {
                    let node = match &self.target {
                        None => Some(found.node()),
                        Some(var) => found.var(var),
                    };
                    if let Some(node) = node
                        && !nodes.iter().any(|n| n.range() == node.range())
                    {
                        nodes.push(node);
                    }
                }
                if nodes.len() > 1 {
                    let text = tree.source();
                    let places = nodes.iter().map(|n| line_col(text, n.range().start)).collect();
                    return Err(NotFound::Ambiguous(places));
                }
                nodes.pop().ok_or(NotFound::Nowhere)?
            }
        };
        let node = if self.containers.is_empty() {
            node
        } else {
            self.piece(node)
        };
        let statements = node.kind() == "statement_list";
        let block = statements
            || matches!(
                &*node.kind(),
                "statement_block" | "block" | "class_body" | "declaration_list"
            );
        let brackets = !block
            && node
                .children()
                .next()
                .is_some_and(|first| matches!(&*first.text(), "{" | "[" | "("));
        if !self.containers.is_empty() && !block && !brackets {
            // What should be a list is computed: a call, a name.
            return Err(NotFound::Nowhere);
        }
        let (entries, nodes) = node
            .children()
            .flat_map(|child| {
                let entries = self.entries_of(&child, tree.source()).into_iter();
                entries.map(move |entry| (entry, child.clone()))
            })
            .unzip();
        let alike = node
            .children()
            .filter(|child| self.last && self.entry.matched(child).is_some());
        let last = alike.last().map(|child| child.range().into());
        let behind = |rule: &Option<Rule>| -> Vec<Span> {
            let Some(rule) = rule else { return vec![] };
            let children = node.children().filter(|child| rule.matched(child).is_some());
            children.map(|child| child.range().into()).collect()
        };
        Ok(List {
            follows: behind(&self.follows),
            precedes: behind(&self.precedes),
            elsewhere: self.elsewhere(&node, tree.source()),
            node,
            brackets,
            entries,
            nodes,
            last,
        })
    }

    /// Of a list that is put together from several, the one that has entries, or else the first; the list itself
    /// otherwise.
    fn piece<'t>(&self, node: Node<'t>) -> Node<'t> {
        let pieces = super::python::pieces::of(&node);
        let has_entries = |piece: &&Node<'t>| {
            let wanted = [&self.follows, &self.precedes].into_iter().flatten();
            let mut anchors = wanted.clone();
            let children: Vec<Node<'t>> = piece.children().collect();
            anchors.any(|rule| children.iter().any(|child| rule.matched(child).is_some()))
        };
        let first = pieces
            .iter()
            .find(has_entries)
            .or_else(|| pieces.first())
            .cloned();
        first.unwrap_or(node)
    }

    /// The entries of the other pieces of a list of which `node` is one.
    fn elsewhere(&self, node: &Node<'_>, source: &str) -> Vec<Entry> {
        let mut out = Vec::new();
        for piece in super::python::pieces::beside(node) {
            out.extend(piece.children().flat_map(|child| self.entries_of(&child, source)));
        }
        out
    }

    /// Where the first entry stands that is a statement of the text itself, wherever in a file it may belong.
    pub fn first_entry(&self, tree: &Tree) -> Option<usize> {
        let root = tree.root();
        let mut statements = root.children();
        statements.find_map(|child| {
            let entries = self.entries_of(&child, tree.source());
            entries.first().map(|entry| entry.span.start)
        })
    }

    fn entries_of(&self, child: &Node<'_>, source: &str) -> Vec<Entry> {
        let Some(found) = self.entry.matched(child) else {
            return vec![];
        };
        let names: Vec<Node<'_>> = match &self.name_in {
            None => found.var(&self.var).into_iter().collect(),
            Some(rule) if self.several => rule
                .find_all(child)
                .iter()
                .filter_map(|it| it.var(&self.var))
                .collect(),
            Some(rule) => rule
                .find(child)
                .and_then(|it| it.var(&self.var))
                .into_iter()
                .collect(),
        };
        let entry = |name: Node<'_>| {
            let text = name.text();
            let bare = text.trim_matches(|c| matches!(c, '\'' | '"' | '`'));
            Entry {
                name: match self.follow {
                    Some(grammar) => super::code::public_name(grammar, source, bare),
                    None => bare.to_owned(),
                },
                span: with_attributes(child),
                name_span: name.range().into(),
            }
        };
        names.into_iter().map(entry).collect()
    }
}

/// A node with the attributes that stand before it as nodes of their own.
fn with_attributes(node: &Node<'_>) -> Span {
    let mut span = Span::from(node.range());
    let mut previous = node.prev();
    while let Some(attribute) = previous.filter(|node| node.kind() == "attribute_item") {
        span.start = attribute.range().start;
        previous = attribute.prev();
    }
    span
}

impl<'t> List<'t> {
    /// The entries, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries of other pieces of the same list, where a list is put together from several.
    pub fn elsewhere(&self) -> &[Entry] {
        &self.elsewhere
    }

    /// The items behind which an entry goes, and those before which it goes.
    pub fn anchors(&self) -> (&[Span], &[Span]) {
        (&self.follows, &self.precedes)
    }

    /// The nodes of the entries, in the order of the file.
    pub fn nodes(&self) -> &[Node<'t>] {
        &self.nodes
    }

    /// Whether it stands between brackets, its entries separated by commas.
    pub fn brackets(&self) -> bool {
        self.brackets
    }

    /// Everything that is listed, entries or not.
    pub fn items(&self) -> Vec<Span> {
        self.node
            .children()
            .filter(|child| child.is_named() && !child.kind().contains("comment"))
            .map(|child| child.range().into())
            .collect()
    }

    /// The list itself; the whole file if it is no node of its own.
    pub fn span(&self) -> Span {
        self.node.range().into()
    }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
