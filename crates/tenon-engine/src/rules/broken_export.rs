//! `broken-export`: what a package's manifest exports has no source, or points to where the build does not put it.

use serde_json::Value;

use crate::plan::scope::Iteration;
use tenon_pack::{PackRule, RuleKind};
use tenon_syntax::build::Build;
use tenon_text::diag::{Applicability, Place, Result, RuleInfo, Span};
use tenon_text::manifest::Parsed;

use super::context::Context;
use super::fix;
use super::missing_part;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "broken-export",
    summary: "an export of a manifest has no source, or the build writes it elsewhere",
    page: include_str!(concat!(env!("TENON_PAGES"), "/broken-export.md")),
};

/// See its page.
pub struct BrokenExport;

impl Rule for BrokenExport {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::EntryPoints => check(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// Reports the exports of the manifests of `pack_rule` that lead to no source, and those that are missing.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let path = context.render(&pack_rule.file, &turn)?;
        let Some(manifest) = context.manifest(&path) else {
            continue;
        };
        context.applied(RULE.id);
        one(context, pack_rule, &turn, &path, &manifest)?;
    }
    Ok(())
}

fn one(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
    path: &str,
    manifest: &Parsed,
) -> Result<()> {
    let pointer = pack_rule.pointer.as_deref().unwrap_or_default();
    let why = context.render(&pack_rule.why, turn)?;
    let place = manifest.place(pointer);
    let entries = manifest.entries(pointer).unwrap_or_default();
    for name in &pack_rule.required {
        if !entries.iter().any(|entry| entry.key.as_deref() == Some(name)) {
            let at = entries.last().map(|entry| entry.span).or(place);
            context.report(
                context
                    .finding(
                        RULE.id,
                        at.map_or(Place::file(path), |span| Place::span(path, span)),
                        format!("`{path}` does not export `{name}`"),
                    )
                    .label("it belongs here")
                    .because(&*why, None)
                    .help(format!("add `{name}` to `{}`", pointer.trim_start_matches('/')))
                    .severity(pack_rule.severity),
            );
        }
    }
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let compiler = pack_rule
        .compiler
        .as_deref()
        .map(|text| context.render(text, turn))
        .transpose()?;
    let read = |config: String| {
        let imports = |dirs: &[String], prefix: &str| imports(context, dir, dirs, prefix);
        let language = context.index.pack.language();
        language.build(context.source(), dir, &config, &imports)
    };
    let Some(build) = compiler.and_then(read) else {
        return Ok(());
    };
    for (target, span) in targets(manifest, pointer) {
        if let Some((message, right)) = wrong(&build, context, &target) {
            // That the source is not there may have been said.
            if right.is_none()
                && context.reported(missing_part::RULE.id, |path| {
                    build.sources(&target).iter().any(|s| s == path)
                })
            {
                continue;
            }
            let fix = right.as_ref().map(|right| {
                let text = format!("\"{right}\"");
                fix::replace(path, span, &text, format!("write `{right}`"), Applicability::Safe)
            });
            context.report(
                context
                    .finding(RULE.id, Place::span(path, span), message)
                    .label(if right.is_some() {
                        "not built there"
                    } else {
                        "no source"
                    })
                    .because("others can import what is exported here", None)
                    .help(match right {
                        Some(right) => format!("write `{right}`"),
                        None => "remove the export, or make its source".to_owned(),
                    })
                    .fix(fix)
                    .severity(pack_rule.severity),
            );
        }
    }
    Ok(())
}

/// Every path that the manifest exports, under any condition, with its place.
fn targets(manifest: &Parsed, pointer: &str) -> Vec<(String, Span)> {
    let mut out = Vec::new();
    let mut open: Vec<String> = vec![pointer.to_owned()];
    while let Some(pointer) = open.pop() {
        for (at, entry) in manifest
            .entries(&pointer)
            .unwrap_or_default()
            .into_iter()
            .enumerate()
        {
            match &entry.value {
                Value::String(target) if target.starts_with("./") && !target.contains('*') => {
                    out.push((target.clone(), entry.value_span));
                }
                Value::Object(_) | Value::Array(_) => {
                    let step = entry.key.unwrap_or_else(|| at.to_string());
                    open.push(format!(
                        "{pointer}/{}",
                        step.replace('~', "~0").replace('/', "~1")
                    ));
                }
                _ => {}
            }
        }
    }
    out.sort_by_key(|(_, span)| span.start);
    out
}

/// What is wrong with an exported path, and what it should be if that can be told.
fn wrong(build: &Build, context: &Context<'_, '_>, target: &str) -> Option<(String, Option<String>)> {
    let sources = build.sources(target);
    if sources.is_empty() || sources.iter().any(|source| context.exists(source)) {
        return None;
    }
    Some(match build.meant(target, |source| context.exists(source)) {
        Some(right) => (
            format!("`{target}` is not where the build puts it: that is `{right}`"),
            Some(right),
        ),
        None => (
            format!("`{target}` has no source: there is no `{}`", sources[0]),
            None,
        ),
    })
}

/// Whether a source below one of `dirs` imports something that begins with `prefix`.
fn imports(context: &Context<'_, '_>, package: &str, dirs: &[String], prefix: &str) -> bool {
    let below = |dir: &String| context.sources(format!("{package}/{dir}").trim_end_matches('/'));
    dirs.iter().any(|dir| {
        below(dir).iter().any(|file| {
            let used = context.code.used(file);
            used.iter().any(|used| used.specifier.starts_with(prefix))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    #[test]
    fn an_export_points_to_where_the_build_puts_it() {
        let manifest = "units/alpha/package.json";
        let shop = shop().edit(manifest, "./dist/unit.js", "./dist/src/unit.js");
        let found = "units/alpha/package.json:5:14 broken-export `./dist/src/unit.js` is not where the build puts it: that is `./dist/unit.js`";
        assert_eq!(shop.findings(), [found]);
        assert!(
            shop.fixed(Applicability::Safe)
                .text(manifest)
                .contains("\"./dist/unit.js\"")
        );
    }

    #[test]
    fn where_the_root_of_the_sources_is_another_so_is_the_place() {
        let shop = shop()
            .edit("units/alpha/package.json", "./dist/unit.js", "./dist/src/unit.js")
            .edit(
                "units/alpha/tsconfig.json",
                "\"outDir\"",
                "\"rootDir\": \".\",\n        \"outDir\"",
            );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
