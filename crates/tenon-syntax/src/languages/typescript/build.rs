//! What the compiler makes of the sources of a package.

use crate::Source;
use crate::build::Build;

use super::config::read_config;

/// The build of the package in `dir`, by the configuration at `path`; nothing if that does not say where it puts what it makes.
/// `imports` says whether a source below one of some directories imports something that begins with a prefix.
pub fn read(
    source: &dyn Source,
    dir: &str,
    path: &str,
    imports: &dyn Fn(&[String], &str) -> bool,
) -> Option<Build> {
    let mut config = read_config(source, path)?;
    let out = config.out_dir.clone()?;
    // What is imported from outside of what is included is compiled too, and moves the root.
    let outside: Vec<String> = config
        .aliases
        .iter()
        .filter(|(prefix, folder)| !config.includes(folder) && imports(&config.include, prefix))
        .map(|(_, folder)| folder.trim_end_matches('/').to_owned())
        .collect();
    if config.root_dir.is_none() && !config.include.is_empty() {
        config.include.extend(outside);
    }
    Some(Build {
        dir: dir.to_owned(),
        out,
        roots: config.roots(|sub| source.is_dir(&format!("{dir}/{sub}"))),
        built: &[".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs"],
        sources: &[".ts", ".tsx", ".mts", ".cts"],
    })
}
