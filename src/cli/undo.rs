//! `tenon undo`, and the recovery that every writing command begins with.

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

/// Finishes what an earlier run left half-done, and says so. The host is then to be read anew: what was read of it
/// before is of a tree in between.
pub fn recover(host: Host, report: &Report) -> Result<Host> {
    let recovery = apply::recover(host.root())?;
    if let Some(recovery) = &recovery {
        let what = recovery.title.as_deref().unwrap_or("an earlier run");
        report.warn(&match recovery.outcome {
            apply::Outcome::Completed => {
                format!("`{what}` was interrupted; it is finished now, as it was planned")
            }
            apply::Outcome::RolledBack => {
                format!("`{what}` was interrupted; everything is as it was before it")
            }
        });
    }
    if recovery.is_some() {
        Host::open(host.root())
    } else {
        Ok(host)
    }
}

/// For commands that only look: ends what was left half-done, if there is any, since what they would show is
/// neither before nor after it. Nothing else is touched.
pub fn recover_before_reading(host: Host, report: &Report) -> Result<Host> {
    if is_interrupted(&host)? {
        recover(host, report)
    } else {
        Ok(host)
    }
}

/// For commands that must not write at all: says that what they show is of a host in between.
pub fn warn_before_reading(host: &Host, report: &Report) -> Result<()> {
    if is_interrupted(host)? {
        report.warn("an earlier run was interrupted while it was writing; what follows is about the host as it left it");
    }
    Ok(())
}

fn is_interrupted(host: &Host) -> Result<bool> {
    Ok(host.exists(&HostPath::new(&format!("{STATE_DIR}/txn"))?))
}

/// Takes back the last step, or all down to one.
pub fn run(globals: &Globals, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let start = Host::open(&globals.start()?)?.root().to_path_buf();
    let root = match &globals.host {
        Some(_) => Some(start.clone()),
        None => nearest(&start, |dir| {
            // What cannot be looked at may be it: what follows says why it cannot be read.
            let has_steps = disk::is_dir(&dir.join(STATE_DIR)).unwrap_or(true)
                || disk::is_file(&dir.join(record::FILE)).unwrap_or(true);
            has_steps.then(|| dir.to_path_buf())
        }),
    };
    let Some(root) = root else {
        return Err(Error::new("there is nothing to take back here")
            .help("steps are kept in the host they changed: go there, or name it with `--host DIR`"));
    };
    let host = recover(Host::open(&root)?, report)?;
    let steps = apply::history(host.root())?;
    if given.get_flag("list") {
        return list(&steps, report);
    }
    let Some(newest) = steps.first() else {
        let mut error = Error::new("there is nothing to take back here");
        if host.exists(&HostPath::new(record::FILE)?) {
            error = error.help(
                "the steps that made what stands in `tenon.lock` were taken elsewhere, or too long ago",
            );
        }
        return Err(error);
    };
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
        report.say("there is nothing to take back");
    }
    Ok(Outcome::Done)
}
