//! `not-provided`: a class is registered without what its constructor takes.

use serde_json::Value;

use crate::facts::field;
use crate::plan::entries;
use crate::plan::read_back::row_of;
use crate::plan::scope::Iteration;
use tenon_pack::{OptionKind, PackRule, RuleKind, SiteKind, row_name};
use tenon_syntax::contract::Import;
use tenon_syntax::entry::Syntax;
use tenon_syntax::language::Lang;
use tenon_syntax::sources::Definition;
use tenon_text::diag::{Applicability, Fix, Place, Result, RuleInfo, TextEdit};
use tenon_text::format::line_indent;

use super::context::Context;
use super::find_implementation;
use super::fix;
use super::rule::Rule;
use super::site::{Actual, SiteView, row_id};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "not-provided",
    summary: "a class is registered without what its constructor takes",
    page: include_str!(concat!(env!("TENON_PAGES"), "/not-provided.md")),
};

/// See its page.
pub struct NotProvided;

impl Rule for NotProvided {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        for pack_rule in context.index.pack.rules(&context.member.kind) {
            if pack_rule.kind == RuleKind::Provided && pack_rule.site.as_ref() == Some(&view.site.id) {
                check(context, pack_rule, view)?;
            }
        }
        Ok(())
    }
}

/// Reports constructor parameters of the classes of `pack_rule` for which their entry gives nothing.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule, view: &SiteView<'_>) -> Result<()> {
    let (Some(takes), Some(gives)) = (&pack_rule.takes, &pack_rule.gives) else {
        return Ok(());
    };
    let api = pack_rule
        .api
        .as_deref()
        .and_then(|name| context.index.pack.apis().get(name));
    let Some(api) = api else { return Ok(()) };
    for turn in context.turns_of(pack_rule)? {
        let Some(of) = find_implementation::find(context, pack_rule, &turn)? else {
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
        if is_excepted(context, pack_rule, view, entry.span)? {
            continue;
        }
        let given = given(context, view, entry.span, &api.specifier);
        for (param, ty, taken) in taken {
            let wanted = gives.replace("{}", &taken);
            if given.contains(&wanted) || !can_give(context, pack_rule, &taken, gives) {
                continue;
            }
            let fix = provide(context, pack_rule, (view, entry), &turn, (&taken, &wanted));
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
                        format!("`{wanted}` belongs in this entry"),
                        Some(Place::span(&*view.path, entry.name_span)),
                    )
                    .because(context.render(&pack_rule.why, &turn)?, None)
                    .help(format!(
                        "add `{wanted}` to `imports` of the entry `{}`",
                        entry.name
                    ))
                    .fix(fix)
                    .severity(pack_rule.severity),
            );
        }
    }
    Ok(())
}

/// Adds what the entry would have if the member had been made with what it takes: an option of the pack says that, by pairs. Nothing if
/// there is none, or if what stands there is not understood.
fn provide(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    (view, entry): (&SiteView<'_>, &Actual),
    turn: &Iteration,
    (taken, wanted): (&str, &str),
) -> Option<Fix> {
    let text = context.text(&view.path)?;
    if view.site.kind != SiteKind::Entry || !context.may_fix(text.len()) {
        return None;
    }
    let (pack, each) = (context.index.pack, pack_rule.each.as_deref()?);
    let mut pairs = pack.options(&context.member.kind);
    let pairs =
        pairs.find(|option| option.kind == OptionKind::Pairs && option.left.as_deref() == Some(each))?;
    let choices = context.index.rows_behind(&context.member.kind, &pairs.id);
    let given = row_of(&choices, taken)?;
    let rendered = |given: Vec<Value>| {
        let mut row = Value::clone(&*turn.row()?);
        row[&pairs.id] = Value::Array(given);
        let turn = Iteration::of(row_name(each, view.site.row.as_deref()), row);
        let syntax = Syntax::of(&view.path);
        let entry = entries::wanted(view.site, syntax, &mut |text| context.render(text, &turn));
        entry.ok()?.forms.into_iter().next()
    };
    let (without, with) = (rendered(vec![])?, rendered(vec![given])?);
    let grammar = Lang::of_path(&view.path)?;
    let imports = with
        .imports
        .iter()
        .filter(|import| !without.imports.contains(import));
    let imports: Vec<Import> = imports.flat_map(|import| grammar.read_imports(import)).collect();
    let mut element = added(&without.text, &with.text).to_owned();
    let mut item = wanted.to_owned();
    let there = grammar.read_imports(&text);
    let mut needed = Vec::new();
    for import in &imports {
        let same = |known: &&Import| known.module == import.module && known.name == import.name;
        match there.iter().find(same) {
            // It may have another name there.
            Some(known) if known.local() != import.local() => {
                let renamed = |text: &str| text.replace(import.local(), known.local());
                (element, item) = (renamed(&element), renamed(&item));
            }
            Some(_) => {}
            None => needed.push(import),
        }
    }
    let said = text.get(entry.span.start..entry.span.end)?;
    let (key, _) = element.split_once('[').filter(|_| element.contains(&*item))?;
    let (close, new) = match said.find(key.trim_end()) {
        Some(at) => {
            let open = at + key.trim_end().len();
            let open = open + said[open..].find(|c: char| !c.is_whitespace())?;
            (said[open..].starts_with('[').then(|| closing(said, open))??, item)
        }
        None => (said.rfind(['}', ')', ']'])?, element.clone()),
    };
    let edit = element_before(&text, entry.span.start + close, &new)?;
    let title = format!("add `{wanted}` to the entry `{}`", entry.name);
    fix::edit_with_imports(
        context,
        (&view.path, edit),
        |_| needed,
        (title, Applicability::Safe),
    )
}

/// What `with` has that `without` has not, without the separators around it.
fn added<'t>(without: &str, with: &'t str) -> &'t str {
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let before = same(&mut without.chars().zip(with.chars()));
    let behind = same(&mut without[before..].chars().rev().zip(with[before..].chars().rev()));
    with[before..with.len() - behind].trim_matches([',', ' ', '\n', '\t'])
}

/// The bracket that closes the one at `open`.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut signs = text[open..].char_indices().filter(|(_, c)| "([{}])".contains(*c));
    let (at, _) = signs.find(|(_, sign)| {
        match sign {
            '(' | '[' | '{' => depth += 1,
            _ => depth = depth.saturating_sub(1),
        }
        depth == 0
    })?;
    Some(open + at)
}

/// Adds `element` behind the last one before the bracket that closes at `close`, on a line of its own if that has one.
fn element_before(text: &str, close: usize, element: &str) -> Option<TextEdit> {
    let held = text[..close].trim_end();
    let last = held.strip_suffix(',').unwrap_or(held).trim_end();
    if last.ends_with(['(', '[', '{']) {
        return Some(TextEdit::insert(last.len(), element));
    }
    // Behind a comment the end of what is listed is not known.
    let line = &last[last.rfind('\n').map_or(0, |at| at + 1)..];
    if line.contains("//") || last.ends_with("*/") {
        return None;
    }
    if !text[held.len()..close].contains('\n') {
        return Some(TextEdit::insert(last.len(), format!(", {element}")));
    }
    let eol = if text[held.len()..close].starts_with('\r') {
        "\r\n"
    } else {
        "\n"
    };
    let indent = line_indent(line);
    let element = element.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    Some(match held.len() > last.len() {
        false => TextEdit::insert(last.len(), format!(",{eol}{indent}{element}")),
        true => TextEdit::insert(held.len(), format!("{eol}{indent}{element},")),
    })
}

/// What stands in `text` for the `{}` of `template`.
fn hole(template: &str, text: &str) -> Option<String> {
    let (before, after) = template.split_once("{}")?;
    let name = text.strip_prefix(before)?.strip_suffix(after)?;
    (!name.is_empty() && !name.contains('.')).then(|| name.to_owned())
}

/// Whether the host's row for `taken` has what would have to be given.
fn can_give(context: &Context<'_, '_>, pack_rule: &PackRule, taken: &str, gives: &str) -> bool {
    let member = gives.rsplit('.').next().unwrap_or_default();
    let rows = pack_rule
        .each
        .as_deref()
        .map(|each| context.index.rows_behind(&context.member.kind, each));
    let row = rows.as_deref().and_then(|rows| row_of(rows, taken));
    row.is_none_or(|row| row["has"][member] != serde_json::Value::Bool(false))
}

fn is_excepted(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    view: &SiteView<'_>,
    span: tenon_text::diag::Span,
) -> Result<bool> {
    let (Some(table), Some(grammar)) = (&pack_rule.unless, Lang::of_path(&view.path)) else {
        return Ok(false);
    };
    let Some(tree) = context.tree(&view.path) else {
        return Ok(true);
    };
    let rule = table.rule(grammar)?;
    let found = rule.find_all(&tree.root())?;
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
    use tenon_text::diag::Applicability;

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
    fn what_is_missing_is_written_as_the_pack_writes_it() {
        let option =
            "[kind.unit.option.takes]\nkind = 'pairs'\nleft = 'jobs'\nfrom = 'jobs'\nprompt = 'What?'\n";
        let pack = |entry: &str| {
            let import = "\"import { Service as {{pascal job.name}}Service } from './jobs/{{job.id}}';\"]";
            let more = "\"import { Service as {{pascal job.name}}Service } from './jobs/{{job.id}}';\", \"{{#each job.takes}}import { {{name}} } from '@shop/kit';\\n{{/each}}\"]";
            takes_prices()
                .and_pack(option)
                .pack("service: {{pascal job.name}}Service }\"", entry)
                .pack(import, more)
        };
        let shop = pack(
            "service: {{pascal job.name}}Service{{#if job.takes}}, imports: [{{#each job.takes}}{{name}}.Module{{/each}}]{{/if}} }\"",
        );
        let service = "service: OrdersService }";
        for (before, after) in [
            (service, "service: OrdersService, imports: [Prices.Module] }"),
            (
                "service: OrdersService, imports: [] }",
                "service: OrdersService, imports: [Prices.Module] }",
            ),
            (
                "\n        service: OrdersService,\n    }",
                "\n        service: OrdersService,\n        imports: [Prices.Module],\n    }",
            ),
            (
                "service: OrdersService, imports: [Orders.Module] }",
                "service: OrdersService, imports: [Orders.Module, Prices.Module] }",
            ),
        ] {
            let shop = shop.clone().edit(UNIT, service, before);
            let fixed = shop.fixed(Applicability::Safe);
            let text = fixed.text(UNIT);
            assert!(text.contains(after), "{before}: {text}");
            assert!(text.contains("import { Prices } from '@shop/kit';"), "{text}");
            assert_eq!(fixed.findings(), [""; 0]);
        }
        // What stands there is no list: it is a person's.
        let other = shop.edit(UNIT, service, "service: OrdersService, imports: all() }");
        assert!(other.diagnostics().iter().all(|finding| finding.fix.is_none()));
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
