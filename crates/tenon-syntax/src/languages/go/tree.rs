//! The packages of a host: a package is what the files of a directory declare together.
//!
//! Files are read and parsed at most once. Tests are left out, and so is what a program wrote where it matters.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use memchr::memmem;

use crate::Source;
use crate::recent::Recent;
use crate::tree::Tree;

use super::file::{File, Function, Spec, TypeDecl, Value};
use super::module::{Modules, join};
use super::names::base_name;
use super::ty::{Ref, Ty};

/// The longest chain of types that are built on each other.
pub(super) const MAX_DEPTH: usize = 16;

/// How often a file is searched for names before it is parsed.
const MAX_SEARCHES: usize = 200;

/// A file that was read.
pub type Read = Rc<(File, Tree)>;

/// How many files are remembered, for the next member that needs them.
const REMEMBERED: usize = 256;
/// How long they may be together, in bytes.
const REMEMBERED_SIZE: usize = 2 << 20;

thread_local! {
    static RECENT: RefCell<Recent<Read>> = const { RefCell::new(Recent::new(REMEMBERED, REMEMBERED_SIZE)) };
}

fn read(text: &str) -> Read {
    if let Some(known) = RECENT.with_borrow_mut(|recent| recent.get("", text)) {
        return known;
    }
    let read = Rc::new(File::parse(text));
    RECENT.with_borrow_mut(|recent| recent.put("", text, Rc::clone(&read)));
    read
}

/// All packages that can be read.
pub struct Packages<'s> {
    pub(super) source: &'s dyn Source,
    modules: RefCell<Option<Rc<Modules>>>,
    files: RefCell<BTreeMap<String, Option<Read>>>,
    dirs: RefCell<BTreeMap<String, Rc<Vec<String>>>>,
    /// The declarations of files that were asked for names.
    named: RefCell<HashMap<String, Rc<HashMap<String, Named>>>>,
    /// How often a file that is not parsed was searched for a name.
    searched: RefCell<HashMap<String, usize>>,
    hint: String,
}

/// What a file declares under one name: places in its lists; of several the first.
#[derive(Clone, Copy, Debug, Default)]
struct Named {
    ty: Option<usize>,
    function: Option<usize>,
    value: Option<usize>,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The import path of its package.
    pub import: String,
    /// The directory of its package, if it can be read.
    pub dir: Option<String>,
    /// The name.
    pub name: String,
}

impl<'s> Packages<'s> {
    /// Nothing is read yet. `hint` is a directory that other packages of the host import; it may be empty.
    pub fn new(source: &'s dyn Source, hint: &str) -> Self {
        Self {
            source,
            modules: RefCell::default(),
            files: RefCell::default(),
            dirs: RefCell::default(),
            named: RefCell::default(),
            searched: RefCell::default(),
            hint: hint.to_owned(),
        }
    }

    /// The modules of the host.
    pub fn modules(&self) -> Rc<Modules> {
        if let Some(known) = self.modules.borrow().as_ref() {
            return Rc::clone(known);
        }
        let read = Rc::new(Modules::read(self.source, &self.hint));
        *self.modules.borrow_mut() = Some(Rc::clone(&read));
        read
    }

    /// The file at `path`; nothing if there is none.
    pub fn file(&self, path: &str) -> Option<Read> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let read = self.source.text(path).map(|text| read(&text));
        self.files.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }

    /// The files of the package in `dir`, without tests, sorted.
    pub fn files_of(&self, dir: &str) -> Rc<Vec<String>> {
        if let Some(known) = self.dirs.borrow().get(dir) {
            return Rc::clone(known);
        }
        let names = self.source.names(dir).into_iter();
        let names = names.filter(|name| name.ends_with(".go") && !name.ends_with("_test.go"));
        let found = Rc::new(
            names
                .filter(|name| !name.starts_with(['.', '_']))
                .map(|name| join(dir, &name))
                .collect::<Vec<_>>(),
        );
        self.dirs.borrow_mut().insert(dir.to_owned(), Rc::clone(&found));
        found
    }

    /// Whether the file at `path` may declare `name`. Only files that say it are parsed, until many names were asked for.
    fn may_declare(&self, path: &str, name: &str) -> bool {
        if self.files.borrow().contains_key(path) {
            return true;
        }
        let mut searched = self.searched.borrow_mut();
        let times = searched.entry(path.to_owned()).or_default();
        *times += 1;
        let says = |text: Arc<str>| memmem::find(text.as_bytes(), name.as_bytes()).is_some();
        *times > MAX_SEARCHES || self.source.text(path).is_some_and(says)
    }

    /// What is declared under `name` in the first file of the package that has it: `at` says where in its list of that kind, `take` takes it.
    fn first<T>(
        &self,
        dir: &str,
        name: &str,
        at: impl Fn(&Named) -> Option<usize>,
        take: impl Fn(&File, usize) -> Option<T>,
    ) -> Option<(T, String)> {
        let files = self.files_of(dir);
        let mut files = files.iter().filter(|path| self.may_declare(path, name));
        files.find_map(|path| {
            let read = self.file(path)?;
            let named = self.named(path, &read.0);
            Some((take(&read.0, at(named.get(name)?)?)?, path.clone()))
        })
    }

    /// The declarations of a file, by name.
    fn named(&self, path: &str, file: &File) -> Rc<HashMap<String, Named>> {
        if let Some(known) = self.named.borrow().get(path) {
            return Rc::clone(known);
        }
        let mut out: HashMap<String, Named> = HashMap::new();
        for (at, ty) in file.types.iter().enumerate() {
            out.entry(ty.name.clone()).or_default().ty.get_or_insert(at);
        }
        for (at, function) in file.functions.iter().enumerate() {
            if function.receiver.is_none() {
                let named = out.entry(function.name.clone()).or_default();
                named.function.get_or_insert(at);
            }
        }
        for (at, value) in file.values.iter().enumerate() {
            out.entry(value.name.clone()).or_default().value.get_or_insert(at);
        }
        let out = Rc::new(out);
        self.named.borrow_mut().insert(path.to_owned(), Rc::clone(&out));
        out
    }

    /// The type `name` of the package in `dir`, and the file that declares it.
    pub fn type_of(&self, dir: &str, name: &str) -> Option<(TypeDecl, String)> {
        self.first(
            dir,
            name,
            |named| named.ty,
            |file, at| file.types.get(at).cloned(),
        )
    }

    /// The function `name` of the package in `dir`.
    pub fn function_of(&self, dir: &str, name: &str) -> Option<(Function, String)> {
        let take = |file: &File, at: usize| file.functions.get(at).cloned();
        self.first(dir, name, |named| named.function, take)
    }

    /// The constant or variable `name` of the package in `dir`.
    pub fn value_of(&self, dir: &str, name: &str) -> Option<(Value, String)> {
        self.first(
            dir,
            name,
            |named| named.value,
            |file, at| file.values.get(at).cloned(),
        )
    }

    /// What the package in `dir` calls itself.
    pub fn name_of(&self, dir: &str) -> Option<String> {
        // Each import of each file asks for it: no file is parsed for its first line.
        let files = self.files_of(dir);
        files
            .iter()
            .find_map(|path| package_clause(&self.source.text(path)?).map(str::to_owned))
    }

    /// Whether the package in `dir` declares `name`.
    pub fn declares(&self, dir: &str, name: &str) -> bool {
        self.type_of(dir, name).is_some()
            || self.function_of(dir, name).is_some()
            || self.value_of(dir, name).is_some()
    }

    /// What a file calls a package that it imports without a name of its own for it.
    pub fn called(&self, import: &str) -> String {
        let dir = self.modules().dir_of(self.source, import);
        dir.and_then(|dir| self.name_of(&dir))
            .unwrap_or_else(|| base_name(import))
    }

    /// The import of the file that binds the package name `name`.
    pub fn import<'f>(&self, file: &'f File, name: &str) -> Option<&'f Spec> {
        let mut specs = file.imports.iter();
        specs.find(|spec| match spec.alias.as_deref() {
            Some(alias) => alias == name,
            None => self.called(&spec.path) == name,
        })
    }

    /// Where a name leads that stands in the file at `path`.
    pub fn symbol(&self, path: &str, found: &Ref) -> Option<Symbol> {
        let file = self.file(path)?;
        let (dir, _) = path.rsplit_once('/').unwrap_or_default();
        let modules = self.modules();
        let import = match &found.package {
            Some(package) => self.import(&file.0, package)?.path.clone(),
            None if self.declares(dir, &found.name) => modules.path_of(dir)?,
            None => {
                let mut dots = file
                    .0
                    .imports
                    .iter()
                    .filter(|spec| spec.alias.as_deref() == Some("."));
                let has = |spec: &&Spec| {
                    let dir = modules.dir_of(self.source, &spec.path);
                    dir.is_none_or(|dir| self.declares(&dir, &found.name))
                };
                match dots.find(has) {
                    Some(dot) => dot.path.clone(),
                    None => modules.path_of(dir)?,
                }
            }
        };
        Some(Symbol {
            dir: match &found.package {
                None if modules.path_of(dir).as_deref() == Some(&import) => Some(dir.to_owned()),
                _ => modules.dir_of(self.source, &import),
            },
            import,
            name: found.name.clone(),
        })
    }

    /// A text that is the same for equal types, `ty` standing in the file at `path`; nothing if a name in it cannot be
    /// followed. Names of type parameters stand for themselves.
    pub fn canonical(&self, path: &str, ty: &Ty, params: &[String]) -> Option<String> {
        ty.canonical(&|found| {
            if found.package.is_none() && params.contains(&found.name) {
                return Some(found.name.clone());
            }
            self.canonical_name(path, found, 0)
        })
    }

    fn canonical_name(&self, path: &str, found: &Ref, depth: usize) -> Option<String> {
        let symbol = self.symbol(path, found)?;
        // Another name for a type is that type.
        if let Some(dir) = symbol.dir.as_ref().filter(|_| depth < MAX_DEPTH)
            && let Some((decl, file)) = self.type_of(dir, &symbol.name)
            && let super::file::Shape::Alias(ty) = &decl.shape
        {
            return ty.canonical(&|found| self.canonical_name(&file, found, depth + 1));
        }
        Some(format!("{}.{} ", symbol.import, symbol.name))
    }

    /// The text that a constant expression stands for, written in the file at `path`: a literal, or a constant that is
    /// one; nothing for what is computed.
    pub fn constant(&self, path: &str, expression: &str, depth: usize) -> Option<String> {
        let expression = expression.trim();
        if depth > MAX_DEPTH {
            return None;
        }
        for quote in ['"', '`'] {
            if let Some(inner) = expression
                .strip_prefix(quote)
                .and_then(|rest| rest.strip_suffix(quote))
            {
                return (!inner.contains(quote)).then(|| inner.to_owned());
            }
        }
        if let Some(inner) = expression
            .strip_prefix("string(")
            .and_then(|rest| rest.strip_suffix(')'))
        {
            return self.constant(path, inner, depth + 1);
        }
        let is_name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == '_') && !text.is_empty();
        let (package, name) = match expression.split_once('.') {
            Some((package, name)) => (Some(package.to_owned()).filter(|name| is_name(name)), name),
            None => (None, expression),
        };
        if !is_name(name) {
            return None;
        }
        let found = Ref {
            package,
            name: name.to_owned(),
        };
        let symbol = self.symbol(path, &found)?;
        let (value, file) = self.value_of(symbol.dir.as_deref()?, name)?;
        self.constant(&file, value.value.as_deref()?, depth + 1)
    }
}
/// The name in the package clause of a file, which stands behind nothing but comments.
fn package_clause(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n')?.1.trim_start();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1.trim_start();
        } else {
            break;
        }
    }
    let name = rest.strip_prefix("package")?.trim_start_matches([' ', '\t']);
    let end = name
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::package_clause;

    #[test]
    fn a_package_is_named_behind_nothing_but_comments() {
        let text = "\u{feff}// Copyright.\n//go:build x\n\n/* More:\npackage no */\npackage yes // why\n\nimport \"a\"\n";
        assert_eq!(package_clause(text), Some("yes"));
        assert_eq!(package_clause("package a;import \"b\""), Some("a"));
        assert_eq!(package_clause("// package a"), None);
        assert_eq!(package_clause("func f() {}"), None);
    }
}
