//! Lists the members of a host with their entries in sites: `tenon list`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::facts::{Facts, field};
use crate::host::{Host, HostPath};
use tenon_pack::{Pack, Site, SiteKind};
use tenon_syntax::entry::{Document, Syntax};
use tenon_text::diag::Result;
use tenon_text::format::split_bom;

use super::entries::{EntryList, Reading};
use super::slot_holders;

/// A member of the host.
pub struct HostMember {
    /// The kind that makes such members.
    pub kind: String,
    /// Its row in the fact table.
    pub subject: Value,
    /// For each site, the entries of the member.
    pub sites: BTreeMap<String, Vec<String>>,
}

/// All members in `host`, made by tenon or by hand.
///
/// The members of a kind are the rows of the fact table that the pack declares for them, or else of the one from which names
/// must be distinct. Only sites whose file follows from the name of the member are read, and all slots.
pub fn inventory(pack: &Pack, host: &Host, facts: &Facts<'_>) -> Result<Vec<HostMember>> {
    let mut out = Vec::new();
    for kind in pack.kinds().iter().filter(|kind| !kind.host) {
        let mut declarations = pack.kind_members().iter();
        let known = declarations.find(|declared| declared.kind == kind.id);
        let distinct = kind.name.distinct_from.first();
        let Some(table) = known.map(|declared| &declared.rows).or(distinct) else {
            continue;
        };
        let slots = slots(pack, &kind.id, host)?;
        for subject in facts.rows(table)?.iter() {
            let name = field(subject, "id").to_owned();
            let mut sites = BTreeMap::new();
            for site in pack.sites(&kind.id).filter(|site| site.kind == SiteKind::Entry) {
                if let Some(entries) = own_entries(site, host, &name)? {
                    sites.insert(site.id.clone(), entries);
                }
            }
            for (site, holders) in &slots {
                let held = holders
                    .iter()
                    .filter(|(_, holder)| *holder == value_for(site, &name))
                    .map(|(of, _)| of.clone())
                    .collect();
                sites.insert(site.id.clone(), held);
            }
            out.push(HostMember {
                kind: kind.id.clone(),
                subject: subject.clone(),
                sites,
            });
        }
    }
    Ok(out)
}

fn value_for(site: &Site, name: &str) -> String {
    site.value
        .as_deref()
        .unwrap_or_default()
        .replace("{{name}}", name)
}

/// The entries of a site in a file whose path depends only on the name; `None` for other sites.
fn own_entries(site: &Site, host: &Host, name: &str) -> Result<Option<Vec<String>>> {
    let Some(file) = &site.file else { return Ok(None) };
    let path = file.replace("{{name}}", name);
    if !file.contains("{{name}}") || path.contains("{{") {
        return Ok(None);
    }
    let Some(text) = host.read(&HostPath::new(&path)?)? else {
        return Ok(Some(vec![]));
    };
    let document = Document::new(split_bom(&text).1, Syntax::of(&path));
    let read = EntryList::new(site, &document)?.read(&[]);
    Ok(Some(match read {
        Reading::Entries(entries, _) => entries.into_iter().map(|entry| entry.name).collect(),
        _ => vec![],
    }))
}

/// A site of slots; for each slot its row and its holder.
type SiteSlots<'p> = (&'p Site, Vec<(String, String)>);

/// The slots of a kind.
fn slots<'p>(pack: &'p Pack, kind: &str, host: &Host) -> Result<Vec<SiteSlots<'p>>> {
    let mut out = Vec::new();
    for site in pack
        .all_sites()
        .iter()
        .filter(|site| site.for_kinds.iter().any(|id| id == kind))
    {
        let (SiteKind::Slot, Some(file)) = (site.kind, &site.file) else {
            continue;
        };
        let mut holders = Vec::new();
        for found in host.glob(&pattern_of(file)) {
            let Some(text) = host.read(&HostPath::new(&found.path)?)? else {
                continue;
            };
            if let Some((holder, _)) = slot_holders::holders(site, &found.path, split_bom(&text).1)?
                .into_iter()
                .next()
            {
                let of = found
                    .captures
                    .first()
                    .map_or(found.path.clone(), |(_, capture)| capture.clone());
                holders.push((of, holder));
            }
        }
        out.push((site, holders));
    }
    Ok(out)
}

/// `a/{{module.id}}.ts` as a pattern with a capture.
fn pattern_of(template: &str) -> String {
    match (template.find("{{"), template.find("}}")) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{{of}}{}", &template[..open], &template[close + 2..])
        }
        _ => template.to_owned(),
    }
}
