//! `tenon undo`, and the recovery with which every command that writes begins.

use clap::ArgMatches;
use serde_json::json;

use crate::report::Report;
use tenon_engine::apply;
use tenon_engine::host::{Host, HostPath, nearest};
use tenon_engine::plan::record;
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
                format!("`{what}` was interrupted; everything is as it was before it")
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
    if given.get_flag("list") || given.get_flag("dry-run") {
        warn_before_reading(&host, report);
    } else {
        host = recover(host, report)?;
    }
    if given.get_flag("recover") {
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
    for step in steps.iter().take_while(|step| step.number >= down_to) {
        let undo = apply::undo_plan(host.root(), Some(step.number), given.get_flag("partial"))?;
        for left in &undo.left {
            report.warn(&format!("{left} stays: it was changed since"));
        }
        if given.get_flag("dry-run") {
            report.plan(&undo.plan);
            continue;
        }
        apply::commit_undo(host.root(), &undo)?;
        report.done(&undo.plan, &[]);
    }
    Ok(Outcome::Done)
}

fn list(steps: &[apply::Step], report: &Report) -> Result<Outcome> {
    if report.is_json() {
        let steps: Vec<_> = steps
            .iter()
            .map(|step| json!({ "number": step.number, "title": step.title, "files": step.files.keys().map(ToString::to_string).collect::<Vec<_>>() }))
            .collect();
        report.json(&json!({ "version": 1, "steps": steps }));
        return Ok(Outcome::Done);
    }
    let mut text = String::new();
    for step in steps {
        let files = if step.files.len() == 1 { "file" } else { "files" };
        text.push_str(&format!(
            "{:4}  {} ({} {files})\n",
            step.number,
            step.title,
            step.files.len()
        ));
    }
    report.result(&text);
    if steps.is_empty() {
        report.say("there is nothing to undo");
    }
    Ok(Outcome::Done)
}
