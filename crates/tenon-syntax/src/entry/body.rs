//! The text of a new entry: as its nearest neighbour has it with other names, else as the example says.

use std::collections::HashMap;

use tenon_text::diag::Span;
use tenon_text::format::{Indent, line_end, line_indent, line_start, with_lf};
use tenon_text::names::normal;

use super::columns::columns;
use super::document::Document;
use super::example::{Cut, Example};
use super::extent::{Capture, Match};
use super::form::Spelling;

/// A rendered entry, read by its own example.
pub(super) struct New {
    /// Which text of the example it is.
    pub form: usize,
    /// What its holes hold.
    pub values: Vec<String>,
    /// Which holes.
    pub holes: Vec<usize>,
    /// Whether it says more than its text and its holes.
    is_filled: bool,
    /// Both, and where they stand.
    pub captures: Vec<Capture>,
    /// The comment above, without indentation.
    comment: String,
    /// The rest, without indentation and the last comma.
    text: String,
}

impl Example {
    /// What the holes hold in `text`, which is an entry by itself: numbers and texts; nothing if it does not read like the example.
    /// Holes of conditions that do not hold are left out.
    pub fn read(&self, text: &str) -> Option<Vec<Capture>> {
        Some(New::read(self, text)?.captures)
    }
}

impl New {
    /// Reads `text`; nothing if it does not read like `example`.
    pub fn read(example: &Example, text: &str) -> Option<Self> {
        let text = with_lf(text);
        let cut = Cut::new(&text, example.syntax);
        let (first, last) = (cut.tokens.first()?.start, cut.tokens.last()?.end);
        let doc = Document::of_fragment(&text, example.syntax, cut.tokens);
        let mut budget = usize::MAX;
        let all = example.forms.iter().enumerate();
        let (form, run) = all
            .filter_map(|(number, form)| {
                Some((number, doc.read_at(form, 0, doc.tokens.len(), &mut budget).ok()??))
            })
            .filter(|(number, run)| run.last == doc.tokens.len() || example.forms[*number].is_open)
            // The same order as in `Document::find`, so that the entry is read alike before and after it is written.
            .min_by_key(|(number, run)| (!run.extras.is_empty(), *number))?;
        let values = run.values(&doc, &example.forms[form]);
        let begin = line_start(&text, first);
        let (head, body) = text.split_at(if text[begin..first].trim().is_empty() {
            begin
        } else {
            first
        });
        let comment = if cut.begins_with_comment {
            dedent(head.trim_matches('\n'))
        } else {
            String::new()
        };
        let end = text[last..].trim_end();
        // A semicolon is part of the text, a comma parts it from the next entry.
        let tail = if end.trim_start().starts_with(',') {
            ""
        } else {
            end
        };
        let body = &body[..body.len() - (text.len() - last)];
        Some(Self {
            form,
            values: values.iter().map(|value| value.text.clone()).collect(),
            holes: values.iter().map(|value| value.hole.id).collect(),
            is_filled: run.gaps.iter().any(|(from, to)| from < to)
                || !run.extras.is_empty()
                || run.last < doc.tokens.len(),
            captures: values,
            comment,
            text: dedent(&format!("{body}{tail}")),
        })
    }

    /// Whether it is a row of a table.
    pub fn is_row(&self) -> bool {
        self.text.starts_with('|')
    }

    /// Whether `entry` is this one.
    pub fn is(&self, entry: &Match) -> bool {
        let named = entry
            .values
            .iter()
            .filter(|value| value.hole.spelling != Spelling::Text);
        let mut named = named.peekable();
        named.peek().is_some()
            && named.all(|value| {
                let own = self.holes.iter().position(|hole| *hole == value.hole.id);
                own.is_none_or(|own| normal(&self.values[own]) == normal(&value.text))
            })
    }
}

/// What is written for a new entry, with `\n` for line ends, the first line without its indentation.
pub(super) struct Body {
    /// The lines of a comment, each with its line end and the indentation of the next line.
    pub comment: String,
    pub text: String,
    /// Columns that the new entry needs further to the right: the element, and by how much.
    pub wider: Vec<(usize, usize)>,
    /// Where the entry begins whose text was taken.
    pub like: Option<usize>,
}

/// The text of `new` beside `neighbours`, the nearest first, in lines that begin with `indent`.
pub(super) fn body(
    doc: &Document,
    example: &Example,
    new: &New,
    neighbours: &[&Match],
    rows: &[&Match],
    indent: &str,
) -> Body {
    let mut body = plain(doc, new, indent);
    let lines = |entry: &Match| doc.text[entry.extent.start..entry.extent.end].lines().count();
    // A neighbour with a shorter name may stand on one line where the new entry is too long for it.
    let is_broken = |entry: &Match| !example.is_fitted || lines(entry) == new.text.lines().count();
    // Attributes that most entries have belong to a new one as well.
    let attributes = |entry: &Match| &doc.text[entry.extent.start.min(entry.inner)..entry.inner];
    let usual = usual(rows.iter().map(|row| attributes(row)));
    let mut likes = neighbours.iter().copied();
    let like = likes.find(|entry| is_like(doc, entry, new) && is_broken(entry) && attributes(entry) == usual);
    if let Some(entry) = like {
        let own = attached(doc, entry);
        // A comment parts the lines of two entries, and their columns.
        let columns = if own < entry.extent.start {
            vec![]
        } else {
            columns(doc, rows, entry)
        };
        (body.text, body.wider) = filled(doc, entry, new, &columns, indent);
        body.like = Some(entry.extent.start);
        if body.comment.is_empty() && own < entry.extent.start && is_documented(doc, example, rows) {
            let text = renamed(&doc.text[own..entry.extent.start], entry, new);
            body.comment = with_lf(&text);
        }
    } else if let Some(entry) = neighbours.first() {
        let held = &doc.text[entry.extent.start..entry.extent.end];
        let has = |text: &str| text.trim_end().ends_with(';');
        if has(held) && !has(&body.text) && doc.syntax.has_tree() {
            body.text.push(';');
        } else if !has(held) && has(&body.text) {
            body.text.truncate(body.text.trim_end().len() - 1);
        }
    }
    body
}

/// What more than half of `texts` are, and more than one; nothing if no text is so usual.
fn usual<'t>(texts: impl Iterator<Item = &'t str>) -> &'t str {
    let (mut counts, mut all) = (HashMap::<&str, usize>::new(), 0);
    for text in texts {
        *counts.entry(text).or_default() += 1;
        all += 1;
    }
    // There is only one of which there are more than half.
    let mut usual = counts
        .into_iter()
        .filter(|(_, count)| *count > 1 && count * 2 > all);
    usual.next().map_or("", |(text, _)| text)
}

/// The text of `new` as the example has it.
pub(super) fn plain(doc: &Document, new: &New, indent: &str) -> Body {
    let step = Indent::detect(&doc.text);
    let lines = |text: &str| {
        let unit = Indent::detect(text).map(Indent::unit).filter(|_| step.is_some());
        let mut out = String::new();
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                out.push('\n');
            }
            if line.is_empty() {
                continue;
            }
            if number > 0 {
                out.push_str(indent);
            }
            let own = line_indent(line);
            match (&unit, step) {
                (Some(unit), Some(step)) if !own.is_empty() && own.len().is_multiple_of(unit.len()) => {
                    out.push_str(&step.unit().repeat(own.len() / unit.len()));
                }
                _ => out.push_str(own),
            }
            out.push_str(&line[own.len()..]);
        }
        out
    };
    let comment = if new.comment.is_empty() {
        String::new()
    } else {
        format!("{}\n{indent}", lines(&new.comment))
    };
    Body {
        comment,
        text: lines(&new.text),
        wider: vec![],
        like: None,
    }
}

/// Whether the text of `entry` can serve as the text of `new`.
fn is_like(doc: &Document, entry: &Match, new: &New) -> bool {
    let commented = doc
        .comments
        .iter()
        .any(|span| entry.extent.start <= span.start && span.end <= entry.extent.end);
    !entry.extra
        && !entry.is_filled
        && !new.is_filled
        && !entry.is_section
        && entry.form == new.form
        && !commented
        && entry.values.len() == new.values.len()
}

/// The text of `entry` with what `new` says in its holes; tokens that stand in columns are moved there.
fn filled(
    doc: &Document,
    entry: &Match,
    new: &New,
    columns: &[(usize, usize)],
    indent: &str,
) -> (String, Vec<(usize, usize)>) {
    let mut marks: Vec<(usize, Option<usize>, usize)> = Vec::new();
    let (mut wider, mut moved) = (Vec::new(), 0);
    for (number, value) in entry.values.iter().enumerate() {
        marks.push((value.span.start, Some(number), value.span.end));
    }
    for (elem, _) in columns {
        if let Some(token) = entry.words.get(*elem).copied().flatten() {
            let start = doc.tokens[token].start;
            marks.push((start, None, *elem));
        }
    }
    marks.sort_by_key(|(at, value, _)| (*at, value.is_some()));
    let (mut out, mut done) = (String::new(), entry.extent.start);
    for (at, value, end) in marks {
        out.push_str(&doc.text[done..at.max(done)]);
        done = done.max(at);
        match value {
            Some(number) => {
                out.push_str(&new.values[number]);
                done = end;
            }
            None => {
                out.truncate(out.trim_end_matches(' ').len());
                let column = columns
                    .iter()
                    .find(|(elem, _)| *elem == end)
                    .map_or(0, |(_, column)| column + moved);
                let wanted = column.max(out.chars().count() + 1);
                if wanted > column {
                    wider.push((end, wanted - column));
                    moved += wanted - column;
                }
                out.extend(std::iter::repeat_n(' ', wanted - out.chars().count()));
            }
        }
    }
    out.push_str(&doc.text[done..entry.extent.end]);
    // Lines keep their own indentation relative to the first one.
    let own = line_indent(&doc.text[line_start(&doc.text, entry.extent.start)..]);
    let out = with_lf(&out);
    if own == indent || !doc.begins_line(entry.extent.start) {
        return (out, wider);
    }
    let lines = out
        .split('\n')
        .enumerate()
        .map(|(number, line)| match line.strip_prefix(own) {
            Some(rest) if number > 0 => format!("{indent}{rest}"),
            _ => line.to_owned(),
        });
    (lines.collect::<Vec<_>>().join("\n"), wider)
}

/// `text` with what `entry` holds replaced by what `new` holds.
fn renamed(text: &str, entry: &Match, new: &New) -> String {
    let mut pairs: Vec<(&str, &str)> = entry
        .values
        .iter()
        .map(|value| value.text.as_str())
        .zip(new.values.iter().map(String::as_str))
        .collect();
    pairs.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    let (mut out, mut at) = (String::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        let found = pairs
            .iter()
            .find(|(old, _)| !old.is_empty() && text[at..].starts_with(old));
        if let Some((old, new)) = found {
            out.push_str(new);
            at += old.len();
        } else {
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

/// Where the comment above `entry` begins that is its own: it names it. Else where the entry begins.
pub(super) fn attached(doc: &Document, entry: &Match) -> usize {
    let start = entry.extent.start;
    if entry.is_section || !doc.begins_line(start) {
        return start;
    }
    let names: Vec<String> = entry
        .values
        .iter()
        .map(|value| normal(&value.text))
        .filter(|name| name.len() > 1)
        .collect();
    let (mut at, mut found) = (line_start(&doc.text, start), start);
    while at > 0 {
        let end = at - 1;
        let end = end - usize::from(doc.text[..end].ends_with('\r'));
        let begin = line_start(&doc.text, end);
        let line = doc.text[begin..end].trim();
        let from = begin + line_indent(&doc.text[begin..end]).len();
        let last = doc.comments.partition_point(|span| span.start <= from);
        let inside = last
            .checked_sub(1)
            .map(|last| doc.comments[last])
            .filter(|span| span.end + 1 >= end);
        let Some(comment) = inside.filter(|_| !line.is_empty()) else {
            break;
        };
        // A block of several lines is one comment.
        let (begin, from) = (line_start(&doc.text, comment.start), comment.start.min(from));
        if !doc.begins_line(from) {
            break;
        }
        let said = normal(&doc.text[from..end]);
        if names.iter().any(|name| said.contains(name)) {
            found = from;
        }
        at = begin;
    }
    found
}

/// Whether entries of this list have comments of their own.
pub(super) fn is_documented(doc: &Document, example: &Example, rows: &[&Match]) -> bool {
    let with = rows
        .iter()
        .filter(|row| attached(doc, row) < row.extent.start)
        .count();
    example.has_comment || (with > 1 && with * 2 > rows.len())
}

/// `text` without the indentation that all its lines share.
pub(super) fn dedent(text: &str) -> String {
    let lines = || text.split('\n');
    let said = lines().filter(|line| !line.trim().is_empty());
    let least = said.map(|line| line_indent(line).len()).min().unwrap_or(0);
    let cut = lines().map(|line| &line[least.min(line_indent(line).len())..]);
    cut.collect::<Vec<_>>().join("\n")
}

/// What stands on the line of `entry` behind it.
pub(super) fn rest_of_line(doc: &Document, entry: Span) -> Span {
    Span::new(entry.end, line_end(&doc.text, entry.end))
}
