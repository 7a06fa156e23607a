//! Renders the list of a host's members: one file per format, all listed here.
//!
//! Input is a [`Listing`], output a `String`.

mod html;
mod human;
mod json;
mod markdown;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::rules::coverage::{Coverage, State};
use tenon_text::diag::Severity;

use super::escape::clean;
use super::printer::{Report, out};

/// How a listing is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// For people, one line for each member
    #[default]
    #[value(alias = "text")]
    Human,
    /// For programs; versioned, see `docs/schema/list.schema.json`
    Json,
    /// Markdown tables, for a pull request or a wiki
    #[value(alias = "markdown")]
    Md,
    /// One self-contained page that can be sorted and filtered
    Html,
}

/// The members of a host.
#[derive(Debug, Default)]
pub struct Listing {
    /// Name and version of the pack.
    pub pack: String,
    /// The name of the host's directory.
    pub host: String,
    /// The pack's name.
    pub pack_name: String,
    /// All members.
    pub rows: Vec<Row>,
    /// Findings about no member.
    pub findings: Vec<Found>,
}

/// One member.
#[derive(Debug, Default)]
pub struct Row {
    /// The kind that makes such members.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its path, relative to the host.
    pub path: String,
    /// The pack that made it; `None` if it was written by hand.
    pub made_by: Option<String>,
    /// Its entries, by site.
    pub sites: BTreeMap<String, Vec<String>>,
    /// Which methods and entries it has, and which it lacks.
    pub coverage: Coverage,
    /// The findings about it.
    pub findings: Vec<Found>,
}

/// One finding.
#[derive(Debug)]
pub struct Found {
    /// The rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// The file, relative to the host.
    pub path: String,
    /// The line, from 1; `None` if it is about the whole file.
    pub line: Option<usize>,
}

/// How many methods are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    implemented: usize,
    stubbed: usize,
    inherited: usize,
    missing: usize,
    unknown: usize,
}

impl Tally {
    fn add(&mut self, state: State) {
        match state {
            State::Implemented => self.implemented += 1,
            State::Stubbed => self.stubbed += 1,
            State::Inherited => self.inherited += 1,
            State::Missing => self.missing += 1,
            State::Unknown => self.unknown += 1,
        }
    }

    fn of<'s>(states: impl Iterator<Item = &'s State>) -> Self {
        let mut out = Self::default();
        states.for_each(|state| out.add(*state));
        out
    }

    /// All methods of the contracts.
    fn all(&self) -> usize {
        self.done() + self.stubbed + self.missing + self.unknown
    }

    /// Methods that are implemented or inherited.
    fn done(&self) -> usize {
        self.implemented + self.inherited
    }

    /// What is not implemented: `2 stubs, 1 missing`; empty if everything is.
    fn rest(&self) -> String {
        let stubs = counted(self.stubbed, "stub", "stubs");
        let missing = (self.missing > 0).then(|| format!("{} missing", self.missing));
        let unknown = (self.unknown > 0).then(|| format!("{} unknown", self.unknown));
        let all: Vec<String> = [stubs, missing, unknown].into_iter().flatten().collect();
        all.join(", ")
    }

    /// `3 of 5`
    fn text(&self) -> String {
        format!("{} of {}", self.done(), self.all())
    }

    /// The worst state of any method.
    fn worst(&self) -> &'static str {
        match self {
            Self { missing: 1.., .. } => "missing",
            Self { unknown: 1.., .. } => "unknown",
            Self { stubbed: 1.., .. } => "stubbed",
            _ => "implemented",
        }
    }
}

/// `2 stubs`; `None` if there are none.
fn counted(count: usize, one: &str, several: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {several}")),
    }
}

/// `1 error, 2 warnings`; empty if there are none.
fn severities(findings: &[Found]) -> String {
    let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
    let all = [
        counted(count(Severity::Error), "error", "errors"),
        counted(count(Severity::Warning), "warning", "warnings"),
        counted(count(Severity::Note), "note", "notes"),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl Row {
    /// Its methods over all contracts.
    fn tally(&self) -> Tally {
        let methods = self.coverage.covers.iter().flat_map(|cover| &cover.methods);
        Tally::of(methods.map(|(_, state)| state))
    }

    /// Its methods for each column of the table.
    fn cells(&self) -> BTreeMap<&str, Tally> {
        let mut out: BTreeMap<&str, Tally> = BTreeMap::new();
        for cover in &self.coverage.covers {
            let column = cover.of.as_deref().unwrap_or(&cover.contract);
            let cell = out.entry(column).or_default();
            cover.methods.iter().for_each(|(_, state)| cell.add(*state));
        }
        out.retain(|_, tally| tally.all() > 0);
        out
    }

    /// The sites that lack an entry of it.
    fn unregistered(&self) -> BTreeSet<&str> {
        let missing = self.coverage.wires.iter().filter(|wire| !wire.there);
        missing.map(|wire| wire.site.as_str()).collect()
    }

    /// Whether it has all its entries; `None` if it should have none.
    fn is_registered(&self) -> Option<bool> {
        (!self.coverage.wires.is_empty()).then(|| self.unregistered().is_empty())
    }

    /// Its entries by site: `active: tickets`.
    fn entries(&self) -> Vec<String> {
        let sites = self.sites.iter().filter(|(_, entries)| !entries.is_empty());
        sites
            .map(|(site, entries)| format!("{site}: {}", entries.join(", ")))
            .collect()
    }
}

/// The rows of one kind, and the columns of their table.
struct Group<'l> {
    kind: &'l str,
    columns: Vec<&'l str>,
    /// The sites in which any of them has an entry.
    sites: BTreeSet<&'l str>,
    rows: Vec<&'l Row>,
}

impl Listing {
    /// The rows by kind, in the order in which they come.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut out: Vec<Group<'_>> = Vec::new();
        for row in &self.rows {
            match out.iter_mut().find(|group| group.kind == row.kind) {
                Some(group) => group.rows.push(row),
                None => out.push(Group {
                    kind: &row.kind,
                    columns: vec![],
                    sites: BTreeSet::new(),
                    rows: vec![row],
                }),
            }
        }
        for group in &mut out {
            let columns = group.rows.iter().flat_map(|row| row.cells().into_keys());
            group.columns = columns.collect::<BTreeSet<_>>().into_iter().collect();
            let sites = group.rows.iter().flat_map(|row| &row.sites);
            let used = sites.filter(|(_, entries)| !entries.is_empty());
            group.sites = used.map(|(site, _)| site.as_str()).collect();
        }
        out
    }

    /// All methods of all rows.
    fn tally(&self) -> Tally {
        let rows = self.rows.iter().flat_map(|row| &row.coverage.covers);
        Tally::of(rows.flat_map(|cover| &cover.methods).map(|(_, state)| state))
    }

    /// All findings.
    fn all_findings(&self) -> impl Iterator<Item = &Found> {
        let rows = self.rows.iter().flat_map(|row| &row.findings);
        rows.chain(&self.findings)
    }
}

/// `listing` in `format`.
pub fn render(listing: &Listing, format: ListFormat) -> String {
    match format {
        ListFormat::Human => clean(&human::render(listing)),
        ListFormat::Json => json::render(listing),
        ListFormat::Md => markdown::render(listing),
        ListFormat::Html => html::render(listing),
    }
}

impl Report {
    /// Prints the list as the result.
    pub fn listing(&self, listing: &Listing, format: ListFormat) {
        out(&render(listing, format));
    }
}
