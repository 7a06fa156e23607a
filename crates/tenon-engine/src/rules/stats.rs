//! What each part of a check saw and cost, for people who ask whether it looked at all.

use std::collections::{BTreeMap, BTreeSet};

use tenon_pack::Pack;
use tenon_text::diag::{Part, Stat};

use super::check::Checked;
use super::coverage::{Cost, Counted};
use super::registry::RULES;

/// What each part of a check of which coverage was asked for saw and cost: steps, then what the pack declares, then the rules.
/// What saw nothing is there as well.
pub fn stats(pack: &Pack, checked: &Checked) -> Vec<Stat> {
    let count = |what: &Counted| checked.counts.get(what).copied().unwrap_or_default();
    let cost = |what: &Counted| checked.costs.get(what).copied().unwrap_or_default();
    let mut out: Vec<Stat> = Vec::new();
    for (step, time) in &checked.times {
        out.push(Stat {
            part: Part::Step,
            name: (*step).to_owned(),
            members: 0,
            seen: 0,
            matches: 0,
            time: *time,
        });
    }
    if checked.costs.is_empty() {
        // It was recalled: nothing was looked at.
        return out;
    }
    let mut add = |part: Part, name: String, cost: Cost, (members, seen, matches): (usize, usize, usize)| {
        out.push(Stat {
            part,
            name,
            members,
            seen,
            matches,
            time: cost.time,
        });
    };
    // The members that should have an entry at a site, and how many entries are there.
    let mut wires: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for wire in checked.coverage.values().flat_map(|coverage| &coverage.wires) {
        let (members, there) = wires.entry(&wire.site).or_default();
        members.insert(&wire.member);
        *there += usize::from(wire.there);
    }
    let mut sites = BTreeSet::new();
    for declared in pack.kind_members() {
        let kind = &declared.kind;
        let members = count(&Counted::Members(kind.clone()));
        add(
            Part::Kind,
            kind.clone(),
            Cost::default(),
            (members, members, members),
        );
        for folder in pack.folders(kind) {
            for file in folder.required.keys() {
                let there = count(&Counted::File(kind.clone(), file.clone()));
                add(
                    Part::File,
                    format!("{kind}: {file}"),
                    Cost::default(),
                    (members, there, there),
                );
            }
        }
        for site in pack.sites(kind).filter(|site| sites.insert(&site.id)) {
            let what = Counted::Site(site.id.clone());
            let (members, there) = wires
                .get(site.id.as_str())
                .map_or((0, 0), |(members, there)| (members.len(), *there));
            add(
                Part::Site,
                site.id.clone(),
                cost(&what),
                (members, count(&what), there),
            );
        }
        for (at, pack_rule) in pack.rules(kind).enumerate() {
            let relation = pack_rule.kind.name();
            let what = Counted::Rule(at, kind.clone(), relation.to_owned(), pack_rule.file.clone());
            let seen = count(&what);
            let name = format!("{kind}: {relation} of {}", pack_rule.file);
            add(
                Part::PackRule,
                name,
                cost(&what),
                (cost(&what).members, seen, seen),
            );
        }
    }
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &checked.findings.diagnostics {
        *found.entry(finding.rule.as_str()).or_default() += 1;
    }
    for rule in RULES {
        let id = rule.info().id;
        let own = cost(&Counted::Check(id));
        let findings = found.get(id).copied().unwrap_or_default();
        add(
            Part::Rule,
            id.to_owned(),
            own,
            (own.members, own.members, findings),
        );
    }
    out
}
