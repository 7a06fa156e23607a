//! What is called, looked into and indexed.

use super::kinds::{F, K};
use super::parser::{Mark, Parsed, Parser};

impl Parser<'_> {
    /// What is called, looked into and indexed.
    pub fn chain(&mut self, mark: Mark, bangs: bool, generic: bool) -> Parsed {
        if self.at(K::New) {
            self.new_expression(mark)?;
        } else {
            self.primary()?;
        }
        self.links(mark, bangs, generic)
    }

    /// What stands behind what is called, looked into and indexed; it began at `mark`.
    pub fn links(&mut self, mark: Mark, bangs: bool, generic: bool) -> Parsed {
        loop {
            match self.token.kind {
                K::Dot => {
                    self.field_at(mark, F::Object);
                    self.bump()?;
                    self.member_name(mark)?;
                }
                K::ChainSign => self.optional_chain(mark)?,
                K::LeftBracket => {
                    self.field_at(mark, F::Object);
                    self.subscript(mark)?;
                }
                K::LeftParen => {
                    self.field_at(mark, F::Function);
                    self.arguments()?;
                    self.finish(K::Call, mark);
                }
                K::Backtick => {
                    self.field_at(mark, F::Function);
                    self.template_string()?;
                    self.field(F::Arguments);
                    self.finish(K::Call, mark);
                }
                K::Bang if bangs && self.goes_on() => {
                    self.bump()?;
                    self.finish(K::NonNull, mark);
                }
                K::Less => {
                    let place = self.place();
                    self.odd.import = false;
                    if self.type_arguments().is_none() || !self.at(K::LeftParen) {
                        self.back(place);
                        return self.is_comparison().then_some(());
                    }
                    if self.odd.import {
                        return None;
                    }
                    if !generic {
                        self.back(place);
                        return Some(());
                    }
                    self.field_at(mark, F::Function);
                    self.arguments()?;
                    self.finish(K::Call, mark);
                }
                _ => return Some(()),
            }
        }
    }

    /// Whether the `<` at the next token is no bracket for sure: a space stands on both of its sides.
    fn is_comparison(&self) -> bool {
        let space = |at: usize| self.text.get(at).is_some_and(u8::is_ascii_whitespace);
        let at = self.token.start as usize;
        at > 0 && space(at - 1) && space(at + 1)
    }

    /// The name behind a dot; what it is a member of began at `mark`.
    pub fn member_name(&mut self, mark: Mark) -> Parsed {
        match self.token.kind {
            K::PrivateName => self.bump()?,
            kind if kind.is_word() => self.bump_as(K::PropertyIdentifier)?,
            _ => return None,
        }
        self.field(F::Property);
        self.finish(K::Member, mark);
        Some(())
    }

    fn subscript(&mut self, mark: Mark) -> Parsed {
        self.expect(K::LeftBracket)?;
        self.enclosed(|p| {
            p.expressions()?;
            p.field(F::Index);
            p.expect(K::RightBracket)
        })?;
        self.finish(K::Subscript, mark);
        Some(())
    }

    fn optional_chain(&mut self, mark: Mark) -> Parsed {
        if self.second()?.kind == K::LeftParen {
            self.field_at(mark, F::Function);
            self.bump()?;
            self.arguments()?;
            self.finish(K::Call, mark);
            return Some(());
        }
        self.field_at(mark, F::Object);
        let sign = self.mark();
        self.bump()?;
        self.finish(K::OptionalChain, sign);
        self.field(F::OptionalChain);
        if self.at(K::LeftBracket) {
            self.subscript(mark)
        } else {
            self.member_name(mark)
        }
    }

    fn new_expression(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        let inner = self.mark();
        if self.token.after_line {
            return None;
        }
        if self.at_any(&[
            K::New,
            K::Dot,
            K::Import,
            K::SuperWord,
            K::Function,
            K::Class,
            K::Async,
        ]) {
            return None;
        }
        self.primary()?;
        loop {
            match self.token.kind {
                K::Dot => {
                    self.field_at(inner, F::Object);
                    self.bump()?;
                    self.member_name(inner)?;
                }
                K::LeftBracket => {
                    self.field_at(inner, F::Object);
                    self.subscript(inner)?;
                }
                K::Bang | K::ChainSign | K::Backtick => return None,
                _ => break,
            }
        }
        self.field_at(inner, F::Constructor);
        if self.at(K::Less) {
            self.type_arguments()?;
            if !self.at(K::LeftParen) {
                return None;
            }
        }
        if self.at(K::LeftParen) {
            self.arguments()?;
        }
        self.finish(K::NewExpression, mark);
        Some(())
    }

    /// What stands in the parentheses of a call.
    pub fn arguments(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::LeftParen)?;
        self.enclosed(|p| {
            p.elements(K::RightParen)?;
            p.expect(K::RightParen)
        })?;
        self.finish(K::Arguments, mark);
        self.field(F::Arguments);
        Some(())
    }

    /// Expressions with commas between them, before a `close`.
    pub fn elements(&mut self, close: K) -> Parsed {
        while !self.at(close) {
            if !self.at(K::Comma) {
                self.element()?;
            }
            if !self.eat(K::Comma)? {
                break;
            }
        }
        Some(())
    }

    /// An expression, or three dots and one.
    pub fn element(&mut self) -> Parsed {
        if !self.at(K::Ellipsis) {
            return self.expression();
        }
        let mark = self.mark();
        self.bump()?;
        self.expression()?;
        self.finish(K::Spread, mark);
        Some(())
    }
}
