//! The sources of a crate, as names are followed through them.
//!
//! A file belongs to the crate whose root leads to it along `mod`: the entry that is given, else `src/lib.rs` or
//! `src/main.rs` of its directory; a file that no root leads to is a root itself.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::Source;
use crate::class::{Base, Class, Declared, Field};
use crate::contract::{Contract, Method, Visibility};
use crate::sources::{Against, Definition, Export, ExportKind, ImportTarget, Mismatch, Sources, Used};
use crate::tree::{Node, Tree};
use tenon_text::diag::{Error, Result, Span};

use super::fit;
use super::krate::{Files, Krate, Meaning, ModPath, Place};
use super::module::bare;
use super::traits::{Trait, declared, implemented};
use super::types::one_line;
use super::use_tree::{Leaf, UseTree};

/// A crate whose sources can be read.
pub struct Package<'s> {
    files: Files<'s>,
    entry: String,
    specifier: String,
    crates: RefCell<HashMap<String, Rc<Krate>>>,
}

/// Roots of crates below the directory of a package.
const ROOTS: [&str; 2] = ["src/lib.rs", "src/main.rs"];

impl<'s> Package<'s> {
    /// The crate whose root is `entry` (empty for none) and that others call `specifier`.
    pub fn new(source: &'s dyn Source, entry: &str, specifier: &str) -> Self {
        Self {
            files: Files::new(source),
            entry: entry.to_owned(),
            specifier: specifier.to_owned(),
            crates: RefCell::default(),
        }
    }

    fn open(&self, root: &str) -> Rc<Krate> {
        if let Some(known) = self.crates.borrow().get(root) {
            return Rc::clone(known);
        }
        let krate = Rc::new(Krate::open(&self.files, root));
        self.crates
            .borrow_mut()
            .insert(root.to_owned(), Rc::clone(&krate));
        krate
    }

    /// The crate that a file belongs to, and its module there.
    fn home(&self, path: &str) -> Option<(Rc<Krate>, ModPath)> {
        let mut roots = vec![];
        if !self.entry.is_empty() {
            roots.push(self.entry.clone());
        }
        let mut dir = path;
        while let Some((above, _)) = dir.rsplit_once('/') {
            roots.extend(ROOTS.iter().map(|root| format!("{above}/{root}")));
            dir = above;
        }
        roots.extend(ROOTS.iter().map(|root| (*root).to_owned()));
        roots.push(path.to_owned());
        for root in roots.into_iter().filter(|root| self.files.exists(root)) {
            let krate = self.open(&root);
            if let Some(module) = krate.module_of(path) {
                let module = module.clone();
                return Some((krate, module));
            }
        }
        None
    }

    /// The crate of the entry, and the module at the public path `path`.
    fn namespace(&self, path: &[&str]) -> Result<(Rc<Krate>, ModPath)> {
        let krate = self.open(&self.entry);
        if krate.modules.is_empty() {
            return Err(Error::new(format!(
                "cannot read `{}`, the root of `{}`",
                self.entry, self.specifier
            ))
            .in_file(self.entry.clone()));
        }
        let mut at: ModPath = vec![];
        for (depth, name) in path.iter().enumerate() {
            let exports = krate.exports(&at);
            match exports.iter().find(|(own, _)| own == name) {
                Some((_, Meaning::Module(module))) => at.clone_from(module),
                Some(_) => {
                    return Err(Error::new(format!(
                        "`{}` of `{}` is not a module",
                        path[..=depth].join("::"),
                        self.specifier
                    )));
                }
                None => return Err(self.not_exported(&krate, &at, &path[..=depth])),
            }
        }
        Ok((krate, at))
    }

    fn not_exported(&self, krate: &Krate, at: &ModPath, path: &[&str]) -> Error {
        let error = Error::new(format!(
            "`{}` is not public in `{}`",
            path.join("::"),
            self.specifier
        ))
        .in_file(self.entry.clone());
        let names: Vec<String> = krate
            .exports(at)
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if names.is_empty() {
            return error;
        }
        error.help(format!("public are {}", names.join(", ")))
    }

    fn export_for(&self, krate: &Krate, name: &str, meaning: &Meaning) -> Option<Export> {
        let (place, kind, local, span, doc) = match meaning {
            Meaning::Item(module, local) => {
                let (place, item) = krate.item(module, local)?;
                (place, item.kind, local.clone(), item.span, item.doc.clone())
            }
            Meaning::Module(module) => {
                let place = krate.modules.get(module)?;
                (place, ExportKind::Namespace, name.to_owned(), Span::at(0), vec![])
            }
            Meaning::Outside(_) => return None,
        };
        Some(Export {
            name: name.to_owned(),
            kind,
            file: place.file.clone(),
            local,
            span,
            doc,
        })
    }
}

impl Sources for Package<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        self.files.tree(path)
    }

    fn exports(&self, path: &[&str]) -> Result<Vec<Export>> {
        let (krate, at) = self.namespace(path)?;
        let exports = krate.exports(&at);
        Ok(exports
            .iter()
            .filter_map(|(name, meaning)| self.export_for(&krate, name, meaning))
            .collect())
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let Some((name, parents)) = path.split_last() else {
            return Err(Error::new("a path to an export needs a name"));
        };
        let (krate, at) = self.namespace(parents)?;
        let exports = krate.exports(&at);
        let found = exports.iter().find(|(own, _)| own == name);
        found
            .and_then(|(_, meaning)| self.export_for(&krate, name, meaning))
            .ok_or_else(|| self.not_exported(&krate, &at, path))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        let export = self.export(path)?;
        let no_trait = || {
            Error::new(format!(
                "`{}` of `{}` is not a trait",
                path.join("::"),
                self.specifier
            ))
            .in_file(export.file.clone())
        };
        if export.kind != ExportKind::Interface {
            return Err(no_trait());
        }
        let (krate, at) = self.home(&export.file).ok_or_else(no_trait)?;
        // The module may be a block of its file.
        let declares = |of: &ModPath| krate.item(of, &export.local).is_some();
        let inner = krate
            .modules
            .iter()
            .find(|(of, place)| place.file == export.file && declares(of));
        let at = if declares(&at) {
            at
        } else {
            inner.map_or(at, |(of, _)| of.clone())
        };
        let tree = self.files.tree(&export.file).ok_or_else(no_trait)?;
        let public = krate.public();
        let of = Trait {
            krate: &krate,
            at: &at,
            specifier: &self.specifier,
            public: &public,
            file: &export.file,
            tree: &tree,
        };
        of.contract(&export.local).ok_or_else(no_trait)
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        if name.starts_with("impl ") {
            return self.all_of(path, name).into_iter().next();
        }
        let (krate, at) = self.home(path)?;
        let exports = krate.exports(&at);
        let (_, meaning) = exports.iter().find(|(own, _)| own == name)?;
        self.export_for(&krate, name, meaning)
    }

    fn all_of(&self, path: &str, name: &str) -> Vec<Export> {
        let Some(of) = name.strip_prefix("impl ") else {
            return self.export_of(path, name).into_iter().collect();
        };
        let Some((krate, at)) = self.home(path) else {
            return vec![];
        };
        let mut out = vec![];
        let own = krate.modules.iter().filter(|(module, _)| module.starts_with(&at));
        for (_, place) in own.filter(|(_, place)| !place.test) {
            let all = place.module.impls.iter();
            for found in all.filter(|own| own.of.rsplit("::").next() == Some(of)) {
                out.push(Export {
                    name: name.to_owned(),
                    kind: ExportKind::Class,
                    file: place.file.clone(),
                    local: found.local(),
                    span: found.span,
                    doc: vec![],
                });
            }
        }
        out
    }

    fn export_statement(&self, path: &str, name: &str) -> Option<Span> {
        let (krate, at) = self.home(path)?;
        let module = &krate.modules.get(&at)?.module;
        let mut uses = module.uses.iter().filter(|own| own.public);
        let passed = uses.find(|own| own.leaf.local() == name).map(|own| own.span);
        let mut items = module.items.iter();
        passed.or_else(|| {
            items
                .find(|item| item.public && item.name == name)
                .map(|item| item.span)
        })
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        let Some((krate, at)) = self.home(path) else {
            return vec![];
        };
        krate.exports(&at).iter().map(|(name, _)| name.clone()).collect()
    }

    fn own_statements(&self, path: &str) -> Vec<(String, Span)> {
        let Some((krate, at)) = self.home(path) else {
            return vec![];
        };
        let Some(place) = krate.modules.get(&at) else {
            return vec![];
        };
        let mut spans: HashMap<&str, Span> = HashMap::new();
        let uses = place.module.uses.iter().filter(|own| own.public);
        let items = place.module.items.iter().filter(|item| item.public);
        let all = uses.map(|own| (own.leaf.local(), own.span));
        for (name, span) in all.chain(items.map(|item| (&*item.name, item.span))) {
            spans.entry(name).or_insert(span);
        }
        let statement = |(name, _): &(String, _)| Some((name.clone(), *spans.get(name.as_str())?));
        krate.exports(&at).iter().filter_map(statement).collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let Some((krate, at)) = self.home(path) else {
            return Definition::Unknown;
        };
        let segments: Vec<String> = name.split("::").map(|part| part.trim().to_owned()).collect();
        match krate.resolve(&at, &segments) {
            Some(Meaning::Item(module, local)) => match krate.item(&module, &local) {
                Some((place, item)) => Definition::Declared {
                    file: place.file.clone(),
                    kind: item.kind,
                    span: item.span,
                    local,
                },
                None => Definition::Unknown,
            },
            Some(Meaning::Module(module)) => match krate.modules.get(&module) {
                Some(place) => Definition::Module(place.file.clone()),
                None => Definition::Unknown,
            },
            Some(Meaning::Outside(path)) => match path.split_first() {
                Some((module, path)) => Definition::Outside {
                    module: module.clone(),
                    path: path.to_vec(),
                },
                None => Definition::Unknown,
            },
            None => Definition::Unknown,
        }
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        match self.definition(path, specifier) {
            Definition::Declared { file, .. } | Definition::Module(file) => ImportTarget::File(file),
            Definition::Outside { .. } => ImportTarget::Package,
            // Of another crate nothing is known.
            Definition::Unknown => match specifier.split("::").next().unwrap_or_default() {
                "crate" | "self" | "super" => ImportTarget::Missing,
                first if first == specifier => ImportTarget::Package,
                first => match self.definition(path, first) {
                    Definition::Module(_) | Definition::Declared { .. } => ImportTarget::Missing,
                    _ => ImportTarget::Package,
                },
            },
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        let tree = self.files.tree(path)?;
        let root = tree.root();
        let block = root.dfs().find(|node| {
            let header = || implemented(node).map(|(of, ty)| format!("impl {of} for {ty}"));
            node.kind() == "impl_item" && header().as_deref() == Some(local)
        })?;
        class_of(&block).map(Rc::new)
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let (Some((krate, at)), Some(tree)) = (self.home(path), self.files.tree(path)) else {
            return vec![];
        };
        let mut out: Vec<Used> = vec![];
        let mut used = HashSet::new();
        let mut add = |name: &str, span: Span| {
            let specifier = name.trim_start_matches("r#").to_owned();
            if used.insert(specifier.clone()) {
                out.push(Used {
                    specifier,
                    span,
                    names: vec![],
                });
            }
        };
        let root = tree.root();
        let bound = bound_anywhere(&root);
        let module = |place: &&Place| place.file == path;
        let items: HashSet<&str> = (krate.modules.values().filter(module))
            .flat_map(|place| &place.module.items)
            .map(|item| item.name.as_str())
            .collect();
        for node in root.dfs() {
            let first = match &*node.kind() {
                "scoped_identifier" | "scoped_type_identifier" | "scoped_use_list" | "use_wildcard" => {
                    root_of(&node)
                }
                "use_declaration" => node
                    .field("argument")
                    .filter(|inner| inner.kind() == "identifier"),
                "use_as_clause" => node.field("path").filter(|inner| inner.kind() == "identifier"),
                _ => None,
            };
            let Some(first) = first else { continue };
            let name = first.text().into_owned();
            let is_crate = name
                .chars()
                .all(|c| c.is_lowercase() || c == '_' || c.is_numeric());
            let known = items.contains(name.as_str()) || bound.contains(&name);
            if known || !is_crate || NO_CRATES.contains(&name.as_str()) {
                continue;
            }
            match krate.binding(&at, &name, 8) {
                Some(Meaning::Item(..) | Meaning::Module(_)) => {}
                Some(Meaning::Outside(of)) => add(of.first().unwrap_or(&name), first.range().into()),
                None => add(&name, first.range().into()),
            }
        }
        out
    }

    fn constant(&self, path: &str, expression: &str) -> Option<String> {
        let literal = |text: &str| {
            let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
            (!text.contains('\\')).then(|| text.to_owned())
        };
        if let Some(text) = literal(expression) {
            return Some(text);
        }
        let Definition::Declared { file, span, kind, .. } = self.definition(path, expression) else {
            return None;
        };
        if kind != ExportKind::Const {
            return None;
        }
        let tree = self.files.tree(&file)?;
        let item = tree.root().dfs().find(|node| Span::from(node.range()) == span)?;
        literal(&item.field("value")?.text())
    }

    fn signature_mismatch(
        &self,
        path: &str,
        own: &Declared,
        method: &Method,
        against: &Against<'_>,
    ) -> Option<Mismatch> {
        let text = self.files.tree(path)?;
        fit::signature_mismatch(self, (path, text.source()), own, method, against.specifier)
            .map(Mismatch::from)
    }
}

/// Words that stand before `::` and are no crates.
const NO_CRATES: [&str; 23] = [
    "alloc", "bool", "char", "core", "crate", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize",
    "self", "std", "str", "super", "u128", "u16", "u32", "u64", "u8", "usize",
];

/// The names that declarations anywhere in a file bind otherwise than as crates.
fn bound_anywhere(root: &Node<'_>) -> HashSet<String> {
    let mut out = HashSet::new();
    for node in root.dfs() {
        match &*node.kind() {
            "use_declaration" => {
                let text = node.field("argument").map(|node| node.text().into_owned());
                let tree = text.and_then(|text| UseTree::parse(&text));
                let leaves = tree.map(|tree| tree.leaves()).unwrap_or_default();
                let renamed = |leaf: &&Leaf| leaf.path.len() > 1 || leaf.alias.is_some();
                out.extend(leaves.iter().filter(renamed).map(|leaf| leaf.local().to_owned()));
            }
            "extern_crate_declaration" => {
                let alias = node.field("alias").map(|node| node.text().into_owned());
                out.extend(alias);
            }
            "mod_item" => out.extend(node.field("name").map(|name| name.text().into_owned())),
            _ => {}
        }
    }
    out
}

/// The first segment of a path; nothing if it is inside a longer one.
fn root_of<'t>(node: &Node<'t>) -> Option<Node<'t>> {
    let first = match node.field("path") {
        Some(path) => path,
        None => node
            .named_children()
            .next()
            .filter(|_| node.kind() == "use_wildcard")?,
    };
    (first.kind() == "identifier").then_some(first)
}

/// An `impl` block of a trait as a class: the type, what it implements, its functions, constants and types.
fn class_of(block: &Node<'_>) -> Option<Class> {
    let (of, ty) = (block.field("trait")?, block.field("type")?);
    let body = block.field("body")?;
    let (mut methods, mut fields) = (vec![], vec![]);
    let mut above: Option<usize> = None;
    for child in body.named_children() {
        match &*child.kind() {
            "attribute_item" => {
                above.get_or_insert(child.range().start);
                continue;
            }
            "line_comment" | "block_comment" => continue,
            "function_item" => methods.push(declared(&child)),
            "const_item" | "type_item" | "associated_type" => fields.extend(field(&child)),
            // What a macro makes cannot be told.
            "macro_invocation" | "expression_statement" => return None,
            _ => {}
        }
        above = None;
    }
    Some(Class {
        name: bare(&ty.text()),
        name_span: ty.range().into(),
        generics: block.field("type_parameters").map(|list| one_line(&list.text())),
        implements: vec![Base {
            name: bare(&of.text()),
            args: None,
            span: of.range().into(),
        }],
        methods,
        fields,
        body: body.range().into(),
        span: block.range().into(),
        ..Class::default()
    })
}

fn field(node: &Node<'_>) -> Option<Field> {
    Some(Field {
        doc: vec![],
        optional: false,
        name: node.field("name")?.text().into_owned(),
        ty: node.field("type").map(|ty| one_line(&ty.text())),
        readonly: true,
        is_static: true,
        is_abstract: false,
        visibility: Visibility::Public,
        decorators: vec![],
        span: node.range().into(),
    })
}
