//! Texts that name the place of entries, as `in` has them.

use tenon_text::diag::Span;
use tenon_text::format::{line_end, line_start};

use super::super::document::{Document, Syntax};

/// The most texts that are tried.
const MAX_PLACES: usize = 6;
/// Longer texts name no place that a person would recognise.
const MAX_LENGTH: usize = 100;

impl Document {
    /// Texts that name a place which holds all of `entries`, the innermost first: code that opens it, a heading, a pointer. Each
    /// names one place alone.
    pub fn places_of(&self, entries: &[Span]) -> Vec<String> {
        let Some(first) = entries.first() else {
            return vec![];
        };
        let mut texts = if self.syntax.manifest().is_some() && !self.nodes.is_empty() {
            self.pointers(*first)
        } else if self.syntax.has_tree() && !self.nodes.is_empty() {
            self.openings(*first)
        } else {
            self.headings(*first)
        };
        texts.retain(|text| {
            let holds = |span: &Span| {
                self.scope(text)
                    .is_ok_and(|scope| scope.span.start <= span.start && span.end <= scope.span.end)
            };
            text.len() <= MAX_LENGTH && entries.iter().all(holds)
        });
        texts.dedup();
        texts.truncate(MAX_PLACES);
        texts
    }

    /// The first lines of the nodes around `span`, up to what they open.
    fn openings(&self, span: Span) -> Vec<String> {
        let first = self.token_at(span.start);
        let last = self.token_at(span.end).max(first + 1);
        if first >= self.tokens.len() {
            return vec![];
        }
        let mut out = Vec::new();
        let mut id = self.around(first, last.min(self.tokens.len()));
        while id != 0 {
            let node = &self.nodes[id];
            if node.start < span.start {
                let begin = self.text[line_start(&self.text, node.start)..node.start].trim();
                let end = line_end(&self.text, node.start).min(node.end);
                let line = self.text[node.start..end].trim();
                let line = if begin.is_empty() {
                    line.to_owned()
                } else {
                    format!("{begin} {line}")
                };
                let is_opened = line.ends_with(['(', '[', '{', ':']);
                if self.end_word(id).is_some() && !is_opened {
                    out.push(line);
                } else {
                    out.extend(opening(&line, self.syntax));
                }
            }
            id = node.parent;
        }
        out
    }

    /// Pointers to the objects and arrays around `span`.
    fn pointers(&self, span: Span) -> Vec<String> {
        let mut id = self
            .nodes
            .iter()
            .rposition(|node| node.start <= span.start && span.end <= node.end)
            .unwrap_or(0);
        let mut keys: Vec<String> = Vec::new();
        while id != 0 {
            let node = &self.nodes[id];
            // The number of an item is no name; the entry itself may be one.
            if node.is("item") && !keys.is_empty() {
                return vec![];
            }
            if node.is("member") {
                let key = self.children(id).next().map(|key| &self.nodes[key]);
                let Some(key) = key else { return vec![] };
                let key = self.text[key.start..key.end].trim_matches(['"', '\'']);
                keys.push(key.replace('~', "~0").replace('/', "~1"));
            }
            id = node.parent;
        }
        keys.reverse();
        // The entry itself may be the innermost.
        (0..=keys.len())
            .rev()
            .map(|count| {
                keys[..count]
                    .iter()
                    .map(|key| format!("/{key}"))
                    .collect::<String>()
            })
            .filter(|pointer| !pointer.is_empty())
            .collect()
    }

    /// The headings above `span`, the nearest first.
    fn headings(&self, span: Span) -> Vec<String> {
        if self.syntax != Syntax::Markdown {
            return vec![];
        }
        let mut out = Vec::new();
        let mut level = usize::MAX;
        let mut end = line_start(&self.text, span.start);
        while end > 0 {
            let begin = line_start(&self.text, end - 1);
            let line = self.text[begin..end].trim_end();
            let marks = line.len() - line.trim_start_matches('#').len();
            let is_comment = self
                .comments
                .iter()
                .any(|span| span.start <= begin && begin < span.end);
            if marks > 0 && marks < level && line[marks..].starts_with(' ') && !is_comment {
                out.push(line.to_owned());
                level = marks;
            }
            end = begin;
        }
        out
    }
}

/// Whether `line` ends with what opens a list of words.
fn lists_words(line: &str, syntax: Syntax) -> bool {
    let marks = syntax.notation().map_or(&[][..], |notation| notation.word_lists);
    marks.iter().any(|mark| line[..line.len() - 1].ends_with(mark))
}

/// The code of `line` up to what it opens, with the bracket that closes it.
fn opening(line: &str, syntax: Syntax) -> Option<String> {
    let line = line.trim();
    let close = match line.chars().last()? {
        '{' => " }",
        '[' => "]",
        // Without space it would be a call.
        '(' if lists_words(line, syntax) => " )",
        '(' => ")",
        ':' if matches!(syntax, Syntax::Code(_)) => {
            return Some(line[..line.len() - 1].trim_end().to_owned());
        }
        _ => return None,
    };
    let is_statement = close == " }"
        && (line.ends_with(") {")
            || line.contains("func ")
            || line.contains("struct")
            || line.contains("interface"));
    if is_statement {
        return Some(line[..line.len() - 1].trim_end().to_owned());
    }
    Some(format!("{line}{close}"))
}
