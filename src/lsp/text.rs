//! Positions of the protocol: lines and columns from 0, columns in units of the encoding that was agreed on.

use std::sync::Arc;

use serde_json::{Value, json};

use tenon_text::diag::Span;

/// In what columns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// What every client knows.
    Utf16,
}

/// A text and where its lines begin.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The text.
    pub text: Arc<str>,
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of `text`; `\n`, `\r\n` and `\r` end one.
    pub fn new(text: Arc<str>) -> Self {
        let bytes = text.as_bytes();
        let ends = (0..bytes.len())
            .filter(|&at| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// The byte at a position; one behind a line is its end, one behind the text the text's.
    pub fn offset(&self, position: &Value, encoding: Encoding) -> Option<usize> {
        let number = |key: &str| usize::try_from(position.get(key)?.as_u64()?).ok();
        let (line, column) = (number("line")?, number("character")?);
        let Some(&start) = self.starts.get(line) else {
            return Some(self.text.len());
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let text = self.text[start..end].trim_end_matches(['\r', '\n']);
        let mut units = 0;
        for (at, c) in text.char_indices() {
            // A column within a character is its beginning.
            units += units_of(c, encoding);
            if units > column {
                return Some(start + at);
            }
        }
        Some(start + text.len())
    }

    /// The position of a byte; one past the end is the end.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Value {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let column: usize = self.text[self.starts[line]..offset]
            .chars()
            .map(|c| units_of(c, encoding))
            .sum();
        json!({ "line": line, "character": column })
    }

    /// The range of `span`.
    pub fn range(&self, span: Span, encoding: Encoding) -> Value {
        let start = self.position(span.start, encoding);
        json!({ "start": start, "end": self.position(span.end.max(span.start), encoding) })
    }

    /// The span of a range.
    pub fn span(&self, range: &Value, encoding: Encoding) -> Option<Span> {
        let start = self.offset(range.get("start")?, encoding)?;
        let end = self.offset(range.get("end")?, encoding)?;
        Some(Span::new(start.min(end), end.max(start)))
    }

    /// The byte offset of a position that people read, from 1, columns in characters.
    pub fn at(&self, line: usize, column: usize) -> usize {
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line));
        let Some(&start) = start else {
            return self.text.len();
        };
        let rest = &self.text[start..];
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let mut columns = rest[..end].char_indices().map(|(at, _)| at).chain([end]);
        start + columns.nth(column.saturating_sub(1)).unwrap_or(end)
    }

    /// The text after the changes of a `didChange`, one after the other; nothing if one of them cannot be read.
    pub fn changed(&self, changes: &[Value], encoding: Encoding) -> Option<Self> {
        let mut out = self.clone();
        for change in changes {
            let text = change.get("text")?.as_str()?;
            let text = match change.get("range") {
                None | Some(Value::Null) => text.to_owned(),
                Some(range) => {
                    let span = out.span(range, encoding)?;
                    format!("{}{text}{}", &out.text[..span.start], &out.text[span.end..])
                }
            };
            out = Self::new(Arc::from(text));
        }
        Some(out)
    }
}

fn units_of(c: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => c.len_utf8(),
        Encoding::Utf16 => c.len_utf16(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str) -> Lines {
        Lines::new(Arc::from(text))
    }

    fn at(line: usize, character: usize) -> Value {
        json!({ "line": line, "character": character })
    }

    #[test]
    fn columns_are_units_of_the_encoding() {
        let text = lines("a\u{1f600}b\r\nö\rx\n");
        let (wide, plain) = (Encoding::Utf16, Encoding::Utf8);
        assert_eq!(text.offset(&at(0, 3), wide), Some(5));
        assert_eq!(text.offset(&at(0, 2), wide), Some(1), "within a character");
        assert_eq!(text.offset(&at(0, 5), plain), Some(5));
        assert_eq!(text.offset(&at(0, 99), wide), Some(6), "behind the line");
        assert_eq!(text.offset(&at(2, 0), wide), Some(11));
        assert_eq!(text.offset(&at(99, 0), wide), Some(13));
        assert_eq!(text.offset(&json!({ "line": -1, "character": 0 }), wide), None);
        assert_eq!(text.position(5, wide), at(0, 3));
        assert_eq!(text.position(3, wide), at(0, 1), "within a character");
        assert_eq!(text.position(10, plain), at(1, 2));
        assert_eq!(text.at(1, 3), 5);
        assert_eq!(text.at(2, 9), 10);
    }

    #[test]
    fn changes_follow_each_other() {
        let range = |a, b, c, d| json!({ "start": at(a, b), "end": at(c, d) });
        let changes = [
            json!({ "range": range(0, 1, 0, 2), "text": "XY\n" }),
            json!({ "range": range(1, 0, 1, 0), "text": "z" }),
        ];
        let after = lines("abc").changed(&changes, Encoding::Utf16).unwrap();
        assert_eq!(&*after.text, "aXY\nzc");
        let whole = [json!({ "text": "new" })];
        assert_eq!(&*after.changed(&whole, Encoding::Utf16).unwrap().text, "new");
        assert!(
            after
                .changed(&[json!({ "range": 1, "text": "" })], Encoding::Utf16)
                .is_none()
        );
    }

    proptest! {
        #[test]
        fn a_position_leads_back(text in "[a-zö\u{1f600}\r\n]{0,40}", at in 0usize..60) {
            let lines = lines(&text);
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let mut offset = at.min(text.len());
                while !text.is_char_boundary(offset) { offset -= 1; }
                let position = lines.position(offset, encoding);
                let back = lines.offset(&position, encoding).unwrap();
                // Between the two characters of a line break there is no position.
                let inside = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                prop_assert!(back == offset || inside, "{:?} {} {}", text, offset, back);
            }
        }
    }
}
