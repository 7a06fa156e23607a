//! `empty-facts`: what a rule needs to know is not to be found in the host, so that it inspected nothing.

use crate::diag::{Place, RuleInfo};

use super::room::Room;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "empty-facts",
    summary: "what rules need to know is not to be found, so that nothing was inspected",
    page: include_str!("../../docs/rules/empty-facts.md"),
};

/// Reports a table without rows. `looked` says where it was looked for.
pub fn check(room: &Room<'_, '_>, table: &str, rows: usize, looked: &[String]) {
    room.applied(RULE.id);
    if rows > 0 {
        return;
    }
    // A pattern is no path: the directory above its first variable part is.
    let first = looked.first().map_or("", String::as_str);
    let first = match first.find(['{', '*']) {
        Some(at) => first[..at].rsplit_once('/').map_or("", |(dir, _)| dir),
        None => first,
    };
    room.report(
        room.finding(
            RULE.id,
            Place::file(first),
            format!("the host has no `{table}`: nothing was inspected"),
        )
        .because(format!("looked for in `{}`", looked.join("`, `")), None)
        .help("check `--host` and `--pack`; if the host moved, its pack has to follow"),
    );
}
