//! What checks ask of the sources of one package: where a name comes from, what a file exports, which class that
//! is. Positions are those of the files; nothing is rewritten.

use std::rc::Rc;

use nodejs_built_in_modules::is_nodejs_builtin_module;
use serde_json::Value;

use crate::class::{Class, Declared};
use crate::contract::{Contract, Method};
use crate::sources::{Against, Alias, Definition, Export, ExportKind, ImportTarget, Mismatch, Sources, Used};
use crate::tree::Tree;
use tenon_text::diag::{Result, Span};

use super::entity;
use super::fit;
use super::outline::Exports;
use super::package::{Entity, Module, Package, Trail};

impl Sources for Package<'_> {
    fn exports(&self, path: &[&str]) -> Result<Vec<Export>> {
        self.exports(path)
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        self.export(path)
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        self.contract(path)
    }

    fn entity(&self, path: &[&str], namespace: &[&str], others: Option<&[Export]>) -> Result<Value> {
        entity::entity(self, &self.contract(path)?, namespace, others)
    }

    fn alias_of(&self, path: &[&str]) -> Result<Option<Alias>> {
        self.alias_of(path)
    }

    fn signature_mismatch(
        &self,
        path: &str,
        own: &Declared,
        method: &Method,
        against: &Against<'_>,
    ) -> Option<Mismatch> {
        fit::signature_mismatch(self, path, own, method, against)
    }

    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        self.syntax_tree(path)
    }

    fn error(&self, path: &str) -> Option<Span> {
        self.module(path)?.error
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        let module = self.module(path)?;
        let exported = module.exported(name);
        let entity = self.exported(path, name);
        let mut out = Export {
            name: name.to_owned(),
            kind: ExportKind::Unknown,
            file: path.to_owned(),
            local: name.to_owned(),
            span: exported.map(|export| export.span).unwrap_or_default(),
            doc: vec![],
        };
        match entity {
            Some(Entity::Decl(module, local)) => {
                let decl = module.declarations.get(&local)?;
                out.kind = decl.kind;
                out.file.clone_from(&module.path);
                out.span = decl.span;
                out.local = local;
            }
            Some(Entity::Whole(file)) => {
                out.kind = ExportKind::Namespace;
                out.file = file;
                out.span = Span::default();
            }
            Some(Entity::External(_)) => {}
            // Written there, and leads nowhere; or to a file that is broken, of which that is not known.
            None => {
                // What is inside of something that another package has, is that package's.
                let is_outside = match &exported?.what {
                    Exports::Path(path) => path.first().is_some_and(|first| {
                        let first = self.lookup_local(&module, first, &mut Trail::default());
                        matches!(first, Some(Entity::External(_)))
                    }),
                    _ => false,
                };
                if self.broken().is_none() && !is_outside {
                    out.local = String::new();
                }
            }
        }
        Some(out)
    }

    fn export_statement(&self, path: &str, name: &str) -> Option<Span> {
        let module = self.module(path)?;
        module.exported(name).map(|export| export.span)
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        self.module(path)
            .map(|module| module.exports.iter().map(|export| export.name.clone()).collect())
            .unwrap_or_default()
    }

    fn own_statements(&self, path: &str) -> Vec<(String, Span)> {
        let Some(module) = self.module(path) else {
            return vec![];
        };
        let exports = module.exports.iter();
        exports.map(|export| (export.name.clone(), export.span)).collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let module = self.module(path);
        module.map_or(Definition::Unknown, |module| self.definition_in(&module, name))
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        self.target(path, specifier)
    }

    fn is_no_package(&self, path: &str, specifier: &str) -> bool {
        self.target(path, specifier) != ImportTarget::Package
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        let module = self.module(path)?;
        let kind = module.declarations.get(local)?.kind;
        if !matches!(kind, ExportKind::Class | ExportKind::AbstractClass) {
            return None;
        }
        module.members(local).map(|members| Rc::clone(&members.class))
    }

    fn used(&self, path: &str) -> Vec<Used> {
        self.module(path)
            .map(|module| module.used.clone())
            .unwrap_or_default()
    }
}

impl Package<'_> {
    /// What `name`, which may be a path of names, stands for in `module`.
    pub(super) fn definition_in(&self, module: &Rc<Module>, name: &str) -> Definition {
        let names: Vec<String> = name.split('.').map(|part| part.trim().to_owned()).collect();
        self.definition_of(module, &names).unwrap_or(Definition::Unknown)
    }

    fn definition_of(&self, module: &Rc<Module>, names: &[String]) -> Option<Definition> {
        let (first, rest) = names.split_first()?;
        let mut entity = self.lookup_local(module, first, &mut Trail::default())?;
        for (at, name) in rest.iter().enumerate() {
            let key = match entity {
                Entity::Whole(key) => key,
                Entity::Decl(module, local) if module.is_block(&local) => {
                    format!("{}#{local}", module.key)
                }
                Entity::Decl(..) => return None,
                Entity::External(binding) => {
                    let path = binding.name.into_iter().chain(rest[at..].iter().cloned());
                    return Some(Definition::Outside {
                        module: binding.module,
                        path: path.collect(),
                    });
                }
            };
            entity = self.exported(&key, name)?;
        }
        Some(match entity {
            Entity::Decl(module, local) => {
                let decl = module.declarations.get(&local)?;
                Definition::Declared {
                    file: module.path.clone(),
                    kind: decl.kind,
                    span: decl.span,
                    local,
                }
            }
            Entity::Whole(file) => Definition::Module(file),
            Entity::External(binding) => Definition::Outside {
                module: binding.module,
                path: binding.name.into_iter().collect(),
            },
        })
    }
}

/// The package that a module name belongs to: `@a/b` of `@a/b/c`, `x` of `x/y`; nothing for a path, and nothing for
/// what the runtime itself has.
pub fn package_of(specifier: &str) -> Option<&str> {
    let is_path = specifier.is_empty() || specifier.starts_with(['.', '/', '#']);
    if is_path || specifier.starts_with("node:") || is_nodejs_builtin_module(specifier) {
        return None;
    }
    Some(package_root(specifier))
}

/// `@a/b` of `@a/b/c`, `x` of `x/y`.
pub fn package_root(specifier: &str) -> &str {
    let mut ends = specifier.match_indices('/').map(|(at, _)| at);
    let end = if specifier.starts_with('@') {
        ends.nth(1)
    } else {
        ends.next()
    };
    &specifier[..end.unwrap_or(specifier.len())]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::Source;

    struct Files(BTreeMap<String, Arc<str>>);

    impl Source for Files {
        fn text(&self, path: &str) -> Option<Arc<str>> {
            self.0.get(path).cloned()
        }
    }

    fn files(all: &[(&str, &str)]) -> Files {
        Files(
            all.iter()
                .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)))
                .collect(),
        )
    }

    #[test]
    fn a_class_is_found_through_re_exports_and_its_base_in_another_package() {
        let files = files(&[
            (
                "p/index.ts",
                "export { AService as Service } from './a.service';\nexport { B } from './none';\n",
            ),
            (
                "p/a.service.ts",
                "import { Tickets as T } from '@f/modules';\nimport * as X from 'x';\n@Injectable()\nexport class AService extends T.Service { run(): void {} }\n",
            ),
        ]);
        let package = Package::new(&files, "p/index.ts", "p", &[]);
        let service = package.export_of("p/index.ts", "Service").unwrap();
        assert_eq!(
            (service.file.as_str(), service.local.as_str()),
            ("p/a.service.ts", "AService")
        );
        assert_eq!(service.kind, ExportKind::Class);
        let class = package.class(&service.file, &service.local).unwrap();
        assert_eq!(class.decorators, ["@Injectable()"]);
        let base = class.extends.clone().unwrap();
        assert_eq!(
            package.definition(&service.file, &base.name),
            Definition::Outside {
                module: "@f/modules".into(),
                path: vec!["Tickets".into(), "Service".into()]
            }
        );
        assert_eq!(
            package.definition(&service.file, "X.Y"),
            Definition::Outside {
                module: "x".into(),
                path: vec!["Y".into()]
            }
        );
        assert_eq!(package.definition(&service.file, "Promise"), Definition::Unknown);
        assert_eq!(package.export_of("p/index.ts", "B").unwrap().local, "");
        assert!(package.export_of("p/index.ts", "C").is_none());
        assert_eq!(
            package.import_target("p/index.ts", "./none"),
            ImportTarget::Missing
        );
    }

    #[test]
    fn every_way_to_name_a_module_is_seen() {
        let text = "import a from 'a';\nimport 'b/side';\nexport * from \"./c\";\nconst d = require('d');\nconst e = await import('@e/f/g');\ntype T = import('h').T;\n// from 'not'\n";
        let files = files(&[("p.ts", text)]);
        let package = Package::new(&files, "p.ts", "p", &[]);
        let used: Vec<String> = package
            .used("p.ts")
            .into_iter()
            .map(|used| used.specifier)
            .collect();
        assert_eq!(used, ["a", "b/side", "./c", "d", "@e/f/g", "h"]);
        let packages: Vec<Option<&str>> = used.iter().map(|used| package_of(used)).collect();
        assert_eq!(
            packages,
            [Some("a"), Some("b"), None, Some("d"), Some("@e/f"), Some("h")]
        );
        for built_in in ["fs/promises", "zlib", "node:test", "util"] {
            assert_eq!(package_of(built_in), None, "{built_in}");
        }
    }
}
