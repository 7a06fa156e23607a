//! YAML's `|` and `>`: text over several lines.

use serde_json::Value;

use super::super::node::Node;
use super::Parser;
use crate::diag::{Result, Span};
use crate::format::line_end;

/// What happens to the line ends behind the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

impl Parser<'_> {
    pub(super) fn block_scalar(&mut self, parent: isize) -> Result<Node> {
        let start = self.pos;
        let folded = self.byte(0) == Some(b'>');
        self.pos += 1;
        let (mut chomp, mut step) = (Chomp::Clip, None);
        while let Some(byte) = self.byte(0) {
            match byte {
                b'-' => chomp = Chomp::Strip,
                b'+' => chomp = Chomp::Keep,
                b'1'..=b'9' => step = Some(usize::from(byte - b'0')),
                _ => break,
            }
            self.pos += 1;
        }
        self.line_rest()?;
        self.pos = line_end(self.file.text, self.pos);
        let header = self.pos;
        let least = usize::try_from(parent + 1).unwrap_or(0);
        let indent = match step {
            Some(step) => usize::try_from(parent.max(0)).unwrap_or(0) + step,
            None => self.content_indent(least),
        };
        let mut lines: Vec<&str> = Vec::new();
        let (mut last, mut last_text) = (header, header);
        while let Some(found) = self.file.text[self.pos..].find('\n') {
            let line_at = self.pos + found + 1;
            let end = line_end(self.file.text, line_at);
            let line = &self.file.text[line_at..end];
            let blanks = line.len() - line.trim_start_matches(' ').len();
            let blank = line.trim_matches(' ').is_empty();
            if line_at == self.file.text.len() {
                break;
            }
            if !blank && (blanks < indent || (indent == 0 && self.is_marker_line(line))) {
                break;
            }
            lines.push(line.get(indent..).unwrap_or_default());
            self.pos = end;
            last = end;
            if !blank || line.len() > indent {
                last_text = end;
            }
        }
        let ended = last < self.file.text.len();
        self.pos = if chomp == Chomp::Keep { last } else { last_text };
        let span = Span::new(start, self.pos);
        Ok(Node::scalar(
            span,
            Value::String(assemble(&lines, folded, chomp, ended)),
        ))
    }

    /// The indentation of the first line that is not blank; more than any if it does not belong to the text.
    fn content_indent(&self, least: usize) -> usize {
        let lines = self.file.text[self.pos..].split('\n').skip(1);
        let widths = lines
            .map(|line| line.trim_end_matches('\r'))
            .filter(|line| !line.trim_matches(' ').is_empty());
        let first = widths
            .map(|line| line.len() - line.trim_start_matches(' ').len())
            .next();
        first.filter(|width| *width >= least).unwrap_or(usize::MAX)
    }

    fn is_marker_line(&self, line: &str) -> bool {
        let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    }
}

/// The text of `lines`, indentation cut off; `ended` if the last one has a line end.
fn assemble(lines: &[&str], folded: bool, chomp: Chomp, ended: bool) -> String {
    let used = lines
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |at| at + 1);
    let (text, blank) = lines.split_at(used);
    let mut out = String::new();
    let mut empty = 0;
    let mut previous: Option<&str> = None;
    for line in text {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        let deep = |line: &str| line.starts_with([' ', '\t']);
        match previous {
            None => out.extend(std::iter::repeat_n('\n', empty)),
            Some(above) if folded && !deep(above) && !deep(line) => {
                if empty == 0 {
                    out.push(' ');
                } else {
                    out.extend(std::iter::repeat_n('\n', empty));
                }
            }
            Some(_) => out.extend(std::iter::repeat_n('\n', empty + 1)),
        }
        out.push_str(line);
        previous = Some(line);
        empty = 0;
    }
    let ended = ended || !blank.is_empty();
    match chomp {
        Chomp::Strip => {}
        Chomp::Clip if previous.is_some() && ended => out.push('\n'),
        Chomp::Clip => {}
        Chomp::Keep => {
            let own = usize::from(previous.is_some() && ended);
            out.extend(std::iter::repeat_n('\n', own + blank.len()));
        }
    }
    out
}
