//! Expressions.

use super::kinds::{F, K};
use super::lexer;
use super::parser::{Mark, Parsed, Parser};

/// How strongly the operator `kind` binds, and whether it does to the right.
fn strength(kind: K) -> Option<(u8, bool)> {
    Some(match kind {
        K::Coalesce => (1, false),
        K::Or => (2, false),
        K::And => (3, false),
        K::Bar => (4, false),
        K::Caret => (5, false),
        K::Ampersand => (6, false),
        K::EqualEqual | K::NotEqual | K::Same | K::NotSame => (7, false),
        K::Less | K::Greater | K::LessEqual | K::GreaterEqual | K::Instanceof | K::In => (8, false),
        K::ShiftLeft | K::ShiftRight | K::ShiftUnsigned => (9, false),
        K::Plus | K::Minus => (10, false),
        K::Star | K::Slash | K::Percent => (11, false),
        K::StarStar => (12, true),
        _ => return None,
    })
}

const AUGMENTED: [K; 15] = [
    K::PlusEqual,
    K::MinusEqual,
    K::StarEqual,
    K::SlashEqual,
    K::PercentEqual,
    K::CaretEqual,
    K::AmpersandEqual,
    K::BarEqual,
    K::ShiftRightEqual,
    K::ShiftUnsignedEqual,
    K::ShiftLeftEqual,
    K::StarStarEqual,
    K::AndEqual,
    K::OrEqual,
    K::CoalesceEqual,
];

impl Parser<'_> {
    /// One expression, or several with commas between them.
    pub fn expressions(&mut self) -> Parsed {
        let mark = self.mark();
        self.expression()?;
        if self.at(K::Comma) {
            while self.eat(K::Comma)? {
                self.expression()?;
            }
            self.finish(K::Sequence, mark);
        }
        Some(())
    }

    /// One expression.
    pub fn expression(&mut self) -> Parsed {
        self.deeper(Self::assignment)
    }

    fn assignment(&mut self) -> Parsed {
        let mark = self.mark();
        if self.arrow_function(mark)? {
            return Some(());
        }
        self.binary(0)?;
        if self.at(K::Question) {
            self.field_at(mark, F::Condition);
            self.bump()?;
            self.expression()?;
            self.field(F::Consequence);
            self.expect(K::Colon)?;
            self.expression()?;
            self.field(F::Alternative);
            self.finish(K::Ternary, mark);
            return Some(());
        }
        let (operator, len) = self.operator();
        let is_place = matches!(
            self.last_kind()?,
            K::Identifier | K::Undefined | K::Member | K::Subscript
        );
        if operator == K::Equal {
            // What looks like a literal would be a pattern.
            is_place.then_some(())?;
            self.field_at(mark, F::Left);
            self.bump()?;
            self.expression()?;
            self.field(F::Right);
            self.finish(K::Assignment, mark);
        } else if AUGMENTED.contains(&operator) {
            is_place.then_some(())?;
            self.field_at(mark, F::Left);
            self.leaf(operator, self.token.start, self.token.start + len)?;
            self.field(F::Operator);
            self.expression()?;
            self.field(F::Right);
            self.finish(K::Augmented, mark);
        }
        Some(())
    }

    /// The operator at the next token, and its length.
    fn operator(&self) -> (K, u32) {
        if self.at(K::Greater) {
            let (kind, len) = lexer::greater(self.text, self.token.start as usize);
            return (kind, u32::try_from(len).unwrap_or(1));
        }
        (self.token.kind, self.token.end - self.token.start)
    }

    fn binary(&mut self, least: u8) -> Parsed {
        let mark = self.mark();
        self.unary(least == 0)?;
        loop {
            let (operator, len) = self.operator();
            if matches!(operator, K::As | K::Satisfies) {
                if least > 0 || !self.goes_on() {
                    return Some(());
                }
                self.with_type(mark, operator)?;
                continue;
            }
            if operator == K::Bang {
                if least > 0 || !self.goes_on() {
                    return Some(());
                }
                // All that came before it is what is not null.
                self.bump()?;
                self.finish(K::NonNull, mark);
                self.links(mark, true, true)?;
                continue;
            }
            let Some((strength, to_the_right)) = strength(operator) else {
                return Some(());
            };
            if strength < least || (operator == K::In && self.no_in) {
                return Some(());
            }
            self.field_at(mark, F::Left);
            self.leaf(operator, self.token.start, self.token.start + len)?;
            self.field(F::Operator);
            self.binary(if to_the_right { strength } else { strength + 1 })?;
            self.field(F::Right);
            self.finish(K::Binary, mark);
        }
    }

    /// `a as T` behind its `a`, which began at `mark`.
    fn with_type(&mut self, mark: Mark, operator: K) -> Parsed {
        self.bump()?;
        let kind = if operator == K::As {
            K::AsExpression
        } else {
            K::SatisfiesExpression
        };
        if operator == K::As && self.at(K::Const) {
            self.bump()?;
            self.finish(kind, mark);
            return Some(());
        }
        let parts = if self.at(K::Identifier) {
            self.dotted_parts()?
        } else {
            1
        };
        if parts < 3 {
            self.odd.long_name = false;
            self.type_()?;
            self.finish(kind, mark);
            return (!self.odd.long_name).then_some(());
        }
        let left = &self.text[self.start_of(mark) as usize..self.token.start as usize];
        if parts > 3
            || left.windows(2).any(|pair| pair == b"?.")
            || self.kind_at(mark) == Some(K::AsExpression)
        {
            return None;
        }
        // The grammar takes the last of three names for a member of all before it, where that gives an expression.
        let inner = self.mark();
        self.dotted_type(inner, parts - 1)?;
        self.finish(kind, mark);
        self.field_at(mark, F::Object);
        self.expect(K::Dot)?;
        self.member_name(mark)?;
        let is_end = self.at_any(&[
            K::RightParen,
            K::Comma,
            K::Semicolon,
            K::RightBracket,
            K::RightBrace,
            K::Colon,
            K::End,
        ]);
        is_end.then_some(())
    }

    fn unary(&mut self, bangs: bool) -> Parsed {
        let mark = self.mark();
        match self.token.kind {
            K::Bang | K::Tilde | K::Minus | K::Plus | K::Typeof | K::Void | K::Delete => {
                self.bump()?;
                self.field(F::Operator);
                self.operand(false)?;
                self.field(F::Argument);
                self.finish(K::Unary, mark);
            }
            K::PlusPlus | K::MinusMinus => {
                self.bump()?;
                self.field(F::Operator);
                self.operand(false)?;
                self.field(F::Argument);
                self.finish(K::Update, mark);
            }
            K::Await => {
                self.bump()?;
                let inner = self.mark();
                self.operand(true)?;
                // A type that is said behind it is one of what is waited for.
                while self.at_any(&[K::As, K::Satisfies]) && self.goes_on() {
                    self.with_type(inner, self.token.kind)?;
                }
                self.finish(K::AwaitExpression, mark);
                // A call with types is one of all that came before it.
                if self.at(K::Less) {
                    self.links(mark, bangs, true)?;
                }
            }
            _ => {
                self.chain(mark, bangs, true)?;
                if self.at_any(&[K::PlusPlus, K::MinusMinus]) && !self.token.after_line {
                    self.field_at(mark, F::Argument);
                    self.bump()?;
                    self.field(F::Operator);
                    self.finish(K::Update, mark);
                }
            }
        }
        Some(())
    }

    /// What a sign or a word before it works on; `bangs` is whether a `!` behind it belongs to it.
    fn operand(&mut self, bangs: bool) -> Parsed {
        self.deeper(|p| {
            let mark = p.mark();
            let is_simple = !matches!(
                p.token.kind,
                K::Bang
                    | K::Tilde
                    | K::Minus
                    | K::Plus
                    | K::Typeof
                    | K::Void
                    | K::Delete
                    | K::PlusPlus
                    | K::MinusMinus
                    | K::Await
            );
            if is_simple {
                p.chain(mark, bangs, false)?;
                // `-a++` and `!a!` are read in ways of their own.
                return (!p.at_any(&[K::PlusPlus, K::MinusMinus])).then_some(());
            }
            p.unary(bangs)
        })
    }

    /// What is called, looked into and indexed.
    fn chain(&mut self, mark: Mark, bangs: bool, generic: bool) -> Parsed {
        if self.at(K::New) {
            self.new_expression(mark)?;
        } else {
            self.primary()?;
        }
        self.links(mark, bangs, generic)
    }

    /// What stands behind what is called, looked into and indexed; it began at `mark`.
    fn links(&mut self, mark: Mark, bangs: bool, generic: bool) -> Parsed {
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

    fn member_name(&mut self, mark: Mark) -> Parsed {
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
        if self.at_any(&[K::New, K::Dot, K::Import, K::SuperWord]) {
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
    fn elements(&mut self, close: K) -> Parsed {
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

    fn element(&mut self) -> Parsed {
        if !self.at(K::Ellipsis) {
            return self.expression();
        }
        let mark = self.mark();
        self.bump()?;
        self.expression()?;
        self.finish(K::Spread, mark);
        Some(())
    }

    fn primary(&mut self) -> Parsed {
        let mark = self.mark();
        match self.token.kind {
            K::Async if self.second()?.kind == K::Function => self.function(mark),
            K::Using => None,
            K::ThisWord => self.bump_as(K::This),
            K::SuperWord => self.bump_as(K::Super),
            K::TrueWord => self.bump_as(K::True),
            K::FalseWord => self.bump_as(K::False),
            K::NullWord => self.bump_as(K::Null),
            K::UndefinedWord => self.bump_as(K::Undefined),
            K::NumberLiteral => self.bump(),
            K::SingleQuote | K::DoubleQuote => self.string(),
            K::Backtick => self.template_string(),
            K::Slash | K::SlashEqual => self.regex(),
            K::Function => self.function(mark),
            K::Class => self.class(mark),
            K::Import if self.second()?.kind == K::LeftParen => self.single(K::ImportName),
            K::Import => {
                self.bump()?;
                self.expect(K::Dot)?;
                self.expect(K::Meta)?;
                self.finish(K::MetaProperty, mark);
                Some(())
            }
            K::LeftBrace => self.object(),
            K::LeftBracket => {
                self.bump()?;
                self.enclosed(|p| {
                    p.elements(K::RightBracket)?;
                    p.expect(K::RightBracket)
                })?;
                self.finish(K::ArrayLiteral, mark);
                Some(())
            }
            K::LeftParen => {
                self.bump()?;
                self.enclosed(|p| {
                    p.expressions()?;
                    p.expect(K::RightParen)
                })?;
                self.finish(K::Parenthesized, mark);
                Some(())
            }
            kind if kind.is_name() => self.bump_as(K::Identifier),
            _ => None,
        }
    }

    fn object(&mut self) -> Parsed {
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

    /// Whether the word at the next token is a modifier of what is behind it, and not a name itself.
    pub fn is_modifier(&self) -> Option<bool> {
        let next = self.second()?;
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
