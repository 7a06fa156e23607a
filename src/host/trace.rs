//! What was looked at in a host, so that it can be told later, without reading anything, that it has not changed.
//!
//! A file is known by its inode, size and times of change, a directory by the same: nothing can be added to it, taken
//! from it or renamed in it without changing them. What was found absent is known by the directory it would be in.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;

/// Paths that were looked at, relative to the host.
#[derive(Debug, Default)]
pub struct Trace {
    paths: RefCell<BTreeSet<String>>,
    /// Whether something was looked at that cannot be known so: through a symbolic link, or outside.
    lost: Cell<bool>,
}

/// What the paths of a trace look like at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// Over every path with its inode, size and times.
    pub digest: u128,
    /// The latest change of any of them, in nanoseconds since 1970.
    pub latest: i128,
}

/// The paths of a trace, relative to the host, as they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Files that were read, and directories that were listed or in which something was looked for.
    pub paths: BTreeSet<String>,
    /// Whether something was looked at through a symbolic link: then it may be another path that was meant.
    pub through_links: bool,
}

impl Trace {
    /// The paths so far.
    pub fn touched(&self) -> Touched {
        Touched {
            paths: self.paths.borrow().clone(),
            through_links: self.lost.get(),
        }
    }

    /// Notes that the text of `path` was read.
    pub fn read(&self, path: &str) {
        self.paths.borrow_mut().insert(path.to_owned());
    }

    /// Notes that it was asked whether something stands at `path`.
    pub fn asked(&self, path: &str) {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        self.listed(dir);
    }

    /// Notes that the directory `dir` was listed.
    pub fn listed(&self, dir: &str) {
        let mut paths = self.paths.borrow_mut();
        if !paths.contains(dir) {
            paths.insert(dir.to_owned());
        }
    }

    /// Notes that what was looked at cannot be told by its name.
    pub fn lose(&self) {
        self.lost.set(true);
    }

    /// The paths, those that are not there replaced by the nearest directory that is; nothing if they do not tell
    /// everything.
    pub fn paths(&self, root: &Path) -> Option<Vec<String>> {
        if self.lost.get() {
            return None;
        }
        let mut out = BTreeSet::new();
        for path in self.paths.borrow().iter() {
            let mut path = path.as_str();
            loop {
                match root.join(path).symlink_metadata() {
                    Ok(metadata) if metadata.is_symlink() => return None,
                    Ok(_) => break,
                    Err(_) if path.is_empty() => return None,
                    Err(_) => path = path.rsplit_once('/').map_or("", |(dir, _)| dir),
                }
            }
            out.insert(path.to_owned());
        }
        Some(out.into_iter().collect())
    }
}

/// What `paths` look like now; nothing if one of them is gone, or where files cannot be known so.
#[cfg(unix)]
pub fn print<'p>(root: &Path, paths: impl Iterator<Item = std::borrow::Cow<'p, str>>) -> Option<Print> {
    use std::os::unix::fs::MetadataExt;

    use sha2::{Digest, Sha256};

    let mut hasher = Sha256::new();
    let mut latest = i128::MIN;
    let mut full = root.to_path_buf().into_os_string();
    let length = full.len();
    for path in paths {
        full.push("/");
        full.push(&*path);
        let metadata = Path::new(&full).symlink_metadata().ok()?;
        if metadata.is_symlink() {
            return None;
        }
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        let modified = nanoseconds(metadata.mtime(), metadata.mtime_nsec());
        let changed = nanoseconds(metadata.ctime(), metadata.ctime_nsec());
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update(metadata.dev().to_le_bytes());
        hasher.update(metadata.ino().to_le_bytes());
        hasher.update(metadata.size().to_le_bytes());
        hasher.update(metadata.mode().to_le_bytes());
        hasher.update(modified.to_le_bytes());
        hasher.update(changed.to_le_bytes());
        latest = latest.max(modified).max(changed);
        let mut bytes = full.into_encoded_bytes();
        bytes.truncate(length);
        full = std::os::unix::ffi::OsStringExt::from_vec(bytes);
    }
    let digest = hasher.finalize();
    let mut first = [0_u8; 16];
    first.copy_from_slice(&digest[..16]);
    Some(Print {
        digest: u128::from_le_bytes(first),
        latest,
    })
}

/// What `paths` look like now; nothing where files cannot be known so.
#[cfg(not(unix))]
pub fn print<'p>(_: &Path, _: impl Iterator<Item = std::borrow::Cow<'p, str>>) -> Option<Print> {
    None
}
