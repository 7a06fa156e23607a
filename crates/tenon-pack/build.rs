//! What is worked out of the built-in packs when the program is built: each pack's files by name, its digest, and
//! `pack.toml` as JSON, which is read in a quarter of the time, with what tells its hosts apart by itself. So nothing has
//! to be walked, digested or parsed as TOML when the program runs. Large files are packed: what is embedded is a copy
//! below `OUT_DIR`. It also makes cargo notice files that are added below `templates/`, which the macro that embeds them
//! does not.
#![allow(clippy::disallowed_methods)]

#[path = "src/digest.rs"]
mod digest;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let from = |name: &str| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let root = from("CARGO_MANIFEST_DIR").join("../..");
    let out = from("OUT_DIR");
    fs::write(
        out.join("packs.rs"),
        packs(&root.join("templates"), &out.join("templates"))?,
    )?;
    println!("cargo:rerun-if-changed={}", root.join("templates").display());
    Ok(())
}

/// From how many bytes on a file is packed: a smaller one is not worth the time to unpack it.
const PACKED_FROM: usize = 1500;

/// The table of packs, as Rust; their files are copied to `copies`, large ones packed.
fn packs(templates: &Path, copies: &Path) -> io::Result<String> {
    if copies.exists() {
        fs::remove_dir_all(copies)?;
    }
    let mut out = String::from("static EMBEDDED: &[Embedded] = &[\n");
    let mut packed = Vec::new();
    for pack in sorted(templates)?.into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&pack, "", &mut files)?;
        files.sort();
        let digest = digest::of(
            files
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
        );
        let name = pack.file_name().unwrap_or_default().to_string_lossy();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        for (path, bytes) in &files {
            let copy = copies.join(&*name).join(path);
            fs::create_dir_all(copy.parent().unwrap_or(copies))?;
            if bytes.len() < PACKED_FROM {
                fs::write(copy, bytes)?;
            } else {
                fs::write(copy, deflated(bytes)?)?;
                packed.push(format!("{name}/{path}"));
            }
        }
        let table = fs::read_to_string(pack.join("pack.toml"))?;
        let table: toml::Table = toml::from_str(&table).map_err(io::Error::other)?;
        let _ = writeln!(
            out,
            "    Embedded {{ name: {name:?}, digest: {digest:?}, json: {:?}, detect: {:?}, files: &{paths:?} }},",
            serde_json::to_string(&table)?,
            serde_json::to_string(&table["detect"])?
        );
    }
    packed.sort();
    let _ = writeln!(out, "];\nstatic PACKED: &[&str] = &{packed:?};");
    Ok(out)
}

/// The bytes as a stream of DEFLATE, without a header.
fn deflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// What lies in `dir`, sorted.
fn sorted(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// All files below `dir`: the path in it, and the bytes.
fn collect(dir: &Path, above: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for path in sorted(dir)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inside = format!("{above}{name}");
        if path.is_dir() {
            collect(&path, &format!("{inside}/"), files)?;
        } else {
            files.push((inside, fs::read(&path)?));
        }
    }
    Ok(())
}
