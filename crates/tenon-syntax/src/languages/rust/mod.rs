//! Rust: the modules of a crate and what they make public, traits read as contracts, `impl` blocks read as classes, `use`
//! declarations read and edited as rustfmt leaves them. Parsing goes through `crate::tree`; other files come through
//! `crate::Source`.

use std::borrow::Cow;

use tenon_text::diag::{Result, TextEdit};

use crate::Source;
use crate::contract::{Import, Method, Property};
use crate::language::{Language, Opens, PackageEntry};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::Grammar;

pub mod grammar;
pub mod imports;
pub mod package;
pub mod print;

mod fit;
mod krate;
mod module;
mod traits;
mod types;
mod use_order;
mod use_read;
mod use_tree;

/// Crates that need not be declared.
const BUILT_IN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

#[cfg(test)]
mod tests;

/// Rust.
pub struct Rust;

impl Opens for Rust {
    type Sources<'s> = package::Package<'s>;

    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s> {
        package::Package::new(source, entry.file, entry.specifier)
    }
}

impl Language for Rust {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn derived_dirs(&self) -> &'static [&'static str] {
        &["target"]
    }

    fn package_of<'t>(&self, specifier: &'t str) -> Option<&'t str> {
        (!BUILT_IN.contains(&specifier)).then_some(specifier)
    }

    fn in_sources<'t>(&self, package: &'t str) -> Cow<'t, str> {
        Cow::Owned(package.replace('-', "_"))
    }

    fn declares_in(&self) -> Option<(&'static str, &'static [&'static str])> {
        Some((
            "Cargo.toml",
            &["/dependencies", "/dev-dependencies", "/build-dependencies"],
        ))
    }

    fn more_dependencies(&self, keys: &dyn Fn(&str) -> Vec<String>) -> Vec<String> {
        let mut out = vec![];
        for target in keys("/target") {
            let target = target.replace('~', "~0").replace('/', "~1");
            for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
                out.push(format!("/target/{target}/{kind}"));
            }
        }
        out
    }

    fn formatter_files(&self) -> &'static [&'static str] {
        &["rustfmt.toml", ".rustfmt.toml"]
    }

    fn formatter_width(&self, text: &str) -> Option<usize> {
        let table: toml::Table = text.parse().ok()?;
        table.get("max_width")?.as_integer()?.try_into().ok()
    }

    fn read_imports(&self, text: &str) -> Vec<Import> {
        use_read::read_imports(text)
    }

    fn ensure_import(
        &self,
        source: &str,
        import: &Import,
        style: &Style,
        _place: Option<usize>,
    ) -> Result<Vec<TextEdit>> {
        imports::ensure_import(source, import, style)
    }

    fn remove_import(&self, source: &str, import: &Import, style: &Style) -> Result<Vec<TextEdit>> {
        Ok(imports::remove_import(source, import, style))
    }

    fn import_statement(&self, import: &Import) -> String {
        use_read::import_statement(import)
    }

    fn organize(&self, source: &str, style: &Style) -> (String, usize) {
        imports::organize(source, style)
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        imports::uses(source, name)
    }

    fn shape(&self, method: &Method) -> String {
        print::shape(method)
    }

    fn stub(&self, method: &Method, style: &Style, how: &Stub<'_>) -> String {
        print::stub(method, style, how)
    }

    fn property_stub(&self, property: &Property, style: &Style, value: &str) -> String {
        print::property_stub(property, style, value)
    }

    fn call_arguments(&self, method: &Method) -> String {
        print::call_arguments(method)
    }

    fn in_a_class(&self, member: &str) -> String {
        format!("impl X {{\n{member}\n}}\n")
    }
}
