//! Removes an entry from a site, the inverse of [`super::sites::add`]: each function returns the new text of the file.

use std::collections::HashSet;

use serde_json::Value;

use tenon_pack::Site;
use tenon_syntax::contract::ImportKind;
use tenon_syntax::entry::{Document, Refusal, Syntax};
use tenon_syntax::language::{Feature, Lang};
use tenon_syntax::style::Style;
use tenon_text::diag::{Draft, Error, Result, apply_edits, line_col};
use tenon_text::format::split_bom;
use tenon_text::manifest::{self, ManifestFormat, Selector, Trace};
use tenon_text::names::normal;

use super::entries::{EntryList, Reading, There, Wanted};

/// Removes the imports that only `removed`, which is no longer in the text, used. `may` is asked before a text of so many bytes is searched.
pub fn remove_unused(
    draft: &mut Draft,
    removed: &str,
    grammar: Lang,
    style: &Style,
    may: &dyn Fn(usize) -> bool,
) {
    let removed = grammar.remove_unused(draft, removed);
    let words = words(&removed);
    // A dotted name is several words.
    let says = |name: &str| words.contains(name) || (!name.chars().all(is_part) && removed.contains(name));
    for import in grammar.read_imports(draft.text()) {
        // What is imported for its effects, or for everything in it, has no name by which it could be used.
        // In other languages a whole module is seldom known by the word that an entry has.
        let is_known = import.kind == ImportKind::Named || grammar.has(Feature::NamesModules);
        if is_known
            && !matches!(import.local(), "_" | ".")
            && says(import.local())
            && may(draft.text().len())
            && !grammar.uses(draft.text(), import.local())
            && let Ok(edits) = grammar.remove_import(draft.text(), &import, style)
        {
            // An import that cannot be removed stays.
            let _ = draft.apply(&edits);
        }
    }
}

/// The words of a text.
fn words(text: &str) -> HashSet<&str> {
    text.split(|c| !is_part(c)).collect()
}

/// Whether a character is part of a word.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// `text`, which may begin with a byte-order mark, without the entry `name` of `site`, and without imports that only it used;
/// `None` if there is no such entry. `wanted` says what is in it, `trace` is what the record has of its insertion.
///
/// # Errors
/// If the entry cannot be taken away alone.
pub fn by_example(
    text: &str,
    path: &str,
    site: &Site,
    (name, wanted, trace): (&str, Option<&Wanted>, &str),
    style: &Style,
) -> Result<Option<String>> {
    let (bom, body) = split_bom(text);
    let document = Document::new(body, Syntax::of(path));
    let list = EntryList::new(site, &document)?;
    let Reading::Entries(all, _) = list.read(wanted.map(std::slice::from_ref).unwrap_or_default()) else {
        return Ok(None);
    };
    let is_it =
        |entry: &&There| entry.wanted.is_some() || (wanted.is_none() && normal(&entry.name) == normal(name));
    let Some(entry) = all.iter().find(is_it) else {
        return Ok(None);
    };
    let trace: Value = serde_json::from_str(trace).unwrap_or_default();
    let after = without(&list, entry, trace["hollow"].as_str(), style).map_err(|refusal| {
        Error::new(format!("the entry `{name}` cannot be removed: {refusal}"))
            .at(path, line_col(body, entry.found.extent.start))
            .help(format!("remove this by hand, then run again:\n{}", refusal.text))
    })?;
    let mark = if bom { "\u{feff}" } else { "" };
    Ok(Some(format!("{mark}{}", after.text())))
}

/// The text of the document without the entry, and without imports that only it used.
pub fn without(
    list: &EntryList<'_>,
    entry: &There,
    hollow: Option<&str>,
    style: &Style,
) -> std::result::Result<Draft, Refusal> {
    let body = list.document.text();
    let edits = list.remove(entry, hollow)?;
    let gone = &body[entry.found.extent.range()];
    let mut draft = Draft::of(body);
    let applied = draft.apply(&edits);
    if let (Ok(()), Syntax::Code(grammar)) = (applied, list.document.syntax()) {
        remove_unused(&mut draft, gone, grammar, style, &|_| true);
    }
    Ok(draft)
}

/// `text` without the selected entry of the list or object at `pointer`; `None` if there is none. `trace` is the recorded trace of
/// its insertion.
///
/// # Errors
/// When the manifest cannot be read or edited.
pub fn manifest_entry(
    text: &str,
    path: &str,
    pointer: &str,
    selector: &Selector,
    trace: &str,
) -> Result<Option<String>> {
    let Some(format) = ManifestFormat::of_path(path) else {
        return Ok(None);
    };
    let there = manifest::entries(text, format, path, pointer)?.unwrap_or_default();
    let is_it = |entry: &manifest::Entry| match selector {
        Selector::Key(key) => entry.key.as_deref() == Some(key),
        Selector::Item(item) => entry.value == *item,
    };
    if !there.iter().any(is_it) {
        return Ok(None);
    }
    let trace: Trace = serde_json::from_str(trace).unwrap_or_default();
    let edits = manifest::remove(text, format, path, pointer, selector, &trace)?;
    apply_edits(text, &edits).map(Some)
}

/// The selector of the manifest entry `name` of `site`.
pub fn selector(site: &Site, name: &str) -> Selector {
    match site.key {
        Some(_) => Selector::Key(name.to_owned()),
        None => Selector::Item(Value::String(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_no_part_of_another() {
        assert!(words("f(Abc, b)").contains("Abc") && !words("f(Abcd)").contains("Abc"));
    }
}
