//! JSON for programs. The types here are the format: they change only together with `version`.
//!
//! Keys may be added within a version; none goes, and none changes its meaning. The schema in
//! `docs/schema/list.schema.json` is made from these types.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Found;
use crate::report::findings::json_text;
use tenon_engine::rules::coverage;
use tenon_text::diag::Severity;

/// The version of the format.
const VERSION: u32 = 1;

/// What there is in a host.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, schemars(title = "tenon list"))]
pub(super) struct Document<'a> {
    /// Version of this format: 1.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    version: u32,
    /// The pack's name.
    pack: &'a str,
    /// Everything that stands in the host, made by tenon or by hand.
    integrations: Vec<Thing<'a>>,
    /// Findings about the host as a whole.
    findings: Vec<Finding<'a>>,
    /// Counts over everything.
    summary: Summary,
}

/// One thing: an integration, or whatever else the pack makes.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Thing<'a> {
    /// The generator that makes such things.
    generator: &'a str,
    /// Its name.
    name: &'a str,
    /// Where it was found, relative to the host.
    path: &'a str,
    /// The pack that made it, with its version; null if it was written by hand.
    made_by: Option<&'a str>,
    /// By site, the entries of it that the site has; sites whose file depends on more than the name are not here.
    sites: &'a BTreeMap<String, Vec<String>>,
    /// Its classes and the contracts that they are there to fulfil.
    contracts: Vec<Contract<'a>>,
    /// The entries that it should have, and whether it has them.
    entries: Vec<Entry<'a>>,
    /// Whether it has all of them; null if it should have none.
    wired: Option<bool>,
    /// What is wrong with it.
    findings: Vec<Finding<'a>>,
}

/// A class and its contract.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Contract<'a> {
    /// The row of the host that it is for, such as a module; null if it is for none.
    of: Option<&'a str>,
    /// What the pack calls the contract.
    contract: &'a str,
    /// The contract's public path in the framework.
    symbol: &'a str,
    /// The class.
    class: &'a str,
    /// The file that declares it, relative to the host.
    path: &'a str,
    /// The line of its name, from 1.
    line: usize,
    /// How many methods are there and no stubs: its own and inherited ones.
    implemented: usize,
    /// How many are as the generator wrote them.
    stubbed: usize,
    /// How many are not there.
    missing: usize,
    /// Every method that the contract asks for, in its order.
    methods: Vec<Method<'a>>,
}

/// A method that a contract asks for.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Method<'a> {
    /// Its name.
    name: &'a str,
    /// What the class has of it.
    state: State,
}

/// What a class has of a method.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It was written.
    Implemented,
    /// It is as the generator wrote it.
    Stubbed,
    /// The class has it from one that is not its package's own.
    Inherited,
    /// It is not there.
    Missing,
    /// It cannot be told: what the class is built on is not known.
    Unknown,
}

/// An entry that a thing should have.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    /// The site of the pack.
    site: &'a str,
    /// The file, relative to the host.
    path: &'a str,
    /// What names the entry.
    entry: &'a str,
    /// Whether it is there.
    there: bool,
}

/// One finding of `validate-structure`; its own JSON says more.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    /// The rule's id.
    rule: &'a str,
    /// How bad it is.
    severity: Severity,
    /// One sentence without a full stop.
    message: &'a str,
    /// The file, relative to the host.
    path: &'a str,
    /// The line, from 1; null if the whole file is meant.
    line: Option<usize>,
}

/// Counts over everything.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Summary {
    /// Things.
    things: usize,
    /// Things that miss an entry.
    unwired: usize,
    /// Methods that are there and no stubs.
    implemented: usize,
    /// Methods that are stubs.
    stubbed: usize,
    /// Methods that are not there.
    missing: usize,
    /// Findings.
    findings: usize,
}

/// The document.
pub fn render(listing: &super::Listing) -> String {
    let tally = listing.tally();
    json_text(&Document {
        version: VERSION,
        pack: &listing.pack_name,
        integrations: listing.rows.iter().map(thing).collect(),
        findings: listing.findings.iter().map(finding).collect(),
        summary: Summary {
            things: listing.rows.len(),
            unwired: listing
                .rows
                .iter()
                .filter(|row| row.is_wired() == Some(false))
                .count(),
            implemented: tally.done(),
            stubbed: tally.stubbed,
            missing: tally.missing,
            findings: listing.all_findings().count(),
        },
    })
}

fn thing(row: &super::Row) -> Thing<'_> {
    Thing {
        generator: &row.generator,
        name: &row.name,
        path: &row.path,
        made_by: row.made_by.as_deref(),
        sites: &row.sites,
        contracts: row.coverage.covers.iter().map(contract).collect(),
        entries: row
            .coverage
            .wires
            .iter()
            .map(|wire| Entry {
                site: &wire.site,
                path: &wire.path,
                entry: &wire.entry,
                there: wire.there,
            })
            .collect(),
        wired: row.is_wired(),
        findings: row.findings.iter().map(finding).collect(),
    }
}

fn contract(cover: &coverage::Cover) -> Contract<'_> {
    let tally = super::Tally::of(cover.methods.iter().map(|(_, state)| state));
    Contract {
        of: cover.of.as_deref(),
        contract: &cover.contract,
        symbol: &cover.symbol,
        class: &cover.class,
        path: &cover.path,
        line: cover.line,
        implemented: tally.done(),
        stubbed: tally.stubbed,
        missing: tally.missing,
        methods: cover
            .methods
            .iter()
            .map(|(name, state)| Method {
                name,
                state: match state {
                    coverage::State::Implemented => State::Implemented,
                    coverage::State::Stubbed => State::Stubbed,
                    coverage::State::Inherited => State::Inherited,
                    coverage::State::Missing => State::Missing,
                    coverage::State::Unknown => State::Unknown,
                },
            })
            .collect(),
    }
}

fn finding(found: &Found) -> Finding<'_> {
    Finding {
        rule: &found.rule,
        severity: found.severity,
        message: &found.message,
        path: &found.path,
        line: found.line,
    }
}
