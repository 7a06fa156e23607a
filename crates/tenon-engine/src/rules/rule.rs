//! What a rule is: an id with a page, and a check for each kind of member that it looks at.

use tenon_pack::PackRule;
use tenon_text::diag::{Result, RuleInfo};

use super::all_members::AllMembers;
use super::class_view::ClassView;
use super::context::Context;
use super::site::SiteView;
use super::slot::SlotView;

/// A rule. It implements the checks of what it looks at, and reports its findings to the context.
///
/// The checks of a member are called in the order in which they stand here, each for all rules in the order of
/// [`RULES`](super::registry::RULES), so that a rule can ask what was reported before it.
pub trait Rule: Sync {
    /// Its id, a sentence about it and its page.
    fn info(&self) -> RuleInfo;

    /// Checks a member by itself: its name, its files.
    ///
    /// # Errors
    /// If a template or a pattern of the pack cannot be evaluated; so for every other check.
    fn check_member(&self, _: &Context<'_, '_>) -> Result<()> {
        Ok(())
    }

    /// Checks a member against one rule of its pack; the rule picks those of its kind.
    fn check_pack_rule(&self, _: &Context<'_, '_>, _: &PackRule) -> Result<()> {
        Ok(())
    }

    /// Checks a class of a member against its contract.
    fn check_class(&self, _: &Context<'_, '_>, _: &ClassView<'_>) -> Result<()> {
        Ok(())
    }

    /// Checks a site in one file: a member's own, or one that all members share.
    fn check_site(&self, _: &Context<'_, '_>, _: &SiteView<'_>) -> Result<()> {
        Ok(())
    }

    /// Checks a slot of the host.
    fn check_slot(&self, _: &Context<'_, '_>, _: &SlotView<'_>) -> Result<()> {
        Ok(())
    }

    /// Checks the host as a whole, and relations between its members.
    fn check_host(&self, _: &Context<'_, '_>, _: &AllMembers) -> Result<()> {
        Ok(())
    }

    /// Checks the files that the other checks needed. It is called last.
    fn check_files(&self, _: &Context<'_, '_>) {}
}
