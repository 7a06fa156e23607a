//! A pack in a gzipped tar archive. Only plain files are taken out of it, into memory, in bounds.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tar::{Archive, EntryType};

use tenon_text::diag::{Error, Result};
use tenon_text::disk;

use super::files::{MAX_ALL, MAX_FILE, MAX_FILES, PackFiles};
use super::source::is_inside;

/// The largest archive, packed, in bytes.
const MAX_PACKED: u64 = 32 << 20;

/// The pack in the archive at `path`, whose SHA-256 must be `sha256`. If everything stands below one folder, as `cargo package`
/// does it, that is the pack.
///
/// # Errors
/// If it cannot be read, has another digest, is too large, or has anything in it that is neither file nor folder or does not
/// stand below its root.
pub fn read(path: &Path, sha256: &str) -> Result<PackFiles> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| {
        Error::new(format!("cannot read `{shown}`"))
            .because(error)
            .help("give a tar archive packed by gzip, relative to the host's root")
    };
    let packed = disk::read(path, MAX_PACKED).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge => too_large(path),
        _ => unreadable(error),
    })?;
    let is: String = Sha256::digest(&packed)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if is != sha256 {
        return Err(Error::new(format!("`{shown}` is not the archive that is meant"))
            .because(format!("its SHA-256 is {is}"))
            .because(format!("asked for is  {sha256}"))
            .help("find out why it differs before you use it"));
    }
    let mut files = BTreeMap::new();
    let mut archive = Archive::new(GzDecoder::new(packed.as_slice()).take(MAX_ALL));
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let name = entry
            .path()
            .ok()
            .and_then(|name| name.to_str().map(str::to_owned));
        let Some(name) = name else {
            return Err(refused(path, "a name", "is not UTF-8"));
        };
        match entry.header().entry_type() {
            EntryType::Regular => {}
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            _ => return Err(refused(path, &name, "is neither a file nor a folder")),
        }
        if !is_inside(&name) {
            return Err(refused(path, &name, "leads out of the archive"));
        }
        if entry.size() > MAX_FILE || files.len() >= MAX_FILES {
            return Err(too_large(path));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(unreadable)?;
        if files.insert(name.clone(), bytes).is_some() {
            return Err(refused(path, &name, "stands there twice"));
        }
    }
    let files = without_root(files);
    if !files.contains_key("pack.toml") {
        return Err(
            Error::new(format!("`{shown}` is not a pack: it has no `pack.toml`"))
                .help("pack the folder that holds `pack.toml`"),
        );
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("pack");
    Ok(PackFiles::of(stem, files))
}

/// The files without the one folder in which all of them stand.
fn without_root(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let root = files.keys().next().and_then(|path| path.split_once('/'));
    let Some(root) = root.map(|(root, _)| format!("{root}/")) else {
        return files;
    };
    if !files.keys().all(|path| path.starts_with(&root)) {
        return files;
    }
    let below = |(path, bytes): (String, Vec<u8>)| (path[root.len()..].to_owned(), bytes);
    files.into_iter().map(below).collect()
}

fn refused(path: &Path, name: &str, why: &str) -> Error {
    Error::new(format!("`{}` in `{}` {why}", name.escape_debug(), path.display()))
        .help("packs are plain files and folders: make the archive anew")
}

fn too_large(path: &Path) -> Error {
    Error::new(format!("the pack in `{}` is too large", path.display()))
        .help("a pack has at most 5,000 files of at most 4 MiB, and 32 MiB packed")
}
