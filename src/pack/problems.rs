//! Everything that is wrong with a pack at once, for its author. Who uses a pack is told the first fault only.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diag::Error;

use super::{Pack, PackFiles, Source, Templates, check, toml_error};

/// What is wrong with the pack in the folder `dir`; the pack, if it can be read.
pub fn problems(dir: &Path) -> (Option<Pack>, Vec<Error>) {
    let read = PackFiles::folder(dir).and_then(|files| Ok((files.text("pack.toml")?, files)));
    let (text, files) = match read {
        Ok(read) => read,
        Err(error) => return (None, vec![error]),
    };
    let raw = match toml::from_str(&text) {
        Ok(raw) => raw,
        Err(error) => return (None, vec![toml_error(&error, &text)]),
    };
    let base = |name: &str| {
        Pack::open(&Source::parse(name)?, dir, &|url, _, _| {
            Err(Error::new(format!("`{url}` is not fetched to check a pack"))
                .help("extend a folder while you work on the pack: `extends = \"../base\"`"))
        })
    };
    let pack = match Pack::on(files, raw, &text, &base) {
        Ok(pack) => pack,
        Err(error) => return (None, vec![error]),
    };
    let mut out = Vec::new();
    out.extend(check::ids(&pack, &text).err());
    out.extend(check::references(&pack, &text).err());
    out.extend(check::rules(&pack).err());
    let broken = broken_templates(&pack);
    // What is written in pack.toml itself; of files each was looked at.
    if broken.is_empty() {
        out.extend(check::templates(&pack).err());
    }
    out.extend(broken);
    out.extend(idle(&pack, &text));
    (Some(pack), out)
}

/// Files that are to be rendered and cannot be read as templates.
fn broken_templates(pack: &Pack) -> Vec<Error> {
    let paths = pack.files.paths();
    let rendered = paths
        .iter()
        .filter(|path| path.starts_with("files/") && path.ends_with(".hbs"));
    rendered
        .filter_map(|path| {
            let text = pack.files.text(path);
            text.and_then(|text| Templates::check(path, &text).map(drop))
                .err()
        })
        .collect()
}

/// What stands in the pack and does nothing: questions that nothing speaks of, folders of files that no part makes.
fn idle(pack: &Pack, text: &str) -> Vec<Error> {
    let mut out = Vec::new();
    let mut all = text.to_owned();
    for path in pack.files.paths() {
        if path.starts_with("files/") {
            all.push_str(&path);
            all.push_str(&pack.files.text(&path).unwrap_or_default());
        }
    }
    let mut seen = BTreeSet::new();
    for question in &pack.raw.questions {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let uses = all.match_indices(&question.id).filter(|(at, word)| {
            !all[..*at].ends_with(is_part) && !all[at + word.len()..].starts_with(is_part)
        });
        let own = pack.raw.questions.iter().filter(|other| other.id == question.id);
        if seen.insert(&question.id) && uses.count() <= own.count() {
            let at = check::place(text, ("", 0), &question.id);
            out.push(
                Error::new(format!(
                    "nothing uses the answer to the question `{}`",
                    question.id
                ))
                .at("pack.toml", at)
                .help("use it in a template, or ask for less"),
            );
        }
    }
    let made: BTreeSet<&str> = pack.raw.parts.iter().map(|part| part.files.as_str()).collect();
    let folders: BTreeSet<String> = pack
        .files
        .paths()
        .iter()
        .filter_map(|path| Some(path.strip_prefix("files/")?.split_once('/')?.0.to_owned()))
        .collect();
    for folder in folders.iter().filter(|folder| !made.contains(folder.as_str())) {
        out.push(
            Error::new(format!("no part makes the files of `files/{folder}`"))
                .in_file("pack.toml")
                .help("add a `[[part]]` with that folder as `files`, or delete it"),
        );
    }
    out
}
