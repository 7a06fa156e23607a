//! The command line of `tenon pack new`, `tenon pack test` and `tenon pack explain`.

use clap::{Arg, ArgAction, Command, ValueHint};

use tenon_syntax::languages;

/// `tenon pack new`
pub fn new() -> Command {
    Command::new("new")
        .about("Write a small commented pack that passes its own tests")
        .arg(
            Arg::new("dir")
                .value_name("DIR")
                .required(true)
                .value_hint(ValueHint::DirPath)
                .help("The folder to create"),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("NAME")
                .help("Name of the pack [default: that of the folder]"),
        )
        .arg(
            Arg::new("language")
                .long("language")
                .value_name("LANGUAGE")
                .value_parser(languages::names())
                .help("The language in which integrations are written"),
        )
        .args(super::flags::common_args())
}

/// `tenon pack explain`
pub fn explain() -> Command {
    Command::new("explain")
        .about("Describe what a pack makes and checks, on one page")
        .arg(
            Arg::new("dir")
                .value_name("DIR|NAME")
                .value_hint(ValueHint::DirPath)
                .help("The folder that holds pack.toml, or the name of a built-in pack [default: this one]"),
        )
        .arg(
            Arg::new("markdown")
                .long("markdown")
                .action(ArgAction::SetTrue)
                .help("Print the page as Markdown, not as text"),
        )
}

/// `tenon pack test`
pub fn test() -> Command {
    Command::new("test")
        .about("Test a pack on its own hosts: make, check, break, undo and remove what it makes")
        .arg(
            Arg::new("dir")
                .value_name("DIR")
                .value_hint(ValueHint::DirPath)
                .help("The folder that holds pack.toml, or the name of a built-in pack [default: this one]"),
        )
        .arg(
            Arg::new("combinations")
                .long("combinations")
                .value_name("N")
                .value_parser(clap::value_parser!(usize))
                .default_value("24")
                .help("Try at most N combinations of answers for each kind and host"),
        )
        .arg(
            Arg::new("run-verify")
                .long("run-verify")
                .action(ArgAction::SetTrue)
                .help("Run the pack's own commands (`verify`) in what it made"),
        )
}
