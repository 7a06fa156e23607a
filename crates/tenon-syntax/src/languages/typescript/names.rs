//! From a name in a file of the package to what it means outside.

use std::rc::Rc;

use crate::sources::{ExportKind, ImportTarget};

use super::outline::Binding;
use super::package::{Entity, Id, Module, Package, Trail};
use super::public::Wanted;

/// What a dotted name stands for.
#[derive(Clone)]
pub(super) enum Resolved {
    /// Nothing the package declares or imports.
    Global,
    /// A path from the entry.
    Public(Vec<String>),
    /// A name of another package, and the members behind it.
    External(Binding, Vec<String>),
    /// A declaration without a public path.
    Hidden(Rc<Module>, String),
}

/// How far a dotted name has been followed.
enum Step {
    Whole(String),
    Pending(String, String),
    Decl(Rc<Module>, String),
    External(Binding),
}

impl Package<'_> {
    /// What `path`, written in `module`, stands for. Names below the namespace `top` are preferred.
    pub(super) fn resolve_name(
        &self,
        module: &Rc<Module>,
        path: &[String],
        top: Option<&str>,
    ) -> Result<Resolved, Hidden> {
        let Some((first, rest)) = path.split_first() else {
            return Ok(Resolved::Global);
        };
        let lost = || hidden(path, &module.path, "cannot be resolved");
        let step = if module.declarations.contains_key(first) {
            Step::Decl(Rc::clone(module), first.clone())
        } else if let Some(binding) = module.imports.get(first) {
            match (self.target(&module.path, &binding.module), &binding.name) {
                (ImportTarget::File(file), Some(name)) => Step::Pending(file, name.clone()),
                (ImportTarget::File(file), None) => Step::Whole(file),
                (ImportTarget::Missing, _) => return Err(lost()),
                _ => Step::External(binding.clone()),
            }
        } else {
            match self.lookup_local(module, first, &mut Trail::default()) {
                Some(Entity::Decl(owner, name)) => Step::Decl(owner, name),
                Some(Entity::Whole(key)) => Step::Whole(key),
                Some(Entity::External(binding)) => Step::External(binding),
                None => return Ok(Resolved::Global),
            }
        };
        self.walk(step, rest, top).ok_or_else(lost)
    }

    /// What `rest` of the module `specifier` stands for, as in `import('./a').B`.
    pub(super) fn resolve_import(
        &self,
        module: &Rc<Module>,
        specifier: &str,
        rest: &[String],
        top: Option<&str>,
    ) -> Result<Resolved, Hidden> {
        let lost = || hidden(rest, &module.path, "cannot be resolved");
        match self.target(&module.path, specifier) {
            ImportTarget::File(file) => self.walk(Step::Whole(file), rest, top).ok_or_else(lost),
            ImportTarget::Missing => Err(lost()),
            _ => Ok(Resolved::Global),
        }
    }

    /// Follows the members `rest` of what a name stands for.
    fn walk(&self, mut step: Step, mut rest: &[String], top: Option<&str>) -> Option<Resolved> {
        // The public path along which the name was written, if it started at a public namespace.
        let mut written = match &step {
            Step::Whole(key) => self.namespace_path(key),
            Step::Pending(key, name) => self.namespace_path(key).map(|path| below(&path, name)),
            _ => None,
        };
        while let Some((next, others)) = rest.split_first() {
            step = match step {
                Step::Whole(key) => {
                    written = written.map(|path| below(&path, next));
                    rest = others;
                    Step::Pending(key, next.clone())
                }
                Step::Pending(key, name) => match self.lookup_export(&key, &name, &mut Trail::default())? {
                    Entity::Whole(key) => {
                        written = written.or_else(|| self.namespace_path(&key));
                        Step::Whole(key)
                    }
                    Entity::External(binding) => Step::External(binding),
                    Entity::Decl(module, local) if module.is_block(&local) => {
                        Step::Whole(format!("{}#{local}", module.key))
                    }
                    // Members of an enum or class stay behind its name.
                    Entity::Decl(..) => {
                        step = Step::Pending(key, name);
                        break;
                    }
                },
                Step::Decl(module, local) if module.is_block(&local) => {
                    Step::Whole(format!("{}#{local}", module.key))
                }
                other => {
                    step = other;
                    break;
                }
            };
        }
        self.settle(step, rest, written, top)
    }

    /// Where a name that was followed as far as needed is public.
    fn settle(
        &self,
        step: Step,
        rest: &[String],
        written: Option<Vec<String>>,
        top: Option<&str>,
    ) -> Option<Resolved> {
        let public =
            |path: Vec<String>| Resolved::Public(path.into_iter().chain(rest.iter().cloned()).collect());
        match step {
            Step::External(binding) => Some(Resolved::External(binding, rest.to_vec())),
            Step::Whole(key) => {
                let ids = [(key, "*".to_owned())];
                let found = written.or_else(|| self.find(&ids, top, false));
                // The entry itself has no name.
                found
                    .or_else(|| self.find(&ids, None, false))
                    .filter(|path| !path.is_empty())
                    .map(public)
            }
            Step::Decl(module, local) => {
                let exported = module.exported_as(&local);
                let ids: Vec<Id> = exported
                    .map(|name| (module.key.clone(), name.to_owned()))
                    .collect();
                let found = self.find(&ids, top, false).or_else(|| self.find(&ids, top, true));
                // An alias beside its contract is written out rather than looked for in the whole package.
                let is_alias = module
                    .declarations
                    .get(&local)
                    .is_some_and(|decl| decl.kind == ExportKind::TypeAlias);
                let found = if found.is_some() || (is_alias && top.is_some()) {
                    found
                } else {
                    self.find(&ids, None, false)
                        .or_else(|| self.find(&ids, None, true))
                };
                Some(found.map_or(Resolved::Hidden(module, local), public))
            }
            Step::Pending(key, name) => {
                if let (Some(path), Some(top)) = (&written, top)
                    && path.first().is_some_and(|first| first == top)
                {
                    return Some(public(path.clone()));
                }
                let id = [(key.clone(), name.clone())];
                if let Some(found) = self.find(&id, top, false).or(written) {
                    return Some(public(found));
                }
                let mut trail = Trail::default();
                let entity = self.lookup_export(&key, &name, &mut trail)?;
                let found = self
                    .find(&trail.ids, top, true)
                    .or_else(|| self.find(&id, None, false));
                match (found.or_else(|| self.find(&trail.ids, None, true)), entity) {
                    (Some(found), _) => Some(public(found)),
                    (None, Entity::External(binding)) => Some(Resolved::External(binding, rest.to_vec())),
                    (None, Entity::Decl(module, local)) => Some(Resolved::Hidden(module, local)),
                    (None, Entity::Whole(_)) => None,
                }
            }
        }
    }

    /// The public path of a module, if it is the entry or one of its namespaces.
    fn namespace_path(&self, key: &str) -> Option<Vec<String>> {
        if key == self.resolver.entry {
            return Some(vec![]);
        }
        self.tops().get(key).map(|top| vec![top.clone()])
    }

    fn find(&self, ids: &[Id], top: Option<&str>, deep: bool) -> Option<Vec<String>> {
        if ids.is_empty() {
            return None;
        }
        self.public_path(top, &Wanted { ids, deep })
    }
}

fn below(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// A type that cannot be named from outside.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    pub name: String,
    pub file: String,
    pub why: &'static str,
}

/// That the type at `path`, which `file` names, is hidden.
pub(super) fn hidden(path: &[String], file: &str, why: &'static str) -> Hidden {
    Hidden {
        name: path.join("."),
        file: file.to_owned(),
        why,
    }
}
