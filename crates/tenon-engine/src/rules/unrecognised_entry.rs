//! `unrecognised-entry`: a file names a member in a way that the pack does not know.

use tenon_text::diag::{Place, Result, RuleInfo, Severity};

use super::context::Context;
use super::rule::Rule;
use super::site::SiteView;
use super::unrecognised;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unrecognised-entry",
    summary: "a file names a member in a form that the pack does not know",
    page: include_str!(concat!(env!("TENON_PAGES"), "/unrecognised-entry.md")),
};

/// See its page.
pub struct UnrecognisedEntry;

impl Rule for UnrecognisedEntry {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }
}

/// Reports what `view` does not recognise: each member by itself, or the list as a whole.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    context.applied(RULE.id);
    let found = unrecognised::unrecognised(context, view);
    if let (true, Some((_, span))) = (found.is_whole_list, found.mentions.first()) {
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*view.path, *span),
                    format!(
                        "`{}` lists members in a way that the pack does not know",
                        view.path
                    ),
                )
                .label("the first of them")
                .because(
                    format!(
                        "{} of {} members are named there and have no entry that can be read",
                        found.mentions.len(),
                        view.expected.len()
                    ),
                    None,
                )
                .help(format!(
                    "this list was not checked: add this form to the site `{}` of the pack",
                    view.site.id
                ))
                .severity(Severity::Warning),
        );
        return;
    }
    for (index, span) in found.mentions {
        let expected = &view.expected[index];
        let mut finding = context
            .finding(
                RULE.id,
                Place::span(&*view.path, span),
                format!(
                    "`{}` names `{}` in a way that the pack does not know",
                    view.path, expected.name
                ),
            )
            .label("named here")
            .because(&*expected.why, None)
            .help("write it like the other entries, or add this form to the pack")
            .severity(Severity::Warning);
        finding.subject.clone_from(&expected.member);
        context.report(finding);
    }
}
