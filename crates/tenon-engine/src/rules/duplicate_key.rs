//! `duplicate-key`: two things claim what only one can have.

use std::collections::BTreeMap;

use tenon_text::diag::{Place, RuleInfo};

use super::context::Context;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "duplicate-key",
    summary: "two integrations claim what only one can have",
    page: include_str!("../../../../docs/rules/duplicate-key.md"),
};

/// What a thing claims for itself.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Within what it must be unique: one expectation of the pack.
    pub of: String,
    /// The value.
    pub value: String,
    /// The thing.
    pub thing: String,
    /// Where it says so.
    pub at: Place,
    /// Why there can be only one.
    pub why: String,
}

/// Reports every claim that another thing makes too; the first of them in order has it.
pub fn check(context: &Context<'_, '_>, claims: &[Claim]) {
    let mut first: BTreeMap<(&str, &str), &Claim> = BTreeMap::new();
    for claim in claims {
        context.applied(RULE.id);
        let key = (claim.of.as_str(), claim.value.as_str());
        let Some(other) = first.get(&key) else {
            first.insert(key, claim);
            continue;
        };
        let mut finding = context
            .finding(
                RULE.id,
                claim.at.clone(),
                format!("`{}` is claimed by `{}` already", claim.value, other.thing),
            )
            .label("claimed again")
            .because(
                format!("`{}` claims it here", other.thing),
                Some(other.at.clone()),
            )
            .because(&*claim.why, None)
            .help("give one of them another");
        finding.subject.clone_from(&claim.thing);
        context.report(finding);
    }
}
