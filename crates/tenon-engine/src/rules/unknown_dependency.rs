//! `unknown-dependency`: a manifest declares a package of the workspace that does not exist.

use tenon_text::regular::regular;

use crate::plan::scope::Iteration;
use tenon_pack::Expect;
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::manifest::Parsed;
use tenon_text::names::nearest;

use super::context::Context;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unknown-dependency",
    summary: "a manifest declares a package of the workspace that does not exist",
    page: include_str!("../../../../docs/rules/unknown-dependency.md"),
};

/// Reports declared packages that only the workspace can have and that it does not have.
/// Gives the packages that were probably meant.
pub fn check(
    context: &Context<'_, '_>,
    expect: &Expect,
    turn: &Iteration,
    path: &str,
    manifest: &Parsed,
) -> Result<Vec<String>> {
    let mut meant = Vec::new();
    let local = expect
        .local
        .iter()
        .map(|text| regular(text))
        .collect::<Result<Vec<_>>>()?;
    if local.is_empty() {
        return Ok(meant);
    }
    context.applied(RULE.id);
    for pointer in &expect.pointers {
        for (name, span) in manifest.keys(pointer) {
            if !local.iter().any(|regex| regex.is_match(name))
                || context.is_installed(name)
                || context.has_package(name)
            {
                continue;
            }
            // What is declared already was not meant.
            let declared = |name: &&str| manifest.keys(pointer).any(|(key, _)| key == *name);
            let known = context.index.packages(context.host()).iter().map(String::as_str);
            let near = nearest(name, known.filter(|name| !declared(name)));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "remove the line, or bring the package back".to_owned(),
            };
            meant.extend(near.map(str::to_owned));
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(path, span),
                        format!("there is no package `{name}` in the workspace"),
                    )
                    .label("declared here")
                    .because(context.say(&expect.why, turn)?, None)
                    .help(help)
                    .severity(expect.severity),
            );
        }
    }
    Ok(meant)
}
