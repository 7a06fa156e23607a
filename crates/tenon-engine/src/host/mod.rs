//! The only reader of the host, the repository in which a pack makes things.
//!
//! [`Host`] confines paths, follows no symbolic link out of the root, bounds sizes and reads each file at most once.

mod detect;
mod dirs;
mod exists;
mod git;
mod glob;
mod list;
mod path;
mod reader;
mod repository;
mod root;
mod stamp;

mod trace;
mod unreadable;
mod walk;

pub use detect::{matches, nearest};
pub use git::{Remote, changed_since, files_at, versions};
pub use path::{HostPath, folded};
pub use reader::{Found, Host, canonical, is_host_file};
pub use stamp::{Dir, Print, Printer, Stamp, Stamps};
pub use trace::{Ledger, Touched, standing};
