//! Everything that is wrong with a pack at once, for its author. Who uses a pack is told the first fault only.

use std::collections::BTreeSet;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use tenon_text::diag::Error;
use tenon_text::typed_toml;

use super::places::{Place, Places};
use super::raw::SiteKind;
use super::{FILE, Pack, PackFiles, check};

/// What is wrong with the pack in the folder `dir`; the pack, if it can be read.
pub fn problems(dir: &Path) -> (Option<Pack>, Vec<Error>) {
    let base = |name: &str| Pack::beneath(name, dir);
    let read = PackFiles::folder(dir).and_then(|files| {
        let raw = typed_toml::read(files.text(FILE)?, FILE)?;
        Pack::on(files, raw, &base)
    });
    let pack = match read {
        Ok(pack) => pack,
        Err(error) => return (None, vec![error]),
    };
    let out = match pack.places() {
        Ok(places) => {
            let mut out = check::shape(&pack, &places);
            out.extend(check::contents(&pack, &places));
            out.extend(idle(&pack, &places));
            out.extend(unread(&pack, &places));
            out
        }
        Err(error) => vec![error],
    };
    (Some(pack.written_out()), out)
}

/// Adds all keys and texts of the value of `key` to `out`, but not what names an option, or is only read by people.
fn words(key: &str, value: &DeValue<'_>, out: &mut String) {
    match value {
        DeValue::String(text) => out.extend([text, "\n"]),
        DeValue::Array(items) => items.iter().for_each(|item| words(key, item.get_ref(), out)),
        DeValue::Table(table) => {
            for (inner, value) in table {
                match (key, &**inner.get_ref()) {
                    (_, "prompt" | "help" | "only" | "except") => {}
                    ("option", _) => words("", value.get_ref(), out),
                    (_, inner) => {
                        out.extend([inner, "\n"]);
                        words(inner, value.get_ref(), out);
                    }
                }
            }
        }
        _ => {}
    }
}

/// What a check cannot look at, because nothing says how an answer is read back: the members of a kind whose required option is not
/// known, and sites on whose condition it depends.
fn unread(pack: &Pack, places: &Places<'_>) -> Vec<Error> {
    let mut out = Vec::new();
    let checked = |kind: &str| pack.kind_members().iter().any(|declared| declared.kind == kind);
    let help = |option: &str| format!("say how `{option}` is read back from a member that exists: `read`");
    for (index, option) in pack.raw.options.iter().enumerate() {
        let mut kinds = option.for_kinds.iter().filter(|kind| checked(kind));
        let is_unread = kinds.any(|kind| pack.unread(kind).any(|unread| unread.id == option.id));
        if option.required && is_unread && places.is_own("option", index) {
            let message = format!(
                "the option `{}` is required, and nothing reads it back: the files and sites of members are not checked",
                option.id
            );
            let at = places.find(&Place::of("option", index).key("id"));
            out.push(Error::new(message).at(FILE, at).help(help(&option.id)));
        }
    }
    for (index, site) in pack.raw.sites.iter().enumerate() {
        let mut kinds = site.for_kinds.iter().filter(|kind| checked(kind));
        let Some(option) = kinds.find_map(|kind| pack.unread_at(kind, site)) else {
            continue;
        };
        // Who holds a slot is read from the slot.
        if site.kind != SiteKind::Slot && places.is_own("site", index) {
            let message = format!(
                "the site `{}` is not checked: whether a member has an entry depends on the option `{}`, and nothing reads it back",
                site.id, option.id
            );
            let key = if site.when.is_some() { "when" } else { "each" };
            let at = places.find(&Place::of("site", index).key(key));
            let help = format!(
                "{}; or say that it cannot be checked: `unchecked = true`",
                help(&option.id)
            );
            out.push(Error::new(message).at(FILE, at).help(help));
        }
    }
    out
}

/// What stands in the pack and does nothing: options that nothing speaks of, folders of templates that no kind has.
fn idle(pack: &Pack, places: &Places<'_>) -> Vec<Error> {
    let mut out = Vec::new();
    let mut all = String::new();
    for path in pack.files.paths() {
        let text = pack.files.text(path).unwrap_or_default();
        if path.starts_with("files/") {
            all.extend([path, "\n", text]);
        } else if path.ends_with(FILE) && !path.starts_with("tests/") {
            // Its own, and those of the packs that it extends.
            for (section, value) in DeTable::parse(text).iter().flat_map(|table| table.get_ref()) {
                words(section.get_ref(), value.get_ref(), &mut all);
            }
        }
    }
    let options = pack.raw.options.iter().enumerate();
    for (index, option) in options.filter(|(index, _)| places.is_own("option", *index)) {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let is_used = all
            .match_indices(&option.id)
            .any(|(at, word)| !all[..at].ends_with(is_part) && !all[at + word.len()..].starts_with(is_part));
        if !is_used {
            let message = format!("nothing uses the option `{}`", option.id);
            out.push(
                Error::new(message)
                    .at(FILE, places.find(&Place::of("option", index).key("id")))
                    .help("use it in a template, or ask for less"),
            );
        }
    }
    let made: BTreeSet<&str> = pack
        .raw
        .folders
        .iter()
        .map(|folder| folder.templates.as_str())
        .collect();
    let folders: BTreeSet<String> = pack
        .files
        .paths()
        .filter_map(|path| Some(path.strip_prefix("files/")?.split_once('/')?.0.to_owned()))
        .collect();
    for folder in folders.iter().filter(|folder| !made.contains(folder.as_str())) {
        out.push(
            Error::new(format!("no kind has the files of `files/{folder}`"))
                .in_file(FILE)
                .help("name that folder in `files` of a kind, or delete it"),
        );
    }
    out
}
