//! [`WritePath`]: a path that may be written, with symbolic links resolved, inside the host and outside of `.git` and `.tenon`.
//!
//! Paths are checked when a commit begins and again right before each write; only a change between that last check and the write
//! goes unnoticed.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::sys;
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// A path inside the host that `apply` may write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WritePath(HostPath);

impl WritePath {
    /// Checks that `path` lies in no directory of git or of tenon itself.
    pub fn new(path: HostPath) -> Result<Self> {
        path.check_writable()?;
        Ok(Self(path))
    }

    /// The path as a [`HostPath`].
    pub fn host_path(&self) -> &HostPath {
        &self.0
    }

    /// The directories above it, outermost first.
    pub fn dirs(&self) -> Vec<WritePath> {
        self.0.ancestors().into_iter().map(WritePath).collect()
    }
}

impl Deref for WritePath {
    type Target = HostPath;

    fn deref(&self) -> &HostPath {
        &self.0
    }
}

impl TryFrom<String> for WritePath {
    type Error = Error;

    fn try_from(path: String) -> Result<Self> {
        HostPath::new(&path).and_then(Self::new)
    }
}

impl From<WritePath> for String {
    fn from(target: WritePath) -> String {
        target.0.as_str().to_owned()
    }
}

/// The canonical path of the host's root.
pub fn canonical_root(root: &Path) -> Result<PathBuf> {
    root.canonicalize().map_err(sys::failed("find the host", root))
}

/// `path` with symbolic links resolved. `follow` allows the last name to be a link too: a file that is modified may be one, a
/// file that is created or deleted may not.
pub fn resolve(root: &Path, path: &HostPath, follow: bool) -> Result<WritePath> {
    let mut at = root.to_path_buf();
    let parts: Vec<&str> = path.as_str().split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        let next = at.join(part);
        match sys::stat(&next)? {
            Some(metadata) if metadata.is_symlink() && (follow || !last) => {
                at = inside(root, &next, path)?;
                if !last && !sys::stat(&at)?.is_some_and(|found| found.is_dir()) {
                    return Err(not_a_directory(root, &at, path));
                }
            }
            Some(metadata) if !last && !metadata.is_dir() => {
                return Err(not_a_directory(root, &next, path));
            }
            Some(_) => at = next,
            None => {
                at.extend(&parts[index..]);
                break;
            }
        }
    }
    let relative = at.strip_prefix(root).ok().and_then(Path::to_str);
    let relative = relative.ok_or_else(|| Error::new(format!("`{path}` has no readable path")))?;
    WritePath::new(HostPath::new(relative)?)
}

/// The target of the link at `link`, which must lie inside the host.
fn inside(root: &Path, link: &Path, path: &HostPath) -> Result<PathBuf> {
    let end = link
        .canonicalize()
        .map_err(sys::failed("follow the link", link))?;
    if end.starts_with(root) && end != root {
        return Ok(end);
    }
    Err(Error::new(format!("`{path}` leads out of the host"))
        .because(format!(
            "`{}` is a symbolic link to `{}`",
            link.display(),
            end.display()
        ))
        .help("replace the link by what it points to, or choose another path"))
}

fn not_a_directory(root: &Path, at: &Path, path: &HostPath) -> Error {
    let shown = at.strip_prefix(root).unwrap_or(at).display();
    Error::new(format!(
        "`{path}` cannot be written: `{shown}` is not a directory"
    ))
    .help("move that file away or choose another path")
}

/// Makes the missing directories above `target`. A link among them appeared after the plan was checked and is refused.
pub fn ensure_dirs(root: &Path, target: &WritePath) -> Result<()> {
    for dir in target.dirs() {
        let path = dir.under(root);
        match sys::stat(&path)? {
            Some(metadata) if metadata.is_dir() => {}
            Some(_) => return Err(not_a_directory(root, &path, target)),
            None => std::fs::create_dir(&path).map_err(sys::failed("create", &path))?,
        }
    }
    Ok(())
}

/// Checks that every existing directory above `target` is a directory and not a link.
pub fn dirs_are_real(root: &Path, target: &WritePath) -> Result<()> {
    for dir in target.dirs() {
        let path = dir.under(root);
        match sys::stat(&path)? {
            Some(metadata) if metadata.is_dir() => {}
            Some(_) => return Err(not_a_directory(root, &path, target)),
            None => break,
        }
    }
    Ok(())
}
