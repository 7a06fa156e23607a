//! Bringing what was made along when the pack, its version or the host's contracts moved on.
//!
//! Everything that the record has is rendered again. A file that is as it was written becomes what would be written today; one
//! that people changed is merged with it, on the text that was written then. That text is looked up in git's history by the
//! digest in the record (docs/decisions/base-of-a-merge.md says why); where it cannot be had, the file stays as it is and
//! the difference is shown.

mod merge;
mod render;

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::Answers;
use crate::facts::Facts;
use crate::host::{Host, HostPath, versions};
use tenon_pack::{Generator, Pack};
use tenon_syntax::style::Style;
use tenon_text::diag::Result;
use tenon_text::format::Format;

use super::change::Plan;
use super::overlay::Overlay;
use super::record::{self, Made, Record};

pub use merge::merge;

/// One thing that is brought along.
pub struct Thing<'a> {
    /// What made it.
    pub generator: &'a Generator,
    /// Its recorded answers, checked against the host and the pack as they are today.
    pub answers: Answers,
    /// Facts of the host, for those answers.
    pub facts: &'a Facts<'a>,
    /// What is recorded.
    pub made: Made,
}

/// What is brought along, and where.
pub struct Request<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The host.
    pub host: &'a Host,
    /// Everything that is recorded and asked for.
    pub things: Vec<Thing<'a>>,
    /// Everything that is recorded.
    pub record: Record,
    /// How code and new files are written.
    pub style: Style,
    /// How new files are written.
    pub look: Format,
    /// Texts that were written and are remembered here, by digest.
    pub remembered: BTreeMap<String, String>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was as it was written, and becomes what is written today.
    Renewed,
    /// People's changes and today's text went together.
    Merged,
    /// They did not everywhere: markers show where.
    Conflict,
    /// It is new in the pack.
    Created,
    /// The pack has it no more, and nobody had changed it.
    Deleted,
    /// The pack has it no more, and somebody changed it: it stays.
    Kept,
    /// It is new in the pack, and something else stands there: that stays.
    InTheWay,
    /// What was written then cannot be had: the file stays, and this is how it differs from today's.
    Unknown(String),
}

/// What came of it.
pub struct Update {
    /// What will be written.
    pub plan: Plan,
    /// What becomes of each file that is not simply left alone.
    pub fates: BTreeMap<String, Fate>,
    /// Texts as they were rendered, of files that are merged: the next merge needs them.
    pub rendered: Vec<String>,
    /// The things that are brought along.
    pub outdated: BTreeSet<(String, String)>,
}

/// One file's texts.
struct File {
    path: HostPath,
    /// Who has it in the record, or will.
    owner: (String, String),
    /// The recorded digest; nothing for a new one.
    known: Option<String>,
    /// Today's text; nothing if the pack has it no more.
    theirs: Option<String>,
    executable: bool,
}

/// Makes the plan. Nothing is written.
///
/// # Errors
/// When something cannot be rendered, or a file cannot be read.
pub fn build(request: &mut Request<'_>) -> Result<Update> {
    let mut overlay = Overlay::new(request.host);
    let (files, entries) = render::all(request, &mut overlay)?;
    let mut update = Update {
        plan: Plan::default(),
        fates: BTreeMap::new(),
        rendered: vec![],
        outdated: BTreeSet::new(),
    };
    let bases = bases(request, &files)?;
    let mut digests: Vec<((String, String), String, Option<String>)> = Vec::new();
    for file in &files {
        let Some(fate) = decide(request, file, &bases, &mut overlay)? else {
            continue;
        };
        let path = file.path.as_str().to_owned();
        match (&fate, &file.theirs) {
            (Fate::Renewed | Fate::Created, Some(theirs)) => {
                digests.push((file.owner.clone(), path.clone(), Some(digest(theirs))));
            }
            (Fate::Merged | Fate::Conflict, Some(theirs)) => {
                digests.push((file.owner.clone(), path.clone(), Some(digest(theirs))));
                update.rendered.push(theirs.clone());
            }
            (Fate::Deleted | Fate::Kept, _) => digests.push((file.owner.clone(), path.clone(), None)),
            _ => {}
        }
        update.outdated.insert(file.owner.clone());
        update.fates.insert(path, fate);
    }
    for owner in entries.keys() {
        update.outdated.insert(owner.clone());
    }
    write_record(request, &mut overlay, (digests, entries), &update)?;
    update.plan = overlay.into_plan(update.title())?;
    Ok(update)
}

impl Update {
    /// What is done, as the history shows it.
    pub fn title(&self) -> String {
        let names: BTreeSet<&str> = self.outdated.iter().map(|(_, name)| name.as_str()).collect();
        match names.len() {
            1..=3 => format!("update {}", names.into_iter().collect::<Vec<_>>().join(" ")),
            n => format!("update {n} things"),
        }
    }
}

fn digest(text: &str) -> String {
    record::digest(text.as_bytes())
}

/// The texts that were written then, by digest, of files that people changed.
fn bases(request: &Request<'_>, files: &[File]) -> Result<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    let mut wanted = Vec::new();
    for file in files {
        let (Some(known), Some(theirs)) = (&file.known, &file.theirs) else {
            continue;
        };
        let Some(ours) = request.host.read(&file.path)? else {
            continue;
        };
        let is_changed = digest(&ours) != *known && digest(theirs) != *known && *ours != **theirs;
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
        // What is checked out may have other line ends than what is committed.
        let other = text.replace('\n', "\r\n");
        out.insert(digest(&other), other);
        out.insert(digest(&text), text);
    }
    Ok(out)
}

/// What becomes of `file`, done to the overlay; nothing if it is left alone.
fn decide(
    request: &Request<'_>,
    file: &File,
    bases: &BTreeMap<String, String>,
    overlay: &mut Overlay<'_>,
) -> Result<Option<Fate>> {
    let ours = request.host.read(&file.path)?;
    let (known, theirs) = match (&file.known, &file.theirs) {
        (None, None) => return Ok(None),
        (None, Some(theirs)) => {
            return match ours {
                None => {
                    overlay.create(file.path.clone(), theirs.clone(), file.executable)?;
                    Ok(Some(Fate::Created))
                }
                Some(ours) if *ours == **theirs => Ok(None),
                Some(_) => Ok(Some(Fate::InTheWay)),
            };
        }
        (Some(known), None) => {
            return Ok(match ours {
                None => None,
                Some(ours) if digest(&ours) == *known => {
                    overlay.delete(file.path.clone());
                    Some(Fate::Deleted)
                }
                Some(_) => Some(Fate::Kept),
            });
        }
        (Some(known), Some(theirs)) => (known, theirs),
    };
    // What somebody deleted does not come back.
    let Some(ours) = ours else { return Ok(None) };
    if digest(theirs) == *known {
        return Ok(None);
    }
    if digest(&ours) == *known || *ours == **theirs {
        overlay.edit(&file.path, theirs.clone());
        return Ok(Some(Fate::Renewed));
    }
    let Some(base) = bases.get(known) else {
        return Ok(Some(Fate::Unknown(super::diff::unified(
            file.path.as_str(),
            &ours,
            theirs,
        ))));
    };
    let merged = merge(base, &ours, theirs);
    let fate = if merged.conflicts {
        Fate::Conflict
    } else {
        Fate::Merged
    };
    overlay.edit(&file.path, merged.text);
    Ok(Some(fate))
}

/// What the record says from now on: digests by owner and path (nothing for a file that is no longer its), and new entries.
type News = (
    Vec<((String, String), String, Option<String>)>,
    BTreeMap<(String, String), BTreeMap<String, String>>,
);

fn write_record(
    request: &mut Request<'_>,
    overlay: &mut Overlay<'_>,
    (digests, entries): News,
    update: &Update,
) -> Result<()> {
    let mut record = request.record.clone();
    for thing in &request.things {
        let key = (thing.generator.id.clone(), thing.answers.name.clone());
        let Some(made) = record.get_mut(&key.0, &key.1) else {
            continue;
        };
        let unknown = |path: &String| matches!(update.fates.get(path), Some(Fate::Unknown(_)));
        // With a file left behind it is not what this pack makes.
        if made.files.keys().any(unknown) {
            continue;
        }
        made.pack = format!("{} {}", request.pack.name(), request.pack.version());
        made.digest = request.pack.digest();
        made.answers.clone_from(&thing.answers.words);
    }
    for ((generator, name), path, digest) in digests {
        if let Some(made) = record.get_mut(&generator, &name) {
            match digest {
                Some(digest) => made.files.insert(path, digest),
                None => made.files.remove(&path),
            };
        }
    }
    for ((generator, name), lines) in entries {
        if let Some(made) = record.get_mut(&generator, &name) {
            made.sites.extend(lines);
        }
    }
    let path = HostPath::new(record::FILE)?;
    if record.is_empty() {
        return Ok(());
    }
    record.pin(request.pack);
    let text = record.print();
    if overlay.read(&path)?.as_deref() != Some(text.as_str()) {
        overlay.edit(&path, text);
    }
    Ok(())
}
