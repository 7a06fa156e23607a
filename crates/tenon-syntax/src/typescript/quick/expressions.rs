//! Expressions.

use super::kinds::{F, K};
use super::lexer::{self, Token};
use super::parser::{Mark, Parsed, Parser};

/// How strongly comparisons bind.
const RELATION: u8 = 8;

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
        K::Less | K::Greater | K::LessEqual | K::GreaterEqual | K::Instanceof | K::In => (RELATION, false),
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
        let is_simple = self.binary(0)?;
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
        let is_place = is_simple
            && matches!(
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

    /// What operators that bind as strongly as `least` join. Whether there was none.
    fn binary(&mut self, least: u8) -> Option<bool> {
        let mark = self.mark();
        self.unary(least == 0)?;
        let mut last = 0;
        let mut is_simple = true;
        loop {
            let (operator, len) = self.operator();
            if matches!(operator, K::As | K::Satisfies) {
                if least > 0 || !self.goes_on() {
                    return Some(is_simple);
                }
                is_simple = false;
                self.with_type(mark, operator)?;
                continue;
            }
            if operator == K::Bang {
                if least > 0 || !self.goes_on() {
                    return Some(is_simple);
                }
                is_simple = false;
                // All that came before it is what is not null.
                self.bump()?;
                self.finish(K::NonNull, mark);
                self.links(mark, true, true)?;
                continue;
            }
            let Some((strength, to_the_right)) = strength(operator) else {
                return Some(is_simple);
            };
            if strength < least || (operator == K::In && self.no_in) {
                return Some(is_simple);
            }
            // `a < b > c` can be many things, also with more between the signs.
            if strength == RELATION && (last == RELATION || (operator == K::Greater && self.after_less)) {
                return None;
            }
            self.after_less |= operator == K::Less;
            last = strength;
            is_simple = false;
            self.field_at(mark, F::Left);
            self.leaf(operator, self.token.start, self.token.start + len)?;
            self.field(F::Operator);
            self.binary(if to_the_right { strength } else { strength + 1 })?;
            if to_the_right && self.at_any(&[K::Bang, K::As, K::Satisfies]) {
                return None;
            }
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
        let last = self.end_of_name()?;
        let is_list = last.kind == K::LeftBracket && self.behind(last.end)?.kind == K::RightBracket;
        let is_whole = parts == 3 && self.in_parens && last.kind == K::RightParen;
        if is_list || is_whole {
            // No expression goes on like this, and none is read as one between parentheses.
            self.type_()?;
            self.finish(kind, mark);
            return Some(());
        }
        let left = &self.text[self.start_of(mark) as usize..self.token.start as usize];
        if parts > 3
            || self.in_parens
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
            K::Bar,
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

    /// The token behind the names with dots between them that begin at the next token.
    fn end_of_name(&self) -> Option<Token> {
        let mut token = self.second()?;
        while token.kind == K::Dot {
            let name = self.behind(token.end)?;
            token = self.behind(name.end)?;
        }
        Some(token)
    }

    fn unary(&mut self, bangs: bool) -> Parsed {
        let mark = self.mark();
        self.signed(bangs)?;
        // A call with types is one of all that came before it, signs included.
        if self.at(K::Less) {
            self.links(mark, bangs, true)?;
        }
        Some(())
    }

    fn signed(&mut self, bangs: bool) -> Parsed {
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
                if self.at(K::Bang) {
                    return None;
                }
                self.finish(K::AwaitExpression, mark);
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
            p.signed(bangs)?;
            (!p.at_any(&[K::Bang, K::Less])).then_some(())
        })
    }

    /// An expression that is not made of others, or has them in brackets.
    pub fn primary(&mut self) -> Parsed {
        let mark = self.mark();
        match self.token.kind {
            K::Async if self.second()?.kind == K::Function => {
                if self.second()?.after_line {
                    return None;
                }
                self.function(mark)
            }
            // Words of types and declarations, which are names all the same.
            K::As
            | K::Satisfies
            | K::Using
            | K::Infer
            | K::Keyof
            | K::Asserts
            | K::Unique
            | K::Abstract
            | K::Accessor => None,
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
                    p.in_parens = true;
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
}
