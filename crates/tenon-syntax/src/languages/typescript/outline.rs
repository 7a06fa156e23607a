//! What one TypeScript or JavaScript file says at its top level: what it imports, declares and exports, by name, and which
//! modules it uses.
//!
//! Everything is owned text with positions; the syntax tree does not outlive the reading. No other file is read and no type is
//! resolved. A file with a syntax error has an `error`, and what else is known of it may be incomplete.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use oxc_ast::ast::{
    BindingIdentifier, Comment, Declaration as DeclarationNode, ExportDeclaration, ExportDefaultDeclaration,
    ExportDefaultDeclarationKind, Expression, Function, ImportDeclaration, ImportDeclarationSpecifier,
    ModuleExportName, Statement, TSImportEqualsDeclaration, TSModuleReference, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody,
};
use oxc_span::GetSpan;

use crate::class::Class;
use crate::sources::{ExportKind, Used};
use tenon_text::diag::Span;

use super::doc_comment::doc_lines;
use super::parse::{parse, source_type};
use super::positions::{first_decorator, span};
use super::used;

/// What a local name is bound to by an import.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// The specifier.
    pub module: String,
    /// The exported name; `None` for the whole module.
    pub name: Option<String>,
    /// `import type`, or `type` before the name.
    pub type_only: bool,
}

/// What an exported name stands for.
#[derive(Clone, Debug)]
pub(super) enum Exports {
    /// A name of the same module.
    Local(String),
    /// `export { name } from 'module'`
    From(String, String),
    /// `export * as N from 'module'`
    Whole(String),
    /// `export import N = A.B.C`
    Path(Vec<String>),
}

/// One exported name.
#[derive(Clone, Debug)]
pub(super) struct Exported {
    pub name: String,
    pub what: Exports,
    /// The statement.
    pub span: Span,
    pub doc: Vec<String>,
}

/// One declaration at the top level.
pub(super) struct Declaration {
    pub kind: ExportKind,
    /// The declaration without `export`.
    pub span: Span,
    pub doc: Vec<String>,
    pub content: Content,
}

/// What a declaration consists of, as far as anyone asks.
pub(super) enum Content {
    /// A class or interface.
    Members(Rc<Members>),
    /// A type alias: its type parameters and the type.
    Alias(Vec<TypeParameter>, String),
    /// A namespace.
    Block(Rc<Outline>),
    /// Anything else.
    Other,
}

/// A class or interface.
pub(super) struct Members {
    /// As written. Of an interface: its bases in `implements`.
    pub class: Rc<Class>,
    pub type_parameters: Vec<TypeParameter>,
    /// What it extends: name and type arguments.
    pub bases: Vec<(String, Vec<String>)>,
}

/// `T = Default`
#[derive(Clone)]
pub(super) struct TypeParameter {
    pub name: String,
    pub default: Option<String>,
}

/// What a file, or a namespace in one, says.
#[derive(Default)]
pub(super) struct Outline {
    pub imports: HashMap<String, Binding>,
    /// `import X = A.B.C`
    pub paths: HashMap<String, Vec<String>>,
    pub exports: Vec<Exported>,
    /// Where in `exports` a name stands.
    exported: HashMap<String, usize>,
    /// Specifiers of `export * from`.
    pub stars: Vec<String>,
    pub declarations: HashMap<String, Declaration>,
    /// The modules that it uses, in order; those of a namespace are the file's.
    pub used: Vec<Used>,
    /// Where the first syntax error stands.
    pub error: Option<Span>,
}

impl Outline {
    /// Reads the file `text`, which stands at `path`.
    pub fn read(text: &str, path: &str) -> Self {
        let kind = source_type(path);
        let (mut out, error) = parse(text, kind, |program| {
            let reader = Reader {
                text,
                comments: &program.comments,
                level: 0,
            };
            let mut out = Self::default();
            reader.statements(&program.body, false, &mut out);
            out.used = used::modules_of(program);
            out
        });
        out.error = error;
        out
    }

    /// The names under which `local` is exported.
    pub fn exported_as<'m>(&'m self, local: &'m str) -> impl Iterator<Item = &'m str> {
        self.exports.iter().filter_map(move |export| match &export.what {
            Exports::Local(name) if name == local => Some(export.name.as_str()),
            _ => None,
        })
    }

    /// Whether `name` is declared as a namespace.
    pub fn is_block(&self, name: &str) -> bool {
        self.block(name).is_some()
    }

    /// The namespace `name`.
    pub fn block(&self, name: &str) -> Option<&Rc<Self>> {
        match &self.declarations.get(name)?.content {
            Content::Block(block) => Some(block),
            _ => None,
        }
    }

    /// The class or interface `name`.
    pub fn members(&self, name: &str) -> Option<&Rc<Members>> {
        match &self.declarations.get(name)?.content {
            Content::Members(members) => Some(members),
            _ => None,
        }
    }

    fn publish(&mut self, export: Exported) {
        if let Entry::Vacant(place) = self.exported.entry(export.name.clone()) {
            place.insert(self.exports.len());
            self.exports.push(export);
        }
    }

    /// What is exported as `name`.
    pub fn exported(&self, name: &str) -> Option<&Exported> {
        self.exports.get(*self.exported.get(name)?)
    }

    pub(super) fn declare(&mut self, name: &str, declaration: Declaration) {
        // A namespace may add to a class or function of the same name: that one stays.
        let is_block = |kind| kind == ExportKind::Namespace;
        match self.declarations.get(name) {
            Some(known) if is_block(declaration.kind) || !is_block(known.kind) => {}
            _ => drop(self.declarations.insert(name.to_owned(), declaration)),
        }
    }
}

#[cfg(test)]
/// The classes that `text` declares at its top level, in order, whether they are exported or not.
pub fn classes(text: &str) -> Vec<Rc<Class>> {
    let outline = Outline::read(text, "a.ts");
    let all = outline.declarations.values();
    let mut out: Vec<Rc<Class>> = all
        .filter(|known| matches!(known.kind, ExportKind::Class | ExportKind::AbstractClass))
        .filter_map(|known| match &known.content {
            Content::Members(members) => Some(Rc::clone(&members.class)),
            _ => None,
        })
        .collect();
    out.sort_by_key(|class| class.span.start);
    out
}

/// How deep namespaces are looked into.
const MAX_LEVELS: usize = 64;

/// Reads the nodes of one file.
pub(super) struct Reader<'a> {
    text: &'a str,
    comments: &'a [Comment],
    /// How many namespaces are open.
    level: usize,
}

impl Reader<'_> {
    pub(super) fn slice(&self, of: &impl GetSpan) -> String {
        let span = of.span();
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
            .to_owned()
    }

    /// The documentation comment that stands directly before `start`, as dedented lines.
    pub(super) fn doc_before(&self, start: usize) -> Vec<String> {
        let at = self
            .comments
            .partition_point(|known| known.span.end as usize <= start);
        let Some(comment) = at.checked_sub(1).map(|at| span(self.comments[at].span)) else {
            return vec![];
        };
        let between = self.text.get(comment.end..start).unwrap_or("?");
        let text = self.text.get(comment.start..comment.end).unwrap_or_default();
        if between.trim().is_empty() && text.starts_with("/**") {
            doc_lines(text)
        } else {
            vec![]
        }
    }

    fn statements(&self, all: &[Statement<'_>], ambient: bool, out: &mut Outline) {
        for statement in all {
            let whole = span(statement.span());
            match statement {
                Statement::ImportDeclaration(import) => imports(import, out),
                Statement::ExportAllDeclaration(all) => {
                    let module = all.source.value.to_string();
                    match &all.exported {
                        Some(name) => self.publish(whole, &name.name(), Exports::Whole(module), out),
                        None => out.stars.push(module),
                    }
                }
                Statement::ExportFromDeclaration(from) => {
                    for one in &from.specifiers {
                        let what = Exports::From(from.source.value.to_string(), exported_name(&one.local));
                        self.publish(whole, &exported_name(&one.exported), what, out);
                    }
                }
                Statement::ExportNamedDeclaration(list) => {
                    for one in &list.specifiers {
                        let what = Exports::Local(exported_name(&one.local));
                        self.publish(whole, &exported_name(&one.exported), what, out);
                    }
                }
                Statement::ExportDeclaration(export) => self.export(export, whole, ambient, out),
                Statement::ExportDefaultDeclaration(export) => self.default_export(export, whole, out),
                Statement::TSExportAssignment(export) => {
                    let local = match &export.expression {
                        Expression::Identifier(name) => name.name.to_string(),
                        _ => "default".to_owned(),
                    };
                    self.publish(whole, "default", Exports::Local(local), out);
                }
                Statement::TSImportEqualsDeclaration(alias) => self.alias(alias, out),
                _ => {
                    if let Some(declaration) = statement.as_declaration() {
                        for name in self.declaration(declaration, whole, ambient, (false, out)) {
                            if ambient {
                                self.publish(whole, &name.clone(), Exports::Local(name), out);
                            }
                        }
                    }
                }
            }
        }
    }

    /// `export` before a declaration.
    fn export(&self, export: &ExportDeclaration<'_>, mut whole: Span, ambient: bool, out: &mut Outline) {
        if let DeclarationNode::TSImportEqualsDeclaration(alias) = &export.declaration {
            self.alias(alias, out);
            let name = alias.id.name.to_string();
            let what = match out.paths.get(&name) {
                Some(path) => Exports::Path(path.clone()),
                None => Exports::Local(name.clone()),
            };
            self.publish(whole, &name, what, out);
            return;
        }
        if let DeclarationNode::ClassDeclaration(class) = &export.declaration {
            whole.start = first_decorator(&class.decorators, whole.start);
        }
        for name in self.declaration(&export.declaration, whole, ambient, (true, out)) {
            self.publish(whole, &name.clone(), Exports::Local(name), out);
        }
    }

    fn default_export(&self, export: &ExportDefaultDeclaration<'_>, mut whole: Span, out: &mut Outline) {
        let local = match &export.declaration {
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                whole.start = first_decorator(&class.decorators, whole.start);
                Some(self.class(class, whole, (true, true), out))
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                Some(self.interface(interface, whole, out))
            }
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                self.function(function, whole, out)
            }
            ExportDefaultDeclarationKind::Identifier(name) => Some(name.name.to_string()),
            _ => None,
        };
        let what = Exports::Local(local.unwrap_or_else(|| "default".to_owned()));
        self.publish(whole, "default", what, out);
    }

    fn publish(&self, statement: Span, name: &str, what: Exports, out: &mut Outline) {
        out.publish(Exported {
            name: name.to_owned(),
            what,
            span: statement,
            doc: self.doc_before(statement.start),
        });
    }

    /// `import X = A.B.C` or `import X = require('module')`
    fn alias(&self, alias: &TSImportEqualsDeclaration<'_>, out: &mut Outline) {
        let name = alias.id.name.to_string();
        match &alias.module_reference {
            TSModuleReference::ExternalModuleReference(module) => {
                let binding = Binding {
                    module: module.expression.value.to_string(),
                    name: None,
                    type_only: alias.import_kind.is_type(),
                };
                out.imports.insert(name, binding);
            }
            path => drop(out.paths.insert(name, segments(&self.slice(path)))),
        }
    }

    /// Records what `declaration` declares; `statement` is all of it. Returns the names.
    fn declaration(
        &self,
        declaration: &DeclarationNode<'_>,
        statement: Span,
        ambient: bool,
        (exported, out): (bool, &mut Outline),
    ) -> Vec<String> {
        let plain = |name: &BindingIdentifier<'_>, kind, at, content, out: &mut Outline| {
            let name = name.name.to_string();
            let doc = self.doc_before(statement.start);
            out.declare(
                &name,
                Declaration {
                    kind,
                    span: at,
                    doc,
                    content,
                },
            );
            vec![name]
        };
        let at = span(declaration.span());
        match declaration {
            DeclarationNode::VariableDeclaration(list) => {
                let mut names = vec![];
                for one in &list.declarations {
                    for name in one.id.get_binding_identifiers() {
                        names.extend(plain(
                            name,
                            ExportKind::Const,
                            span(one.span),
                            Content::Other,
                            out,
                        ));
                    }
                }
                names
            }
            DeclarationNode::FunctionDeclaration(function) => {
                self.function(function, statement, out).into_iter().collect()
            }
            DeclarationNode::ClassDeclaration(class) => {
                vec![self.class(class, statement, (exported, false), out)]
            }
            DeclarationNode::TSInterfaceDeclaration(interface) => {
                vec![self.interface(interface, statement, out)]
            }
            DeclarationNode::TSTypeAliasDeclaration(alias) => {
                let parameters = self.type_parameters(alias.type_parameters.as_deref());
                let content = Content::Alias(parameters, self.slice(&alias.type_annotation));
                plain(&alias.id, ExportKind::TypeAlias, at, content, out)
            }
            DeclarationNode::TSEnumDeclaration(of) => {
                plain(&of.id, ExportKind::Enum, at, Content::Other, out)
            }
            DeclarationNode::TSNamespaceDeclaration(block) => {
                let content = Content::Block(Rc::new(self.block(block, ambient)));
                plain(&block.id, ExportKind::Namespace, at, content, out)
            }
            _ => vec![],
        }
    }

    /// The inside of a namespace. In a declared one everything is exported.
    fn block(&self, block: &TSNamespaceDeclaration<'_>, ambient: bool) -> Outline {
        let mut out = Outline::default();
        let ambient = ambient || block.declare;
        if self.level >= MAX_LEVELS {
            return out;
        }
        let inner_reader = Reader {
            level: self.level + 1,
            ..*self
        };
        match &block.body {
            TSNamespaceDeclarationBody::TSModuleBlock(inside) => {
                inner_reader.statements(&inside.body, ambient, &mut out);
            }
            // `namespace A.B { … }` exports `B` from `A`.
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                let name = inner.id.name.to_string();
                let at = span(inner.span);
                let declaration = Declaration {
                    kind: ExportKind::Namespace,
                    span: at,
                    doc: vec![],
                    content: Content::Block(Rc::new(inner_reader.block(inner, ambient))),
                };
                out.declare(&name, declaration);
                self.publish(at, &name.clone(), Exports::Local(name), &mut out);
            }
        }
        out
    }

    fn function(&self, function: &Function<'_>, statement: Span, out: &mut Outline) -> Option<String> {
        let name = function.id.as_ref()?.name.to_string();
        let declaration = Declaration {
            kind: ExportKind::Function,
            span: span(function.span),
            doc: self.doc_before(statement.start),
            content: Content::Other,
        };
        out.declare(&name, declaration);
        Some(name)
    }
}

/// What an import statement binds.
fn imports(import: &ImportDeclaration<'_>, out: &mut Outline) {
    let all_types = import.import_kind.is_type();
    for specifier in import.specifiers.iter().flatten() {
        let (name, type_only) = match specifier {
            ImportDeclarationSpecifier::ImportSpecifier(one) => {
                (Some(exported_name(&one.imported)), one.import_kind.is_type())
            }
            ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => (Some("default".to_owned()), false),
            ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => (None, false),
        };
        let binding = Binding {
            module: import.source.value.to_string(),
            name,
            type_only: all_types || type_only,
        };
        out.imports.insert(specifier.local().name.to_string(), binding);
    }
}

fn exported_name(name: &ModuleExportName<'_>) -> String {
    name.name().to_string()
}

/// `A.B.C`, however it is spaced, as its names.
pub(super) fn segments(text: &str) -> Vec<String> {
    text.split('.').map(|part| part.trim().to_owned()).collect()
}
