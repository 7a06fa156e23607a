//! Objects, and the names of members.

use super::kinds::{F, K};
use super::parser::{Parsed, Parser};

impl Parser<'_> {
    /// An object.
    pub fn object(&mut self) -> Parsed {
        let mark = self.mark();
        self.bump()?;
        self.enclosed(|p| {
            while !p.at(K::RightBrace) {
                if !p.at(K::Comma) {
                    p.object_member()?;
                }
                if !p.eat(K::Comma)? {
                    break;
                }
            }
            p.expect(K::RightBrace)
        })?;
        self.finish(K::ObjectLiteral, mark);
        Some(())
    }

    fn object_member(&mut self) -> Parsed {
        if self.at(K::Ellipsis) {
            return self.element();
        }
        let mark = self.mark();
        let next = self.second()?.kind;
        if self.token.kind.is_name() && matches!(next, K::Comma | K::RightBrace) {
            return self.bump_as(K::ShorthandProperty);
        }
        let mut is_method = false;
        if self.at(K::Async) && self.is_modifier()? {
            self.bump()?;
            is_method = true;
        }
        if self.at_any(&[K::Get, K::Set]) && self.is_modifier()? {
            self.bump()?;
            is_method = true;
        }
        if self.at(K::Star) {
            return None;
        }
        self.property_name()?;
        if self.at_any(&[K::LeftParen, K::Less]) {
            self.field(F::Name);
            return self.method_body(mark);
        }
        if is_method {
            return None;
        }
        self.field(F::Key);
        self.expect(K::Colon)?;
        self.expression()?;
        self.field(F::Value);
        self.finish(K::Pair, mark);
        Some(())
    }

    /// The name of a property, a method or a field.
    pub fn property_name(&mut self) -> Parsed {
        match self.token.kind {
            K::SingleQuote | K::DoubleQuote => self.string(),
            K::NumberLiteral | K::PrivateName => self.bump(),
            K::LeftBracket => {
                let mark = self.mark();
                self.bump()?;
                self.enclosed(|p| {
                    p.expression()?;
                    p.expect(K::RightBracket)
                })?;
                self.finish(K::ComputedName, mark);
                Some(())
            }
            kind if kind.is_word() => self.bump_as(K::PropertyIdentifier),
            _ => None,
        }
    }

    /// Whether the word at the next token is a modifier of what is behind it, and not a name itself. What is on the
    /// next line is for others to say.
    pub fn is_modifier(&self) -> Option<bool> {
        let next = self.second()?;
        if next.after_line {
            return None;
        }
        Some(
            next.kind.is_word()
                || matches!(
                    next.kind,
                    K::LeftBracket
                        | K::PrivateName
                        | K::SingleQuote
                        | K::DoubleQuote
                        | K::NumberLiteral
                        | K::Star
                ),
        )
    }
}
