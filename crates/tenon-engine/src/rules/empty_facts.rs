//! `empty-facts`: what a rule needs to know is not to be found in the host, so that it inspected nothing.

use tenon_text::diag::{Place, RuleInfo};

use super::context::Context;
use super::stale_entry;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "empty-facts",
    summary: "what rules need to know is not to be found, so that nothing was inspected",
    page: include_str!("../../../../docs/rules/empty-facts.md"),
};

/// Reports things of which there are none: `rows` of them, which were looked for in `looked`. None is as it should be where
/// the workspace would take one in there, and nothing names one that is gone: the host has none yet.
pub fn subject(context: &Context<'_, '_>, table: &str, rows: usize, looked: &[String]) {
    let takes_in = |pattern: &String| context.index.members.takes_in(&pattern.replace("{name}", "a"));
    if rows == 0 && looked.iter().any(takes_in) && !context.reported(stale_entry::RULE.id, |_| true) {
        context.applied(RULE.id);
        return;
    }
    check(context, table, rows, looked);
}

/// Reports a table without rows. `looked` says where it was looked for.
pub fn check(context: &Context<'_, '_>, table: &str, rows: usize, looked: &[String]) {
    context.applied(RULE.id);
    if rows > 0 {
        return;
    }
    // A pattern is no path: the directory above its first variable part is.
    let first = looked.first().map_or("", String::as_str);
    let first = match first.find(['{', '*']) {
        Some(at) => first[..at].rsplit_once('/').map_or("", |(dir, _)| dir),
        None => first,
    };
    context.report(
        context
            .finding(
                RULE.id,
                Place::file(first),
                format!("the host has no `{table}`: nothing was inspected"),
            )
            .because(format!("looked for in `{}`", looked.join("`, `")), None)
            .help("check `--host` and `--pack`; if the host moved, its pack has to follow"),
    );
}
