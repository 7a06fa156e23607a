//! `missing-code`: a source does not have what must stand there, or has it twice.

use std::collections::BTreeSet;

use crate::plan::scope::Iteration;
use tenon_pack::{PackRule, RuleKind};
use tenon_syntax::declared;
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names::{in_dir, nearest};

use super::context::Context;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-code",
    summary: "a source lacks required code, or has it twice",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-code.md")),
};

/// See its page.
pub struct MissingCode;

impl Rule for MissingCode {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Has => check(context, pack_rule),
            RuleKind::Declares => declares(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// Reports a file of `pack_rule` without a match of its pattern, and, where there may be only one, every further match.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let pattern = context.render(&pack_rule.file, &turn)?;
        let own = context.files(&pattern);
        let is_main = |path: &&String| **path == context.member.path;
        let Some(file) = own.iter().find(is_main).or(own.first()).cloned() else {
            continue;
        };
        let paths: Vec<String> = match &pack_rule.sources {
            Some(dir) => context.sources(&context.render(dir, &turn)?).to_vec(),
            None => own,
        };
        let mut found: Vec<Place> = Vec::new();
        let mut read = false;
        for path in &paths {
            if let Some(needed) = &pack_rule.containing
                && !context
                    .text(path)
                    .is_some_and(|text| text.contains(needed.as_str()))
                && *path != file
            {
                continue;
            }
            let hits = pack_rule.find.as_ref().map(|find| context.hits(find, None, path));
            let Some(hits) = hits.transpose()?.flatten() else {
                continue;
            };
            read |= pack_rule.sources.is_none() || *path == file;
            found.extend(hits.iter().map(|hit| Place::span(&**path, hit.span)));
        }
        // A file that is not there, or broken, is said elsewhere.
        if read || !found.is_empty() {
            report(context, pack_rule, &turn, &file, &found)?;
        }
    }
    Ok(())
}

/// Reports what none of the files of `pack_rule` declares.
fn declares(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let files = context.files(&context.render(&pack_rule.file, &turn)?);
        let trees: Vec<_> = files.iter().filter_map(|path| context.tree(path)).collect();
        // What is in a file that is not there, or broken, is not known, and said elsewhere.
        let Some(file) = files.first().filter(|_| trees.len() == files.len()) else {
            continue;
        };
        let all: BTreeSet<String> = trees
            .iter()
            .flat_map(|tree| declared::names(tree, &|_| false).into_keys())
            .collect();
        context.applied(RULE.id);
        let why = context.render(&pack_rule.why, &turn)?;
        for wanted in &pack_rule.declares {
            let name = context.render(wanted, &turn)?;
            if all.contains(&name) {
                continue;
            }
            let near = nearest(&name, all.iter().map(String::as_str));
            let help = match near.filter(|near| !pack_rule.declares.iter().any(|other| other == near)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write it there as `tenon new` does".to_owned(),
            };
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::file(&**file),
                        format!("`{}` does not declare `{name}`", one_of(file, files.len())),
                    )
                    .because(&*why, None)
                    .help(help)
                    .severity(pack_rule.severity),
            );
        }
    }
    Ok(())
}

/// What people call the files of which `file` is the first: it, or its directory.
fn one_of(file: &str, count: usize) -> &str {
    match count {
        1 => file,
        _ => in_dir(file).0,
    }
}

fn report(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
    file: &str,
    found: &[Place],
) -> Result<()> {
    context.applied(RULE.id);
    let why = context.render(&pack_rule.why, turn)?;
    let what = pack_rule.what.as_deref().unwrap_or("the required code");
    let what = context.render(what, turn)?;
    let Some((first, others)) = found.split_first() else {
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::file(file),
                    format!("`{file}` does not have {what}"),
                )
                .because(why, None)
                .help("write it there as `tenon new` does")
                .severity(pack_rule.severity),
        );
        return Ok(());
    };
    for again in others.iter().filter(|_| pack_rule.once) {
        let span = again.span.map(|span| context.first_line(&again.path, span));
        let place = Place {
            path: again.path.clone(),
            span,
        };
        context.report(
            context
                .finding(RULE.id, place, format!("there is {what} already"))
                .label("again here")
                .because(&*why, Some(first.clone()))
                .help("keep one of them")
                .severity(pack_rule.severity),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn what_must_stand_there_once_is_missed_and_found_twice() {
        let unit = "units/alpha/src/unit.ts";
        let jobs = "export * as Jobs from './jobs/index';";
        let found = shop()
            .edit(
                unit,
                jobs,
                "import * as Jobs from './jobs/index';\nexport { Jobs };",
            )
            .findings();
        assert_eq!(
            found,
            [
                "units/alpha/src/unit.ts missing-code `units/alpha/src/unit.ts` does not have the jobs of the unit"
            ]
        );
        let twice = format!("{jobs}\n{jobs}");
        let found = shop().edit(unit, jobs, &twice).findings();
        assert_eq!(
            found,
            ["units/alpha/src/unit.ts:4:1 missing-code there is the jobs of the unit already"]
        );
    }

    #[test]
    fn it_may_stand_anywhere() {
        let shop = shop()
            .edit(
                "units/alpha/src/unit.ts",
                "export * as Jobs from './jobs/index';\n",
                "",
            )
            .edit(
                "units/alpha/src/unit.ts",
                "};\n",
                "};\nexport * as Jobs from './jobs/index';\n",
            );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
