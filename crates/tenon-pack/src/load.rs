//! Loading a pack from wherever it comes from, with the packs that it extends.

use std::path::{Path, PathBuf};

use tenon_text::diag::{Error, LineCol, Result};
use tenon_text::{disk, typed_toml};

use super::places::{Origins, Place, Places};
use super::raw::RawFile;
use super::{FILE, Pack, PackFiles, Source, archive, check, extend, kind, story};

/// How deep packs may extend each other.
const MAX_BASES: usize = 8;

/// Brings the files of a pack in a repository here: its address, a commit, a folder.
pub type Fetch<'f> = dyn Fn(&str, &str, &str) -> Result<PackFiles> + 'f;

/// Where folders and archives are looked for.
#[derive(Clone, Copy)]
struct At<'a> {
    /// What their paths are relative to; nothing for what was fetched.
    from: Option<&'a Path>,
    /// The directory that they must not lead out of, if there is one; canonical.
    inside: Option<&'a Path>,
}

impl At<'_> {
    /// Where the folder or archive called `path` stands.
    fn local(&self, path: &str) -> Result<PathBuf> {
        let Some(from) = self.from else {
            return Err(Error::new(format!("`{path}` is a path of another machine"))
                .help("a fetched pack can extend a built-in pack or another fetched one"));
        };
        let full = from.join(path);
        let Some(inside) = self.inside else {
            return Ok(full);
        };
        match full.canonicalize() {
            Ok(real) if real.starts_with(inside) => Ok(real),
            // Who reads it says that it is not there.
            Err(error) if disk::is_absent(&error) => Ok(full),
            Err(error) => Err(Error::new(format!("the pack `{path}` cannot be looked at")).because(error)),
            Ok(_) => Err(Error::new(format!("the pack `{path}` leads out of the host")).help(
                "a pack that a host names must be in the host; to use another one, name it yourself: `--pack PATH`",
            )),
        }
    }
}

impl Pack {
    /// Loads a pack from wherever it is, with the packs that it extends; all its templates and rules are checked at once.
    /// Folders and archives are relative to `from`, and anywhere.
    ///
    /// # Errors
    /// If it cannot be had, or something is wrong with it.
    pub fn open(source: &Source, from: &Path, fetch: &Fetch<'_>) -> Result<Self> {
        let at = At {
            from: Some(from),
            inside: None,
        };
        Self::open_at(source, at, fetch, 0).map(Self::written_out)
    }

    /// Loads a pack that the host at `root` (canonical) names itself: it and what it extends stand in the host, symbolic
    /// links resolved.
    ///
    /// # Errors
    /// Those of [`Pack::open`], and if it leads out of the host.
    pub fn open_inside(source: &Source, root: &Path, fetch: &Fetch<'_>) -> Result<Self> {
        let at = At {
            from: Some(root),
            inside: Some(root),
        };
        Self::open_at(source, at, fetch, 0).map(Self::written_out)
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

    fn open_at(source: &Source, at: At<'_>, fetch: &Fetch<'_>, depth: usize) -> Result<Self> {
        if depth > MAX_BASES {
            return Err(Error::new("packs extend each other without end")
                .help(format!("a pack extends at most {MAX_BASES} others")));
        }
        let (files, dir) = match source {
            Source::BuiltIn(name) => return Self::beneath_named(name),
            Source::Folder(path) => {
                let dir = at.local(path)?;
                (PackFiles::folder(&dir)?, Some(dir))
            }
            Source::Archive { path, sha256 } => (archive::read(&at.local(path)?, sha256)?, None),
            Source::Git { url, commit, folder } => (fetch(url, commit, folder)?, None),
        };
        let pack = Self::load_on(files, &|base| {
            let at = At {
                from: dir.as_deref(),
                ..at
            };
            Self::open_at(&Source::parse(base)?, at, fetch, depth + 1)
        })?;
        let faults = check::contents(&pack, &pack.places()?);
        faults.into_iter().next().map_or(Ok(pack), Err)
    }

    /// Loads and checks a pack, which may extend one that is built in.
    pub fn load(files: PackFiles) -> Result<Self> {
        Self::load_beneath(files).map(Self::written_out)
    }

    /// The same as another pack is put on top of it.
    pub(super) fn load_beneath(files: PackFiles) -> Result<Self> {
        Self::load_on(files, &Self::beneath_named)
    }

    /// The pack that one in the folder `dir` extends under this name; it is on this machine.
    pub(super) fn beneath(name: &str, dir: &Path) -> Result<Self> {
        let at = At {
            from: Some(dir),
            inside: None,
        };
        Self::open_at(&Source::parse(name)?, at, &Self::unfetched, 0)
    }

    /// A pack that nothing is put on top of any more.
    pub(super) fn written_out(mut self) -> Self {
        kind::write_out_homes(&mut self.raw);
        self
    }

    fn load_on(files: PackFiles, base: &dyn Fn(&str) -> Result<Self>) -> Result<Self> {
        let file = typed_toml::read(files.text(FILE)?, FILE)?;
        let pack = Self::on(files, file, base)?;
        if pack.files.pin().is_none() {
            // A test has checked it.
            return Ok(pack);
        }
        let faults = check::shape(&pack, &pack.places()?);
        faults.into_iter().next().map_or(Ok(pack), Err)
    }

    /// The places of its own `pack.toml`.
    pub(super) fn places(&self) -> Result<Places<'_>> {
        Ok(Places::new(self.files.text(FILE)?, self.origins.clone()))
    }

    /// What `file`, the `pack.toml` of `files`, comes to together with the pack that it extends.
    pub(super) fn on(files: PackFiles, file: RawFile, base: &dyn Fn(&str) -> Result<Self>) -> Result<Self> {
        let added_to = added_to(&file, &files)?;
        let (raw, origins) = kind::lower(file, &files);
        let mut pack = Self {
            raw,
            files,
            digest: std::sync::OnceLock::new(),
            bases: vec![],
            origins,
        };
        let Some(name) = pack.raw.pack.extends.clone() else {
            if !pack.raw.offs.is_empty() {
                let at = pack.places()?.find(&Place::of("off", 0));
                return Err(Error::new("there is nothing that could be turned off")
                    .at(FILE, at)
                    .help("`[[off]]` is about what a pack `extends`"));
            }
            return Ok(pack);
        };
        let base = base(&name)
            .map_err(|error| error.because(format!("`{}` extends `{name}`", pack.raw.pack.name)))?;
        pack.bases = std::iter::once(base.name().to_owned())
            .chain(base.bases.iter().cloned())
            .collect();
        let tells = !pack.raw.story.is_empty();
        let (raw, origins) = extend::merge(
            base.raw,
            (pack.raw, &pack.origins),
            &Places::new(pack.files.text(FILE)?, Origins::default()),
        )?;
        pack.raw = raw;
        pack.origins = origins;
        pack.files = extend::files(&base.files, &pack.files);
        for (id, at) in added_to {
            pack.kind(&id).map_err(|error| error.at(FILE, at))?;
        }
        // The story of the base is about the base: it stays as long as it fits.
        if !tells && !story::read(&pack.raw).1.is_empty() {
            pack.raw.story.clear();
        }
        Ok(pack)
    }
}

/// The kinds of `file` that have no summary, with their places: what stands there is added to a kind of the pack that it extends.
fn added_to(file: &RawFile, files: &PackFiles) -> Result<Vec<(String, LineCol)>> {
    let places = Places::new(files.text(FILE)?, Origins::default());
    let mut out = Vec::new();
    for (id, kind) in file.kind.iter().filter(|(_, kind)| kind.summary.is_none()) {
        let at = places.find(&Place::top("kind").key(id));
        if file.pack.extends.is_none() || kind.describes_itself() {
            return Err(Error::new(format!("the kind `{id}` has no `summary`"))
                .at(FILE, at)
                .help("say in one line what it is: `summary = \"…\"`"));
        }
        out.push((id.clone(), at));
    }
    Ok(out)
}
