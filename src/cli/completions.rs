//! `tenon completions SHELL`, `tenon man`: a completion script and the manual page.

use clap::ArgMatches;

use crate::report::Report;
use tenon_text::diag::{Error, Result};

use super::Outcome;
use super::context::Context;
use super::grammar;

/// Prints the completion script; inside a host it has the flags and values of that host's pack.
pub fn run(context: Option<&Context>, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let Some(shell) = given.get_one::<clap_complete::Shell>("shell").copied() else {
        return Err(Error::new("the shell is missing"));
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut grammar::command(context, true), "tenon", &mut script);
    report.raw(&String::from_utf8_lossy(&script));
    Ok(Outcome::Done)
}

/// Prints the manual page: one for all commands, since a pack gives most of the flags.
pub fn man(report: &Report) -> Result<Outcome> {
    let command = grammar::command(None, false);
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    let written = man
        .render_title(&mut page)
        .and_then(|()| man.render_name_section(&mut page))
        .and_then(|()| man.render_description_section(&mut page))
        .and_then(|()| man.render_options_section(&mut page));
    written.map_err(|error| Error::new("the manual page cannot be written").because(error))?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    page.push_str(".SH COMMANDS\n");
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        page.push_str(&format!(
            ".TP\n\\fB{}\\fR\n{about}\n",
            sub.get_name().replace('-', "\\-")
        ));
    }
    page.push_str(".PP\nEvery command has \\fB\\-\\-help\\fR; inside a host it lists that host's flags.\n");
    report.raw(&page);
    Ok(Outcome::Done)
}
