//! `.tenon/`, the state that `apply` keeps in a host: the lock, the transaction, the history.
//!
//! Knows its layout and the moves between its parts, each one rename and so either done or not:
//!
//! ```text
//! staging/  → txn/            the journal and all it needs are durable: from here on the step can be finished
//! txn/      → history/NNNN/   the step is done
//! txn/      → trash/          the step is taken back, or it took back another one
//! ```
//!
//! Must not know what is in a host file. In: the host's root. Out: paths, and a lock held as long as the
//! [`Store`] lives. When it goes and neither history nor transaction is left, `.tenon` goes with it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::journal::Journal;
use super::sys;
use tenon_text::diag::{Error, Result};

/// The directory, below the host's root.
const STATE: &str = ".tenon";
/// How many steps can be undone.
const KEPT_STEPS: usize = 50;
/// How often to begin again when another run removes `.tenon` while this one opens it.
const LOCK_TRIES: usize = 20;

/// The state directory, locked for this process.
pub struct Store {
    /// The host's canonical root.
    pub root: PathBuf,
    dir: PathBuf,
    /// Whether `.tenon` did not exist before.
    pub fresh: bool,
    lock: File,
}

/// The state directory of the host at `root`.
fn state_dir(root: &Path) -> PathBuf {
    root.join(STATE)
}

impl Store {
    /// Locks the state of the host at `root` (canonical) and creates `.tenon` if need be.
    pub fn open(root: &Path) -> Result<Self> {
        let dir = state_dir(root);
        let mut fresh = false;
        for _ in 0..LOCK_TRIES {
            if !sys::is_dir(&dir)? {
                match sys::make_private_dir(&dir) {
                    Err(error) if !sys::is_dir(&dir)? => return Err(error),
                    _ => fresh = true,
                }
            }
            let lock = take_lock(&dir).inspect_err(|_| {
                // On a full disk the directory may be all that could be made.
                let _ = sys::remove_dir_if_empty(&dir);
            })?;
            if let Some(lock) = lock {
                let store = Self {
                    root: root.to_path_buf(),
                    dir,
                    fresh,
                    lock,
                };
                store.ignore_in_git()?;
                return Ok(store);
            }
        }
        Err(busy(&dir))
    }

    /// Locks the state of the host at `root` (canonical); `None` if there is none.
    pub fn open_existing(root: &Path) -> Result<Option<Self>> {
        if sys::is_dir(&state_dir(root))? {
            Self::open(root).map(Some)
        } else {
            Ok(None)
        }
    }

    /// `.tenon` itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where a step is built up; what lies there is worth nothing.
    pub fn staging(&self) -> PathBuf {
        self.dir.join("staging")
    }

    /// Where the step is that is being written.
    pub fn txn(&self) -> PathBuf {
        self.dir.join("txn")
    }

    /// The step that the transaction takes back, once it is taken back.
    fn undone(&self) -> PathBuf {
        self.txn().join("undone")
    }

    /// Whether a step is being written, by a run that did not end.
    pub fn has_txn(&self) -> Result<bool> {
        sys::is_dir(&self.txn())
    }

    /// Deletes the directory `path` of `.tenon`: first out of its place in one instant, then file by file.
    pub fn discard(&self, path: &Path) -> Result<()> {
        let trash = self.empty_trash()?;
        if !sys::is_dir(path)? {
            return Ok(());
        }
        fs::rename(path, &trash).map_err(sys::failed("delete", path))?;
        // Whatever stays of it is deleted by the next run.
        let _ = self.empty_trash();
        Ok(())
    }

    fn empty_trash(&self) -> Result<PathBuf> {
        let trash = self.dir.join("trash");
        if sys::is_dir(&trash)? {
            fs::remove_dir_all(&trash).map_err(sys::failed("delete", &trash))?;
        }
        Ok(trash)
    }

    /// Drops what an interrupted run left half built. Says whether there was any.
    pub fn drop_staging(&self) -> Result<bool> {
        self.empty_trash()?;
        let found = sys::is_dir(&self.staging())?;
        if found {
            self.discard(&self.staging())?;
        }
        Ok(found)
    }

    /// The directory of the steps, made if need be.
    pub fn ensure_history(&self) -> Result<PathBuf> {
        let history = history_dir(&self.root);
        if !sys::is_dir(&history)? {
            sys::make_private_dir(&history)?;
        }
        Ok(history)
    }

    /// The transaction is written and durable: makes it history, or, if it takes back a step, removes both.
    /// Gives the number under which it can be undone. Until the one rename that counts, nothing is decided.
    pub fn retire(&self, journal: &Journal) -> Result<Option<u32>> {
        let history = self.ensure_history()?;
        if let Some(number) = journal.undoes {
            let step = step_dir(&history, number);
            if sys::is_dir(&step)? {
                fs::rename(&step, self.undone()).map_err(sys::failed("delete", &step))?;
            }
            // The step is out of the history, so this one is done; a run that ends here is finished by the next.
            let _ = self.discard(&self.txn());
            return Ok(None);
        }
        let numbers = step_numbers(&self.root)?;
        let number = numbers.last().map_or(1, |last| last.saturating_add(1));
        let step = step_dir(&history, number);
        fs::rename(self.txn(), &step).map_err(sys::failed("write", &step))?;
        for old in numbers
            .iter()
            .take((numbers.len() + 1).saturating_sub(KEPT_STEPS))
        {
            let _ = self.discard(&step_dir(&history, *old));
        }
        Ok(Some(number))
    }

    /// The transaction is rolled back: removes it, and puts back the step that it would have taken back.
    pub fn abandon(&self, journal: &Journal) -> Result<()> {
        if let Some(number) = journal.undoes
            && sys::is_dir(&self.undone())?
        {
            let step = step_dir(&history_dir(&self.root), number);
            fs::rename(self.undone(), &step).map_err(sys::failed("write", &step))?;
        }
        self.discard(&self.txn())
    }

    /// Keeps `.tenon` out of `git status`.
    fn ignore_in_git(&self) -> Result<()> {
        let path = self.dir.join(".gitignore");
        if sys::stat(&path)?.is_some_and(|metadata| metadata.len() > 0) {
            return Ok(());
        }
        sys::remove_file(&path)?;
        let mut file = sys::write_new(&path, b"*\n", 0o666)?;
        file.flush().map_err(sys::failed("write", &path))
    }

    /// Removes `.tenon` if nothing is left in it that anyone needs.
    fn tidy(&self) -> Result<()> {
        if !self.has_txn()? {
            self.drop_staging()?;
        }
        sys::remove_dir_if_empty(&history_dir(&self.root))?;
        let own = [self.dir.join(".gitignore"), self.dir.join("lock")];
        let entries = fs::read_dir(&self.dir).map_err(sys::failed("list", &self.dir))?;
        for entry in entries {
            let path = entry.map_err(sys::failed("list", &self.dir))?.path();
            if !own.contains(&path) {
                return Ok(());
            }
        }
        for path in &own {
            sys::remove_file(path)?;
        }
        sys::remove_dir_if_empty(&self.dir)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = self.tidy();
        // Closing would do, but not while a process that another thread is starting still holds a copy.
        let _ = self.lock.unlock();
    }
}

fn busy(dir: &Path) -> Error {
    Error::new("another run of tenon is writing to this host")
        .because(format!("`{}` is locked", dir.join("lock").display()))
        .help("wait until it has ended, then run the command again")
}

/// Takes the lock in `dir`; `None` when the directory or the lock was removed meanwhile by a run that ended.
fn take_lock(dir: &Path) -> Result<Option<File>> {
    let path = dir.join("lock");
    if sys::stat(&path)?.is_some_and(|metadata| !metadata.is_file()) {
        return Err(Error::new(format!("`{}` is not a file", path.display()))
            .help("delete it and run the command again"));
    }
    let file = match OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
    {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(sys::failed("create", &path))?,
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(busy(dir)),
        Err(TryLockError::Error(error)) => return Err(sys::failed("lock", &path)(error)),
    }
    let same = sys::stat(&path)?.is_some_and(|there| is_same(&there, &file));
    Ok(same.then_some(file))
}

/// Whether the open `file` is the one that stands at its path; a lock on a deleted file locks nothing.
fn is_same(there: &fs::Metadata, file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        file.metadata()
            .is_ok_and(|open| (open.dev(), open.ino()) == (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (there, file);
        true
    }
}

/// Where the steps lie.
fn history_dir(root: &Path) -> PathBuf {
    state_dir(root).join("history")
}

fn step_dir(history: &Path, number: u32) -> PathBuf {
    history.join(format!("{number:04}"))
}

/// The numbers of the steps in the history of the host at `root` (canonical), oldest first.
pub fn step_numbers(root: &Path) -> Result<Vec<u32>> {
    let history = history_dir(root);
    if !sys::is_dir(&state_dir(root))? || !sys::is_dir(&history)? {
        return Ok(vec![]);
    }
    let mut numbers = vec![];
    for entry in fs::read_dir(&history).map_err(sys::failed("list", &history))? {
        let name = entry.map_err(sys::failed("list", &history))?.file_name();
        let number = name.to_str().and_then(|name| name.parse::<u32>().ok());
        numbers.extend(number.filter(|number| name.to_str() == Some(&format!("{number:04}"))));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The directory of step `number`; an error if there is no such step.
pub fn find_step(root: &Path, number: u32) -> Result<PathBuf> {
    let dir = step_dir(&history_dir(root), number);
    if step_numbers(root)?.contains(&number) && sys::is_dir(&dir)? {
        return Ok(dir);
    }
    Err(Error::new(format!(
        "there is no step {number} in the history of this host"
    )))
}
