//! What git knows of the host: which files changed. The only place that starts another program.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

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

/// The texts that the files at `paths` had in any commit that git knows, as they were committed; those that are no text are
/// left out, and so is everything if git cannot say.
pub fn versions(root: &Path, paths: &[&str]) -> Vec<(String, String)> {
    let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
    for some in paths.chunks(200) {
        let mut args = vec![
            "log",
            "--all",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--format=",
            "--relative",
            "-z",
            "--",
        ];
        args.extend(some);
        let Ok(words) = names(root, &args) else { continue };
        let mut words = words.into_iter();
        // `:100644 100644 BEFORE AFTER M`, then the path.
        while let Some(head) = words.next() {
            let Some(blob) = head.strip_prefix(':').and_then(|head| head.split(' ').nth(3)) else {
                continue;
            };
            if let Some(path) = words.next()
                && !blob.bytes().all(|byte| byte == b'0')
            {
                wanted.insert((path, blob.to_owned()));
            }
        }
    }
    blobs(root, wanted).unwrap_or_default()
}

/// The contents of blobs, by one run of git.
fn blobs(root: &Path, wanted: BTreeSet<(String, String)>) -> Option<Vec<(String, String)>> {
    let mut git = git(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut asks, gives) = (git.stdin.take()?, git.stdout.take()?);
    let ids: Vec<String> = wanted.iter().map(|(_, blob)| format!("{blob}\n")).collect();
    // It answers while it is asked: both ends must go on.
    let asking = std::thread::spawn(move || {
        for id in ids {
            if asks.write_all(id.as_bytes()).is_err() {
                return;
            }
        }
    });
    let mut gives = BufReader::new(gives);
    let mut out = Vec::new();
    for (path, _) in wanted {
        let mut head = String::new();
        gives.read_line(&mut head).ok()?;
        let Some(size) = head
            .trim_end()
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse::<usize>().ok())
        else {
            continue;
        };
        let mut bytes = vec![0; size + 1];
        gives.read_exact(&mut bytes).ok()?;
        bytes.pop();
        if let Ok(text) = String::from_utf8(bytes) {
            out.push((path, text));
        }
    }
    drop(gives);
    let _ = asking.join();
    let _ = git.wait();
    Some(out)
}

/// git in `root`. What a repository sets up to be run shall not be run by looking at it.
fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.args([
        "--no-optional-locks",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
    ])
    .current_dir(root);
    git
}

fn names(root: &Path, args: &[&str]) -> Result<Vec<String>> {
    let output = git(root).args(args).output().map_err(|error| {
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
