//! TypeScript: the public API of a package, contracts read from it, stubs and imports printed as a formatter
//! would. Parsing goes through `crate::tree`; other files come through `crate::Source`.

use tenon_text::diag::{Result, TextEdit};

use crate::Source;
use crate::build::Build;
use crate::contract::{Import, Method};
use crate::language::{Feature, Language, Opens, PackageEntry};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::Grammar;

pub mod config;
pub mod graph;
pub mod imports;
pub mod package;
pub mod print;
pub mod restyle;

mod build;
mod doc;
mod doc_comment;
mod entity;
mod fit;
pub mod grammar;
mod import_edit;
mod import_list;
mod import_order;
mod import_read;
mod locals;
mod members;
mod names;
mod nodes;
pub mod outline;
mod overloads;
mod parse;
mod parts;
mod positions;
mod public;
mod read;
mod read_members;
mod resolve;
mod rewrite;
mod type_facts;
mod type_objects;
mod types;
mod used;

#[cfg(test)]
mod tests;

/// TypeScript, and JavaScript without JSX.
pub struct TypeScript;

impl Opens for TypeScript {
    type Sources<'s> = package::Package<'s>;

    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s> {
        package::Package::new(source, entry.file, entry.specifier, entry.aliases)
    }
}

impl Language for TypeScript {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn features(&self) -> &'static [Feature] {
        &[Feature::NamesModules, Feature::InfersResults]
    }

    fn source_extensions(&self) -> &'static [&'static str] {
        &["ts", "tsx", "mts", "cts"]
    }

    fn derived_dirs(&self) -> &'static [&'static str] {
        &["node_modules", ".turbo"]
    }

    fn pinned_files(&self) -> &'static [&'static str] {
        &["npm-shrinkwrap.json"]
    }

    fn installed_at(&self, specifier: &str) -> Option<String> {
        Some(format!("node_modules/{}", graph::package_root(specifier)))
    }

    fn package_of<'t>(&self, specifier: &'t str) -> Option<&'t str> {
        graph::package_of(specifier)
    }

    fn declares_in(&self) -> Option<(&'static str, &'static [&'static str])> {
        Some((
            "package.json",
            &[
                "/dependencies",
                "/devDependencies",
                "/peerDependencies",
                "/optionalDependencies",
            ],
        ))
    }

    fn types_of(&self, package: &str) -> Option<String> {
        Some(format!(
            "@types/{}",
            package.trim_start_matches('@').replace('/', "__")
        ))
    }

    fn compiler_file(&self) -> Option<&'static str> {
        Some("tsconfig.json")
    }

    fn build(
        &self,
        source: &dyn Source,
        dir: &str,
        config: &str,
        imports: &dyn Fn(&[String], &str) -> bool,
    ) -> Option<Build> {
        build::read(source, dir, config, imports)
    }

    fn like(&self, snippet: &str, file: &str) -> String {
        restyle::like(snippet, file)
    }

    fn read_style(&self, like: &str, style: &mut Style) {
        restyle::read(like, style);
    }

    fn read_imports(&self, text: &str) -> Vec<Import> {
        import_read::read_imports(text)
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
        imports::remove_import(source, import, style)
    }

    fn import_statement(&self, import: &Import) -> String {
        print::import_statement(import)
    }

    fn organize(&self, source: &str, style: &Style) -> (String, usize) {
        imports::organize_counting(source, style)
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        imports::used(source, name)
    }

    fn shape(&self, method: &Method) -> String {
        print::shape(method)
    }

    fn stub(&self, method: &Method, style: &Style, how: &Stub<'_>) -> String {
        print::stub(method, style, how)
    }

    fn call_arguments(&self, method: &Method) -> String {
        print::call_arguments(method)
    }

    fn in_a_class(&self, member: &str) -> String {
        format!("class X {{\n{member}\n}}\n")
    }

    fn constructor(&self) -> Option<&'static str> {
        Some("constructor")
    }
}
