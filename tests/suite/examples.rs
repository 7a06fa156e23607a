//! The example packs of `docs/examples/packs` that have a small host of their own: made, checked, taken back, and broken in
//! each way that their documentation invites. What the real repositories say is in `tests/real/examples.rs`.

use std::path::{Path, PathBuf};

use super::breaks::{complaint, each};
use crate::support::breaks::{Break, all, findings};
use crate::support::fault::copy_tree;
use crate::support::sandbox::{Sandbox, assert_same, program, tree};

/// The packs, and what is made with each.
const MADE: [(&str, &[&[&str]]); 5] = [
    (
        "coredns",
        &[
            &["frobnicate", "--before", "cache", "--owner", "octocat"],
            &["k8s_mirror", "--before", "metrics"],
            &["any"],
        ],
    ),
    (
        "dependabot",
        &[
            &[
                "acme_kit",
                "--title",
                "Acme's Kit",
                "--key",
                "acme",
                "--colour",
                "5C4EE5",
            ],
            &["plain"],
        ],
    ),
    (
        "opentelemetry-js",
        &[
            &[
                "acme-queue",
                "--library",
                "@acme/queue",
                "--owner",
                "octocat",
                "--bundled",
            ],
            &["frob", "--unreleased"],
        ],
    ),
    (
        "redash",
        &[
            &[
                "acme_db",
                "--title",
                "Acme's \"DB\"",
                "--requires",
                "acme-client==1.0",
                "--imports",
                "acme",
            ],
            &["plain"],
        ],
    ),
    (
        "seatunnel",
        &[&["acme-db", "--sink", "--source"], &["reader", "--source"]],
    ),
];

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/packs")
}

/// The small host of a pack, with the pack in it.
fn host(pack: &str) -> Sandbox {
    let sandbox = Sandbox::copy_of(&packs().join(pack).join("tests/small/host"));
    for name in ["pack.toml", "files"] {
        let (from, to) = (packs().join(pack).join(name), sandbox.at("tools/pack").join(name));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        if from.is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy_tree(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
    sandbox.write("tenon.toml", "pack = \"./tools/pack\"\n");
    sandbox
}

fn files(host: &Sandbox) -> crate::support::sandbox::Tree {
    let mut all = tree(&host.root);
    all.retain(|path, _| !path.starts_with(".tenon"));
    all
}

#[test]
fn what_is_made_is_in_order_and_goes_without_a_trace() {
    for (pack, all) in MADE {
        let host = host(pack);
        let before = files(&host);
        assert_eq!(findings(program(), &host.root, &[]), [], "{pack}");
        for words in all {
            let new = [&["new-integration"], *words, &["--no-input", "--yes", "--quiet"]].concat();
            host.done(&new);
            assert_eq!(findings(program(), &host.root, &[]), [], "{pack} {words:?}");
            let made = files(&host);
            host.done(&["undo"]);
            assert_same(&before, &files(&host));
            host.done(&new);
            assert_same(&made, &files(&host));
            host.done(&["remove-integration", words[0], "--yes", "--quiet"]);
            assert_same(&before, &files(&host));
        }
        // All together, and gone in the order in which they came.
        for words in all {
            host.done(&[&["new-integration"], *words, &["--no-input", "--yes", "--quiet"]].concat());
        }
        assert_eq!(findings(program(), &host.root, &[]), [], "{pack}");
        for words in all {
            host.done(&["remove-integration", words[0], "--yes", "--quiet"]);
        }
        assert_same(&before, &files(&host));
    }
}

/// What is there by hand and that nobody uses goes with its entries; what others use stays.
#[test]
fn what_was_written_by_hand_goes_with_its_entries() {
    for (pack, name, used) in [
        ("coredns", "cache", None),
        ("dependabot", "elm", None),
        ("opentelemetry-js", "mongodb", None),
        ("redash", "mysql", Some("redash/query_runner/aurora.py")),
        ("seatunnel", "socket", None),
    ] {
        let host = host(pack);
        if let Some(path) = used {
            let text = "from redash.query_runner import register\nfrom redash.query_runner.mysql import Mysql\n\n\n\
                        class Aurora(Mysql):\n    pass\n\n\nregister(Aurora)\n";
            host.write(path, text);
            host.replace(
                "redash/settings/__init__.py",
                "    \"redash.query_runner.mysql\",\n",
                "    \"redash.query_runner.mysql\",\n    \"redash.query_runner.aurora\",\n",
            );
            let refused = host.refused(&["remove-integration", name, "--force", "--yes"]);
            assert!(refused.err.contains("aurora.py:2"), "{}", refused.err);
            host.done(&["remove-integration", "aurora", "--force", "--yes", "--quiet"]);
        }
        let before = files(&host);
        host.done(&["remove-integration", name, "--force", "--yes", "--quiet"]);
        assert_eq!(findings(program(), &host.root, &[]), [], "{pack}");
        let spoken: Vec<String> = files(&host)
            .keys()
            .filter(|path| !path.starts_with("tools") && host.at(path).is_file())
            .filter(|path| host.read(path).contains(name))
            .cloned()
            .collect();
        assert!(spoken.is_empty(), "{pack}: {spoken:?}");
        host.done(&["undo"]);
        assert_same(&before, &files(&host));
    }
}

#[test]
fn every_break_of_the_small_hosts_is_found_and_nothing_else_is() {
    let mut said = String::new();
    for (pack, all_made) in MADE {
        let host = host(pack);
        for words in all_made {
            host.done(&[&["new-integration"], *words, &["--no-input", "--yes", "--quiet"]].concat());
        }
        host.remove(".tenon");
        let before = findings(program(), &host.root, &[]);
        assert_eq!(before, [], "{pack}");
        let breaks: Vec<Break> = all(pack);
        assert!(breaks.len() >= 8, "{pack}: {}", breaks.len());
        said += &each(&breaks, |of| complaint(of, "fresh", &host.root, &before));
    }
    assert!(said.is_empty(), "\n{said}");
}

/// The figures in the pages are those of the packs; `TENON_BLESS=1` writes them.
#[test]
fn the_figures_of_the_packs_are_in_the_docs() {
    let lines = |path: &Path| std::fs::read_to_string(path).unwrap().lines().count();
    let mut table = String::from(
        "| pack | language | lines of `pack.toml` | templates | lines of templates | sites | breaks found |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mut names: Vec<String> = std::fs::read_dir(packs())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let root = packs().join(&name);
        let text = std::fs::read_to_string(root.join("pack.toml")).unwrap();
        let raw: toml::Table = text.parse().unwrap();
        let kinds = raw["kind"].as_table().unwrap().values();
        let sites: usize = kinds
            .filter_map(|kind| Some(kind.get("site")?.as_table()?.len()))
            .sum();
        let language = raw["pack"]["language"].as_str().unwrap().to_owned();
        let templates: Vec<PathBuf> = tree(&root.join("files"))
            .keys()
            .map(|path| root.join("files").join(path))
            .filter(|path| path.extension().is_some_and(|end| end == "hbs"))
            .collect();
        let count: usize = templates.iter().map(|path| lines(path)).sum();
        let breaks = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/breaks")
            .join(&name);
        let breaks = match breaks.is_dir() {
            true => all(&name).len().to_string(),
            false => "–".to_owned(),
        };
        table += &format!(
            "| [`{name}`](packs/{name}) | {language} | {} | {} | {count} | {} | {breaks} |\n",
            lines(&root.join("pack.toml")),
            templates.len(),
            sites,
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/README.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once("<!-- figures -->\n").unwrap();
    let (_, tail) = rest.split_once("<!-- end -->\n").unwrap();
    let right = format!("{head}<!-- figures -->\n{table}<!-- end -->\n{tail}");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, right).unwrap();
    } else {
        assert_eq!(page, right, "run it with TENON_BLESS=1");
    }
}
