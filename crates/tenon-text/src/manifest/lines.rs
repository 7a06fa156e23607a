//! Splicing into what stands on lines of its own: the entries of YAML's blocks and TOML's tables, and TOML's sections.
//!
//! Knows that `#` begins a comment and nothing else of syntax. A line is inserted behind what stands above it (`line
//! end + text`) and removed together with the line end before it, so that the last line keeps or lacks its line end as
//! before. One that is inserted before all others, where nothing stands above, brings the line end behind it.

use super::tree::{Child, Layout, Node};
use crate::diag::{Span, TextEdit};
use crate::format::{line_end, line_start};

/// The entries of a container that stand on lines, by their numbers in it.
pub(super) struct Lines<'t> {
    text: &'t str,
    /// Where what stands above the first entry ends.
    head: Option<usize>,
    own: Vec<(usize, Span)>,
}

impl<'t> Lines<'t> {
    /// The entries of `container`, without those under headers of their own.
    pub fn of(text: &'t str, container: &Node) -> Self {
        let head = match container.layout() {
            Some(Layout::Block { head }) => head,
            _ => None,
        };
        let all = container.children().iter().enumerate();
        let own = all
            .filter(|(_, child)| !child.apart)
            .map(|(at, child)| (at, child.span));
        Self {
            text,
            head,
            own: own.collect(),
        }
    }

    fn first(&self) -> Option<Span> {
        self.own.first().map(|(_, span)| *span)
    }

    fn before(&self, index: usize) -> Option<Span> {
        let before = self.own.iter().rfind(|(at, _)| *at < index);
        before.map(|(_, span)| *span)
    }

    /// The blanks before a new line at `index`: as many as the others are moved in by.
    pub fn indent(&self, index: usize) -> String {
        let Some(example) = self.before(index).or(self.first()) else {
            return String::new();
        };
        let before = &self.text[line_start(self.text, example.start)..example.start];
        before.chars().map(|c| if c == '\t' { c } else { ' ' }).collect()
    }

    /// Inserts `line`, indented by `indent`, before the entry that now is at `index`.
    pub fn insert(&self, index: usize, line: &str, indent: &str, eol: &str) -> TextEdit {
        let above = self.before(index).map(|span| span.end).or(self.head);
        match (above, self.first()) {
            (None, Some(first)) => TextEdit::insert(first.start, format!("{line}{eol}{indent}")),
            (above, _) => {
                let at = above.map_or(self.text.len(), |above| tail(self.text, above));
                TextEdit::insert(at, format!("{eol}{indent}{line}"))
            }
        }
    }

    /// Removes the entry at `index`, which consists of `pieces`.
    ///
    /// # Errors
    /// Where it begins, if a comment would get before another entry.
    pub fn remove(&self, index: usize, pieces: &[Span]) -> Result<Vec<TextEdit>, usize> {
        let is_first = self.own.first().is_some_and(|(at, _)| *at == index);
        let next = self.own.iter().find(|(at, _)| *at > index);
        let brought_its_end = is_first && self.head.is_none() && next.is_some();
        let mut edits = Vec::new();
        for piece in pieces {
            let end = tail(self.text, piece.end);
            let start = line_start(self.text, piece.start);
            edits.push(if !is_blank(self.text, start, piece.start) {
                // The first entry behind `- `: the next one takes its place.
                let end = match next {
                    Some((_, next)) if is_blank(self.text, end, next.start) => next.start,
                    Some(_) => return Err(piece.start),
                    None => end,
                };
                TextEdit::replace(piece.start..end, "")
            } else if brought_its_end || start == 0 {
                TextEdit::replace(start..next_line(self.text, end), "")
            } else {
                TextEdit::replace(break_before(self.text, start)..end, "")
            });
        }
        Ok(edits)
    }

    /// Whether no comment stands between what stands above the entries and the first of them.
    pub fn is_bare(&self) -> bool {
        let Some(above) = self.head.map(|head| tail(self.text, head)) else {
            return true;
        };
        self.first()
            .is_none_or(|first| first.start < above || is_blank(self.text, above, first.start))
    }
}

/// The spans that go with `child`, in their order: its lines and, under their headers, sections. Those with only blanks
/// between them are one.
pub(super) fn pieces(text: &str, child: &Child) -> Vec<Span> {
    let mut all = Vec::new();
    collect(child, &mut all);
    all.sort_unstable();
    all.dedup_by(|next, last| {
        let from = tail(text, last.end).min(next.start);
        let joined = is_blank(text, from, next.start);
        if joined {
            last.end = last.end.max(next.end);
        }
        joined
    });
    all
}

/// The spans that go with `child`.
pub(super) fn collect(child: &Child, out: &mut Vec<Span>) {
    let is_scattered = matches!(child.node.layout(), Some(Layout::Loose | Layout::Tables));
    if !is_scattered {
        out.push(child.span);
    }
    for inner in child.node.children() {
        if is_scattered || inner.apart {
            collect(inner, out);
        }
    }
}

/// Removes a section, and the blank line that parts it from what stands above, or below if it is the first.
pub(super) fn remove_section(text: &str, span: Span) -> TextEdit {
    let end = tail(text, span.end);
    let start = line_start(text, span.start);
    if start == 0 {
        return remove_with_blank_below(text, Span::new(0, span.end));
    }
    let start = break_before(text, start);
    let above = line_start(text, start);
    let blank = above > 0 && is_blank(text, above, start);
    let start = if blank { break_before(text, above) } else { start };
    TextEdit::replace(start..end, "")
}

/// Removes the lines of `span` with the line end and the blank line behind them.
pub(super) fn remove_with_blank_below(text: &str, span: Span) -> TextEdit {
    let next = next_line(text, span.end);
    let after = next_line(text, next);
    // At the end of the text, what stood there before the section stays.
    let blank = is_blank(text, next, after) && !is_blank(text, next, text.len());
    TextEdit::replace(line_start(text, span.start)..if blank { after } else { next }, "")
}

/// Where the line of `at` ends, the comment behind `at` included but neither blanks nor the line end behind it.
pub(super) fn tail(text: &str, at: usize) -> usize {
    at + text[at..line_end(text, at)].trim_end().len()
}

/// Where the line end before the line that begins at `start` begins.
pub(super) fn break_before(text: &str, start: usize) -> usize {
    let body = text[..start].strip_suffix('\n').unwrap_or(&text[..start]);
    body.strip_suffix('\r').unwrap_or(body).len()
}

/// Where the comment lines directly above the line that begins at `start` begin.
pub(super) fn comments_above(text: &str, mut start: usize) -> usize {
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// Where the comment lines directly below the line that ends at `end` end, if a blank line or the end follows them; else
/// they belong to what follows, and it is `end`.
pub(super) fn comments_below(text: &str, end: usize) -> usize {
    let mut last = end;
    loop {
        let next = next_line(text, last);
        let line = &text[next..line_end(text, next)];
        match line.trim_start() {
            "" => return last,
            comment if comment.starts_with('#') => last = next + line.trim_end().len(),
            _ => return end,
        }
    }
}

/// Behind the line end that follows `at`.
fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |n| at + n + 1)
}

fn is_blank(text: &str, from: usize, to: usize) -> bool {
    text[from..to].trim().is_empty()
}
