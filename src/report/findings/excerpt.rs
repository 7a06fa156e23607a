//! The source lines of a span for a terminal: long lines are cut around the span, control characters made visible.

use std::ops::Range;

use super::view::{Lines, Region};
use tenon_text::diag::is_unsafe;

use crate::report::escape::opens_command;

/// Lines up to this many characters are not cut.
const UNCUT: usize = 140;
/// How many characters of a longer line are shown,
const SHOWN: usize = 120;
/// and how many of these before the span.
const BEFORE: usize = 40;
/// A span over many lines shows only its first and its last lines.
const FIRST: usize = 6;
const LAST: usize = 3;

/// Lines of a text, and the span inside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines, without a final line break.
    pub text: String,
    /// Number of the first.
    pub line: usize,
    /// The span, in bytes of `text`.
    pub span: Range<usize>,
}

/// The lines that `region` touches.
pub fn excerpt(lines: &Lines, region: &Region) -> Excerpt {
    let first = region.start.line;
    let mut last = region.end.line;
    let mut end = region.end.column - 1;
    if last > first && end == 0 {
        // The span ends with a line break: the next line is not a part of it.
        last -= 1;
        end = usize::MAX;
    }
    let mut text = String::new();
    let mut span = 0..0;
    for number in first..=last {
        if number > first {
            text.push('\n');
        }
        if number >= first + FIRST && number + LAST <= last {
            continue;
        }
        let from = if number == first {
            region.start.column - 1
        } else {
            0
        };
        let to = if number == last { end } else { usize::MAX };
        let focus = if number == first { from } else { to };
        let focus = if number > first && number < last { 0 } else { focus };
        let cut = cut(lines.line(number), from, to, focus);
        if number == first {
            span.start = text.len() + cut.span.start;
        }
        if number == last {
            span.end = text.len() + cut.span.end;
        }
        text.push_str(&cut.text);
    }
    Excerpt {
        text,
        line: first,
        span,
    }
}

struct Cut {
    text: String,
    span: Range<usize>,
}

/// Cuts `line` around its character `focus`; the result has the span of the characters `from` to `to`.
fn cut(line: &str, from: usize, to: usize, focus: usize) -> Cut {
    let length = line.chars().count();
    let (left, right) = if length <= UNCUT {
        (0, length)
    } else {
        let left = focus.min(length).saturating_sub(BEFORE).min(length - SHOWN);
        (left, left + SHOWN)
    };
    let (from, to) = (from.clamp(left, right), to.clamp(left, right));
    let mut text = String::new();
    let mut span = 0..0;
    if left > 0 {
        text.push('…');
    }
    for (at, c) in line.chars().enumerate().skip(left).take(right - left) {
        if at == from {
            span.start = text.len();
        }
        if at == to {
            span.end = text.len();
        }
        if is_unsafe(c) && c != '\t' {
            text.extend(c.escape_default());
        } else if c == '[' && opens_command(&text, c) {
            text.extend(c.escape_unicode());
        } else {
            text.push(c);
        }
    }
    if from == right {
        span.start = text.len();
    }
    if to == right {
        span.end = text.len();
    }
    if right < length {
        text.push('…');
    }
    Cut { text, span }
}
