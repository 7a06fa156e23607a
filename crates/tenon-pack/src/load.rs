//! Loading a pack from wherever it comes from, with the packs that it extends.

use std::path::Path;

use tenon_text::diag::{Error, Result};
use tenon_text::typed_toml;

use super::raw::RawPack;
use super::{Pack, PackFiles, Source, archive, check, extend, toml_error};

/// How deep packs may extend each other.
const MAX_BASES: usize = 8;

/// Brings the files of a pack in a repository here: its address, a commit, a folder.
pub type Fetch<'f> = dyn Fn(&str, &str, &str) -> Result<PackFiles> + 'f;

impl Pack {
    /// Loads a pack from wherever it is, with the packs that it extends; all its templates and rules are checked at once.
    /// Folders and archives are relative to `from`.
    ///
    /// # Errors
    /// If it cannot be had, or something is wrong with it.
    pub fn open(source: &Source, from: &Path, fetch: &Fetch<'_>) -> Result<Self> {
        Self::open_at(source, Some(from), fetch, 0)
    }

    /// Loads the pack in the folder `dir` for its author: what it extends is on this machine.
    ///
    /// # Errors
    /// Those of [`Pack::open`].
    pub fn in_folder(dir: &Path) -> Result<Self> {
        Self::open(&Source::Folder(String::new()), dir, &Self::unfetched)
    }

    /// For an author's work nothing is fetched.
    pub(super) fn unfetched(url: &str, _: &str, _: &str) -> Result<PackFiles> {
        Err(
            Error::new(format!("`{url}` is not fetched while a pack is worked on"))
                .help("extend a folder until it is done: `extends = \"../base\"`"),
        )
    }

    fn open_at(source: &Source, from: Option<&Path>, fetch: &Fetch<'_>, depth: usize) -> Result<Self> {
        if depth > MAX_BASES {
            return Err(Error::new("packs extend each other without end")
                .help(format!("a pack stands on at most {MAX_BASES} others")));
        }
        let local = |path: &str| match from {
            Some(from) => Ok(from.join(path)),
            None => Err(Error::new(format!("`{path}` is a path of another machine"))
                .help("what is fetched extends a built-in pack, or one that is fetched as well")),
        };
        let (files, dir) = match source {
            Source::BuiltIn(name) => return Self::named(name),
            Source::Folder(path) => {
                let dir = local(path)?;
                (PackFiles::folder(&dir)?, Some(dir))
            }
            Source::Archive { path, sha256 } => (archive::read(&local(path)?, sha256)?, None),
            Source::Git { url, commit, folder } => (fetch(url, commit, folder)?, None),
        };
        let pack = Self::load_on(files, &|base| {
            Self::open_at(&Source::parse(base)?, dir.as_deref(), fetch, depth + 1)
        })?;
        let faults = check::contents(&pack, &pack.files.text("pack.toml")?);
        faults.into_iter().next().map_or(Ok(pack), Err)
    }

    /// Loads and checks a pack, which may extend one that is built in.
    pub fn load(files: PackFiles) -> Result<Self> {
        Self::load_on(files, &Self::named)
    }

    fn load_on(files: PackFiles, base: &dyn Fn(&str) -> Result<Self>) -> Result<Self> {
        if let Some(raw) = files.json().and_then(|json| serde_json::from_str(json).ok()) {
            // A test has checked its shape.
            return Self::on(files, raw, "", base);
        }
        let text = files.text("pack.toml")?;
        let raw: RawPack = typed_toml::parse(&text).map_err(|error| toml_error(&error, &text))?;
        let pack = Self::on(files, raw, &text, base)?;
        let faults = check::shape(&pack, &text);
        faults.into_iter().next().map_or(Ok(pack), Err)
    }

    /// What `raw`, read from `text`, comes to together with the pack that it extends.
    pub(super) fn on(
        files: PackFiles,
        raw: RawPack,
        text: &str,
        base: &dyn Fn(&str) -> Result<Self>,
    ) -> Result<Self> {
        let mut pack = Self {
            raw,
            files,
            paths: std::sync::OnceLock::new(),
            digest: std::sync::OnceLock::new(),
            bases: vec![],
        };
        let Some(name) = pack.raw.pack.extends.clone() else {
            if let Some(off) = pack.raw.offs.first() {
                let at = check::place(text, &check::Section::of("off", 0), &off.reason);
                return Err(Error::new("there is nothing that could be turned off")
                    .at("pack.toml", at)
                    .help("`[[off]]` is about what a pack `extends`"));
            }
            return Ok(pack);
        };
        let base = base(&name)
            .map_err(|error| error.because(format!("`{}` extends `{name}`", pack.raw.pack.name)))?;
        pack.bases = std::iter::once(base.name().to_owned())
            .chain(base.bases.iter().cloned())
            .collect();
        pack.files = extend::files(&base.files, &pack.files);
        pack.raw = extend::merge(base.raw, pack.raw, text)?;
        Ok(pack)
    }
}
