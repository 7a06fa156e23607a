//! Integrations as crates of a Cargo workspace: made, wired, taken back, and checked, without cargo itself. What cargo says
//! of them is in `tests/real/cargo.rs`.

use std::path::Path;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::breaks::{complaint, each};
use crate::support::breaks::{Break, all, findings};
use crate::support::sandbox::{Sandbox, changes, program, tree};

/// A workspace, fresh or one whose integrations are features, in which nothing is made yet.
fn host(gated: bool) -> Sandbox {
    static HOSTS: [OnceLock<TempDir>; 2] = [OnceLock::new(), OnceLock::new()];
    let dir = HOSTS[usize::from(gated)].get_or_init(|| {
        let dir = TempDir::new().unwrap();
        let mut words = vec!["new", "host", "platform", "--pack", "cargo", "--quiet"];
        words.extend(gated.then_some("--gated"));
        let output = program().args(words).current_dir(dir.path()).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        std::fs::remove_dir_all(dir.path().join("platform/.tenon")).unwrap();
        dir
    });
    Sandbox::copy_of(&dir.path().join("platform"))
}

/// The commands that make what the breaks are about.
const MADE_BY: [&[&str]; 4] = [
    &["new", "service", "broker", "--quiet"],
    &["new-integration", "acme", "--quiet"],
    &["new-integration", "nova", "--services", "broker", "--quiet"],
    &["new", "consumer", "orders", "--in", "acme", "--quiet"],
];

fn platform(gated: bool) -> Sandbox {
    let host = host(gated);
    for words in MADE_BY {
        host.done(words);
    }
    host.remove(".tenon");
    host
}

fn broken(kind: &str, gated: bool) {
    let host = platform(gated);
    let root = &host.root;
    let before = findings(program(), root, &[]);
    assert_eq!(before, [], "a fresh host has findings");
    let breaks: Vec<Break> = all("cargo")
        .into_iter()
        .filter(|of| of.on.iter().any(|host| host == kind))
        .collect();
    assert!(breaks.len() > 4, "{}", breaks.len());
    let said = each(&breaks, |of| complaint(of, kind, root, &before));
    assert!(said.is_empty(), "\n{said}");
}

#[test]
fn every_break_of_a_workspace_is_found_and_nothing_else_is() {
    broken("fresh", false);
}

#[test]
fn every_break_of_a_workspace_with_features_is_found_and_nothing_else_is() {
    broken("gated", true);
}

/// The lines that a file gained; it must have lost none.
fn gained(before: &str, after: &str) -> Vec<String> {
    let mut rest = before.lines();
    let mut next = rest.next();
    let mut out = vec![];
    for line in after.lines() {
        if Some(line) == next {
            next = rest.next();
        } else {
            out.push(line.trim().to_owned());
        }
    }
    assert_eq!(next, None, "lines are gone:\n{after}");
    out
}

#[test]
fn manifests_and_the_application_gain_lines_only() {
    let host = host(false);
    let files = [
        "Cargo.toml",
        "crates/controller/Cargo.toml",
        "crates/controller/src/main.rs",
    ];
    let before = files.map(|file| host.read(file));
    host.done(&["new-integration", "acme", "--quiet"]);
    let gained = |at: usize| gained(&before[at], &host.read(files[at]));
    assert_eq!(
        gained(0),
        [
            "\"integrations/acme\",",
            "acme-integration = { path = \"integrations/acme\" }"
        ]
    );
    assert_eq!(gained(1), ["acme-integration.workspace = true"]);
    assert_eq!(gained(2), ["acme_integration::register(registry)?;", ""]);
}

/// What the host calls its registry, and ways to leave the function early.
#[test]
fn a_call_goes_before_the_last_expression_and_goes_alone() {
    let body = "    Ok(registry.targets().count())\n";
    for early in [
        "    if std::env::var_os(\"X\").is_some() {\n        return Ok(0);\n    }\n",
        "    let Some(_x) = std::env::var_os(\"X\") else {\n        return Ok(0);\n    };\n",
        "",
    ] {
        let host = host(false);
        let main = host.read("crates/controller/src/main.rs");
        let main = main
            .replace("fn register(registry: &mut", "fn register(all: &mut")
            .replace(body, &format!("{early}{}", body.replace("registry", "all")));
        host.write("crates/controller/src/main.rs", &main);
        host.done(&["new-integration", "acme", "--quiet"]);
        let after = host.read("crates/controller/src/main.rs");
        let blank = if early.is_empty() { "\n" } else { "" };
        let call = format!(
            "{early}    acme_integration::register(all)?;\n{blank}    Ok(all.targets().count())\n}}\n"
        );
        assert!(after.contains(&call), "{after}");
        assert_eq!(findings(program(), &host.root, &[]), []);
        host.done(&["remove-integration", "acme", "--yes", "--quiet"]);
        assert_eq!(host.read("crates/controller/src/main.rs"), main);
    }
    // A call with a statement around it is not taken away with that.
    let host = host(false);
    host.done(&["new-integration", "acme", "--quiet"]);
    host.replace(
        "crates/controller/src/main.rs",
        "    acme_integration::register(registry)?;\n",
        "    if true {\n        acme_integration::register(registry)?;\n    } else {\n        user_code();\n    }\n",
    );
    host.done(&["remove-integration", "acme", "--yes", "--quiet"]);
    let left = host.read("crates/controller/src/main.rs");
    assert!(
        left.contains("    if true {\n    } else {\n        user_code();\n    }\n"),
        "{left}"
    );
}

#[test]
fn undo_takes_everything_back() {
    for gated in [false, true] {
        let host = host(gated);
        let fresh = tree(&host.root);
        for words in MADE_BY {
            host.done(words);
        }
        for _ in MADE_BY {
            host.done(&["undo", "--quiet"]);
        }
        let mut left = tree(&host.root);
        left.retain(|path, _| !path.starts_with(".tenon"));
        assert_eq!(changes(&fresh, &left), <[String; 0]>::default());
    }
}

#[test]
fn a_workspace_keeps_its_line_ends_its_comments_and_its_order() {
    let host = host(false);
    let text = host.read("Cargo.toml").replace(
        "members = [\n    \"crates/contract\",\n    \"crates/controller\",\n]\n",
        "members = [\"crates/*\", \"integrations/*\"] # all of them\nexclude = [\"integrations/old\"]\n",
    );
    let text = text.replace("pollster = \"0.4\"", "pollster = \"0.4\"   # runs futures");
    host.write("Cargo.toml", text.replace('\n', "\r\n"));
    let main = host.read("crates/controller/src/main.rs").replace('\n', "\r\n");
    host.write("crates/controller/src/main.rs", main.trim_end());
    let before = host.read("Cargo.toml");
    host.done(&["new-integration", "acme", "--quiet"]);
    let after = host.read("Cargo.toml");
    let line = "acme-integration = { path = \"integrations/acme\" }\r\n";
    assert_eq!(after.replacen(line, "", 1), before);
    let added = "    acme_integration::register(registry)?;\r\n\r\n";
    let after = host.read("crates/controller/src/main.rs");
    assert_eq!(after.replacen(added, "", 1), main.trim_end());
    assert_eq!(findings(program(), &host.root, &[]), []);
    // What is left out is listed by its name.
    host.done(&["new-integration", "old", "--quiet"]);
    let listed = "members = [\"crates/*\", \"integrations/*\", \"integrations/old\"] # all of them\r\n";
    assert!(
        host.read("Cargo.toml").contains(listed),
        "{}",
        host.read("Cargo.toml")
    );
}

#[test]
fn a_trait_of_the_host_is_implemented_as_it_is_today() {
    let host = host(false);
    let path = "crates/contract/src/consumer.rs";
    let text = host.read(path);
    let text = text.replace(
        "use std::future::Future;\n",
        "use std::collections::BTreeMap;\nuse std::future::Future;\n",
    );
    let more = "    /// What it remembers.\n    type Memory: Default;\n\n    /// How often it looks.\n    const SECONDS: u64;\n\n    \
                /// Counts by kind.\n    fn counts<'a, T: AsRef<str>>(&'a self, names: &'a [T]) -> BTreeMap<&'a str, usize>\n    where\n        \
                T: Sync;\n\n    /// Nothing has to write this.\n    fn given(&self) -> usize {\n        1\n    }\n\n";
    let mark = "    /// Whether the consuming service exists.\n";
    assert_eq!(text.matches(mark).count(), 1);
    host.write(path, text.replace(mark, &format!("{more}{mark}")));
    host.done(&["new-integration", "acme", "--quiet"]);
    let made = host.read("integrations/acme/src/consumer.rs");
    assert!(
        made.starts_with(
            "use std::collections::BTreeMap;\n\nuse integration_contract::{Consumer, Error, Gvk, Object};\n"
        ),
        "{made}"
    );
    let stub = "    fn counts<'a, T: AsRef<str>>(&'a self, _names: &'a [T]) -> BTreeMap<&'a str, usize>\n    where\n        T: Sync,\n    {\n        \
                Default::default()\n    }\n";
    assert!(made.contains(stub), "{made}");
    assert!(
        made.contains("type Memory = ") && made.contains("const SECONDS: u64 = ") && !made.contains("given"),
        "{made}"
    );
    assert_eq!(findings(program(), &host.root, &[]), []);
}

/// Whether `cargo check` notices each break, as measured.
fn noticed() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/breaks/tools-cargo.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The table of `docs/validation-cargo.md`; `TENON_BLESS=1` writes it.
#[test]
fn the_table_of_breaks_of_workspaces_is_in_the_docs() {
    let measured = noticed();
    let mut tables = String::new();
    let (mut count, mut seen) = (0, 0);
    for (family, breaks) in crate::support::breaks::families("cargo") {
        tables += &format!(
            "\n### {family}\n\n| what a person does | is found by | at | `--fix` | cargo check |\n|---|---|---|---|---|\n"
        );
        for of in &breaks {
            let [rules, places, mended] = of.cells();
            let yes = measured[&of.id].as_bool().unwrap();
            count += 1;
            seen += usize::from(yes);
            let tool = if yes { "yes" } else { "–" };
            tables += &format!("| {} | {rules} | {places} | {mended} | {tool} |\n", of.what);
        }
    }
    assert!(
        count >= 40 && count == measured.len(),
        "{count} of {}",
        measured.len()
    );
    let summary = format!("Of {count} breaks `cargo check` notices {seen}; `tenon` finds all.\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation-cargo.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- breaks -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /breaks -->").unwrap();
    let right = format!("{before}<!-- breaks -->\n{summary}{tables}\n<!-- /breaks -->{after}");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &right).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == right,
        "the table of docs/validation-cargo.md is not of today: TENON_BLESS=1 cargo test --test main breaks_of_workspaces"
    );
}
