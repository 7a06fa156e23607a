//! Imports and exports.

use super::kinds::{F, K};
use super::parser::{Mark, Parsed, Parser};

impl Parser<'_> {
    /// An import.
    pub fn import(&mut self, mark: Mark) -> Parsed {
        self.bump()?;
        if self.at_any(&[K::SingleQuote, K::DoubleQuote]) {
            self.source()?;
            return self.import_end(mark);
        }
        let mut is_type = false;
        if self.at(K::Type) {
            let next = self.second()?.kind;
            let is_word = matches!(next, K::LeftBrace | K::Star) || (next.is_name() && next != K::From);
            if is_word {
                self.bump()?;
                is_type = true;
            }
        }
        let clause = self.mark();
        if self.token.kind.is_name() {
            if self.second()?.kind == K::Equal {
                return if is_type { None } else { self.import_alias(mark) };
            }
            self.bump_as(K::Identifier)?;
            if self.at(K::Comma) {
                self.bump()?;
                self.imported()?;
            }
        } else {
            self.imported()?;
        }
        self.finish(K::ImportClause, clause);
        self.expect(K::From)?;
        self.source()?;
        self.import_end(mark)
    }

    /// `import a = b.c`, from its name on.
    fn import_alias(&mut self, mark: Mark) -> Parsed {
        self.expect(K::Identifier)?;
        self.bump()?;
        let inner = self.mark();
        // `import a = require('b')` is for others.
        self.expect(K::Identifier)?;
        while self.at(K::Dot) {
            if self.kind_at(inner) == Some(K::NestedIdentifier) {
                self.rename_at(inner, K::Member);
            }
            self.field_at(inner, F::Object);
            self.bump()?;
            if !self.token.kind.is_word() {
                return None;
            }
            self.bump_as(K::PropertyIdentifier)?;
            self.field(F::Property);
            self.finish(K::NestedIdentifier, inner);
        }
        self.semicolon()?;
        self.finish(K::ImportAlias, mark);
        Some(())
    }

    fn import_end(&mut self, mark: Mark) -> Parsed {
        if self.at_any(&[K::With, K::Assert]) {
            return None;
        }
        self.semicolon()?;
        self.finish(K::ImportStatement, mark);
        Some(())
    }

    fn source(&mut self) -> Parsed {
        self.string()?;
        self.field(F::Source);
        Some(())
    }

    fn imported(&mut self) -> Parsed {
        let mark = self.mark();
        if self.at(K::Star) {
            self.bump()?;
            self.expect(K::As)?;
            self.expect(K::Identifier)?;
            self.finish(K::NamespaceImport, mark);
            return Some(());
        }
        self.names(K::ImportSpecifier)?;
        self.finish(K::NamedImports, mark);
        Some(())
    }

    /// `{ a, type b as c }`, each a `kind`.
    fn names(&mut self, kind: K) -> Parsed {
        self.expect(K::LeftBrace)?;
        self.list(K::RightBrace, |p| {
            let mark = p.mark();
            if p.at(K::Type) {
                let next = p.second()?.kind;
                if next == K::As || !next.is_word() {
                    return None;
                }
                p.bump()?;
            }
            p.exported_name()?;
            p.field(F::Name);
            if p.eat(K::As)? {
                p.exported_name()?;
                p.field(F::Alias);
            }
            p.finish(kind, mark);
            Some(())
        })
    }

    fn exported_name(&mut self) -> Parsed {
        if !self.token.kind.is_word() {
            return None;
        }
        self.bump_as(K::Identifier)
    }

    /// An export; `mark` is where its decorators began.
    pub fn export(&mut self, mark: Mark) -> Parsed {
        let is_decorated = self.kind_at(mark) == Some(K::Decorator);
        self.bump()?;
        // At the end of a line the word is taken for a name, and only classes have decorators.
        let is_class = self.at_any(&[K::Class, K::Abstract, K::Default]);
        if self.token.after_line || (is_decorated && !is_class) {
            return None;
        }
        match self.token.kind {
            K::Star => {
                let inner = self.mark();
                self.bump()?;
                if self.eat(K::As)? {
                    self.exported_name()?;
                    self.finish(K::NamespaceExport, inner);
                }
                self.expect(K::From)?;
                self.source()?;
                self.semicolon()?;
            }
            K::LeftBrace => self.export_clause()?,
            K::Type if self.second()?.kind == K::LeftBrace => {
                self.bump()?;
                self.export_clause()?;
            }
            K::Default => {
                self.bump()?;
                self.default_export()?;
            }
            K::Equal => {
                self.bump()?;
                self.expression()?;
                self.semicolon()?;
            }
            K::Import => {
                let inner = self.mark();
                self.bump()?;
                if self.second()?.kind != K::Equal {
                    return None;
                }
                self.import_alias(inner)?;
                self.field(F::Declaration);
            }
            _ if self.is_declaration()? => {
                self.declaration()?;
                self.field(F::Declaration);
            }
            _ => return None,
        }
        self.finish(K::ExportStatement, mark);
        Some(())
    }

    fn export_clause(&mut self) -> Parsed {
        let clause = self.mark();
        self.names(K::ExportSpecifier)?;
        self.finish(K::ExportClause, clause);
        if self.at(K::From) {
            if self.token.after_line {
                return None;
            }
            self.bump()?;
            self.source()?;
        }
        self.semicolon()
    }

    fn default_export(&mut self) -> Parsed {
        let is_named = |kind: K| kind.is_name() && kind != K::Extends;
        let next = self.second()?.kind;
        match self.token.kind {
            K::Abstract | K::Interface => {
                self.declaration()?;
                self.field(F::Declaration);
            }
            K::Class if is_named(next) => {
                self.declaration()?;
                self.field(F::Declaration);
            }
            K::Function if is_named(next) => {
                self.declaration()?;
                self.field(F::Declaration);
            }
            K::Class | K::Function | K::Async | K::Type | K::Namespace | K::Module | K::Declare | K::Enum => {
                return None;
            }
            _ => {
                self.expression()?;
                self.field(F::Value);
                self.semicolon()?;
            }
        }
        Some(())
    }
}
