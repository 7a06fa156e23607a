//! `stale-entry`: a site lists something that is gone.

use std::cell::LazyCell;
use std::collections::HashSet;

use tenon_text::diag::{Applicability, Place, RuleInfo, Span};
use tenon_text::names::{nearest, normal};

use super::context::Context;
use super::fix;
use super::missing_export;
use super::missing_part;
use super::site::{SiteView, bare};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "stale-entry",
    summary: "a place of the host lists something that is gone",
    page: include_str!("../../../../docs/rules/stale-entry.md"),
};

/// Among so many names the one that was meant is looked for.
const MAX_NEAR: usize = 100;

/// Reports entries of `view` that lead nowhere, and, where nothing else may stand, those that nothing asks for.
pub fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    if view.site.leads_to.is_none() && !view.site.closed {
        return;
    }
    context.applied(RULE.id);
    let wanted: HashSet<String> = view.expected.iter().map(|it| normal(&it.name)).collect();
    let missing = LazyCell::new(|| {
        let listed: HashSet<String> = view.entries().iter().map(|it| normal(&it.name)).collect();
        let names = view.expected.iter().map(|expected| expected.name.as_str());
        let missing = names.filter(|name| !listed.contains(&normal(name)));
        missing.take(MAX_NEAR).collect::<Vec<&str>>()
    });
    // What a file asked for that is gone, it asks for again when it is back.
    let own = format!("{}/", context.thing.dir);
    let lost = view.site.each.is_some()
        && (context.reported(missing_part::RULE.id, |path| path.starts_with(&own))
            || context.reported(missing_export::RULE.id, |path| path == view.path));
    for (index, entry) in view.entries().iter().enumerate() {
        let wanted = wanted.contains(&normal(&entry.name))
            || view.allowed.contains(&entry.name)
            || view.is_misspelled(entry);
        let (span, label, message) = match entry.leads {
            Some((span, false)) if is_part(context, &view.path, span) => continue,
            Some((span, false)) => (
                span,
                "there is no such file",
                format!("the entry `{}` leads nowhere", entry.name),
            ),
            _ if view.site.closed && !wanted && !lost => (
                entry.name_span,
                "nothing of that name is there",
                format!("the entry `{}` is for something that is not there", entry.name),
            ),
            _ => continue,
        };
        let help = match nearest(&entry.name, missing.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove the entry, or bring back what it is for".to_owned(),
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

/// Whether what a specifier names is a file that was said to be missing.
fn is_part(context: &Context<'_, '_>, path: &str, specifier: Span) -> bool {
    let text = context.text(path).unwrap_or_default();
    let specifier = bare(text.get(specifier.start..specifier.end).unwrap_or_default());
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let target = specifier.strip_prefix("./").map(|rest| format!("{dir}/{rest}/"));
    target.is_some_and(|target| context.reported(missing_part::RULE.id, |path| path.starts_with(&target)))
}

/// Reports an entry of a file by itself.
pub fn report(context: &Context<'_, '_>, path: &str, span: Span, message: String, why: &str, help: &str) {
    context.applied(RULE.id);
    context.report(
        context
            .finding(RULE.id, Place::span(path, span), message)
            .label("this is gone")
            .because(why, None)
            .help(help),
    );
}
