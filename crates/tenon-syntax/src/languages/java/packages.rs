//! The packages of a host as the rules see them: where names lead, what types ask for, classes with what they are built on.
//!
//! A package is spread over the source roots of a host, those of its modules and of their tests. They are looked for when a name leads
//! out of the root of its file.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::Source;
use crate::class::{Class, Declared};
use crate::contract::{Contract, ContractKind, Import, Method, Visibility};
use crate::generics::{self, arguments, bare, names_in, parameters, substituted, with_types};
use crate::language::Lang;
use crate::roots::{joined, source_roots};
use crate::sources::{Against, Definition, Export, ExportKind, Files, ImportTarget, Mismatch, Sources, Used};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result, Span};
use tenon_text::names::{in_dir, literal};

use super::Java;
use super::file::{File, Type};
use super::grammar::GRAMMAR;

/// How many types may be built on each other.
const MAX_BASES: usize = 16;
/// The types of `java.lang` that many files name.
const LANG: &str = "AutoCloseable Boolean Byte CharSequence Character Class Comparable Double Enum Error Exception Float \
     Integer Iterable Long Number Object Runnable RuntimeException Short String StringBuilder Thread Throwable Void";

/// The packages of a host, entered by one file.
pub struct Packages<'s> {
    source: &'s dyn Source,
    entry: String,
    files: Files<(File, Rc<Tree>)>,
    roots: OnceCell<Vec<String>>,
    dirs: RefCell<HashMap<String, Rc<Vec<String>>>>,
}

type Read = Rc<(File, Rc<Tree>)>;

/// Types in place of type parameters, and what has to be imported for them.
type Types<'t> = (&'t [(String, String)], &'t [Import]);

/// What a name leads to.
struct Symbol {
    package: String,
    /// The type with those around it: `Map.Entry`.
    path: String,
    /// The file that declares it, if that can be read.
    file: Option<String>,
}

impl Symbol {
    fn full(&self) -> String {
        dotted(&self.package, &self.path)
    }
}

fn begins_lower(name: &str) -> bool {
    name.starts_with(|c: char| c.is_lowercase())
}

/// The package and the type of a full name, by the case of its parts.
fn split(full: &str) -> (&str, &str) {
    let starts = full.match_indices('.').map(|(at, _)| at + 1);
    let mut starts = std::iter::once(0).chain(starts);
    let at = starts.find(|at| !begins_lower(&full[*at..]));
    let at = at.unwrap_or(full.len());
    (full[..at].trim_end_matches('.'), &full[at..])
}

/// `a.b`, or one of the two.
fn dotted(a: &str, b: &str) -> String {
    format!("{a}.{b}").trim_matches('.').to_owned()
}

impl<'s> Packages<'s> {
    /// Nothing is read yet. `entry` is the file whose contracts are asked for; it may be empty.
    pub fn new(source: &'s dyn Source, entry: &str) -> Self {
        Self {
            source,
            entry: entry.to_owned(),
            files: Files::default(),
            roots: OnceCell::new(),
            dirs: RefCell::default(),
        }
    }

    fn file(&self, path: &str) -> Option<Read> {
        self.files.get(self.source, path, |text| {
            let tree = GRAMMAR.parse(text);
            (File::read(&tree), Rc::new(tree))
        })
    }

    /// The directories of a package; none of what the language itself has.
    fn dirs(&self, package: &str) -> Rc<Vec<String>> {
        if let Some(known) = self.dirs.borrow().get(package) {
            return Rc::clone(known);
        }
        let below = package.replace('.', "/");
        let find = || source_roots(self.source, "java", &["target", "build", "node_modules"]);
        let roots = self.roots.get_or_init(find).iter();
        let all = roots.filter(|_| !package.starts_with("java."));
        let all = all.map(|root| joined(root, &below));
        let found = Rc::new(all.filter(|dir| self.source.is_dir(dir)).collect());
        let mut known = self.dirs.borrow_mut();
        Rc::clone(known.entry(package.to_owned()).or_insert(found))
    }

    /// The file of the type `name` of a package, as seen from the file `from`: that below the same root comes first.
    fn find(&self, from: &str, package: &str, name: &str) -> Option<String> {
        let path = |dir: &str| joined(dir, &format!("{name}.java"));
        let file = |dir: &str| Some(path(dir)).filter(|path| self.source.exists(path));
        let own = self.file(from)?.0.package.replace('.', "/");
        let root = in_dir(from).0.strip_suffix(&*own);
        let below = package.replace('.', "/");
        let near = root.and_then(|root| file(&joined(root.trim_end_matches('/'), &below)));
        near.or_else(|| self.dirs(package).iter().find_map(|dir| file(dir)))
    }

    /// What `name`, which may be a path of names, leads to in the file at `from`. `inside` is the path of the type whose text names it.
    fn symbol(&self, from: &str, inside: &str, name: &str) -> Option<Symbol> {
        let read = self.file(from)?;
        let file = &read.0;
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        // Types inside of the types around, the innermost first, and those of the file.
        let outer = |path: &str| path.rfind('.').unwrap_or(0);
        let next = |path: &&'_ str| (!path.is_empty()).then(|| &inside[..outer(path)]);
        let mut around = std::iter::successors(Some(inside), next).map(|path| dotted(path, first));
        if let Some(own) = around.find(|path| file.ty(path).is_some()) {
            return Some(Symbol {
                package: file.package.clone(),
                path: dotted(&own, rest),
                file: Some(from.to_owned()),
            });
        }
        let at = |package: &str, path: &str| Symbol {
            file: self.find(from, package, path.split('.').next().unwrap_or_default()),
            package: package.to_owned(),
            path: path.to_owned(),
        };
        let imports = || file.imported_types();
        if let Some(import) = imports().find(|import| import.name == first) {
            let full = dotted(&import.module, name);
            let (package, path) = split(&full);
            return Some(at(package, path));
        }
        if begins_lower(first) && !rest.is_empty() {
            let (package, path) = split(name);
            return Some(at(package, path));
        }
        let all = imports().filter(|import| import.name == "*");
        let mut packages = std::iter::once(&file.package).chain(all.map(|import| &import.module));
        let package = packages.find(|package| self.find(from, package, first).is_some())?;
        Some(at(package, name))
    }

    /// What has to be imported for the types in `ty`, which the type `inside` of the file at `from` names; `params` are no types.
    fn imports(&self, from: &str, inside: &str, ty: &str, params: &[String]) -> Vec<Import> {
        let mut out = vec![];
        let Some(read) = self.file(from) else { return out };
        let imports = || read.0.imported_types();
        for name in names_in(ty).filter(|name| !Lang(&Java).reserves(name)) {
            let first = name.split('.').next().unwrap_or_default();
            if params.iter().any(|param| param == first) || begins_lower(first) {
                continue;
            }
            if let Some(import) = imports().find(|import| import.name == first) {
                out.push(import.clone());
            } else if let Some(symbol) = self.symbol(from, inside, first) {
                let full = symbol.full();
                let parts = full.rsplit_once('.');
                out.extend(parts.map(|(module, name)| Import::named(module, name)));
            } else if !LANG.split_ascii_whitespace().any(|known| known == first) {
                // It comes from one of these, or is known without an import.
                out.extend(imports().filter(|import| import.name == "*").cloned());
            }
        }
        out
    }

    /// Adds what the type `path` of the file at `file` asks for.
    fn gather(&self, file: &str, path: &str, (types, given): Types<'_>, out: &mut Contract, depth: usize) {
        let Some(read) = self.file(file) else { return };
        let Some(ty) = read.0.ty(path) else { return };
        for (own, throws) in ty.class.methods.iter().zip(&ty.throws) {
            let mut method = own.asked(file);
            method.bounds.clone_from(throws);
            // Every instance has these.
            method.required &= !["equals", "hashCode", "toString"].contains(&&*own.name);
            method.imports = self.needed(file, ty, &method, (types, given));
            let method = with_types(&method, types);
            let takes = |method: &Method| -> Vec<String> {
                let types = method.params.iter().filter_map(|param| param.ty.as_deref());
                types.map(bare).collect()
            };
            let is_it = |known: &Method| known.name == method.name && takes(known) == takes(&method);
            if own.visibility != Visibility::Private && !out.methods.iter().any(is_it) {
                out.methods.push(method);
            }
        }
        for base in ty.class.extends.iter().chain(&ty.class.implements) {
            let symbol = self.symbol(file, path, &base.name);
            out.bases.extend(symbol.as_ref().map(Symbol::full));
            let args = base.args.as_deref().unwrap_or_default();
            let written = arguments(args);
            let known = symbol.filter(|_| depth < MAX_BASES).and_then(|symbol| {
                let file = symbol.file?;
                let params = self.file(&file)?.0.ty(&symbol.path)?.params.clone();
                // Of a type without its arguments nothing is known for certain.
                (params.len() == written.len()).then_some((file, symbol.path, params))
            });
            let Some((of, name, params)) = known else {
                out.unread_bases.push(base.name.clone());
                continue;
            };
            let mut needed = self.imports(file, path, args, &ty.params);
            needed.extend_from_slice(given);
            let written = written.iter().map(|argument| substituted(argument, types));
            let types: Vec<(String, String)> = params.into_iter().zip(written).collect();
            self.gather(&of, &name, (&types, &needed), out, depth + 1);
        }
    }

    /// What has to be imported for a method of `ty` as its contract has it.
    fn needed(&self, file: &str, ty: &Type, method: &Method, (types, given): Types<'_>) -> Vec<Import> {
        let mut params = method.generics.as_deref().map(parameters).unwrap_or_default();
        params.extend_from_slice(&ty.params);
        let mut out = vec![];
        for part in method.types() {
            out.extend(self.imports(file, &ty.path, part, &params));
            let is_given = names_in(part).any(|name| types.iter().any(|(param, _)| param == name));
            out.extend(given.iter().filter(|_| is_given).cloned());
        }
        out.sort();
        out.dedup();
        out
    }
}

impl Sources for Packages<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        self.file(path).map(|read| Rc::clone(&read.1))
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let name = path.join(".");
        let symbol = || self.symbol(&self.entry, "", &name);
        let found = self.export_of(&self.entry, &name);
        let found = found.or_else(|| symbol().and_then(|symbol| self.export_of(&symbol.file?, &symbol.path)));
        found.ok_or_else(|| Error::new(format!("`{}` declares no `{name}`", self.entry)))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        let export = self.export(path)?;
        let class = self.class(&export.file, &export.local).unwrap_or_default();
        let mut out = Contract {
            name: class.name.clone(),
            kind: match export.kind {
                ExportKind::Interface => ContractKind::Interface,
                ExportKind::AbstractClass => ContractKind::AbstractClass,
                _ => ContractKind::Class,
            },
            doc: export.doc,
            generics: class.generics.clone(),
            file: export.file.clone(),
            span: export.span,
            ..Contract::default()
        };
        self.gather(&export.file, &export.local, (&[], &[]), &mut out, 0);
        Ok(out)
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        let read = self.file(path)?;
        let ty = read.0.ty(name)?;
        Some(Export {
            name: name.to_owned(),
            kind: ty.kind,
            file: path.to_owned(),
            local: ty.path.clone(),
            span: ty.class.name_span,
            doc: ty.doc.clone(),
        })
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        let read = self.file(path);
        let types = read.iter().flat_map(|read| &read.0.types);
        let paths = types.map(|ty| ty.path.clone());
        paths.filter(|path| !path.contains('.')).collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let Some(symbol) = self.symbol(path, "", name) else {
            return Definition::Unknown;
        };
        let outside = || Definition::Outside {
            module: symbol.package.clone(),
            path: symbol.path.split('.').map(str::to_owned).collect(),
        };
        let found = symbol
            .file
            .as_deref()
            .and_then(|file| self.export_of(file, &symbol.path));
        found.map_or_else(outside, Definition::from)
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        let (package, ty) = split(specifier);
        let found = self.find(path, package, ty.split('.').next().unwrap_or_default());
        match found {
            Some(file) => ImportTarget::File(file),
            // What a build writes is not there yet: that a type is missing cannot be told.
            None if !self.dirs(package).is_empty() => ImportTarget::Unknown,
            None => ImportTarget::Package,
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        Some(Rc::new(self.file(path)?.0.ty(local)?.class.clone()))
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let read = self.file(path);
        let all = read.iter().flat_map(|read| &read.0.imports);
        let used = all.map(|(import, span)| Used {
            specifier: import.module.trim_start_matches("static ").to_owned(),
            names: vec![import.name.clone()],
            span: *span,
        });
        used.collect()
    }

    fn constant(&self, _path: &str, expression: &str) -> Option<String> {
        let inner = literal(expression).filter(|_| expression.starts_with('"'))?;
        Some(inner.to_owned())
    }

    fn signature_mismatch(
        &self,
        path: &str,
        own: &Declared,
        method: &Method,
        _: &Against<'_>,
    ) -> Option<Mismatch> {
        let read = self.file(path)?;
        let root = read.1.root();
        let mut nodes = root.dfs().filter(|node| Span::from(node.range()) == own.span);
        let name = nodes.find_map(|node| node.field("name"));
        let at = name.map_or(own.span, |name| name.range().into());
        let is_around = |span: Span| span.start <= own.span.start && own.span.end <= span.end;
        let around = read.0.types.iter().filter(|ty| is_around(ty.class.span));
        let params: Vec<String> = around.flat_map(|ty| ty.params.clone()).collect();
        let is_type = |name: &str| !Lang(&Java).reserves(name);
        generics::mismatch((own, at), method, &params, is_type).map(Mismatch::from)
    }
}
