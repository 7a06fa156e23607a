//! Helpers for trials: facts, answers and plans on throw-away hosts, and differences between their files.

use std::collections::BTreeSet;

use crate::answers::{self, Answers, Sources};
use crate::apply::{FileTree, Scratch};
use crate::facts::Facts;
use crate::host::Host;
use crate::plan::{self, FileDiff, NewRequest, PlanError, Planned, record};
use crate::rules::{self, Asked};
use tenon_pack::{Kind, Pack};
use tenon_text::diag::{Diagnostic, Result};

/// The rule that reports that there is nothing to check, as in a new host.
pub const EMPTY: &str = "empty-facts";

/// Most lines of a difference that are shown.
const MAX_LINES: usize = 60;

/// Identifies a finding: rule, path, message.
pub type FindingKey = (String, String, String);

/// The facts of `host`.
pub fn facts_of<'a>(pack: &'a Pack, host: &'a Host) -> Result<Facts<'a>> {
    Ok(Facts::new(host, pack, plan::code_style(host, pack)?))
}

/// The same answers, resolved against other facts.
pub fn collect(pack: &Pack, kind: &Kind, facts: &Facts<'_>, before: &Answers) -> Result<Answers> {
    let sources = Sources {
        name: Some(before.name.clone()),
        flags: before.words.clone(),
        ..Sources::default()
    };
    answers::collect(pack, kind, facts, before.name.clone(), &sources, None)
}

/// The plan for these answers.
///
/// # Errors
/// Those of [`plan::build`].
pub fn build<'a>(
    pack: &'a Pack,
    kind: &'a Kind,
    host: &'a Host,
    facts: &'a Facts<'a>,
    answers: &'a Answers,
) -> std::result::Result<Planned, PlanError> {
    plan::build(&NewRequest {
        pack,
        host,
        facts,
        kind,
        answers,
    })
}

/// The message with which the pack refuses these answers, if it does.
pub fn refused<'a>(
    pack: &'a Pack,
    kind: &Kind,
    host: &Host,
    facts: &'a Facts<'a>,
    answers: &Answers,
) -> Result<Option<String>> {
    let style = plan::code_style(host, pack)?;
    let scope = plan::scope::Scope::new(pack, kind, facts, answers, &style);
    let Ok(mut scope) = scope else {
        // Planning reports the error.
        return Ok(None);
    };
    let required = plan::required(pack, kind, &mut scope);
    Ok(required.err().map(|error| error.message().to_owned()))
}

/// The findings of a check of the host.
pub fn findings(pack: &Pack, scratch: &Scratch) -> Result<Vec<Diagnostic>> {
    let host = Host::open(scratch.root())?;
    let checked = rules::check(pack, &host, &Asked::default())?;
    Ok(checked.findings.diagnostics)
}

/// The key of a finding.
pub fn key(finding: &Diagnostic) -> FindingKey {
    (
        finding.rule.clone(),
        finding.at.path.clone(),
        finding.message.clone(),
    )
}

/// The keys of findings.
pub fn keys(all: &[Diagnostic]) -> BTreeSet<FindingKey> {
    all.iter().map(key).collect()
}

/// A finding on one line.
pub fn line(finding: &Diagnostic) -> String {
    format!("{}: {}: {}", finding.at.path, finding.rule, finding.message)
}

/// Diffs as lines, cut to a readable length.
pub fn shown(diffs: &[FileDiff]) -> Vec<String> {
    let lines = diffs.iter().flat_map(|diff| match diff.unified.is_empty() {
        true => vec![format!("{} {}", diff.verb, diff.path)],
        false => diff.unified.lines().map(str::to_owned).collect(),
    });
    cut(lines.collect())
}

fn cut(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MAX_LINES {
        let more = lines.len() - MAX_LINES;
        lines.truncate(MAX_LINES);
        lines.push(format!("… {more} more lines"));
    }
    lines
}

/// The differences between two trees of files, as lines.
pub fn differences(should: &FileTree, is: &FileTree) -> Vec<String> {
    let mut out = Vec::new();
    let paths: BTreeSet<&String> = should.keys().chain(is.keys()).collect();
    for path in paths {
        match (should.get(path), is.get(path)) {
            (Some(_), None) => out.push(format!("`{path}` is gone")),
            (None, Some(_)) => out.push(format!("`{path}` is there")),
            (Some(should), Some(is)) if should != is => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let diff = plan::unified(path, &text(should), &text(is));
                out.extend(diff.lines().map(str::to_owned));
            }
            _ => {}
        }
    }
    cut(out)
}

/// Whether a path is the record, which every plan changes.
pub fn is_record(path: &str) -> bool {
    path == record::FILE
}

/// Opens the host for `kind`: one that makes hosts starts without any.
pub fn open(kind: &Kind, scratch: &Scratch) -> Result<Host> {
    if kind.host {
        return Ok(Host::empty(scratch.root()));
    }
    Host::open(scratch.root())
}
