//! What a run does first: finish, or take back, what an earlier one left half done.
//!
//! Knows how to choose the direction. Must not know plans. In: a canonical root. Out: what was done about it.

use std::path::Path;

use super::journal::{Found, Journal};
use super::key::Key;
use super::run::Run;
use super::spot;
use super::store::{self, Store};
use crate::host::HostPath;
use tenon_text::diag::{Error, Result};

/// Which way an interrupted run was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The tree is as it was planned.
    Completed,
    /// The tree is as it was before.
    RolledBack,
    /// This program did not write it here, so nothing of it was done.
    SetAside {
        /// Where it stood, below the host.
        from: String,
        /// Where it is now.
        to: String,
    },
}

/// A step that is not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// One of this program, in its words.
    Own(String),
    /// One of this program, in its words, for a host that was at this other place.
    Elsewhere(String, String),
    /// One that this program did not write here.
    Foreign,
}

/// What a command that only reads can say of the host at `root`: whether a step is not ended. Whatever stands there, it
/// is only looked at.
pub fn unfinished(root: &Path) -> Option<Unfinished> {
    let root = spot::canonical_root(root).ok()?;
    Some(match store::find_txn(&root)? {
        Found::Own(journal) => Unfinished::Own(journal.title),
        Found::Elsewhere { title, place } => Unfinished::Elsewhere(title, place),
        Found::Foreign => Unfinished::Foreign,
    })
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

/// Ends what an interrupted run left in the host at `root`, or moves something away that stands in its place; `None` if there is
/// nothing to do. To be called at the start of every command that writes, until there is nothing.
///
/// # Errors
/// When a person changed one of the files in between, when the host was moved since, when another version wrote the journal, or when another run is at work: nothing is
/// touched then. A recovery that fails or is killed can be begun again.
pub fn recover(root: &Path) -> Result<Option<Recovery>> {
    let root = spot::canonical_root(root)?;
    let Some(store) = Store::open_existing(&root)? else {
        return Ok(None);
    };
    if let Some(path) = store.misplaced()? {
        return set_aside(&store, &path).map(Some);
    }
    let key = Key::read()?;
    if !store.has_txn()? {
        let title = match Journal::find(&store.staging(), &root, key.as_ref()) {
            Ok(Found::Own(journal)) => Some(journal.title),
            _ => None,
        };
        let found = store.drop_staging()?;
        return Ok(found.then_some(Recovery {
            title,
            outcome: Outcome::RolledBack,
            files: vec![],
        }));
    }
    let txn = store.txn();
    let journal = match Journal::find(&txn, &root, key.as_ref())? {
        Found::Own(journal) => journal,
        Found::Elsewhere { title, place } => return Err(elsewhere(&title, &place)),
        Found::Foreign => return set_aside(&store, &txn).map(Some),
    };
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
        store.retire(run.journal, &store::past(run.root)?)?;
        return Ok(Outcome::Completed);
    }
    run.back(run.journal.ops.len())?;
    store.abandon(run.journal)?;
    Ok(Outcome::RolledBack)
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
        outcome: Outcome::SetAside { from, to },
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
