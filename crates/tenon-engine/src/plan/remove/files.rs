//! Deletes the files of a member, except those that people changed or added.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::Folder;
use tenon_text::diag::{Error, Result};
use tenon_text::names::normal;

use super::super::record::digest;
use super::super::scope::Iteration;
use super::entry_key::EntryKey;
use super::handover::Handover;
use super::planner::RemovalPlanner;

/// A file of the member that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// The file.
    pub path: String,
    /// Whether tenon made it and somebody changed it; otherwise somebody added it.
    pub changed: bool,
}

/// Passes on the files that the member made elsewhere than in its directory, and in which others have entries as well.
pub(super) fn hand_over(
    planner: &mut RemovalPlanner<'_>,
    gone: &[EntryKey<'_>],
    handover: &mut Handover,
) -> Result<()> {
    let (None, Some(member)) = (&planner.remaining, planner.member.clone()) else {
        return Ok(());
    };
    let mut shared = recorded(planner);
    let below = format!("{}/", member.dir);
    shared.retain(|path, _| {
        let is_site = gone.iter().any(|key| key.path == *path);
        is_site && !path.starts_with(&below) && !handover.is_file_passed_on(path)
    });
    if shared.is_empty() {
        return Ok(());
    }
    for other in planner.members.clone() {
        if other.name == member.name && other.kind == member.kind {
            continue;
        }
        let values = planner.member_values(&other)?;
        for key in planner.entries_of(&other.kind, &values)? {
            let Some(digest) = shared.get(&key.path) else {
                continue;
            };
            if planner.record.get(&other.kind, &other.name).is_some() {
                let owner = (other.kind.clone(), other.name.clone());
                let files = &mut handover.recorded_files;
                files.entry(key.path).or_insert_with(|| (digest.clone(), owner));
            } else {
                handover.needed_files.insert(key.path);
            }
        }
    }
    Ok(())
}

/// Deletes files and returns those that are kept.
pub(super) fn remove_files(planner: &mut RemovalPlanner<'_>, handover: &Handover) -> Result<Vec<KeptFile>> {
    let known = recorded(planner);
    let (made, dirs) = match &planner.remaining {
        None => whole_files(planner, &known)?,
        Some(_) => part_files(planner, &known)?,
    };
    let mut paths: BTreeSet<String> = made
        .into_iter()
        .filter(|path| !handover.is_file_passed_on(path))
        .collect();
    for dir in &dirs {
        paths.extend(planner.request.host.all_below(dir));
    }
    paths.extend(handover.files.iter().cloned());
    let mut kept = Vec::new();
    let mut going = Vec::new();
    for path in paths {
        let at = HostPath::new(&path)?;
        let Some(bytes) = planner.request.host.read_bytes(&at)? else {
            continue;
        };
        let unchanged = known.get(&path).map(|known| *known == digest(&bytes));
        match unchanged {
            Some(true) => going.push(at),
            _ if planner.request.force => going.push(at),
            other => kept.push(KeptFile {
                path,
                changed: other.is_some(),
            }),
        }
    }
    if going.is_empty() && known.is_empty() && !kept.is_empty() {
        return Err(by_hand(planner.request.name, &kept));
    }
    for path in going {
        planner.overlay.delete(path);
    }
    Ok(kept)
}

fn by_hand(name: &str, kept: &[KeptFile]) -> Error {
    let files = if kept.len() == 1 {
        "its file was".to_owned()
    } else {
        format!("its {} files were", kept.len())
    };
    let mut error = Error::new(format!("tenon did not make `{name}`: {files} written by hand"));
    for file in kept.iter().take(5) {
        error = error.because(&file.path);
    }
    if kept.len() > 5 {
        error = error.because(format!("and {} more", kept.len() - 5));
    }
    error
        .help("`--force` removes them as well; `tenon undo` restores them")
        .help("`--force --dry-run` shows everything that would change")
}

/// All recorded files of the member, with their digests.
fn recorded(planner: &RemovalPlanner<'_>) -> BTreeMap<String, String> {
    let of = planner
        .recorded_as
        .iter()
        .filter_map(|(kind, name)| planner.record.get(kind, name));
    of.flat_map(|made| made.files.clone()).collect()
}

/// Recorded files by their digests.
type RecordedFiles = BTreeMap<String, String>;
/// Files, and directories of which every file belongs to the member.
type OwnedPaths = (BTreeSet<String>, BTreeSet<String>);

/// All files of the member: in its directory, in the record, and made by folders of templates elsewhere.
fn whole_files(planner: &mut RemovalPlanner<'_>, known: &RecordedFiles) -> Result<OwnedPaths> {
    let mut files: BTreeSet<String> = known.keys().cloned().collect();
    let Some(member) = planner.member.clone() else {
        return Ok((files, BTreeSet::new()));
    };
    let all = planner.values.clone();
    let (folders, mut dirs) = rendered(planner, &member.kind, &all, false)?;
    files.extend(folders);
    // A directory with the name of the member belongs to it.
    dirs.retain(|dir| dir.rsplit('/').next().map(normal) == Some(normal(&member.name)));
    dirs.insert(member.dir);
    Ok((files, dirs))
}

/// What folders of templates make for what is removed and not for what remains: recorded files, and directories repeated for the rows.
fn part_files(planner: &mut RemovalPlanner<'_>, known: &RecordedFiles) -> Result<OwnedPaths> {
    let kind = planner.request.kind.id.clone();
    let (all, remaining) = (
        planner.values.clone(),
        planner.remaining.clone().unwrap_or_default(),
    );
    let (mut files, mut dirs) = rendered(planner, &kind, &all, true)?;
    let (left, left_dirs) = rendered(planner, &kind, &remaining, true)?;
    files.retain(|path| !left.contains(path) && known.contains_key(path));
    dirs.retain(|dir| !left_dirs.contains(dir));
    Ok((files, dirs))
}

/// The files that the folders of templates of `kind` make for these values, and their directories; with `repeated` only those of
/// repeated folders.
fn rendered(
    planner: &mut RemovalPlanner<'_>,
    kind: &str,
    values: &serde_json::Map<String, serde_json::Value>,
    repeated: bool,
) -> Result<OwnedPaths> {
    let pack = planner.request.pack;
    planner.scope.about(values);
    let (mut files, mut dirs) = (BTreeSet::new(), BTreeSet::new());
    let own: Vec<&Folder> = pack.folders(kind).filter(|folder| !folder.keep).collect();
    for folder in own {
        for turn in turns(planner, folder)? {
            let dir = planner
                .scope
                .text(folder.dir.as_deref().unwrap_or_default(), &turn)?;
            if folder.each.is_some() || !repeated {
                dirs.insert(dir.clone());
            }
            for template in pack.templates(folder) {
                let name = planner.scope.text(&template.becomes, &turn)?;
                files.insert(if dir.is_empty() {
                    name
                } else {
                    format!("{dir}/{name}")
                });
            }
        }
    }
    Ok((files, dirs))
}

fn turns(planner: &mut RemovalPlanner<'_>, folder: &Folder) -> Result<Vec<Iteration>> {
    let turns = planner.scope.turns(
        folder.each.as_deref(),
        folder.row.as_deref(),
        folder.when.as_deref(),
    )?;
    Ok(turns
        .into_iter()
        .filter(|turn| turn.row().is_none_or(|row| !field(&row, "id").is_empty()))
        .collect())
}
