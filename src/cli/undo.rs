//! `tenon undo`, and the recovery with which every command that writes begins.

use std::path::Path;

use clap::ArgMatches;
use serde_json::json;

use crate::report::Report;
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::apply;
use tenon_engine::host::{Host, HostPath, nearest};
use tenon_engine::plan::{Plan, record};
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

use super::Outcome;
use super::context::Globals;
use super::context::STATE_DIR;

/// Finishes or undoes a step that was interrupted, and warns of it; a journal that is not this program's is moved aside. Returns
/// the host to read from now on: what was read before may be of a half-written tree.
pub fn recover(host: Host, report: &Report) -> Result<Host> {
    let mut is_changed = false;
    while let Some(recovery) = apply::recover(host.root())? {
        is_changed = true;
        let what = recovery.title.as_deref().unwrap_or("an earlier run");
        report.warn(&match recovery.outcome {
            apply::RecoveryOutcome::Completed => {
                format!("`{what}` was interrupted; it is finished now, as planned")
            }
            apply::RecoveryOutcome::RolledBack => {
                format!("`{what}` was interrupted; it has been rolled back")
            }
            apply::RecoveryOutcome::SetAside { from, to } => format!(
                "`{from}` was not written here by this program for this user, so nothing of it was done; it is `{to}` now: delete it if it came with \
                 the repository; if a step of yours was interrupted, compare the tree with version control"
            ),
        });
    }
    if is_changed {
        Host::open(host.root())
    } else {
        Ok(host)
    }
}

/// For commands that only read: warns that a step was interrupted and the host may be half-written. Writes nothing.
pub fn warn_before_reading(host: &Host, report: &Report) {
    let Some(found) = apply::unfinished(host.root()) else {
        return;
    };
    report.warn(&match found {
        apply::Unfinished::Own(title) => format!(
            "`{title}` was interrupted while it was writing; what follows is about the host as it left it. The next command that writes \
             ends it first; `tenon undo --recover` does only that"
        ),
        apply::Unfinished::Elsewhere(title, place) => format!(
            "`{title}` was interrupted in `{place}`; what follows is about the host as it left it. Move the host back there and run \
             `tenon undo --recover`, or delete `.tenon/txn` to keep the tree as it is"
        ),
        apply::Unfinished::Foreign => "`.tenon/txn` was not written here by this program for this user, and nothing of it is done; delete it if it \
             came with the repository"
            .to_owned(),
    });
}

/// Takes back the last step, or all down to one.
pub fn run(globals: &Globals, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let start = Host::open(&globals.start()?)?.root().to_path_buf();
    let root = match &globals.host {
        Some(_) => Some(start.clone()),
        None => nearest(&start, |dir| {
            // A directory that cannot be read may be the host: the next call reports why it cannot be read.
            let has_steps = disk::is_dir(&dir.join(STATE_DIR)).unwrap_or(true)
                || disk::is_file(&dir.join(record::FILE)).unwrap_or(true);
            has_steps.then(|| dir.to_path_buf())
        }),
    };
    let Some(root) = root else {
        return Err(Error::new("there is nothing to undo here")
            .help("steps are kept in the host they changed: go there, or name it with `--host DIR`"));
    };
    let mut host = Host::open(&root)?;
    if given.get_flag("list") || !globals.writes() {
        warn_before_reading(&host, report);
    } else {
        host = recover(host, report)?;
    }
    if given.get_flag("recover") {
        if report.is_json() {
            report.nothing(&Plan::default(), !globals.writes());
        }
        return Ok(Outcome::Done);
    }
    let apply::History { steps, ignored } = apply::history(host.root())?;
    let names: Vec<String> = ignored.iter().map(|number| format!("{number:04}")).collect();
    let foreign = match names.as_slice() {
        [] => None,
        [name] => Some(format!(
            "`.tenon/history/{name}` was not written here by this program for this user, or it is damaged"
        )),
        [name, rest @ ..] => Some(format!(
            "`.tenon/history/{name}` and {} more were not written here by this program for this user, or are damaged",
            rest.len()
        )),
    };
    if given.get_flag("list") {
        if let Some(foreign) = foreign {
            report.warn(&format!("{foreign}: it cannot be undone"));
        }
        return list(&steps, report);
    }
    let Some(newest) = steps.first() else {
        let mut error = Error::new("there is nothing to undo here");
        if let Some(foreign) = foreign {
            return Err(error
                .because(foreign)
                .help("a step can be undone only where it was made and by the same user: not in a clone, and not after the host was moved"));
        }
        if host.exists(&HostPath::new(record::FILE)?) {
            error = error.help("the steps recorded in `tenon.lock` were made elsewhere, or too long ago");
        }
        return Err(error);
    };
    if let Some(foreign) = foreign {
        report.warn(&format!("{foreign}: it is left alone"));
    }
    let down_to = given.get_one::<u32>("to").copied().unwrap_or(newest.number);
    if !steps.iter().any(|step| step.number == down_to) {
        return Err(Error::new(format!("there is no step {down_to}")).help("see `tenon undo --list`"));
    }
    let chosen: Vec<&apply::Step> = steps.iter().take_while(|step| step.number >= down_to).collect();
    let root = host.root();
    let plan_of = |step: &apply::Step| -> Result<apply::UndoPlan> {
        let undo = apply::undo_plan(root, Some(step.number), given.get_flag("partial"))?;
        for left in &undo.left {
            report.warn(&format!("{left} stays: it was changed since"));
        }
        Ok(undo)
    };
    if !globals.writes() {
        let plans = chosen.iter().map(|step| plan_of(step).map(|undo| undo.plan));
        report.plans(&plans.collect::<Result<Vec<_>>>()?);
        return Ok(Outcome::Done);
    }
    if let Some(terminal) = globals.terminal(report)
        && !is_confirmed(&chosen, &terminal, root, report)?
    {
        report.say("nothing was changed");
        return Ok(Outcome::Done);
    }
    let mut done = Vec::new();
    for step in chosen {
        let undo = plan_of(step)?;
        apply::commit_undo(root, &undo)?;
        done.push(undo.plan);
    }
    report.all_done(&done);
    Ok(Outcome::Done)
}

/// Asks whether to undo the steps `chosen`. One step is shown with its diff; of several their titles, and Enter means no.
fn is_confirmed(chosen: &[&apply::Step], terminal: &Terminal, root: &Path, report: &Report) -> Result<bool> {
    if let [step] = chosen {
        if let Ok(undo) = apply::undo_plan(root, Some(step.number), true) {
            report.preview(&undo.plan);
        }
        return terminal.confirm(&format!("Undo `{}`?", step.title), true);
    }
    for step in chosen {
        report.say(&line(step));
    }
    terminal.confirm(&format!("Undo these {} steps?", chosen.len()), false)
}

/// When `step` was made, in the time zone of this machine, to the second.
fn when(step: &apply::Step) -> Option<String> {
    let time = jiff::Timestamp::try_from(step.when?).ok()?;
    Some(
        jiff::tz::TimeZone::system()
            .to_datetime(time)
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
    )
}

/// One line that tells a step from others: its number, when it was made, what it did, to how many files.
fn line(step: &apply::Step) -> String {
    let files = if step.files.len() == 1 { "file" } else { "files" };
    format!(
        "{:4}  {}  {} ({} {files})",
        step.number,
        when(step).as_deref().unwrap_or("-"),
        step.title,
        step.files.len()
    )
}

fn list(steps: &[apply::Step], report: &Report) -> Result<Outcome> {
    if report.is_json() {
        let steps: Vec<_> = steps
            .iter()
            .map(|step| json!({ "number": step.number, "title": step.title, "when": when(step), "files": step.files.keys().map(ToString::to_string).collect::<Vec<_>>() }))
            .collect();
        report.json(&json!({ "version": 1, "steps": steps }));
        return Ok(Outcome::Done);
    }
    let text: String = steps.iter().map(|step| format!("{}\n", line(step))).collect();
    report.result(&text);
    if steps.is_empty() {
        report.say("there is nothing to undo");
    }
    Ok(Outcome::Done)
}
