//! What stands in a host: each thing that a generator can make, and its entries in the pack's sites.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diag::Result;
use crate::facts::{Facts, field};
use crate::host::{Host, HostPath};
use crate::lang::format::split_bom;
use crate::lang::rule::Rule;
use crate::lang::tree::Grammar;
use crate::pack::{Pack, Site, SiteKind};

/// One thing in the host.
pub struct Stands {
    /// The generator that makes such things.
    pub generator: String,
    /// Its row in the fact table.
    pub subject: Value,
    /// For each site, the entries that are this thing's.
    pub sites: BTreeMap<String, Vec<String>>,
}

/// Everything that stands in `host`, made by tenon or by hand.
///
/// A generator's things are the rows of the fact table from which its names must be distinct. Of its sites
/// those are read whose file is known from the thing's name alone, and the slots, whichever file they are in.
pub fn inventory(pack: &Pack, host: &Host, facts: &Facts<'_>) -> Result<Vec<Stands>> {
    let mut out = Vec::new();
    for generator in pack.generators().iter().filter(|generator| !generator.host) {
        let Some(table) = generator.name.distinct_from.first() else {
            continue;
        };
        let slots = slots(pack, &generator.id, host)?;
        for subject in facts.rows(table)? {
            let name = field(&subject, "id").to_owned();
            let mut sites = BTreeMap::new();
            for site in pack
                .sites(&generator.id)
                .filter(|site| site.kind == SiteKind::List)
            {
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
            out.push(Stands {
                generator: generator.id.clone(),
                subject,
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

/// The entries of a site in a thing's own file: one whose path depends on the name and nothing else.
fn own_entries(site: &Site, host: &Host, name: &str) -> Result<Option<Vec<String>>> {
    let Some(file) = &site.file else { return Ok(None) };
    let path = file.replace("{{name}}", name);
    if !file.contains("{{name}}") || path.contains("{{") {
        return Ok(None);
    }
    let Some((text, rule, tree)) = opened(site, host, &path)? else {
        return Ok(Some(vec![]));
    };
    let var = site.var.as_deref().unwrap_or_default();
    let _ = text;
    let rules = crate::lang::list::ListRule {
        container: site
            .container
            .as_ref()
            .map(|table| Rule::compile(Grammar::TypeScript, table))
            .transpose()?,
        target: site.target.clone(),
        entry: rule,
        name_in: site
            .name_in
            .as_ref()
            .map(|table| Rule::compile(Grammar::TypeScript, table))
            .transpose()?,
        var: var.to_owned(),
        after: None,
        before: None,
    };
    Ok(Some(match rules.find(&tree) {
        Ok(list) => list.entries().iter().map(|entry| entry.name.clone()).collect(),
        Err(_) => vec![],
    }))
}

/// A site of slots; for each of them what it is about, and what it holds.
type Slots<'p> = (&'p Site, Vec<(String, String)>);

/// The slots of a generator: what each of them is about, and what it holds.
fn slots<'p>(pack: &'p Pack, generator: &str, host: &Host) -> Result<Vec<Slots<'p>>> {
    let mut out = Vec::new();
    for site in pack
        .all_sites()
        .iter()
        .filter(|site| site.generators.iter().any(|id| id == generator))
    {
        let (SiteKind::Slot, Some(file)) = (site.kind, &site.file) else {
            continue;
        };
        let mut holders = Vec::new();
        for found in host.glob(&pattern_of(file)) {
            let Some((_, rule, tree)) = opened(site, host, &found.path)? else {
                continue;
            };
            let var = site.var.as_deref().unwrap_or_default();
            if let Some(holder) = rule.find(&tree.root()).and_then(|m| m.var(var)) {
                let of = found
                    .captures
                    .first()
                    .map_or(found.path.clone(), |(_, capture)| capture.clone());
                holders.push((of, holder.text().to_string()));
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

type Opened = (String, Rule, crate::lang::tree::Tree);

fn opened(site: &Site, host: &Host, path: &str) -> Result<Option<Opened>> {
    let (Some(grammar), Some(entry)) = (Grammar::of_path(path), &site.entry) else {
        return Ok(None);
    };
    let Some(text) = host.read(&HostPath::new(path)?)? else {
        return Ok(None);
    };
    let body = split_bom(&text).1.to_owned();
    let tree = grammar.parse(&body);
    Ok(Some((body, Rule::compile(grammar, entry)?, tree)))
}
