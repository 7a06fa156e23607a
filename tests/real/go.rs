//! What is generated for a Go operator, with Go's own tools on the real `k8s.io/apimachinery`: formatter, compiler, vet,
//! tests, staticcheck and the running program say whether it is right.
//!
//! Needs go, and staticcheck in its path or in the `bin` of the GOPATH: without them the test is skipped with a message,
//! and fails where `CI=true`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use crate::breaks;

const PACK: &str = "integration-controller";

/// The commands that make everything that the pack offers, beside what the breaks are about.
const MORE: [&[&str]; 6] = [
    &["new", "consumer", "solo", "--quiet"],
    &["new", "integrator", "solo", "--quiet"],
    &["new", "integrator", "lone", "--service", "keycloak", "--quiet"],
    &["new", "integration", "pair", "--in", "nova", "--quiet"],
    &[
        "new",
        "integrator",
        "third",
        "--in",
        "nova",
        "--service",
        "keycloak",
        "--quiet",
    ],
    &["new", "consumer", "fourth", "--in", "lone", "--quiet"],
];

/// What the breaks are about: see `tests/suite/breaks_go.rs`.
const MADE_BY: [&[&str]; 5] = [
    &["new", "service", "keycloak", "--quiet"],
    &["new-integration", "acme", "--quiet"],
    &["new-integration", "nova", "--service", "keycloak", "--quiet"],
    &["new", "consumer", "http", "--in", "acme", "--quiet"],
    &["new", "integrator", "http", "--in", "acme", "--quiet"],
];

struct Operator {
    root: PathBuf,
}

/// Where `tool` is; none, with a message, if it is nowhere.
fn tool(name: &str) -> Option<PathBuf> {
    let gopath = Command::new("go").args(["env", "GOPATH"]).output().ok();
    let own = gopath.map(|out| {
        PathBuf::from(String::from_utf8_lossy(&out.stdout).trim())
            .join("bin")
            .join(name)
    });
    let found = own
        .filter(|path| path.exists())
        .unwrap_or_else(|| PathBuf::from(name));
    let runs = |words: &[&str]| Command::new(&found).args(words).output().is_ok();
    if runs(&["version"]) {
        return Some(found);
    }
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "`{name}` is missing"
    );
    eprintln!("skipped: `{name}` is not installed, so nothing can be built on the real framework");
    None
}

impl Operator {
    /// An operator below `base`, its modules downloaded; none where Go is missing.
    fn made(base: &Path, commands: &[&[&str]]) -> Option<Self> {
        static GO: OnceLock<bool> = OnceLock::new();
        if !GO.get_or_init(|| {
            ["go", "gofmt", "staticcheck"]
                .iter()
                .all(|name| tool(name).is_some())
        }) {
            return None;
        }
        let _ = std::fs::remove_dir_all(base);
        std::fs::create_dir_all(base).unwrap();
        let at = |root: &Path| Self {
            root: root.to_owned(),
        };
        at(base).tenon(&["new", "host", "shop", "--pack", PACK, "--quiet"]);
        let host = at(&base.join("shop"));
        host.go(&["mod", "tidy"]);
        for words in commands {
            host.tenon(words);
        }
        Some(host)
    }

    fn output(&self, tool: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> Output {
        let mut command = Command::new(tool);
        command.args(words).current_dir(&self.root).stdin(Stdio::null());
        command.output().unwrap()
    }

    fn told(&self, tool: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> String {
        let out = self.output(tool, words);
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let err = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{words:?}\n{text}{err}");
        text
    }

    fn tenon(&self, words: &[&str]) -> String {
        self.told(env!("CARGO_BIN_EXE_tenon"), words)
    }

    fn go(&self, words: &[&str]) -> String {
        self.told("go", words)
    }
}

#[test]
fn everything_that_is_generated_passes_gos_own_tools() {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-go");
    let all: Vec<&[&str]> = MADE_BY.into_iter().chain(MORE).collect();
    let Some(host) = Operator::made(&base, &all) else {
        return;
    };
    assert_eq!(host.told("gofmt", &["-l", "."]), "");
    host.go(&["vet", "./..."]);
    let tests = host.go(&["test", "./..."]);
    assert_eq!(tests.matches("ok  \t").count(), 5, "{tests}");
    assert_eq!(host.told(tool("staticcheck").unwrap(), &["./..."]), "");
    let said = host.go(&["run", "./cmd/operator", "-once"]);
    let consumers = ["ConfigMap"; 6].join(", ");
    assert_eq!(
        said,
        format!(
            "consumers: {consumers}\nintegrators: acme, http, lone, nova, pair, solo, third\nobjects in the cluster: 6\n"
        )
    );
    let clean = host.tenon(&["validate-structure"]);
    assert!(clean.starts_with("no findings in 4 integrations"), "{clean}");

    // The contract grows: the stubs that are put in compile.
    let types = host.root.join("pkg/integration/types.go");
    let before = std::fs::read_to_string(&types).unwrap();
    let grown = before
        .replace("\tIntegrates() string\n", "\tIntegrates() string\n\tClose(context.Context, ...runtime.Object) (is bool, err error)\n")
        .replace("\tGVKs() []schema", "\tOwns(map[string][]*integrationAPI.Integration, func(time.Time) error) <-chan int\n\tGVKs() []schema")
        .replace("\t\"context\"\n", "\t\"context\"\n\t\"time\"\n");
    std::fs::write(&types, grown).unwrap();
    assert!(!host.output("go", &["build", "./..."]).status.success());
    host.tenon(&["validate-structure", "--fix"]);
    assert_eq!(host.told("gofmt", &["-l", "."]), "");
    host.go(&["vet", "./..."]);
}

#[test]
#[ignore = "takes minutes, needs go, and writes tests/breaks/tools-integration-controller.toml: run it by its name"]
fn what_gos_own_tools_notice_of_each_break() {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("breaks-go");
    let Some(host) = Operator::made(&base, &MADE_BY) else {
        return;
    };
    let mut known: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for of in breaks::all(PACK) {
        let copy = Operator {
            root: base.join("copy"),
        };
        let _ = std::fs::remove_dir_all(&copy.root);
        breaks::link_tree(&host.root, &copy.root);
        of.apply(&copy.root);
        let fails = |words: &[&str]| !copy.output("go", words).status.success();
        let row = [fails(&["vet", "./..."]), fails(&["build", "./..."])];
        eprintln!("{} {row:?}", of.id);
        known.insert(of.id, row);
    }
    let mut text =
        String::from("# What Go's own tools notice of each break; written by `cargo test --test real`.\n");
    for (id, [vet, build]) in &known {
        text += &format!("\n[{id}]\nvet = {vet}\nbuild = {build}\n");
    }
    std::fs::write(breaks::measured_path(PACK), text).unwrap();
}
