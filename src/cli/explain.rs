//! `tenon explain`: the page of a rule, or the list of all of them.

use clap::ArgMatches;
use serde_json::json;

use crate::report::Report;
use tenon_engine::rules;
use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;

use super::Outcome;

/// Prints the page of the rule that is named, or the list of all rules.
pub fn run(given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let all = rules::all();
    let Some(wanted) = given.get_one::<String>("rule") else {
        if report.is_json() {
            let rows = all
                .iter()
                .map(|rule| json!({ "id": rule.id, "summary": rule.summary }));
            report.json(&json!({ "version": 1, "rules": rows.collect::<Vec<_>>() }));
        } else {
            report.rules(&all);
        }
        return Ok(Outcome::Done);
    };
    match all.iter().find(|rule| rule.id == wanted) {
        Some(rule) if report.is_json() => {
            report.json(&json!({ "version": 1, "id": rule.id, "summary": rule.summary, "page": rule.page }));
            Ok(Outcome::Done)
        }
        Some(rule) => {
            report.page(rule.page);
            Ok(Outcome::Done)
        }
        None => {
            let error = Error::new(format!("there is no rule `{}`", wanted.escape_debug()));
            Err(match nearest(wanted, all.iter().map(|rule| rule.id)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("see `tenon explain` for all of them"),
            })
        }
    }
}
