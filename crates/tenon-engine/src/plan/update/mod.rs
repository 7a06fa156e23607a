//! Plans the update of recorded members after the pack, its version or the host's contracts have changed.
//!
//! Every recorded member is rendered again. An unchanged file is replaced by the new text; a file that people changed is merged with
//! it, with the text that was written then as base. The base is found in git's history by the digest in the record
//! (docs/decisions/base-of-a-merge.md says why); without it the file stays as it is, and the difference is shown.

mod merge;
mod render;
mod request;

use std::collections::{BTreeMap, BTreeSet};

use crate::host::versions;
use tenon_text::diag::Result;
use tenon_text::format::{same_but_for_line_ends, with_line_ends_of};

use super::change::Plan;
use super::overlay::Overlay;
use super::record;

pub use merge::merge;
pub use request::{MemberToUpdate, UpdateRequest};

use request::RenderedFile;

/// What an update does to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileUpdate {
    /// The file was unchanged and gets the new text.
    Renewed,
    /// People's changes and the new text were merged.
    Merged,
    /// They overlap: the file gets conflict markers.
    Conflict,
    /// The file is new in the pack.
    Created,
    /// The pack no longer has the file, and nobody changed it.
    Deleted,
    /// The pack no longer has the file, but somebody changed it: it stays.
    Kept,
    /// The file is new in the pack, but another file exists there, which stays.
    InTheWay,
    /// The base of the merge cannot be found: the file stays. The diff to the new text.
    Unknown(String),
}

/// A planned update.
pub struct Update {
    /// The plan.
    pub plan: Plan,
    /// What happens to each file that is not left alone, by path.
    pub files: BTreeMap<String, FileUpdate>,
    /// The rendered texts of merged files: the bases of the next merge.
    pub rendered: Vec<String>,
    /// The updated members: kind and name.
    pub outdated: BTreeSet<(String, String)>,
    /// What people should know: where an entry was left out, and why.
    pub notes: Vec<String>,
    /// The recorded members that are not there, by kind and name: they were left out.
    pub gone: Vec<(String, String)>,
}

/// Plans an update. Writes nothing. Members that the record has and the host has not are taken out of the request.
///
/// # Errors
/// When something cannot be rendered, or a file cannot be read.
pub fn build(request: &mut UpdateRequest<'_>) -> Result<Update> {
    let gone = render::take_gone(request)?;
    let mut overlay = Overlay::new(request.host);
    let (files, entries) = render::all(request, &mut overlay)?;
    let mut update = Update {
        plan: Plan::default(),
        files: BTreeMap::new(),
        rendered: vec![],
        outdated: BTreeSet::new(),
        notes: overlay.notes().to_vec(),
        gone,
    };
    let bases = bases(request, &files)?;
    let mut digests: Vec<((String, String), String, Option<String>)> = Vec::new();
    for file in &files {
        let Some(outcome) = decide(request, file, &bases, &mut overlay)? else {
            continue;
        };
        let path = file.path.as_str().to_owned();
        match (&outcome, &file.theirs) {
            (FileUpdate::Renewed | FileUpdate::Created, Some(theirs)) => {
                digests.push((file.owner.clone(), path.clone(), Some(digest(theirs))));
            }
            (FileUpdate::Merged | FileUpdate::Conflict, Some(theirs)) => {
                digests.push((file.owner.clone(), path.clone(), Some(digest(theirs))));
                update.rendered.push(theirs.clone());
            }
            (FileUpdate::Deleted | FileUpdate::Kept, _) => {
                digests.push((file.owner.clone(), path.clone(), None))
            }
            _ => {}
        }
        update.outdated.insert(file.owner.clone());
        update.files.insert(path, outcome);
    }
    for owner in entries.keys() {
        update.outdated.insert(owner.clone());
    }
    write_record(request, &mut overlay, RecordChanges { digests, entries }, &update)?;
    update.plan = overlay.into_plan(update.title())?;
    Ok(update)
}

impl Update {
    /// The title of the plan.
    pub fn title(&self) -> String {
        let names: BTreeSet<&str> = self.outdated.iter().map(|(_, name)| name.as_str()).collect();
        match names.len() {
            1..=3 => format!("update {}", names.into_iter().collect::<Vec<_>>().join(" ")),
            n => format!("update {n} members"),
        }
    }
}

fn digest(text: &str) -> String {
    record::digest(text.as_bytes())
}

/// The bases of merges, by digest: the texts that were written, of files that people changed since.
fn bases(request: &UpdateRequest<'_>, files: &[RenderedFile]) -> Result<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    let mut wanted = Vec::new();
    for file in files {
        let (Some(known), Some(theirs)) = (&file.known, &file.theirs) else {
            continue;
        };
        let Some(ours) = request.host.read(&file.path)? else {
            continue;
        };
        let is_changed =
            digest(&ours) != *known && digest(theirs) != *known && !same_but_for_line_ends(&ours, theirs);
        if !is_changed {
            continue;
        }
        match request.remembered.get(known) {
            Some(text) => {
                out.insert(known.clone(), text.clone());
            }
            None => wanted.push(file.path.as_str()),
        }
    }
    if wanted.is_empty() {
        return Ok(out);
    }
    for (_, text) in versions(request.host.root(), &wanted) {
        out.insert(digest(&text), text);
    }
    Ok(out)
}

/// Updates `file` in the overlay; `None` if it is left alone.
fn decide(
    request: &UpdateRequest<'_>,
    file: &RenderedFile,
    bases: &BTreeMap<String, String>,
    overlay: &mut Overlay<'_>,
) -> Result<Option<FileUpdate>> {
    let ours = request.host.read(&file.path)?;
    let (known, theirs) = match (&file.known, &file.theirs) {
        (None, None) => return Ok(None),
        (None, Some(theirs)) => {
            return match ours {
                None => {
                    overlay.create(file.path.clone(), theirs.clone(), file.executable)?;
                    Ok(Some(FileUpdate::Created))
                }
                Some(ours) if same_but_for_line_ends(&ours, theirs) => Ok(None),
                Some(_) => Ok(Some(FileUpdate::InTheWay)),
            };
        }
        (Some(known), None) => {
            return Ok(match ours {
                None => None,
                Some(ours) if digest(&ours) == *known => {
                    overlay.delete(file.path.clone());
                    Some(FileUpdate::Deleted)
                }
                Some(_) => Some(FileUpdate::Kept),
            });
        }
        (Some(known), Some(theirs)) => (known, theirs),
    };
    // A file that somebody deleted is not restored.
    let Some(ours) = ours else { return Ok(None) };
    if digest(theirs) == *known {
        return Ok(None);
    }
    if digest(&ours) == *known || same_but_for_line_ends(&ours, theirs) {
        overlay.edit(&file.path, with_line_ends_of(theirs, &ours));
        return Ok(Some(FileUpdate::Renewed));
    }
    let Some(base) = bases.get(known) else {
        return Ok(Some(FileUpdate::Unknown(super::diff::unified(
            file.path.as_str(),
            &ours,
            theirs,
        ))));
    };
    let merged = merge(base, &ours, theirs);
    let outcome = if merged.conflicts {
        FileUpdate::Conflict
    } else {
        FileUpdate::Merged
    };
    overlay.edit(&file.path, merged.text);
    Ok(Some(outcome))
}

/// Changes of the record, by owner (kind, name).
struct RecordChanges {
    /// New digests of files by path; `None` for a file that the owner has no more.
    digests: Vec<((String, String), String, Option<String>)>,
    /// New entries.
    entries: BTreeMap<(String, String), BTreeMap<String, String>>,
}

fn write_record(
    request: &mut UpdateRequest<'_>,
    overlay: &mut Overlay<'_>,
    changes: RecordChanges,
    update: &Update,
) -> Result<()> {
    let mut record = request.record.clone();
    for member in &request.members {
        let key = (member.kind.id.clone(), member.answers.name.clone());
        let Some(made) = record.get_mut(&key.0, &key.1) else {
            continue;
        };
        let unknown = |path: &String| matches!(update.files.get(path), Some(FileUpdate::Unknown(_)));
        // A member with a file that could not be updated stays at the old version.
        if made.files.keys().any(unknown) {
            continue;
        }
        made.pack = format!("{} {}", request.pack.name(), request.pack.version());
        made.digest = request.pack.digest();
        made.answers.clone_from(&member.answers.words);
    }
    for ((kind, name), path, digest) in changes.digests {
        if let Some(made) = record.get_mut(&kind, &name) {
            match digest {
                Some(digest) => made.files.insert(path, digest),
                None => made.files.remove(&path),
            };
        }
    }
    for ((kind, name), lines) in changes.entries {
        if let Some(made) = record.get_mut(&kind, &name) {
            made.sites.extend(lines);
        }
    }
    if record.is_empty() {
        return Ok(());
    }
    record.pin(request.pack);
    record.write(overlay)
}
