//! [`Draft`]: a text that is edited in steps, and the edits that lead to it.

use std::ops::Range;
use std::sync::Arc;

use super::edit::{TextEdit, apply_edits};
use super::error::Result;

/// A part of the edited text.
#[derive(Clone, Debug)]
enum Piece {
    /// These bytes of the original.
    Kept(Range<usize>),
    /// Text that is not from the original.
    New(String),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Kept(range) => range.len(),
            Self::New(text) => text.len(),
        }
    }
}

/// A text that is edited in steps: each step's edits speak of the text as the last one left it. [`Draft::edits`] gives them all
/// as edits of the original.
#[derive(Clone, Debug)]
pub struct Draft {
    original: Arc<str>,
    text: String,
    pieces: Vec<Piece>,
}

impl Draft {
    /// A draft in which nothing was edited yet.
    pub fn of(original: impl Into<Arc<str>>) -> Self {
        let original = original.into();
        Self {
            text: original.to_string(),
            pieces: vec![Piece::Kept(0..original.len())],
            original,
        }
    }

    /// The text before the first edit.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Applies edits of the text as it is now.
    ///
    /// # Errors
    /// Those of [`apply_edits`]; the draft then stays as it was.
    pub fn apply(&mut self, edits: &[TextEdit]) -> Result<()> {
        self.text = apply_edits(&self.text, edits)?;
        let mut sorted: Vec<&TextEdit> = edits.iter().collect();
        sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
        // From the end, so that what is before an edit stays where it is.
        for edit in sorted.into_iter().rev() {
            let start = self.split(edit.span.start);
            let end = self.split(edit.span.end).max(start);
            self.pieces.splice(start..end, [Piece::New(edit.text.clone())]);
        }
        Ok(())
    }

    /// The edits of the original that lead to the text as it is now, in order; they do not overlap.
    pub fn edits(&self) -> Vec<TextEdit> {
        let mut out = Vec::new();
        let (mut at, mut new) = (0, String::new());
        let end = Piece::Kept(self.original.len()..self.original.len());
        for piece in self.pieces.iter().chain([&end]) {
            match piece {
                Piece::New(text) => new.push_str(text),
                Piece::Kept(range) => {
                    let is_last = range.start == self.original.len();
                    // An empty piece stands between texts that belong together.
                    if range.is_empty() && !is_last {
                        continue;
                    }
                    if self.original.get(at..range.start) != Some(&new) {
                        out.push(TextEdit::replace(at..range.start, std::mem::take(&mut new)));
                    }
                    new.clear();
                    at = range.end;
                }
            }
        }
        out
    }

    /// The index of the piece that begins at `offset`, after the one there is cut in two.
    fn split(&mut self, offset: usize) -> usize {
        let mut at = 0;
        for index in 0..self.pieces.len() {
            if at == offset {
                return index;
            }
            let len = self.pieces[index].len();
            if offset < at + len {
                let (left, right) = match &self.pieces[index] {
                    Piece::Kept(range) => {
                        let middle = range.start + (offset - at);
                        (Piece::Kept(range.start..middle), Piece::Kept(middle..range.end))
                    }
                    Piece::New(text) => {
                        let (left, right) = text.split_at(offset - at);
                        (Piece::New(left.to_owned()), Piece::New(right.to_owned()))
                    }
                };
                self.pieces.splice(index..=index, [left, right]);
                return index + 1;
            }
            at += len;
        }
        self.pieces.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_become_edits_of_the_original() {
        let mut draft = Draft::of("import a;\nlist(a);\n");
        draft.apply(&[TextEdit::insert(16, ", b")]).unwrap();
        draft.apply(&[TextEdit::insert(10, "import b;\n")]).unwrap();
        draft.apply(&[TextEdit::replace(28..29, "B")]).unwrap();
        assert_eq!(draft.text(), "import a;\nimport b;\nlist(a, B);\n");
        let edits = [TextEdit::insert(10, "import b;\n"), TextEdit::insert(16, ", B")];
        assert_eq!(draft.edits(), edits);
    }

    #[test]
    fn what_is_taken_back_is_no_edit() {
        let mut draft = Draft::of("ab");
        draft.apply(&[TextEdit::insert(1, "x")]).unwrap();
        draft.apply(&[TextEdit::replace(1..2, "")]).unwrap();
        assert_eq!(draft.edits(), []);
        assert!(draft.apply(&[TextEdit::replace(0..9, "")]).is_err());
        assert_eq!(draft.text(), "ab");
    }

    proptest::proptest! {
        #[test]
        fn the_edits_of_any_steps_lead_to_the_text(
            original in "[a-f]{0,8}",
            steps in proptest::collection::vec(
                proptest::collection::vec((0..12_usize, 0..4_usize, "[x-z]{0,3}"), 1..4),
                0..6,
            ),
        ) {
            let mut draft = Draft::of(original.as_str());
            for step in steps {
                let len = draft.text().len();
                let edits: Vec<TextEdit> = step
                    .into_iter()
                    .map(|(at, count, text)| {
                        let start = at.min(len);
                        TextEdit::replace(start..(start + count).min(len), text)
                    })
                    .collect();
                let before = draft.clone();
                if draft.apply(&edits).is_err() {
                    draft = before;
                }
            }
            proptest::prop_assert_eq!(apply_edits(&original, &draft.edits()).unwrap(), draft.text());
        }
    }
}
