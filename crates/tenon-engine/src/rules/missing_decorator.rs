//! `missing-decorator`: a class lacks a decorator without which the framework does not take it.

use tenon_pack::PackRule;
use tenon_text::diag::{Place, Result, RuleInfo};

use super::class_view::ClassView;
use super::context::Context;
use super::implementation::Implementation;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-decorator",
    summary: "a class lacks a decorator that the framework needs",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-decorator.md")),
};

/// See its page.
pub struct MissingDecorator;

impl Rule for MissingDecorator {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_class(&self, context: &Context<'_, '_>, class: &ClassView<'_>) -> Result<()> {
        check(context, class.of, class.pack_rule, class.why);
        Ok(())
    }
}

/// Reports the decorators of `pack_rule` that the class does not have.
fn check(context: &Context<'_, '_>, of: &Implementation, pack_rule: &PackRule, why: &str) {
    for wanted in &pack_rule.decorators {
        context.applied(RULE.id);
        let has = of.class.decorators.iter().any(|written| {
            let name = written.trim_start_matches('@').trim_start();
            let name = name.split(['(', '<', ' ']).next().unwrap_or_default();
            name == wanted || name.rsplit('.').next() == Some(wanted)
        });
        if has {
            continue;
        }
        let written = context.index.pack.language().decorator(wanted);
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*of.file, of.class.name_span),
                    format!("`{}` has no `{written}`", of.class.name),
                )
                .label("this class")
                .because(why, None)
                .help(format!("write `{written}` above the class"))
                .severity(pack_rule.severity),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";

    #[test]
    fn a_class_has_its_decorator() {
        let shop = shop().edit(SERVICE, "@Served()\n", "");
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/src/jobs/orders/orders.service.ts:3:14 missing-decorator `OrdersService` has no `@Served()`"
            ]
        );
    }

    #[test]
    fn it_may_have_another_one_and_arguments() {
        assert_eq!(
            shop()
                .edit(SERVICE, "@Served()", "@Other @Served({ a: 1 })")
                .findings(),
            [""; 0]
        );
    }
}
