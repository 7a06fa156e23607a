//! A class of a member, and what its pack expects of it.

use tenon_pack::Expect;
use tenon_pack::raw::RawContract;

use super::implementation::Implementation;

/// A class that an expectation speaks of.
pub struct ClassView<'v> {
    /// The class, with what it inherits.
    pub of: &'v Implementation,
    /// The expectation.
    pub expect: &'v Expect,
    /// Its contract, as the pack declares it.
    pub contract: Option<&'v RawContract>,
    /// Why the class has to be as it is expected.
    pub why: &'v str,
}
