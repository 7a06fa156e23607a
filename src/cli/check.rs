//! `tenon validate-structure`: checks every integration of the host.

use std::sync::Arc;

use clap::ArgMatches;

use crate::diag::{Result, Severity};
use crate::report::{Format, Report};
use crate::rules;

use super::Outcome;
use super::context::Context;

/// Checks the host and prints what was found.
pub fn run(context: Context, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let Context { pack, host } = context;
    let host = super::undo::recover_before_reading(host, report)?;
    let format = given.get_one::<Format>("format").copied().unwrap_or_default();
    let checked = rules::check(&pack, &host, &Arc::default())?;
    report.findings(&checked.findings, format);
    let fails = checked
        .findings
        .diagnostics
        .iter()
        .any(|d| d.severity != Severity::Note);
    Ok(if fails { Outcome::Findings } else { Outcome::Done })
}
