//! `.tenon/`, the state directory in a host: the lock, the transaction, the history.
//!
//! Its parts move by single renames, each either done or not:
//!
//! ```text
//! staging/  → txn/            the journal and all it needs are durable: from here on the step can be finished
//! txn/      → history/NNNN/   the step is done
//! txn/      → trash/          the step is rolled back, or it undid another one
//! ```
//!
//! What a clone contains below `.tenon` is neither obeyed nor deleted: it is moved to `foreign-N/` if it is in the way.
//!
//! A [`Store`] holds the lock as long as it lives. When it is dropped and neither history nor transaction is left, `.tenon` is
//! removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::journal::{FoundJournal, Journal};
use super::key::SecretKey;
use super::sys::{self, Content};
use tenon_text::diag::{Error, Result};

/// The directory, below the host's root.
pub const STATE: &str = ".tenon";
/// Prefix of the names of directories that were moved out of the way.
const FOREIGN: &str = "foreign-";
/// How many steps can be undone.
const KEPT_STEPS: usize = 50;
/// The `.gitignore` in it.
const IGNORE: &str = "*\n";
/// The directory of cached texts, named by their digests.
const REMEMBERED: &str = "rendered";
/// Most attempts to open `.tenon` while other runs remove it.
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
            // A clone makes it as open as any directory.
            sys::set_dir_mode(&dir, 0o700)?;
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

    /// Where a step is staged; may be deleted at any time.
    pub fn staging(&self) -> PathBuf {
        self.dir.join("staging")
    }

    /// The transaction: the step that is being written.
    pub fn txn(&self) -> PathBuf {
        self.dir.join("txn")
    }

    /// The step that the transaction has undone.
    fn undone(&self) -> PathBuf {
        self.txn().join("undone")
    }

    /// Whether a run was interrupted while it was writing.
    pub fn has_txn(&self) -> Result<bool> {
        sys::is_dir(&self.txn())
    }

    /// Moves `path` in `.tenon` out of the way, never to be read again. Returns its new path, relative to the host.
    pub fn set_aside(&self, path: &Path) -> Result<String> {
        let mut number = 1;
        while sys::stat(&self.dir.join(format!("{FOREIGN}{number}")))?.is_some() {
            number += 1;
        }
        let name = format!("{FOREIGN}{number}");
        fs::rename(path, self.dir.join(&name)).map_err(sys::failed("move away", path))?;
        Ok(format!("{STATE}/{name}"))
    }

    /// The first part of `.tenon` that has the wrong type: a link, a file instead of a directory, a directory instead of a file.
    pub fn misplaced(&self) -> Result<Option<PathBuf>> {
        for name in ["txn", "staging", "trash", "history", ".gitignore"] {
            let path = self.dir.join(name);
            if sys::stat(&path)?.is_some_and(|found| match name {
                ".gitignore" => !found.is_file(),
                _ => !found.is_dir(),
            }) {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// Deletes the directory `path` in `.tenon`: renames it first, then deletes it file by file.
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

    /// Deletes what an interrupted run has staged. Whether there was anything.
    pub fn drop_staging(&self) -> Result<bool> {
        self.empty_trash()?;
        let found = sys::is_dir(&self.staging())?;
        if found {
            self.discard(&self.staging())?;
        }
        Ok(found)
    }

    /// The directory of past steps, made if there is none.
    pub fn ensure_history(&self) -> Result<PathBuf> {
        let history = history_dir(&self.root);
        if !sys::is_dir(&history)? {
            sys::make_private_dir(&history)?;
        }
        Ok(history)
    }

    /// Moves the transaction, which is written and durable, into the history, or, if it undoes a step, removes both. `past` is the
    /// history. Returns the number under which it can be undone. A single rename decides.
    pub fn retire(&self, journal: &Journal, past: &PastSteps) -> Result<Option<u32>> {
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
        // What others put there neither sets the number nor pushes steps out.
        let last = past.steps.last().map_or(0, |(number, _)| *number);
        let mut number = last.saturating_add(1);
        while sys::stat(&step_dir(&history, number))?.is_some() && number < u32::MAX {
            number += 1;
        }
        let step = step_dir(&history, number);
        fs::rename(self.txn(), &step).map_err(sys::failed("write", &step))?;
        let surplus = (past.steps.len() + 1).saturating_sub(KEPT_STEPS);
        for (old, _) in past.steps.iter().take(surplus) {
            let _ = self.discard(&step_dir(&history, *old));
        }
        Ok(Some(number))
    }

    /// Removes the transaction, which is rolled back, and restores the step that it would have undone.
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
        match sys::stat(&path)? {
            Some(found) if found.len() == IGNORE.len() as u64 => {
                if matches!(sys::content(&path)?, Content::File(bytes) if bytes == IGNORE.as_bytes()) {
                    return Ok(());
                }
            }
            Some(found) if found.is_dir() => return Ok(()),
            _ => {}
        }
        sys::remove_file(&path)?;
        let mut file = sys::write_new(&path, IGNORE.as_bytes(), 0o666)?;
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

/// Whether the open `file` is still the one at its path: a lock on a deleted file locks nothing.
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

/// The directory of past steps.
fn history_dir(root: &Path) -> PathBuf {
    state_dir(root).join("history")
}

fn step_dir(history: &Path, number: u32) -> PathBuf {
    history.join(format!("{number:04}"))
}

/// When step `number` of the host at `root` (canonical) was written.
pub fn step_time(root: &Path, number: u32) -> Option<SystemTime> {
    let journal = step_dir(&history_dir(root), number).join(super::journal::JOURNAL);
    sys::stat(&journal).ok()??.modified().ok()
}

/// The past steps of a host.
pub struct PastSteps {
    /// The steps of this program, oldest first.
    pub steps: Vec<(u32, Journal)>,
    /// The numbers of those that this program did not write here, or cannot read.
    pub ignored: Vec<u32>,
}

/// The history of the host at `root` (canonical).
pub fn past_steps(root: &Path) -> Result<PastSteps> {
    let (mut steps, mut ignored) = (vec![], vec![]);
    let numbers = step_numbers(root)?;
    let key = if numbers.is_empty() {
        None
    } else {
        SecretKey::read().unwrap_or(None)
    };
    for number in numbers {
        match Journal::find(&step_dir(&history_dir(root), number), root, key.as_ref()) {
            Ok(FoundJournal::Own(journal)) => steps.push((number, journal)),
            _ => ignored.push(number),
        }
    }
    Ok(PastSteps { steps, ignored })
}

/// The transaction of the host at `root`; `None` if there is none.
pub fn find_txn(root: &Path) -> Option<FoundJournal> {
    let dir = state_dir(root);
    let txn = dir.join("txn");
    if !sys::stat(&dir).ok()??.is_dir() || sys::stat(&txn).ok()?.is_none() {
        return None;
    }
    let key = SecretKey::read().unwrap_or(None);
    Some(Journal::find(&txn, root, key.as_ref()).unwrap_or(FoundJournal::Foreign))
}

/// Caches `text` under `name` for the host at `root`, below `.tenon`.
///
/// # Errors
/// If it cannot be written, or if another entry is in place of a directory.
pub fn remember(root: &Path, name: &str, text: &str) -> Result<()> {
    let dir = state_dir(root).join(REMEMBERED);
    for dir in [&state_dir(root), &dir] {
        if !sys::is_dir(dir)? {
            sys::make_private_dir(dir)?;
        }
    }
    let path = dir.join(name);
    let failed = |error| sys::failed("write", &path)(error);
    let mut file = tempfile::NamedTempFile::new_in(&dir).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The numbers in the history of the host at `root` (canonical), in order; none if it has none.
fn step_numbers(root: &Path) -> Result<Vec<u32>> {
    let history = history_dir(root);
    for dir in [&state_dir(root), &history] {
        if !sys::stat(dir)?.is_some_and(|found| found.is_dir()) {
            return Ok(vec![]);
        }
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
