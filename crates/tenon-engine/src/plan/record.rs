//! `tenon.lock`: what was made in this host, for updates, removal and reviews. Sorted, one line per fact; each line says whom it
//! is about, so that the lines of two branches can stand in any order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::answers::Given;
use tenon_pack::Pack;
use tenon_text::diag::{Error, Result, line_col};

/// The file's name, at the host's root.
pub const FILE: &str = "tenon.lock";

const HEAD: &str = "# Written by tenon: what it made in this repository. Commit this file.\nversion = 1\n";

/// Everything that was made, by generator and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    made: BTreeMap<(String, String), Made>,
    /// Digests of the packs that are not built in and were used, by name.
    packs: BTreeMap<String, String>,
}

/// One thing that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The pack and its version.
    pub pack: String,
    /// Digest of the pack's files.
    pub digest: String,
    /// The answers, as words.
    pub answers: BTreeMap<String, Given>,
    /// The files and the digests of what was written.
    pub files: BTreeMap<String, String>,
    /// The entries in sites: where, and what; for a slot what was there before.
    pub sites: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: u32,
    #[serde(default, rename = "pack")]
    packs: BTreeMap<String, String>,
    #[serde(default)]
    made: BTreeMap<String, BTreeMap<String, RawMade>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMade {
    pack: String,
    digest: String,
    #[serde(default)]
    answers: BTreeMap<String, RawGiven>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    sites: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawGiven {
    Flag(bool),
    Words(Vec<String>),
}

impl Record {
    /// Reads the file's text; an empty one is an empty record.
    pub fn read(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let at = line_col(text, error.span().map_or(0, |span| span.start));
            Error::new("the record cannot be read")
                .at(FILE, at)
                .because(error.message())
                .help(format!(
                    "restore `{FILE}` from version control; if two branches met in it, keep the lines of both"
                ))
        })?;
        if raw.version != 1 {
            return Err(Error::new(format!(
                "`{FILE}` has version {}, and this program knows 1",
                raw.version
            ))
            .help("use a newer tenon"));
        }
        let mut made = BTreeMap::new();
        for (generator, things) in raw.made {
            for (name, raw) in things {
                let answers = raw.answers.into_iter().map(|(id, given)| {
                    (
                        id,
                        match given {
                            RawGiven::Flag(on) => Given::Flag(on),
                            RawGiven::Words(words) => Given::Words(words),
                        },
                    )
                });
                let thing = Made {
                    pack: raw.pack,
                    digest: raw.digest,
                    answers: answers.collect(),
                    files: raw.files,
                    sites: raw.sites,
                };
                made.insert((generator.clone(), name), thing);
            }
        }
        Ok(Self {
            made,
            packs: raw.packs,
        })
    }

    /// Remembers `pack` as the one that is used here.
    pub fn pin(&mut self, pack: &Pack) {
        match pack.pin() {
            Some(digest) => self.packs.insert(pack.name().to_owned(), digest),
            None => self.packs.remove(pack.name()),
        };
    }

    /// The digest of the pack called `name` when it was last used; nothing if it was not, or is built in.
    pub fn pinned(&self, name: &str) -> Option<&str> {
        self.packs.get(name).map(String::as_str)
    }

    /// What was made under that name.
    pub fn get(&self, generator: &str, name: &str) -> Option<&Made> {
        self.made.get(&(generator.to_owned(), name.to_owned()))
    }

    /// Everything that was made: generator, name, and what is known of it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Made)> {
        self.made
            .iter()
            .map(|((generator, name), made)| (generator.as_str(), name.as_str(), made))
    }

    /// What was made under that name, to be changed.
    pub fn get_mut(&mut self, generator: &str, name: &str) -> Option<&mut Made> {
        self.made.get_mut(&(generator.to_owned(), name.to_owned()))
    }

    /// Forgets what was made under that name.
    pub fn forget(&mut self, generator: &str, name: &str) -> Option<Made> {
        self.made.remove(&(generator.to_owned(), name.to_owned()))
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// Adds or replaces. What was recorded for the same thing and is not named now stays: files and sites
    /// of an earlier, smaller run are still there.
    pub fn add(&mut self, generator: &str, name: &str, mut made: Made) {
        let key = (generator.to_owned(), name.to_owned());
        if let Some(old) = self.made.remove(&key) {
            // Files of an earlier run stand as they are: what was written then is what counts.
            made.files.extend(old.files);
            for (site, was) in old.sites {
                // What stood in a slot before the first run is what a removal gives back.
                made.sites.insert(site, was);
            }
            for (id, old) in old.answers {
                match (made.answers.get_mut(&id), old) {
                    (Some(Given::Words(words)), Given::Words(old)) => {
                        let new: Vec<String> = words.drain(..).filter(|word| !old.contains(word)).collect();
                        *words = old;
                        words.extend(new);
                    }
                    (None, old) => {
                        made.answers.insert(id, old);
                    }
                    _ => {}
                }
            }
        }
        self.made.insert(key, made);
    }

    /// A file that was as tenon wrote it has another text now, again written by tenon: it stays unchanged by
    /// people.
    pub fn rewritten(&mut self, path: &str, before: &str, after: &str) {
        for made in self.made.values_mut() {
            if let Some(known) = made.files.get_mut(path)
                && *known == digest(before.as_bytes())
            {
                *known = digest(after.as_bytes());
            }
        }
    }

    /// The file's text.
    pub fn print(&self) -> String {
        let mut out = HEAD.to_owned();
        for (pack, digest) in &self.packs {
            let _ = writeln!(out, "pack.{} = {}", key(pack), text(digest));
        }
        for ((generator, name), made) in &self.made {
            let head = format!("made.{}.{}", key(generator), key(name));
            // Writing to a string cannot fail.
            let _ = write!(
                out,
                "\n{head}.pack = {}\n{head}.digest = {}\n",
                text(&made.pack),
                text(&made.digest)
            );
            for (id, given) in &made.answers {
                let value = match given {
                    Given::Flag(on) => on.to_string(),
                    Given::Words(words) => {
                        format!(
                            "[{}]",
                            words.iter().map(|word| text(word)).collect::<Vec<_>>().join(", ")
                        )
                    }
                };
                let _ = writeln!(out, "{head}.answers.{} = {value}", key(id));
            }
            for (title, lines) in [("files", &made.files), ("sites", &made.sites)] {
                for (name, value) in lines {
                    let _ = writeln!(out, "{head}.{title}.{} = {}", text(name), text(value));
                }
            }
        }
        out
    }
}

/// The digest by which the record knows a file's text.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn key(word: &str) -> String {
    let bare = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { word.to_owned() } else { text(word) }
}

fn text(word: &str) -> String {
    toml_edit::Value::from(word).to_string().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(files: &[&str]) -> Made {
        Made {
            pack: "p 1.0.0".into(),
            digest: "0".into(),
            answers: [("modules".to_owned(), Given::Words(vec!["a".into()]))].into(),
            files: files
                .iter()
                .map(|file| ((*file).to_owned(), digest(b"")))
                .collect(),
            sites: [("s a/b.ts".to_owned(), "it's \"old\"".to_owned())].into(),
        }
    }

    #[test]
    fn what_is_printed_is_read_back() {
        let mut record = Record::default();
        record.add("integration", "b", made(&["x.ts"]));
        record.add("integration", "a.c", made(&[]));
        let text = record.print();
        assert_eq!(Record::read(&text).unwrap(), record, "{text}");
        assert!(text.find("a.c").unwrap() < text.find(".b.").unwrap());
    }

    #[test]
    fn a_second_run_adds_and_keeps_what_a_slot_held_first() {
        let mut record = Record::default();
        record.add("integration", "a", made(&["x.ts"]));
        let mut second = made(&["y.ts"]);
        second.sites.insert("s a/b.ts".into(), "newer".into());
        second
            .answers
            .insert("modules".into(), Given::Words(vec!["b".into()]));
        record.add("integration", "a", second);
        let all = record.get("integration", "a").unwrap();
        assert_eq!(all.files.len(), 2);
        assert_eq!(all.sites["s a/b.ts"], "it's \"old\"");
        assert_eq!(all.answers["modules"], Given::Words(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn a_broken_record_is_an_error_with_its_line() {
        let error = Record::read("version = 1\n<<<<<<< ours\n").unwrap_err();
        assert_eq!(error.location().unwrap().line, Some(2));
    }
}
