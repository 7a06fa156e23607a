//! What one step changes, as it is kept on disk: the journal of a transaction and the manifest of a past step
//! are the same file.
//!
//! Knows its own format. Must not know how files are written or moved. In: a directory. Out: a [`Journal`] that this program
//! wrote for this host, or what else is there.
//!
//! A repository may bring a `.tenon` of its own, so a journal says for which host it is, and its first line is the seal of all
//! the others ([`super::key`]). Nothing of one that is not sealed is looked at, let alone shown. The journal holds the digests and modes of the bytes
//! that lie beside it; these are compared before they are used. Every path goes through the same confinement as a path of a plan.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::key::Key;
use super::spot::Spot;
use super::sys::{self, Current};
use tenon_text::diag::{Error, Result};

/// The file that holds the journal.
pub const JOURNAL: &str = "journal";
/// The file that holds the bytes from before, one after the other.
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

/// One step: everything that is needed to finish it and to take it back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    version: u32,
    /// The canonical root of the host.
    root: String,
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
    /// The file that is written: what a plan names by a link is here by where it lies, and nothing else is shown.
    pub path: Spot,
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
    /// The permission bits that their file may have, at most.
    pub mode: u32,
}

/// What a directory holds where a journal is looked for.
pub enum Found {
    /// A journal that this program wrote for this host.
    Own(Journal),
    /// One that it wrote for a host at another place.
    Elsewhere {
        /// What the step does.
        title: String,
        /// Where that host was.
        place: String,
    },
    /// Anything else, or nothing. It is not obeyed.
    Foreign,
}

/// What stands at the path of an operation, in terms of the operation.
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

impl After {
    /// Whether these bytes lie in the file at `path`: one with a single name, and with no more permissions than were meant.
    pub fn is_staged(&self, path: &Path) -> Result<bool> {
        let Some(metadata) = sys::stat(path)? else {
            return Ok(false);
        };
        if !metadata.is_file() || !sys::is_plain(&metadata, self.mode) {
            return Ok(false);
        }
        Ok(matches!(sys::current(path)?, Current::File(bytes) if sys::digest(&bytes) == self.sha256))
    }
}

impl Op {
    /// What stands there now.
    pub fn now(&self, root: &Path) -> Result<Now> {
        Ok(match sys::current(&self.path.under(root))? {
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

    /// What is in `dir`, for the host at `root` (canonical). Without a key nothing is this program's.
    ///
    /// # Errors
    /// If it cannot be read; if this program wrote it, in another version.
    pub fn find(dir: &Path, root: &Path, key: Option<&Key>) -> Result<Found> {
        /// Enough to tell an unknown version from a damaged file.
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let path = dir.join(JOURNAL);
        let Some(text) = key.map(|key| sealed(&path, key)).transpose()?.flatten() else {
            return Ok(Found::Foreign);
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
            Found::Own(journal)
        } else {
            Found::Elsewhere {
                title: journal.title,
                place: journal.root,
            }
        })
    }

    /// The journal in `dir`, where this program wrote one for the host at `root`.
    ///
    /// # Errors
    /// If it did not, besides those of [`Journal::find`].
    pub fn load(dir: &Path, root: &Path, key: Option<&Key>) -> Result<Self> {
        match Self::find(dir, root, key)? {
            Found::Own(journal) => Ok(journal),
            Found::Elsewhere { place, .. } => Err(Error::new(format!(
                "`{}` was written for the host at `{place}`",
                dir.display()
            ))
            .help(format!("move the host back there, or delete `{}`", dir.display()))),
            Found::Foreign => Err(Error::new(format!(
                "`{}` was not written by this program here",
                dir.display()
            ))
            .help(format!("delete `{}`", dir.display()))),
        }
    }

    /// Writes the journal into `dir`, not yet durable; gives its path.
    pub fn save(&self, dir: &Path, key: &Key) -> Result<PathBuf> {
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

/// A path as it stands in a journal, also one that is no text.
fn shown(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().escape_ascii().to_string()
}

/// What follows the first line of the file at `path`, if that line is its seal.
fn sealed(path: &Path, key: &Key) -> Result<Option<Vec<u8>>> {
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

/// The bytes that a line writes in hexadecimal; nothing if it does not, or not as this program does.
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
