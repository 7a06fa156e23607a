//! The record, `tenon.lock`: the members that tenon made in a host, for updates, removals and reviews. It is sorted and has one
//! fact a line. Each line names its member, so that lines of two branches can be merged in any order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::answers::Given;
use crate::host::HostPath;
use tenon_pack::Pack;
use tenon_text::diag::{Error, Result, line_col};
use tenon_text::format::{same_but_for_line_ends, with_lf, with_line_ends_of};
use tenon_text::typed_toml;

use super::overlay::Overlay;

/// The file's name, at the host's root.
pub const FILE: &str = "tenon.lock";

const HEAD: &str = "# Written by tenon: what it made in this repository. Commit this file.\nversion = 1\n";

/// All recorded members, by kind and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    made: BTreeMap<(String, String), RecordedMember>,
    /// Digests of the packs in use that are not built in, by name.
    packs: BTreeMap<String, String>,
}

/// A member that tenon made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedMember {
    /// The pack and its version.
    pub pack: String,
    /// Digest of the pack's files.
    pub digest: String,
    /// The answers as given.
    pub answers: BTreeMap<String, Given>,
    /// The files, with the digests of the texts that were written.
    pub files: BTreeMap<String, String>,
    /// The entries in sites by their keys, with the trace of the insertion; for a slot the earlier holder.
    pub sites: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecord {
    version: u32,
    #[serde(default, rename = "pack")]
    packs: BTreeMap<String, String>,
    #[serde(default)]
    made: BTreeMap<String, BTreeMap<String, RawMember>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMember {
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
        let raw: RawRecord = typed_toml::parse(text).map_err(|fault| {
            Error::new("the record cannot be read")
                .at(FILE, line_col(text, fault.at))
                .because(fault.message)
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
        for (kind, members) in raw.made {
            for (name, raw) in members {
                let answers = raw.answers.into_iter().map(|(id, given)| {
                    (
                        id,
                        match given {
                            RawGiven::Flag(on) => Given::Flag(on),
                            RawGiven::Words(words) => Given::Words(words),
                        },
                    )
                });
                let member = RecordedMember {
                    pack: raw.pack,
                    digest: raw.digest,
                    answers: answers.collect(),
                    files: raw.files,
                    sites: raw.sites,
                };
                made.insert((kind.clone(), name), member);
            }
        }
        Ok(Self {
            made,
            packs: raw.packs,
        })
    }

    /// Records the digest of `pack` as the one in use.
    pub fn pin(&mut self, pack: &Pack) {
        match pack.pin() {
            Some(digest) => self.packs.insert(pack.name().to_owned(), digest),
            None => self.packs.remove(pack.name()),
        };
    }

    /// The recorded digest of the pack called `name`; `None` if it was not used, or is built in.
    pub fn pinned(&self, name: &str) -> Option<&str> {
        self.packs.get(name).map(String::as_str)
    }

    /// The member `name` of `kind`.
    pub fn get(&self, kind: &str, name: &str) -> Option<&RecordedMember> {
        self.made.get(&(kind.to_owned(), name.to_owned()))
    }

    /// All recorded members with their kinds and names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &RecordedMember)> {
        self.made
            .iter()
            .map(|((kind, name), made)| (kind.as_str(), name.as_str(), made))
    }

    /// The member `name` of `kind`, mutable.
    pub fn get_mut(&mut self, kind: &str, name: &str) -> Option<&mut RecordedMember> {
        self.made.get_mut(&(kind.to_owned(), name.to_owned()))
    }

    /// Removes the member `name` of `kind`.
    pub fn forget(&mut self, kind: &str, name: &str) -> Option<RecordedMember> {
        self.made.remove(&(kind.to_owned(), name.to_owned()))
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// Adds a member, or merges it with the recorded one: files and entries of an earlier run with fewer answers are kept.
    pub fn add(&mut self, kind: &str, name: &str, mut made: RecordedMember) {
        let key = (kind.to_owned(), name.to_owned());
        if let Some(old) = self.made.remove(&key) {
            // Files of an earlier run were not written again: their digests stay.
            made.files.extend(old.files);
            for (site, was) in old.sites {
                // A removal restores the holder from before the first run.
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

    /// Updates the digest of a file that tenon rewrites, if it was unchanged until now.
    pub fn rewritten(&mut self, path: &str, before: &str, after: &str) {
        for made in self.made.values_mut() {
            if let Some(known) = made.files.get_mut(path)
                && *known == digest(before.as_bytes())
            {
                *known = digest(after.as_bytes());
            }
        }
    }

    /// Writes the record in place of the one in `overlay`, with its line ends; one that says the same stays.
    ///
    /// # Errors
    /// If the file cannot be read or created.
    pub fn write(&self, overlay: &mut Overlay<'_>) -> Result<()> {
        let path = HostPath::new(FILE)?;
        let text = self.print();
        if typed_toml::is_too_much(&text) {
            return Err(Error::new(format!(
                "`{FILE}` would be longer than is read: it has too many members"
            ))
            .help("delete from it the lines of members that `tenon update` need not know"));
        }
        match overlay.read(&path)? {
            None => overlay.create(path, text, false)?,
            Some(before) if same_but_for_line_ends(&before, &text) => {}
            Some(before) => overlay.edit(&path, with_line_ends_of(&text, &before)),
        }
        Ok(())
    }

    /// The file's text.
    pub fn print(&self) -> String {
        let mut out = HEAD.to_owned();
        for (pack, digest) in &self.packs {
            let _ = writeln!(out, "pack.{} = {}", key(pack), text(digest));
        }
        for ((kind, name), made) in &self.made {
            let head = format!("made.{}.{}", key(kind), key(name));
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

/// The digest by which the record knows a file's text. Line ends do not count, since they are those of the checkout.
pub fn digest(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map(with_lf);
    Sha256::digest(text.as_ref().map_or(bytes, |text| text.as_bytes()))
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
    use crate::host::Host;

    fn made(files: &[&str]) -> RecordedMember {
        RecordedMember {
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
    fn a_digest_is_taken_over_text_with_line_feeds() {
        assert_eq!(digest(b"a\r\nb\n"), digest(b"a\nb\n"));
        assert_ne!(digest(b"a\nb\n"), digest(b"a\nb"));
        // What is no text has no line ends.
        assert_ne!(digest(b"\xff\r\n"), digest(b"\xff\n"));
    }

    #[test]
    fn a_record_that_could_not_be_read_again_is_not_written() {
        let place = tempfile::tempdir().unwrap();
        let host = Host::open(place.path()).unwrap();
        let mut record = Record::default();
        let files: Vec<String> = (0..50).map(|number| format!("{number}.ts")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let mut written = 0;
        let error = loop {
            for number in written..written + 1_000 {
                record.add("integration", &format!("m{number}"), made(&files));
            }
            match record.write(&mut Overlay::new(&host)) {
                Ok(()) => written += 1_000,
                Err(error) => break error,
            }
        };
        assert!(
            error.message().contains("would be longer than is read"),
            "{error}"
        );
        assert!(written >= 3_000, "{written}");
        assert!(Record::read(&record.print()).is_err());
    }

    #[test]
    fn a_broken_record_is_an_error_with_its_line() {
        let long = format!("version = 1\n{}", "# a line\n".repeat(260_000));
        let error = Record::read(&long).unwrap_err();
        assert!(error.to_string().contains("the record cannot be read"), "{error}");
        let error = Record::read("version = 1\n<<<<<<< ours\n").unwrap_err();
        assert_eq!(error.location().unwrap().line, Some(2));
    }
}
