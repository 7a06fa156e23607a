//! Contracts: the class or interface at a public path, with what it inherits, its types as written outside.

use std::collections::HashSet;
use std::rc::Rc;

use crate::class::Declared;
use crate::contract::{Contract, ContractKind, Import, Method, Param, Property, Visibility};
use crate::sources::{Alias, ExportKind};
use tenon_text::diag::{Error, Result, Span};

use super::names::Hidden;
use super::outline::{Content, Members, TypeParameter, segments};
use super::package::{Entity, Module, Package, Trail};
use super::parts::generic_parts;
use super::rewrite::{Rewriter, Scope};

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
        let declaration = module.declarations.get(&name).map(|known| &known.content);
        let Some(Content::Alias(parameters, value)) = declaration else {
            return Ok(None);
        };
        let top = if path.len() > 1 {
            path.first().copied()
        } else {
            None
        };
        let mut rewriter = Rewriter::new(self, top, HashSet::new());
        let ty = rewriter
            .rewrite(&module, value, &bound(parameters))
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
    /// How many levels of bases stand between the contract and what is read.
    depth: usize,
}

impl Reader<'_, '_> {
    fn contract(&mut self, module: &Rc<Module>, name: &str) -> Result<Contract> {
        let shown = self.path.join(".");
        let declaration = module.declarations.get(name);
        let kind = match declaration.map(|declaration| declaration.kind) {
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
        let (Some(declaration), Some(members)) = (declaration, module.members(name)) else {
            return Err(Error::new(format!("`{shown}` cannot be read")).in_file(module.path.clone()));
        };
        let scope = bound(&members.type_parameters);
        self.generic = members.class.generics.is_some();
        let mut gathered = Gathered::default();
        self.gather(
            module,
            members,
            kind == ContractKind::Interface,
            &scope,
            &mut gathered,
        )?;
        let generics = match &members.class.generics {
            Some(list) => Some(
                self.generics(module, list, &scope)
                    .map_err(|hidden| refusal(&hidden, &shown))?,
            ),
            None => None,
        };
        self.rewriter.take_imports();
        let (constructor, constructor_imports) = gathered.constructor.unzip();
        Ok(Contract {
            name: name.to_owned(),
            kind,
            doc: declaration.doc.clone(),
            generics,
            methods: gathered.methods,
            properties: gathered.properties,
            constructor,
            constructor_imports: constructor_imports.unwrap_or_default(),
            bases: vec![],
            unread_bases: gathered.unread,
            file: module.path.clone(),
            span: declaration.span,
        })
    }

    /// Adds the members of a class or interface, then those of its bases.
    fn gather(
        &mut self,
        module: &Rc<Module>,
        members: &Members,
        is_interface: bool,
        scope: &Scope,
        out: &mut Gathered,
    ) -> Result<()> {
        if let Some(at) = module.error {
            let package = self.rewriter.package;
            return Err(package.unreadable(&self.path.join("."), &module.path, at));
        }
        let class = &members.class;
        let in_constructor = |span: Span| {
            let mut constructors = class.methods.iter().filter(|method| method.name == "constructor");
            constructors.any(|method| method.span.start <= span.start && span.end <= method.span.end)
        };
        for field in &class.fields {
            let is_known = out.properties.iter().any(|known| known.name == field.name);
            // A constructor's parameter asks for nothing that a field would.
            if field.visibility != Visibility::Private && !is_known && !in_constructor(field.span) {
                let property = self.property(module, field, scope, is_interface)?;
                out.properties.push(property);
            }
        }
        let mut groups: Vec<Vec<&Declared>> = vec![];
        for method in &class.methods {
            match groups.iter_mut().find(|group| same_member(group[0], method)) {
                Some(group) => group.push(method),
                None => groups.push(vec![method]),
            }
        }
        for group in groups {
            if group[0].name == "constructor" && !is_interface {
                if out.constructor.is_none() {
                    out.constructor = Some(self.constructor(module, group[0], scope)?);
                }
                continue;
            }
            let known = out.methods.iter().any(|m| {
                m.name == group[0].name
                    && m.is_static == group[0].is_static
                    && m.accessor == group[0].accessor
            });
            let hidden_by_field = out.depth > 0
                && out
                    .properties
                    .iter()
                    .any(|property| property.name == group[0].name);
            if group[0].visibility != Visibility::Private && !known && !hidden_by_field {
                let method = self.method(module, &group, scope, is_interface)?;
                out.methods.push(method);
            }
        }
        out.depth += 1;
        self.bases(module, members, scope, out)?;
        out.depth -= 1;
        Ok(())
    }

    fn bases(
        &mut self,
        module: &Rc<Module>,
        members: &Members,
        scope: &Scope,
        out: &mut Gathered,
    ) -> Result<()> {
        for (name, args) in &members.bases {
            if out.depth > MAX_BASES {
                continue;
            }
            let Some((owner, local)) = self.base(module, &segments(name)) else {
                if !matches!(name.as_str(), "Object" | "Error") && !out.unread.contains(name) {
                    out.unread.push(name.clone());
                }
                continue;
            };
            if !out.seen.insert((owner.key.clone(), local.clone())) {
                continue;
            }
            let Some(base) = owner.members(&local) else {
                continue;
            };
            let mut texts = vec![];
            for arg in args {
                let text = self.rewriter.rewrite(module, arg, scope);
                texts.push(text.map_err(|hidden| refusal(&hidden, &self.path.join(".")))?);
            }
            let bound = self.rewriter.alias_scope(&owner, &base.type_parameters, texts);
            let bound = bound.map_err(|hidden| refusal(&hidden, &self.path.join(".")))?;
            let kind = owner.declarations.get(&local).map(|known| known.kind);
            self.gather(&owner, base, kind == Some(ExportKind::Interface), &bound, out)?;
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

fn same_member(a: &Declared, b: &Declared) -> bool {
    a.name == b.name && a.is_static == b.is_static && a.accessor == b.accessor
}

/// A scope in which the names of `parameters` stand for themselves.
fn bound(parameters: &[TypeParameter]) -> Scope {
    parameters
        .iter()
        .map(|parameter| (parameter.name.clone(), None))
        .collect()
}

pub(super) fn refusal(hidden: &Hidden, contract: &str) -> Error {
    Error::new(format!(
        "the type `{}`, which `{contract}` needs, {}",
        hidden.name, hidden.why
    ))
    .in_file(hidden.file.clone())
    .help("export the type from the package, or leave this contract out")
}
