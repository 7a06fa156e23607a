//! `forbidden-code`: code that is forbidden.

use tenon_pack::{PackRule, RuleKind};
use tenon_syntax::language::Lang;
use tenon_syntax::tree::statement;
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names::normal;

use super::context::Context;
use super::rule::Rule;
use super::site::SiteView;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "forbidden-code",
    summary: "code that is forbidden",
    page: include_str!(concat!(env!("TENON_PAGES"), "/forbidden-code.md")),
};

/// See its page.
pub struct ForbiddenCode;

impl Rule for ForbiddenCode {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Never => check(context, pack_rule),
            _ => Ok(()),
        }
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        entries(context, view)
    }
}

/// Reports every match of the pattern of `pack_rule` in its files.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    let (Some(table), Some(say)) = (&pack_rule.find, &pack_rule.say) else {
        return Ok(());
    };
    for turn in context.turns_of(pack_rule)? {
        for path in context.files(&context.render(&pack_rule.file, &turn)?) {
            let Some(hits) = context.hits(table, None, &path)? else {
                continue;
            };
            context.applied(RULE.id);
            for hit in hits.iter() {
                let at = context.first_line(&path, hit.span);
                context.report(
                    context
                        .finding(RULE.id, Place::span(&*path, at), context.render(say, &turn)?)
                        .because(context.render(&pack_rule.why, &turn)?, None)
                        .severity(pack_rule.severity),
                );
            }
        }
    }
    Ok(())
}

/// Reports what the entries of `view` must not say.
fn entries(context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
    if view.site.nevers.is_empty() || view.entries().is_empty() {
        return Ok(());
    }
    let (Some(grammar), Some(tree)) = (Lang::of_path(&view.path), context.tree(&view.path)) else {
        return Ok(());
    };
    context.applied(RULE.id);
    let owners = view.owners();
    for entry in view.entries() {
        let statement = statement(&tree.root(), entry.span);
        for never in &view.site.nevers {
            for found in never.find.rule(grammar)?.find_all(&statement)? {
                let at = context.first_line(&view.path, found.node().range().into());
                let finding = context
                    .finding(RULE.id, Place::span(&*view.path, at), never.say.clone())
                    .about(owners.get(&normal(&entry.name)).copied().unwrap_or_default())
                    .because(view.site.why.clone().unwrap_or_default(), None)
                    .help(never.help.clone());
                context.report(finding);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";

    #[test]
    fn what_code_must_not_say_is_found() {
        let shop = shop().edit(
            SERVICE,
            "place(_order: Orders.Order): Promise<void> {",
            "place(_order: Orders.Order): Promise<void> {\n        console.log(1);",
        );
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/src/jobs/orders/orders.service.ts:10:9 forbidden-code a service prints with `console.log`"
            ]
        );
    }

    #[test]
    fn a_comment_may_say_it() {
        let shop = shop().edit(SERVICE, "@Served()", "// console.log(1)\n@Served()");
        assert_eq!(shop.findings(), [""; 0]);
    }
}
