//! Import statements as lines of a file: groups of them, a new one put beside its neighbours, one taken out; and the same for the
//! names within a statement. Bytes of neighbours stay, comments and line ends among them.
//!
//! Languages say what the statements are, how one is printed, and in which order they stand. In: spans, and text with `\n`. Out: edits.

pub mod dotted;

use std::ops::Range;

use crate::tree::{Node, Tree};
use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{Eol, indent_at, line_end, line_start};

/// The line end of the line of `at`; of the last line that of the one before.
fn eol(source: &str, at: usize) -> &'static str {
    let end = source[at..].find('\n').map(|end| at + end);
    match end.or_else(|| source[..at].rfind('\n')) {
        Some(end) if source[..end].ends_with('\r') => Eol::CrLf.as_str(),
        _ => Eol::Lf.as_str(),
    }
}

/// `text` with the line ends of the line of `at`.
pub fn with_eol(source: &str, at: usize, text: &str) -> String {
    text.replace('\n', eol(source, at))
}

/// Where the line behind that of `at` begins.
fn next_line(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |end| at + end + 1)
}

/// Whether the line at `at` is there and blank.
fn is_blank(source: &str, at: usize) -> bool {
    at < source.len() && source[at..line_end(source, at)].trim().is_empty()
}

/// Whether code or a text in quotes names `name` outside of imports; `kinds` are the nodes that are names.
pub fn uses(tree: &Tree, name: &str, kinds: &[&str], is_import: fn(&Node<'_>) -> bool) -> bool {
    let is_name = |kind: &str| kind == "string_content" || kinds.contains(&kind);
    let root = tree.root();
    root.dfs().any(|node| {
        let is_it = is_name(&node.kind()) && node.text().trim_start_matches(':') == name;
        is_it && !node.ancestors().any(|above| is_import(&above))
    })
}

/// Import statements, or the lines of one list of imports, in a file.
pub struct Statements<'s> {
    source: &'s str,
    /// From their first byte to their last, in order.
    spans: Vec<Span>,
    /// What they stand in: the file, a block, the inside of brackets.
    within: Span,
    /// What a comment up to the end of a line begins with.
    comment: &'static str,
}

impl<'s> Statements<'s> {
    /// The statements `spans` of `source`, which stand in `within`.
    pub fn new(source: &'s str, spans: Vec<Span>, within: Span, comment: &'static str) -> Self {
        Self {
            source,
            spans,
            within,
            comment,
        }
    }

    /// The statements with nothing but comments between them: a blank line parts groups, and so does code.
    pub fn groups(&self) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = vec![];
        for at in 0..self.spans.len() {
            match out.last_mut() {
                Some(group) if self.is_joined(at) => group.end = at + 1,
                _ => out.push(at..at + 1),
            }
        }
        out
    }

    /// Whether nothing but comments stands between a statement and the one before.
    fn is_joined(&self, at: usize) -> bool {
        let (from, to) = (self.spans[at - 1].end, self.spans[at].start);
        let between = self
            .source
            .get(next_line(self.source, from)..line_start(self.source, to));
        let mut lines = between.unwrap_or_default().lines();
        lines.all(|line| line.trim_start().starts_with(self.comment))
    }

    /// Where the lines of a statement begin: with the comments directly above it, unless these head what it stands in.
    fn start(&self, at: usize) -> usize {
        let own = line_start(self.source, self.spans[at].start);
        let mut start = own;
        while start > self.within.start {
            let above = line_start(self.source, start - 1);
            if !self.source[above..start].trim_start().starts_with(self.comment) {
                return start;
            }
            start = above;
        }
        // A list in brackets has no head.
        if self.within.start == 0 { own } else { start }
    }

    /// What stands before the statement on its line, and behind it.
    fn beside(&self, at: usize) -> (&'s str, &'s str) {
        let span = self.spans[at];
        let before = &self.source[line_start(self.source, span.start)..span.start];
        let behind = &self.source[span.end..line_end(self.source, span.end)];
        (before.trim(), behind.trim())
    }

    /// Whether a line ends with `behind`, and no code does.
    fn is_remark(&self, behind: &str) -> bool {
        let is_block = behind.starts_with("/*") && behind.find("*/") == Some(behind.len().saturating_sub(2));
        behind.is_empty() || behind == ";" || behind.starts_with(self.comment) || is_block
    }

    /// `text` on a line of its own before the statement `at`.
    pub fn before(&self, at: usize, text: &str) -> TextEdit {
        self.put_before(at, text, "\n")
    }

    /// The same, as a group of its own.
    pub fn apart_before(&self, at: usize, text: &str) -> TextEdit {
        self.put_before(at, text, "\n\n")
    }

    fn put_before(&self, at: usize, text: &str, end: &str) -> TextEdit {
        let start = self.spans[at].start;
        if !self.beside(at).0.trim_start_matches('\u{feff}').is_empty() {
            return TextEdit::insert(start, format!("{}; ", text.trim_end_matches(';')));
        }
        let place = self.start(at);
        let mark = if self.source[place..].starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let indent = indent_at(self.source, start);
        let text = with_eol(self.source, start, &format!("{indent}{text}{end}"));
        TextEdit::insert(place + mark, text)
    }

    /// `text` on a line of its own behind the statement `at`.
    pub fn after(&self, at: usize, text: &str) -> TextEdit {
        self.put_after(at, text, "\n")
    }

    /// The same, as a group of its own.
    pub fn apart_after(&self, at: usize, text: &str) -> TextEdit {
        self.put_after(at, text, "\n\n")
    }

    fn put_after(&self, at: usize, text: &str, gap: &str) -> TextEdit {
        let span = self.spans[at];
        let end = line_end(self.source, span.end);
        let followed = self.spans.get(at + 1).is_some_and(|next| next.end <= end);
        if !followed && !self.is_remark(self.beside(at).1) {
            let text = text.trim_matches(['\r', '\n', ';']);
            let ended = self.source[..span.end].ends_with(';');
            let text = if ended {
                format!("{text};")
            } else {
                format!("; {text}")
            };
            return TextEdit::insert(span.end, text);
        }
        let indent = indent_at(self.source, span.start);
        TextEdit::insert(
            end,
            with_eol(self.source, span.end, &format!("{gap}{indent}{text}")),
        )
    }

    /// `text` among those of `group`, which stand in order if `sorted`; `is_before` tells those that come before the new one.
    pub fn in_order(
        &self,
        group: &[usize],
        sorted: bool,
        is_before: impl Fn(usize) -> bool,
        text: &str,
    ) -> Option<TextEdit> {
        let (first, last) = (*group.first()?, *group.last()?);
        let previous = group.iter().rfind(|at| is_before(**at));
        Some(match previous {
            _ if !sorted => self.after(last, text),
            Some(previous) => self.after(*previous, text),
            None => self.before(first, text),
        })
    }

    /// Takes a statement out that shares its line with others, with what parts it from them.
    fn without_separator(&self, span: Span) -> TextEdit {
        let blanks = [' ', '\t'];
        let (before, behind) = (&self.source[..span.start], &self.source[span.end..]);
        let rest = behind.trim_start_matches(blanks);
        if let Some(rest) = rest.strip_prefix(';') {
            let rest = rest.trim_start_matches(blanks);
            return TextEdit::replace(span.start..self.source.len() - rest.len(), "");
        }
        match before.trim_end_matches(blanks).strip_suffix(';') {
            Some(kept) if !self.source[span.start..span.end].ends_with(';') => {
                TextEdit::replace(kept.len()..span.end, "")
            }
            _ => TextEdit::replace(span, ""),
        }
    }

    /// Takes the statement `at` out with its line, the comment behind it, and the blank line that set it apart.
    pub fn without(&self, at: usize) -> TextEdit {
        let (source, span) = (self.source, self.spans[at]);
        let (before, behind) = self.beside(at);
        if !before.trim_start_matches('\u{feff}').is_empty() || !self.is_remark(behind) {
            return self.without_separator(span);
        }
        let mut start = line_start(source, span.start);
        if source[start..].starts_with('\u{feff}') {
            start += '\u{feff}'.len_utf8();
        }
        let mut end = next_line(source, span.end);
        let heading = source[self.within.start.min(start)..start].trim_matches('\u{feff}');
        // Comments may head the file.
        let is_head = |line: &str| self.within.start == 0 && line.trim_start().starts_with(self.comment);
        let opens = heading
            .lines()
            .all(|line| line.trim().is_empty() || is_head(line));
        let closes = source[end..self.within.end.max(end)].trim().is_empty();
        let above = source[..start]
            .strip_suffix('\n')
            .map_or(start, |kept| line_start(source, kept.len()));
        let blank_above = start > above && source[above..start].trim().is_empty();
        let blank_below = is_blank(source, end);
        let follows = at > 0 && next_line(source, self.spans[at - 1].end) == above;
        let is_followed = at + 1 < self.spans.len() && self.start(at + 1) == end;
        // Of two blank lines the one that came with the statement ends as it does.
        let own_above = blank_above && eol(source, above) == eol(source, span.end);
        if blank_below && blank_above && own_above {
            start = above;
        } else if blank_below && (blank_above || opens) {
            end = next_line(source, end);
            // The gap between the only import and the code goes as a whole.
            while opens && self.spans.len() == 1 && is_blank(source, end) {
                end = next_line(source, end);
            }
        } else if blank_above && (closes || (follows && !is_followed)) {
            start = above;
        }
        // What is last in a file without a final line end leaves none.
        if end == source.len() && !source.ends_with('\n') {
            let kept = source[..start].strip_suffix('\n').unwrap_or(&source[..start]);
            start = kept.strip_suffix('\r').unwrap_or(kept).len();
        }
        TextEdit::replace(start..end, "")
    }
}

/// Where the comments begin that stand directly above the code at `code` and speak of it to people: not to a shell, nor to what reads
/// settings, `# name: value`. `mark` begins a comment.
pub fn with_comment(source: &str, code: usize, mark: &str) -> usize {
    let is_setting = |comment: &str| {
        let name = comment.trim_start_matches(['-', '*', ' ']).split_once(": ");
        let is_word = |c: char| c.is_lowercase() || matches!(c, '_' | '-');
        comment.starts_with('!') || name.is_some_and(|(name, _)| name.chars().all(is_word))
    };
    let mut at = line_start(source, code);
    while let Some(end) = at.checked_sub(1) {
        let above = line_start(source, end);
        let comment = source[above..end].trim().strip_prefix(mark);
        if comment.is_none_or(is_setting) {
            break;
        }
        at = above;
    }
    at
}

/// The first import of `source`: below what heads the file and ends at `head`, else above its first code at `code`; at the end of a file
/// without any. `gap` blank lines part it from code behind it.
pub fn first(source: &str, head: Option<usize>, code: Option<usize>, gap: usize, text: &str) -> TextEdit {
    if let Some(head) = head {
        let at = line_end(source, head);
        let behind = source[head..at].trim();
        if behind.starts_with(';') && behind.len() > 1 {
            // Code shares the line.
            return TextEdit::insert(head, format!("; {text}"));
        }
        let rest = &source[at..];
        let parted = rest.trim().is_empty() || is_blank(source, next_line(source, at));
        let gap = if parted { 0 } else { gap };
        let text = format!("\n\n{text}{}", "\n".repeat(gap));
        return TextEdit::insert(at, with_eol(source, head, &text));
    }
    let Some(code) = code else {
        let end = source.trim_end().len();
        let before = if end == 0 { "" } else { "\n\n" };
        let behind = if end == source.len() { "\n" } else { "" };
        return TextEdit::insert(end, with_eol(source, end, &format!("{before}{text}{behind}")));
    };
    let text = format!("{text}\n{}", "\n".repeat(gap));
    TextEdit::insert(line_start(source, code), with_eol(source, code, &text))
}

/// The names of one statement, in a file.
pub struct Names<'s> {
    /// The file.
    pub source: &'s str,
    /// The names, in order; at least one.
    pub spans: Vec<Span>,
    /// The brackets around them, or the whole statement if there are none.
    pub brackets: Span,
    /// Columns of a line.
    pub width: usize,
}

impl Names<'_> {
    /// Whether the names stand on more than one line.
    pub fn is_broken(&self) -> bool {
        self.source[self.brackets.start..self.brackets.end].contains('\n')
    }

    /// `text` as the name `at`, laid out as its neighbours are.
    pub fn insert(&self, at: usize, text: &str) -> TextEdit {
        let (source, first) = (self.source, self.spans[0]);
        if !self.is_broken() {
            return match at.checked_sub(1) {
                None => TextEdit::insert(first.start, format!("{text}, ")),
                Some(previous) => TextEdit::insert(self.spans[previous].end, format!(", {text}")),
            };
        }
        if source[self.brackets.start..first.start].contains('\n') {
            return self.insert_line(at, text);
        }
        // The names stand behind the bracket, one or more on a line.
        let columns = |from: usize, to: usize| source[from..to].chars().count();
        let pad = " ".repeat(columns(line_start(source, first.start), first.start));
        let line = with_eol(source, first.start, &format!("\n{pad}"));
        let parted = |pair: &[Span]| source[pair[0].end..pair[1].start].contains('\n');
        let one_a_line = self.spans.windows(2).all(parted);
        let Some(previous) = at.checked_sub(1).map(|previous| self.spans[previous]) else {
            let gap = if one_a_line { &line } else { " " };
            return TextEdit::insert(first.start, format!("{text},{gap}"));
        };
        let end = line_end(source, previous.end);
        let width = columns(line_start(source, previous.end), end);
        if !one_a_line && width + text.chars().count() + 2 <= self.width {
            return TextEdit::insert(previous.end, format!(", {text}"));
        }
        TextEdit::insert(previous.end, format!(",{line}{text}"))
    }

    /// Each name has a line.
    fn insert_line(&self, at: usize, text: &str) -> TextEdit {
        let source = self.source;
        let indent = indent_at(source, self.spans[0].start);
        let Some(previous) = at.checked_sub(1).map(|previous| self.spans[previous]) else {
            let start = self.spans[0].start;
            let text = with_eol(source, start, &format!("{indent}{text},\n"));
            return TextEdit::insert(line_start(source, start), text);
        };
        let line = with_eol(source, previous.end, &format!("\n{indent}{text}"));
        let end = line_end(source, previous.end);
        let rest = &source[previous.end..end];
        match rest.trim_start().strip_prefix(',') {
            // Another name stands on that line.
            Some(more) if self.spans.get(at).is_some_and(|next| next.start < end) && !more.is_empty() => {
                TextEdit::insert(self.spans[at].start, format!("{text}, "))
            }
            Some(_) => TextEdit::insert(end, format!("{line},")),
            // The bracket closes on that line.
            None if end >= self.brackets.end => TextEdit::insert(previous.end, format!(",{line}")),
            None => TextEdit::replace(previous.end..end, format!(",{rest}{line}")),
        }
    }

    /// Takes the name `at` out, with what parts it from its neighbour; with its line and the comment there, if it stands alone on that.
    pub fn without(&self, at: usize) -> Vec<TextEdit> {
        let (source, span) = (self.source, self.spans[at]);
        let previous = at.checked_sub(1).map(|previous| self.spans[previous]);
        let next = self.spans.get(at + 1);
        let start = line_start(source, span.start);
        let end = line_end(source, span.end);
        let comma = source[span.end..end].trim_start().starts_with(',');
        let alone = source[start..span.start].trim().is_empty()
            && start > self.brackets.start
            && end < self.brackets.end
            && next.is_none_or(|next| next.start > end);
        match (next, previous) {
            (_, None) if next.is_none() => vec![TextEdit::replace(span, "")],
            _ if alone && (comma || next.is_some()) => {
                vec![TextEdit::replace(start..next_line(source, end), "")]
            }
            // The last one had no comma behind it: the one before has none either then.
            (None, Some(previous)) if alone => {
                let mut edits = vec![TextEdit::replace(start..next_line(source, end), "")];
                if let Some(comma) = source[previous.end..start].find(',') {
                    let comma = previous.end + comma;
                    edits.insert(0, TextEdit::replace(comma..comma + 1, ""));
                }
                edits
            }
            (Some(next), _) => vec![TextEdit::replace(span.start..next.start, "")],
            (None, Some(previous)) => vec![TextEdit::replace(previous.end..span.end, "")],
            (None, None) => vec![],
        }
    }
}

#[cfg(test)]
mod tests;
