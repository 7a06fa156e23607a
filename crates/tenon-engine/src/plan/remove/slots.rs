//! Slots that the thing holds: they go back to who held them before, or to who is named to take over.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_text::diag::{Error, Result};

use super::super::observe::{Slot, Thing};
use super::super::record::Record;
use super::super::scope::Turn;
use super::super::sites;
use super::Desk;
use super::entries::Key;

/// What became of the slots.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// By the answer that a slot is repeated for: the rows that go on to be served.
    served: BTreeMap<String, BTreeSet<String>>,
    /// Files of slots that go, as they hold nothing any more.
    pub files: BTreeSet<String>,
    /// Lines of the record, and the thing (generator, name) that they belong to from now on.
    lines: BTreeMap<String, (String, (String, String))>,
    /// Files of the record likewise.
    passed: BTreeMap<String, (String, (String, String))>,
    /// Lines of other things that name another holder now.
    rewritten: BTreeMap<(String, String, String), Option<String>>,
}

impl Held {
    /// Whether the entry is for a row that is served on, and so stays.
    pub(super) fn stays(&self, key: &Key<'_>) -> bool {
        let rows = key.site.each.as_ref().and_then(|each| self.served.get(each));
        key.row
            .as_ref()
            .is_some_and(|row| rows.is_some_and(|rows| rows.contains(row)))
    }

    /// Whether a line of the record goes to another thing, and its entry stays.
    pub(super) fn is_passed_on(&self, line: &str) -> bool {
        self.lines.contains_key(line)
    }

    /// Whether a recorded file goes to another thing, and stays.
    pub(super) fn is_file_passed_on(&self, path: &str) -> bool {
        self.passed.contains_key(path)
    }

    /// Writes into the record what went to others.
    pub(super) fn pass_on(&self, record: &mut Record) {
        for ((generator, name, line), was) in &self.rewritten {
            if let Some(made) = record.get_mut(generator, name) {
                match was {
                    Some(was) => made.sites.insert(line.clone(), was.clone()),
                    None => made.sites.remove(line),
                };
            }
        }
        for (line, (value, (generator, name))) in &self.lines {
            if let Some(made) = record.get_mut(generator, name) {
                made.sites.entry(line.clone()).or_insert_with(|| value.clone());
            }
        }
        for (path, (digest, (generator, name))) in &self.passed {
            if let Some(made) = record.get_mut(generator, name) {
                made.files.entry(path.clone()).or_insert_with(|| digest.clone());
            }
        }
    }
}

/// Gives every slot that the thing holds, or once held, to who has it from now on.
pub(super) fn give_back(desk: &mut Desk<'_>) -> Result<Held> {
    let mut held = Held::default();
    let Some(thing) = desk.thing.clone() else {
        return Ok(held);
    };
    let pack = desk.request.pack;
    let mut homeless = Vec::new();
    for slot in desk.slots.clone() {
        let Some(site) = pack
            .sites(&thing.generator)
            .find(|site| site.id == slot.site && site.kind == SiteKind::Slot)
        else {
            continue;
        };
        if !goes(desk, site, &slot) {
            continue;
        }
        let line = format!("{} {}", site.id, slot.path);
        let was = recorded(desk, &line);
        if slot.thing.as_deref() == Some(&thing.name) {
            let made = desk
                .family
                .iter()
                .filter_map(|(generator, name)| desk.record.get(generator, name))
                .any(|made| made.files.contains_key(&slot.path));
            match was.clone().filter(|was| exists(desk, site, was)) {
                Some(was) => {
                    put(desk, &slot, &was)?;
                    served(&mut held, site, &slot);
                }
                None if made => {
                    held.files.insert(slot.path.clone());
                }
                None => homeless.push((site, slot)),
            }
        } else {
            pass_on(desk, &mut held, &thing, site, &slot, (&line, was))?;
        }
    }
    take_over(desk, &mut held, homeless)?;
    Ok(held)
}

/// Whether what `slot` is about goes.
fn goes(desk: &Desk<'_>, site: &Site, slot: &Slot) -> bool {
    let Some(stays) = &desk.stays else { return true };
    let id = slot.row.as_ref().map(|row| field(row, "id").to_owned());
    let rows = site.each.as_ref().and_then(|each| stays.get(each));
    let left = rows.and_then(Value::as_array);
    let asked = desk
        .request
        .rows
        .values()
        .flatten()
        .any(|row| Some(row) == id.as_ref());
    asked && !left.is_some_and(|rows| rows.iter().any(|row| Some(field(row, "id")) == id.as_deref()))
}

fn recorded(desk: &Desk<'_>, line: &str) -> Option<String> {
    desk.family
        .iter()
        .filter_map(|(generator, name)| desk.record.get(generator, name))
        .find_map(|made| made.sites.get(line).cloned())
}

/// What `site` holds for `thing`.
fn value_of(desk: &mut Desk<'_>, site: &Site, thing: &Thing) -> Result<String> {
    desk.scope.about(&serde_json::Map::from_iter([
        ("name".to_owned(), json!(thing.name)),
        ("dir".to_owned(), json!(thing.dir)),
    ]));
    desk.scope
        .text(site.value.as_deref().unwrap_or_default(), &Turn::default())
}

/// Whether the holder is somebody who is there: another thing, or nothing that things of this host are called like.
fn exists(desk: &mut Desk<'_>, site: &Site, holder: &str) -> bool {
    let others = desk.things.clone();
    let own = desk.request.name;
    let known = others
        .iter()
        .filter(|thing| site.generators.contains(&thing.generator) && thing.name != own)
        .any(|thing| value_of(desk, site, thing).is_ok_and(|value| value == holder));
    known || {
        // A published package can hold it just as well, if it is installed.
        let parts = if holder.starts_with('@') { 2 } else { 1 };
        let root: Vec<&str> = holder.split('/').take(parts).collect();
        desk.request
            .host
            .exists_dir(&format!("node_modules/{}", root.join("/")))
            && !others
                .iter()
                .any(|thing| thing.name == own && holder.contains(own))
    }
}

fn put(desk: &mut Desk<'_>, slot: &Slot, value: &str) -> Result<()> {
    let path = HostPath::new(&slot.path)?;
    let Some(text) = desk.overlay.read(&path)? else {
        return Ok(());
    };
    let bom = text.len() - tenon_text::format::split_bom(&text).1.len();
    if let Some((_, span)) = slot.holders.first() {
        let mut after = text.to_string();
        after.replace_range(bom + span.start..bom + span.end, value);
        desk.overlay.edit(&path, after);
    }
    Ok(())
}

fn served(held: &mut Held, site: &Site, slot: &Slot) {
    if let (Some(each), Some(row)) = (&site.each, &slot.row) {
        held.served
            .entry(each.clone())
            .or_default()
            .insert(field(row, "id").to_owned());
    }
}

/// Somebody else holds the slot by now. Whatever the record says of the time before, and of what was made for the slot, is theirs.
fn pass_on(
    desk: &mut Desk<'_>,
    held: &mut Held,
    thing: &Thing,
    site: &Site,
    slot: &Slot,
    (line, was): (&str, Option<String>),
) -> Result<()> {
    let value = value_of(desk, site, thing)?;
    let heir = desk
        .record
        .iter()
        .filter(|(id, name, _)| !desk.family.iter().any(|(g, n)| g == id && n == name))
        .find(|(_, _, made)| made.sites.get(line) == Some(&value))
        .map(|(id, name, _)| (id.to_owned(), name.to_owned()));
    served(held, site, slot);
    let Some(heir) = heir else { return Ok(()) };
    held.rewritten
        .insert((heir.0.clone(), heir.1.clone(), line.to_owned()), was);
    let about_row = row_lines(desk, site, slot)?;
    for (generator, name) in desk.family.clone() {
        let Some(made) = desk.record.get(&generator, &name) else {
            continue;
        };
        for (own, trace) in &made.sites {
            if about_row.contains(own) {
                held.lines.insert(own.clone(), (trace.clone(), heir.clone()));
            }
        }
        if let Some(digest) = made.files.get(&slot.path) {
            held.passed
                .insert(slot.path.clone(), (digest.clone(), heir.clone()));
        }
    }
    Ok(())
}

/// The record's lines of what is made for the row of a slot.
fn row_lines(desk: &mut Desk<'_>, site: &Site, slot: &Slot) -> Result<Vec<String>> {
    let (Some(each), Some(row)) = (&site.each, &slot.row) else {
        return Ok(vec![]);
    };
    let mut values = desk.all.clone();
    values.insert(each.clone(), json!([row]));
    let before = std::mem::replace(&mut desk.all, values);
    let stays = desk.stays.take();
    let keys = desk.expected();
    desk.all = before;
    desk.stays = stays;
    let keys = keys?;
    let of_row = keys
        .iter()
        .filter(|key| key.site.each.as_ref() == Some(each))
        .map(Key::recorded);
    Ok(of_row.collect())
}

/// The slots that nobody held before go to who was named; without a name that is refused.
fn take_over(desk: &mut Desk<'_>, held: &mut Held, homeless: Vec<(&Site, Slot)>) -> Result<()> {
    if homeless.is_empty() {
        return Ok(());
    }
    let name = desk.request.name;
    let Some(instead) = desk.request.instead else {
        let mut error = Error::new(format!(
            "the host serves from `{name}`, and it is not recorded who did before"
        ));
        for (_, slot) in homeless.iter().take(20) {
            error = error.because(format!("`{}` holds it", slot.path));
        }
        return Err(error.help("name who takes over: `--instead OTHER`"));
    };
    let of = desk.subject_id().to_owned();
    let other = desk
        .things
        .iter()
        .find(|thing| thing.generator == of && thing.name == instead && thing.name != name)
        .cloned();
    let Some(other) = other else {
        return Err(
            Error::new(format!("there is no {of} `{instead}` that could take over"))
                .help("`tenon list` shows what there is"),
        );
    };
    let values = desk.values(&other)?;
    for (site, slot) in homeless {
        let (Some(each), Some(row)) = (&site.each, &slot.row) else {
            continue;
        };
        let id = field(row, "id");
        let question = desk
            .request
            .pack
            .questions(&of)
            .find(|question| question.id == *each);
        let within = question.and_then(|question| question.within.clone());
        let has = within.is_none_or(|within| {
            let rows = values.get(&within).and_then(Value::as_array);
            rows.is_some_and(|rows| rows.iter().any(|row| field(row, "id") == id))
        });
        if !has {
            return Err(
                Error::new(format!("`{instead}` has no `{id}`, so it cannot take it over"))
                    .because(format!("`{}` holds it", slot.path))
                    .help("name another one with `--instead`, or make it there first"),
            );
        }
        let value = value_of(desk, site, &other)?;
        put(desk, &slot, &value)?;
        served(held, site, &slot);
        let mut theirs = values.clone();
        theirs.insert(each.clone(), json!([row]));
        desk.scope.about(&theirs);
        let indent = super::new_indent(desk.request)?;
        let takes = |site: &&Site| {
            site.kind != SiteKind::Slot
                && (site.each.as_ref() == Some(each)
                    || site
                        .when
                        .as_deref()
                        .is_some_and(|when| when.contains(each.as_str())))
        };
        for site in desk.request.pack.sites(&of).filter(takes) {
            let style = desk.style.clone();
            sites::add(
                site,
                &mut desk.scope,
                &mut desk.overlay,
                (&style, indent),
                &mut BTreeMap::new(),
            )?;
        }
    }
    Ok(())
}
