//! What the framework's own tools notice of each break: compiler, linter, build, on a host of the published packages.
//!
//! Takes long, and writes `tests/breaks/tools.toml`, from which `docs/validation.md` is made.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::breaks::{self, Break};

/// The packages of the host, each after those that it needs.
const PACKAGES: [&str; 5] = [
    "packages/modules/warranties",
    "packages/integrations/acme",
    "packages/integrations/nova",
    "packages/configs/integrations",
    "apps/api-harmonization",
];

struct Shop {
    root: PathBuf,
    sources: PathBuf,
    built: PathBuf,
    stays: RefCell<Option<Stays>>,
}

/// The tools in one process, `tools.mjs`.
struct Stays {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Stays {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Shop {
    fn made(base: &Path) -> Self {
        let shop = Self {
            root: base.join("shop"),
            sources: base.join("sources"),
            built: base.join("built"),
            stays: RefCell::new(None),
        };
        if shop.built.exists() {
            shop.restore();
            // What was interrupted may have left other packages.
            assert!(shop.install());
            return shop;
        }
        std::fs::create_dir_all(base).unwrap();
        let tenon = env!("CARGO_BIN_EXE_tenon");
        if !shop.root.exists() {
            assert!(run(
                base,
                tenon,
                &["new", "host", "shop", "--pack", "o2s", "--quiet"]
            ));
            for words in breaks::MADE_BY {
                assert!(run(&shop.root, tenon, words), "{words:?}");
            }
        }
        copy_sources(&shop.root, &shop.sources);
        assert!(shop.install());
        assert!(run(&shop.root, "npm", &["run", "build"]));
        for package in PACKAGES {
            let dist = format!("{package}/dist");
            put_back(&shop.root.join(&dist), &shop.built.join(&dist));
        }
        shop
    }

    /// Everything but what is installed or built is again as it was made.
    fn restore(&self) {
        // What was moved away took along what was built in it.
        for below in ["packages/integrations", "packages/modules"] {
            for entry in std::fs::read_dir(self.root.join(below)).into_iter().flatten() {
                let entry = entry.unwrap();
                if !self.sources.join(below).join(entry.file_name()).exists() {
                    std::fs::remove_dir_all(entry.path()).unwrap();
                }
            }
        }
        for dir in ["apps", "packages"] {
            remove_sources(&self.root.join(dir));
        }
        put_back(&self.sources, &self.root);
        for package in PACKAGES {
            let _ = std::fs::remove_dir_all(self.root.join(package).join("dist"));
        }
        put_back(&self.built, &self.root);
    }

    fn measure(&self, of: &Break) -> [bool; 3] {
        of.apply(&self.root);
        let paths = of.paths();
        let touches = |package: &&&str| paths.iter().any(|path| Path::new(path).starts_with(package));
        let first = PACKAGES.iter().position(|package| touches(&package)).unwrap_or(0);
        let manifest = paths.iter().any(|path| path.ends_with("package.json"));
        let dir = |package: &str| self.root.join(package);
        // Compiler and linter say what they said before where no source changes, and no manifest of what is needed.
        let compiled: Vec<&&str> = PACKAGES
            .iter()
            .enumerate()
            .filter(|(at, package)| touches(package) || manifest && *at >= first)
            .map(|(_, package)| package)
            .filter(|package| dir(package).join("tsconfig.json").exists())
            .collect();
        let compiled: Vec<PathBuf> = compiled.into_iter().map(|package| dir(package)).collect();
        let mut compiled = compiled.iter().filter(|dir| dir.join("package.json").exists());
        let tsc = compiled.clone().any(|dir| !self.passes(dir, "tsc"));
        let sources = paths.iter().all(|path| path.contains("/src/"));
        let eslint = compiled.any(|dir| !self.lints(dir, sources));
        let mut build = tsc;
        if of.install && !build {
            build = !self.install();
        }
        if !build {
            for package in &PACKAGES[first..] {
                let _ = std::fs::remove_dir_all(dir(package).join("dist"));
            }
            build = if of.install {
                !run(&self.root, "npm", &["run", "build"])
            } else {
                let elsewhere = |path: &String| {
                    !PACKAGES
                        .iter()
                        .any(|package| Path::new(path).starts_with(package))
                };
                let other = manifest || paths.iter().any(elsewhere);
                self.fails_to_build(&PACKAGES[first..], other, |package| touches(&&package))
            };
        }
        self.restore();
        if of.install {
            assert!(self.install());
        }
        [tsc, eslint, build]
    }

    /// Builds packages in their order. One that is as it was, and so is what those before it declare, comes out as before.
    fn fails_to_build(&self, packages: &[&str], mut other: bool, touched: impl Fn(&str) -> bool) -> bool {
        packages.iter().any(|package| {
            let (dir, dist) = (self.root.join(package), format!("{package}/dist"));
            let (now, before) = (self.root.join(&dist), self.built.join(&dist));
            if !dir.join("package.json").exists() {
                other = true;
                return false;
            }
            if !other && !touched(package) {
                put_back(&before, &now);
                return false;
            }
            let failed = !self.passes(&dir, "build");
            other |= declared(&now) != declared(&before);
            failed
        })
    }

    /// Whether `tsc`, `eslint` or `build` passes in a package.
    fn passes(&self, dir: &Path, tool: &str) -> bool {
        let mut stays = self.stays.borrow_mut();
        let stays = stays.get_or_insert_with(|| Stays::started(&self.root));
        let question = serde_json::json!({ "tool": tool, "dir": dir });
        writeln!(stays.questions, "{question}").unwrap();
        let mut answer = String::new();
        stays.answers.read_line(&mut answer).unwrap();
        answer.trim().parse().unwrap()
    }

    /// Whether the linter passes in a package. The process that stays keeps what it has read of settings and manifests.
    fn lints(&self, dir: &Path, only_sources: bool) -> bool {
        if only_sources {
            return self.passes(dir, "eslint");
        }
        let eslint = self.root.join("node_modules/.bin/eslint").display().to_string();
        // How code is formatted is not what is asked.
        let words = [".", "--max-warnings=0", "--rule", "prettier/prettier: off"];
        run(dir, &eslint, &words)
    }

    fn install(&self) -> bool {
        let words = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
        run(&self.root, "npm", &words)
    }
}

impl Stays {
    fn started(host: &Path) -> Self {
        let mut process = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/tools.mjs"))
            .arg(host)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            questions: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }
}

fn run(dir: &Path, tool: &str, words: &[&str]) -> bool {
    let status = Command::new(tool)
        .args(words)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

/// What is made by tools, and not by a person.
fn is_made(name: &str) -> bool {
    matches!(
        name,
        "node_modules" | "dist" | ".tenon" | "package-lock.json" | "coverage"
    )
}

fn copy_sources(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if is_made(entry.file_name().to_str().unwrap()) {
            continue;
        }
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy_sources(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
}

fn remove_sources(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if is_made(entry.file_name().to_str().unwrap()) {
            continue;
        }
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            remove_sources(&path);
            // A directory in which something was built stays.
            let _ = std::fs::remove_dir(&path);
        } else {
            std::fs::remove_file(path).unwrap();
        }
    }
}

fn put_back(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            put_back(&from, &to);
        } else {
            let _ = std::fs::remove_file(&to);
            std::fs::copy(from, to).unwrap();
        }
    }
}

/// What a compiler reads of something built: which files there are, and what is declared in them.
fn declared(dist: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in std::fs::read_dir(dist).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = PathBuf::from(path.file_name().unwrap());
            let below = declared(&path).into_iter();
            out.extend(below.map(|(at, text)| (name.join(at), text)));
        } else {
            let read = path.to_str().unwrap().ends_with(".d.ts");
            let text = if read {
                std::fs::read(&path).unwrap()
            } else {
                Vec::new()
            };
            out.insert(PathBuf::from(path.file_name().unwrap()), text);
        }
    }
    out
}

#[test]
#[ignore = "takes a quarter of an hour, needs npm, and writes tests/breaks/tools.toml: run it by its name"]
fn what_the_frameworks_own_tools_notice_of_each_break() {
    let base = std::env::var_os("TENON_BREAKS_HOST").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).join("breaks"),
        PathBuf::from,
    );
    let shop = Shop::made(&base);
    let only = std::env::var("TENON_BREAKS_ONLY").unwrap_or_default();
    let mut known: BTreeMap<String, [bool; 3]> = breaks::tools();
    let all = breaks::all("o2s");
    known.retain(|id, _| all.iter().any(|of| of.id == *id));
    for of in all.iter().filter(|of| of.on.iter().any(|host| host == "fresh")) {
        let asked = if only.is_empty() {
            !known.contains_key(&of.id)
        } else {
            of.id.contains(&only)
        };
        if !asked {
            continue;
        }
        let begun = std::time::Instant::now();
        known.insert(of.id.clone(), shop.measure(of));
        eprintln!("{:4} s  {} {:?}", begun.elapsed().as_secs(), of.id, known[&of.id]);
        let mut text = String::from(
            "# What the framework's own tools notice of each break; written by `cargo test --test real`.\n",
        );
        for (id, [tsc, eslint, build]) in &known {
            text += &format!("\n[{id}]\ntsc = {tsc}\neslint = {eslint}\nbuild = {build}\n");
        }
        std::fs::write(breaks::tools_path(), text).unwrap();
    }
}
