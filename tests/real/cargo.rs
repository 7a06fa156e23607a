//! What the pack `cargo` makes, as cargo's own tools see it; and siblings in public workspaces.
//!
//! Needs cargo with rustfmt and clippy: without them the tests are skipped with a message, and fail where `CI=true`. One
//! directory holds everything that is built. `TENON_CARGO_REPOS` names a directory with clones of the public workspaces.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::breaks::{self, Break};

/// A workspace on disk, with what is built of it elsewhere.
struct Workspace {
    root: PathBuf,
    built: PathBuf,
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-cargo")
}

/// Whether the tools are there.
fn has_tools() -> bool {
    for tool in ["fmt", "clippy"] {
        let output = Command::new("cargo").args([tool, "--version"]).output();
        if !output.is_ok_and(|output| output.status.success()) {
            assert!(
                std::env::var_os("CI").is_none_or(|ci| ci != "true"),
                "`cargo {tool}` is missing"
            );
            eprintln!("skipped: `cargo {tool}` is not installed");
            return false;
        }
    }
    true
}

impl Workspace {
    /// A fresh host of the pack.
    fn made(name: &str, flags: &[&str]) -> Self {
        let root = base().join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(base()).unwrap();
        // What this repository says to formatters is not for the host.
        std::fs::write(base().join("rustfmt.toml"), "").unwrap();
        let out = Self {
            root: base(),
            // Workspaces of one layout would take each other's crates for their own.
            built: base().join("built").join(name),
        };
        out.tenon(&[&["new", "host", name, "--pack", "cargo", "--quiet"], flags].concat());
        Self { root, ..out }
    }

    fn output(&self, tool: &str, words: &[&str]) -> Output {
        Command::new(tool)
            .args(words)
            .env("CARGO_TARGET_DIR", &self.built)
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("RUSTFLAGS")
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs a tool, which must succeed; gives what it prints.
    fn run(&self, tool: &str, words: &[&str]) -> String {
        let begun = std::time::Instant::now();
        let output = self.output(tool, words);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{tool} {}\n{text}{said}",
            words.join(" ")
        );
        eprintln!("{:4} s  {tool} {}", begun.elapsed().as_secs(), words.join(" "));
        text
    }

    fn tenon(&self, words: &[&str]) -> String {
        self.run(env!("CARGO_BIN_EXE_tenon"), words)
    }

    /// Formatter, linter, tests and documentation of everything.
    fn passes(&self) {
        self.run("cargo", &["fmt", "--check"]);
        let denied = ["--", "-D", "warnings"];
        self.run(
            "cargo",
            &[
                &["clippy", "--workspace", "--all-targets", "--quiet"],
                &denied[..],
            ]
            .concat(),
        );
        self.run("cargo", &["test", "--workspace", "--quiet"]);
        self.run("cargo", &["doc", "--workspace", "--no-deps", "--quiet"]);
        assert!(self.tenon(&["validate-structure"]).starts_with("no findings"));
    }

    fn controller(&self, words: &[&str]) -> Output {
        self.output(
            "cargo",
            &[&["run", "--quiet", "-p", "controller", "--"], words].concat(),
        )
    }
}

#[test]
fn everything_that_is_generated_passes_cargos_own_tools() {
    if !has_tools() {
        return;
    }
    for (name, flags) in [("platform", &[][..]), ("gated", &["--gated"][..])] {
        let host = Workspace::made(name, flags);
        host.passes();
        for words in [
            &["new", "service", "broker"][..],
            &["new", "service", "a-service-with-a-very-long-name"],
            &["new-integration", "acme"],
            &["new-integration", "i", "--services", "all"],
            &["new-integration", "nova", "--services", "broker"],
            &[
                "new-integration",
                "an-integration-with-a-long-name",
                "--services",
                "all",
            ],
            &["new", "consumer", "orders", "--in", "acme"],
            &[
                "new",
                "consumer",
                "a-consumer-with-a-very-long-name",
                "--in",
                "nova",
            ],
        ] {
            host.tenon(&[words, &["--quiet"]].concat());
        }
        host.passes();
        if !flags.is_empty() {
            let words = [
                "clippy",
                "--workspace",
                "--all-targets",
                "--no-default-features",
                "--quiet",
            ];
            host.run("cargo", &[&words[..], &["--", "-D", "warnings"]].concat());
        }
        // It runs, and what is asked for reaches the integration, which is not written yet.
        let listed = host.controller(&["list"]);
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        assert!(
            listed.starts_with("4 integrations\n") && listed.contains("target acme\n"),
            "{listed}"
        );
        for (target, said) in [
            ("acme", "not implemented yet\n"),
            ("mail", "nothing integrates `mail`\n"),
        ] {
            let asked = host.controller(&["integrate", target, "example"]);
            assert_eq!(String::from_utf8_lossy(&asked.stderr), said);
        }
        let appeared = host.controller(&["appeared", "example.com/v1/Example", "example"]);
        assert_eq!(String::from_utf8_lossy(&appeared.stdout), "0 consumers\n");
    }
}

#[test]
fn stubs_that_are_written_later_compile() {
    if !has_tools() {
        return;
    }
    let host = Workspace::made("growing", &[]);
    host.tenon(&["new-integration", "acme", "--quiet"]);
    let path = host.root.join("crates/contract/src/integrator.rs");
    let text = std::fs::read_to_string(&path).unwrap();
    let more = "    /// One after the other.\n    fn all<'a, T>(\n        &'a self,\n        names: &'a [T],\n    ) -> \
                impl Future<Output = Result<std::collections::BTreeMap<String, Gvk>, Error>> + Send\n    where\n        \
                T: AsRef<str> + Sync;\n\n    /// How many there may be.\n    fn most(&self) -> usize;\n\n    /// Ensures that";
    let text = text.replace("    /// Ensures that", more).replace(
        "use crate::{Error, Integration};",
        "use crate::{Error, Gvk, Integration};",
    );
    std::fs::write(&path, text).unwrap();
    let found = host.output(env!("CARGO_BIN_EXE_tenon"), &["validate-structure"]);
    assert!(!found.status.success());
    host.tenon(&["validate-structure", "--fix"]);
    host.run("cargo", &["fmt", "--check", "-p", "acme-integration"]);
    let denied = ["--", "-D", "warnings"];
    host.run(
        "cargo",
        &[
            &["clippy", "-p", "acme-integration", "--all-targets", "--quiet"],
            &denied[..],
        ]
        .concat(),
    );
}

/// Public workspaces: where they are cloned to, the pack, the name of the sibling, and what has to build.
const PUBLIC: [(&str, &str, &str, &[&[&str]]); 3] = [
    (
        "Symphonia",
        "symphonia",
        "speex",
        &[
            &["-p", "symphonia-codec-speex"],
            &["-p", "symphonia", "--features", "speex"],
        ],
    ),
    (
        "gluesql",
        "gluesql",
        "paper-tape",
        &[
            &["-p", "gluesql-paper-tape-storage"],
            &[
                "-p",
                "gluesql",
                "--no-default-features",
                "--features",
                "gluesql-paper-tape-storage",
            ],
        ],
    ),
    (
        "coreutils",
        "coreutils",
        "frob",
        &[
            &["-p", "uu_frob"],
            &["--no-default-features", "--features", "frob"],
        ],
    ),
];

#[test]
fn a_sibling_is_added_to_public_workspaces() {
    let Some(clones) = std::env::var_os("TENON_CARGO_REPOS") else {
        eprintln!("skipped: TENON_CARGO_REPOS names no directory with clones of the public workspaces");
        return;
    };
    for (repository, pack, name, checks) in PUBLIC {
        let clone = Path::new(&clones).join(repository);
        let root = base().join(repository);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(base()).unwrap();
        let host = Workspace {
            root: base(),
            built: base().join("built-public"),
        };
        host.run(
            "git",
            &[
                "clone",
                "--quiet",
                "--shared",
                clone.to_str().unwrap(),
                root.to_str().unwrap(),
            ],
        );
        let host = Workspace { root, ..host };
        let pack = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/examples/packs")
            .join(pack);
        host.tenon(&[
            "new-integration",
            name,
            "--pack",
            pack.to_str().unwrap(),
            "--quiet",
        ]);
        // Nothing that was there is changed: lines are added, none is taken.
        let changed = host.run("git", &["diff", "--numstat"]);
        assert!(!changed.is_empty());
        for line in changed.lines() {
            assert_eq!(line.split('\t').nth(1), Some("0"), "{repository}: {line}");
        }
        let lock = host.root.join("Cargo.lock");
        let locked = std::fs::read(&lock).ok();
        for words in checks {
            // A toolchain that a workspace pins may not be here.
            let toolchain = std::env::var("RUSTUP_TOOLCHAIN").unwrap_or_else(|_| "stable".to_owned());
            let pinned = format!("+{toolchain}");
            host.run(
                "cargo",
                &[&[pinned.as_str(), "check", "--quiet"], *words].concat(),
            );
        }
        match locked {
            Some(text) => std::fs::write(&lock, text).unwrap(),
            None => drop(std::fs::remove_file(&lock)),
        }
        host.tenon(&["undo", "--quiet"]);
        let left = host.run("git", &["status", "--porcelain", "--ignored"]);
        let left: Vec<&str> = left.lines().filter(|line| !line.contains(".tenon/")).collect();
        assert!(left.is_empty(), "{repository}: {left:?}");
    }
}

/// The commands that make what the breaks are about.
const MADE_BY: [&[&str]; 4] = [
    &["new", "service", "broker", "--quiet"],
    &["new-integration", "acme", "--quiet"],
    &["new-integration", "nova", "--services", "broker", "--quiet"],
    &["new", "consumer", "orders", "--in", "acme", "--quiet"],
];

#[test]
#[ignore = "takes minutes, and writes tests/breaks/tools-cargo.toml: run it by its name"]
fn what_cargo_check_notices_of_each_break() {
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    for (kind, flags) in [("fresh", &[][..]), ("gated", &["--gated"][..])] {
        let host = Workspace::made(&format!("breaks-{kind}"), flags);
        for words in MADE_BY {
            host.tenon(words);
        }
        std::fs::remove_dir_all(host.root.join(".tenon")).unwrap();
        host.run("cargo", &["check", "--workspace", "--quiet"]);
        let whole = files(&host.root);
        let all: Vec<Break> = breaks::all("cargo");
        for of in all.iter().filter(|of| of.on.iter().any(|on| on == kind)) {
            of.apply(&host.root);
            let words = ["check", "--workspace", "--quiet", "--offline"];
            known.insert(of.id.clone(), !host.output("cargo", &words).status.success());
            restore(&host.root, &whole);
        }
    }
    let mut text =
        String::from("# Whether `cargo check` notices each break; written by `cargo test --test real`.\n\n");
    for (id, noticed) in &known {
        text += &format!("{id} = {noticed}\n");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/breaks/tools-cargo.toml");
    std::fs::write(path, text).unwrap();
}

fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                out.insert(path.clone(), std::fs::read(path).unwrap());
            }
        }
    }
    out
}

/// Everything is as it was. What differs is written anew, so that cargo sees it is newer.
fn restore(root: &Path, whole: &BTreeMap<PathBuf, Vec<u8>>) {
    let now = files(root);
    for path in now.keys().filter(|path| !whole.contains_key(*path)) {
        std::fs::remove_file(path).unwrap();
    }
    for (path, text) in whole.iter().filter(|(path, text)| now.get(*path) != Some(*text)) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
