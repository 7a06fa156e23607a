//! The journal on disk: what one step changes. A running transaction and a past step use the same file.
//!
//! A repository may contain a `.tenon` of its own. So a journal names its host, and its first line is a seal of the rest (see
//! `key`). A journal without a valid seal is neither obeyed nor shown. The journal holds digests and modes of the bytes
//! beside it, which are compared before use. Paths are confined like those of a plan.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::key::SecretKey;
use super::sys::{self, Content};
use super::write_path::WritePath;
use tenon_text::diag::{Error, Result};

/// The file that holds the journal.
pub const JOURNAL: &str = "journal";
/// The file that holds the old contents of all files, concatenated.
pub const BEFORE: &str = "before";
/// The format that this program writes, and the only one it reads.
const VERSION: u32 = 2;
/// Before the seal, in the first line.
const HEAD: &str = "tenon ";
/// How long a seal is, in bytes.
const SEAL: usize = 32;
/// How long the first line is: the head, the seal in hexadecimal and a line end.
const FIRST_LINE: usize = HEAD.len() + 2 * SEAL + 1;
/// The longest journal, in bytes: that of a step with hundreds of thousands of files.
const MAX_JOURNAL: u64 = 256 * 1024 * 1024;

/// One step: everything that is needed to finish it and to undo it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    version: u32,
    /// The canonical root of the host.
    root: String,
    /// The title of the plan.
    pub title: String,
    /// The number of the step that this one undoes.
    pub undoes: Option<u32>,
    /// The changes, in the order in which they are written.
    pub ops: Vec<Operation>,
    /// Directories that the step creates, outermost first.
    pub made: Vec<JournalDir>,
    /// Directories that an earlier step created and this one uses.
    pub shared: Vec<WritePath>,
    /// Directories that the step empties and removes, innermost first.
    pub removed: Vec<JournalDir>,
}

/// A directory that a step makes or removes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalDir {
    /// Its path.
    pub path: WritePath,
    /// Its permission bits; `None` leaves them to the umask.
    pub mode: Option<u32>,
}

/// One file's change. Without `before` it is created, without `after` deleted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The file that is written, with links resolved.
    pub path: WritePath,
    /// The old content; `None` if the file is created.
    pub before: Option<Before>,
    /// The new content; `None` if the file is deleted.
    pub after: Option<After>,
    /// For a modified text the patch that undoes the change, even if lines before it were added since.
    #[serde(default)]
    pub back: Option<String>,
}

/// The old content of a file, kept in the file [`BEFORE`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Offset in that file, in bytes.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
    /// Their digest.
    pub sha256: String,
    /// The permission bits of the file.
    pub mode: u32,
}

/// The new content of a file, staged in a file of its own ([`after_file`]).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Their digest.
    pub sha256: String,
    /// The most permission bits that the staged file may have.
    pub mode: u32,
}

/// The journal in a directory, by who wrote it.
pub enum FoundJournal {
    /// A journal that this program wrote for this host.
    Own(Journal),
    /// A journal that this program wrote for a host at another path.
    Elsewhere {
        /// The title of the step.
        title: String,
        /// Where that host was.
        place: String,
    },
    /// Anything else, or nothing; it is not obeyed.
    Foreign,
}

/// The state of the file of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// As before the step.
    Before,
    /// As the step leaves it.
    After,
    /// Absent, although it exists before and after the step.
    Gone,
    /// Different from both: somebody changed it.
    Foreign,
}

/// The staged file of operation `index`.
pub fn after_file(dir: &Path, index: usize) -> PathBuf {
    dir.join(format!("after-{index}"))
}

impl After {
    /// Whether the file at `path` has this content, no other hard link and no further permission.
    pub fn is_staged(&self, path: &Path) -> Result<bool> {
        let Some(metadata) = sys::stat(path)? else {
            return Ok(false);
        };
        if !metadata.is_file() || !sys::is_plain(&metadata, self.mode) {
            return Ok(false);
        }
        Ok(matches!(sys::content(path)?, Content::File(bytes) if sys::digest(&bytes) == self.sha256))
    }
}

impl Operation {
    /// The state of the file now.
    pub fn state(&self, root: &Path) -> Result<FileState> {
        Ok(match sys::content(&self.path.under(root))? {
            Content::Other => FileState::Foreign,
            Content::Absent => match (&self.before, &self.after) {
                (None, _) => FileState::Before,
                (_, None) => FileState::After,
                _ => FileState::Gone,
            },
            Content::File(bytes) => {
                let found = sys::digest(&bytes);
                if self.after.as_ref().is_some_and(|after| after.sha256 == found) {
                    FileState::After
                } else if self.before.as_ref().is_some_and(|before| before.sha256 == found) {
                    FileState::Before
                } else {
                    FileState::Foreign
                }
            }
        })
    }

    /// The old content, taken from `store`, the content of [`BEFORE`]; `None` if the file was created.
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
    /// A journal without operations, for the host at `root` (canonical).
    pub fn new(root: &Path, title: &str, undoes: Option<u32>) -> Self {
        Self {
            version: VERSION,
            root: shown(root),
            title: title.to_owned(),
            undoes,
            ops: vec![],
            made: vec![],
            shared: vec![],
            removed: vec![],
        }
    }

    /// Reads the journal in `dir` for the host at `root` (canonical). Without a key every journal is foreign.
    ///
    /// # Errors
    /// If it cannot be read; if this program wrote it, in another version.
    pub fn find(dir: &Path, root: &Path, key: Option<&SecretKey>) -> Result<FoundJournal> {
        /// Enough to tell an unknown version from a damaged file.
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let path = dir.join(JOURNAL);
        let Some(text) = key.map(|key| sealed(&path, key)).transpose()?.flatten() else {
            return Ok(FoundJournal::Foreign);
        };
        // What follows was written by this program: it can only be another version's.
        let unknown = |why: &dyn std::fmt::Display| {
            Error::new(format!(
                "`{}` was written by another version of tenon",
                path.display()
            ))
            .because(why)
            .help(format!(
                "use that version; or compare the tree with your version control, then delete `{}`",
                dir.display()
            ))
        };
        let version: Version = serde_json::from_slice(&text).map_err(|error| unknown(&error))?;
        if version.version != VERSION {
            return Err(unknown(&format!(
                "its version is {}, not {VERSION}",
                version.version
            )));
        }
        let journal: Self = serde_json::from_slice(&text).map_err(|error| unknown(&error))?;
        if let Some(op) = journal
            .ops
            .iter()
            .find(|op| op.before.is_none() && op.after.is_none())
        {
            return Err(unknown(&format!("it does nothing with `{}`", *op.path)));
        }
        Ok(if journal.root == shown(root) {
            FoundJournal::Own(journal)
        } else {
            FoundJournal::Elsewhere {
                title: journal.title,
                place: journal.root,
            }
        })
    }

    /// The journal in `dir`, where this program wrote one for the host at `root`.
    ///
    /// # Errors
    /// If it did not, besides those of [`Journal::find`].
    pub fn load(dir: &Path, root: &Path, key: Option<&SecretKey>) -> Result<Self> {
        match Self::find(dir, root, key)? {
            FoundJournal::Own(journal) => Ok(journal),
            FoundJournal::Elsewhere { place, .. } => Err(Error::new(format!(
                "`{}` was written for the host at `{place}`",
                dir.display()
            ))
            .help(format!("move the host back there, or delete `{}`", dir.display()))),
            FoundJournal::Foreign => Err(Error::new(format!(
                "`{}` was not written by this program here",
                dir.display()
            ))
            .help(format!("delete `{}`", dir.display()))),
        }
    }

    /// Writes the journal into `dir`, not yet durable; gives its path.
    pub fn save(&self, dir: &Path, key: &SecretKey) -> Result<PathBuf> {
        let path = dir.join(JOURNAL);
        let failed = |error| Error::new("cannot write the journal").because(error);
        let text = serde_json::to_vec_pretty(self).map_err(failed)?;
        let mut bytes = format!("{HEAD}{}\n", key.seal(&text)).into_bytes();
        bytes.extend(text);
        if bytes.len() as u64 > MAX_JOURNAL {
            return Err(Error::new("the step changes more than fits into a journal")
                .help("take it in several steps, such as one integration at a time"));
        }
        sys::write_new(&path, &bytes, 0o600)?;
        Ok(path)
    }

    /// The content of [`BEFORE`] in `dir`; empty if the step has none.
    pub fn load_before(&self, dir: &Path) -> Result<Vec<u8>> {
        if self.ops.iter().all(|op| op.before.is_none()) {
            return Ok(vec![]);
        }
        let path = dir.join(BEFORE);
        match sys::content(&path)? {
            Content::File(bytes) => Ok(bytes),
            _ => Err(Error::new(format!("`{}` is missing", path.display()))
                .help("restore the files from your version control")),
        }
    }
}

/// A path as it is written in a journal; bytes that are not UTF-8 are escaped.
fn shown(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().escape_ascii().to_string()
}

/// The file at `path` without its first line, if that is a valid seal of the rest.
fn sealed(path: &Path, key: &SecretKey) -> Result<Option<Vec<u8>>> {
    let failed = |error| sys::failed("read", path)(error);
    let Some(mut file) = sys::open_regular(path)? else {
        return Ok(None);
    };
    let length = file.metadata().map_err(failed)?.len();
    let mut first = [0; FIRST_LINE];
    if length > MAX_JOURNAL || length < FIRST_LINE as u64 {
        return Ok(None);
    }
    file.read_exact(&mut first).map_err(failed)?;
    let Some(seal) = first.strip_prefix(HEAD.as_bytes()).and_then(unhex) else {
        return Ok(None);
    };
    let mut text = Vec::with_capacity(length as usize);
    file.take(MAX_JOURNAL).read_to_end(&mut text).map_err(failed)?;
    Ok(key.fits(&seal, &text).then_some(text))
}

/// The bytes that a line gives in lower-case hexadecimal; `None` if it does not.
fn unhex(line: &[u8]) -> Option<Vec<u8>> {
    let digits = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !digits.bytes().all(is_digit) {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
        .collect()
}
