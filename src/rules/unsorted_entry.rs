//! `unsorted-entry`: the entries of a site are not in order.

use crate::diag::{Place, RuleInfo};

use super::room::Room;
use super::view::View;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unsorted-entry",
    summary: "the entries of a sorted list are not in order",
    page: include_str!("../../docs/rules/unsorted-entry.md"),
};

/// Reports the first entry of `view` that belongs before another one, where the pack says that it is sorted.
pub fn check(room: &Room<'_, '_>, view: &View<'_>) {
    if !view.site.sorted {
        return;
    }
    room.applied(RULE.id);
    let folded = |name: &str| name.to_lowercase();
    for pair in view.entries().windows(2) {
        let [before, after] = pair else { continue };
        if before.container == after.container && folded(&after.name) < folded(&before.name) {
            room.report(
                room.finding(
                    RULE.id,
                    Place::span(&*view.path, after.span),
                    format!("`{}` belongs before `{}`", after.name, before.name),
                )
                .label("out of order")
                .because(
                    "the list is sorted by name",
                    Some(Place::span(&*view.path, before.span)),
                )
                .help("move the entry to its place"),
            );
            return;
        }
    }
}
