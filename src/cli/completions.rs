//! `tenon completions SHELL`, `tenon man`.

use clap::ArgMatches;

use crate::diag::{Error, Result};
use crate::report::Report;

use super::Outcome;
use super::context::Context;
use super::grammar;

/// Prints the completion script; inside a host it knows that host's flags and choices.
pub fn run(context: Option<&Context>, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let Some(shell) = given.get_one::<clap_complete::Shell>("shell").copied() else {
        return Err(Error::new("the shell is missing"));
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut grammar::command(context, true), "tenon", &mut script);
    report.raw(&String::from_utf8_lossy(&script));
    Ok(Outcome::Done)
}

/// Prints the manual page.
pub fn man(report: &Report) -> Result<Outcome> {
    let mut page = Vec::new();
    clap_mangen::Man::new(grammar::command(None, false))
        .render(&mut page)
        .map_err(|error| Error::new("the manual page cannot be written").because(error))?;
    report.raw(&String::from_utf8_lossy(&page));
    Ok(Outcome::Done)
}
