//! The files that go, and those that stay because people wrote in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Error, Result};
use crate::facts::field;
use crate::host::HostPath;
use crate::pack::Part;

use super::super::record::digest;
use super::super::scope::Turn;
use super::Desk;
use super::entries::Key;
use super::slots::Held;

/// A file that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The file.
    pub path: String,
    /// Whether tenon made it and somebody changed it; else somebody added it.
    pub changed: bool,
}

/// Takes the files of what goes away, and says which of them stay.
pub(super) fn take_away(desk: &mut Desk<'_>, gone: &[Key<'_>], held: &Held) -> Result<Vec<Kept>> {
    let _ = gone;
    let known = recorded(desk);
    let (made, dirs) = match &desk.stays {
        None => (
            known.clone(),
            desk.thing.iter().map(|thing| thing.dir.clone()).collect(),
        ),
        Some(_) => part_files(desk)?,
    };
    let mut paths: BTreeSet<String> = made
        .keys()
        .filter(|path| !held.is_file_passed_on(path))
        .cloned()
        .collect();
    for dir in &dirs {
        paths.extend(desk.request.host.all_below(dir));
    }
    paths.extend(held.files.iter().cloned());
    let mut kept = Vec::new();
    let mut going = Vec::new();
    for path in paths {
        let at = HostPath::new(&path)?;
        let Some(bytes) = desk.request.host.read_bytes(&at)? else {
            continue;
        };
        let unchanged = known.get(&path).map(|known| *known == digest(&bytes));
        match unchanged {
            Some(true) => going.push(at),
            _ if desk.request.force => going.push(at),
            other => kept.push(Kept {
                path,
                changed: other.is_some(),
            }),
        }
    }
    if going.is_empty() && known.is_empty() && !kept.is_empty() {
        return Err(by_hand(desk.request.name, &kept));
    }
    for path in going {
        desk.overlay.delete(path);
    }
    Ok(kept)
}

fn by_hand(name: &str, kept: &[Kept]) -> Error {
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
        .help("`--force` takes them away as well; `tenon undo` brings them back")
        .help("`--force --dry-run` shows everything that would change")
}

/// All recorded files of the thing.
fn recorded(desk: &Desk<'_>) -> BTreeMap<String, String> {
    let of = desk
        .family
        .iter()
        .filter_map(|(generator, name)| desk.record.get(generator, name));
    of.flat_map(|made| made.files.clone()).collect()
}

/// What the pack's parts make for what goes and not for what stays: files with their recorded digests, and the directories that
/// are repeated for the rows.
fn part_files(desk: &mut Desk<'_>) -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let (all, stays) = (desk.all.clone(), desk.stays.clone().unwrap_or_default());
    let (mut files, mut dirs) = rendered(desk, &all)?;
    let (left, left_dirs) = rendered(desk, &stays)?;
    files.retain(|path| !left.contains(path));
    dirs.retain(|dir| !left_dirs.contains(dir));
    let known = recorded(desk);
    let made = files
        .into_iter()
        .filter_map(|path| known.get(&path).map(|digest| (path.clone(), digest.clone())))
        .collect();
    Ok((made, dirs.into_iter().collect()))
}

/// The files of all parts for these values, and the directories of parts that are repeated.
fn rendered(
    desk: &mut Desk<'_>,
    values: &serde_json::Map<String, serde_json::Value>,
) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let pack = desk.request.pack;
    let generator = desk.request.generator.id.as_str();
    desk.scope.about(values);
    let (mut files, mut dirs) = (BTreeSet::new(), BTreeSet::new());
    let own: Vec<&Part> = pack.parts(generator).filter(|part| !part.keep).collect();
    for part in own {
        for turn in turns(desk, part)? {
            let dir = desk.scope.text(part.dir.as_deref().unwrap_or_default(), &turn)?;
            if part.each.is_some() {
                dirs.insert(dir.clone());
            }
            for template in pack.templates(part) {
                let name = desk.scope.text(&template.becomes, &turn)?;
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

fn turns(desk: &mut Desk<'_>, part: &Part) -> Result<Vec<Turn>> {
    let turns = desk
        .scope
        .turns(part.each.as_deref(), part.row.as_deref(), part.when.as_deref())?;
    Ok(turns
        .into_iter()
        .filter(|turn| turn.row().is_none_or(|row| !field(&row, "id").is_empty()))
        .collect())
}
