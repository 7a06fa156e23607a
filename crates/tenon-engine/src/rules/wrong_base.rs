//! `wrong-base`: a class is not built on the contract that it is there for.

use tenon_syntax::language::Feature;
use tenon_text::diag::{Place, Result, RuleInfo, Severity};

use super::class_view::ClassView;
use super::context::Context;
use super::implementation::{Base, Implementation};
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-base",
    summary: "a class does not extend or implement its contract",
    page: include_str!(concat!(env!("TENON_PAGES"), "/wrong-base.md")),
};

/// See its page.
pub struct WrongBase;

impl Rule for WrongBase {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_class(&self, context: &Context<'_, '_>, class: &ClassView<'_>) -> Result<()> {
        if !class.pack_rule.if_built_on {
            check(context, class.of, class.why, class.pack_rule.severity);
        }
        Ok(())
    }
}

/// Reports a class that is built on something else of the interface, or on nothing.
fn check(context: &Context<'_, '_>, of: &Implementation, why: &str, severity: Severity) {
    context.applied(RULE.id);
    let name = &of.class.name;
    let base = of.class.extends.as_ref().or(of.class.implements.first());
    let (span, message) = match (of.base, base) {
        (Base::Nothing, None) => (
            of.class.name_span,
            format!("`{name}` does not extend `{}`", of.symbol),
        ),
        // What it is built on stands in the host, and is built on nothing itself.
        (Base::Nothing, Some(base)) if context.index.pack.language().has(Feature::FollowsBases) => (
            base.span,
            format!("`{name}` is built on `{}`, not on `{}`", base.name, of.symbol),
        ),
        (Base::Other, Some(base)) => (
            base.span,
            if base.name == of.symbol {
                format!(
                    "`{name}` is built on another `{}` than that of `{}`",
                    base.name, of.specifier
                )
            } else {
                format!("`{name}` is built on `{}`, not on `{}`", base.name, of.symbol)
            },
        ),
        _ => return,
    };
    let contract = of
        .contract
        .as_ref()
        .map(|known| Place::span(&*known.contract.file, known.contract.span));
    context.report(
        context
            .finding(RULE.id, Place::span(&*of.file, span), message)
            .because(why, contract)
            .help(format!(
                "make it extend `{}`, imported from `{}`",
                of.symbol, of.specifier
            ))
            .severity(severity),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};

    /// Of a package that is not read, all that is known is what is imported from it.
    #[test]
    fn what_a_class_is_built_on_is_known_without_its_package() {
        for (language, path, base, sound) in [
            (
                "typescript",
                "units/a.ts",
                "base-kit/jobs",
                "import { Job, Other } from 'base-kit/jobs';\nexport class A extends Job {}\n",
            ),
            (
                "python",
                "units/a.py",
                "base_kit.jobs",
                "from base_kit.jobs import Job, Other\n\n\nclass A(Job):\n    pass\n",
            ),
        ] {
            let pack = format!(
                "[pack]\nname = \"x\"\nversion = \"1.0.0\"\nsummary = \"X\"\nlanguage = \"{language}\"\n\n[host]\nfiles = [\"{path}\"]\n\n\
                 [api.jobs]\nspecifier = \"{base}\"\n\n[contract.job]\napi = \"jobs\"\nsymbol = \"Job\"\n\n\
                 [kind.unit]\nsummary = \"A unit\"\nhome = \"units/{{{{name}}}}.{}\"\n\n\
                 [[kind.unit.rule]]\nexpect = \"class\"\nexport = \"A\"\ncontract = \"job\"\nfile = \"{{{{home}}}}\"\nwhy = \"units are jobs\"\n",
                path.rsplit('.').next().unwrap()
            );
            let of = |text: &str| Shop::of(&[("pack.toml", &pack)], &[(path, text)]).findings();
            assert_eq!(of(sound), [""; 0]);
            for (from, to, message) in [
                (" extends Job", "", "`A` does not extend `Job`"),
                ("(Job)", "", "`A` does not extend `Job`"),
                (
                    "extends Job",
                    "extends Other",
                    "`A` is built on `Other`, not on `Job`",
                ),
                ("(Job)", "(Other)", "`A` is built on `Other`, not on `Job`"),
            ] {
                if sound.contains(from) {
                    let found = of(&sound.replace(from, to));
                    assert_eq!(found.len(), 1, "{found:?}");
                    assert!(found[0].ends_with(message), "{found:?}");
                }
            }
        }
    }

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";

    #[test]
    fn a_class_is_built_on_its_contract() {
        let shop = shop()
            .edit(SERVICE, "extends Orders.Service", "extends Prices.Service")
            .edit(SERVICE, "NotYet, Orders,", "NotYet, Orders, Prices,");
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/src/jobs/orders/orders.service.ts:4:36 wrong-base `OrdersService` is built on `Prices.Service`, not on `Orders.Service`"
            ]
        );
    }

    #[test]
    fn another_name_for_it_is_the_same() {
        let shop = shop()
            .edit(SERVICE, "@Served()", "const Base = Orders.Service;\n\n@Served()")
            .edit(SERVICE, "extends Orders.Service", "extends Base");
        let found = shop.findings();
        assert!(found.iter().all(|line| !line.contains("wrong-base")), "{found:?}");
    }
}
