//! `tenon remove-integration`, `tenon remove KIND`: removes a member and its entries.

use std::collections::BTreeMap;

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::answers::{Asker, Choice};
use tenon_engine::apply;
use tenon_engine::facts::{Facts, field};
use tenon_engine::plan::remove::{self, Removal};
use tenon_engine::plan::{self, Planned};
use tenon_pack::{Kind, OptionKind, Pack};
use tenon_text::diag::{Error, Result};
use tenon_text::names::listed;

use super::Outcome;
use super::context::{Context, Globals};
use super::new::{Question, finish};

/// Makes the plan of the removal, asks for confirmation and applies it.
pub fn run(
    context: Context,
    kind: &str,
    given: &ArgMatches,
    globals: &Globals,
    report: &Report,
) -> Result<Outcome> {
    let Context { pack, mut host, .. } = context;
    let kind = pack.kind(kind)?;
    if globals.writes() {
        host = super::undo::recover(host, report)?;
    } else {
        super::undo::warn_before_reading(&host, report);
    }
    let facts = Facts::new(&host, &pack, plan::code_style(&host, &pack)?);
    let mut rows = BTreeMap::new();
    for option in pack.options(&kind.id) {
        if option.kind == OptionKind::Many
            && kind.name.one_of.is_some()
            && let Some(words) = given.get_many::<String>(&option.id)
        {
            rows.insert(option.id.clone(), words.cloned().collect());
        }
    }
    let name = match given.get_one::<String>("name") {
        Some(name) => name.clone(),
        None => asked(&pack, &facts, kind, globals.terminal(report))?,
    };
    let request = remove::RemoveRequest {
        pack: &pack,
        host: &host,
        facts: &facts,
        kind,
        name: &name,
        rows: &rows,
        force: given.get_flag("force"),
        instead: given.get_one::<String>("instead").map(String::as_str),
    };
    let removal = report.during("reading the host", |_| remove::build(&request))?;
    warn(&removal, report);
    let planned = Planned {
        plan: removal.plan,
        next: vec![],
    };
    let question = Question {
        text: "Remove it?",
        default: false,
    };
    finish(&planned, &question, globals, report, || {
        apply::commit(host.root(), &planned.plan)
    })
}

/// Which member to remove: one of those that exist.
fn asked(pack: &Pack, facts: &Facts<'_>, kind: &Kind, terminal: Option<Terminal>) -> Result<String> {
    let mut names = Vec::new();
    for declared in pack.kind_members() {
        if declared.kind == kind.id {
            let rows = facts.rows(&declared.rows)?;
            names.extend(rows.iter().map(|row| field(row, "id").to_owned()));
        }
    }
    if let (None, Some(table)) = (names.first(), &kind.name.one_of) {
        let rows = facts.rows(table)?;
        names.extend(rows.iter().map(|row| field(row, "id").to_owned()));
    }
    let missing = Error::new(format!("the name of the {} to remove is missing", kind.id));
    if names.is_empty() {
        return Err(missing.help("this host has none"));
    }
    let Some(mut terminal) = terminal else {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return Err(missing.help(format!("choose from: {}", listed(&names))));
    };
    let choices: Vec<Choice> = names.iter().map(Choice::plain).collect();
    let at = terminal.one("Which one do you want to remove?", &choices, true)?;
    Ok(names.swap_remove(at.unwrap_or_default()))
}

/// At most this many remaining mentions are printed.
const MAX_MENTIONS: usize = 50;

/// Warns of files that stay and of lines that still mention the member.
fn warn(removal: &Removal, report: &Report) {
    for kept in &removal.kept {
        let why = if kept.changed {
            "somebody changed it"
        } else {
            "somebody added it"
        };
        report.warn(&format!("`{}` stays: {why}", kept.path));
    }
    if !removal.kept.is_empty() {
        report.say("`--force` removes these as well");
    }
    for mention in removal.mentions.iter().take(MAX_MENTIONS) {
        report.warn(&format!("`{}:{}` still mentions it", mention.path, mention.line));
    }
    if removal.mentions.len() > MAX_MENTIONS {
        report.warn(&format!(
            "and {} more that mention it",
            removal.mentions.len() - MAX_MENTIONS
        ));
    }
}
