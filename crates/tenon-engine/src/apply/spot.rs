//! Where a path of the plan really lies: links resolved, never outside the host, never in `.git` or `.tenon`.
//!
//! Knows links and directories. Must not know plans or journals. In: a canonical root and a path. Out: a
//! [`Spot`], the path that is written. Checked when a commit begins and again right before each write; the
//! instant between that last look and the write is all that is left to a race.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::sys;
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// A path inside the host that `apply` may write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spot(HostPath);

impl Spot {
    /// `path`, unless it lies in a directory that belongs to git or to tenon itself.
    pub fn new(path: HostPath) -> Result<Self> {
        path.check_writable()?;
        Ok(Self(path))
    }

    /// The path as the rest of the program knows it.
    pub fn host_path(&self) -> &HostPath {
        &self.0
    }

    /// The directories above it, outermost first.
    pub fn dirs(&self) -> Vec<Spot> {
        self.0.ancestors().into_iter().map(Spot).collect()
    }
}

impl Deref for Spot {
    type Target = HostPath;

    fn deref(&self) -> &HostPath {
        &self.0
    }
}

impl TryFrom<String> for Spot {
    type Error = Error;

    fn try_from(path: String) -> Result<Self> {
        HostPath::new(&path).and_then(Self::new)
    }
}

impl From<Spot> for String {
    fn from(spot: Spot) -> String {
        spot.0.as_str().to_owned()
    }
}

/// The canonical form of the host's root.
pub fn canonical_root(root: &Path) -> Result<PathBuf> {
    root.canonicalize().map_err(sys::failed("find the host", root))
}

/// Where `path` lies once links are resolved. `follow` says whether the last name may be a link too: a file
/// that is changed may be one, a file that is created or deleted may not.
pub fn resolve(root: &Path, path: &HostPath, follow: bool) -> Result<Spot> {
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
    Spot::new(HostPath::new(relative)?)
}

/// The end of the link at `link`, which must lie inside the host.
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

/// Looks at the directories above `spot` once more and makes those that are missing. A link among them
/// appeared after the plan was checked and is refused.
pub fn ensure_dirs(root: &Path, spot: &Spot) -> Result<()> {
    for dir in spot.dirs() {
        let path = dir.under(root);
        match sys::stat(&path)? {
            Some(metadata) if metadata.is_dir() => {}
            Some(_) => return Err(not_a_directory(root, &path, spot)),
            None => std::fs::create_dir(&path).map_err(sys::failed("create", &path))?,
        }
    }
    Ok(())
}

/// Whether every directory above `spot` that exists is a real one.
pub fn dirs_are_real(root: &Path, spot: &Spot) -> Result<()> {
    for dir in spot.dirs() {
        let path = dir.under(root);
        match sys::stat(&path)? {
            Some(metadata) if metadata.is_dir() => {}
            Some(_) => return Err(not_a_directory(root, &path, spot)),
            None => break,
        }
    }
    Ok(())
}
