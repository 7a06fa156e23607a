//! Syntax trees and structural patterns, for every programming language that has a grammar here.
//!
//! A thin layer over ast-grep, so that its types stand in one module. Parsing never fails: broken code gives
//! a tree with error nodes, which [`error_count`] counts.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;

use ast_grep_core::language::Language;
use ast_grep_core::matcher::{Pattern, PatternBuilder, PatternError};
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use serde::{Deserialize, Serialize};

use crate::diag::Span;

/// A programming language whose grammar is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grammar {
    /// TypeScript and JavaScript, without JSX.
    TypeScript,
    /// Go.
    Go,
    /// Python 3.
    Python,
    /// Rust.
    Rust,
}

/// How many texts are remembered with their trees.
const REMEMBERED: usize = 32;
/// The longest of them, in bytes.
const REMEMBERED_SIZE: usize = 64 * 1024;

thread_local! {
    static RECENT: RefCell<VecDeque<(Grammar, String, Tree)>> = const { RefCell::new(VecDeque::new()) };
}

/// A parsed file.
pub type Tree = ast_grep_core::AstGrep<StrDoc<Grammar>>;

/// A node of a parsed file.
pub type Node<'t> = ast_grep_core::Node<'t, StrDoc<Grammar>>;

impl Grammar {
    /// The grammar for a file name, by its extension.
    pub fn of_path(path: &str) -> Option<Self> {
        let extension = path.rsplit('/').next()?.rsplit_once('.')?.1;
        Some(match extension {
            "ts" | "mts" | "cts" | "js" | "mjs" | "cjs" => Self::TypeScript,
            "go" => Self::Go,
            "py" | "pyi" => Self::Python,
            "rs" => Self::Rust,
            _ => return None,
        })
    }

    /// Parses `source`. The last texts are remembered, with their trees: a file is looked at by several steps
    /// in a row, and the same types and bodies come back method by method.
    pub fn parse(self, source: &str) -> Tree {
        RECENT.with_borrow_mut(|recent| {
            let known = recent
                .iter()
                .position(|(grammar, text, _)| *grammar == self && text.as_str() == source);
            if let Some(at) = known
                && let Some(entry) = recent.remove(at)
            {
                let tree = entry.2.clone();
                recent.push_back(entry);
                return tree;
            }
            let tree = self.ast_grep(source);
            if source.len() <= REMEMBERED_SIZE {
                if recent.len() == REMEMBERED {
                    recent.pop_front();
                }
                recent.push_back((self, source.to_owned(), tree.clone()));
            }
            tree
        })
    }
}

impl Language for Grammar {
    fn kind_to_id(&self, kind: &str) -> u16 {
        self.get_ts_language().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        self.get_ts_language().field_id_for_name(field).map(|id| id.get())
    }

    fn expando_char(&self) -> char {
        match self {
            Self::TypeScript => '$',
            Self::Go | Self::Python | Self::Rust => 'µ',
        }
    }

    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        if self.expando_char() == '$' {
            return Cow::Borrowed(query);
        }
        // `$NAME`, `$_` and `$$$NAME` are written with a letter that the grammar takes for an identifier.
        let mut out = String::with_capacity(query.len() + 8);
        let mut rest = query;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            let dollars = tail.len() - tail.trim_start_matches('$').len();
            let next = tail[dollars..].chars().next();
            let is_variable = next.is_some_and(|c| c.is_ascii_uppercase() || c == '_') || dollars == 3;
            let with = if is_variable { "µ" } else { "$" };
            out.extend(std::iter::repeat_n(with, dollars));
            rest = &tail[dollars..];
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    fn build_pattern(&self, builder: &PatternBuilder) -> Result<Pattern, PatternError> {
        builder.build(|source| StrDoc::try_new(source, *self))
    }
}

impl LanguageExt for Grammar {
    fn get_ts_language(&self) -> TSLanguage {
        match self {
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Go => tree_sitter_go::LANGUAGE.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
        }
    }
}

/// Whether `node` or anything below it is an error or missing.
pub fn has_errors(node: &Node<'_>) -> bool {
    node.get_inner_node().has_error()
}

/// How many error and missing nodes the tree has; an edit that makes it grow is refused.
pub fn error_count(tree: &Tree) -> usize {
    let root = tree.root();
    if !has_errors(&root) {
        return 0;
    }
    root.dfs()
        .filter(|node| node.is_error() || node.is_missing())
        .count()
}

/// Where the first error of the tree stands; nothing if it has none.
pub fn first_error(tree: &Tree) -> Option<Span> {
    let root = tree.root();
    if !root.get_inner_node().has_error() {
        return None;
    }
    let mut errors = root.dfs().filter(|node| node.is_error() || node.is_missing());
    let at = errors.next()?.range().start;
    let line = tree.root().text()[at..].lines().next().map_or(0, str::len);
    Some(Span::new(at, at + line.max(1).min(tree.root().range().end - at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_in_every_grammar() {
        let cases = [
            (
                Grammar::TypeScript,
                "export * as A from './a';",
                "export * as $NS from '$PATH'",
            ),
            (Grammar::Python, "register(A, b)\n", "register($A, $B)"),
            (Grammar::Rust, "fn main() { add(a, b); }", "add($A, $$$)"),
        ];
        for (grammar, source, pattern) in cases {
            let tree = grammar.parse(source);
            let pattern = Pattern::try_new(pattern, grammar).unwrap();
            assert!(tree.root().find(pattern).is_some(), "{grammar:?}");
        }
    }

    #[test]
    fn errors_are_counted() {
        assert_eq!(error_count(&Grammar::TypeScript.parse("const a = 1;")), 0);
        assert!(error_count(&Grammar::TypeScript.parse("const = = {")) > 0);
        for source in [
            "const a = 1;",
            "const = = {",
            "f(a",
            "if (a) {",
            "a b c",
            "class A { x( }",
        ] {
            let tree = Grammar::TypeScript.parse(source);
            let root = tree.root();
            let nodes = root.dfs().filter(|node| node.is_error() || node.is_missing());
            assert_eq!(error_count(&tree), nodes.count(), "{source}");
        }
    }
}
