//! The host as a whole, checked: places that many members share, and relations between members.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::plan::entries;
use crate::plan::read_back::Member;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::entry::Syntax;
use tenon_syntax::language::PackageEntry;
use tenon_text::diag::{Error, Result};
use tenon_text::names::in_dir;

use super::all_members::AllMembers;
use super::context::{AnswersOf, Collected, Context};
use super::coverage::Counted;
use super::member::{Worker, site_rules};
use super::registry::RULES;
use super::site::{self, Expected, State};
use super::slot::SlotView;
use super::soundness::Fault;
use super::texts::Texts;

/// Checks what belongs to no single member.
pub fn look(worker: &Worker<'_, '_>, all: AllMembers, answers_of: AnswersOf<'_>) -> Result<Collected> {
    let index = worker.index;
    let texts = Texts::new(worker.host);
    let nobody = Member {
        kind: String::new(),
        name: String::new(),
        dir: String::new(),
        path: String::new(),
    };
    let code = index.pack.language().open(&texts, &PackageEntry::default());
    let context = Context::new(
        index,
        &nobody,
        Arc::default(),
        worker.facts,
        (&texts, code),
        (worker.scope, worker.makes),
    )
    .with_answers(answers_of)
    .uncertain(!all.faulty.is_empty() || !worker.host.doubtful().is_empty());
    if worker.covers {
        context.note_coverage();
    }
    shared(&context, &all)?;
    for slot in &index.slots {
        let Some(site) = index.pack.all_sites().iter().find(|site| site.id == slot.site) else {
            continue;
        };
        if let Some(view) = SlotView::read(&context, site, slot, answers_of)? {
            for rule in RULES {
                context.at_cost(
                    || Counted::Check(rule.info().id),
                    || rule.check_slot(&context, &view),
                )?;
            }
        }
    }
    for rule in RULES {
        context.at_cost(
            || Counted::Check(rule.info().id),
            || rule.check_host(&context, &all),
        )?;
    }
    not_understood(&context, &all);
    for rule in RULES {
        rule.check_files(&context);
    }
    Ok(context.collect())
}

/// Reports the files that anything needed and that are not understood, unless a member did: what depends on them was not checked.
fn not_understood(context: &Context<'_, '_>, all: &AllMembers) {
    let index = context.index;
    for (path, error) in &index.workspace.unread {
        if context.sound(path) {
            // It is a manifest, and says something else than what is read there.
            context.fault_at(path, Fault::Unreadable(error.clone()));
        }
    }
    let mut paths: BTreeMap<&String, Option<&Error>> = BTreeMap::new();
    let doubtful = context.host().doubtful();
    let unread = index.unread_packages().iter();
    let needed = unread.chain(&index.broken_interfaces).chain(&index.interfaces);
    paths.extend(needed.map(|path| (path, None)));
    paths.extend(doubtful.iter().map(|(path, why)| (path, why.as_ref())));
    for (path, why) in paths.into_iter().filter(|(path, _)| !all.faulty.contains(*path)) {
        match why {
            Some(why) => context.fault_at(path, Fault::Unreadable(why.clone())),
            None => _ = context.sound(path),
        }
    }
}

/// The shared files, each read once: what is listed against what all members together ask for.
fn shared(context: &Context<'_, '_>, all: &AllMembers) -> Result<()> {
    let mut places: BTreeMap<(&str, &str, Option<&str>), Vec<Expected>> = BTreeMap::new();
    for shared in &all.shared {
        places
            .entry((
                shared.site.as_str(),
                shared.path.as_str(),
                shared.expected.pointer.as_deref(),
            ))
            .or_default()
            .push(shared.expected.clone());
    }
    let sites = context.index.pack.all_sites();
    let partly_known = all.partly_known();
    // Where nothing else may stand something may be left although nothing is asked for any more.
    for site in sites
        .iter()
        .filter(|site| site.closed && site.kind == SiteKind::Entry)
        .filter(|site| !partly_known.contains(&*site.id))
    {
        if let Some(file) = site.file.as_deref().filter(|file| !file.contains(['{', '*'])) {
            places.entry((site.id.as_str(), file, None)).or_default();
        }
    }
    // Where no member has an entry, entries of deleted members may remain in any file that the site may be in.
    let asked: BTreeSet<&str> = places.keys().map(|(id, ..)| *id).collect();
    let left: Vec<(&Site, String)> = sites
        .iter()
        .filter(|site| site.kind == SiteKind::Entry && !asked.contains(&*site.id))
        .filter(|site| !partly_known.contains(&*site.id))
        .flat_map(|site| unasked(context, site).into_iter().map(move |path| (site, path)))
        .collect();
    for (site, path) in &left {
        places.entry((&*site.id, path, None)).or_default();
    }
    // A place that several sites share is missed once.
    let mut no_place = Vec::new();
    for ((id, path, _), expected) in places {
        let Some(site) = sites.iter().find(|site| site.id == id) else {
            continue;
        };
        let (more, allowed) = slots(context, site, path)?;
        let mut expected = expected;
        expected.extend(more);
        let counted = || Counted::Site(site.id.clone());
        let read = || site::read(context, site, path.to_owned(), expected);
        let mut view = context.at_cost(counted, read)?;
        view.allowed.extend(allowed);
        view.is_partly_known = partly_known.contains(id);
        context.count(counted, view.entries().len());
        let is_absent = match view.state {
            State::NoPlace(_) => true,
            State::NoFile => site.kind == SiteKind::Entry,
            _ => false,
        };
        let absent = is_absent.then_some((
            path,
            site.written_forms()
                .into_iter()
                .next()
                .and_then(|form| form.scope),
        ));
        if absent.as_ref().is_some_and(|place| no_place.contains(place)) {
            continue;
        }
        no_place.extend(absent);
        context.at_cost(counted, || site_rules(context, &view))?;
    }
    Ok(())
}

/// How many directories deep a file is searched for if its directory is known only from a member.
const MAX_DIRS: usize = 3;
/// A shorter word of an entry does not show that a file has such entries.
const LEAST_WORD: usize = 8;

/// The files of `site` where its path is a pattern, or depends on a member and there is none to ask: those at such a path that have the
/// longest word of an entry.
fn unasked(context: &Context<'_, '_>, site: &Site) -> Vec<String> {
    let file = site.file.as_deref().unwrap_or_default();
    // A member's own files are gone with it.
    let own = ["{{name", "{{home", " name}}"];
    let is_own = own.iter().any(|hole| file.contains(hole));
    let (dir, last) = in_dir(file);
    // Where only a part of the directory is a row's, there is such a file for each row, and most are no list of members.
    let is_of_row = dir.contains("{{") && !(dir.starts_with("{{") && dir.find("}}") == Some(dir.len() - 2));
    if is_own || is_of_row || last.contains("{{") || !file.contains(['{', '*']) {
        return vec![];
    }
    let mut pattern = String::new();
    for part in file.split("{{") {
        match part.split_once("}}") {
            Some((_, text)) => pattern.extend(["*", text]),
            None => pattern.push_str(part),
        }
    }
    // What a path begins with may be several directories.
    let depths = if file.starts_with("{{") { MAX_DIRS } else { 1 };
    let patterns = (0..depths).map(|more| format!("{}{pattern}", "*/".repeat(more)));
    let forms = site.written_forms();
    let words = forms.iter().filter_map(|form| {
        let outside = form.entry.split("{{").flat_map(|part| part.rsplit("}}").next());
        let words = outside.flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'));
        words.max_by_key(|word| word.len())
    });
    let words: Vec<&str> = words.filter(|word| word.len() >= LEAST_WORD).collect();
    let says = |path: &String| {
        let text = context.text(path);
        text.is_some_and(|text| words.iter().any(|word| text.contains(word)))
    };
    patterns
        .flat_map(|pattern| context.files(&pattern))
        .filter(says)
        .collect()
}

/// What a shared list has for slots that hold nothing of this host: where a package from elsewhere serves, the entry has
/// to be there as well; where it cannot be told what serves, it may.
fn slots(context: &Context<'_, '_>, site: &Site, path: &str) -> Result<(Vec<Expected>, Vec<String>)> {
    let (mut all, mut allowed) = (Vec::new(), Vec::new());
    let Some(each) = &site.each else {
        return Ok((all, allowed));
    };
    let pack = context.index.pack;
    for slot in context.index.slots.iter().filter(|slot| slot.member.is_none()) {
        let same = |site: &&Site| site.id == slot.site && site.each.as_ref() == Some(each);
        let (Some(row), Some(of)) = (&slot.row, pack.all_sites().iter().find(same)) else {
            continue;
        };
        let values = Map::from_iter([(each.clone(), Value::Array(vec![row.clone()]))]);
        let turns = context.as_if(&values, |scope| {
            scope.turns(Some(each), site.row.as_deref(), site.when.as_deref())
        })?;
        let serves = matches!(slot.holders.as_slice(), [(holder, _)] if context.is_installed(holder));
        for turn in turns {
            let entry = context.as_if(&values, |scope| {
                entries::wanted(site, Syntax::of(path), &mut |text| scope.text(text, &turn))
            })?;
            let name = entry.name.clone();
            if !serves {
                allowed.push(name);
                continue;
            }
            all.push(Expected {
                member: String::new(),
                name,
                loose: false,
                row: turn.row(),
                why: of.why.clone().unwrap_or_default(),
                fields: context.as_if(&values, |scope| site::wants(scope, site, &turn))?,
                or_in: None,
                entry: Some(entry),
                pointer: None,
            });
        }
    }
    Ok((all, allowed))
}
