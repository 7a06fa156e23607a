//! What the checks of single members leave to the check of the host.

use std::collections::HashSet;

use tenon_text::diag::Place;

use super::coverage::Unchecked;
use super::site::Expected;

/// What a member should have in a file that is not its own.
#[derive(Clone, Debug)]
pub struct SharedEntry {
    /// The site.
    pub site: String,
    /// The file.
    pub path: String,
    /// The entry.
    pub expected: Expected,
}

/// A value that a member claims for itself.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Within what it must be unique: one rule of the pack.
    pub of: String,
    /// The value.
    pub value: String,
    /// The member.
    pub member: String,
    /// Where it stands.
    pub at: Place,
    /// Why there can be only one.
    pub why: String,
}

/// What is known of all members together.
pub struct AllMembers {
    /// What they should have in files that are nobody's own.
    pub shared: Vec<SharedEntry>,
    /// What they claim for themselves.
    pub claims: Vec<Claim>,
    /// What was not checked.
    pub unchecked: Vec<Unchecked>,
    /// Whether every member was checked.
    pub is_whole: bool,
    /// The files of theirs that cannot be parsed.
    pub faulty: HashSet<String>,
}

impl AllMembers {
    /// The sites at which it is not known of some member what it has.
    pub fn partly_known(&self) -> HashSet<&str> {
        let sites = self.unchecked.iter().flat_map(|one| &one.sites);
        sites.map(String::as_str).collect()
    }
}
