//! Finding the host from where a person stands, and which pack is for it.

use std::path::{Path, PathBuf};

use super::Host;

/// Whether the host has every file of `patterns`; none at all recognises nothing.
pub fn matches(host: &Host, patterns: &[String]) -> bool {
    !patterns.is_empty() && patterns.iter().all(|pattern| !host.glob(pattern).is_empty())
}

/// The nearest directory at or above `from` for which `is_host` holds.
pub fn find_root(from: &Path, is_host: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    from.ancestors().find(|dir| is_host(dir)).map(Path::to_path_buf)
}
