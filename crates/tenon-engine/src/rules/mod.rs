//! Checking a host: one file per rule. Rules read what a context or a view gives them and report diagnostics; nothing is
//! written, nothing printed, and no rule knows a framework: what they compare is declared in the pack.
//!
//! To add a rule: its file with `RULE` and `check`, its page in `docs/rules/`, its line in [`RULES`], and the call in
//! `member.rs` or `host_rules.rs`.

mod bad_name;
mod broken_export;
mod broken_import;
mod cache;
mod check;
mod class_coverage;
mod conflict_marker;
mod context;
pub mod coverage;
mod duplicate_entry;
mod duplicate_key;
mod empty_facts;
mod find_implementation;
mod fix;
mod fix_all;
mod forbidden_code;
mod host_rules;
mod implementation;
mod index;
mod member;
mod members;
mod mismatched_entry;
mod mismatched_names;
mod missing_attribute;
mod missing_code;
mod missing_decorator;
mod missing_entry;
mod missing_export;
mod missing_method;
mod missing_part;
mod missing_site;
mod names;
mod not_a_member;
mod not_provided;
mod once;
mod packages;
mod site;
mod stale_entry;
mod texts;
mod undeclared_dependency;
mod unknown_dependency;
mod unparsable;
mod unsorted_entry;
mod wrong_base;
mod wrong_signature;

use crate::settings::suppress;
use tenon_text::diag::RuleInfo;

pub use cache::{recall, remember};
pub use check::{Asked, Checked, check, check_unless};
pub use fix_all::fix_all;

/// The rules that hold a class against its contract.
pub const ABOUT_CONTRACTS: [&str; 2] = [missing_method::RULE.id, wrong_signature::RULE.id];

/// All rules, sorted by id.
pub const RULES: [RuleInfo; 27] = [
    bad_name::RULE,
    broken_export::RULE,
    broken_import::RULE,
    conflict_marker::RULE,
    duplicate_entry::RULE,
    duplicate_key::RULE,
    empty_facts::RULE,
    forbidden_code::RULE,
    mismatched_entry::RULE,
    mismatched_names::RULE,
    missing_attribute::RULE,
    missing_code::RULE,
    missing_decorator::RULE,
    missing_entry::RULE,
    missing_export::RULE,
    missing_method::RULE,
    missing_part::RULE,
    missing_site::RULE,
    not_a_member::RULE,
    not_provided::RULE,
    stale_entry::RULE,
    undeclared_dependency::RULE,
    unknown_dependency::RULE,
    unparsable::RULE,
    unsorted_entry::RULE,
    wrong_base::RULE,
    wrong_signature::RULE,
];

/// The rules about settings and baselines, whose findings `settings/` makes.
const OF_SETTINGS: [RuleInfo; 3] = [
    RuleInfo {
        id: suppress::EXPIRED_IGNORE,
        summary: "an ignore of `tenon.toml` has passed its last day",
        page: include_str!("../../../../docs/rules/expired-ignore.md"),
    },
    RuleInfo {
        id: suppress::STALE_BASELINE,
        summary: "a baseline lists a finding that is no longer there",
        page: include_str!("../../../../docs/rules/stale-baseline.md"),
    },
    RuleInfo {
        id: suppress::UNUSED_IGNORE,
        summary: "an ignore of `tenon.toml` matches nothing",
        page: include_str!("../../../../docs/rules/unused-ignore.md"),
    },
];

/// Every rule that there is, sorted by id.
pub fn all() -> Vec<RuleInfo> {
    let mut out: Vec<RuleInfo> = RULES.into_iter().chain(OF_SETTINGS).collect();
    out.sort_by_key(|rule| rule.id);
    out
}
