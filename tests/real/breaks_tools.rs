//! What the framework's own tools notice of each break: compiler, linter, build, on a host of the published packages and,
//! for what only that has, on the framework's repository.
//!
//! Takes long, and writes `tests/breaks/tools.toml`, from which `docs/validation.md` is made.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::breaks::{self, Break, link_tree};

/// Packages that breaks touch or that need those, each after those that it needs.
const FRESH: [&str; 5] = [
    "packages/modules/warranties",
    "packages/integrations/acme",
    "packages/integrations/nova",
    "packages/configs/integrations",
    "apps/api-harmonization",
];

/// The same of the repository. Its blocks, which none of the breaks is about, are built once.
const REPOSITORY: [&str; 16] = [
    "packages/framework",
    "packages/utils/api-harmonization",
    "packages/modules/documents",
    "packages/modules/warranties",
    "packages/integrations/mocked",
    "packages/integrations/mocked-dxp",
    "packages/integrations/algolia",
    "packages/integrations/contentful-cms",
    "packages/integrations/medusajs",
    "packages/integrations/redis",
    "packages/integrations/strapi-cms",
    "packages/integrations/zendesk",
    "packages/integrations/acme",
    "packages/integrations/nova",
    "packages/configs/integrations",
    "apps/api-harmonization",
];

/// What packages of the repository need and no break is about.
const BEFORE: [&str; 2] = ["packages/utils/logger", "packages/telemetry"];

struct Shop {
    root: PathBuf,
    sources: PathBuf,
    built: PathBuf,
    packages: &'static [&'static str],
    stays: RefCell<Option<Stays>>,
    /// What tools say of the host as it was made, by directory and tool: what they need of the network may be missing.
    before: RefCell<BTreeMap<(PathBuf, &'static str), BTreeSet<String>>>,
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
    fn at(base: &Path, packages: &'static [&'static str]) -> Self {
        Self {
            root: base.join("shop"),
            sources: base.join("sources"),
            built: base.join("built"),
            packages,
            stays: RefCell::new(None),
            before: RefCell::default(),
        }
    }

    /// A host of the published packages.
    fn fresh(base: &Path) -> Self {
        Self::at(base, &FRESH).made(|shop| {
            let tenon = env!("CARGO_BIN_EXE_tenon");
            let words = ["new", "host", "shop", "--pack", "o2s", "--quiet"];
            assert!(run(shop.root.parent().unwrap(), tenon, &words));
        })
    }

    /// A copy of a checkout of the framework's repository in which `npm install` was run.
    fn repository(base: &Path, checkout: &Path) -> Self {
        let installed = checkout.join("node_modules/typescript").is_dir();
        assert!(installed, "run `npm install` in {}", checkout.display());
        Self::at(base, &REPOSITORY).made(|shop| {
            link_tree(checkout, &shop.root);
            // Both are written into files that are there: what is locked, and what is built.
            let lock = shop.root.join("package-lock.json");
            let text = std::fs::read(&lock).unwrap();
            std::fs::remove_file(&lock).unwrap();
            std::fs::write(&lock, text).unwrap();
            remove_built(&shop.root.join("packages"));
            remove_built(&shop.root.join("apps"));
        })
    }

    fn made(self, make: impl Fn(&Self)) -> Self {
        if self.built.exists() {
            self.restore();
            // What was interrupted may have left other packages.
            assert!(self.install());
            self.note_before();
            return self;
        }
        std::fs::create_dir_all(self.root.parent().unwrap()).unwrap();
        if !self.root.exists() {
            make(&self);
            for words in breaks::MADE_BY {
                assert!(run(&self.root, env!("CARGO_BIN_EXE_tenon"), words), "{words:?}");
            }
        }
        copy_sources(&self.root, &self.sources);
        assert!(self.install());
        self.build();
        for package in self.packages {
            let dist = format!("{package}/dist");
            put_back(&self.root.join(&dist), &self.built.join(&dist));
        }
        self.note_before();
        self
    }

    /// Builds everything for the first time.
    fn build(&self) {
        let ask = |package: &str| self.ask(&self.root.join(package), "build");
        for package in BEFORE.iter().filter(|package| self.root.join(package).exists()) {
            assert_eq!(ask(package), BTreeSet::new(), "{package}");
        }
        let (app, packages) = self.packages.split_last().unwrap();
        for package in packages {
            ask(package);
        }
        let tsc = self.root.join("node_modules/.bin/tsc").display().to_string();
        for block in with_an_api(&self.root.join("packages")) {
            assert!(
                run(&block, &tsc, &["--build", "tsconfig.api.json"]),
                "{}",
                block.display()
            );
        }
        ask(app);
    }

    fn note_before(&self) {
        for package in self.packages {
            for tool in ["tsc", "eslint", "build"] {
                let dir = self.root.join(package);
                let said = self.ask(&dir, tool);
                for line in &said {
                    eprintln!("before, {package}: {tool}: {line}");
                }
                self.before.borrow_mut().insert((dir, tool), said);
            }
        }
        self.restore();
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
        for package in self.packages {
            let _ = std::fs::remove_dir_all(self.root.join(package).join("dist"));
        }
        put_back(&self.built, &self.root);
    }

    fn measure(&self, of: &Break) -> [bool; 3] {
        of.apply(&self.root);
        let paths = of.paths();
        let touches = |package: &&&str| paths.iter().any(|path| Path::new(path).starts_with(package));
        let first = self.packages.iter().position(|package| touches(&package));
        let first = first.unwrap_or(0);
        let manifest = paths.iter().any(|path| path.ends_with("package.json"));
        let dir = |package: &str| self.root.join(package);
        // Compiler and linter say what they said before where no source changes, and no manifest of what is needed.
        let compiled: Vec<PathBuf> = self
            .packages
            .iter()
            .enumerate()
            .filter(|(at, package)| touches(package) || manifest && *at >= first)
            .map(|(_, package)| dir(package))
            .filter(|dir| dir.join("tsconfig.json").exists() && dir.join("package.json").exists())
            .collect();
        let uncompiled: Vec<&PathBuf> = compiled.iter().filter(|dir| !self.passes(dir, "tsc")).collect();
        let tsc = !uncompiled.is_empty();
        // The process that stays keeps what it has read of settings and manifests.
        let settings = !paths.iter().all(|path| path.contains("/src/"));
        if settings {
            self.stays.take();
        }
        let eslint = compiled.iter().any(|dir| !self.passes(dir, "eslint"));
        // A build that runs the compiler fails where that does.
        let mut build = uncompiled.iter().any(|dir| runs_tsc(dir));
        if of.install && !build {
            build = !self.install();
        }
        if !build {
            for package in &self.packages[first..] {
                let _ = std::fs::remove_dir_all(dir(package).join("dist"));
            }
            // That of the repository builds its front ends as well.
            build = if of.install && self.packages == FRESH {
                !run(&self.root, "npm", &["run", "build"])
            } else {
                let elsewhere = |path: &String| {
                    !self
                        .packages
                        .iter()
                        .any(|package| Path::new(path).starts_with(package))
                };
                let other = of.install || manifest || paths.iter().any(elsewhere);
                self.fails_to_build(&self.packages[first..], other, |package| touches(&&package))
            };
        }
        if settings {
            self.stays.take();
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

    /// Whether `tsc`, `eslint` or `build` says no more in a package than it said before.
    fn passes(&self, dir: &Path, tool: &'static str) -> bool {
        let said = self.ask(dir, tool);
        match self.before.borrow().get(&(dir.to_path_buf(), tool)) {
            Some(before) => said.is_subset(before),
            None => said.is_empty(),
        }
    }

    /// What `tsc`, `eslint` or `build` complains of in a package.
    fn ask(&self, dir: &Path, tool: &str) -> BTreeSet<String> {
        let mut stays = self.stays.borrow_mut();
        let stays = stays.get_or_insert_with(|| Stays::started(&self.root));
        let question = serde_json::json!({ "tool": tool, "dir": dir });
        writeln!(stays.questions, "{question}").unwrap();
        let mut answer = String::new();
        stays.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn install(&self) -> bool {
        // What the repository's packages do after it needs the network.
        let words = [
            "install",
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
            "--ignore-scripts",
        ];
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

/// Whether the build of a package runs the compiler.
fn runs_tsc(dir: &Path) -> bool {
    let text = std::fs::read_to_string(dir.join("package.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let script = manifest["scripts"]["build"].as_str();
    // One that cannot be read cannot be built either.
    script.is_none_or(|script| script.contains("tsc "))
}

/// The packages below `dir` with a part for the application that is compiled by itself.
fn with_an_api(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() || is_made(entry.file_name().to_str().unwrap()) {
            continue;
        }
        if entry.path().join("tsconfig.api.json").exists() {
            out.push(entry.path());
        } else {
            out.extend(with_an_api(&entry.path()));
        }
    }
    out.sort();
    out
}

fn remove_built(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() || entry.file_name() == "node_modules" {
            continue;
        }
        if entry.file_name() == "dist" {
            std::fs::remove_dir_all(entry.path()).unwrap();
        } else {
            remove_built(&entry.path());
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
        "node_modules" | "dist" | ".git" | ".tenon" | "package-lock.json" | "coverage"
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
    let all = breaks::all("o2s");
    let mut known: BTreeMap<String, [bool; 3]> = breaks::tools();
    known.retain(|id, _| all.iter().any(|of| of.id == *id));
    let (fresh, own): (Vec<&Break>, Vec<&Break>) = all
        .iter()
        .partition(|of| of.on.iter().any(|host| host == "fresh"));
    measure(&fresh, &mut known, || Shop::fresh(&base));
    match std::env::var_os("TENON_O2S_REPO") {
        Some(checkout) => measure(&own, &mut known, || {
            Shop::repository(&base.with_extension("repository"), Path::new(&checkout))
        }),
        None => eprintln!(
            "TENON_O2S_REPO names no checkout of the framework's repository: nothing is measured there"
        ),
    }
}

/// Measures those that are asked for, and writes down what is known after each.
fn measure(of: &[&Break], known: &mut BTreeMap<String, [bool; 3]>, shop: impl Fn() -> Shop) {
    let only = std::env::var("TENON_BREAKS_ONLY").unwrap_or_default();
    let mut made = None;
    for of in of {
        let asked = if only.is_empty() {
            !known.contains_key(&of.id)
        } else {
            of.id.contains(&only)
        };
        if !asked {
            continue;
        }
        let shop = made.get_or_insert_with(&shop);
        let begun = std::time::Instant::now();
        known.insert(of.id.clone(), shop.measure(of));
        eprintln!("{:4} s  {} {:?}", begun.elapsed().as_secs(), of.id, known[&of.id]);
        let mut text = String::from(
            "# What the framework's own tools notice of each break; written by `cargo test --test real`.\n",
        );
        for (id, [tsc, eslint, build]) in known.iter() {
            text += &format!("\n[{id}]\ntsc = {tsc}\neslint = {eslint}\nbuild = {build}\n");
        }
        std::fs::write(breaks::tools_path(), text).unwrap();
    }
}
