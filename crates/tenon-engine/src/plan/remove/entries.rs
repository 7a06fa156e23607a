//! Finds the entries of a member and removes them from their sites.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::entry::Syntax;
use tenon_syntax::workspace::{WORKSPACE_FILES, member_patterns};
use tenon_text::diag::Result;
use tenon_text::format::split_bom;
use tenon_text::manifest::{self, ManifestFormat};
use tenon_text::names::normal;

use super::super::entries;
use super::super::scope::Iteration;
use super::super::site_file::files_with_list;
use super::super::{reflow, remove_entry};
use super::entry_key::EntryKey;
use super::handover::Handover;
use super::planner::RemovalPlanner;

impl<'a> RemovalPlanner<'a> {
    /// The entries that the pack would make for what is removed and not for what remains.
    pub(super) fn entries_to_remove(&mut self) -> Result<Vec<EntryKey<'a>>> {
        if self.member.is_none() {
            return Ok(vec![]);
        }
        // A kind that adds to a member has its own sites; the whole member has all of them.
        let id = match self.remaining {
            Some(_) => self.request.kind.id.clone(),
            None => self.subject_id().to_owned(),
        };
        let all = self.values.clone();
        let mut out = self.entries_of(&id, &all)?;
        if let Some(remaining) = self.remaining.clone() {
            let left = self.entries_of(&id, &remaining)?;
            out.retain(|key| !left.iter().any(|other| other.is(key)));
        }
        Ok(out)
    }

    /// Those of `keys` that no other member needs. An entry that another member needs contains its name.
    fn needed_by_none(&mut self, mut keys: Vec<EntryKey<'a>>) -> Result<Vec<EntryKey<'a>>> {
        for other in self.members.clone() {
            let name = normal(&other.name);
            let is_self = self
                .member
                .as_ref()
                .is_some_and(|member| member.name == other.name && member.kind == other.kind);
            if is_self || !keys.iter().any(|key| normal(&key.name).contains(&name)) {
                continue;
            }
            let values = self.member_values(&other)?;
            let theirs = self.entries_of(&other.kind, &values)?;
            // A member inside of another one is part of it until it is removed, together with its entry.
            let inside = |key: &EntryKey<'_>| {
                self.member.is_none()
                    && key.site.kind == SiteKind::Entry
                    && self.trace(&key.recorded()).is_some()
            };
            keys.retain(|key| inside(key) || !theirs.iter().any(|other| other.is_same_place(key)));
        }
        Ok(keys)
    }

    pub(super) fn entries_of(&mut self, id: &str, values: &Map<String, Value>) -> Result<Vec<EntryKey<'a>>> {
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

    fn key(&mut self, site: &'a Site, turn: &Iteration) -> Result<Option<EntryKey<'a>>> {
        let row = turn.row().map(|row| field(&row, "id").to_owned());
        let template = match site.kind {
            SiteKind::Manifest if site.key.is_some() => &site.key,
            _ => &site.value,
        };
        let mut name = self.scope.text(template.as_deref().unwrap_or_default(), turn)?;
        let mut path = self.scope.text(site.file.as_deref().unwrap_or_default(), turn)?;
        if path.contains('*') {
            match self.overlay.glob(&path).as_slice() {
                [only] => path = only.to_string(),
                many if site.kind == SiteKind::Entry => {
                    let mut texts = Vec::new();
                    for file in many {
                        let text = self.overlay.read(file)?.unwrap_or_default();
                        texts.push((file.to_string(), split_bom(&text).1.to_owned()));
                    }
                    match files_with_list(site, &texts)?.as_slice() {
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
        let mut wanted = None;
        if site.kind == SiteKind::Entry {
            let scope = &mut self.scope;
            let entry = entries::wanted(site, Syntax::of(&path), &mut |text| scope.text(text, turn))?;
            name.clone_from(&entry.name);
            wanted = Some(entry);
        }
        Ok(Some(EntryKey {
            site,
            path,
            name,
            pointers,
            row,
            wanted,
        }))
    }

    /// The recorded value of an entry.
    fn trace(&self, key: &str) -> Option<String> {
        self.recorded_as
            .iter()
            .filter_map(|(kind, name)| self.record.get(kind, name))
            .find_map(|made| made.sites.get(key).cloned())
    }

    /// A container that was made for an entry still exists: passes its trace to another member with an entry there, so that it is
    /// removed with the last entry.
    fn pass_on_trace(&mut self, key: &EntryKey<'_>, trace: &str) {
        if !trace.starts_with('{') {
            return;
        }
        let head = format!("{} {} ", key.site.id, key.path);
        let others: Vec<(String, String, String)> = self
            .record
            .iter()
            .filter(|(id, own, _)| !self.recorded_as.iter().any(|(g, n)| g == id && n == own))
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

    /// The recorded entries that are not in `known`.
    fn only_recorded(&self, known: &[EntryKey<'a>]) -> Vec<EntryKey<'a>> {
        let known: BTreeSet<String> = known.iter().map(EntryKey::recorded).collect();
        let mut out = Vec::new();
        for (kind, name) in &self.recorded_as {
            let Some(made) = self.record.get(kind, name) else {
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
                out.push(EntryKey {
                    site,
                    path: path.to_owned(),
                    name: name.to_owned(),
                    pointers: plain.chain(&site.also_in).cloned().collect(),
                    row: None,
                    wanted: None,
                });
            }
        }
        out
    }
}

/// Removes entries from their sites: those of `gone` that are not handed over, and, when the whole member is removed, everything
/// that the record has.
pub(super) fn remove_entries<'a>(
    planner: &mut RemovalPlanner<'a>,
    gone: &[EntryKey<'a>],
    handover: &Handover,
) -> Result<()> {
    let mut keys: Vec<EntryKey<'_>> = gone
        .iter()
        .filter(|key| planner.trace(&key.recorded()).is_some() || !handover.stays(key))
        .cloned()
        .collect();
    if planner.remaining.is_none() {
        keys.extend(planner.only_recorded(gone));
    }
    keys.retain(|key| !handover.is_passed_on(&key.recorded()));
    // Its own files are deleted if unchanged, and otherwise stay as people have edited them.
    if let (Some(member), None) = (&planner.member, &planner.remaining) {
        let own = format!("{}/", member.dir);
        keys.retain(|key| !key.path.starts_with(&own));
    }
    // An entry that is not recorded and not named after the member existed before, for others.
    let name = normal(planner.request.name);
    keys.retain(|key| {
        planner.recorded_as.is_empty()
            || normal(&key.name).contains(&name)
            || key.path.contains(planner.request.name)
            || planner.trace(&key.recorded()).is_some()
    });
    for key in planner.needed_by_none(keys)? {
        // The recorded trace tells how the insertion is reverted.
        let trace = planner.trace(&key.recorded()).unwrap_or_default();
        match key.site.kind {
            SiteKind::Member => member(planner, &key.name)?,
            SiteKind::Manifest => declared(planner, &key, &trace)?,
            SiteKind::Entry => entry(planner, &key, &trace)?,
            SiteKind::Slot => {}
        }
    }
    Ok(())
}

fn member(planner: &mut RemovalPlanner<'_>, dir: &str) -> Result<()> {
    for workspace in WORKSPACE_FILES.iter().map(|known| known.file) {
        let file = HostPath::new(workspace)?;
        let Some(text) = planner.overlay.read(&file)? else {
            continue;
        };
        let Some(members) = member_patterns(&text, workspace)? else {
            continue;
        };
        let bare = |pattern: &str| pattern.trim_start_matches("./").trim_end_matches('/').to_owned();
        let Some(pointer) = members.pointer else { continue };
        let own = members.patterns.iter().map(|pattern| (pointer, pattern));
        let more = members
            .more
            .iter()
            .map(|(pointer, pattern)| (&**pointer, pattern));
        for (pointer, pattern) in own.chain(more).filter(|(_, pattern)| bare(pattern) == dir) {
            let item = manifest::Selector::Item(Value::String(pattern.clone()));
            let text = planner.overlay.read(&file)?.unwrap_or_default();
            if let Some(after) = remove_entry::manifest_entry(&text, workspace, pointer, &item, "")? {
                planner.overlay.edit(&file, after);
            }
        }
    }
    Ok(())
}

fn declared(planner: &mut RemovalPlanner<'_>, key: &EntryKey<'_>, trace: &str) -> Result<()> {
    let file = HostPath::new(&key.path)?;
    let mut pointers = key.pointers.clone();
    let is_xml = ManifestFormat::of_path(&key.path) == Some(ManifestFormat::Xml);
    if let Some(text) = planner.overlay.read(&file)?.filter(|_| is_xml) {
        let document = manifest::read(&text, ManifestFormat::Xml, &key.path)?;
        let all = key.pointers.iter();
        pointers.extend(all.flat_map(|pointer| manifest::twins(&document, pointer)));
    }
    for pointer in &pointers {
        let Some(text) = planner.overlay.read(&file)? else {
            return Ok(());
        };
        let selector = remove_entry::selector(key.site, &key.name);
        if let Some(after) = remove_entry::manifest_entry(&text, &key.path, pointer, &selector, trace)? {
            let after = match trace.contains(reflow::SPREAD) {
                true => reflow::join_if_it_fits(after, &key.path, pointer, &planner.style)?,
                false => after,
            };
            let format = ManifestFormat::of_path(&key.path);
            let left = format.map(|format| manifest::entries(&after, format, &key.path, pointer));
            let exists = matches!(left, Some(Ok(Some(_))));
            planner.overlay.edit(&file, after);
            if exists {
                planner.pass_on_trace(key, trace);
            }
        }
    }
    Ok(())
}

fn entry(planner: &mut RemovalPlanner<'_>, key: &EntryKey<'_>, trace: &str) -> Result<()> {
    let file = HostPath::new(&key.path)?;
    let Some(text) = planner.overlay.read(&file)? else {
        return Ok(());
    };
    if let Some(after) = remove_entry::by_example(
        &text,
        &key.path,
        key.site,
        (&key.name, key.wanted.as_ref(), trace),
        &planner.style,
    )? {
        planner.overlay.edit(&file, after);
    }
    Ok(())
}
