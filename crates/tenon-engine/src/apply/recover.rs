//! What a run does first: finish, or take back, what an earlier one left half done.
//!
//! Knows how to choose the direction. Must not know plans. In: a canonical root. Out: what was done about it.

use std::path::Path;

use super::journal::Journal;
use super::run::Run;
use super::spot;
use super::store::Store;
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// Which way an interrupted run was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The tree is as it was planned.
    Completed,
    /// The tree is as it was before.
    RolledBack,
}

/// What was found and done about an interrupted run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// What the run was doing; `None` if it had not got far enough to say.
    pub title: Option<String>,
    /// Which way it was ended.
    pub outcome: Outcome,
    /// The files it was about; empty if it had touched none.
    pub files: Vec<HostPath>,
}

/// Ends what an interrupted run left in the host at `root`; `None` if there is nothing to end. To be called at
/// the start of every command that writes.
///
/// Fails, and touches nothing, when the journal cannot be understood, when a person changed one of the files
/// in between, or when another run is at work. A recovery that fails or is killed can be begun again.
pub fn recover(root: &Path) -> Result<Option<Recovery>> {
    let root = spot::canonical_root(root)?;
    let Some(store) = Store::open_existing(&root)? else {
        return Ok(None);
    };
    if !store.has_txn()? {
        let title = Journal::load(&store.staging()).ok().map(|journal| journal.title);
        let found = store.drop_staging()?;
        return Ok(found.then_some(Recovery {
            title,
            outcome: Outcome::RolledBack,
            files: vec![],
        }));
    }
    let txn = store.txn();
    let journal = Journal::load(&txn)?;
    let run = Run {
        root: &root,
        txn: &txn,
        journal: &journal,
    };
    let foreign = run.foreign()?;
    if !foreign.is_empty() {
        return Err(overtaken(&journal, &foreign));
    }
    let outcome = end(&store, &run).map_err(|error| {
        error.help(format!(
            "`{}` was interrupted and is not ended yet: run the command again",
            journal.title
        ))
    })?;
    let files = journal.ops.iter().map(|op| op.path.host_path().clone()).collect();
    Ok(Some(Recovery {
        title: Some(journal.title.clone()),
        outcome,
        files,
    }))
}

fn end(store: &Store, run: &Run<'_>) -> Result<Outcome> {
    run.drop_spares()?;
    if run.can_go_forward()? {
        run.forward(false).map_err(|stopped| stopped.error)?;
        run.drop_staged();
        store.retire(run.journal)?;
        return Ok(Outcome::Completed);
    }
    run.back(run.journal.ops.len())?;
    store.abandon(run.journal)?;
    Ok(Outcome::RolledBack)
}

fn overtaken(journal: &Journal, files: &[HostPath]) -> Error {
    let names: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
    let names = names.join(", ");
    Error::new(format!(
        "`{}` was interrupted, and {names} changed since",
        journal.title
    ))
    .help(format!(
        "to finish it, move your version of {names} to another place and run the command again"
    ))
    .help("to keep the tree as it stands, delete `.tenon/txn` and run the command again")
}
