//! Lists in text that is no code: one entry a line.
//!
//! Finds the lines that a regular expression says are entries, puts a line among them, and takes one out with its line end.
//! Bytes outside that line stay. Knows nothing of files: text in, spans and edits out.

use std::rc::Rc;

use regex::Regex;

use super::list::{Entry, New, NotFound, sorted_place};
use tenon_text::diag::{Span, TextEdit, line_col};
use tenon_text::format::{line_end, line_start};

/// What a list of lines looks like.
#[derive(Debug)]
pub struct LineRule {
    /// An entry; its group `name`, or else its first, names it.
    pub line: Rc<Regex>,
    /// The list begins below the one line that matches this; at the top of the text when absent.
    pub below: Option<Rc<Regex>>,
    /// The list ends above the first line, behind where it begins, that matches this; at the end of the text when absent.
    pub above: Option<Rc<Regex>>,
    /// Whether a new entry goes behind all others, even where these are in order.
    pub last: bool,
}

/// A list that was found.
#[derive(Debug)]
pub struct Lines {
    /// The lines between its bounds.
    pub span: Span,
    /// The entries, in the order of the text.
    pub entries: Vec<Entry>,
}

/// Where the lines of `text` in `range` stand, without their line ends.
fn lines(text: &str, range: Span) -> impl Iterator<Item = Span> {
    let mut at = range.start;
    text[range.start..range.end]
        .split_inclusive('\n')
        .map(move |line| {
            let start = at;
            at += line.len();
            Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
        })
}

impl LineRule {
    /// Finds the list in `text`.
    ///
    /// # Errors
    /// When no line, or more than one, is the one below which it begins, or none ends it.
    pub fn find(&self, text: &str) -> Result<Lines, NotFound> {
        let all = Span::new(0, text.len());
        let mut span = all;
        if let Some(below) = &self.below {
            let heads: Vec<Span> = lines(text, all)
                .filter(|line| below.is_match(&text[line.start..line.end]))
                .collect();
            let [head] = heads.as_slice() else {
                let places = heads.iter().map(|head| line_col(text, head.start)).collect();
                return Err(match heads.is_empty() {
                    true => NotFound::Nowhere,
                    false => NotFound::Ambiguous(places),
                });
            };
            span.start = next_line(text, head.end);
        }
        if let Some(above) = &self.above {
            let mut rest = lines(text, span);
            let end = rest.find(|line| above.is_match(&text[line.start..line.end]));
            span.end = end.ok_or(NotFound::Nowhere)?.start;
        }
        let entries = lines(text, span).filter_map(|line| {
            let found = self.line.captures(&text[line.start..line.end])?;
            let name = found.name("name").or_else(|| found.get(1))?;
            Some(Entry {
                name: name.as_str().to_owned(),
                span: line,
                name_span: Span::new(line.start + name.start(), line.start + name.end()),
            })
        });
        Ok(Lines {
            span,
            entries: entries.collect(),
        })
    }
}

/// Where the line behind the one at `at` begins.
fn next_line(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    end + text[end..].find('\n').map_or(0, |at| at + 1)
}

/// Inserts `new`, one line, into the list that `rule` found in `text`: before the entry that it names, in order if the list is
/// sorted, else last. `eol` is the text's line end.
pub fn insert(text: &str, rule: &LineRule, list: &Lines, new: New<'_>, eol: &str) -> TextEdit {
    let entries = &list.entries;
    let place = match new.index_of_next(entries) {
        Some(at) => Some(at),
        None if rule.last => None,
        None => sorted_place(entries, new.name),
    };
    let before = place.and_then(|at| entries.get(at));
    if let Some(entry) = before {
        return TextEdit::insert(entry.span.start, format!("{}{eol}", new.text));
    }
    if let Some(last) = entries.last() {
        return behind(text, next_line(text, last.span.end), new.text, eol);
    }
    // Behind what is there, but for blank lines at its end.
    let inside = &text[list.span.start..list.span.end];
    let at = match inside.trim_end() {
        "" => list.span.start,
        kept => next_line(text, list.span.start + kept.len()),
    };
    behind(text, at, new.text, eol)
}

/// Inserts `line` at `at`, where a line ends: with a line end of its own, behind it or, where the text has no final one, before it.
fn behind(text: &str, at: usize, line: &str, eol: &str) -> TextEdit {
    match text[..at].ends_with('\n') || at == 0 {
        true => TextEdit::insert(at, format!("{line}{eol}")),
        false => TextEdit::insert(at, format!("{eol}{line}")),
    }
}

/// Removes the entry `index` of `list`, which was found in `text`, with its line end; that of the line before it if it has none.
pub fn remove(text: &str, list: &Lines, index: usize) -> Option<TextEdit> {
    let entry = list.entries.get(index)?.span;
    let (start, end) = (line_start(text, entry.start), next_line(text, entry.end));
    if text[..end].ends_with('\n') {
        return Some(TextEdit::replace(start..end, ""));
    }
    let above = text[..start].trim_end_matches('\n').trim_end_matches('\r').len();
    // Only the one line end that parts them goes.
    let above = above.max(start.saturating_sub(if text[..start].ends_with("\r\n") { 2 } else { 1 }));
    Some(TextEdit::replace(above..end, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_text::diag::apply_edits;
    use tenon_text::regular::regular;

    fn rule(line: &str) -> LineRule {
        LineRule {
            line: regular(line).unwrap(),
            below: None,
            above: None,
            last: false,
        }
    }

    fn new<'a>(name: &'a str, text: &'a str, ahead_of: &'a str) -> New<'a> {
        New { name, text, ahead_of }
    }

    #[test]
    fn a_line_goes_in_and_out_and_leaves_no_trace() {
        let plugins = rule(r"^(\w+):\w+$");
        for (before, ahead_of, after) in [
            ("", "", "m:m\n"),
            ("# only words\n", "", "# only words\nm:m\n"),
            ("a:a\nz:z\n", "", "a:a\nm:m\nz:z\n"),
            ("z:z\na:a\n", "", "z:z\na:a\nm:m\n"),
            ("z:z\na:a\n\n# end\n", "", "z:z\na:a\nm:m\n\n# end\n"),
            ("z:z\na:a\n", "a", "z:z\nm:m\na:a\n"),
            ("z:z\na:a\n", "gone", "z:z\na:a\nm:m\n"),
            ("z:z\r\na:a\r\n", "", "z:z\r\na:a\r\nm:m\r\n"),
            ("z:z\r\ny:y\r\na:a\n", "", "z:z\r\ny:y\r\na:a\nm:m\r\n"),
            ("a:a", "", "a:a\nm:m"),
            ("# no end", "", "# no end\nm:m"),
        ] {
            let eol = if before.contains('\r') { "\r\n" } else { "\n" };
            let list = plugins.find(before).unwrap();
            let edit = insert(before, &plugins, &list, new("m", "m:m", ahead_of), eol);
            let text = apply_edits(before, &[edit]).unwrap();
            assert_eq!(text, after);
            let list = plugins.find(&text).unwrap();
            let index = list.entries.iter().position(|entry| entry.name == "m").unwrap();
            let edit = remove(&text, &list, index).unwrap();
            assert_eq!(apply_edits(&text, &[edit]).unwrap(), before);
        }
    }

    #[test]
    fn bounds_hold_a_list_together() {
        let mut list = rule(r"^- \[(?<name>[^\]]+)\]");
        list.below = Some(regular("^## Ours").unwrap());
        list.above = Some(regular("^## ").unwrap());
        let text = "- [x]\n## Ours\n\n- [a]\n- [b]\n\n## Theirs\n- [y]\n";
        let found = list.find(text).unwrap();
        let names: Vec<&str> = found.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        let edit = insert(text, &list, &found, new("c", "- [c]", ""), "\n");
        assert_eq!(
            apply_edits(text, &[edit]).unwrap(),
            "- [x]\n## Ours\n\n- [a]\n- [b]\n- [c]\n\n## Theirs\n- [y]\n"
        );
        assert_eq!(list.find("- [a]\n").unwrap_err(), NotFound::Nowhere);
        assert_eq!(list.find("## Ours\n- [a]\n").unwrap_err(), NotFound::Nowhere);
        let twice = list.find("## Ours\n## Ours\n").unwrap_err();
        assert!(matches!(twice, NotFound::Ambiguous(places) if places.len() == 2));
    }
}
