//! The packages of a host as the rules see them: where names lead, what types ask for, classes with what they are built on.
//!
//! A package is spread over the source roots of a host, those of its modules and of their tests. They are looked for when a name leads
//! out of the root of its file.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::Source;
use crate::class::{Base, Class, Declared};
use crate::contract::{Contract, ContractKind, Import, Method, Param, Visibility};
use crate::sources::{Against, Definition, Export, ExportKind, ImportTarget, Mismatch, Sources, Used};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result, Span};
use tenon_text::names::{in_dir, unquoted};

use super::file::{File, Type, arguments, names_in, substituted};
use super::grammar::GRAMMAR;

/// How many types may be built on each other.
const MAX_BASES: usize = 16;
/// How many directories deep source roots are looked for, and in how many.
const MAX_DEPTH: usize = 6;
const MAX_DIRS: usize = 4000;
/// Names of directories in which no sources stand.
const NO_SOURCES: &[&str] = &["target", "build", "out", "bin", "docs", "node_modules"];
/// What every instance has.
const OF_OBJECTS: &[&str] = &["equals", "hashCode", "toString"];
/// The types of `java.lang` that many files name.
const LANG: &[&str] = &[
    "AutoCloseable",
    "Boolean",
    "Byte",
    "CharSequence",
    "Character",
    "Class",
    "Comparable",
    "Double",
    "Enum",
    "Error",
    "Exception",
    "Float",
    "Integer",
    "Iterable",
    "Long",
    "Number",
    "Object",
    "Runnable",
    "RuntimeException",
    "Short",
    "String",
    "StringBuilder",
    "Thread",
    "Throwable",
    "Void",
];

/// The packages of a host, entered by one file.
pub struct Packages<'s> {
    source: &'s dyn Source,
    entry: String,
    files: RefCell<HashMap<String, Option<Read>>>,
    roots: OnceCell<Vec<String>>,
    dirs: RefCell<HashMap<String, Rc<Vec<String>>>>,
}

type Read = Rc<(File, Rc<Tree>)>;

/// What a name leads to.
struct Symbol {
    package: String,
    /// The names of the type, the outermost first.
    path: Vec<String>,
    /// The file that declares it, if that can be read.
    file: Option<String>,
}

/// The package and the types of a full name, by the case of its parts.
fn split(full: &str) -> (String, Vec<String>) {
    let parts: Vec<&str> = full.split('.').collect();
    let is_type = |part: &&str| part.starts_with(|c: char| c.is_uppercase());
    let at = parts.iter().position(is_type).unwrap_or(parts.len() - 1);
    let path = parts[at..].iter().map(|part| (*part).to_owned());
    (parts[..at].join("."), path.collect())
}

fn joined(dir: &str, name: &str) -> String {
    match (dir, name) {
        ("", name) | (name, "") => name.to_owned(),
        (dir, name) => format!("{dir}/{name}"),
    }
}

impl<'s> Packages<'s> {
    /// Nothing is read yet. `entry` is the file whose contracts are asked for; it may be empty.
    pub fn new(source: &'s dyn Source, entry: &str) -> Self {
        Self {
            source,
            entry: entry.to_owned(),
            files: RefCell::default(),
            roots: OnceCell::new(),
            dirs: RefCell::default(),
        }
    }

    fn file(&self, path: &str) -> Option<Read> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let read = self.source.text(path).map(|text| {
            let tree = GRAMMAR.parse(&text);
            Rc::new((File::read(&tree), Rc::new(tree)))
        });
        self.files.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }

    /// The directories below which directories are called as packages are.
    fn roots(&self) -> &[String] {
        self.roots.get_or_init(|| {
            let (mut out, mut looked) = (vec![], 0);
            let mut level = vec![String::new()];
            for _ in 0..MAX_DEPTH {
                let mut next = vec![];
                for dir in &level {
                    looked += 1;
                    if looked > MAX_DIRS {
                        break;
                    }
                    for name in self.source.names(dir) {
                        let path = joined(dir, &name);
                        if name == "src" {
                            // The sources of what is built stand before those of its tests.
                            let mut sets = self.source.names(&path);
                            sets.sort_by_key(|set| (set != "main", set.clone()));
                            let sets = sets.iter().map(|set| format!("{path}/{set}/java"));
                            let found = sets.filter(|set| self.source.is_dir(set));
                            let before = out.len();
                            out.extend(found);
                            if out.len() == before {
                                out.push(path);
                            }
                        } else if !name.contains('.') && !NO_SOURCES.contains(&&*name) {
                            next.push(path);
                        }
                    }
                }
                level = next;
            }
            out
        })
    }

    /// The directories of a package, that below the root of the file `from` first.
    fn dirs(&self, package: &str) -> Rc<Vec<String>> {
        if let Some(known) = self.dirs.borrow().get(package) {
            return Rc::clone(known);
        }
        let below = package.replace('.', "/");
        // What the language itself has stands in no host.
        let is_own = !package.starts_with("java.");
        let roots = self.roots().iter().filter(|_| is_own);
        let all = roots.map(|root| joined(root, &below));
        let found: Rc<Vec<String>> = Rc::new(all.filter(|dir| self.source.is_dir(dir)).collect());
        self.dirs
            .borrow_mut()
            .insert(package.to_owned(), Rc::clone(&found));
        found
    }

    /// The file of the type `name` of a package, as seen from the file `from`: its own directory or root comes first.
    fn find(&self, from: &str, package: &str, name: &str) -> Option<String> {
        let of =
            |dir: &str| Some(joined(dir, &format!("{name}.java"))).filter(|path| self.source.exists(path));
        let dir = in_dir(from).0;
        let own = self.file(from).map(|read| read.0.package.replace('.', "/"));
        let root = own.and_then(|own| Some(dir.strip_suffix(&*own)?.trim_end_matches('/').to_owned()));
        let near = root.map(|root| joined(&root, &package.replace('.', "/")));
        near.and_then(|dir| of(&dir))
            .or_else(|| self.dirs(package).iter().find_map(|dir| of(dir)))
    }

    /// What `name`, which may be a path of names, leads to in the file at `from`. `inside` is the path of the type whose text names it.
    fn symbol(&self, from: &str, inside: &str, name: &str) -> Option<Symbol> {
        let read = self.file(from)?;
        let file = &read.0;
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        let rest = || rest.split('.').filter(|part| !part.is_empty()).map(str::to_owned);
        let here = |path: &str| Symbol {
            package: file.package.clone(),
            path: path.split('.').map(str::to_owned).chain(rest()).collect(),
            file: Some(from.to_owned()),
        };
        // Types inside of the types around, the innermost first, and those of the file.
        let mut outer = inside;
        loop {
            let path = match outer {
                "" => first.to_owned(),
                outer => format!("{outer}.{first}"),
            };
            if file.ty(&path).is_some() {
                return Some(here(&path));
            }
            if outer.is_empty() {
                break;
            }
            outer = outer.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        let at = |package: &str, path: Vec<String>| Symbol {
            file: path.first().and_then(|top| self.find(from, package, top)),
            package: package.to_owned(),
            path,
        };
        let mut imports = file
            .imports
            .iter()
            .filter(|import| !import.module.starts_with("static "));
        if let Some(import) = imports.clone().find(|import| import.name == first) {
            let (package, path) = split(&format!("{}.{first}", import.module));
            return Some(at(&package, path.into_iter().chain(rest()).collect()));
        }
        if first.starts_with(|c: char| c.is_lowercase()) && name.contains('.') {
            let (package, path) = split(name);
            return Some(at(&package, path));
        }
        let path: Vec<String> = std::iter::once(first.to_owned()).chain(rest()).collect();
        let is_known = |package: &str| self.find(from, package, first).is_some();
        if is_known(&file.package) {
            return Some(at(&file.package, path));
        }
        let found = imports.find(|import| import.name == "*" && is_known(&import.module));
        found.map(|import| at(&import.module, path))
    }

    /// The type `path` of the file at `file`, with its path from the top.
    fn with_type<T>(&self, file: &str, path: &str, then: impl FnOnce(&Type) -> T) -> Option<T> {
        self.file(file)?.0.ty(path).map(then)
    }

    /// What has to be imported for the types in `ty`, which the type `inside` of the file at `from` names; `params` are no types.
    fn imports(&self, from: &str, inside: &str, ty: &str, params: &BTreeSet<String>) -> Vec<Import> {
        let mut out = vec![];
        let Some(read) = self.file(from) else { return out };
        for name in names_in(ty) {
            let first = name.split('.').next().unwrap_or_default();
            let is_full = first.starts_with(|c: char| c.is_lowercase());
            if params.contains(first) || is_full {
                continue;
            }
            let mut imports = read.0.imports.iter();
            if let Some(import) = imports.clone().find(|import| import.name == first) {
                out.push(Import::named(&*import.module, first));
            } else if let Some(symbol) = self.symbol(from, inside, first) {
                let module = symbol
                    .path
                    .iter()
                    .rev()
                    .skip(1)
                    .rev()
                    .fold(symbol.package, |module, part| {
                        if module.is_empty() {
                            part.clone()
                        } else {
                            format!("{module}.{part}")
                        }
                    });
                if !module.is_empty() {
                    out.push(Import::named(module, first));
                }
            } else if !LANG.contains(&first) {
                // It comes from one of these, or is known without an import.
                let all = imports
                    .by_ref()
                    .filter(|import| import.name == "*" && !import.module.starts_with("static "));
                out.extend(all.map(|import| Import::named(&*import.module, "*")));
            }
        }
        out
    }

    /// Adds what the type `path` of the file at `file` asks for, with types in place of its type parameters; `given` is what has to be
    /// imported for these.
    fn gather(
        &self,
        (file, path): (&str, &str),
        types: &[(String, String)],
        given: &[Import],
        out: &mut Contract,
        depth: usize,
    ) {
        let Some(read) = self.file(file) else { return };
        let Some(ty) = read.0.ty(path) else { return };
        for (own, throws) in ty.class.methods.iter().zip(&ty.throws) {
            let method = self.asked((file, ty), own, throws.as_deref(), types, given);
            let is_it = |known: &Method| known.name == method.name && same_parameters(known, &method);
            if own.visibility != Visibility::Private && !out.methods.iter().any(is_it) {
                out.methods.push(method);
            }
        }
        for base in ty.class.extends.iter().chain(&ty.class.implements) {
            let symbol = self.symbol(file, path, &base.name);
            out.bases.extend(
                symbol
                    .iter()
                    .map(|symbol| format!("{}.{}", symbol.package, symbol.path.join("."))),
            );
            let found = symbol.and_then(|symbol| Some((symbol.file?, symbol.path.join("."))));
            let known = found.filter(|_| depth < MAX_BASES).and_then(|(of, path)| {
                let params = self.with_type(&of, &path, |ty| ty.params.clone())?;
                Some((of, path, params))
            });
            let Some((of, name, params)) = known else {
                out.unread_bases.push(base.name.clone());
                continue;
            };
            let written = base.args.as_deref().map(arguments).unwrap_or_default();
            let own = ty.params.iter().cloned().collect();
            let needed = base
                .args
                .iter()
                .flat_map(|args| self.imports(file, path, args, &own));
            let needed: Vec<Import> = needed.chain(given.iter().cloned()).collect();
            let written = written.iter().map(|argument| substituted(argument, types));
            let types: Vec<(String, String)> = params.into_iter().zip(written).collect();
            self.gather((&of, &name), &types, &needed, out, depth + 1);
        }
    }

    /// A method as a contract has it.
    fn asked(
        &self,
        (file, ty): (&str, &Type),
        own: &Declared,
        throws: Option<&str>,
        types: &[(String, String)],
        given: &[Import],
    ) -> Method {
        let mut params: BTreeSet<String> = ty.params.iter().cloned().collect();
        params.extend(own.generics.iter().flat_map(|list| parameter_names(list)));
        let parts = own.params.iter().filter_map(|param| param.ty.as_deref());
        let parts = parts
            .chain(own.returns.as_deref())
            .chain(throws)
            .chain(own.generics.as_deref());
        let mut imports: Vec<Import> = vec![];
        for part in parts {
            imports.extend(self.imports(file, &ty.path, part, &params));
            let is_given = names_in(part)
                .iter()
                .any(|name| types.iter().any(|(param, _)| param == name));
            imports.extend(given.iter().filter(|_| is_given).cloned());
        }
        imports.sort();
        imports.dedup();
        let with = |ty: &String| substituted(ty, types);
        Method {
            name: own.name.clone(),
            doc: own.doc.clone(),
            generics: own.generics.as_ref().map(with),
            params: own
                .params
                .iter()
                .map(|param| Param {
                    name: param.name.clone(),
                    ty: param.ty.as_ref().map(with),
                    rest: param.rest,
                    ..Param::default()
                })
                .collect(),
            returns: own.returns.as_ref().map(with),
            bounds: throws.map(|throws| format!("throws {}", substituted(throws, types))),
            required: own.is_abstract && !OF_OBJECTS.contains(&&*own.name),
            is_static: own.is_static,
            visibility: own.visibility,
            imports,
            file: file.to_owned(),
            span: own.span,
            ..Method::default()
        }
    }

    /// The name of the method at `span` of a file.
    fn name_of(&self, path: &str, span: Span) -> Option<Span> {
        let read = self.file(path)?;
        let root = read.1.root();
        let mut nodes = root.dfs();
        let method = nodes.find(|node| Span::from(node.range()) == span && node.field("name").is_some())?;
        Some(method.field("name")?.range().into())
    }

    /// The type parameters that are known where the method at `span` of a file stands.
    fn parameters_at(&self, path: &str, span: Span) -> Vec<String> {
        let Some(read) = self.file(path) else {
            return vec![];
        };
        let around = read
            .0
            .types
            .iter()
            .filter(|ty| ty.class.span.start <= span.start && span.end <= ty.class.span.end);
        around.flat_map(|ty| ty.params.clone()).collect()
    }
}

/// The names that `<T extends A, U>` declares.
fn parameter_names(list: &str) -> Vec<String> {
    let first = |param: String| param.split_whitespace().next().unwrap_or_default().to_owned();
    arguments(list).into_iter().map(first).collect()
}

/// A type without its arguments and its package, as virtual machines compare them.
fn erased(ty: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in ty.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.rsplit('.').next().unwrap_or_default().to_owned()
}

fn same_parameters(one: &Method, other: &Method) -> bool {
    let of = |method: &Method| -> Vec<String> {
        let types = method
            .params
            .iter()
            .map(|param| param.ty.as_deref().unwrap_or_default());
        types.map(erased).collect()
    };
    of(one) == of(other)
}

/// `method` of `contract` as `class` has to have it: with the types that it gives for type parameters. Nothing if it does not say which,
/// and the method needs one.
pub fn for_class(method: &Method, contract: &Contract, class: &Class) -> Option<Method> {
    let params = contract
        .generics
        .as_deref()
        .map(parameter_names)
        .unwrap_or_default();
    let own = method
        .generics
        .as_deref()
        .map(parameter_names)
        .unwrap_or_default();
    let texts = method.params.iter().filter_map(|param| param.ty.as_ref());
    let texts = texts.chain(&method.returns).chain(&method.bounds);
    let names: Vec<String> = texts.flat_map(|text| names_in(text)).collect();
    let is_asked = |param: &&String| names.contains(param) && !own.contains(param);
    if params.iter().find(is_asked).is_none() {
        return Some(method.clone());
    }
    let is_it = |base: &&Base| base.name.rsplit('.').next() == Some(&*contract.name);
    let base = class.extends.iter().chain(&class.implements).find(is_it)?;
    let written = arguments(base.args.as_deref()?);
    if written.len() != params.len() {
        return None;
    }
    let types: Vec<(String, String)> = params.into_iter().zip(written).collect();
    let with = |ty: &String| substituted(ty, &types);
    let mut out = method.clone();
    for param in &mut out.params {
        param.ty = param.ty.as_ref().map(with);
    }
    out.returns = out.returns.as_ref().map(with);
    out.bounds = out.bounds.as_ref().map(with);
    Some(out)
}

impl Sources for Packages<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        self.file(path).map(|read| Rc::clone(&read.1))
    }

    fn exports(&self, path: &[&str]) -> Result<Vec<Export>> {
        let read = self.file(&self.entry).filter(|_| path.is_empty());
        let read = read.ok_or_else(|| Error::new(format!("`{}` cannot be read", self.entry)))?;
        let names = read.0.types.iter().filter(|ty| !ty.path.contains('.'));
        Ok(names
            .filter_map(|ty| self.export_of(&self.entry, &ty.path))
            .collect())
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let name = path.join(".");
        let found = self.export_of(&self.entry, &name).or_else(|| {
            let symbol = self.symbol(&self.entry, "", &name)?;
            self.export_of(&symbol.file?, &symbol.path.join("."))
        });
        found.ok_or_else(|| Error::new(format!("`{}` declares no `{name}`", self.entry)))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        let export = self.export(path)?;
        let contract = self.with_type(&export.file, &export.local, |ty| Contract {
            name: ty.class.name.clone(),
            kind: match ty.kind {
                ExportKind::Interface => ContractKind::Interface,
                ExportKind::AbstractClass => ContractKind::AbstractClass,
                _ => ContractKind::Class,
            },
            doc: ty.doc.clone(),
            generics: ty.class.generics.clone(),
            file: export.file.clone(),
            span: ty.class.name_span,
            ..Contract::default()
        });
        let mut out = contract.ok_or_else(|| Error::new(format!("`{}` is no type", path.join("."))))?;
        self.gather((&export.file, &export.local), &[], &[], &mut out, 0);
        Ok(out)
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        let path = match path.ends_with(".java") {
            true => path.to_owned(),
            false => joined(
                path,
                &format!("{}.java", name.split('.').next().unwrap_or_default()),
            ),
        };
        self.with_type(&path, name, |ty| Export {
            name: name.to_owned(),
            kind: ty.kind,
            file: path.clone(),
            local: ty.path.clone(),
            span: ty.class.name_span,
            doc: ty.doc.clone(),
        })
    }

    fn export_statement(&self, path: &str, name: &str) -> Option<Span> {
        self.with_type(path, name, |ty| ty.class.name_span)
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        let Some(read) = self.file(path) else {
            return vec![];
        };
        let names = read.0.types.iter().filter(|ty| !ty.path.contains('.'));
        names.map(|ty| ty.path.clone()).collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let Some(symbol) = self.symbol(path, "", name) else {
            return Definition::Unknown;
        };
        let local = symbol.path.join(".");
        let found = symbol
            .file
            .as_deref()
            .and_then(|file| self.export_of(file, &local));
        match found {
            Some(export) => Definition::Declared {
                file: export.file,
                local: export.local,
                kind: export.kind,
                span: export.span,
            },
            None => Definition::Outside {
                module: symbol.package,
                path: symbol.path,
            },
        }
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        let specifier = specifier.trim_start_matches("static ");
        let (package, types) = split(&format!("{specifier}.X"));
        if types.len() > 1 {
            return match self.find(path, &package, &types[0]) {
                Some(file) => ImportTarget::File(file),
                None => ImportTarget::Package,
            };
        }
        // What a build writes is not there yet: that a type is missing cannot be told.
        match self.dirs(&package).first() {
            Some(_) => ImportTarget::Unknown,
            None => ImportTarget::Package,
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        self.with_type(path, local, |ty| Rc::new(ty.class.clone()))
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let Some(read) = self.file(path) else {
            return vec![];
        };
        let all = read.0.imports.iter();
        all.map(|import| Used {
            specifier: import.module.trim_start_matches("static ").to_owned(),
            names: vec![import.name.clone()],
            span: import.span,
        })
        .collect()
    }

    fn constant(&self, _path: &str, expression: &str) -> Option<String> {
        let inner = unquoted(expression);
        let is_plain = inner.len() + 2 == expression.len() && expression.starts_with('"');
        (is_plain && !inner.contains(['"', '\\', '\n'])).then(|| inner.to_owned())
    }

    fn signature_mismatch(
        &self,
        path: &str,
        own: &Declared,
        method: &Method,
        _: &Against<'_>,
    ) -> Option<Mismatch> {
        let wrong = |span: Span, message: String| Some(Mismatch::from((span, message)));
        let name = &own.name;
        let at = self.name_of(path, own.span).unwrap_or(own.span);
        if own.params.len() != method.params.len() {
            let (is, asks) = (own.params.len(), method.params.len());
            return wrong(
                at,
                format!("`{name}` takes {is} parameters, and its contract has {asks}"),
            );
        }
        if method.visibility == Visibility::Public && own.visibility != Visibility::Public {
            return wrong(at, format!("`{name}` is not `public`, and its contract is"));
        }
        let mut unknown = self.parameters_at(path, own.span);
        unknown.extend(self.parameters_at(&method.file, method.span));
        let lists = own.generics.iter().chain(&method.generics);
        unknown.extend(lists.flat_map(|list| parameter_names(list)));
        let is_known = |ty: &str| {
            let names = names_in(ty);
            !names.iter().any(|name| unknown.contains(name))
        };
        let array = |rest: bool| if rest { "[]" } else { "" };
        for (param, asked) in own.params.iter().zip(&method.params) {
            let (is, asks) = (param.ty.as_deref()?, asked.ty.as_deref()?);
            let differs = erased(is) + array(param.rest) != erased(asks) + array(asked.rest);
            if differs && is_known(is) && is_known(asks) {
                let takes = format!("the parameter `{}` of `{name}` is `{is}`", param.name);
                return wrong(param.span, format!("{takes}, and its contract passes `{asks}`"));
            }
        }
        let (is, asks) = (own.returns.as_deref()?, method.returns.as_deref()?);
        // Of other types, what is given back may be one that is built on the contract's.
        let is_plain = |ty: &str| names_in(ty).is_empty();
        let differs = erased(is) != erased(asks) && (is_plain(is) || is_plain(asks));
        if differs && is_known(is) && is_known(asks) {
            return wrong(
                at,
                format!("`{name}` gives back `{is}`, and its contract asks for `{asks}`"),
            );
        }
        None
    }
}
