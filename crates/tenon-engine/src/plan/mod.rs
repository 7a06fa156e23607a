//! Plans changes of a host: [`build`] a new member, [`update`], [`remove`], [`init`]. Nothing is written here.
//!
//! In: a pack, a host and answers. Out: a [`Plan`], which [`apply`](crate::apply) writes.

mod build;
mod change;
mod diff;
pub mod entries;
pub mod init;
mod inventory;
mod option_choices;
pub mod overlay;
pub mod read_back;
pub mod record;
mod reflow;
pub mod remove;
pub mod remove_entry;
pub mod scope;
pub mod site_file;
pub mod site_rules;
pub mod sites;
pub mod slot_holders;
pub mod tables;
pub mod update;

pub mod workspace;

pub use build::{
    Finish, Mode, NewRequest, Planned, add_folders, build, code_style, new_file_format, required,
};
pub use change::{Change, Plan, PlanError};
pub use diff::{Apart, FileDiff, diffs, unified};
pub use inventory::inventory;
pub use overlay::rewrite;
