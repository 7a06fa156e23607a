//! Proves what was learnt: the pack is loaded, the host is checked with it, a member is made. What does not hold is dropped.

use std::collections::BTreeMap;
use std::sync::Arc;

use tenon_engine::answers::{self, Sources};
use tenon_engine::facts::{Facts, field};
use tenon_engine::host::Host;
use tenon_engine::plan::{self, Change, NewRequest, Planned};
use tenon_engine::rules::{self, Asked};
use tenon_pack::{Pack, PackFiles};
use tenon_text::diag::{Diagnostic, Error, Result, Severity};

use crate::pack_text::Draft;
use crate::report::LeftOut;
use crate::sites::{LearntSite, unused};

/// Leaves in `sites` what holds: with the pack the host is in order, before and after a member is made. What does not hold is given back.
///
/// # Errors
/// If not even the pack without sites can be used.
pub fn prove(host: &Host, draft: &mut Draft<'_>, sites: &mut Vec<LearntSite>) -> Result<Vec<LeftOut>> {
    let mut out = Vec::new();
    loop {
        match trouble(host, draft, sites)? {
            Trouble::None => return Ok(out),
            Trouble::Site(index, why) => {
                let site = sites.remove(index);
                out.push(LeftOut { file: site.file, why });
            }
            Trouble::Stranger(name) => {
                draft.others.push(name);
                draft.others.sort_unstable();
            }
            Trouble::Unknown(error) => return Err(error),
        }
    }
}

/// What does not hold.
enum Trouble {
    None,
    /// A site, and what is wrong with it.
    Site(usize, String),
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
    let checked = rules::check(&pack, host, &Asked::default())?;
    if let Some(trouble) = of_findings(sites, &checked.findings.diagnostics) {
        return Ok(trouble);
    }
    let planned = match made(host, &pack, draft) {
        Ok(planned) => planned,
        Err(error) => return Ok(blame(draft, sites, error)),
    };
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
    let checked = rules::check(&pack, host, &asked)?;
    Ok(of_findings(sites, &checked.findings.diagnostics).unwrap_or(Trouble::None))
}

/// The plan of a new member.
fn made(host: &Host, pack: &Pack, draft: &Draft<'_>) -> Result<Planned> {
    let facts = Facts::new(host, pack, plan::code_style(host, pack)?);
    let generator = pack.generator(&draft.request.kind)?;
    let name = unused("", &draft.members.names());
    let answers = answers::collect(pack, generator, &facts, name, &Sources::default(), None)?;
    Ok(plan::build(&NewRequest {
        pack,
        host,
        facts: &facts,
        generator,
        answers: &answers,
    })?)
}

/// The site that a finding is about.
fn of_findings(sites: &[LearntSite], findings: &[Diagnostic]) -> Option<Trouble> {
    let mut left = None;
    for finding in findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
    {
        match sites.iter().position(|site| site.file == finding.at.path) {
            Some(index) => {
                let why = format!("the check would say: {}", finding.message);
                return Some(Trouble::Site(index, why));
            }
            None => {
                left.get_or_insert_with(|| Error::new(finding.message.clone()).in_file(&finding.at.path));
            }
        }
    }
    left.map(Trouble::Unknown)
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
