//! `bad-name`: a name breaks the convention by which others find the thing.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::plan::scope::Iteration;
use tenon_pack::Expect;
use tenon_syntax::language::Lang;
use tenon_text::diag::{Applicability, Place, Result, RuleInfo};
use tenon_text::manifest::Parsed;
use tenon_text::names::normal;

use super::context::Context;
use super::fix;
use super::mismatched_entry;
use super::site::{Actual, SiteView, bare};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "bad-name",
    summary: "a name breaks the convention by which others find the thing",
    page: include_str!("../../../../docs/rules/bad-name.md"),
};

/// Reports the directory of the thing if its name has not the shape that the generator asks for.
pub fn thing(context: &Context<'_, '_>) {
    let Ok(generator) = context.index.pack.generator(&context.thing.generator) else {
        return;
    };
    context.applied(RULE.id);
    if let Err(error) = crate::answers::check_shape(
        &generator.name,
        context.index.pack.language(),
        &context.thing.name,
    ) {
        context.report(
            context
                .finding(RULE.id, Place::file(&*context.thing.path), error.message())
                .because("the name becomes part of packages, paths and code", None)
                .help(error.helps().first().cloned().unwrap_or_default()),
        );
    }
}

/// Reports values of manifests that are not what they must be.
pub fn value(context: &Context<'_, '_>, expect: &Expect) -> Result<()> {
    for turn in context.turns_of(expect)? {
        let path = context.say(&expect.file, &turn)?;
        if expect.find.is_some() {
            in_code(context, expect, &turn, &path)?;
            continue;
        }
        let Some(manifest) = context.manifest(&path) else {
            continue;
        };
        let pointer = &*context.say(expect.pointer.as_deref().unwrap_or_default(), &turn)?;
        // What is no name is no bad one.
        let is_name = pointer.ends_with("/name");
        let rule = if is_name {
            RULE.id
        } else {
            mismatched_entry::RULE.id
        };
        context.applied(rule);
        let right = context.say(expect.value.as_deref().unwrap_or_default(), &turn)?;
        let there = manifest.get(pointer);
        if there.as_ref().is_some_and(|(value, _)| shown(value) == right) {
            continue;
        }
        // What a site lists is missed there, with all that it says.
        let mut steps = pointer.split('/').skip(1);
        if there.is_none()
            && steps.any(|step| context.index.lists(&path, step) && !has(&manifest, pointer, step))
        {
            continue;
        }
        let name = pointer.trim_start_matches('/');
        let (place, message, fix) = match there {
            None => (
                above(context, &path, &manifest, pointer),
                format!("`{path}` has no `{name}`"),
                None,
            ),
            Some((value, span)) => {
                let is = shown(&value);
                let text = if value.is_string() {
                    format!("\"{right}\"")
                } else {
                    right.clone()
                };
                (
                    Place::span(&*path, span),
                    format!("`{name}` is `{is}`, not `{right}`"),
                    Some(fix::replace(
                        &path,
                        span,
                        &text,
                        format!("write `{right}`"),
                        Applicability::Unsafe,
                    )),
                )
            }
        };
        context.report(
            context
                .finding(rule, place, message)
                .because(context.say(&expect.why, &turn)?, None)
                .help(format!("write `{right}`"))
                .fix(fix)
                .severity(expect.severity),
        );
    }
    Ok(())
}

/// Whether the pointer leads as far as `step`.
fn has(manifest: &Parsed, pointer: &str, step: &str) -> bool {
    let end = pointer.find(&format!("/{step}")).map(|at| at + 1 + step.len());
    end.and_then(|end| manifest.get(&pointer[..end])).is_some()
}

/// A value of a manifest as a pack writes it.
fn shown(value: &Value) -> String {
    value.as_str().map_or(value.to_string(), str::to_owned)
}

/// The innermost thing above `pointer` that is there, as far as its first line; the file if that is the whole.
fn above(context: &Context<'_, '_>, path: &str, manifest: &Parsed, pointer: &str) -> Place {
    let mut pointer = pointer;
    while let Some((parent, _)) = pointer.rsplit_once('/') {
        if let Some((_, span)) = manifest.get(parent).filter(|_| !parent.is_empty()) {
            return Place::span(path, context.first_line(path, span));
        }
        pointer = parent;
    }
    Place::file(path)
}

/// Reports what matches the rule of `expect` in code and has not the name that it must have.
fn in_code(context: &Context<'_, '_>, expect: &Expect, turn: &Iteration, pattern: &str) -> Result<()> {
    let (Some(table), Some(var)) = (&expect.find, &expect.var) else {
        return Ok(());
    };
    let right = context.say(expect.value.as_deref().unwrap_or_default(), turn)?;
    let mut said: HashSet<String> = HashSet::default();
    for path in context.files(pattern) {
        let (Some(grammar), Some(tree)) = (Lang::of_path(&path), context.tree(&path)) else {
            continue;
        };
        context.applied(RULE.id);
        for found in table.rule(grammar)?.find_all(&tree.root()) {
            let Some(node) = found.var(var) else { continue };
            // What all files of a thing are called is wrong once.
            if bare(&node.text()) == right || !said.insert(bare(&node.text())) {
                continue;
            }
            let span = node.range().into();
            let fix = fix::replace(
                &path,
                span,
                &right,
                format!("write `{right}`"),
                Applicability::Unsafe,
            );
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*path, span),
                        format!("the name is `{}`, not `{right}`", node.text()),
                    )
                    .because(context.say(&expect.why, turn)?, None)
                    .help(format!("write `{right}`"))
                    .fix(Some(fix))
                    .severity(expect.severity),
            );
        }
    }
    Ok(())
}

/// Reports entries of a site that are called otherwise than the host takes them.
pub fn entries(context: &Context<'_, '_>, view: &SiteView<'_>) {
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
        let Some(entry) = same.or_else(|| view.misspelled(expected)) else {
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
