//! `tenon new-integration`, `tenon new KIND`: creates a member and registers it.

use std::collections::BTreeMap;
use std::path::Path;

use clap::ArgMatches;
use serde_json::json;

use crate::report::Report;
use tenon_engine::answers::{self, Asker, Given, Sources};
use tenon_engine::apply;
use tenon_engine::facts::Facts;
use tenon_engine::host::{Host, HostPath};
use tenon_engine::plan::{self, NewRequest, Plan, Planned, record};
use tenon_engine::settings::{Answer, Settings};
use tenon_pack::{Kind, OptionKind, Pack};
use tenon_text::diag::{Error, Result, line_col};
use tenon_text::disk;

use super::Outcome;
use super::context::{Context, Globals};

/// Collects the answers, makes the plan, asks for confirmation and applies it.
pub fn run(
    context: Context,
    kind: &str,
    given: &ArgMatches,
    globals: &Globals,
    report: &Report,
) -> Result<Outcome> {
    let Context {
        pack,
        mut host,
        settings,
        ..
    } = context;
    let kind = pack.kind(kind)?;
    let writes = globals.writes();
    if writes && !kind.host {
        host = super::undo::recover(host, report)?;
    } else if !kind.host {
        super::undo::warn_before_reading(&host, report);
    }
    let facts = Facts::new(&host, &pack, plan::code_style(&host, &pack)?);
    if globals.verbose {
        report.say(&format!("host: {}", host.root().display()));
        report.say(&format!(
            "pack: {} {}, digest {}",
            pack.name(),
            pack.version(),
            pack.digest()
        ));
    }
    let mut terminal = globals.terminal(report);
    let record = host.read(&HostPath::new(record::FILE)?)?;
    let record = record::Record::read(record.as_deref().unwrap_or_default())?;
    let mut sources = sources(&pack, kind, given)?;
    let exists = |name: &str| record.get(&kind.id, name).is_some();
    let asker = terminal.as_mut().map(|terminal| terminal as &mut dyn Asker);
    let name = answers::name(kind, &facts, &sources, &exists, asker)?;
    match record.get(&kind.id, &name) {
        // A default that was set since does not change a member that exists.
        Some(made) => sources.recorded = made.answers.clone(),
        None => sources.defaults = defaults(&settings, &kind.id),
    }
    let asker = terminal.as_mut().map(|terminal| terminal as &mut dyn Asker);
    let answers = answers::collect(&pack, kind, &facts, name, &sources, asker)?;
    if let Some(made) = record.get(&kind.id, &answers.name) {
        answers::unchanged(&pack, kind, &made.answers, &answers)?;
    }
    let target = if kind.host {
        Some(fresh_directory(&host, &answers.name)?)
    } else {
        None
    };
    let empty = target.as_deref().map(Host::empty);
    let request = NewRequest {
        pack: &pack,
        host: empty.as_ref().unwrap_or(&host),
        facts: &facts,
        kind,
        answers: &answers,
    };
    let planned = report.during("reading the host", |_| plan::build(&request))?;
    for warning in facts.warnings() {
        report.warn(&warning);
    }
    let question = if kind.host && Context::is_host_above(host.root()) {
        Question {
            text: "This directory is inside a host already. Make another host in it?",
            default: false,
        }
    } else {
        Question::WRITE
    };
    finish(&planned, &question, globals, report, || match &target {
        Some(dir) => commit_new(dir, &planned.plan),
        None => apply::commit(host.root(), &planned.plan),
    })
}

/// Prints a plan, or asks for confirmation and applies it. Every command that writes ends with this.
pub fn finish(
    planned: &Planned,
    question: &Question<'_>,
    globals: &Globals,
    report: &Report,
    commit: impl FnOnce() -> Result<apply::Receipt>,
) -> Result<Outcome> {
    let plan = &planned.plan;
    if plan.is_empty() {
        report.nothing(plan, !globals.writes());
        return Ok(Outcome::Done);
    }
    if !globals.writes() {
        report.plan(plan);
        return Ok(if globals.check {
            Outcome::Findings
        } else {
            Outcome::Done
        });
    }
    if let Some(terminal) = globals.terminal(report) {
        report.preview(plan);
        if !terminal.confirm(question.text, question.default)? {
            report.say("nothing was changed");
            return Ok(Outcome::Done);
        }
    }
    commit()?;
    report.done(plan, &planned.next);
    Ok(Outcome::Done)
}

/// What a person is asked before a plan is carried out.
pub struct Question<'a> {
    /// The question.
    pub text: &'a str,
    /// What Enter means: no, if something is destroyed.
    pub default: bool,
}

impl Question<'_> {
    /// For a plan that destroys nothing.
    pub const WRITE: Self = Self {
        text: "Write these changes?",
        default: true,
    };
}

/// Creates `dir` and writes the plan there; if that fails, `dir` is deleted again.
fn commit_new(dir: &Path, plan: &Plan) -> Result<apply::Receipt> {
    // Only a directory that was absent before may be deleted.
    let made = matches!(disk::stat_itself(dir), Ok(None));
    apply::make_root(dir)?;
    apply::commit(dir, plan).inspect_err(|_| {
        if made {
            apply::drop_root(dir);
        }
    })
}

/// `tenon new` or `tenon remove` (`verb`) without a kind: lists the kinds.
pub fn kinds(context: &Context, verb: &str, report: &Report) -> Result<Outcome> {
    let offered = context.pack.kinds().iter();
    let offered = offered.filter(|kind| verb == "new" || !kind.host);
    if report.is_json() {
        let kinds = offered.map(|kind| json!({ "id": kind.id, "summary": kind.summary }));
        report.json(&json!({ "version": 1, "kinds": kinds.collect::<Vec<_>>() }));
        return Ok(Outcome::Done);
    }
    let mut text = String::new();
    for kind in offered {
        text.push_str(&format!("{:16} {}\n", kind.id, kind.summary));
    }
    report.result(&text);
    report.say(&format!("run `tenon {verb} KIND --help` for the flags of one"));
    Ok(Outcome::Done)
}

fn fresh_directory(host: &Host, name: &str) -> Result<std::path::PathBuf> {
    let path = HostPath::new(name)?;
    let dir = path.under(host.root());
    let is_empty = std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_none());
    if host.exists(&path) && !is_empty {
        return Err(
            Error::new(format!("`{name}` exists already and is not empty")).help("choose another name")
        );
    }
    Ok(dir)
}

fn sources(pack: &Pack, kind: &Kind, given: &ArgMatches) -> Result<Sources> {
    let mut flags = BTreeMap::new();
    for option in pack.options(&kind.id) {
        let id = option.id.as_str();
        if option.kind == OptionKind::Flag {
            if given.get_flag(id) {
                flags.insert(id.to_owned(), Given::Flag(true));
            }
        } else if let Some(words) = given.get_many::<String>(id) {
            let words = words
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty());
            flags.insert(id.to_owned(), Given::Words(words.collect()));
        }
    }
    let file = given
        .get_one::<String>("answers")
        .map(|path| answers_file(path))
        .transpose()?;
    Ok(Sources {
        name: given.get_one::<String>("name").cloned(),
        flags,
        file,
        recorded: BTreeMap::new(),
        defaults: BTreeMap::new(),
    })
}

fn defaults(settings: &Settings, kind: &str) -> BTreeMap<String, Given> {
    let given = |answer: &Answer| match answer {
        Answer::Words(words) => Given::Words(words.clone()),
        Answer::Flag(on) => Given::Flag(*on),
    };
    settings
        .answers(kind)
        .map(|(id, answer)| (id.to_owned(), given(answer)))
        .collect()
}

fn answers_file(path: &str) -> Result<(String, BTreeMap<String, Given>)> {
    let text = disk::read_text(Path::new(path), disk::MAX_TEXT).map_err(|error| {
        Error::new(format!("the answers file `{path}` cannot be read"))
            .because(error)
            .help("give the path of a TOML file with `--answers FILE`")
    })?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let at = line_col(&text, error.span().map_or(0, |span| span.start));
        Error::new("the answers file is not TOML")
            .at(path, at)
            .because(error.message())
            .help("write `option = \"answer\"`, `option = [\"a\", \"b\"]` or `option = true`")
    })?;
    let mut given = BTreeMap::new();
    for (id, value) in table {
        let words = match value {
            toml::Value::Boolean(on) => Given::Flag(on),
            toml::Value::String(text) => Given::Words(vec![text]),
            toml::Value::Array(items) => Given::Words(
                items
                    .into_iter()
                    .map(|item| match item {
                        toml::Value::String(text) => Ok(text),
                        _ => Err(Error::new(format!("`{id}` has an item that is not a text"))
                            .in_file(path)
                            .help("put quotes round it")),
                    })
                    .collect::<Result<_>>()?,
            ),
            _ => {
                return Err(Error::new(format!(
                    "`{id}` is neither text, a list of texts, nor true or false"
                ))
                .in_file(path)
                .help("put quotes round it"));
            }
        };
        given.insert(id, words);
    }
    Ok((path.to_owned(), given))
}
