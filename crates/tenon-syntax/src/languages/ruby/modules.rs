//! The files of a Ruby program, as names are followed through them: from a constant to the file that declares it, by what a file loads
//! and by where constants stand by convention (`Shop::Gateways::Acme` in `lib/shop/gateways/acme.rb`).

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::Source;
use crate::class::{Class, Declared};
use crate::contract::{Contract, ContractKind, Method, Param, Property};
use crate::sources::{Against, Definition, Export, ExportKind, ImportTarget, Mismatch, Sources, Used};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result, Span};
use tenon_text::names::in_case;

use super::class::{self, Declaration, full};
use super::fit;
use super::grammar::GRAMMAR;
use super::requires::{self, Loader};

/// How many classes may be built on each other.
const MAX_DEPTH: usize = 24;
/// How many files that a file loads are looked through for a constant.
const MAX_LOADED: usize = 64;

/// The files of a host, and of the package that is entered by one of them.
pub struct Modules<'s> {
    source: &'s dyn Source,
    entry: String,
    files: RefCell<HashMap<String, Option<Rc<File>>>>,
    roots: OnceCell<Vec<String>>,
}

/// A file, read once.
struct File {
    tree: Rc<Tree>,
    declared: Vec<Declaration>,
    loaded: Vec<requires::Statement>,
}

impl<'s> Modules<'s> {
    /// The files of `source`; those of a package, if `entry` is the file by which it is entered.
    pub fn new(source: &'s dyn Source, entry: &str) -> Self {
        Self {
            source,
            entry: entry.to_owned(),
            files: RefCell::default(),
            roots: OnceCell::new(),
        }
    }

    fn file(&self, path: &str) -> Option<Rc<File>> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let file = self.source.text(path).map(|text| {
            let tree = GRAMMAR.parse(&text);
            Rc::new(File {
                declared: class::all(&tree),
                loaded: requires::all(&tree),
                tree: Rc::new(tree),
            })
        });
        self.files.borrow_mut().insert(path.to_owned(), file.clone());
        file
    }

    /// The directories that may be on the load path, with a slash at the end: `lib/` of the host and of the packages in it, and those of `app/`.
    fn roots(&self) -> &[String] {
        self.roots.get_or_init(|| {
            let mut out = vec!["lib/".to_owned()];
            let below = |dir: &str| -> Vec<String> {
                self.source
                    .names(dir)
                    .into_iter()
                    .filter(|name| !name.contains('.'))
                    .collect()
            };
            out.extend(below("app").into_iter().map(|name| format!("app/{name}/")));
            out.extend(below("").into_iter().map(|name| format!("{name}/lib/")));
            out.retain(|root| self.source.is_dir(root.trim_end_matches('/')));
            out
        })
    }

    /// The same, and the one that the file at `path` stands in.
    fn roots_of(&self, path: &str) -> Vec<String> {
        let own = path
            .rfind("lib/")
            .filter(|at| *at == 0 || path[..*at].ends_with('/'));
        let own = own.map(|at| path[..at + 4].to_owned());
        let others = self.roots().iter().filter(|root| Some(*root) != own.as_ref());
        own.iter().chain(others).cloned().collect()
    }

    fn declares(&self, path: &str, name: &str) -> Option<Definition> {
        let file = self.file(path)?;
        let mut all = file.declared.iter().filter(|known| known.class.name == name);
        // The part with the base, of one that is opened several times.
        let found = all
            .clone()
            .find(|known| known.class.extends.is_some())
            .or_else(|| all.next())?;
        Some(Definition::Declared {
            file: path.to_owned(),
            local: name.to_owned(),
            kind: if found.is_module {
                ExportKind::Namespace
            } else {
                ExportKind::Class
            },
            span: found.class.span,
        })
    }

    /// The declaration of the constant with this full name, as the file at `path` comes to it.
    fn resolve(&self, path: &str, name: &str) -> Option<Definition> {
        if let Some(here) = self.declares(path, name) {
            return Some(here);
        }
        let segments: Vec<String> = name.split("::").map(|word| in_case("snake", word)).collect();
        for root in self.roots_of(path) {
            // It may stand in the file of what is around it.
            for count in (1..=segments.len()).rev() {
                let file = format!("{root}{}.rb", segments[..count].join("/"));
                if self.source.exists(&file)
                    && let Some(found) = self.declares(&file, name)
                {
                    return Some(found);
                }
            }
        }
        let mut seen = BTreeSet::from([path.to_owned()]);
        let mut queue = vec![path.to_owned()];
        while let Some(from) = queue.pop() {
            for statement in self.file(&from).iter().flat_map(|file| &file.loaded) {
                let ImportTarget::File(file) = self.target(&from, &statement.specifier()) else {
                    continue;
                };
                if seen.len() > MAX_LOADED || !seen.insert(file.clone()) {
                    continue;
                }
                if let Some(found) = self.declares(&file, name) {
                    return Some(found);
                }
                queue.insert(0, file);
            }
        }
        None
    }

    /// Whether something in the host is called by the first word of a constant or of a path.
    fn is_here(&self, path: &str, first: &str) -> bool {
        let roots = self.roots_of(path);
        let mut bases = roots.iter().map(|root| format!("{root}{first}"));
        bases.any(|base| self.source.exists(&format!("{base}.rb")) || self.source.is_dir(&base))
    }

    fn target(&self, path: &str, specifier: &str) -> ImportTarget {
        if specifier.starts_with("./") || specifier.starts_with("../") {
            let mut dir: Vec<&str> = path.split('/').collect();
            dir.pop();
            for segment in specifier.split('/') {
                match segment {
                    "." | "" => {}
                    ".." if dir.pop().is_none() => return ImportTarget::Unknown,
                    ".." => {}
                    name => dir.push(name),
                }
            }
            let file = format!("{}.rb", dir.join("/"));
            return match self.source.exists(&file) {
                true => ImportTarget::File(file),
                // It may be compiled.
                false if self.source.is_dir("ext") => ImportTarget::Unknown,
                false => ImportTarget::Missing,
            };
        }
        let mut files = self
            .roots_of(path)
            .into_iter()
            .map(|root| format!("{root}{specifier}.rb"));
        if let Some(file) = files.find(|file| self.source.exists(file)) {
            return ImportTarget::File(file);
        }
        // Packages share their first folder with others.
        match self.is_here(path, specifier.split('/').next().unwrap_or_default()) {
            true => ImportTarget::Unknown,
            false => ImportTarget::Package,
        }
    }

    fn gather(&self, path: &str, class: &Class, out: &mut Contract, depth: usize) {
        for method in &class.methods {
            if out.methods.iter().all(|known| known.name != method.name) {
                out.methods.push(asked(method, path));
            }
        }
        for field in &class.fields {
            if out.properties.iter().all(|known| known.name != field.name) {
                out.properties.push(Property {
                    name: field.name.clone(),
                    optional: true,
                    span: field.span,
                    ..Property::default()
                });
            }
        }
        // What is included stands before the base.
        for base in class.implements.iter().rev().chain(&class.extends) {
            match self.definition(path, &base.name) {
                Definition::Declared { file, local, .. } if depth < MAX_DEPTH => {
                    out.bases.push(local.clone());
                    if let Some(class) = self.class(&file, &local) {
                        self.gather(&file, &class, out, depth + 1);
                    }
                }
                _ => out.unread_bases.push(base.name.clone()),
            }
        }
    }
}

fn asked(method: &Declared, path: &str) -> Method {
    let params = method.params.iter().map(|param| Param {
        name: param.name.clone(),
        optional: param.optional,
        rest: param.rest,
        default: param.default.clone(),
        ..Param::default()
    });
    Method {
        name: method.name.clone(),
        params: params.collect(),
        required: method.is_abstract,
        is_static: method.is_static,
        visibility: method.visibility,
        file: path.to_owned(),
        span: method.span,
        ..Method::default()
    }
}

fn export(definition: Definition, name: &str) -> Option<Export> {
    match definition {
        Definition::Declared {
            file,
            local,
            kind,
            span,
        } => Some(Export {
            name: name.to_owned(),
            kind,
            file,
            local,
            span,
            doc: vec![],
        }),
        _ => None,
    }
}

impl Sources for Modules<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        Some(Rc::clone(&self.file(path)?.tree))
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let [name] = path else {
            return Err(Error::new(format!("`{}` is no constant", path.join(".")))
                .help(format!("write `{}`", path.join("::"))));
        };
        let found = self.resolve(&self.entry, name.trim_start_matches("::"));
        found
            .and_then(|found| export(found, name))
            .ok_or_else(|| Error::new(format!("there is no `{name}`")))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        let export = self.export(path)?;
        let class = self
            .class(&export.file, &export.local)
            .ok_or_else(|| Error::new(format!("`{}` is no class", path.join("::"))))?;
        let mut out = Contract {
            name: export.local,
            kind: ContractKind::AbstractClass,
            file: export.file.clone(),
            span: class.name_span,
            ..Contract::default()
        };
        self.gather(&export.file, &class, &mut out, 0);
        Ok(out)
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        let file = self.file(path)?;
        let ends = |full: &str| full == name || full.ends_with(&format!("::{name}"));
        let mut known = file.declared.iter().map(|known| known.class.name.as_str());
        if let Some(full) = known.find(|full| ends(full)) {
            return export(self.declares(path, full)?, name);
        }
        let root = file.tree.root();
        root.dfs().find_map(|node| {
            let (field, kind) = match &*node.kind() {
                "assignment" => ("left", ExportKind::Const),
                "method" | "singleton_method" => ("name", ExportKind::Function),
                _ => return None,
            };
            let is_it = node.field(field).is_some_and(|own| own.text() == name);
            is_it.then(|| Export {
                name: name.to_owned(),
                kind,
                file: path.to_owned(),
                local: name.to_owned(),
                span: node.range().into(),
                doc: vec![],
            })
        })
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        let file = self.file(path);
        let all = file.iter().flat_map(|file| &file.declared);
        all.filter(|known| !known.is_module)
            .map(|known| known.class.name.clone())
            .collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        if let Some(name) = name.strip_prefix("::") {
            return self.resolve(path, name).unwrap_or(Definition::Unknown);
        }
        let is_constant = |word: &str| {
            word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if !name.split("::").all(is_constant) {
            return Definition::Unknown;
        }
        // Where it is named is not known here: in any of the classes and modules of the file, the innermost first.
        let file = self.file(path);
        let all = file.iter().flat_map(|file| &file.declared);
        let mut nestings: Vec<&str> = all.map(|known| known.class.name.as_str()).collect();
        nestings.sort_unstable_by_key(|nesting| (std::cmp::Reverse(nesting.matches("::").count()), *nesting));
        nestings.dedup();
        nestings.push("");
        let mut found: Vec<Definition> = Vec::new();
        let mut depth = usize::MAX;
        for nesting in nestings {
            let own = nesting.matches("::").count();
            if !found.is_empty() && own < depth {
                break;
            }
            depth = own;
            found.extend(
                self.resolve(path, &full(nesting, name))
                    .filter(|new| !found.contains(new)),
            );
        }
        match found.as_slice() {
            [only] => only.clone(),
            [] => {
                let (first, rest) = name.split_once("::").unwrap_or((name, ""));
                match self.is_here(path, &in_case("snake", first)) {
                    true => Definition::Unknown,
                    false => Definition::Outside {
                        module: first.to_owned(),
                        path: rest
                            .split("::")
                            .filter(|word| !word.is_empty())
                            .map(str::to_owned)
                            .collect(),
                    },
                }
            }
            _ => Definition::Unknown,
        }
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        self.target(path, specifier)
    }

    /// All parts of it that the file declares, as one.
    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        let file = self.file(path)?;
        let mut parts = file.declared.iter().filter(|known| known.class.name == local);
        let first = parts
            .clone()
            .find(|known| known.class.extends.is_some())
            .or_else(|| parts.clone().next())?;
        let mut class = first.class.clone();
        for part in parts.by_ref().filter(|part| part.class.span != first.class.span) {
            class.methods.extend(part.class.methods.iter().cloned());
            class.fields.extend(part.class.fields.iter().cloned());
            class.implements.extend(part.class.implements.iter().cloned());
        }
        Some(Rc::new(class))
    }

    fn may_have_more(&self, path: &str, class: &Class) -> bool {
        let file = self.file(path);
        let mut parts = file.iter().flat_map(|file| &file.declared);
        let is_known = |name: &str| matches!(self.definition(path, name), Definition::Declared { .. });
        parts.any(|part| part.class.name == class.name && part.is_open)
            || class.implements.iter().any(|base| !is_known(&base.name))
            || (!class.implements.is_empty() && class.extends.iter().any(|base| !is_known(&base.name)))
    }

    fn constant(&self, _: &str, expression: &str) -> Option<String> {
        let quoted = |mark: char| expression.strip_prefix(mark)?.strip_suffix(mark);
        let inner = quoted('\'')
            .or_else(|| quoted('"'))
            .or_else(|| expression.strip_prefix(':'))?;
        (!inner.contains(['\'', '"', '\\', '\n', '#'])).then(|| inner.to_owned())
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let Some(file) = self.file(path) else {
            return vec![];
        };
        let root = file.tree.root();
        let tried = root
            .dfs()
            .filter(|node| node.kind() == "rescue")
            .filter_map(|node| node.parent());
        let tried: Vec<Span> = tried.map(|node| node.range().into()).collect();
        let is_tried = |span: Span| {
            tried
                .iter()
                .any(|around| around.start <= span.start && span.end <= around.end)
        };
        let all = file.loaded.iter().filter(|known| !is_tried(known.span));
        all.map(|known| Used {
            specifier: known.specifier(),
            span: known.literal,
            names: match known.loader {
                Loader::Autoload => known.constant.iter().cloned().collect(),
                _ => vec![],
            },
        })
        .collect()
    }

    fn signature_mismatch(
        &self,
        _: &str,
        own: &Declared,
        method: &Method,
        _: &Against<'_>,
    ) -> Option<Mismatch> {
        fit::mismatch(own, method).map(Mismatch::from)
    }
}
