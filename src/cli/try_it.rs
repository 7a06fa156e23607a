//! `tenon try`: the whole story on a throw-away host, each step as a person would type it.

use clap::ArgMatches;

use crate::diag::{Error, Result};
use crate::report::Report;

use super::Outcome;
use super::context::Globals;

/// Runs the story.
pub fn run(_given: &ArgMatches, _globals: &Globals, _report: &Report) -> Result<Outcome> {
    Err(Error::new("not here yet"))
}
