//! Carrying a transaction out, or taking it back.
//!
//! Knows the order of writes and that each can be found done, not done, or overtaken by a person. Must not
//! decide which way to go, nor retire the transaction. In: a published transaction. Out: the tree as planned,
//! or as before, durable. Both ways may be cut off at any instant and begun again, in either direction.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::journal::{Dir, Journal, Now, Op, after_file};
use super::spot;
use super::sys;
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// The file whose presence says that the transaction is being taken back.
const BACKWARDS: &str = "backwards";

/// A published transaction.
pub struct Run<'a> {
    /// The host's canonical root.
    pub root: &'a Path,
    /// Where the journal and the bytes lie.
    pub txn: &'a Path,
    /// What is to be done.
    pub journal: &'a Journal,
}

/// Why carrying out stopped.
pub struct Stopped {
    /// How many operations may have been carried out, in whole or in part.
    pub begun: usize,
    /// What went wrong.
    pub error: Error,
}

impl Run<'_> {
    /// Carries everything out that is not done yet. `strict` refuses a file that vanished meanwhile, which is
    /// right for a fresh plan; a recovery writes it, as nothing is lost by that.
    pub fn forward(&self, strict: bool) -> std::result::Result<(), Stopped> {
        let count = self.journal.ops.len();
        let mut begun = 0;
        // All that may need space comes first: on a full disk there is then nothing but directories to take back.
        for op in self.journal.ops.iter().filter(|op| op.after.is_some()) {
            self.make_dirs(op).map_err(|error| Stopped { begun, error })?;
        }
        for (index, op) in self.journal.ops.iter().enumerate() {
            self.carry_out(index, op, strict, &mut begun)
                .map_err(|error| Stopped { begun, error })?;
        }
        let finish = || -> Result<()> {
            for dir in &self.journal.removed {
                spot::dirs_are_real(self.root, &dir.path)?;
                sys::remove_dir_if_empty(&dir.path.under(self.root))?;
            }
            self.sync_dirs()
        };
        finish().map_err(|error| Stopped { begun: count, error })
    }

    fn carry_out(&self, index: usize, op: &Op, strict: bool, begun: &mut usize) -> Result<()> {
        spot::dirs_are_real(self.root, &op.path)?;
        match op.now(self.root)? {
            Now::After if !strict => return Ok(()),
            Now::Before => {}
            Now::Gone if !strict => {}
            _ => return Err(changed(&op.path)),
        }
        *begun = index + 1;
        let target = op.path.under(self.root);
        if op.after.is_none() {
            return sys::remove_file(&target);
        }
        sys::place(&after_file(self.txn, index), &target, &self.spare(index, op))
    }

    /// Makes the directories above the target of `op`.
    fn make_dirs(&self, op: &Op) -> Result<()> {
        let above = op.path.dirs();
        for dir in self
            .journal
            .made
            .iter()
            .filter(|dir| dir.mode.is_some() && above.contains(&dir.path))
        {
            self.make_dir(dir)?;
        }
        spot::ensure_dirs(self.root, &op.path)
    }

    /// Makes a directory with those above it; one whose permission bits are known gets these.
    fn make_dir(&self, dir: &Dir) -> Result<()> {
        spot::ensure_dirs(self.root, &dir.path)?;
        let path = dir.path.under(self.root);
        match dir.mode {
            Some(mode) => sys::make_dir(&path, mode),
            None if sys::stat(&path)?.is_some() => Ok(()),
            None => fs::create_dir(&path).map_err(sys::failed("create", &path)),
        }
    }

    /// Takes back the first `begun` operations and every directory that was made.
    pub fn back(&self, begun: usize) -> Result<()> {
        // Says to a recovery which way this was going. Without it (the disk may be full) a recovery may go
        // the other way, which ends as well.
        let _ = sys::write_new(&self.txn.join(BACKWARDS), &[], 0o600);
        let store = self.journal.load_before(self.txn)?;
        for dir in self.journal.removed.iter().rev() {
            self.make_dir(dir)?;
        }
        for (index, op) in self.journal.ops.iter().enumerate().take(begun) {
            self.take_back(index, op, &store)?;
        }
        for dir in self.journal.made.iter().rev() {
            spot::dirs_are_real(self.root, &dir.path)?;
            sys::remove_dir_if_empty(&dir.path.under(self.root))?;
        }
        self.sync_dirs()
    }

    fn take_back(&self, index: usize, op: &Op, store: &[u8]) -> Result<()> {
        spot::dirs_are_real(self.root, &op.path)?;
        sys::remove_file(&self.spare(index, op))?;
        match op.now(self.root)? {
            Now::Before => return Ok(()),
            Now::Foreign => return Err(changed(&op.path)),
            Now::After | Now::Gone => {}
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
        spot::ensure_dirs(self.root, &op.path)?;
        sys::place(&again, &target, &self.spare(index, op))
    }

    /// Where the bytes for `op` wait when they have to cross a border of devices.
    fn spare(&self, index: usize, op: &Op) -> PathBuf {
        spare(self.root, index, &op.path)
    }

    /// Whether the transaction can be carried out to the end: it was not being taken back, and what is not
    /// yet in its place lies staged, as it was staged.
    pub fn can_go_forward(&self) -> Result<bool> {
        if sys::stat(&self.txn.join(BACKWARDS))?.is_some() {
            return Ok(false);
        }
        for (index, op) in self.journal.ops.iter().enumerate() {
            let Some(after) = &op.after else { continue };
            if op.now(self.root)? == Now::After {
                continue;
            }
            if !after.is_staged(&after_file(self.txn, index))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The files that a person changed after the transaction began.
    pub fn foreign(&self) -> Result<Vec<HostPath>> {
        let mut foreign = vec![];
        for op in &self.journal.ops {
            spot::dirs_are_real(self.root, &op.path)?;
            if op.now(self.root)? == Now::Foreign {
                foreign.push(op.path.host_path().clone());
            }
        }
        Ok(foreign)
    }

    /// Deletes copies that stopped half way across a border of devices.
    pub fn drop_spares(&self) -> Result<()> {
        for (index, op) in self.journal.ops.iter().enumerate() {
            spot::dirs_are_real(self.root, &op.path)?;
            sys::remove_file(&self.spare(index, op))?;
        }
        Ok(())
    }

    /// Deletes what a past step has no use for. Whatever stays does no harm.
    pub fn drop_staged(&self) {
        for (index, op) in self.journal.ops.iter().enumerate() {
            let staged = after_file(self.txn, index);
            if op.after.is_some() && sys::stat(&staged).is_ok_and(|found| found.is_some()) {
                let _ = sys::remove_file(&staged);
            }
        }
    }

    /// Makes the new names, and the absence of the old ones, durable.
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

/// Where the bytes of operation `index` wait when they have to cross a border of devices to `target`.
pub fn spare(root: &Path, index: usize, target: &HostPath) -> PathBuf {
    target.under(root).with_file_name(format!(".tenon-spare-{index}"))
}

fn changed(path: &HostPath) -> Error {
    Error::new(format!(
        "`{path}` was changed by something else while tenon was writing"
    ))
    .help("the other change was kept; look at it, then run the command again")
}
