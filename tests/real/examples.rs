//! The example packs on the repositories that they are for: a clean clone is made, everything in it is checked, something is
//! made, taken back and removed.
//!
//! `TENON_EXAMPLE_REPOS` names a directory with clones of the repositories, as they are called there; those that it does not
//! have are skipped with a message. Their own tools are not run: they take minutes, and what they said is in the pages of
//! the packs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What is tried on a repository.
struct Example {
    repository: &'static str,
    pack: &'static str,
    /// The name and the flags of what is made.
    made: &'static [&'static str],
    /// The commit of which it is known what is found there.
    commit: &'static str,
    /// What is found at that commit: the rule and the file.
    found: &'static [(&'static str, &'static str)],
    /// One that was written by hand and that nothing builds on.
    by_hand: &'static str,
}

const EXAMPLES: [Example; 5] = [
    Example {
        repository: "coredns",
        pack: "coredns",
        made: &["frobnicate", "--before", "cache", "--owner", "octocat"],
        commit: "4b26cced32717eac6dd725e308d7415c8b9db147",
        found: &[],
        by_hand: "minimal",
    },
    Example {
        repository: "dependabot-core",
        pack: "dependabot",
        made: &["acme_kit", "--title", "Acme Kit", "--key", "acme"],
        commit: "54c10285aafe229d2e8e2708c1c716d6a0a534f8",
        found: &[
            ("missing-entry", "Gemfile"),
            ("missing-entry", "bin/dry-run.rb"),
            ("missing-entry", "bin/dry-run.rb"),
        ],
        by_hand: "elm",
    },
    Example {
        repository: "opentelemetry-js-contrib",
        pack: "opentelemetry-js",
        made: &[
            "acme-queue",
            "--library",
            "@acme/queue",
            "--owner",
            "octocat",
            "--bundled",
        ],
        commit: "fd4d8ae8ffbbb21616baa036948b2fb70d289892",
        found: &[
            (
                "mismatched-entry",
                "packages/instrumentation-browser-navigation/package.json",
            ),
            (
                "mismatched-entry",
                "packages/instrumentation-web-exception/package.json",
            ),
            ("missing-entry", ".github/component-label-map.yml"),
            ("missing-entry", ".github/component-label-map.yml"),
            ("missing-entry", "packages/auto-instrumentations-node/README.md"),
            ("missing-entry", "packages/auto-instrumentations-node/README.md"),
            ("missing-part", "packages/instrumentation-long-task/LICENSE"),
        ],
        by_hand: "dataloader",
    },
    Example {
        repository: "redash",
        pack: "redash",
        made: &["acme_db", "--requires", "acme-client==1.0", "--imports", "acme"],
        commit: "ca79fe988d81cdac9675b412f3dfcab107bc1fbc",
        found: &[
            ("missing-code", "redash/query_runner/google_spanner.py"),
            ("missing-entry", "redash/settings/__init__.py"),
        ],
        by_hand: "nz",
    },
    Example {
        repository: "seatunnel",
        pack: "seatunnel",
        made: &["acme-db", "--sink", "--source"],
        commit: "15431c94d9b9f34839173d67c1b638f058f58722",
        found: &[
            ("duplicate-entry", "seatunnel-dist/pom.xml"),
            ("missing-entry", "seatunnel-dist/pom.xml"),
        ],
        by_hand: "druid",
    },
];

/// A clone of its own, with the pack that is used in it.
struct Clone {
    root: PathBuf,
    pack: PathBuf,
}

impl Clone {
    fn of(from: &Path, example: &Example) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("real-examples")
            .join(example.repository);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).unwrap();
        let pack = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/examples/packs")
            .join(example.pack);
        let out = Self { root, pack };
        out.run(
            "git",
            &["clone", "--quiet", "--shared", from.to_str().unwrap(), "."],
        );
        out
    }

    /// Runs a program, which must succeed; gives what it prints.
    fn run(&self, program: &str, words: &[&str]) -> String {
        let output = Command::new(program)
            .args(words)
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {}\n{said}", words.join(" "));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn tenon(&self, words: &[&str]) {
        let pack = ["--pack", self.pack.to_str().unwrap()];
        self.run(
            env!("CARGO_BIN_EXE_tenon"),
            &[words, &pack, &["--quiet"]].concat(),
        );
    }

    /// What a check of everything finds: the rule and the file of each, in order.
    fn found(&self) -> Vec<(String, String)> {
        let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(["validate-structure", "--format", "json", "--pack"])
            .arg(&self.pack)
            .current_dir(&self.root)
            .output()
            .unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = said["findings"].as_array().unwrap().iter();
        let mut all: Vec<(String, String)> = all
            .map(|finding| (text(&finding["rule"]), text(&finding["location"]["path"])))
            .collect();
        all.sort();
        all
    }

    /// What git sees that is not as it was, but for the history of the program.
    fn dirt(&self) -> BTreeSet<String> {
        let status = self.run("git", &["status", "--porcelain", "--ignored"]);
        let lines = status.lines().filter(|line| !line.contains(".tenon/"));
        lines.map(str::to_owned).collect()
    }
}

#[test]
fn example_packs_fit_the_repositories_that_they_are_for() {
    let Some(clones) = std::env::var_os("TENON_EXAMPLE_REPOS") else {
        eprintln!("skipped: TENON_EXAMPLE_REPOS names no directory with clones of the repositories");
        return;
    };
    for example in &EXAMPLES {
        let from = Path::new(&clones).join(example.repository);
        if !from.is_dir() {
            eprintln!("skipped: there is no clone of {}", example.repository);
            continue;
        }
        let clone = Clone::of(&from, example);
        let known = clone.found();
        let commit = clone.run("git", &["rev-parse", "HEAD"]);
        if commit.trim() == example.commit {
            let right = example.found.iter();
            let right: Vec<_> = right
                .map(|(rule, path)| ((*rule).to_owned(), (*path).to_owned()))
                .collect();
            assert_eq!(known, right, "{}", example.repository);
        } else {
            eprintln!(
                "{}: another commit than the one that is known",
                example.repository
            );
        }
        let new = [&["new-integration"], example.made, &["--no-input", "--yes"]].concat();
        clone.tenon(&new);
        assert_eq!(
            clone.found(),
            known,
            "{}: what was made has findings",
            example.repository
        );
        // Lines are added, and of those that were there only what closes a list may change.
        for line in clone.run("git", &["diff", "--numstat"]).lines() {
            let taken: usize = line.split('\t').nth(1).unwrap().parse().unwrap();
            assert!(taken <= 1, "{}: {line}", example.repository);
        }
        clone.run(env!("CARGO_BIN_EXE_tenon"), &["undo", "--quiet"]);
        assert_eq!(clone.dirt(), BTreeSet::new(), "{}: undo", example.repository);
        clone.tenon(&new);
        clone.tenon(&["remove-integration", example.made[0], "--yes"]);
        assert_eq!(clone.dirt(), BTreeSet::new(), "{}: removal", example.repository);
        clone.tenon(&["remove-integration", example.by_hand, "--force", "--yes"]);
        assert_eq!(
            clone.found(),
            known,
            "{}: {} is gone",
            example.repository,
            example.by_hand
        );
    }
}
