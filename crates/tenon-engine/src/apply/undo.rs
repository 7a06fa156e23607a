//! The history: which steps were taken, and the plan that takes one back.
//!
//! Knows past steps by their journals. Must not write. In: the host's root. Out: [`Step`]s, or a plan that
//! restores the bytes of a step, provided that nobody has changed its files since.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::check::Undoing;
use super::journal::{Journal, Now, Op};
use super::key::Key;
use super::spot::{self, Spot};
use super::store::{self, Past};
use super::sys::{self, Current};
use crate::host::HostPath;
use crate::plan::{Change, Plan};
use tenon_text::diag::{Error, Result};

/// What a step did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was not there before.
    Created,
    /// It had other bytes.
    Modified,
    /// It is not there any more.
    Deleted,
}

/// One past step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number; later steps have higher ones.
    pub number: u32,
    /// What it did, in the words of its plan.
    pub title: String,
    /// Its files, by path.
    pub files: BTreeMap<HostPath, Did>,
}

/// The plan that takes a step back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The number of the step.
    pub number: u32,
    /// Files that were changed since in the same places, in quotes: they stay as they are.
    pub left: Vec<String>,
    /// What is to be written, for [`super::commit_undo`].
    pub plan: Plan,
}

/// What `op` does to its file.
pub fn did(op: &Op) -> Did {
    match (&op.before, &op.after) {
        (None, _) => Did::Created,
        (_, None) => Did::Deleted,
        _ => Did::Modified,
    }
}

/// What can be undone, and what cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The steps that can be undone, newest first.
    pub steps: Vec<Step>,
    /// The numbers of those that this program did not write here, or cannot read: nothing is done because of them.
    pub ignored: Vec<u32>,
}

/// The history of the host at `root`.
///
/// # Errors
/// If the directory of the history cannot be listed.
pub fn history(root: &Path) -> Result<History> {
    let root = spot::canonical_root(root)?;
    let past = store::past(&root)?;
    let steps = past.steps.into_iter().rev().map(|(number, journal)| Step {
        number,
        files: journal
            .ops
            .iter()
            .map(|op| (op.path.host_path().clone(), did(op)))
            .collect(),
        title: journal.title,
    });
    Ok(History {
        steps: steps.collect(),
        ignored: past.ignored,
    })
}

/// The plan that takes back step `number`, or the newest one. What was changed since in other places stays; files that were
/// changed in the same places are named, and nothing is taken back, unless `partial`: then all but these is.
///
/// # Errors
/// If there is no such step, if this program did not write it here, or if it cannot be taken back.
pub fn undo_plan(root: &Path, number: Option<u32>, partial: bool) -> Result<Undo> {
    let root = spot::canonical_root(root)?;
    let newest = || Ok(store::past(&root)?.steps.last().map(|(number, _)| *number));
    let number = match number {
        Some(number) => Some(number),
        None => newest()?,
    };
    let number = number.ok_or_else(|| Error::new("there is nothing to undo in this host"))?;
    let dir = store::find_step(&root, number)?;
    let journal = Journal::load(&dir, &root, Key::read()?.as_ref())?;
    let bytes = journal.load_before(&dir)?;
    let mut changed = vec![];
    let mut changes = BTreeMap::new();
    for op in &journal.ops {
        match reverse(&root, op, &bytes)? {
            Some(change) => drop(changes.insert(op.path.host_path().clone(), change)),
            None => changed.push(format!("`{}`", *op.path)),
        }
    }
    if !changed.is_empty() && !partial {
        let names = changed.join(", ");
        return Err(
            Error::new(format!("cannot undo `{}`: {names} changed since", journal.title))
                .help(format!(
                    "undo by hand, or put {names} back to what the step left and run the command again"
                ))
                .help("`--partial` takes back all but that"),
        );
    }
    Ok(Undo {
        number,
        left: changed,
        plan: Plan {
            title: format!("undo {}", journal.title),
            changes,
        },
    })
}

/// The change that takes back `op`; `None` if its file is not as the step left it.
fn reverse(root: &Path, op: &Op, bytes: &[u8]) -> Result<Option<Change>> {
    // A link that came since leads elsewhere: what lies there is nothing of the step.
    if !spot::resolve(root, &op.path, false).is_ok_and(|found| found == op.path) {
        return Ok(None);
    }
    if op.now(root)? != Now::After {
        return changed_elsewhere(root, op);
    }
    let there = match sys::current(&op.path.under(root))? {
        Current::File(bytes) => Some(bytes),
        _ => None,
    };
    let prior = op.bytes_before(bytes)?.map(<[u8]>::to_vec);
    Ok(match (there, prior) {
        (Some(before), Some(after)) => Some(Change::Modify { before, after }),
        (Some(before), None) => Some(Change::Delete { before }),
        (None, Some(after)) => {
            let executable = op.before.as_ref().is_some_and(|before| before.mode & 0o111 != 0);
            Some(Change::Create { after, executable })
        }
        (None, None) => None,
    })
}

/// The change that takes back `op` in a file that was changed in other places; `None` if it was in the same.
fn changed_elsewhere(root: &Path, op: &Op) -> Result<Option<Change>> {
    let Current::File(there) = sys::current(&op.path.under(root))? else {
        return Ok(None);
    };
    let patch = op.back.as_deref();
    let after = std::str::from_utf8(&there)
        .ok()
        .zip(patch)
        .and_then(|(text, patch)| patched(text, patch));
    Ok(after.map(|after| Change::Modify {
        before: there,
        after: after.into_bytes(),
    }))
}

/// `text` with a patch applied; nothing if it does not fit.
pub fn patched(text: &str, patch: &str) -> Option<String> {
    diffy::apply(text, &diffy::Patch::from_str(patch).ok()?).ok()
}

/// What is known of the tree as it was before step `number`.
pub fn undoing(root: &Path, number: u32) -> Result<Undoing> {
    let journal = Journal::load(&store::find_step(root, number)?, root, Key::read()?.as_ref())?;
    let made = journal.made.iter().map(|dir| &dir.path);
    let removable = made
        .chain(&journal.shared)
        .map(|dir| dir.host_path().clone())
        .collect();
    let dirs = journal
        .removed
        .iter()
        .filter_map(|dir| Some((&dir.path, dir.mode?)));
    let files = journal
        .ops
        .iter()
        .filter_map(|op| Some((&op.path, op.before.as_ref()?.mode)));
    let modes = files
        .chain(dirs)
        .map(|(path, mode)| (path.host_path().clone(), mode))
        .collect();
    Ok(Undoing {
        number,
        removable,
        modes,
    })
}

/// The directories above new files of `journal` that an earlier step made: whichever step is undone last
/// removes them.
pub fn shared_dirs(journal: &Journal, past: &Past) -> Vec<Spot> {
    let mut above: Vec<Spot> = journal
        .ops
        .iter()
        .filter(|op| op.before.is_none())
        .flat_map(|op| op.path.dirs())
        .collect();
    above.sort();
    above.dedup();
    above.retain(|dir| !journal.made.iter().any(|made| made.path == *dir));
    let made = past
        .steps
        .iter()
        .flat_map(|(_, past)| past.made.iter().map(|dir| &dir.path));
    let shared = past.steps.iter().flat_map(|(_, past)| &past.shared);
    let known: BTreeSet<&Spot> = made.chain(shared).collect();
    above.retain(|dir| known.contains(dir));
    above
}
