//! The list of all rules.

use tenon_text::diag::RuleInfo;

use super::bad_name::BadName;
use super::broken_export::BrokenExport;
use super::broken_import::BrokenImport;
use super::conflict_marker::ConflictMarker;
use super::duplicate_entry::DuplicateEntry;
use super::duplicate_key::DuplicateKey;
use super::empty_facts::EmptyFacts;
use super::forbidden_code::ForbiddenCode;
use super::mismatched_entry::MismatchedEntry;
use super::mismatched_names::MismatchedNames;
use super::missing_attribute::MissingAttribute;
use super::missing_code::MissingCode;
use super::missing_decorator::MissingDecorator;
use super::missing_entry::MissingEntry;
use super::missing_export::MissingExport;
use super::missing_method::MissingMethod;
use super::missing_part::MissingPart;
use super::missing_site::MissingSite;
use super::not_a_member::NotAMember;
use super::not_provided::NotProvided;
use super::rule::Rule;
use super::stale_entry::StaleEntry;
use super::undeclared_dependency::UndeclaredDependency;
use super::unknown_dependency::UnknownDependency;
use super::unparsable::Unparsable;
use super::unrecognised_entry::UnrecognisedEntry;
use super::unsorted_entry::UnsortedEntry;
use super::wrong_base::WrongBase;
use super::wrong_signature::WrongSignature;
use super::wrong_text::WrongText;
use super::wrong_value::WrongValue;

/// All rules, in the order in which they check: what follows from a finding comes after the rule that reports it.
pub static RULES: [&dyn Rule; 30] = [
    &BadName,
    &MissingPart,
    &NotAMember,
    &WrongBase,
    &MissingDecorator,
    &MissingAttribute,
    &MissingMethod,
    &WrongSignature,
    &BrokenExport,
    &UnknownDependency,
    &UndeclaredDependency,
    &MismatchedNames,
    &BrokenImport,
    &MissingCode,
    &MissingSite,
    &StaleEntry,
    &DuplicateEntry,
    &UnsortedEntry,
    &MissingExport,
    &MismatchedEntry,
    &WrongValue,
    &WrongText,
    &ForbiddenCode,
    &UnrecognisedEntry,
    &MissingEntry,
    &NotProvided,
    &EmptyFacts,
    &DuplicateKey,
    &ConflictMarker,
    &Unparsable,
];

/// What people are told about each rule, sorted by id.
pub fn infos() -> Vec<RuleInfo> {
    let mut out: Vec<RuleInfo> = RULES.iter().map(|rule| rule.info()).collect();
    out.sort_unstable_by_key(|rule| rule.id);
    out
}
