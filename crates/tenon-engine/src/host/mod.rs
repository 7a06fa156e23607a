//! The only reader of the host tree.
//!
//! Every read goes through [`Host`]: it confines paths, never follows a symbolic link out of the root,
//! bounds sizes, and reads a file at most once.

mod detect;
mod git;
mod glob;
mod list;
mod path;
mod root;
mod stamp;
mod stands;
mod trace;
mod walk;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tenon_syntax::Source;
use tenon_text::diag::{Error, Result};
use tenon_text::names::in_dir;

pub use detect::{matches, nearest};
pub use git::{Remote, changed_since, files_at, versions};
pub use path::HostPath;
pub use stamp::{Dir, Print, Printer, Stamp, Stamps};
pub use trace::{Ledger, Touched, standing};

use list::{Dirs, Kind};
use root::Root;
use trace::Trace;

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 32 * 1024 * 1024;
/// Room for a file before its length is known, in bytes.
const FIRST_ROOM: usize = 8 * 1024;
/// How many files a host has room for before it grows: what an integration has, more or less.
const SOME_FILES: usize = 14;
/// The largest room that is kept for the next file, in bytes.
const MAX_BUFFER: usize = 64 * 1024;

thread_local! {
    /// What a file is read into before it is known to be text.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A repository that receives integrations.
pub struct Host {
    root: Arc<Root>,
    cache: RefCell<HashMap<String, Kept>>,
    dirs: Dirs,
    /// Texts that stand in place of what is on disk.
    instead: Arc<BTreeMap<String, Arc<str>>>,
    /// What was looked at, if that is kept.
    trace: Option<Trace>,
    /// Where what is looked at afresh is written.
    ledger: Option<Arc<Ledger>>,
    /// The files that git keeps, asked for once.
    kept: OnceCell<Option<BTreeSet<String>>>,
}

/// What was read of a file.
struct Kept {
    /// Its text, if it is there.
    text: Option<Arc<str>>,
    /// Whether it was read to be inspected, and not only for what it says of others.
    inspected: Cell<bool>,
}

impl Kept {
    fn new(text: &Option<Arc<str>>) -> Self {
        Self {
            text: text.clone(),
            inspected: Cell::new(false),
        }
    }
}

/// A path that matched a pattern, with its captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The path.
    pub path: String,
    /// What `{capture}`s of the pattern stand for, in order.
    pub captures: Vec<(String, String)>,
}

impl Host {
    /// The host at `root`, which must be a directory.
    pub fn open(root: &Path) -> Result<Self> {
        let shown = root.display();
        let root = root.canonicalize().map_err(|error| {
            Error::new(format!("there is no directory `{shown}`"))
                .because(error)
                .help("give the host with `--host DIR`")
        })?;
        if !root.is_dir() {
            return Err(
                Error::new(format!("`{shown}` is not a directory")).help("give the host with `--host DIR`")
            );
        }
        Ok(Self {
            root: Arc::new(Root::new(root)),
            cache: RefCell::default(),
            dirs: Dirs::default(),
            instead: Arc::default(),
            trace: None,
            ledger: None,
            kept: OnceCell::new(),
        })
    }

    /// A host in which there is nothing yet, to be made at `root`.
    pub fn empty(root: &Path) -> Self {
        Self {
            root: Arc::new(Root::new(root.to_path_buf())),
            cache: RefCell::default(),
            dirs: Dirs::default(),
            instead: Arc::default(),
            trace: None,
            ledger: None,
            kept: OnceCell::new(),
        }
    }

    /// The same host, where all that is looked at afresh is written into `ledger`.
    #[must_use]
    pub fn noting(self, ledger: Option<&Arc<Ledger>>) -> Self {
        Self {
            ledger: ledger.map(Arc::clone),
            ..self
        }
    }

    /// The same host, with nothing read yet, as if the files of `instead` said what is given there.
    pub fn afresh(&self, instead: &Arc<BTreeMap<String, Arc<str>>>) -> Self {
        Self {
            root: Arc::clone(&self.root),
            cache: RefCell::new(HashMap::with_capacity(SOME_FILES)),
            dirs: Dirs::default(),
            instead: Arc::clone(instead),
            trace: self.ledger.as_ref().map(Trace::of),
            ledger: self.ledger.clone(),
            kept: OnceCell::new(),
        }
    }

    /// The same host, with nothing read yet: for what is read once for all, whoever is the first to need it.
    pub fn beside(&self) -> Self {
        self.afresh(&self.instead)
    }

    /// The same host, with nothing read yet; it keeps what is looked at.
    pub fn traced(&self) -> Self {
        let mut out = if self.dirs.keeps {
            self.still()
        } else {
            self.afresh(&self.instead)
        };
        out.trace = Some(Trace::default());
        out
    }

    /// The same host, with nothing read yet, in which nothing changes while it is looked at: what was listed once is
    /// known from then on.
    pub fn still(&self) -> Self {
        let mut out = self.afresh(&self.instead);
        if !self.dirs.keeps {
            out.root = Arc::new(self.root.held());
        }
        out.dirs.keeps = true;
        out.dirs.plain.clone_from(&self.dirs.plain);
        out
    }

    /// What was looked at since [`Host::traced`], relative to the host, and what it looks like; nothing if that is not kept.
    pub fn seen(&self, stamps: &Stamps) -> Option<(Vec<String>, Print)> {
        self.trace.as_ref()?.seen(stamps)
    }

    /// Whether something was looked at through a symbolic link since [`Host::traced`].
    pub fn saw_links(&self) -> bool {
        self.trace.as_ref().is_some_and(Trace::saw_links)
    }

    /// The paths that were looked at since [`Host::traced`], as they were asked for; nothing if that is not kept.
    pub fn touched(&self) -> Option<Touched> {
        self.trace.as_ref().map(Trace::touched)
    }

    /// The files that were read so far.
    pub fn files_read(&self) -> Vec<String> {
        let cache = self.cache.borrow();
        let read = cache.iter().filter(|(_, kept)| kept.text.is_some());
        let mut paths: Vec<String> = read.map(|(path, _)| path.clone()).collect();
        paths.sort_unstable();
        paths
    }

    /// How many files were inspected so far.
    pub fn count_inspected(&self) -> usize {
        let cache = self.cache.borrow();
        let inspected = |kept: &&Kept| kept.inspected.get() && kept.text.is_some();
        cache.values().filter(inspected).count()
    }

    /// The text of the file at `path`, which is inspected; `None` if nothing stands there.
    ///
    /// # Errors
    /// Those of [`Host::read`], and if it is no path inside a host.
    pub fn inspect(&self, path: &str) -> Result<Option<Arc<str>>> {
        let known = |path: &str| {
            let cache = self.cache.borrow();
            let kept = cache.get(path)?;
            kept.inspected.set(true);
            Some(kept.text.clone())
        };
        if let Some(known) = known(path) {
            return Ok(known);
        }
        let path = HostPath::new(path)?;
        self.read(&path)?;
        Ok(known(path.as_str()).flatten())
    }

    /// The host's directory, canonical.
    pub fn root(&self) -> &Path {
        &self.root.path
    }

    /// The text of `path`; `None` if nothing stands there.
    ///
    /// An error if it is not a regular file inside the host, too large, or not UTF-8.
    pub fn read(&self, path: &HostPath) -> Result<Option<Arc<str>>> {
        if let Some(known) = self.cache.borrow().get(path.as_str()) {
            return Ok(known.text.clone());
        }
        if let Some(text) = self.instead.get(path.as_str()) {
            if let Some(trace) = &self.trace {
                trace.read(path.as_str());
            }
            let text = Some(Arc::clone(text));
            let mut cache = self.cache.borrow_mut();
            cache.insert(path.as_str().to_owned(), Kept::new(&text));
            return Ok(text);
        }
        let as_text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Arc::from(text)),
            Err(error) => {
                let valid = error.valid_up_to();
                Err(
                    Error::new(format!("`{path}` is not UTF-8: byte {valid} is invalid"))
                        .help("save it as UTF-8"),
                )
            }
        };
        let text: Option<Arc<str>> = BUFFER.with_borrow_mut(|buffer| {
            let found = self.read_into(path, buffer)?;
            let text = found.then(|| as_text(buffer)).transpose();
            buffer.clear();
            buffer.shrink_to(MAX_BUFFER);
            text
        })?;
        self.cache
            .borrow_mut()
            .insert(path.as_str().to_owned(), Kept::new(&text));
        Ok(text)
    }

    /// The bytes of `path`; `None` if nothing stands there.
    pub fn read_bytes(&self, path: &HostPath) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        Ok(self.read_into(path, &mut bytes)?.then_some(bytes))
    }

    /// Puts the bytes of `path` into `bytes`, which is empty; whether anything stands there.
    fn read_into(&self, path: &HostPath, bytes: &mut Vec<u8>) -> Result<bool> {
        if let Some(trace) = &self.trace {
            trace.read(path.as_str());
        }
        let failed = |error: std::io::Error| {
            Error::new(format!("cannot read `{path}`"))
                .because(error)
                .help("make it readable, then run the command again")
        };
        let (dir, _) = in_dir(path.as_str());
        let found = match self.dirs.keeps.then(|| self.kind(path.as_str())) {
            Some(None) => return Ok(false),
            // How long it is shows when it is read.
            Some(Some(Kind::File)) if self.is_plain_dir(dir) => Ok((self.root.open(path.as_str()), 0)),
            _ => match self.real(path.under(&self.root.path), dir) {
                Ok((real, metadata)) => match self.refused(path, &real, &metadata) {
                    Some(error) => return Err(error),
                    None => Ok((File::open(real), metadata.len())),
                },
                Err(error) => Err(error),
            },
        };
        let read = found.and_then(|(file, length)| read_file(file?, length, bytes));
        match read {
            Ok(()) if bytes.len() as u64 > MAX_FILE => Err(too_large(path)),
            Ok(()) => Ok(true),
            Err(error) if is_absent(&error) => match path.under(&self.root.path).symlink_metadata() {
                Ok(_) => Err(Error::new(format!("`{path}` is a symbolic link to nothing"))
                    .help("remove the link, or bring back what it points to")),
                Err(_) => Ok(false),
            },
            Err(error) => Err(failed(error)),
        }
    }

    /// Why what stands at `path` is not read.
    fn refused(&self, path: &HostPath, real: &Path, metadata: &Metadata) -> Option<Error> {
        if !real.starts_with(&self.root.path) {
            return Some(
                Error::new(format!("`{path}` is a symbolic link out of the host"))
                    .help("tenon neither reads nor writes through it"),
            );
        }
        if !metadata.is_file() {
            return Some(Error::new(format!("`{path}` is not a file")).help("move away what stands there"));
        }
        (metadata.len() > MAX_FILE).then(|| too_large(path))
    }

    /// What `full`, in the directory `dir` of the host, really is, symbolic links resolved, and its metadata.
    fn real(&self, full: PathBuf, dir: &str) -> std::io::Result<(PathBuf, Metadata)> {
        let metadata = full.symlink_metadata()?;
        if !metadata.is_symlink() && self.is_plain_dir(dir) {
            return Ok((full, metadata));
        }
        self.through_link();
        let real = full.canonicalize()?;
        let metadata = real.metadata()?;
        Ok((real, metadata))
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.at(path)
    }

    fn through_link(&self) {
        if let Some(trace) = &self.trace {
            trace.through_link();
        }
    }

    /// Notes that it was asked whether something stands at `path`.
    fn asked(&self, path: &str) {
        if let Some(trace) = &self.trace {
            trace.asked(path);
        }
    }

    /// Whether the text of a file at `path` is known.
    fn is_read(&self, path: &str) -> bool {
        self.instead.contains_key(path)
            || self
                .cache
                .borrow()
                .get(path)
                .is_some_and(|kept| kept.text.is_some())
    }

    /// The names in the directory `path` (the root when empty), sorted; none if there is no such directory.
    pub fn names(&self, path: &str) -> Vec<String> {
        let listed = self.names_on_disk(path);
        let listed = listed.iter().flat_map(|names| names.iter());
        let mut names: Vec<String> = listed.map(|(name, _)| name.clone()).collect();
        if self.instead.is_empty() {
            return names;
        }
        for added in self.instead.keys() {
            let below = if path.is_empty() {
                Some(added.as_str())
            } else {
                added.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'))
            };
            if let Some(name) = below.and_then(|rest| rest.split('/').next()) {
                names.push(name.to_owned());
            }
        }
        names.sort();
        names.dedup();
        names
    }
}

impl Source for Host {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.read(&HostPath::new(path).ok()?).ok().flatten()
    }

    fn exists(&self, path: &str) -> bool {
        self.exists_file(path)
    }

    fn is_dir(&self, path: &str) -> bool {
        self.exists_dir(path)
    }

    fn names(&self, path: &str) -> Vec<String> {
        Self::names(self, path)
    }
}

/// Reads a file that was perhaps `length` bytes long a moment ago, and no more of it than shows that it is too large.
fn read_file(file: File, length: u64, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    // With room for one byte more the end is found without growing; `take` keeps the file from being asked for
    // its length once more.
    let room = usize::try_from(length).unwrap_or(0).saturating_add(1);
    bytes.reserve(room.max(FIRST_ROOM));
    file.take(MAX_FILE + 1).read_to_end(bytes).map(drop)
}

fn too_large(path: &HostPath) -> Error {
    Error::new(format!("`{path}` is larger than 32 MiB")).help("tenon reads no larger files: make it smaller")
}

/// What `path` really is, symbolic links resolved as far as it exists.
pub fn canonical(path: &Path) -> PathBuf {
    let mut above = path.ancestors();
    let known = above.find_map(|dir| Some((dir, dir.canonicalize().ok()?)));
    match known {
        Some((dir, real)) => match path.strip_prefix(dir) {
            Ok(rest) if rest != Path::new("") => real.join(rest),
            _ => real,
        },
        None => path.to_path_buf(),
    }
}

/// Whether a file `name` stands in `dir`, before it is known whether that is a host.
pub fn is_host_file(dir: &Path, name: &str) -> bool {
    dir.join(name).is_file()
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(files: &[&str]) -> (tempfile::TempDir, Host) {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        let host = Host::open(dir.path()).unwrap();
        (dir, host)
    }

    #[test]
    fn patterns_capture_names_and_never_enter_installed_packages() {
        let (_dir, host) = host(&[
            "p/a/x.json",
            "p/b/x.json",
            "p/c/y.json",
            "p/.d/x.json",
            "p/node_modules/x.json",
        ]);
        let found = host.glob("p/{name}/x.json");
        let names: Vec<_> = found.iter().map(|f| f.captures[0].1.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(host.glob("p/*/y.json").len(), 1);
    }

    #[test]
    fn a_link_out_of_the_host_is_not_read() {
        let (dir, host) = host(&["a"]);
        std::os::unix::fs::symlink("/etc/hostname", dir.path().join("out")).unwrap();
        let error = host.read(&HostPath::new("out").unwrap()).unwrap_err();
        assert!(error.message().contains("out of the host"), "{error}");
        assert_eq!(host.read(&HostPath::new("none").unwrap()).unwrap(), None);
    }
}
