//! Says where the folders are that are embedded: in the repository at its root, in a published crate below the crate, where links stand for them.
//! Has cargo notice files that are added below them.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::path::PathBuf;

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    for (name, in_repository, in_crate) in [
        ("TENON_TEMPLATES", "templates", "templates"),
        ("TENON_STARTERS", "starters", "starters"),
        ("TENON_SCHEMA", "docs/schema", "schema"),
    ] {
        // Where a checkout has no links, they are files.
        let mut dir = here.join("../..").join(in_repository);
        if !dir.is_dir() {
            dir = here.join(in_crate);
        }
        println!("cargo:rerun-if-changed={}", dir.display());
        println!("cargo:rustc-env={name}={}", dir.display());
    }
}
