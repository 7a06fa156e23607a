//! The packages of a host as the rules see them: exports of a directory, types with their method sets, where names lead.

use std::borrow::Cow;
use std::rc::Rc;

use crate::Source;
use crate::class::{Base, Class, Declared, Parameter};
use crate::contract::{Contract, Method, Visibility};
use crate::sources::{Against, Definition, Export, ExportKind, ImportTarget, Mismatch, Sources, Used};
use crate::tree::Tree;
use tenon_text::diag::{Error, Result, Span};

use super::file::{Function, Shape};
use super::names::is_exported;
use super::tree::Packages;
use super::ty::Ref;

/// The packages of a host, seen from one of them.
pub struct GoSources<'s> {
    packages: Packages<'s>,
    /// The directory of the package whose contracts are read; empty for none.
    entry: String,
}

/// The directory of a package, given as such or by one of its files.
fn dir_of(path: &str) -> &str {
    match path.ends_with(".go") {
        true => path.rsplit_once('/').map_or("", |(dir, _)| dir),
        false => path.trim_end_matches('/'),
    }
}

impl<'s> GoSources<'s> {
    /// The packages of the host; `entry` is a file or the directory of one of them.
    pub fn new(source: &'s dyn Source, entry: &str) -> Self {
        let entry = dir_of(entry).to_owned();
        Self {
            packages: Packages::new(source, &entry),
            entry,
        }
    }

    fn exported(&self, dir: &str, name: &str) -> Option<Export> {
        let export = |kind, file: String, span, doc| Export {
            name: name.to_owned(),
            kind,
            file,
            local: name.to_owned(),
            span,
            doc,
        };
        if let Some((decl, file)) = self.packages.type_of(dir, name) {
            let kind = match decl.shape {
                Shape::Interface(..) => ExportKind::Interface,
                Shape::Alias(_) => ExportKind::TypeAlias,
                Shape::Struct(..) | Shape::Other => ExportKind::Class,
            };
            return Some(export(kind, file, decl.name_span, decl.doc));
        }
        if let Some((function, file)) = self.packages.function_of(dir, name) {
            return Some(export(
                ExportKind::Function,
                file,
                function.name_span,
                function.doc,
            ));
        }
        let (value, file) = self.packages.value_of(dir, name)?;
        Some(export(ExportKind::Const, file, value.span, vec![]))
    }

    fn names(&self, dir: &str) -> Vec<String> {
        let mut out = vec![];
        for path in self.packages.files_of(dir).iter() {
            let Some(read) = self.packages.file(path) else {
                continue;
            };
            let file = &read.0;
            let functions = file
                .functions
                .iter()
                .filter(|function| function.receiver.is_none());
            out.extend(functions.map(|function| function.name.clone()));
            out.extend(file.types.iter().map(|ty| ty.name.clone()));
            out.extend(file.values.iter().map(|value| value.name.clone()));
        }
        out.retain(|name| is_exported(name));
        out
    }

    /// The constructor of the type: `New` and its name, or what stands for it in a package of one type.
    fn constructor(&self, dir: &str, name: &str) -> Option<Function> {
        self.packages
            .function_of(dir, &format!("New{name}"))
            .map(|(function, _)| function)
    }

    /// Said of the first method that only a pointer to a type has, where its constructor makes no pointer: such a value
    /// has none of these methods.
    fn by_value(&self, path: &str, method: &Function) -> Option<(Span, String)> {
        let of = &method.receiver.as_ref()?.1.head()?.name;
        let dir = dir_of(path);
        let set = self.packages.methods(dir, of);
        let mut all = set.methods.iter();
        let first = all.find(|found| found.by_pointer && is_exported(&found.function.name))?;
        if first.function.name != method.name || first.promoted {
            return None;
        }
        let made = self.constructor(dir, of)?;
        let result = &made.results.first()?.ty;
        let is_value = result.text == *of;
        is_value.then(|| {
            let name = &method.name;
            let message = format!(
                "`{name}` belongs to `*{of}`, and `New{of}` makes a `{of}`, which does not have its methods"
            );
            (method.name_span, message)
        })
    }

    /// The method at `span` of a file, as declared, and the names of its type parameters.
    fn function_at(&self, path: &str, span: Span) -> Option<(Function, Vec<String>)> {
        let read = self.packages.file(path)?;
        let file = &read.0;
        if let Some(found) = file.functions.iter().find(|function| function.span == span) {
            let of = found.receiver.as_ref().and_then(|(_, ty)| ty.head());
            let params = of.map_or(vec![], |_| arguments(found));
            return Some((found.clone(), params));
        }
        file.types.iter().find_map(|ty| match &ty.shape {
            Shape::Interface(methods, _) => {
                let found = methods.iter().find(|method| method.span == span)?;
                Some((found.clone(), ty.params.clone()))
            }
            _ => None,
        })
    }
}

/// The names of a receiver's type parameters: `T` of `(s *Store[T])`.
fn arguments(function: &Function) -> Vec<String> {
    let Some((_, ty)) = &function.receiver else {
        return vec![];
    };
    let refs = ty.refs.iter().skip(1);
    refs.map(|(_, found)| found.name.clone()).collect()
}

fn declared(function: &Function) -> Declared {
    let ty = |ty: &super::ty::Ty| Some(ty.text.clone());
    let results: Vec<String> = function
        .results
        .iter()
        .map(|result| result.ty.text.clone())
        .collect();
    Declared {
        name: function.name.clone(),
        params: function
            .params
            .iter()
            .map(|param| Parameter {
                name: param.name.clone(),
                ty: ty(&param.ty),
                optional: false,
                rest: param.variadic,
                default: None,
                field: None,
                decorators: vec![],
                span: param.span,
            })
            .collect(),
        returns: (!results.is_empty()).then(|| results.join(", ")),
        has_body: true,
        visibility: match is_exported(&function.name) {
            true => Visibility::Public,
            false => Visibility::Private,
        },
        span: function.span,
        ..Declared::default()
    }
}

impl Sources for GoSources<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        self.packages.file(path).map(|read| Rc::new(read.1.clone()))
    }

    fn error(&self, path: &str) -> Option<Span> {
        self.packages.file(path)?.0.error
    }

    fn exports(&self, path: &[&str]) -> Result<Vec<Export>> {
        if !path.is_empty() {
            return Err(Error::new(format!("`{}` is not a package", path.join("."))));
        }
        let names = self.names(&self.entry);
        Ok(names
            .iter()
            .filter_map(|name| self.exported(&self.entry, name))
            .collect())
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let found = match path {
            [name] => self.exported(&self.entry, name),
            _ => None,
        };
        found.ok_or_else(|| Error::new(format!("`{}` does not declare `{}`", self.entry, path.join("."))))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        self.packages.contract(&self.entry, &path.join("."), "")
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        self.exported(dir_of(path), name)
    }

    fn export_statement(&self, path: &str, name: &str) -> Option<Span> {
        let export = self.exported(dir_of(path), name)?;
        (export.file == path).then_some(export.span)
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        self.names(dir_of(path))
    }

    fn own_statements(&self, path: &str) -> Vec<(String, Span)> {
        let names = self.own_exports(path).into_iter();
        names
            .filter_map(|name| {
                let span = self.export_statement(path, &name)?;
                Some((name, span))
            })
            .collect()
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        let found = match name.split_once('.') {
            Some((package, name)) => Ref {
                package: Some(package.to_owned()),
                name: name.to_owned(),
            },
            None => Ref {
                package: None,
                name: name.to_owned(),
            },
        };
        let Some(symbol) = self.packages.symbol(path, &found) else {
            return Definition::Unknown;
        };
        let outside = Definition::Outside {
            module: symbol.import.clone(),
            path: vec![symbol.name.clone()],
        };
        let Some(dir) = symbol.dir else { return outside };
        match self.exported(&dir, &symbol.name) {
            Some(export) => Definition::Declared {
                file: export.file,
                local: export.local,
                kind: export.kind,
                span: export.span,
            },
            None if found.package.is_none() => Definition::Unknown,
            None => outside,
        }
    }

    fn import_target(&self, _path: &str, specifier: &str) -> ImportTarget {
        let modules = self.packages.modules();
        match modules.dir_of(self.packages.source, specifier) {
            Some(dir) if self.packages.files_of(&dir).is_empty() => ImportTarget::Missing,
            Some(dir) => ImportTarget::File(dir),
            None => ImportTarget::Package,
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        let dir = dir_of(path);
        let (decl, _) = self.packages.type_of(dir, local)?;
        if let Shape::Interface(..) = decl.shape {
            return None;
        }
        let set = self.packages.methods(dir, local);
        let made = self.constructor(dir, local);
        let (body, fields) = match &decl.shape {
            Shape::Struct(fields, body) => (*body, fields.as_slice()),
            _ => (decl.span, &[][..]),
        };
        Some(Rc::new(Class {
            name: decl.name.clone(),
            name_span: decl.name_span,
            generics: decl.generics.clone(),
            // What cannot be read may have more methods.
            implements: set
                .unread
                .iter()
                .map(|name| Base {
                    name: name.clone(),
                    args: None,
                    span: decl.name_span,
                })
                .collect(),
            exported: is_exported(local),
            methods: set
                .methods
                .iter()
                .map(|found| declared(&found.function))
                .collect(),
            fields: fields
                .iter()
                .flat_map(|(names, ty, span)| names.iter().map(move |name| (name, ty, span)))
                .map(|(name, ty, span)| crate::class::Field {
                    doc: vec![],
                    optional: false,
                    name: name.clone(),
                    ty: Some(ty.text.clone()),
                    readonly: false,
                    is_static: false,
                    is_abstract: false,
                    visibility: Visibility::Private,
                    decorators: vec![],
                    span: *span,
                })
                .filter(|field| is_exported(&field.name))
                .collect(),
            constructor: made.map(|made| declared(&made).params),
            body,
            span: decl.span,
            ..Class::default()
        }))
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let read = self.packages.file(path);
        let specs = read.iter().flat_map(|read| read.0.imports.iter());
        specs
            .map(|spec| Used {
                names: vec![],
                specifier: spec.path.clone(),
                span: spec.path_span,
            })
            .collect()
    }

    fn structural(&self) -> bool {
        true
    }

    fn file_of<'p>(&self, path: &'p str, class: &str, own: &Declared) -> Cow<'p, str> {
        let set = self.packages.methods(dir_of(path), class);
        let mut all = set.methods.into_iter();
        all.find(|found| found.function.span == own.span && found.function.name == own.name)
            .map_or(Cow::Borrowed(path), |found| Cow::Owned(found.file))
    }

    fn constant(&self, path: &str, expression: &str) -> Option<String> {
        self.packages.constant(path, expression, 0)
    }

    fn signature_mismatch(
        &self,
        path: &str,
        own: &Declared,
        method: &Method,
        _against: &Against<'_>,
    ) -> Option<Mismatch> {
        let (mine, own_params) = self.function_at(path, own.span)?;
        let (asked, params) = self.function_at(&method.file, method.span)?;
        if let Some(wrong) = self.by_value(path, &mine) {
            return Some(wrong.into());
        }
        super::fit::signature_mismatch(
            &self.packages,
            (path, &mine, &own_params),
            (&method.file, &asked, &params),
        )
        .map(Mismatch::from)
    }
}
