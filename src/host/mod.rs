//! The only reader of the host tree.
//!
//! Every read goes through [`Host`]: it confines paths, never follows a symbolic link out of the root,
//! bounds sizes, and reads a file at most once.

mod detect;
mod git;
mod mix;
mod path;
mod stamp;
mod stands;
mod trace;
mod walk;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diag::{Error, Result};
use crate::lang::Source;

pub use detect::{find_root, matches};
pub use git::{Remote, changed_since, files_at, versions};
pub use mix::Mix;
pub use path::HostPath;
pub use stamp::{Dir, Print, Printer, Stamp, Stamps};
pub use trace::{Ledger, Touched, standing};

use trace::Trace;

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 32 * 1024 * 1024;

/// A repository that receives integrations.
pub struct Host {
    root: PathBuf,
    cache: RefCell<BTreeMap<String, Option<Arc<str>>>>,
    /// Directories with what they really are: every file in one shares the answer.
    dirs: RefCell<BTreeMap<PathBuf, PathBuf>>,
    /// Texts that stand in place of what is on disk.
    instead: Arc<BTreeMap<String, Arc<str>>>,
    /// What was looked at, if that is kept.
    trace: Option<Trace>,
    /// Where what is looked at afresh is written.
    ledger: Option<Arc<Ledger>>,
    /// The files that git keeps, asked for once.
    kept: OnceCell<Option<BTreeSet<String>>>,
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
            root,
            cache: RefCell::default(),
            dirs: RefCell::default(),
            instead: Arc::default(),
            trace: None,
            ledger: None,
            kept: OnceCell::new(),
        })
    }

    /// A host in which there is nothing yet, to be made at `root`.
    pub fn empty(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            cache: RefCell::default(),
            dirs: RefCell::default(),
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
            root: self.root.clone(),
            cache: RefCell::default(),
            dirs: RefCell::default(),
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
        Self {
            trace: Some(Trace::default()),
            ..self.afresh(&self.instead)
        }
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
        cache
            .iter()
            .filter(|(_, text)| text.is_some())
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// The host's directory, canonical.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text of `path`; `None` if nothing stands there.
    ///
    /// An error if it is not a regular file inside the host, too large, or not UTF-8.
    pub fn read(&self, path: &HostPath) -> Result<Option<Arc<str>>> {
        if let Some(known) = self.cache.borrow().get(path.as_str()) {
            return Ok(known.clone());
        }
        if let Some(text) = self.instead.get(path.as_str()) {
            if let Some(trace) = &self.trace {
                trace.read(path.as_str());
            }
            return Ok(Some(Arc::clone(text)));
        }
        let text = match self.read_bytes(path)? {
            None => None,
            Some(bytes) => Some(Arc::from(String::from_utf8(bytes).map_err(|error| {
                let valid = error.utf8_error().valid_up_to();
                Error::new(format!("`{path}` is not UTF-8: byte {valid} is invalid")).help("save it as UTF-8")
            })?)),
        };
        self.cache
            .borrow_mut()
            .insert(path.as_str().to_owned(), text.clone());
        Ok(text)
    }

    /// The bytes of `path`; `None` if nothing stands there.
    pub fn read_bytes(&self, path: &HostPath) -> Result<Option<Vec<u8>>> {
        if let Some(trace) = &self.trace {
            trace.read(path.as_str());
        }
        let full = path.under(&self.root);
        let failed = |error: std::io::Error| {
            Error::new(format!("cannot read `{path}`"))
                .because(error)
                .help("make it readable, then run the command again")
        };
        let (real, metadata) = match self.real(&full) {
            Ok(found) => found,
            Err(error) if is_absent(&error) => {
                return match full.symlink_metadata() {
                    Ok(_) => Err(Error::new(format!("`{path}` is a symbolic link to nothing"))
                        .help("remove the link, or bring back what it points to")),
                    Err(_) => Ok(None),
                };
            }
            Err(error) => return Err(failed(error)),
        };
        if !real.starts_with(&self.root) {
            return Err(Error::new(format!("`{path}` is a symbolic link out of the host"))
                .help("tenon neither reads nor writes through it"));
        }
        if !metadata.is_file() {
            return Err(Error::new(format!("`{path}` is not a file")).help("move away what stands there"));
        }
        if metadata.len() > MAX_FILE {
            return Err(Error::new(format!("`{path}` is larger than 32 MiB"))
                .help("tenon reads no larger files: make it smaller"));
        }
        read_file(&real, metadata.len()).map(Some).map_err(failed)
    }

    /// What `full` really is, symbolic links resolved, and its metadata.
    fn real(&self, full: &Path) -> std::io::Result<(PathBuf, Metadata)> {
        let metadata = full.symlink_metadata()?;
        match (full.parent(), full.file_name()) {
            (Some(dir), Some(name)) if !metadata.is_symlink() => {
                Ok((self.real_dir(dir)?.join(name), metadata))
            }
            _ => {
                self.through_link();
                let real = full.canonicalize()?;
                let metadata = real.metadata()?;
                Ok((real, metadata))
            }
        }
    }

    /// What the directory `dir` really is; each is looked at once.
    fn real_dir(&self, dir: &Path) -> std::io::Result<PathBuf> {
        if dir == self.root {
            return Ok(self.root.clone());
        }
        if let Some(real) = self.dirs.borrow().get(dir) {
            return Ok(real.clone());
        }
        let real = match (dir.parent(), dir.file_name()) {
            (Some(above), Some(name))
                if dir.starts_with(&self.root) && !dir.symlink_metadata()?.is_symlink() =>
            {
                self.real_dir(above)?.join(name)
            }
            _ => {
                self.through_link();
                dir.canonicalize()?
            }
        };
        self.dirs.borrow_mut().insert(dir.to_path_buf(), real.clone());
        Ok(real)
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
        self.instead.contains_key(path) || matches!(self.cache.borrow().get(path), Some(Some(_)))
    }

    /// The names in the directory `path` (the root when empty), sorted; none if there is no such directory.
    pub fn names(&self, path: &str) -> Vec<String> {
        if let Some(trace) = &self.trace {
            trace.listed(path);
        }
        let dir = if path.is_empty() {
            self.root.clone()
        } else {
            self.root.join(path)
        };
        let inside = self.real_dir(&dir).is_ok_and(|real| real.starts_with(&self.root));
        let mut names: Vec<String> = if inside {
            std::fs::read_dir(dir)
                .into_iter()
                .flatten()
                .flatten()
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect()
        } else {
            vec![]
        };
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

    /// All paths that match `pattern`, sorted. In a pattern a segment may be `*` or `{name}`, either with
    /// fixed text round it; each stands for one name that does not begin with a dot, has no control character
    /// (no [`HostPath`] has one, and such names are made to deceive), and never for `node_modules`, `target` or
    /// `vendor`.
    pub fn glob(&self, pattern: &str) -> Vec<Found> {
        let mut found = vec![Found {
            path: String::new(),
            captures: vec![],
        }];
        for segment in pattern.split('/') {
            if matches!(segment, "" | "..") {
                return vec![];
            }
            let mut next = Vec::new();
            for at in found {
                let join = |name: &str| match at.path.as_str() {
                    "" => name.to_owned(),
                    above => format!("{above}/{name}"),
                };
                let Some(wild) = Wild::parse(segment) else {
                    let path = join(segment);
                    self.asked(&path);
                    if self.root.join(&path).symlink_metadata().is_ok() {
                        next.push(Found {
                            path,
                            captures: at.captures,
                        });
                    }
                    continue;
                };
                for name in self.names(&at.path) {
                    if let Some(part) = wild.matched(&name) {
                        let mut captures = at.captures.clone();
                        if let Some(capture) = wild.capture {
                            captures.push((capture.to_owned(), part.to_owned()));
                        }
                        next.push(Found {
                            path: join(&name),
                            captures,
                        });
                    }
                }
            }
            found = next;
        }
        found
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

/// One segment of a pattern that is not fixed.
struct Wild<'p> {
    before: &'p str,
    capture: Option<&'p str>,
    after: &'p str,
}

impl<'p> Wild<'p> {
    fn parse(segment: &'p str) -> Option<Self> {
        if let Some((before, after)) = segment.split_once('*') {
            return Some(Self {
                before,
                capture: None,
                after,
            });
        }
        let (before, rest) = segment.split_once('{')?;
        let (capture, after) = rest.split_once('}')?;
        Some(Self {
            before,
            capture: Some(capture),
            after,
        })
    }

    fn matched<'n>(&self, name: &'n str) -> Option<&'n str> {
        if !walk::is_visible(name) {
            return None;
        }
        let part = name.strip_prefix(self.before)?.strip_suffix(self.after)?;
        (!part.is_empty()).then_some(part)
    }
}

/// The bytes of a file that was `length` bytes long a moment ago.
fn read_file(path: &Path, length: u64) -> std::io::Result<Vec<u8>> {
    // With room for one byte more the end is found without growing; `take` keeps the file from being asked for
    // its length once more.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
    File::open(path)?.take(u64::MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
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
