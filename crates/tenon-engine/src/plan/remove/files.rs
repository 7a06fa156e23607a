//! The files that go, and those that stay because people wrote in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::Part;
use tenon_text::diag::{Error, Result};
use tenon_text::names::normal;

use super::super::record::digest;
use super::super::scope::Turn;
use super::Desk;
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
pub(super) fn take_away(desk: &mut Desk<'_>, held: &Held) -> Result<Vec<Kept>> {
    let known = recorded(desk);
    let (made, dirs) = match &desk.stays {
        None => whole_files(desk, &known)?,
        Some(_) => part_files(desk, &known)?,
    };
    let mut paths: BTreeSet<String> = made
        .into_iter()
        .filter(|path| !held.is_file_passed_on(path))
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

/// Recorded files by their digests.
type Known = BTreeMap<String, String>;
/// Files, and directories of which everything belongs to what goes.
type Places = (BTreeSet<String>, BTreeSet<String>);

/// Everything of the thing: its directory, what is recorded, and what parts make for it elsewhere.
fn whole_files(desk: &mut Desk<'_>, known: &Known) -> Result<Places> {
    let mut files: BTreeSet<String> = known.keys().cloned().collect();
    let Some(thing) = desk.thing.clone() else {
        return Ok((files, BTreeSet::new()));
    };
    let all = desk.all.clone();
    let (parts, mut dirs) = rendered(desk, &thing.generator, &all, false)?;
    files.extend(parts);
    // A directory that is called like the thing is its own, wherever it is.
    dirs.retain(|dir| dir.rsplit('/').next().map(normal) == Some(normal(&thing.name)));
    dirs.insert(thing.dir);
    Ok((files, dirs))
}

/// What the pack's parts make for what goes and not for what stays: recorded files, and the directories that are repeated for
/// the rows.
fn part_files(desk: &mut Desk<'_>, known: &Known) -> Result<Places> {
    let generator = desk.request.generator.id.clone();
    let (all, stays) = (desk.all.clone(), desk.stays.clone().unwrap_or_default());
    let (mut files, mut dirs) = rendered(desk, &generator, &all, true)?;
    let (left, left_dirs) = rendered(desk, &generator, &stays, true)?;
    files.retain(|path| !left.contains(path) && known.contains_key(path));
    dirs.retain(|dir| !left_dirs.contains(dir));
    Ok((files, dirs))
}

/// The files of all parts of `generator` for these values, and the directories of parts, or of those only that are `repeated`.
fn rendered(
    desk: &mut Desk<'_>,
    generator: &str,
    values: &serde_json::Map<String, serde_json::Value>,
    repeated: bool,
) -> Result<Places> {
    let pack = desk.request.pack;
    desk.scope.about(values);
    let (mut files, mut dirs) = (BTreeSet::new(), BTreeSet::new());
    let own: Vec<&Part> = pack.parts(generator).filter(|part| !part.keep).collect();
    for part in own {
        for turn in turns(desk, part)? {
            let dir = desk.scope.text(part.dir.as_deref().unwrap_or_default(), &turn)?;
            if part.each.is_some() || !repeated {
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
