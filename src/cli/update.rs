//! `tenon update`: updates members to the pack and the host's contracts as they are now.

use std::collections::BTreeMap;

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::answers::{self, Asker, Given, Sources};
use tenon_engine::apply;
use tenon_engine::facts::Facts;
use tenon_engine::host::{Host, HostPath};
use tenon_engine::plan::init::agents_update;
use tenon_engine::plan::record::{self, Record, RecordedMember};
use tenon_engine::plan::update::{self, FileUpdate, MemberToUpdate, Update, UpdateRequest};
use tenon_engine::plan::{self, Planned};
use tenon_pack::{OptionKind, Pack};
use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;

use super::Outcome;
use super::context::{Context, Globals, STATE_DIR};
use super::follow::{self, Followed, Others};
use super::new::{Question, finish};

/// A member in the record: kind, name, and its entry in the record.
type Recorded = (String, String, RecordedMember);

/// Makes the plan of the update, asks for confirmation and applies it.
pub fn run(context: Context, given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let Context {
        pack,
        mut host,
        settings,
        ..
    } = context;
    if globals.writes() {
        host = super::undo::recover(host, report)?;
    } else {
        super::undo::warn_before_reading(&host, report);
    }
    let record = host.read(&HostPath::new(record::FILE)?)?;
    let record = Record::read(record.as_deref().unwrap_or_default())?;
    let style = plan::code_style(&host, &pack)?;
    let others = {
        let facts = Facts::new(&host, &pack, style.clone());
        follow::others(&pack, &facts, &record)?
    };
    let names: Vec<&String> = given.get_many::<String>("name").into_iter().flatten().collect();
    let chosen = chosen(&pack, &record, &others, &names)?;
    if chosen.is_empty() && others.is_empty() {
        report.nothing_to_update();
        return Ok(Outcome::Done);
    }
    let followed = report.during("checking the members", |_| {
        follow::follow((&pack, &host, &settings), &others, &names)
    })?;
    let groups: Vec<BTreeMap<String, Given>> = chosen.iter().map(|(.., made)| depends(&pack, made)).collect();
    let mut kinds: Vec<&BTreeMap<String, Given>> = Vec::new();
    for group in &groups {
        if !kinds.contains(&group) {
            kinds.push(group);
        }
    }
    // An interface may depend on an answer: members with the same answers share their facts.
    let pool: Vec<Facts<'_>> = kinds
        .iter()
        .map(|_| Facts::new(&host, &pack, style.clone()))
        .collect();
    let mut terminal = globals.terminal(report);
    let set = set(&pack, given)?;
    let mut members = Vec::new();
    for ((id, name, made), group) in chosen.into_iter().zip(&groups) {
        let at = kinds.iter().position(|kind| *kind == group).unwrap_or_default();
        let asker = terminal.as_mut().map(|terminal| terminal as &mut dyn Asker);
        members.push(member(&pack, &pool[at], (&id, &name, made), &set, asker)?);
    }
    let look = plan::new_file_format(&host, &pack)?;
    let mut request = UpdateRequest {
        pack: &pack,
        host: &host,
        members,
        remembered: remembered(&host, &record),
        record,
        style,
        look,
    };
    let mut update = report.during("rendering the members again", |_| update::build(&mut request))?;
    for facts in &pool {
        for warning in facts.warnings() {
            report.warn(&warning);
        }
    }
    join(&mut update, &followed);
    if names.is_empty() {
        for (path, change) in agents_update(&host, &pack)?.changes {
            update.outdated.insert(("section".to_owned(), path.to_string()));
            update.plan.changes.entry(path).or_insert(change);
        }
        update.plan.title = update.title();
    }
    // Who names a member expects that it is updated.
    let is_missed = !update.gone.is_empty() && !names.is_empty();
    let outcome = end((update, followed), globals, (&host, report))?;
    Ok(if is_missed { Outcome::Findings } else { outcome })
}

/// Adds the changes of members that were written by hand, so that both are one step.
fn join(update: &mut Update, followed: &Followed) {
    for (path, change) in &followed.plan.changes {
        let free = update.plan.changes.entry(path.clone());
        free.or_insert_with(|| change.clone());
    }
    update.outdated.extend(followed.outdated.iter().cloned());
    update.plan.title = update.title();
}

/// A recorded member with its recorded answers and the answers to options that are new in the pack.
fn member<'a>(
    pack: &'a Pack,
    facts: &'a Facts<'a>,
    (id, name, made): (&str, &str, RecordedMember),
    set: &BTreeMap<String, Given>,
    asker: Option<&mut dyn Asker>,
) -> Result<MemberToUpdate<'a>> {
    let kind = pack.kind(id)?;
    let sources = Sources {
        name: Some(name.to_owned()),
        flags: fitting(pack, id, set, &made),
        recorded: made.answers.clone(),
        ..Sources::default()
    };
    let answers = answers::collect(pack, kind, facts, name.to_owned(), &sources, asker).map_err(|error| {
        error
            .because(format!("while `{name}` was updated"))
            .help("set a new option with `--set OPTION=ANSWER`")
    })?;
    Ok(MemberToUpdate {
        kind,
        answers,
        facts,
        made,
    })
}

fn end(
    (update, followed): (Update, Followed),
    globals: &Globals,
    (host, report): (&Host, &Report),
) -> Result<Outcome> {
    for (kind, name) in &update.gone {
        report.warn(&format!(
            "`{name}` was not updated: `{}` has it, and it is not there; `tenon remove {kind} {name}` takes it out of there",
            record::FILE
        ));
    }
    let left = warn(&update, report) | followed.warn(report);
    for note in &update.notes {
        report.warn(note);
    }
    let planned = Planned {
        notes: vec![],
        plan: update.plan,
        next: vec![],
    };
    if globals.check && report.is_json() {
        report.outdated(&planned.plan, &update.outdated);
    } else if globals.check {
        let mut text = String::new();
        for (kind, name) in &update.outdated {
            text.push_str(&format!("{kind} {name}\n"));
        }
        report.result(&text);
        report.say(&match update.outdated.len() {
            0 => "nothing is outdated".to_owned(),
            1 => "1 member is outdated: `tenon update` updates it".to_owned(),
            n => format!("{n} members are outdated: `tenon update` updates them"),
        });
    }
    if globals.check {
        return Ok(if update.outdated.is_empty() {
            Outcome::Done
        } else {
            Outcome::Findings
        });
    }
    let rendered = update.rendered;
    let outcome = finish(&planned, &Question::WRITE, globals, report, || {
        let receipt = apply::commit(host.root(), &planned.plan)?;
        for text in &rendered {
            let name = record::digest(text.as_bytes());
            apply::remember(host.root(), &name, text);
        }
        Ok(receipt)
    })?;
    Ok(if left { Outcome::Findings } else { outcome })
}

/// The folder below `.tenon` that stores rendered texts which no commit has.
const RENDERED: &str = "rendered";

/// The stored texts of recorded digests, by digest.
fn remembered(host: &Host, record: &Record) -> BTreeMap<String, String> {
    if !host.exists_dir(&format!("{STATE_DIR}/{RENDERED}")) {
        return BTreeMap::new();
    }
    let digests = record.iter().flat_map(|(_, _, made)| made.files.values());
    digests
        .filter_map(|digest| {
            let path = HostPath::new(&format!("{STATE_DIR}/{RENDERED}/{digest}")).ok()?;
            let text = host.read(&path).ok()??.to_string();
            (record::digest(text.as_bytes()) == *digest).then(|| (digest.clone(), text))
        })
        .collect()
}

/// The recorded members that `names` name; all of them if it is empty.
fn chosen(pack: &Pack, record: &Record, others: &Others, names: &[&String]) -> Result<Vec<Recorded>> {
    for name in names {
        if !others.contains_key(*name) && !record.iter().any(|(_, own, _)| own == name.as_str()) {
            let all = record.iter().map(|(_, own, _)| own);
            let all = all.chain(others.keys().map(String::as_str));
            let error = Error::new(format!("there is no `{name}` here"));
            return Err(match nearest(name, all) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`tenon list` shows what there is"),
            });
        }
    }
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|own| *own == name);
    let is_ours = |made: &RecordedMember| {
        made.pack
            .split(' ')
            .next()
            .is_some_and(|name| pack.is_or_extends(name))
    };
    Ok(record
        .iter()
        .filter(|(id, name, made)| is_wanted(name) && is_ours(made) && pack.kind(id).is_ok())
        .map(|(id, name, made)| (id.to_owned(), name.to_owned(), made.clone()))
        .collect())
}

/// The recorded answers on which an interface of the pack depends.
fn depends(pack: &Pack, made: &RecordedMember) -> BTreeMap<String, Given> {
    let uses = |option: &String| {
        let hole = format!("{{{option}}}");
        pack.apis().values().any(|api| {
            let texts = api
                .entry
                .iter()
                .chain([&api.specifier])
                .chain(api.aliases.values());
            texts.into_iter().any(|text| text.contains(&hole))
        })
    };
    let known = made.answers.iter().filter(|(option, _)| uses(option));
    known.map(|(id, given)| (id.clone(), given.clone())).collect()
}

/// The answers that `--set` gives, by option.
fn set(pack: &Pack, given: &ArgMatches) -> Result<BTreeMap<String, Given>> {
    let mut out = BTreeMap::new();
    for text in given.get_many::<String>("set").into_iter().flatten() {
        let Some((id, words)) = text.split_once('=') else {
            return Err(Error::new(format!("`--set {text}` has no `=`")).help("write `--set OPTION=ANSWER`"));
        };
        let mut all = pack.kinds().iter().flat_map(|kind| pack.options(&kind.id));
        let Some(option) = all.find(|option| option.id == id) else {
            let ids: Vec<&str> = pack
                .kinds()
                .iter()
                .flat_map(|kind| pack.options(&kind.id))
                .map(|option| option.id.as_str())
                .collect();
            let error = Error::new(format!("the pack has no option `{id}`"));
            return Err(match nearest(id, ids) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            });
        };
        let given = if option.kind == OptionKind::Flag {
            Given::Flag(words == "true")
        } else {
            Given::Words(words.split(',').map(|word| word.trim().to_owned()).collect())
        };
        out.insert(id.to_owned(), given);
    }
    Ok(out)
}

/// The answers of `--set` to options that this kind asks and the record does not answer: an update does not change an
/// answer.
fn fitting(
    pack: &Pack,
    id: &str,
    set: &BTreeMap<String, Given>,
    made: &RecordedMember,
) -> BTreeMap<String, Given> {
    let asks = |option: &str| pack.options(id).any(|own| own.id == option);
    let answered = |option: &str| {
        made.answers
            .get(option)
            .is_some_and(|given| !answers::is_empty(given))
    };
    set.iter()
        .filter(|(option, _)| asks(option) && !answered(option))
        .map(|(option, given)| (option.clone(), given.clone()))
        .collect()
}

/// Warns of files that a person has to look at; returns whether any of them needs work.
fn warn(update: &Update, report: &Report) -> bool {
    let mut left = false;
    for (path, fate) in &update.files {
        match fate {
            FileUpdate::Conflict => {
                left = true;
                report.warn(&format!(
                    "`{path}` has conflicts: resolve the text between the markers"
                ));
            }
            FileUpdate::Unknown(diff) => {
                left = true;
                report.warn(&format!(
                    "`{path}` stays: somebody changed it, and its earlier text is neither in git nor stored here"
                ));
                report.say(diff);
            }
            FileUpdate::Kept => report.warn(&format!(
                "`{path}` stays: the pack no longer has it, and somebody changed it"
            )),
            FileUpdate::InTheWay => {
                report.warn(&format!(
                    "`{path}` stays: it is new in the pack, and another file is at its path"
                ));
            }
            FileUpdate::Merged => report.say(&format!("merged: {path}")),
            FileUpdate::Renewed | FileUpdate::Created | FileUpdate::Deleted => {}
        }
    }
    left
}
