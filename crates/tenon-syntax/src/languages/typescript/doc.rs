//! A small pretty printer: documents of groups that stay on one line if they fit, printed to a width.
//!
//! The algorithm is Wadler's, in the variant that formatters of JavaScript use. Knows nothing of syntax.

use crate::style::Style;

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Doc {
    /// Text without line breaks.
    Text(String),
    /// One after the other.
    Concat(Vec<Doc>),
    /// Line breaks inside are indented one level more.
    Indent(Box<Doc>),
    /// Line breaks inside are indented by so many columns more.
    Align(usize, Box<Doc>),
    /// All its lines break, or none; `true`: they break.
    Group(Box<Doc>, bool),
    /// A space, or a line break.
    Line,
    /// Nothing, or a line break.
    Soft,
    /// Makes the groups round it break.
    BreakParent,
    /// The first if the group round it is broken, else the second.
    IfBreak(Box<Doc>, Box<Doc>),
}

pub(super) fn text(text: impl Into<String>) -> Doc {
    Doc::Text(text.into())
}

pub(super) fn nil() -> Doc {
    Doc::Concat(vec![])
}

pub(super) fn concat(docs: impl IntoIterator<Item = Doc>) -> Doc {
    Doc::Concat(docs.into_iter().collect())
}

pub(super) fn indent(doc: Doc) -> Doc {
    Doc::Indent(Box::new(doc))
}

pub(super) fn group(doc: Doc) -> Doc {
    Doc::Group(Box::new(doc), false)
}

pub(super) fn if_break(broken: Doc, flat: Doc) -> Doc {
    Doc::IfBreak(Box::new(broken), Box::new(flat))
}

/// `docs` with `separator` between.
pub(super) fn join(separator: &Doc, docs: impl IntoIterator<Item = Doc>) -> Doc {
    let mut out = vec![];
    for (at, doc) in docs.into_iter().enumerate() {
        if at > 0 {
            out.push(separator.clone());
        }
        out.push(doc);
    }
    Doc::Concat(out)
}

/// Marks every group that holds a forced break; returns whether `doc` does.
pub(super) fn propagate(doc: &mut Doc) -> bool {
    match doc {
        Doc::BreakParent => true,
        Doc::Concat(docs) => docs.iter_mut().fold(false, |broken, doc| propagate(doc) | broken),
        Doc::Indent(doc) | Doc::Align(_, doc) => propagate(doc),
        Doc::Group(doc, broken) => {
            *broken |= propagate(doc);
            *broken
        }
        Doc::IfBreak(broken, flat) => propagate(broken) | propagate(flat),
        Doc::Text(_) | Doc::Line | Doc::Soft => false,
    }
}

/// Whether `doc` will break whatever the width.
pub(super) fn will_break(doc: &Doc) -> bool {
    match doc {
        Doc::BreakParent | Doc::Group(_, true) => true,
        Doc::Concat(docs) => docs.iter().any(will_break),
        Doc::Indent(doc) | Doc::Align(_, doc) | Doc::Group(doc, false) => will_break(doc),
        Doc::IfBreak(broken, flat) => will_break(broken) || will_break(flat),
        Doc::Text(_) | Doc::Line | Doc::Soft => false,
    }
}

/// Leading space of a line: levels, then columns.
#[derive(Clone, Debug, Default)]
struct Margin {
    text: String,
    /// Columns of alignment that a further level turns into a tab.
    aligned: usize,
}

impl Margin {
    fn deeper(&self, style: &Style) -> Self {
        let mut text = self.text.clone();
        if self.aligned > 0 && style.indent == "\t" {
            text.truncate(text.len() - self.aligned);
            text.push('\t');
        }
        text.push_str(&style.indent);
        Self { text, aligned: 0 }
    }

    fn aligned(&self, columns: usize) -> Self {
        Self {
            text: format!("{}{}", self.text, " ".repeat(columns)),
            aligned: self.aligned + columns,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Broken,
    Flat,
}

/// Prints `doc` whose lines start at `depth` levels; the first line has its margin, too.
pub(super) fn print(mut doc: Doc, style: &Style, depth: usize) -> String {
    propagate(&mut doc);
    let margin = Margin {
        text: style.indent.repeat(depth),
        aligned: 0,
    };
    let mut out = margin.text.clone();
    let mut column = style.columns(&out);
    let mut stack: Vec<(Margin, Mode, &Doc)> = vec![(margin, Mode::Broken, &doc)];
    while let Some((margin, mode, doc)) = stack.pop() {
        match doc {
            Doc::Text(text) => {
                out.push_str(text);
                column += style.columns(text);
            }
            Doc::Concat(docs) => stack.extend(docs.iter().rev().map(|doc| (margin.clone(), mode, doc))),
            Doc::Indent(doc) => stack.push((margin.deeper(style), mode, doc)),
            Doc::Align(columns, doc) => stack.push((margin.aligned(*columns), mode, doc)),
            Doc::Group(inner, broken) => {
                let flat = mode == Mode::Flat && !broken;
                let room = style.width.saturating_sub(column);
                let over = column > style.width;
                let mode = if flat || (!broken && !over && fits(inner, &stack, room, style)) {
                    Mode::Flat
                } else {
                    Mode::Broken
                };
                stack.push((margin, mode, inner));
            }
            Doc::IfBreak(broken, flat) => {
                stack.push((margin, mode, if mode == Mode::Broken { broken } else { flat }));
            }
            Doc::Line if mode == Mode::Flat => {
                out.push(' ');
                column += 1;
            }
            Doc::Soft if mode == Mode::Flat => {}
            Doc::Line | Doc::Soft => {
                out.truncate(out.trim_end_matches([' ', '\t']).len());
                out.push('\n');
                out.push_str(&margin.text);
                column = style.columns(&margin.text);
            }
            Doc::BreakParent => {}
        }
    }
    out
}

/// Whether `doc` laid flat, and what follows up to the next possible break, fits into `room` columns.
fn fits(doc: &Doc, rest: &[(Margin, Mode, &Doc)], mut room: usize, style: &Style) -> bool {
    let mut rest = rest.iter().rev();
    let mut stack = vec![(Mode::Flat, doc)];
    loop {
        let (mode, doc) = match stack.pop() {
            Some(next) => next,
            None => match rest.next() {
                Some((_, mode, doc)) => (*mode, *doc),
                None => return true,
            },
        };
        match doc {
            Doc::Text(text) => match room.checked_sub(style.columns(text)) {
                Some(left) => room = left,
                None => return false,
            },
            Doc::Concat(docs) => stack.extend(docs.iter().rev().map(|doc| (mode, doc))),
            Doc::Indent(doc) | Doc::Align(_, doc) => stack.push((mode, doc)),
            Doc::Group(doc, broken) => stack.push((if *broken { Mode::Broken } else { mode }, doc)),
            Doc::IfBreak(broken, flat) => {
                stack.push((mode, if mode == Mode::Broken { broken } else { flat }))
            }
            Doc::Line if mode == Mode::Flat => match room.checked_sub(1) {
                Some(left) => room = left,
                None => return false,
            },
            Doc::Soft if mode == Mode::Flat => {}
            Doc::Line | Doc::Soft => return true,
            Doc::BreakParent => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Doc {
        let items = join(
            &concat([text(","), Doc::Line]),
            words.iter().map(|word| text(*word)),
        );
        group(concat([
            text("("),
            indent(concat([Doc::Soft, items])),
            Doc::Soft,
            text(")"),
        ]))
    }

    #[test]
    fn a_group_breaks_when_it_does_not_fit() {
        let style = Style {
            width: 8,
            ..Style::default()
        };
        assert_eq!(print(list(&["ab", "cd"]), &style, 0), "(ab, cd)");
        assert_eq!(print(list(&["ab", "cde"]), &style, 0), "(\n  ab,\n  cde\n)");
        assert_eq!(print(list(&["ab", "cd"]), &style, 1), "  (\n    ab,\n    cd\n  )");
    }

    #[test]
    fn a_forced_break_reaches_the_groups_round_it() {
        let doc = group(concat([
            text("a"),
            Doc::Line,
            group(concat([text("b"), Doc::BreakParent, Doc::Line])),
        ]));
        assert_eq!(print(doc, &Style::default(), 0), "a\nb\n");
    }
}
