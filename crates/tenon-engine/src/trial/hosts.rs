//! The hosts on which a pack is tried, and names for members made there.

use crate::answers;
use crate::apply::{self, FileTree, Scratch};
use crate::facts::{Facts, field};
use crate::host::{Host, matches};
use crate::plan::{Plan, Planned};
use tenon_pack::{Generator, NameCase, Pack};
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

/// Whether a generator makes something on this host: it finds the member that it adds to, and choices for every required answer.
pub fn is_usable(pack: &Pack, generator: &Generator, trial_host: &TrialHost) -> Result<bool> {
    let scratch = Scratch::with(&trial_host.tree)?;
    let host = Host::open(scratch.root())?;
    Ok(first_plan(pack, generator, &host, None, SAMPLE)?.is_some())
}

/// A name, containing `word`, that the generator accepts on this host; `None` if it adds to a member and there is none.
pub fn name(generator: &Generator, facts: &Facts<'_>, word: &str) -> Result<Option<String>> {
    if let Some(table) = &generator.name.one_of {
        let rows = facts.rows(table)?;
        return Ok(rows.first().map(|row| field(row, "id").to_owned()));
    }
    let stem = match generator.name.case {
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
        if answers::name(generator, facts, &sources, &|_| false, None).is_ok() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The plan for the first combination of answers with which the generator makes something.
pub fn first_plan(
    pack: &Pack,
    generator: &Generator,
    host: &Host,
    named: Option<&str>,
    word: &str,
) -> Result<Option<Planned>> {
    let (_, combinations) = combinations::of(pack, generator, 64);
    // The first has the fewest answers, which leaves choices for generators that add to this member.
    for combination in &combinations {
        let facts = facts_of(pack, host)?;
        let name = match named {
            Some(name) => Some(name.to_owned()),
            None => name(generator, &facts, word)?,
        };
        let Some(name) = name else { return Ok(None) };
        let Ok(answers) = combinations::answers(
            pack,
            generator,
            &facts,
            &Sample { name: &name, word },
            combination,
        ) else {
            continue;
        };
        if refused(pack, generator, host, &facts, &answers)?.is_some() {
            continue;
        }
        match build(pack, generator, host, &facts, &answers) {
            Ok(planned) if !planned.plan.is_empty() => return Ok(Some(planned)),
            _ => {}
        }
    }
    Ok(None)
}

/// The host with one member of every generator that makes members, for generators that add to them.
pub fn populate(pack: &Pack, trial_host: &TrialHost) -> Result<TrialHost> {
    let scratch = Scratch::with(&trial_host.tree)?;
    let makers: Vec<&Generator> = pack
        .generators()
        .iter()
        .filter(|generator| !generator.host && generator.name.one_of.is_none())
        .collect();
    let mut made = vec![false; makers.len()];
    // A generator may need a member that another one makes: those that made nothing get a second round.
    for _ in 0..2 {
        for (generator, made) in makers.iter().zip(&mut made).filter(|(_, made)| !**made) {
            let host = Host::open(scratch.root())?;
            let Some(planned) = first_plan(pack, generator, &host, None, "other")? else {
                continue;
            };
            let done = apply::commit(scratch.root(), &planned.plan);
            // A failure is reported by the trials of that generator.
            *made = done.is_ok();
        }
    }
    Ok(TrialHost {
        name: format!("{} with one of each", trial_host.name),
        tree: scratch.tree()?,
    })
}

/// The plan of a generator on this host, if it makes anything.
pub fn example(pack: &Pack, generator: &Generator, trial_host: &TrialHost) -> Result<Option<Plan>> {
    let scratch = Scratch::with(&trial_host.tree)?;
    let host = open(generator, &scratch)?;
    let planned = first_plan(pack, generator, &host, None, SAMPLE)?;
    Ok(planned.map(|planned| planned.plan))
}

/// The host that a generator of hosts makes.
pub fn made_by(pack: &Pack, generator: &Generator) -> Result<Option<TrialHost>> {
    let scratch = Scratch::with(&FileTree::new())?;
    let host = open(generator, &scratch)?;
    let Some(planned) = first_plan(pack, generator, &host, None, "host")? else {
        return Ok(None);
    };
    apply::commit(scratch.root(), &planned.plan)?;
    Ok(Some(TrialHost {
        name: format!("new {}", generator.id),
        tree: scratch.tree()?,
    }))
}
