//! Runs the pack's own commands in a host that it made, if the user allowed it.

use std::process::{Command, Stdio};

use crate::apply::{FileTree, Scratch};
use tenon_pack::{Kind, Pack};
use tenon_text::diag::{Error, Result};

use super::outcome::{Counts, Trial, TrialOutcome};

/// Most lines of a command's output that are shown.
const LINES: usize = 30;

/// Runs the commands of `kind` in a host with these files; `None` if it has none.
///
/// # Errors
/// If the host cannot be written.
pub fn run(pack: &Pack, kind: &Kind, host: &str, tree: &FileTree) -> Result<Option<Trial>> {
    let commands: Vec<_> = pack.verifies(&kind.id).collect();
    if commands.is_empty() {
        return Ok(None);
    }
    let scratch = Scratch::with(tree)?;
    let mut outcome = TrialOutcome::Passed(Counts::default());
    for verify in &commands {
        let line = verify.run.join(" ");
        let Some((program, words)) = verify.run.split_first() else {
            continue;
        };
        let done = Command::new(program)
            .args(words)
            .current_dir(scratch.root())
            .stdin(Stdio::null())
            .output();
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                let error = Error::new(format!("`{line}` cannot be started")).because(error);
                outcome = TrialOutcome::error("verify", &error);
                break;
            }
        };
        if !done.status.success() {
            let mut why = vec![format!("`{line}` ended with {}", done.status)];
            let text = [done.stdout, done.stderr].concat();
            let text = String::from_utf8_lossy(&text).into_owned();
            let lines: Vec<&str> = text.lines().collect();
            let from = lines.len().saturating_sub(LINES);
            why.extend(lines[from..].iter().map(|line| (*line).to_owned()));
            outcome = TrialOutcome::Failed { step: "verify", why };
            break;
        }
    }
    let names: Vec<String> = commands.iter().map(|verify| verify.run.join(" ")).collect();
    Ok(Some(Trial {
        what: kind.id.clone(),
        host: host.to_owned(),
        answers: names.join("; "),
        outcome,
    }))
}
