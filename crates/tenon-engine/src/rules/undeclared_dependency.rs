//! `undeclared-dependency`: sources use a package that their manifest does not declare.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::plan::scope::Iteration;
use tenon_pack::{PackRule, RuleKind};
use tenon_text::diag::{Applicability, FileFix, Fix, Place, Result, RuleInfo};
use tenon_text::manifest::{self, ManifestFormat, NewEntry, Order, Parsed};

use super::context::Context;
use super::rule::Rule;
use super::unknown_dependency;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "undeclared-dependency",
    summary: "sources use a package that their manifest does not declare",
    page: include_str!(concat!(env!("TENON_PAGES"), "/undeclared-dependency.md")),
};

/// See its page.
pub struct UndeclaredDependency;

impl Rule for UndeclaredDependency {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Dependencies => check(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// The packages that a manifest declares, as sources write them.
type Declared<'m> = HashSet<Cow<'m, str>>;

/// Reports packages that are used and not declared.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let path = context.render(&pack_rule.file, &turn)?;
        let Some(manifest) = context.manifest(&path) else {
            continue;
        };
        context.applied(RULE.id);
        let grammar = context.index.pack.language();
        let mut declared = Declared::default();
        let keys = |pointer: &str| manifest.keys(pointer).map(|(key, _)| key.to_owned()).collect();
        let more = grammar.more_dependencies(&keys);
        for pointer in pack_rule.pointers.iter().chain(&more) {
            let keys = manifest.keys(pointer);
            declared.extend(keys.map(|(key, _)| grammar.in_sources(key)));
        }
        let mut own = |name: &str| {
            declared.insert(Cow::Owned(grammar.in_sources(name).into_owned()));
        };
        for pointer in ["/name", "/package/name", "/lib/name"] {
            if let Some((Value::String(name), _)) = manifest.get(pointer) {
                own(&name);
            }
        }
        // What was misspelled is not missed as well.
        for unknown in unknown_dependency::unknown(context, pack_rule, &manifest)? {
            unknown.meant.iter().for_each(|meant| own(meant));
        }
        used(context, pack_rule, &turn, &path, &manifest, &declared)?;
    }
    Ok(())
}

fn used(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
    path: &str,
    manifest: &Parsed,
    declared: &Declared<'_>,
) -> Result<()> {
    let dir = context.render(pack_rule.sources.as_deref().unwrap_or_default(), turn)?;
    let grammar = context.index.pack.language();
    let is_allowed = |package: &str| {
        let types = || grammar.types_of(package);
        declared.contains(package)
            || types().is_some_and(|types| declared.contains(types.as_str()))
            || !is_package_name(package)
    };
    let is_declared = |file: &str, specifier: &str| {
        let package = grammar.package_of(specifier);
        package.is_none_or(is_allowed) || context.code.is_no_package(file, specifier)
    };
    let mut reported = BTreeSet::new();
    for file in context.sources(&dir).iter() {
        if !context.sound(file) {
            continue;
        }
        for used in context.code.used(file) {
            if is_declared(file, &used.specifier) {
                continue;
            }
            let package = grammar.package_of(&used.specifier).unwrap_or_default().to_owned();
            // What a site asks for is missed there.
            if !reported.insert(package.clone()) || context.index.lists(path, &package) {
                continue;
            }
            let objects = manifest.place(pack_rule.pointers.first().map_or("", String::as_str));
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(file.as_str(), used.span),
                        format!("`{package}` is used here and not declared in `{path}`"),
                    )
                    .label("used here")
                    .because(
                        context.render(&pack_rule.why, turn)?,
                        objects.map(|span| Place::span(path, context.first_line(path, span))),
                    )
                    .help(format!("declare `{package}` in `{path}`"))
                    .fix(declaration(context, pack_rule, path, &package))
                    .severity(pack_rule.severity),
            );
        }
    }
    Ok(())
}

/// Whether a name can be that of a package: what looks like one by chance is none.
fn is_package_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '@' | '/');
    !name.is_empty()
        && name.len() <= 214
        && name.chars().all(plain)
        && (!name.starts_with('@') || name.contains('/'))
}

/// The declaration, with the version that the host has elsewhere.
fn declaration(context: &Context<'_, '_>, pack_rule: &PackRule, path: &str, package: &str) -> Option<Fix> {
    let version = context.version_of(package)?;
    let text = context.text(path)?;
    let format = ManifestFormat::of_path(path)?;
    let entry = NewEntry::Key(package.to_owned(), version.into());
    let pointer = pack_rule.pointers.first()?;
    let inserted = manifest::insert(&text, format, path, pointer, &entry, &Order::Auto).ok()?;
    Some(Fix {
        title: format!("declare `{package}`"),
        applicability: Applicability::Safe,
        files: vec![(path.to_owned(), FileFix::Edit(inserted.edits))],
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    const INDEX: &str = "units/alpha/src/jobs/orders/index.ts";

    #[test]
    fn what_is_used_is_declared_with_the_version_that_the_host_has() {
        let shop = shop().edit(
            INDEX,
            "export {",
            "import { DateTime } from 'luxon';\nexport const at = DateTime.now();\nexport {",
        );
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/src/jobs/orders/index.ts:1:26 undeclared-dependency `luxon` is used here and not declared in `units/alpha/package.json`"
            ]
        );
        let fixed = shop.fixed(Applicability::Safe);
        assert!(
            fixed
                .text("units/alpha/package.json")
                .contains("        \"@shop/kit\": \"*\",\n        \"luxon\": \"^3.5.0\"\n    }")
        );
    }

    #[test]
    fn what_the_language_has_is_not_declared() {
        let shop = shop().edit(
            INDEX,
            "export {",
            "import { join } from 'node:path';\nexport const at = join('a');\nexport {",
        );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
