//! Hands over the slots that the member holds: to their earlier holders, or to the member that is named to take over.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_text::diag::{Error, Result};

use super::super::read_back::{Member, Slot};
use super::super::scope::Iteration;
use super::super::sites::{self, SiteStyle};
use super::entry_key::EntryKey;
use super::handover::Handover;
use super::planner::RemovalPlanner;

/// Hands over every slot that the member holds or has held.
pub(super) fn hand_over(planner: &mut RemovalPlanner<'_>) -> Result<Handover> {
    let mut handover = Handover::default();
    let Some(member) = planner.member.clone() else {
        return Ok(handover);
    };
    let pack = planner.request.pack;
    let mut unassigned = Vec::new();
    for slot in planner.slots.clone() {
        let Some(site) = pack
            .sites(&member.kind)
            .find(|site| site.id == slot.site && site.kind == SiteKind::Slot)
        else {
            continue;
        };
        if !is_removed(planner, site, &slot) {
            continue;
        }
        let line = format!("{} {}", site.id, slot.path);
        let was = recorded(planner, &line);
        if slot.member.as_deref() == Some(&member.name) {
            let made = planner
                .recorded_as
                .iter()
                .filter_map(|(kind, name)| planner.record.get(kind, name))
                .any(|made| made.files.contains_key(&slot.path));
            match was.clone().filter(|was| exists(planner, site, was)) {
                Some(was) => {
                    set_holder(planner, &slot, &was)?;
                    note_served(&mut handover, site, &slot);
                }
                None if made => {
                    handover.files.insert(slot.path.clone());
                }
                None => unassigned.push((site, slot)),
            }
        } else {
            pass_on(planner, &mut handover, &member, site, &slot)?;
        }
    }
    take_over(planner, &mut handover, unassigned)?;
    Ok(handover)
}

/// Whether the row of `slot` is removed.
fn is_removed(planner: &RemovalPlanner<'_>, site: &Site, slot: &Slot) -> bool {
    let Some(remaining) = &planner.remaining else {
        return true;
    };
    let id = slot.row.as_ref().map(|row| field(row, "id").to_owned());
    let rows = site.each.as_ref().and_then(|each| remaining.get(each));
    let left = rows.and_then(Value::as_array);
    let asked = planner
        .request
        .rows
        .values()
        .flatten()
        .any(|row| Some(row) == id.as_ref());
    asked && !left.is_some_and(|rows| rows.iter().any(|row| Some(field(row, "id")) == id.as_deref()))
}

fn recorded(planner: &RemovalPlanner<'_>, line: &str) -> Option<String> {
    planner
        .recorded_as
        .iter()
        .filter_map(|(kind, name)| planner.record.get(kind, name))
        .find_map(|made| made.sites.get(line).cloned())
}

/// The value of `site` when `member` holds it.
fn value_of(planner: &mut RemovalPlanner<'_>, site: &Site, member: &Member) -> Result<String> {
    planner.scope.about(&serde_json::Map::from_iter([
        ("name".to_owned(), json!(member.name)),
        ("home".to_owned(), json!(member.dir)),
    ]));
    planner
        .scope
        .text(site.value.as_deref().unwrap_or_default(), &Iteration::default())
}

/// Whether the holder exists: another member, or an installed package.
fn exists(planner: &mut RemovalPlanner<'_>, site: &Site, holder: &str) -> bool {
    let others = planner.members.clone();
    let own = planner.request.name;
    let known = others
        .iter()
        .filter(|member| site.for_kinds.contains(&member.kind) && member.name != own)
        .any(|member| value_of(planner, site, member).is_ok_and(|value| value == holder));
    known || {
        // An installed package may hold a slot as well.
        let request = &planner.request;
        let at = request.pack.language().installed_at(holder);
        at.is_some_and(|at| request.host.exists_dir(&at))
            && !others
                .iter()
                .any(|member| member.name == own && holder.contains(own))
    }
}

fn set_holder(planner: &mut RemovalPlanner<'_>, slot: &Slot, value: &str) -> Result<()> {
    let path = HostPath::new(&slot.path)?;
    let Some(text) = planner.overlay.read(&path)? else {
        return Ok(());
    };
    let bom = text.len() - tenon_text::format::split_bom(&text).1.len();
    if let Some((_, span)) = slot.holders.first() {
        let mut after = text.to_string();
        after.replace_range(bom + span.start..bom + span.end, value);
        planner.overlay.edit(&path, after);
    }
    Ok(())
}

fn note_served(handover: &mut Handover, site: &Site, slot: &Slot) {
    if let (Some(each), Some(row)) = (&site.each, &slot.row) {
        handover
            .served
            .entry(each.clone())
            .or_default()
            .insert(field(row, "id").to_owned());
    }
}

/// Another member holds the slot now: it gets what the record says of the earlier holder and of what was made for the slot.
fn pass_on(
    planner: &mut RemovalPlanner<'_>,
    handover: &mut Handover,
    member: &Member,
    site: &Site,
    slot: &Slot,
) -> Result<()> {
    let line = format!("{} {}", site.id, slot.path);
    let was = recorded(planner, &line);
    let value = value_of(planner, site, member)?;
    let successor = planner
        .record
        .iter()
        .filter(|(id, name, _)| !planner.recorded_as.iter().any(|(g, n)| g == id && n == name))
        .find(|(_, _, made)| made.sites.get(&line) == Some(&value))
        .map(|(id, name, _)| (id.to_owned(), name.to_owned()));
    note_served(handover, site, slot);
    let Some(successor) = successor else { return Ok(()) };
    handover
        .rewritten
        .insert((successor.0.clone(), successor.1.clone(), line), was);
    let about_row = row_lines(planner, site, slot)?;
    for (kind, name) in planner.recorded_as.clone() {
        let Some(made) = planner.record.get(&kind, &name) else {
            continue;
        };
        for (own, trace) in &made.sites {
            if about_row.contains(own) {
                handover
                    .lines
                    .insert(own.clone(), (trace.clone(), successor.clone()));
            }
        }
        if let Some(digest) = made.files.get(&slot.path) {
            handover
                .recorded_files
                .insert(slot.path.clone(), (digest.clone(), successor.clone()));
        }
    }
    Ok(())
}

/// The recorded entries that are made for the row of a slot.
fn row_lines(planner: &mut RemovalPlanner<'_>, site: &Site, slot: &Slot) -> Result<Vec<String>> {
    let (Some(each), Some(row)) = (&site.each, &slot.row) else {
        return Ok(vec![]);
    };
    let mut values = planner.values.clone();
    values.insert(each.clone(), json!([row]));
    let before = std::mem::replace(&mut planner.values, values);
    let remaining = planner.remaining.take();
    let keys = planner.entries_to_remove();
    planner.values = before;
    planner.remaining = remaining;
    let keys = keys?;
    let of_row = keys
        .iter()
        .filter(|key| key.site.each.as_ref() == Some(each))
        .map(EntryKey::recorded);
    Ok(of_row.collect())
}

/// Hands slots without an earlier holder to the member that is named by `instead`; refuses the removal without one.
fn take_over(
    planner: &mut RemovalPlanner<'_>,
    handover: &mut Handover,
    unassigned: Vec<(&Site, Slot)>,
) -> Result<()> {
    if unassigned.is_empty() {
        return Ok(());
    }
    let name = planner.request.name;
    let Some(instead) = planner.request.instead else {
        let mut error = Error::new(format!(
            "the host serves from `{name}`, and it is not recorded who did before"
        ));
        for (_, slot) in unassigned.iter().take(20) {
            error = error.because(format!("`{}` holds it", slot.path));
        }
        return Err(error.help("name who takes over: `--instead OTHER`"));
    };
    let of = planner.subject_id().to_owned();
    let other = planner
        .members
        .iter()
        .find(|member| member.kind == of && member.name == instead && member.name != name)
        .cloned();
    let Some(other) = other else {
        return Err(
            Error::new(format!("there is no {of} `{instead}` that could take over"))
                .help("`tenon list` shows what there is"),
        );
    };
    let values = planner.member_values(&other)?;
    for (site, slot) in unassigned {
        let (Some(each), Some(row)) = (&site.each, &slot.row) else {
            continue;
        };
        let id = field(row, "id");
        let option = planner
            .request
            .pack
            .options(&of)
            .find(|option| option.id == *each);
        let within = option.and_then(|option| option.within.clone());
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
        let value = value_of(planner, site, &other)?;
        set_holder(planner, &slot, &value)?;
        note_served(handover, site, &slot);
        let mut theirs = values.clone();
        theirs.insert(each.clone(), json!([row]));
        planner.scope.about(&theirs);
        let indent = planner.new_indent()?;
        let takes = |site: &&Site| {
            site.kind != SiteKind::Slot
                && (site.each.as_ref() == Some(each)
                    || site
                        .when
                        .as_deref()
                        .is_some_and(|when| when.contains(each.as_str())))
        };
        for site in planner.request.pack.sites(&of).filter(takes) {
            let style = planner.style.clone();
            sites::add(
                site,
                &mut planner.scope,
                &mut planner.overlay,
                SiteStyle {
                    style: &style,
                    indent,
                },
                &mut BTreeMap::new(),
            )?;
        }
    }
    Ok(())
}
