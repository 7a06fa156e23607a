//! `tenon completions SHELL`, `tenon man`: a completion script and the manual page.
//!
//! The script asks this program for every word that is completed, by [`VARIABLE`]. So it knows the flags of the pack and the names of the
//! host in which the shell is, and does not change with them.

use std::ffi::OsString;
use std::path::Path;

use clap::{ArgMatches, Command};
use clap_complete::env::{EnvCompleter, Shells};

use crate::report::Report;
use tenon_text::diag::{Error, Result};

use super::Outcome;
use super::context::{Context, Globals};
use super::grammar;

/// Names the shell that wants a word completed.
pub const VARIABLE: &str = "TENON_COMPLETE";

/// Prints the completion script.
pub fn run(given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let name = given.get_one::<String>("shell").map_or("", String::as_str);
    let shells = Shells::builtins();
    let shell = shells
        .completer(name)
        .ok_or_else(|| Error::new("the shell is missing"))?;
    let mut script = Vec::new();
    shell
        .write_registration(VARIABLE, "tenon", "tenon", "tenon", &mut script)
        .map_err(|error| Error::new("the script cannot be written").because(error))?;
    report.raw(&String::from_utf8_lossy(&script));
    if name == "zsh" {
        report.raw(ZSH_AUTOLOAD);
    }
    Ok(Outcome::Done)
}

/// Where zsh loads the script from its `fpath`, it does so for the first word that is completed, which the script must then complete.
const ZSH_AUTOLOAD: &str =
    "if [ \"$funcstack[1]\" = \"_tenon\" ]; then\n    _clap_dynamic_completer_tenon \"$@\"\nfi\n";

/// If a shell asks, prints the words that may stand where the cursor is. `args` are those of the program: the command line that is
/// being typed stands behind `--`.
pub fn answer(args: &[String]) -> Option<Outcome> {
    let name = std::env::var(VARIABLE).ok().filter(|name| !name.is_empty())?;
    let shells = Shells::builtins();
    let shell = shells.completer(&name)?;
    let typed: Vec<String> = args
        .iter()
        .skip_while(|arg| *arg != "--")
        .skip(1)
        .cloned()
        .collect();
    let report = Report::of_completions();
    if let Ok(words) = candidates(shell, &typed, &report) {
        report.raw(&words);
    }
    Some(Outcome::Done)
}

fn candidates(shell: &dyn EnvCompleter, typed: &[String], report: &Report) -> Result<String> {
    let globals = Globals::scan(typed);
    let context = if globals.packless {
        None
    } else {
        Context::open(&globals, report).ok()
    };
    let mut command = grammar::command(context.as_ref(), true);
    let words: Vec<OsString> = typed.iter().map(OsString::from).collect();
    let here = globals.start()?;
    let mut out = Vec::new();
    shell
        .write_complete(&mut command, words, Some(Path::new(&here)), &mut out)
        .map_err(|error| Error::new("the words cannot be written").because(error))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Prints the manual page: one for all commands, each with its own flags.
pub fn man(report: &Report) -> Result<Outcome> {
    let command = grammar::command(None, false);
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    let failed = |error| Error::new("the manual page cannot be written").because(error);
    man.render_title(&mut page).map_err(failed)?;
    man.render_name_section(&mut page).map_err(failed)?;
    man.render_synopsis_section(&mut page).map_err(failed)?;
    man.render_description_section(&mut page).map_err(failed)?;
    man.render_options_section(&mut page).map_err(failed)?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    page.push_str(".SH COMMANDS\n");
    for sub in command.get_subcommands() {
        of_command("tenon", sub, &mut page);
    }
    page.push_str(
        ".PP\nInside a host, \\fBtenon help\\fR \\fICOMMAND\\fR lists that host's flags and their values.\n",
    );
    page.push_str(".SH EXIT STATUS\n");
    for (code, means) in EXIT_CODES {
        page.push_str(&format!(".TP\n\\fB{code}\\fR\n{means}\n"));
    }
    page.push_str(".SH ENVIRONMENT\n");
    for (name, means) in ENVIRONMENT {
        page.push_str(&format!(".TP\n\\fB{name}\\fR\n{means}\n"));
    }
    page.push_str(".SH FILES\n");
    for (name, means) in FILES {
        page.push_str(&format!(".TP\n\\fB{name}\\fR\n{means}\n"));
    }
    report.raw(&page);
    Ok(Outcome::Done)
}

const EXIT_CODES: [(&str, &str); 3] = [
    ("0", "Done, or no findings."),
    (
        "1",
        "There are findings, or \\-\\-check found that something would change.",
    ),
    ("2", "It could not be done; nothing was changed."),
];

const ENVIRONMENT: [(&str, &str); 3] = [
    (
        "NO_COLOR, CLICOLOR_FORCE",
        "Without colours, or always with colours.",
    ),
    (
        "XDG_CACHE_HOME",
        "Where the cache of checks and fetched packs are, in \\fItenon\\fR [default: ~/.cache].",
    ),
    (
        "XDG_STATE_HOME",
        "Where the secret of this user is, in \\fItenon\\fR [default: ~/.local/state].",
    ),
];

const FILES: [(&str, &str); 3] = [
    (
        "tenon.toml",
        "Settings of a host: its pack, rules, accepted findings.",
    ),
    ("tenon.lock", "The record of what was made. Commit it."),
    (".tenon/", "Steps that can be undone. Ignored by git."),
];

/// One command below `above`, and its own commands, with their flags.
fn of_command(above: &str, command: &Command, page: &mut String) {
    let name = format!("{above} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let synopsis: String = command
        .get_positionals()
        .filter(|arg| !arg.is_hide_set())
        .map(|arg| format!(" [{}]", value_names(arg)))
        .collect();
    page.push_str(&format!(
        ".SS {}\n{}\n",
        plain(&format!("{name}{synopsis}")),
        plain(&about)
    ));
    let own = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set() && !arg.is_global_set());
    for arg in own.filter(|arg| !arg.is_positional() && arg.get_id() != "help") {
        let short = arg
            .get_short()
            .map(|short| format!("-{short}, "))
            .unwrap_or_default();
        let long = arg.get_long().map(|long| format!("--{long}")).unwrap_or_default();
        let value = match arg.get_action().takes_values() {
            true => format!(" {}", value_names(arg)),
            false => String::new(),
        };
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        page.push_str(&format!(
            ".TP\n\\fB{}\\fR\n{}\n",
            plain(&format!("{short}{long}{value}")),
            plain(&help)
        ));
    }
    for sub in command.get_subcommands() {
        of_command(&name, sub, page);
    }
}

fn value_names(arg: &clap::Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `text` as the manual shows it: signs that roff takes for commands are escaped.
fn plain(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('…', "...");
    if text.starts_with(['.', '\'']) {
        return format!("\\&{text}");
    }
    text
}
