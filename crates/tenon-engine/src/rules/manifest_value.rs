//! A value of a manifest that a pack gives. Which rule reports it depends on whether it is a name.

use serde_json::Value;

use crate::plan::scope::Iteration;
use tenon_pack::PackRule;
use tenon_text::diag::{Applicability, Diagnostic, Fix, Place, Result, Span};
use tenon_text::manifest::{self, ManifestFormat, Parsed};

use super::context::Context;
use super::fix;

/// Reports as `rule` the values of `pack_rule` that are not what they must be: names (what a pointer to `name` leads to), or
/// everything else.
pub fn check(context: &Context<'_, '_>, pack_rule: &PackRule, rule: &'static str, names: bool) -> Result<()> {
    if pack_rule.find.is_some() {
        return Ok(());
    }
    for iteration in context.turns_of(pack_rule)? {
        let pointer = context.render(pack_rule.pointer.as_deref().unwrap_or_default(), &iteration)?;
        if pointer.ends_with("/name") == names
            && let Some(finding) = wrong(context, pack_rule, &iteration, &pointer, rule)?
        {
            context.report(finding);
        }
    }
    Ok(())
}

fn wrong(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    iteration: &Iteration,
    pointer: &str,
    rule: &'static str,
) -> Result<Option<Diagnostic>> {
    let path = context.render(&pack_rule.file, iteration)?;
    let Some(manifest) = context.manifest(&path) else {
        return Ok(None);
    };
    context.applied(rule);
    let right = context.render(pack_rule.value.as_deref().unwrap_or_default(), iteration)?;
    let there = manifest.get(pointer);
    if there.as_ref().is_some_and(|(value, _)| shown(value) == right) {
        return Ok(None);
    }
    // What a site lists is missed there, with all that it says.
    let mut steps = pointer.split('/').skip(1);
    if there.is_none() && steps.any(|step| context.index.lists(&path, step) && !has(&manifest, pointer, step))
    {
        return Ok(None);
    }
    let name = pointer.trim_start_matches('/');
    let (place, message, fix) = match there {
        None => (
            above(context, &path, &manifest, pointer),
            format!("`{path}` has no `{name}`"),
            None,
        ),
        Some((value, span)) => (
            Place::span(&*path, span),
            format!("`{name}` is `{}`, not `{right}`", shown(&value)),
            context
                .text(&path)
                .and_then(|text| replacement((&path, &text), &value, span, &right)),
        ),
    };
    let finding = context
        .finding(rule, place, message)
        .because(context.render(&pack_rule.why, iteration)?, None)
        .help(format!("write `{right}`"))
        .fix(fix)
        .severity(pack_rule.severity);
    Ok(Some(finding))
}

/// Writes `right` in place of `value`, of the same kind: a string stays quoted; nothing if it cannot be of that kind.
fn replacement((path, text): (&str, &str), value: &Value, span: Span, right: &str) -> Option<Fix> {
    let text = match value {
        Value::String(_) => {
            let written = text.get(span.start..span.end)?;
            manifest::string_like(right, ManifestFormat::of_path(path)?, written)?
        }
        _ => {
            let new: Value = serde_json::from_str(right).ok()?;
            let same = std::mem::discriminant(&new) == std::mem::discriminant(value);
            same.then(|| right.to_owned())?
        }
    };
    let title = format!("write `{right}`");
    (!right.is_empty()).then(|| fix::replace(path, span, &text, title, Applicability::Unsafe))
}

/// Whether the pointer leads as far as `step`.
fn has(manifest: &Parsed, pointer: &str, step: &str) -> bool {
    let end = pointer.find(&format!("/{step}")).map(|at| at + 1 + step.len());
    end.and_then(|end| manifest.span(&pointer[..end])).is_some()
}

/// A value of a manifest as a pack writes it.
fn shown(value: &Value) -> String {
    value.as_str().map_or(value.to_string(), str::to_owned)
}

/// The innermost member above `pointer` that is there, as far as its first line; the file if that is the whole.
fn above(context: &Context<'_, '_>, path: &str, manifest: &Parsed, pointer: &str) -> Place {
    let mut pointer = pointer;
    while let Some((parent, _)) = pointer.rsplit_once('/') {
        if let Some(span) = manifest.span(parent).filter(|_| !parent.is_empty()) {
            return Place::span(path, context.first_line(path, span));
        }
        pointer = parent;
    }
    Place::file(path)
}
