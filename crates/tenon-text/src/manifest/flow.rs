//! Splicing into `[a, b]` and `{a, b}`.
//!
//! Knows commas, comments and line ends; not what stands between the commas. In: the spans of the entries. Out: edits
//! that leave every other byte, comments at the ends of lines included, where they are.

use super::syntax::Style;
use super::tree::Node;
use crate::diag::{Span, TextEdit};
use crate::format::{indent_at, line_start};

/// A container between brackets.
pub(super) struct Flow<'t> {
    text: &'t str,
    /// Behind the opening bracket.
    open: usize,
    /// Before the closing bracket.
    close: usize,
    /// Entries without separators and comments.
    items: Vec<Span>,
    /// What a comment to the end of the line begins with; `/* */` is known where that is `//`.
    comment: &'static str,
}

/// How a new entry will stand.
pub(super) struct Place {
    /// On a line of its own, indented by this; else on the line of its neighbours.
    pub indent: Option<String>,
    /// What comes between it and the comma before it.
    gap: String,
}

impl<'t> Flow<'t> {
    /// The entries of `container`, which stands between brackets.
    pub fn of(text: &'t str, container: &Node, comment: &'static str) -> Self {
        Self {
            text,
            open: container.span.start + 1,
            close: container.span.end - 1,
            items: container.children().iter().map(|child| child.span).collect(),
            comment,
        }
    }

    /// The bytes between the brackets if there are only blanks, but some.
    pub fn hollow(&self) -> Option<String> {
        (self.open < self.close && self.is_blank(self.open, self.close))
            .then(|| self.text[self.open..self.close].to_owned())
    }

    /// How an entry at `index` will stand: as its neighbours do.
    pub fn place(&self, index: usize, style: &Style) -> Place {
        let has_break = |from: usize, to: usize| self.text[from..to].contains('\n');
        let own_line = match self.items.len().checked_sub(1) {
            None => {
                has_break(self.open, self.close) || (style.own_line && self.is_blank(self.open, self.close))
            }
            Some(last) => {
                let right = index.min(last);
                let left = right
                    .checked_sub(1)
                    .map_or(self.open, |left| self.items[left].end);
                has_break(left, self.items[right].start)
            }
        };
        if own_line {
            let mut siblings = [index.wrapping_sub(1), index]
                .into_iter()
                .filter_map(|at| self.items.get(at));
            let sibling = siblings.find(|item| self.starts_line(item.start));
            let indent = match sibling {
                Some(item) => indent_at(self.text, item.start).to_owned(),
                None => format!("{}{}", indent_at(self.text, self.open), style.unit),
            };
            return Place {
                gap: format!("{}{indent}", style.eol),
                indent: Some(indent),
            };
        }
        let mut gaps = self.items.windows(2).map(|pair| {
            let between = &self.text[pair[0].end..pair[1].start];
            between.trim_start().strip_prefix(',').unwrap_or("?")
        });
        let example = gaps.rfind(|gap| gap.chars().all(|c| c == ' '));
        Place {
            indent: None,
            gap: example.unwrap_or(style.gap).to_owned(),
        }
    }

    /// Inserts `entry`, printed for `place`, before the entry that now is at `index`.
    pub fn insert(&self, index: usize, entry: &str, place: &Place, pad: &str, eol: &str) -> Vec<TextEdit> {
        let gap = &place.gap;
        if self.items.is_empty() {
            return vec![self.insert_first(entry, place, pad, eol)];
        }
        let Some(previous) = index.checked_sub(1) else {
            return vec![match place.indent {
                Some(_) => TextEdit::insert(self.tail(self.open), format!("{gap}{entry},")),
                None => TextEdit::insert(self.items[0].start, format!("{entry},{gap}")),
            }];
        };
        let comma = self.comma(previous);
        let end = self.end(previous);
        let at = if place.indent.is_some() {
            self.tail(end)
        } else {
            end
        };
        match comma {
            Some(_) => vec![TextEdit::insert(at, format!("{gap}{entry},"))],
            None if at == end => vec![TextEdit::insert(at, format!(",{gap}{entry}"))],
            None => vec![
                TextEdit::insert(end, ","),
                TextEdit::insert(at, format!("{gap}{entry}")),
            ],
        }
    }

    fn insert_first(&self, entry: &str, place: &Place, pad: &str, eol: &str) -> TextEdit {
        if self.is_blank(self.open, self.close) {
            let text = match &place.indent {
                Some(_) => format!("{}{entry}{eol}{}", place.gap, indent_at(self.text, self.open)),
                None => format!("{pad}{entry}{pad}"),
            };
            return TextEdit::replace(self.open..self.close, text);
        }
        // Only comments stand there: behind the last one.
        let at = self.text[..self.close].trim_end().len();
        let gap = if place.indent.is_some() { &place.gap } else { " " };
        TextEdit::insert(at, format!("{gap}{entry}"))
    }

    /// Whether a comment would stay in the container if its only entry went.
    pub fn keeps_comments(&self) -> bool {
        let cuts = self.removal(0);
        let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
            return false;
        };
        !(self.is_blank(self.open, first.start) && self.is_blank(last.end, self.close))
    }

    /// Removes the entry at `index`; `hollow` is what a container that becomes empty keeps between its brackets.
    pub fn remove(&self, index: usize, hollow: Option<&str>) -> Vec<TextEdit> {
        if self.items.len() == 1 && !self.keeps_comments() {
            let hollow = hollow.unwrap_or_default();
            return vec![TextEdit::replace(self.open..self.close, hollow)];
        }
        let cuts = self.removal(index).into_iter();
        cuts.map(|span| TextEdit::replace(span, "")).collect()
    }

    /// What goes with the entry at `index`: a comma, its line, the comment behind it.
    fn removal(&self, index: usize) -> Vec<Span> {
        let item = self.items[index];
        let end = self.end(index);
        let tail = self.tail(end);
        let comma_before = index.checked_sub(1).and_then(|previous| self.comma(previous));
        let (from, to) = match (comma_before, self.items.get(index + 1)) {
            _ if self.starts_line(item.start) && self.ends_line(tail) => {
                (self.break_before(item.start), tail)
            }
            (None, Some(next)) if self.is_blank(end, next.start) => (item.start, next.start),
            (None, None) => (self.text[..item.start].trim_end_matches([' ', '\t']).len(), end),
            (Some(comma), _) if self.is_blank(comma + 1, item.start) => (comma + 1, end),
            _ => (item.start, end),
        };
        let mut cuts = vec![Span::new(from, to)];
        if let (None, Some(comma)) = (self.comma(index), comma_before) {
            cuts.insert(0, Span::new(comma, comma + 1));
        }
        cuts
    }

    /// The comma behind the entry at `index`, comments stepped over.
    fn comma(&self, index: usize) -> Option<usize> {
        let limit = self.items.get(index + 1).map_or(self.close, |next| next.start);
        let mut at = self.items[index].end;
        while at < limit {
            match self.text.as_bytes()[at] {
                b',' => return Some(at),
                _ => at = self.comment_end(at).unwrap_or(at + 1),
            }
        }
        None
    }

    /// Where the entry at `index` ends, its comma included.
    fn end(&self, index: usize) -> usize {
        self.comma(index).map_or(self.items[index].end, |comma| comma + 1)
    }

    /// Where the comment that begins at `at` ends, before its line end.
    fn comment_end(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..self.close)?;
        if rest.starts_with(self.comment) {
            let line = rest.split('\n').next().unwrap_or(rest);
            return Some(at + line.trim_end_matches('\r').len());
        }
        (self.comment == "//" && rest.starts_with("/*"))
            .then(|| rest.find("*/").map_or(self.close, |end| at + end + 2))
    }

    /// Behind the comments that follow `at` on the same line, if nothing but comments does; else `at`.
    fn tail(&self, at: usize) -> usize {
        let (mut pos, mut tail) = (at, at);
        while pos < self.close {
            match self.text.as_bytes()[pos] {
                b' ' | b'\t' | b'\r' => pos += 1,
                b'\n' => return tail,
                _ => match self.comment_end(pos) {
                    Some(end) if !self.text[pos..end].contains('\n') => (pos, tail) = (end, end),
                    _ => return at,
                },
            }
        }
        tail
    }

    fn is_blank(&self, from: usize, to: usize) -> bool {
        self.text[from..to].trim().is_empty()
    }

    /// Whether nothing but blanks stands before `at` on its line.
    fn starts_line(&self, at: usize) -> bool {
        let start = line_start(self.text, at);
        start >= self.open && self.is_blank(start, at)
    }

    /// Whether the line, or the container, ends at `at`.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.text[at..self.close].trim_start_matches([' ', '\t', '\r']);
        rest.is_empty() || rest.starts_with('\n')
    }

    /// Where the line end before the line of `at` begins.
    fn break_before(&self, at: usize) -> usize {
        super::lines::break_before(self.text, line_start(self.text, at))
    }
}
