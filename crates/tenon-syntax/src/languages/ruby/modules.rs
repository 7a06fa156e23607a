//! The files of a Ruby program, as names are followed through them: from a constant to the file that declares it, by what a file loads
//! and by where constants stand by convention (`Shop::Gateways::Acme` in `lib/shop/gateways/acme.rb`).

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

use crate::Source;
use crate::class::{Class, Declared};
use crate::contract::{Contract, ImportKind, Method};
use crate::roots::{dirs_called, joined, normalised};
use crate::sources::{
    Against, Definition, Export, ExportKind, Files, First, ImportTarget, Mismatch, Sources, Used, contract_of,
};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result};
use tenon_text::names::{in_case, in_dir, literal};

use super::class::{self, Declaration, full};
use super::fit;
use super::grammar::GRAMMAR;
use super::requires::{self, Loaded};

/// How many files that a file loads are looked through for a constant.
const MAX_LOADED: usize = 64;

/// The files of a host, and of the package that is entered by one of them.
pub struct Modules<'s> {
    source: &'s dyn Source,
    entry: String,
    files: Files<File>,
    roots: OnceCell<Vec<String>>,
}

/// A file, read once.
struct File {
    tree: Rc<Tree>,
    declared: Vec<Declaration>,
    by_name: HashMap<String, usize>,
    loaded: Vec<Loaded>,
}

impl File {
    fn declaration(&self, name: &str) -> Option<&Declaration> {
        self.declared.get(*self.by_name.get(name)?)
    }
}

/// A path below the directory `lib` that it stands in, and that directory.
pub fn below_lib(path: &str) -> Option<(&str, &str)> {
    let (before, below) = path.rsplit_once("lib/")?;
    let is_dir = before.is_empty() || before.ends_with('/');
    is_dir.then(|| (below, &path[..before.len() + "lib".len()]))
}

impl<'s> Modules<'s> {
    /// The files of `source`; those of a package, if `entry` is the file by which it is entered.
    pub fn new(source: &'s dyn Source, entry: &str) -> Self {
        Self {
            source,
            entry: entry.to_owned(),
            files: Files::default(),
            roots: OnceCell::new(),
        }
    }

    fn file(&self, path: &str) -> Option<Rc<File>> {
        self.files.get(self.source, path, |text| {
            let tree = GRAMMAR.parse(text);
            let (declared, by_name) = class::all(&tree);
            File {
                declared,
                by_name,
                loaded: requires::all(&tree),
                tree: Rc::new(tree),
            }
        })
    }

    /// The directories that may be on the load path: first the `lib` that the file at `path` stands in, then those of the host and of the
    /// packages in it, and those in `app`.
    fn roots(&self, path: &str) -> Vec<String> {
        let all = self.roots.get_or_init(|| {
            let mut out = dirs_called(self.source, "lib", 2, &["node_modules"]);
            let app = self.source.names("app").into_iter();
            let app = app.map(|name| joined("app", &name));
            out.extend(app.filter(|dir| self.source.is_dir(dir)));
            out
        });
        let own = below_lib(path).map(|(_, lib)| lib.to_owned());
        let others = all.iter().filter(|root| Some(*root) != own.as_ref());
        own.iter().chain(others).cloned().collect()
    }

    /// Whether something in the host is called by the first word of a constant or of a path.
    fn is_here(&self, path: &str, first: &str) -> bool {
        let mut bases = self.roots(path).into_iter().map(|root| joined(&root, first));
        bases.any(|base| self.source.exists(&format!("{base}.rb")) || self.source.is_dir(&base))
    }

    fn declares(&self, path: &str, name: &str) -> Option<Definition> {
        let file = self.file(path)?;
        let found = file.declaration(name)?;
        Some(Definition::Declared {
            file: path.to_owned(),
            local: name.to_owned(),
            kind: found.kind,
            span: found.class.span,
        })
    }

    /// The declaration of the constant with this full name, as the file at `path` comes to it: in itself, where it stands by convention,
    /// or what is around it, and in what it loads.
    fn resolve(&self, path: &str, name: &str) -> Option<Definition> {
        let words: Vec<String> = name.split("::").map(|word| in_case("snake", word)).collect();
        let roots = || self.roots(path).into_iter();
        let usual = (1..=words.len()).rev().map(|count| words[..count].join("/"));
        let usual = usual.flat_map(|below| roots().map(move |root| format!("{root}/{below}.rb")));
        let file = self.file(path);
        let loaded = file.iter().flat_map(|file| &file.loaded).take(MAX_LOADED);
        let loaded = loaded.filter_map(|known| match self.import_target(path, &known.import.module) {
            ImportTarget::File(file) => Some(file),
            _ => None,
        });
        let files = usual.filter(|file| self.source.exists(file)).chain(loaded);
        std::iter::once(path.to_owned())
            .chain(files)
            .find_map(|file| self.declares(&file, name))
    }
}

impl Sources for Modules<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        Some(Rc::clone(&self.file(path)?.tree))
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let [name] = path else {
            let help = format!("write `{}`", path.join("::"));
            return Err(Error::new(format!("`{}` is not a constant", path.join("."))).help(help));
        };
        let found = self.resolve(&self.entry, name.trim_start_matches("::"));
        let found = found.and_then(|found| found.export(name));
        found.ok_or_else(|| Error::new(format!("there is no `{name}`")))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        contract_of(self, self.export(path)?, First::Included)
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        let file = self.file(path)?;
        let ends = |full: &&str| *full == name || full.ends_with(&format!("::{name}"));
        let mut known = file.declared.iter().map(|known| known.class.name.as_str());
        if let Some(full) = known.find(ends) {
            return self.declares(path, full)?.export(name);
        }
        let root = file.tree.root();
        let (kind, span) = root.dfs().find_map(|node| {
            let (field, kind) = match &*node.kind() {
                "assignment" => ("left", ExportKind::Const),
                "method" | "singleton_method" => ("name", ExportKind::Function),
                _ => return None,
            };
            let is_it = node.field(field).is_some_and(|own| own.text() == name);
            is_it.then(|| (kind, node.range().into()))
        })?;
        Some(Export {
            name: name.to_owned(),
            kind,
            file: path.to_owned(),
            local: name.to_owned(),
            span,
            doc: vec![],
        })
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        let file = self.file(path);
        let all = file.iter().flat_map(|file| &file.declared);
        let classes = all.filter(|known| known.kind == ExportKind::Class);
        classes.map(|known| known.class.name.clone()).collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let is_constant = |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(is_part);
        let bare = name.trim_start_matches("::");
        if !bare.split("::").all(is_constant) {
            return Definition::Unknown;
        }
        // Where it is named is not known here: in any of the classes and modules of the file, the innermost first.
        let file = self.file(path).filter(|_| bare == name);
        let all = file.iter().flat_map(|file| &file.declared);
        let mut nestings: Vec<&str> = all.map(|known| known.class.name.as_str()).collect();
        nestings.push("");
        let depth = |nesting: &str| nesting.split("::").filter(|word| !word.is_empty()).count();
        nestings.sort_by_key(|nesting| Reverse(depth(nesting)));
        let mut found: Vec<Definition> = vec![];
        for level in nestings.chunk_by(|one, other| depth(one) == depth(other)) {
            for nesting in level {
                let new = self.resolve(path, &full(nesting, bare));
                found.extend(new.filter(|new| !found.contains(new)));
            }
            if !found.is_empty() {
                break;
            }
        }
        let mut words = bare.split("::").map(str::to_owned);
        match (found.as_slice(), words.next().unwrap_or_default()) {
            ([only], _) => only.clone(),
            ([], first) if !self.is_here(path, &in_case("snake", &first)) => Definition::Outside {
                module: first,
                path: words.collect(),
            },
            _ => Definition::Unknown,
        }
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        let is_relative = specifier.starts_with("./") || specifier.starts_with("../");
        let first = specifier.split('/').next().unwrap_or_default();
        let roots = self.roots(path);
        let bases: Vec<String> = match is_relative {
            true => normalised(in_dir(path).0, specifier).into_iter().collect(),
            false => roots.iter().map(|root| joined(root, specifier)).collect(),
        };
        let mut files = bases.iter().map(|base| format!("{base}.rb"));
        match files.find(|file| self.source.exists(file)) {
            Some(file) => ImportTarget::File(file),
            // It may be compiled.
            None if is_relative && !bases.is_empty() && !self.source.is_dir("ext") => ImportTarget::Missing,
            // Packages share their first folder with others.
            None if is_relative || self.is_here(path, first) => ImportTarget::Unknown,
            None => ImportTarget::Package,
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        Some(Rc::new(self.file(path)?.declaration(local)?.class.clone()))
    }

    fn may_have_more(&self, path: &str, class: &Class) -> bool {
        let file = self.file(path);
        let declared = file.iter().find_map(|file| file.declaration(&class.name));
        let bases = class.extends.iter().filter(|_| !class.implements.is_empty());
        let is_known = |name: &str| matches!(self.definition(path, name), Definition::Declared { .. });
        declared.is_some_and(|it| it.is_open)
            || bases.chain(&class.implements).any(|base| !is_known(&base.name))
    }

    fn constant(&self, _: &str, expression: &str) -> Option<String> {
        let known = literal(expression).or_else(|| expression.strip_prefix(':'))?;
        (!known.contains(['\'', '"', '\\', '\n', '#'])).then(|| known.to_owned())
    }

    /// What may fail is expected to.
    fn used(&self, path: &str) -> Vec<Used> {
        let file = self.file(path);
        let all = file.iter().flat_map(|file| &file.loaded);
        let all = all.filter(|known| !known.is_tried && known.import.kind != ImportKind::Namespace);
        let used = all.map(|known| Used {
            specifier: known.import.module.clone(),
            span: known.literal,
            names: match known.import.kind {
                ImportKind::Named => vec![known.import.name.clone()],
                _ => vec![],
            },
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
