//! The history of a host, read from the journals of past steps, and the plan that undoes a step.
//!
//! In: the host's root. Out: [`Step`]s, or a plan that restores the files of a step, provided that they have not changed since.
//! Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::SystemTime;

use super::check::UndoneStep;
use super::journal::{FileState, Journal, Operation};
use super::key::SecretKey;
use super::patch::apply_patch;
use super::store::{self, PastSteps};
use super::sys::{self, Content};
use super::write_path::{self, WritePath};
use crate::host::HostPath;
use crate::plan::{Change, Plan};
use tenon_text::diag::{Error, Result};

/// What a step does to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileEffect {
    /// The file is new.
    Created,
    /// The file gets other bytes.
    Modified,
    /// The file is removed.
    Deleted,
}

/// A past step: one plan that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number; later steps have higher ones.
    pub number: u32,
    /// The title of its plan.
    pub title: String,
    /// When it was written; `None` if the file system does not say.
    pub when: Option<SystemTime>,
    /// Its files, by path.
    pub files: BTreeMap<HostPath, FileEffect>,
}

/// The plan that undoes a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoPlan {
    /// The number of the step.
    pub number: u32,
    /// Quoted paths of files that have changed since in the same lines; they are left as they are.
    pub left: Vec<String>,
    /// The changes, for [`super::commit_undo`].
    pub plan: Plan,
}

/// The effect of `op` on its file.
pub fn file_effect(op: &Operation) -> FileEffect {
    match (&op.before, &op.after) {
        (None, _) => FileEffect::Created,
        (_, None) => FileEffect::Deleted,
        _ => FileEffect::Modified,
    }
}

/// The steps of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The steps that can be undone, newest first.
    pub steps: Vec<Step>,
    /// The numbers of steps that this program did not write here, or cannot read; they are never obeyed.
    pub ignored: Vec<u32>,
}

/// The history of the host at `root`.
///
/// # Errors
/// If the directory of the history cannot be listed.
pub fn history(root: &Path) -> Result<History> {
    let root = write_path::canonical_root(root)?;
    let past = store::past_steps(&root)?;
    let steps = past.steps.into_iter().rev().map(|(number, journal)| Step {
        number,
        when: store::step_time(&root, number),
        files: journal
            .ops
            .iter()
            .map(|op| (op.path.host_path().clone(), file_effect(op)))
            .collect(),
        title: journal.title,
    });
    Ok(History {
        steps: steps.collect(),
        ignored: past.ignored,
    })
}

/// The plan that undoes step `number`, or the newest one. Later changes in other lines are kept. If a file has changed in the
/// same lines, nothing is undone; with `partial` everything else is.
///
/// # Errors
/// If there is no such step, if this program did not write it here, or if it cannot be undone.
pub fn undo_plan(root: &Path, number: Option<u32>, partial: bool) -> Result<UndoPlan> {
    let root = write_path::canonical_root(root)?;
    let number = match number {
        Some(number) => Some(number),
        None => store::past_steps(&root)?.steps.last().map(|(number, _)| *number),
    };
    let number = number.ok_or_else(|| Error::new("there is nothing to undo in this host"))?;
    let dir = store::find_step(&root, number)?;
    let journal = Journal::load(&dir, &root, SecretKey::read()?.as_ref())?;
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
                .help("`--partial` undoes everything else"),
        );
    }
    Ok(UndoPlan {
        number,
        left: changed,
        plan: Plan {
            title: format!("undo {}", journal.title),
            changes,
        },
    })
}

/// The change that undoes `op`; `None` if its file has changed since in the same lines.
fn reverse(root: &Path, op: &Operation, bytes: &[u8]) -> Result<Option<Change>> {
    // The path leads elsewhere through a link that was made since: that file is not the one of the step.
    if !write_path::resolve(root, &op.path, false).is_ok_and(|found| found == op.path) {
        return Ok(None);
    }
    if op.state(root)? != FileState::After {
        return changed_elsewhere(root, op);
    }
    let there = match sys::content(&op.path.under(root))? {
        Content::File(bytes) => Some(bytes),
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

/// The change that undoes `op` in a file that has changed since in other lines; `None` if in the same ones.
fn changed_elsewhere(root: &Path, op: &Operation) -> Result<Option<Change>> {
    let Content::File(there) = sys::content(&op.path.under(root))? else {
        return Ok(None);
    };
    let patch = op.back.as_deref();
    let after = std::str::from_utf8(&there)
        .ok()
        .zip(patch)
        .and_then(|(text, patch)| apply_patch(text, patch));
    Ok(after.map(|after| Change::Modify {
        before: there,
        after: after.into_bytes(),
    }))
}

/// The directories and permissions from before step `number`.
pub fn undone_step(root: &Path, number: u32) -> Result<UndoneStep> {
    let journal = Journal::load(
        &store::find_step(root, number)?,
        root,
        SecretKey::read()?.as_ref(),
    )?;
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
    Ok(UndoneStep {
        number,
        removable,
        modes,
    })
}

/// The directories above new files of `journal` that an earlier step made: they are removed when the last of these steps is
/// undone.
pub fn shared_dirs(journal: &Journal, past: &PastSteps) -> Vec<WritePath> {
    let mut above: Vec<WritePath> = journal
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
    let known: BTreeSet<&WritePath> = made.chain(shared).collect();
    above.retain(|dir| known.contains(dir));
    above
}
