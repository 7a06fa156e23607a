//! Python: imports read, added, taken out and put in order; lists that are put together from pieces; classes with what
//! they inherit. Parsing goes through `crate::tree`; other files come through `crate::Source`.

use tenon_text::diag::{Result, TextEdit};
use tenon_text::format::Indent;

use crate::Source;
use crate::class::Class;
use crate::contract::{Import, Method};
use crate::language::{Feature, Language, Opens, PackageEntry, in_class};
use crate::quotes;
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::Grammar;

pub mod class;
pub mod grammar;
pub mod imports;
pub mod modules;
pub mod organize;
pub mod print;

mod import_edit;
mod layout;
mod order;
mod statement;

/// Python 3.
pub struct Python;

impl Opens for Python {
    type Sources<'s> = modules::Modules<'s>;

    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s> {
        modules::Modules::new(source, entry.file, entry.specifier)
    }
}

impl Language for Python {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn features(&self) -> &'static [Feature] {
        &[
            Feature::InfersResults,
            Feature::PassesByName,
            Feature::CallsByInstance,
            Feature::FollowsBases,
        ]
    }

    fn derived_dirs(&self) -> &'static [&'static str] {
        &[".venv", "__pycache__"]
    }

    fn package_of<'t>(&self, specifier: &'t str) -> Option<&'t str> {
        specifier.split('.').next().filter(|top| !top.is_empty())
    }

    fn imported_as(&self, path: &str) -> Option<String> {
        let path = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".py");
        Some(path.trim_end_matches("/__init__").replace('/', "."))
    }

    fn own_packages(&self) -> &'static [&'static str] {
        &["{name}/__init__.py", "src/{name}/__init__.py"]
    }

    fn read_style(&self, like: &str, style: &mut Style) {
        style.quote = quotes::usual(self.grammar(), like).unwrap_or(style.quote);
        style.aligned_imports = imports::breaks_aligned(like);
    }

    fn read_imports(&self, text: &str) -> Vec<Import> {
        imports::read_imports(text)
    }

    fn ensure_import(
        &self,
        source: &str,
        import: &Import,
        style: &Style,
        place: Option<usize>,
    ) -> Result<Vec<TextEdit>> {
        imports::ensure_import(source, import, style, place)
    }

    fn remove_import(&self, source: &str, import: &Import, _style: &Style) -> Result<Vec<TextEdit>> {
        Ok(imports::remove_import(source, import.local()))
    }

    fn import_statement(&self, import: &Import) -> String {
        imports::line(import)
    }

    fn organize(&self, source: &str, style: &Style) -> (String, usize) {
        organize::organize(source, style)
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        imports::uses(source, name)
    }

    fn shape(&self, method: &Method) -> String {
        print::head(method)
    }

    fn stub(&self, method: &Method, style: &Style, how: &Stub<'_>) -> String {
        print::stub(method, style, how)
    }

    fn with_stub(
        &self,
        text: &str,
        class: &Class,
        (method, how): (&Method, &Stub<'_>),
        (style, indent): (&Style, Indent),
    ) -> Option<TextEdit> {
        let printed = self.like(&print::stub(method, style, how), text);
        let (printed, _, eol) = in_class(text, class, &printed, indent);
        print::with_method(text, class, &printed, eol)
    }

    fn in_a_class(&self, member: &str) -> String {
        format!("class X:\n{member}\n")
    }

    fn around_body(&self) -> (&'static [&'static str], &'static str) {
        (&[":", "\"\"\""], "")
    }
}
