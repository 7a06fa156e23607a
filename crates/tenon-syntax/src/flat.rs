//! Syntax trees as flat lists of nodes, in the order in which they begin.
//!
//! Any parser can fill one: each node has the kind and the field that the language's tree-sitter grammar gives it. Rules and readers
//! walk these lists, where a step is an addition, and never see which parser it was.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ast_grep_core::Position;
use ast_grep_core::source::{Doc, Edit, SgNode};
use ast_grep_core::tree_sitter::{LanguageExt, TSLanguage};
use tree_sitter::TreeCursor;

use super::tree::Grammar;

/// A source file and its nodes.
#[derive(Clone)]
pub struct Parsed(Arc<Inner>);

struct Inner {
    grammar: Grammar,
    source: String,
    nodes: Vec<Entry>,
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of its kind in the grammar.
    pub kind: u16,
    /// The number of its field in its parent; 0 if it stands in none.
    pub field: u16,
    /// What else is true of it.
    pub marks: u8,
    /// Where it begins in the source, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The entry of its parent; its own for the root.
    pub parent: u32,
    /// The first entry that is not below it.
    pub after: u32,
}

impl Entry {
    /// It stands where the grammar allows it anywhere: a comment.
    pub const EXTRA: u8 = 1;
    /// The parser made it up to go on.
    pub const MISSING: u8 = 2;
    /// It is an error, or has one below it.
    pub const BROKEN: u8 = 4;
}

/// Names and numbers of one grammar.
struct Names {
    kinds: Vec<(&'static str, bool)>,
    fields: Vec<&'static str>,
}

/// The kind of what a parser could make nothing of.
const ERROR: u16 = u16::MAX;

impl Grammar {
    /// Its grammar as tree-sitter has it.
    pub fn language(self) -> &'static TSLanguage {
        static LANGUAGES: [OnceLock<TSLanguage>; 4] = [const { OnceLock::new() }; 4];
        LANGUAGES[self as usize].get_or_init(|| self.get_ts_language())
    }

    fn names(self) -> &'static Names {
        static NAMES: [OnceLock<Names>; 4] = [const { OnceLock::new() }; 4];
        NAMES[self as usize].get_or_init(|| {
            let language = self.language();
            let kinds = 0..u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
            let fields = 1..=u16::try_from(language.field_count()).unwrap_or(u16::MAX);
            Names {
                kinds: kinds
                    .map(|id| {
                        let name = language.node_kind_for_id(id).unwrap_or_default();
                        (name, language.node_kind_is_named(id))
                    })
                    .collect(),
                fields: fields
                    .map(|id| language.field_name_for_id(id).unwrap_or_default())
                    .collect(),
            }
        })
    }

    /// The number of the field `name`.
    pub fn field_number(self, name: &str) -> Option<u16> {
        let at = self.names().fields.iter().position(|field| *field == name)?;
        u16::try_from(at + 1).ok()
    }

    /// The names of all kinds by their numbers, and whether the kind is a named one.
    pub fn kinds(self) -> &'static [(&'static str, bool)] {
        &self.names().kinds
    }

    #[inline(always)]
    fn kind_name(self, kind: u16) -> &'static str {
        match self.names().kinds.get(usize::from(kind)) {
            Some((name, _)) => name,
            None => "ERROR",
        }
    }
}

impl Parsed {
    /// A tree of `nodes`, which has at least one.
    pub fn new(grammar: Grammar, source: String, nodes: Vec<Entry>) -> Self {
        debug_assert!(!nodes.is_empty());
        Self(Arc::new(Inner {
            grammar,
            source,
            nodes,
        }))
    }

    /// The tree of what is broken as a whole.
    pub fn broken(grammar: Grammar, source: String) -> Self {
        let root = Entry {
            kind: ERROR,
            field: 0,
            marks: Entry::BROKEN,
            start: number(source.len() - source.trim_start().len()),
            end: number(source.len()),
            parent: 0,
            after: 1,
        };
        Self::new(grammar, source, vec![root])
    }

    /// The tree that tree-sitter made of `source`; nothing if it has more than `max_depth` levels.
    pub fn from_tree_sitter(
        grammar: Grammar,
        source: &str,
        tree: &tree_sitter::Tree,
        max_depth: usize,
    ) -> Option<Self> {
        let root = tree.root_node();
        let mut nodes = Vec::with_capacity(root.descendant_count());
        let mut cursor = root.walk();
        // The entries from the root down to where the cursor stands.
        let mut path: Vec<u32> = Vec::new();
        loop {
            let at = number(nodes.len());
            nodes.push(entry(&cursor, at, path.last().copied().unwrap_or(at)));
            if cursor.goto_first_child() {
                path.push(at);
                if path.len() > max_depth {
                    return None;
                }
                continue;
            }
            while !cursor.goto_next_sibling() {
                let Some(done) = path.pop() else {
                    return Some(Self::new(grammar, source.to_owned(), nodes));
                };
                cursor.goto_parent();
                nodes[done as usize].after = number(nodes.len());
            }
        }
    }

    /// The whole text.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The nodes, each before those below it.
    #[allow(
        dead_code,
        reason = "trees of two parsers are compared by tests and by fuzzing"
    )]
    pub fn entries(&self) -> &[Entry] {
        &self.0.nodes
    }
}

impl Doc for Parsed {
    type Source = String;
    type Lang = Grammar;
    type Node<'r> = FlatNode<'r>;

    fn get_lang(&self) -> &Grammar {
        &self.0.grammar
    }

    fn get_source(&self) -> &String {
        &self.0.source
    }

    fn do_edit(&mut self, _: &Edit<String>) -> Result<(), String> {
        Err("trees are not edited: texts are, and parsed again".to_owned())
    }

    fn root_node(&self) -> FlatNode<'_> {
        FlatNode { tree: &self.0, at: 0 }
    }

    fn get_node_text<'a>(&'a self, node: &FlatNode<'a>) -> Cow<'a, str> {
        Cow::Borrowed(self.0.source.get(node.range()).unwrap_or_default())
    }
}

/// A node of a [`Parsed`] file.
#[derive(Clone, Copy)]
pub struct FlatNode<'t> {
    tree: &'t Inner,
    at: u32,
}

impl<'t> FlatNode<'t> {
    /// Whether it is an error, or has one below it.
    pub fn is_broken(self) -> bool {
        self.has(Entry::BROKEN)
    }

    /// How many nodes there are, this one and all below it.
    pub fn count(self) -> usize {
        (self.entry().after - self.at) as usize
    }

    #[inline(always)]
    fn entry(self) -> &'t Entry {
        &self.tree.nodes[self.at as usize]
    }

    #[inline(always)]
    fn has(self, mark: u8) -> bool {
        self.entry().marks & mark != 0
    }

    #[inline(always)]
    fn to(self, at: u32) -> Self {
        Self { at, ..self }
    }

    #[inline(always)]
    fn below(self) -> Children<'t> {
        Children {
            tree: self.tree,
            next: self.at + 1,
            end: self.entry().after,
        }
    }

    /// Where `offset` stands; lines are counted from 0, columns in bytes.
    fn position(self, offset: usize) -> Position {
        let before = &self.tree.source.as_bytes()[..offset];
        let line = memchr::memchr_iter(b'\n', before).count();
        let begin = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Position::new(line, offset - begin, offset)
    }
}

/// The children of a node, from the first to the last.
struct Children<'t> {
    tree: &'t Inner,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = FlatNode<'t>;

    #[inline(always)]
    fn next(&mut self) -> Option<FlatNode<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = FlatNode {
            tree: self.tree,
            at: self.next,
        };
        self.next = node.entry().after;
        Some(node)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let mut next = self.next;
        let mut count = 0;
        while next < self.end {
            next = self.tree.nodes[next as usize].after;
            count += 1;
        }
        (count, Some(count))
    }
}

impl ExactSizeIterator for Children<'_> {}

impl<'t> SgNode<'t> for FlatNode<'t> {
    fn parent(&self) -> Option<Self> {
        let parent = self.entry().parent;
        (parent != self.at).then(|| self.to(parent))
    }

    fn children(&self) -> impl ExactSizeIterator<Item = Self> {
        self.below()
    }

    fn kind(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.tree.grammar.kind_name(self.entry().kind))
    }

    fn kind_id(&self) -> u16 {
        self.entry().kind
    }

    fn node_id(&self) -> usize {
        self.at as usize
    }

    fn range(&self) -> Range<usize> {
        let entry = self.entry();
        entry.start as usize..entry.end as usize
    }

    fn start_pos(&self) -> Position {
        self.position(self.range().start)
    }

    fn end_pos(&self) -> Position {
        self.position(self.range().end)
    }

    fn ancestors(&self, _root: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), Self::parent)
    }

    fn dfs(&self) -> impl Iterator<Item = Self> {
        let node = *self;
        (node.at..node.entry().after).map(move |at| node.to(at))
    }

    fn next(&self) -> Option<Self> {
        let after = self.entry().after;
        let end = self.parent()?.entry().after;
        (after < end).then(|| self.to(after))
    }

    fn prev(&self) -> Option<Self> {
        let parent = self.parent()?.at;
        // Right before a node stands its parent, or the last node of what comes before it.
        let mut before = self.to(self.at.checked_sub(1)?);
        while before.at != parent {
            let above = before.entry().parent;
            if above == parent {
                return Some(before);
            }
            before = self.to(above);
        }
        None
    }

    fn next_all(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.next(), SgNode::next)
    }

    fn prev_all(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.prev(), SgNode::prev)
    }

    fn is_named(&self) -> bool {
        let kind = usize::from(self.entry().kind);
        self.tree
            .grammar
            .kinds()
            .get(kind)
            .is_none_or(|(_, named)| *named)
    }

    fn is_named_leaf(&self) -> bool {
        self.below().all(|node| !node.is_named())
    }

    fn is_leaf(&self) -> bool {
        self.count() == 1
    }

    fn is_missing(&self) -> bool {
        self.has(Entry::MISSING)
    }

    fn is_error(&self) -> bool {
        self.entry().kind == ERROR
    }

    fn is_extra(&self) -> bool {
        self.has(Entry::EXTRA)
    }

    fn field(&self, name: &str) -> Option<Self> {
        self.child_by_field_id(self.tree.grammar.field_number(name)?)
    }

    fn field_children(&self, field_id: Option<u16>) -> impl Iterator<Item = Self> {
        let wanted = field_id.filter(|id| *id != 0);
        self.below()
            .filter(move |node| Some(node.entry().field) == wanted)
    }

    fn child_by_field_id(&self, field_id: u16) -> Option<Self> {
        self.below().find(|node| node.entry().field == field_id)
    }
}

/// Where the cursor stands, as entry `at`, which has nothing below it yet.
fn entry(cursor: &TreeCursor<'_>, at: u32, parent: u32) -> Entry {
    let node = cursor.node();
    let mut marks = 0;
    for (is, mark) in [
        (node.is_extra(), Entry::EXTRA),
        (node.is_missing(), Entry::MISSING),
        (node.has_error(), Entry::BROKEN),
    ] {
        if is {
            marks |= mark;
        }
    }
    Entry {
        kind: node.kind_id(),
        field: cursor.field_id().map_or(0, std::num::NonZero::get),
        marks,
        start: number(node.start_byte()),
        end: number(node.end_byte()),
        parent,
        after: at + 1,
    }
}

/// `value` as it is kept; sources are far shorter than 4 GiB.
fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siblings_are_found_in_both_directions() {
        let tree = Grammar::Go.parse("package a\n\nimport \"b\"\n\nfunc f(a, b int) { g(a, b); return }\n");
        let root = tree.root();
        for node in root.dfs() {
            let children: Vec<_> = node.children().map(|child| child.get_inner_node().at).collect();
            for (position, child) in node.children().enumerate() {
                let at = |found: Option<crate::tree::Node<'_>>| found.map(|node| node.get_inner_node().at);
                assert_eq!(at(child.next()), children.get(position + 1).copied());
                assert_eq!(at(child.prev()), children[..position].last().copied());
                assert_eq!(child.next_all().count(), children.len() - position - 1);
                let before: Vec<_> = child.prev_all().map(|node| node.get_inner_node().at).collect();
                assert!(before.iter().rev().eq(&children[..position]));
            }
        }
        assert!(root.next().is_none() && root.prev().is_none());
    }
}
