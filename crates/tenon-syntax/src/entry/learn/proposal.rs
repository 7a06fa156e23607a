//! An example for the entries of a file, and the texts from which it is made.

use std::collections::BTreeSet;

use tenon_text::diag::Span;

use super::names::Named;

/// An example for entries of a file.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The entry, as a pack has it: a template with holes for the name of the member.
    pub template: String,
    /// Members, and where the example was seen for them.
    pub entries: Vec<(usize, Span)>,
    /// How much the example says: the tokens that all entries share.
    pub weight: usize,
}

impl Proposal {
    /// The members.
    pub fn members(&self) -> BTreeSet<usize> {
        self.entries.iter().map(|(member, _)| *member).collect()
    }
}

/// Of `named` the places that name `member`.
pub(super) fn own(named: &[Named], member: usize) -> Vec<Named> {
    named.iter().filter(|it| it.member == member).copied().collect()
}

/// The text in `span` with a mark for each name, and space made alike.
pub(super) fn masked(text: &str, span: Span, named: &[Named]) -> String {
    let mut out = String::new();
    let mut done = span.start;
    for it in named {
        out.push_str(&text[done..it.span.start.max(done)]);
        out.push('\u{0}');
        done = it.span.end;
    }
    out.push_str(&text[done.min(span.end)..span.end]);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
