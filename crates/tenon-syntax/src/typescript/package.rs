//! The public API of a package, seen from its entry file: names, namespaces, and where each is declared.
//!
//! Files are read lazily and parsed once. Re-exports are followed through any number of files; cycles end.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::Source;
use crate::fast::Fast;
use crate::sources::{Export, ExportKind, Origin};
use tenon_text::diag::{Error, Result};
use tenon_text::names::in_dir;

use super::module::{Binding, Body, Lead, Module};
use super::resolve::{Resolver, Target};

/// Something for each of two texts.
type ByFile<T> = HashMap<String, HashMap<String, T, Fast>, Fast>;

/// A package whose sources, or published declarations, can be read.
pub struct Package<'s> {
    source: &'s dyn Source,
    pub(super) resolver: Resolver,
    modules: RefCell<HashMap<String, Option<Rc<Module>>, Fast>>,
    /// By directory and specifier.
    targets: RefCell<ByFile<Target>>,
    /// What exports stand for, by module key and name.
    found: RefCell<HashMap<Id, Option<Entity>, Fast>>,
    /// What names stand for, by file and name.
    pub(super) origins: RefCell<ByFile<Rc<Origin>>>,
    tops: RefCell<Option<Rc<HashMap<String, String>>>>,
    re_exporting: RefCell<HashMap<String, bool, Fast>>,
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
    seen: HashSet<Id, Fast>,
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
            resolver: Resolver {
                entry: entry.to_owned(),
                specifier: specifier.to_owned(),
                aliases: aliases.to_vec(),
            },
            modules: RefCell::default(),
            targets: RefCell::default(),
            found: RefCell::default(),
            origins: RefCell::default(),
            tops: RefCell::default(),
            re_exporting: RefCell::default(),
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
                let Some(decl) = module.decls.get(&local) else {
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
            }
            Entity::External(_) => export.kind = ExportKind::Unknown,
        }
        Ok(export)
    }

    fn not_exported(&self, path: &[&str]) -> Error {
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
                Some(Entity::Decl(module, local)) if module.decls.get(&local).is_some_and(is_block) => {
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
                self.describe(&module, &exported.lead, &mut export);
                out.push(export);
            }
            for star in module.stars.iter().rev() {
                if let Target::File(file) = self.target(&module.path, star) {
                    open.push(file);
                }
            }
        }
    }

    /// Fills in what is known of a lead without parsing another file.
    fn describe(&self, module: &Rc<Module>, lead: &Lead, export: &mut Export) {
        let (specifier, name) = match lead {
            Lead::Local(local) => {
                if let Some(decl) = module.decls.get(local) {
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
            Lead::From(specifier, name) => (specifier, Some(name)),
            Lead::Whole(specifier) => (specifier, None),
            Lead::Path(_) => return,
        };
        let Target::File(file) = self.target(&module.path, specifier) else {
            return;
        };
        let Some(name) = name else {
            export.kind = ExportKind::Namespace;
            export.file = file;
            return;
        };
        export.local.clone_from(name);
        let known = self.modules.borrow().get(&file).cloned().flatten();
        if let Some(known) = known
            && let Some(decl) = known.decls.get(name)
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
            Some((parent, name)) => self.module(parent).and_then(|parent| parent.block(name)),
            None => self.source.text(key).map(|text| {
                let read = || Rc::new(Body::parse(&text));
                let body = match self.source.kept() {
                    Some(kept) => kept.of(&text).module(read),
                    None => read(),
                };
                Module::new(key, body)
            }),
        };
        let module = module.map(Rc::new);
        self.modules.borrow_mut().insert(key.to_owned(), module.clone());
        module
    }

    /// Whether the file at `key` may export anything but its own declarations; false positives are harmless.
    pub(super) fn re_exports(&self, key: &str) -> bool {
        if let Some(known) = self.modules.borrow().get(key) {
            return known.as_ref().is_some_and(|module| {
                !module.stars.is_empty()
                    || module.exports.iter().any(|export| match &export.lead {
                        Lead::Local(name) => !module.decls.contains_key(name),
                        _ => true,
                    })
                    || module.decls.values().any(is_block)
            });
        }
        if let Some(known) = self.re_exporting.borrow().get(key) {
            return *known;
        }
        let found = self.source.text(key).is_some_and(|text| may_re_export(&text));
        self.re_exporting.borrow_mut().insert(key.to_owned(), found);
        found
    }

    /// Where `specifier`, written in the file `from`, leads.
    pub(super) fn target(&self, from: &str, specifier: &str) -> Target {
        let (dir, _) = in_dir(from);
        if let Some(known) = self.targets.borrow().get(dir).and_then(|dir| dir.get(specifier)) {
            return known.clone();
        }
        let target = self.resolver.resolve(self.source, from, specifier);
        let mut targets = self.targets.borrow_mut();
        let in_dir = targets.entry(dir.to_owned()).or_default();
        in_dir.insert(specifier.to_owned(), target.clone());
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
        if let Some(exported) = module.exports.iter().find(|export| export.name == name) {
            return match &exported.lead {
                Lead::Local(local) => self.lookup_local(&module, local, trail),
                Lead::From(specifier, name) => {
                    self.through(&module, &Binding::of(specifier, Some(name.clone())), trail)
                }
                Lead::Whole(specifier) => self.through(&module, &Binding::of(specifier, None), trail),
                Lead::Path(path) => self.lookup_path(&module, path, trail),
            };
        }
        if name == "default" {
            return None;
        }
        module
            .stars
            .iter()
            .find_map(|star| match self.target(&module.path, star) {
                Target::File(file) => self.lookup_export(&file, name, trail),
                _ => None,
            })
    }

    /// What `name` stands for inside `module`; `None` for a global.
    pub(super) fn lookup_local(&self, module: &Rc<Module>, name: &str, trail: &mut Trail) -> Option<Entity> {
        if module.decls.contains_key(name) {
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
            (Target::File(file), Some(name)) => self.lookup_export(&file, name, trail),
            (Target::File(file), None) => Some(Entity::Whole(file)),
            (Target::External, _) => Some(Entity::External(binding.clone())),
            (Target::Missing, _) => None,
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
                Entity::Decl(module, local) if module.decls.get(&local).is_some_and(is_block) => {
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

/// Whether a declaration is a namespace block.
pub(super) fn is_block(decl: &super::module::Decl) -> bool {
    decl.kind == ExportKind::Namespace
}

/// Whether a text looks as if it exported what it does not declare.
fn may_re_export(text: &str) -> bool {
    text.match_indices("export").any(|(at, word)| {
        let rest = text[at + word.len()..].trim_start();
        let rest = rest.strip_prefix("type").map_or(rest, str::trim_start);
        let rest = rest.strip_prefix("declare").map_or(rest, str::trim_start);
        rest.starts_with(['*', '{', '=', '/'])
            || ["default", "import", "namespace", "module"]
                .iter()
                .any(|word| rest.starts_with(word))
    })
}
