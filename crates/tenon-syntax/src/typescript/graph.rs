//! What checks ask of the sources of one package: where a name comes from, what a file exports, which class that
//! is. Positions are those of the files; nothing is rewritten.

use std::rc::Rc;
use std::sync::LazyLock;

use memchr::memmem;

use crate::class::{Class, Declared};
use crate::contract::{Contract, Method};
use crate::sources::{Against, Alias, Export, ExportKind, Leads, Origin, Sources, Used};
use crate::tree::{Node, Tree};
use tenon_text::diag::{Result, Span};
use tenon_text::names::unquoted;

use super::declare::class_of;
use super::fit;
use super::module::Module;
use super::package::{Entity, Package, Trail, is_block};
use super::resolve::Target;

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

    fn alias_of(&self, path: &[&str]) -> Result<Option<Alias>> {
        self.alias_of(path)
    }

    fn misfit(
        &self,
        path: &str,
        own: &Declared,
        method: &Method,
        against: &Against<'_>,
    ) -> Option<(Span, String)> {
        fit::misfit(self, path, own, method, against)
    }

    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        self.module(path).map(|module| Rc::clone(module.file.tree()))
    }

    fn error(&self, path: &str) -> Option<Span> {
        self.module(path)?.file.error()
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        let module = self.module(path)?;
        let exported = module.exports.iter().find(|export| export.name == name);
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
                let decl = module.decls.get(&local)?;
                out.kind = decl.kind;
                out.file.clone_from(&module.path);
                out.span = decl.span;
                out.local = local;
            }
            Some(Entity::Whole(file)) => {
                out.kind = ExportKind::Namespace;
                out.file = file;
            }
            Some(Entity::External(_)) => {}
            // Written there, and leads nowhere.
            None => {
                exported?;
                out.local = String::new();
            }
        }
        Some(out)
    }

    fn export_statement(&self, path: &str, name: &str) -> Option<Span> {
        let module = self.module(path)?;
        module
            .exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| export.span)
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        self.module(path)
            .map(|module| module.exports.iter().map(|export| export.name.clone()).collect())
            .unwrap_or_default()
    }

    fn origin(&self, path: &str, name: &str) -> Origin {
        Origin::clone(&self.known_origin(path, name))
    }

    fn leads(&self, path: &str, specifier: &str) -> Leads {
        match self.target(path, specifier) {
            Target::File(file) => Leads::File(file),
            Target::External => Leads::Outside,
            Target::Missing => Leads::Nowhere,
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        let module = self.module(path)?;
        if let Some(known) = module.classes.borrow().get(local) {
            return known.clone();
        }
        let decl = module.decls.get(local);
        let class = decl.and_then(|decl| class_at(&module.node(decl)?)).map(Rc::new);
        let mut classes = module.classes.borrow_mut();
        classes.insert(local.to_owned(), class.clone());
        class
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let Some(module) = self.module(path) else {
            return vec![];
        };
        module.used.get_or_init(|| used(&module)).clone()
    }
}

/// The class that `node` declares.
fn class_at(node: &Node<'_>) -> Option<Class> {
    let body = node.field("body")?;
    matches!(
        &*node.kind(),
        "class_declaration" | "abstract_class_declaration" | "class"
    )
    .then(|| class_of(node, &body))
}

/// The modules that a file uses.
fn used(module: &Module) -> Vec<Used> {
    let mut out = Vec::new();
    collect(&module.file.tree().root(), &mut out);
    for masked in &module.file.masked {
        if let Some(at) = module.file.tree().source().find(&masked.name) {
            out.push(Used {
                names: vec![],
                specifier: masked.specifier.clone(),
                span: Span::new(at, at + masked.name.len()),
            });
        }
    }
    out
}

impl Package<'_> {
    /// What `name` stands for in the file at `path`; found out once.
    pub(super) fn known_origin(&self, path: &str, name: &str) -> Rc<Origin> {
        match self.module(path) {
            Some(module) => self.origin_in(&module, name),
            None => Rc::new(Origin::Unknown),
        }
    }

    /// What `name` stands for in `module`. What another package declares is the same in every file that says the same.
    pub(super) fn origin_in(&self, module: &Rc<Module>, name: &str) -> Rc<Origin> {
        if let Some(known) = module.outside.borrow().get(name)
            && let Origin::Outside { module, .. } = &**known
            && self.resolver.is_elsewhere(module)
        {
            return Rc::clone(known);
        }
        let path = module.key.as_str();
        if let Some(known) = self.origins.borrow().get(path).and_then(|of| of.get(name)) {
            return Rc::clone(known);
        }
        let names: Vec<String> = name.split('.').map(|part| part.trim().to_owned()).collect();
        let origin = Rc::new(self.origin_of(module, &names).unwrap_or(Origin::Unknown));
        let first = names.first().and_then(|first| module.imports.get(first));
        if let Some(binding) = first
            && self.resolver.is_elsewhere(&binding.module)
            && !module.key.contains('#')
            && !module.decls.contains_key(&names[0])
            && !module.paths.contains_key(&names[0])
        {
            let mut outside = module.outside.borrow_mut();
            outside.insert(name.to_owned(), Rc::clone(&origin));
            return origin;
        }
        let mut origins = self.origins.borrow_mut();
        let of = origins.entry(path.to_owned()).or_default();
        of.insert(name.to_owned(), Rc::clone(&origin));
        origin
    }

    fn origin_of(&self, module: &Rc<Module>, names: &[String]) -> Option<Origin> {
        let (first, rest) = names.split_first()?;
        let mut entity = self.lookup_local(module, first, &mut Trail::default())?;
        for (at, name) in rest.iter().enumerate() {
            let key = match entity {
                Entity::Whole(key) => key,
                Entity::Decl(module, local) if module.decls.get(&local).is_some_and(is_block) => {
                    format!("{}#{local}", module.key)
                }
                Entity::Decl(..) => return None,
                Entity::External(binding) => {
                    let path = binding.name.into_iter().chain(rest[at..].iter().cloned());
                    return Some(Origin::Outside {
                        module: binding.module,
                        path: path.collect(),
                    });
                }
            };
            entity = self.exported(&key, name)?;
        }
        Some(match entity {
            Entity::Decl(module, local) => {
                let decl = module.decls.get(&local)?;
                Origin::Declared {
                    file: module.path.clone(),
                    kind: decl.kind,
                    span: decl.span,
                    local,
                }
            }
            Entity::Whole(file) => Origin::Module(file),
            Entity::External(binding) => Origin::Outside {
                module: binding.module,
                path: binding.name.into_iter().collect(),
            },
        })
    }
}

fn collect(root: &Node<'_>, out: &mut Vec<Used>) {
    for node in root.dfs() {
        let literal = match &*node.kind() {
            "import_statement" | "export_statement" => node.field("source"),
            "call_expression" => {
                let callee = node.field("function");
                let named = callee.is_some_and(|callee| matches!(&*callee.text(), "import" | "require"));
                let first = node
                    .field("arguments")
                    .and_then(|list| list.named_children().next());
                first.filter(|first| named && first.kind() == "string")
            }
            _ => None,
        };
        if let Some(literal) = literal {
            out.push(Used {
                names: vec![],
                specifier: unquoted(&literal.text()).to_owned(),
                span: literal.range().into(),
            });
        }
    }
}

/// Every text that could be the name of a module in `source`, without parsing it: all modules that it names, and
/// perhaps more. What is suspicious among them is worth a parse.
pub fn module_candidates(source: &str) -> impl Iterator<Item = &str> {
    static WORDS: LazyLock<[memmem::Finder<'static>; 3]> =
        LazyLock::new(|| ["from", "import", "require"].map(memmem::Finder::new));
    WORDS.iter().flat_map(move |word| {
        word.find_iter(source.as_bytes()).filter_map(move |at| {
            let rest = source[at + word.needle().len()..].trim_start_matches([' ', '\t', '\r', '\n', '(']);
            let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'))?;
            let (name, _) = rest[1..].split_once(quote)?;
            (!name.contains('\n')).then_some(name)
        })
    })
}

/// The package that a module name belongs to: `@a/b` of `@a/b/c`, `x` of `x/y`; nothing for a path, and nothing for
/// what the runtime itself has.
pub fn package_of(specifier: &str) -> Option<&str> {
    if specifier.is_empty() || specifier.starts_with(['.', '/', '#']) || specifier.starts_with("node:") {
        return None;
    }
    let mut ends = specifier.match_indices('/').map(|(at, _)| at);
    let end = if specifier.starts_with('@') {
        ends.nth(1)
    } else {
        ends.next()
    };
    let name = &specifier[..end.unwrap_or(specifier.len())];
    BUILT_IN.binary_search(&name).is_err().then_some(name)
}

/// Modules of Node.js itself that may be named without `node:` (`module.builtinModules` of Node.js 22).
const BUILT_IN: [&str; 41] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
];

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
            package.origin(&service.file, &base.name),
            Origin::Outside {
                module: "@f/modules".into(),
                path: vec!["Tickets".into(), "Service".into()]
            }
        );
        assert_eq!(
            package.origin(&service.file, "X.Y"),
            Origin::Outside {
                module: "x".into(),
                path: vec!["Y".into()]
            }
        );
        assert_eq!(package.origin(&service.file, "Promise"), Origin::Unknown);
        assert_eq!(package.export_of("p/index.ts", "B").unwrap().local, "");
        assert!(package.export_of("p/index.ts", "C").is_none());
        assert_eq!(package.leads("p/index.ts", "./none"), Leads::Nowhere);
    }

    #[test]
    fn built_in_modules_can_be_searched() {
        assert!(BUILT_IN.is_sorted());
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
        let candidates: Vec<&str> = module_candidates(text).collect();
        assert!(
            used.iter().all(|used| candidates.contains(&used.as_str())),
            "{candidates:?}"
        );
        let packages: Vec<Option<&str>> = used.iter().map(|used| package_of(used)).collect();
        assert_eq!(
            packages,
            [Some("a"), Some("b"), None, Some("d"), Some("@e/f"), Some("h")]
        );
        assert_eq!(package_of("fs/promises"), None);
    }
}
