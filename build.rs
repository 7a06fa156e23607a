//! Embeds the built-in packs: lists the files below `templates/`, each pack's with its digest, as a table that
//! `src/pack/files.rs` includes, and `pack.toml` also as JSON, which is read in a quarter of the time. So nothing has
//! to be walked, digested or parsed as TOML when the program runs.

#[path = "src/pack/digest.rs"]
mod digest;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=templates");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/pack/digest.rs");
    let from = |name: &str| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let templates = from("CARGO_MANIFEST_DIR").join("templates");
    let mut out = String::from("static EMBEDDED: &[Embedded] = &[\n");
    for pack in sorted(&templates)?.into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&pack, "", &mut files)?;
        files.sort();
        let digest = digest::of(
            files
                .iter()
                .map(|(path, bytes, _)| (path.as_str(), bytes.as_slice())),
        );
        let name = pack.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(
            out,
            "    Embedded {{ name: {name:?}, digest: {digest:?}, json: {:?}, files: &[",
            json(&pack.join("pack.toml"))?
        );
        for (path, _, full) in &files {
            let _ = writeln!(out, "        ({path:?}, include_bytes!({full:?})),");
        }
        out.push_str("    ] },\n");
    }
    out.push_str("];\n");
    fs::write(from("OUT_DIR").join("packs.rs"), out)
}

/// A TOML file as JSON.
fn json(path: &Path) -> io::Result<String> {
    let table: toml::Table = toml::from_str(&fs::read_to_string(path)?).map_err(io::Error::other)?;
    Ok(serde_json::to_string(&table)?)
}

/// What lies in `dir`, sorted.
fn sorted(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// All files below `dir`: the path in the pack, the bytes, the path on the disk.
fn collect(dir: &Path, above: &str, files: &mut Vec<(String, Vec<u8>, PathBuf)>) -> io::Result<()> {
    for path in sorted(dir)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inside = format!("{above}{name}");
        if path.is_dir() {
            collect(&path, &format!("{inside}/"), files)?;
        } else {
            files.push((inside, fs::read(&path)?, path));
        }
    }
    Ok(())
}
