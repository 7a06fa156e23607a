//! What of the host the members' classes are built on: an interface, a trait, a base class.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use tenon_syntax::Source;
use tenon_syntax::contract::Contract;
use tenon_syntax::language::{Lang, PackageEntry};
use tenon_syntax::sources::{Definition, ExportKind};
use tenon_text::names::in_dir;

use crate::code::{Code, OwnClass, Place};
use crate::members::{Members, is_of_all};

/// How many classes may be built on each other.
const MAX_BASES: usize = 8;
/// How many directories above a file its package may be entered.
const MAX_ABOVE: usize = 3;
/// How many files of the host are looked at for interfaces.
const MAX_FILES: usize = 2_000;

/// What the host declares, and members implement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearntContract {
    /// What others import its package as.
    pub specifier: String,
    /// The file by which the package is entered; nothing if the host does not have it: then all that is known is what classes
    /// are built on.
    pub entry: Option<String>,
    /// Its path in the package.
    pub symbol: String,
    /// The methods that it asks for.
    pub methods: BTreeSet<String>,
    /// The files that declare it.
    pub files: BTreeSet<String>,
}

impl LearntContract {
    /// What `module` has under `name`, where the host does not have that package.
    fn of_another_package(module: &str, name: &str) -> Option<Self> {
        (!module.is_empty() && !name.is_empty() && !module.starts_with('.')).then(|| Self {
            specifier: module.to_owned(),
            entry: None,
            symbol: name.to_owned(),
            methods: BTreeSet::new(),
            files: BTreeSet::new(),
        })
    }
}

/// What the host declares that members might implement.
pub struct Interfaces<'c, 'h> {
    code: &'c Code<'h>,
    /// By name: the files that declare it.
    declared: BTreeMap<String, BTreeSet<String>>,
    /// The names of those that are interfaces, or traits.
    interfaces: BTreeSet<String>,
    /// What was read already, by what was asked for.
    known: RefCell<HashMap<(String, String, String), Option<LearntContract>>>,
}

impl<'c, 'h> Interfaces<'c, 'h> {
    /// Those that the sources of `place` speak of, and those in `dirs`.
    pub fn of(
        code: &'c Code<'h>,
        (found, all): (&Members, &[String]),
        place: &Place,
        dirs: &BTreeSet<String>,
    ) -> Self {
        let usual = |count: usize| count * 10 >= place.of.len() * 8;
        let words: BTreeSet<String> = code
            .words(place)
            .into_iter()
            .filter(|(_, count)| usual(*count))
            .map(|(word, _)| word)
            .collect();
        let mut out = Self {
            code,
            declared: BTreeMap::new(),
            interfaces: BTreeSet::new(),
            known: RefCell::default(),
        };
        for path in code.of_host(all, found).into_iter().take(MAX_FILES) {
            let is_near = dirs.contains(in_dir(path).0);
            let Some(text) = code
                .text(path)
                .filter(|text| is_near || words.iter().any(|word| text.contains(word)))
            else {
                continue;
            };
            for (name, export) in code.exports(path) {
                let is_asked =
                    export.file == *path && text.contains(&name) && (is_near || words.contains(&name));
                let is_base = matches!(
                    export.kind,
                    ExportKind::Interface | ExportKind::AbstractClass | ExportKind::Class
                );
                if is_asked && is_base {
                    if export.kind == ExportKind::Interface {
                        out.interfaces.insert(name.clone());
                    }
                    out.declared.entry(name).or_default().insert(path.clone());
                }
            }
        }
        out
    }

    /// The contract of `classes`, one of each member, that most of them fulfil.
    pub fn contract(&self, classes: &[&OwnClass]) -> Option<LearntContract> {
        match self.code.sources.structural() {
            true => self.by_methods(classes),
            false => self.by_bases(classes),
        }
    }

    /// Traits for which most members have an implementation that is a declaration of its own.
    pub fn implemented(&self, place: &Place) -> Vec<(String, LearntContract)> {
        let mut out = Vec::new();
        for name in &self.interfaces {
            let own = format!("impl {name}");
            let has = |path: &str| !self.code.sources.all_of(path, &own).is_empty();
            let count = place.of.values().filter(|(path, _)| has(path)).count();
            if count * 10 < place.of.len() * 8 {
                continue;
            }
            let module = place
                .of
                .values()
                .find_map(|(path, _)| self.taken_from(path, &own));
            let mut files = self.declared[name].iter();
            let found = files.find_map(|file| self.at(file, name, module.as_deref()));
            out.extend(found.map(|found| (own, found)));
        }
        out
    }

    /// What the file at `path` takes the trait from that the declaration `own` implements.
    fn taken_from(&self, path: &str, own: &str) -> Option<String> {
        let all = self.code.sources.all_of(path, own);
        let class = all
            .first()
            .and_then(|export| Some((export, self.code.sources.class(&export.file, &export.local)?)));
        let (export, class) = class?;
        let base = class.extends.iter().chain(&class.implements).next()?;
        match self.code.sources.definition(&export.file, &base.name) {
            Definition::Outside { module, .. } => Some(module),
            _ => None,
        }
    }

    fn by_methods(&self, classes: &[&OwnClass]) -> Option<LearntContract> {
        let mut best: Option<LearntContract> = None;
        for name in &self.interfaces {
            for file in &self.declared[name] {
                let Some(found) = self
                    .at(file, name, None)
                    .filter(|found| !found.methods.is_empty())
                else {
                    continue;
                };
                let has_all = |own: &&&OwnClass| {
                    let has = |method: &String| own.class.methods.iter().any(|own| own.name == *method);
                    found.methods.iter().all(has)
                };
                let fits = classes.iter().filter(has_all).count() * 10 >= classes.len() * 8;
                if fits
                    && best
                        .as_ref()
                        .is_none_or(|best| best.methods.len() < found.methods.len())
                {
                    best = Some(found);
                }
            }
        }
        best
    }

    fn by_bases(&self, classes: &[&OwnClass]) -> Option<LearntContract> {
        // What each is built on, the nearest first.
        let mut counts: BTreeMap<Base, (usize, usize)> = BTreeMap::new();
        for own in classes {
            let mut bases = Vec::new();
            self.bases(&own.file, own, 0, &mut bases);
            let mut seen = BTreeSet::new();
            for (depth, base) in bases {
                if seen.insert(base.clone()) {
                    let known = counts.entry(base).or_default();
                    *known = (known.0 + 1, known.1 + depth);
                }
            }
        }
        let mut usual: Vec<(&Base, &(usize, usize))> = counts
            .iter()
            .filter(|(_, (count, _))| count * 10 >= classes.len() * 8)
            .collect();
        usual.sort_by_key(|(_, (count, depth))| (std::cmp::Reverse(*count), *depth));
        usual.into_iter().find_map(|(base, _)| match base {
            Base::Declared(file, name) => self.at(file, name, None),
            Base::Outside(module, name) => {
                let last = name.rsplit('.').next().unwrap_or(name);
                let mut files = self.declared.get(last).into_iter().flatten();
                let read = files.find_map(|file| self.at(file, name, Some(module)));
                read.or_else(|| LearntContract::of_another_package(module, name))
            }
        })
    }

    fn bases(&self, file: &str, own: &OwnClass, depth: usize, out: &mut Vec<(usize, Base)>) {
        if depth > MAX_BASES {
            return;
        }
        for base in own.class.extends.iter().chain(&own.class.implements) {
            match self.code.sources.definition(file, &base.name) {
                Definition::Declared { file, local, .. } => {
                    out.push((depth, Base::Declared(file.clone(), local.clone())));
                    if let Some(class) = self.code.sources.class(&file, &local) {
                        let next = OwnClass {
                            name: local,
                            file: file.clone(),
                            class,
                        };
                        self.bases(&file, &next, depth + 1, out);
                    }
                }
                Definition::Outside { module, path } => {
                    out.push((depth, Base::Outside(module, path.join("."))))
                }
                Definition::Module(_) | Definition::Unknown => {}
            }
        }
    }

    /// The files by which the package that has `file` may be entered, the outermost first.
    fn entries(&self, file: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut dir = in_dir(file).0;
        for _ in 0..MAX_ABOVE {
            let names = (self.code.host as &dyn Source).names(dir);
            let is_entry = |name: &&String| {
                is_of_all(name.split('.').next().unwrap_or_default())
                    && Lang::of_path(name) == Some(self.code.language)
            };
            let path = |name: &String| match dir {
                "" => name.clone(),
                dir => format!("{dir}/{name}"),
            };
            out.extend(names.iter().filter(is_entry).map(path));
            if dir.is_empty() {
                break;
            }
            dir = in_dir(dir).0;
        }
        out.reverse();
        out
    }

    /// The contract `symbol` that `file` declares, if it can be read by what a pack says of it; `module` is what members import it from.
    fn at(&self, file: &str, symbol: &str, module: Option<&str>) -> Option<LearntContract> {
        let key = [file, symbol, module.unwrap_or_default()].map(str::to_owned);
        let known = self.known.borrow().get(&key.clone().into()).cloned();
        known.unwrap_or_else(|| {
            let found = self.read(file, symbol, module);
            self.known.borrow_mut().insert(key.into(), found.clone());
            found
        })
    }

    fn read(&self, file: &str, symbol: &str, module: Option<&str>) -> Option<LearntContract> {
        let language = self.code.language;
        let mut ways: Vec<(String, String, String)> = Vec::new();
        if let Some(full) = language.imported_as(file) {
            // A package is imported by its name, and what is in it is a path in it.
            let (top, rest) = full.split_once('.').unwrap_or((&full, ""));
            let inside = match rest {
                "" => symbol.to_owned(),
                rest => format!("{rest}.{symbol}"),
            };
            let entries = language
                .own_packages()
                .iter()
                .map(|entry| entry.replace("{name}", top));
            ways.extend(entries.map(|entry| (top.to_owned(), entry, inside.clone())));
        }
        if let Some(module) = module {
            let entries = self.entries(file).into_iter();
            ways.extend(entries.map(|entry| (module.to_owned(), entry, symbol.to_owned())));
        }
        let specifier = module.map_or_else(|| in_dir(file).0.to_owned(), str::to_owned);
        ways.push((specifier, file.to_owned(), symbol.to_owned()));
        ways.into_iter().find_map(|(specifier, entry, symbol)| {
            if !self.code.host.exists_file(&entry) {
                return None;
            }
            let entered = PackageEntry {
                file: &entry,
                specifier: &specifier,
                ..PackageEntry::default()
            };
            let package = language.open(self.code.host as &dyn Source, &entered);
            let path: Vec<&str> = symbol.split('.').collect();
            let contract: Contract = package.contract(&path).ok()?;
            let own = [&contract.file, &entry].into_iter();
            let files = own.chain(contract.methods.iter().map(|method| &method.file));
            Some(LearntContract {
                files: files.filter(|file| !file.is_empty()).cloned().collect(),
                methods: contract.required().map(|method| method.name.clone()).collect(),
                specifier,
                entry: Some(entry),
                symbol,
            })
        })
    }
}

/// What a class is built on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Base {
    /// A file of the host declares it, under this name.
    Declared(String, String),
    /// Another package has it, at this path.
    Outside(String, String),
}
