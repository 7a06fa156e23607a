//! The hosts on which a pack is tried, and names for members made there.

use crate::answers;
use crate::apply::{self, FileTree, Scratch};
use crate::facts::{Facts, field};
use crate::host::{Host, matches};
use crate::plan::{Plan, Planned};
use tenon_pack::{Kind, NameCase, Pack};
use tenon_text::diag::Result;
use tenon_text::names::in_case;

use super::cases::Case;
use super::combinations::{self, Sample};
use super::tools::{EMPTY, build, facts_of, findings, open, refused};

/// The word in the names of members that are made in trials.
pub const SAMPLE: &str = "sample";

/// A host on which a pack is tried.
pub struct TrialHost {
    /// Its name, such as `tests/small`.
    pub name: String,
    /// Its files.
    pub tree: FileTree,
}

impl TrialHost {
    /// An empty directory.
    pub fn empty_directory() -> Self {
        Self {
            name: "an empty directory".to_owned(),
            tree: FileTree::new(),
        }
    }
}

/// The hosts of those cases that have no findings; `notes` says why others are not used.
pub fn of_cases(pack: &Pack, cases: &[Case], notes: &mut Vec<String>) -> Result<Vec<TrialHost>> {
    let mut out: Vec<TrialHost> = Vec::new();
    for case in cases {
        if out.iter().any(|other| other.tree == case.host) {
            continue;
        }
        let scratch = Scratch::with(&case.host)?;
        if !matches(&Host::open(scratch.root())?, pack.detect()) {
            notes.push(format!(
                "the pack does not recognise the host of `tests/{}`: see `[host]`",
                case.name
            ));
        }
        let found = match findings(pack, &scratch) {
            Ok(found) => found,
            // The trial of the case reports the error.
            Err(_) => continue,
        };
        if found.iter().any(|finding| finding.rule != EMPTY) {
            notes.push(format!(
                "the host of `tests/{}` has findings before anything is made, so combinations of answers are not tried there",
                case.name
            ));
            continue;
        }
        out.push(TrialHost {
            name: format!("tests/{}", case.name),
            tree: case.host.clone(),
        });
    }
    Ok(out)
}

/// Whether a kind makes something on this host: it finds the member that it adds to, and choices for every required answer.
pub fn is_usable(pack: &Pack, kind: &Kind, trial_host: &TrialHost) -> Result<bool> {
    let scratch = Scratch::with(&trial_host.tree)?;
    let host = Host::open(scratch.root())?;
    Ok(first_plan(pack, kind, &host, None, SAMPLE)?.is_some())
}

/// A name, containing `word`, that the kind accepts on this host; `None` if it adds to a member and there is none.
pub fn name(kind: &Kind, facts: &Facts<'_>, word: &str) -> Result<Option<String>> {
    if let Some(table) = &kind.name.one_of {
        let rows = facts.rows(table)?;
        return Ok(rows.first().map(|row| field(row, "id").to_owned()));
    }
    let stem = match kind.name.case {
        NameCase::Kebab | NameCase::Directory => format!("{word}-one"),
        NameCase::Snake => format!("{word}_one"),
        NameCase::Lower => format!("{word}one"),
        NameCase::Pascal => in_case("pascal", &format!("{word}-one")),
    };
    for number in 1..=99 {
        let name = match number {
            1 => stem.clone(),
            _ => format!("{stem}{number}"),
        };
        let sources = answers::Sources {
            name: Some(name.clone()),
            ..answers::Sources::default()
        };
        if answers::name(kind, facts, &sources, &|_| false, None).is_ok() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The plan for the first combination of answers with which the kind makes something.
pub fn first_plan(
    pack: &Pack,
    kind: &Kind,
    host: &Host,
    named: Option<&str>,
    word: &str,
) -> Result<Option<Planned>> {
    let (_, combinations) = combinations::of(pack, kind, 64);
    // The first has the fewest answers, which leaves choices for kinds that add to this member.
    for combination in &combinations {
        let facts = facts_of(pack, host)?;
        let name = match named {
            Some(name) => Some(name.to_owned()),
            None => name(kind, &facts, word)?,
        };
        let Some(name) = name else { return Ok(None) };
        let Ok(answers) =
            combinations::answers(pack, kind, &facts, &Sample { name: &name, word }, combination)
        else {
            continue;
        };
        if refused(pack, kind, host, &facts, &answers)?.is_some() {
            continue;
        }
        match build(pack, kind, host, &facts, &answers) {
            Ok(planned) if !planned.plan.is_empty() => return Ok(Some(planned)),
            _ => {}
        }
    }
    Ok(None)
}

/// The host with one member of every kind that makes members, for kinds that add to them.
pub fn populate(pack: &Pack, trial_host: &TrialHost) -> Result<TrialHost> {
    let scratch = Scratch::with(&trial_host.tree)?;
    let makers: Vec<&Kind> = pack
        .kinds()
        .iter()
        .filter(|kind| !kind.host && kind.name.one_of.is_none())
        .collect();
    let mut made = vec![false; makers.len()];
    // A kind may need a member that another one makes: those that made nothing get a second round.
    for _ in 0..2 {
        for (kind, made) in makers.iter().zip(&mut made).filter(|(_, made)| !**made) {
            let host = Host::open(scratch.root())?;
            let Some(planned) = first_plan(pack, kind, &host, None, "other")? else {
                continue;
            };
            let done = apply::commit(scratch.root(), &planned.plan);
            // A failure is reported by the trials of that kind.
            *made = done.is_ok();
        }
    }
    Ok(TrialHost {
        name: format!("{} with one of each", trial_host.name),
        tree: scratch.tree()?,
    })
}

/// The plan of a kind on this host, if it makes anything.
pub fn example(pack: &Pack, kind: &Kind, trial_host: &TrialHost) -> Result<Option<Plan>> {
    let scratch = Scratch::with(&trial_host.tree)?;
    let host = open(kind, &scratch)?;
    let planned = first_plan(pack, kind, &host, None, SAMPLE)?;
    Ok(planned.map(|planned| planned.plan))
}

/// The host that a kind for hosts makes.
pub fn made_by(pack: &Pack, kind: &Kind) -> Result<Option<TrialHost>> {
    let scratch = Scratch::with(&FileTree::new())?;
    let host = open(kind, &scratch)?;
    let Some(planned) = first_plan(pack, kind, &host, None, "host")? else {
        return Ok(None);
    };
    apply::commit(scratch.root(), &planned.plan)?;
    Ok(Some(TrialHost {
        name: format!("new {}", kind.id),
        tree: scratch.tree()?,
    }))
}
