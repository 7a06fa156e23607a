//! Tokens: words and single signs, without comments; a string is its quotes and the tokens between them.

use tenon_text::diag::Span;

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Code, or plain text.
    Code,
    /// The mark that begins or ends a string; all marks are alike.
    Quote,
    /// Inside a string.
    InString,
}

/// What parts a token from the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glue {
    /// Nothing.
    None,
    /// Something on the same line.
    Space,
    /// The end of a line.
    Line,
}

/// A word or a sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
    pub place: Place,
    pub glue: Glue,
}

/// Holes of an example are written as characters from here on while it is cut into tokens.
pub(super) const HOLES: u32 = 0xE000;
/// How many holes there may be.
pub(super) const MAX_HOLES: u32 = 0x1000;

/// Whether `c` stands for a hole.
pub(super) fn is_hole(c: char) -> bool {
    (HOLES..HOLES + MAX_HOLES).contains(&u32::from(c))
}

/// Whether `c` belongs to a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The quotes of the string that begins `text`: where its content begins, how long the closing quote is, how many bytes follow that.
fn quotes(text: &str) -> Option<(usize, usize, usize, usize)> {
    let letters = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let rest = &text[letters.min(3)..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let mark = ["\"\"\"", "'''", "\"", "'", "`"];
    let mark = mark.into_iter().find(|mark| rest[hashes..].starts_with(mark))?;
    let start = letters + hashes;
    (text.len() >= start + 2 * mark.len() + hashes).then_some((start, start + mark.len(), mark.len(), hashes))
}

/// Cuts `text` into tokens. `comments` and `strings` are sorted; `like_code` says whether commas before closing brackets and
/// semicolons are left out.
pub(super) fn lex(text: &str, comments: &[Span], strings: &[Span], like_code: bool) -> Vec<Token> {
    let mut spans: Vec<(Span, bool)> = comments.iter().map(|span| (*span, false)).collect();
    spans.extend(strings.iter().map(|span| (*span, true)));
    spans.sort_by_key(|(span, _)| span.start);
    let mut out = Vec::with_capacity(text.len() / 4);
    let mut done = 0;
    for (span, is_string) in spans {
        if span.start < done {
            continue;
        }
        plain(text, done, span.start, Place::Code, !like_code, &mut out);
        done = span.end;
        if !is_string {
            continue;
        }
        let Some((start, inner, mark, tail)) = quotes(&text[span.start..span.end]) else {
            plain(text, span.start, span.end, Place::InString, false, &mut out);
            continue;
        };
        let (from, to) = (span.start + inner, span.end - mark - tail);
        out.push(quote(span.start + start, from));
        plain(text, from, to, Place::InString, false, &mut out);
        out.push(quote(to, to + mark));
    }
    plain(text, done, text.len(), Place::Code, !like_code, &mut out);
    if like_code {
        significant(text, &mut out);
    }
    let mut end = None;
    for token in &mut out {
        token.glue = match end {
            None => Glue::Line,
            Some(end) if end == token.start => Glue::None,
            Some(end) if text[end..token.start].contains('\n') => Glue::Line,
            Some(_) => Glue::Space,
        };
        end = Some(token.end);
    }
    out
}

/// Makes plain tokens of strings, where quotes may be left out: `name: "x"` is `name: x`.
pub(super) fn unquote(tokens: &mut Vec<Token>) {
    tokens.retain(|token| token.place != Place::Quote);
    for token in tokens {
        token.place = Place::Code;
    }
}

fn quote(start: usize, end: usize) -> Token {
    Token {
        start,
        end,
        place: Place::Quote,
        glue: Glue::None,
    }
}

/// The words and signs between two bytes.
fn plain(text: &str, from: usize, to: usize, place: Place, with_quotes: bool, out: &mut Vec<Token>) {
    let mut chars = text[from..to].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() || c == '\u{feff}' {
            continue;
        }
        let mut end = at + c.len_utf8();
        if is_word(c) || is_hole(c) {
            while let Some((_, c)) = chars.next_if(|(_, c)| is_word(*c) || is_hole(*c)) {
                end += c.len_utf8();
            }
        }
        let is_quote = with_quotes && matches!(c, '"' | '\'');
        out.push(Token {
            start: from + at,
            end: from + end,
            place: if is_quote { Place::Quote } else { place },
            glue: Glue::None,
        });
    }
}

/// For each token the first one, itself included, that closes brackets which are open before it; the number of tokens if there is none.
pub(super) fn group_ends(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut ends = vec![tokens.len(); tokens.len()];
    let mut closing: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate().rev() {
        if token.place == Place::Code {
            match &text[token.start..token.end] {
                ")" | "]" | "}" => closing.push(at),
                "(" | "[" | "{" => _ = closing.pop(),
                _ => {}
            }
        }
        ends[at] = closing.last().copied().unwrap_or(tokens.len());
    }
    ends
}

/// Leaves out semicolons, and commas before closing brackets.
fn significant(text: &str, tokens: &mut Vec<Token>) {
    let code = |token: &Token| (token.place == Place::Code).then(|| &text[token.start..token.end]);
    let mut next: Option<&str> = None;
    let mut keep = vec![true; tokens.len()];
    for (at, token) in tokens.iter().enumerate().rev() {
        let this = code(token);
        keep[at] = match this {
            Some(";") => false,
            Some(",") => !matches!(next, Some(")" | "]" | "}")),
            _ => true,
        };
        if keep[at] {
            next = this;
        }
    }
    let mut at = 0;
    tokens.retain(|_| {
        at += 1;
        keep[at - 1]
    });
}
