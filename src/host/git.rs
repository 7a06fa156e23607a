//! What git knows of the host: which files changed. The only place that starts another program.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::diag::{Error, Result};

/// The files below `root` that differ from where `reference` and the current commit part, committed or not, and those
/// that git does not know yet; relative to `root`.
///
/// # Errors
/// If there is no git, no repository, or no such commit.
pub fn changed_since(root: &Path, reference: &str) -> Result<Vec<String>> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(Error::new(format!("`{}` is no commit", reference.escape_debug()))
            .help("name a branch, a tag or a commit: `--changed-since origin/main`"));
    }
    let mut out = names(
        root,
        &[
            "diff",
            "--name-only",
            "-z",
            "--relative",
            "--no-ext-diff",
            "--no-renames",
            "--merge-base",
            reference,
            "--",
        ],
    )?;
    out.extend(names(
        root,
        &["ls-files", "--others", "--exclude-standard", "-z"],
    )?);
    out.sort();
    out.dedup();
    Ok(out)
}

/// The files below `root` that git keeps, or would keep if they were added; nothing if git cannot say.
pub fn kept(root: &Path) -> Option<BTreeSet<String>> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let known = names(root, &args).ok()?;
    // Of a directory that is ignored as a whole git knows nothing.
    (!known.is_empty()).then(|| known.into_iter().collect())
}

fn names(root: &Path, args: &[&str]) -> Result<Vec<String>> {
    let output = Command::new("git")
        // What a repository sets up to be run shall not be run by looking at it.
        .args([
            "--no-optional-locks",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(args)
        .current_dir(root)
        .output()
        .map_err(|error| {
            Error::new("git cannot be run")
                .because(error)
                .help("`--changed-since` asks git what changed: install it, or leave the option out")
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default().trim().to_owned();
        return Err(Error::new("git cannot say what changed")
            .because(said)
            .help("in CI, check out the whole history: `fetch-depth: 0`"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}
