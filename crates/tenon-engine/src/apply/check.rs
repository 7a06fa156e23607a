//! Checks a plan against the host before a byte is written, so that a commit seldom fails half way.
//!
//! In: a canonical root and a plan. Out: a [`Journal`] of the operations, with the bytes it needs, or an error that names the file.
//! Writes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::journal::{After, Before, Journal, JournalDir, Operation};
use super::patch::reverse_patch;
use super::sys::{self, Content};
use super::write_path::{self, WritePath};
use crate::host::{HostPath, folded};
use crate::plan::{Change, Plan};
use tenon_text::diag::{Error, Result};

/// What an undo restores besides the contents of files: directories and permissions from before the step.
pub struct UndoneStep {
    /// The number of the step that is undone.
    pub number: u32,
    /// Directories that may be removed when they become empty.
    pub removable: BTreeSet<HostPath>,
    /// Permission bits of files and directories that are restored.
    pub modes: BTreeMap<HostPath, u32>,
}

/// A plan that was checked against the host.
pub struct CheckedPlan<'a> {
    /// The operations.
    pub journal: Journal,
    /// The old contents of all files, concatenated; the journal has the offsets.
    pub before: Vec<u8>,
    /// For each operation the new content, and how its file is made; `None` for a deletion.
    pub after: Vec<Option<Staged<'a>>>,
}

/// The new content of a file.
pub struct Staged<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The permission bits, before the umask is applied.
    pub create_mode: u32,
    /// The permission bits that are set regardless of the umask.
    pub exact_mode: Option<u32>,
    /// The metadata of the file that is replaced, whose owner is kept.
    pub like: Option<Metadata>,
}

/// Checks every path of `plan` against the tree.
pub fn check<'a>(root: &Path, plan: &'a Plan, undone: Option<&UndoneStep>) -> Result<CheckedPlan<'a>> {
    let journal = Journal::new(root, &plan.title, undone.map(|undone| undone.number));
    let mut checked = CheckedPlan {
        journal,
        before: vec![],
        after: vec![],
    };
    let mut targets = BTreeMap::new();
    for (path, change) in &plan.changes {
        let path = WritePath::new(path.clone())?;
        let follow = matches!(change, Change::Modify { .. });
        let target = write_path::resolve(root, &path, follow).map_err(|error| in_file(error, &path))?;
        if let Some(other) = targets.insert(target.clone(), path.clone()) {
            return Err(Error::new(format!(
                "`{}` and `{}` are the same file",
                *other, *path
            )));
        }
        match change {
            Change::Create { after, executable } => {
                let mode = undone.and_then(|undone| undone.modes.get(path.host_path()).copied());
                check_absent(root, &path, &target)?;
                let create_mode = if *executable { 0o777 } else { 0o666 };
                checked.push(target, None, Some((after, mode.unwrap_or(create_mode))));
                checked.after.push(Some(Staged {
                    bytes: after,
                    create_mode,
                    exact_mode: mode,
                    like: None,
                }));
            }
            Change::Modify { before, after } => {
                let metadata = check_unchanged(root, &path, &target, before)?;
                if before == after {
                    continue;
                }
                let mode = sys::mode(&metadata);
                checked.after.push(Some(Staged {
                    bytes: after,
                    create_mode: 0o600,
                    exact_mode: Some(mode),
                    like: Some(metadata),
                }));
                checked.push(target, Some((before, mode)), Some((after, mode)));
            }
            Change::Delete { before } => {
                let metadata = check_unchanged(root, &path, &target, before)?;
                checked.after.push(None);
                checked.push(target, Some((before, sys::mode(&metadata))), None);
            }
        }
    }
    check_nesting(&targets)?;
    check_spares(root, &checked.journal.ops)?;
    check_case(root, &checked.journal.ops)?;
    checked.journal.made = dirs_to_make(root, &checked.journal.ops, undone)?;
    checked.journal.removed = dirs_to_remove(root, &checked.journal.ops, undone)?;
    Ok(checked)
}

impl CheckedPlan<'_> {
    /// Adds an operation: the content and mode of a file before and after.
    fn push(&mut self, path: WritePath, before: Option<(&[u8], u32)>, after: Option<(&[u8], u32)>) {
        let back = before
            .zip(after)
            .and_then(|((before, _), (after, _))| reverse_patch(before, after));
        let before = before.map(|(bytes, mode)| {
            let offset = self.before.len();
            self.before.extend_from_slice(bytes);
            Before {
                offset,
                length: bytes.len(),
                sha256: sys::digest(bytes),
                mode,
            }
        });
        let after = after.map(|(bytes, mode)| After {
            sha256: sys::digest(bytes),
            mode,
        });
        self.journal.ops.push(Operation {
            path,
            before,
            after,
            back,
        });
    }
}

fn in_file(error: Error, path: &WritePath) -> Error {
    if error.location().is_some() {
        error
    } else {
        error.in_file(path.as_str())
    }
}

/// Checks the target of a new file: nothing exists there, and the directory above it is writable.
fn check_absent(root: &Path, path: &WritePath, target: &WritePath) -> Result<()> {
    if sys::stat(&target.under(root))?.is_some() {
        return Err(Error::new(format!("`{}` exists already", **path))
            .help("something created it after the plan was made; run the command again"));
    }
    check_parent(root, path, target)
}

/// The target of a change: a regular, writable file with exactly the bytes that the plan was made from.
fn check_unchanged(root: &Path, path: &WritePath, target: &WritePath, before: &[u8]) -> Result<Metadata> {
    let at = target.under(root);
    let again = "it changed after the plan was made; run the command again";
    let Some(metadata) = sys::stat(&at)? else {
        return Err(Error::new(format!("`{}` does not exist any more", **path)).help(again));
    };
    if metadata.is_symlink() {
        return Err(Error::new(format!(
            "`{}` is a symbolic link, which tenon does not delete",
            **path
        ))
        .help("delete it by hand, then run the command again"));
    }
    if !metadata.is_file() {
        return Err(Error::new(format!("`{}` is not a regular file any more", **path)).help(again));
    }
    if sys::mode(&metadata) & 0o222 == 0 {
        return Err(Error::new(format!("`{}` is read-only", **path))
            .help(format!("run `chmod u+w {}`, then the command again", **path)));
    }
    match sys::content(&at)? {
        Content::File(bytes) if bytes == before => {}
        _ => {
            return Err(Error::new(format!("`{}` changed after the plan was made", **path)).help(again));
        }
    }
    check_parent(root, path, target)?;
    Ok(metadata)
}

/// Checks that the nearest existing directory above `target` is writable.
fn check_parent(root: &Path, path: &WritePath, target: &WritePath) -> Result<()> {
    let mut nearest = root.to_path_buf();
    for dir in target.dirs() {
        let dir = dir.under(root);
        if sys::stat(&dir)?.is_none() {
            break;
        }
        nearest = dir;
    }
    let metadata = fs::symlink_metadata(&nearest).map_err(sys::failed("look at", &nearest))?;
    if sys::mode(&metadata) & 0o222 == 0 {
        return Err(Error::new(format!(
            "`{}` cannot be written: the directory `{}` is read-only",
            **path,
            nearest.display()
        ))
        .help(format!(
            "run `chmod u+w {}`, then the command again",
            nearest.display()
        )));
    }
    Ok(())
}

/// Checks that no file of the plan is a directory of another one.
fn check_nesting(targets: &BTreeMap<WritePath, WritePath>) -> Result<()> {
    for (target, path) in targets {
        if let Some(dir) = target.dirs().iter().find(|dir| targets.contains_key(dir)) {
            return Err(
                Error::new(format!("`{}` needs `{}` to be a directory", **path, **dir))
                    .because(format!("the same plan writes `{}` as a file", **dir)),
            );
        }
    }
    Ok(())
}

/// Checks that the names of temporary copies next to the targets are free: an apply overwrites them.
fn check_spares(root: &Path, ops: &[Operation]) -> Result<()> {
    for (index, op) in ops.iter().enumerate() {
        let spare = super::transaction::spare(root, index, &op.path);
        if sys::stat(&spare)?.is_some() {
            return Err(Error::new(format!("`{}` is in the way", spare.display()))
                .help("move it to another place and run the command again"));
        }
    }
    Ok(())
}

/// Checks that no new name differs from another, on disk or in the plan, only in case or in Unicode normalisation: on macOS and
/// Windows the two are one file.
fn check_case(root: &Path, ops: &[Operation]) -> Result<()> {
    let mut listed: HashMap<PathBuf, HashMap<String, String>> = HashMap::new();
    let mut planned: HashMap<String, WritePath> = HashMap::new();
    let clash = |path: &HostPath, other: &str| {
        Error::new(format!(
            "`{path}` and `{other}` differ only in upper and lower case, or in how an accent is written"
        ))
        .help("on many file systems they are the same; choose another name")
    };
    for op in ops.iter().filter(|op| op.before.is_none()) {
        let mut chain = op.path.dirs();
        chain.push(op.path.clone());
        let mut missing = false;
        for part in chain {
            if let Some(other) = planned.insert(part.folded(), part.clone())
                && other != part
            {
                return Err(clash(&part, other.as_str()));
            }
            if missing || sys::stat(&part.under(root))?.is_some() {
                continue;
            }
            missing = true;
            let dir = part
                .parent()
                .map_or(root.to_path_buf(), |parent| parent.under(root));
            if !listed.contains_key(&dir) {
                let names = names_in(&dir)?
                    .into_iter()
                    .map(|name| (folded(&name), name))
                    .collect();
                listed.insert(dir.clone(), names);
            }
            if let Some(name) = listed
                .get(&dir)
                .and_then(|names| names.get(&folded(part.file_name())))
            {
                let other = part
                    .parent()
                    .map_or(name.clone(), |parent| format!("{parent}/{name}"));
                return Err(clash(&part, &other));
            }
        }
    }
    Ok(())
}

/// The names in a directory; invalid Unicode is replaced.
fn names_in(dir: &Path) -> Result<Vec<String>> {
    fs::read_dir(dir)
        .map_err(sys::failed("list", dir))?
        .map(|entry| {
            Ok(entry
                .map_err(sys::failed("list", dir))?
                .file_name()
                .to_string_lossy()
                .into_owned())
        })
        .collect()
}

/// The missing directories above new files, outermost first.
fn dirs_to_make(root: &Path, ops: &[Operation], undone: Option<&UndoneStep>) -> Result<Vec<JournalDir>> {
    let mut made = vec![];
    let needed: BTreeSet<WritePath> = ops
        .iter()
        .filter(|op| op.before.is_none())
        .flat_map(|op| op.path.dirs())
        .collect();
    for path in needed {
        if sys::stat(&path.under(root))?.is_none() {
            let mode = undone.and_then(|undone| undone.modes.get(path.host_path()).copied());
            made.push(JournalDir { path, mode });
        }
    }
    Ok(made)
}

/// The directories that are empty once the files are deleted, innermost first.
fn dirs_to_remove(root: &Path, ops: &[Operation], undone: Option<&UndoneStep>) -> Result<Vec<JournalDir>> {
    let mut going: BTreeSet<PathBuf> = ops
        .iter()
        .filter(|op| op.after.is_none())
        .map(|op| op.path.under(root))
        .collect();
    let staying: BTreeSet<WritePath> = ops
        .iter()
        .filter(|op| op.after.is_some())
        .flat_map(|op| op.path.dirs())
        .collect();
    let above: BTreeSet<WritePath> = ops
        .iter()
        .filter(|op| op.after.is_none())
        .flat_map(|op| op.path.dirs())
        .collect();
    let mut removed = vec![];
    // A directory sorts before what lies in it, so backwards is from the inside out.
    for path in above.into_iter().rev() {
        let allowed = undone.is_none_or(|undone| undone.removable.contains(path.host_path()));
        if !allowed || staying.contains(&path) {
            continue;
        }
        let dir = path.under(root);
        let mut entries = fs::read_dir(&dir).map_err(sys::failed("list", &dir))?;
        let empties = entries.try_fold(true, |so_far, entry| {
            let entry = entry.map_err(sys::failed("list", &dir))?;
            Ok::<bool, Error>(so_far && going.contains(&entry.path()))
        })?;
        if empties {
            let metadata = fs::symlink_metadata(&dir).map_err(sys::failed("look at", &dir))?;
            removed.push(JournalDir {
                path,
                mode: Some(sys::mode(&metadata)),
            });
            going.insert(dir);
        }
    }
    Ok(removed)
}
