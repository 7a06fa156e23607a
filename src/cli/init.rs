//! `tenon init`: pins the pack in `tenon.toml` and adds the check to CI and commit hooks.

use std::collections::BTreeSet;

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::answers::{Asker, Choice};
use tenon_engine::apply;
use tenon_engine::host::Host;
use tenon_engine::plan::init::{AgentsSection, CheckRunner, Pin, agents_section, has_agents, init, is_done};
use tenon_text::diag::Result;

use super::context::{Context, Globals};
use super::{Outcome, new, undo};

/// Writes the settings and the chosen steps.
pub fn run(context: Context, given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let pin = context.pin();
    let writes = globals.writes();
    let host = if writes {
        undo::recover(context.host, report)?
    } else {
        undo::warn_before_reading(&context.host, report);
        context.host
    };
    let pin = pin?;
    let mut terminal = globals.terminal(report);
    let named = |step: &CheckRunner| {
        let (flag, word) = step.flag();
        let mut words = given.get_many::<String>(flag).into_iter().flatten();
        words.any(|given| given == word)
    };
    let mut steps: BTreeSet<CheckRunner> = CheckRunner::ALL.into_iter().filter(named).collect();
    let mut agents = match (given.get_flag("agents"), given.get_flag("no-agents")) {
        (true, _) => AgentsSection::Written,
        (_, true) => AgentsSection::Removed,
        _ => AgentsSection::Kept,
    };
    if steps.is_empty() && agents == AgentsSection::Kept {
        match &mut terminal {
            Some(terminal) => {
                steps = asked(terminal, &host)?;
                if !has_agents(&host)? && terminal.flag(ABOUT_AGENTS, None)? {
                    agents = AgentsSection::Written;
                }
            }
            None => hint(&host, &pin, report),
        }
    }
    let planned = init(&host, &pin, &steps, (&agents_section(&context.pack), agents))?;
    new::finish(&planned, &new::Question::WRITE, globals, report, || {
        apply::commit(host.root(), &planned.plan)
    })
}

const ABOUT_AGENTS: &str = "Should AGENTS.md tell coding agents how to make and check integrations here?";

fn asked(terminal: &mut Terminal, host: &Host) -> Result<BTreeSet<CheckRunner>> {
    let choices = CheckRunner::ALL.map(|step| match step.sign(host) {
        Some(sign) => Choice::plain(format!("{} (there is `{sign}`)", step.title())),
        None => Choice::plain(step.title()),
    });
    let chosen = terminal.many("Where should the check run automatically?", &choices, false)?;
    Ok(chosen.into_iter().map(|at| CheckRunner::ALL[at]).collect())
}

/// Names the flags for the CI and hooks that the host has, where no question can be asked.
fn hint(host: &Host, pin: &Pin, report: &Report) {
    for step in CheckRunner::ALL {
        let Some(sign) = step.sign(host).filter(|_| !is_done(host, pin, step)) else {
            continue;
        };
        let (flag, word) = step.flag();
        report.say(&format!(
            "`{sign}` exists: `--{flag} {word}` adds the check there"
        ));
    }
}
