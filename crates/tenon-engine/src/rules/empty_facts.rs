//! `empty-facts`: what a rule needs to know is not to be found in the host, so that it inspected nothing.

use std::collections::{BTreeMap, BTreeSet};

use tenon_text::diag::{Place, Result, RuleInfo, Severity};

use crate::host::lock;

use super::all_members::AllMembers;
use super::context::Context;
use super::coverage::Cause;
use super::missing_site;
use super::rule::Rule;
use super::stale_entry;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "empty-facts",
    summary: "facts that rules need are missing, so nothing was inspected",
    page: include_str!(concat!(env!("TENON_PAGES"), "/empty-facts.md")),
};

/// See its page.
pub struct EmptyFacts;

impl Rule for EmptyFacts {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_host(&self, context: &Context<'_, '_>, all: &AllMembers) -> Result<()> {
        recognised(context);
        choices(context);
        kinds_without_members(context);
        unchecked(context, all);
        if all.is_whole {
            idle(context);
        }
        Ok(())
    }
}

/// Says what was not checked, each once for all members that it concerns.
fn unchecked(context: &Context<'_, '_>, all: &AllMembers) {
    // What is not understood is said of the file.
    let doubtful = context.host().doubtful();
    let broken: BTreeSet<&str> = all
        .faulty
        .iter()
        .chain(doubtful.keys())
        .map(String::as_str)
        .collect();
    let is_broken = |name: &str| {
        let mut dirs = context.index.named(name).map(|member| &*member.dir);
        dirs.any(|dir| holds_one(&broken, dir))
    };
    let mut members: BTreeMap<(&str, &str, Cause), Vec<&str>> = BTreeMap::new();
    for one in &all.unchecked {
        if one.cause == Cause::Member && is_broken(&one.member) {
            continue;
        }
        let of = members.entry((&*one.what, &*one.why, one.cause)).or_default();
        of.push(&one.member);
    }
    for ((what, why, cause), mut members) in members {
        context.applied(RULE.id);
        members.sort_unstable();
        members.dedup();
        let first = context.index.named(members[0]).next();
        let more = match members.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::file(first.map_or("", |member| &member.path)),
                    format!("{what} of `{}`{more}: not checked, as {why}", members[0]),
                )
                .help(match cause {
                    Cause::Pack => "`tenon pack check` says what the pack could do about it",
                    Cause::Member => "write it as other members do, or ignore this finding with a reason",
                    Cause::Host => {
                        "add the list to the manifest at the root, or ignore this finding with a reason"
                    }
                })
                .severity(match cause {
                    Cause::Pack => Severity::Note,
                    Cause::Member | Cause::Host => Severity::Warning,
                }),
        );
    }
}

/// Says which rules with a pattern of files found none in any member.
fn idle(context: &Context<'_, '_>) {
    let index = context.index;
    let looks = lock(&index.looks);
    for ((kind, at), _) in looks.iter().filter(|(_, is_any)| !**is_any) {
        let mut members = index.members.iter().filter(|member| member.kind == *kind);
        let (Some(pack_rule), Some(first)) = (index.pack.rules(kind).nth(*at), members.next()) else {
            continue;
        };
        context.applied(RULE.id);
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::file(&*first.dir),
                    format!(
                        "the rule `{}` of `{}` looked at nothing: no file of any {kind} matches",
                        pack_rule.kind.name(),
                        pack_rule.file
                    ),
                )
                .help("if these files moved, change the pack too")
                .severity(Severity::Warning),
        );
    }
}

/// Whether one of `paths` is `dir` or stands below it.
fn holds_one(paths: &BTreeSet<&str>, dir: &str) -> bool {
    let below = format!("{dir}/");
    paths.contains(dir)
        || paths
            .range(&*below..)
            .next()
            .is_some_and(|path| path.starts_with(&below))
}

/// Reports members of which there are none: `rows` of them, which were looked for in `looked`. None is as it should be where
/// the workspace would take one in there, and nothing names one that is gone: the host has none yet.
fn none_found(context: &Context<'_, '_>, table: &str, rows: usize, looked: &[String]) {
    let takes_in = |pattern: &String| context.index.workspace.takes_in(&pattern.replace("{name}", "a"));
    if rows == 0 && looked.iter().any(takes_in) && !context.reported(stale_entry::RULE.id, |_| true) {
        context.applied(RULE.id);
        return;
    }
    check(context, table, rows, looked);
}

/// Reports a table without rows. `looked` says where it was looked for.
fn check(context: &Context<'_, '_>, table: &str, rows: usize, looked: &[String]) {
    context.applied(RULE.id);
    if rows > 0 {
        return;
    }
    // A pattern is no path: the directory above its first variable part is.
    let first = looked.first().map_or("", String::as_str);
    let first = match first.find(['{', '*']) {
        Some(at) => first[..at].rsplit_once('/').map_or("", |(dir, _)| dir),
        None => first,
    };
    context.report(
        context
            .finding(
                RULE.id,
                Place::file(first),
                format!("the host has no `{table}`: nothing was inspected"),
            )
            .because(format!("looked for in `{}`", looked.join("`, `")), None)
            .help("check `--host` and `--pack`; if the host's layout changed, change the pack too"),
    );
}

/// What the pack recognises its hosts by and is not there: whoever names the pack is believed, and what stands in these files is not checked.
fn recognised(context: &Context<'_, '_>) {
    // A list whose file is gone says more.
    if context.reported(missing_site::RULE.id, |_| true) {
        return;
    }
    let files = &context.index.pack.detect().files;
    for pattern in files
        .iter()
        .filter(|pattern| context.host().glob(pattern).is_empty())
    {
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::file(""),
                    format!("there is no `{pattern}`, by which the pack recognises its hosts: what depends on it is not checked"),
                )
                .help("check `--host` and `--pack`; if the host moved it, its pack has to follow")
                .severity(Severity::Warning),
        );
    }
}

/// Options without a choice, and contracts that cannot be read.
fn choices(context: &Context<'_, '_>) {
    let index = context.index;
    for declared in index
        .pack
        .kind_members()
        .iter()
        .filter(|declared| !declared.may_be_empty)
    {
        for option in index
            .pack
            .options(&declared.kind)
            .filter(|option| option.required)
        {
            let Some(table) = &option.from else { continue };
            let rows = index.choices.of(&declared.kind, &option.id).len();
            let api = index.pack.facts().get(table).and_then(|fact| fact.api.as_ref());
            let looked = api
                .and_then(|api| index.pack.apis().get(api))
                .map(|api| api.entry.clone());
            check(context, table, rows, &looked.unwrap_or_default());
        }
    }
    for (symbol, error) in &index.unread {
        let at = error.location().map_or(String::new(), |at| at.path.clone());
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::file(at),
                    format!("the contract `{symbol}` cannot be read: {}", error.message()),
                )
                .help(error.helps().first().cloned().unwrap_or_default()),
        );
    }
}

/// Reports kinds of which a host has no member.
fn kinds_without_members(context: &Context<'_, '_>) {
    let index = context.index;
    let declarations = index.pack.kind_members().iter();
    for declared in declarations.filter(|declared| !declared.may_be_empty) {
        let members = index.members.iter();
        let rows = members.filter(|member| member.kind == declared.kind).count();
        let fact = index.pack.facts().get(&declared.rows);
        let looked = fact.map(|fact| fact.files.clone()).unwrap_or_default();
        none_found(context, &declared.rows, rows, &looked);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn a_host_without_members_is_reported() {
        let found = "units empty-facts the host has no `units`: nothing was inspected";
        assert!(
            shop()
                .without("units")
                .findings()
                .iter()
                .any(|line| line == found)
        );
    }

    #[test]
    fn a_required_option_of_which_nothing_is_found_is_said() {
        let job = "units/alpha/src/jobs/orders/orders.service.ts";
        let shop = shop()
            .without("units/alpha/src/jobs/orders")
            .edit(
                "units/alpha/src/jobs/index.ts",
                "export * as Orders from './orders';\n",
                "",
            )
            .with(
                "units/alpha/src/unit.ts",
                "export * as Jobs from './jobs/index';\n\nexport const Config = {};\n",
            );
        assert!(!shop.paths().contains(&job.to_owned()));
        let said = "units/alpha/package.json empty-facts what follows from the option `jobs` of `alpha`: not checked, as the option `jobs` has no answer there";
        assert!(
            shop.findings().iter().any(|line| line == said),
            "{:?}",
            shop.findings()
        );
    }

    #[test]
    fn one_member_is_enough() {
        let found = shop().without("units/beta").findings();
        assert!(
            found.iter().all(|line| !line.contains("empty-facts")),
            "{found:?}"
        );
    }
}
