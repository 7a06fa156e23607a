//! A class of a member, and what its pack expects of it.

use tenon_pack::PackRule;
use tenon_pack::raw::RawContract;

use super::implementation::Implementation;

/// A class that a rule of the pack speaks of.
pub struct ClassView<'v> {
    /// The class, with what it inherits.
    pub of: &'v Implementation,
    /// The rule of the pack.
    pub pack_rule: &'v PackRule,
    /// Its contract, as the pack declares it.
    pub contract: Option<&'v RawContract>,
    /// Why the class has to be as it is expected.
    pub why: &'v str,
}
