//! Every tenth commit of the repositories that the built-in packs are about: nothing is found there that is not true, a new
//! integration fits in, and what is taken back leaves no trace.
//!
//! The repositories are not part of this one: a variable for each says where a clone of it is. What is true of their commits is data
//! in `tests/histories.toml`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::Value;

use crate::support::sandbox::{Ran, Sandbox, Tree, changes};

/// What is known of a repository.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    /// The variable that names a clone of it.
    variable: String,
    /// The words that make an integration there.
    make: Vec<String>,
    /// Findings in its commits that are true.
    #[serde(default, rename = "true")]
    is_true: Vec<Known>,
    /// Why no integration can be made in some commits.
    #[serde(default)]
    refused: Vec<Refused>,
}

/// A finding that is true.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rule: String,
    /// The path, or how it begins.
    #[serde(default)]
    at: String,
    /// What the message says, or a part of it.
    #[serde(default)]
    says: String,
    /// Why it is true; for those who read the file.
    #[serde(rename = "why")]
    _why: String,
}

/// A refusal that is right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    says: String,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
struct File {
    history: Vec<History>,
}

/// A finding: its rule, its path and its message.
type Finding = (String, String, String);

#[test]
fn no_commit_of_the_frameworks_has_a_false_finding() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let said: String = file.history.iter().map(walk).collect();
    assert!(said.is_empty(), "\n{said}");
}

/// What is wrong in the commits of a repository, one line each.
fn walk(history: &History) -> String {
    let Some(clone) = std::env::var_os(&history.variable).map(PathBuf::from) else {
        eprintln!(
            "skipped: {} names no clone of the framework's repository",
            history.variable
        );
        return String::new();
    };
    let step = std::env::var("TENON_HISTORY_STEP").map_or(10, |step| step.parse().unwrap());
    let all = git(&clone, &["log", "--format=%h", "HEAD"]);
    let commits: Vec<&str> = all.lines().step_by(step).collect();
    let next = AtomicUsize::new(0);
    let (known, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let wrong = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(commit) = commits.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let host = checkout(&clone, commit);
                    let mut commit = Commit {
                        id: commit,
                        host,
                        history,
                        wrong: vec![],
                    };
                    if commit.is_known() {
                        known.fetch_add(1, Ordering::Relaxed);
                        made.fetch_add(usize::from(commit.try_out()), Ordering::Relaxed);
                        wrong.lock().unwrap().extend(commit.wrong);
                    }
                }
            });
        }
    });
    let (known, made) = (known.into_inner(), made.into_inner());
    eprintln!(
        "{}: {known} of {} commits are known, an integration was made in {made}",
        history.variable,
        commits.len()
    );
    assert!(
        known > 0 && made > 0,
        "{}: {known} commits are known",
        history.variable
    );
    wrong
        .into_inner()
        .unwrap()
        .into_iter()
        .map(|line| line + "\n")
        .collect()
}

/// A commit that is checked out.
struct Commit<'h> {
    id: &'h str,
    host: Sandbox,
    history: &'h History,
    wrong: Vec<String>,
}

impl Commit<'_> {
    /// Whether a pack knows the host.
    fn is_known(&self) -> bool {
        let ran = self.host.run(&["validate-structure"]);
        !ran.err.contains("no pack recognises")
    }

    /// Checks, fixes, makes and takes back; whether an integration could be made.
    fn try_out(&mut self) -> bool {
        let (tree, before) = (self.tree(), self.findings());
        for (rule, path, message) in &before {
            let is = |known: &Known| {
                known.rule == *rule && path.starts_with(&known.at) && message.contains(&known.says)
            };
            if rule != "unrecognised-entry" && !self.history.is_true.iter().any(is) {
                self.wrong
                    .push(format!("{}: finds {rule} {path}: {message}", self.id));
            }
        }
        self.fixed(&tree, &before);
        let words: Vec<&str> = self.history.make.iter().map(String::as_str).collect();
        let ran = self.host.run(&words);
        if ran.code != 0 {
            self.refuses(&ran, &tree);
            return false;
        }
        for (rule, path, message) in self.findings().difference(&before) {
            self.wrong
                .push(format!("{}: what was made has {rule} {path}: {message}", self.id));
        }
        self.undone(&tree);
        true
    }

    /// What `--fix` does leaves nothing that was not found before, and goes again.
    fn fixed(&mut self, tree: &Tree, before: &BTreeSet<Finding>) {
        let ran = self.host.run(&["validate-structure", "--fix"]);
        if ran.code > 1 {
            self.wrong
                .push(format!("{}: `--fix` ends with {}", self.id, ran.err));
        }
        for (rule, path, message) in self.findings().difference(before) {
            self.wrong
                .push(format!("{}: after `--fix` {rule} {path}: {message}", self.id));
        }
        if self.tree() != *tree {
            self.undone(tree);
        }
    }

    /// A refusal is one of those that are right, and changes nothing.
    fn refuses(&mut self, ran: &Ran, tree: &Tree) {
        if !self
            .history
            .refused
            .iter()
            .any(|refused| ran.err.contains(&refused.says))
        {
            let first = ran
                .err
                .lines()
                .find(|line| line.starts_with("error"))
                .unwrap_or(&ran.err);
            self.wrong.push(format!("{}: refuses: {first}", self.id));
        }
        self.is(tree, "a refusal");
    }

    fn undone(&mut self, tree: &Tree) {
        let ran = self.host.run(&["undo", "--quiet"]);
        if ran.code != 0 {
            self.wrong
                .push(format!("{}: `undo` ends with {}", self.id, ran.err));
        }
        self.is(tree, "`undo`");
    }

    fn is(&mut self, tree: &Tree, after: &str) {
        for change in changes(tree, &self.tree()) {
            let change: String = change.chars().take(200).collect();
            self.wrong.push(format!("{}: after {after}: {change}", self.id));
        }
    }

    fn tree(&self) -> Tree {
        let mut tree = self.host.tree();
        tree.retain(|path, _| path != ".tenon" && !path.starts_with(".tenon/"));
        tree
    }

    fn findings(&mut self) -> BTreeSet<Finding> {
        let ran = self.host.run(&["validate-structure", "--format", "json"]);
        let found: Value = serde_json::from_str(&ran.out).unwrap_or_default();
        let Some(found) = found["findings"].as_array() else {
            self.wrong
                .push(format!("{}: a check ends with {}{}", self.id, ran.out, ran.err));
            return BTreeSet::new();
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let finding = |it: &Value| {
            (
                text(&it["rule"]),
                text(&it["location"]["path"]),
                text(&it["message"]),
            )
        };
        found.iter().map(finding).collect()
    }
}

/// What git prints.
fn git(clone: &Path, words: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(clone)
        .args(words)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The files of a commit. A clone may lack large ones.
fn checkout(clone: &Path, commit: &str) -> Sandbox {
    let host = Sandbox::empty();
    let list = git(clone, &["ls-tree", "-r", "-z", commit]);
    let mut batch = Command::new("git")
        .arg("-C")
        .arg(clone)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut ask, mut told) = (
        batch.stdin.take().unwrap(),
        BufReader::new(batch.stdout.take().unwrap()),
    );
    for line in list.split('\0').filter(|line| !line.is_empty()) {
        let (what, path) = line.split_once('\t').unwrap();
        let mut what = what.split(' ');
        let (mode, id) = (what.next().unwrap(), what.nth(1).unwrap());
        if mode == "160000" {
            continue;
        }
        writeln!(ask, "{id}").unwrap();
        let mut head = String::new();
        told.read_line(&mut head).unwrap();
        let Some(size) = head.trim().rsplit(' ').next().and_then(|size| size.parse().ok()) else {
            continue;
        };
        let mut bytes = vec![0; size];
        told.read_exact(&mut bytes).unwrap();
        told.read_exact(&mut [0]).unwrap();
        if mode == "120000" {
            std::fs::create_dir_all(host.at(path).parent().unwrap()).unwrap();
            host.link(path, String::from_utf8(bytes).unwrap());
        } else {
            host.write(path, bytes);
        }
    }
    drop(ask);
    batch.wait().unwrap();
    host
}
