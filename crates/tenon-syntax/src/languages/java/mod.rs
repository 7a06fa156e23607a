//! Java: packages read from the source roots of a host, interfaces and abstract classes read into contracts, imports and stubs.
//! Parsing goes through `crate::tree`; other files come through `crate::Source`.

use tenon_text::diag::{Result, TextEdit};

use crate::Source;
use crate::class::Class;
use crate::contract::{Contract, Import, Method};
use crate::generics;
use crate::language::{Feature, Language, Opens, PackageEntry};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::Grammar;

pub mod file;
pub mod grammar;
pub mod imports;
pub mod packages;
pub mod print;

#[cfg(test)]
mod tests;

/// Java, up to the version that its grammar knows.
pub struct Java;

impl Opens for Java {
    type Sources<'s> = packages::Packages<'s>;

    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s> {
        packages::Packages::new(source, entry.file)
    }
}

impl Language for Java {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn features(&self) -> &'static [Feature] {
        &[Feature::KeepsUnused]
    }

    fn derived_dirs(&self) -> &'static [&'static str] {
        &["target", ".gradle"]
    }

    fn package_of<'t>(&self, specifier: &'t str) -> Option<&'t str> {
        let package = specifier.strip_prefix("static ").unwrap_or(specifier);
        let is_own = |own: &str| package.starts_with(own);
        (!is_own("java.") && !is_own("javax.") && !package.is_empty()).then_some(package)
    }

    fn is_aside(&self, path: &str, _text: &str) -> bool {
        format!("/{path}").contains("/src/test/")
    }

    fn imported_as(&self, path: &str) -> Option<String> {
        let rooted = format!("/{path}");
        let parts = rooted
            .rsplit_once("/java/")
            .filter(|(root, _)| root.contains("/src/"));
        let below = parts.map(|(_, below)| below).or(path.strip_suffix(".java"))?;
        Some(below.trim_end_matches(".java").replace('/', "."))
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

    fn organize(&self, source: &str, style: &Style) -> (String, usize) {
        imports::organize(source, style)
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        imports::uses(&self.grammar().parse(source), name)
    }

    fn shape(&self, method: &Method) -> String {
        print::shape(method)
    }

    fn stub(&self, method: &Method, style: &Style, how: &Stub<'_>) -> String {
        print::stub(method, style, how)
    }

    fn for_class(&self, method: &Method, contract: &Contract, class: &Class) -> Option<Method> {
        generics::for_class(method, contract, class)
    }

    fn in_a_class(&self, member: &str) -> String {
        format!("class X {{\n{member}\n}}\n")
    }

    fn decorator(&self, name: &str) -> String {
        format!("@{name}")
    }
}
