//! Tries a pack on throw-away hosts: `tenon pack test`.
//!
//! In: a pack, and how much to try. Out: the outcome of each trial. A trial plans, writes, checks, undoes and removes with the
//! same code as the commands.
//!
//! The hosts are those in the folders `tests/NAME/host` of the pack, and one that is made by each kind that makes a host.

mod cases;
mod combinations;
mod hosts;
mod lifecycle;
mod mutations;
mod outcome;
mod tools;
mod verify;

use std::collections::BTreeSet;

use crate::apply::FileTree;
use crate::plan::Plan;
use tenon_pack::{Kind, Pack};
use tenon_text::diag::Result;

pub use outcome::{Counts, Options, Trial, TrialOutcome, Trials};

use hosts::TrialHost;

/// Tries `pack` and calls `report` after each trial.
///
/// # Errors
/// If the pack's tests cannot be read, or throw-away hosts cannot be written. A failed trial is no error.
pub fn run(pack: &Pack, options: Options, report: &mut dyn FnMut(&Trial)) -> Result<Trials> {
    let mut runner = Runner {
        pack,
        options,
        trials: Trials::default(),
        report,
    };
    let cases = cases::read(pack)?;
    for case in &cases {
        runner.add(cases::try_case(pack, case)?);
    }
    let mut hosts = hosts::of_cases(pack, &cases, &mut runner.trials.notes)?;
    for kind in pack.kinds().iter().filter(|kind| kind.host) {
        let made = runner.try_kind(kind, &TrialHost::empty_directory())?;
        hosts.extend(made.map(|tree| TrialHost {
            name: format!("new {}", kind.id),
            tree,
        }));
    }
    if hosts.is_empty() {
        runner.trials.notes.push(
            "there is no host to try the pack on: put one into `tests/NAME/host`, or add a kind that makes one"
                .to_owned(),
        );
    }
    for host in &hosts {
        let populated = hosts::populate(pack, host)?;
        for kind in pack.kinds().iter().filter(|kind| !kind.host) {
            let host = if hosts::is_usable(pack, kind, host)? {
                host
            } else {
                &populated
            };
            runner.try_kind(kind, host)?;
        }
    }
    runner.report_unused_kinds();
    Ok(runner.trials)
}

/// The plan of a kind on the first host on which it makes anything, with the name of that host, as an example for its
/// author.
///
/// # Errors
/// If the pack's tests cannot be read, or throw-away hosts cannot be written.
pub fn example(pack: &Pack, kind: &Kind) -> Result<Option<(String, Plan)>> {
    let cases = cases::read(pack)?;
    let mut hosts = hosts::of_cases(pack, &cases, &mut Vec::new())?;
    if kind.host {
        hosts = vec![TrialHost::empty_directory()];
    } else if hosts.is_empty() {
        for host in pack.kinds().iter().filter(|kind| kind.host) {
            hosts.extend(hosts::made_by(pack, host)?);
        }
    }
    for host in &hosts {
        if let Some(plan) = hosts::example(pack, kind, host)? {
            return Ok(Some((host.name.clone(), plan)));
        }
        if kind.host {
            continue;
        }
        if let Some(plan) = hosts::example(pack, kind, &hosts::populate(pack, host)?)? {
            return Ok(Some((format!("{} with one of each", host.name), plan)));
        }
    }
    Ok(None)
}

/// Runs trials and collects their outcomes.
struct Runner<'a> {
    pack: &'a Pack,
    options: Options,
    trials: Trials,
    report: &'a mut dyn FnMut(&Trial),
}

impl Runner<'_> {
    fn add(&mut self, trial: Trial) {
        (self.report)(&trial);
        self.trials.all.push(trial);
    }

    /// Tries a kind with its combinations of answers. Returns the files of the first host that it made something in.
    fn try_kind(&mut self, kind: &Kind, host: &TrialHost) -> Result<Option<FileTree>> {
        let (all, combinations) = combinations::of(self.pack, kind, self.options.combinations);
        if combinations.len() < all {
            self.trials.notes.push(format!(
                "`{}` on {}: {} of {all} combinations of answers: each answer by itself, then pairs of them; more with `--combinations`",
                kind.id,
                host.name,
                combinations.len()
            ));
        }
        let mut made = None;
        let mut lifecycle = lifecycle::Lifecycle::new(self.pack, kind, host)?;
        let (mut tried, mut passed) = (BTreeSet::new(), 0);
        for combination in &combinations {
            let (answers, outcome, tree) = lifecycle.run(combination)?;
            // Two combinations may give the same answers where a host has few choices.
            if !tried.insert(answers.clone()) {
                continue;
            }
            passed += usize::from(matches!(outcome, TrialOutcome::Passed(_)));
            made = made.or(tree);
            self.add(Trial {
                what: kind.id.clone(),
                host: host.name.clone(),
                answers,
                outcome,
            });
        }
        if self.options.verify
            && passed > 0
            && let Some(tree) = &made
            && let Some(trial) = verify::run(self.pack, kind, &host.name, tree)?
        {
            self.add(trial);
        }
        self.trials.notes.extend(lifecycle.notes());
        Ok(made)
    }

    /// Adds a failure for each kind that makes nothing on any host.
    fn report_unused_kinds(&mut self) {
        for kind in self.pack.kinds() {
            let made =
                |trial: &Trial| trial.what == kind.id && !matches!(trial.outcome, TrialOutcome::Refused(_));
            if self.trials.all.iter().any(made) {
                continue;
            }
            self.add(Trial {
                what: kind.id.clone(),
                host: String::new(),
                answers: String::new(),
                outcome: TrialOutcome::failed(
                    "plan",
                    "it makes nothing on any of the hosts, whatever the answers are",
                ),
            });
        }
    }
}
