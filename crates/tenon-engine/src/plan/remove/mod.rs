//! Taking back what a generator made, or what somebody wrote by hand in its place: its entries leave every site, what it
//! held goes to who held it before, its files go. What people changed or added stays unless it is asked for.
//!
//! What goes is told by the record and by the pack: an entry goes if the record has it, or if the pack would make it for what
//! is taken away and not for what stays.

mod entries;
mod files;
mod refs;
mod slots;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::answers::Given;
use crate::facts::{Facts, field};
use crate::host::{Host, HostPath};
use tenon_pack::{Generator, Pack, QuestionKind, Subject};
use tenon_syntax::style::Style;
use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;

use super::change::Plan;
use super::observe::{Choices, Observer, Slot, Thing, slots, things};
use super::overlay::Overlay;
use super::record::{self, Record};
use super::scope::Scope;
use super::tables::tables_in_checks;
use super::{code_style, new_file_format};

pub use files::Kept;
pub use refs::Mention;

/// What is to be taken away.
pub struct Request<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The host.
    pub host: &'a Host,
    /// Facts of that host.
    pub facts: &'a Facts<'a>,
    /// The generator that makes such things.
    pub generator: &'a Generator,
    /// The thing.
    pub name: &'a str,
    /// Of some questions, the rows that go; without any the whole thing goes.
    pub rows: &'a BTreeMap<String, Vec<String>>,
    /// Whether changed and added files go too.
    pub force: bool,
    /// Who takes over the slots that the thing holds and nobody held before.
    pub instead: Option<&'a str>,
}

/// What came of it.
pub struct Removal {
    /// What will be written.
    pub plan: Plan,
    /// Files that stay, though they belong to what goes.
    pub kept: Vec<Kept>,
    /// Where the thing is still spoken of.
    pub mentions: Vec<Mention>,
}

/// Everything that the steps of a removal need.
struct Desk<'a> {
    request: &'a Request<'a>,
    style: Style,
    scope: Scope<'a>,
    choices: Choices,
    things: Vec<Thing>,
    slots: Vec<Slot>,
    overlay: Overlay<'a>,
    record: Record,
    /// The generators and names under which the thing is recorded.
    family: Vec<(String, String)>,
    /// The thing as it stands; nothing if only the record knows of it.
    thing: Option<Thing>,
    /// The answers that would have made it, and those that would make what stays of it.
    all: Map<String, Value>,
    stays: Option<Map<String, Value>>,
}

/// Makes the plan. Nothing is written.
///
/// # Errors
/// When there is no such thing, when others build on it, when nobody takes over what it holds, when a site cannot be read.
pub fn build<'a>(request: &'a Request<'a>) -> Result<Removal> {
    let mut desk = Desk::new(request)?;
    refs::refuse(&mut desk)?;
    let words = refs::words(&mut desk)?;
    let gone = desk.expected()?;
    let held = slots::give_back(&mut desk)?;
    entries::take_out(&mut desk, &gone, &held)?;
    let kept = files::take_away(&mut desk, &held)?;
    desk.write_record(&held)?;
    let deleted = desk.overlay.deleted();
    let mentions = match desk.stays {
        None => refs::mentions(&mut desk, &words, &deleted)?,
        Some(_) => vec![],
    };
    refs::refuse_mentions(request.name, &desk.things, &mentions, request.force)?;
    let plan = desk
        .overlay
        .into_plan(format!("remove {} {}", request.generator.id, request.name))?;
    Ok(Removal { plan, kept, mentions })
}

/// The table of things that `generator` makes or adds to.
fn subject<'p>(pack: &'p Pack, generator: &Generator) -> Option<&'p Subject> {
    let subjects = pack.subjects();
    let own = subjects.iter().find(|subject| subject.generator == generator.id);
    own.or_else(|| {
        let table = generator.name.one_of.as_ref()?;
        subjects.iter().find(|subject| subject.rows == *table)
    })
}

impl<'a> Desk<'a> {
    fn new(request: &'a Request<'a>) -> Result<Self> {
        let Request {
            pack,
            host,
            facts,
            generator,
            name,
            ..
        } = *request;
        let style = code_style(host, pack)?;
        let mut scope = Scope::of_things(pack, facts, &style, &tables_in_checks(pack))?;
        let mut all_things = Vec::new();
        for subject in pack.subjects() {
            all_things.extend(things(subject, facts, &mut scope)?);
        }
        let choices = Choices::read(pack, facts)?;
        let slots = slots(pack, host, &choices, &all_things, &mut scope)?;
        let lock = HostPath::new(record::FILE)?;
        let record = Record::read(host.read(&lock)?.as_deref().unwrap_or_default())?;
        let subject = subject(pack, generator);
        let of_kind = |thing: &&Thing| subject.is_some_and(|subject| subject.generator == thing.generator);
        let thing = all_things.iter().filter(of_kind).find(|thing| thing.name == name);
        let mut desk = Self {
            request,
            style,
            scope,
            choices,
            slots,
            overlay: Overlay::new(host),
            record,
            family: vec![],
            thing: thing.cloned(),
            all: Map::from_iter([("name".to_owned(), json!(name))]),
            stays: None,
            things: all_things,
        };
        if let Some(thing) = desk.thing.clone() {
            desk.all = desk.values(&thing)?;
        }
        desk.stays = desk.rest(subject)?;
        desk.family = desk.family_of(subject);
        if desk.thing.is_none() && desk.family.is_empty() {
            return Err(desk.no_such_thing(subject));
        }
        Ok(desk)
    }

    /// The answers that would have made `thing`.
    fn values(&mut self, thing: &Thing) -> Result<Map<String, Value>> {
        let observer = Observer {
            pack: self.request.pack,
            choices: &self.choices,
            slots: &self.slots,
            for_fixes: true,
        };
        observer.values(thing, self.request.host, &mut self.scope)
    }

    /// The answers that would make what stays; nothing if all goes.
    fn rest(&self, subject: Option<&Subject>) -> Result<Option<Map<String, Value>>> {
        let Request {
            pack,
            generator,
            name,
            rows,
            ..
        } = *self.request;
        if rows.is_empty() {
            let adds = subject.is_some_and(|subject| subject.generator != generator.id);
            if !adds {
                return Ok(None);
            }
            let questions = pack.questions(&generator.id);
            let flags: Vec<String> = questions
                .filter(|question| question.kind == QuestionKind::Many)
                .map(|question| format!("`--{} A,B`", question.id))
                .collect();
            return Err(Error::new(format!("`{name}` has more than one {}", generator.id))
                .help(format!("say which of them go: {}", flags.join(" or "))));
        }
        let mut stays = self.all.clone();
        for (question, ids) in rows {
            let there = stays.get_mut(question).and_then(Value::as_array_mut);
            let Some(there) = there else { continue };
            for id in ids {
                if !there.iter().any(|row| field(row, "id") == id) {
                    let known: Vec<String> = there
                        .iter()
                        .map(|row| format!("`{}`", field(row, "id")))
                        .collect();
                    let error = Error::new(format!("`{name}` has no `{id}`"));
                    return Err(if known.is_empty() {
                        error.help(format!("it has none of `--{question}`"))
                    } else {
                        error.help(format!("it has {}", known.join(", ")))
                    });
                }
            }
            there.retain(|row| !ids.iter().any(|id| field(row, "id") == id));
        }
        for question in pack.questions(&generator.id) {
            if let Some(within) = &question.within
                && rows.contains_key(within)
            {
                let left = stays.get(within).and_then(Value::as_array).cloned();
                let left = left.unwrap_or_default();
                if let Some(own) = stays.get_mut(&question.id).and_then(Value::as_array_mut) {
                    own.retain(|row| left.iter().any(|other| field(other, "id") == field(row, "id")));
                }
            }
        }
        Ok(Some(stays))
    }

    /// The generators and names under which the thing is recorded: its own, those that add to it, and those whose files all
    /// stand in its directory.
    fn family_of(&self, subject: Option<&Subject>) -> Vec<(String, String)> {
        let Request {
            pack,
            generator,
            name,
            ..
        } = *self.request;
        let adds = |id: &str| {
            let own = subject.is_some_and(|subject| subject.generator == id);
            let to = pack.generator(id).ok().and_then(|of| of.name.one_of.as_ref());
            own || to.is_some_and(|table| subject.is_some_and(|subject| subject.rows == *table))
        };
        let inside = |files: &BTreeMap<String, String>| {
            self.thing.as_ref().is_some_and(|thing| {
                let dir = format!("{}/", thing.dir);
                !files.is_empty() && files.keys().all(|file| file.starts_with(&dir))
            })
        };
        let whole = self.stays.is_none();
        self.record
            .iter()
            .filter(|(id, own, made)| {
                (*own == name && (*id == generator.id || adds(id))) || (whole && inside(&made.files))
            })
            .map(|(id, own, _)| (id.to_owned(), own.to_owned()))
            .collect()
    }

    fn no_such_thing(&self, subject: Option<&Subject>) -> Error {
        let Request { generator, name, .. } = *self.request;
        let of = subject.map_or(generator.id.as_str(), |subject| subject.generator.as_str());
        let here: Vec<&str> = self
            .things
            .iter()
            .filter(|thing| thing.generator == of)
            .map(|thing| thing.name.as_str())
            .chain(
                self.record
                    .iter()
                    .filter(|(id, ..)| *id == generator.id)
                    .map(|(_, name, _)| name),
            )
            .collect();
        let error = Error::new(format!("there is no {of} `{name}` here"));
        match (nearest(name, here.iter().copied()), here.is_empty()) {
            (Some(near), _) => error.help(format!("did you mean `{near}`?")),
            (None, false) => error.help("`tenon list` shows what there is"),
            (None, true) => error.help(format!("this host has no {of}")),
        }
    }

    /// Forgets what was taken away; the record goes with its last line.
    fn write_record(&mut self, held: &slots::Held) -> Result<()> {
        for (path, before, after) in self.overlay.edited()? {
            self.record.rewritten(path.as_str(), &before, &after);
        }
        if self.stays.is_none() {
            for (generator, name) in &self.family {
                self.record.forget(generator, name);
            }
        } else {
            self.forget_rows();
        }
        held.pass_on(&mut self.record);
        let path = HostPath::new(record::FILE)?;
        let Some(before) = self.overlay.read(&path)? else {
            return Ok(());
        };
        if self.record.is_empty() {
            self.overlay.delete(path);
        } else {
            let text = self.record.print();
            if *before != *text {
                self.overlay.edit(&path, text);
            }
        }
        Ok(())
    }

    /// Takes the rows that go out of the recorded answers; a record of nothing else goes.
    fn forget_rows(&mut self) {
        let deleted = self.overlay.deleted();
        let rows = self.request.rows;
        let gone = self.gone_rows();
        for (generator, name) in self.family.clone() {
            let Some(made) = self.record.get_mut(&generator, &name) else {
                continue;
            };
            made.files.retain(|path, _| !deleted.contains(path));
            let mut is_empty = made.files.is_empty();
            for (question, given) in &mut made.answers {
                if let Given::Words(words) = given {
                    let gone = gone.get(question);
                    words.retain(|word| gone.is_none_or(|ids| !ids.contains(word)));
                    is_empty &= words.is_empty() || !rows.contains_key(question);
                }
            }
            let asked = rows.keys().any(|question| made.answers.contains_key(question));
            if is_empty && asked && generator != self.subject_id() {
                self.record.forget(&generator, &name);
            }
        }
    }

    /// The rows that go, by question.
    fn gone_rows(&self) -> BTreeMap<String, Vec<String>> {
        let ids = |values: &Map<String, Value>, question: &str| -> Vec<String> {
            let rows = values.get(question).and_then(Value::as_array);
            rows.into_iter()
                .flatten()
                .map(|row| field(row, "id").to_owned())
                .collect()
        };
        let Some(stays) = &self.stays else {
            return BTreeMap::new();
        };
        let gone = |question: &String| {
            let left = ids(stays, question);
            let mut all = ids(&self.all, question);
            all.retain(|id| !left.contains(id));
            (question.clone(), all)
        };
        self.all.keys().map(gone).collect()
    }

    fn subject_id(&self) -> &str {
        self.thing.as_ref().map_or("", |thing| thing.generator.as_str())
    }
}

/// The indentation of new files, for entries that are added for who takes over.
fn new_indent(request: &Request<'_>) -> Result<tenon_text::format::Indent> {
    Ok(new_file_format(request.host, request.pack)?.indent)
}
