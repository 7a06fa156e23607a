//! A host on the framework's published packages, installed once for all tests of this binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// An installed host.
pub struct RealHost {
    root: PathBuf,
}

static HOST: OnceLock<Option<RealHost>> = OnceLock::new();

impl RealHost {
    /// The host; none, with a message, where node or npm are missing.
    pub fn installed() -> Option<&'static RealHost> {
        HOST.get_or_init(|| {
            for tool in ["node", "npm"] {
                if Command::new(tool).arg("--version").output().is_err() {
                    assert!(
                        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
                        "`{tool}` is missing"
                    );
                    eprintln!(
                        "skipped: `{tool}` is not installed, so nothing can be built on the real framework"
                    );
                    return None;
                }
            }
            let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real");
            let _ = std::fs::remove_dir_all(&base);
            std::fs::create_dir_all(&base).unwrap();
            let made = tenon(&base, &["new", "host", "shop", "--pack", "o2s"]);
            assert!(made.status.success(), "{made:?}");
            let host = RealHost {
                root: base.join("shop"),
            };
            host.run("npm", &["install", "--no-audit", "--no-fund"]);
            Some(host)
        })
        .as_ref()
    }

    /// The host's directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Runs the program in the host; it must succeed. Returns what it prints.
    pub fn tenon(&self, words: &[&str]) -> String {
        told(tenon(&self.root, words), &format!("tenon {}", words.join(" ")))
    }

    /// Runs a tool in the host; it must succeed. Returns what it prints.
    pub fn run(&self, tool: &str, words: &[&str]) -> String {
        self.run_in(".", tool, words)
    }

    /// Runs a tool in a directory of the host; it must succeed.
    pub fn run_in(&self, dir: &str, tool: &str, words: &[&str]) -> String {
        let begun = std::time::Instant::now();
        let out = told(
            self.output(dir, tool, words),
            &format!("{dir}: {tool} {}", words.join(" ")),
        );
        eprintln!(
            "{:4} s  {dir}: {tool} {}",
            begun.elapsed().as_secs(),
            words.join(" ")
        );
        out
    }

    /// Whether a tool fails.
    pub fn fails(&self, tool: &str, words: &[&str]) -> bool {
        !self.output(".", tool, words).status.success()
    }

    fn output(&self, dir: &str, tool: &str, words: &[&str]) -> Output {
        let installed = self.root.join("node_modules/.bin").join(tool);
        Command::new(if installed.exists() {
            installed
        } else {
            PathBuf::from(tool)
        })
        .args(words)
        .current_dir(self.root.join(dir))
        .stdin(Stdio::null())
        .output()
        .unwrap()
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.root.join(path), text).unwrap();
    }
}

fn tenon(dir: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(words)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn told(output: Output, what: &str) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{what}\n{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}
