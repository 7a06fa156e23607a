//! Lines of TOML and YAML: where they end, with the comment behind them, and deleting whole ones.
//!
//! Knows that `#` begins a comment and nothing else. The callers give offsets behind a value, so no quoted `#` is met.

use crate::diag::{Span, TextEdit};
use crate::format::{line_end, line_start};

/// Where the line of `at` ends, the comment behind `at` included but neither blanks nor the line end behind it.
pub(super) fn tail(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    at + text[at..end].trim_end().len()
}

/// Where the line end before the line that begins at `start` begins.
pub(super) fn break_before(text: &str, start: usize) -> usize {
    let body = text[..start].strip_suffix('\n').unwrap_or(&text[..start]);
    body.strip_suffix('\r').unwrap_or(body).len()
}

/// Behind the line end that follows `at`, blanks stepped over.
fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |n| at + n + 1)
}

/// Deletes the lines of `span` with the line end before them, or behind them if they are the first.
pub(super) fn delete(text: &str, span: Span) -> TextEdit {
    match line_start(text, span.start) {
        0 => TextEdit::replace(0..next_line(text, span.end), ""),
        start => TextEdit::replace(break_before(text, start)..span.end, ""),
    }
}

/// Deletes the lines of `span` with the line end behind them.
pub(super) fn delete_with_end(text: &str, span: Span) -> TextEdit {
    TextEdit::replace(line_start(text, span.start)..next_line(text, span.end), "")
}

/// Deletes the lines of `span` with the line end and the blank line behind them.
pub(super) fn delete_with_blank_below(text: &str, span: Span) -> TextEdit {
    let next = next_line(text, span.end);
    let after = next_line(text, next);
    let end = if text[next..after].trim().is_empty() {
        after
    } else {
        next
    };
    TextEdit::replace(line_start(text, span.start)..end, "")
}

/// Where the comment lines directly above the line that begins at `start` begin.
pub(super) fn comment_block_start(text: &str, mut start: usize) -> usize {
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
pub(super) fn comment_block_end(text: &str, end: usize) -> usize {
    let mut last = end;
    loop {
        let next = next_line(text, last);
        if next >= text.len() {
            return last;
        }
        let line = &text[next..line_end(text, next)];
        match line.trim_start() {
            "" => return last,
            trimmed if trimmed.starts_with('#') => last = next + line.trim_end().len(),
            _ => return end,
        }
    }
}
