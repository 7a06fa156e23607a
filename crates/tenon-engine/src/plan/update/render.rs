//! What the pack makes today of everything that is recorded: a family at a time, since those who add to a thing write into its
//! files.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::facts::Facts;
use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::tree::Grammar;
use tenon_text::diag::Result;
use tenon_text::format::split_bom;

use super::super::build::{Finish, Mode, add_parts, required};
use super::super::overlay::Overlay;
use super::super::scope::Scope;
use super::super::sites;
use super::{File, Request, Thing};

/// Entries that are new, by who has them.
type Entries = BTreeMap<(String, String), BTreeMap<String, String>>;

/// Every file of everything that is asked for, and the entries in sites that the pack did not have then; those are in the
/// overlay already.
pub(super) fn all(request: &Request<'_>, overlay: &mut Overlay<'_>) -> Result<(Vec<File>, Entries)> {
    let mut files = Vec::new();
    let mut entries = Entries::new();
    let foreign = lines_by_path(request);
    let mut scopes = Scopes::default();
    let tools = Tools {
        request,
        finish: Finish::new(&request.look, &request.style),
        recorded: recorded(request),
    };
    for family in families(request) {
        let mut fresh = Overlay::new(request.host);
        for thing in &family {
            let scope = scopes.of(request, thing)?;
            required(request.pack, thing.generator, scope)?;
            rendered(&tools, thing, scope, &mut fresh)?;
        }
        // Others have entries in these files.
        let own: BTreeSet<String> = fresh.own().map(|(path, _)| path.as_str().to_owned()).collect();
        for (other, ids) in others(request, &family, &foreign, &own) {
            let scope = scopes.of(request, other)?;
            for site in request
                .pack
                .sites(&other.generator.id)
                .filter(|site| ids.contains(&site.id))
            {
                tools.add(site, scope, &mut fresh, &mut BTreeMap::new())?;
            }
        }
        for thing in &family {
            if thing.made.digest != request.pack.digest() {
                let scope = scopes.of(request, thing)?;
                new_sites(&tools, thing, scope, (&own, overlay), &mut entries)?;
            }
        }
        holders(&tools, &family, &mut fresh)?;
        collect(&tools, &family, &fresh, &mut files);
    }
    Ok((files, entries))
}

/// What serves all things.
struct Tools<'t, 'a> {
    request: &'t Request<'a>,
    finish: Finish<'t>,
    /// Every path that the record has.
    recorded: HashSet<&'t str>,
}

fn recorded<'r>(request: &'r Request<'_>) -> HashSet<&'r str> {
    let all = request.record.iter();
    all.flat_map(|(_, _, made)| made.files.keys().map(String::as_str))
        .collect()
}

impl Tools<'_, '_> {
    fn add(
        &self,
        site: &Site,
        scope: &mut Scope<'_>,
        overlay: &mut Overlay<'_>,
        entries: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let style = (&self.request.style, self.request.look.indent);
        sites::add(site, scope, overlay, style, entries)
    }
}

/// Things that stand in the same files, those first that others add to.
fn families<'r, 'a>(request: &'r Request<'a>) -> Vec<Vec<&'r Thing<'a>>> {
    let mut out: BTreeMap<(String, String), Vec<&Thing<'_>>> = BTreeMap::new();
    for thing in &request.things {
        let of = match &thing.generator.name.one_of {
            Some(table) => request
                .pack
                .subjects()
                .iter()
                .find(|subject| subject.rows == *table)
                .map_or(thing.generator.id.as_str(), |subject| subject.generator.as_str()),
            None => thing.generator.id.as_str(),
        };
        let key = (of.to_owned(), thing.answers.name.clone());
        let family = out.entry(key).or_default();
        if thing.generator.id == of {
            family.insert(0, thing);
        } else {
            family.push(thing);
        }
    }
    out.into_values().collect()
}

/// One scope for all things that have the same facts: what it has read and rendered once serves them all.
#[derive(Default)]
struct Scopes<'a>(Vec<(*const Facts<'a>, Scope<'a>)>);

impl<'a> Scopes<'a> {
    /// The scope of `thing`, which speaks of it from here on.
    fn of(&mut self, request: &Request<'a>, thing: &Thing<'a>) -> Result<&mut Scope<'a>> {
        let key = std::ptr::from_ref(thing.facts);
        if let Some(at) = self.0.iter().position(|(facts, _)| *facts == key) {
            let scope = &mut self.0[at].1;
            scope.again(thing.generator, &thing.answers)?;
            return Ok(scope);
        }
        let scope = Scope::new(
            request.pack,
            thing.generator,
            thing.facts,
            &thing.answers,
            &request.style,
        )?;
        self.0.push((key, scope));
        let last = self.0.len() - 1;
        Ok(&mut self.0[last].1)
    }
}

/// The parts of a thing and its entries in files that are rendered with it.
fn rendered(
    tools: &Tools<'_, '_>,
    thing: &Thing<'_>,
    scope: &mut Scope<'_>,
    fresh: &mut Overlay<'_>,
) -> Result<()> {
    let pack = tools.request.pack;
    add_parts(
        pack,
        pack.parts(&thing.generator.id),
        Mode::Again(&thing.made),
        scope,
        fresh,
        &tools.finish,
    )?;
    let own: BTreeSet<String> = fresh.own().map(|(path, _)| path.as_str().to_owned()).collect();
    for site in pack.sites(&thing.generator.id) {
        if site.kind != SiteKind::Slot && stands_in(site, &own, scope)? {
            tools.add(site, scope, fresh, &mut BTreeMap::new())?;
        }
    }
    Ok(())
}

/// Whether all files of a site are among `own`; one without entries for this thing stands nowhere.
fn stands_in(site: &Site, own: &BTreeSet<String>, scope: &mut Scope<'_>) -> Result<bool> {
    let Some(file) = &site.file else { return Ok(false) };
    let turns = scope.turns(site.each.as_deref(), site.row.as_deref(), site.when.as_deref())?;
    for turn in &turns {
        if !own.contains(&scope.text(file, turn)?) {
            return Ok(false);
        }
    }
    Ok(!turns.is_empty())
}

/// The recorded entries, by the file that they stand in: who has them, in which site.
fn lines_by_path(request: &Request<'_>) -> BTreeMap<String, BTreeSet<(usize, String)>> {
    let mut out: BTreeMap<String, BTreeSet<(usize, String)>> = BTreeMap::new();
    for (at, thing) in request.things.iter().enumerate() {
        for line in thing.made.sites.keys() {
            if let Some((id, rest)) = line.split_once(' ') {
                let path = rest.rsplit_once(' ').map_or(rest, |(path, _)| path);
                out.entry(path.to_owned())
                    .or_default()
                    .insert((at, id.to_owned()));
            }
        }
    }
    out
}

/// Those outside the family that have entries in its files, and in which sites.
fn others<'r, 'a>(
    request: &'r Request<'a>,
    family: &[&Thing<'a>],
    lines: &BTreeMap<String, BTreeSet<(usize, String)>>,
    own: &BTreeSet<String>,
) -> Vec<(&'r Thing<'a>, BTreeSet<String>)> {
    let mut out: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (at, id) in own.iter().filter_map(|path| lines.get(path)).flatten() {
        let other = &request.things[*at];
        if !family.iter().any(|thing| std::ptr::eq(*thing, other)) {
            out.entry(*at).or_default().insert(id.clone());
        }
    }
    out.into_iter()
        .map(|(at, ids)| (&request.things[at], ids))
        .collect()
}

/// Entries in sites of the host that the pack did not have when the thing was made. What it had then is as people left it.
fn new_sites(
    tools: &Tools<'_, '_>,
    thing: &Thing<'_>,
    scope: &mut Scope<'_>,
    (own, overlay): (&BTreeSet<String>, &mut Overlay<'_>),
    entries: &mut Entries,
) -> Result<()> {
    for site in tools.request.pack.sites(&thing.generator.id) {
        let prefix = format!("{} ", site.id);
        let was_there = thing.made.sites.keys().any(|line| line.starts_with(&prefix));
        if was_there || site.kind == SiteKind::Slot || stands_in(site, own, scope)? {
            continue;
        }
        let mut lines = BTreeMap::new();
        tools.add(site, scope, overlay, &mut lines)?;
        if !lines.is_empty() {
            let owner = (thing.generator.id.clone(), thing.answers.name.clone());
            entries.entry(owner).or_default().extend(lines);
        }
    }
    Ok(())
}

/// Slots in rendered files hold what they hold in the host: who serves what is for people to say.
fn holders(tools: &Tools<'_, '_>, family: &[&Thing<'_>], fresh: &mut Overlay<'_>) -> Result<()> {
    let request = tools.request;
    let slots: Vec<&Site> = family
        .iter()
        .flat_map(|thing| request.pack.sites(&thing.generator.id))
        .filter(|site| site.kind == SiteKind::Slot)
        .collect();
    if slots.is_empty() {
        return Ok(());
    }
    let paths: Vec<HostPath> = fresh.own().map(|(path, _)| path.clone()).collect();
    for path in paths {
        let keeps = slots.iter().find(|site| {
            let file = site.file.as_deref().unwrap_or_default();
            let before = file.split("{{").next().unwrap_or_default();
            let after = file.rsplit("}}").next().unwrap_or_default();
            path.as_str().starts_with(before) && path.as_str().ends_with(after)
        });
        let (Some(site), Some(grammar)) = (keeps, Grammar::of_path(path.as_str())) else {
            continue;
        };
        let (Some(entry), Some(var)) = (&site.entry, &site.var) else {
            continue;
        };
        let Some(now) = request.host.read(&path)? else {
            continue;
        };
        let rule = entry.rule(grammar)?;
        let holder = |text: &str| -> Option<(String, std::ops::Range<usize>)> {
            let tree = grammar.parse(split_bom(text).1);
            let found = rule.find(&tree.root())?;
            let node = found.var(var)?;
            Some((node.text().into_owned(), node.range()))
        };
        let Some(text) = fresh.read(&path)? else { continue };
        if let (Some((is, _)), Some((rendered, range))) = (holder(&now), holder(&text))
            && is != rendered
        {
            let mut after = text.to_string();
            after.replace_range(range, &is);
            fresh.edit(&path, after);
        }
    }
    Ok(())
}

/// Each rendered file with its owner, and the files that are not rendered any more.
fn collect(tools: &Tools<'_, '_>, family: &[&Thing<'_>], fresh: &Overlay<'_>, files: &mut Vec<File>) {
    let key = |thing: &Thing<'_>| (thing.generator.id.clone(), thing.answers.name.clone());
    let mut seen = BTreeSet::new();
    for (path, text) in fresh.own() {
        seen.insert(path.as_str().to_owned());
        let owner = family
            .iter()
            .find(|thing| thing.made.files.contains_key(path.as_str()));
        let known = owner.and_then(|thing| thing.made.files.get(path.as_str()).cloned());
        // What another thing has in the record is that one's.
        if owner.is_none() && tools.recorded.contains(path.as_str()) {
            continue;
        }
        let owner = owner
            .or(family.first())
            .map(|thing| key(thing))
            .unwrap_or_default();
        files.push(File {
            path: path.clone(),
            owner,
            known,
            theirs: Some(text.to_owned()),
            executable: false,
        });
    }
    for thing in family {
        for (path, known) in &thing.made.files {
            if let (false, Ok(at)) = (seen.contains(path), HostPath::new(path)) {
                files.push(File {
                    path: at,
                    owner: key(thing),
                    known: Some(known.clone()),
                    theirs: None,
                    executable: false,
                });
            }
        }
    }
}
