//! The public API of a package, seen from its entry file: names, namespaces, and where each is declared.
//!
//! Files are read lazily and parsed once. Re-exports are followed through any number of files; cycles end.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

use crate::Source;
use crate::sources::{Export, ExportKind, ImportTarget};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result, Span, line_col};
use tenon_text::names::in_dir;

use super::grammar::GRAMMAR;
use super::outline::{Binding, Exports, Outline};
use super::parse::is_source;
use super::resolve::Resolver;

/// A file, or a namespace in one.
pub(super) struct Module {
    /// The path; for a namespace with `#Name` behind.
    pub key: String,
    /// The path of the file.
    pub path: String,
    outline: Rc<Outline>,
}

impl Deref for Module {
    type Target = Outline;

    fn deref(&self) -> &Outline {
        &self.outline
    }
}

/// A package whose sources, or published declarations, can be read.
pub struct Package<'s> {
    pub(super) source: &'s dyn Source,
    pub(super) resolver: Resolver,
    modules: RefCell<HashMap<String, Option<Rc<Module>>>>,
    trees: RefCell<HashMap<String, Rc<Tree>>>,
    /// By directory and specifier.
    targets: RefCell<HashMap<(String, String), ImportTarget>>,
    /// What exports stand for, by module key and name.
    found: RefCell<HashMap<Id, Option<Entity>>>,
    tops: RefCell<Option<Rc<HashMap<String, String>>>>,
}

/// What a name finally stands for.
#[derive(Clone)]
pub(super) enum Entity {
    /// A declaration.
    Decl(Rc<Module>, String),
    /// A whole module.
    Whole(String),
    /// Something of another package.
    External(Binding),
}

/// Module key and exported name.
pub(super) type Id = (String, String);

/// The way a look-up took.
#[derive(Clone, Default)]
pub(super) struct Trail {
    /// Every module that exports the name, from the one asked to the one that declares it.
    pub ids: Vec<Id>,
    /// What was asked before, found or not: circles end here.
    seen: HashSet<Id>,
    /// How many steps were taken, those of clones included.
    steps: Rc<Cell<usize>>,
}

/// How many steps a chain of re-exports may have.
const MAX_STEPS: usize = 64;
/// How many steps one look-up may take in all: paths of names that lead to paths of names double with each step.
const MAX_LOOK_UPS: usize = 10_000;
/// How many files one `export *` may lead to.
const MAX_STARS: usize = 10_000;

impl<'s> Package<'s> {
    /// The package whose entry file is `entry` and that others import as `specifier`. `aliases` are prefixes of
    /// specifiers and the folders they stand for, as in `("@/", "packages/core/src/")`.
    pub fn new(source: &'s dyn Source, entry: &str, specifier: &str, aliases: &[(String, String)]) -> Self {
        Self {
            source,
            resolver: Resolver::new(entry, specifier, aliases),
            modules: RefCell::default(),
            trees: RefCell::default(),
            targets: RefCell::default(),
            found: RefCell::default(),
            tops: RefCell::default(),
        }
    }

    /// The name under which others import the package.
    pub fn specifier(&self) -> &str {
        &self.resolver.specifier
    }

    /// All exports of the entry (`path` empty) or of a namespace, in source order.
    ///
    /// # Errors
    /// When the entry cannot be read, or `path` is not a namespace.
    pub fn exports(&self, path: &[&str]) -> Result<Vec<Export>> {
        let key = self.namespace_key(path)?;
        let mut out = vec![];
        self.collect(key, &mut out);
        Ok(out)
    }

    /// The export at `path`, followed to its declaration.
    ///
    /// # Errors
    /// When there is no such export.
    pub fn export(&self, path: &[&str]) -> Result<Export> {
        let Some((name, parents)) = path.split_last() else {
            return Err(Error::new("a path to an export needs a name"));
        };
        let key = self.namespace_key(parents)?;
        let listed = self
            .exports(parents)?
            .into_iter()
            .find(|export| export.name == *name);
        let entity = self.lookup_export(&key, name, &mut Trail::default());
        let (Some(mut export), Some(entity)) = (listed, entity) else {
            return Err(self.not_exported(path));
        };
        match entity {
            Entity::Decl(module, local) => {
                let Some(decl) = module.declarations.get(&local) else {
                    return Err(self.not_exported(path));
                };
                export.kind = decl.kind;
                export.file.clone_from(&module.path);
                export.span = decl.span;
                if export.doc.is_empty() {
                    export.doc.clone_from(&decl.doc);
                }
                export.local = local;
            }
            Entity::Whole(key) => {
                export.kind = ExportKind::Namespace;
                export.file = key;
                export.span = Span::default();
            }
            Entity::External(_) => export.kind = ExportKind::Unknown,
        }
        Ok(export)
    }

    /// That `shown` cannot be read because of a syntax error.
    pub(super) fn unreadable(&self, shown: &str, file: &str, at: Span) -> Error {
        let text = self.source.text(file).unwrap_or_default();
        Error::new(format!("`{shown}` cannot be read: syntax error"))
            .at(file.to_owned(), line_col(&text, at.start))
    }

    fn not_exported(&self, path: &[&str]) -> Error {
        // What a file with a syntax error declares is not known.
        if let Some((file, at)) = self.broken() {
            return self.unreadable(&path.join("."), &file, at);
        }
        let parents = &path[..path.len().saturating_sub(1)];
        let error = Error::new(format!(
            "`{}` is not exported by `{}`",
            path.join("."),
            self.resolver.specifier
        ))
        .in_file(self.resolver.entry.clone());
        match self.exports(parents) {
            Ok(exports) if !exports.is_empty() => {
                let names: Vec<String> = exports
                    .iter()
                    .map(|export| format!("`{}`", export.name))
                    .collect();
                error.help(format!("exported are {}", names.join(", ")))
            }
            _ => error,
        }
    }

    /// The module that the namespace `path` consists of.
    pub(super) fn namespace_key(&self, path: &[&str]) -> Result<String> {
        let mut key = self.resolver.entry.clone();
        if self.module(&key).is_none() {
            return Err(Error::new(format!(
                "cannot read `{key}`, the entry of `{}`",
                self.resolver.specifier
            ))
            .in_file(key));
        }
        for (at, name) in path.iter().enumerate() {
            match self.lookup_export(&key, name, &mut Trail::default()) {
                Some(Entity::Whole(next)) => key = next,
                Some(Entity::Decl(module, local)) if module.is_block(&local) => {
                    key = format!("{}#{local}", module.key);
                }
                Some(_) => {
                    let path = path[..=at].join(".");
                    return Err(Error::new(format!(
                        "`{path}` of `{}` is not a namespace",
                        self.resolver.specifier
                    )));
                }
                None => return Err(self.not_exported(&path[..=at])),
            }
            if self.module(&key).is_none() {
                return Err(Error::new(format!("cannot read `{key}`")).in_file(key));
            }
        }
        Ok(key)
    }

    /// The exports of the module `key`, then those of the modules behind its stars, each module once.
    fn collect(&self, key: String, out: &mut Vec<Export>) {
        let mut names: HashSet<String> = HashSet::new();
        let mut seen: HashSet<String> = HashSet::new();
        let mut open = vec![key];
        while let Some(key) = open.pop() {
            let with_default = seen.is_empty();
            if seen.len() >= MAX_STARS || !seen.insert(key.clone()) {
                continue;
            }
            let Some(module) = self.module(&key) else { continue };
            for exported in &module.exports {
                if (exported.name == "default" && !with_default) || !names.insert(exported.name.clone()) {
                    continue;
                }
                let mut export = Export {
                    name: exported.name.clone(),
                    kind: ExportKind::Unknown,
                    file: module.path.clone(),
                    local: exported.name.clone(),
                    span: exported.span,
                    doc: exported.doc.clone(),
                };
                self.describe(&module, &exported.what, &mut export);
                out.push(export);
            }
            for star in module.stars.iter().rev() {
                if let ImportTarget::File(file) = self.target(&module.path, star) {
                    open.push(file);
                }
            }
        }
    }

    /// Fills in what is known of an export without parsing another file.
    fn describe(&self, module: &Rc<Module>, what: &Exports, export: &mut Export) {
        let (specifier, name) = match what {
            Exports::Local(local) => {
                if let Some(decl) = module.declarations.get(local) {
                    export.kind = decl.kind;
                    export.local.clone_from(local);
                    export.span = decl.span;
                    return;
                }
                match module.imports.get(local) {
                    Some(binding) => (&binding.module, binding.name.as_ref()),
                    None => return,
                }
            }
            Exports::From(specifier, name) => (specifier, Some(name)),
            Exports::Whole(specifier) => (specifier, None),
            Exports::Path(_) => return,
        };
        let ImportTarget::File(file) = self.target(&module.path, specifier) else {
            return;
        };
        let Some(name) = name else {
            export.kind = ExportKind::Namespace;
            export.file = file;
            export.span = Span::default();
            return;
        };
        export.local.clone_from(name);
        let known = self.modules.borrow().get(&file).cloned().flatten();
        if let Some(known) = known
            && let Some(decl) = known.declarations.get(name)
            && known.exported_as(name).any(|public| public == name)
        {
            export.kind = decl.kind;
            export.file = file;
            export.span = decl.span;
        }
    }

    /// The module at `key`, parsed on first use.
    pub(super) fn module(&self, key: &str) -> Option<Rc<Module>> {
        if let Some(known) = self.modules.borrow().get(key) {
            return known.clone();
        }
        let module = match key.rsplit_once('#') {
            Some((parent, name)) => self.module(parent).and_then(|parent| {
                let outline = Rc::clone(parent.block(name)?);
                Some((parent.path.clone(), outline))
            }),
            None if is_source(key) => self
                .source
                .text(key)
                .map(|text| (key.to_owned(), Rc::new(Outline::read(&text, key)))),
            None => None,
        };
        let module = module.map(|(path, outline)| {
            Rc::new(Module {
                key: key.to_owned(),
                path,
                outline,
            })
        });
        self.modules.borrow_mut().insert(key.to_owned(), module.clone());
        module
    }

    /// The syntax tree of the file at `path`, for patterns; parsed on first use.
    pub(super) fn syntax_tree(&self, path: &str) -> Option<Rc<Tree>> {
        if let Some(known) = self.trees.borrow().get(path) {
            return Some(Rc::clone(known));
        }
        let tree = Rc::new(GRAMMAR.parse(&self.source.text(path)?));
        self.trees.borrow_mut().insert(path.to_owned(), Rc::clone(&tree));
        Some(tree)
    }

    /// The first file of those read so far that has a syntax error, and where.
    pub(super) fn broken(&self) -> Option<(String, Span)> {
        let modules = self.modules.borrow();
        let read = modules.values().flatten();
        read.filter_map(|module| Some((module.path.clone(), module.error?)))
            .min_by(|(a, _), (b, _)| a.cmp(b))
    }

    /// Whether the file at `key` exports anything but its own declarations.
    pub(super) fn re_exports(&self, key: &str) -> bool {
        self.module(key).is_some_and(|module| {
            !module.stars.is_empty()
                || module.exports.iter().any(|export| match &export.what {
                    Exports::Local(name) => !module.declarations.contains_key(name),
                    _ => true,
                })
                || module.declarations.keys().any(|name| module.is_block(name))
        })
    }

    /// Where `specifier`, written in the file `from`, leads.
    pub(super) fn target(&self, from: &str, specifier: &str) -> ImportTarget {
        let id = (in_dir(from).0.to_owned(), specifier.to_owned());
        if let Some(known) = self.targets.borrow().get(&id) {
            return known.clone();
        }
        let target = self.resolver.resolve(self.source, from, specifier);
        self.targets.borrow_mut().insert(id, target.clone());
        target
    }

    /// The entry's own namespaces, by the module each consists of.
    pub(super) fn tops(&self) -> Rc<HashMap<String, String>> {
        if let Some(known) = &*self.tops.borrow() {
            return Rc::clone(known);
        }
        let mut tops = HashMap::new();
        for export in self.exports(&[]).unwrap_or_default() {
            if export.kind == ExportKind::Namespace && export.file != self.resolver.entry {
                tops.entry(export.file).or_insert(export.name);
            }
        }
        let tops = Rc::new(tops);
        *self.tops.borrow_mut() = Some(Rc::clone(&tops));
        tops
    }

    /// What `name`, exported by the module `key`, stands for; looked up once.
    pub(super) fn exported(&self, key: &str, name: &str) -> Option<Entity> {
        let id = (key.to_owned(), name.to_owned());
        if let Some(known) = self.found.borrow().get(&id) {
            return known.clone();
        }
        let found = self.lookup_export(key, name, &mut Trail::default());
        self.found.borrow_mut().insert(id, found.clone());
        found
    }

    /// What `name`, exported by the module `key`, stands for; `trail` collects every module that exports it.
    pub(super) fn lookup_export(&self, key: &str, name: &str, trail: &mut Trail) -> Option<Entity> {
        let id = (key.to_owned(), name.to_owned());
        if trail.ids.len() >= MAX_STEPS || !trail.step() || !trail.seen.insert(id.clone()) {
            return None;
        }
        let depth = trail.ids.len();
        trail.ids.push(id);
        let found = self.follow(key, name, trail);
        if found.is_none() {
            trail.ids.truncate(depth);
        }
        found
    }

    fn follow(&self, key: &str, name: &str, trail: &mut Trail) -> Option<Entity> {
        let module = self.module(key)?;
        if let Some(exported) = module.exported(name) {
            return match &exported.what {
                Exports::Local(local) => self.lookup_local(&module, local, trail),
                Exports::From(specifier, name) => {
                    self.through(&module, &Binding::of(specifier, Some(name.clone())), trail)
                }
                Exports::Whole(specifier) => self.through(&module, &Binding::of(specifier, None), trail),
                Exports::Path(path) => self.lookup_path(&module, path, trail),
            };
        }
        if name == "default" {
            return None;
        }
        module
            .stars
            .iter()
            .find_map(|star| match self.target(&module.path, star) {
                ImportTarget::File(file) => self.lookup_export(&file, name, trail),
                _ => None,
            })
    }

    /// What `name` stands for inside `module`; `None` for a global.
    pub(super) fn lookup_local(&self, module: &Rc<Module>, name: &str, trail: &mut Trail) -> Option<Entity> {
        if module.declarations.contains_key(name) {
            for public in module.exported_as(name) {
                let id = (module.key.clone(), public.to_owned());
                if !trail.ids.contains(&id) {
                    trail.ids.push(id);
                }
            }
            return Some(Entity::Decl(Rc::clone(module), name.to_owned()));
        }
        if let Some(path) = module.paths.get(name) {
            // `import A = A.B` inside a block names the outer `A`.
            return if path.first().is_some_and(|first| first == name) {
                None
            } else {
                self.lookup_path(module, path, trail)
            };
        }
        if let Some(binding) = module.imports.get(name) {
            return self.through(module, binding, trail);
        }
        let (parent, _) = module.key.rsplit_once('#')?;
        self.lookup_local(&self.module(parent)?, name, trail)
    }

    fn through(&self, module: &Rc<Module>, binding: &Binding, trail: &mut Trail) -> Option<Entity> {
        match (self.target(&module.path, &binding.module), &binding.name) {
            (ImportTarget::File(file), Some(name)) => self.lookup_export(&file, name, trail),
            (ImportTarget::File(file), None) => Some(Entity::Whole(file)),
            (ImportTarget::Missing, _) => None,
            _ => Some(Entity::External(binding.clone())),
        }
    }

    fn lookup_path(&self, module: &Rc<Module>, path: &[String], trail: &mut Trail) -> Option<Entity> {
        let id = (module.key.clone(), format!("= {}", path.join(".")));
        if trail.ids.len() >= MAX_STEPS || !trail.step() || !trail.seen.insert(id) {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let mut entity = self.lookup_local(module, first, &mut trail.clone())?;
        for (at, name) in rest.iter().enumerate() {
            let key = match entity {
                Entity::Whole(key) => key,
                Entity::Decl(module, local) if module.is_block(&local) => {
                    format!("{}#{local}", module.key)
                }
                _ => return None,
            };
            entity = if at + 1 == rest.len() {
                self.lookup_export(&key, name, trail)?
            } else {
                self.lookup_export(&key, name, &mut trail.clone())?
            };
        }
        Some(entity)
    }
}

impl Trail {
    /// Takes a step, if one is left.
    fn step(&self) -> bool {
        let taken = self.steps.get() + 1;
        self.steps.set(taken);
        taken <= MAX_LOOK_UPS
    }
}

impl Binding {
    fn of(module: &str, name: Option<String>) -> Self {
        Self {
            module: module.to_owned(),
            name,
            type_only: false,
        }
    }
}
