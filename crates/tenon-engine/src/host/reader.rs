//! [`Host`], through which everything in a host is read. Other files of this module add methods to it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use tenon_syntax::Source;
use tenon_syntax::language::Lang;
use tenon_syntax::languages::is_derived;
use tenon_syntax::workspace::{WORKSPACE_FILES, WorkspaceFile};
use tenon_text::diag::{Error, Result};
use tenon_text::disk;
use tenon_text::format::split_bom;
use tenon_text::manifest::{ManifestFormat, Parsed};
use tenon_text::names::in_dir;

use super::HostPath;
use super::dirs::{DirCache, EntryKind, lock};
use super::manifests::Manifests;
use super::root::Root;
use super::unreadable::Unreadable;

/// Largest buffer that is kept for the next file, in bytes.
const MAX_BUFFER: usize = 64 * 1024;

thread_local! {
    /// The bytes of a file before they are checked to be UTF-8.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A repository on disk, read only: files, directories and patterns of paths. Texts are cached. Threads may
/// share it.
pub struct Host {
    pub(super) root: Arc<Root>,
    /// The texts of files that were read; `None` for files that do not exist.
    texts: Mutex<HashMap<String, Option<Arc<str>>>>,
    /// The manifests that were parsed for several members.
    manifests: Manifests,
    pub(super) dirs: DirCache,
    /// Texts that replace those of files on disk, by path.
    pub(super) replaced: Arc<BTreeMap<String, Arc<str>>>,
    /// The files that git tracks or would add; asked for once.
    pub(super) in_git: OnceLock<Option<BTreeSet<String>>>,
    /// Paths that could not be read.
    pub(super) unreadable: Unreadable,
    /// Paths that patterns and walks found and whose name cannot be part of a [`HostPath`].
    pub(super) unnameable: Mutex<BTreeSet<String>>,
    /// Paths whose content was asked for and is not known, and why, if that cannot be asked again.
    doubtful: Mutex<BTreeMap<String, Option<Error>>>,
}

/// A path that matched a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The path.
    pub path: String,
    /// The names of the pattern's `{capture}`s and the texts that they matched, in order.
    pub captures: Vec<(String, String)>,
}

impl Host {
    /// Opens the host at `root`.
    ///
    /// # Errors
    /// If `root` is no directory.
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
        Ok(Self::at_root(root))
    }

    /// A host in which nothing exists yet and that is to be made at `root`.
    pub fn empty(root: &Path) -> Self {
        Self::at_root(root.to_path_buf())
    }

    fn at_root(root: PathBuf) -> Self {
        Self {
            root: Arc::new(Root::new(root)),
            texts: Mutex::default(),
            manifests: Manifests::default(),
            dirs: DirCache::default(),
            replaced: Arc::default(),
            in_git: OnceLock::new(),
            unreadable: Unreadable::default(),
            unnameable: Mutex::default(),
            doubtful: Mutex::default(),
        }
    }

    /// The same host with an empty cache, in which the files of `replaced` have the given texts as well.
    pub fn afresh(&self, replaced: &Arc<BTreeMap<String, Arc<str>>>) -> Self {
        let replaced = match (self.replaced.is_empty(), replaced.is_empty()) {
            (true, _) => Arc::clone(replaced),
            (_, true) => Arc::clone(&self.replaced),
            (false, false) => {
                let mut all = (*self.replaced).clone();
                all.extend(
                    replaced
                        .iter()
                        .map(|(path, text)| (path.clone(), Arc::clone(text))),
                );
                Arc::new(all)
            }
        };
        Self {
            root: Arc::clone(&self.root),
            texts: Mutex::default(),
            manifests: Manifests::default(),
            dirs: DirCache::default(),
            replaced,
            in_git: OnceLock::new(),
            unreadable: self.unreadable.clone(),
            unnameable: Mutex::default(),
            doubtful: Mutex::default(),
        }
    }

    /// The same host with an empty cache, for callers that know that no file changes while they read: directory listings are
    /// cached.
    pub fn still(&self) -> Self {
        let mut out = self.afresh(&self.replaced);
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

    /// Every path that was read, listed or looked up since [`Host::still`], relative to the host, and whether it exists.
    pub fn looked_at(&self) -> BTreeMap<String, bool> {
        let texts = lock(&self.texts);
        let read = texts.iter().map(|(path, text)| (path.clone(), text.is_some()));
        let mut out = self.dirs.looked_at();
        out.extend(read);
        out
    }

    /// The host's canonical directory.
    pub fn root(&self) -> &Path {
        &self.root.path
    }

    /// The text of the file at `path`; `None` if it does not exist.
    ///
    /// # Errors
    /// If it is no regular file inside the host, too large, or not UTF-8.
    pub fn read(&self, path: &HostPath) -> Result<Option<Arc<str>>> {
        if let Some(known) = lock(&self.texts).get(path.as_str()) {
            return Ok(known.clone());
        }
        if let Some(text) = self.replaced.get(path.as_str()) {
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
                // The next file must find it empty.
                buffer.clear();
                buffer.shrink_to(MAX_BUFFER);
                text
            })
            .inspect_err(|_| {
                self.dirs.asked(path.as_str(), self.kind(path.as_str()));
                // A directory is in the place of a file only where it is called like one.
                let is_dir = || disk::is_dir(&self.at(path.as_str())).unwrap_or(false);
                if is_called_like_a_file(path.as_str()) || !is_dir() {
                    self.doubt(path.as_str());
                }
            })?;
        lock(&self.texts).insert(path.as_str().to_owned(), text.clone());
        Ok(text)
    }

    /// The manifest at `path`, without its byte-order mark; `None` if there is no such file. It is parsed once and kept: what one member
    /// alone asks for is better parsed by itself.
    ///
    /// # Errors
    /// If it cannot be read, or is not valid.
    pub fn manifest(&self, path: &HostPath, format: ManifestFormat) -> Result<Option<Arc<Parsed>>> {
        self.manifests.get(path.as_str(), || {
            let text = self.read(path)?;
            let parse = |text: Arc<str>| Parsed::parse(split_bom(&text).1, format, path.as_str());
            Ok(text.map(parse).transpose()?.map(Arc::new))
        })
    }

    /// The bytes of the file at `path`; `None` if it does not exist.
    ///
    /// # Errors
    /// If it is no regular file inside the host, or too large.
    pub fn read_bytes(&self, path: &HostPath) -> Result<Option<Vec<u8>>> {
        if let Some(text) = self.replaced.get(path.as_str()) {
            return Ok(Some(text.as_bytes().to_vec()));
        }
        let mut bytes = Vec::new();
        Ok(self.read_into(path, &mut bytes)?.then_some(bytes))
    }

    /// Reads the file at `path` into `bytes`, which is empty; whether it exists.
    fn read_into(&self, path: &HostPath, bytes: &mut Vec<u8>) -> Result<bool> {
        let failed = |error: std::io::Error| {
            Error::new(format!("cannot read `{path}`"))
                .because(error)
                .help("make it readable, then run the command again")
        };
        let (dir, _) = in_dir(path.as_str());
        let found = match self.dirs.keeps.then(|| self.kind(path.as_str())) {
            Some(None) => return Ok(false),
            // Its size is bounded when it is read.
            Some(Some(EntryKind::File)) if self.is_plain_dir(dir) => self.root.open(path.as_str()),
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
                    .help("remove the link, or restore what it points to")),
                Err(error) if disk::is_absent(&error) => Ok(false),
                Err(error) => Err(failed(error)),
            },
            Err(error) => {
                self.unreadable.add_content(path.as_str(), &error);
                Err(failed(error))
            }
        }
    }

    /// The error for an entry that must not be read.
    fn refused(&self, path: &HostPath, real: &Path, metadata: &Metadata) -> Option<Error> {
        if !real.starts_with(&self.root.path) {
            return Some(
                Error::new(format!("`{path}` is a symbolic link out of the host"))
                    .help("tenon neither reads nor writes through it"),
            );
        }
        if !metadata.is_file() {
            return Some(Error::new(format!("`{path}` is not a file")).help("move away what is there"));
        }
        (metadata.len() > disk::MAX_TEXT).then(|| too_large(path))
    }

    /// The canonical path of `full`, which lies in the directory `dir` of the host, and its metadata.
    fn real(&self, full: PathBuf, dir: &str) -> std::io::Result<(PathBuf, Metadata)> {
        let metadata = full.symlink_metadata()?;
        if !metadata.is_symlink() && self.is_plain_dir(dir) {
            return Ok((full, metadata));
        }
        let real = full.canonicalize()?;
        let metadata = real.metadata()?;
        Ok((real, metadata))
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.root.at(path)
    }

    /// Whether the text of the file at `path` is cached or replaced.
    pub(super) fn is_read(&self, path: &str) -> bool {
        self.replaced.contains_key(path) || lock(&self.texts).get(path).is_some_and(Option::is_some)
    }

    /// The names in the directory `path` (the root when empty), sorted; empty if there is no such directory.
    pub fn names(&self, path: &str) -> Vec<String> {
        let listed = self.listing_inside(path);
        let listed = listed.iter().flat_map(|names| names.iter());
        listed.map(|(name, _)| name.clone()).collect()
    }
}

impl Host {
    /// Records that the file at `path` was needed and is not understood: whoever goes on without it need not say so. What package
    /// managers and compilers put there is not the host's.
    pub fn doubt(&self, path: &str) {
        self.doubt_because(path, None);
    }

    /// The same of a directory, of which only `why` says what is wrong.
    pub(super) fn doubt_because(&self, path: &str, why: Option<Error>) {
        if !path.split('/').any(is_derived) {
            lock(&self.doubtful).entry(path.to_owned()).or_insert(why);
        }
    }

    /// The paths that were needed so far and could not be read, or are not understood.
    pub fn doubtful(&self) -> BTreeMap<String, Option<Error>> {
        lock(&self.doubtful).clone()
    }

    /// Removes and returns the paths that could not be looked up so far, each with an error that says why.
    pub fn take_unknown(&self) -> Vec<(String, Error)> {
        self.unreadable.take_entries()
    }

    /// Checks that everything that was asked for could be looked up.
    ///
    /// # Errors
    /// If something could not: conclusions from absent files are then not safe.
    pub fn all_known(&self) -> Result<()> {
        self.unreadable.no_entries()
    }

    /// Checks that everything that was asked for could be looked up, and every file read.
    ///
    /// # Errors
    /// If something could not.
    pub fn all_read(&self) -> Result<()> {
        self.all_known()?;
        self.unreadable.no_contents()
    }
}

impl Source for Host {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.read(&HostPath::new(path).ok()?).ok().flatten()
    }

    fn doubt(&self, path: &str) {
        Self::doubt(self, path);
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

/// Whether a name is that of a source file or a manifest.
pub fn is_called_like_a_file(path: &str) -> bool {
    Lang::of_path(path).is_some() || is_called_like_a_manifest(path)
}

/// Whether a name is that of a manifest, or of what a package manager reads.
pub(super) fn is_called_like_a_manifest(path: &str) -> bool {
    let name = in_dir(path).1;
    let is_one = |known: &WorkspaceFile| known.file == name || known.member == name;
    ManifestFormat::of_path(path).is_some() || WORKSPACE_FILES.iter().any(is_one)
}

fn too_large(path: &HostPath) -> Error {
    Error::new(format!("`{path}` is larger than 32 MiB")).help("tenon reads no larger files: make it smaller")
}

/// `path` with symbolic links resolved, as far as it exists.
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

/// Whether `dir`, which need not be a host, contains a file `name`.
pub fn is_host_file(dir: &Path, name: &str) -> bool {
    // An unreadable entry may be one: opening it gives the reason.
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
