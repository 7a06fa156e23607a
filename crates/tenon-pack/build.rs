//! Has cargo notice files that are added below the folders which `include_dir!` embeds, and tells builds apart by their
//! sources: what one build caches of a host is not another's.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for dir in ["templates", "starters", "src", "docs/rules"] {
        println!("cargo:rerun-if-changed={dir}");
        hash(Path::new(dir), &mut hasher)?;
    }
    println!("cargo:rustc-env=TENON_BUILD={:016x}", hasher.finish());
    Ok(())
}

/// Adds the paths and contents of all files below `path`.
fn hash(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if !path.is_dir() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut paths = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    paths.iter().try_for_each(|path| hash(path, hasher))
}
