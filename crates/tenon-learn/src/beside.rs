//! Puts a further kind beside those that a pack has.

use std::collections::BTreeMap;

use tenon_pack::{Pack, PackFiles};
use tenon_text::diag::{Error, Result};

use crate::pack_text::dotted;
use crate::test_host;

/// A pack that gets a further kind.
pub struct Beside {
    files: BTreeMap<String, Vec<u8>>,
    language: &'static str,
    pack: Pack,
    kind: String,
}

impl Beside {
    /// Reads the pack, which is to get `kind`, or has it and learns it `again`. Its members are `written` in a language.
    ///
    /// # Errors
    /// If it is no sound pack, has the kind already, or is about another language.
    pub fn of(files: &PackFiles, kind: &str, written: Option<&str>, again: bool) -> Result<Self> {
        let pack = Pack::load(files.clone())?;
        if !again && pack.kinds().iter().any(|known| known.id == kind) {
            return Err(Error::new(format!("the pack `{}` has the kind `{kind}` already", files.name()))
                .help("`tenon learn --again` brings it up to date; `--kind NAME` names another kind; `--to DIR` writes another pack"));
        }
        let language = pack.language().name();
        if let Some(written) = written.filter(|written| *written != language) {
            return Err(Error::new(format!(
                "the pack `{}` is about {language}, and these members are written in {written}",
                files.name()
            ))
            .help("learn them into a pack of their own: `--to DIR`"));
        }
        let own = files
            .paths()
            .filter_map(|path| Some((path.to_owned(), files.bytes(path)?.to_vec())));
        Ok(Self {
            files: own.collect(),
            language,
            pack,
            kind: kind.to_owned(),
        })
    }

    /// Whether another kind makes the file whose path in the host is the template `path`: below its home, or beside it.
    pub fn makes(&self, path: &str) -> bool {
        let others = || self.pack.kinds().iter().filter(|other| other.id != self.kind);
        let mut homes = others().filter_map(|other| other.home.as_deref());
        let is_at = |home: &str| {
            path.strip_prefix(home)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let in_folder = |(dir, folder): (&str, &str)| {
            let rest = path.strip_prefix(dir).and_then(|rest| rest.strip_prefix('/'));
            rest.is_some_and(|rest| {
                self.files
                    .contains_key(&format!("files/{folder}/{}.hbs", dotted(rest)))
            })
        };
        let mut folders = others()
            .flat_map(|other| self.pack.folders(&other.id))
            .filter_map(|folder| Some((folder.dir.as_deref()?, folder.templates.as_str())));
        homes.any(is_at) || folders.any(in_folder)
    }

    /// Whether another kind is listed by `entry` in the file at `path`.
    pub fn lists(&self, path: &str, entry: &str) -> bool {
        let mut sites = self.pack.all_sites().iter();
        sites.any(|site| {
            let is_it = site.file.as_deref() == Some(path) && site.text.as_deref() == Some(entry);
            is_it && !site.for_kinds.contains(&self.kind)
        })
    }

    /// The language of the pack.
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// All files of the pack with those of the kind: `files` without `pack.toml`, for which `tables` are added to its own.
    pub fn with(&self, mut files: BTreeMap<String, Vec<u8>>, tables: &str) -> BTreeMap<String, Vec<u8>> {
        let mut out = self.files.clone();
        files.remove("pack.toml");
        out.extend(files);
        let text = out.entry("pack.toml".to_owned()).or_default();
        text.truncate(text.trim_ascii_end().len());
        text.extend(format!("\n\n{tables}").into_bytes());
        out
    }

    /// The files of the host of its test, by path.
    pub fn test_host(&self) -> BTreeMap<String, String> {
        let below = format!("{}/", test_host::FOLDER);
        let files = self.files.iter();
        files
            .filter_map(|(path, bytes)| {
                let text = String::from_utf8(bytes.clone()).ok()?;
                Some((path.strip_prefix(&below)?.to_owned(), text))
            })
            .collect()
    }
}
