//! `missing-method`: a class lacks a method of its contract.

use tenon_pack::raw::RawContract;
use tenon_syntax::class::Declared;
use tenon_syntax::contract::{Contract, Method};
use tenon_syntax::language::Feature;
use tenon_syntax::stub::Stub;
use tenon_text::diag::{Applicability, Fix, Place, Result, RuleInfo, Severity};
use tenon_text::names::nearest;

use super::class_view::ClassView;
use super::context::Context;
use super::fix;
use super::implementation::{Base, Implementation};
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-method",
    summary: "a class lacks a method of its contract",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-method.md")),
};

/// See its page.
pub struct MissingMethod;

impl Rule for MissingMethod {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_class(&self, context: &Context<'_, '_>, class: &ClassView<'_>) -> Result<()> {
        if let Some(contract) = class.contract {
            check(context, class.of, contract, class.why, class.pack_rule.severity);
        }
        Ok(())
    }
}

/// Reports every required method of the contract that the class neither has nor inherits, and what else it has to say.
/// `raw` says what a stub does.
fn check(context: &Context<'_, '_>, of: &Implementation, raw: &RawContract, why: &str, severity: Severity) {
    let Some(known) = &of.contract else { return };
    let contract = &known.contract;
    context.applied(RULE.id);
    // What an heir lacks, the class that it extends lacks: a stub here would hide what is written there.
    if !is_judged(of) {
        return;
    }
    let constructor = context.index.pack.language().constructor();
    let by_instance = context.index.pack.language().has(Feature::CallsByInstance);
    for method in contract.required() {
        let is_unknown = method.is_static && of.extended;
        if is_unknown || has_method(of, contract, method, by_instance) {
            continue;
        }
        let extra = of.methods.iter().map(|(own, _)| own.name.as_str());
        let extra = extra.filter(|own| contract.method(own).is_none() && Some(*own) != constructor);
        let help = match nearest(&method.name, extra) {
            Some(near) => format!("was it renamed to `{near}`? otherwise add the method"),
            None => "add the method".to_owned(),
        };
        let file = if method.file.is_empty() {
            &contract.file
        } else {
            &method.file
        };
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*of.file, of.class.name_span),
                    format!("`{}` has no method `{}`", of.class.name, method.name),
                )
                .label(format!("`{}` is missing", method.name))
                .because(
                    format!("`{}` requires it", of.symbol),
                    Some(Place::span(file.as_str(), method.span)),
                )
                .because(why, None)
                .help(help)
                .fix(insertion(context, of, method, raw))
                .severity(severity),
        );
    }
    let asked = contract.properties.iter().filter(|property| property.is_asked());
    for property in asked.filter(|property| !of.names.contains(&property.name)) {
        let what = if property.ty.is_some() { "constant" } else { "type" };
        let at = Place::span(&*of.file, of.class.name_span);
        let message = format!("`{}` has no {what} `{}`", of.class.name, property.name);
        context.report(
            context
                .finding(RULE.id, at, message)
                .label(format!("`{}` is missing", property.name))
                .because(
                    format!("`{}` requires it", of.symbol),
                    Some(Place::span(contract.file.as_str(), property.span)),
                )
                .because(why, None)
                .help(format!("add the {what}"))
                .severity(severity),
        );
    }
}

/// Whether it can be told what the class lacks, and the class itself would have to have it.
pub fn is_judged(of: &Implementation) -> bool {
    !of.uncertain && of.base == Base::Right && !of.class.is_abstract && of.heir_of.is_none()
}

/// Whether the class has, or inherits, what is called as `method` is.
pub fn has(of: &Implementation, method: &Method, by_instance: bool) -> bool {
    let mut methods = of.methods.iter();
    of.names.contains(&method.name) || methods.any(|(own, _)| answers(own, method, by_instance))
}

/// Whether who calls `method` can come to `own`: of what belongs to the class through the class, and through instances where that goes.
pub fn answers(own: &Declared, method: &Method, by_instance: bool) -> bool {
    let is_reached = by_instance || own.is_static == method.is_static;
    own.name == method.name && is_reached && (own.has_body || own.is_abstract)
}

/// Whether the class has, or inherits, `method` of `contract`. Of several methods that are called alike each is told by the number of its
/// parameters.
fn has_method(of: &Implementation, contract: &Contract, method: &Method, by_instance: bool) -> bool {
    let is_alike = |other: &&Method| other.name == method.name && other.is_static == method.is_static;
    let alike = contract.methods.iter().filter(is_alike);
    let alike = alike.filter(|other| other.accessor.is_none());
    let own = || of.methods.iter().filter(|(own, _)| own.name == method.name);
    if alike.count() > 1 && own().next().is_some() {
        return own().any(|(own, _)| own.params.len() == method.params.len());
    }
    has(of, method, by_instance)
}

/// A stub at the end of the class, and the imports that it needs.
fn insertion(
    context: &Context<'_, '_>,
    of: &Implementation,
    method: &Method,
    raw: &RawContract,
) -> Option<Fix> {
    let (body, body_imports) = raw.body_of(&method.name, method.returns.as_deref().unwrap_or_default());
    let text = context.text(&of.file)?;
    let grammar = context.index.pack.language();
    let contract = &of.contract.as_ref()?.contract;
    let method = &grammar.for_class(method, contract, &of.class)?;
    let how = Stub {
        body,
        ..Stub::default()
    };
    let style = (&context.index.style, context.index.indent);
    let edit = grammar.with_stub(&text, &of.class, (method, &how), style)?;
    let needed: Vec<_> = body_imports
        .iter()
        .flat_map(|text| grammar.read_imports(text))
        .collect();
    let title = format!("add a stub of `{}`", method.name);
    let imports = |_: &str| method.imports.iter().chain(&needed).collect();
    fix::edit_with_imports(context, (&of.file, edit), imports, (title, Applicability::Safe))
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";
    const PLACE: &str =
        "\n    place(_order: Orders.Order): Promise<void> {\n        throw new NotYet();\n    }\n";

    #[test]
    fn a_method_that_the_contract_asks_for_is_stubbed() {
        let shop = shop()
            .edit(SERVICE, PLACE, "")
            .edit(SERVICE, "NotYet, ", "")
            .edit(SERVICE, "throw new NotYet();", "return never;");
        let found = "units/alpha/src/jobs/orders/orders.service.ts:4:14 missing-method `OrdersService` has no method `place`";
        assert!(
            shop.findings().iter().any(|line| line == found),
            "{:?}",
            shop.findings()
        );
        let fixed = shop.fixed(Applicability::Safe);
        let text = fixed.text(SERVICE);
        assert!(
            text.ends_with(
                "    place(_order: Orders.Order): Promise<void> {\n        throw new NotYet();\n    }\n}\n"
            ),
            "{text}"
        );
        assert!(
            text.starts_with("import { NotYet, Orders, Served } from '@shop/kit';\n"),
            "{text}"
        );
        assert_eq!(fixed.findings(), [""; 0]);
    }

    #[test]
    fn a_method_may_be_inherited() {
        let base = format!(
            "import {{ NotYet, Orders }} from '@shop/kit';\n\nexport abstract class Base extends Orders.Service {{{PLACE}}}\n"
        );
        let shop = shop()
            .with("units/alpha/src/jobs/orders/base.ts", &base)
            .edit(SERVICE, PLACE, "")
            .edit(SERVICE, "extends Orders.Service", "extends Base")
            .edit(
                SERVICE,
                "\n\n@Served",
                "\nimport { Base } from './base';\n\n@Served",
            );
        assert_eq!(shop.findings(), [""; 0]);
    }

    #[test]
    fn what_a_class_of_another_package_has_is_not_known() {
        let gone = |text: &str| {
            let shop = shop()
                .edit(SERVICE, PLACE, "")
                .edit(SERVICE, "NotYet, ", "")
                .edit(SERVICE, "throw new NotYet();", "return never;")
                .edit(SERVICE, "extends Orders.Service", text);
            let found = shop.findings();
            found
                .iter()
                .filter(|line| line.contains("missing-method"))
                .count()
        };
        assert_eq!(gone("implements Orders.Service"), 1);
        assert_eq!(gone("extends Library implements Orders.Service"), 0);
    }
}
