//! Types.

use super::kinds::{F, K};
use super::lexer;
use super::parser::{Mark, Parsed, Parser};

/// Words that are types by themselves.
pub const PREDEFINED: [K; 9] = [
    K::Any,
    K::Number,
    K::Boolean,
    K::StringWord,
    K::Symbol,
    K::Void,
    K::Unknown,
    K::Never,
    K::Object,
];

impl Parser<'_> {
    /// Whether the parenthesis at the next token closes before an arrow.
    pub fn is_before_arrow(&self) -> bool {
        let close = lexer::closing(self.text, self.token.start as usize);
        close
            .and_then(|at| self.behind(u32::try_from(at + 1).ok()?))
            .is_some_and(|token| token.kind == K::Arrow)
    }

    /// Whether the next token goes on with what came before, although a line ended in between.
    pub fn goes_on(&self) -> bool {
        !(self.token.after_line && self.lines_end)
    }

    /// `: T`.
    pub fn type_annotation(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::Colon)?;
        self.type_()?;
        self.finish(K::TypeAnnotation, mark);
        self.field(F::Type);
        Some(())
    }

    /// `: T`, `: x is T`, `: asserts x` behind the parameters of a function.
    pub fn return_type(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::Colon)?;
        let kind = self.type_or_predicate()?;
        let kind = match kind {
            K::AssertsNode => K::AssertsAnnotation,
            K::TypePredicate => K::PredicateAnnotation,
            _ => K::TypeAnnotation,
        };
        self.finish(kind, mark);
        self.field(F::ReturnType);
        Some(())
    }

    fn type_or_predicate(&mut self) -> Option<K> {
        let second = self.second()?;
        if self.at(K::Asserts) && !second.after_line && (second.kind.is_name() || second.kind == K::ThisWord)
        {
            let mark = self.mark();
            self.bump()?;
            let is = self.second()?;
            if is.kind == K::Is {
                if is.after_line {
                    return None;
                }
                self.predicate()?;
            } else {
                self.predicate_name()?;
            }
            self.finish(K::AssertsNode, mark);
            return Some(K::AssertsNode);
        }
        if second.kind == K::Is && !second.after_line && (self.token.kind.is_name() || self.at(K::ThisWord)) {
            self.predicate()?;
            return Some(K::TypePredicate);
        }
        self.type_()?;
        Some(K::TypeAnnotation)
    }

    fn predicate(&mut self) -> Parsed {
        let mark = self.mark();
        self.predicate_name()?;
        self.field(F::Name);
        self.expect(K::Is)?;
        self.type_()?;
        self.field(F::Type);
        self.finish(K::TypePredicate, mark);
        Some(())
    }

    fn predicate_name(&mut self) -> Parsed {
        match self.token.kind {
            K::ThisWord => self.bump_as(K::This),
            K::Identifier => self.bump(),
            _ => None,
        }
    }

    /// A type.
    pub fn type_(&mut self) -> Parsed {
        self.deeper(|p| {
            let mark = p.mark();
            p.unconditional()?;
            if p.at(K::Extends) && p.goes_on() {
                p.field(F::Left);
                p.bump()?;
                p.unconditional()?;
                p.field(F::Right);
                p.expect(K::Question)?;
                p.type_()?;
                p.field(F::Consequence);
                p.expect(K::Colon)?;
                p.type_()?;
                p.field(F::Alternative);
                p.finish(K::ConditionalType, mark);
            }
            Some(())
        })
    }

    fn unconditional(&mut self) -> Parsed {
        match self.token.kind {
            K::Less => self.function_type(),
            K::Import | K::Typeof if self.at(K::Import) || self.second()?.kind == K::Import => {
                let mark = self.mark();
                if self.at(K::Typeof) {
                    self.type_query(mark)?;
                } else {
                    self.imported_type(mark)?;
                }
                let goes_on = [K::LeftBracket, K::Less, K::Bar, K::Ampersand, K::Extends];
                (!self.at_any(&goes_on)).then_some(())
            }
            K::LeftParen if self.is_before_arrow() => self.function_type(),
            _ => self.union(),
        }
    }

    fn function_type(&mut self) -> Parsed {
        let mark = self.mark();
        self.signature_types_and_parameters()?;
        self.expect(K::Arrow)?;
        self.type_or_predicate()?;
        self.field(F::ReturnType);
        self.finish(K::FunctionType, mark);
        Some(())
    }

    fn constructor_type(&mut self) -> Parsed {
        let mark = self.mark();
        self.eat(K::Abstract)?;
        self.expect(K::New)?;
        self.signature_types_and_parameters()?;
        self.expect(K::Arrow)?;
        // Other than a function it ends before what would join its type with another.
        if self.at_any(&[K::Less, K::New, K::Abstract, K::Readonly]) {
            return None;
        }
        self.indexed_type()?;
        self.field(F::Type);
        self.finish(K::ConstructorType, mark);
        (!self.at(K::Extends)).then_some(())
    }

    /// Type parameters and parameters of a type.
    pub fn signature_types_and_parameters(&mut self) -> Parsed {
        if self.at(K::Less) {
            self.type_parameters()?;
        }
        // A pattern with a colon is read as a type first.
        let before = std::mem::replace(&mut self.plain_patterns, true);
        let done = self.parameters();
        self.plain_patterns = before;
        done
    }

    fn union(&mut self) -> Parsed {
        self.joined(K::Bar, K::UnionType, |p| {
            p.joined(K::Ampersand, K::IntersectionType, Self::indexed_type)
        })
    }

    fn joined(&mut self, sign: K, kind: K, part: fn(&mut Self) -> Parsed) -> Parsed {
        let mark = self.mark();
        if self.at(sign) {
            self.bump()?;
            part(self)?;
            self.finish(kind, mark);
        } else {
            part(self)?;
        }
        while self.at(sign) {
            self.bump()?;
            part(self)?;
            self.finish(kind, mark);
        }
        Some(())
    }

    fn indexed_type(&mut self) -> Parsed {
        let mark = self.mark();
        if self.at(K::Readonly) {
            // The rest is its own, unions included.
            self.bump()?;
            self.type_()?;
            self.finish(K::ReadonlyType, mark);
            return Some(());
        }
        if self.at(K::New) || (self.at(K::Abstract) && self.second()?.kind == K::New) {
            return self.constructor_type();
        }
        self.postfix_type()
    }

    fn postfix_type(&mut self) -> Parsed {
        let mark = self.mark();
        self.primary_type()?;
        while self.at(K::LeftBracket) && self.goes_on() {
            self.bump()?;
            let kind = if self.at(K::RightBracket) {
                K::ArrayType
            } else {
                self.enclosed(Self::type_)?;
                K::LookupType
            };
            self.expect(K::RightBracket)?;
            self.finish(kind, mark);
        }
        Some(())
    }

    fn primary_type(&mut self) -> Parsed {
        let mark = self.mark();
        match self.token.kind {
            kind if PREDEFINED.contains(&kind) => {
                self.bump()?;
                self.finish(K::PredefinedType, mark);
                // As the name of a namespace it would be another thing.
                return (!self.at(K::Dot) && !self.at(K::Less)).then_some(());
            }
            K::Keyof => {
                self.bump()?;
                self.postfix_type()?;
                self.finish(K::IndexTypeQuery, mark);
            }
            K::Typeof if self.second()?.kind != K::Import => self.type_query(mark)?,
            K::ThisWord => self.bump_as(K::ThisType)?,
            K::LeftBrace => self.object_type(K::ObjectType)?,
            K::LeftBracket => self.tuple_type(mark)?,
            K::LeftParen => {
                if self.is_before_arrow() || self.is_import_type()? {
                    return None;
                }
                self.bump()?;
                self.enclosed(Self::type_)?;
                self.expect(K::RightParen)?;
                self.finish(K::ParenthesizedType, mark);
            }
            K::Backtick => self.template_type(mark)?,
            K::Infer => {
                self.bump()?;
                self.type_name()?;
                self.finish(K::InferType, mark);
                // What it extends can belong to it or to what is around it.
                return (!self.at_any(&[K::Extends, K::LeftBracket])).then_some(());
            }
            K::SingleQuote | K::DoubleQuote => {
                self.string()?;
                self.finish(K::LiteralType, mark);
            }
            K::NumberLiteral => {
                self.bump()?;
                self.finish(K::LiteralType, mark);
            }
            K::Minus => {
                self.bump()?;
                self.field(F::Operator);
                self.expect(K::NumberLiteral)?;
                self.field(F::Argument);
                self.finish(K::Unary, mark);
                self.finish(K::LiteralType, mark);
            }
            K::TrueWord => self.literal_word(mark, K::True)?,
            K::FalseWord => self.literal_word(mark, K::False)?,
            K::NullWord => self.literal_word(mark, K::Null)?,
            K::UndefinedWord => self.literal_word(mark, K::Undefined)?,
            K::Identifier => self.named_type(mark)?,
            _ => return None,
        }
        Some(())
    }

    /// Whether `import(…)` or `typeof import(…)` stands behind the next token.
    fn is_import_type(&self) -> Option<bool> {
        let next = self.second()?;
        Some(next.kind == K::Import || (next.kind == K::Typeof && self.behind(next.end)?.kind == K::Import))
    }

    fn literal_word(&mut self, mark: Mark, kind: K) -> Parsed {
        self.bump_as(kind)?;
        self.finish(K::LiteralType, mark);
        Some(())
    }

    /// The name of a type that is declared or said as it is.
    pub fn type_name(&mut self) -> Parsed {
        if !self.at(K::Identifier) {
            return None;
        }
        self.bump_as(K::TypeIdentifier)
    }

    /// `A`, `A.B`, `A.B<C>`.
    pub fn named_type(&mut self, mark: Mark) -> Parsed {
        let parts = self.dotted_parts()?;
        self.dotted_type(mark, parts)?;
        if self.at(K::Less) {
            self.field(F::Name);
            self.type_arguments()?;
            self.finish(K::GenericType, mark);
        }
        Some(())
    }

    /// How many names with dots between them begin at the next token.
    pub fn dotted_parts(&self) -> Option<usize> {
        let mut parts = 1;
        let mut end = self.token.end;
        loop {
            let dot = self.behind(end)?;
            if dot.kind != K::Dot {
                return Some(parts);
            }
            let name = self.behind(dot.end)?;
            name.kind.is_word().then_some(())?;
            parts += 1;
            end = name.end;
        }
    }

    /// A type whose name has so many parts.
    pub fn dotted_type(&mut self, mark: Mark, parts: usize) -> Parsed {
        if parts == 1 {
            return self.type_name();
        }
        self.odd.long_name |= parts > 2;
        self.expect(K::Identifier)?;
        // Every name but the last one is of a namespace.
        for part in 2..parts {
            if part > 2 {
                self.rename_at(mark, K::Member);
            }
            self.field_at(mark, F::Object);
            self.expect(K::Dot)?;
            self.bump_as(K::PropertyIdentifier)?;
            self.field(F::Property);
            self.finish(K::NestedIdentifier, mark);
        }
        self.field_at(mark, F::Module);
        self.expect(K::Dot)?;
        self.bump_as(K::TypeIdentifier)?;
        self.field(F::Name);
        self.finish(K::NestedType, mark);
        Some(())
    }

    /// `import('a').B`.
    fn imported_type(&mut self, mark: Mark) -> Parsed {
        self.single(K::ImportName)?;
        self.field(F::Function);
        self.arguments()?;
        self.finish(K::Call, mark);
        self.members_of(mark)
    }

    fn type_query(&mut self, start: Mark) -> Parsed {
        self.bump()?;
        let mark = self.mark();
        match self.token.kind {
            K::ThisWord => self.bump_as(K::This)?,
            K::Identifier => self.bump()?,
            K::Import => {
                self.imported_type(mark)?;
                self.odd.import = true;
            }
            _ => return None,
        }
        self.members_of(mark)?;
        if self.at_any(&[K::Less, K::ChainSign]) {
            return None;
        }
        // `typeof a[number]` is what the brackets say, and not an array of it.
        if self.at(K::LeftBracket) && self.goes_on() {
            let inner = self.second()?.kind;
            if inner != K::RightBracket {
                return None;
            }
        }
        self.finish(K::TypeQuery, start);
        Some(())
    }

    /// Members, as far as dots go; what they are members of began at `mark`.
    pub fn members_of(&mut self, mark: Mark) -> Parsed {
        while self.at(K::Dot) {
            self.field_at(mark, F::Object);
            self.bump()?;
            if !self.token.kind.is_word() {
                return None;
            }
            self.bump_as(K::PropertyIdentifier)?;
            self.field(F::Property);
            self.finish(K::Member, mark);
        }
        Some(())
    }

    fn tuple_type(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.list(K::RightBracket, Self::tuple_member)?;
        self.finish(K::TupleType, mark);
        Some(())
    }

    fn tuple_member(&mut self) -> Parsed {
        let mark = self.mark();
        let second = self.second()?;
        if self.at(K::Ellipsis) {
            if self.behind(second.end)?.kind == K::Colon {
                self.bump()?;
                self.expect(K::Identifier)?;
                self.finish(K::RestPattern, mark);
                self.field(F::Name);
                self.type_annotation()?;
                self.finish(K::RequiredParameter, mark);
                return Some(());
            }
            self.bump()?;
            self.type_()?;
            self.finish(K::RestType, mark);
            return Some(());
        }
        let is_optional = second.kind == K::Question && self.behind(second.end)?.kind == K::Colon;
        if self.token.kind.is_name() && (second.kind == K::Colon || is_optional) {
            self.expect(K::Identifier)?;
            self.field(F::Name);
            if is_optional {
                self.bump()?;
            }
            self.type_annotation()?;
            let kind = if is_optional {
                K::OptionalParameter
            } else {
                K::RequiredParameter
            };
            self.finish(kind, mark);
            return Some(());
        }
        self.type_()?;
        if self.at(K::Question) {
            self.bump()?;
            self.finish(K::OptionalType, mark);
        }
        Some(())
    }

    fn template_type(&mut self, mark: Mark) -> Parsed {
        self.template(false, |p, inner| {
            p.union()?;
            p.finish_at_brace(K::TemplateType, inner)
        })?;
        self.finish(K::TemplateLiteralType, mark);
        Some(())
    }
}
