//! Contracts: the class or interface at a public path, with what it inherits, its types as written outside.

use std::collections::HashSet;
use std::rc::Rc;

use crate::contract::{Contract, ContractKind, Import, Method, Param, Property, Visibility};
use crate::sources::{Alias, ExportKind};
use crate::tree::{Node, has_errors};
use tenon_text::diag::{Error, Result, line_col};

use super::members::{Member, RawMethod, members};
use super::module::{Decl, Module, segments};
use super::package::{Entity, Package, Trail};
use super::parts::{base_types, generic_parts};
use super::read_members::bind_list;
use super::rewrite::{Hidden, Rewriter, Scope};

/// How many levels of base classes are read.
const MAX_BASES: usize = 32;

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
        let top = if path.len() > 1 {
            path.first().copied()
        } else {
            None
        };
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
        let Some(decl) = module
            .decls
            .get(&name)
            .filter(|decl| decl.kind == ExportKind::TypeAlias)
        else {
            return Ok(None);
        };
        let node = module.node(decl);
        let (Some(node), Some(value)) = (&node, node.as_ref().and_then(|node| node.field("value"))) else {
            return Ok(None);
        };
        let top = if path.len() > 1 {
            path.first().copied()
        } else {
            None
        };
        let mut rewriter = Rewriter::new(self, top, HashSet::new());
        let mut scope = Scope::new();
        bind_params(node, &mut scope);
        let ty = rewriter
            .rewrite(&module, &value, &scope)
            .map_err(|hidden| refusal(&hidden, &path.join(".")))?;
        let (_, args) = generic_parts(&ty.text);
        Ok(Some(Alias { args, ty: ty.text }))
    }

    /// The declaration at a public path.
    fn declaration(&self, path: &[&str]) -> Result<(Rc<Module>, String)> {
        let shown = path.join(".");
        let Some((name, parents)) = path.split_last() else {
            return Err(Error::new("a path to a contract needs a name"));
        };
        let key = self.namespace_key(parents)?;
        match self.lookup_export(&key, name, &mut Trail::default()) {
            Some(Entity::Decl(module, name)) => Ok((module, name)),
            Some(Entity::Whole(_)) => Err(Error::new(format!("`{shown}` is a namespace, not a type"))),
            Some(Entity::External(binding)) => Err(Error::new(format!(
                "`{shown}` is declared in another package, `{}`",
                binding.module
            ))),
            None => Err(self
                .export(path)
                .err()
                .unwrap_or_else(|| Error::new(format!("`{shown}` cannot be resolved")))),
        }
    }
}

pub(super) struct Reader<'p, 's> {
    pub rewriter: Rewriter<'p, 's>,
    pub path: Vec<String>,
    /// Whether the contract has type parameters, so that its members cannot be named by index.
    pub generic: bool,
}

/// What a base class contributes.
#[derive(Default)]
struct Gathered {
    methods: Vec<Method>,
    properties: Vec<Property>,
    constructor: Option<(Vec<Param>, Vec<Import>)>,
    unread: Vec<String>,
    /// The bases read so far, by module and name.
    seen: HashSet<(String, String)>,
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
                return Err(
                    Error::new(format!("`{shown}` is neither a class nor an interface"))
                        .in_file(module.path.clone()),
                );
            }
        };
        let broken = || Error::new(format!("`{shown}` cannot be read")).in_file(module.path.clone());
        let decl: Decl = module.decls.get(name).cloned().ok_or_else(broken)?;
        let node = module.node(&decl).ok_or_else(broken)?;
        let mut scope = Scope::new();
        bind_params(&node, &mut scope);
        self.generic = node.field("type_parameters").is_some();
        let mut gathered = Gathered::default();
        self.gather(module, &node, &scope, &mut gathered, 0)?;
        let generics = match node.field("type_parameters") {
            Some(list) => Some(
                self.generics(module, &list, &scope)
                    .map_err(|hidden| refusal(&hidden, &shown))?,
            ),
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
            bases: vec![],
            unread_bases: gathered.unread,
            file: module.path.clone(),
            span: decl.span,
        })
    }

    /// Adds the members of a class or interface, then those of its bases.
    fn gather(
        &mut self,
        module: &Rc<Module>,
        node: &Node<'_>,
        scope: &Scope,
        out: &mut Gathered,
        depth: usize,
    ) -> Result<()> {
        let Some(body) = node.field("body") else {
            return Ok(());
        };
        if let Some(at) = first_error(&body) {
            let position = line_col(module.file.tree().source(), at);
            return Err(
                Error::new(format!("`{}` cannot be read: syntax error", self.path.join(".")))
                    .at(module.path.clone(), position),
            );
        }
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
                m.name == group[0].name
                    && m.is_static == group[0].is_static
                    && m.accessor == group[0].accessor
            });
            let hidden_by_field = depth > 0
                && out
                    .properties
                    .iter()
                    .any(|property| property.name == group[0].name);
            if group[0].visibility != Visibility::Private && !known && !hidden_by_field {
                let method = self.method(module, &group, scope, is_interface)?;
                out.methods.push(method);
            }
        }
        self.bases(module, node, scope, out, depth)
    }

    fn bases(
        &mut self,
        module: &Rc<Module>,
        node: &Node<'_>,
        scope: &Scope,
        out: &mut Gathered,
        depth: usize,
    ) -> Result<()> {
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
            if !out.seen.insert((owner.key.clone(), local.clone())) {
                continue;
            }
            let Some(base) = owner.decls.get(&local).and_then(|decl| owner.node(decl)) else {
                continue;
            };
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
        let mut entity = package.lookup_local(module, path.first()?, &mut Trail::default())?;
        for name in &path[1..] {
            let key = match entity {
                Entity::Whole(key) => key,
                Entity::Decl(module, local) => format!("{}#{local}", module.key),
                Entity::External(_) => return None,
            };
            entity = package.lookup_export(&key, name, &mut Trail::default())?;
        }
        match entity {
            Entity::Decl(owner, local) => Some((owner, local)),
            _ => None,
        }
    }
}

fn same_member(a: &RawMethod<'_>, b: &RawMethod<'_>) -> bool {
    a.name == b.name && a.is_static == b.is_static && a.accessor == b.accessor
}

fn bind_params(node: &Node<'_>, scope: &mut Scope) {
    if let Some(list) = node.field("type_parameters") {
        bind_list(&list, scope);
    }
}

pub(super) fn refusal(hidden: &Hidden, contract: &str) -> Error {
    Error::new(format!(
        "the type `{}`, which `{contract}` needs, {}",
        hidden.name, hidden.why
    ))
    .in_file(hidden.file.clone())
    .help("export the type from the package, or leave this contract out")
}

/// Where the first syntax error outside of method bodies stands.
fn first_error(body: &Node<'_>) -> Option<usize> {
    let mut first = None;
    let mut stack = vec![body.clone()];
    while let Some(node) = stack.pop() {
        if node.is_error() || node.is_missing() {
            first = Some(first.map_or(node.range().start, |known: usize| known.min(node.range().start)));
        } else if has_errors(&node) && node.kind() != "statement_block" {
            stack.extend(node.children());
        }
    }
    first
}
