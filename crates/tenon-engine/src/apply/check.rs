//! The look before the leap: everything that can be known to fail is found here, before a byte is written.
//!
//! Knows what a plan requires of the tree. Must not write. In: a canonical root and a plan. Out: a [`Journal`]
//! that says what will be done, with the bytes it needs, or an error that names the file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::journal::{After, Before, Dir, Journal, Op};
use super::spot::{self, Spot};
use super::sys::{self, Current};
use crate::host::{HostPath, folded};
use crate::plan::{Change, Plan};
use tenon_text::diag::{Error, Result};

/// What an undo knows about the tree as it was before the step.
pub struct Undoing {
    /// The number of the step.
    pub number: u32,
    /// Directories that may go when they become empty.
    pub removable: BTreeSet<HostPath>,
    /// Permission bits of files and directories that come back.
    pub modes: BTreeMap<HostPath, u32>,
}

/// A plan that can be carried out.
pub struct Checked<'a> {
    /// What will be done.
    pub journal: Journal,
    /// All bytes from before, as the journal's offsets say.
    pub before: Vec<u8>,
    /// For each operation the bytes to come, and how their file is to be made.
    pub after: Vec<Option<Staged<'a>>>,
}

/// Bytes to come.
pub struct Staged<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The permission bits from which the umask is taken.
    pub create_mode: u32,
    /// The permission bits that are set whatever the umask is.
    pub exact_mode: Option<u32>,
    /// The file whose owner it gets.
    pub like: Option<Metadata>,
}

/// Checks every path of `plan` against the tree.
pub fn check<'a>(root: &Path, plan: &'a Plan, undoing: Option<&Undoing>) -> Result<Checked<'a>> {
    let journal = Journal::new(root, &plan.title, undoing.map(|undoing| undoing.number));
    let mut checked = Checked {
        journal,
        before: vec![],
        after: vec![],
    };
    let mut targets = BTreeMap::new();
    for (path, change) in &plan.changes {
        let path = Spot::new(path.clone())?;
        let follow = matches!(change, Change::Modify { .. });
        let target = spot::resolve(root, &path, follow).map_err(|error| in_file(error, &path))?;
        if let Some(other) = targets.insert(target.clone(), path.clone()) {
            return Err(Error::new(format!(
                "`{}` and `{}` are the same file",
                *other, *path
            )));
        }
        match change {
            Change::Create { after, executable } => {
                let mode = undoing.and_then(|undoing| undoing.modes.get(path.host_path()).copied());
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
    checked.journal.made = dirs_to_make(root, &checked.journal.ops, undoing)?;
    checked.journal.removed = dirs_to_remove(root, &checked.journal.ops, undoing)?;
    Ok(checked)
}

impl Checked<'_> {
    /// Takes up the change of a file from bytes and mode to bytes and mode.
    fn push(&mut self, path: Spot, before: Option<(&[u8], u32)>, after: Option<(&[u8], u32)>) {
        let back = before
            .zip(after)
            .and_then(|((before, _), (after, _))| way_back(before, after));
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
        self.journal.ops.push(Op {
            path,
            before,
            after,
            back,
        });
    }
}

/// The patch that makes `before` of `after`, if both are texts and it does.
fn way_back(before: &[u8], after: &[u8]) -> Option<String> {
    let (before, after) = (
        std::str::from_utf8(before).ok()?,
        std::str::from_utf8(after).ok()?,
    );
    let patch = diffy::create_patch(after, before).to_string();
    (super::undo::patched(after, &patch)? == before).then_some(patch)
}

fn in_file(error: Error, path: &Spot) -> Error {
    if error.location().is_some() {
        error
    } else {
        error.in_file(path.as_str())
    }
}

/// The target of a new file: nothing there, and a directory above it that lets itself be written.
fn check_absent(root: &Path, path: &Spot, target: &Spot) -> Result<()> {
    if sys::stat(&target.under(root))?.is_some() {
        return Err(Error::new(format!("`{}` exists already", **path))
            .help("something created it after the plan was made; run the command again"));
    }
    check_parent(root, path, target)
}

/// The target of a change: a regular, writable file with exactly the bytes that the plan was made from.
fn check_unchanged(root: &Path, path: &Spot, target: &Spot, before: &[u8]) -> Result<Metadata> {
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
    match sys::current(&at)? {
        Current::File(bytes) if bytes == before => {}
        _ => {
            return Err(
                Error::new(format!("`{}` has other bytes than the plan expects", **path)).help(again),
            );
        }
    }
    check_parent(root, path, target)?;
    Ok(metadata)
}

/// The nearest directory above `target` that exists must be writable.
fn check_parent(root: &Path, path: &Spot, target: &Spot) -> Result<()> {
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

/// No file of the plan may be a directory of another one.
fn check_nesting(targets: &BTreeMap<Spot, Spot>) -> Result<()> {
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

/// The names that `apply` may need next to a target must be free: it deletes what it finds there.
fn check_spares(root: &Path, ops: &[Op]) -> Result<()> {
    for (index, op) in ops.iter().enumerate() {
        let spare = super::run::spare(root, index, &op.path);
        if sys::stat(&spare)?.is_some() {
            return Err(Error::new(format!("`{}` is in the way", spare.display()))
                .help("move it to another place and run the command again"));
        }
    }
    Ok(())
}

/// No new name may be one with another, in the tree or in the plan, to a file system that takes no notice of case or of how
/// accents are written: the two are one file on macOS and Windows.
fn check_case(root: &Path, ops: &[Op]) -> Result<()> {
    let mut listed: HashMap<PathBuf, HashMap<String, String>> = HashMap::new();
    let mut planned: HashMap<String, Spot> = HashMap::new();
    let clash = |path: &HostPath, other: &str| {
        Error::new(format!(
            "`{path}` and `{other}` differ only in upper and lower case, or in how an accent is written"
        ))
        .help("many file systems hold them for one; choose another name")
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

/// The names in a directory; those that are not text are shown as well as they can be.
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

/// The directories that the new files need and that are not there, outermost first.
fn dirs_to_make(root: &Path, ops: &[Op], undoing: Option<&Undoing>) -> Result<Vec<Dir>> {
    let mut made = vec![];
    let needed: BTreeSet<Spot> = ops
        .iter()
        .filter(|op| op.before.is_none())
        .flat_map(|op| op.path.dirs())
        .collect();
    for path in needed {
        if sys::stat(&path.under(root))?.is_none() {
            let mode = undoing.and_then(|undoing| undoing.modes.get(path.host_path()).copied());
            made.push(Dir { path, mode });
        }
    }
    Ok(made)
}

/// The directories that hold nothing any more once the files are deleted, innermost first.
fn dirs_to_remove(root: &Path, ops: &[Op], undoing: Option<&Undoing>) -> Result<Vec<Dir>> {
    let mut going: BTreeSet<PathBuf> = ops
        .iter()
        .filter(|op| op.after.is_none())
        .map(|op| op.path.under(root))
        .collect();
    let staying: BTreeSet<Spot> = ops
        .iter()
        .filter(|op| op.after.is_some())
        .flat_map(|op| op.path.dirs())
        .collect();
    let above: BTreeSet<Spot> = ops
        .iter()
        .filter(|op| op.after.is_none())
        .flat_map(|op| op.path.dirs())
        .collect();
    let mut removed = vec![];
    // A directory sorts before what lies in it, so backwards is from the inside out.
    for path in above.into_iter().rev() {
        let allowed = undoing.is_none_or(|undoing| undoing.removable.contains(path.host_path()));
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
            removed.push(Dir {
                path,
                mode: Some(sys::mode(&metadata)),
            });
            going.insert(dir);
        }
    }
    Ok(removed)
}
