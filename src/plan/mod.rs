//! From a pack, a host and answers to a plan: pure, nothing is written here.

mod build;
mod change;
mod diff;
pub mod init;
mod inventory;
mod overlay;
pub mod record;
mod scope;
mod sites;
mod workspace;

pub use build::{Planned, Request, build, code_style};
pub use change::{Change, Plan};
pub use diff::{FileDiff, diffs};
pub use inventory::inventory;
#[allow(
    unused_imports,
    reason = "`validate-structure`, which is being built, writes baselines"
)]
pub use overlay::rewrite;
