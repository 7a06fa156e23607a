//! `mismatched-entry`: an entry is about one thing and speaks of another.

use std::collections::HashMap;

use tenon_pack::Expect;
use tenon_syntax::language::Lang;
use tenon_text::diag::{Applicability, Place, Result, RuleInfo};
use tenon_text::names::normal;

use super::context::Context;
use super::fix;
use super::site::{Expected, Is, SiteView, Want, bare, meets};
use super::{conflict_marker, missing_export, missing_part, unparsable};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "mismatched-entry",
    summary: "an entry is about one thing and speaks of another",
    page: include_str!("../../../../docs/rules/mismatched-entry.md"),
};

/// Reports fields of entries that do not say what they should.
pub fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    if view.site.fields.is_empty() {
        return;
    }
    context.applied(RULE.id);
    let wanted: HashMap<String, &Expected> = (view.expected.iter().rev())
        .map(|expected| (normal(&expected.name), expected))
        .collect();
    for entry in view.entries() {
        let Some(expected) = wanted.get(&normal(&entry.name)) else {
            continue;
        };
        // What leads nowhere leads to no other thing; that is said elsewhere.
        if matches!(entry.leads, Some((_, false))) {
            continue;
        }
        fields(
            context,
            view,
            &entry.name,
            entry.span,
            &entry.fields,
            &expected.fields,
            &expected.why,
        );
    }
}

/// Reports the fields of one entry, or of the file of a slot.
pub fn fields(
    context: &Context<'_, '_>,
    view: &SiteView<'_>,
    name: &str,
    span: tenon_text::diag::Span,
    all: &[Vec<Is>],
    wants: &[Want],
    why: &str,
) {
    context.applied(RULE.id);
    for ((raw, there), want) in view.site.fields.iter().zip(all).zip(wants) {
        if there.is_empty() && !raw.optional && !want.is_idle() {
            let what = want.is.as_ref().or(want.declared_in.as_ref());
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*view.path, span),
                        format!(
                            "the entry `{name}` does not speak of `{}`",
                            what.map_or("", String::as_str)
                        ),
                    )
                    .label("it should")
                    .because(why, None)
                    .help("write it as the other entries do"),
            );
        }
        for is in there {
            if follows(context, is, want) {
                continue;
            }
            missing_export::taken(context, view, is, want, why);
            if let Some(message) = wrong(name, is, want) {
                let fix = want.is.as_ref().map(|right| {
                    let text = context.text(&view.path);
                    let quoted = text
                        .as_deref()
                        .and_then(|text| text.get(is.span.start..is.span.end));
                    let quote = quoted
                        .and_then(|text| text.chars().next())
                        .filter(|c| matches!(c, '\'' | '"'));
                    let right = quote.map_or(right.clone(), |quote| format!("{quote}{right}{quote}"));
                    let title = format!("write `{right}`");
                    fix::replace(&view.path, is.span, &right, title, Applicability::Unsafe)
                });
                context.report(
                    context
                        .finding(RULE.id, Place::span(&*view.path, is.span), message)
                        .label("of another one")
                        .because(why, None)
                        .help(match &want.is {
                            Some(right) => format!("write `{right}`"),
                            None => "take it from where the entry's name says".to_owned(),
                        })
                        .fix(fix),
                );
            }
        }
    }
}

/// Reports what the files of `expect` say of another thing than their own.
pub fn says(context: &Context<'_, '_>, expect: &Expect) -> Result<()> {
    let (Some(table), Some(var), Some(value)) = (&expect.find, &expect.var, &expect.value) else {
        return Ok(());
    };
    for turn in context.turns_of(expect)? {
        let right = context.say(value, &turn)?;
        for path in context.files(&context.say(&expect.file, &turn)?) {
            let (Some(grammar), Some(tree)) = (Lang::of_path(&path), context.tree(&path)) else {
                continue;
            };
            context.applied(RULE.id);
            let rule = table.rule(grammar)?;
            let found = rule.find_all(&tree.root());
            for node in found.iter().filter_map(|found| found.var(var)) {
                let (span, text) = (node.range(), node.text());
                let text = bare(&text);
                if text == right {
                    continue;
                }
                context.report(
                    context
                        .finding(
                            RULE.id,
                            Place::span(&*path, span),
                            format!("`{path}` speaks of `{text}`, not of `{right}`"),
                        )
                        .label("of another one")
                        .because(context.say(&expect.why, &turn)?, None)
                        .help(format!("write `{right}`"))
                        .severity(expect.severity),
                );
            }
        }
    }
    Ok(())
}

/// Whether nothing can be found where the entry takes it from because of something that was said: that a file is not
/// there or does not export it.
fn follows(context: &Context<'_, '_>, is: &Is, want: &Want) -> bool {
    let Some(dir) = want.declared_in.as_deref().filter(|_| is.declared.is_none()) else {
        return false;
    };
    let rules = [
        missing_part::RULE.id,
        missing_export::RULE.id,
        unparsable::RULE.id,
        conflict_marker::RULE.id,
    ];
    rules
        .iter()
        .any(|rule| context.reported(rule, |path| meets(path, dir)))
}

fn wrong(name: &str, is: &Is, want: &Want) -> Option<String> {
    if want.is_met(is) {
        return None;
    }
    if let Some(right) = &want.is
        && is.text != *right
    {
        return Some(format!("the entry `{name}` says `{}`, not `{right}`", is.text));
    }
    let dir = want.declared_in.as_ref()?;
    match &is.declared {
        Some(file) if is.text.contains('/') => {
            Some(format!("the entry `{name}` leads to `{file}`, not to `{dir}`"))
        }
        Some(file) => Some(format!(
            "the entry `{name}` takes `{}` from `{file}`, not from `{dir}`",
            is.text
        )),
        None => Some(format!(
            "the entry `{name}` takes `{}` from somewhere else than `{dir}`",
            is.text
        )),
    }
}
