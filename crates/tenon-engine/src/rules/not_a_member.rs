//! `not-a-member`: a directory is not a member of the workspace.

use tenon_pack::{Site, SiteKind};
use tenon_text::diag::{Place, Result, RuleInfo};

use super::context::Context;
use super::coverage::{Cause, Wire};
use super::fix;
use super::members::Workspace;
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
    let workspace = &context.index.workspace;
    let is_there = |path: &str| context.exists(path);
    let Some((list, members)) = workspace.list(&expected.name, is_there) else {
        // What cannot be read is said of the file, and what is missing of the member.
        if let (Some(file), true) = (
            Workspace::lists(&expected.name, is_there),
            workspace.unread.is_empty(),
        ) {
            let why = (format!("no `{file}` at the root lists members"), Cause::Host);
            context.not_checked(format!("the site `{}`", site.id), why, vec![]);
        }
        return Ok(());
    };
    if members.covers(&expected.name) {
        return Ok(());
    }
    let path = list.file;
    context.wire(|| Wire {
        member: expected.member.clone(),
        site: site.id.clone(),
        path: path.to_owned(),
        entry: expected.name.clone(),
        there: false,
    });
    let at = members.pointer.and_then(|pointer| {
        let manifest = context.manifest(path)?;
        let last = manifest.entries(pointer)?.last().map(|entry| entry.span);
        last.or_else(|| manifest.place(pointer))
    });
    context.report(
        context
            .finding(
                RULE.id,
                at.map_or(Place::file(path), |span| Place::span(path, span)),
                format!("`{}` is not a member of the workspace", expected.name),
            )
            .label("no pattern here covers it")
            .because(&*expected.why, None)
            .help(format!("add `{}{}` there", list.by_hand, expected.name))
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
    fn what_no_manifest_lists_is_said_not_to_be_checked() {
        let why = "the site `workspace` of `alpha` and 1 more: not checked, as no `package.json` at the root lists members";
        let root = shop().text(ROOT).replace("workspaces", "other");
        for shop in [
            shop().without(ROOT),
            shop().with(ROOT, "{}\n"),
            shop().with(ROOT, &root),
        ] {
            let found = shop.findings();
            assert!(found.iter().any(|line| line.ends_with(why)), "{found:?}");
        }
    }

    #[test]
    fn a_pattern_takes_it_in() {
        let shop = shop().edit(ROOT, "\"units/alpha\",\n        \"units/beta\"", "\"units/*\"");
        assert_eq!(shop.findings(), [""; 0]);
    }
}
