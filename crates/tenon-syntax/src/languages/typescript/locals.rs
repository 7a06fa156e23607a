//! The imports that rewritten types need, each under a name of its own.

use std::collections::HashSet;

use crate::contract::{Import, ImportKind};

use super::outline::Binding;

/// Imports collected for one contract.
pub(super) struct Locals {
    reserved: HashSet<String>,
    imports: Vec<Import>,
    used: Vec<usize>,
}

impl Locals {
    /// Imports whose local names are none of `reserved`.
    pub fn new(reserved: HashSet<String>) -> Self {
        Self {
            reserved,
            imports: vec![],
            used: vec![],
        }
    }

    /// All local names given so far.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.imports.iter().map(Import::local)
    }

    /// The imports used since the last call, in order of first use.
    pub fn take(&mut self) -> Vec<Import> {
        std::mem::take(&mut self.used)
            .into_iter()
            .map(|at| self.imports[at].clone())
            .collect()
    }

    /// A path of the package `specifier` as it is written outside.
    pub fn public(&mut self, specifier: &str, path: &[String]) -> String {
        let Some((first, rest)) = path.split_first() else {
            return String::new();
        };
        let local = if first == "default" {
            let name = camel(specifier);
            self.bind(
                Import {
                    kind: ImportKind::Default,
                    ..Import::named(specifier, name)
                },
                None,
            )
        } else {
            self.bind(Import::named(specifier, first), None)
        };
        joined(&local, rest)
    }

    /// A name of another package, which the file that uses it calls `local`.
    pub fn external(&mut self, binding: &Binding, local: &str, rest: &[String]) -> String {
        let (kind, name) = match binding.name.as_deref() {
            Some("default") => (ImportKind::Default, local),
            Some(name) => (ImportKind::Named, name),
            None => (ImportKind::Namespace, local),
        };
        let import = Import {
            kind,
            type_only: binding.type_only,
            ..Import::named(&binding.module, name)
        };
        let local = self.bind(import, Some(local));
        joined(&local, rest)
    }

    fn bind(&mut self, mut wanted: Import, hint: Option<&str>) -> String {
        let same = |import: &Import| {
            import.module == wanted.module
                && import.kind == wanted.kind
                && (import.name == wanted.name || wanted.kind != ImportKind::Named)
        };
        let at = match self.imports.iter().position(same) {
            Some(at) => at,
            None => {
                let local = self.free_name(&wanted, hint);
                if wanted.kind != ImportKind::Named {
                    wanted.name = local;
                } else if local != wanted.name {
                    wanted.alias = Some(local);
                }
                self.imports.push(wanted);
                self.imports.len() - 1
            }
        };
        if !self.used.contains(&at) {
            self.used.push(at);
        }
        self.imports[at].local().to_owned()
    }

    fn free_name(&self, wanted: &Import, hint: Option<&str>) -> String {
        let is_free = |name: &str| !self.reserved.contains(name) && self.names().all(|known| known != name);
        let qualified = format!("{}{}", pascal(&wanted.module), pascal(&wanted.name));
        let candidates = [
            Some(wanted.name.clone()),
            hint.map(str::to_owned),
            Some(qualified.clone()),
        ];
        if let Some(name) = candidates.into_iter().flatten().find(|name| is_free(name)) {
            return name;
        }
        (2..)
            .map(|count| format!("{qualified}{count}"))
            .find(|name| is_free(name))
            .unwrap_or(qualified)
    }
}

fn joined(local: &str, rest: &[String]) -> String {
    if rest.is_empty() {
        local.to_owned()
    } else {
        format!("{local}.{}", rest.join("."))
    }
}

/// The last word of a module name in `PascalCase`.
fn pascal(module: &str) -> String {
    let last = module
        .rsplit('/')
        .find(|part| part.chars().any(char::is_alphanumeric))
        .unwrap_or("Module");
    last.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
        })
        .collect()
}

/// The last word of a module name in `camelCase`.
fn camel(module: &str) -> String {
    let name = pascal(module);
    let mut chars = name.chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
