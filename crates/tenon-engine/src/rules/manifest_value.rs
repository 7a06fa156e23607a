//! A value of a manifest that a pack gives. Which rule reports it depends on whether it is a name.

use serde_json::Value;

use crate::plan::scope::Iteration;
use tenon_pack::PackRule;
use tenon_text::diag::{Applicability, Fix, Place, Result, Span};
use tenon_text::manifest::{self, ManifestFormat, Parsed};

use super::context::Context;
use super::fix;

/// Reports as `rule` the values of `pack_rule` that are not what they must be: names (what a pointer to `name` leads to), or
/// everything else.
pub fn check(context: &Context<'_, '_>, pack_rule: &PackRule, rule: &'static str, names: bool) -> Result<()> {
    let (None, Some(right)) = (&pack_rule.find, &pack_rule.value) else {
        return Ok(());
    };
    let of_names = pack_rule
        .pointer
        .as_deref()
        .is_some_and(|pointer| pointer.ends_with("/name"));
    if of_names != names {
        return Ok(());
    }
    each(context, pack_rule, (rule, true), |value, turn| {
        let right = context.render(right, turn)?;
        if shown(&value.value) == right {
            return Ok(());
        }
        let fix = context
            .text(value.path)
            .and_then(|text| replacement((value.path, &text), &value.value, value.span, &right));
        let message = format!("`{}` is `{}`, not `{right}`", value.name, shown(&value.value));
        let finding = context
            .finding(rule, Place::span(value.path, value.span), message)
            .because(context.render(&pack_rule.why, turn)?, None)
            .help(format!("write `{right}`"))
            .fix(fix)
            .severity(pack_rule.severity);
        context.report(finding);
        Ok(())
    })
}

/// A value that a rule speaks of.
pub struct Found<'c> {
    /// The file.
    pub path: &'c str,
    /// Its manifest.
    pub manifest: &'c Parsed,
    /// Where it stands there.
    pub pointer: String,
    /// The same as people are told.
    pub name: String,
    /// What it says.
    pub value: Value,
    /// Where it is written.
    pub span: Span,
}

/// Does `what` with every value that `pack_rule` speaks of. One that is not there, and may not be absent, is reported as `rule` if that
/// one `misses` it; what stands in a file that cannot be read is not known.
pub fn each(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    (rule, misses): (&'static str, bool),
    mut what: impl FnMut(&Found<'_>, &Iteration) -> Result<()>,
) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let pointer = context.render(pack_rule.pointer.as_deref().unwrap_or_default(), &turn)?;
        for path in context.files(&context.render(&pack_rule.file, &turn)?) {
            let Some(manifest) = context.manifest(&path) else {
                continue;
            };
            context.applied(rule);
            let all = manifest.all(&pointer);
            if misses && all.is_empty() && !pack_rule.optional && !pointer.split('/').any(|step| step == "*")
            {
                absent(context, pack_rule, (&path, &manifest, &pointer), rule, &turn)?;
            }
            for (pointer, value, span) in all {
                let name = pointer.trim_start_matches('/').to_owned();
                let found = Found {
                    path: &path,
                    manifest: &manifest,
                    pointer,
                    name,
                    value,
                    span,
                };
                what(&found, &turn)?;
            }
        }
    }
    Ok(())
}

/// Reports that there is no value, unless a site lists it: then it is missed there, with all that it says.
fn absent(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    (path, manifest, pointer): (&str, &Parsed, &str),
    rule: &'static str,
    turn: &Iteration,
) -> Result<()> {
    let mut steps = pointer.split('/').skip(1);
    if steps.any(|step| context.index.lists(path, step) && !has(manifest, pointer, step)) {
        return Ok(());
    }
    let name = pointer.trim_start_matches('/');
    let finding = context
        .finding(
            rule,
            above(context, path, manifest, pointer),
            format!("`{path}` has no `{name}`"),
        )
        .because(context.render(&pack_rule.why, turn)?, None)
        .severity(pack_rule.severity);
    let finding = match &pack_rule.value {
        Some(right) => finding.help(format!("write `{}`", context.render(right, turn)?)),
        None => finding.help("write it there as other members do"),
    };
    context.report(finding);
    Ok(())
}

/// Writes `right` in place of `value`, of the same kind: a string stays quoted; nothing if it cannot be of that kind.
pub fn replacement((path, text): (&str, &str), value: &Value, span: Span, right: &str) -> Option<Fix> {
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
pub fn shown(value: &Value) -> String {
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
