//! `tenon pack test`: tests a pack on the hosts in its `tests/` folder.

use std::path::Path;

use clap::ArgMatches;
use serde_json::{Value, json};

use crate::report::{Report, count as counted};
use tenon_engine::trial::{self, Options, Trial, TrialOutcome as Came, Trials};
use tenon_pack::{Pack, problems};
use tenon_text::diag::Result;

use super::Outcome;

/// Tests the pack in a folder, or a built-in one.
pub fn run(given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let dir = given.get_one::<String>("dir").map_or(".", String::as_str);
    let pack = open(dir)?;
    let options = Options {
        combinations: given.get_one::<usize>("combinations").copied().unwrap_or(24),
        verify: given.get_flag("run-verify"),
    };
    let tried = trial::run(&pack, options, &mut |trial| {
        if !report.is_json() {
            report.say(&line(trial));
        }
    })?;
    if report.is_json() {
        report.json(&document(&pack, &tried));
    } else {
        report.result(&summary(&pack, &tried));
    }
    Ok(match tried.failed() {
        0 => Outcome::Done,
        _ => Outcome::Findings,
    })
}

/// Opens the pack in a folder, or a built-in one.
///
/// # Errors
/// If the pack has problems: the first of them.
pub fn open(dir: &str) -> Result<Pack> {
    let path = Path::new(dir);
    if !dir.contains(['/', '\\', '.']) && Pack::built_in().iter().any(|files| files.name() == dir) {
        return Pack::named(dir);
    }
    let (_, problems) = problems(path);
    let count = problems.len();
    if let Some(first) = problems.into_iter().next() {
        return Err(match count {
            1 => first,
            n => first.help(format!("`tenon pack check {dir}` reports all {n} problems")),
        });
    }
    Pack::in_folder(path)
}

/// One line for a trial.
fn line(trial: &Trial) -> String {
    let (word, more) = match &trial.outcome {
        Came::Passed(life) if life.created + life.changed == 0 => ("ok", String::new()),
        Came::Passed(life) => (
            "ok",
            format!(
                "  ({} created, {} changed, {} found)",
                life.created,
                life.changed,
                counted(life.found, "break")
            ),
        ),
        Came::Refused(why) => ("no", format!("  ({why})")),
        Came::Failed { step, .. } => ("FAILED", format!("  ({step})")),
    };
    let place = match trial.host.as_str() {
        "" => String::new(),
        host => format!(" on {host}"),
    };
    let answers = match trial.answers.as_str() {
        "" => String::new(),
        answers => format!(": {answers}"),
    };
    format!("{word:6} {}{place}{answers}{more}", trial.what)
}

fn summary(pack: &Pack, tried: &Trials) -> String {
    let mut out = String::new();
    for note in &tried.notes {
        out.push_str(&format!("note: {note}\n"));
    }
    for trial in &tried.all {
        let Came::Failed { step, why } = &trial.outcome else {
            continue;
        };
        out.push_str(&format!("\n{}\n  in the step `{step}`:\n", line(trial)));
        for line in why {
            out.push_str(&format!("  {line}\n"));
        }
    }
    let count = |is: &dyn Fn(&Came) -> bool| tried.all.iter().filter(|trial| is(&trial.outcome)).count();
    let found: usize = tried
        .all
        .iter()
        .map(|trial| match &trial.outcome {
            Came::Passed(life) => life.found,
            _ => 0,
        })
        .sum();
    out.push_str(&format!(
        "{} {}: {} passed, {} failed, {} refused by the pack; {} found\n",
        pack.name(),
        pack.version(),
        count(&|came| matches!(came, Came::Passed(_))),
        tried.failed(),
        count(&|came| matches!(came, Came::Refused(_))),
        counted(found, "break"),
    ));
    out
}

fn document(pack: &Pack, tried: &Trials) -> Value {
    let trials = tried.all.iter().map(|trial| {
        let mut out = json!({ "what": trial.what, "host": trial.host, "answers": trial.answers });
        match &trial.outcome {
            Came::Passed(life) => {
                out["outcome"] = "passed".into();
                out["created"] = life.created.into();
                out["changed"] = life.changed.into();
                out["breaks"] = life.found.into();
            }
            Came::Refused(why) => {
                out["outcome"] = "refused".into();
                out["why"] = json!([why]);
            }
            Came::Failed { step, why } => {
                out["outcome"] = "failed".into();
                out["step"] = (*step).into();
                out["why"] = json!(why);
            }
        }
        out
    });
    json!({
        "version": 1,
        "pack": format!("{} {}", pack.name(), pack.version()),
        "trials": trials.collect::<Vec<_>>(),
        "notes": tried.notes,
    })
}
