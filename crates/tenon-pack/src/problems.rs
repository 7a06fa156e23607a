//! Everything that is wrong with a pack at once, for its author. Who uses a pack is told the first fault only.

use std::collections::BTreeSet;
use std::path::Path;

use tenon_text::diag::Error;
use tenon_text::toml_json;

use super::{Pack, PackFiles, Source, check, toml_error};

/// What is wrong with the pack in the folder `dir`; the pack, if it can be read.
pub fn problems(dir: &Path) -> (Option<Pack>, Vec<Error>) {
    let read = PackFiles::folder(dir).and_then(|files| Ok((files.text("pack.toml")?, files)));
    let (text, files) = match read {
        Ok(read) => read,
        Err(error) => return (None, vec![error]),
    };
    let raw = match toml_json::read(&text) {
        Ok(raw) => raw,
        Err(error) => return (None, vec![toml_error(&error, &text)]),
    };
    let base = |name: &str| Pack::open(&Source::parse(name)?, dir, &Pack::unfetched);
    let pack = match Pack::on(files, raw, &text, &base) {
        Ok(pack) => pack,
        Err(error) => return (None, vec![error]),
    };
    let mut out = check::shape(&pack, &text);
    out.extend(check::contents(&pack, &text));
    out.extend(idle(&pack, &text));
    (Some(pack), out)
}

/// What stands in the pack and does nothing: questions that nothing speaks of, folders of files that no part makes.
fn idle(pack: &Pack, text: &str) -> Vec<Error> {
    let mut out = Vec::new();
    // What people read is no use of an answer.
    let mut all: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| [line, "\n"])
        .collect();
    for question in &pack.raw.questions {
        for told in [Some(&question.prompt), question.help.as_ref()]
            .into_iter()
            .flatten()
        {
            all = all.replace(&format!("\"{told}\""), "\"\"");
        }
    }
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
        // That it is read back is no use of it.
        let own = pack.raw.questions.iter().filter(|other| other.id == question.id);
        let read = pack.raw.observes.iter().filter(|it| it.question == question.id);
        if seen.insert(&question.id) && uses.count() <= own.count() + read.count() {
            let at = check::place(text, &check::Section::file(), &question.id);
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
