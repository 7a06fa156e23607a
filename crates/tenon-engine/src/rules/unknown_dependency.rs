//! `unknown-dependency`: a manifest declares a package of the workspace that does not exist.

use tenon_text::regular::regular;

use tenon_pack::{PackRule, RuleKind};
use tenon_text::diag::{Place, Result, RuleInfo, Span};
use tenon_text::manifest::Parsed;
use tenon_text::names::nearest;

use super::context::Context;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unknown-dependency",
    summary: "a manifest declares a package of the workspace that does not exist",
    page: include_str!(concat!(env!("TENON_PAGES"), "/unknown-dependency.md")),
};

/// See its page.
pub struct UnknownDependency;

impl Rule for UnknownDependency {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Dependencies => check(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// Reports declared packages that only the workspace can have and that it does not have.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    if pack_rule.local.is_empty() {
        return Ok(());
    }
    for turn in context.turns_of(pack_rule)? {
        let path = context.render(&pack_rule.file, &turn)?;
        let Some(manifest) = context.manifest(&path) else {
            continue;
        };
        context.applied(RULE.id);
        for unknown in unknown(context, pack_rule, &manifest)? {
            let help = match unknown.meant {
                Some(near) => format!("did you mean `{near}`?"),
                None => "remove the line, or restore the package".to_owned(),
            };
            context.report(
                context
                    .finding(
                        RULE.id,
                        Place::span(&*path, unknown.span),
                        format!("there is no package `{}` in the workspace", unknown.name),
                    )
                    .label("declared here")
                    .because(context.render(&pack_rule.why, &turn)?, None)
                    .help(help)
                    .severity(pack_rule.severity),
            );
        }
    }
    Ok(())
}

/// A declared package that does not exist.
pub struct Unknown {
    name: String,
    span: Span,
    /// The package that was probably meant.
    pub meant: Option<String>,
}

/// The packages that `manifest` declares, that only the workspace can have, and that it does not have.
pub fn unknown(context: &Context<'_, '_>, pack_rule: &PackRule, manifest: &Parsed) -> Result<Vec<Unknown>> {
    let local = pack_rule.local.iter().map(|text| regular(text));
    let local = local.collect::<Result<Vec<_>>>()?;
    let mut out = Vec::new();
    for pointer in &pack_rule.pointers {
        for (name, span) in manifest.keys(pointer) {
            let mut is_local = false;
            for regex in &local {
                is_local |= regex.on(name)?.is_match(name);
            }
            if !is_local || context.is_installed(name) || context.has_package(name) {
                continue;
            }
            // What is declared already was not meant.
            let declared = |name: &&str| manifest.keys(pointer).any(|(key, _)| key == *name);
            let known = context
                .index
                .packages(context.host())
                .names
                .iter()
                .map(String::as_str);
            let near = nearest(name, known.filter(|name| !declared(name)));
            out.push(Unknown {
                name: name.to_owned(),
                span,
                meant: near.map(str::to_owned),
            });
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    const ALPHA: &str = "units/alpha/package.json";

    #[test]
    fn a_package_that_only_the_workspace_can_have_is_there() {
        let shop = shop().edit(ALPHA, "@shop/kit", "@shop/kid");
        assert_eq!(
            shop.findings(),
            [
                "units/alpha/package.json:8:9 unknown-dependency there is no package `@shop/kid` in the workspace"
            ]
        );
    }

    #[test]
    fn an_installed_package_is_no_matter() {
        let installed = "node_modules/@shop/kid/package.json";
        let shop = shop()
            .edit(
                ALPHA,
                "\"@shop/kit\"",
                "\"@shop/kit\": \"*\",\n        \"@shop/kid\"",
            )
            .with(installed, "{}");
        assert_eq!(shop.findings(), [""; 0]);
    }
}
