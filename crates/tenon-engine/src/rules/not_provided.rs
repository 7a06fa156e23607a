//! `not-provided`: what a class takes in its constructor is not provided where the class is registered.

use crate::facts::field;
use crate::plan::observe::row_of;
use tenon_pack::{Expect, ExpectKind};
use tenon_syntax::language::Lang;
use tenon_syntax::sources::Definition;
use tenon_text::diag::{Place, Result, RuleInfo};

use super::context::Context;
use super::find_implementation;
use super::rule::Rule;
use super::site::{SiteView, row_id};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "not-provided",
    summary: "what a class takes in its constructor is not provided where the class is registered",
    page: include_str!("../../../../docs/rules/not-provided.md"),
};

/// See its page.
pub struct NotProvided;

impl Rule for NotProvided {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        for expect in context.index.pack.expects(&context.member.generator) {
            if expect.kind == ExpectKind::Provided && expect.site.as_ref() == Some(&view.site.id) {
                check(context, expect, view)?;
            }
        }
        Ok(())
    }
}

/// Reports constructor parameters of the classes of `expect` for which their entry gives nothing.
fn check(context: &Context<'_, '_>, expect: &Expect, view: &SiteView<'_>) -> Result<()> {
    let (Some(takes), Some(gives)) = (&expect.takes, &expect.gives) else {
        return Ok(());
    };
    let api = expect
        .api
        .as_deref()
        .and_then(|name| context.index.pack.apis().get(name));
    let Some(api) = api else { return Ok(()) };
    for turn in context.turns_of(expect)? {
        let Some(of) = find_implementation::find(context, expect, &turn)? else {
            continue;
        };
        context.applied(RULE.id);
        let params = of.class.constructor.iter().flatten();
        let taken = params.filter_map(|param| {
            let ty = param.ty.as_ref()?;
            match context.code.definition(&of.file, ty) {
                Definition::Outside { module, path } if module == api.specifier => {
                    Some((param, ty, hole(takes, &path.join("."))?))
                }
                _ => None,
            }
        });
        let taken: Vec<_> = taken.collect();
        if taken.is_empty() {
            continue;
        }
        let row = turn.row();
        let id = row.as_ref().map_or("", |row| field(row, "id"));
        let name = view
            .expected
            .iter()
            .find(|expected| row_id(expected) == id)
            .map(|expected| &expected.name);
        let Some(entry) = view.entries().iter().find(|entry| Some(&entry.name) == name) else {
            continue;
        };
        if is_excepted(context, expect, view, entry.span)? {
            continue;
        }
        let given = given(context, view, entry.span, &api.specifier);
        for (param, ty, taken) in taken {
            let wanted = gives.replace("{}", &taken);
            if given.contains(&wanted) || !can_give(context, expect, &taken, gives) {
                continue;
            }
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*of.file, param.span),
                        format!(
                            "`{}` takes `{ty}`, and the entry `{}` does not provide it",
                            of.class.name, entry.name
                        ),
                    )
                    .because(
                        format!("`{wanted}` belongs into this entry"),
                        Some(Place::span(&*view.path, entry.name_span)),
                    )
                    .because(context.render(&expect.why, &turn)?, None)
                    .help(format!(
                        "add `{wanted}` to `imports` of the entry `{}`",
                        entry.name
                    ))
                    .severity(expect.severity),
            );
        }
    }
    Ok(())
}

/// What stands in `text` for the `{}` of `template`.
fn hole(template: &str, text: &str) -> Option<String> {
    let (before, after) = template.split_once("{}")?;
    let name = text.strip_prefix(before)?.strip_suffix(after)?;
    (!name.is_empty() && !name.contains('.')).then(|| name.to_owned())
}

/// Whether the host's row for `taken` has what would have to be given.
fn can_give(context: &Context<'_, '_>, expect: &Expect, taken: &str, gives: &str) -> bool {
    let member = gives.rsplit('.').next().unwrap_or_default();
    let rows = expect
        .each
        .as_deref()
        .map(|each| context.index.rows_behind(&context.member.generator, each));
    let row = rows.as_deref().and_then(|rows| row_of(rows, taken));
    row.is_none_or(|row| row["has"][member] != serde_json::Value::Bool(false))
}

fn is_excepted(
    context: &Context<'_, '_>,
    expect: &Expect,
    view: &SiteView<'_>,
    span: tenon_text::diag::Span,
) -> Result<bool> {
    let (Some(table), Some(grammar)) = (&expect.unless, Lang::of_path(&view.path)) else {
        return Ok(false);
    };
    let Some(tree) = context.tree(&view.path) else {
        return Ok(true);
    };
    let rule = table.rule(grammar)?;
    let found = rule.find_all(&tree.root());
    Ok(found.iter().any(|found| {
        let range = found.node().range();
        span.start <= range.start && range.end <= span.end
    }))
}

/// The dotted names of the interface that stand in an entry, as public paths.
fn given(
    context: &Context<'_, '_>,
    view: &SiteView<'_>,
    span: tenon_text::diag::Span,
    specifier: &str,
) -> Vec<String> {
    let text = context.text(&view.path).unwrap_or_default();
    let entry = text.get(span.start..span.end).unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    entry
        .split(|c| !is_part(c))
        .filter(|word| word.contains('.'))
        .filter_map(
            |word| match context.code.definition(&view.path, word.trim_matches('.')) {
                Definition::Outside { module, path } if module == specifier => Some(path.join(".")),
                _ => None,
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";
    const UNIT: &str = "units/alpha/src/unit.ts";

    fn takes_prices() -> Shop {
        let class = "extends Orders.Service {\n    constructor(private readonly prices: Prices.Service) {\n        super();\n    }\n";
        shop().edit(SERVICE, "extends Orders.Service {", class).edit(
            SERVICE,
            "Orders, Served }",
            "Orders, Prices, Served }",
        )
    }

    #[test]
    fn what_a_service_takes_is_provided_where_it_is_listed() {
        let found = takes_prices().findings();
        assert_eq!(
            found,
            [
                "units/alpha/src/jobs/orders/orders.service.ts:5:17 not-provided `OrdersService` takes `Prices.Service`, and the entry `orders` does not provide it"
            ]
        );
    }

    #[test]
    fn what_its_entry_names_is_provided() {
        let shop = takes_prices()
            .edit(
                UNIT,
                "service: OrdersService }",
                "service: OrdersService, imports: [Prices.Module] }",
            )
            .edit(
                UNIT,
                "\n\nexport * as",
                "\nimport { Prices } from '@shop/kit';\n\nexport * as",
            );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
