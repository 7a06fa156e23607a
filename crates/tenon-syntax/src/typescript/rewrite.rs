//! Types, rewritten so that they resolve from outside the package.
//!
//! Every name is resolved to a declaration and from there to a public path; names of other packages keep their
//! import; type aliases that are not public are written out. What the result needs is collected as imports.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use crate::contract::Import;
use crate::tree::Node;

use super::import_types::unmask;
use super::locals::Locals;
use crate::sources::ExportKind;

use super::module::{Module, segments};
use super::names::Resolved;
use super::package::Package;

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

/// A type that cannot be named from outside.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    pub name: String,
    pub file: String,
    pub why: &'static str,
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

    /// Rewrites the type `node` of `module`.
    pub fn rewrite(&mut self, module: &Rc<Module>, node: &Node<'_>, scope: &Scope) -> Result<Text, Hidden> {
        let mut bound = scope.clone();
        for name in binders(node) {
            bound.insert(name, None);
        }
        let mut edits: Vec<(Range<usize>, String)> = vec![];
        let mut loose = is_loose(&node.kind());
        let mut stack = vec![node.clone()];
        while let Some(part) = stack.pop() {
            let kind = part.kind();
            let piece = match &*kind {
                "comment" => {
                    edits.push((part.range(), String::new()));
                    continue;
                }
                "type_identifier" | "nested_type_identifier" => self.reference(module, &part, &[], &bound)?,
                "generic_type" => {
                    let mut children = part.named_children().filter(|child| child.kind() != "comment");
                    let (Some(name), args) = (children.next(), children.next()) else {
                        continue;
                    };
                    if name.kind().ends_with("type_identifier") {
                        let args_of: Vec<Node<'_>> = args
                            .iter()
                            .flat_map(|list| list.named_children().collect::<Vec<_>>())
                            .collect();
                        let piece = self.reference(module, &name, &args_of, &bound)?;
                        if let Some(Piece::Name(text)) = piece {
                            edits.push((name.range(), text));
                            stack.extend(args);
                            continue;
                        }
                        if piece.is_none() {
                            stack.extend(args);
                        }
                        piece
                    } else {
                        stack.extend(args);
                        stack.push(name);
                        continue;
                    }
                }
                "type_query" => self.value(module, &part, &bound, &mut stack)?,
                _ => {
                    stack.extend(part.named_children());
                    continue;
                }
            };
            match piece {
                Some(Piece::Name(text)) => edits.push((part.range(), text)),
                Some(Piece::Whole(text)) => {
                    let alone = part.node_id() == node.node_id();
                    loose |= alone && text.loose;
                    let wrap = !alone
                        && text.loose
                        && part.parent().is_none_or(|parent| !holds_loose(&parent.kind()));
                    edits.push((
                        part.range(),
                        if wrap {
                            format!("({})", text.text)
                        } else {
                            text.text
                        },
                    ));
                }
                None => {}
            }
        }
        let text = unmask(splice(node, edits), &module.file.masked);
        if text.len() > MAX_LENGTH {
            return Err(hidden(&["type".to_owned()], &module.path, "is too long"));
        }
        Ok(Text { text, loose })
    }

    /// A name in a type. `None`: stays as it is.
    fn reference(
        &mut self,
        module: &Rc<Module>,
        name: &Node<'_>,
        args: &[Node<'_>],
        scope: &Scope,
    ) -> Result<Option<Piece>, Hidden> {
        let path = segments(&name.text());
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
        match self.resolve(module, &path)? {
            Resolved::Global => {
                self.left.insert(path[0].clone());
                Ok(None)
            }
            Resolved::Public(path) => Ok(Some(Piece::Name(self.public(&path)))),
            Resolved::External(binding, rest) => {
                Ok(Some(Piece::Name(self.locals.external(&binding, &path[0], &rest))))
            }
            Resolved::Hidden(owner, local) => {
                let kind = owner.decls.get(&local).map(|decl| decl.kind);
                if kind != Some(ExportKind::TypeAlias) {
                    return Err(hidden(&path, &owner.path, "is not exported"));
                }
                let mut texts = vec![];
                for arg in args.iter().filter(|arg| arg.kind() != "comment") {
                    texts.push(self.nested(module, arg, scope)?);
                }
                self.inline(&owner, &local, texts)
                    .map(|text| Some(Piece::Whole(text)))
            }
        }
    }

    fn nested(&mut self, module: &Rc<Module>, node: &Node<'_>, scope: &Scope) -> Result<Text, Hidden> {
        if self.open.len() >= MAX_DEPTH {
            return Err(hidden(
                &[node.text().into_owned()],
                &module.path,
                "nests too deeply",
            ));
        }
        self.open.push((String::new(), String::new()));
        let text = self.rewrite(module, node, scope);
        self.open.pop();
        text
    }

    /// The text of an alias that is not public, with its type parameters replaced.
    fn inline(&mut self, owner: &Rc<Module>, name: &str, args: Vec<Text>) -> Result<Text, Hidden> {
        let id = (owner.key.clone(), name.to_owned());
        let fail = |why| hidden(&[name.to_owned()], &owner.path, why);
        if self.open.contains(&id) {
            return Err(fail("is not exported and refers to itself"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(fail("is not exported and nests too deeply"));
        }
        let node = owner.decls.get(name).and_then(|decl| owner.node(decl));
        let (Some(node), Some(value)) = (&node, node.as_ref().and_then(|node| node.field("value"))) else {
            return Err(fail("is not exported"));
        };
        // Even the shortest alias costs something to look up.
        self.written_out += value.range().len().max(64);
        if self.written_out > MAX_WRITTEN_OUT {
            return Err(fail("is not exported and expands to too much"));
        }
        self.open.push(id);
        let result = self
            .alias_scope(owner, node, args)
            .and_then(|scope| self.rewrite(owner, &value, &scope));
        self.open.pop();
        result
    }

    /// The type parameters of a declaration, bound to arguments or their defaults.
    pub fn alias_scope(
        &mut self,
        owner: &Rc<Module>,
        node: &Node<'_>,
        args: Vec<Text>,
    ) -> Result<Scope, Hidden> {
        let mut scope = Scope::new();
        let mut args = args.into_iter();
        let Some(list) = node.field("type_parameters") else {
            return Ok(scope);
        };
        for param in list
            .named_children()
            .filter(|child| child.kind() == "type_parameter")
        {
            let Some(name) = param.field("name") else { continue };
            let default = param
                .field("value")
                .and_then(|value| value.named_children().next());
            let text = match (args.next(), default) {
                (Some(text), _) => text,
                (None, Some(default)) => self.nested(owner, &default, &scope)?,
                (None, None) => Text {
                    text: "any".to_owned(),
                    loose: false,
                },
            };
            scope.insert(name.text().into_owned(), Some(text));
        }
        Ok(scope)
    }

    /// `typeof a.b`
    fn value<'t>(
        &mut self,
        module: &Rc<Module>,
        query: &Node<'t>,
        scope: &Scope,
        stack: &mut Vec<Node<'t>>,
    ) -> Result<Option<Piece>, Hidden> {
        let children: Vec<Node<'t>> = query
            .named_children()
            .filter(|child| child.kind() != "comment")
            .collect();
        let Some(name) = children.first() else {
            return Ok(None);
        };
        stack.extend(children[1..].iter().cloned());
        let text = name.text();
        if text.starts_with("this") || text.contains(['(', '[', '<']) {
            return Ok(None);
        }
        let path = segments(&text);
        if scope.contains_key(&path[0]) {
            return Ok(None);
        }
        let replaced = match self.resolve(module, &path)? {
            Resolved::Global => {
                self.left.insert(path[0].clone());
                return Ok(None);
            }
            Resolved::Public(path) => self.public(&path),
            Resolved::External(binding, rest) => self.locals.external(&binding, &path[0], &rest),
            Resolved::Hidden(owner, _) => return Err(hidden(&path, &owner.path, "is not exported")),
        };
        let query_text = query.text();
        let offset = name.range().start - query.range().start;
        let end = name.range().end - query.range().start;
        if stack.is_empty() || children.len() == 1 {
            return Ok(Some(Piece::Name(format!(
                "{}{replaced}{}",
                &query_text[..offset],
                &query_text[end..]
            ))));
        }
        Ok(None)
    }

    fn resolve(&mut self, module: &Rc<Module>, path: &[String]) -> Result<Resolved, Hidden> {
        let key = (module.key.clone(), path.join("."));
        if let Some(known) = self.cache.get(&key) {
            return known.clone();
        }
        let top = self.top.as_deref();
        let masked = module.file.masked.iter().find(|masked| masked.name == path[0]);
        let resolved = match masked {
            Some(masked) => self
                .package
                .resolve_import(module, &masked.specifier, &path[1..], top),
            None => self.package.resolve_name(module, path, top),
        };
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

pub(super) fn hidden(path: &[String], file: &str, why: &'static str) -> Hidden {
    Hidden {
        name: path.join("."),
        file: file.to_owned(),
        why,
    }
}

/// The names that a type itself binds: mapped keys, `infer`, parameters of generic function types.
fn binders(node: &Node<'_>) -> Vec<String> {
    let mut names = vec![];
    let mut stack = vec![node.clone()];
    while let Some(part) = stack.pop() {
        if matches!(
            &*part.kind(),
            "mapped_type_clause" | "infer_type" | "type_parameter"
        ) && let Some(name) = part
            .named_children()
            .find(|child| child.kind() == "type_identifier")
        {
            names.push(name.text().into_owned());
        }
        stack.extend(part.named_children());
    }
    names
}

/// Kinds that bind weaker than what may stand round them.
fn is_loose(kind: &str) -> bool {
    matches!(
        kind,
        "union_type"
            | "intersection_type"
            | "function_type"
            | "constructor_type"
            | "conditional_type"
            | "index_type_query"
            | "infer_type"
            | "readonly_type"
            | "type_query"
    )
}

/// Kinds of parents in which a loose type stands without parentheses.
fn holds_loose(kind: &str) -> bool {
    matches!(
        kind,
        "type_annotation"
            | "type_arguments"
            | "parenthesized_type"
            | "tuple_type"
            | "type_alias_declaration"
            | "default_type"
            | "constraint"
            | "mapped_type_clause"
    )
}

/// The text of `node` with `edits` applied; an edit inside another one is dropped.
fn splice(node: &Node<'_>, mut edits: Vec<(Range<usize>, String)>) -> String {
    let range = node.range();
    let text = node.text();
    edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(text.len());
    let mut done = range.start;
    for (edit, with) in edits {
        if edit.start < done {
            continue;
        }
        out.push_str(&text[done - range.start..edit.start - range.start]);
        out.push_str(&with);
        done = edit.end;
    }
    out.push_str(&text[done - range.start..]);
    out
}
