//! JSON for programs. These types define the format.
//!
//! Within a version keys may be added, but none is removed or changes its meaning. `docs/schema/list.schema.json` is
//! generated from these types.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Found;
use crate::report::json_text::json_text;
use tenon_engine::rules::coverage;
use tenon_text::diag::Severity;

/// The version of the format.
const VERSION: u32 = 1;

/// The members of a host.
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
    /// All members of the host, made by tenon or by hand.
    integrations: Vec<Member<'a>>,
    /// Findings about the host as a whole.
    findings: Vec<Finding<'a>>,
    /// Counts over all members.
    summary: Summary,
}

/// One member: an integration, or whatever else the pack makes.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Member<'a> {
    /// What it is: the kind of the pack.
    kind: &'a str,
    /// Its name.
    name: &'a str,
    /// Its path, relative to the host.
    path: &'a str,
    /// The pack that made it, with its version; null if it was written by hand.
    made_by: Option<&'a str>,
    /// Its entries by site; without sites whose file depends on more than the name.
    sites: &'a BTreeMap<String, Vec<String>>,
    /// Its classes and the contracts that they implement.
    contracts: Vec<Contract<'a>>,
    /// The entries that it should have, and whether it has them.
    entries: Vec<Entry<'a>>,
    /// Whether it has all of them; null if it should have none.
    registered: Option<bool>,
    /// The findings about it.
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
    /// Number of methods that are implemented, here or in a base class.
    implemented: usize,
    /// Number of methods that are stubs, as `tenon new` writes them.
    stubbed: usize,
    /// Number of methods that are missing.
    missing: usize,
    /// All methods of the contract, in its order.
    methods: Vec<Method<'a>>,
}

/// A method of a contract.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Method<'a> {
    /// Its name.
    name: &'a str,
    /// Its state in the class.
    state: State,
}

/// The state of a method in a class.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum State {
    /// Implemented.
    Implemented,
    /// A stub, as `tenon new` writes it.
    Stubbed,
    /// Inherited from a class outside of the member's package.
    Inherited,
    /// Missing.
    Missing,
    /// Unknown: a base class of the class is not known.
    Unknown,
}

/// An entry that a member should have.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    /// The site of the pack.
    site: &'a str,
    /// The file, relative to the host.
    path: &'a str,
    /// The text that identifies the entry.
    entry: &'a str,
    /// Whether the site has it.
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
    /// The line, from 1; null if it is about the whole file.
    line: Option<usize>,
}

/// Counts over all members.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Summary {
    /// All members.
    members: usize,
    /// Members that lack an entry.
    unregistered: usize,
    /// Methods that are implemented or inherited.
    implemented: usize,
    /// Methods that are stubs.
    stubbed: usize,
    /// Methods that are missing.
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
        integrations: listing.rows.iter().map(member).collect(),
        findings: listing.findings.iter().map(finding).collect(),
        summary: Summary {
            members: listing.rows.len(),
            unregistered: listing
                .rows
                .iter()
                .filter(|row| row.is_registered() == Some(false))
                .count(),
            implemented: tally.done(),
            stubbed: tally.stubbed,
            missing: tally.missing,
            findings: listing.all_findings().count(),
        },
    })
}

fn member(row: &super::Row) -> Member<'_> {
    Member {
        kind: &row.kind,
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
        registered: row.is_registered(),
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
