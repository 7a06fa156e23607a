//! The grammar of what checks: `validate-structure` and `explain`.

use clap::{Arg, ArgAction, Command, ValueHint};

use crate::report::Format;
use crate::report::list::ListFormat;
use tenon_engine::rules;
use tenon_engine::settings::suppress;

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
        .help_heading("Choosing")
}

/// `tenon validate-structure`
pub fn validate_structure() -> Command {
    Command::new("validate-structure")
        .visible_alias("check")
        .about("Check every integration of the host against what its pack declares")
        .arg(
            Arg::new("what")
                .value_name("NAME|PATH")
                .num_args(..)
                .value_hint(ValueHint::AnyPath)
                .help("Only these integrations, by name or by a path in them"),
        )
        .arg(
            value("format", "FORMAT", "How findings are printed")
                .value_parser(clap::value_parser!(Format))
                .default_value("human"),
        )
        .arg(
            value(
                "output",
                "FORMAT=FILE",
                "Write the findings into a file as well; may be given several times",
            )
            .action(ArgAction::Append),
        )
        .args(mending())
        .args(choosing())
        .arg(flag(
            "no-cache",
            "Check again, even if nothing has changed since the last check",
        ))
        .arg(flag(
            "stats",
            "Say what was inspected, by rule, and how long it took",
        ))
        .arg(
            flag("watch", "Check again whenever a file changes").conflicts_with_all([
                "fix",
                "unsafe-fixes",
                "diff",
                "write-baseline",
            ]),
        )
}

fn mending() -> Vec<Arg> {
    let args = [
        flag("fix", "Apply the fixes that are safe"),
        flag("unsafe-fixes", "Apply all fixes"),
        flag("diff", "Show what the fixes would change; write nothing"),
    ];
    args.into_iter().map(|arg| arg.help_heading("Mending")).collect()
}

fn choosing() -> Vec<Arg> {
    let args = [
        value(
            "changed-since",
            "REF",
            "Only integrations that changed since REF branched off, or whose sites or contracts did",
        ),
        value("shard", "I/N", "Only the I-th of N shares of the integrations"),
        value("baseline", "FILE", "Only findings that FILE does not list").value_hint(ValueHint::FilePath),
        value(
            "write-baseline",
            "FILE",
            "List the findings in FILE; one that exists may only shrink",
        )
        .value_hint(ValueHint::FilePath)
        .conflicts_with_all(["baseline", "fix", "unsafe-fixes", "diff"]),
    ];
    let mut out = vec![
        rule_list("select", "Only these rules"),
        rule_list("ignore", "Not these rules"),
    ];
    out.extend(args.into_iter().map(|arg| arg.help_heading("Choosing")));
    out
}

/// `tenon list`
pub fn list() -> Command {
    Command::new("list")
        .about("List the integrations of the host, how much of them is written and where they are wired")
        .arg(
            value("format", "FORMAT", "How the list is printed")
                .value_parser(clap::value_parser!(ListFormat))
                .default_value("human"),
        )
        .arg(
            value(
                "output",
                "FORMAT=FILE",
                "Write the list into a file as well; may be given several times",
            )
            .action(ArgAction::Append),
        )
}

/// `tenon lsp`
pub fn lsp() -> Command {
    Command::new("lsp")
        .about("Serve an editor: the Language Server Protocol on standard input and output")
        // Many clients add it to whatever they start.
        .arg(flag("stdio", "The only way to be talked to; may be left out").hide(true))
}

/// `tenon explain`
pub fn explain() -> Command {
    let mut ids: Vec<&str> = rules::RULES.iter().map(|rule| rule.id).collect();
    ids.extend(suppress::RULES);
    ids.sort_unstable();
    Command::new("explain")
        .about("Explain a rule of validate-structure, or list all of them")
        .arg(
            Arg::new("rule")
                .value_name("RULE")
                .value_parser(super::grammar::Suggest::words(ids))
                .help("The rule"),
        )
}
