//! Who holds a slot: what a file says at the one place that a member can have.

use tenon_pack::Site;
use tenon_syntax::entry::{Document, Syntax};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Result, Span};

use super::entries::{EntryList, Reading};
use super::site_rules::slot_rule;

/// The holders that `text`, the file at `path` without a byte-order mark, names, and where. More than one is one too many.
///
/// # Errors
/// If the pattern of the site cannot be compiled.
pub fn holders(site: &Site, path: &str, text: &str) -> Result<Vec<(String, Span)>> {
    if site.text.is_some() {
        let document = Document::new(text, Syntax::of(path));
        return Ok(match EntryList::new(site, &document)?.read(&[]) {
            Reading::Entries(entries, _) => entries
                .into_iter()
                .map(|entry| (entry.name, entry.name_span))
                .collect(),
            _ => vec![],
        });
    }
    let Some(language) = Lang::of_path(path) else {
        return Ok(vec![]);
    };
    let var = site.var.as_deref().unwrap_or_default();
    let tree = language.parse(text);
    let found = slot_rule(language, site)?.find_all(&tree.root())?;
    let nodes = found.iter().filter_map(|found| found.var(var));
    Ok(nodes
        .map(|node| (node.text().into_owned(), node.range().into()))
        .collect())
}
