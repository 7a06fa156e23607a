//! `broken-import`: a source takes something from a module of the host that is not there, or does not have it.

use tenon_pack::{PackRule, RuleKind};
use tenon_syntax::sources::{Definition, ImportTarget};
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names::nearest;

use super::context::Context;
use super::missing_part;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "broken-import",
    summary: "a source imports something that the host does not have",
    page: include_str!(concat!(env!("TENON_PAGES"), "/broken-import.md")),
};

/// See its page.
pub struct BrokenImport;

impl Rule for BrokenImport {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Imports => check(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// Reports what the sources of `pack_rule` import from the host itself and do not get.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    let Some(dir) = &pack_rule.sources else {
        return Ok(());
    };
    for turn in context.turns_of(pack_rule)? {
        let why = context.render(&pack_rule.why, &turn)?;
        for path in context.sources(&context.render(dir, &turn)?).iter() {
            if !context.sound(path) {
                continue;
            }
            context.applied(RULE.id);
            for used in context.code.used(path) {
                let Some((message, help)) = wrong(context, path, &used.specifier, &used.names) else {
                    continue;
                };
                let span = context.first_line(path, used.span);
                context.report(
                    context
                        .finding(RULE.id, Place::span(&**path, span), message)
                        .label("this is not there")
                        .because(&*why, None)
                        .help(help)
                        .severity(pack_rule.severity),
                );
            }
        }
    }
    Ok(())
}

fn wrong(context: &Context<'_, '_>, path: &str, module: &str, names: &[String]) -> Option<(String, String)> {
    let file = match context.code.import_target(path, module) {
        ImportTarget::Package | ImportTarget::BuiltIn | ImportTarget::Unknown => return None,
        ImportTarget::File(file) => file,
        ImportTarget::Missing => {
            let said = context.reported(missing_part::RULE.id, |_| true) || context.is_faulty(|_| true);
            let message = format!("there is no module `{module}`");
            return (!said).then(|| (message, "name one that exists, or restore it".to_owned()));
        }
    };
    // What is wrong with that file is said there.
    if !context.sound(&file) {
        return None;
    }
    // A name may be bound in many ways: what is spoken of there at all counts as there, and so does everything where names
    // are made when they are asked for.
    let text = context.text(&file)?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let speaks_of = |name: &str| {
        text.split(|c| !is_part(c))
            .any(|word| word == name || word == "__getattr__")
    };
    let lost = names.iter().find(|name| {
        *name != "*"
            && !speaks_of(name)
            && context.code.definition(&file, name) == Definition::Unknown
            && context.code.import_target(path, &format!("{module}.{name}")) == ImportTarget::Missing
    })?;
    let known = context.code.own_exports(&file);
    let help = match nearest(lost, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name one that exists, or restore it".to_owned(),
    };
    Some((format!("`{module}` has no `{lost}`"), help))
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    #[test]
    fn what_is_imported_is_there() {
        let unit = "units/alpha/src/unit.ts";
        let import = "import { opening } from './hours';\nexport const at = opening;\nexport * as Jobs";
        let shop = shop().edit(unit, "export * as Jobs", import);
        assert_eq!(
            shop.findings(),
            ["units/alpha/src/unit.ts:3:25 broken-import there is no module `./hours`"]
        );
        let there = shop.with("units/alpha/src/hours.ts", "export const opening = 8;\n");
        assert_eq!(there.findings(), [""; 0]);
    }
}
