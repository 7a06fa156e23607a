//! `duplicate-key`: two members claim what only one can have.

use std::collections::BTreeMap;

use serde_json::Value;

use tenon_pack::RuleKind;
use tenon_syntax::rule::Pattern;
use tenon_text::diag::{Place, Result, RuleInfo};
use tenon_text::names;

use super::all_members::{AllMembers, Claim};
use super::context::Context;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "duplicate-key",
    summary: "two members have the same value where it must be unique",
    page: include_str!(concat!(env!("TENON_PAGES"), "/duplicate-key.md")),
};

/// See its page.
pub struct DuplicateKey;

impl Rule for DuplicateKey {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_host(&self, context: &Context<'_, '_>, all: &AllMembers) -> Result<()> {
        check(context, &all.claims);
        Ok(())
    }
}

/// Reports every claim that another member makes too; the first of them in order has it.
fn check(context: &Context<'_, '_>, claims: &[Claim]) {
    let mut first: BTreeMap<(&str, &str), &Claim> = BTreeMap::new();
    for claim in claims {
        context.applied(RULE.id);
        let key = (claim.of.as_str(), claim.value.as_str());
        let Some(other) = first.get(&key) else {
            first.insert(key, claim);
            continue;
        };
        // A member may say it more than once: in files of which each is built on another system.
        if other.member == claim.member {
            continue;
        }
        let finding = context
            .finding(
                RULE.id,
                claim.at.clone(),
                format!("`{}` is claimed by `{}` already", claim.value, other.member),
            )
            .about(&claim.member)
            .label("claimed again")
            .because(
                format!("`{}` claims it here", other.member),
                Some(other.at.clone()),
            )
            .because(&*claim.why, None)
            .help("give one of them another");
        context.report(finding);
    }
}

/// What the matches of a rule in files of code stand for, each a claim; what is computed claims nothing.
fn claims_in_code(
    context: &Context<'_, '_>,
    (table, var): (&Pattern, &str),
    pattern: &str,
    (index, why): (usize, &str),
) -> Result<Vec<Claim>> {
    let mut out = Vec::new();
    for path in context.files(pattern) {
        let Some(hits) = context.hits(table, Some(var), &path)? else {
            continue;
        };
        for (text, span) in hits.iter().filter_map(|hit| hit.var.as_ref()) {
            let bare = names::unquoted(text);
            let value = match bare.len() < text.len() {
                true => Some(bare.to_owned()),
                false => context.code.constant(&path, text),
            };
            let Some(value) = value else { continue };
            out.push(Claim {
                of: format!("code {index}"),
                value,
                member: context.member.name.clone(),
                at: Place::span(&*path, *span),
                why: why.to_owned(),
            });
        }
    }
    Ok(out)
}

/// What the member of `context` claims for itself.
pub fn claims(context: &Context<'_, '_>) -> Result<Vec<Claim>> {
    let mut out = Vec::new();
    for (index, pack_rule) in context.index.pack.rules(&context.member.kind).enumerate() {
        if pack_rule.kind != RuleKind::Unique {
            continue;
        }
        for turn in context.turns_of(pack_rule)? {
            let path = context.render(&pack_rule.file, &turn)?;
            if let (Some(table), Some(var)) = (&pack_rule.find, &pack_rule.var) {
                let why = context.render(&pack_rule.why, &turn)?;
                out.extend(claims_in_code(context, (table, var), &path, (index, &why))?);
                continue;
            }
            let Some(manifest) = context.manifest(&path) else {
                continue;
            };
            let pointer = pack_rule.pointer.as_deref().unwrap_or_default();
            let at = context.render(pointer, &turn)?;
            if let Some((Value::String(value), span)) = manifest.get(&at) {
                out.push(Claim {
                    of: format!("{} {index}", names::normal(pointer)),
                    value,
                    member: context.member.name.clone(),
                    at: Place::span(&*path, span),
                    why: context.render(&pack_rule.why, &turn)?,
                });
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    const BETA: &str = "units/beta/package.json";

    #[test]
    fn two_members_cannot_claim_one_value() {
        let shop = shop().edit(BETA, "\"counter\": \"beta\"", "\"counter\": \"alpha\"");
        assert_eq!(
            shop.findings(),
            ["units/beta/package.json:3:16 duplicate-key `alpha` is claimed by `alpha` already"]
        );
        assert_eq!(shop.fixed(Applicability::Unsafe).changed(&shop), [""; 0]);
    }

    #[test]
    fn a_member_may_say_one_value_twice() {
        let rule = "[[kind.unit.rule]]\nexpect = 'unique'\nfile = 'units/{{name}}/src/*.ts'\nfind = { pattern = 'const key = $KEY' }\nvar = 'KEY'\nwhy = 'so'\n";
        let key = "const key = 'a';\nexport { key };\n";
        let twice = shop()
            .and_pack(rule)
            .with("units/alpha/src/on_linux.ts", key)
            .with("units/alpha/src/on_windows.ts", key);
        assert_eq!(twice.findings(), [""; 0]);
        let found = twice.with("units/beta/src/key.ts", key).findings();
        assert_eq!(
            found,
            ["units/beta/src/key.ts:1:13 duplicate-key `a` is claimed by `alpha` already"]
        );
    }
}
