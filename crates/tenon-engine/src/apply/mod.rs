//! The only writer of a host tree. A plan is carried out wholly or not at all, whatever happens in between.
//!
//! Knows files, and its own state in `<root>/.tenon/`. Must not know packs, languages or what a change is for;
//! no clock, and of the environment only where the user's state lies. In: a root and a [`Plan`]. Out: a [`Receipt`], or an error after which the tree is
//! as it was; if even that could not be done, [`recover`] does it at the start of the next command.
//!
//! # How a step is written
//!
//! 1. `check`: the tree must be what the plan was made from. Nothing is written yet.
//! 2. `stage`: all new bytes, one file each, all bytes from before, in one file, and a journal with the digests
//!    go to `.tenon/staging/`. All of it is fsynced. One rename makes it `.tenon/txn/`; an fsync of `.tenon`
//!    makes that durable. Before this rename a crash leaves nothing but a directory to delete; after it the
//!    step can be finished or taken back from what is on disk, whatever else happens.
//! 3. `run`: missing directories are made; each staged file is renamed to its place, deleted files are unlinked,
//!    then the touched directories are fsynced. No file needs an fsync here: its bytes were durable before it
//!    was renamed. All that takes space on the disk happens before the first file changes.
//! 4. `store`: one rename makes the transaction a step of the history. It needs no fsync: if a power cut loses
//!    it, the transaction is found again, all done, and retired again.
//!
//! A failure in 3 or 4 takes back what was done. `recover` goes forward if all that is still to be written is
//! staged and undamaged and nobody had begun to go back; otherwise it goes back.
//!
//! # What is believed
//!
//! A repository may bring a `.tenon` of its own. So each journal is sealed with a secret of this user (`key`) that no repository
//! knows, together with the host's root and the digests and modes of the bytes beside it. What is not sealed is neither done nor shown. Commands that only
//! read never call [`recover`]; they may ask what is [`unfinished`].
//!
//! # What durability costs
//!
//! A step that writes n files and touches d directories needs n + d + 5 fsyncs at most (one of them when there
//! are bytes from before, one when `.tenon` is new), in three rounds. Within a round up to eight threads wait
//! together, and journaling file systems commit together what arrives together: on ext4 under load thirty
//! fsyncs took 62 ms one by one and 5 ms from eight threads. Two ways to need fewer calls were left out. A
//! journal that holds all bytes, with files that are not fsynced: they would have to be flushed before the
//! journal may go, or a power cut leaves empty files that nobody mends. One `syncfs` at the end: as fast on an
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
mod recover;
mod run;
mod save;
mod scratch;
mod spot;
mod stage;
mod store;
mod sys;
mod undo;

#[cfg(test)]
mod tests;

use std::path::Path;

pub use recover::{Outcome, Unfinished, recover, unfinished};
pub use save::{save, save_if_possible};
pub use scratch::{Scratch, Tree};
pub use undo::{Did, History, Step, Undo, history, undo_plan};

use crate::host::HostPath;
use crate::plan::Plan;
use tenon_text::diag::{Error, Result};

use check::{Checked, Undoing};
use run::{Run, Stopped};
use store::{Past, Store};

/// What was written: files by where they lie, in the order of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The number under which the step can be undone; `None` if nothing was written or a step was undone.
    pub step: Option<u32>,
    /// Files that were not there before.
    pub created: Vec<HostPath>,
    /// Files that have other bytes than before.
    pub modified: Vec<HostPath>,
    /// Files that are gone.
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
pub fn commit_undo(root: &Path, undo: &Undo) -> Result<Receipt> {
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
/// If something stands there already, or a file cannot be written.
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
    // What stays then is an empty directory, and the error that led here is told.
    let _ = std::fs::remove_dir(root);
}

/// Remembers `text` under `name`, a digest, in the state of the host at `root`. It may be lost at any time, so that it cannot be
/// written is no error.
pub fn remember(root: &Path, name: &str, text: &str) {
    let _ = spot::canonical_root(root).and_then(|root| store::remember(&root, name, text));
}

fn write(root: &Path, plan: &Plan, undoes: Option<u32>) -> Result<Receipt> {
    if plan.is_empty() && undoes.is_none() {
        return Ok(Receipt::default());
    }
    let root = spot::canonical_root(root)?;
    let store = Store::open(&root)?;
    if store.has_txn()? {
        return Err(Error::new("an earlier run was interrupted while it was writing")
            .help("run a command that writes again: it ends the earlier one first"));
    }
    store.drop_staging()?;
    let undoing: Option<Undoing> = undoes.map(|number| undo::undoing(&root, number)).transpose()?;
    let mut checked = check::check(&root, plan, undoing.as_ref())?;
    if checked.journal.ops.is_empty() && undoes.is_none() {
        return Ok(Receipt::default());
    }
    let past = store::past(&root)?;
    checked.journal.shared = undo::shared_dirs(&checked.journal, &past);
    stage::stage(&store, &checked)?;
    let step = carry_out(&store, &checked, &past)?;
    Ok(receipt(&checked, step))
}

/// Carries out the published transaction, or takes it back.
fn carry_out(store: &Store, checked: &Checked<'_>, past: &Past) -> Result<Option<u32>> {
    let (txn, journal) = (store.txn(), &checked.journal);
    let run = Run {
        root: &store.root,
        txn: &txn,
        journal,
    };
    let written = run.forward(true).and_then(|()| {
        run.drop_staged();
        store.retire(journal, past).map_err(|error| Stopped {
            begun: journal.ops.len(),
            error,
        })
    });
    let Err(Stopped { begun, error }) = written else {
        return written.map_err(|stopped| stopped.error);
    };
    match run.back(begun).and_then(|()| store.abandon(journal)) {
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

fn receipt(checked: &Checked<'_>, step: Option<u32>) -> Receipt {
    let mut receipt = Receipt {
        step,
        ..Receipt::default()
    };
    for op in &checked.journal.ops {
        let files = match undo::did(op) {
            Did::Created => &mut receipt.created,
            Did::Modified => &mut receipt.modified,
            Did::Deleted => &mut receipt.deleted,
        };
        files.push(op.path.host_path().clone());
    }
    receipt
}
