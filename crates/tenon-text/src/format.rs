//! What a text file looks like: byte-order mark, line ends, indentation, final newline.
//!
//! Knows nothing of any syntax but "lines begin with blanks". In: a text. Out: a [`Format`], or a freshly rendered
//! text dressed in one.

use std::collections::{HashMap, VecDeque};

/// The byte-order mark that some editors put before UTF-8.
pub const BOM: &str = "\u{feff}";

/// How the lines of a text end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Eol {
    /// `\n`.
    #[default]
    Lf,
    /// `\r\n`.
    CrLf,
}

impl Eol {
    /// The bytes of one line end.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }

    /// What most lines of `text` end with; `\n` if there is a tie or no line end at all.
    pub fn detect(text: &str) -> Self {
        let all = text.bytes().filter(|&b| b == b'\n').count();
        let crlf = text.matches("\r\n").count();
        if crlf * 2 > all { Self::CrLf } else { Self::Lf }
    }
}

/// One step of indentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    /// One tab.
    Tab,
    /// So many blanks.
    Spaces(usize),
}

impl Indent {
    /// The characters of one step.
    pub fn unit(self) -> String {
        match self {
            Self::Tab => "\t".to_owned(),
            Self::Spaces(n) => " ".repeat(n),
        }
    }

    /// The usual step of texts in packs.
    pub const TEMPLATE: Self = Self::Spaces(4);

    /// The step by which a text of a pack is indented: the usual one, or less where it shows that.
    pub fn of_template(text: &str) -> Self {
        let has_line = |step: usize| text.lines().any(|line| line_indent(line).len() == step);
        match Self::detect(text) {
            Some(less @ Self::Spaces(step @ 1..4)) if has_line(step) => less,
            _ => Self::TEMPLATE,
        }
    }

    /// The step that most lines of `text` take from the line above; `None` if no line is indented.
    ///
    /// Only steps inwards are counted, so deep lines and continuation lines do not mislead; a line of ` * ` (inside a
    /// block comment) is passed over.
    pub fn detect(text: &str) -> Option<Self> {
        const WIDEST: usize = 8;
        let mut tabs = 0_usize;
        let mut steps = [0_usize; WIDEST + 1];
        let mut above = 0;
        for line in text.lines() {
            let blanks = line_indent(line);
            let rest = &line[blanks.len()..];
            if rest.is_empty() || rest.starts_with('*') {
                continue;
            }
            if blanks.starts_with('\t') {
                tabs += 1;
            } else {
                let step = blanks.len().saturating_sub(above);
                if (1..=WIDEST).contains(&step) {
                    steps[step] += 1;
                }
                above = blanks.len();
            }
        }
        let (width, count) = steps
            .iter()
            .enumerate()
            .max_by_key(|&(width, count)| (*count, WIDEST - width))
            .unwrap_or((0, &0));
        match (tabs, *count) {
            (0, 0) => None,
            (tabs, count) if tabs > count => Some(Self::Tab),
            _ => Some(Self::Spaces(width)),
        }
    }
}

/// What a text file looks like, apart from what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Whether it begins with a byte-order mark.
    pub bom: bool,
    /// How most of its lines end.
    pub eol: Eol,
    /// Its usual step of indentation; two blanks if nothing is indented.
    pub indent: Indent,
    /// Whether its last line ends with a line end. An empty text counts as ending with one.
    pub final_newline: bool,
}

impl Default for Format {
    fn default() -> Self {
        Self {
            bom: false,
            eol: Eol::Lf,
            indent: Indent::Spaces(2),
            final_newline: true,
        }
    }
}

impl Format {
    /// Reads the format off `text`; the majority of the lines decides.
    pub fn detect(text: &str) -> Self {
        let (bom, body) = split_bom(text);
        Self {
            bom,
            eol: Eol::detect(body),
            indent: Indent::detect(body).unwrap_or(Indent::Spaces(2)),
            final_newline: body.is_empty() || body.ends_with('\n'),
        }
    }
}

/// Whether `text` begins with a byte-order mark, and what follows it.
pub fn split_bom(text: &str) -> (bool, &str) {
    match text.strip_prefix(BOM) {
        Some(body) => (true, body),
        None => (false, text),
    }
}

/// `text` with nothing but `\n` at the ends of its lines.
pub fn with_lf(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(body) => {
                out.push_str(body.trim_end_matches('\r'));
                out.push('\n');
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Whether two texts differ in nothing but the ends of their lines.
pub fn same_but_for_line_ends(one: &str, other: &str) -> bool {
    one == other || with_lf(one) == with_lf(other)
}

/// `text` with the line ends of `other`: a line that both have keeps its end, and new lines end as most lines of `other` do.
pub fn with_line_ends_of(text: &str, other: &str) -> String {
    let lf = with_lf(text);
    let most = Eol::detect(other).as_str();
    let mut ends: HashMap<&str, VecDeque<&str>> = HashMap::new();
    for line in other.split_inclusive('\n') {
        if let Some(body) = line.strip_suffix('\n') {
            let body = body.trim_end_matches('\r');
            ends.entry(body).or_default().push_back(&line[body.len()..]);
        }
    }
    let mut out = String::with_capacity(lf.len() + lf.len() / 32);
    for line in lf.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(body) => {
                out.push_str(body);
                out.push_str(ends.get_mut(body).and_then(VecDeque::pop_front).unwrap_or(most));
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Dresses freshly rendered text (`\n`, no byte-order mark, indented by `unit`) in `format`: byte-order mark, line
/// ends, indentation. The end of the text stays as rendered.
pub fn to_format(rendered: &str, unit: Indent, format: &Format) -> String {
    let mut out = String::with_capacity(rendered.len() + rendered.len() / 8);
    if format.bom {
        out.push_str(BOM);
    }
    let (from, to) = (unit.unit(), format.indent.unit());
    for line in rendered.split_inclusive('\n') {
        let (mut body, ended) = match line.strip_suffix('\n') {
            Some(body) => (body, true),
            None => (line, false),
        };
        if !from.is_empty() && from != to {
            while let Some(rest) = body.strip_prefix(&from) {
                out.push_str(&to);
                body = rest;
            }
        }
        out.push_str(body);
        if ended {
            out.push_str(format.eol.as_str());
        }
    }
    out
}

/// The blanks and tabs that `line` begins with.
pub fn line_indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The indentation of the line that holds byte `offset` of `text`.
pub fn indent_at(text: &str, offset: usize) -> &str {
    line_indent(&text[line_start(text, offset)..])
}

/// Where the line that holds byte `offset` begins.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line that holds byte `offset` ends, without its line end.
pub fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    if end > offset && text[..end].ends_with('\r') && end < text.len() {
        end - 1
    } else {
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_a_line_feed_alone() {
        for (text, lf) in [("a\r\nb\n", "a\nb\n"), ("\r\r\na\rb\r", "\na\rb\r"), ("", "")] {
            assert_eq!(with_lf(text), lf);
            assert_eq!(with_lf(lf), lf);
        }
    }

    #[test]
    fn a_text_takes_the_line_ends_of_another_one() {
        let other = "a\r\nb\n\r\nc\r\n";
        assert_eq!(with_line_ends_of("a\nnew\nb\n\nc", other), "a\r\nnew\r\nb\n\r\nc");
        assert_eq!(with_line_ends_of("a\r\nb\n", "a\nb\r\n"), "a\nb\r\n");
        assert!(same_but_for_line_ends(other, "a\nb\n\nc\n"));
        assert!(!same_but_for_line_ends(other, "a\nb\n\nc"));
    }

    #[test]
    fn a_format_is_read_off_the_majority() {
        let cases = [
            ("", Format::default()),
            (
                "a\n\tb\n\t\tc\n",
                Format {
                    indent: Indent::Tab,
                    ..Format::default()
                },
            ),
            (
                "a\n    b\n        c\n    d",
                Format {
                    indent: Indent::Spaces(4),
                    final_newline: false,
                    ..Format::default()
                },
            ),
            (
                "\u{feff}a\r\n  b\r\nc\n",
                Format {
                    bom: true,
                    eol: Eol::CrLf,
                    ..Format::default()
                },
            ),
            (
                "/*\n * x\n * y\n */\n   b\n",
                Format {
                    indent: Indent::Spaces(3),
                    ..Format::default()
                },
            ),
            ("a\r\nb\n", Format::default()),
        ];
        for (text, expected) in cases {
            assert_eq!(Format::detect(text), expected, "{text:?}");
        }
    }

    #[test]
    fn rendered_text_takes_the_format_of_the_file() {
        let format = Format {
            bom: true,
            eol: Eol::CrLf,
            indent: Indent::Tab,
            final_newline: true,
        };
        assert_eq!(
            to_format("a\n    b\n      c\n", Indent::Spaces(4), &format),
            "\u{feff}a\r\n\tb\r\n\t  c\r\n"
        );
        assert_eq!(
            to_format("a\n  b", Indent::Spaces(2), &Format::default()),
            "a\n  b"
        );
    }

    #[test]
    fn a_line_ends_before_its_line_end() {
        assert_eq!(line_end("ab\r\nc", 0), 2);
        assert_eq!(line_end("ab\nc\r", 3), 5);
        assert_eq!(indent_at("a\n \tb", 4), " \t");
    }
}
