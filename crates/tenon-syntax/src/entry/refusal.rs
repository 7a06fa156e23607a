//! Why an entry is not added or taken away, and what to write by hand.

use std::fmt;

use tenon_text::diag::Span;

/// Why an edit is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The file is not understood: it is no valid manifest, or too long.
    NotUnderstood(String),
    /// Nothing says where the first entry goes.
    NoPlace,
    /// Several lists hold as many entries.
    Ambiguous(Vec<Span>),
    /// The entry is part of an expression or a statement, and no element of a list.
    NoElement(Span),
    /// The text to write is no entry by its own example.
    NoExample,
    /// What the host calls something in the entry is not known.
    NoName(String),
    /// The entry is there.
    Present(Span),
    /// The outcome was not the old text plus or minus exactly the entry.
    Unproved(&'static str),
}

/// An edit that is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// What to write by hand, or to take away.
    pub text: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::NotUnderstood(why) => write!(f, "the file is not understood: {why}"),
            Why::NoPlace => f.write_str("there is no list of entries to add to"),
            Why::Ambiguous(lists) => write!(f, "{} lists could hold the entry", lists.len()),
            Why::NoElement(_) => f.write_str("the entry is part of a larger expression"),
            Why::NoExample => f.write_str("the text does not read like the entry"),
            Why::NoName(why) => f.write_str(why),
            Why::Present(_) => f.write_str("the entry is there already"),
            Why::Unproved(what) => write!(f, "the edit would not do what it should: {what}"),
        }
    }
}

impl std::error::Error for Refusal {}
