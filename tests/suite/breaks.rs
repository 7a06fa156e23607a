//! Everything that a person breaks, one thing at a time: found by the right rule at the right place, and nothing else;
//! mended where that is promised, once and for all.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::support::breaks::{Break, Finding, MADE_BY, all, families, findings, link_tree, new_ones, tools};
use crate::support::hosts::made;
use crate::support::sandbox::{Sandbox, changes, program, tree};

/// A fresh host with two integrations, one of which extends the other, and a custom module.
fn shop() -> &'static Sandbox {
    static SHOP: OnceLock<Sandbox> = OnceLock::new();
    SHOP.get_or_init(|| {
        let host = made();
        for words in MADE_BY {
            host.done(words);
        }
        host.remove(".tenon");
        host
    })
}

/// Does `check` to every break, in as many threads as there are; the complaints, in order.
pub fn each(breaks: &[Break], check: impl Fn(&Break) -> String + Sync) -> String {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut out = Vec::new();
        while let Some(of) = breaks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let said = check(of);
            if !said.is_empty() {
                out.push((of.id.clone(), said));
            }
        }
        out
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut out: Vec<(String, String)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap())
            .collect()
    });
    out.sort();
    out.into_iter()
        .map(|(id, said)| format!("{id}:\n{said}"))
        .collect()
}

/// A copy of the host at `from`, whose files are the same as long as nobody writes them.
fn copy_of(from: &Path) -> (TempDir, std::path::PathBuf) {
    let dir = TempDir::new_in(from.parent().unwrap()).unwrap();
    let root = dir.path().join("host");
    link_tree(from, &root);
    (dir, root)
}

/// What is not as it was promised when `of` is applied to a copy of the host at `from`.
pub fn complaint(of: &Break, host: &str, from: &Path, before: &[Finding]) -> String {
    let (_dir, root) = copy_of(from);
    of.apply(&root);
    let found = new_ones(findings(program(), &root, &[]), before);
    let mut out = of.differs(host, &found);
    let has_fix = found.iter().any(|finding| finding.fix.is_some());
    if host == "repository" || !has_fix {
        return out;
    }
    let flag = if of.mended.as_deref() == Some("safe") {
        "--fix"
    } else {
        "--unsafe-fixes"
    };
    let mut left = new_ones(findings(program(), &root, &[flag]), before);
    let once = tree_of(&root);
    let again = new_ones(findings(program(), &root, &[flag]), before);
    let changed = changes(&once, &tree_of(&root));
    if !changed.is_empty() || again != left {
        out += &format!("  {flag} a second time: {}\n", changed.join("\n"));
    }
    let mendable = |finding: &Finding| finding.fix.is_some();
    if of.mended.is_none() {
        left.retain(mendable);
    }
    for finding in left {
        out += &format!("  left by {flag}: {}\n", finding.shown());
    }
    let restored = changes(&tree_of(from), &once);
    if of.restores != restored.is_empty() {
        out += &format!("  restored: {}\n", restored.join("\n"));
    }
    out
}

/// Everything in the host but tenon's own state.
fn tree_of(root: &Path) -> crate::support::sandbox::Tree {
    let mut all = tree(root);
    all.retain(|path, _| !path.starts_with(".tenon"));
    all
}

#[test]
fn every_break_of_a_fresh_host_is_found_and_nothing_else_is() {
    let root = &shop().root;
    let before = findings(program(), root, &[]);
    assert_eq!(before, [], "a fresh host has findings");
    let breaks: Vec<Break> = all("o2s")
        .into_iter()
        .filter(|of| of.on.iter().any(|host| host == "fresh"))
        .collect();
    let said = each(&breaks, |of| complaint(of, "fresh", root, &before));
    assert!(said.is_empty(), "\n{said}");
}

/// The repository of the framework is not part of this one: `TENON_O2S_REPO` says where a checkout of it is.
#[test]
fn every_break_of_the_frameworks_repository_is_found_and_nothing_else_is() {
    let Some(checkout) = std::env::var_os("TENON_O2S_REPO") else {
        eprintln!("skipped: TENON_O2S_REPO names no checkout of the framework's repository");
        return;
    };
    let dir = TempDir::new().unwrap();
    let own = dir.path().join("own");
    copy_tracked(Path::new(&checkout), &own);
    let made = dir.path().join("made");
    link_tree(&own, &made);
    for words in MADE_BY {
        let output = program().args(words).current_dir(&made).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    std::fs::remove_dir_all(made.join(".tenon")).unwrap();
    let known = findings(program(), &own, &[]);
    assert_eq!(
        findings(program(), &made, &[]),
        known,
        "new integrations have findings"
    );
    let breaks: Vec<Break> = all("o2s")
        .into_iter()
        .filter(|of| of.on.iter().any(|host| host == "repository"))
        .collect();
    let said = each(&breaks, |of| complaint(of, "repository", &made, &known));
    assert!(said.is_empty(), "\n{said}");
}

/// Copies the files that git knows and that the program looks at.
fn copy_tracked(from: &Path, to: &Path) {
    let output = std::process::Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(from)
        .output()
        .unwrap();
    let looked_at = [
        "framework",
        "integrations",
        "modules",
        "configs",
        "utils",
        "telemetry",
        "cli",
    ];
    let wanted = |path: &&str| {
        !path.contains('/')
            || path.starts_with("apps/api-harmonization/")
            || looked_at
                .iter()
                .any(|dir| path.starts_with(&format!("packages/{dir}/")))
    };
    for path in String::from_utf8(output.stdout)
        .unwrap()
        .split('\0')
        .filter(wanted)
    {
        let at = to.join(path);
        if !path.is_empty() && from.join(path).is_file() {
            std::fs::create_dir_all(at.parent().unwrap()).unwrap();
            std::fs::copy(from.join(path), at).unwrap();
        }
    }
}

/// The table of `docs/validation.md`; `TENON_BLESS=1` writes it.
#[test]
fn the_table_of_breaks_is_in_the_docs() {
    let mut tables = String::new();
    let measured = tools();
    let (mut count, mut noticed) = (0, [0; 3]);
    for (family, breaks) in families("o2s") {
        tables += &format!(
            "\n### {family}\n\n| what a person does | is found by | at | `--fix` | tsc | eslint | build |\n|---|---|---|---|---|---|---|\n"
        );
        for of in &breaks {
            let [rules, places, mended] = of.cells();
            let tools = match measured.get(&of.id) {
                Some(row) => {
                    count += 1;
                    for (noticed, yes) in noticed.iter_mut().zip(row) {
                        *noticed += usize::from(*yes);
                    }
                    row.map(|yes| if yes { "yes" } else { "–" }).join(" | ")
                }
                None => "? | ? | ?".to_owned(),
            };
            tables += &format!("| {} | {rules} | {places} | {mended} | {tools} |\n", of.what);
        }
    }
    let [tsc, eslint, build] = noticed;
    let summary = format!(
        "Of {count} breaks that were measured, `tsc` notices {tsc}, eslint {eslint}, the build {build}; `tenon` finds all.\n"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- breaks -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /breaks -->").unwrap();
    let right = format!("{before}<!-- breaks -->\n{summary}{tables}\n<!-- /breaks -->{after}");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &right).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == right,
        "the table of docs/validation.md is not of today: TENON_BLESS=1 cargo test --test main table_of_breaks"
    );
}

#[test]
fn there_are_breaks_for_every_rule() {
    let breaks = all("o2s");
    assert!(breaks.len() >= 60, "{}", breaks.len());
    let every: Vec<Break> = ["o2s", "djblets", "cargo"].into_iter().flat_map(all).collect();
    let ids: BTreeSet<&str> = breaks.iter().map(|of| of.id.as_str()).collect();
    assert_eq!(ids.len(), breaks.len(), "an id is there twice");
    let said = Sandbox::empty().done(&["explain", "--format", "json"]).out;
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    // What is about settings is tested with the settings. No built-in pack has a sorted site, or rules for texts and for values beside names.
    let elsewhere = [
        "expired-ignore",
        "stale-baseline",
        "unused-ignore",
        "unsorted-entry",
        "wrong-text",
        "wrong-value",
    ];
    let rules = said["rules"].as_array().unwrap().iter();
    let of_others = all("integration-controller");
    let never: Vec<&str> = rules
        .map(|rule| rule["id"].as_str().unwrap())
        .filter(|rule| !elsewhere.contains(rule))
        .filter(|rule| {
            !every
                .iter()
                .chain(&of_others)
                .any(|of| of.expect.iter().any(|one| one.rule == *rule))
        })
        .collect();
    assert_eq!(never, <[&str; 0]>::default(), "no break expects these rules");
    let gone: Vec<String> = tools()
        .into_keys()
        .filter(|id| !ids.contains(id.as_str()))
        .collect();
    assert_eq!(gone, <[&str; 0]>::default(), "measured, and no break");
}
