//! `tenon list`: the members of the host, their methods, entries and findings.

use std::path::Path;

use clap::ArgMatches;

use crate::report::list::{Found, ListFormat, Listing, Row, render};
use crate::report::{Report, format, outputs};
use tenon_engine::apply;
use tenon_engine::facts::{Facts, field};
use tenon_engine::host::HostPath;
use tenon_engine::plan::{code_style, record};
use tenon_engine::rules::Asked;
use tenon_text::diag::{Diagnostic, Findings, Result, line_col};

use super::Outcome;
use super::check;
use super::context::Context;

/// Prints the members of the host with their contracts, entries and findings.
pub fn run(context: Context, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let Context {
        pack, host, settings, ..
    } = context;
    let host = &host;
    super::undo::warn_before_reading(host, report);
    let outputs = outputs::<ListFormat>(given)?;
    let facts = Facts::new(host, &pack, code_style(host, &pack)?);
    let record = host.read(&HostPath::new(record::FILE)?)?;
    let record = record::Record::read(record.as_deref().unwrap_or_default())?;
    let rows = report.during("reading the members", |_| {
        tenon_engine::plan::inventory(&pack, host, &facts)
    })?;
    let asked = Asked {
        coverage: true,
        ..Asked::default()
    };
    let mut checked = check::checked(&pack, host, &asked, report)?;
    for warning in &checked.warnings {
        report.warn(warning);
    }
    checked.findings.diagnostics = check::counting(&settings, checked.findings.diagnostics)?;
    let findings = &checked.findings;
    let mut listing = Listing {
        pack: findings.pack.clone(),
        host: host
            .root()
            .file_name()
            .map_or(String::new(), |name| name.to_string_lossy().into_owned()),
        pack_name: pack.name().to_owned(),
        ..Listing::default()
    };
    for row in rows {
        let name = field(&row.subject, "id").to_owned();
        let key = (row.kind.clone(), name.clone());
        let made = record.get(&row.kind, &name);
        listing.rows.push(Row {
            path: field(&row.subject, "path").to_owned(),
            made_by: made.map(|made| made.pack.clone()),
            sites: row.sites,
            coverage: checked.coverage.remove(&key).unwrap_or_default(),
            kind: row.kind,
            findings: vec![],
            name,
        });
    }
    for diagnostic in &findings.diagnostics {
        let of = listing.rows.iter_mut().find(|row| row.name == diagnostic.subject);
        let all = of.map_or(&mut listing.findings, |row| &mut row.findings);
        all.push(found(findings, diagnostic));
    }
    for (format, path) in outputs {
        apply::save(Path::new(&path), &render(&listing, format))?;
    }
    report.listing(&listing, format::<ListFormat>(given)?);
    if listing.rows.is_empty() {
        report.say("there is no integration yet: `tenon new-integration NAME` makes one");
    }
    Ok(Outcome::Done)
}

fn found(findings: &Findings, diagnostic: &Diagnostic) -> Found {
    let text = findings.sources.get(&diagnostic.at.path);
    let line = diagnostic.at.span.zip(text);
    Found {
        rule: diagnostic.rule.clone(),
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        path: diagnostic.at.path.clone(),
        line: line.map(|(span, text)| line_col(text, span.start).line),
    }
}
