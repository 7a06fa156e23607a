//! `missing-entry`: a site does not list what it should.

use std::collections::HashSet;

use serde_json::{Map, Value};

use tenon_syntax::language::Lang;
use tenon_text::diag::{FileFix, Place, RuleInfo, Span};
use tenon_text::names::normal;

use super::context::Context;
use super::coverage::Wire;
use super::fix;
use super::site::{Expected, SiteView, State};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-entry",
    summary: "a place of the host does not list what it should",
    page: include_str!("../../../../docs/rules/missing-entry.md"),
};

/// Reports what `view` should list and does not. `values` are those of a thing.
pub fn check(
    context: &Context<'_, '_>,
    view: &SiteView<'_>,
    values: &dyn Fn(&str) -> Option<Map<String, Value>>,
) {
    context.applied(RULE.id);
    let wired = |expected: &Expected, there: bool| {
        context.wire(|| Wire {
            thing: expected.thing.clone(),
            site: view.site.id.clone(),
            path: view.path.clone(),
            entry: expected.name.clone(),
            there,
        });
    };
    if !matches!(view.state, State::Open(..)) {
        view.expected.iter().for_each(|expected| wired(expected, false));
        return;
    }
    if context.is_covering() {
        for entry in view.entries() {
            let mut all = view.expected.iter();
            if let Some(expected) = all.find(|expected| normal(&expected.name) == normal(&entry.name)) {
                let to = context.target(&expected.thing, expected.row.as_deref());
                context.mark(&view.path, entry.span, to);
            }
        }
    }
    let there: HashSet<String> = view.entries().iter().map(|entry| normal(&entry.name)).collect();
    let mut reported: HashSet<&str> = HashSet::new();
    for expected in &view.expected {
        let by_name = there.contains(&normal(&expected.name));
        let misspelled = !by_name && view.misspelled(expected).is_some();
        let is_there = by_name || (!misspelled && stands_elsewhere(context, view, expected));
        wired(expected, is_there);
        if is_there || misspelled || !reported.insert(&expected.name) {
            continue;
        }
        context.report(missing(context, view, expected, values(&expected.thing).as_ref()));
    }
}

/// Whether the entry stands in another source, where that will do.
fn stands_elsewhere(context: &Context<'_, '_>, view: &SiteView<'_>, expected: &Expected) -> bool {
    let (Some(dir), Some(entry)) = (&expected.or_in, &view.site.entry) else {
        return false;
    };
    let var = view.site.var.as_deref().unwrap_or_default();
    context.sources(dir).iter().any(|path| {
        let named = context
            .text(path)
            .is_some_and(|text| text.contains(&expected.name));
        let (true, Some(grammar)) = (named, Lang::of_path(path)) else {
            return false;
        };
        let (Some(tree), Ok(rule)) = (context.tree(path), entry.rule(grammar)) else {
            return false;
        };
        let found = rule.find_all(&tree.root());
        let names = found.iter().filter_map(|found| found.var(var));
        names
            .into_iter()
            .any(|name| normal(&name.text()) == normal(&expected.name))
    })
}

fn missing(
    context: &Context<'_, '_>,
    view: &SiteView<'_>,
    expected: &Expected,
    values: Option<&Map<String, Value>>,
) -> tenon_text::diag::Diagnostic {
    let fix = values.and_then(|values| fix::insert_entry(context, view.site, expected, values));
    let mut place = view.place();
    if place.span.is_none() {
        // Nothing stands there to point at: where the fix would put it.
        let edits = fix.iter().flat_map(|fix| &fix.files);
        let edits = edits.filter(|(path, _)| *path == view.path);
        let last = edits.filter_map(|(_, change)| match change {
            FileFix::Edit(edits) => edits.iter().map(|edit| edit.span.start).max(),
            FileFix::Create(_) => None,
        });
        if let Some(at) = last.max() {
            place = Place::span(&*view.path, Span::at(at));
        }
    }
    let mut finding = context
        .finding(
            RULE.id,
            place,
            format!("`{}` does not list `{}`", view.path, expected.name),
        )
        .label("the entry belongs here")
        .because(&*expected.why, None)
        .help(match &fix {
            Some(_) => format!("add the entry `{}`", expected.name),
            None => format!("add an entry `{}` by hand, as its neighbours are", expected.name),
        })
        .fix(fix);
    finding.subject.clone_from(&expected.thing);
    finding
}

/// A slot that holds nothing.
pub fn empty_slot(context: &Context<'_, '_>, path: &str, why: &str, help: &str) {
    context.applied(RULE.id);
    context.report(
        context
            .finding(
                RULE.id,
                Place::file(path),
                format!("`{path}` does not say what serves it"),
            )
            .because(why, None)
            .help(help),
    );
}
