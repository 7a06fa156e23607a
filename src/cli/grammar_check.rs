//! The command line of `validate-structure`, `list`, `lsp` and `explain`.

use clap::{Arg, ArgAction, Command, ValueHint};

use crate::report::Format;
use crate::report::list::ListFormat;
use tenon_engine::rules;
use tenon_engine::settings::suppress;

use super::suggest::Suggest;

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn value(name: &'static str, placeholder: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(placeholder).help(help)
}

fn rule_list(name: &'static str, help: &'static str) -> Arg {
    value(name, "RULE,…", help)
        .value_delimiter(',')
        .action(ArgAction::Append)
        .help_heading("Selection")
}

/// `tenon validate-structure`
pub fn validate_structure(names: Suggest) -> Command {
    Command::new("validate-structure")
        .visible_alias("check")
        .about("Check every integration of the host against the pack")
        .arg(
            Arg::new("what")
                .value_name("NAME|PATH")
                .num_args(..)
                .value_hint(ValueHint::AnyPath)
                .value_parser(names)
                .hide_possible_values(true)
                .help("Only these integrations, by name or by a path in them"),
        )
        .arg(
            value("format", "FORMAT", "How findings are printed")
                .value_parser(Suggest::formats::<Format>())
                .default_value("human"),
        )
        .arg(
            value(
                "output",
                "FORMAT=FILE",
                "Also write the findings to a file; may be given several times",
            )
            .action(ArgAction::Append),
        )
        .args(fixing())
        .args(selection())
        .arg(flag(
            "no-cache",
            "Check again, even if nothing has changed since the last check",
        ))
        .arg(flag("stats", "Print what each rule and each site saw and cost"))
        .arg(
            flag("watch", "Check again whenever a file changes").conflicts_with_all([
                "fix",
                "unsafe-fixes",
                "diff",
                "write-baseline",
            ]),
        )
}

fn fixing() -> Vec<Arg> {
    let args = [
        flag("fix", "Apply the fixes that are safe"),
        flag("unsafe-fixes", "Apply all fixes"),
        flag("diff", "Show what the fixes would change; write nothing"),
    ];
    args.into_iter().map(|arg| arg.help_heading("Fixing")).collect()
}

fn selection() -> Vec<Arg> {
    let args = [
        value(
            "changed-since",
            "REF",
            "Only integrations whose files, sites or contracts changed since the branch left REF",
        ),
        value("shard", "I/N", "Only the I-th of N shares of the integrations"),
        value("baseline", "FILE", "Only findings that FILE does not list").value_hint(ValueHint::FilePath),
        value(
            "write-baseline",
            "FILE",
            "Write the findings to FILE; an existing baseline may only shrink",
        )
        .value_hint(ValueHint::FilePath)
        .conflicts_with_all(["baseline", "fix", "unsafe-fixes", "diff"]),
    ];
    let mut out = vec![
        rule_list("select", "Only these rules"),
        rule_list("ignore", "Not these rules"),
    ];
    out.extend(args.into_iter().map(|arg| arg.help_heading("Selection")));
    out
}

/// `tenon list`
pub fn list() -> Command {
    Command::new("list")
        .about("List the integrations of the host: methods implemented, entries, findings")
        .arg(
            value("format", "FORMAT", "How the list is printed")
                .value_parser(Suggest::formats::<ListFormat>())
                .default_value("human"),
        )
        .arg(
            value(
                "output",
                "FORMAT=FILE",
                "Also write the list to a file; may be given several times",
            )
            .action(ArgAction::Append),
        )
}

/// `tenon lsp`
pub fn lsp() -> Command {
    Command::new("lsp")
        .about("Serve an editor: the Language Server Protocol on standard input and output")
        // Many clients add it to whatever they start.
        .arg(flag("stdio", "The only transport; may be left out").hide(true))
}

/// `tenon explain`
pub fn explain() -> Command {
    let mut ids: Vec<&str> = rules::infos().iter().map(|rule| rule.id).collect();
    ids.extend(suppress::RULES);
    ids.sort_unstable();
    Command::new("explain")
        .about("Explain a rule of validate-structure, or list all of them")
        .arg(
            Arg::new("rule")
                .value_name("RULE")
                .value_parser(Suggest::words(ids))
                .help("The rule"),
        )
}
