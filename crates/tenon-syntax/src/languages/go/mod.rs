//! Go: packages read from the files of their directories, interfaces read into contracts, types with their method sets,
//! imports and stubs printed as `gofmt` leaves them. Parsing goes through `crate::tree`; other files come through
//! `crate::Source`.

use tenon_text::diag::{Draft, Result, TextEdit};
use tenon_text::format::Indent;

use crate::Source;
use crate::class::Class;
use crate::contract::{Import, Method};
use crate::language::{Feature, Language, Opens, PackageEntry, PublicNames, Variable};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::Grammar;

pub mod file;
pub mod grammar;
pub mod imports;
pub mod locals;
pub mod names;
pub mod print;
pub mod ty;

mod contract;
mod decl;
mod fit;
pub mod methods;
pub mod module;
pub mod sources;
pub mod tree;
mod variables;

#[cfg(test)]
mod tests;
mod undeclared;

/// Go.
pub struct Go;

impl Opens for Go {
    type Sources<'s> = sources::GoSources<'s>;

    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s> {
        sources::GoSources::new(source, entry.file)
    }
}

impl Language for Go {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn features(&self) -> &'static [Feature] {
        &[
            Feature::NamesModules,
            Feature::QualifiesNames,
            Feature::KeepsUnused,
        ]
    }

    fn derived_dirs(&self) -> &'static [&'static str] {
        &["vendor"]
    }

    fn pinned_files(&self) -> &'static [&'static str] {
        &["go.sum", "go.work.sum"]
    }

    fn package_of<'t>(&self, specifier: &'t str) -> Option<&'t str> {
        (!names::is_standard(specifier)).then_some(specifier)
    }

    fn is_aside(&self, path: &str, text: &str) -> bool {
        file::is_aside(path, text)
    }

    fn module_of(&self, source: &dyn Source, dir: &str) -> Option<String> {
        module::Modules::read(source, dir).path_of("")
    }

    fn indent(&self) -> Option<Indent> {
        Some(Indent::Tab)
    }

    fn read_imports(&self, text: &str) -> Vec<Import> {
        imports::read_imports(text)
    }

    fn ensure_import(
        &self,
        source: &str,
        import: &Import,
        _style: &Style,
        _place: Option<usize>,
    ) -> Result<Vec<TextEdit>> {
        imports::ensure_import(source, import)
    }

    fn remove_import(&self, source: &str, import: &Import, _style: &Style) -> Result<Vec<TextEdit>> {
        Ok(imports::remove_import(source, import))
    }

    fn import_statement(&self, import: &Import) -> String {
        print::import_statement(import)
    }

    fn organize(&self, source: &str, _style: &Style) -> (String, usize) {
        imports::organize(source)
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        imports::uses(source, name)
    }

    fn undeclared(&self, before: &str, after: &str) -> Vec<String> {
        undeclared::undeclared(before, after)
    }

    fn remove_unused(&self, draft: &mut Draft, removed: &str) -> String {
        locals::remove_unused(draft, removed)
    }

    fn variables(&self, source: &str, at: usize) -> Vec<Variable> {
        variables::at(source, at)
    }

    fn public_names(&self, text: &str) -> PublicNames {
        imports::public_names(text)
    }

    fn shape(&self, method: &Method) -> String {
        print::shape(method)
    }

    fn head(&self, method: &Method) -> String {
        print::head(method)
    }

    fn stub(&self, method: &Method, _style: &Style, how: &Stub<'_>) -> String {
        print::stub(method, how)
    }

    fn call_arguments(&self, method: &Method) -> String {
        print::call_arguments(method)
    }

    fn with_stub(
        &self,
        text: &str,
        class: &Class,
        (method, how): (&Method, &Stub<'_>),
        _look: (&Style, Indent),
    ) -> Option<TextEdit> {
        // Methods stand beside their type.
        print::with_stub(text, &class.name, method, how)
    }

    fn in_a_class(&self, member: &str) -> String {
        format!("package x\n\n{member}\n")
    }
}
