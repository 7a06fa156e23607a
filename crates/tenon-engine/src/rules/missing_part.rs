//! `missing-part`: a file that a member cannot do without is not there.

use crate::answers::Answers;
use crate::plan::overlay::Overlay;
use crate::plan::scope::Iteration;
use crate::plan::{Finish, Mode, add_parts};
use tenon_pack::{Part, raw_check::RawReason};
use tenon_text::diag::{Applicability, Diagnostic, FileFix, Fix, Place, Result, RuleInfo};

use super::context::{Context, RenderedFiles};
use super::fix::full_row;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-part",
    summary: "a file that an integration cannot do without is not there",
    page: include_str!("../../../../docs/rules/missing-part.md"),
};

/// See its page.
pub struct MissingPart;

impl Rule for MissingPart {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_member(&self, context: &Context<'_, '_>) -> Result<()> {
        match context.lacks_an_answer() {
            true => Ok(()),
            false => check(context),
        }
    }
}

/// Reports every required file of the context's member that is not there.
fn check(context: &Context<'_, '_>) -> Result<()> {
    for part in context.index.pack.parts(&context.member.generator) {
        if part.required.is_empty() {
            continue;
        }
        context.applied(RULE.id);
        for turn in context.turns(part.each.as_deref(), part.row.as_deref(), part.when.as_deref())? {
            let dir = context.render(part.dir.as_deref().unwrap_or_default(), &turn)?;
            for (file, required) in &part.required {
                let path = format!("{dir}/{}", context.render(file, &turn)?);
                if !context.exists(&path) && !instead(context, &dir, required, &turn)? {
                    context.report(missing(context, part, required, &turn, &path)?);
                }
            }
        }
    }
    Ok(())
}

fn instead(context: &Context<'_, '_>, dir: &str, required: &RawReason, turn: &Iteration) -> Result<bool> {
    for pattern in required.or() {
        let pattern = format!("{dir}/{}", context.render(pattern, turn)?);
        if context
            .glob(&pattern)
            .iter()
            .any(|found| context.exists(&found.path))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn missing(
    context: &Context<'_, '_>,
    part: &Part,
    required: &RawReason,
    turn: &Iteration,
    path: &str,
) -> Result<Diagnostic> {
    let fix = rendered(context, part, turn, path).map(|text| Fix {
        title: format!("make `{path}`"),
        applicability: Applicability::Safe,
        files: vec![(path.to_owned(), FileFix::Create(text))],
    });
    let help = match required.or() {
        [] => format!("make `{path}`"),
        or => format!(
            "make `{path}`, or a file that matches `{}` beside it",
            or.join("` or `")
        ),
    };
    Ok(context
        .finding(RULE.id, Place::file(path), format!("there is no `{path}`"))
        .because(context.render(required.why(), turn)?, None)
        .help(help)
        .fix(fix))
}

/// The file as the generator would make it; nothing if it cannot.
fn rendered(context: &Context<'_, '_>, part: &Part, turn: &Iteration, path: &str) -> Option<String> {
    let row = turn.row().map(|row| row.to_string()).unwrap_or_default();
    let key = format!("{part:p} {row}");
    let files = context.rendered(key, || all_rendered(context, part, turn));
    files.get(path).cloned()
}

/// The files of `part` as the generator would make them.
fn all_rendered(context: &Context<'_, '_>, part: &Part, turn: &Iteration) -> Option<RenderedFiles> {
    let index = context.index;
    let mut answers = Answers {
        name: context.member.name.clone(),
        values: context.all_values()?,
        words: std::collections::BTreeMap::new(),
    };
    if let (Some(each), Some(row)) = (&part.each, turn.row()) {
        let row = full_row(&answers.values, each, &row);
        answers.values.insert(each.clone(), serde_json::json!([row]));
    }
    let mut overlay = Overlay::new(context.host());
    context.as_made(&answers, |scope| {
        add_parts(
            std::iter::once(part),
            Mode::New(None),
            scope,
            &mut overlay,
            &Finish::new(&index.look, &index.style),
        )
        .ok()
    })?;
    let files = overlay.own();
    Some(files.map(|(path, text)| (path.to_string(), text.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";

    #[test]
    fn a_file_that_is_gone_is_made_again() {
        let shop = shop().without(SERVICE);
        let found = "units/alpha/src/jobs/orders/orders.service.ts missing-part there is no `units/alpha/src/jobs/orders/orders.service.ts`";
        assert_eq!(shop.findings(), [found]);
        let fixed = shop.fixed(Applicability::Safe);
        assert_eq!(fixed.changed(&shop), [SERVICE]);
        assert_eq!(fixed.findings(), [""; 0]);
    }

    #[test]
    fn another_file_that_will_do_is_no_gap() {
        let text = shop().text(SERVICE).to_owned();
        let shop = shop()
            .without(SERVICE)
            .with("units/alpha/src/jobs/orders/other.service.ts", &text)
            .edit(
                "units/alpha/src/jobs/orders/index.ts",
                "./orders.service",
                "./other.service",
            );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
