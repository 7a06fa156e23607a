//! The reader of packages for each language.

use std::ops::Deref;

use super::Source;
use super::go::sources::GoSources;
use super::python::modules::Modules;
use super::rust;
use super::sources::Sources;
use super::tree::Grammar;
use super::typescript::package::Package;

/// The sources of one package in any language. An enum rather than a box, so that what it borrows need not outlive it.
pub enum AnySources<'s> {
    /// TypeScript, and JavaScript.
    TypeScript(Box<Package<'s>>),
    /// Rust.
    Rust(Box<rust::package::Package<'s>>),
    /// Go.
    Go(Box<GoSources<'s>>),
    /// Python.
    Python(Box<Modules<'s>>),
}

impl<'s> Deref for AnySources<'s> {
    type Target = dyn Sources + 's;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::TypeScript(package) => package.as_ref(),
            Self::Rust(package) => package.as_ref(),
            Self::Go(packages) => packages.as_ref(),
            Self::Python(modules) => modules.as_ref(),
        }
    }
}

/// The sources in `grammar` whose entry file is `entry` (empty for none) and that others import as `specifier`.
/// `aliases` are prefixes of specifiers and the folders they stand for.
pub fn open<'s>(
    grammar: Grammar,
    source: &'s dyn Source,
    entry: &str,
    specifier: &str,
    aliases: &[(String, String)],
) -> AnySources<'s> {
    match grammar {
        Grammar::TypeScript => {
            AnySources::TypeScript(Box::new(Package::new(source, entry, specifier, aliases)))
        }
        Grammar::Rust => AnySources::Rust(Box::new(rust::package::Package::new(source, entry, specifier))),
        Grammar::Go => AnySources::Go(Box::new(GoSources::new(source, entry))),
        Grammar::Python => AnySources::Python(Box::new(Modules::new(source, entry, specifier))),
    }
}
