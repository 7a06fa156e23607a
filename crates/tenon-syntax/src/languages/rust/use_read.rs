//! The `use` declarations of a file, with their places.

use std::cmp::Ordering;

use crate::contract::{Import, ImportKind};
use crate::tree::{Node, Tree};
use tenon_text::diag::Span;

use super::grammar::GRAMMAR;
use super::use_order::Edition;
use super::use_tree::{End, Leaf, UseTree};

/// One declaration at the top level of a file.
pub(super) struct Decl {
    /// What it says; nothing if that cannot be read.
    pub tree: Option<UseTree>,
    /// Whether it re-exports.
    pub public: bool,
    /// Whether attributes stand above it.
    pub attributed: bool,
    /// Whether a comment stands in it.
    pub commented: bool,
    /// From `use`, or its visibility, to `;`.
    pub span: Span,
    /// From its attributes and the comments above it.
    pub start: usize,
    /// From behind `use ` to before `;`.
    pub inside: Span,
}

impl Decl {
    /// Whether it may be written anew.
    pub fn is_plain(&self) -> bool {
        self.tree.is_some() && !self.public && !self.attributed && !self.commented
    }

    /// The names that it binds.
    pub fn leaves(&self) -> Vec<Leaf> {
        self.tree.as_ref().map(UseTree::leaves).unwrap_or_default()
    }
}

/// The declarations at the top level of `tree`.
pub(super) fn decls(tree: &Tree) -> Vec<Decl> {
    let root = tree.root();
    let mut above: Option<usize> = None;
    let mut attributed = false;
    let mut last_end = 0;
    let source = tree.source();
    let mut out = vec![];
    for node in root.children() {
        let range = node.range();
        // A blank line parts a comment from what follows.
        if source[last_end..range.start].matches('\n').count() > 1 {
            above = None;
        }
        last_end = range.start + node.text().trim_end().len();
        match &*node.kind() {
            "attribute_item" => {
                attributed = true;
                above.get_or_insert(range.start);
            }
            "line_comment" | "block_comment" => {
                if !is_inner_doc(&node.text()) && starts_line(source, range.start) {
                    above.get_or_insert(range.start);
                }
            }
            "use_declaration" => {
                out.push(decl(&node, above.unwrap_or(range.start), attributed));
                (above, attributed) = (None, false);
            }
            _ => (above, attributed) = (None, false),
        }
    }
    out
}

fn starts_line(source: &str, at: usize) -> bool {
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    source[line..at].trim().is_empty()
}

/// Whether a comment documents the file.
pub(super) fn is_inner_doc(comment: &str) -> bool {
    comment.starts_with("//!") || comment.starts_with("/*!")
}

fn decl(node: &Node<'_>, start: usize, attributed: bool) -> Decl {
    let range = node.range();
    let public = node.children().any(|child| child.kind() == "visibility_modifier");
    let argument = node.field("argument");
    let inside = argument.map_or(Span::at(range.end), |node| node.range().into());
    let text = node.text();
    let from = inside.start - range.start;
    let written = text.get(from..inside.end - range.start).unwrap_or_default();
    let (tree, commented) = match UseTree::parse(written) {
        Some(tree) => (Some(tree), false),
        None => (UseTree::parse(&without_comments(written)), true),
    };
    Decl {
        tree,
        public,
        attributed,
        commented,
        span: range.into(),
        start,
        inside,
    }
}

/// `text` with blanks in place of comments.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('/') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = if tail.starts_with("//") {
            tail.find('\n').unwrap_or(tail.len())
        } else if tail.starts_with("/*") {
            tail.find("*/").map_or(tail.len(), |at| at + 2)
        } else {
            out.push('/');
            1
        };
        rest = &tail[end..];
    }
    out + rest
}

/// The names that `use` declarations at the top level of `source` bind, re-exported ones among them.
pub fn read_imports(source: &str) -> Vec<Import> {
    let tree = GRAMMAR.parse(source);
    decls(&tree)
        .iter()
        .flat_map(Decl::leaves)
        .map(|leaf| import_of(&leaf))
        .collect()
}

/// A leaf as an import.
pub(super) fn import_of(leaf: &Leaf) -> Import {
    if leaf.glob {
        return Import {
            module: leaf.path.join("::"),
            name: "*".to_owned(),
            kind: ImportKind::Namespace,
            ..Import::default()
        };
    }
    let (name, module) = leaf
        .path
        .split_last()
        .map_or(("", &[][..]), |(name, module)| (name.as_str(), module));
    Import {
        module: module.join("::"),
        name: name.to_owned(),
        alias: leaf.alias.clone(),
        ..Import::default()
    }
}

/// The leaf of an import.
pub(super) fn leaf_of(import: &Import) -> Leaf {
    let mut path: Vec<String> = import
        .module
        .split("::")
        .filter(|segment| !segment.is_empty())
        .map(str::to_owned)
        .collect();
    if import.module.starts_with("::") {
        path.insert(0, String::new());
    }
    let glob = import.kind == ImportKind::Namespace;
    if !glob {
        path.push(import.name.clone());
    }
    Leaf {
        path,
        alias: import.alias.clone(),
        glob,
    }
}

/// An import as a statement.
pub fn import_statement(import: &Import) -> String {
    format!("use {};", tree_of(&leaf_of(import)).lay(0, 5, usize::MAX))
}

/// A leaf as a tree of its own.
pub(super) fn tree_of(leaf: &Leaf) -> UseTree {
    UseTree {
        path: leaf.path.clone(),
        end: if leaf.glob {
            End::Glob
        } else {
            End::Name(leaf.alias.clone())
        },
    }
}

/// The style edition that the declarations of a file are sorted by; the newest if that cannot be told.
pub(super) fn edition(decls: &[Decl]) -> Edition {
    let trees = || decls.iter().filter_map(|decl| decl.tree.as_ref());
    let sorted = |edition| trees().all(|tree| is_sorted(tree, edition));
    if !sorted(Edition::E2024) && sorted(Edition::E2021) {
        Edition::E2021
    } else {
        Edition::E2024
    }
}

/// Whether every list is in order.
pub(super) fn is_sorted(tree: &UseTree, edition: Edition) -> bool {
    let End::List(items) = &tree.end else { return true };
    items.iter().all(|item| is_sorted(item, edition))
        && items
            .windows(2)
            .all(|pair| pair[0].compare(&pair[1], edition) != Ordering::Greater)
}
