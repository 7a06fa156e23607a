//! Interfaces, and the method sets of other types, as contracts: with everything that they embed, and written as another
//! package has to write them.

use std::collections::BTreeMap;

use crate::contract::{Contract, ContractKind, Import, ImportKind, Method, Param};
use tenon_text::diag::{Error, Result, line_col};

use super::file::{Function, Parameter, Shape, TypeDecl};
use super::methods::Found;
use super::names::{base_name, is_exported};
use super::tree::{MAX_DEPTH, Packages};
use super::ty::{Ref, Ty};

/// What type parameters of an embedded interface stand for there.
type Substitution = BTreeMap<String, (String, Vec<Import>)>;

/// Reads one contract.
struct Reader<'r, 's> {
    packages: &'r Packages<'s>,
    /// The package that implements it, if that is known: its own types need no import.
    within: &'r str,
    /// Names of imports that are given away, with their paths.
    locals: BTreeMap<String, String>,
    contract: Contract,
}

impl Packages<'_> {
    /// The contract `name` of the package in `dir`, as packages outside of `within` write it.
    pub fn contract(&self, dir: &str, name: &str, within: &str) -> Result<Contract> {
        let Some((decl, file)) = self.type_of(dir, name) else {
            return Err(Error::new(format!("`{dir}` declares no type `{name}`"))
                .in_file(dir)
                .help("it may have been renamed or moved: look for it in the host"));
        };
        if let Some(at) = self.file(&file).and_then(|read| read.0.error) {
            let text = self.source.text(&file).unwrap_or_default();
            return Err(Error::new(format!("`{file}` has a syntax error"))
                .at(&file, line_col(&text, at.start))
                .help("fix it there"));
        }
        let mut reader = Reader {
            packages: self,
            within,
            locals: BTreeMap::new(),
            contract: Contract {
                name: name.to_owned(),
                kind: ContractKind::Interface,
                doc: decl.doc.clone(),
                generics: decl.generics.clone(),
                span: decl.name_span,
                file: file.clone(),
                ..Contract::default()
            },
        };
        match &decl.shape {
            Shape::Interface(..) => reader.interface(&decl, &file, &Substitution::new(), 0),
            _ => reader.methods(dir, &decl),
        }
        Ok(reader.contract)
    }
}

impl Reader<'_, '_> {
    fn interface(&mut self, decl: &TypeDecl, file: &str, given: &Substitution, depth: usize) {
        let Shape::Interface(methods, embedded) = &decl.shape else {
            return;
        };
        for method in methods {
            let method = self.method(method, file, given);
            if self.contract.method(&method.name).is_none() {
                self.contract.methods.push(method);
            }
        }
        for ty in embedded {
            self.embedded(decl, ty, file, given, depth);
        }
    }

    fn embedded(&mut self, decl: &TypeDecl, ty: &Ty, file: &str, given: &Substitution, depth: usize) {
        let Some(head) = ty.head() else { return };
        if decl.params.contains(&head.name) && head.package.is_none() {
            return;
        }
        let found = self.packages.symbol(file, head).filter(|_| depth < MAX_DEPTH);
        let found = found.and_then(|symbol| self.packages.type_of(symbol.dir.as_deref()?, &symbol.name));
        let Some((inner, inner_file)) = found else {
            if ty.text != "any" && ty.text != "comparable" {
                self.contract.unread_bases.push(ty.text.clone());
            }
            return;
        };
        match &inner.shape {
            Shape::Alias(other) => self.embedded(&inner, other, &inner_file, &Substitution::new(), depth + 1),
            _ => {
                let arguments = self.arguments(ty, file, given);
                let given = inner.params.iter().cloned().zip(arguments).collect();
                self.interface(&inner, &inner_file, &given, depth + 1);
            }
        }
    }

    /// The type arguments of `ty`, as the implementing package writes them.
    fn arguments(&mut self, ty: &Ty, file: &str, given: &Substitution) -> Vec<(String, Vec<Import>)> {
        let mut imports = vec![];
        let whole = self.written(ty, file, given, &mut imports);
        // Those of the arguments, and that of the type itself, which is left out again where nothing uses it.
        let Some(list) = whole.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')) else {
            return vec![];
        };
        let (mut out, mut depth, mut last) = (vec![], 0_i32, 0);
        for (at, c) in list.char_indices() {
            match c {
                '[' | '(' | '{' => depth += 1,
                ']' | ')' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    out.push(list[last..at].trim().to_owned());
                    last = at + 1;
                }
                _ => {}
            }
        }
        out.push(list[last..].trim().to_owned());
        out.into_iter()
            .map(|argument| (argument, imports.clone()))
            .collect()
    }

    /// The method set of a type that is no interface.
    fn methods(&mut self, dir: &str, decl: &TypeDecl) {
        self.contract.kind = ContractKind::Class;
        let set = self.packages.methods(dir, &decl.name);
        self.contract.unread_bases = set.unread.clone();
        for Found { function, file, .. } in set.methods {
            if is_exported(&function.name) {
                let method = self.method(&function, &file, &Substitution::new());
                self.contract.methods.push(method);
            }
        }
    }

    fn method(&mut self, function: &Function, file: &str, given: &Substitution) -> Method {
        let mut imports = vec![];
        let mut read = |reader: &mut Self, param: &Parameter| Param {
            name: param.name.clone(),
            ty: Some(reader.written(&param.ty, file, given, &mut imports)),
            rest: param.variadic,
            ..Param::default()
        };
        let params: Vec<Param> = function.params.iter().map(|param| read(self, param)).collect();
        let results: Vec<Param> = function.results.iter().map(|param| read(self, param)).collect();
        imports.sort();
        imports.dedup();
        Method {
            name: function.name.clone(),
            doc: function.doc.clone(),
            generics: function.generics.clone(),
            params,
            returns: result_text(&results),
            required: true,
            imports,
            file: file.to_owned(),
            span: function.span,
            ..Method::default()
        }
    }

    /// The type as a package outside writes it, and the imports that this needs.
    fn written(&mut self, ty: &Ty, file: &str, given: &Substitution, imports: &mut Vec<Import>) -> String {
        ty.with(&mut |found| self.name(found, file, given, imports))
    }

    fn name(&mut self, found: &Ref, file: &str, given: &Substitution, imports: &mut Vec<Import>) -> String {
        if found.package.is_none()
            && let Some((other, needs)) = given.get(&found.name)
        {
            imports.extend(needs.iter().cloned());
            return other.clone();
        }
        let Some(symbol) = self.packages.symbol(file, found) else {
            return match &found.package {
                Some(package) => format!("{package}.{}", found.name),
                None => found.name.clone(),
            };
        };
        // A type parameter of a method's own type, or a type of the implementing package.
        let known = symbol
            .dir
            .as_ref()
            .is_none_or(|dir| self.packages.declares(dir, &found.name));
        if (found.package.is_none() && !known) || symbol.dir.as_deref() == Some(self.within) {
            return found.name.clone();
        }
        let called = self.packages.called(&symbol.import);
        let wanted = found.package.clone().unwrap_or_else(|| called.clone());
        let mut local = wanted.clone();
        let mut count = 2;
        while self.locals.get(&local).is_some_and(|path| *path != symbol.import) {
            local = format!("{wanted}{count}");
            count += 1;
        }
        // A package has one name, whatever the files of the host call it.
        if let Some((known, _)) = self.locals.iter().find(|(_, path)| **path == symbol.import) {
            local = known.clone();
        }
        self.locals.insert(local.clone(), symbol.import.clone());
        imports.push(Import {
            module: symbol.import.clone(),
            name: base_name(&symbol.import),
            alias: (local != called || called != base_name(&symbol.import)).then(|| local.clone()),
            kind: ImportKind::Namespace,
            type_only: false,
        });
        format!("{local}.{}", found.name)
    }
}

/// Results as they stand behind the parameters; nothing if there are none.
fn result_text(results: &[Param]) -> Option<String> {
    let ty = |param: &Param| param.ty.clone().unwrap_or_default();
    match results {
        [] => None,
        [only] if only.name.is_empty() => Some(ty(only)),
        all => {
            let one = |param: &Param| match param.name.as_str() {
                "" => ty(param),
                name => format!("{name} {}", ty(param)),
            };
            Some(format!(
                "({})",
                all.iter().map(one).collect::<Vec<_>>().join(", ")
            ))
        }
    }
}
