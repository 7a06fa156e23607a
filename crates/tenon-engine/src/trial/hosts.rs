//! Hosts on which a pack is tried, and names for what is made there.

use crate::answers;
use crate::apply::{self, FileTree, Scratch};
use crate::facts::{Facts, field};
use crate::host::{Host, matches};
use crate::plan::{Plan, Planned};
use tenon_pack::{Generator, NameCase, Pack};
use tenon_text::diag::Result;

use super::cases::Case;
use super::combos;
use super::life::{EMPTY, open};
use super::tools::{build, facts_of, findings, refused};

/// A word in the names of what is tried.
pub const WORD: &str = "sample";

/// A host.
pub struct Ground {
    /// How it is called: `tests/small`.
    pub name: String,
    /// Its files.
    pub tree: FileTree,
}

impl Ground {
    /// An empty directory.
    pub fn nowhere() -> Self {
        Self {
            name: "an empty directory".to_owned(),
            tree: FileTree::new(),
        }
    }
}

/// The hosts of the cases that are in order; of the others it is said why they are not used.
pub fn of_cases(pack: &Pack, cases: &[Case], notes: &mut Vec<String>) -> Result<Vec<Ground>> {
    let mut out: Vec<Ground> = Vec::new();
    for case in cases {
        if out.iter().any(|other| other.tree == case.host) {
            continue;
        }
        let scratch = Scratch::with(&case.host)?;
        if !matches(&Host::open(scratch.root())?, pack.detect()) {
            notes.push(format!(
                "the pack does not recognise the host of `tests/{}`: see `[detect]`",
                case.name
            ));
        }
        let found = match findings(pack, &scratch) {
            Ok(found) => found,
            // Its own trial tells why.
            Err(_) => continue,
        };
        if found.iter().any(|finding| finding.rule != EMPTY) {
            notes.push(format!(
                "the host of `tests/{}` has findings before anything is made, so combinations of answers are not tried there",
                case.name
            ));
            continue;
        }
        out.push(Ground {
            name: format!("tests/{}", case.name),
            tree: case.host.clone(),
        });
    }
    Ok(out)
}

/// Whether a generator can do something on a host as it is: it finds what it adds to, and something to choose for
/// all that it has to know.
pub fn suits(pack: &Pack, generator: &Generator, ground: &Ground) -> Result<bool> {
    let scratch = Scratch::with(&ground.tree)?;
    let host = Host::open(scratch.root())?;
    Ok(first(pack, generator, &host, None, WORD)?.is_some())
}

/// A name that the generator takes on this host, with `word` in it; nothing if it adds to what is not there.
pub fn name(generator: &Generator, facts: &Facts<'_>, word: &str) -> Result<Option<String>> {
    if let Some(table) = &generator.name.one_of {
        let rows = facts.rows(table)?;
        return Ok(rows.first().map(|row| field(row, "id").to_owned()));
    }
    let stem = match generator.name.case {
        NameCase::Kebab | NameCase::Directory => format!("{word}-one"),
        NameCase::Snake => format!("{word}_one"),
        NameCase::Lower => format!("{word}one"),
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

/// The first answers with which the generator makes something here, and what it makes.
pub fn first(
    pack: &Pack,
    generator: &Generator,
    host: &Host,
    named: Option<&str>,
    word: &str,
) -> Result<Option<Planned>> {
    let (_, combos) = combos::of(pack, generator, 64);
    // The first has the fewest answers: what others add to has room.
    for combo in &combos {
        let facts = facts_of(pack, host)?;
        let name = match named {
            Some(name) => Some(name.to_owned()),
            None => name(generator, &facts, word)?,
        };
        let Some(name) = name else { return Ok(None) };
        let Ok(answers) = combos::answers(pack, generator, &facts, (&name, word), combo) else {
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

/// The host with one thing of every generator that makes things by itself: for those that add to what is there.
pub fn furnish(pack: &Pack, ground: &Ground) -> Result<Ground> {
    let scratch = Scratch::with(&ground.tree)?;
    let makers: Vec<&Generator> = pack
        .generators()
        .iter()
        .filter(|generator| !generator.host && generator.name.one_of.is_none())
        .collect();
    let mut made = vec![false; makers.len()];
    // What one needs another may make: a second round for those that found nothing.
    for _ in 0..2 {
        for (generator, made) in makers.iter().zip(&mut made).filter(|(_, made)| !**made) {
            let host = Host::open(scratch.root())?;
            let Some(planned) = first(pack, generator, &host, None, "other")? else {
                continue;
            };
            let done = apply::commit(scratch.root(), &planned.plan);
            // That it cannot be made is what its own trials tell.
            *made = done.is_ok();
        }
    }
    Ok(Ground {
        name: format!("{} with one of each", ground.name),
        tree: scratch.tree()?,
    })
}

/// What a generator makes on this host.
pub fn example(pack: &Pack, generator: &Generator, ground: &Ground) -> Result<Option<Plan>> {
    let scratch = Scratch::with(&ground.tree)?;
    let host = open(generator, &scratch)?;
    let planned = first(pack, generator, &host, None, WORD)?;
    Ok(planned.map(|planned| planned.plan))
}

/// The host that a generator makes.
pub fn made_by(pack: &Pack, generator: &Generator) -> Result<Option<Ground>> {
    let scratch = Scratch::with(&FileTree::new())?;
    let host = open(generator, &scratch)?;
    let Some(planned) = first(pack, generator, &host, None, "host")? else {
        return Ok(None);
    };
    apply::commit(scratch.root(), &planned.plan)?;
    Ok(Some(Ground {
        name: format!("new {}", generator.id),
        tree: scratch.tree()?,
    }))
}
