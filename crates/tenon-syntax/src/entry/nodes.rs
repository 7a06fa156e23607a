//! A flat tree: nodes in the order of the text, each before what it holds.

use std::collections::HashMap;
use std::sync::Arc;

use tenon_text::diag::Span;
use tenon_text::manifest::{Piece, PieceKind};

use super::tables::STRINGS;
use super::tokens::{Place, Token};
use crate::language::Lang;
use crate::tree::Tree;

/// A node, by its number in the tree.
pub(super) type Id = usize;

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: Arc<str>,
    pub start: usize,
    pub end: usize,
    /// Its tokens, a last comma left out.
    pub first: usize,
    pub last: usize,
    pub parent: Id,
    /// The first node behind all that it holds.
    pub next: Id,
    pub named: bool,
    /// Whether it is the body of the node around it.
    pub is_body: bool,
}

impl Node {
    /// Whether it is of this kind.
    pub fn is(&self, kind: &str) -> bool {
        &*self.kind == kind
    }

    /// Whether it is of one of these kinds.
    pub fn is_one(&self, kinds: &[&str]) -> bool {
        kinds.contains(&&*self.kind)
    }
}

/// What a tree and its text consist of.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub nodes: Vec<Node>,
    pub comments: Vec<Span>,
    pub strings: Vec<Span>,
}

/// The parts of code.
pub(super) fn of_code(tree: &Tree) -> Parts {
    let mut parts = Parts::default();
    let root = tree.root().get_inner_node();
    let mut cursor = root.walk();
    // The numbers of the nodes from the root to the cursor.
    let mut open: Vec<Id> = Vec::new();
    // A few hundred names for many nodes.
    let mut kinds: HashMap<u16, Arc<str>> = HashMap::new();
    loop {
        let node = cursor.node();
        let kind = node.kind();
        let span = Span::new(node.start_byte(), node.end_byte());
        let mut inside = false;
        let is_comment = kind.contains("comment") && !kind.contains("html");
        if is_comment {
            // The grammar of Rust ends a comment that documents with the line end.
            parts.comments.push(span);
        } else {
            let is_string = STRINGS.contains(&kind) && node.is_named();
            if is_string {
                parts.strings.push(span);
            }
            parts.nodes.push(Node {
                kind: kinds.entry(node.kind_id()).or_insert_with(|| kind.into()).clone(),
                start: span.start,
                end: span.end,
                first: 0,
                last: 0,
                parent: open.last().copied().unwrap_or(0),
                next: parts.nodes.len() + 1,
                named: node.is_named(),
                is_body: cursor.field_name() == Some("body"),
            });
            inside = !is_string && cursor.goto_first_child();
            if inside {
                open.push(parts.nodes.len() - 1);
            }
        }
        if inside {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return parts;
            }
            if let Some(id) = open.pop() {
                parts.nodes[id].next = parts.nodes.len();
            }
        }
    }
}

/// The parts of a manifest; `marks` begin a comment, `has_dashes` says whether an element may begin with one.
pub(super) fn of_manifest(text: &str, mut pieces: Vec<Piece>, marks: &[&str], has_dashes: bool) -> Parts {
    let mut parts = Parts::default();
    pieces.retain(|piece| piece.span.start < piece.span.end && piece.span.end <= text.len());
    // Where commas part elements none begins with a dash, and a line may hold very many.
    for piece in pieces.iter_mut().filter(|_| has_dashes) {
        if piece.kind == PieceKind::Item {
            piece.span.start = dash(text, piece.span.start);
        }
    }
    // Of pieces at one place the outer one comes first already.
    pieces.sort_by_key(|piece| (piece.span.start, std::cmp::Reverse(piece.span.end)));
    let root = Piece {
        kind: PieceKind::Object,
        span: Span::new(0, text.len()),
    };
    let mut open: Vec<Id> = Vec::new();
    for piece in std::iter::once(root).chain(pieces) {
        while open
            .last()
            .is_some_and(|id| parts.nodes[*id].end <= piece.span.start)
        {
            close(&mut parts.nodes, &mut open);
        }
        // An array of TOML tables ends with the last header, and its last table behind it.
        for id in &open {
            parts.nodes[*id].end = parts.nodes[*id].end.max(piece.span.end);
        }
        let quoted = text[piece.span.start..].starts_with(['"', '\'']);
        if matches!(piece.kind, PieceKind::Key | PieceKind::Scalar) && quoted {
            parts.strings.push(piece.span);
        }
        let kind = match piece.kind {
            _ if parts.nodes.is_empty() => "document",
            // With a sign that no grammar has in its kinds.
            PieceKind::Array => "$array",
            PieceKind::Object => "$object",
            PieceKind::Item => "item",
            PieceKind::Key => "key",
            PieceKind::Scalar => "scalar",
            PieceKind::Member => "member",
        };
        parts.nodes.push(Node {
            kind: kind.into(),
            start: piece.span.start,
            end: piece.span.end,
            first: 0,
            last: 0,
            parent: open.last().copied().unwrap_or(0),
            next: 0,
            named: true,
            is_body: false,
        });
        open.push(parts.nodes.len() - 1);
    }
    while !open.is_empty() {
        close(&mut parts.nodes, &mut open);
    }
    parts.comments = comments(text, &parts.nodes, marks);
    parts
}

fn close(nodes: &mut [Node], open: &mut Vec<Id>) {
    let next = nodes.len();
    if let Some(id) = open.pop() {
        nodes[id].next = next;
    }
}

/// Where the dash before an element of a YAML block stands; `at` when there is none.
fn dash(text: &str, at: usize) -> usize {
    let before = text[..at].trim_end_matches([' ', '\t', '\n', '\r']);
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let is_dash = line.ends_with('-')
        && line
            .trim_end_matches('-')
            .chars()
            .all(|c| c == ' ' || c == '-' || c == ':');
    let is_dash = is_dash || line.ends_with(" -");
    if is_dash { before.len() - 1 } else { at }
}

/// The comments of a manifest: from a mark outside of keys and values to the end of its line.
fn comments(text: &str, nodes: &[Node], marks: &[&str]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let leaves = nodes.iter().filter(|node| node.is_one(&["key", "scalar"]));
    let mut done = 0;
    let end = Span::new(text.len(), text.len());
    let begins = |at: usize| marks.iter().find(|mark| text[at..].starts_with(**mark));
    for leaf in leaves.map(|node| Span::new(node.start, node.end)).chain([end]) {
        let mut from = done;
        while let Some(at) = text
            .get(from..leaf.start)
            .and_then(|rest| rest.find(['/', '#', '<']))
        {
            let at = from + at;
            let Some(mark) = begins(at) else {
                from = at + 1;
                continue;
            };
            let close = match *mark {
                "/*" => Some("*/"),
                "<!--" => Some("-->"),
                _ => None,
            };
            let end = match close {
                Some(close) => text[at..]
                    .find(close)
                    .map_or(text.len(), |end| at + end + close.len()),
                None => tenon_text::format::line_end(text, at),
            };
            out.push(Span::new(at, end));
            (done, from) = (end, end);
        }
        done = done.max(leaf.end);
    }
    out
}

/// Gives every node its tokens.
pub(super) fn with_tokens(nodes: &mut [Node], tokens: &[Token], text: &str) {
    // For each token the last one up to it that is no comma; the first if all are.
    let mut before_commas: Vec<usize> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let is_comma = token.place == Place::Code && &text[token.start..token.end] == ",";
        before_commas.push(match before_commas.last() {
            Some(last) if is_comma => *last,
            _ => at,
        });
    }
    for node in nodes {
        node.first = tokens.partition_point(|token| token.start < node.start);
        node.last = tokens.partition_point(|token| token.start < node.end);
        if let Some(last) = node.last.checked_sub(1).filter(|last| *last > node.first) {
            node.last = (before_commas[last] + 1).max(node.first + 1);
        }
    }
}

/// The grammar's tree of `text`, or why it is not looked at.
pub(super) fn parse(grammar: Lang, text: &str) -> Result<Tree, String> {
    let tree = grammar.parse(text);
    match crate::tree::too_much(text, &tree) {
        Some(why) => Err(why),
        None => Ok(tree),
    }
}
