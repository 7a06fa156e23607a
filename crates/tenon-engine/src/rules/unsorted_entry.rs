//! `unsorted-entry`: the entries of a site are not in order.

use std::cell::LazyCell;

use tenon_pack::SiteKind;
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names::normal;

use super::context::Context;
use super::rule::Rule;
use super::site::{SiteView, bare};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unsorted-entry",
    summary: "the entries of a sorted list are not in order",
    page: include_str!(concat!(env!("TENON_PAGES"), "/unsorted-entry.md")),
};

/// See its page.
pub struct UnsortedEntry;

impl Rule for UnsortedEntry {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }
}

/// Reports expected entries on the wrong side of what they must follow or precede.
fn misplaced(context: &Context<'_, '_>, view: &SiteView<'_>) {
    if view.site.kind != SiteKind::Entry {
        return;
    }
    context.applied(RULE.id);
    let wanted = LazyCell::new(|| view.wanted());
    for entry in view.entries() {
        let Some((anchor, behind)) = entry.misplaced else {
            continue;
        };
        let Some(of) = wanted.get(&normal(&entry.name)) else {
            continue;
        };
        let text = context.text(&view.path).unwrap_or_default();
        let other = text.get(anchor.start..anchor.end).unwrap_or_default();
        let other = bare(other.lines().next().unwrap_or_default());
        let side = if behind { "behind" } else { "before" };
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*view.path, entry.name_span),
                    format!("`{}` belongs {side} `{other}`", entry.name),
                )
                .about(&of.member)
                .label("out of order")
                .because(
                    &*of.why,
                    Some(Place::span(&*view.path, context.first_line(&view.path, anchor))),
                )
                .help("move the entry to its place"),
        );
    }
}

/// Reports the first entry of `view` that belongs before another one, where the pack says that it is sorted.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    misplaced(context, view);
    if !view.site.sorted {
        return;
    }
    context.applied(RULE.id);
    let folded = |name: &str| name.to_lowercase();
    for pair in view.entries().windows(2) {
        let [before, after] = pair else { continue };
        if before.container == after.container && folded(&after.name) < folded(&before.name) {
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*view.path, after.span),
                        format!("`{}` belongs before `{}`", after.name, before.name),
                    )
                    .about(
                        view.owners()
                            .get(&normal(&after.name))
                            .copied()
                            .unwrap_or_default(),
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

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn a_sorted_list_is_in_order() {
        let shop = shop().edit("store/src/units.ts", "[Alpha, Beta]", "[Beta, Alpha]");
        assert_eq!(
            shop.findings(),
            ["store/src/units.ts:4:29 unsorted-entry `Alpha` belongs before `Beta`"]
        );
        assert_eq!(shop.pack("sorted = true\n", "").findings(), [""; 0]);
    }
}
