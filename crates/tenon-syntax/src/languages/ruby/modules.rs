//! The files of a Ruby program, as names are followed through them: from a constant to the file that declares it, by what a file loads
//! and by where constants stand by convention (`Shop::Gateways::Acme` in `lib/shop/gateways/acme.rb`).

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::Source;
use crate::class::{Class, Declared};
use crate::contract::{Contract, ContractKind, Method};
use crate::sources::{Against, Definition, Export, ExportKind, ImportTarget, Mismatch, Sources, Used};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result, Span};
use tenon_text::names::in_case;

use super::class::{self, Declaration, full};
use super::fit;
use super::grammar::GRAMMAR;
use super::requires::{self, Statement};

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
    loaded: Vec<Statement>,
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
            let (declared, loaded) = (class::all(&tree), requires::all(&tree));
            let tree = Rc::new(tree);
            Rc::new(File {
                tree,
                declared,
                loaded,
            })
        });
        self.files.borrow_mut().insert(path.to_owned(), file.clone());
        file
    }

    /// The directories that may be on the load path, with a slash at the end: `lib/` of the host and of the packages in it, those of `app/`,
    /// and first the one that the file at `path` stands in.
    fn roots(&self, path: &str) -> Vec<String> {
        let all = self.roots.get_or_init(|| {
            let below = |dir: &str, before: &str, end: &str| -> Vec<String> {
                let names = self.source.names(dir).into_iter();
                names.map(|name| format!("{before}{name}{end}")).collect()
            };
            let mut out = [
                vec!["lib/".to_owned()],
                below("app", "app/", "/"),
                below("", "", "/lib/"),
            ]
            .concat();
            out.retain(|root| self.source.is_dir(root.trim_end_matches('/')));
            out
        });
        let own = path
            .rfind("lib/")
            .filter(|at| *at == 0 || path[..*at].ends_with('/'));
        let own = own.map(|at| path[..at + "lib/".len()].to_owned());
        let others = all.iter().filter(|root| Some(*root) != own.as_ref());
        own.iter().chain(others).cloned().collect()
    }

    /// The parts of what the file at `path` declares under this full name, the one that says what it is built on first.
    fn parts(&self, path: &str, name: &str) -> Option<(Rc<File>, Vec<usize>)> {
        let file = self.file(path)?;
        let of = |at: &usize| &file.declared[*at].class;
        let mut parts: Vec<usize> = (0..file.declared.len())
            .filter(|at| of(at).name == name)
            .collect();
        parts.sort_by_key(|at| of(at).extends.is_none());
        (!parts.is_empty()).then_some((file, parts))
    }

    fn declares(&self, path: &str, name: &str) -> Option<Definition> {
        let (file, parts) = self.parts(path, name)?;
        let found = &file.declared[*parts.first()?];
        let kind = if found.is_module {
            ExportKind::Namespace
        } else {
            ExportKind::Class
        };
        Some(Definition::Declared {
            file: path.to_owned(),
            local: name.to_owned(),
            kind,
            span: found.class.span,
        })
    }

    /// The declaration of the constant with this full name, as the file at `path` comes to it.
    fn resolve(&self, path: &str, name: &str) -> Option<Definition> {
        if let Some(here) = self.declares(path, name) {
            return Some(here);
        }
        let segments: Vec<String> = name.split("::").map(|word| in_case("snake", word)).collect();
        // It may stand in the file of what is around it.
        let usual = (1..=segments.len())
            .rev()
            .map(|count| segments[..count].join("/"));
        let usual: Vec<String> = usual.collect();
        let usual = self.roots(path).into_iter().flat_map(|root| {
            let files = usual.iter().map(move |path| format!("{root}{path}.rb"));
            files.filter(|file| self.source.exists(file)).collect::<Vec<_>>()
        });
        let file = self.file(path);
        let loaded = file.iter().flat_map(|file| &file.loaded).take(MAX_LOADED);
        let loaded = loaded.filter_map(|known| match self.target(path, &known.specifier()) {
            ImportTarget::File(file) => Some(file),
            _ => None,
        });
        usual.chain(loaded).find_map(|file| self.declares(&file, name))
    }

    /// Whether something in the host is called by the first word of a constant or of a path.
    fn is_here(&self, path: &str, first: &str) -> bool {
        let mut bases = self.roots(path).into_iter().map(|root| format!("{root}{first}"));
        bases.any(|base| self.source.exists(&format!("{base}.rb")) || self.source.is_dir(&base))
    }

    fn target(&self, path: &str, specifier: &str) -> ImportTarget {
        if !specifier.starts_with("./") && !specifier.starts_with("../") {
            let mut files = self
                .roots(path)
                .into_iter()
                .map(|root| format!("{root}{specifier}.rb"));
            let first = specifier.split('/').next().unwrap_or_default();
            return match files.find(|file| self.source.exists(file)) {
                Some(file) => ImportTarget::File(file),
                // Packages share their first folder with others.
                None if self.is_here(path, first) => ImportTarget::Unknown,
                None => ImportTarget::Package,
            };
        }
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
        match self.source.exists(&file) {
            true => ImportTarget::File(file),
            // It may be compiled.
            false if self.source.is_dir("ext") => ImportTarget::Unknown,
            false => ImportTarget::Missing,
        }
    }

    fn gather(&self, path: &str, class: &Class, out: &mut Contract, depth: usize) {
        for method in &class.methods {
            if out.methods.iter().all(|known| known.name != method.name) {
                out.methods.push(method.asked(path));
            }
        }
        // What is included stands before the base.
        for base in class.implements.iter().rev().chain(&class.extends) {
            match self.definition(path, &base.name) {
                Definition::Declared { file, local, .. } if depth < MAX_DEPTH => {
                    let class = self.class(&file, &local);
                    class
                        .iter()
                        .for_each(|class| self.gather(&file, class, out, depth + 1));
                    out.bases.push(local);
                }
                _ => out.unread_bases.push(base.name.clone()),
            }
        }
    }
}

impl Sources for Modules<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        Some(Rc::clone(&self.file(path)?.tree))
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let [name] = path else {
            let help = format!("write `{}`", path.join("::"));
            return Err(Error::new(format!("`{}` is no constant", path.join("."))).help(help));
        };
        let found = self.resolve(&self.entry, name.trim_start_matches("::"));
        let found = found.and_then(|found| found.export(name));
        found.ok_or_else(|| Error::new(format!("there is no `{name}`")))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        let export = self.export(path)?;
        let class = self.class(&export.file, &export.local);
        let class = class.ok_or_else(|| Error::new(format!("`{}` is no class", export.local)))?;
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
        let ends = |full: &&str| *full == name || full.ends_with(&format!("::{name}"));
        let mut known = file.declared.iter().map(|known| known.class.name.as_str());
        if let Some(full) = known.find(ends) {
            return self.declares(path, full)?.export(name);
        }
        let root = file.tree.root();
        let found = root.dfs().find_map(|node| {
            let (field, kind) = match &*node.kind() {
                "assignment" => ("left", ExportKind::Const),
                "method" | "singleton_method" => ("name", ExportKind::Function),
                _ => return None,
            };
            let own = node.field(field).filter(|own| own.text() == name);
            own.map(|_| (kind, node.range().into()))
        });
        let ((kind, span), file, local) = (found?, path.to_owned(), name.to_owned());
        Definition::Declared {
            file,
            local,
            kind,
            span,
        }
        .export(name)
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        let file = self.file(path);
        let all = file
            .iter()
            .flat_map(|file| &file.declared)
            .filter(|known| !known.is_module);
        all.map(|known| known.class.name.clone()).collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let is_constant = |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(is_part);
        let bare = name.trim_start_matches("::");
        if !bare.split("::").all(is_constant) {
            return Definition::Unknown;
        }
        // Where it is named is not known here: in any of the classes and modules of the file, the innermost first.
        let file = self.file(path);
        let all = file.iter().flat_map(|file| &file.declared);
        let mut nestings: Vec<&str> = all.map(|known| known.class.name.as_str()).collect();
        let depth = |nesting: &&str| nesting.matches("::").count();
        nestings.sort_unstable_by_key(|nesting| (std::cmp::Reverse(depth(nesting)), *nesting));
        nestings.dedup();
        nestings.push("");
        let mut found: Vec<(usize, Definition)> = Vec::new();
        for nesting in nestings
            .iter()
            .filter(|nesting| bare == name || nesting.is_empty())
        {
            let outermost = if nesting.is_empty() {
                usize::MAX
            } else {
                depth(nesting)
            };
            if found.first().is_some_and(|(inner, _)| *inner != outermost) {
                break;
            }
            let new = self
                .resolve(path, &full(nesting, bare))
                .map(|new| (outermost, new));
            found.extend(new.filter(|new| !found.contains(new)));
        }
        let mut words = bare.split("::").map(str::to_owned);
        match (found.as_slice(), words.next().unwrap_or_default()) {
            ([(_, only)], _) => only.clone(),
            ([], first) if !self.is_here(path, &in_case("snake", &first)) => Definition::Outside {
                module: first,
                path: words.collect(),
            },
            _ => Definition::Unknown,
        }
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        self.target(path, specifier)
    }

    /// All parts of it that the file declares, as one.
    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        let (file, parts) = self.parts(path, local)?;
        let mut all = parts.into_iter().map(|at| &file.declared[at].class);
        let mut class = all.next()?.clone();
        for part in all {
            class.methods.extend_from_slice(&part.methods);
            class.fields.extend_from_slice(&part.fields);
            class.implements.extend_from_slice(&part.implements);
        }
        Some(Rc::new(class))
    }

    fn may_have_more(&self, path: &str, class: &Class) -> bool {
        let open = |(file, parts): (Rc<File>, Vec<usize>)| parts.iter().any(|at| file.declared[*at].is_open);
        let bases = class.extends.iter().filter(|_| !class.implements.is_empty());
        let is_known = |name: &str| matches!(self.definition(path, name), Definition::Declared { .. });
        self.parts(path, &class.name).is_some_and(open)
            || bases.chain(&class.implements).any(|base| !is_known(&base.name))
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
        // What may fail is expected to.
        let tried = root
            .dfs()
            .filter(|node| node.kind() == "rescue")
            .filter_map(|node| node.parent());
        let tried: Vec<Span> = tried.map(|node| node.range().into()).collect();
        let is_tried = |span: Span| {
            tried
                .iter()
                .any(|it| it.start <= span.start && span.end <= it.end)
        };
        let all = file.loaded.iter().filter(|known| !is_tried(known.span));
        let used = all.map(|known| Used {
            specifier: known.specifier(),
            span: known.literal,
            names: known.constant.iter().cloned().collect(),
        });
        used.collect()
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
