//! Tells builds apart by their sources: what one build remembers of a host is not another's. Says where the pages of rules are: in the
//! repository, or in a published crate below the crate, where a link stands for them.
#![allow(clippy::disallowed_methods)]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = here.join("../..");
    let mut hasher = DefaultHasher::new();
    // The sources of a published crate do not change without its version, and its sisters have the same one.
    env::var("CARGO_PKG_VERSION")
        .unwrap_or_default()
        .hash(&mut hasher);
    let mut pages = root.join("docs/rules");
    if pages.is_dir() {
        for dir in ["crates", "docs/rules", "src", "templates"] {
            let dir = root.join(dir);
            println!("cargo:rerun-if-changed={}", dir.display());
            hash_files(&dir, &mut hasher)?;
        }
    } else {
        pages = here.join("pages");
    }
    println!("cargo:rustc-env=TENON_PAGES={}", pages.display());
    println!("cargo:rustc-env=TENON_BUILD={:016x}", hasher.finish());
    Ok(())
}

/// Hashes the paths and bytes of all files below `dir`, in order.
fn hash_files(dir: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    let mut paths = fs::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_files(&path, hasher)?;
        } else {
            path.hash(hasher);
            fs::read(&path)?.hash(hasher);
        }
    }
    Ok(())
}
