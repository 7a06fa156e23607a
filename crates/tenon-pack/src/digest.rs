//! The digest of a pack: by it a host's record says what something was made from.

use sha2::{Digest, Sha256};

/// SHA-256 over all paths and contents, in order, in hexadecimal digits. The pack's own tests do not count: they make nothing.
pub fn whole<'f>(files: impl Iterator<Item = (&'f str, &'f [u8])>) -> String {
    let mut hash = Sha256::new();
    for (path, bytes) in files.filter(|(path, _)| !path.starts_with("tests/")) {
        hash.update((path.len() as u64).to_le_bytes());
        hash.update(path.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first 16 digits of [`whole`].
pub fn of<'f>(files: impl Iterator<Item = (&'f str, &'f [u8])>) -> String {
    let mut out = whole(files);
    out.truncate(16);
    out
}
