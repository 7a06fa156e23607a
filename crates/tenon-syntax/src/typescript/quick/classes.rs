//! Classes and interfaces.

use super::kinds::{F, K};
use super::parser::{Mark, Parsed, Parser};

/// Words before the name of a member.
const MODIFIERS: [K; 10] = [
    K::Declare,
    K::Public,
    K::Private,
    K::Protected,
    K::Static,
    K::Override,
    K::Readonly,
    K::Abstract,
    K::Async,
    K::Accessor,
];

/// Words that the grammar takes for modifiers, although a member may have them for a name.
pub const NO_NAMES: &[K] = &[K::Abstract, K::Accessor];

impl Parser<'_> {
    /// A decorator.
    pub fn decorator(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::At)?;
        let inner = self.mark();
        if !self.token.kind.is_name() {
            return None;
        }
        self.bump_as(K::Identifier)?;
        self.members_of(inner)?;
        if self.at_any(&[K::LeftParen, K::Less]) {
            self.field_at(inner, F::Function);
            if self.at(K::Less) {
                self.type_arguments()?;
            }
            self.arguments()?;
            self.finish(K::Call, inner);
        }
        self.finish(K::Decorator, mark);
        self.field(F::Decorator);
        Some(())
    }

    /// A class as an expression.
    pub fn class(&mut self, mark: Mark) -> Parsed {
        self.class_head()?;
        self.finish(K::ClassExpression, mark);
        Some(())
    }

    /// A class as a statement; `mark` is where its decorators began.
    pub fn class_declaration(&mut self, mark: Mark) -> Parsed {
        let is_abstract = self.eat(K::Abstract)?;
        if !self.second()?.kind.is_name() {
            return None;
        }
        self.class_head()?;
        if is_abstract {
            self.finish(K::AbstractClass, mark);
        } else {
            self.optional_line_end()?;
            self.finish(K::ClassDeclaration, mark);
        }
        Some(())
    }

    fn class_head(&mut self) -> Parsed {
        self.expect(K::Class)?;
        if self.token.kind.is_name() && !self.at(K::Identifier) {
            return None;
        }
        if self.at(K::Identifier) {
            self.type_name()?;
            self.field(F::Name);
        }
        if self.at(K::Less) {
            self.type_parameters()?;
        }
        if self.at_any(&[K::Extends, K::Implements]) {
            self.heritage()?;
        }
        self.class_body()
    }

    fn heritage(&mut self) -> Parsed {
        let mark = self.mark();
        if self.at(K::Extends) {
            let clause = self.mark();
            self.bump()?;
            self.base()?;
            self.finish(K::ExtendsClause, clause);
        }
        if self.at(K::Implements) {
            let clause = self.mark();
            self.bump()?;
            loop {
                if self.at_any(&[K::Ampersand, K::Bar]) {
                    return None;
                }
                self.type_()?;
                if !self.eat(K::Comma)? {
                    break;
                }
            }
            self.finish(K::ImplementsClause, clause);
        }
        self.finish(K::ClassHeritage, mark);
        Some(())
    }

    /// What a class extends: a name, a member of one, a call.
    fn base(&mut self) -> Parsed {
        let mark = self.mark();
        if !self.token.kind.is_name() {
            return None;
        }
        self.bump_as(K::Identifier)?;
        loop {
            match self.token.kind {
                K::Dot => self.members_of(mark)?,
                K::LeftParen => {
                    self.field_at(mark, F::Function);
                    self.arguments()?;
                    self.finish(K::Call, mark);
                }
                _ => break,
            }
        }
        self.field_at(mark, F::Value);
        if self.at(K::Less) {
            self.type_arguments()?;
        }
        self.at_any(&[K::LeftBrace, K::Implements]).then_some(())
    }

    fn class_body(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::LeftBrace)?;
        self.in_block(|p| {
            while !p.at(K::RightBrace) {
                if p.at(K::Semicolon) {
                    p.bump()?;
                } else {
                    p.class_member()?;
                }
            }
            p.bump()
        })?;
        self.finish(K::ClassBody, mark);
        self.field(F::Body);
        Some(())
    }

    fn class_member(&mut self) -> Parsed {
        // Decorators belong to a field, and stand beside a method; which it is comes later.
        let first = self.mark();
        while self.at(K::At) {
            self.decorator()?;
        }
        let is_decorated = self.last_kind() == Some(K::Decorator);
        let mark = self.mark();
        if self.at(K::Static) && self.second()?.kind == K::LeftBrace {
            if is_decorated {
                return None;
            }
            self.bump()?;
            self.block()?;
            self.field(F::Body);
            self.finish(K::StaticBlock, mark);
            return Some(());
        }
        let seen = self.modifiers()?;
        if self.at_any(NO_NAMES) {
            return None;
        }
        if self.at(K::LeftBracket) && self.is_index_signature()? {
            // The grammar has no word but `readonly` there.
            if is_decorated || seen.iter().any(|kind| *kind != K::Readonly) {
                return None;
            }
            self.index_signature(mark)?;
            return self.member_end();
        }
        let mut is_method = seen.contains(&K::Async);
        if self.at_any(&[K::Get, K::Set]) && self.is_modifier()? {
            self.bump()?;
            is_method = true;
        }
        if self.at(K::Star) {
            if is_method && !seen.contains(&K::Async) {
                return None;
            }
            self.bump()?;
            is_method = true;
        }
        self.property_name()?;
        self.field(F::Name);
        let is_optional = self.eat_question()?;
        if self.at_any(&[K::LeftParen, K::Less]) {
            if self.token.after_line {
                return None;
            }
            return self.method(mark, &seen, is_decorated);
        }
        if is_method {
            return None;
        }
        if !is_optional && self.goes_on() {
            self.eat(K::Bang)?;
        }
        if self.at(K::Colon) {
            self.type_annotation()?;
        }
        self.initializer()?;
        self.finish(K::FieldDefinition, first);
        self.member_end()
    }

    /// The words before a member, in one of the orders that the grammar knows.
    fn modifiers(&mut self) -> Option<Vec<K>> {
        let mut seen: Vec<K> = Vec::new();
        while MODIFIERS.contains(&self.token.kind) && self.is_modifier()? {
            let kind = self.token.kind;
            match kind {
                K::Public | K::Private | K::Protected => self.single(K::Accessibility)?,
                K::Override => self.single(K::OverrideModifier)?,
                _ => self.bump()?,
            }
            seen.push(kind);
        }
        let rank = |kind: &K| match kind {
            K::Public | K::Private | K::Protected => 0,
            K::Static | K::Abstract | K::Declare => 1,
            K::Override => 2,
            K::Readonly => 3,
            K::Async => 4,
            _ => 9,
        };
        let ranks: Vec<u8> = seen.iter().map(rank).collect();
        let is_sorted = ranks.windows(2).all(|pair| pair[0] < pair[1]);
        (is_sorted && !ranks.contains(&9)).then_some(seen)
    }

    fn method(&mut self, mark: Mark, seen: &[K], is_decorated: bool) -> Parsed {
        if seen.contains(&K::Declare) {
            return None;
        }
        self.signature()?;
        if is_decorated && !self.at(K::LeftBrace) {
            // The grammar has decorators for methods with bodies only.
            return None;
        }
        if seen.contains(&K::Abstract) {
            if seen.iter().any(|kind| matches!(kind, K::Readonly | K::Async)) {
                return None;
            }
            self.finish(K::AbstractMethod, mark);
            return self.member_end();
        }
        if !self.at(K::LeftBrace) {
            self.finish(K::MethodSignature, mark);
            return self.member_end();
        }
        self.block()?;
        self.field(F::Body);
        self.finish(K::MethodDefinition, mark);
        if self.at(K::Semicolon) {
            self.bump()?;
        }
        Some(())
    }

    fn member_end(&mut self) -> Parsed {
        if self.at(K::Comma) {
            return None;
        }
        self.end_of(true)
    }

    /// An interface.
    pub fn interface(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::Interface)?;
        self.type_name()?;
        self.field(F::Name);
        if self.at(K::Less) {
            self.type_parameters()?;
        }
        if self.at(K::Extends) {
            let clause = self.mark();
            self.bump()?;
            loop {
                let inner = self.mark();
                self.named_type(inner)?;
                self.field(F::Type);
                if !self.eat(K::Comma)? {
                    break;
                }
            }
            self.finish(K::ExtendsType, clause);
        }
        self.object_type(K::InterfaceBody)?;
        self.field(F::Body);
        self.finish(K::InterfaceDeclaration, mark);
        Some(())
    }
}
