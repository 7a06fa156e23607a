//! `missing-site`: a place that the pack knows is not in its file, or is there more than once.

use tenon_syntax::entry::Syntax;
use tenon_text::diag::{Place, Result, RuleInfo};

use super::context::Context;
use super::missing_export;
use super::missing_part;
use super::rule::Rule;
use super::site::{SiteView, State};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-site",
    summary: "a site is not in its file",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-site.md")),
};

/// See its page.
pub struct MissingSite;

impl Rule for MissingSite {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }
}

/// Reports a site that cannot be found although something should be listed there.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    // A file may be absent, and so may a part of a text; code in which the place is not found was changed.
    let may_be_absent = match &view.state {
        State::NoPlace(places) => places.is_empty() && !Syntax::of(&view.path).is_code(),
        _ => true,
    };
    if view.expected.is_empty() || view.site.optional && may_be_absent {
        return;
    }
    context.applied(RULE.id);
    let message = match &view.state {
        State::NoFile => format!(
            "there is no `{}`, which should list `{}`",
            view.path, view.expected[0].name
        ),
        State::NoPlace(places) if places.is_empty() => {
            format!(
                "`{}` has no place for `{}`: nothing there matches the site `{}`",
                view.path, view.expected[0].name, view.site.id
            )
        }
        State::NoPlace(places) => {
            let lines: Vec<String> = places.iter().map(|at| at.line.to_string()).collect();
            format!(
                "`{}` has {} places for the site `{}`: lines {}",
                view.path,
                places.len(),
                view.site.id,
                lines.join(", ")
            )
        }
        State::Open(..) | State::Broken => return,
    };
    let said = |rule: &str| context.reported(rule, |path| path == view.path);
    if said(missing_part::RULE.id) || said(missing_export::RULE.id) {
        return;
    }
    context.report(
        context
            .finding(RULE.id, Place::file(&*view.path), message)
            .because(&*view.expected[0].why, None)
            .help("restore it: `tenon new host` shows how it looks"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn a_list_that_is_gone_is_missed_once() {
        let shop = shop().edit("store/src/units.ts", "const units", "const all");
        assert_eq!(
            shop.findings(),
            [
                "store/src/units.ts missing-site `store/src/units.ts` has no place for `Alpha`: nothing there matches the site `units`"
            ]
        );
    }

    #[test]
    fn a_list_of_another_shape_is_there() {
        let shop = shop().edit(
            "store/src/units.ts",
            "[Alpha, Beta]",
            "[\n    Alpha,\n    Beta,\n]",
        );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
