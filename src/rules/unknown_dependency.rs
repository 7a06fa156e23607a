//! `unknown-dependency`: a manifest declares a package of the workspace that does not exist.

use regex::Regex;

use crate::diag::{Place, Result, RuleInfo};
use crate::lang::manifest::Parsed;
use crate::lang::names::nearest;
use crate::pack::Expect;
use crate::plan::scope::Turn;

use super::room::Room;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unknown-dependency",
    summary: "a manifest declares a package of the workspace that does not exist",
    page: include_str!("../../docs/rules/unknown-dependency.md"),
};

/// Reports declared packages that only the workspace can have and that it does not have.
pub fn check(room: &Room<'_, '_>, expect: &Expect, turn: &Turn, path: &str, manifest: &Parsed) -> Result<()> {
    let local: Vec<Regex> = expect
        .local
        .iter()
        .filter_map(|text| Regex::new(text).ok())
        .collect();
    if local.is_empty() {
        return Ok(());
    }
    room.applied(RULE.id);
    for pointer in &expect.pointers {
        for entry in manifest.entries(pointer).unwrap_or_default() {
            let Some(name) = entry.key else { continue };
            if !local.iter().any(|regex| regex.is_match(&name))
                || room.exists(&format!("node_modules/{name}/package.json"))
                || room.survey.packages(room.host()).contains(&name)
            {
                continue;
            }
            let help = match nearest(
                &name,
                room.survey.packages(room.host()).iter().map(String::as_str),
            ) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "remove the line, or bring the package back".to_owned(),
            };
            room.report(
                room.finding(
                    RULE.id,
                    Place::span(path, entry.key_span.unwrap_or(entry.span)),
                    format!("there is no package `{name}` in the workspace"),
                )
                .label("declared here")
                .because(room.say(&expect.why, turn)?, None)
                .help(help)
                .severity(expect.severity),
            );
        }
    }
    Ok(())
}
