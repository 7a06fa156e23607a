//! Contracts: the class or interface at a public path, with what it inherits, its types as written outside.

use std::collections::HashSet;
use std::rc::Rc;

use crate::diag::{Error, Result};
use crate::lang::contract::{
    Accessor, Contract, ContractKind, Import, Method, Model, Param, Property, Signature, Visibility,
};
use crate::lang::tree::{Grammar, Node};

use super::members::{Member, RawField, RawMethod, RawParam, members};
use super::module::{Decl, ExportKind, Module, child_of_kind, segments};
use super::package::{Entity, Package};
use super::rewrite::{Hidden, Rewriter, Scope, Text};

/// How many levels of base classes are read.
const MAX_BASES: usize = 32;

/// A type alias at a public path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// What it stands for: `Models.Pagination.Paginated<Tickets.Model.Ticket>`.
    pub ty: String,
    /// The type parameters of the alias as written.
    pub generics: Option<String>,
    /// For a generic type, its name: `Models.Pagination.Paginated`; else the whole type.
    pub head: String,
    /// For a generic type, its arguments.
    pub args: Vec<String>,
    /// What the type needs.
    pub imports: Vec<Import>,
}

impl Package<'_> {
    /// The class or interface at `path`.
    ///
    /// # Errors
    /// When there is none, or one of its types cannot be named from outside.
    pub fn contract(&self, path: &[&str]) -> Result<Contract> {
        self.contract_with(path, &[])
    }

    /// As [`Self::contract`]; no import gets a name of `reserved`, the names that the generated file itself declares.
    ///
    /// # Errors
    /// When there is none, or one of its types cannot be named from outside.
    pub fn contract_with(&self, path: &[&str], reserved: &[&str]) -> Result<Contract> {
        let (module, name) = self.declaration(path)?;
        let top = if path.len() > 1 { path.first().copied() } else { None };
        let mut reserved: HashSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
        loop {
            let mut reader = Reader {
                rewriter: Rewriter::new(self, top, reserved.clone()),
                path: path.iter().map(|part| (*part).to_owned()).collect(),
                generic: false,
            };
            let contract = reader.contract(&module, &name)?;
            // A global or type parameter of the same name as an import: import it under another one.
            let clashes: Vec<String> = reader
                .rewriter
                .locals
                .names()
                .filter(|local| reader.rewriter.left.contains(*local))
                .map(str::to_owned)
                .collect();
            if clashes.iter().all(|name| reserved.contains(name)) {
                return Ok(contract);
            }
            reserved.extend(clashes);
        }
    }

    /// What the type alias at `path` stands for; `None` if something else is declared there.
    ///
    /// # Errors
    /// When nothing is exported at `path`, or the type cannot be named from outside.
    pub fn alias_of(&self, path: &[&str]) -> Result<Option<Alias>> {
        let Ok((module, name)) = self.declaration(path) else {
            return self.export(path).map(|_| None);
        };
        let Some(decl) = module.decls.get(&name).filter(|decl| decl.kind == ExportKind::TypeAlias) else {
            return Ok(None);
        };
        let node = module.node(decl);
        let (Some(node), Some(value)) = (&node, node.as_ref().and_then(|node| node.field("value"))) else {
            return Ok(None);
        };
        let top = if path.len() > 1 { path.first().copied() } else { None };
        let mut rewriter = Rewriter::new(self, top, HashSet::new());
        let mut scope = Scope::new();
        bind_params(node, &mut scope);
        let ty = rewriter.rewrite(&module, &value, &scope).map_err(|hidden| refusal(&hidden, &path.join(".")))?;
        let (head, args) = generic_parts(&ty.text);
        let generics = node.field("type_parameters").map(|list| list.text().into_owned());
        Ok(Some(Alias { head, args, generics, imports: rewriter.take_imports(), ty: ty.text }))
    }

    /// The declaration at a public path.
    fn declaration(&self, path: &[&str]) -> Result<(Rc<Module>, String)> {
        let shown = path.join(".");
        let Some((name, parents)) = path.split_last() else {
            return Err(Error::new("a path to a contract needs a name"));
        };
        let key = self.namespace_key(parents)?;
        match self.lookup_export(&key, name, &mut vec![]) {
            Some(Entity::Decl(module, name)) => Ok((module, name)),
            Some(Entity::Whole(_)) => Err(Error::new(format!("`{shown}` is a namespace, not a type"))),
            Some(Entity::External(binding)) => {
                Err(Error::new(format!("`{shown}` is declared in another package, `{}`", binding.module)))
            }
            None => Err(self.export(path).err().unwrap_or_else(|| Error::new(format!("`{shown}` cannot be resolved")))),
        }
    }
}

struct Reader<'p, 's> {
    rewriter: Rewriter<'p, 's>,
    path: Vec<String>,
    /// Whether the contract has type parameters, so that its members cannot be named by index.
    generic: bool,
}

/// What a base class contributes.
#[derive(Default)]
struct Gathered {
    methods: Vec<Method>,
    properties: Vec<Property>,
    constructor: Option<(Vec<Param>, Vec<Import>)>,
    unread: Vec<String>,
}

impl Reader<'_, '_> {
    fn contract(&mut self, module: &Rc<Module>, name: &str) -> Result<Contract> {
        let shown = self.path.join(".");
        let kind = module.decls.get(name).map(|decl| decl.kind);
        let kind = match kind {
            Some(ExportKind::Class) => ContractKind::Class,
            Some(ExportKind::AbstractClass) => ContractKind::AbstractClass,
            Some(ExportKind::Interface) => ContractKind::Interface,
            _ => {
                return Err(Error::new(format!("`{shown}` is neither a class nor an interface"))
                    .in_file(module.file.path.clone()));
            }
        };
        let broken = || Error::new(format!("`{shown}` cannot be read")).in_file(module.file.path.clone());
        let decl: Decl = module.decls.get(name).cloned().ok_or_else(broken)?;
        let node = module.node(&decl).ok_or_else(broken)?;
        let mut scope = Scope::new();
        bind_params(&node, &mut scope);
        self.generic = node.field("type_parameters").is_some();
        let mut gathered = Gathered::default();
        self.gather(module, &node, &scope, &mut gathered, 0)?;
        let generics = match node.field("type_parameters") {
            Some(list) => Some(self.generics(module, &list, &scope).map_err(|hidden| refusal(&hidden, &shown))?),
            None => None,
        };
        self.rewriter.take_imports();
        let (constructor, constructor_imports) = gathered.constructor.unzip();
        Ok(Contract {
            name: name.to_owned(),
            kind,
            doc: decl.doc,
            generics,
            methods: gathered.methods,
            properties: gathered.properties,
            constructor,
            constructor_imports: constructor_imports.unwrap_or_default(),
            unread_bases: gathered.unread,
            file: module.file.path.clone(),
            span: decl.span,
        })
    }

    /// Adds the members of a class or interface, then those of its bases.
    fn gather(&mut self, module: &Rc<Module>, node: &Node<'_>, scope: &Scope, out: &mut Gathered, depth: usize) -> Result<()> {
        let Some(body) = node.field("body") else { return Ok(()) };
        let is_interface = node.kind() == "interface_declaration";
        let mut groups: Vec<Vec<RawMethod<'_>>> = vec![];
        for member in members(&body) {
            match member {
                Member::Method(raw) => match groups.iter_mut().find(|group| same_member(&group[0], &raw)) {
                    Some(group) => group.push(raw),
                    None => groups.push(vec![raw]),
                },
                Member::Field(raw) if raw.visibility != Visibility::Private => {
                    if out.properties.iter().all(|known| known.name != raw.name) {
                        let property = self.property(module, &raw, scope, is_interface)?;
                        out.properties.push(property);
                    }
                }
                Member::Field(_) => {}
            }
        }
        for group in groups {
            if group[0].name == "constructor" && !is_interface {
                if out.constructor.is_none() {
                    out.constructor = Some(self.constructor(module, &group[0], scope)?);
                }
                continue;
            }
            let known = out.methods.iter().any(|m| {
                m.name == group[0].name && m.is_static == group[0].is_static && m.accessor == group[0].accessor
            });
            let hidden_by_field = depth > 0 && out.properties.iter().any(|property| property.name == group[0].name);
            if group[0].visibility != Visibility::Private && !known && !hidden_by_field {
                let method = self.method(module, &group, scope, is_interface)?;
                out.methods.push(method);
            }
        }
        self.bases(module, node, scope, out, depth)
    }

    fn bases(&mut self, module: &Rc<Module>, node: &Node<'_>, scope: &Scope, out: &mut Gathered, depth: usize) -> Result<()> {
        for (name, args) in base_types(node) {
            let path = segments(&name);
            if depth >= MAX_BASES {
                continue;
            }
            let Some((owner, local)) = self.base(module, &path) else {
                if !matches!(name.as_str(), "Object" | "Error") && !out.unread.contains(&name) {
                    out.unread.push(name);
                }
                continue;
            };
            let Some(base) = owner.decls.get(&local).and_then(|decl| owner.node(decl)) else { continue };
            let mut texts = vec![];
            for arg in &args {
                let text = self.rewriter.rewrite(module, arg, scope);
                texts.push(text.map_err(|hidden| refusal(&hidden, &self.path.join(".")))?);
            }
            let bound = self.rewriter.alias_scope(&owner, &base, texts);
            let bound = bound.map_err(|hidden| refusal(&hidden, &self.path.join(".")))?;
            self.gather(&owner, &base, &bound, out, depth + 1)?;
        }
        Ok(())
    }

    fn base(&self, module: &Rc<Module>, path: &[String]) -> Option<(Rc<Module>, String)> {
        let package = self.rewriter.package;
        let mut entity = package.lookup_local(module, path.first()?, &mut vec![])?;
        for name in &path[1..] {
            let key = match entity {
                Entity::Whole(key) => key,
                Entity::Decl(module, local) => format!("{}#{local}", module.key),
                Entity::External(_) => return None,
            };
            entity = package.lookup_export(&key, name, &mut vec![])?;
        }
        match entity {
            Entity::Decl(owner, local) => Some((owner, local)),
            _ => None,
        }
    }

    fn constructor(&mut self, module: &Rc<Module>, raw: &RawMethod<'_>, scope: &Scope) -> Result<(Vec<Param>, Vec<Import>)> {
        let mut params = vec![];
        for (at, param) in raw.params.iter().enumerate() {
            let fallback = (!self.generic && raw.visibility == Visibility::Public).then_some(Fallback {
                head: "ConstructorParameters<typeof ",
                tail: format!(">[{at}]"),
                member: None,
            });
            params.push(self.param(module, param, at, scope, fallback)?);
        }
        Ok((params, self.rewriter.take_imports()))
    }

    fn property(&mut self, module: &Rc<Module>, raw: &RawField<'_>, scope: &Scope, is_interface: bool) -> Result<Property> {
        let fallback = (!self.generic && raw.visibility == Visibility::Public && !raw.is_static)
            .then(|| Fallback { head: "", tail: String::new(), member: Some(raw.name.clone()) });
        let ty = match &raw.ty {
            Some(ty) => Some(self.ty(module, ty, scope, fallback)?),
            None => None,
        };
        Ok(Property {
            name: raw.name.clone(),
            doc: raw.doc.clone(),
            ty,
            optional: raw.optional,
            readonly: raw.readonly,
            required: (is_interface || raw.is_abstract) && !raw.optional,
            is_static: raw.is_static,
            visibility: raw.visibility,
            imports: self.rewriter.take_imports(),
            span: raw.span,
        })
    }

    fn method(&mut self, module: &Rc<Module>, group: &[RawMethod<'_>], scope: &Scope, is_interface: bool) -> Result<Method> {
        let has_body = |raw: &&RawMethod<'_>| raw.has_body;
        let first = group.iter().find(has_body).unwrap_or(&group[0]);
        let signatures: Vec<&RawMethod<'_>> = group.iter().filter(|raw| group.len() == 1 || !raw.has_body).collect();
        let mut overloads = vec![];
        for raw in &signatures {
            overloads.push(self.signature(module, raw, scope, signatures.len() == 1)?);
        }
        let main = if signatures.len() == 1 && !signatures[0].has_body && first.has_body {
            self.signature(module, first, scope, false)?
        } else {
            overloads.first().cloned().unwrap_or_default()
        };
        if overloads.len() == 1 && !first.has_body || signatures.len() == group.len() && group.len() == 1 {
            overloads.clear();
        }
        let imports = self.rewriter.take_imports();
        let models = self.models(&main, &imports);
        let is_promise = main.returns.as_deref().is_some_and(|ty| ty.starts_with("Promise<"));
        Ok(Method {
            name: first.name.clone(),
            doc: group.iter().find(|raw| !raw.doc.is_empty()).map(|raw| raw.doc.clone()).unwrap_or_default(),
            generics: main.generics,
            params: main.params,
            returns: main.returns,
            is_async: first.is_async || is_promise,
            required: (is_interface || group.iter().any(|raw| raw.is_abstract)) && !first.optional,
            is_static: first.is_static,
            visibility: first.visibility,
            accessor: first.accessor,
            overloads,
            models,
            imports,
            file: module.file.path.clone(),
            span: first.span,
        })
    }

    fn signature(&mut self, module: &Rc<Module>, raw: &RawMethod<'_>, scope: &Scope, alone: bool) -> Result<Signature> {
        let mut bound = scope.clone();
        let mut generics = None;
        if let Some(list) = &raw.type_params {
            bind_list(list, &mut bound);
            let text = self.generics(module, list, &bound);
            generics = Some(text.map_err(|hidden| refusal(&hidden, &self.path.join(".")))?);
        }
        let indexable = alone
            && !self.generic
            && generics.is_none()
            && !raw.is_static
            && raw.accessor.is_none()
            && raw.visibility == Visibility::Public;
        let mut params = vec![];
        for (at, param) in raw.params.iter().enumerate() {
            let fallback = indexable.then(|| Fallback {
                head: if raw.optional { "Parameters<NonNullable<" } else { "Parameters<" },
                tail: if raw.optional { format!(">>[{at}]") } else { format!(">[{at}]") },
                member: Some(raw.name.clone()),
            });
            params.push(self.param(module, param, at, &bound, fallback)?);
        }
        let fallback = indexable.then(|| Fallback {
            head: if raw.optional { "ReturnType<NonNullable<" } else { "ReturnType<" },
            tail: if raw.optional { ">>" } else { ">" }.to_owned(),
            member: Some(raw.name.clone()),
        });
        let returns = match &raw.returns {
            Some(ty) => Some(self.ty(module, ty, &bound, fallback)?),
            None if raw.has_body || raw.accessor == Some(Accessor::Set) => None,
            None => Some("any".to_owned()),
        };
        Ok(Signature { generics, params, returns })
    }

    fn param(&mut self, module: &Rc<Module>, raw: &RawParam<'_>, at: usize, scope: &Scope, fallback: Option<Fallback>) -> Result<Param> {
        let rest = raw.rest;
        let fallback = fallback.map(|mut fallback| {
            if rest && fallback.tail.ends_with(']') {
                // The rest of a parameter tuple has no index; its type is the array of what stands there.
                fallback.tail.push_str("[]");
            }
            fallback
        });
        let ty = match &raw.ty {
            Some(ty) => Some(self.ty(module, ty, scope, fallback)?),
            None => None,
        };
        let is_name = raw.name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
        Ok(Param {
            name: if is_name { raw.name.clone() } else { format!("arg{at}") },
            ty,
            optional: raw.optional,
            rest,
            default: raw.default.as_ref().map(|value| value.text().into_owned()),
        })
    }

    fn ty(&mut self, module: &Rc<Module>, node: &Node<'_>, scope: &Scope, fallback: Option<Fallback>) -> Result<String> {
        match (self.rewriter.rewrite(module, node, scope), fallback) {
            (Ok(text), _) => Ok(text.text),
            (Err(_), Some(fallback)) => {
                let path = self.path.clone();
                let mut text = format!("{}{}", fallback.head, self.rewriter.public(&path));
                if let Some(member) = fallback.member {
                    let quoted = if member.starts_with(['\'', '"']) { member } else { format!("'{member}'") };
                    text.push_str(&format!("[{quoted}]"));
                }
                Ok(text + &fallback.tail)
            }
            (Err(hidden), None) => Err(refusal(&hidden, &self.path.join("."))),
        }
    }

    fn generics(&mut self, module: &Rc<Module>, list: &Node<'_>, scope: &Scope) -> std::result::Result<String, Hidden> {
        let Text { text, .. } = self.rewriter.rewrite(module, list, scope)?;
        Ok(text)
    }

    /// The types of the contract's own namespace in a result.
    fn models(&self, signature: &Signature, imports: &[Import]) -> Vec<Model> {
        let (Some(top), Some(returns)) = (&self.rewriter.top, &signature.returns) else { return vec![] };
        let specifier = self.rewriter.package.specifier();
        let Some(local) = imports.iter().find(|i| i.module == specifier && i.name == *top).map(Import::local) else {
            return vec![];
        };
        let prefix = format!("{local}.");
        if !returns.contains(&prefix) {
            return vec![];
        }
        let tree = Grammar::TypeScript.parse(&format!("type _ = {returns};"));
        let params = signature.generics.as_deref().map(type_param_names).unwrap_or_default();
        let mut models: Vec<Model> = vec![];
        for node in tree.root().dfs().filter(|node| node.kind() == "nested_type_identifier") {
            let path = node.text();
            if !path.starts_with(&prefix) {
                continue;
            }
            let whole = node.parent().filter(|parent| parent.kind() == "generic_type").unwrap_or(node.clone());
            let ty = whole.text().into_owned();
            let uses = |name: &String| whole.dfs().any(|part| part.is_leaf() && part.text() == name.as_str());
            let generics = params.iter().any(uses).then(|| signature.generics.clone()).flatten();
            let name = path.rsplit('.').next().unwrap_or_default().trim().to_owned();
            if models.iter().all(|known| known.ty != ty) {
                models.push(Model { name, ty, generics });
            }
        }
        models
    }
}

/// How a type that has no public name is written by way of the member that uses it.
struct Fallback {
    head: &'static str,
    tail: String,
    member: Option<String>,
}

fn same_member(a: &RawMethod<'_>, b: &RawMethod<'_>) -> bool {
    a.name == b.name && a.is_static == b.is_static && a.accessor == b.accessor
}

/// The types after `extends`, with their arguments.
fn base_types<'t>(node: &Node<'t>) -> Vec<(String, Vec<Node<'t>>)> {
    let args_of = |list: Node<'t>| list.named_children().filter(|arg| arg.kind() != "comment").collect::<Vec<_>>();
    let mut out: Vec<(String, Vec<Node<'t>>)> = vec![];
    let heritage = child_of_kind(node, "class_heritage").and_then(|clause| child_of_kind(&clause, "extends_clause"));
    let Some(clause) = heritage.or_else(|| child_of_kind(node, "extends_type_clause")) else { return out };
    for child in clause.named_children() {
        match &*child.kind() {
            "generic_type" => {
                let mut parts = child.named_children();
                let name = parts.next().map(|name| name.text().into_owned()).unwrap_or_default();
                out.push((name, parts.next().map(args_of).unwrap_or_default()));
            }
            "type_arguments" => {
                if let Some(last) = out.last_mut() {
                    last.1 = args_of(child);
                }
            }
            "comment" => {}
            _ => out.push((child.text().into_owned(), vec![])),
        }
    }
    out
}

fn bind_params(node: &Node<'_>, scope: &mut Scope) {
    if let Some(list) = node.field("type_parameters") {
        bind_list(&list, scope);
    }
}

fn bind_list(list: &Node<'_>, scope: &mut Scope) {
    for param in list.named_children().filter(|child| child.kind() == "type_parameter") {
        if let Some(name) = param.field("name") {
            scope.insert(name.text().into_owned(), None);
        }
    }
}

/// The names that `<T extends A, U>` declares.
fn type_param_names(generics: &str) -> Vec<String> {
    let tree = Grammar::TypeScript.parse(&format!("type _{generics} = 0;"));
    let root = tree.root();
    let names = root.dfs().filter(|node| node.kind() == "type_parameter");
    names.filter_map(|param| param.field("name").map(|name| name.text().into_owned())).collect()
}

/// `A.B<C, D>` as name and arguments.
fn generic_parts(ty: &str) -> (String, Vec<String>) {
    let tree = Grammar::TypeScript.parse(&format!("type _ = {ty};"));
    let root = tree.root();
    let value = root.dfs().find(|node| node.kind() == "type_alias_declaration").and_then(|node| node.field("value"));
    match value {
        Some(value) if value.kind() == "generic_type" => {
            let mut children = value.named_children();
            let head = children.next().map(|name| name.text().into_owned()).unwrap_or_default();
            let args = children.next().map(|list| list.named_children().map(|arg| arg.text().into_owned()).collect());
            (head, args.unwrap_or_default())
        }
        _ => (ty.to_owned(), vec![]),
    }
}

fn refusal(hidden: &Hidden, contract: &str) -> Error {
    Error::new(format!("the type `{}`, which `{contract}` needs, {}", hidden.name, hidden.why))
        .in_file(hidden.file.clone())
        .help("export the type from the package, or leave this contract out")
}
