//! `conflict-marker`: a merge was not finished.

use super::context::Context;
use super::rule::Rule;
use super::soundness::Fault;
use tenon_text::diag::{Diagnostic, Place, RuleInfo, Span};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "conflict-marker",
    summary: "a file has the markers of an unfinished merge",
    page: include_str!(concat!(env!("TENON_PAGES"), "/conflict-marker.md")),
};

/// See its page.
pub struct ConflictMarker;

impl Rule for ConflictMarker {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_files(&self, context: &Context<'_, '_>) {
        let Some(faults) = context.faults() else { return };
        context.applied(RULE.id);
        for (path, fault) in faults.iter() {
            if let Fault::Merge(marker) = fault {
                context.report(finding(&context.member.name, path, *marker));
            }
        }
    }
}

fn finding(subject: &str, path: &str, marker: Span) -> Diagnostic {
    Diagnostic::new(
        RULE.id,
        subject,
        Place::span(path, marker),
        "a merge was not finished: its markers are still there",
    )
    .label("the first side begins here")
    .help("decide between both sides and delete the marker lines; nothing else in this file was checked")
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn the_markers_of_a_merge_are_found_and_nothing_else_in_the_file() {
        let merge =
            "<<<<<<< ours\nexport const units = [];\n=======\nexport const units = [Beta];\n>>>>>>> theirs\n";
        let found =
            "store/src/units.ts:1:1 conflict-marker a merge was not finished: its markers are still there";
        assert_eq!(shop().with("store/src/units.ts", merge).findings(), [found]);
    }

    #[test]
    fn a_row_of_equals_signs_is_a_heading() {
        let shop = shop().edit("store/src/units.ts", "export", "/*\nUnits\n=======\n*/\nexport");
        assert_eq!(shop.findings(), [""; 0]);
    }
}
