//! Places that no brackets open: the file as a whole, and what stands beside something else.

use tenon_text::diag::Span;

use super::document::Document;
use super::example::{Example, Part, pieces};
use super::extent::{Holder, Match};
use super::form::{Hole, Spelling};
use super::nodes::Id;
use super::scope::{NoScope, Scope, Side};
use super::tables::FUNCTIONS;

impl Document {
    /// The file as a whole: an entry is a statement or a line of its own, the first one the last of them.
    pub fn whole(&self) -> Scope {
        Scope {
            span: Span::new(0, self.text.len()),
            holder: if self.nodes.is_empty() {
                Holder::Lines
            } else {
                Holder::Node(0)
            },
            tokens: 0..self.tokens.len(),
            at: Some((self.text.len(), Side::Behind)),
            names: vec![],
        }
    }

    /// What reads like `text`, in which `{{_}}` stands for anything. Where some of it ends with the semicolon of `text`, what ends
    /// otherwise is something else: a declaration with a body.
    pub fn siblings(&self, text: &str) -> Vec<Match> {
        let Ok(example) = Example::new(&pieces(text).0, self.syntax) else {
            return vec![];
        };
        let mut found = self.strangers(&example, None);
        let is_closed = |this: &Match| self.text[this.extent.range()].ends_with(';');
        if text.trim_end().ends_with(';') && found.iter().any(is_closed) {
            found.retain(is_closed);
        }
        found
    }

    /// The elements of `scope` among which `entry` belongs if it is a text in quotes: all texts.
    pub fn texts_beside(&self, entry: &str, scope: &Scope) -> Vec<Match> {
        let entry = entry.trim().trim_end_matches(',');
        let mut inner = entry.chars();
        let (Some(open), Some(close)) = (inner.next(), inner.next_back()) else {
            return vec![];
        };
        if open != close || !matches!(open, '\'' | '"') || inner.as_str().contains(open) {
            return vec![];
        }
        let quote = || Part::Text(open.to_string());
        let hole = Part::Hole(Hole {
            spelling: Spelling::Text,
            id: usize::MAX,
        });
        Example::new(&[quote(), hole, quote()], self.syntax)
            .map(|example| self.strangers(&example, Some(scope)))
            .unwrap_or_default()
    }

    /// What reads like an example that is not the entry's: its text says nothing of how an entry is written.
    fn strangers(&self, example: &Example, scope: Option<&Scope>) -> Vec<Match> {
        let mut found = self.find(example, scope).matches;
        for this in &mut found {
            this.form = usize::MAX;
        }
        found
    }

    /// The statement of a function, or of the file, that `anchor` is part of, and what holds it: a branch of it is no place of its own.
    fn statement(&self, anchor: &Match) -> (Span, Holder) {
        let Holder::Node(list) = anchor.holder else {
            return (anchor.extent, anchor.holder);
        };
        let (mut extent, mut holder, mut id) = (anchor.extent, list, list);
        // Up to the body of the function; a declaration at the top of the file is where it stands.
        while id != 0 && !self.is_function_body(id) {
            let parent = self.nodes[id].parent;
            if self.is_container(parent) && !self.is_block(id) {
                (extent, holder) = (Span::new(self.nodes[id].start, self.end_of(id)), parent);
            }
            id = parent;
        }
        (extent, Holder::Node(holder))
    }

    /// Whether a node is the body of a function, or of what functions stand in.
    fn is_function_body(&self, id: Id) -> bool {
        let of = &self.nodes[self.nodes[id].parent].kind;
        self.nodes[id].is_body && FUNCTIONS.iter().any(|word| of.contains(word))
    }

    /// The block, or the file, in which something reads like `text`; the first entry goes beside that: before the first, behind the
    /// last of several.
    ///
    /// # Errors
    /// If nothing there reads like it.
    pub fn beside(&self, text: &str, side: Side) -> Result<Scope, NoScope> {
        let found = self.siblings(text);
        let anchor = match side {
            Side::Before => found.first(),
            Side::Behind => found.last(),
        };
        let anchor = anchor.ok_or(NoScope::NotThere)?;
        let (extent, holder) = self.statement(anchor);
        let at = match side {
            Side::Before => extent.start,
            Side::Behind => extent.end,
        };
        let (span, tokens) = match holder {
            Holder::Node(id) if id != 0 => {
                let node = &self.nodes[id];
                (Span::new(node.start, self.end_of(id)), node.first..node.last)
            }
            _ => (Span::new(0, self.text.len()), 0..self.tokens.len()),
        };
        Ok(Scope {
            span,
            holder,
            tokens,
            at: Some((at, side)),
            names: vec![],
        })
    }
}
