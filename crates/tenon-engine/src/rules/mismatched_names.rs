//! `mismatched-names`: a name stands in one place and lacks its counterpart in another.

use tenon_pack::{PackRule, RuleKind};
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names::nearest;

use super::context::Context;
use super::find_implementation;
use super::names::{self, Names};
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "mismatched-names",
    summary: "a name is in one place and missing in another",
    page: include_str!(concat!(env!("TENON_PAGES"), "/mismatched-names.md")),
};

/// See its page.
pub struct MismatchedNames;

impl Rule for MismatchedNames {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Agree => check(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// Reports the names of `pack_rule` that are not among the others.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    let (Some(names), Some(among)) = (&pack_rule.names, &pack_rule.among) else {
        return Ok(());
    };
    for turn in context.turns_of(pack_rule)? {
        let path = context.render(&pack_rule.file, &turn)?;
        if !context.sound(&path) {
            continue;
        }
        let export = pack_rule
            .export
            .as_deref()
            .map(|name| context.render(name, &turn))
            .transpose()?;
        let class = match &export {
            None => None,
            Some(pattern) => match find_implementation::classes(context, &path, pattern).first() {
                Some(class) => Some(class.clone()),
                None => continue,
            },
        };
        let left = names::read(context, names, &path, class.as_deref())?;
        let right = names::read(context, among, &path, class.as_deref())?;
        let (Some(left), Some(right)) = (left, right) else {
            continue;
        };
        context.applied(RULE.id);
        let why = context.render(&pack_rule.why, &turn)?;
        let said = (
            pack_rule.what.as_deref().unwrap_or("the other place"),
            why.as_str(),
        );
        compare(context, pack_rule, (&left, &right), said);
    }
    Ok(())
}

fn compare(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    (left, right): (&Names, &Names),
    (what, why): (&str, &str),
) {
    if right.open {
        return;
    }
    let lonely: Vec<&str> = (right.all.iter())
        .filter(|(name, at)| at.is_some() && !left.has(name))
        .map(|(name, _)| name.as_str())
        .collect();
    for (name, at) in left.all.iter().filter(|(name, _)| !right.has(name)) {
        let near = nearest(name, lonely.iter().copied());
        // What is misspelled is said once, where the other direction is expected.
        if pack_rule.unless_near && near.is_some() {
            continue;
        }
        let place = at.clone().unwrap_or_else(|| right.region.clone());
        let other = near.and_then(|near| right.all.iter().find(|(known, _)| known == near));
        let reason: Option<Place> = match (other, at) {
            (Some((_, at)), _) => at.clone(),
            (None, Some(_)) => Some(right.region.clone()),
            (None, None) => None,
        };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if at.is_some() => format!("add `{name}` to {what}, or remove it here"),
            None => format!("add `{name}`"),
        };
        context.report(
            context
                .finding(RULE.id, place, format!("`{name}` is not in {what}"))
                .label(if at.is_some() {
                    "only here"
                } else {
                    "it belongs here"
                })
                .because(why, reason)
                .help(help)
                .severity(pack_rule.severity),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn a_name_without_its_counterpart_is_found() {
        let unit = "units/alpha/src/unit.ts";
        let import = "import { Service as PricesService } from './jobs/orders';\n\nexport * as Jobs";
        let shop = shop().edit(unit, "export * as Jobs", import);
        assert_eq!(
            shop.findings(),
            ["units/alpha/src/unit.ts:3:21 mismatched-names `PricesService` is not in `Config`"]
        );
    }

    #[test]
    fn other_imports_have_no_counterpart() {
        let shop = shop().edit(
            "units/alpha/src/unit.ts",
            "export * as Jobs",
            "import { Orders } from '@shop/kit';\nexport type Order = Orders.Order;\nexport * as Jobs",
        );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
