//! The command line as `clap` parses it: global options, commands, and a flag for each option of the pack.

use clap::{Arg, ArgAction, Command, ValueHint};

use tenon_engine::answers::{Answers, choices};
use tenon_engine::facts::Facts;
use tenon_engine::plan::code_style;
use tenon_engine::plan::init::CheckRunner;
use tenon_pack::{Kind, OptionKind, Pack, PackOption};
use tenon_text::diag::is_unsafe;
use tenon_text::names::listed;

use super::context::Context;
use super::flags::{common_args, flag, global_args, writing_args};
use super::suggest::Suggest;

const AFTER_HELP: &str = "Exit codes: 0 done or clean, 1 findings, 2 an error.
Colours: --color, NO_COLOR, CLICOLOR_FORCE. Documentation: the folder docs/ of the repository.";

/// The whole command line. Without a host and a pack, the commands whose flags come from the pack accept any flags.
///
/// With `choices` the values that flags can take are read from the host. Help and completions need them, parsing does not.
pub fn command(context: Option<&Context>, choices: bool) -> Command {
    let mut new = Command::new("new")
        .about("Create a member of any kind that the pack offers, and register it")
        .subcommand_value_name("KIND")
        .disable_help_subcommand(true)
        .subcommand_help_heading("Kinds");
    let mut new_integration = Command::new("new-integration").about("Create an integration and register it");
    let mut remove = Command::new("remove")
        .about("Remove a member, made or written by hand: its files and its entries in other files")
        .subcommand_value_name("KIND")
        .disable_help_subcommand(true)
        .subcommand_help_heading("Kinds");
    let mut remove_integration = Command::new("remove-integration")
        .about("Remove an integration: its files and its entries in other files");
    let mut names = Suggest::words([]);
    match context {
        Some(context) => {
            let style = code_style(&context.host, &context.pack).unwrap_or_default();
            let facts = Facts::new(&context.host, &context.pack, style);
            let facts = choices.then_some(&facts);
            names = members(context, facts, None);
            for kind in context.pack.kinds() {
                new = new.subcommand(kind_command(context, kind, kind.id.clone(), facts));
                if !kind.host {
                    let name = kind.id.clone();
                    remove = remove.subcommand(removal_command(context, kind, name, facts));
                }
            }
            if let Ok(kind) = context.pack.kind("integration") {
                new_integration = kind_command(context, kind, "new-integration".to_owned(), facts)
                    .about("Create an integration and register it");
                let name = "remove-integration".to_owned();
                remove_integration = removal_command(context, kind, name, facts)
                    .about("Remove an integration: its files and its entries in other files");
            }
        }
        None => {
            let inside = "Its flags come from the host's pack: run this inside a host, or name one with --host or --pack.";
            let anything = Arg::new("anything")
                .num_args(..)
                .allow_hyphen_values(true)
                .trailing_var_arg(true)
                .hide(true);
            let open = |command: Command, usage: &str| {
                command
                    .after_help(inside)
                    .override_usage(usage.to_owned())
                    .arg(anything.clone())
                    .arg(help_arg())
                    .disable_help_flag(true)
            };
            new = open(new, "tenon new KIND NAME [OPTIONS]");
            new_integration = open(new_integration, "tenon new-integration NAME [OPTIONS]");
            remove = open(remove, "tenon remove KIND NAME [OPTIONS]");
            remove_integration = open(remove_integration, "tenon remove-integration NAME [OPTIONS]");
        }
    }
    Command::new("tenon")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Creates integrations in a host repository, and checks, fixes, updates and removes them")
        .after_help(AFTER_HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(global_args())
        .subcommand(new_integration)
        .subcommand(new)
        .subcommand(remove_integration)
        .subcommand(remove)
        .subcommand(super::grammar_check::validate_structure(names.clone()))
        .subcommand(super::grammar_check::explain())
        .subcommand(super::grammar_check::list())
        .subcommand(super::grammar_check::lsp())
        .subcommand(learn())
        .subcommand(update(names))
        .subcommand(undo())
        .subcommand(init())
        .subcommand(try_it(choices))
        .subcommand(completions())
        .subcommand(pack())
        .subcommand(Command::new("man").about("Print the manual page").hide(true))
}

fn help_arg() -> Arg {
    Arg::new("help")
        .long("help")
        .short('h')
        .action(ArgAction::Help)
        .help("Print help")
}

/// The names of the built-in packs.
fn built_in() -> Vec<String> {
    let packs = Pack::built_in();
    packs.iter().map(|files| files.name().to_owned()).collect()
}

fn kind_command(context: &Context, kind: &Kind, name: String, facts: Option<&Facts<'_>>) -> Command {
    let mut command = Command::new(name)
        .about(one_line(&kind.summary))
        .arg(name_arg(kind, facts));
    for option in context.pack.options(&kind.id) {
        command = command.arg(option_arg(option, facts));
    }
    if let Some(docs) = context.pack.docs() {
        command = command.after_help(format!("The framework's own guide: {}", one_line(docs)));
    }
    command
        .arg(
            Arg::new("answers")
                .long("answers")
                .value_name("FILE")
                .value_hint(ValueHint::FilePath)
                .help("Read options from a TOML file; flags take precedence"),
        )
        .args(writing_args())
}

/// The command that removes members of `kind`. Options with several answers become flags that narrow the removal.
fn removal_command(context: &Context, kind: &Kind, name: String, facts: Option<&Facts<'_>>) -> Command {
    let about = one_line(&kind.summary);
    let mut command = Command::new(name).about(about).arg(
        Arg::new("name")
            .value_name("NAME")
            .value_parser(members(context, facts, Some(kind)))
            .hide_possible_values(true)
            .help("The member to remove; asked for if it is missing"),
    );
    // Only a kind that adds to existing members can remove a part of what it added.
    if kind.name.one_of.is_some() {
        let options = context.pack.options(&kind.id);
        for option in options.filter(|option| option.kind == OptionKind::Many) {
            command = command.arg(option_arg(option, facts).help("Remove only these"));
        }
    }
    command
        .arg(
            Arg::new("force")
                .long("force")
                .action(ArgAction::SetTrue)
                .help("Also remove files that people changed or added"),
        )
        .arg(
            Arg::new("instead")
                .long("instead")
                .value_name("OTHER")
                .help("The member that replaces it where only one can be active [default: the one before it, if recorded]"),
        )
        .args(writing_args())
}

fn name_arg(kind: &Kind, facts: Option<&Facts<'_>>) -> Arg {
    let arg = Arg::new("name")
        .value_name("NAME")
        .help(one_line(&kind.name.prompt));
    match (&kind.name.one_of, facts) {
        (Some(table), Some(facts)) => {
            let rows = facts.rows(table).unwrap_or_default();
            offering(arg, Suggest::rows(rows.iter()))
        }
        _ => arg,
    }
}

/// The names of the members of the host: those of `kind`, or all.
fn members(context: &Context, facts: Option<&Facts<'_>>, kind: Option<&Kind>) -> Suggest {
    let Some(facts) = facts else {
        return Suggest::words([]);
    };
    let wanted = |id: &str| kind.is_none_or(|kind| kind.id == id);
    let declarations = context.pack.kind_members().iter();
    let mut tables: Vec<&str> = declarations
        .filter(|declared| wanted(&declared.kind))
        .map(|declared| declared.rows.as_str())
        .collect();
    if tables.is_empty() {
        tables.extend(kind.and_then(|kind| kind.name.one_of.as_deref()));
    }
    let rows = tables.into_iter().filter_map(|table| facts.rows(table).ok());
    let rows: Vec<_> = rows.flat_map(|rows| rows.to_vec()).collect();
    Suggest::rows(rows.iter())
}

fn option_arg(option: &PackOption, facts: Option<&Facts<'_>>) -> Arg {
    let help = one_line(option.help.as_ref().unwrap_or(&option.prompt));
    let arg = Arg::new(option.id.clone()).long(option.id.clone()).help(help);
    if option.kind == OptionKind::Flag {
        return arg.action(ArgAction::SetTrue);
    }
    let none = Answers {
        name: String::new(),
        values: serde_json::Map::new(),
        words: Default::default(),
    };
    let rows = facts
        .and_then(|facts| choices(facts, option, &none).ok())
        .unwrap_or_default();
    let ids = Suggest::rows(rows.iter());
    match option.kind {
        OptionKind::Many => offering(arg, ids)
            .value_name("A,B")
            .value_delimiter(',')
            .action(ArgAction::Append),
        OptionKind::Pairs => arg
            .value_name("A:B,…")
            .value_delimiter(',')
            .action(ArgAction::Append),
        OptionKind::One => offering(arg, ids).value_name("NAME"),
        OptionKind::Text | OptionKind::Flag => arg.value_name("TEXT"),
    }
}

/// `arg` with `values` on offer. Of many values the help shows the first; completions know all of them.
fn offering(arg: Arg, values: Suggest) -> Arg {
    const MOST_IN_HELP: usize = 20;
    if values.names().len() <= MOST_IN_HELP {
        return arg.value_parser(values);
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    arg.help(format!("{help} [possible values: {}]", listed(&values.names())))
        .hide_possible_values(true)
        .value_parser(values)
}

/// A text of the pack on one line, safe in help and completion scripts. Scripts quote it with `'`; PowerShell also ends a text
/// at typographic single quotes, which the generator of completions does not escape.
fn one_line(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{2018}'..='\u{201b}' => '\'',
        c if is_unsafe(c) => ' ',
        c => c,
    };
    text.chars().map(plain).collect()
}

fn init() -> Command {
    let steps = |flag: &'static str, help: &'static str| {
        let words = CheckRunner::ALL
            .into_iter()
            .map(CheckRunner::flag)
            .filter_map(move |(of, word)| (of == flag).then_some(word));
        Arg::new(flag)
            .long(flag)
            .value_name("A,B")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .value_parser(words.collect::<Vec<_>>())
            .help(help)
    };
    Command::new("init")
        .about("Pin the pack in tenon.toml, and add the check to CI and commit hooks")
        .arg(steps("ci", "Add a step to this CI"))
        .arg(steps("hook", "Add a step to these hooks before a commit"))
        .arg(
            flag(
                "agents",
                "Write a section in AGENTS.md on how to make and check integrations here",
            )
            .conflicts_with("no-agents"),
        )
        .arg(flag("no-agents", "Remove that section"))
        .args(writing_args())
}

fn update(names: Suggest) -> Command {
    let name = Arg::new("name")
        .value_name("NAME")
        .num_args(0..)
        .value_parser(names)
        .hide_possible_values(true)
        .help("The members to update [default: all]");
    let set = Arg::new("set")
        .long("set")
        .value_name("OPTION=ANSWER")
        .action(ArgAction::Append)
        .help("Set an option that is new in the pack; separate several answers by commas");
    Command::new("update")
        .about("Update members to the current pack and contracts, and keep what people wrote")
        .arg(name)
        .arg(set)
        .args(writing_args())
}

fn undo() -> Command {
    Command::new("undo")
        .about("Undo the last step, byte for byte")
        .arg(
            Arg::new("list")
                .long("list")
                .conflicts_with_all(["to"])
                .action(ArgAction::SetTrue)
                .help("List the steps that can be undone"),
        )
        .arg(
            Arg::new("recover")
                .long("recover")
                .conflicts_with_all(["list", "to", "partial"])
                .action(ArgAction::SetTrue)
                .help("Only finish or undo a step that was interrupted"),
        )
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("N")
                .value_parser(clap::value_parser!(u32))
                .help("Undo every step down to and including number N"),
        )
        .arg(
            Arg::new("partial")
                .long("partial")
                .action(ArgAction::SetTrue)
                .help("Skip files in which the same lines changed since, and undo the rest"),
        )
        .args(common_args())
}

fn learn() -> Command {
    let value = |name: &'static str, placeholder: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(placeholder).help(help)
    };
    Command::new("learn")
        .about("Learn a pack from the integrations that this repository has")
        .arg(
            Arg::new("where")
                .value_name("WHERE")
                .value_hint(ValueHint::AnyPath)
                .help(
                    "A member, the directory of the members, or a path with a hole: packages/plugin-{name}",
                ),
        )
        .arg(value(
            "kind",
            "NAME",
            "What a member is called [default: from the directory]",
        ))
        .arg(value(
            "name",
            "NAME",
            "Name of the pack [default: from the repository]",
        ))
        .arg(
            value(
                "except",
                "MEMBERS",
                "Siblings that are not members, comma-separated",
            )
            .value_delimiter(',')
            .action(ArgAction::Append),
        )
        .arg(value("to", "DIR", "Folder of the pack [default: tenon-pack]").value_hint(ValueHint::DirPath))
        .arg(
            Arg::new("again")
                .long("again")
                .action(ArgAction::SetTrue)
                .help("Update a pack that was learnt before; what people wrote in it stays"),
        )
        .arg(
            value(
                "output",
                "FORMAT=FILE",
                "Also write the report to a file: json, markdown, text; may be given several times",
            )
            .action(ArgAction::Append),
        )
        .args(writing_args())
}

fn try_it(choices: bool) -> Command {
    let packs = if choices { built_in() } else { vec![] };
    Command::new("try")
        .about("Show what a pack does, step by step, on a temporary host")
        .arg(
            Arg::new("name")
                .value_name("PACK")
                .value_parser(Suggest::words(packs.iter().map(String::as_str)))
                .hide_possible_values(true)
                .help("The pack to show [default: the first built-in one]"),
        )
        .arg(
            Arg::new("keep")
                .long("keep")
                .value_name("DIR")
                .value_hint(ValueHint::DirPath)
                .help("Create the host in DIR, which must be empty, and keep it"),
        )
}

fn completions() -> Command {
    Command::new("completions")
        .about("Print a completion script for your shell")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(clap_complete::env::Shells::builtins().names().collect::<Vec<_>>()),
        )
}

fn pack() -> Command {
    let snapshot = Command::new("snapshot")
        .about("Print the interface of this host's framework, for hosts that do not have it installed")
        .arg(
            Arg::new("api")
                .value_name("API")
                .required(true)
                .help("The pack's name for the interface"),
        )
        .arg(
            Arg::new("member")
                .long("member")
                .value_name("NAME")
                .help("The member of each namespace that is a contract"),
        );
    Command::new("pack")
        .about("Tools for pack authors")
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .subcommand(
            Command::new("check").about("Report every problem of a pack").arg(
                Arg::new("dir")
                    .value_name("DIR")
                    .value_hint(ValueHint::DirPath)
                    .help("The folder that holds pack.toml [default: this one]"),
            ),
        )
        .subcommand(super::grammar_pack::new())
        .subcommand(super::grammar_pack::test())
        .subcommand(super::grammar_pack::explain())
        .subcommand(Command::new("schema").about("Print the JSON schema of pack.toml, for editors"))
        .subcommand(snapshot)
}
