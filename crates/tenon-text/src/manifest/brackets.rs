//! Splicing into `[a, b]` and `{a, b}`: JSON containers, TOML arrays and inline tables, YAML flow collections.
//!
//! Knows commas, comments and line ends; not what stands between the commas. In: the spans of the entries. Out: edits
//! that leave every other byte, comments at the ends of lines included, where they are.

use crate::diag::{Span, TextEdit};
use crate::format::{Eol, indent_at, line_start};

/// How comments begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// `//` and `/* */`.
    Slash,
    /// `#`.
    Hash,
}

/// A list between brackets.
pub(super) struct Brackets<'t> {
    pub text: &'t str,
    /// From the opening bracket to behind the closing one.
    pub span: Span,
    /// Entries without separators and comments.
    pub items: Vec<Span>,
    pub comments: Comments,
}

/// What to do where the list itself gives no example.
pub(super) struct Defaults<'a> {
    /// Whether the first entry of an empty list gets a line of its own.
    pub own_line: bool,
    /// One step of indentation.
    pub unit: &'a str,
    /// Between a comma and the next entry on the same line.
    pub gap: &'a str,
    /// Between a bracket and the only entry of a list on one line.
    pub pad: &'a str,
    pub eol: Eol,
}

/// How a new entry will stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// On a line of its own, indented by this.
    OwnLine(String),
    /// On the line of its neighbours, behind this.
    Inline(String),
}

impl Brackets<'_> {
    fn open(&self) -> usize {
        self.span.start + 1
    }

    fn close(&self) -> usize {
        self.span.end - 1
    }

    /// Between the brackets.
    fn inner(&self) -> &str {
        &self.text[self.open()..self.close()]
    }

    /// The bytes between the brackets of a list without entries and comments, if there are any.
    pub fn hollow(&self) -> Option<String> {
        let inner = self.inner();
        (self.items.is_empty() && !inner.is_empty() && inner.trim().is_empty()).then(|| inner.to_owned())
    }

    /// How an entry at `index` will stand: as its neighbours do.
    pub fn placement(&self, index: usize, defaults: &Defaults<'_>) -> Placement {
        let count = self.items.len();
        let own_line = match count {
            0 if self.inner().trim().is_empty() => defaults.own_line || self.inner().contains('\n'),
            0 => self.inner().contains('\n'),
            _ => {
                let right = index.min(count - 1);
                let left = right
                    .checked_sub(1)
                    .map_or(self.open(), |left| self.items[left].end);
                self.text[left..self.items[right].start].contains('\n')
            }
        };
        if own_line {
            let sibling = [index.wrapping_sub(1), index]
                .into_iter()
                .filter_map(|at| self.items.get(at))
                .find(|item| self.starts_line(item.start));
            return Placement::OwnLine(match sibling {
                Some(item) => indent_at(self.text, item.start).to_owned(),
                None => format!("{}{}", indent_at(self.text, self.span.start), defaults.unit),
            });
        }
        let mut example = (1..count).map(|right| {
            let gap = &self.text[self.items[right - 1].end..self.items[right].start];
            gap.trim_start().strip_prefix(',').unwrap_or("?")
        });
        let gap = example.rfind(|gap| gap.chars().all(|c| c == ' '));
        Placement::Inline(gap.unwrap_or(defaults.gap).to_owned())
    }

    /// Inserts `entry`, printed for `placement`, before the entry that now is at `index`.
    pub fn insert(
        &self,
        index: usize,
        entry: &str,
        placement: &Placement,
        defaults: &Defaults<'_>,
    ) -> Vec<TextEdit> {
        let eol = defaults.eol.as_str();
        if self.items.is_empty() {
            return vec![self.insert_first(entry, placement, defaults)];
        }
        let Some(previous) = index.checked_sub(1) else {
            return vec![match placement {
                Placement::OwnLine(indent) => {
                    TextEdit::insert(self.line_tail(self.open()), format!("{eol}{indent}{entry},"))
                }
                Placement::Inline(gap) => TextEdit::insert(self.items[0].start, format!("{entry},{gap}")),
            }];
        };
        let end = self.items[previous].end;
        let before = match placement {
            Placement::OwnLine(indent) => format!("{eol}{indent}"),
            Placement::Inline(gap) => gap.clone(),
        };
        let own_line = matches!(placement, Placement::OwnLine(_));
        match self.comma_after(previous) {
            Some(comma) => {
                let at = if own_line {
                    self.line_tail(comma + 1)
                } else {
                    comma + 1
                };
                vec![TextEdit::insert(at, format!("{before}{entry},"))]
            }
            None if !own_line => vec![TextEdit::insert(end, format!(",{before}{entry}"))],
            None => match self.line_tail(end) {
                at if at == end => vec![TextEdit::insert(end, format!(",{before}{entry}"))],
                at => vec![
                    TextEdit::insert(end, ","),
                    TextEdit::insert(at, format!("{before}{entry}")),
                ],
            },
        }
    }

    fn insert_first(&self, entry: &str, placement: &Placement, defaults: &Defaults<'_>) -> TextEdit {
        let eol = defaults.eol.as_str();
        let inner = self.inner();
        if inner.trim().is_empty() {
            let text = match placement {
                Placement::OwnLine(indent) => {
                    let outer = indent_at(self.text, self.span.start);
                    format!("{eol}{indent}{entry}{eol}{outer}")
                }
                Placement::Inline(_) => format!("{pad}{entry}{pad}", pad = defaults.pad),
            };
            return TextEdit::replace(self.open()..self.close(), text);
        }
        // Only comments stand there: behind the last one.
        let at = self.open() + inner.trim_end().len();
        match placement {
            Placement::OwnLine(indent) => TextEdit::insert(at, format!("{eol}{indent}{entry}")),
            Placement::Inline(_) => TextEdit::insert(at, format!(" {entry}")),
        }
    }

    /// Whether a comment would stay in the list if the only entry went.
    pub fn keeps_comments(&self) -> bool {
        let rest = self
            .removal(0)
            .iter()
            .fold(self.inner().to_owned(), |inner, cut| {
                let (start, end) = (cut.start - self.open(), cut.end - self.open());
                format!("{}{}", &inner[..start], &inner[end..])
            });
        !rest.trim().is_empty()
    }

    /// Removes the entry at `index`; `hollow` is what a list that becomes empty keeps between its brackets.
    pub fn remove(&self, index: usize, hollow: Option<&str>) -> Vec<TextEdit> {
        if self.items.len() == 1 && !self.keeps_comments() {
            return vec![TextEdit::replace(
                self.open()..self.close(),
                hollow.unwrap_or_default(),
            )];
        }
        self.removal(index)
            .into_iter()
            .map(|span| TextEdit::replace(span.start..span.end, ""))
            .collect()
    }

    /// What goes with the entry at `index`: its separator, its line, the comment behind it.
    fn removal(&self, index: usize) -> Vec<Span> {
        let item = self.items[index];
        let comma = self.comma_after(index);
        let end = comma.map_or(item.end, |comma| comma + 1);
        let tail = self.line_tail(end);
        let before = index
            .checked_sub(1)
            .and_then(|previous| self.comma_after(previous));
        let blank = |from: usize, to: usize| self.text[from..to].trim().is_empty();
        let mut cuts = Vec::new();
        if self.starts_line(item.start) && self.ends_line(tail) {
            if comma.is_none() {
                cuts.extend(before.map(|comma| Span::new(comma, comma + 1)));
            }
            cuts.push(Span::new(self.break_before(item.start), tail));
        } else if let (Some(next), true) = (self.items.get(index + 1), index == 0) {
            cuts.push(Span::new(
                item.start,
                if blank(end, next.start) { next.start } else { end },
            ));
        } else if comma.is_none() {
            match before {
                Some(comma) if blank(comma + 1, item.start) => cuts.push(Span::new(comma, item.end)),
                Some(comma) => {
                    cuts.push(Span::new(comma, comma + 1));
                    cuts.push(Span::new(item.start, item.end));
                }
                None => cuts.push(Span::new(self.blanks_before(item.start), item.end)),
            }
        } else {
            let start = before
                .map(|comma| comma + 1)
                .filter(|from| blank(*from, item.start));
            cuts.push(Span::new(start.unwrap_or(item.start), end));
        }
        cuts
    }

    /// The comma behind the entry at `index`, comments stepped over.
    fn comma_after(&self, index: usize) -> Option<usize> {
        let limit = self.items.get(index + 1).map_or(self.close(), |next| next.start);
        let mut at = self.items[index].end;
        while at < limit {
            match self.text.as_bytes()[at] {
                b',' => return Some(at),
                _ => at = self.comment_end(at).unwrap_or(at + 1),
            }
        }
        None
    }

    /// Where the comment that begins at `at` ends, before its line end.
    fn comment_end(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..self.close())?;
        let line = || {
            let body = rest.split('\n').next().unwrap_or(rest);
            Some(at + body.trim_end_matches('\r').len())
        };
        match self.comments {
            Comments::Hash if rest.starts_with('#') => line(),
            Comments::Slash if rest.starts_with("//") => line(),
            Comments::Slash if rest.starts_with("/*") => {
                Some(rest.find("*/").map_or(self.close(), |n| at + n + 2))
            }
            _ => None,
        }
    }

    /// Behind the comments that follow `at` on the same line, if nothing but comments does; else `at`.
    fn line_tail(&self, at: usize) -> usize {
        let (mut pos, mut tail) = (at, at);
        while pos < self.close() {
            match self.text.as_bytes()[pos] {
                b' ' | b'\t' | b'\r' => pos += 1,
                b'\n' => return tail,
                _ => match self.comment_end(pos) {
                    Some(end) if !self.text[pos..end].contains('\n') => {
                        pos = end;
                        tail = end;
                    }
                    _ => return at,
                },
            }
        }
        if pos == self.close() { tail } else { at }
    }

    /// Whether nothing but blanks stands before `at` on its line.
    fn starts_line(&self, at: usize) -> bool {
        let start = line_start(self.text, at);
        start > self.span.start && self.text[start..at].trim().is_empty()
    }

    /// Whether the line, or the list, ends at `at`.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.text[at..self.close()].trim_start_matches([' ', '\t', '\r']);
        rest.is_empty() || rest.starts_with('\n')
    }

    /// Where the line end before the line of `at` begins.
    fn break_before(&self, at: usize) -> usize {
        let start = line_start(self.text, at);
        let body = self.text[..start]
            .strip_suffix('\n')
            .unwrap_or(&self.text[..start]);
        body.strip_suffix('\r').unwrap_or(body).len()
    }

    fn blanks_before(&self, at: usize) -> usize {
        self.text[..at].trim_end_matches([' ', '\t']).len()
    }
}
