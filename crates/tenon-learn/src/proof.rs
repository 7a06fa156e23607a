//! Proves what was learnt: the pack is loaded, the host is checked with it, a member is made. What does not hold is dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tenon_engine::answers::{self, Given, Sources};
use tenon_engine::facts::{Facts, field};
use tenon_engine::host::Host;
use tenon_engine::plan::{self, Change, NewRequest, Planned};
use tenon_engine::rules::{self, Asked};
use tenon_pack::{Pack, PackFiles};
use tenon_text::diag::{Diagnostic, Error, Result, Severity};

use crate::found::{LearntSite, LeftOut};
use crate::pack_text::{Draft, tag};
use crate::rules::is_usual;
use crate::sites::unused;

/// Leaves in `sites`, and in the templates of `draft`, what holds: with the pack the host is in order, before and after a member is made.
/// What does not hold is given back.
///
/// # Errors
/// If not even the pack without sites can be used.
pub fn prove(host: &Host, draft: &mut Draft<'_>, sites: &mut Vec<LearntSite>) -> Result<Vec<LeftOut>> {
    draft.is_trial = true;
    let out = proved(host, draft, sites);
    draft.is_trial = false;
    out
}

fn proved(host: &Host, draft: &mut Draft<'_>, sites: &mut Vec<LearntSite>) -> Result<Vec<LeftOut>> {
    let mut out = Vec::new();
    loop {
        match trouble(host, draft, sites)? {
            Trouble::None(found) => {
                out.extend(without_bad_options(host, draft, sites, &found)?);
                // What is wrong in the files of members is theirs to fix.
                out.extend(found.into_iter().map(|finding| {
                    let why = format!("the check will say: {}", finding.message);
                    LeftOut::new(finding.at.path, why)
                }));
                return Ok(out);
            }
            Trouble::Site(index, why) => {
                let site = sites.remove(index);
                out.push(LeftOut::new(site.file, why));
            }
            Trouble::Rules(broken) => {
                // The last first, so that the numbers of the others stay.
                for (index, members, why) in broken.into_iter().rev() {
                    let rule = &mut draft.rules[index];
                    // It goes if a new member breaks it, if exceptions do not help, or if many break it.
                    let is_known = members.is_subset(&rule.except);
                    rule.members.retain(|number| !members.contains(number));
                    rule.except.extend(members.iter().copied());
                    let total = rule.members.len() + rule.except.len();
                    if is_known || !is_usual(rule.members.len(), total) {
                        let rule = draft.rules.remove(index);
                        out.push(LeftOut::new(rule.file, why));
                    }
                }
            }
            Trouble::Stranger(name) => {
                draft.others.push(name);
                draft.others.sort_unstable();
            }
            Trouble::Unknown(error) => {
                let Some((folder, name)) = broken_template(host, draft, sites) else {
                    return Err(error);
                };
                draft.templates[folder].drop(&name);
                let why = format!("no template can be made of it: {}", error.message());
                out.push(LeftOut::new(name, why));
            }
        }
    }
}

/// The rule about files that cannot be looked at.
const UNPARSABLE: &str = "unparsable";

/// What does not hold.
enum Trouble {
    /// Nothing but what is wrong in the host itself.
    None(Vec<Diagnostic>),
    /// A site, and what is wrong with it.
    Site(usize, String),
    /// Rules in their order: of each the members that break it, and what is said of the first; no members if a new one breaks it.
    Rules(Vec<(usize, BTreeSet<usize>, String)>),
    /// What the pack takes for a member, and is none.
    Stranger(String),
    Unknown(Error),
}

fn trouble(host: &Host, draft: &Draft<'_>, sites: &[LearntSite]) -> Result<Trouble> {
    let pack = match Pack::load(PackFiles::of(&draft.request.name, draft.files(sites))) {
        Ok(pack) => pack,
        Err(error) => return Ok(blame(draft, sites, error)),
    };
    let facts = Facts::new(host, &pack, plan::code_style(host, &pack)?);
    let names = draft.members.names();
    let inventory = plan::inventory(&pack, host, &facts)?;
    let stranger = inventory
        .iter()
        .map(|row| field(&row.subject, "id"))
        .find(|id| !names.iter().any(|name| name == id));
    if let Some(stranger) = stranger.filter(|stranger| !draft.others.iter().any(|other| other == stranger)) {
        return Ok(Trouble::Stranger(stranger.to_owned()));
    }
    let found = match findings(host, draft, &pack) {
        Ok(found) => found,
        Err(error) => return Ok(blame(draft, sites, error)),
    };
    let is_at = |site: &LearntSite, finding: &Diagnostic| site.file == finding.at.path;
    let Some(first) = found
        .iter()
        .find(|finding| sites.iter().any(|site| is_at(site, finding)))
    else {
        if let Some(trouble) = broken_rules(draft, &found) {
            return Ok(trouble);
        }
        return Ok(Trouble::None(found));
    };
    // Of several sites in a file the one without which nothing is said.
    let suspects: Vec<usize> = (0..sites.len()).filter(|at| is_at(&sites[*at], first)).collect();
    let is_guilty = |at: &usize| {
        let mut others = sites.to_vec();
        others.remove(*at);
        let pack = Pack::load(PackFiles::of(&draft.request.name, draft.files(&others)));
        let found = pack
            .and_then(|pack| findings(host, draft, &pack))
            .unwrap_or_default();
        !found
            .iter()
            .any(|other| other.rule == first.rule && other.message == first.message)
    };
    let guilty = match suspects.as_slice() {
        [only] => *only,
        several => several
            .iter()
            .find(|at| is_guilty(at))
            .copied()
            .unwrap_or(suspects[0]),
    };
    Ok(Trouble::Site(
        guilty,
        format!("the check would say: {}", first.message),
    ))
}

/// The rules that some of what is `found` comes from.
fn broken_rules(draft: &Draft<'_>, found: &[Diagnostic]) -> Option<Trouble> {
    let names = draft.members.names();
    let member = |finding: &Diagnostic| names.iter().position(|name| *name == finding.subject);
    let broken = |index: usize| {
        let tag = tag(index);
        // Without a rule nobody would look into a file that does not parse.
        let is_of = |finding: &&Diagnostic| {
            let looks = finding.rule == UNPARSABLE
                && member(finding).is_some_and(|number| !draft.rules[index].except.contains(&number));
            looks || finding.reasons.iter().any(|reason| reason.text == tag)
        };
        let mut said = found.iter().filter(is_of).peekable();
        let why = format!("the check would say: {}", said.peek()?.message);
        // A finding that is about no member is about the new one.
        let members: Option<BTreeSet<usize>> = said.map(member).collect();
        Some((index, members.unwrap_or_default(), why))
    };
    let all: Vec<_> = (0..draft.rules.len()).filter_map(broken).collect();
    (!all.is_empty()).then_some(Trouble::Rules(all))
}

/// What a check with `pack` finds in the host, and in the host with a new member.
fn findings(host: &Host, draft: &Draft<'_>, pack: &Pack) -> Result<Vec<Diagnostic>> {
    let counts = |finding: &Diagnostic| finding.severity != Severity::Note;
    let mut out = rules::check(pack, host, &Asked::default())?.findings.diagnostics;
    let mut after = after(host, draft, pack, &[])?;
    let is_new = |finding: &Diagnostic| !has(&out, finding);
    after.retain(is_new);
    out.extend(after);
    out.retain(counts);
    Ok(out)
}

/// Whether one of `known` says the same.
fn has(known: &[Diagnostic], finding: &Diagnostic) -> bool {
    known
        .iter()
        .any(|other| other.rule == finding.rule && other.message == finding.message)
}

/// What a check with `pack` finds in the host with a new member that has these options.
fn after(host: &Host, draft: &Draft<'_>, pack: &Pack, options: &[&str]) -> Result<Vec<Diagnostic>> {
    let planned = made(host, pack, draft, options)?;
    let mut instead = BTreeMap::new();
    for (path, change) in &planned.plan.changes {
        if let Change::Create { after, .. } | Change::Modify { after, .. } = change {
            let text: Arc<str> = String::from_utf8_lossy(after).into();
            instead.insert(path.to_string(), text);
        }
    }
    let asked = Asked {
        instead: Arc::new(instead),
        ..Asked::default()
    };
    Ok(rules::check(pack, host, &asked)?.findings.diagnostics)
}

/// Takes out of `draft` the options with which a new member is not as sound as without: `found` is what a check says then.
fn without_bad_options(
    host: &Host,
    draft: &mut Draft<'_>,
    sites: &[LearntSite],
    found: &[Diagnostic],
) -> Result<Vec<LeftOut>> {
    let mut out = Vec::new();
    let objection = |draft: &Draft<'_>, options: &[&str]| -> Option<String> {
        let pack = Pack::load(PackFiles::of(&draft.request.name, draft.files(sites)));
        match pack.and_then(|pack| after(host, draft, &pack, options)) {
            Ok(all) => {
                let counts = |it: &&Diagnostic| it.severity != Severity::Note && !has(found, it);
                let said = all.iter().find(counts)?;
                Some(format!("the check would say: {}", said.message))
            }
            Err(error) => Some(error.message().to_owned()),
        }
    };
    let all: Vec<String> = draft.options.iter().map(|option| option.id.clone()).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    if all.is_empty() || objection(draft, &all).is_none() {
        return Ok(out);
    }
    for id in all {
        if let Some(why) = objection(draft, &[id]) {
            let file = draft.options.iter().find(|option| option.id == id);
            let file = file.map_or_else(String::new, |option| option.files[0].template.clone());
            draft.options.retain(|option| option.id != id);
            draft
                .templates
                .retain(|folder| folder.option.as_deref() != Some(id));
            out.push(LeftOut::new(file, why));
        }
    }
    Ok(out)
}

/// The template without which a member can be made: its folder, and its name.
fn broken_template(host: &Host, draft: &Draft<'_>, sites: &[LearntSite]) -> Option<(usize, String)> {
    for (number, folder) in draft.templates.iter().enumerate() {
        for name in folder.files.keys() {
            let mut without = draft.clone();
            without.templates[number].drop(name);
            let pack = Pack::load(PackFiles::of(&draft.request.name, without.files(sites)));
            if pack.and_then(|pack| made(host, &pack, &without, &[])).is_ok() {
                return Some((number, name.clone()));
            }
        }
    }
    None
}

/// The plan of a new member that has these options.
fn made(host: &Host, pack: &Pack, draft: &Draft<'_>, options: &[&str]) -> Result<Planned> {
    let facts = Facts::new(host, pack, plan::code_style(host, pack)?);
    let kind = pack.kind(&draft.request.kind)?;
    let name = unused("", &draft.members.names());
    let given = options.iter().map(|id| ((*id).to_owned(), Given::Flag(true)));
    let sources = Sources {
        flags: given.collect(),
        ..Sources::default()
    };
    let answers = answers::collect(pack, kind, &facts, name, &sources, None)?;
    Ok(plan::build(&NewRequest {
        pack,
        host,
        facts: &facts,
        kind,
        answers: &answers,
    })?)
}

/// The site that an error is about: of which the pack can be used without it.
fn blame(draft: &Draft<'_>, sites: &[LearntSite], error: Error) -> Trouble {
    let said = error.to_string();
    let by_id = sites
        .iter()
        .position(|site| said.contains(&format!("`{}`", site.id)));
    let by_file = || {
        sites
            .iter()
            .position(|site| said.contains(&format!("`{}`", site.file)))
    };
    let by_place = || {
        let place = error.location()?;
        sites.iter().position(|site| site.file == place.path)
    };
    let by_line = || {
        let line = error.location().filter(|place| place.path == "pack.toml")?.line?;
        let files = draft.files(sites);
        let text = String::from_utf8_lossy(files.get("pack.toml")?).into_owned();
        let head = text
            .lines()
            .take(line)
            .filter(|line| line.contains(".site.") && line.starts_with('['))
            .count();
        head.checked_sub(1)
    };
    match by_id.or_else(by_place).or_else(by_line).or_else(by_file) {
        Some(index) => Trouble::Site(index, error.message().to_owned()),
        None => Trouble::Unknown(error),
    }
}
