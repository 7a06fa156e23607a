//! What one step changes, as it is kept on disk: the journal of a transaction and the manifest of a past step
//! are the same file.
//!
//! Knows its own format. Must not know how files are written or moved. In: a directory. Out: a checked
//! [`Journal`]; one that cannot be understood is an error and nothing is touched. Every path in it goes
//! through the same confinement as a path of a plan, because a repository may bring a `.tenon` of its own.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::spot::Spot;
use super::sys::{self, Current};
use tenon_text::diag::{Error, Result};

/// The file that holds the journal.
pub const JOURNAL: &str = "journal";
/// The file that holds the bytes from before, one after the other.
pub const BEFORE: &str = "before";
/// The format that this program writes, and the only one it reads.
const VERSION: u32 = 1;

/// One step: everything that is needed to finish it and to take it back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    version: u32,
    /// What the step does, in the words of the plan.
    pub title: String,
    /// The number of the step that this one takes back.
    pub undoes: Option<u32>,
    /// The changes, in the order in which they are written.
    pub ops: Vec<Op>,
    /// Directories that the step creates, outermost first.
    pub made: Vec<Dir>,
    /// Directories that an earlier step created and this one uses.
    pub shared: Vec<Spot>,
    /// Directories that the step empties and removes, innermost first.
    pub removed: Vec<Dir>,
}

/// A directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dir {
    /// Where.
    pub path: Spot,
    /// Its permission bits, where they are not left to the umask.
    pub mode: Option<u32>,
}

/// One file's change. Without `before` it is created, without `after` deleted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Op {
    /// The path in the plan.
    pub path: Spot,
    /// The file that is written: another one when `path` goes over a link.
    pub target: Spot,
    /// What stood there.
    pub before: Option<Before>,
    /// What will stand there.
    pub after: Option<After>,
    /// Of a text that is changed: the patch that takes the change back, wherever in the file it stands by then.
    #[serde(default)]
    pub back: Option<String>,
}

/// Bytes from before, kept in the file [`BEFORE`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Where they begin, in bytes.
    pub offset: usize,
    /// How many they are.
    pub length: usize,
    /// Their digest.
    pub sha256: String,
    /// The permission bits of the file.
    pub mode: u32,
}

/// Bytes to come, staged in a file of their own ([`after_file`]).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Their digest.
    pub sha256: String,
}

/// What stands at an operation's target, in terms of the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// What stood there before the step.
    Before,
    /// What the step puts there.
    After,
    /// Nothing, though neither before nor after is nothing.
    Gone,
    /// Something else: a person changed it.
    Foreign,
}

/// Where the staged bytes of operation `index` lie.
pub fn after_file(dir: &Path, index: usize) -> PathBuf {
    dir.join(format!("after-{index}"))
}

impl Op {
    /// What stands at the target now.
    pub fn now(&self, root: &Path) -> Result<Now> {
        Ok(match sys::current(&self.target.under(root))? {
            Current::Other => Now::Foreign,
            Current::Absent => match (&self.before, &self.after) {
                (None, _) => Now::Before,
                (_, None) => Now::After,
                _ => Now::Gone,
            },
            Current::File(bytes) => {
                let found = sys::digest(&bytes);
                if self.after.as_ref().is_some_and(|after| after.sha256 == found) {
                    Now::After
                } else if self.before.as_ref().is_some_and(|before| before.sha256 == found) {
                    Now::Before
                } else {
                    Now::Foreign
                }
            }
        })
    }

    /// The bytes from before out of `store`, the content of [`BEFORE`]; `None` if the file was created.
    pub fn bytes_before<'a>(&self, store: &'a [u8]) -> Result<Option<&'a [u8]>> {
        let Some(before) = &self.before else {
            return Ok(None);
        };
        let bytes = before
            .offset
            .checked_add(before.length)
            .and_then(|end| store.get(before.offset..end));
        match bytes {
            Some(bytes) if sys::digest(bytes) == before.sha256 => Ok(Some(bytes)),
            _ => Err(Error::new(format!(
                "the bytes kept of `{}` are damaged",
                self.path.host_path()
            ))
            .help("restore that file from your version control")),
        }
    }
}

impl Journal {
    /// A journal without operations.
    pub fn new(title: &str, undoes: Option<u32>) -> Self {
        Self {
            version: VERSION,
            title: title.to_owned(),
            undoes,
            ops: vec![],
            made: vec![],
            shared: vec![],
            removed: vec![],
        }
    }

    /// Reads the journal in `dir`.
    pub fn load(dir: &Path) -> Result<Self> {
        /// Enough to tell an unknown version from a damaged file.
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let path = dir.join(JOURNAL);
        let corrupt = |why: &dyn std::fmt::Display| {
            Error::new(format!(
                "`{}` is not a journal that tenon understands",
                path.display()
            ))
            .because(why)
            .help(format!(
                "nothing was touched; compare the tree with your version control, then delete `{}`",
                dir.display()
            ))
        };
        let bytes = match sys::current(&path)? {
            Current::File(bytes) => bytes,
            Current::Absent => return Err(corrupt(&"it is missing")),
            Current::Other => return Err(corrupt(&"it is not a file")),
        };
        let version: Version = serde_json::from_slice(&bytes).map_err(|error| corrupt(&error))?;
        if version.version != VERSION {
            return Err(corrupt(&format!(
                "its version is {}, not {VERSION}",
                version.version
            )));
        }
        let journal: Self = serde_json::from_slice(&bytes).map_err(|error| corrupt(&error))?;
        if let Some(op) = journal
            .ops
            .iter()
            .find(|op| op.before.is_none() && op.after.is_none())
        {
            return Err(corrupt(&format!(
                "it does nothing with `{}`",
                op.path.host_path()
            )));
        }
        Ok(journal)
    }

    /// Writes the journal into `dir`, not yet durable; gives its path.
    pub fn save(&self, dir: &Path) -> Result<PathBuf> {
        let path = dir.join(JOURNAL);
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::new("cannot write the journal").because(error))?;
        sys::write_new(&path, &text, 0o600)?;
        Ok(path)
    }

    /// The file with the bytes from before in `dir`; empty when the step has none.
    pub fn load_before(&self, dir: &Path) -> Result<Vec<u8>> {
        if self.ops.iter().all(|op| op.before.is_none()) {
            return Ok(vec![]);
        }
        let path = dir.join(BEFORE);
        match sys::current(&path)? {
            Current::File(bytes) => Ok(bytes),
            _ => Err(Error::new(format!("`{}` is missing", path.display()))
                .help("restore the files from your version control")),
        }
    }
}
