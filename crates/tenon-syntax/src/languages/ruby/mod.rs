//! Ruby: what files load, read, added and taken out; classes and modules with what they include; stubs. Parsing goes through
//! `crate::tree`; other files come through `crate::Source`.

use tenon_text::diag::{Result, TextEdit};

use crate::Source;
use crate::contract::{Import, Method};
use crate::imports::uses;
use crate::language::{Feature, Language, Opens, PackageEntry};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::Grammar;

pub mod class;
pub mod grammar;
pub mod modules;
pub mod print;
pub mod requires;

mod fit;
#[cfg(test)]
mod tests;

/// Ruby.
pub struct Ruby;

impl Opens for Ruby {
    type Sources<'s> = modules::Modules<'s>;

    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s> {
        modules::Modules::new(source, entry.file)
    }
}

impl Language for Ruby {
    fn grammar(&self) -> &'static Grammar {
        &grammar::GRAMMAR
    }

    fn features(&self) -> &'static [Feature] {
        &[
            Feature::NamesModules,
            Feature::InfersResults,
            Feature::PassesByName,
            Feature::FollowsBases,
        ]
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
        let (below, _) = modules::below_lib(path.strip_suffix(".rb").unwrap_or(path))?;
        Some(below.to_owned())
    }

    fn is_aside(&self, path: &str, _text: &str) -> bool {
        let name = path.trim_end_matches(".rb");
        let mut dirs = path.split('/');
        name.ends_with("_spec") || name.ends_with("_test") || dirs.any(|dir| matches!(dir, "spec" | "test"))
    }

    fn read_style(&self, like: &str, style: &mut Style) {
        style.signatures = ["sig {", "sig do"].iter().any(|mark| like.contains(mark));
    }

    fn read_imports(&self, text: &str) -> Vec<Import> {
        let all = requires::all(&self.grammar().parse(text)).into_iter();
        all.map(|loaded| loaded.import).collect()
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
        let blocks = requires::blocks(source, &self.grammar().parse(source), import);
        let mut edits = blocks.iter().map(|block| block.remove(import));
        Ok(edits.find(|edits| !edits.is_empty()).unwrap_or_default())
    }

    fn import_statement(&self, import: &Import) -> String {
        requires::line(import)
    }

    fn uses(&self, source: &str, name: &str) -> bool {
        let kinds = ["constant", "simple_symbol"];
        uses(&self.grammar().parse(source), name, &kinds, |node| {
            requires::Loaded::of(node).is_some()
        })
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

    fn in_a_class(&self, member: &str) -> String {
        format!("class X\n{member}\nend\n")
    }

    fn does_only(&self, method: &str, body: &str) -> bool {
        let tree = self.grammar().parse(method);
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        let is_method = |kind: &str| matches!(kind, "method" | "singleton_method");
        let own = tree.root().dfs().find(|node| is_method(&node.kind()));
        let own = own.and_then(|method| method.field("body"));
        own.is_some_and(|own| !body.trim().is_empty() && bare(&own.text()) == bare(body))
    }

    fn constructor(&self) -> Option<&'static str> {
        Some("initialize")
    }
}
