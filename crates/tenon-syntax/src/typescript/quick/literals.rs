//! Literals: strings, templates, regular expressions.

use super::kinds::{F, K};
use super::parser::{Mark, Parsed, Parser};

impl Parser<'_> {
    /// A string in quotes.
    pub fn string(&mut self) -> Parsed {
        let mark = self.mark();
        let quote_kind = self.token.kind;
        let quote = match quote_kind {
            K::SingleQuote => b'\'',
            K::DoubleQuote => b'"',
            _ => return None,
        };
        let start = self.token.start;
        self.part(quote_kind, start, start + 1);
        let mut at = start + 1;
        loop {
            let rest = self.text.get(at as usize..)?;
            let len = memchr::memchr3(quote, b'\\', b'\n', rest)?;
            if memchr::memchr(b'\r', &rest[..len]).is_some() {
                return None;
            }
            let end = at + u32::try_from(len).ok()?;
            if end > at {
                self.part(K::StringFragment, at, end);
            }
            match self.text.get(end as usize)? {
                b'\\' => at = self.escape(end)?,
                byte if *byte == quote => {
                    self.part(quote_kind, end, end + 1);
                    self.go_on(end + 1)?;
                    break;
                }
                _ => return None,
            }
        }
        self.finish(K::StringLiteral, mark);
        Some(())
    }

    /// Takes the escape that begins at `at`; says where it ends.
    fn escape(&mut self, at: u32) -> Option<u32> {
        let rest = self.text.get(at as usize + 1..)?;
        let hex = |from: usize, count: usize| {
            let digits = rest.get(from..from + count)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(from + count)
        };
        let len = match rest.first()? {
            b'x' => hex(1, 2)?,
            b'u' if rest.get(1) == Some(&b'{') => {
                let count = rest[2..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_hexdigit())
                    .count();
                let is_closed = count > 0 && rest.get(2 + count) == Some(&b'}');
                is_closed.then_some(count + 3)?
            }
            b'u' => hex(1, 4)?,
            b'0'..=b'7' => rest
                .iter()
                .take(3)
                .take_while(|byte| (b'0'..=b'7').contains(byte))
                .count(),
            b'\r' | b'\n' | b'?' => return None,
            byte if !byte.is_ascii() => return None,
            _ => 1,
        };
        let end = at + 1 + u32::try_from(len).ok()?;
        self.part(K::EscapeSequence, at, end);
        Some(end)
    }

    /// A template, without the node around it. `inner` reads what stands behind `${` and takes the brace behind it;
    /// `escapes` is whether there may be escapes.
    pub fn template(&mut self, escapes: bool, mut inner: impl FnMut(&mut Self, Mark) -> Parsed) -> Parsed {
        let mut at = self.token.start + 1;
        self.part(K::Backtick, at - 1, at);
        loop {
            let rest = self.text.get(at as usize..)?;
            let mut len = 0;
            loop {
                match rest.get(len)? {
                    b'`' | b'\\' => break,
                    b'$' if rest.get(len + 1) == Some(&b'{') => break,
                    _ => len += 1,
                }
            }
            let end = at + u32::try_from(len).ok()?;
            if end > at {
                self.part(K::StringFragment, at, end);
            }
            match self.text.get(end as usize)? {
                b'`' => {
                    self.part(K::Backtick, end, end + 1);
                    return self.go_on(end + 1);
                }
                b'\\' if escapes => at = self.escape(end)?,
                b'\\' => return None,
                _ => {
                    let mark = self.mark();
                    self.part(K::Substitution, end, end + 2);
                    self.go_on(end + 2)?;
                    self.enclosed(|p| inner(p, mark))?;
                    at = self.last_end();
                }
            }
        }
    }

    /// Takes the brace that ends a part of a template, and nothing behind it.
    pub fn finish_at_brace(&mut self, kind: K, mark: Mark) -> Parsed {
        if !self.at(K::RightBrace) {
            return None;
        }
        self.part(K::RightBrace, self.token.start, self.token.end);
        self.finish(kind, mark);
        Some(())
    }

    /// A template string.
    pub fn template_string(&mut self) -> Parsed {
        let mark = self.mark();
        self.template(true, |p, inner| {
            p.expressions()?;
            p.finish_at_brace(K::TemplateSubstitution, inner)
        })?;
        self.finish(K::TemplateString, mark);
        Some(())
    }

    /// A regular expression, whose first slash is the next token.
    pub fn regex(&mut self) -> Parsed {
        let mark = self.mark();
        let start = self.token.start;
        let mut at = start as usize + 1;
        let mut in_class = false;
        loop {
            match self.text.get(at)? {
                b'\n' | b'\r' => return None,
                b'\\' => {
                    if !self.text.get(at + 1)?.is_ascii_graphic() {
                        return None;
                    }
                    at += 1;
                }
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                _ => {}
            }
            at += 1;
        }
        let end = u32::try_from(at).ok()?;
        if end == start + 1 || self.text[start as usize + 1].is_ascii_whitespace() {
            return None;
        }
        self.part(K::Slash, start, start + 1);
        self.part(K::RegexPattern, start + 1, end);
        self.field(F::Pattern);
        self.part(K::Slash, end, end + 1);
        let flags = self.text[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_lowercase())
            .count();
        let behind = end + 1 + u32::try_from(flags).ok()?;
        if flags > 0 {
            self.part(K::RegexFlags, end + 1, behind);
            self.field(F::Flags);
        }
        self.go_on(behind)?;
        self.finish(K::Regex, mark);
        Some(())
    }
}
