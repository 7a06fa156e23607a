//! Statements and declarations.

use super::kinds::{F, K};
use super::parser::{Mark, Parsed, Parser};

impl Parser<'_> {
    /// A whole file.
    pub fn program(&mut self) -> Parsed {
        self.eat(K::HashBang)?;
        while !self.at(K::End) {
            self.statement()?;
        }
        self.finish_whole(K::Program);
        Some(())
    }

    /// A block of statements, with the semicolon that is put behind it by itself.
    pub fn block(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::LeftBrace)?;
        self.in_block(|p| {
            while !p.at(K::RightBrace) {
                p.statement()?;
            }
            p.bump()
        })?;
        self.optional_line_end()?;
        self.finish(K::StatementBlock, mark);
        Some(())
    }

    fn statement(&mut self) -> Parsed {
        self.deeper(Self::any_statement)
    }

    fn any_statement(&mut self) -> Parsed {
        self.after_less = false;
        let mark = self.mark();
        match self.token.kind {
            K::LeftBrace => self.block(),
            K::Semicolon => self.single(K::EmptyStatement),
            K::If => self.if_statement(mark),
            K::For => self.for_statement(mark),
            K::While => self.while_statement(mark),
            K::Do => self.do_statement(mark),
            K::Switch => self.switch(mark),
            K::Try => self.try_statement(mark),
            K::Return => self.jump(mark, K::ReturnStatement),
            K::Throw => self.jump(mark, K::ThrowStatement),
            K::Break => self.labelled_jump(mark, K::BreakStatement),
            K::Continue => self.labelled_jump(mark, K::ContinueStatement),
            K::Import if !matches!(self.second()?.kind, K::LeftParen | K::Dot) => self.import(mark),
            K::Export => self.export(mark),
            K::At => {
                while self.at(K::At) {
                    self.decorator()?;
                }
                if self.at(K::Export) {
                    self.export(mark)
                } else {
                    self.class_declaration(mark)
                }
            }
            K::Namespace if self.is_declaration()? => {
                // By itself the grammar takes it for an expression.
                let inner = self.mark();
                self.namespace(inner)?;
                if self.at(K::Semicolon) {
                    return None;
                }
                self.semicolon()?;
                self.finish(K::ExpressionStatement, mark);
                Some(())
            }
            _ if self.is_declaration()? => self.declaration(),
            K::Debugger | K::With | K::Abstract | K::Accessor | K::Global | K::Enum => None,
            kind if kind.is_name() && self.second()?.kind == K::Colon => None,
            _ => {
                self.expressions()?;
                self.semicolon()?;
                self.finish(K::ExpressionStatement, mark);
                Some(())
            }
        }
    }

    /// Whether a declaration begins at the next token.
    pub fn is_declaration(&self) -> Option<bool> {
        let next = self.second()?;
        Some(match self.token.kind {
            K::Function | K::Class | K::Const | K::Var | K::Interface | K::Enum => true,
            K::Let if next.after_line => return None,
            K::Let => next.kind.is_name() || matches!(next.kind, K::LeftBrace | K::LeftBracket),
            K::Async => next.kind == K::Function && !next.after_line,
            K::Abstract => next.kind == K::Class,
            K::Type => next.kind.is_name() && !next.after_line,
            K::Namespace => next.kind.is_name() && !next.after_line,
            K::Module => {
                matches!(next.kind, K::SingleQuote | K::DoubleQuote | K::Identifier) && !next.after_line
            }
            K::Declare => next.kind.is_word() && !next.after_line,
            _ => false,
        })
    }

    /// A declaration.
    pub fn declaration(&mut self) -> Parsed {
        let mark = self.mark();
        match self.token.kind {
            K::Function | K::Async => self.function_declaration(mark),
            K::Class | K::Abstract => self.class_declaration(mark),
            K::Const if self.second()?.kind == K::Enum => self.enumeration(mark),
            K::Enum => self.enumeration(mark),
            K::Const | K::Let | K::Var => self.variables(mark),
            K::Interface => self.interface(),
            K::Type => self.type_alias(mark),
            K::Namespace | K::Module => self.namespace(mark),
            K::Declare => self.ambient(mark),
            _ => None,
        }
    }

    fn variables(&mut self, mark: Mark) -> Parsed {
        let kind = self.variable_list()?;
        self.semicolon()?;
        self.finish(kind, mark);
        Some(())
    }

    /// `const a = 1, b = 2` without its end. What the node around it is.
    fn variable_list(&mut self) -> Option<K> {
        let kind = self.variable_word()?;
        loop {
            let inner = self.mark();
            self.bound()?;
            self.field(F::Name);
            if self.at(K::Bang) {
                if self.token.after_line || self.last_kind()? != K::Identifier {
                    return None;
                }
                self.bump()?;
                self.type_annotation()?;
            } else {
                if self.at(K::Colon) {
                    self.type_annotation()?;
                }
                self.initializer()?;
            }
            self.finish(K::VariableDeclarator, inner);
            if !self.eat(K::Comma)? {
                return Some(kind);
            }
        }
    }

    /// What a variable is bound by.
    fn bound(&mut self) -> Parsed {
        if self.at(K::Ellipsis) {
            return None;
        }
        self.pattern()
    }

    fn variable_word(&mut self) -> Option<K> {
        if self.at(K::Var) {
            self.bump()?;
            return Some(K::VariableDeclaration);
        }
        self.bump()?;
        self.field(F::Kind);
        Some(K::LexicalDeclaration)
    }

    fn type_alias(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.type_name()?;
        self.field(F::Name);
        if self.at(K::Less) {
            self.type_parameters()?;
        }
        self.expect(K::Equal)?;
        self.type_()?;
        self.field(F::Value);
        self.end_of(false)?;
        self.finish(K::TypeAlias, mark);
        Some(())
    }

    fn enumeration(&mut self, mark: Mark) -> Parsed {
        self.eat(K::Const)?;
        self.expect(K::Enum)?;
        self.expect(K::Identifier)?;
        self.field(F::Name);
        let body = self.mark();
        self.expect(K::LeftBrace)?;
        self.list(K::RightBrace, |p| {
            let mark = p.mark();
            p.property_name()?;
            p.field(F::Name);
            if p.at(K::Equal) {
                p.initializer()?;
                p.finish(K::EnumAssignment, mark);
            }
            Some(())
        })?;
        self.finish(K::EnumBody, body);
        self.field(F::Body);
        self.finish(K::EnumDeclaration, mark);
        Some(())
    }

    fn namespace(&mut self, mark: Mark) -> Parsed {
        let is_module = self.at(K::Module);
        self.bump()?;
        let name = self.mark();
        if self.at_any(&[K::SingleQuote, K::DoubleQuote]) {
            self.string()?;
        } else {
            self.expect(K::Identifier)?;
            if self.at(K::Dot) {
                return None;
            }
        }
        self.field_at(name, F::Name);
        if !self.at(K::LeftBrace) || self.token.after_line {
            return None;
        }
        self.block()?;
        self.field(F::Body);
        if is_module {
            self.finish(K::ModuleNode, mark);
            return Some(());
        }
        self.finish(K::InternalModule, mark);
        Some(())
    }

    fn ambient(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        if self.at(K::Global) {
            self.bump()?;
            self.block()?;
        } else if self.is_declaration()? && !self.at(K::Declare) {
            self.declaration()?;
        } else {
            return None;
        }
        self.finish(K::AmbientDeclaration, mark);
        Some(())
    }

    /// The condition of a statement: other than in parentheses in an expression, types in it are read as elsewhere.
    fn parenthesized(&mut self) -> Parsed {
        let mark = self.mark();
        self.expect(K::LeftParen)?;
        self.enclosed(|p| {
            p.expressions()?;
            p.expect(K::RightParen)
        })?;
        self.finish(K::Parenthesized, mark);
        Some(())
    }

    fn if_statement(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.parenthesized()?;
        self.field(F::Condition);
        self.statement()?;
        self.field(F::Consequence);
        if self.at(K::Else) {
            let clause = self.mark();
            self.bump()?;
            self.statement()?;
            self.finish(K::ElseClause, clause);
            self.field(F::Alternative);
        }
        self.finish(K::IfStatement, mark);
        Some(())
    }

    fn while_statement(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.parenthesized()?;
        self.field(F::Condition);
        self.statement()?;
        self.field(F::Body);
        self.finish(K::WhileStatement, mark);
        Some(())
    }

    fn do_statement(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.statement()?;
        self.field(F::Body);
        self.expect(K::While)?;
        self.parenthesized()?;
        self.field(F::Condition);
        self.semicolon()?;
        self.finish(K::DoStatement, mark);
        Some(())
    }

    fn for_statement(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        let is_await = self.eat(K::Await)?;
        self.expect(K::LeftParen)?;
        let mut kind = K::ForStatement;
        self.enclosed(|p| {
            if p.is_for_in()? {
                kind = K::ForInStatement;
                p.for_in_head()
            } else if is_await {
                None
            } else {
                p.for_head()
            }
        })?;
        self.statement()?;
        self.field(F::Body);
        self.finish(kind, mark);
        Some(())
    }

    /// Whether `const a of` or the like begins at the next token.
    fn is_for_in(&mut self) -> Option<bool> {
        if !self.at_any(&[K::Const, K::Let, K::Var]) {
            return Some(false);
        }
        let place = self.place();
        self.bump()?;
        let is = self.pattern().is_some() && self.at_any(&[K::Of, K::In]);
        self.back(place);
        Some(is)
    }

    fn for_in_head(&mut self) -> Parsed {
        self.bump()?;
        self.field(F::Kind);
        self.bound()?;
        self.field(F::Left);
        self.bump()?;
        self.field(F::Operator);
        self.expressions()?;
        self.field(F::Right);
        self.expect(K::RightParen)
    }

    fn for_head(&mut self) -> Parsed {
        if self.at(K::Semicolon) {
            self.single(K::EmptyStatement)?;
            self.field(F::Initializer);
        } else if self.at_any(&[K::Const, K::Let, K::Var]) {
            let mark = self.mark();
            self.no_in = true;
            let kind = self.variable_list()?;
            self.no_in = false;
            self.expect(K::Semicolon)?;
            self.finish(kind, mark);
            self.field(F::Initializer);
        } else {
            // `for (a in b)` and `for (a of b)` begin like this, too.
            return None;
        }
        if self.at(K::Semicolon) {
            self.single(K::EmptyStatement)?;
            self.field(F::Condition);
        } else {
            self.expressions()?;
            self.field(F::Condition);
            self.expect(K::Semicolon)?;
            self.field(F::Condition);
        }
        if !self.at(K::RightParen) {
            self.expressions()?;
            self.field(F::Increment);
        }
        self.expect(K::RightParen)
    }

    fn switch(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.parenthesized()?;
        self.field(F::Value);
        let body = self.mark();
        self.expect(K::LeftBrace)?;
        self.in_block(|p| {
            while !p.at(K::RightBrace) {
                p.case()?;
            }
            p.bump()
        })?;
        self.finish(K::SwitchBody, body);
        self.field(F::Body);
        self.finish(K::SwitchStatement, mark);
        Some(())
    }

    fn case(&mut self) -> Parsed {
        let mark = self.mark();
        let kind = if self.at(K::Default) {
            self.bump()?;
            K::SwitchDefault
        } else {
            self.expect(K::Case)?;
            self.enclosed(Self::expressions)?;
            self.field(F::Value);
            K::SwitchCase
        };
        self.expect(K::Colon)?;
        while !self.at_any(&[K::Case, K::Default, K::RightBrace]) {
            self.statement()?;
            self.field(F::Body);
        }
        self.finish(kind, mark);
        Some(())
    }

    fn try_statement(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        self.block()?;
        self.field(F::Body);
        if self.at(K::Catch) {
            let clause = self.mark();
            self.bump()?;
            if self.eat(K::LeftParen)? {
                self.enclosed(|p| {
                    p.bound()?;
                    p.field(F::Parameter);
                    if p.at(K::Colon) {
                        p.type_annotation()?;
                    }
                    p.expect(K::RightParen)
                })?;
            }
            self.block()?;
            self.field(F::Body);
            self.finish(K::CatchClause, clause);
            self.field(F::Handler);
        }
        if self.at(K::Finally) {
            let clause = self.mark();
            self.bump()?;
            self.block()?;
            self.field(F::Body);
            self.finish(K::FinallyClause, clause);
            self.field(F::Finalizer);
        }
        self.finish(K::TryStatement, mark);
        Some(())
    }

    fn jump(&mut self, mark: Mark, kind: K) -> Parsed {
        self.bump()?;
        let is_bare = self.at_any(&[K::Semicolon, K::RightBrace, K::End]) || self.token.after_line;
        if !is_bare {
            self.expressions()?;
        } else if kind == K::ThrowStatement {
            return None;
        }
        self.semicolon()?;
        self.finish(kind, mark);
        Some(())
    }

    fn labelled_jump(&mut self, mark: Mark, kind: K) -> Parsed {
        self.bump()?;
        if self.at(K::Identifier) && !self.token.after_line {
            self.bump_as(K::StatementIdentifier)?;
            self.field(F::Label);
        }
        self.semicolon()?;
        self.finish(kind, mark);
        Some(())
    }
}
