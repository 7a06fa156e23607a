//! `mismatched-entry`: an entry of one member names another one.

use std::collections::HashMap;

use tenon_pack::{PackRule, RuleKind};
use tenon_text::diag::{Applicability, Diagnostic, Place, Result, RuleInfo};

use super::context::Context;
use super::entry_fields::expected_fields;
use super::fix;
use super::manifest_value;
use super::missing_export::follows;
use super::rule::Rule;
use super::site::{Is, SiteView, Want, bare};
use super::slot::{Holder, SlotView};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "mismatched-entry",
    summary: "an entry of one member names another one",
    page: include_str!(concat!(env!("TENON_PAGES"), "/mismatched-entry.md")),
};

/// See its page.
pub struct MismatchedEntry;

impl Rule for MismatchedEntry {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Says => says(context, pack_rule),
            RuleKind::Value => manifest_value::check(context, pack_rule, RULE.id, false),
            _ => Ok(()),
        }
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }

    fn check_slot(&self, context: &Context<'_, '_>, view: &SlotView<'_>) -> Result<()> {
        if let Holder::Member(entry) = &view.holder {
            check(context, entry);
        }
        Ok(())
    }
}

/// Reports fields of entries that do not say what they should.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    let fields = expected_fields(view);
    if fields.iter().all(|field| field.want.is_idle()) {
        return;
    }
    context.applied(RULE.id);
    // What an entry says twice is reported once, and mended in both places.
    let mut said: Vec<Diagnostic> = Vec::new();
    let mut places: HashMap<(usize, String), usize> = HashMap::new();
    for field in fields {
        let (name, want) = (field.entry, field.want);
        if field.there.is_empty() && !field.optional && !want.is_idle() {
            let what = want.is.as_ref().or(want.declared_in.as_ref());
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*view.path, field.span),
                        format!(
                            "the entry `{name}` does not name `{}`",
                            what.map_or("", String::as_str)
                        ),
                    )
                    .about(field.member)
                    .label("it should")
                    .because(field.why, None)
                    .help("write it as the other entries do"),
            );
        }
        for is in field.there {
            if follows(context, is, want) {
                continue;
            }
            let Some(message) = wrong(name, is, want) else {
                continue;
            };
            let fix = want.is.as_ref().and_then(|right| {
                let right = fix::of_the_same_kind(context, &view.path, is.span, right)?;
                let title = format!("write `{right}`");
                Some(fix::replace(
                    &view.path,
                    is.span,
                    &right,
                    title,
                    Applicability::Unsafe,
                ))
            });
            let place = places
                .entry((field.span.start, message.clone()))
                .or_insert(said.len());
            if let Some(finding) = said.get_mut(*place) {
                if let (Some(all), Some(more)) = (&mut finding.fix, fix) {
                    all.join(more);
                }
                continue;
            }
            said.push(
                context
                    .finding(RULE.id, Place::span(&*view.path, is.span), message)
                    .about(field.member)
                    .label("of another one")
                    .because(field.why, None)
                    .help(match &want.is {
                        Some(right) => format!("write `{right}`"),
                        None => "take it from where the entry's name says".to_owned(),
                    })
                    .fix(fix),
            );
        }
    }
    for finding in said {
        context.report(finding);
    }
}

/// Reports what the files of `pack_rule` say of another member than their own.
fn says(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    let (Some(table), Some(var), Some(value)) = (&pack_rule.find, &pack_rule.var, &pack_rule.value) else {
        return Ok(());
    };
    for turn in context.turns_of(pack_rule)? {
        let right = context.render(value, &turn)?;
        for path in context.files(&context.render(&pack_rule.file, &turn)?) {
            let Some(hits) = context.hits(table, Some(var), &path)? else {
                continue;
            };
            context.applied(RULE.id);
            for (text, span) in hits.iter().filter_map(|hit| hit.var.as_ref()) {
                let text = bare(text);
                if text == right {
                    continue;
                }
                context.report(
                    context
                        .finding(
                            RULE.id,
                            Place::span(&*path, *span),
                            format!("`{path}` names `{text}`, not `{right}`"),
                        )
                        .label("of another one")
                        .because(context.render(&pack_rule.why, &turn)?, None)
                        .help(format!("write `{right}`"))
                        .severity(pack_rule.severity),
                );
            }
        }
    }
    Ok(())
}

fn wrong(name: &str, is: &Is, want: &Want) -> Option<String> {
    if want.is_met(is) {
        return None;
    }
    if let Some(right) = &want.is
        && is.text != *right
    {
        return Some(format!("the entry `{name}` says `{}`, not `{right}`", is.text));
    }
    let dir = want.declared_in.as_ref()?;
    match &is.declared {
        Some(file) if is.text.contains('/') => {
            Some(format!("the entry `{name}` leads to `{file}`, not to `{dir}`"))
        }
        Some(file) => Some(format!(
            "the entry `{name}` takes `{}` from `{file}`, not from `{dir}`",
            is.text
        )),
        None => Some(format!(
            "the entry `{name}` takes `{}` from somewhere else than `{dir}`",
            is.text
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    const UNIT: &str = "units/beta/src/unit.ts";

    #[test]
    fn an_entry_speaks_of_its_own_member() {
        let shop = shop().edit(UNIT, "orders: { unit: 'beta'", "orders: { unit: 'alpha'");
        assert_eq!(
            shop.findings(),
            ["units/beta/src/unit.ts:7:22 mismatched-entry the entry `orders` says `alpha`, not `beta`"]
        );
        let fixed = shop.fixed(Applicability::Unsafe);
        assert!(
            fixed
                .text(UNIT)
                .contains("orders: { unit: 'beta', service: OrdersService }")
        );
        assert_eq!(shop.fixed(Applicability::Safe).changed(&shop), [""; 0]);
    }

    #[test]
    fn what_an_entry_takes_from_another_job_is_found() {
        let shop = shop().edit(UNIT, "service: OrdersService }", "service: PricesService }");
        let found = shop.findings();
        assert!(
            found[1].starts_with(
                "units/beta/src/unit.ts:7:38 mismatched-entry the entry `orders` takes `PricesService` from"
            ),
            "{found:?}"
        );
    }

    #[test]
    fn other_quotes_say_the_same() {
        assert_eq!(
            shop()
                .edit(UNIT, "orders: { unit: 'beta'", "orders: { unit: \"beta\"")
                .findings(),
            [""; 0]
        );
    }
}
