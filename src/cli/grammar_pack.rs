//! The grammar of `tenon pack test`.

use clap::{Arg, ArgAction, Command, ValueHint};

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
