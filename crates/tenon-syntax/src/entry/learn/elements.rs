//! Cuts a file into elements that name one member each, in groups of those that stand in one list.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use tenon_text::diag::Span;

use super::super::document::Document;
use super::super::nodes::Id;
use super::super::tokens::{Glue, Place};
use super::common::MAX_LENGTH;
use super::names::Named;

/// Of several members that one element names, more than these are too many to tell whose it is.
const MAX_MEMBERS: usize = 3;
/// The character that takes the place of the member's name in a symbol: `NewAcmeClient` becomes `New`, this, `Client`.
pub(super) const NAME: char = '\u{0}';

/// A piece of a file that names a member: a node, several nodes or lines one after the other.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub tokens: Range<usize>,
    pub member: usize,
    /// What it consists of: the kinds of its nodes.
    pub kind: String,
}

/// Elements that stand in one list.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub elements: Vec<Element>,
}

/// A file, and where it names members.
pub(super) struct Shared<'d> {
    pub doc: &'d Document,
    pub named: &'d [Named],
    symbols: HashMap<String, u32>,
}

/// An element as symbols, and for each symbol the places in it that name the member.
pub(super) struct Shape {
    pub symbols: Vec<u32>,
    /// The tokens that each symbol stands for.
    pub tokens: Vec<Range<usize>>,
    pub names: Vec<Vec<Span>>,
}

impl<'d> Shared<'d> {
    pub fn new(doc: &'d Document, named: &'d [Named]) -> Self {
        Self {
            doc,
            named,
            symbols: HashMap::new(),
        }
    }

    /// The places between two bytes that name members.
    pub fn named_in(&self, span: Span) -> &'d [Named] {
        let from = self.named.partition_point(|it| it.span.start < span.start);
        let to = self.named.partition_point(|it| it.span.start < span.end);
        &self.named[from..to.max(from)]
    }

    fn span(&self, tokens: &Range<usize>) -> Span {
        let all = &self.doc.tokens;
        match (
            all.get(tokens.start),
            tokens.end.checked_sub(1).and_then(|at| all.get(at)),
        ) {
            (Some(first), Some(last)) => Span::new(first.start, last.end.max(first.start)),
            _ => Span::default(),
        }
    }

    fn members(&self, tokens: &Range<usize>) -> BTreeSet<usize> {
        let named = self.named_in(self.span(tokens)).iter();
        named.map(|it| it.member).collect()
    }

    /// The elements of the file, in groups that name at least `least` members.
    pub fn groups(&self, least: usize) -> Vec<Group> {
        let mut out = Vec::new();
        if self.doc.syntax.has_tree() && !self.doc.nodes.is_empty() {
            self.below(0, least, &mut out);
        }
        if !self.doc.syntax.has_tree() || self.doc.nodes.is_empty() {
            let lines = self.lines();
            out.extend(self.group(&lines, least));
        }
        out
    }

    fn below(&self, id: Id, least: usize, out: &mut Vec<Group>) {
        let node = &self.doc.nodes[id];
        if self.named_in(Span::new(node.start, node.end)).len() < least {
            return;
        }
        let children: Vec<Id> = self
            .doc
            .children(id)
            .filter(|child| self.doc.nodes[*child].named)
            .collect();
        let elements: Vec<(Range<usize>, &str)> = children
            .iter()
            .map(|child| {
                let node = &self.doc.nodes[*child];
                (node.first..node.last, &*node.kind)
            })
            .collect();
        out.extend(self.group(&elements, least));
        for child in children {
            self.below(child, least, out);
        }
    }

    /// The lines of the file that have tokens.
    fn lines(&self) -> Vec<(Range<usize>, &'static str)> {
        let mut out: Vec<(Range<usize>, &'static str)> = Vec::new();
        for (at, token) in self.doc.tokens.iter().enumerate() {
            match out.last_mut() {
                Some((line, _)) if token.glue != Glue::Line => line.end = at + 1,
                _ => {
                    let is_heading = self.doc.token(at) == "#";
                    out.push((at..at + 1, if is_heading { "heading" } else { "line" }));
                }
            }
        }
        out
    }

    /// The elements among `siblings`: each that names a member, and runs of neighbours that name the same one.
    fn group(&self, siblings: &[(Range<usize>, &str)], least: usize) -> Option<Group> {
        let members: Vec<BTreeSet<usize>> = siblings.iter().map(|(tokens, _)| self.members(tokens)).collect();
        let all: BTreeSet<usize> = members.iter().flatten().copied().collect();
        if all.len() < least || siblings.len() < least {
            return None;
        }
        let mut out = Group::default();
        for (at, (tokens, kind)) in siblings.iter().enumerate() {
            if members[at].len() > MAX_MEMBERS || tokens.len() > MAX_LENGTH {
                continue;
            }
            for member in &members[at] {
                out.elements.push(Element {
                    tokens: tokens.clone(),
                    member: *member,
                    kind: (*kind).to_owned(),
                });
                let begins = at == 0 || !members[at - 1].contains(member);
                let length = members[at..]
                    .iter()
                    .take_while(|others| others.contains(member))
                    .count();
                if !begins || !(2..=8).contains(&length) || *kind == "heading" {
                    continue;
                }
                let run = tokens.start..siblings[at + length - 1].0.end;
                let kinds: Vec<&str> = siblings[at..at + length].iter().map(|(_, kind)| *kind).collect();
                if run.len() <= MAX_LENGTH {
                    out.elements.push(Element {
                        tokens: run,
                        member: *member,
                        kind: kinds.join("+"),
                    });
                }
            }
        }
        Some(out)
    }

    /// The symbols of an element: its tokens, where the name of its member stands out.
    pub fn shape(&mut self, element: &Element) -> Shape {
        let own: Vec<Named> = self
            .named_in(self.span(&element.tokens))
            .iter()
            .filter(|it| it.member == element.member)
            .copied()
            .collect();
        let mut out = Shape {
            symbols: vec![],
            tokens: vec![],
            names: vec![],
        };
        let mut at = element.tokens.start;
        while at < element.tokens.end {
            let token = self.doc.tokens[at];
            if token.place == Place::Quote {
                let symbol = self.symbol("\u{2}");
                out.push(symbol, at..at + 1, vec![]);
                at += 1;
                continue;
            }
            let mut end = token.end;
            let mut next = at + 1;
            let mut said = String::new();
            let mut done = token.start;
            let mut names = Vec::new();
            let from = own.partition_point(|it| it.span.end <= token.start);
            for it in own[from..].iter().take_while(|it| it.span.start >= token.start) {
                if it.span.start >= end {
                    break;
                }
                // A name may go over several tokens: `acme-pay`.
                while next < element.tokens.end && self.doc.tokens[next].start < it.span.end {
                    end = self.doc.tokens[next].end;
                    next += 1;
                }
                said.push_str(&self.doc.text[done..it.span.start.max(done)]);
                said.push(NAME);
                done = it.span.end;
                names.push(it.span);
            }
            said.push_str(&self.doc.text[done.min(end)..end]);
            let symbol = self.symbol(&said);
            out.push(symbol, at..next, names);
            at = next;
        }
        out
    }

    fn symbol(&mut self, said: &str) -> u32 {
        if let Some(known) = self.symbols.get(said) {
            return *known;
        }
        let next = u32::try_from(self.symbols.len()).unwrap_or(u32::MAX);
        self.symbols.insert(said.to_owned(), next);
        next
    }

    /// The places of the brackets and quotes among `tokens` that belong together.
    pub fn pairs(&self, shape: &Shape) -> Vec<(usize, usize)> {
        let (mut open, mut out, mut quote) = (Vec::new(), Vec::new(), None);
        for (at, tokens) in shape.tokens.iter().enumerate() {
            let token = self.doc.tokens[tokens.start];
            if token.place == Place::Quote {
                match quote.take() {
                    Some(first) => out.push((first, at)),
                    None => quote = Some(at),
                }
                continue;
            }
            if token.place != Place::Code {
                continue;
            }
            match self.doc.token(tokens.start) {
                "(" | "[" | "{" => open.push(at),
                ")" | "]" | "}" => out.extend(open.pop().map(|first| (first, at))),
                _ => {}
            }
        }
        out
    }
}

impl Shape {
    fn push(&mut self, symbol: u32, tokens: Range<usize>, names: Vec<Span>) {
        self.symbols.push(symbol);
        self.tokens.push(tokens);
        self.names.push(names);
    }
}
