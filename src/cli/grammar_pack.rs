//! The grammar of `tenon pack new`, `tenon pack test` and `tenon pack explain`.

use clap::{Arg, ArgAction, Command, ValueHint};

use tenon_pack::starter::LANGUAGES;

/// `tenon pack new`
pub fn new() -> Command {
    Command::new("new")
        .about("Write a commented pack to begin with, which passes its own tests")
        .arg(
            Arg::new("dir")
                .value_name("DIR")
                .required(true)
                .value_hint(ValueHint::DirPath)
                .help("The folder that is made"),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("NAME")
                .help("What the pack is called [default: as the folder]"),
        )
        .arg(
            Arg::new("language")
                .long("language")
                .value_name("LANGUAGE")
                .value_parser(LANGUAGES.map(|(word, _)| word))
                .help("The language in which integrations are written"),
        )
}

/// `tenon pack explain`
pub fn explain() -> Command {
    Command::new("explain")
        .about("Say what a pack makes and checks, on a page")
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
        .about("Try a pack on hosts of its own: make, check, break, undo and remove what it makes")
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
                .help("Try at most so many combinations of answers for each generator and host"),
        )
        .arg(
            Arg::new("run-verify")
                .long("run-verify")
                .action(ArgAction::SetTrue)
                .help("Run the pack's own commands (`[[verify]]`) in what it made"),
        )
}
