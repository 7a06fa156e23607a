//! Plans the removal of a member, or of a part of it, whether tenon made it or somebody wrote it by hand.
//!
//! Its entries are removed from every site, its slots are handed over to their earlier holders, its files are deleted. What people
//! changed or added stays unless `force` is given. An entry is removed if the record has it, or if the pack would make it for what
//! is removed and not for what remains.

mod entries;
mod entry_key;
mod files;
mod handover;
mod planner;
mod references;
mod slots;

use super::change::Plan;
use tenon_text::diag::Result;

pub use files::KeptFile;
pub use planner::RemoveRequest;
pub use references::Mention;

use planner::RemovalPlanner;

/// A planned removal.
pub struct Removal {
    /// The plan.
    pub plan: Plan,
    /// Files of the member that are kept.
    pub kept: Vec<KeptFile>,
    /// Places that still mention the member.
    pub mentions: Vec<Mention>,
}

/// Plans a removal. Writes nothing.
///
/// # Errors
/// When there is no such member, when others depend on it, when a slot would have no holder, when a site cannot be read.
pub fn build<'a>(request: &'a RemoveRequest<'a>) -> Result<Removal> {
    let mut planner = RemovalPlanner::new(request)?;
    references::refuse_if_used(&mut planner)?;
    let words = references::words(&mut planner)?;
    let gone = planner.entries_to_remove()?;
    let mut handover = slots::hand_over(&mut planner)?;
    files::hand_over(&mut planner, &gone, &mut handover)?;
    entries::remove_entries(&mut planner, &gone, &handover)?;
    let kept = files::remove_files(&mut planner, &handover)?;
    planner.write_record(&handover)?;
    let deleted = planner.overlay.deleted();
    let mentions = match planner.remaining {
        None => references::mentions(&mut planner, &words, &deleted)?,
        Some(_) => vec![],
    };
    references::refuse_mentions(request.name, &planner.members, &mentions, request.force)?;
    let plan = planner
        .overlay
        .into_plan(format!("remove {} {}", request.kind.id, request.name))?;
    Ok(Removal { plan, kept, mentions })
}
