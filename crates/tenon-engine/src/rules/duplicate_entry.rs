//! `duplicate-entry`: a site lists something twice.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use tenon_pack::SiteKind;
use tenon_syntax::entry::learn::NameIndex;
use tenon_text::diag::{Applicability, Place, Result, RuleInfo, Span};
use tenon_text::names::normal;

use super::context::Context;
use super::fix;
use super::rule::Rule;
use super::site::SiteView;
use super::slot::{Holder, SlotView};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "duplicate-entry",
    summary: "a site lists something twice",
    page: include_str!(concat!(env!("TENON_PAGES"), "/duplicate-entry.md")),
};

/// See its page.
pub struct DuplicateEntry;

impl Rule for DuplicateEntry {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }

    fn check_slot(&self, context: &Context<'_, '_>, view: &SlotView<'_>) -> Result<()> {
        if let Holder::Several(name, first, second) = view.holder {
            slot(context, &view.slot.path, (name, first), second);
        }
        Ok(())
    }
}

/// Reports every entry of `view` whose name an earlier one has. In manifests names are compared as they are written.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    context.applied(RULE.id);
    let name_of = |name: &str| match view.site.kind {
        SiteKind::Manifest => name.to_owned(),
        _ => normal(name),
    };
    let owners = LazyCell::new(|| view.owners());
    // Of members that are exceptions there nothing is asked here.
    let exempt = NameIndex::new(view.site.except.iter().map(String::as_str));
    let mut first = HashMap::new();
    for (index, entry) in view.entries().iter().enumerate() {
        let earlier = match first.entry((entry.container, name_of(&entry.name))) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                place.insert(entry);
                continue;
            }
        };
        let Some(text) = context.text(&view.path) else {
            continue;
        };
        let shown = |span: tenon_text::diag::Span| text.get(span.start..span.end);
        if !exempt.find(shown(entry.span).unwrap_or_default()).is_empty() {
            continue;
        }
        let applicability = if shown(earlier.span) == shown(entry.span) {
            Applicability::Safe
        } else {
            Applicability::Unsafe
        };
        // Of a key that stands twice, which one goes cannot be said by its name.
        let fix = match (view.site.kind, &view.site.key) {
            (SiteKind::Manifest, Some(_)) => None,
            // What is listed twice by one statement cannot be taken out with it.
            _ if earlier.span == entry.span => None,
            _ => fix::remove_entry(context, view, index, applicability),
        };
        let at = |of: &super::site::Actual| match earlier.span == entry.span {
            true => of.name_span,
            false => of.span,
        };
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*view.path, at(entry)),
                    format!("`{}` is listed twice", entry.name),
                )
                .about(owners.get(&normal(&entry.name)).copied().unwrap_or_default())
                .label("again here")
                .because(
                    "it is listed here already",
                    Some(Place::span(&*view.path, at(earlier))),
                )
                .help("keep one of them")
                .fix(fix),
        );
    }
}

/// Reports a second holder of a slot, which can have but one.
fn slot(context: &Context<'_, '_>, path: &str, first: (&str, Span), second: Span) {
    context.applied(RULE.id);
    context.report(
        context
            .finding(
                RULE.id,
                Place::span(path, second),
                format!("`{path}` can hold only one, and has `{}` already", first.0),
            )
            .label("again here")
            .because("it is held here already", Some(Place::span(path, first.1)))
            .help("keep one of them"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::{Applicability, FileFix};

    const UNITS: &str = "store/src/units.ts";

    #[test]
    fn what_is_listed_twice_is_listed_once_by_a_fix() {
        let shop = shop().edit(UNITS, "[Alpha, ", "[Alpha, Alpha, ");
        assert_eq!(
            shop.findings(),
            ["store/src/units.ts:4:30 duplicate-entry `Alpha` is listed twice"]
        );
        let fixed = shop.fixed(Applicability::Safe);
        assert_eq!(fixed.text(UNITS), super::super::testing::shop().text(UNITS));
    }

    #[test]
    fn the_fix_is_the_edit_that_removes_the_entry() {
        let finding = shop()
            .edit(UNITS, "[Alpha, ", "[Alpha, Alpha, ")
            .diagnostics()
            .remove(0);
        let fix = finding.fix.unwrap();
        let [(path, FileFix::Edit(edits))] = fix.files.as_slice() else {
            panic!("{fix:?}");
        };
        assert_eq!((path.as_str(), edits.len()), (UNITS, 1));
        assert_eq!(edits[0].text, "");
    }

    #[test]
    fn names_that_begin_alike_are_two() {
        let shop = shop().edit(UNITS, "[Alpha, ", "[Alpha, Alphabet, ").edit(
            UNITS,
            "import { Config as Beta }",
            "import { Config as Alphabet } from '@shop/alpha';\nimport { Config as Beta }",
        );
        assert_eq!(shop.findings(), [""; 0]);
    }

    #[test]
    fn a_finding_in_a_shared_file_is_about_the_member_whose_entry_it_is() {
        let findings = shop().edit(UNITS, "[Alpha, ", "[Alpha, Alpha, ").diagnostics();
        assert_eq!(findings[0].subject, "alpha");
    }
}
