//! Packs to begin with, one for each language: small, commented, with hosts on which they pass their own tests.

use include_dir::{Dir, include_dir};

/// A folder for each language, by the word that `pack.toml` has for it.
static STARTERS: Dir<'static> = include_dir!("$TENON_STARTERS");

/// What they are called where they stand.
const NAME: &str = "name = \"starter\"";
/// The end of names that cargo would take for packages of its own.
const END: &str = ".starter";

/// The files of a new pack called `name` for `language`, by path; none if there is no such language.
pub fn starter(language: &str, name: &str) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut dirs: Vec<&Dir<'_>> = STARTERS.get_dir(language).into_iter().collect();
    while let Some(dir) = dirs.pop() {
        dirs.extend(dir.dirs());
        for file in dir.files() {
            let path = file.path().strip_prefix(language).unwrap_or(file.path());
            let path = path.to_string_lossy().replace('\\', "/");
            let path = path.strip_suffix(END).unwrap_or(&path).to_owned();
            let bytes = match (path.as_str(), file.contents_utf8()) {
                ("pack.toml", Some(text)) => {
                    text.replacen(NAME, &format!("name = \"{name}\""), 1).into_bytes()
                }
                _ => file.contents().to_vec(),
            };
            out.push((path, bytes));
        }
    }
    out.sort();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::RawFile;

    #[test]
    fn there_is_a_starter_for_every_language() {
        for language in tenon_syntax::languages::ALL {
            let word = language.name();
            let files = starter(word, "acme");
            let pack = files.iter().find(|(path, _)| path == "pack.toml").unwrap();
            let raw: RawFile = toml::from_str(std::str::from_utf8(&pack.1).unwrap()).unwrap();
            assert_eq!((raw.pack.name.as_str(), raw.pack.language), ("acme", language));
            assert!(
                files.iter().any(|(path, _)| path.starts_with("tests/made/out/")),
                "{word}"
            );
            assert!(files.iter().all(|(path, _)| !path.ends_with(END)));
        }
        assert!(starter("cobol", "acme").is_empty());
    }
}
