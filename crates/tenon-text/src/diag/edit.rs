//! Byte spans and text edits. An edit replaces one span; all bytes outside it stay.

use super::error::{Error, Result};
use super::position::line_col;

/// A half-open range of byte offsets into a text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset one past the last byte.
    pub end: usize,
}

impl Span {
    /// The same as a range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// The span of `range`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self {
            start: offset,
            end: offset,
        }
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self {
            start: range.start,
            end: range.end,
        }
    }
}

/// Replaces the bytes of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards; empty for a deletion.
    pub text: String,
}

impl TextEdit {
    /// Inserts `text` at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self {
            span: Span::at(offset),
            text: text.into(),
        }
    }

    /// Replaces `span` by `text`.
    pub fn replace(span: impl Into<Span>, text: impl Into<String>) -> Self {
        Self {
            span: span.into(),
            text: text.into(),
        }
    }
}

/// `source` with all `edits` applied. Edits at one offset apply in the order given.
///
/// # Errors
/// If two edits overlap, or one of them does not stand on characters of `source`.
pub fn apply_edits(source: &str, edits: &[TextEdit]) -> Result<String> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(source.len() + edits.iter().map(|e| e.text.len()).sum::<usize>());
    let mut done = 0;
    let refused = |why: &str, edit: &TextEdit| {
        let at = line_col(source, edit.span.start);
        Error::new(format!("an edit of line {} {why}", at.line)).help("please report it; nothing was changed")
    };
    for edit in sorted {
        if edit.span.start < done {
            return Err(refused("overlaps another one", edit));
        }
        let kept = source.get(done..edit.span.start);
        let (Some(kept), Some(_)) = (kept, source.get(edit.span.start..edit.span.end)) else {
            return Err(refused("is none of characters of the text", edit));
        };
        out.push_str(kept);
        out.push_str(&edit.text);
        done = edit.span.end;
    }
    out.push_str(&source[done..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_leave_every_other_byte() {
        let edits = [
            TextEdit::insert(3, "X"),
            TextEdit::replace(0..1, "AA"),
            TextEdit::insert(3, "Y"),
        ];
        assert_eq!(apply_edits("abcd", &edits).unwrap(), "AAbcXYd");
    }

    #[test]
    fn edits_that_overlap_or_leave_the_text_are_refused() {
        let two = |a: std::ops::Range<usize>, b: std::ops::Range<usize>| {
            let edits = [TextEdit::replace(a, "x"), TextEdit::replace(b, "y")];
            apply_edits("aöcd", &edits).map_err(|error| error.message().to_owned())
        };
        assert_eq!(two(0..1, 1..3), Ok("xycd".to_owned()));
        for overlapping in [two(0..4, 3..5), two(3..4, 3..4), two(0..5, 1..1)] {
            assert_eq!(overlapping.unwrap_err(), "an edit of line 1 overlaps another one");
        }
        for wrong in [two(0..1, 4..6), two(0..2, 3..4), two(0..1, 2..3)] {
            assert!(wrong.unwrap_err().contains("none of characters"));
        }
    }
}
