//! The text of an entry, compiled to a pattern of tokens.

use std::fmt;

use tenon_text::diag::Span;

use super::document::Syntax;
use super::form::{Elem, Form, Hole, Piece, Spelling};
use super::shape;
use super::tokens::{Glue, HOLES, MAX_HOLES, Place, Token, lex, unquote};

/// One piece of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// A hole that captures.
    Hole(Hole),
    /// Anything, as long as brackets balance; on one line where there is no tree.
    Gap,
    /// Two texts of which one stands there; what a condition writes and what it writes otherwise.
    Either(Vec<Part>, Vec<Part>),
}

/// Why an example is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleError {
    /// It has no tokens: it is empty, or a comment.
    Empty,
    /// It holds nothing but gaps.
    OnlyGaps,
    /// Its conditions make more than [`Example::MAX_FORMS`] texts, or it has too many holes.
    TooMany,
}

impl fmt::Display for ExampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the example is empty",
            Self::OnlyGaps => "the example matches anything",
            Self::TooMany => "the example has more than 16 texts that its conditions make, or too many holes",
        })
    }
}

impl std::error::Error for ExampleError {}

/// The text of an entry, compiled.
#[derive(Clone, Debug)]
pub struct Example {
    pub(super) forms: Vec<Form>,
    pub(super) syntax: Syntax,
    /// Whether the example has a comment above: a new entry then gets one, and removal takes it.
    pub(super) has_comment: bool,
    /// The comma with which the example ends.
    pub(super) has_comma: bool,
    /// Whether entries say exactly this.
    pub(super) is_exact: bool,
    /// Whether the template breaks the lines of an entry to the line width of the host (`{{#fit}}`).
    pub(super) is_fitted: bool,
}

impl Example {
    /// How many texts the conditions of one example may make.
    pub const MAX_FORMS: usize = 16;

    /// Compiles an example for files of `syntax`.
    ///
    /// # Errors
    /// If it has no tokens, would match anything, or its conditions make too many texts.
    pub fn new(parts: &[Part], syntax: Syntax) -> Result<Self, ExampleError> {
        let mut texts: Vec<Vec<Part>> = vec![vec![]];
        unfold(parts, &mut texts)?;
        let mut example = Self {
            forms: vec![],
            syntax,
            has_comment: false,
            has_comma: false,
            is_exact: false,
            is_fitted: false,
        };
        let mut error = ExampleError::Empty;
        for text in texts {
            match example.form(&text) {
                Ok(form) => example.forms.push(form),
                Err(why) => error = why,
            }
        }
        if example.forms.is_empty() {
            Err(error)
        } else {
            Ok(example)
        }
    }

    /// Whether the hole is read: one in a comment is not.
    pub fn reads(&self, hole: usize) -> bool {
        self.forms.iter().any(|form| {
            let is_it = |piece: &Piece| matches!(piece, Piece::Hole(at) if form.holes[*at].id == hole);
            form.elems
                .iter()
                .any(|elem| matches!(elem, Elem::Word { pieces, .. } if pieces.iter().any(is_it)))
        })
    }

    /// Whether an entry is one text in quotes: wherever it stands it says the same.
    pub fn is_text(&self) -> bool {
        let is_quote = |elem: Option<&Elem>| {
            matches!(
                elem,
                Some(Elem::Word {
                    place: Place::Quote,
                    ..
                })
            )
        };
        let quotes = |form: &Form| form.elems.iter().filter(|elem| is_quote(Some(elem))).count();
        self.forms
            .iter()
            .all(|form| is_quote(form.elems.first()) && is_quote(form.elems.last()) && quotes(form) == 2)
    }

    /// The same example, for entries that say exactly this and nothing more.
    #[must_use]
    pub fn exact(mut self) -> Self {
        self.is_exact = true;
        for form in &mut self.forms {
            form.elems.retain(|elem| !matches!(elem, Elem::Extra(_)));
            form.shape = None;
        }
        self
    }

    /// The same example, for entries whose template breaks lines to the line width of the host (`{{#fit}}`).
    #[must_use]
    pub fn fitted(mut self) -> Self {
        self.is_fitted = true;
        self
    }

    fn form(&mut self, parts: &[Part]) -> Result<Form, ExampleError> {
        let mut text = String::new();
        let mut holes: Vec<Option<Hole>> = Vec::new();
        for part in parts {
            match part {
                Part::Text(said) => text.push_str(said),
                Part::Hole(_) | Part::Gap => {
                    let next = u32::try_from(holes.len()).ok().filter(|next| *next < MAX_HOLES);
                    let mark = next
                        .and_then(|next| char::from_u32(HOLES + next))
                        .ok_or(ExampleError::TooMany)?;
                    text.push(mark);
                    holes.push(if let Part::Hole(hole) = part {
                        Some(*hole)
                    } else {
                        None
                    });
                }
                Part::Either(..) => {}
            }
        }
        let cut = Cut::new(&text, self.syntax);
        self.has_comment |= cut.begins_with_comment;
        self.has_comma |= cut.comma;
        let mut form = Form {
            elems: vec![],
            holes: holes.iter().flatten().copied().collect(),
            shape: shape::of(&text, self.syntax, &cut.tokens, &holes).map(Box::new),
            is_open: false,
        };
        for token in &cut.tokens {
            form.push(&text[token.start..token.end], token, &holes);
        }
        let ends_with_line = cut.tokens.last().is_some_and(|token| token.glue == Glue::Line);
        if !self.syntax.has_tree() && ends_with_line && form.elems.len() > 1 {
            form.is_open = form.elems.pop_if(|elem| *elem == Elem::Gap).is_some();
        }
        if form.elems.is_empty() {
            return Err(ExampleError::Empty);
        }
        if form.elems.iter().all(|elem| *elem == Elem::Gap) {
            return Err(ExampleError::OnlyGaps);
        }
        if self.syntax.has_tree() {
            form.with_extras();
        }
        Ok(form)
    }
}

/// All texts that conditions make.
fn unfold(parts: &[Part], texts: &mut Vec<Vec<Part>>) -> Result<(), ExampleError> {
    for part in parts {
        if let Part::Either(yes, no) = part {
            let mut others = texts.clone();
            unfold(yes, texts)?;
            unfold(no, &mut others)?;
            texts.append(&mut others);
            if texts.len() > Example::MAX_FORMS {
                return Err(ExampleError::TooMany);
            }
        } else {
            for text in texts.iter_mut() {
                text.push(part.clone());
            }
        }
    }
    Ok(())
}

/// `text` with a gap for each `{{_}}`, and a hole for each `{{_name}}`; the names of the holes.
pub(super) fn pieces(text: &str) -> (Vec<Part>, Vec<String>) {
    let (mut out, mut names) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{_") {
        let Some((name, after)) = behind.split_once("}}") else {
            break;
        };
        if !before.is_empty() {
            out.push(Part::Text(before.to_owned()));
        }
        if name.is_empty() {
            out.push(Part::Gap);
        } else {
            out.push(Part::Hole(Hole {
                spelling: Spelling::Pascal,
                id: names.len(),
            }));
            names.push(format!("_{name}"));
        }
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Part::Text(rest.to_owned()));
    }
    (out, names)
}

/// An example's text in tokens.
pub(super) struct Cut {
    pub tokens: Vec<Token>,
    pub begins_with_comment: bool,
    comma: bool,
}

impl Cut {
    pub fn new(text: &str, syntax: Syntax) -> Self {
        let (mut comments, strings) = scan(text, syntax);
        let like_code = syntax.has_tree();
        let mut tokens = lex(text, &comments, &strings, like_code);
        if syntax == Syntax::Yaml {
            unquote(&mut tokens);
        }
        if tokens.is_empty() && !like_code {
            comments.clear();
            tokens = lex(text, &comments, &strings, like_code);
        }
        let code = |token: Option<&Token>| {
            let token = token.filter(|token| token.place == Place::Code)?;
            text.get(token.start..token.end)
        };
        let mut comma = false;
        if like_code {
            while code(tokens.last()) == Some(",") {
                tokens.pop();
                comma = true;
            }
            let operators = ["|", "&", "or", "and"];
            let count = tokens
                .iter()
                .filter(|token| code(Some(token)).is_some_and(|said| operators.contains(&said)));
            let count = count.count();
            for back in [false, true] {
                let edge = |tokens: &[Token]| {
                    code(if back { tokens.last() } else { tokens.first() }).map(str::to_owned)
                };
                let Some(mark) =
                    edge(&tokens).filter(|mark| operators.contains(&mark.as_str()) && count <= 2)
                else {
                    continue;
                };
                while edge(&tokens).as_ref() == Some(&mark) {
                    tokens.remove(if back { tokens.len() - 1 } else { 0 });
                }
            }
        }
        let first = tokens.first().map_or(text.len(), |token| token.start);
        Self {
            begins_with_comment: comments.first().is_some_and(|span| span.start < first),
            tokens,
            comma,
        }
    }
}

/// The comments and strings of a fragment that may be no code by itself.
fn scan(text: &str, syntax: Syntax) -> (Vec<Span>, Vec<Span>) {
    let (line, quotes): (&str, &[&str]) = match syntax {
        Syntax::Code(language) => (language.notation().comment, language.notation().quotes),
        Syntax::Component => ("//", &["\"", "'", "`"]),
        Syntax::Json => ("//", &["\""]),
        Syntax::Toml => ("#", &["\"\"\"", "'''", "\"", "'"]),
        Syntax::Yaml => ("#", &["\"", "'"]),
        Syntax::Xml => ("<!--", &["\"", "'"]),
        Syntax::Markdown => ("<!--", &[]),
        Syntax::Text(mark) => (mark, &[]),
    };
    let (mut comments, mut strings) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let apart = before.is_none_or(char::is_whitespace);
        let on_own_line = text[..at]
            .rsplit('\n')
            .next()
            .is_none_or(|line| line.trim().is_empty());
        let line_comment =
            rest.starts_with(line) && (apart || line == "//") && (syntax.has_tree() || on_own_line);
        let block = if rest.starts_with("<!--") {
            Some("-->")
        } else if rest.starts_with("/*") && line == "//" && syntax.has_tree() {
            Some("*/")
        } else {
            None
        };
        if let Some(close) = block {
            let end = rest.find(close).map_or(rest.len(), |end| end + close.len());
            comments.push(Span::new(at, at + end));
            at += end;
            continue;
        }
        if line_comment {
            let end = rest.find('\n').unwrap_or(rest.len());
            comments.push(Span::new(at, at + end));
            at += end;
            continue;
        }
        let quote = quotes.iter().find(|quote| rest.starts_with(**quote));
        let quote = quote.filter(|_| syntax != Syntax::Yaml || before.is_none_or(|c| !c.is_alphanumeric()));
        if let Some(end) = quote.and_then(|quote| string_end(rest, quote, syntax)) {
            strings.push(Span::new(at, at + end));
            at += end;
            continue;
        }
        at += c.len_utf8();
    }
    (comments, strings)
}

/// How long the string that begins `text` is; nothing if it is not closed, or is no string.
fn string_end(text: &str, quote: &str, syntax: Syntax) -> Option<usize> {
    let notation = syntax.notation();
    let raw = notation.is_some_and(|notation| notation.raw_quote == Some(quote));
    let mut at = quote.len();
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(quote) {
            let long = text[quote.len()..at].chars().count() > 2;
            let is_lifetime = notation.is_some_and(|notation| notation.char_quote == Some(quote)) && long;
            return (!is_lifetime).then_some(at + quote.len());
        }
        at += c.len_utf8();
        if c == '\\' && !raw {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    None
}
