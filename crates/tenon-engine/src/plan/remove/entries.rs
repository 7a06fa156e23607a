//! The entries that go: which ones, and out of their sites.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::facts::field;
use crate::host::HostPath;
use crate::plan::site_rules::list_rule;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::tree::Grammar;
use tenon_syntax::workspace::member_patterns;
use tenon_text::diag::Result;
use tenon_text::format::split_bom;
use tenon_text::manifest::{self, ManifestFormat};
use tenon_text::names::normal;

use super::super::places::holding;
use super::super::scope::Turn;
use super::super::workspace::MANIFESTS;
use super::super::{take_out, wide};
use super::Desk;
use super::slots::Held;

/// An entry of a site.
#[derive(Clone, Debug)]
pub(super) struct Key<'p> {
    pub site: &'p Site,
    /// The file; empty for members, whose manifest is looked up.
    pub path: String,
    pub name: String,
    /// Where in a manifest it may stand.
    pub pointers: Vec<String>,
    /// For a repeated site, the row.
    pub row: Option<String>,
    /// What a list gets for it.
    pub inserted: String,
}

impl Key<'_> {
    /// Its key in the record.
    pub(super) fn recorded(&self) -> String {
        format!("{} {} {}", self.site.id, self.path, self.name)
    }

    fn is_same_place(&self, other: &Self) -> bool {
        self.path == other.path
            && self.pointers == other.pointers
            && normal(&self.name) == normal(&other.name)
    }

    fn is(&self, other: &Self) -> bool {
        self.site.id == other.site.id && self.path == other.path && normal(&self.name) == normal(&other.name)
    }
}

impl<'a> Desk<'a> {
    /// The entries that the pack would make for what goes and not for what stays.
    pub(super) fn expected(&mut self) -> Result<Vec<Key<'a>>> {
        if self.thing.is_none() {
            return Ok(vec![]);
        }
        // What adds to a thing has the sites of its own; the thing as a whole has them all.
        let id = match self.stays {
            Some(_) => self.request.generator.id.clone(),
            None => self.subject_id().to_owned(),
        };
        let all = self.all.clone();
        let mut out = self.entries_of(&id, &all)?;
        if let Some(stays) = self.stays.clone() {
            let left = self.entries_of(&id, &stays)?;
            out.retain(|key| !left.iter().any(|other| other.is(key)));
        }
        Ok(out)
    }

    /// Those of `keys` that no other thing needs. An entry that another needs is named after it.
    fn needed_by_none(&mut self, mut keys: Vec<Key<'a>>) -> Result<Vec<Key<'a>>> {
        for other in self.things.clone() {
            let name = normal(&other.name);
            let is_self = self
                .thing
                .as_ref()
                .is_some_and(|thing| thing.name == other.name && thing.generator == other.generator);
            if is_self || !keys.iter().any(|key| normal(&key.name).contains(&name)) {
                continue;
            }
            let values = self.values(&other)?;
            let theirs = self.entries_of(&other.generator, &values)?;
            // What was made inside of another thing is a part of it until it is gone, and its entry goes with it.
            let inside = |key: &Key<'_>| {
                self.thing.is_none()
                    && key.site.kind == SiteKind::List
                    && self.trace(&key.recorded()).is_some()
            };
            keys.retain(|key| inside(key) || !theirs.iter().any(|other| other.is_same_place(key)));
        }
        Ok(keys)
    }

    fn entries_of(&mut self, id: &str, values: &Map<String, Value>) -> Result<Vec<Key<'a>>> {
        let pack = self.request.pack;
        self.scope.about(values);
        let mut out = Vec::new();
        for site in pack.sites(id).filter(|site| site.kind != SiteKind::Slot) {
            let turns = self
                .scope
                .turns(site.each.as_deref(), site.row.as_deref(), site.when.as_deref())?;
            for turn in turns {
                out.extend(self.key(site, &turn)?);
            }
        }
        Ok(out)
    }

    fn key(&mut self, site: &'a Site, turn: &Turn) -> Result<Option<Key<'a>>> {
        let row = turn.row().map(|row| field(&row, "id").to_owned());
        let template = match site.kind {
            SiteKind::List | SiteKind::Lines => &site.name,
            SiteKind::Manifest if site.key.is_some() => &site.key,
            _ => &site.value,
        };
        let name = self.scope.text(template.as_deref().unwrap_or_default(), turn)?;
        let mut path = self.scope.text(site.file.as_deref().unwrap_or_default(), turn)?;
        if path.contains('*') {
            match self.overlay.glob(&path).as_slice() {
                [only] => path = only.to_string(),
                many if site.kind == SiteKind::List => {
                    let mut texts = Vec::new();
                    for file in many {
                        let text = self.overlay.read(file)?.unwrap_or_default();
                        texts.push((file.to_string(), split_bom(&text).1.to_owned()));
                    }
                    match holding(site, &texts)?.as_slice() {
                        [only] => path.clone_from(only),
                        _ => return Ok(None),
                    }
                }
                _ => return Ok(None),
            }
        }
        let mut pointers = Vec::new();
        for pointer in site.pointer.iter().chain(&site.also_in) {
            pointers.push(self.scope.text(pointer, turn)?);
        }
        let insert = site.insert.as_deref().unwrap_or_default();
        let inserted = self.scope.text(insert, turn)?;
        Ok(Some(Key {
            site,
            path,
            name,
            pointers,
            row,
            inserted,
        }))
    }

    /// What the record keeps of the insertion of an entry.
    fn trace(&self, key: &str) -> Option<String> {
        self.family
            .iter()
            .filter_map(|(generator, name)| self.record.get(generator, name))
            .find_map(|made| made.sites.get(key).cloned())
    }

    /// The container that was made for an entry still stands: whoever else has an entry there takes it away with the last.
    fn inherit(&mut self, key: &Key<'_>, trace: &str) {
        if !trace.starts_with('{') {
            return;
        }
        let head = format!("{} {} ", key.site.id, key.path);
        let others: Vec<(String, String, String)> = self
            .record
            .iter()
            .filter(|(id, own, _)| !self.family.iter().any(|(g, n)| g == id && n == own))
            .filter_map(|(id, own, made)| {
                let line = made.sites.keys().find(|line| line.starts_with(&head))?;
                Some((id.to_owned(), own.to_owned(), line.clone()))
            })
            .collect();
        if let Some((id, own, line)) = others.first()
            && let Some(made) = self.record.get_mut(id, own)
        {
            made.sites.insert(line.clone(), trace.to_owned());
        }
    }

    /// The recorded entries that are not among `known`.
    fn only_recorded(&self, known: &[Key<'a>]) -> Vec<Key<'a>> {
        let known: BTreeSet<String> = known.iter().map(Key::recorded).collect();
        let mut out = Vec::new();
        for (generator, name) in &self.family {
            let Some(made) = self.record.get(generator, name) else {
                continue;
            };
            for line in made.sites.keys().filter(|line| !known.contains(*line)) {
                let Some((id, rest)) = line.split_once(' ') else {
                    continue;
                };
                let site = self.request.pack.all_sites().iter().find(|site| site.id == id);
                let (Some(site), Some((path, name))) = (site, rest.rsplit_once(' ')) else {
                    continue;
                };
                let plain = site.pointer.iter().filter(|pointer| !pointer.contains("{{"));
                out.push(Key {
                    site,
                    path: path.to_owned(),
                    name: name.to_owned(),
                    pointers: plain.chain(&site.also_in).cloned().collect(),
                    row: None,
                    inserted: String::new(),
                });
            }
        }
        out
    }
}

/// Takes the entries out of their sites: those of `gone` but for what `held` passes on, and, when the whole thing goes,
/// everything that the record has.
pub(super) fn take_out<'a>(desk: &mut Desk<'a>, gone: &[Key<'a>], held: &Held) -> Result<()> {
    let mut keys: Vec<Key<'_>> = gone
        .iter()
        .filter(|key| desk.trace(&key.recorded()).is_some() || !held.stays(key))
        .cloned()
        .collect();
    if desk.stays.is_none() {
        keys.extend(desk.only_recorded(gone));
    }
    keys.retain(|key| !held.is_passed_on(&key.recorded()));
    // Of its own files those go that are as they were made, and the others stay as people have them.
    if let (Some(thing), None) = (&desk.thing, &desk.stays) {
        let own = format!("{}/", thing.dir);
        keys.retain(|key| !key.path.starts_with(&own));
    }
    // What was there before the thing was made, and is not called after it, was there for others.
    let name = normal(desk.request.name);
    keys.retain(|key| {
        desk.family.is_empty()
            || normal(&key.name).contains(&name)
            || key.path.contains(desk.request.name)
            || desk.trace(&key.recorded()).is_some()
    });
    for key in desk.needed_by_none(keys)? {
        // The last that came is the first to go: entries close up towards the ones before.
        let trace = desk.trace(&key.recorded()).unwrap_or_default();
        match key.site.kind {
            SiteKind::Member => member(desk, &key.name)?,
            SiteKind::Manifest => declared(desk, &key, &trace)?,
            SiteKind::List => list(desk, &key)?,
            SiteKind::Lines => line(desk, &key)?,
            SiteKind::Slot => {}
        }
    }
    Ok(())
}

fn member(desk: &mut Desk<'_>, dir: &str) -> Result<()> {
    for (workspace, _) in MANIFESTS {
        let file = HostPath::new(workspace)?;
        let Some(text) = desk.overlay.read(&file)? else {
            continue;
        };
        let Some(members) = member_patterns(&text, workspace)? else {
            continue;
        };
        let bare = |pattern: &str| pattern.trim_start_matches("./").trim_end_matches('/').to_owned();
        let Some(pointer) = members.pointer else { continue };
        for pattern in members.patterns.iter().filter(|pattern| bare(pattern) == dir) {
            let item = manifest::Selector::Item(Value::String(pattern.clone()));
            if let Some(after) = take_out::manifest_entry(&text, workspace, pointer, &item, "")? {
                desk.overlay.edit(&file, after);
            }
        }
    }
    Ok(())
}

fn declared(desk: &mut Desk<'_>, key: &Key<'_>, trace: &str) -> Result<()> {
    let file = HostPath::new(&key.path)?;
    for pointer in &key.pointers {
        let Some(text) = desk.overlay.read(&file)? else {
            return Ok(());
        };
        let selector = take_out::selector(key.site, &key.name);
        if let Some(after) = take_out::manifest_entry(&text, &key.path, pointer, &selector, trace)? {
            let after = match trace.contains(wide::SPREAD) {
                true => wide::joined_if_fits(after, &key.path, pointer, &desk.style)?,
                false => after,
            };
            let format = ManifestFormat::of_path(&key.path);
            let left = format.map(|format| manifest::entries(&after, format, &key.path, pointer));
            let stands = matches!(left, Some(Ok(Some(_))));
            desk.overlay.edit(&file, after);
            if stands {
                desk.inherit(key, trace);
            }
        }
    }
    Ok(())
}

fn line(desk: &mut Desk<'_>, key: &Key<'_>) -> Result<()> {
    let file = HostPath::new(&key.path)?;
    let Some(text) = desk.overlay.read(&file)? else {
        return Ok(());
    };
    if let Some(after) = take_out::named_line(&text, key.site, &key.name)? {
        desk.overlay.edit(&file, after);
    }
    Ok(())
}

fn list(desk: &mut Desk<'_>, key: &Key<'_>) -> Result<()> {
    let file = HostPath::new(&key.path)?;
    let (Some(text), Some(grammar)) = (desk.overlay.read(&file)?, Grammar::of_path(&key.path)) else {
        return Ok(());
    };
    let rules = list_rule(grammar, key.site)?;
    // A list that is not there has nothing of this thing in it.
    let is_nowhere = rules.find(&grammar.parse(split_bom(&text).1)).is_err();
    if is_nowhere && (key.row.is_some() || key.site.may) {
        return Ok(());
    }
    let after = take_out::named_entry(
        &text,
        (grammar, &key.path),
        (key.site, &rules),
        (&key.name, &key.inserted),
        &desk.style,
    )?;
    if let Some(after) = after {
        desk.overlay.edit(&file, after);
    }
    Ok(())
}
