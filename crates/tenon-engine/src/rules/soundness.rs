//! What can be wrong with a file so that no rule can look at it.

use memchr::memmem;

use tenon_text::diag::{Error, Span};

/// Why a file is not looked at.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read.
    Unreadable(Error),
    /// It has the markers of an unfinished merge; the first one.
    Merge(Span),
    /// It is a manifest with a syntax error.
    Manifest(Error),
    /// It is code with a syntax error.
    Code(Span),
    /// It is code that would take too long to look at, for this reason.
    TooMuch(String),
}

/// The first marker of an unfinished merge. All three kinds must be there, in order and each at the beginning of a line: a
/// row of `=` alone is a heading.
pub fn conflict_marker(text: &str) -> Option<Span> {
    memmem::find(text.as_bytes(), b"<<<<<<< ")?;
    let mut first = None;
    let mut state = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        match state {
            0 if bare.starts_with("<<<<<<< ") => {
                first = Some(Span::new(at, at + bare.len()));
                state = 1;
            }
            1 if bare == "=======" => state = 2,
            2 if bare.starts_with(">>>>>>> ") => return first,
            _ => {}
        }
        at += line.len();
    }
    None
}
