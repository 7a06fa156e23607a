//! The only reader of the host, the repository in which a pack makes members.
//!
//! [`Host`] confines paths, follows no symbolic link out of the root, bounds sizes and reads each file at most once.

mod detect;
mod dirs;
mod exists;
mod fingerprint;
mod git;
mod glob;
mod list;
mod manifests;
mod path;
mod reader;
mod repository;
mod root;
mod unreadable;
mod walk;

pub use detect::{matches, nearest};
pub use dirs::lock;
pub use fingerprint::Fingerprint;
pub use git::{ChangedFile, Remote, additions, changed_since, files_at, found_by, versions};
pub use path::{HostPath, folded};
pub use reader::{Found, Host, canonical, is_called_like_a_file, is_host_file};
