//! The command line: one file per command. Commands read arguments, call the engine and print the result.
//!
//! The pack is loaded before the command line is parsed, because its options become flags.

mod baseline;
mod check;
mod completions;
mod context;
mod explain;
mod flags;
mod follow;
mod grammar;
mod grammar_check;
mod grammar_pack;
mod init;
mod learn;
mod list;
mod lsp;
mod new;
mod pack;
mod pack_explain;
mod pack_new;
mod pack_seen;
mod pack_test;
mod packs;
mod remembered;
mod remove;
mod suggest;
mod try_it;
mod undo;
mod update;
mod watch;

use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::report::list::ListFormat;
use crate::report::{Format, HumanFormat, PlainFormat, Report, format};
use tenon_text::diag::{Error, Result};
use tenon_text::guard::{guarded, keep_panics_quiet};

use context::{Context, Globals};

/// The result of a command that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or clean.
    Done,
    /// There are findings, or `--check` would change something.
    Findings,
}

/// Runs the program on `args` (the first is the program's name).
pub fn run(args: Vec<String>) -> ExitCode {
    keep_panics_quiet();
    if !matches!(guarded(|| Ok(completions::answer(&args))), Ok(None)) {
        return ExitCode::SUCCESS;
    }
    let args = without_help(args);
    let globals = Globals::scan(&args);
    let report = Report::new(globals.colour, globals.quiet, globals.json);
    match guarded(|| dispatch(args, globals, &report)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            report.error(&error);
            ExitCode::from(2)
        }
    }
}

/// `tenon help COMMAND` as `tenon COMMAND --help`: what is misspelt is then told.
fn without_help(mut args: Vec<String>) -> Vec<String> {
    if args.get(1).is_some_and(|arg| arg == "help") && args.len() > 2 {
        args.remove(1);
        args.push("--help".to_owned());
    }
    args
}

fn dispatch(args: Vec<String>, mut globals: Globals, report: &Report) -> Result<Outcome> {
    let context = if globals.packless {
        Err(Error::new("the command has no pack"))
    } else {
        Context::open(&globals, report)
    };
    let choices = args
        .iter()
        .any(|arg| matches!(arg.as_str(), "--help" | "-h" | "help"));
    let command = grammar::command(context.as_ref().ok(), choices);
    let matches = match command.try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => {
            if let Some(unknown) = unknown(&error) {
                return Err(unknown);
            }
            report.grammar(&error);
            // Help and version are results; anything else is a mistake in the command line.
            std::process::exit(if error.use_stderr() { 2 } else { 0 });
        }
    };
    globals.settle(&matches);
    if let Some((name, given)) = matches.subcommand() {
        check_format(name, given)?;
    }
    match matches.subcommand() {
        Some(("new-integration", given)) => new::run(context?, "integration", given, &globals, report),
        Some(("new", given)) => match given.subcommand() {
            Some((kind, given)) => new::run(context?, kind, given, &globals, report),
            None => new::kinds(&context?, "new", report),
        },
        Some(("remove-integration", given)) => remove::run(context?, "integration", given, &globals, report),
        Some(("remove", given)) => match given.subcommand() {
            Some((kind, given)) => remove::run(context?, kind, given, &globals, report),
            None => new::kinds(&context?, "remove", report),
        },
        Some(("validate-structure", given)) => check::run(context?, given, &globals, report),
        Some(("explain", given)) => explain::run(given, report),
        Some(("list", given)) => list::run(context?, given, report),
        Some(("learn", given)) => learn::run(given, &globals, report),
        Some(("lsp", _)) => lsp::run(),
        Some(("init", given)) => init::run(context?, given, &globals, report),
        Some(("update", given)) => update::run(context?, given, &globals, report),
        Some(("undo", given)) => undo::run(&globals, given, report),
        Some(("try", given)) => try_it::run(given, &globals, report),
        Some(("completions", given)) => completions::run(given, report),
        Some(("pack", given)) => match given.subcommand() {
            Some(("check", given)) => pack::check(given, globals.host.as_deref(), report),
            Some(("new", given)) => pack_new::run(given, &globals, report),
            Some(("explain", given)) => pack_explain::run(given, report),
            Some(("test", given)) => pack_test::run(given, report),
            Some(("schema", _)) => pack::schema(report),
            _ => pack::run(&context?, given, report),
        },
        Some(("man", _)) => completions::man(report),
        _ => Ok(Outcome::Done),
    }
}

/// An unknown command or option as an error like all others.
fn unknown(error: &clap::Error) -> Option<Error> {
    let text = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        // The best comes last.
        ContextValue::Strings(all) => all.last().cloned(),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    };
    let usage = text(ContextKind::Usage).unwrap_or_default();
    let usage = usage.trim().trim_start_matches("Usage: ");
    let (given, near) = match error.kind() {
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        _ => return None,
    };
    let (given, near) = (text(given)?, text(near));
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand if usage.ends_with("[KIND]") => format!("there is no kind `{given}`"),
        ErrorKind::InvalidSubcommand => format!("there is no command `{given}`"),
        _ if given.starts_with('-') => format!("there is no option `{given}`"),
        _ => format!("`{given}` is an argument too many"),
    };
    let mut out = Error::new(what);
    if let Some(near) = near {
        out = out.help(format!("did you mean `{near}`?"));
    }
    Some(out.help(format!("usage: {usage}")))
}

/// Refuses a value of `--format` that the command `name` does not have, before the command does anything.
fn check_format(name: &str, given: &ArgMatches) -> Result<()> {
    match name {
        "validate-structure" => format::<Format>(given).map(drop),
        "list" => format::<ListFormat>(given).map(drop),
        "try" | "completions" | "man" => format::<HumanFormat>(given).map(drop),
        _ => format::<PlainFormat>(given).map(drop),
    }
}
