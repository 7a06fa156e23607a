//! `tenon remove-integration`, `tenon remove KIND`: removes a member and its entries.

use std::collections::BTreeMap;

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::apply;
use tenon_engine::facts::Facts;
use tenon_engine::plan::remove::{self, Removal};
use tenon_engine::plan::{self, Planned};
use tenon_pack::QuestionKind;
use tenon_text::diag::Result;

use super::Outcome;
use super::context::{Context, Globals};
use super::new::finish;

/// Makes the plan of the removal, asks for confirmation and applies it.
pub fn run(
    context: Context,
    generator: &str,
    given: &ArgMatches,
    globals: &Globals,
    report: &Report,
) -> Result<Outcome> {
    let Context { pack, mut host, .. } = context;
    let generator = pack.generator(generator)?;
    if !given.get_flag("dry-run") && !given.get_flag("check") {
        host = super::undo::recover(host, report)?;
    } else {
        super::undo::warn_before_reading(&host, report);
    }
    let facts = Facts::new(&host, &pack, plan::code_style(&host, &pack)?);
    let mut rows = BTreeMap::new();
    for question in pack.questions(&generator.id) {
        if question.kind == QuestionKind::Many
            && generator.name.one_of.is_some()
            && let Some(words) = given.get_many::<String>(&question.id)
        {
            rows.insert(question.id.clone(), words.cloned().collect());
        }
    }
    let name = given.get_one::<String>("name").map_or("", String::as_str);
    let removal = remove::build(&remove::RemoveRequest {
        pack: &pack,
        host: &host,
        facts: &facts,
        generator,
        name,
        rows: &rows,
        force: given.get_flag("force"),
        instead: given.get_one::<String>("instead").map(String::as_str),
    })?;
    warn(&removal, report);
    let terminal = if globals.no_input || globals.json {
        None
    } else {
        Terminal::open(report.has_colour())
    };
    let planned = Planned {
        plan: removal.plan,
        next: vec![],
    };
    finish(&planned, given, terminal.as_ref(), report, || {
        apply::commit(host.root(), &planned.plan)
    })
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
            "and {} more lines",
            removal.mentions.len() - MAX_MENTIONS
        ));
    }
}
