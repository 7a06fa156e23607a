//! The only reader of the host tree.
//!
//! Every read goes through [`Host`]: it confines paths, never follows a symbolic link out of the root,
//! bounds sizes, and reads a file at most once.

mod detect;
mod fingerprint;
mod git;
mod glob;
mod list;
mod path;
mod repository;
mod root;
mod stands;
mod unknown;
mod walk;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tenon_syntax::Source;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;
use tenon_text::names::in_dir;

pub use detect::{matches, nearest};
pub use fingerprint::Fingerprint;
pub use git::{Remote, changed_since, files_at, versions};
pub use path::{HostPath, folded};

use list::{Dirs, Kind};
use root::Root;
use unknown::Unknown;
/// The largest room that is kept for the next file, in bytes.
const MAX_BUFFER: usize = 64 * 1024;

thread_local! {
    /// What a file is read into before it is known to be text.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A repository that receives integrations. Any number of threads may read it.
pub struct Host {
    root: Arc<Root>,
    /// The texts of the files that were read; nothing for one that is not there.
    texts: Mutex<HashMap<String, Option<Arc<str>>>>,
    dirs: Dirs,
    /// Texts that stand in place of what is on disk.
    instead: Arc<BTreeMap<String, Arc<str>>>,
    /// The files that git keeps, asked for once.
    kept: OnceLock<Option<BTreeSet<String>>>,
    /// What could not be looked at.
    unknown: Unknown,
    /// What patterns and walks found whose name cannot be part of a [`HostPath`].
    passed: Mutex<BTreeSet<String>>,
}

/// Locks a cache. A thread that panicked has left it as it was: each entry is written at once.
fn lock<T>(cache: &Mutex<T>) -> MutexGuard<'_, T> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
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
        if !disk::is_dir(&root).unwrap_or(false) {
            return Err(
                Error::new(format!("`{shown}` is not a directory")).help("give the host with `--host DIR`")
            );
        }
        Ok(Self::empty(&root))
    }

    /// A host in which there is nothing yet, to be made at `root`.
    pub fn empty(root: &Path) -> Self {
        Self {
            root: Arc::new(Root::new(root.to_path_buf())),
            texts: Mutex::default(),
            dirs: Dirs::default(),
            instead: Arc::default(),
            kept: OnceLock::new(),
            unknown: Unknown::default(),
            passed: Mutex::default(),
        }
    }

    /// The same host, with nothing read yet, as if the files of `instead` said what is given there.
    pub fn afresh(&self, instead: &Arc<BTreeMap<String, Arc<str>>>) -> Self {
        Self {
            root: Arc::clone(&self.root),
            texts: Mutex::default(),
            dirs: Dirs::default(),
            instead: Arc::clone(instead),
            kept: OnceLock::new(),
            unknown: self.unknown.clone(),
            passed: Mutex::default(),
        }
    }

    /// The same host, with nothing read yet, in which nothing changes while it is looked at: what was listed once is
    /// known from then on.
    pub fn still(&self) -> Self {
        let mut out = self.afresh(&self.instead);
        if !self.dirs.keeps {
            out.root = Arc::new(self.root.held());
        }
        out.dirs.keeps = true;
        out
    }

    /// The files that were read so far, sorted.
    pub fn files_read(&self) -> Vec<String> {
        let texts = lock(&self.texts);
        let read = texts.iter().filter(|(_, text)| text.is_some());
        let mut paths: Vec<String> = read.map(|(path, _)| path.clone()).collect();
        paths.sort_unstable();
        paths
    }

    /// Every path that was looked at since [`Host::still`], relative to the host, and whether something stood there: files that were
    /// read, directories that were listed, and what was asked for by name.
    pub fn looked_at(&self) -> BTreeMap<String, bool> {
        let texts = lock(&self.texts);
        let read = texts.iter().map(|(path, text)| (path.clone(), text.is_some()));
        let mut out = self.dirs.looked_at();
        out.extend(read);
        out
    }

    /// The host's directory, canonical.
    pub fn root(&self) -> &Path {
        &self.root.path
    }

    /// The text of `path`; `None` if nothing stands there.
    ///
    /// An error if it is not a regular file inside the host, too large, or not UTF-8.
    pub fn read(&self, path: &HostPath) -> Result<Option<Arc<str>>> {
        if let Some(known) = lock(&self.texts).get(path.as_str()) {
            return Ok(known.clone());
        }
        if let Some(text) = self.instead.get(path.as_str()) {
            let text = Some(Arc::clone(text));
            lock(&self.texts).insert(path.as_str().to_owned(), text.clone());
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
        let text: Option<Arc<str>> = BUFFER
            .with_borrow_mut(|buffer| {
                let found = self.read_into(path, buffer);
                let text = found.and_then(|found| found.then(|| as_text(buffer)).transpose());
                // Whatever came of it: the next file finds it empty.
                buffer.clear();
                buffer.shrink_to(MAX_BUFFER);
                text
            })
            .inspect_err(|_| self.dirs.asked(path.as_str(), self.kind(path.as_str())))?;
        lock(&self.texts).insert(path.as_str().to_owned(), text.clone());
        Ok(text)
    }

    /// The bytes of `path`; `None` if nothing stands there.
    pub fn read_bytes(&self, path: &HostPath) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        Ok(self.read_into(path, &mut bytes)?.then_some(bytes))
    }

    /// Puts the bytes of `path` into `bytes`, which is empty; whether anything stands there.
    fn read_into(&self, path: &HostPath, bytes: &mut Vec<u8>) -> Result<bool> {
        let failed = |error: std::io::Error| {
            Error::new(format!("cannot read `{path}`"))
                .because(error)
                .help("make it readable, then run the command again")
        };
        let (dir, _) = in_dir(path.as_str());
        let found = match self.dirs.keeps.then(|| self.kind(path.as_str())) {
            Some(None) => return Ok(false),
            // How long it is shows when it is read.
            Some(Some(Kind::File)) if self.is_plain_dir(dir) => self.root.open(path.as_str()),
            _ => match self.real(path.under(&self.root.path), dir) {
                Ok((real, metadata)) => match self.refused(path, &real, &metadata) {
                    Some(error) => return Err(error),
                    None => disk::open(&real),
                },
                Err(error) => Err(error),
            },
        };
        let read = found.and_then(|file| disk::read_file(file, disk::MAX_TEXT, bytes));
        match read {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::FileTooLarge => Err(too_large(path)),
            Err(error) if disk::is_absent(&error) => match path.under(&self.root.path).symlink_metadata() {
                Ok(_) => Err(Error::new(format!("`{path}` is a symbolic link to nothing"))
                    .help("remove the link, or bring back what it points to")),
                Err(error) if disk::is_absent(&error) => Ok(false),
                Err(error) => Err(failed(error)),
            },
            Err(error) => {
                self.unknown.add_unread(path.as_str(), &error);
                Err(failed(error))
            }
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
        (metadata.len() > disk::MAX_TEXT).then(|| too_large(path))
    }

    /// What `full`, in the directory `dir` of the host, really is, symbolic links resolved, and its metadata.
    fn real(&self, full: PathBuf, dir: &str) -> std::io::Result<(PathBuf, Metadata)> {
        let metadata = full.symlink_metadata()?;
        if !metadata.is_symlink() && self.is_plain_dir(dir) {
            return Ok((full, metadata));
        }
        let real = full.canonicalize()?;
        let metadata = real.metadata()?;
        Ok((real, metadata))
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.at(path)
    }

    /// Whether the text of a file at `path` is known.
    fn is_read(&self, path: &str) -> bool {
        self.instead.contains_key(path) || lock(&self.texts).get(path).is_some_and(Option::is_some)
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

    fn names(&self, path: &str) -> Vec<String> {
        Self::names(self, path)
    }
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
    // What cannot be looked at may be one: who opens it is told why.
    disk::is_file(&dir.join(name)).unwrap_or(true)
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
    fn a_file_that_is_too_large_is_named_and_the_next_one_is_read() {
        let (dir, host) = host(&["a", "b"]);
        let large = std::fs::File::create(dir.path().join("large")).unwrap();
        large.set_len(disk::MAX_TEXT + 1).unwrap();
        for host in [host.still(), host] {
            for _ in 0..2 {
                let error = host.read(&HostPath::new("large").unwrap()).unwrap_err();
                assert_eq!(error.message(), "`large` is larger than 32 MiB");
            }
            let next = |path: &str| host.read(&HostPath::new(path).unwrap()).unwrap();
            assert_eq!(next("a").as_deref(), Some("a"));
            assert_eq!(next("b").as_deref(), Some("b"));
        }
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
