//! `not-a-member`: a directory is not a member of the workspace.

use crate::plan::overlay::Overlay;
use crate::plan::workspace::place;
use tenon_pack::{Site, SiteKind};
use tenon_text::diag::{Place, Result, RuleInfo};

use super::context::Context;
use super::coverage::Wire;
use super::fix;
use super::rule::Rule;
use super::site::{Expected, expected};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "not-a-member",
    summary: "a directory is not a member of the workspace",
    page: include_str!(concat!(env!("TENON_PAGES"), "/not-a-member.md")),
};

/// See its page.
pub struct NotAMember;

impl Rule for NotAMember {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_member(&self, context: &Context<'_, '_>) -> Result<()> {
        if context.lacks_an_answer().is_some() {
            return Ok(());
        }
        for site in context.index.pack.sites(&context.member.kind) {
            if site.kind == SiteKind::Member {
                for (_, expected) in expected(context, site)? {
                    check(context, site, &expected)?;
                }
            }
        }
        Ok(())
    }
}

/// Reports the directory of `expected` if no manifest of the workspace takes it in.
fn check(context: &Context<'_, '_>, site: &Site, expected: &Expected) -> Result<()> {
    context.applied(RULE.id);
    let is_member = context
        .index
        .workspace
        .has(&expected.name, |path| context.exists(path));
    if is_member && !context.is_covering() {
        return Ok(());
    }
    let overlay = Overlay::new(context.host());
    let Ok(Some(place)) = place(&overlay, &expected.name) else {
        return Ok(());
    };
    let path = place.file.to_string();
    context.wire(|| Wire {
        member: expected.member.clone(),
        site: site.id.clone(),
        path: path.clone(),
        entry: expected.name.clone(),
        there: is_member,
    });
    if is_member {
        return Ok(());
    }
    let at = context.manifest(&path).and_then(|manifest| {
        let last = manifest.entries(place.pointer)?.last().map(|entry| entry.span);
        last.or_else(|| manifest.place(place.pointer))
    });
    context.report(
        context
            .finding(
                RULE.id,
                at.map_or(Place::file(&*path), |span| Place::span(&*path, span)),
                format!("`{}` is not a member of the workspace", expected.name),
            )
            .label("no pattern here covers it")
            .because(&*expected.why, None)
            .help(format!("add `{}` there", expected.name))
            .fix(
                context
                    .all_values()
                    .and_then(|values| fix::insert_entry(context, site, expected, &values)),
            ),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    const ROOT: &str = "package.json";

    #[test]
    fn a_directory_is_added_to_the_workspace() {
        let shop = shop().edit(ROOT, ",\n        \"units/beta\"", "");
        assert_eq!(
            shop.findings(),
            ["package.json:7:9 not-a-member `units/beta` is not a member of the workspace"]
        );
        let right = super::super::testing::shop();
        assert_eq!(shop.fixed(Applicability::Safe).text(ROOT), right.text(ROOT));
    }

    #[test]
    fn a_pattern_takes_it_in() {
        let shop = shop().edit(ROOT, "\"units/alpha\",\n        \"units/beta\"", "\"units/*\"");
        assert_eq!(shop.findings(), [""; 0]);
    }
}
