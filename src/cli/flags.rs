//! The options that mean the same in every command.
//!
//! A new command gets the global ones without a word. One that writes a plan adds [`writing_args`] to its own, so that its help lists
//! them, asks with [`super::context::Globals::terminal`] and ends with [`super::new::finish`].

use clap::{Arg, ArgAction, ValueHint};

use super::suggest::Suggest;

/// An option without a value.
pub fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// The flags of writing that every command accepts: they are global options. A command that writes a plan lists them among its own
/// ([`writing_args`]); they mean the same everywhere.
pub fn common_args() -> [Arg; 2] {
    [
        flag("dry-run", "Show the files and the diff; write nothing").short('n'),
        flag("yes", "Ask nothing: take the defaults, and confirm").short('y'),
    ]
}

/// The flags of a command that writes a plan.
pub fn writing_args() -> Vec<Arg> {
    let [dry_run, yes] = common_args();
    let check = flag("check", "Like --dry-run, and exit 1 if anything would change");
    vec![dry_run, check, yes]
}

/// The options that every command accepts, before and after its name. A new command gets them without a word.
pub fn global_args() -> Vec<Arg> {
    let flag = |name, help| flag(name, help).global(true).help_heading("Global options");
    let value = |name: &'static str, placeholder: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(placeholder)
            .global(true)
            .help(help)
            .help_heading("Global options")
    };
    vec![
        value(
            "host",
            "DIR",
            "The repository that receives integrations [default: this directory or one above it]",
        )
        .value_hint(ValueHint::DirPath),
        value(
            "pack",
            "NAME|DIR",
            "The framework's pack: a built-in one, or a folder [default: the one that recognises the host]",
        ),
        value("format", "FORMAT", "How results are printed")
            .value_parser(Suggest::words(["human", "json"]))
            .default_value("human"),
        value("color", "WHEN", "When to colour")
            .value_parser(["auto", "always", "never"])
            .default_value("auto"),
        flag("quiet", "Print results and errors only").short('q'),
        flag("verbose", "Print more details").short('v'),
        flag("no-input", "Never ask; a missing answer is an error"),
    ]
    .into_iter()
    .chain(
        common_args()
            .into_iter()
            .map(|arg| arg.global(true).help_heading("Global options")),
    )
    .collect()
}
