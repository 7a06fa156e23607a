//! The only writer of a host: [`commit`] writes a [`Plan`] completely or not at all, [`undo_plan`] takes one back.
//!
//! In: a root and a plan. Out: a [`Receipt`], or an error after which the host is unchanged; if the rollback failed too,
//! [`recover`] does it at the start of the next command. Its state lies in `<root>/.tenon/`. It knows neither packs nor languages.
//!
//! # How a step is written
//!
//! 1. `check`: the host must be as it was when the plan was made. Nothing is written yet.
//! 2. `stage`: the new contents, one file each, the old contents, in one file, and a journal with the digests are written to
//!    `.tenon/staging/` and fsynced. One rename makes it `.tenon/txn/`; an fsync of `.tenon` makes that durable. A crash
//!    before this rename leaves a directory to delete; after it the step can be finished or rolled back from what is on disk.
//! 3. `transaction`: missing directories are made, staged files are renamed to their places, deleted files are unlinked, then the
//!    touched directories are fsynced. Files need no fsync here: their bytes were durable before the rename. Everything that needs
//!    disk space happens before the first file changes.
//! 4. `store`: one rename makes the transaction a step of the history. It needs no fsync: if a power cut loses the rename, the
//!    next run finds the transaction, all done, and retires it.
//!
//! A failure in 3 or 4 rolls back. [`recover`] rolls forward if everything that is still to be written is staged undamaged and no
//! rollback was begun; otherwise it rolls back.
//!
//! # What is trusted
//!
//! A repository may contain a `.tenon` of its own. So each journal is sealed with a secret key of this user (`key`), together with the
//! host's root and the digests and modes of the bytes beside it. What is not sealed is neither obeyed nor shown. Commands that only
//! read never call [`recover`]; they may ask for what is [`unfinished`].
//!
//! # What durability costs
//!
//! A step that writes n files and touches d directories needs n + d + 5 fsyncs at most (one of them when there
//! are bytes from before, one when `.tenon` is new), in three rounds. Within a round up to eight threads wait
//! together, and journaling file systems commit together what arrives together: on ext4 under load thirty
//! fsyncs took 62 ms one by one and 5 ms from eight threads. Two ways to need fewer calls were left out. A
//! journal that holds all bytes, with files that are not fsynced: they would have to be flushed before the
//! journal may be deleted, or a power cut leaves empty files that nothing repairs. One `syncfs` at the end: as fast on an
//! idle disk, but it waits for all that any program has not written yet, such as a package installation that
//! just ended, and only Linux has it.
//!
//! # What is not kept
//!
//! A changed file is a new file in the old one's place: permissions and, as far as the system lets this user, owner
//! stay; hard links to the old one, extended attributes and the bits that make a program run as its owner do not.

mod check;
mod journal;
mod key;
mod patch;
mod recover;
mod save;
mod scratch;
mod stage;
mod store;
mod sys;
mod transaction;
mod undo;
mod write_path;

#[cfg(test)]
mod tests;

use std::path::Path;

pub use recover::{RecoveryOutcome, Unfinished, recover, unfinished};
pub use save::{save, save_if_possible};
pub use scratch::{FileTree, Scratch};
pub use undo::{FileEffect, History, Step, UndoPlan, history, undo_plan};

use crate::host::HostPath;
use crate::plan::Plan;
use tenon_text::diag::{Error, Result};

use check::{CheckedPlan, UndoneStep};
use store::{PastSteps, Store};
use transaction::{Interrupted, Transaction};

/// What was written: the paths of files, links resolved, in the order of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The number under which the step can be undone; `None` if nothing was written or a step was undone.
    pub step: Option<u32>,
    /// New files.
    pub created: Vec<HostPath>,
    /// Files with other bytes than before.
    pub modified: Vec<HostPath>,
    /// Removed files.
    pub deleted: Vec<HostPath>,
}

/// Writes `plan` into the host at `root`. A plan that changes nothing leaves no trace.
///
/// # Errors
///
/// When a file is not as the plan expects, cannot be written, or lies outside the host; when another run is at
/// work; when the disk fails or is full. The tree is then as before, or the error says that it is not yet and
/// that the next command will see to it.
pub fn commit(root: &Path, plan: &Plan) -> Result<Receipt> {
    write(root, plan, None)
}

/// Writes the plan of an [`undo_plan`]; its step leaves the history. Errors as for [`commit`].
pub fn commit_undo(root: &Path, undo: &UndoPlan) -> Result<Receipt> {
    write(root, &undo.plan, Some(undo.number))
}

/// Makes the directory of a new host, with those above it.
pub fn make_root(root: &Path) -> Result<()> {
    std::fs::create_dir_all(root)
        .map_err(|error| Error::new(format!("cannot make the directory `{}`", root.display())).because(error))
}

/// Writes files into a new directory, or an empty one. Nothing of it is a step that could be undone.
///
/// # Errors
/// If the directory is not empty, or a file cannot be written.
pub fn fill(root: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let is_free = match std::fs::read_dir(root) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound && sys::stat(root)?.is_none(),
    };
    if !is_free {
        return Err(
            Error::new(format!("`{}` exists already and is not empty", root.display()))
                .help("choose another folder"),
        );
    }
    for (path, bytes) in files {
        let full = HostPath::new(path)?.under(root);
        if let Some(dir) = full.parent() {
            make_root(dir)?;
        }
        std::fs::write(&full, bytes).map_err(sys::failed("write", &full))?;
    }
    Ok(())
}

/// Removes the directory of a new host that could not be filled, if it is empty.
pub fn drop_root(root: &Path) {
    // A leftover is only an empty directory, and the original error is reported.
    let _ = std::fs::remove_dir(root);
}

/// Caches `text` under `name`, a digest, in the state of the host at `root`; failures are ignored.
pub fn remember(root: &Path, name: &str, text: &str) {
    let _ = write_path::canonical_root(root).and_then(|root| store::remember(&root, name, text));
}

fn write(root: &Path, plan: &Plan, undoes: Option<u32>) -> Result<Receipt> {
    if plan.is_empty() && undoes.is_none() {
        return Ok(Receipt::default());
    }
    let root = write_path::canonical_root(root)?;
    let store = Store::open(&root)?;
    if store.has_txn()? {
        return Err(Error::new("an earlier run was interrupted while it was writing")
            .help("run a command that writes again: it ends the earlier one first"));
    }
    store.drop_staging()?;
    let undone: Option<UndoneStep> = undoes
        .map(|number| undo::undone_step(&root, number))
        .transpose()?;
    let mut checked = check::check(&root, plan, undone.as_ref())?;
    if checked.journal.ops.is_empty() && undoes.is_none() {
        return Ok(Receipt::default());
    }
    let past = store::past_steps(&root)?;
    checked.journal.shared = undo::shared_dirs(&checked.journal, &past);
    stage::stage(&store, &checked)?;
    let step = carry_out(&store, &checked, &past)?;
    Ok(receipt(&checked, step))
}

/// Carries out the published transaction, or rolls it back.
fn carry_out(store: &Store, checked: &CheckedPlan<'_>, past: &PastSteps) -> Result<Option<u32>> {
    let (txn, journal) = (store.txn(), &checked.journal);
    let run = Transaction {
        root: &store.root,
        txn: &txn,
        journal,
    };
    let written = run.roll_forward(true).and_then(|()| {
        run.drop_staged();
        store.retire(journal, past).map_err(|error| Interrupted {
            begun: journal.ops.len(),
            error,
        })
    });
    let Err(Interrupted { begun, error }) = written else {
        return written.map_err(|stopped| stopped.error);
    };
    match run.roll_back(begun).and_then(|()| store.abandon(journal)) {
        Ok(()) => Err(error),
        Err(second) => {
            let error = error.because(format!("taking it back failed too: {}", second.message()));
            let error = second
                .causes()
                .iter()
                .fold(error, |error, cause| error.because(cause));
            Err(error.help("some files may be changed already; the next command that writes puts this right"))
        }
    }
}

fn receipt(checked: &CheckedPlan<'_>, step: Option<u32>) -> Receipt {
    let mut receipt = Receipt {
        step,
        ..Receipt::default()
    };
    for op in &checked.journal.ops {
        let files = match undo::file_effect(op) {
            FileEffect::Created => &mut receipt.created,
            FileEffect::Modified => &mut receipt.modified,
            FileEffect::Deleted => &mut receipt.deleted,
        };
        files.push(op.path.host_path().clone());
    }
    receipt
}
