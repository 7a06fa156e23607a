//! `wrong-signature`: the signature of a method differs from its contract.
//!
//! No compiler is at work here: types are compared by the names that they lead to, and only where every name on both
//! sides is known. What may be a narrower type of the implementation's own is left to the compiler.

use tenon_syntax::class::Declared;
use tenon_syntax::contract::Method;
use tenon_syntax::head::with_head;
use tenon_syntax::sources::Against;
use tenon_text::diag::{Applicability, Fix, Place, Result, RuleInfo, Severity};

use super::class_view::ClassView;
use super::context::Context;
use super::fix;
use super::implementation::{Base, Implementation};
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-signature",
    summary: "the signature of a method differs from its contract",
    page: include_str!(concat!(env!("TENON_PAGES"), "/wrong-signature.md")),
};

/// See its page.
pub struct WrongSignature;

impl Rule for WrongSignature {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_class(&self, context: &Context<'_, '_>, class: &ClassView<'_>) -> Result<()> {
        check(context, class.of, class.why, class.pack_rule.severity);
        Ok(())
    }
}

/// Reports methods of the class whose shape is not the contract's.
fn check(context: &Context<'_, '_>, of: &Implementation, why: &str, severity: Severity) {
    let Some(known) = &of.contract else { return };
    let contract = &known.contract;
    let against = Against {
        specifier: &of.specifier,
        words: &known.words,
        containers: &context.index.containers,
    };
    context.applied(RULE.id);
    // Of a type that also has what an unknown one has, its own methods can be compared all the same.
    let own_only = of.base == Base::Unknown && context.code.structural();
    if of.base != Base::Right && !own_only {
        return;
    }
    for method in contract
        .methods
        .iter()
        .filter(|method| method.required || !method.is_static)
    {
        let is_it = |own: &Declared| own.name == method.name && own.is_static == method.is_static;
        let mut all = of.methods.iter().filter(|(own, _)| is_it(own));
        let Some((own, file)) = all.next().filter(|(own, _)| !own_only || own.is_of(&of.class)) else {
            continue;
        };
        // Of overloads only the whole says what is taken.
        let is_alike = |other: &&Method| other.name == method.name && other.is_static == method.is_static;
        let overloaded = all.next().is_some() || contract.methods.iter().filter(is_alike).count() > 1;
        let Some(method) = context.index.pack.language().for_class(method, contract, &own.of) else {
            continue;
        };
        if overloaded || !method.overloads.is_empty() || method.accessor.is_some() {
            continue;
        }
        let Some(wrong) = context.code.signature_mismatch(file, own, &method, &against) else {
            continue;
        };
        let severity = if wrong.may_fit {
            severity.max(Severity::Warning)
        } else {
            severity
        };
        let contract_file = if method.file.is_empty() {
            &contract.file
        } else {
            &method.file
        };
        context.report(
            context
                .finding(RULE.id, Place::span(&**file, wrong.span), wrong.message)
                .because(
                    format!("`{}` declares it so", of.symbol),
                    Some(Place::span(contract_file.as_str(), method.span)),
                )
                .because(why, None)
                .help(format!(
                    "write it as `{}`",
                    context.index.pack.language().shape(&method)
                ))
                .fix(rewriting(context, file, own, &method))
                .severity(severity),
        );
    }
}

/// The head as the contract has it, with the imports that it needs. The body was written for the other shape, so that a
/// person has to look at it.
fn rewriting(context: &Context<'_, '_>, file: &str, own: &Declared, method: &Method) -> Option<Fix> {
    let text = context.text(file)?;
    let grammar = context.index.pack.language();
    let style = (&context.index.style, context.index.indent);
    let edit = with_head(grammar, &text, own, method, style)?;
    let title = format!("write the head of `{}` as its contract has it", method.name);
    let needed = |after: &str| {
        let imports = method.imports.iter();
        imports
            .filter(|import| grammar.uses(after, import.local()))
            .collect()
    };
    fix::edit_with_imports(context, (file, edit), needed, (title, Applicability::Unsafe))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::{Applicability, Severity};

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";

    #[test]
    fn a_method_takes_what_its_contract_passes() {
        let shop = shop().edit(SERVICE, "_id: string", "_id: number");
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/src/jobs/orders/orders.service.ts:5:10 wrong-signature the parameter `_id` of `find` is `number`, and its contract passes `string`"
            ]
        );
        let fixed = shop.fixed(Applicability::Unsafe);
        assert!(
            fixed
                .text(SERVICE)
                .contains("    find(_id: string): Promise<Orders.Order | undefined> {\n"),
            "{}",
            fixed.text(SERVICE)
        );
        assert_eq!(shop.fixed(Applicability::Safe).changed(&shop), [""; 0]);
    }

    #[test]
    fn what_the_compiler_may_accept_is_a_warning() {
        let severity = |takes: &str| {
            let shop = shop().edit(SERVICE, "_order: Orders.Order", takes);
            let found = shop.diagnostics();
            assert_eq!(found.len(), 1, "{takes}: {found:?}");
            found[0].severity
        };
        // Only its name is known: it may consist of the same.
        assert_eq!(severity("_order: Orders.Module"), Severity::Warning);
        assert_eq!(severity("_order: string"), Severity::Error);
    }

    #[test]
    fn it_may_take_less() {
        assert_eq!(shop().edit(SERVICE, "_id: string", "").findings(), [""; 0]);
    }

    #[test]
    fn a_type_with_an_unknown_part_is_compared_by_its_own_methods() {
        let pack = "[pack]\nname = 'a'\nversion = '1.0.0'\nsummary = 'A'\nlanguage = 'go'\n[host]\nfiles = ['go.mod']\n[api.main]\nspecifier = 'x.org/a'\nentry = ['api/api.go']\n[contract.unit]\napi = 'main'\nsymbol = 'Unit'\nbody = 'panic(0)'\n[kind.unit]\nsummary = 'A unit'\ncase = 'lower'\nhome = 'units/{{name}}'\nknown-by = ['unit.go']\nfiles = 'unit'\ncontract = 'unit'\n[[kind.unit.rule]]\nexpect = 'class'\nfile = 'units/{{name}}'\nexport = 'Unit'\ncontract = 'unit'\nwhy = 'so'\n";
        let unit = |embedded: &str, takes: &str| {
            let unit = format!(
                "package a\n\nimport \"sync\"\n\ntype Unit struct {{\n\t{embedded}\n}}\n\nfunc (u *Unit) Run(n {takes}) {{}}\n\nvar _ sync.Mutex\n"
            );
            Shop::of(
                &[("pack.toml", pack), ("files/unit/unit.go.hbs", "package a\n")],
                &[
                    ("go.mod", "module x.org/a\n"),
                    (
                        "api/api.go",
                        "package api\n\ntype Unit interface {\n\tRun(n int)\n}\n",
                    ),
                    ("units/a/unit.go", &unit),
                ],
            )
            .findings()
        };
        let wrong = "units/a/unit.go:9:20 wrong-signature ";
        for embedded in ["", "mu sync.Mutex", "sync.Mutex"] {
            assert_eq!(unit(embedded, "int"), [""; 0]);
            let found = unit(embedded, "string");
            assert!(
                found.len() == 1 && found[0].starts_with(wrong),
                "{embedded}: {found:?}"
            );
        }
    }

    #[test]
    fn a_getter_in_place_of_a_method_has_no_fix() {
        let method = "place(_order: Orders.Order): Promise<void> {";
        let shop = shop().edit(SERVICE, method, "get place(): Promise<void> {");
        let found = "units/alpha/src/jobs/orders/orders.service.ts:9:5 wrong-signature `place` is read like a field, and its contract makes it a method";
        assert_eq!(shop.findings(), [found]);
        assert!(shop.diagnostics()[0].fix.is_none());
    }
}
