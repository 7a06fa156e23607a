//! Tokens, one after the other. What a slash or a brace begins is the parser's to say.

use super::kinds::{K, word};

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: K,
    /// Where it begins, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Whether a line ends before it.
    pub after_line: bool,
}

/// A comment before a token.
#[derive(Clone, Copy, Debug)]
pub struct Comment {
    /// Where it begins, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// Whether `byte` stands in names.
#[inline(always)]
pub fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

/// Goes over white space and comments from `at`; comments are put into `comments`. Says where the next token begins,
/// and whether a line ended. Nothing for a comment without end.
pub fn skip(text: &[u8], mut at: usize, comments: &mut Vec<Comment>) -> Option<(usize, bool)> {
    let mut after_line = false;
    loop {
        match text.get(at) {
            Some(b'\n') => {
                after_line = true;
                at += 1;
            }
            Some(b' ' | b'\t' | b'\r') => at += 1,
            Some(b'/') => match text.get(at + 1) {
                Some(b'/') => {
                    let rest = &text[at..];
                    let len = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                    comments.push(comment(at, at + len));
                    at += len;
                }
                Some(b'*') => {
                    let rest = &text[at + 2..];
                    let len = memchr::memmem::find(rest, b"*/")? + 4;
                    after_line |= memchr::memchr(b'\n', &text[at..at + len]).is_some();
                    comments.push(comment(at, at + len));
                    at += len;
                }
                _ => return Some((at, after_line)),
            },
            _ => return Some((at, after_line)),
        }
    }
}

fn comment(start: usize, end: usize) -> Comment {
    Comment {
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}

/// The token at `at`, which is neither white space nor a comment: its kind and where it ends. A quote, a backtick
/// and a slash are tokens by themselves, and so is each `>`. Nothing for what no token begins with.
pub fn token(text: &[u8], at: usize) -> Option<(K, usize)> {
    let Some(&byte) = text.get(at) else {
        return Some((K::End, at));
    };
    if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' {
        let len = text[at..].iter().take_while(|byte| in_name(**byte)).count();
        let end = at + len;
        if text
            .get(end)
            .is_some_and(|byte| *byte == b'\\' || !byte.is_ascii())
        {
            return None;
        }
        return Some((word(&text[at..end]), end));
    }
    if byte.is_ascii_digit() || (byte == b'.' && text.get(at + 1).is_some_and(u8::is_ascii_digit)) {
        return Some((K::NumberLiteral, number(text, at)?));
    }
    if byte == b'#' {
        let len = text[at + 1..].iter().take_while(|byte| in_name(**byte)).count();
        let is_name = text
            .get(at + 1)
            .is_some_and(|byte| in_name(*byte) && !byte.is_ascii_digit());
        let end = at + 1 + len;
        let goes_on = text
            .get(end)
            .is_some_and(|byte| *byte == b'\\' || !byte.is_ascii());
        return (is_name && !goes_on).then_some((K::PrivateName, end));
    }
    sign(&text[at..]).map(|(kind, len)| (kind, at + len))
}

/// Where the number at `start` ends; nothing for one that is not written as today.
fn number(text: &[u8], start: usize) -> Option<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let digits = |at: usize, is: fn(&u8) -> bool| text[at..].iter().take_while(|byte| is(byte)).count();
    let mut at = start;
    if byte(at) == b'0' && byte(at + 1).is_ascii_alphabetic() && byte(at + 1) != b'e' && byte(at + 1) != b'n'
    {
        let is: fn(&u8) -> bool = match byte(at + 1) {
            b'x' | b'X' => u8::is_ascii_hexdigit,
            b'b' => |byte| matches!(byte, b'0' | b'1'),
            b'o' => |byte| matches!(byte, b'0'..=b'7'),
            _ => return None,
        };
        let len = digits(at + 2, is);
        at += 2 + len;
        return (len > 0 && !in_name(byte(at))).then_some(at);
    }
    if byte(at) == b'0' && byte(at + 1).is_ascii_digit() {
        return None;
    }
    let digit: fn(&u8) -> bool = u8::is_ascii_digit;
    at += digits(at, digit);
    if byte(at) == b'.' {
        at += 1;
        at += digits(at, digit);
    }
    if matches!(byte(at), b'e' | b'E') {
        at += 1;
        if matches!(byte(at), b'+' | b'-') {
            at += 1;
        }
        let len = digits(at, digit);
        if len == 0 {
            return None;
        }
        at += len;
    }
    // `1_000`, `1n`, `1.foo` and `1..foo` are for others.
    (!in_name(byte(at)) && byte(at) != b'.' && byte(at).is_ascii()).then_some(at)
}

/// The sign that `rest` begins with, and its length.
fn sign(rest: &[u8]) -> Option<(K, usize)> {
    let byte = |at: usize| rest.get(at).copied().unwrap_or(0);
    let (second, third) = (byte(1), byte(2));
    Some(match (byte(0), second, third) {
        (b'{', ..) => (K::LeftBrace, 1),
        (b'}', ..) => (K::RightBrace, 1),
        (b'(', ..) => (K::LeftParen, 1),
        (b')', ..) => (K::RightParen, 1),
        (b'[', ..) => (K::LeftBracket, 1),
        (b']', ..) => (K::RightBracket, 1),
        (b';', ..) => (K::Semicolon, 1),
        (b',', ..) => (K::Comma, 1),
        (b':', ..) => (K::Colon, 1),
        (b'@', ..) => (K::At, 1),
        (b'`', ..) => (K::Backtick, 1),
        (b'\'', ..) => (K::SingleQuote, 1),
        (b'"', ..) => (K::DoubleQuote, 1),
        (b'~', ..) => (K::Tilde, 1),
        (b'>', ..) => (K::Greater, 1),
        (b'.', b'.', b'.') => (K::Ellipsis, 3),
        (b'.', ..) => (K::Dot, 1),
        (b'?', b'?', b'=') => (K::CoalesceEqual, 3),
        (b'?', b'?', _) => (K::Coalesce, 2),
        (b'?', b'.', digit) if digit.is_ascii_digit() => return None,
        (b'?', b'.', _) => (K::ChainSign, 2),
        (b'?', ..) => (K::Question, 1),
        (b'=', b'=', b'=') => (K::Same, 3),
        (b'=', b'=', _) => (K::EqualEqual, 2),
        (b'=', b'>', _) => (K::Arrow, 2),
        (b'=', ..) => (K::Equal, 1),
        (b'!', b'=', b'=') => (K::NotSame, 3),
        (b'!', b'=', _) => (K::NotEqual, 2),
        (b'!', ..) => (K::Bang, 1),
        (b'<', b'<', b'=') => (K::ShiftLeftEqual, 3),
        (b'<', b'<', _) => (K::ShiftLeft, 2),
        (b'<', b'=', _) => (K::LessEqual, 2),
        (b'<', ..) => (K::Less, 1),
        (b'+', b'+', _) => (K::PlusPlus, 2),
        (b'+', b'=', _) => (K::PlusEqual, 2),
        (b'+', ..) => (K::Plus, 1),
        (b'-', b'-', _) => (K::MinusMinus, 2),
        (b'-', b'=', _) => (K::MinusEqual, 2),
        (b'-', ..) => (K::Minus, 1),
        (b'*', b'*', b'=') => (K::StarStarEqual, 3),
        (b'*', b'*', _) => (K::StarStar, 2),
        (b'*', b'=', _) => (K::StarEqual, 2),
        (b'*', ..) => (K::Star, 1),
        (b'/', b'=', _) => (K::SlashEqual, 2),
        (b'/', ..) => (K::Slash, 1),
        (b'%', b'=', _) => (K::PercentEqual, 2),
        (b'%', ..) => (K::Percent, 1),
        (b'^', b'=', _) => (K::CaretEqual, 2),
        (b'^', ..) => (K::Caret, 1),
        (b'&', b'&', b'=') => (K::AndEqual, 3),
        (b'&', b'&', _) => (K::And, 2),
        (b'&', b'=', _) => (K::AmpersandEqual, 2),
        (b'&', ..) => (K::Ampersand, 1),
        (b'|', b'|', b'=') => (K::OrEqual, 3),
        (b'|', b'|', _) => (K::Or, 2),
        (b'|', b'=', _) => (K::BarEqual, 2),
        (b'|', ..) => (K::Bar, 1),
        _ => return None,
    })
}

/// The operator that begins with the `>` at `at`, as far as its signs touch, and its length.
pub fn greater(text: &[u8], at: usize) -> (K, usize) {
    let rest = &text[at..];
    [
        (&b">>>="[..], K::ShiftUnsignedEqual),
        (b">>>", K::ShiftUnsigned),
        (b">>=", K::ShiftRightEqual),
        (b">>", K::ShiftRight),
        (b">=", K::GreaterEqual),
    ]
    .into_iter()
    .find(|(sign, _)| rest.starts_with(sign))
    .map_or((K::Greater, 1), |(sign, kind)| (kind, sign.len()))
}

/// Whether tree-sitter puts a semicolon at `at`, behind the last token or comment of a statement. `in_code` is whether an
/// operator could stand there, if that is known. Source of the rules: `scan_automatic_semicolon` of tree-sitter-typescript 0.23. Nothing where it
/// depends on what is not known here.
pub fn is_statement_end(text: &[u8], at: usize, in_code: Option<bool>) -> Option<bool> {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c);
    let mut at = at;
    loop {
        match text.get(at) {
            None => return Some(true),
            Some(b'}') => {
                let rest = text[at + 1..].iter().find(|byte| !is_space(**byte));
                return if rest == Some(&b':') { None } else { Some(true) };
            }
            Some(b'\n') => break,
            Some(byte) if is_space(*byte) => at += 1,
            Some(_) => return Some(false),
        }
    }
    let mut comments = Vec::new();
    let (at, _) = skip(text, at, &mut comments)?;
    let rest = &text[at..];
    let second = rest.get(1).copied().unwrap_or(0);
    Some(match rest.first() {
        None => true,
        Some(
            b'`' | b',' | b'.' | b';' | b'*' | b'%' | b'>' | b'<' | b'=' | b'?' | b'^' | b'|' | b'&' | b'/'
            | b':',
        ) => false,
        Some(b'(' | b'[') => !in_code?,
        Some(b'+') => second == b'+',
        Some(b'-') => second == b'-',
        Some(b'!') => second != b'=',
        Some(b'i') if second == b'n' => {
            let third = rest.get(2).copied().unwrap_or(0);
            let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            // `in` and `instanceof` go on with what came before; other names do not.
            let is_operator = rest[2..].starts_with(b"stanceof") && !is_letter(rest.get(10));
            third.is_ascii_alphabetic() && !is_operator
        }
        Some(_) => true,
    })
}

/// Where the bracket that opens at `at` is closed: the place of the one that closes it. What strings, templates
/// and comments hold is gone over; a regular expression with brackets leads astray, and then nothing fits.
pub fn closing(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = at;
    loop {
        match text.get(at)? {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            quote @ (b'\'' | b'"' | b'`') => {
                at += 1;
                while text.get(at)? != quote {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'/' if matches!(text.get(at + 1), Some(b'/' | b'*')) => {
                let mut comments = Vec::new();
                at = skip(text, at, &mut comments)?.0;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}
