//! `bad-name`: a name breaks the convention by which others find the member.

use std::collections::{HashMap, HashSet};

use crate::plan::scope::Iteration;
use tenon_pack::{PackRule, RuleKind};
use tenon_text::diag::{Applicability, Place, Result, RuleInfo};
use tenon_text::names::normal;

use super::context::Context;
use super::fix;
use super::manifest_value;
use super::rule::Rule;
use super::site::{Actual, SiteView, bare};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "bad-name",
    summary: "a name breaks the convention by which others find the member",
    page: include_str!(concat!(env!("TENON_PAGES"), "/bad-name.md")),
};

/// See its page.
pub struct BadName;

impl Rule for BadName {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_member(&self, context: &Context<'_, '_>) -> Result<()> {
        member(context);
        Ok(())
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Value => value(context, pack_rule),
            _ => Ok(()),
        }
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        entries(context, view);
        Ok(())
    }
}

/// Reports the directory of the member if its name has not the shape that the kind asks for.
fn member(context: &Context<'_, '_>) {
    let Ok(kind) = context.index.pack.kind(&context.member.kind) else {
        return;
    };
    context.applied(RULE.id);
    if let Err(error) =
        crate::answers::check_shape(&kind.name, context.index.pack.language(), &context.member.name)
    {
        context.report(
            context
                .finding(RULE.id, Place::file(&*context.member.path), error.message())
                .because("the name becomes part of packages, paths and code", None)
                .help(error.helps().first().cloned().unwrap_or_default()),
        );
    }
}

/// Reports names in manifests and in code that are not what they must be.
fn value(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    manifest_value::check(context, pack_rule, RULE.id, true)?;
    if pack_rule.find.is_some() {
        for turn in context.turns_of(pack_rule)? {
            in_code(
                context,
                pack_rule,
                &turn,
                &context.render(&pack_rule.file, &turn)?,
            )?;
        }
    }
    Ok(())
}

/// Reports what matches the pattern of `pack_rule` in code and has not the name that it must have.
fn in_code(context: &Context<'_, '_>, pack_rule: &PackRule, turn: &Iteration, pattern: &str) -> Result<()> {
    let (Some(table), Some(var)) = (&pack_rule.find, &pack_rule.var) else {
        return Ok(());
    };
    let right = context.render(pack_rule.value.as_deref().unwrap_or_default(), turn)?;
    let mut said: HashSet<String> = HashSet::default();
    for path in context.files(pattern) {
        let Some(hits) = context.hits(table, Some(var), &path)? else {
            continue;
        };
        context.applied(RULE.id);
        for (text, span) in hits.iter().filter_map(|hit| hit.var.as_ref()) {
            let span = *span;
            // What all files of a member are called is wrong once.
            if bare(text) == right || !said.insert(bare(text)) {
                continue;
            }
            let fix = fix::of_the_same_kind(context, &path, span, &right).map(|text| {
                let title = format!("write `{right}`");
                fix::replace(&path, span, &text, title, Applicability::Unsafe)
            });
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*path, span),
                        format!("the name is `{text}`, not `{right}`"),
                    )
                    .because(context.render(&pack_rule.why, turn)?, None)
                    .help(format!("write `{right}`"))
                    .fix(fix)
                    .severity(pack_rule.severity),
            );
        }
    }
    Ok(())
}

/// Reports entries of a site that are called otherwise than the host takes them.
fn entries(context: &Context<'_, '_>, view: &SiteView<'_>) {
    context.applied(RULE.id);
    let listed: HashSet<&str> = view.entries().iter().map(|entry| &*entry.name).collect();
    let mut alike: HashMap<String, &Actual> = HashMap::default();
    for entry in view.entries() {
        alike.entry(normal(&entry.name)).or_insert(entry);
    }
    for expected in &view.expected {
        // An entry has the right name: another one like it is a duplicate, which is said elsewhere.
        if expected.loose || listed.contains(&*expected.name) {
            continue;
        }
        let same = alike.get(&normal(&expected.name)).copied();
        let Some(entry) = same.or_else(|| view.misspelled(context, expected)) else {
            continue;
        };
        let text = context.text(&view.path);
        let written = text
            .as_deref()
            .and_then(|text| text.get(entry.name_span.start..entry.name_span.end));
        let right = written.unwrap_or_default().replace(&entry.name, &expected.name);
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*view.path, entry.name_span),
                    format!("the entry is called `{}`, not `{}`", entry.name, expected.name),
                )
                .about(&expected.member)
                .because(&*expected.why, None)
                .help(format!("write `{}`", expected.name))
                .fix(Some(fix::replace(
                    &view.path,
                    entry.name_span,
                    &right,
                    format!("write `{}`", expected.name),
                    Applicability::Unsafe,
                ))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    #[test]
    fn the_name_of_a_package_is_written_as_others_import_it() {
        let shop = shop().edit("units/alpha/package.json", "@shop/alpha", "@shop/alfa");
        let found = "units/alpha/package.json:2:13 bad-name `name` is `@shop/alfa`, not `@shop/alpha`";
        assert_eq!(shop.findings(), [found]);
        let fixed = shop.fixed(Applicability::Unsafe);
        assert!(
            fixed
                .text("units/alpha/package.json")
                .contains(r#""name": "@shop/alpha","#)
        );
        assert_eq!(shop.fixed(Applicability::Safe).changed(&shop), [""; 0]);
    }

    #[test]
    fn a_string_stays_a_string_and_an_identifier_an_identifier() {
        let unit = "units/alpha/src/unit.ts";
        let rule = "[[kind.unit.rule]]\nexpect = 'value'\nfile = 'units/{{name}}/src/unit.ts'\nfind = { pattern = 'const label = $NAME' }\nvar = 'NAME'\nvalue = '{{name}}'\nwhy = 'so'\n";
        let with = |label: &str| {
            let text = format!("const label = {label};\nexport {{ label }};\nexport * as Jobs");
            shop().and_pack(rule).edit(unit, "export * as Jobs", &text)
        };
        let fixed = |label: &str| {
            let fixed = with(label).fixed(Applicability::Unsafe);
            let mut lines = fixed.text(unit).lines();
            lines
                .find(|line| line.contains("const label"))
                .unwrap()
                .to_owned()
        };
        assert_eq!(fixed("'alfa'"), "const label = 'alpha';");
        assert_eq!(fixed("\"alfa\""), "const label = \"alpha\";");
        assert_eq!(fixed("alfa"), "const label = alpha;");
        assert_eq!(fixed("make('alfa')"), "const label = make('alfa');");
        assert_eq!(with("'alpha'").findings(), [""; 0]);
    }

    #[test]
    fn a_manifest_that_says_something_else_is_silent() {
        let shop = shop().edit(
            "units/alpha/package.json",
            "\"counter\": \"alpha\"",
            "\"counter\": \"gamma\"",
        );
        assert_eq!(shop.findings(), [""; 0]);
    }

    #[test]
    fn a_guess_at_a_renaming_never_takes_what_another_member_has() {
        let site = "[kind.unit.site.parts]\nkind = 'manifest'\nfile = 'store/package.json'\npointer = '/parts'\nvalue = 'the-parts-of-{{name}}'\nwhen = '(eq name \"alpha\")'\nwhy = 'so'\n";
        let with = |entry: &str| {
            let parts = format!("\"parts\": [\"the-parts-of-{entry}\"],\n    \"dependencies\"");
            shop()
                .and_pack(site)
                .edit("store/package.json", "\"dependencies\"", &parts)
                .findings()
        };
        let missing =
            "store/package.json:3:15 missing-entry `store/package.json` does not list `the-parts-of-alpha`";
        assert_eq!(with("beta"), [missing]);
        assert_eq!(with("omega"), [missing]);
        assert_eq!(
            with("alphas"),
            [
                "store/package.json:3:15 bad-name the entry is called `the-parts-of-alphas`, not `the-parts-of-alpha`"
            ]
        );
    }
}
