//! Types between brackets: arguments, parameters, members of objects.

use super::classes::NO_NAMES;
use super::kinds::{F, K};
use super::parser::{Mark, Parsed, Parser};

impl Parser<'_> {
    /// `<A, B>`.
    pub fn type_arguments(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::Less)?;
        self.enclosed(|p| {
            loop {
                p.type_()?;
                if !p.eat(K::Comma)? || p.at(K::Greater) {
                    break;
                }
            }
            p.expect(K::Greater)
        })?;
        self.finish(K::TypeArguments, mark);
        self.field(F::TypeArguments);
        Some(())
    }

    /// `<T extends A = B>`.
    pub fn type_parameters(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::Less)?;
        self.enclosed(|p| {
            loop {
                let mark = p.mark();
                p.eat(K::Const)?;
                p.type_name()?;
                p.field(F::Name);
                if p.at(K::Extends) {
                    let mark = p.mark();
                    p.bump()?;
                    p.type_()?;
                    p.finish(K::Constraint, mark);
                    p.field(F::Constraint);
                }
                if p.at(K::Equal) {
                    let mark = p.mark();
                    p.bump()?;
                    p.type_()?;
                    p.finish(K::DefaultType, mark);
                    p.field(F::Value);
                }
                p.finish(K::TypeParameter, mark);
                if !p.eat(K::Comma)? || p.at(K::Greater) {
                    break;
                }
            }
            p.expect(K::Greater)
        })?;
        self.finish(K::TypeParameters, mark);
        self.field(F::TypeParameters);
        Some(())
    }

    /// `{ … }` with members of types, as a `kind`.
    pub fn object_type(&mut self, kind: K) -> Parsed {
        let mark = self.mark();
        self.expect(K::LeftBrace)?;
        self.in_block(|p| {
            while !p.at(K::RightBrace) {
                p.type_member()?;
                if !p.eat(K::Comma)? && !p.at(K::RightBrace) {
                    p.end_of(false)?;
                }
            }
            p.bump()
        })?;
        self.finish(kind, mark);
        Some(())
    }

    fn type_member(&mut self) -> Parsed {
        let mark = self.mark();
        match self.token.kind {
            kind if NO_NAMES.contains(&kind) => return None,
            K::LeftParen | K::Less => {
                self.signature()?;
                self.finish(K::CallSignature, mark);
                return Some(());
            }
            K::New if matches!(self.second()?.kind, K::LeftParen | K::Less) => {
                if self.second()?.after_line {
                    return None;
                }
                self.bump()?;
                self.signature_types_and_parameters()?;
                if self.at(K::Colon) {
                    self.type_annotation()?;
                }
                self.finish(K::ConstructSignature, mark);
                return Some(());
            }
            K::Minus | K::Plus if self.second()?.kind == K::Readonly => {
                self.bump()?;
                self.field(F::Sign);
                self.bump()?;
                return self.index_signature(mark);
            }
            _ => {}
        }
        if self.at(K::Readonly) && self.is_modifier()? {
            self.bump()?;
        }
        if self.at(K::LeftBracket) && self.is_index_signature()? {
            return self.index_signature(mark);
        }
        let mut accessor = false;
        if self.at_any(&[K::Get, K::Set]) && self.is_modifier()? {
            self.bump()?;
            accessor = true;
        }
        self.property_name()?;
        self.field(F::Name);
        self.eat_question()?;
        if self.at_any(&[K::LeftParen, K::Less]) {
            if self.token.after_line {
                return None;
            }
            self.signature()?;
            self.finish(K::MethodSignature, mark);
            return Some(());
        }
        if accessor {
            return None;
        }
        if self.at(K::Colon) {
            self.type_annotation()?;
        }
        self.finish(K::PropertySignature, mark);
        Some(())
    }

    /// Whether `[` begins `[key: T]` or `[K in T]`.
    pub fn is_index_signature(&self) -> Option<bool> {
        let name = self.second()?;
        let sign = self.behind(name.end)?;
        Some(name.kind.is_name() && matches!(sign.kind, K::Colon | K::In))
    }

    /// `[key: T]: U` or `[K in T as U]?: V`; `mark` is where its modifiers began.
    pub fn index_signature(&mut self, mark: Mark) -> Parsed {
        self.expect(K::LeftBracket)?;
        self.enclosed(|p| {
            if p.second()?.kind == K::In {
                let mark = p.mark();
                p.type_name()?;
                p.field(F::Name);
                p.bump()?;
                p.type_()?;
                p.field(F::Type);
                if p.eat(K::As)? {
                    p.type_()?;
                    p.field(F::Alias);
                }
                p.finish(K::MappedTypeClause, mark);
            } else {
                p.expect(K::Identifier)?;
                p.field(F::Name);
                p.expect(K::Colon)?;
                p.type_()?;
                p.field(F::IndexType);
            }
            p.expect(K::RightBracket)
        })?;
        let inner = self.mark();
        let rest = self.text.get(self.token.start as usize..)?;
        let special = [
            (&b"?:"[..], K::OptionalColon, K::OptingAnnotation),
            (b"-?:", K::OmittingColon, K::OmittingAnnotation),
            (b"+?:", K::AddingColon, K::AddingAnnotation),
        ];
        match special.into_iter().find(|(sign, ..)| rest.starts_with(sign)) {
            Some((sign, token, kind)) => {
                let start = self.token.start;
                self.leaf(token, start, start + u32::try_from(sign.len()).ok()?)?;
                self.type_()?;
                self.finish(kind, inner);
                self.field(F::Type);
            }
            None => self.type_annotation()?,
        }
        self.finish(K::IndexSignature, mark);
        Some(())
    }
}
