//! From a declaration to the path under which the package exports it.
//!
//! A breadth-first walk over namespaces: the shortest path wins, then the first in source order. Files that
//! export only their own declarations are not parsed.

use std::collections::{HashSet, VecDeque};

use crate::sources::ImportTarget;

use super::outline::Exports;
use super::package::{Entity, Id, Module, Package, Trail};

/// How deep namespaces may nest, and how many modules one search may visit.
const MAX_DEPTH: usize = 12;
const MAX_MODULES: usize = 4096;

/// What a search looks for.
pub(super) struct Wanted<'i> {
    /// Equivalent names: the declaration and every module that re-exports it. The name `*` is the module itself.
    pub ids: &'i [Id],
    /// Whether names that are re-exported under another name are followed to the end.
    pub deep: bool,
}

impl Package<'_> {
    /// The shortest public path to one of the wanted names, below the namespace `top` if one is given.
    pub(super) fn public_path(&self, top: Option<&str>, wanted: &Wanted<'_>) -> Option<Vec<String>> {
        let mut queue = VecDeque::new();
        let mut seen = HashSet::new();
        match top {
            Some(top) => {
                let key = self.namespace_key(&[top]).ok()?;
                queue.push_back((vec![top.to_owned()], key));
            }
            None => queue.push_back((vec![], self.resolver.entry.clone())),
        }
        if let Some((path, key)) = queue.front()
            && let Some(name) = name_in(wanted.ids, key)
        {
            return Some(with(path, name));
        }
        while let Some((path, key)) = queue.pop_front() {
            if path.len() > MAX_DEPTH || seen.len() > MAX_MODULES || !seen.insert(key.clone()) {
                continue;
            }
            if !self.re_exports(&key) {
                continue;
            }
            let Some(module) = self.module(&key) else { continue };
            if let Some(found) = self.search_module(&module, &path, wanted, &mut queue) {
                return Some(found);
            }
        }
        None
    }

    fn search_module(
        &self,
        module: &std::rc::Rc<Module>,
        path: &[String],
        wanted: &Wanted<'_>,
        queue: &mut VecDeque<(Vec<String>, String)>,
    ) -> Option<Vec<String>> {
        let mut whole = vec![];
        for exported in &module.exports {
            let (specifier, name) = match &exported.what {
                Exports::Local(local) if module.is_block(local) => {
                    whole.push((exported.name.clone(), format!("{}#{local}", module.key)));
                    continue;
                }
                Exports::Local(local) => match module.imports.get(local) {
                    Some(binding) => (&binding.module, binding.name.as_ref()),
                    None => continue,
                },
                Exports::From(specifier, name) => (specifier, Some(name)),
                Exports::Whole(specifier) => (specifier, None),
                Exports::Path(_) => {
                    match self.lookup_export(&module.key, &exported.name, &mut Trail::default()) {
                        Some(Entity::Whole(key)) => whole.push((exported.name.clone(), key)),
                        Some(entity) if wanted.deep && self.is_wanted(&entity, wanted) => {
                            return Some(with(path, &exported.name));
                        }
                        _ => {}
                    }
                    continue;
                }
            };
            let ImportTarget::File(file) = self.target(&module.path, specifier) else {
                continue;
            };
            let Some(name) = name else {
                whole.push((exported.name.clone(), file));
                continue;
            };
            if wanted
                .ids
                .iter()
                .any(|(key, wanted)| *key == file && wanted == name)
            {
                return Some(with(path, &exported.name));
            }
            if wanted.deep && self.re_exports(&file) {
                match self.lookup_export(&file, name, &mut Trail::default()) {
                    Some(Entity::Whole(key)) => whole.push((exported.name.clone(), key)),
                    Some(entity) if self.is_wanted(&entity, wanted) => {
                        return Some(with(path, &exported.name));
                    }
                    _ => {}
                }
            }
        }
        for star in &module.stars {
            if let ImportTarget::File(file) = self.target(&module.path, star) {
                match name_in(wanted.ids, &file) {
                    Some(name) if name != "default" => return Some(with(path, name)),
                    _ => queue.push_front((path.to_vec(), file)),
                }
            }
        }
        for (name, key) in whole {
            let path = with(path, &name);
            if wanted
                .ids
                .iter()
                .any(|(wanted, name)| *wanted == key && name == "*")
            {
                return Some(path);
            }
            match name_in(wanted.ids, &key) {
                Some(name) => return Some(with(&path, name)),
                None => queue.push_back((path, key)),
            }
        }
        None
    }

    fn is_wanted(&self, entity: &Entity, wanted: &Wanted<'_>) -> bool {
        match entity {
            Entity::Decl(module, local) => module.exported_as(local).any(|public| {
                wanted
                    .ids
                    .iter()
                    .any(|(key, name)| *key == module.key && name == public)
            }),
            _ => false,
        }
    }
}

fn name_in<'i>(ids: &'i [Id], key: &str) -> Option<&'i str> {
    ids.iter()
        .find(|(module, name)| module == key && name != "*")
        .map(|(_, n)| n.as_str())
}

fn with(path: &[String], name: &str) -> Vec<String> {
    let mut path = path.to_vec();
    path.push(name.to_owned());
    path
}
