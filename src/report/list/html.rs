//! One self-contained page: `page.html.hbs` with all values escaped.

use handlebars::Handlebars;
use serde_json::{Value, json};

use super::{Found, Group, Listing, Row, Tally, severities};
use crate::report::escape::clean_line;
use tenon_engine::rules::coverage::State;
use tenon_text::diag::Severity;

/// The page; every value is escaped by the template engine.
const PAGE: &str = include_str!("page.html.hbs");

/// The page for `listing`.
pub fn render(listing: &Listing) -> String {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(|text| escaped(&clean_line(text)));
    // The template is a part of the program, and a test renders it with everything there is.
    engine
        .render_template(PAGE, &page(listing))
        .unwrap_or_else(|error| escaped(&error.to_string()))
}

/// `text` as HTML shows it, inside and outside attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn page(listing: &Listing) -> Value {
    let tally = listing.tally();
    let unregistered = listing
        .rows
        .iter()
        .filter(|row| row.is_registered() == Some(false))
        .count();
    let findings = listing.all_findings().count();
    let groups: Vec<Value> = listing
        .groups()
        .into_iter()
        .map(|group| {
            let rows: Vec<Value> = group.rows.iter().map(|row| of_row(row, &group)).collect();
            json!({ "kind": group.kind, "columns": group.columns, "sites": group.sites, "rows": rows })
        })
        .collect();
    json!({
        "root": if listing.host.is_empty() { &listing.pack } else { &listing.host },
        "pack": listing.pack,
        "members": listing.rows.len(),
        "done": tally.done(),
        "methods": tally.all(),
        "share": (tally.done() * 100).checked_div(tally.all()).unwrap_or(100),
        "stubbed": tally.stubbed,
        "missing": tally.missing,
        "unregistered": unregistered,
        "findings": findings,
        "groups": groups,
        "host": listing.findings.iter().map(of_finding).collect::<Vec<_>>(),
    })
}

fn of_row(row: &Row, group: &Group<'_>) -> Value {
    let cells = row.cells();
    let (tally, registered) = (row.tally(), row.is_registered());
    let all: Vec<Value> = group
        .columns
        .iter()
        .map(|column| of_cell(row, column, cells.get(column)))
        .collect();
    let mut states = vec![];
    if tally.stubbed > 0 {
        states.push("stubs");
    }
    if tally.missing > 0 {
        states.push("missing");
    }
    if registered == Some(false) {
        states.push("unregistered");
    }
    if !row.findings.is_empty() {
        states.push("findings");
    }
    // What stands in one site is apart from what stands in another: registered is not yet active.
    let entries: Vec<Value> = group
        .sites
        .iter()
        .map(|site| {
            let own = row.sites.get(*site).map_or(&[][..], Vec::as_slice);
            json!({ "site": site, "text": own.join(", ") })
        })
        .collect();
    let unregistered: Vec<&str> = row.unregistered().into_iter().collect();
    json!({
        "name": row.name,
        "path": row.path,
        "made": row.made_by.as_deref().unwrap_or("by hand"),
        "cells": all,
        "states": states.join(" "),
        "registered": match registered { None => "", Some(true) => "yes", Some(false) => "no" },
        "unregistered": unregistered.join(", "),
        "entries": entries,
        "count": row.findings.len(),
        "severities": severities(&row.findings),
        "worst": row.findings.iter().map(|found| found.severity).min().map_or("", word),
        "findings": row.findings.iter().map(of_finding).collect::<Vec<_>>(),
    })
}

fn of_cell(row: &Row, column: &str, tally: Option<&Tally>) -> Value {
    let Some(tally) = tally else {
        return json!({ "column": column, "text": "", "state": "none", "rest": "", "sort": -1, "methods": [] });
    };
    let covers = row.coverage.covers.iter();
    let own = covers.filter(|cover| cover.of.as_deref().unwrap_or(&cover.contract) == column);
    let methods = own.flat_map(|cover| &cover.methods);
    let open = methods.filter_map(|(name, state)| match state {
        State::Stubbed => Some(format!("{name}: stub")),
        State::Missing => Some(format!("{name}: missing")),
        State::Unknown => Some(format!("{name}: unknown")),
        State::Implemented | State::Inherited => None,
    });
    json!({
        "column": column,
        "text": tally.text(),
        "state": tally.worst(),
        "rest": tally.rest(),
        "sort": (tally.done() * 1000).checked_div(tally.all()).unwrap_or(0),
        "methods": open.collect::<Vec<_>>(),
    })
}

fn of_finding(found: &Found) -> Value {
    let line = found.line.map_or(String::new(), |line| format!(":{line}"));
    json!({
        "rule": found.rule,
        "severity": word(found.severity),
        "message": found.message,
        "at": format!("{}{line}", found.path),
    })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
