//! Renders the recorded members with the present pack. Members that add to another one are rendered together with it, since they
//! write into its files.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::facts::Facts;
use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_text::diag::{Result, Span};
use tenon_text::format::split_bom;

use super::super::build::{Finish, Mode, add_folders, required};
use super::super::overlay::Overlay;
use super::super::scope::{Iteration, Scope};
use super::super::sites::{self, SiteStyle};
use super::super::slot_holders::holders;
use super::request::{MemberToUpdate, RenderedFile, UpdateRequest};

/// New entries, by owner.
type Entries = BTreeMap<(String, String), BTreeMap<String, String>>;

/// The files of all members, and their entries in sites that the pack did not have before, which are added to the overlay.
pub(super) fn all(
    request: &UpdateRequest<'_>,
    overlay: &mut Overlay<'_>,
) -> Result<(Vec<RenderedFile>, Entries)> {
    let mut files = Vec::new();
    let mut entries = Entries::new();
    let by_path = lines_by_path(request);
    let mut scopes = Scopes::default();
    let renderer = Renderer {
        request,
        finish: Finish::new(&request.look, &request.style),
        recorded: recorded(request),
    };
    for group in groups(request) {
        let mut fresh = Overlay::new(request.host);
        for member in &group {
            let scope = scopes.of(request, member)?;
            required(request.pack, member.kind, scope)?;
            rendered(&renderer, member, scope, &mut fresh)?;
        }
        // Members of other groups may have entries in these files.
        let own: BTreeSet<String> = fresh.own().map(|(path, _)| path.as_str().to_owned()).collect();
        for (other, ids) in others(request, &group, &by_path, &own) {
            let scope = scopes.of(request, other)?;
            for site in request
                .pack
                .sites(&other.kind.id)
                .filter(|site| ids.contains(&site.id))
            {
                renderer.add(site, scope, &mut fresh, &mut BTreeMap::new())?;
            }
        }
        for member in &group {
            if member.made.digest != request.pack.digest() {
                let scope = scopes.of(request, member)?;
                let lines = new_entries(&renderer, member, scope, &own, overlay)?;
                if !lines.is_empty() {
                    let owner = (member.kind.id.clone(), member.answers.name.clone());
                    entries.entry(owner).or_default().extend(lines);
                }
            }
        }
        keep_holders(&renderer, &group, &mut fresh)?;
        collect(&renderer, &group, &fresh, &mut files);
    }
    Ok((files, entries))
}

/// Takes the members that are not there out of the request, and says which: their home is gone, or all of their files are.
pub(super) fn take_gone(request: &mut UpdateRequest<'_>) -> Result<Vec<(String, String)>> {
    let mut scopes = Scopes::default();
    let mut there = Vec::with_capacity(request.members.len());
    for member in &request.members {
        let has_home = match &member.kind.home {
            Some(_) => {
                let home = scopes
                    .of(request, member)?
                    .text("{{home}}", &Iteration::default())?;
                request.host.exists_dir(&home) || request.host.exists_file(&home)
            }
            None => true,
        };
        let mut files = member.made.files.keys();
        let has_files = member.made.files.is_empty() || files.any(|path| request.host.exists_file(path));
        there.push(has_home && has_files);
    }
    let mut gone = Vec::new();
    let mut is_there = there.into_iter();
    request.members.retain(|member| {
        let keeps = is_there.next() == Some(true);
        if !keeps {
            gone.push((member.kind.id.clone(), member.answers.name.clone()));
        }
        keeps
    });
    Ok(gone)
}

/// What is shared by all members.
struct Renderer<'t, 'a> {
    request: &'t UpdateRequest<'a>,
    finish: Finish<'t>,
    /// All recorded paths.
    recorded: HashSet<&'t str>,
}

fn recorded<'r>(request: &'r UpdateRequest<'_>) -> HashSet<&'r str> {
    let all = request.record.iter();
    all.flat_map(|(_, _, made)| made.files.keys().map(String::as_str))
        .collect()
}

impl Renderer<'_, '_> {
    fn add(
        &self,
        site: &Site,
        scope: &mut Scope<'_>,
        overlay: &mut Overlay<'_>,
        entries: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let how = SiteStyle {
            style: &self.request.style,
            indent: self.request.look.indent,
        };
        sites::add(site, scope, overlay, how, entries)
    }
}

/// Groups of members that write into the same files; the member that others add to comes first.
fn groups<'r, 'a>(request: &'r UpdateRequest<'a>) -> Vec<Vec<&'r MemberToUpdate<'a>>> {
    let mut out: BTreeMap<(String, String), Vec<&MemberToUpdate<'_>>> = BTreeMap::new();
    for member in &request.members {
        let of = match &member.kind.name.one_of {
            Some(table) => request
                .pack
                .kind_members()
                .iter()
                .find(|declared| declared.rows == *table)
                .map_or(member.kind.id.as_str(), |declared| declared.kind.as_str()),
            None => member.kind.id.as_str(),
        };
        let key = (of.to_owned(), member.answers.name.clone());
        let group = out.entry(key).or_default();
        if member.kind.id == of {
            group.insert(0, member);
        } else {
            group.push(member);
        }
    }
    out.into_values().collect()
}

/// One scope for all members with the same facts, so that templates are compiled once.
#[derive(Default)]
struct Scopes<'a>(Vec<(*const Facts<'a>, Scope<'a>)>);

impl<'a> Scopes<'a> {
    /// The scope, switched to `member`.
    fn of(&mut self, request: &UpdateRequest<'a>, member: &MemberToUpdate<'a>) -> Result<&mut Scope<'a>> {
        let key = std::ptr::from_ref(member.facts);
        if let Some(at) = self.0.iter().position(|(facts, _)| *facts == key) {
            let scope = &mut self.0[at].1;
            scope.switch_to(member.kind, &member.answers)?;
            return Ok(scope);
        }
        let scope = Scope::new(
            request.pack,
            member.kind,
            member.facts,
            &member.answers,
            &request.style,
        )?;
        self.0.push((key, scope));
        let last = self.0.len() - 1;
        Ok(&mut self.0[last].1)
    }
}

/// Renders the folders of templates of a member and its entries in these files.
fn rendered(
    renderer: &Renderer<'_, '_>,
    member: &MemberToUpdate<'_>,
    scope: &mut Scope<'_>,
    fresh: &mut Overlay<'_>,
) -> Result<()> {
    let pack = renderer.request.pack;
    add_folders(
        pack.folders(&member.kind.id),
        Mode::Again(&member.made),
        scope,
        fresh,
        &renderer.finish,
    )?;
    let own: BTreeSet<String> = fresh.own().map(|(path, _)| path.as_str().to_owned()).collect();
    for site in pack.sites(&member.kind.id) {
        if site.kind != SiteKind::Slot && is_rendered_with(site, &own, scope)? {
            renderer.add(site, scope, fresh, &mut BTreeMap::new())?;
        }
    }
    Ok(())
}

/// Whether all files of a site are in `own`; false for a site without entries.
fn is_rendered_with(site: &Site, own: &BTreeSet<String>, scope: &mut Scope<'_>) -> Result<bool> {
    let Some(file) = &site.file else { return Ok(false) };
    let turns = scope.turns(site.each.as_deref(), site.row.as_deref(), site.when.as_deref())?;
    for turn in &turns {
        if !own.contains(&scope.text(file, turn)?) {
            return Ok(false);
        }
    }
    Ok(!turns.is_empty())
}

/// The recorded entries by file: the index of the member, and the site.
fn lines_by_path(request: &UpdateRequest<'_>) -> BTreeMap<String, BTreeSet<(usize, String)>> {
    let mut out: BTreeMap<String, BTreeSet<(usize, String)>> = BTreeMap::new();
    for (at, member) in request.members.iter().enumerate() {
        for line in member.made.sites.keys() {
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

/// The members outside the group that have entries in its files, and the sites.
fn others<'r, 'a>(
    request: &'r UpdateRequest<'a>,
    group: &[&MemberToUpdate<'a>],
    lines: &BTreeMap<String, BTreeSet<(usize, String)>>,
    own: &BTreeSet<String>,
) -> Vec<(&'r MemberToUpdate<'a>, BTreeSet<String>)> {
    let mut out: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (at, id) in own.iter().filter_map(|path| lines.get(path)).flatten() {
        let other = &request.members[*at];
        if !group.iter().any(|member| std::ptr::eq(*member, other)) {
            out.entry(*at).or_default().insert(id.clone());
        }
    }
    out.into_iter()
        .map(|(at, ids)| (&request.members[at], ids))
        .collect()
}

/// Adds entries to sites that the pack did not have when the member was made. Other sites stay as people left them.
fn new_entries(
    renderer: &Renderer<'_, '_>,
    member: &MemberToUpdate<'_>,
    scope: &mut Scope<'_>,
    own: &BTreeSet<String>,
    overlay: &mut Overlay<'_>,
) -> Result<BTreeMap<String, String>> {
    let mut entries = BTreeMap::new();
    for site in renderer.request.pack.sites(&member.kind.id) {
        let prefix = format!("{} ", site.id);
        let was_there = member.made.sites.keys().any(|line| line.starts_with(&prefix));
        if was_there || site.kind == SiteKind::Slot || is_rendered_with(site, own, scope)? {
            continue;
        }
        renderer.add(site, scope, overlay, &mut entries)?;
    }
    Ok(entries)
}

/// Keeps the holders of slots in rendered files, since people decide on them.
fn keep_holders(
    renderer: &Renderer<'_, '_>,
    group: &[&MemberToUpdate<'_>],
    fresh: &mut Overlay<'_>,
) -> Result<()> {
    let request = renderer.request;
    let slots: Vec<&Site> = group
        .iter()
        .flat_map(|member| request.pack.sites(&member.kind.id))
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
        let (Some(site), Some(now)) = (keeps, request.host.read(&path)?) else {
            continue;
        };
        let first = |text: &str| -> Result<Option<(String, Span)>> {
            let holders = holders(site, path.as_str(), split_bom(text).1)?;
            Ok(holders.into_iter().next())
        };
        let Some(text) = fresh.read(&path)? else { continue };
        if let (Some((is, _)), Some((rendered, span))) = (first(&now)?, first(&text)?)
            && is != rendered
        {
            let mut after = text.to_string();
            after.replace_range(span.range(), &is);
            fresh.edit(&path, after);
        }
    }
    Ok(())
}

/// Adds each rendered file with its owner, and the recorded files that are no longer rendered.
fn collect(
    renderer: &Renderer<'_, '_>,
    group: &[&MemberToUpdate<'_>],
    fresh: &Overlay<'_>,
    files: &mut Vec<RenderedFile>,
) {
    let key = |member: &MemberToUpdate<'_>| (member.kind.id.clone(), member.answers.name.clone());
    let mut seen = BTreeSet::new();
    for (path, text) in fresh.own() {
        seen.insert(path.as_str().to_owned());
        let owner = group
            .iter()
            .find(|member| member.made.files.contains_key(path.as_str()));
        let known = owner.and_then(|member| member.made.files.get(path.as_str()).cloned());
        // A file that is recorded for another member belongs to that one.
        if owner.is_none() && renderer.recorded.contains(path.as_str()) {
            continue;
        }
        let owner = owner
            .or(group.first())
            .map(|member| key(member))
            .unwrap_or_default();
        files.push(RenderedFile {
            path: path.clone(),
            owner,
            known,
            theirs: Some(text.to_owned()),
            executable: false,
        });
    }
    for member in group {
        for (path, known) in &member.made.files {
            if let (false, Ok(at)) = (seen.contains(path), HostPath::new(path)) {
                files.push(RenderedFile {
                    path: at,
                    owner: key(member),
                    known: Some(known.clone()),
                    theirs: None,
                    executable: false,
                });
            }
        }
    }
}
