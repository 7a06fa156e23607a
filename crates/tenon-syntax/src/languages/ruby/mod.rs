//! Ruby: what files load, read, added and taken out; classes and modules with what they include; stubs. Parsing goes through
//! `crate::tree`; other files come through `crate::Source`.

use tenon_text::diag::{Result, TextEdit};
use tenon_text::format::Indent;

use crate::Source;
use crate::class::Class;
use crate::contract::{Import, Method};
use crate::language::{Language, Opens, in_class};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::{Grammar, error_count};

pub mod class;
pub mod grammar;
pub mod modules;
pub mod print;
pub mod quotes;
pub mod requires;

mod fit;
#[cfg(test)]
mod tests;

/// Ruby.
pub struct Ruby;

impl Opens for Ruby {
    type Sources<'s> = modules::Modules<'s>;

    fn open<'s>(
        source: &'s dyn Source,
        entry: &str,
        _specifier: &str,
        _aliases: &[(String, String)],
    ) -> Self::Sources<'s> {
        modules::Modules::new(source, entry)
    }
}

impl Language for Ruby {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn file_names(&self) -> &'static [&'static str] {
        &["Gemfile", "Rakefile", "Guardfile", "Fastfile", "Appraisals"]
    }

    fn derived_dirs(&self) -> &'static [&'static str] {
        &[".bundle"]
    }

    /// Nothing: what a file loads does not say which package has it.
    fn package_of<'t>(&self, _specifier: &'t str) -> Option<&'t str> {
        None
    }

    fn imported_as(&self, path: &str) -> Option<String> {
        let path = path.strip_suffix(".rb").unwrap_or(path);
        let (before, inside) = path.rsplit_once("lib/")?;
        (before.is_empty() || before.ends_with('/')).then(|| inside.to_owned())
    }

    fn is_aside(&self, path: &str, _text: &str) -> bool {
        let name = path.trim_end_matches(".rb");
        let mut dirs = path.split('/');
        name.ends_with("_spec") || name.ends_with("_test") || dirs.any(|dir| matches!(dir, "spec" | "test"))
    }

    fn observe_style(&self, like: &str, style: &mut Style) {
        style.quote = quotes::habit(like).unwrap_or(style.quote);
    }

    fn like(&self, snippet: &str, file: &str) -> String {
        quotes::like(snippet, file)
    }

    fn read_imports(&self, text: &str) -> Vec<Import> {
        requires::read(text)
    }

    fn ensure_import(
        &self,
        source: &str,
        import: &Import,
        _style: &Style,
        place: Option<usize>,
    ) -> Result<Vec<TextEdit>> {
        requires::ensure(source, import, place)
    }

    fn remove_import(&self, source: &str, import: &Import, _style: &Style) -> Result<Vec<TextEdit>> {
        Ok(requires::remove(source, import).into_iter().collect())
    }

    fn import_statement(&self, import: &Import) -> String {
        requires::line(import)
    }

    /// The order stays: a file may need what the one before has declared.
    fn organize(&self, source: &str, _style: &Style) -> (String, usize) {
        (source.to_owned(), error_count(&grammar::GRAMMAR.parse(source)))
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        requires::uses(source, name)
    }

    fn names_modules(&self) -> bool {
        true
    }

    fn shape(&self, method: &Method) -> String {
        print::head(method)
    }

    fn stub(&self, method: &Method, style: &Style, how: &Stub<'_>) -> String {
        print::stub(method, style, how)
    }

    fn call_arguments(&self, method: &Method) -> String {
        print::arguments(method)
    }

    fn with_stub(
        &self,
        text: &str,
        class: &Class,
        (method, how): (&Method, &Stub<'_>),
        (style, indent): (&Style, Indent),
    ) -> Option<TextEdit> {
        let printed = self.like(&print::stub(method, style, how), text);
        let (printed, outer, eol) = in_class(text, class, &printed, indent);
        print::with_method(text, class, method, (&printed, outer, eol))
    }

    fn in_a_class(&self, member: &str) -> String {
        format!("class X\n{member}\nend\n")
    }

    fn does_only(&self, method: &str, body: &str) -> bool {
        print::does_only(method, body)
    }

    fn infers_results(&self) -> bool {
        true
    }

    fn passes_by_name(&self) -> bool {
        true
    }

    fn follows_bases(&self) -> bool {
        true
    }

    fn constructor(&self) -> Option<&'static str> {
        Some("initialize")
    }
}
