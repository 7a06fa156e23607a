//! `tenon pack check`, `tenon pack schema`, `tenon pack snapshot`.

use std::path::Path;

use clap::ArgMatches;
use serde_json::{Value, json};

use crate::report::{Report, error_json};
use tenon_engine::facts::Facts;
use tenon_engine::plan::code_style;
use tenon_pack::{SCHEMA, problems};
use tenon_text::diag::{Error, Result};

use super::Outcome;
use super::context::Context;

/// Reports every problem of the pack in a folder, and how much of it sees something in a host, if one is named.
pub fn check(given: &ArgMatches, host: Option<&Path>, report: &Report) -> Result<Outcome> {
    let dir = given.get_one::<String>("dir").map_or(".", String::as_str);
    let (pack, problems) = problems(Path::new(dir));
    for problem in &problems {
        report.error_text(problem);
    }
    if let (Some(pack), Some(host), true) = (&pack, host, problems.is_empty()) {
        super::pack_seen::report(pack, host, report)?;
    }
    let named = pack.map_or(dir.to_owned(), |pack| {
        format!("{} {}", pack.name(), pack.version())
    });
    report.say(&match problems.len() {
        0 => format!("no problems in {named}"),
        1 => format!("1 problem in {named}"),
        n => format!("{n} problems in {named}"),
    });
    if report.is_json() {
        let problems: Vec<Value> = problems.iter().map(error_json).collect();
        report.json(&json!({ "version": 1, "pack": named, "problems": problems }));
    }
    Ok(if problems.is_empty() {
        Outcome::Done
    } else {
        Outcome::Findings
    })
}

/// Prints the JSON schema of `pack.toml`.
pub fn schema(report: &Report) -> Result<Outcome> {
    report.raw(SCHEMA);
    Ok(Outcome::Done)
}

/// Prints the interface of a contract as this host has it.
pub fn run(context: &Context, given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let Some(("snapshot", given)) = given.subcommand() else {
        return Ok(Outcome::Done);
    };
    let text = |id: &str| given.get_one::<String>(id).cloned().unwrap_or_default();
    let Context { pack, host, .. } = context;
    let facts = Facts::new(host, pack, code_style(host, pack)?);
    let api = facts.api(&text("api"))?;
    let keep = pack
        .apis()
        .get(&text("api"))
        .map_or(&[][..], |api| api.keep.as_slice());
    if let Some(warning) = api.warning() {
        return Err(Error::new("the interface is not in this host").because(warning));
    }
    let snapshot = api.snapshot(&text("member"), keep)?;
    let mut snapshot = serde_json::to_value(&snapshot)
        .map_err(|error| Error::new("the snapshot cannot be written").because(error))?;
    shorten(&mut snapshot);
    let text = format!("{snapshot:#}");
    report.raw(&format!("{text}\n"));
    Ok(Outcome::Done)
}

/// Removes default values, and files and spans.
fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                shorten(value);
                let empty = match &*value {
                    Value::Null | Value::Bool(false) => true,
                    Value::Array(items) => items.is_empty(),
                    _ => false,
                };
                !empty && name != "span" && name != "file"
            });
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}
