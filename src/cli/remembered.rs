//! Where what is remembered of hosts lies: in the user's cache directory, one file for each host.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use tenon_engine::apply;
use tenon_engine::host::Host;
use tenon_engine::rules::Memory;
use tenon_text::disk;

/// The most that is remembered of a host, in bytes.
const MAX_MEMORY: u64 = 1 << 30;

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
    Some(cache()?.join(format!("{}.json", &name[..32])))
}

/// What is remembered of `host`: nothing, if it cannot be read.
pub fn load(host: &Host) -> Memory {
    let text = path(host).and_then(|path| disk::read_text(&path, MAX_MEMORY).ok());
    text.map(Memory::read).unwrap_or_default()
}

/// Remembers it for the next time.
pub fn save(host: &Host, memory: &Memory) {
    if let Some(path) = path(host)
        && (!memory.is_empty() || !matches!(disk::stat(&path), Ok(None)))
    {
        apply::save_if_possible(&path, &memory.text());
    }
}
