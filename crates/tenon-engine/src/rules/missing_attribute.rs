//! `missing-attribute`: a class does not set an attribute that the framework reads.

use tenon_pack::PackRule;
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names::nearest;

use super::class_view::ClassView;
use super::context::Context;
use super::implementation::{Base, Implementation};
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-attribute",
    summary: "a class does not set an attribute that the framework reads",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-attribute.md")),
};

/// See its page.
pub struct MissingAttribute;

impl Rule for MissingAttribute {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_class(&self, context: &Context<'_, '_>, class: &ClassView<'_>) -> Result<()> {
        check(context, class.of, class.pack_rule, class.why);
        Ok(())
    }
}

/// Reports the attributes of `pack_rule` that neither the class nor one of this host that it is built on sets.
fn check(context: &Context<'_, '_>, of: &Implementation, pack_rule: &PackRule, why: &str) {
    // What stands elsewhere may set them.
    if pack_rule.attributes.is_empty() || of.uncertain || of.base == Base::Unknown {
        return;
    }
    context.applied(RULE.id);
    for wanted in &pack_rule.attributes {
        let methods = || of.methods.iter().map(|(method, _)| &method.name);
        if of.names.contains(wanted) || methods().any(|name| name == wanted) {
            continue;
        }
        let own = of.class.fields.iter().map(|field| field.name.as_str());
        let unknown = own.filter(|name| !pack_rule.attributes.iter().any(|wanted| wanted == name));
        let help = match nearest(wanted, unknown) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("set `{wanted}` in the class"),
        };
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*of.file, of.class.name_span),
                    format!("`{}` does not set `{wanted}`", of.class.name),
                )
                .label(format!("`{wanted}` is missing"))
                .because(why, None)
                .help(help)
                .severity(pack_rule.severity),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";
    const PLACE: &str = "place(_order: Orders.Order): Promise<void> {\n        throw new NotYet();\n    }";

    #[test]
    fn a_class_sets_what_is_read_of_it() {
        let found = shop().edit(SERVICE, PLACE, "").findings();
        let line = "units/alpha/src/jobs/orders/orders.service.ts:4:14 missing-attribute `OrdersService` does not set `place`";
        assert!(found.iter().any(|found| found == line), "{found:?}");
    }

    #[test]
    fn a_field_sets_it_as_well() {
        let shop = shop().edit(
            SERVICE,
            PLACE,
            "place = async (_order: Orders.Order): Promise<void> => {};",
        );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
