//! A pack is tried on hosts of its own: what `tenon pack test` does.
//!
//! In: a pack, and how far to go. Out: for each trial what came of it. Everything happens on throw-away hosts; what
//! is done there is what the commands do, through the same plans and the same writer.
//!
//! A pack has hosts in the folders `tests/NAME/host`; a generator that makes hosts gives one more.

mod breaks;
mod cases;
mod combos;
mod hosts;
mod life;
mod tools;
mod verify;

use std::collections::BTreeSet;

use crate::apply::FileTree;
use crate::plan::Plan;
use tenon_pack::{Generator, Pack};
use tenon_text::diag::{Error, Result};

pub use life::Life;

use hosts::Ground;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Most combinations of answers for each generator on each host.
    pub combinations: usize,
    /// Whether the pack's own commands are run.
    pub verify: bool,
}

/// What one trial came to.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What was tried: `tests/small`, `integration`.
    pub what: String,
    /// The host, for those that try a generator.
    pub host: String,
    /// The answers as a person would type them.
    pub answers: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a trial.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// All is as it should be.
    Passed(Life),
    /// The pack refuses these answers, with this sentence.
    Refused(String),
    /// It is not.
    Failed {
        /// At which step.
        step: &'static str,
        /// What is wrong, in a sentence; further lines show it.
        why: Vec<String>,
    },
}

impl Outcome {
    /// A failure with one sentence.
    fn failed(step: &'static str, why: impl Into<String>) -> Self {
        Self::Failed {
            step,
            why: vec![why.into()],
        }
    }

    /// A step that could not be done.
    fn error(step: &'static str, error: &Error) -> Self {
        let mut why = vec![error.to_string()];
        why.extend(error.causes().iter().map(|cause| format!("because: {cause}")));
        why.extend(error.helps().iter().map(|help| format!("help: {help}")));
        Self::Failed { step, why }
    }
}

/// Everything that was tried.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// The trials, in the order in which they were made.
    pub trials: Vec<Trial>,
    /// What an author should know: what was not tried, and why.
    pub notes: Vec<String>,
}

impl Tried {
    /// How many trials failed.
    pub fn failed(&self) -> usize {
        let failed = |trial: &&Trial| matches!(trial.outcome, Outcome::Failed { .. });
        self.trials.iter().filter(failed).count()
    }
}

/// Tries `pack`; `tell` is told of each trial when it is done.
///
/// # Errors
/// If the pack's tests cannot be read, or there is no room for throw-away hosts. What goes wrong in a trial is its outcome.
pub fn run(pack: &Pack, options: Options, tell: &mut dyn FnMut(&Trial)) -> Result<Tried> {
    let mut tried = Tried::default();
    let cases = cases::read(pack)?;
    for case in &cases {
        let trial = cases::try_case(pack, case)?;
        tell(&trial);
        tried.trials.push(trial);
    }
    let mut grounds = hosts::of_cases(pack, &cases, &mut tried.notes)?;
    for generator in pack.generators().iter().filter(|generator| generator.host) {
        let made = on(pack, generator, &Ground::nowhere(), options, &mut tried, tell)?;
        grounds.extend(made.map(|tree| Ground {
            name: format!("new {}", generator.id),
            tree,
        }));
    }
    if grounds.is_empty() {
        tried.notes.push(
            "there is no host to try the pack on: put one into `tests/NAME/host`, or add a generator that makes one"
                .to_owned(),
        );
    }
    for ground in &grounds {
        let furnished = hosts::furnish(pack, ground)?;
        for generator in pack.generators().iter().filter(|generator| !generator.host) {
            let ground = if hosts::suits(pack, generator, ground)? {
                ground
            } else {
                &furnished
            };
            on(pack, generator, ground, options, &mut tried, tell)?;
        }
    }
    never_made(pack, &mut tried, tell);
    Ok(tried)
}

/// A generator that makes nothing on any host is as good as none.
fn never_made(pack: &Pack, tried: &mut Tried, tell: &mut dyn FnMut(&Trial)) {
    for generator in pack.generators() {
        let made =
            |trial: &Trial| trial.what == generator.id && !matches!(trial.outcome, Outcome::Refused(_));
        if tried.trials.iter().any(made) {
            continue;
        }
        let trial = Trial {
            what: generator.id.clone(),
            host: String::new(),
            answers: String::new(),
            outcome: Outcome::failed(
                "plan",
                "it makes nothing on any of the hosts, whatever the answers are",
            ),
        };
        tell(&trial);
        tried.trials.push(trial);
    }
}

/// What a generator makes on the first host on which it makes anything, for an example: the host, the answers as they
/// are typed, and the plan.
///
/// # Errors
/// If the pack's tests cannot be read, or there is no room for throw-away hosts.
pub fn example(pack: &Pack, generator: &Generator) -> Result<Option<(String, Plan)>> {
    let cases = cases::read(pack)?;
    let mut grounds = hosts::of_cases(pack, &cases, &mut Vec::new())?;
    if generator.host {
        grounds = vec![Ground::nowhere()];
    } else if grounds.is_empty() {
        for host in pack.generators().iter().filter(|generator| generator.host) {
            grounds.extend(hosts::made_by(pack, host)?);
        }
    }
    for ground in &grounds {
        if let Some(plan) = hosts::example(pack, generator, ground)? {
            return Ok(Some((ground.name.clone(), plan)));
        }
        if generator.host {
            continue;
        }
        if let Some(plan) = hosts::example(pack, generator, &hosts::furnish(pack, ground)?)? {
            return Ok(Some((format!("{} with one of each", ground.name), plan)));
        }
    }
    Ok(None)
}

/// Tries a generator with its combinations of answers. Gives the tree that the first of them made.
fn on(
    pack: &Pack,
    generator: &Generator,
    ground: &Ground,
    options: Options,
    tried: &mut Tried,
    tell: &mut dyn FnMut(&Trial),
) -> Result<Option<FileTree>> {
    let (all, combos) = combos::of(pack, generator, options.combinations);
    if combos.len() < all {
        tried.notes.push(format!(
            "`{}` on {}: {} of {all} combinations of answers: each answer by itself, then pairs of them; more with `--combinations`",
            generator.id,
            ground.name,
            combos.len()
        ));
    }
    let mut made = None;
    let mut bench = life::Bench::new(pack, generator, ground)?;
    let (mut seen, mut passed) = (BTreeSet::new(), 0);
    for combo in &combos {
        let (answers, outcome, tree) = bench.live(combo)?;
        // Two combinations may be the same where a host has little to choose from.
        if !seen.insert(answers.clone()) {
            continue;
        }
        passed += usize::from(matches!(outcome, Outcome::Passed(_)));
        made = made.or(tree);
        let trial = Trial {
            what: generator.id.clone(),
            host: ground.name.clone(),
            answers,
            outcome,
        };
        tell(&trial);
        tried.trials.push(trial);
    }
    if options.verify
        && passed > 0
        && let Some(tree) = &made
        && let Some(trial) = verify::run(pack, generator, &ground.name, tree)?
    {
        tell(&trial);
        tried.trials.push(trial);
    }
    tried.notes.extend(bench.notes());
    Ok(made)
}
