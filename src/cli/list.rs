//! `tenon list`: what there is in the host, and where it is wired.

use serde_json::{Value, json};

use crate::diag::Result;
use crate::facts::{Facts, field};
use crate::host::HostPath;
use crate::plan::{code_style, record};
use crate::report::Report;

use super::Outcome;
use super::context::Context;

/// Prints a table of every integration, its modules and what the host serves from it.
pub fn run(context: Context, report: &Report) -> Result<Outcome> {
    let Context { pack, host, .. } = context;
    let host = &super::undo::recover_before_reading(host, report)?;
    let facts = Facts::new(host, &pack, code_style(host, &pack)?);
    let record = host.read(&HostPath::new(record::FILE)?)?;
    let record = record::Record::read(record.as_deref().unwrap_or_default())?;
    let rows = crate::plan::inventory(&pack, host, &facts)?;
    if report.is_json() {
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| {
                let made = record.get(&row.generator, field(&row.subject, "id"));
                json!({
                    "generator": row.generator,
                    "name": field(&row.subject, "id"),
                    "path": field(&row.subject, "path"),
                    "madeBy": made.map(|made| made.pack.clone()),
                    "sites": row.sites,
                })
            })
            .collect();
        report.json(&json!({ "version": 1, "pack": pack.name(), "integrations": rows }));
        return Ok(Outcome::Done);
    }
    let width = rows
        .iter()
        .map(|row| field(&row.subject, "id").len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    let several = rows.iter().any(|row| row.generator != rows[0].generator);
    let mut kind = "";
    for row in &rows {
        if several && row.generator != kind {
            kind = &row.generator;
            text.push_str(&format!("{}{kind}:\n", if text.is_empty() { "" } else { "\n" }));
        }
        let name = field(&row.subject, "id");
        let made = if record.get(&row.generator, name).is_some() {
            "tenon"
        } else {
            "by hand"
        };
        text.push_str(&format!("{name:width$}  {made:7}"));
        for (site, entries) in &row.sites {
            if !entries.is_empty() {
                text.push_str(&format!("  {site}: {}", entries.join(", ")));
            }
        }
        text.push('\n');
    }
    report.result(&text);
    if rows.is_empty() {
        report.say("there is no integration yet: `tenon new-integration NAME` makes one");
    }
    Ok(Outcome::Done)
}
