//! `wrong-base`: a class is not built on the contract that it is there for.

use tenon_text::diag::{Place, RuleInfo, Severity};

use super::context::Context;
use super::implementation::{Base, Implementation};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-base",
    summary: "a class does not extend or implement what it must",
    page: include_str!("../../../../docs/rules/wrong-base.md"),
};

/// Reports a class that is built on something else of the interface, or on nothing.
pub fn check(context: &Context<'_, '_>, of: &Implementation, why: &str, severity: Severity) {
    context.applied(RULE.id);
    let name = &of.class.name;
    let base = of.class.extends.as_ref().or(of.class.implements.first());
    let (span, message) = match (of.base, base) {
        (Base::Nothing, None) => (
            of.class.name_span,
            format!("`{name}` does not extend `{}`", of.symbol),
        ),
        // What it is built on stands in the host, and is built on nothing itself.
        (Base::Nothing, Some(base)) if context.index.pack.language().follows_bases() => (
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
                "let it extend `{}`, imported from `{}`",
                of.symbol, of.specifier
            ))
            .severity(severity),
    );
}
