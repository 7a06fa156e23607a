//! Places that no brackets open: the file as a whole, and what stands beside something else.

use tenon_text::diag::Span;

use super::document::Document;
use super::example::{Example, pieces};
use super::extent::{Holder, Match};
use super::scope::{NoScope, Scope, Side};

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
        let mut found = self.find(&example, None).matches;
        let is_closed = |this: &Match| self.text[this.extent.range()].ends_with(';');
        if text.trim_end().ends_with(';') && found.iter().any(is_closed) {
            found.retain(is_closed);
        }
        found
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
        let at = match side {
            Side::Before => anchor.extent.start,
            Side::Behind => anchor.extent.end,
        };
        let (span, tokens) = match anchor.holder {
            Holder::Node(id) if id != 0 => {
                let node = &self.nodes[id];
                (Span::new(node.start, self.end_of(id)), node.first..node.last)
            }
            _ => (Span::new(0, self.text.len()), 0..self.tokens.len()),
        };
        Ok(Scope {
            span,
            holder: anchor.holder,
            tokens,
            at: Some((at, side)),
            names: vec![],
        })
    }
}
