//! The modules of one crate, from its root along `mod`, and what a path means in each of them.
//!
//! Files are read on first use and parsed once. Paths that lead in circles end.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use crate::Source;
use crate::sources::ExportKind;
use crate::tree::Tree;

use super::grammar::GRAMMAR;
use super::module::{Item, Module, read};

/// How many modules a crate may have.
const MAX_MODULES: usize = 10_000;
/// How many names one look-up may ask for: with globs that lead to globs they double with each step.
const MAX_LOOK_UPS: usize = 2_000;
/// How many steps a path may take through imports.
const MAX_STEPS: usize = 64;

/// Types and traits that every module knows.
pub(super) const PRELUDE: [&str; 28] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Some",
    "String",
    "ToString",
    "Vec",
];

/// Whether a path begins with a crate of the language itself.
fn is_of_language(path: &[String]) -> bool {
    path.first()
        .is_some_and(|name| matches!(name.as_str(), "std" | "core" | "alloc"))
}

/// A path of modules from the root.
pub(super) type ModPath = Vec<String>;

/// A module with its place.
pub(super) struct Place {
    /// Its file.
    pub file: String,
    /// What stands in it.
    pub module: Rc<Module>,
    /// Whether it is there for tests only, or stands in one that is.
    pub test: bool,
}

/// How many bytes of texts are kept with what was read in them.
const KEPT: usize = 32 << 20;

/// Modules that were read before, by the texts of their files. Each member that is a module of a crate asks for the whole crate: a thread
/// parses each file once.
#[derive(Default)]
struct Known {
    modules: HashMap<Arc<str>, Rc<Module>>,
    bytes: usize,
}

/// The module whose file has this text.
fn module_of(text: Arc<str>) -> Rc<Module> {
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(module) = known.modules.get(&text) {
            return Rc::clone(module);
        }
        let module = Rc::new(read(&GRAMMAR.parse(&text)));
        if known.bytes + text.len() > KEPT {
            *known = Known::default();
        }
        known.bytes += text.len();
        known.modules.insert(text, Rc::clone(&module));
        module
    })
}

/// The modules of a crate.
#[derive(Default)]
pub(super) struct Krate {
    /// By path.
    pub modules: BTreeMap<ModPath, Place>,
    /// How many names the look-up under way has asked for.
    looked_up: Cell<usize>,
    /// The outermost module of each file.
    by_file: HashMap<String, ModPath>,
    /// What a name is asked for often, by module.
    indexes: RefCell<HashMap<ModPath, Rc<Index>>>,
    exported: RefCell<HashMap<ModPath, Exported>>,
}

/// The names that a module has for others, and what each means.
pub(super) type Exported = Rc<Vec<(String, Meaning)>>;

/// The names of a module.
#[derive(Default)]
struct Index {
    /// Its declarations, by name; of several the first.
    items: HashMap<String, usize>,
    /// Its imports, globs aside, by the names that they bind; of several the first.
    uses: HashMap<String, usize>,
    /// The modules of the crate of which it takes everything.
    globs: OnceCell<Vec<ModPath>>,
    /// Whether these are being looked up.
    asking: Cell<bool>,
    /// The one other crate of which it takes everything.
    outside: OnceCell<Option<Vec<String>>>,
}

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    /// Something declared in the crate: the module, the name.
    Item(ModPath, String),
    /// A module of the crate.
    Module(ModPath),
    /// Something of another crate: its name first.
    Outside(Vec<String>),
}

/// Files that are parsed once.
pub(super) struct Files<'s> {
    source: &'s dyn Source,
    trees: RefCell<HashMap<String, Option<Rc<Tree>>>>,
}

impl<'s> Files<'s> {
    /// Nothing is read yet.
    pub fn new(source: &'s dyn Source) -> Self {
        Self {
            source,
            trees: RefCell::default(),
        }
    }

    /// The tree of a file.
    pub fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        if let Some(known) = self.trees.borrow().get(path) {
            return known.clone();
        }
        let text = self.source.text(path);
        let tree = text.map(|text| Rc::new(GRAMMAR.parse(&text)));
        self.trees.borrow_mut().insert(path.to_owned(), tree.clone());
        tree
    }

    /// Whether there is such a file.
    pub fn exists(&self, path: &str) -> bool {
        self.source.exists(path)
    }
}

impl Krate {
    /// The crate whose root is the file `root`.
    pub fn open(files: &Files<'_>, root: &str) -> Self {
        let mut out = Self::default();
        let dir = root.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        let mut open: VecDeque<(ModPath, String, String, bool)> = VecDeque::new();
        open.push_back((vec![], root.to_owned(), dir, false));
        while let Some((path, file, dir, test)) = open.pop_front() {
            let Some(text) = files.source.text(&file) else {
                continue;
            };
            out.place(files, path, (file, dir), (module_of(text), test), &mut open);
            if out.modules.len() >= MAX_MODULES {
                break;
            }
        }
        for (path, place) in &out.modules {
            out.by_file
                .entry(place.file.clone())
                .or_insert_with(|| path.clone());
        }
        out
    }

    /// Puts a module at its path; `dir` is where files of its submodules stand, `test` whether what it stands in is for tests only.
    fn place(
        &mut self,
        files: &Files<'_>,
        path: ModPath,
        (file, dir): (String, String),
        (module, test): (Rc<Module>, bool),
        open: &mut VecDeque<(ModPath, String, String, bool)>,
    ) {
        let file_dir = file.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        let test = test || module.test;
        for sub in &module.mods {
            let below = [path.as_slice(), std::slice::from_ref(&sub.name)].concat();
            let test = test || sub.test;
            let own = join(&dir, &sub.name);
            if let Some(inline) = &sub.inline {
                self.place(files, below, (file.clone(), own), (Rc::clone(inline), test), open);
                continue;
            }
            let candidates = match &sub.path {
                Some(path) => vec![join(&file_dir, path)],
                None => vec![format!("{own}.rs"), format!("{own}/mod.rs")],
            };
            if let Some(found) = candidates.into_iter().find(|path| files.exists(path)) {
                let dir = match &sub.path {
                    Some(_) => found.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned(),
                    None => own,
                };
                open.push_back((below, found, dir, test));
            }
        }
        self.modules.entry(path).or_insert(Place { file, module, test });
    }

    /// The module of a file: the outermost, if several stand in it.
    pub fn module_of(&self, file: &str) -> Option<&ModPath> {
        self.by_file.get(file)
    }

    fn index(&self, path: &ModPath) -> Option<Rc<Index>> {
        if let Some(known) = self.indexes.borrow().get(path) {
            return Some(Rc::clone(known));
        }
        let module = &self.modules.get(path)?.module;
        let mut out = Index::default();
        for (at, item) in module.items.iter().enumerate() {
            out.items.entry(item.name.clone()).or_insert(at);
        }
        for (at, own) in module.uses.iter().enumerate().filter(|(_, own)| !own.leaf.glob) {
            out.uses.entry(own.leaf.local().to_owned()).or_insert(at);
        }
        let out = Rc::new(out);
        self.indexes.borrow_mut().insert(path.clone(), Rc::clone(&out));
        Some(out)
    }

    /// The declaration `name` of the module at `path`.
    pub fn item(&self, path: &ModPath, name: &str) -> Option<(&Place, &Item)> {
        let place = self.modules.get(path)?;
        let at = *self.index(path)?.items.get(name)?;
        Some((place, &place.module.items[at]))
    }

    /// What `segments` mean in the module at `from`.
    pub fn resolve(&self, from: &ModPath, segments: &[String]) -> Option<Meaning> {
        self.looked_up.set(0);
        self.walk(from, segments, MAX_STEPS, true)
    }

    fn walk(&self, from: &ModPath, segments: &[String], steps: usize, globs: bool) -> Option<Meaning> {
        let steps = steps.checked_sub(1)?;
        let (first, rest) = segments.split_first()?;
        let start = match first.as_str() {
            "" => return (!rest.is_empty()).then(|| Meaning::Outside(rest.to_vec())),
            "crate" => Meaning::Module(vec![]),
            "self" => Meaning::Module(from.clone()),
            "super" => Meaning::Module(from[..from.len().checked_sub(1)?].to_vec()),
            name => match self.bound(from, name, steps, globs) {
                Some(found) => found,
                // A path through a name that nothing declares begins with a crate.
                None if !rest.is_empty() => Meaning::Outside(vec![name.to_owned()]),
                None if globs => return self.outside_glob(from, name, steps),
                None => return None,
            },
        };
        self.below(start, rest, steps)
    }

    fn below(&self, start: Meaning, rest: &[String], steps: usize) -> Option<Meaning> {
        let Some((next, after)) = rest.split_first() else {
            return Some(start);
        };
        match start {
            Meaning::Outside(mut path) => {
                path.extend(rest.iter().cloned());
                Some(Meaning::Outside(path))
            }
            Meaning::Module(path) if next == "super" => {
                let above = path[..path.len().checked_sub(1)?].to_vec();
                self.below(Meaning::Module(above), after, steps)
            }
            Meaning::Module(path) => {
                let found = self.bound(&path, next, steps, true)?;
                self.below(found, after, steps)
            }
            // What is below an item (a variant, an associated type) is the item's affair.
            Meaning::Item(..) => Some(start),
        }
    }

    /// What a glob gives everything of: what nothing declares is a crate.
    fn behind_glob(&self, path: &ModPath, of: &[String], steps: usize) -> Option<Meaning> {
        let is_crate = matches!(of, [only] if !matches!(only.as_str(), "crate" | "self" | "super" | ""));
        self.walk(path, of, steps, false)
            .or_else(|| is_crate.then(|| Meaning::Outside(of.to_vec())))
    }

    /// What `name` alone means in the module at `path`; nothing for what every module knows.
    pub fn binding(&self, path: &ModPath, name: &str, steps: usize) -> Option<Meaning> {
        self.looked_up.set(0);
        let found = self.bound(path, name, steps, true);
        found.or_else(|| self.outside_glob(path, name, steps))
    }

    /// The same; without `globs` only what the module names itself. What a glob begins with is not looked for in globs: each
    /// would ask all others.
    fn bound(&self, path: &ModPath, name: &str, steps: usize, globs: bool) -> Option<Meaning> {
        let steps = steps.checked_sub(1)?;
        let looked_up = self.looked_up.get() + 1;
        self.looked_up.set(looked_up);
        if looked_up > MAX_LOOK_UPS {
            return None;
        }
        let (module, index) = (&self.modules.get(path)?.module, self.index(path)?);
        if let Some(at) = index.items.get(name) {
            return Some(if module.items[*at].kind == ExportKind::Namespace {
                Meaning::Module([path.as_slice(), &[name.to_owned()]].concat())
            } else {
                Meaning::Item(path.clone(), name.to_owned())
            });
        }
        if let Some(at) = index.uses.get(name) {
            let found = &module.uses[*at];
            let own = found.leaf.path.len() == 1 && found.leaf.path[0] == name;
            if own {
                return Some(Meaning::Outside(found.leaf.path.clone()));
            }
            return match self.walk(path, &found.leaf.path, steps, globs) {
                Some(found) => Some(found),
                None => Some(Meaning::Outside(found.leaf.path.clone())),
            };
        }
        if !globs {
            return None;
        }
        let of = match index.globs.get() {
            Some(known) => known,
            // Who asks while they are looked up is one of those that they are looked up in.
            None if index.asking.replace(true) => return None,
            None => {
                let found = self.globs(path, module);
                index.asking.set(false);
                index.globs.get_or_init(|| found)
            }
        };
        of.iter().find_map(|of| self.bound(of, name, steps, true))
    }

    /// The modules of which the one at `path` takes everything.
    fn globs(&self, path: &ModPath, module: &Module) -> Vec<ModPath> {
        let globs = module.uses.iter().filter(|own| own.leaf.glob);
        let found = globs.filter_map(|own| self.walk(path, &own.leaf.path, MAX_STEPS, false));
        let mut out: Vec<ModPath> = Vec::new();
        let mut seen = HashSet::new();
        for of in found {
            if let Meaning::Module(of) = of
                && of != *path
                && seen.insert(of.clone())
            {
                out.push(of);
            }
        }
        out
    }

    /// What the one other crate gives of which a module takes everything; of several it cannot be told which one does.
    fn outside_glob(&self, path: &ModPath, name: &str, steps: usize) -> Option<Meaning> {
        let (module, index) = (&self.modules.get(path)?.module, self.index(path)?);
        let outside = index.outside.get_or_init(|| {
            let globs = module.uses.iter().filter(|own| own.leaf.glob);
            let mut outside =
                globs.filter_map(|own| match self.behind_glob(path, &own.leaf.path, steps)? {
                    Meaning::Outside(of) if !is_of_language(&of) => Some(of),
                    _ => None,
                });
            outside.next().filter(|_| outside.next().is_none())
        });
        let mut of = outside.clone().filter(|_| !PRELUDE.contains(&name))?;
        of.push(name.to_owned());
        Some(Meaning::Outside(of))
    }

    /// The paths by which others reach what is public, each meaning once, the shortest path.
    pub fn public(&self) -> Vec<(Vec<String>, Meaning)> {
        let mut out: Vec<(Vec<String>, Meaning)> = vec![];
        let mut open: VecDeque<(Vec<String>, ModPath)> = VecDeque::from([(vec![], vec![])]);
        let (mut seen, mut known) = (HashSet::new(), HashSet::new());
        while let Some((path, at)) = open.pop_front() {
            if seen.len() >= MAX_MODULES || !seen.insert(at.clone()) {
                continue;
            }
            for (name, meaning) in self.exports(&at).iter() {
                let path = [path.as_slice(), std::slice::from_ref(name)].concat();
                if let Meaning::Module(module) = meaning {
                    open.push_back((path.clone(), module.clone()));
                }
                if known.insert(meaning.clone()) {
                    out.push((path, meaning.clone()));
                }
            }
        }
        out
    }

    /// The names that the module at `path` has for others, in the order of its source.
    pub fn exports(&self, path: &ModPath) -> Exported {
        if let Some(known) = self.exported.borrow().get(path) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.read_exports(path));
        self.exported.borrow_mut().insert(path.clone(), Rc::clone(&found));
        found
    }

    fn read_exports(&self, path: &ModPath) -> Vec<(String, Meaning)> {
        let Some(place) = self.modules.get(path) else {
            return vec![];
        };
        let mut out = vec![];
        for item in place.module.items.iter().filter(|item| item.public) {
            if let Some(meaning) = self.binding(path, &item.name, MAX_STEPS) {
                out.push((item.name.clone(), meaning));
            }
        }
        for own in place.module.uses.iter().filter(|own| own.public) {
            if !own.leaf.glob {
                if let Some(meaning) = self.binding(path, own.leaf.local(), MAX_STEPS) {
                    out.push((own.leaf.local().to_owned(), meaning));
                }
            } else if let Some(Meaning::Module(of)) = self.walk(path, &own.leaf.path, MAX_STEPS, false)
                && of != *path
                && let Some(inner) = self.modules.get(&of)
            {
                let public = inner.module.items.iter().filter(|item| item.public);
                out.extend(
                    public.filter_map(|item| {
                        Some((item.name.clone(), self.binding(&of, &item.name, MAX_STEPS)?))
                    }),
                );
            }
        }
        out
    }
}

/// `path` below `dir`, its `..` resolved.
fn join(dir: &str, path: &str) -> String {
    let mut out: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(out.pop()),
            part => out.push(part),
        }
    }
    out.join("/")
}
