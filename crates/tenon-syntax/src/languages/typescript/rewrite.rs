//! Types, rewritten so that they resolve from outside the package.
//!
//! Every name is resolved to a declaration and from there to a public path; names of other packages keep their
//! import; type aliases that are not public are written out. What the result needs is collected as imports.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use oxc_ast::ast::{
    Statement, TSImportType, TSMappedType, TSType, TSTypeName, TSTypeParameter, TSTypeParameterInstantiation,
    TSTypeQuery, TSTypeQueryExprName, TSTypeReference,
};
use oxc_ast::{AstKind, AstType};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, SourceType};

use crate::contract::Import;

use super::locals::Locals;
use super::names::{Hidden, Resolved, hidden};
use super::outline::{Content, TypeParameter, segments};
use super::package::{Module, Package};
use super::parse::parse;

/// How deep aliases and their arguments may nest, and how long a type may become.
const MAX_DEPTH: usize = 24;
const MAX_LENGTH: usize = 1 << 16;
/// How much text of aliases may be read for one contract: aliases of aliases double with each step.
const MAX_WRITTEN_OUT: usize = 1 << 22;

/// A rewritten type.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub text: String,
    /// Whether it needs parentheses inside another type: a union, a function …
    pub loose: bool,
}

/// Names that are not looked up: type parameters. With a text they are replaced by it.
pub(super) type Scope = HashMap<String, Option<Text>>;

/// Rewrites the types of one contract.
pub(super) struct Rewriter<'p, 's> {
    pub package: &'p Package<'s>,
    /// The contract's own top namespace.
    pub top: Option<String>,
    pub locals: Locals,
    /// Names left as they are: globals and type parameters.
    pub left: HashSet<String>,
    cache: HashMap<(String, String), Result<Resolved, Hidden>>,
    open: Vec<(String, String)>,
    written_out: usize,
}

impl<'p, 's> Rewriter<'p, 's> {
    pub fn new(package: &'p Package<'s>, top: Option<&str>, reserved: HashSet<String>) -> Self {
        Self {
            package,
            top: top.map(str::to_owned),
            locals: Locals::new(reserved),
            left: HashSet::new(),
            cache: HashMap::new(),
            open: vec![],
            written_out: 0,
        }
    }

    /// The imports that were needed since the last call.
    pub fn take_imports(&mut self) -> Vec<Import> {
        self.locals.take()
    }

    /// Rewrites the type `ty` of `module`.
    pub fn rewrite(&mut self, module: &Rc<Module>, ty: &str, scope: &Scope) -> Result<Text, Hidden> {
        self.rewrite_in(module, ("declare function _(): ", ty, ";"), scope)
    }

    /// Rewrites a list of type parameters, with its brackets.
    pub fn rewrite_list(&mut self, module: &Rc<Module>, list: &str, scope: &Scope) -> Result<String, Hidden> {
        self.rewrite_in(module, ("type _", list, " = 0;"), scope)
            .map(|list| list.text)
    }

    fn rewrite_in(
        &mut self,
        module: &Rc<Module>,
        (before, text, after): (&str, &str, &str),
        scope: &Scope,
    ) -> Result<Text, Hidden> {
        let source = format!("{before}{text}{after}");
        let (done, error) = parse(&source, SourceType::ts(), |program| {
            let mut binders = Binders(scope.clone());
            binders.visit_program(program);
            let root = match program.body.first() {
                Some(Statement::FunctionDeclaration(function)) => function.return_type.as_deref(),
                _ => None,
            };
            let mut names = TypeNames {
                rewriter: self,
                module,
                source: &source,
                scope: binders.0,
                root: root.map(|root| root.type_annotation.span()),
                loose: root.is_some_and(|root| is_loose(&root.type_annotation)),
                parents: vec![],
                edits: program
                    .comments
                    .iter()
                    .map(|comment| (range(comment.span), String::new()))
                    .collect(),
                failed: None,
            };
            names.visit_program(program);
            let (edits, loose) = (names.edits, names.loose);
            Some(match names.failed {
                Some(hidden) => Err(hidden),
                None => Ok((edits, loose)),
            })
        });
        let (mut edits, loose) = match (done, error) {
            (Some(done), None) => done?,
            _ => return Err(hidden(&[text.to_owned()], &module.path, "cannot be read")),
        };
        edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut out = String::with_capacity(text.len());
        let mut at = before.len();
        for (edit, with) in edits {
            // An edit inside another one is dropped.
            if edit.start >= at {
                out.push_str(&source[at..edit.start]);
                out.push_str(&with);
                at = edit.end;
            }
        }
        out.push_str(&source[at..before.len() + text.len()]);
        if out.len() > MAX_LENGTH {
            return Err(hidden(&["type".to_owned()], &module.path, "is too long"));
        }
        Ok(Text { text: out, loose })
    }

    /// A name in a type. `None`: stays as it is.
    fn reference(
        &mut self,
        module: &Rc<Module>,
        path: &[String],
        args: &[&str],
        scope: &Scope,
    ) -> Result<Option<Piece>, Hidden> {
        match scope.get(&path[0]) {
            Some(Some(text)) => return Ok(Some(Piece::Whole(text.clone()))),
            Some(None) => {
                self.left.insert(path[0].clone());
                return Ok(None);
            }
            None => {}
        }
        if path[0] == "const" {
            return Ok(None);
        }
        let resolved = self.resolve(module, path)?;
        if matches!(resolved, Resolved::Global) {
            self.left.insert(path[0].clone());
        }
        self.piece(module, resolved, path, args, scope)
    }

    /// What `path` becomes that stands for `resolved`.
    fn piece(
        &mut self,
        module: &Rc<Module>,
        resolved: Resolved,
        path: &[String],
        args: &[&str],
        scope: &Scope,
    ) -> Result<Option<Piece>, Hidden> {
        Ok(match resolved {
            Resolved::Global => None,
            Resolved::Public(path) => Some(Piece::Name(self.public(&path))),
            Resolved::External(binding, rest) => {
                Some(Piece::Name(self.locals.external(&binding, &path[0], &rest)))
            }
            Resolved::Hidden(owner, local) => {
                let mut texts = vec![];
                for arg in args {
                    texts.push(self.nested(module, arg, scope)?);
                }
                Some(Piece::Whole(self.inline(&owner, &local, path, texts)?))
            }
        })
    }

    fn nested(&mut self, module: &Rc<Module>, ty: &str, scope: &Scope) -> Result<Text, Hidden> {
        if self.open.len() >= MAX_DEPTH {
            return Err(hidden(&[ty.to_owned()], &module.path, "nests too deeply"));
        }
        self.open.push((String::new(), String::new()));
        let text = self.rewrite(module, ty, scope);
        self.open.pop();
        text
    }

    /// The text of the alias `name` that is not public, with its type parameters replaced; it was written as `path`.
    fn inline(
        &mut self,
        owner: &Rc<Module>,
        name: &str,
        path: &[String],
        args: Vec<Text>,
    ) -> Result<Text, Hidden> {
        let id = (owner.key.clone(), name.to_owned());
        let fail = |why| hidden(&[name.to_owned()], &owner.path, why);
        let content = owner.declarations.get(name).map(|known| &known.content);
        let Some(Content::Alias(parameters, value)) = content else {
            return Err(hidden(path, &owner.path, "is not exported"));
        };
        if self.open.contains(&id) {
            return Err(fail("is not exported and refers to itself"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(fail("is not exported and nests too deeply"));
        }
        // Even the shortest alias costs something to look up.
        self.written_out += value.len().max(64);
        if self.written_out > MAX_WRITTEN_OUT {
            return Err(fail("is not exported and expands to too much"));
        }
        self.open.push(id);
        let result = self
            .alias_scope(owner, parameters, args)
            .and_then(|scope| self.rewrite(owner, value, &scope));
        self.open.pop();
        result
    }

    /// The type parameters of a declaration, bound to arguments or their defaults.
    pub fn alias_scope(
        &mut self,
        owner: &Rc<Module>,
        parameters: &[TypeParameter],
        args: Vec<Text>,
    ) -> Result<Scope, Hidden> {
        let mut scope = Scope::new();
        let mut args = args.into_iter();
        for parameter in parameters {
            let text = match (args.next(), &parameter.default) {
                (Some(text), _) => text,
                (None, Some(default)) => self.nested(owner, default, &scope)?,
                (None, None) => Text {
                    text: "any".to_owned(),
                    loose: false,
                },
            };
            scope.insert(parameter.name.clone(), Some(text));
        }
        Ok(scope)
    }

    fn resolve(&mut self, module: &Rc<Module>, path: &[String]) -> Result<Resolved, Hidden> {
        let key = (module.key.clone(), path.join("."));
        if let Some(known) = self.cache.get(&key) {
            return known.clone();
        }
        let resolved = self.package.resolve_name(module, path, self.top.as_deref());
        self.cache.insert(key, resolved.clone());
        resolved
    }

    /// A public path as written outside, with its import.
    pub fn public(&mut self, path: &[String]) -> String {
        self.locals.public(self.package.specifier(), path)
    }
}

/// What replaces a name.
enum Piece {
    /// Another name.
    Name(String),
    /// A whole type, with its arguments.
    Whole(Text),
}

fn range(span: oxc_span::Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Adds the names that a type itself binds: mapped keys, `infer`, parameters of generic function types.
struct Binders(Scope);

impl<'a> Visit<'a> for Binders {
    fn visit_ts_type_parameter(&mut self, parameter: &TSTypeParameter<'a>) {
        self.0.insert(parameter.name.name.to_string(), None);
        walk::walk_ts_type_parameter(self, parameter);
    }

    fn visit_ts_mapped_type(&mut self, mapped: &TSMappedType<'a>) {
        self.0.insert(mapped.key.name.to_string(), None);
        walk::walk_ts_mapped_type(self, mapped);
    }
}

/// Collects what replaces the names in a type.
struct TypeNames<'r, 'p, 's> {
    rewriter: &'r mut Rewriter<'p, 's>,
    module: &'r Rc<Module>,
    source: &'r str,
    scope: Scope,
    /// The whole type.
    root: Option<oxc_span::Span>,
    loose: bool,
    /// The nodes that are open, outermost first.
    parents: Vec<AstType>,
    edits: Vec<(Range<usize>, String)>,
    failed: Option<Hidden>,
}

impl TypeNames<'_, '_, '_> {
    /// Replaces a name, or all of the type that it begins.
    fn replace<'a>(
        &mut self,
        (name, whole): (Range<usize>, oxc_span::Span),
        args: Option<&TSTypeParameterInstantiation<'a>>,
        piece: Result<Option<Piece>, Hidden>,
    ) where
        Self: Visit<'a>,
    {
        match piece {
            Ok(Some(Piece::Whole(text))) => {
                let alone = self.root == Some(whole);
                self.loose |= alone && text.loose;
                let is_held = self.parents.last().is_some_and(|parent| holds_loose(*parent));
                let wrap = !alone && text.loose && !is_held;
                let text = if wrap {
                    format!("({})", text.text)
                } else {
                    text.text
                };
                self.edits.push((range(whole), text));
                return;
            }
            Ok(Some(Piece::Name(text))) => self.edits.push((name, text)),
            Ok(None) => {}
            Err(hidden) => self.failed = self.failed.take().or(Some(hidden)),
        }
        if let Some(args) = args {
            self.visit_ts_type_parameter_instantiation(args);
        }
    }

    fn arguments(&self, args: Option<&TSTypeParameterInstantiation<'_>>) -> Vec<String> {
        let all = args.into_iter().flat_map(|args| &args.params);
        all.map(|arg| self.source[range(arg.span())].to_owned()).collect()
    }
}

impl<'a> Visit<'a> for TypeNames<'_, '_, '_> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        self.parents.push(kind.ty());
    }

    fn leave_node(&mut self, _: AstKind<'a>) {
        self.parents.pop();
    }

    fn visit_ts_type_reference(&mut self, reference: &TSTypeReference<'a>) {
        let args = reference.type_arguments.as_deref();
        let name = range(reference.type_name.span());
        let path = segments(&self.source[name.clone()]);
        let texts = self.arguments(args);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let piece = self.rewriter.reference(self.module, &path, &texts, &self.scope);
        self.replace((name, reference.span), args, piece);
    }

    fn visit_ts_type_query(&mut self, query: &TSTypeQuery<'a>) {
        if let TSTypeQueryExprName::TSImportType(import) = &query.expr_name {
            self.visit_ts_import_type(import);
        } else if let Some(name) = query.expr_name.as_ts_type_name()
            && !matches!(name, TSTypeName::ThisExpression(_))
        {
            let name = range(name.span());
            let path = segments(&self.source[name.clone()]);
            if path[0] != "this" && !self.scope.contains_key(&path[0]) {
                let resolved = self.rewriter.resolve(self.module, &path);
                let piece = resolved.and_then(|resolved| match resolved {
                    Resolved::Hidden(owner, _) => Err(hidden(&path, &owner.path, "is not exported")),
                    Resolved::Global => {
                        self.rewriter.left.insert(path[0].clone());
                        Ok(None)
                    }
                    other => self.rewriter.piece(self.module, other, &path, &[], &self.scope),
                });
                self.replace((name, query.span), None, piece);
            }
        }
        if let Some(args) = &query.type_arguments {
            self.visit_ts_type_parameter_instantiation(args);
        }
    }

    fn visit_ts_import_type(&mut self, import: &TSImportType<'a>) {
        let args = import.type_arguments.as_deref();
        let qualifier = import.qualifier.as_ref().map(|qualifier| range(qualifier.span()));
        let path = qualifier.as_ref().map(|at| segments(&self.source[at.clone()]));
        let path = path.unwrap_or_default();
        let end = match (&qualifier, args) {
            (Some(qualifier), _) => qualifier.end,
            (None, Some(args)) => args.span.start as usize,
            (None, None) => import.span.end as usize,
        };
        let name = import.span.start as usize..end;
        let texts = self.arguments(args);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let top = self.rewriter.top.clone();
        let package = self.rewriter.package;
        let resolved = package.resolve_import(self.module, &import.source.value, &path, top.as_deref());
        let piece = resolved.and_then(|resolved| {
            self.rewriter
                .piece(self.module, resolved, &path, &texts, &self.scope)
        });
        self.replace((name, import.span), args, piece);
    }
}

/// Whether a type binds weaker than what may stand round it.
fn is_loose(ty: &TSType<'_>) -> bool {
    matches!(
        ty,
        TSType::TSUnionType(_)
            | TSType::TSIntersectionType(_)
            | TSType::TSFunctionType(_)
            | TSType::TSConstructorType(_)
            | TSType::TSConditionalType(_)
            | TSType::TSTypeOperatorType(_)
            | TSType::TSInferType(_)
            | TSType::TSTypeQuery(_)
    )
}

/// Whether a loose type stands without parentheses directly below such a node.
fn holds_loose(parent: AstType) -> bool {
    matches!(
        parent,
        AstType::TSTypeAnnotation
            | AstType::TSTypeParameterInstantiation
            | AstType::TSParenthesizedType
            | AstType::TSTupleType
            | AstType::TSNamedTupleMember
            | AstType::TSTypeAliasDeclaration
            | AstType::TSTypeParameter
            | AstType::TSMappedType
    )
}
