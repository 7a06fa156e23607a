//! Ends an interrupted run: finishes its transaction if everything is staged, or rolls it back.

use std::path::Path;

use super::journal::{FoundJournal, Journal};
use super::key::SecretKey;
use super::store::{self, Store};
use super::transaction::Transaction;
use super::write_path;
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// How an interrupted run was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecoveryOutcome {
    /// The transaction was finished.
    Completed,
    /// The transaction was rolled back.
    RolledBack,
    /// This program did not write it here, so it was moved away and not obeyed.
    SetAside {
        /// Its old path, relative to the host.
        from: String,
        /// Its new path.
        to: String,
    },
}

/// A transaction that is neither finished nor rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// Written by this program: its title.
    Own(String),
    /// Written by this program for a host at another path: its title and that path.
    Elsewhere(String, String),
    /// Not written by this program here.
    Foreign,
}

/// The unfinished transaction of the host at `root`, for commands that only read; nothing is changed.
pub fn unfinished(root: &Path) -> Option<Unfinished> {
    let root = write_path::canonical_root(root).ok()?;
    Some(match store::find_txn(&root)? {
        FoundJournal::Own(journal) => Unfinished::Own(journal.title),
        FoundJournal::Elsewhere { title, place } => Unfinished::Elsewhere(title, place),
        FoundJournal::Foreign => Unfinished::Foreign,
    })
}

/// What was done about an interrupted run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The title of its plan; `None` if it was not written yet.
    pub title: Option<String>,
    /// How it was ended.
    pub outcome: RecoveryOutcome,
    /// Its files; empty if it had changed none.
    pub files: Vec<HostPath>,
}

/// Ends the interrupted run in the host at `root`, or moves away what stands in its place; `None` if there is nothing to do.
/// Every command that writes calls this first, until it returns `None`.
///
/// # Errors
/// When one of the files has changed in between, when the host was moved, when another version wrote the journal, or when another
/// run is at work: nothing is changed then. A recovery that fails or is killed can be begun again.
pub fn recover(root: &Path) -> Result<Option<Recovery>> {
    let root = write_path::canonical_root(root)?;
    let Some(store) = Store::open_existing(&root)? else {
        return Ok(None);
    };
    if let Some(path) = store.misplaced()? {
        return set_aside(&store, &path).map(Some);
    }
    let key = SecretKey::read()?;
    if !store.has_txn()? {
        let title = match Journal::find(&store.staging(), &root, key.as_ref()) {
            Ok(FoundJournal::Own(journal)) => Some(journal.title),
            _ => None,
        };
        let found = store.drop_staging()?;
        return Ok(found.then_some(Recovery {
            title,
            outcome: RecoveryOutcome::RolledBack,
            files: vec![],
        }));
    }
    let txn = store.txn();
    let journal = match Journal::find(&txn, &root, key.as_ref())? {
        FoundJournal::Own(journal) => journal,
        FoundJournal::Elsewhere { title, place } => return Err(elsewhere(&title, &place)),
        FoundJournal::Foreign => return set_aside(&store, &txn).map(Some),
    };
    let run = Transaction {
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

fn end(store: &Store, run: &Transaction<'_>) -> Result<RecoveryOutcome> {
    run.drop_spares()?;
    if run.can_go_forward()? {
        run.roll_forward(false).map_err(|stopped| stopped.error)?;
        run.drop_staged();
        store.retire(run.journal, &store::past_steps(run.root)?)?;
        return Ok(RecoveryOutcome::Completed);
    }
    run.roll_back(run.journal.ops.len())?;
    store.abandon(run.journal)?;
    Ok(RecoveryOutcome::RolledBack)
}

fn set_aside(store: &Store, path: &Path) -> Result<Recovery> {
    let from = path
        .strip_prefix(&store.root)
        .unwrap_or(path)
        .display()
        .to_string();
    let to = store.set_aside(path)?;
    Ok(Recovery {
        title: None,
        outcome: RecoveryOutcome::SetAside { from, to },
        files: vec![],
    })
}

fn elsewhere(title: &str, place: &str) -> Error {
    Error::new(format!(
        "`{title}` was interrupted in `{place}`, and is not ended here"
    ))
    .because("the host was moved or copied since")
    .help(format!(
        "to end it, move the host back to `{place}` and run `tenon undo --recover` there"
    ))
    .help("to keep the tree as it stands, delete `.tenon/txn` and run the command again")
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
