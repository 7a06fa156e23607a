//! The host as a whole, checked: places that many things share, and relations between things.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::facts::field;
use crate::plan::observe::{Member, Slot};
use crate::plan::scope::{Iteration, Scope};
use crate::plan::site_rules::others;
use tenon_pack::{Site, SiteKind, row_name};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Place, Result};

use super::context::{Collected, Context};
use super::duplicate_key::{self, Claim};
use super::member::{SharedEntry, Worker, listed};
use super::site::{self, Expected, SiteView, State, Want};
use super::texts::Texts;
use super::{duplicate_entry, empty_facts, mismatched_entry, missing_entry, stale_entry};

/// What is known of all things together.
pub struct AllMembers<'a> {
    /// What they should have in files that are nobody's own.
    pub shared: Vec<SharedEntry>,
    /// What they claim for themselves.
    pub claims: Vec<Claim>,
    /// The answers of one, by name and generator.
    pub values: Values<'a>,
}

/// Gives the answers of a thing by its name and generator, and whether those are wanted too that only fixes need.
pub type Values<'a> = &'a dyn Fn(&str, &str, bool) -> Option<Arc<Map<String, Value>>>;

/// Checks what belongs to no single thing.
pub fn look(worker: &Worker<'_, '_>, all: AllMembers<'_>) -> Result<Collected> {
    let index = worker.index;
    let texts = Texts::new(worker.host);
    let nobody = Member {
        generator: String::new(),
        name: String::new(),
        dir: String::new(),
        path: String::new(),
    };
    let code = index.pack.language().open(&texts, "", "", &[]);
    let context = Context::new(
        index,
        &nobody,
        Arc::default(),
        worker.facts,
        (&texts, code),
        worker.scope,
    );
    if worker.covers {
        context.note_coverage();
    }
    choices(&context);
    shared(&context, &all)?;
    for slot in &index.slots {
        if let Some(site) = index.pack.all_sites().iter().find(|site| site.id == slot.site) {
            one_slot(&context, site, slot, &all)?;
        }
    }
    gone(&context)?;
    subjects(&context);
    members(&context);
    duplicate_key::check(&context, &all.claims);
    Ok(context.collect())
}

/// Things of which a host has none.
fn subjects(context: &Context<'_, '_>) {
    let index = context.index;
    let subjects = index.pack.subjects().iter();
    for subject in subjects.filter(|subject| !subject.may_be_empty) {
        let things = index.things.iter();
        let rows = things
            .filter(|thing| thing.generator == subject.generator)
            .count();
        let fact = index.pack.facts().get(&subject.rows);
        let looked = fact.map(|fact| fact.files.clone()).unwrap_or_default();
        empty_facts::subject(context, &subject.rows, rows, &looked);
    }
}

/// Questions without a choice, and contracts that cannot be read.
fn choices(context: &Context<'_, '_>) {
    let index = context.index;
    for subject in index
        .pack
        .subjects()
        .iter()
        .filter(|subject| !subject.may_be_empty)
    {
        for question in index
            .pack
            .questions(&subject.generator)
            .filter(|question| question.required)
        {
            let Some(table) = &question.from else { continue };
            let rows = index.choices.of(&subject.generator, &question.id).len();
            let api = index.pack.facts().get(table).and_then(|fact| fact.api.as_ref());
            let looked = api
                .and_then(|api| index.pack.apis().get(api))
                .map(|api| api.entry.clone());
            empty_facts::check(context, table, rows, &looked.unwrap_or_default());
        }
    }
    for (symbol, error) in &index.unread {
        let at = error.location().map_or(String::new(), |at| at.path.clone());
        context.report(
            context
                .finding(
                    empty_facts::RULE.id,
                    Place::file(at),
                    format!("the contract `{symbol}` cannot be read: {}", error.message()),
                )
                .help(error.helps().first().cloned().unwrap_or_default()),
        );
    }
}

/// The shared files, each read once: what is listed against what all things together ask for.
fn shared(context: &Context<'_, '_>, all: &AllMembers<'_>) -> Result<()> {
    let mut places: BTreeMap<(&str, &str), Vec<Expected>> = BTreeMap::new();
    for shared in &all.shared {
        places
            .entry((shared.site.as_str(), shared.path.as_str()))
            .or_default()
            .push(shared.expected.clone());
    }
    let sites = context.index.pack.all_sites();
    // Where nothing else may stand something may be left although nothing is asked for any more.
    for site in sites
        .iter()
        .filter(|site| site.closed && matches!(site.kind, SiteKind::List | SiteKind::Lines))
    {
        if let Some(file) = site.file.as_deref().filter(|file| !file.contains(['{', '*'])) {
            places.entry((site.id.as_str(), file)).or_default();
        }
    }
    // A place that several sites share is missed once.
    let mut no_place = Vec::new();
    for ((id, path), expected) in places {
        let Some(site) = sites.iter().find(|site| site.id == id) else {
            continue;
        };
        let generator = site.generators.first().map_or("", String::as_str);
        let mut view = site::read(context, site, path.to_owned(), expected)?;
        slots(context, &mut view)?;
        let is_absent = match view.state {
            State::NoPlace(_) => true,
            State::NoFile => site.container.is_some(),
            _ => false,
        };
        let absent = is_absent.then_some((path, &site.container));
        if absent.is_some_and(|place| no_place.contains(&place)) {
            continue;
        }
        no_place.extend(absent);
        listed(context, &view)?;
        missing_entry::check(context, &view, &|name| {
            (all.values)(name, generator, true).map(Arc::unwrap_or_clone)
        });
    }
    Ok(())
}

/// What a shared list has for slots that hold nothing of this host: where a package from elsewhere serves, the entry has
/// to be there as well; where it cannot be told what serves, it may.
fn slots(context: &Context<'_, '_>, view: &mut SiteView<'_>) -> Result<()> {
    let (Some(each), Some(name)) = (&view.site.each, &view.site.name) else {
        return Ok(());
    };
    let pack = context.index.pack;
    for slot in context.index.slots.iter().filter(|slot| slot.thing.is_none()) {
        let same = |site: &&Site| site.id == slot.site && site.each.as_ref() == Some(each);
        let (Some(row), Some(of)) = (&slot.row, pack.all_sites().iter().find(same)) else {
            continue;
        };
        let values = Map::from_iter([(each.clone(), Value::Array(vec![row.clone()]))]);
        let turns = context.as_if(&values, |scope| {
            scope.turns(Some(each), view.site.row.as_deref(), view.site.when.as_deref())
        })?;
        let serves = matches!(slot.holders.as_slice(), [(holder, _)] if context.is_installed(holder));
        for turn in turns {
            let entry = context.as_if(&values, |scope| scope.text(name, &turn))?;
            if !serves {
                view.allowed.push(entry);
                continue;
            }
            let why = of.why.clone().unwrap_or_default();
            view.expected.push(Expected {
                thing: String::new(),
                name: entry,
                loose: false,
                row: turn.row(),
                why,
                fields: context.as_if(&values, |scope| wants(scope, view.site, &turn))?,
                or_in: None,
            });
        }
    }
    Ok(())
}

/// What the fields of `site` must say in `turn`.
fn wants(scope: &mut Scope<'_>, site: &Site, turn: &Iteration) -> Result<Vec<Want>> {
    let mut say = |text: &Option<String>| text.as_deref().map(|text| scope.text(text, turn)).transpose();
    let fields = site.fields.iter().map(|raw| {
        Ok(Want {
            is: say(&raw.is)?.filter(|text| !text.is_empty()),
            declared_in: say(&raw.declared_in)?,
            exported_in: say(&raw.exported_in)?,
        })
    });
    fields.collect()
}

fn one_slot(context: &Context<'_, '_>, site: &Site, slot: &Slot, all: &AllMembers<'_>) -> Result<()> {
    let why = site.why.as_deref().unwrap_or_default();
    if !context.sound(&slot.path) {
        return Ok(());
    }
    let (holder, span) = match (slot.holders.as_slice(), &slot.row) {
        ([], Some(_)) => {
            let help = site
                .insert
                .as_deref()
                .unwrap_or_default()
                .replace("{{name}}", "NAME");
            missing_entry::empty_slot(context, &slot.path, why, &format!("write there: {help}"));
            return Ok(());
        }
        ([], None) => return Ok(()),
        ([only], _) => only,
        ([first, second, ..], _) => {
            duplicate_entry::slot(context, &slot.path, first, second.1);
            return Ok(());
        }
    };
    let generator = site.generators.first().map_or("", String::as_str);
    let Some(thing) = &slot.thing else {
        // A package of that name may stand in a directory of another, which is said there.
        let known = || {
            let package = context.index.pack.language().package_of(holder).unwrap_or(holder);
            context.index.packages(context.host()).contains(package)
        };
        if !context.is_installed(holder) && !known() {
            stale_entry::report(
                context,
                &slot.path,
                *span,
                format!("there is no `{holder}` in this host"),
                why,
                "name one that exists, or bring it back",
            );
        }
        return Ok(());
    };
    context.mark(&slot.path, *span, context.target(thing, None));
    let (Some(row), Some(each)) = (&slot.row, &site.each) else {
        return Ok(());
    };
    let Some(values) = (all.values)(thing, generator, false) else {
        return Ok(());
    };
    let question = context
        .index
        .pack
        .questions(generator)
        .find(|question| question.id == *each);
    if let Some(within) = question.and_then(|question| question.within.as_ref()) {
        let has = |row: &Value| field(row, "id").to_owned();
        let rows = values.get(within).and_then(Value::as_array);
        if !rows.into_iter().flatten().any(|own| has(own) == has(row)) {
            stale_entry::report(
                context,
                &slot.path,
                *span,
                format!(
                    "`{thing}` has no `{}`, and the host serves it from there",
                    has(row)
                ),
                why,
                "serve it from another one, or make it there",
            );
            return Ok(());
        }
    }
    slot_fields(context, site, slot, (&values, row, each), *span)
}

fn slot_fields(
    context: &Context<'_, '_>,
    site: &Site,
    slot: &Slot,
    (values, row, each): (&Map<String, Value>, &Value, &str),
    span: tenon_text::diag::Span,
) -> Result<()> {
    let (Some(grammar), Some(tree)) = (Lang::of_path(&slot.path), context.tree(&slot.path)) else {
        return Ok(());
    };
    let turn = Iteration::of(row_name(each, site.row.as_deref()), row.clone());
    let wants = context.as_if(values, |scope| wants(scope, site, &turn))?;
    let there = site::fields(context, site, grammar, &slot.path, &tree.root())?;
    let view = SiteView {
        site,
        path: slot.path.clone(),
        state: State::Open(vec![], None),
        expected: vec![],
        allowed: vec![],
    };
    let why = site.why.as_deref().unwrap_or_default();
    mismatched_entry::fields(context, &view, field(row, "id"), span, &there, &wants, why);
    Ok(())
}

/// Members of the workspace that are listed by name and are not there. Only where a pack has members.
fn members(context: &Context<'_, '_>) {
    let sites = context.index.pack.all_sites();
    let Some(site) = sites.iter().find(|site| site.kind == SiteKind::Member) else {
        return;
    };
    for (file, pointer, member, own) in context.index.members.listed() {
        let dir = member.trim_start_matches("./").trim_end_matches('/');
        let whole = if dir.is_empty() || dir == "." {
            own.to_owned()
        } else {
            format!("{dir}/{own}")
        };
        // A thing that lacks its manifest is told so itself.
        let is_thing = context.index.things.iter().any(|thing| thing.dir == dir);
        if context.stands(&whole) || is_thing {
            continue;
        }
        let Some(manifest) = context.manifest(file) else {
            continue;
        };
        let entries = manifest.entries(pointer).unwrap_or_default();
        let entry = entries.iter().find(|entry| entry.value.as_str() == Some(&member));
        if let Some(entry) = entry {
            stale_entry::report(
                context,
                file,
                entry.span,
                format!("there is no `{whole}`, and `{member}` is a member of the workspace"),
                site.why.as_deref().unwrap_or_default(),
                "remove the line, or bring back what it names",
            );
        }
    }
}

/// Manifests that name things which are gone: keys that are made as a site makes them, for no thing that exists.
fn gone(context: &Context<'_, '_>) -> Result<()> {
    for site in context.index.pack.all_sites() {
        let (SiteKind::Manifest, Some(key), Some(file)) = (site.kind, &site.key, &site.file) else {
            continue;
        };
        let parts: Vec<&str> = key.split("{{name}}").collect();
        let ([before, after], false) = (parts.as_slice(), file.contains("{{")) else {
            continue;
        };
        // A key that is a name and nothing else may be anybody's.
        if before.is_empty() && after.is_empty() {
            continue;
        }
        let view = site::read(context, site, file.clone(), vec![])?;
        let is_others = others(site)?;
        for entry in view.entries().iter().filter(|entry| !is_others(&entry.name)) {
            let name = entry
                .name
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after));
            let Some(name) = name else { continue };
            let exists = context
                .index
                .things
                .iter()
                .any(|thing| thing.name == name && site.generators.contains(&thing.generator));
            // Other packages of the workspace may be named alike.
            if !exists
                && !context.is_installed(&entry.name)
                && !context.index.packages(context.host()).contains(&entry.name)
            {
                stale_entry::report(
                    context,
                    &view.path,
                    entry.name_span,
                    format!("`{}` is declared, and there is no `{name}`", entry.name),
                    site.why.as_deref().unwrap_or_default(),
                    "remove the line, or bring back what it names",
                );
            }
        }
    }
    Ok(())
}
