//! Checking a host: one file per rule. Rules read what a context or a view gives them and report diagnostics; nothing is
//! written, nothing printed, and no rule knows a framework: what they compare is declared in the pack.
//!
//! To add a rule: its file with a `Rule` of `rule.rs`, its page in `docs/rules/`, and its line in `RULES` of `registry.rs`.

mod all_members;
mod bad_name;
mod broken_export;
mod broken_import;
mod cache;
mod check;
mod class_coverage;
mod class_view;
mod conflict_marker;
mod context;
pub mod coverage;
mod duplicate_entry;
mod duplicate_key;
mod empty_facts;
mod entry_fields;
mod entry_list;
mod find_implementation;
mod fix;
mod fix_all;
mod forbidden_code;
mod host_rules;
mod implementation;
mod index;
mod manifest_value;
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
mod registry;
mod rule;
mod shared_files;
mod site;
mod site_view;
mod slot;
mod soundness;
mod stale_entry;
mod stats;
#[cfg(test)]
mod testing;
mod texts;
mod undeclared_dependency;
mod unknown_dependency;
mod unparsable;
mod unrecognised;
mod unrecognised_entry;
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

/// What people are told about the rules of a check, sorted by id.
pub use registry::infos;
pub use stats::stats;

/// The rules about settings and baselines, whose findings `settings/` makes.
const OF_SETTINGS: [RuleInfo; 3] = [
    RuleInfo {
        id: suppress::EXPIRED_IGNORE,
        summary: "an ignore of `tenon.toml` has passed its last day",
        page: include_str!(concat!(env!("TENON_PAGES"), "/expired-ignore.md")),
    },
    RuleInfo {
        id: suppress::STALE_BASELINE,
        summary: "a baseline lists a finding that is no longer there",
        page: include_str!(concat!(env!("TENON_PAGES"), "/stale-baseline.md")),
    },
    RuleInfo {
        id: suppress::UNUSED_IGNORE,
        summary: "an ignore of `tenon.toml` matches nothing",
        page: include_str!(concat!(env!("TENON_PAGES"), "/unused-ignore.md")),
    },
];

/// Every rule that there is, sorted by id.
pub fn all() -> Vec<RuleInfo> {
    let mut out: Vec<RuleInfo> = infos().into_iter().chain(OF_SETTINGS).collect();
    out.sort_by_key(|rule| rule.id);
    out
}
