//! `stale-entry`: a site lists something that is gone.

use std::cell::LazyCell;
use std::collections::HashSet;

use crate::plan::site_rules::others;
use tenon_pack::SiteKind;
use tenon_text::diag::{Applicability, Place, Result, RuleInfo, Span};
use tenon_text::names::{nearest, normal};

use super::all_members::AllMembers;
use super::context::Context;
use super::fix;
use super::missing_export;
use super::missing_part;
use super::rule::Rule;
use super::site::{self, SiteView, bare};
use super::slot::{Holder, SlotView};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "stale-entry",
    summary: "a site lists something that no longer exists",
    page: include_str!(concat!(env!("TENON_PAGES"), "/stale-entry.md")),
};

/// See its page.
pub struct StaleEntry;

impl Rule for StaleEntry {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }

    fn check_slot(&self, context: &Context<'_, '_>, view: &SlotView<'_>) -> Result<()> {
        slot(context, view);
        Ok(())
    }

    fn check_host(&self, context: &Context<'_, '_>, _: &AllMembers) -> Result<()> {
        gone(context)?;
        members(context);
        Ok(())
    }
}

/// Among so many names the one that was meant is looked for.
const MAX_NEAR: usize = 100;

/// Reports entries of `view` that lead nowhere, and, where nothing else may stand, those that nothing asks for.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    if !view.site.closed && view.site.kind != SiteKind::Entry {
        return;
    }
    context.applied(RULE.id);
    let wanted: HashSet<String> = view.expected.iter().map(|it| normal(&it.name)).collect();
    let misspelled = LazyCell::new(|| view.all_misspelled(context));
    let missing = LazyCell::new(|| {
        let listed: HashSet<String> = view.entries().iter().map(|it| normal(&it.name)).collect();
        let names = view.expected.iter().map(|expected| expected.name.as_str());
        let missing = names.filter(|name| !listed.contains(&normal(name)));
        missing.take(MAX_NEAR).collect::<Vec<&str>>()
    });
    // What a file asked for that is gone, it asks for again when it is back.
    let own = format!("{}/", context.member.dir);
    let lost = view.site.each.is_some()
        && (context.reported(missing_part::RULE.id, |path| path.starts_with(&own))
            || context.reported(missing_export::RULE.id, |path| path == view.path));
    for (index, entry) in view.entries().iter().enumerate() {
        let wanted = wanted.contains(&normal(&entry.name))
            || view.allowed.contains(&entry.name)
            || misspelled.contains(&entry.span.start);
        let (span, label, message) = match entry.leads {
            Some((span, false)) if is_part(context, &view.path, span, wanted) => continue,
            Some((span, false)) => (
                span,
                if is_quoted(context, &view.path, span) {
                    "there is no such file"
                } else {
                    "nothing of that name is there"
                },
                format!("the entry `{}` leads nowhere", entry.name),
            ),
            _ if view.site.closed && !view.is_partly_known && !wanted && !lost && !context.is_uncertain() => {
                (
                    entry.name_span,
                    "nothing of that name is there",
                    format!("the entry `{}` is for something that is not there", entry.name),
                )
            }
            _ => continue,
        };
        let help = match nearest(&entry.name, missing.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove the entry, or restore what it names".to_owned(),
        };
        let why = view.expected.first().map_or("", |expected| expected.why.as_str());
        context.report(
            context
                .finding(RULE.id, Place::span(&*view.path, span), message)
                .label(label)
                .because(why, None)
                .help(help)
                .fix(fix::remove_entry(context, view, index, Applicability::Unsafe)),
        );
    }
}

/// Whether a specifier stands there, and not a name.
fn is_quoted(context: &Context<'_, '_>, path: &str, span: Span) -> bool {
    let text = context.text(path).unwrap_or_default();
    let before = span.start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    before.is_some_and(|byte| matches!(byte, b'\'' | b'"' | b'`'))
}

/// Whether what a specifier names is a file that was said to be missing. Of an entry that is none of the site's own that is known to
/// whoever has the directory.
fn is_part(context: &Context<'_, '_>, path: &str, specifier: Span, is_own: bool) -> bool {
    let text = context.text(path).unwrap_or_default();
    let specifier = bare(text.get(specifier.start..specifier.end).unwrap_or_default());
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let target = specifier.strip_prefix("./").map(|rest| format!("{dir}/{rest}"));
    target.is_some_and(|target| {
        let below = format!("{target}/");
        (!is_own && context.host().exists_dir(&target))
            || context.reported(missing_part::RULE.id, |path| path.starts_with(&below))
    })
}

/// Reports an entry of a file by itself.
fn report(context: &Context<'_, '_>, path: &str, span: Span, message: String, why: &str, help: &str) {
    context.applied(RULE.id);
    context.report(
        context
            .finding(RULE.id, Place::span(path, span), message)
            .label("this is gone")
            .because(why, None)
            .help(help),
    );
}

/// Reports a slot that is held by something that is gone, or that its holder cannot fill.
fn slot(context: &Context<'_, '_>, view: &SlotView<'_>) {
    let why = view.site.why.as_deref().unwrap_or_default();
    let path = &view.slot.path;
    match &view.holder {
        Holder::Gone(name, span) => report(
            context,
            path,
            *span,
            format!("there is no `{name}` in this host"),
            why,
            "name one that exists, or restore it",
        ),
        Holder::Unfit(member, row, span) => report(
            context,
            path,
            *span,
            format!("`{member}` has no `{row}`, and the host serves it from there"),
            why,
            "serve it from another one, or make it there",
        ),
        Holder::Nothing | Holder::Several(..) | Holder::Member(_) => {}
    }
}

/// Members of the workspace that are listed by name and are not there. Only where a pack has members.
fn members(context: &Context<'_, '_>) {
    let sites = context.index.pack.all_sites();
    let Some(site) = sites.iter().find(|site| site.kind == SiteKind::Member) else {
        return;
    };
    for (file, pointer, member, own) in context.index.workspace.listed() {
        let dir = member.trim_start_matches("./").trim_end_matches('/');
        let whole = if dir.is_empty() || dir == "." {
            own.to_owned()
        } else {
            format!("{dir}/{own}")
        };
        // A member that lacks its manifest is told so itself.
        let is_member = || context.index.members.iter().any(|member| member.dir == dir);
        if context.stands(&whole) || is_member() {
            continue;
        }
        let Some(manifest) = context.manifest(file) else {
            continue;
        };
        let entries = manifest.entries(pointer).unwrap_or_default();
        let entry = entries.iter().find(|entry| entry.value.as_str() == Some(&member));
        if let Some(entry) = entry {
            report(
                context,
                file,
                entry.span,
                format!("there is no `{whole}`, and `{member}` is a member of the workspace"),
                site.why.as_deref().unwrap_or_default(),
                "remove the line, or restore what it names",
            );
        }
    }
}

/// Manifests that name members which are gone: keys that are made as a site makes them, for no member that exists.
fn gone(context: &Context<'_, '_>) -> Result<()> {
    for site in context.index.pack.all_sites() {
        let (SiteKind::Manifest, Some(key), Some(file)) = (site.kind, &site.key, &site.file) else {
            continue;
        };
        let parts: Vec<&str> = key.split("{{name}}").collect();
        let ([before, after], false) = (parts.as_slice(), file.contains("{{")) else {
            continue;
        };
        // A key that is a name and nothing else may be anybody's.
        if before.is_empty() && after.is_empty() {
            continue;
        }
        let view = site::read(context, site, file.clone(), vec![])?;
        let is_others = others(site)?;
        for entry in view.entries().iter().filter(|entry| !is_others(&entry.name)) {
            let name = entry
                .name
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after));
            let Some(name) = name else { continue };
            let exists = context
                .index
                .members
                .iter()
                .any(|member| member.name == name && site.for_kinds.contains(&member.kind));
            // Other packages of the workspace may be named alike.
            if !exists && !context.is_installed(&entry.name) && !context.has_package(&entry.name) {
                report(
                    context,
                    &view.path,
                    entry.name_span,
                    format!("`{}` is declared, and there is no `{name}`", entry.name),
                    site.why.as_deref().unwrap_or_default(),
                    "remove the line, or restore what it names",
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::Applicability;

    const JOBS: &str = "units/alpha/src/jobs/index.ts";

    #[test]
    fn an_entry_that_leads_nowhere_is_removed() {
        let shop = shop().with(
            JOBS,
            "export * as Orders from './orders';\nexport * as Prices from './prices';\n",
        );
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/src/jobs/index.ts:2:25 broken-import there is no module `./prices`",
                "units/alpha/src/jobs/index.ts:2:26 stale-entry the entry `Prices` leads nowhere"
            ]
        );
        let right = super::super::testing::shop();
        assert_eq!(shop.fixed(Applicability::Unsafe).text(JOBS), right.text(JOBS));
        assert_eq!(shop.fixed(Applicability::Safe).changed(&shop), [""; 0]);
    }

    #[test]
    fn an_entry_that_leads_to_a_file_stays() {
        let shop = shop()
            .with(
                JOBS,
                "export * as Orders from './orders';\nexport * as Other from '../other';\n",
            )
            .with("units/alpha/src/other.ts", "export const a = 1;\n");
        assert_eq!(shop.findings(), [""; 0]);
    }

    #[test]
    fn a_slot_names_what_is_there() {
        let shop = shop().edit("store/src/serving/orders.ts", "@shop/alpha", "@shop/omega");
        assert_eq!(
            shop.findings(),
            ["store/src/serving/orders.ts:1:25 stale-entry there is no `@shop/omega` in this host"]
        );
    }

    #[test]
    fn a_name_is_followed_into_the_host_and_no_further() {
        const PACK: &str = "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"typescript\"\n\n\
            [host]\nfiles = [\"plugins.ts\"]\n\n[kind.unit]\nsummary = \"A unit\"\nhome = \"units/{{name}}\"\n\
            known-by = [\"about.txt\"]\nmay-be-empty = true\nfiles = \"unit\"\n\n[kind.unit.site.plugins]\n\
            file = \"plugins.ts\"\nin = \"export const plugins = []\"\nentry = \"{{camel name}}\"\n\
            imports = [\"import { {{camel name}} } from './units/{{name}}';\"]\nwhy = \"it is started\"\n";
        let host = |from: &str, declares: &str| {
            let list = format!(
                "import {{ acme }} from './units/acme';\nimport {{ other }} from '{from}';\n\nexport const plugins = [acme, other];\n"
            );
            let host = [
                ("plugins.ts", list.as_str()),
                ("units/acme/about.txt", "made\n"),
                ("units/acme/index.ts", "export const acme = 1;\n"),
                ("other.ts", declares),
            ];
            Shop::of(&[("pack.toml", PACK), ("files/unit/about.txt", "made\n")], &host).findings()
        };
        let gone = "plugins.ts:4:31 stale-entry the entry `other` leads nowhere";
        assert_eq!(host("./other", "export const other = 1;\n"), [""; 0]);
        assert_eq!(host("@far/other", ""), [""; 0]);
        assert_eq!(host("./other", "export const another = 1;\n"), [gone]);
        assert_eq!(host("./nowhere", ""), [gone]);
    }
}
