//! Where the caches of checks lie: in the user's cache directory, one file for each host.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use tenon_engine::apply;
use tenon_engine::host::Host;
use tenon_text::disk;

/// The largest cache that is read, in bytes.
const MAX_CACHE: u64 = 1 << 30;

/// The directory in which this program remembers things; nothing if the user has no cache directory.
pub fn cache() -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
    };
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))?;
    Some(cache.join("tenon"))
}

/// The file for `host`.
fn path(host: &Host) -> Option<PathBuf> {
    let name = format!("{:x}", Sha256::digest(host.root().as_os_str().as_encoded_bytes()));
    Some(cache()?.join(format!("{}.check", &name[..32])))
}

/// What is kept of `host`; nothing if it cannot be read.
pub fn load(host: &Host) -> Option<String> {
    disk::read_text(&path(host)?, MAX_CACHE).ok()
}

/// Keeps `text` for the next check.
pub fn save(host: &Host, text: &str) {
    if let Some(path) = path(host) {
        apply::save_if_possible(&path, text);
    }
}
