//! Carries out a published transaction, or rolls it back. Both can be interrupted at any instant and begun again, in either
//! direction; the caller decides which, and retires the transaction.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::journal::{FileState, Journal, JournalDir, Operation, after_file};
use super::sys;
use super::write_path;
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// The file that marks a transaction that is being rolled back.
const BACKWARDS: &str = "backwards";

/// A published transaction.
pub struct Transaction<'a> {
    /// The host's canonical root.
    pub root: &'a Path,
    /// The directory with the journal and the staged files.
    pub txn: &'a Path,
    /// The operations.
    pub journal: &'a Journal,
}

/// A failure while a transaction was carried out.
pub struct Interrupted {
    /// How many operations may have been begun.
    pub begun: usize,
    /// The reason.
    pub error: Error,
}

impl Transaction<'_> {
    /// Carries out the operations that are not done yet. With `strict`, as for a new plan, a file that has vanished is an error;
    /// a recovery writes it, as nothing is lost by that.
    pub fn roll_forward(&self, strict: bool) -> std::result::Result<(), Interrupted> {
        let count = self.journal.ops.len();
        let mut begun = 0;
        // Directories come first, as they may need space: on a full disk only they have to be removed again.
        for op in self.journal.ops.iter().filter(|op| op.after.is_some()) {
            self.make_dirs(op).map_err(|error| Interrupted { begun, error })?;
        }
        for (index, op) in self.journal.ops.iter().enumerate() {
            self.carry_out(index, op, strict, &mut begun)
                .map_err(|error| Interrupted { begun, error })?;
        }
        let finish = || -> Result<()> {
            for dir in &self.journal.removed {
                write_path::dirs_are_real(self.root, &dir.path)?;
                sys::remove_dir_if_empty(&dir.path.under(self.root))?;
            }
            self.sync_dirs()
        };
        finish().map_err(|error| Interrupted { begun: count, error })
    }

    fn carry_out(&self, index: usize, op: &Operation, strict: bool, begun: &mut usize) -> Result<()> {
        write_path::dirs_are_real(self.root, &op.path)?;
        match op.state(self.root)? {
            FileState::After if !strict => return Ok(()),
            FileState::Before => {}
            FileState::Gone if !strict => {}
            _ => return Err(changed(&op.path)),
        }
        *begun = index + 1;
        let target = op.path.under(self.root);
        if op.after.is_none() {
            return sys::remove_file(&target);
        }
        sys::move_file(&after_file(self.txn, index), &target, &self.spare(index, op))
    }

    /// Makes the directories above the target of `op`.
    fn make_dirs(&self, op: &Operation) -> Result<()> {
        let above = op.path.dirs();
        for dir in self
            .journal
            .made
            .iter()
            .filter(|dir| dir.mode.is_some() && above.contains(&dir.path))
        {
            self.make_dir(dir)?;
        }
        write_path::ensure_dirs(self.root, &op.path)
    }

    /// Makes a directory, with those above it, with its recorded permission bits.
    fn make_dir(&self, dir: &JournalDir) -> Result<()> {
        write_path::ensure_dirs(self.root, &dir.path)?;
        let path = dir.path.under(self.root);
        match dir.mode {
            Some(mode) => sys::make_dir(&path, mode),
            None if sys::stat(&path)?.is_some() => Ok(()),
            None => fs::create_dir(&path).map_err(sys::failed("create", &path)),
        }
    }

    /// Rolls back the first `begun` operations and removes every directory that was made.
    pub fn roll_back(&self, begun: usize) -> Result<()> {
        // Tells a recovery to roll back. Without it (the disk may be full) a recovery may roll forward, which is safe too.
        let _ = sys::write_new(&self.txn.join(BACKWARDS), &[], 0o600);
        let store = self.journal.load_before(self.txn)?;
        for dir in self.journal.removed.iter().rev() {
            self.make_dir(dir)?;
        }
        for (index, op) in self.journal.ops.iter().enumerate().take(begun) {
            self.take_back(index, op, &store)?;
        }
        for dir in self.journal.made.iter().rev() {
            write_path::dirs_are_real(self.root, &dir.path)?;
            sys::remove_dir_if_empty(&dir.path.under(self.root))?;
        }
        self.sync_dirs()
    }

    fn take_back(&self, index: usize, op: &Operation, store: &[u8]) -> Result<()> {
        write_path::dirs_are_real(self.root, &op.path)?;
        sys::remove_file(&self.spare(index, op))?;
        match op.state(self.root)? {
            FileState::Before => return Ok(()),
            FileState::Foreign => return Err(changed(&op.path)),
            FileState::After | FileState::Gone => {}
        }
        let target = op.path.under(self.root);
        let (Some(before), Some(bytes)) = (&op.before, op.bytes_before(store)?) else {
            return sys::remove_file(&target);
        };
        let again = self.txn.join(format!("again-{index}"));
        sys::remove_file(&again)?;
        let file = sys::write_new(&again, bytes, 0o600)?;
        if let Some(metadata) = sys::stat(&target)? {
            sys::set_owner_like(&file, &metadata);
        }
        sys::set_mode(&file, &again, before.mode)?;
        sys::sync(&file, &again)?;
        write_path::ensure_dirs(self.root, &op.path)?;
        sys::move_file(&again, &target, &self.spare(index, op))
    }

    /// The temporary copy for `op`, needed if staging and target are on different file systems.
    fn spare(&self, index: usize, op: &Operation) -> PathBuf {
        spare(self.root, index, &op.path)
    }

    /// Whether the transaction can be finished: it is not being rolled back, and every file that is not written yet is staged
    /// undamaged.
    pub fn can_go_forward(&self) -> Result<bool> {
        if sys::stat(&self.txn.join(BACKWARDS))?.is_some() {
            return Ok(false);
        }
        for (index, op) in self.journal.ops.iter().enumerate() {
            let Some(after) = &op.after else { continue };
            if op.state(self.root)? == FileState::After {
                continue;
            }
            if !after.is_staged(&after_file(self.txn, index))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The files that somebody changed after the transaction began.
    pub fn foreign(&self) -> Result<Vec<HostPath>> {
        let mut foreign = vec![];
        for op in &self.journal.ops {
            write_path::dirs_are_real(self.root, &op.path)?;
            if op.state(self.root)? == FileState::Foreign {
                foreign.push(op.path.host_path().clone());
            }
        }
        Ok(foreign)
    }

    /// Deletes incomplete temporary copies.
    pub fn drop_spares(&self) -> Result<()> {
        for (index, op) in self.journal.ops.iter().enumerate() {
            write_path::dirs_are_real(self.root, &op.path)?;
            sys::remove_file(&self.spare(index, op))?;
        }
        Ok(())
    }

    /// Deletes the staged files, which a past step does not need. Leftovers do no harm.
    pub fn drop_staged(&self) {
        for (index, op) in self.journal.ops.iter().enumerate() {
            let staged = after_file(self.txn, index);
            if op.after.is_some() && sys::stat(&staged).is_ok_and(|found| found.is_some()) {
                let _ = sys::remove_file(&staged);
            }
        }
    }

    /// Makes created and deleted directory entries durable.
    fn sync_dirs(&self) -> Result<()> {
        let targets = self.journal.ops.iter().map(|op| &op.path);
        let dirs = self
            .journal
            .made
            .iter()
            .chain(&self.journal.removed)
            .map(|dir| &dir.path);
        let parents: BTreeSet<Option<HostPath>> = targets.chain(dirs).map(|path| path.parent()).collect();
        let mut paths = vec![];
        for parent in parents {
            let path = parent.map_or(self.root.to_path_buf(), |parent| parent.under(self.root));
            if sys::stat(&path)?.is_some_and(|metadata| metadata.is_dir()) {
                paths.push(path);
            }
        }
        sys::sync_all(&paths)
    }
}

/// The path of the temporary copy of operation `index`, beside `target`.
pub fn spare(root: &Path, index: usize, target: &HostPath) -> PathBuf {
    target.under(root).with_file_name(format!(".tenon-spare-{index}"))
}

fn changed(path: &HostPath) -> Error {
    Error::new(format!(
        "`{path}` was changed by something else while tenon was writing"
    ))
    .help("the other change was kept; look at it, then run the command again")
}
