//! Functions: their parameters, bodies and patterns.

use super::kinds::{F, K};
use super::lexer;
use super::parser::{Mark, Parsed, Parser};
use super::types::PREDEFINED;

impl Parser<'_> {
    /// An arrow function, if one begins at the next token; `mark` is there.
    pub fn arrow_function(&mut self, mark: Mark) -> Option<bool> {
        if !self.token.kind.is_name() && !self.at_any(&[K::LeftParen, K::Less]) {
            return Some(false);
        }
        let next = self.second()?;
        let is_async = self.at(K::Async)
            && !next.after_line
            && (next.kind == K::LeftParen || next.kind == K::Less || next.kind.is_name());
        if is_async {
            let is_arrow = match next.kind {
                K::LeftParen => self.arrow_behind(next.start)?,
                K::Less => true,
                _ => self.behind(next.end)?.kind == K::Arrow,
            };
            if !is_arrow {
                return Some(false);
            }
            self.bump()?;
        }
        match self.token.kind {
            K::LeftParen => {
                if !is_async && !self.arrow_behind(self.token.start)? && !self.is_typed_arrow() {
                    return Some(false);
                }
                self.parameters()?;
            }
            K::Less => {
                self.type_parameters()?;
                self.parameters()?;
            }
            kind if kind.is_name() && self.second()?.kind == K::Arrow => {
                self.bump_as(K::Identifier)?;
                self.field(F::Parameter);
            }
            _ => return (!is_async).then_some(false),
        }
        if self.at(K::Colon) {
            self.return_type()?;
        }
        if self.token.after_line {
            return None;
        }
        self.expect(K::Arrow)?;
        if self.at(K::LeftBrace) {
            self.block()?;
        } else {
            self.expression()?;
        }
        self.field(F::Body);
        self.finish(K::ArrowFunction, mark);
        Some(true)
    }

    /// Whether an arrow, or for an `async` function a type, stands behind the parenthesis that opens at `at`.
    fn arrow_behind(&self, at: u32) -> Option<bool> {
        let Some(close) = lexer::closing(self.text, at as usize) else {
            return Some(false);
        };
        let behind = self.behind(u32::try_from(close + 1).ok()?)?.kind;
        Some(behind == K::Arrow || (self.at(K::Async) && behind == K::Colon))
    }

    /// Whether parameters, the type of what is returned and an arrow begin at the next token.
    fn is_typed_arrow(&mut self) -> bool {
        let close = lexer::closing(self.text, self.token.start as usize);
        let colon = close.and_then(|close| self.behind(u32::try_from(close + 1).ok()?));
        if colon.is_none_or(|token| token.kind != K::Colon) {
            return false;
        }
        let place = self.place();
        let is = self.deeper(|p| {
            p.parameters()?;
            p.return_type()
        });
        let is = is.is_some() && self.at(K::Arrow);
        self.back(place);
        is
    }

    /// Type parameters, parameters, and what is returned.
    pub fn signature(&mut self) -> Parsed {
        if self.at(K::Less) {
            self.type_parameters()?;
        }
        self.parameters()?;
        if self.at(K::Colon) {
            self.return_type()?;
        }
        Some(())
    }

    /// The rest of a method behind its name.
    pub fn method_body(&mut self, mark: Mark) -> Parsed {
        self.signature()?;
        self.block()?;
        self.field(F::Body);
        self.finish(K::MethodDefinition, mark);
        Some(())
    }

    /// A function as an expression.
    pub fn function(&mut self, mark: Mark) -> Parsed {
        self.eat(K::Async)?;
        self.expect(K::Function)?;
        if self.token.kind.is_name() {
            self.bump_as(K::Identifier)?;
            self.field(F::Name);
        }
        self.signature()?;
        self.block()?;
        self.field(F::Body);
        self.finish(K::FunctionExpression, mark);
        Some(())
    }

    /// A function as a statement.
    pub fn function_declaration(&mut self, mark: Mark) -> Parsed {
        self.eat(K::Async)?;
        self.expect(K::Function)?;
        let is_generator = self.eat(K::Star)?;
        if !self.token.kind.is_name() {
            return None;
        }
        self.bump_as(K::Identifier)?;
        self.field(F::Name);
        self.signature()?;
        if !self.at(K::LeftBrace) {
            if is_generator {
                return None;
            }
            self.end_of(false)?;
            self.finish(K::FunctionSignature, mark);
            return Some(());
        }
        self.block()?;
        self.field(F::Body);
        let kind = if is_generator {
            K::GeneratorDeclaration
        } else {
            K::FunctionDeclaration
        };
        self.finish(kind, mark);
        Some(())
    }

    /// The parameters of a function.
    pub fn parameters(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::LeftParen)?;
        self.list(K::RightParen, Self::parameter)?;
        self.finish(K::FormalParameters, mark);
        self.field(F::Parameters);
        Some(())
    }

    fn parameter(&mut self) -> Parsed {
        let mark = self.mark();
        while self.at(K::At) {
            self.decorator()?;
        }
        if self.at_any(&[K::Public, K::Private, K::Protected]) && self.is_parameter_modifier()? {
            self.single(K::Accessibility)?;
        }
        if self.at(K::Override) && self.is_parameter_modifier()? {
            self.single(K::OverrideModifier)?;
        }
        if self.at(K::Readonly) && self.is_parameter_modifier()? {
            self.bump()?;
        }
        match self.token.kind {
            K::ThisWord => self.bump_as(K::This)?,
            _ => self.pattern()?,
        }
        self.field(F::Pattern);
        let is_rest = self.last_kind() == Some(K::RestPattern);
        if is_rest && self.at(K::Question) {
            return None;
        }
        let is_optional = self.eat_question()?;
        if self.at(K::Colon) {
            self.type_annotation()?;
        }
        if is_rest && self.at(K::Equal) {
            return None;
        }
        self.initializer()?;
        let kind = if is_optional {
            K::OptionalParameter
        } else {
            K::RequiredParameter
        };
        self.finish(kind, mark);
        Some(())
    }

    fn is_parameter_modifier(&self) -> Option<bool> {
        let next = self.second()?.kind;
        match next {
            K::LeftBrace | K::LeftBracket => None,
            _ => Some(next.is_name()),
        }
    }

    /// Takes the next token as the only one of a `kind`.
    pub fn single(&mut self, kind: K) -> Parsed {
        let mark = self.mark();
        self.bump()?;
        self.finish(kind, mark);
        Some(())
    }

    /// `= value`, if it is there.
    pub fn initializer(&mut self) -> Parsed {
        if self.eat(K::Equal)? {
            self.expression()?;
            self.field(F::Value);
        }
        Some(())
    }

    /// What names are bound by.
    pub fn pattern(&mut self) -> Parsed {
        self.deeper(|p| match p.token.kind {
            K::LeftBrace => p.object_pattern(),
            K::LeftBracket => p.array_pattern(),
            K::Ellipsis => {
                let mark = p.mark();
                p.bump()?;
                if p.at(K::Ellipsis) {
                    return None;
                }
                p.pattern()?;
                p.finish(K::RestPattern, mark);
                Some(())
            }
            // The grammar does not know it as a name there.
            K::As | K::Satisfies => None,
            kind if p.plain_patterns && PREDEFINED.contains(&kind) => None,
            kind if kind.is_name() => p.bump_as(K::Identifier),
            _ => None,
        })
    }

    fn object_pattern(&mut self) -> Parsed {
        let mark = self.mark();
        self.bump()?;
        self.list(K::RightBrace, Self::object_pattern_member)?;
        self.finish(K::ObjectPattern, mark);
        Some(())
    }

    fn object_pattern_member(&mut self) -> Parsed {
        if self.at(K::Ellipsis) {
            return self.pattern();
        }
        let mark = self.mark();
        if self.token.kind.is_name() && matches!(self.second()?.kind, K::Comma | K::RightBrace | K::Equal) {
            self.bump_as(K::ShorthandPattern)?;
            if self.at(K::Equal) {
                self.field(F::Left);
                self.bump()?;
                self.expression()?;
                self.field(F::Right);
                self.finish(K::ObjectAssignmentPattern, mark);
            }
            return Some(());
        }
        if self.plain_patterns {
            return None;
        }
        self.property_name()?;
        self.field(F::Key);
        self.expect(K::Colon)?;
        self.pattern_with_default()?;
        self.field(F::Value);
        self.finish(K::PairPattern, mark);
        Some(())
    }

    fn array_pattern(&mut self) -> Parsed {
        let mark = self.mark();
        self.bump()?;
        self.enclosed(|p| {
            while !p.at(K::RightBracket) {
                if !p.at(K::Comma) {
                    p.pattern_with_default()?;
                }
                if !p.eat(K::Comma)? {
                    break;
                }
            }
            p.expect(K::RightBracket)
        })?;
        self.finish(K::ArrayPattern, mark);
        Some(())
    }

    fn pattern_with_default(&mut self) -> Parsed {
        let mark = self.mark();
        self.pattern()?;
        if self.at(K::Equal) {
            if self.last_kind() == Some(K::RestPattern) {
                return None;
            }
            self.field_at(mark, F::Left);
            self.bump()?;
            self.expression()?;
            self.field(F::Right);
            self.finish(K::AssignmentPattern, mark);
        }
        Some(())
    }
}
