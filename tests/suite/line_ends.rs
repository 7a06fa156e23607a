//! A host that was committed with LF and cloned with `core.autocrlf=true`: git shows no change, and tenon neither.

use crate::support::hosts::{OPERATOR_MADE_BY, framework, operator, pinned_workshop};
use crate::support::sandbox::{Node, Sandbox, Tree, assert_same, git, visible};

use super::update::{edited, second_version};

/// A way to give files of a clone other line ends.
type Ends = fn(&str) -> bool;
/// Whether the file at a path ends its lines with CRLF: in every file, or in every second one.
const CHECKOUTS: [(&str, Ends); 2] = [("all", |_| true), ("mixed", |path| path.len() % 2 == 0)];

/// The host in git, and then with the line ends of a checkout elsewhere.
fn cloned(host: &Sandbox, crlf: Ends) -> Sandbox {
    git(&host.root, &["init", "-q"]);
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "made"]);
    let clone = Sandbox::empty();
    std::fs::remove_dir(&clone.root).unwrap();
    let (from, to) = (host.root.to_str().unwrap(), clone.root.to_str().unwrap());
    git(
        clone.outside(),
        &["clone", "-q", "-c", "core.autocrlf=true", from, to],
    );
    assert_eq!(git(&clone.root, &["status", "--porcelain"]), "");
    for path in visible(&clone.root).into_keys() {
        if clone.at(&path).is_file() && !path.starts_with(".git/") && !crlf(&path) {
            clone.write(&path, clone.read(&path).replace("\r\n", "\n"));
        }
    }
    assert!(clone.read("tenon.lock").contains('\n'));
    clone
}

/// The files without git's and tenon's own, all lines ending with LF.
fn with_lf(host: &Sandbox) -> Tree {
    let mut tree = visible(&host.root);
    tree.retain(|path, _| path != ".git" && !path.starts_with(".git/"));
    for node in tree.values_mut() {
        if let Node::File(_, bytes) = node {
            *bytes = String::from_utf8(bytes.clone())
                .unwrap()
                .replace("\r\n", "\n")
                .into_bytes();
        }
    }
    tree
}

/// What nobody edits keeps its line ends, and no file gets mixed ones.
#[track_caller]
fn ends_as_checked_out(host: &Sandbox, crlf: Ends) {
    for (path, node) in visible(&host.root) {
        let Node::File(..) = node else { continue };
        if path.starts_with(".git/") || !git(&host.root, &["ls-files", &path]).contains(&path) {
            continue;
        }
        let text = host.read(&path);
        let (all, with_cr) = (text.matches('\n').count(), text.matches("\r\n").count());
        assert_eq!(with_cr, if crlf(&path) { all } else { 0 }, "{path}: {text:?}");
    }
}

fn made(host: Sandbox, by: &[&[&str]]) -> Sandbox {
    for args in by {
        host.done(args);
    }
    host
}

/// The hosts, how each is made, what makes its last member and what takes that away.
fn hosts() -> Vec<(Sandbox, Vec<&'static str>, Vec<&'static str>)> {
    let mut go: Vec<&[&str]> = OPERATOR_MADE_BY.to_vec();
    go.push(&["new-integration", "zeta", "--quiet"]);
    let o2s = [
        "new-integration",
        "acme",
        "--modules",
        "tickets,cms",
        "--activate",
        "tickets",
    ];
    let vice = ["new-integration", "saw", "--label", "a \"b\""];
    vec![
        (
            made(framework(), &[&o2s]),
            o2s.to_vec(),
            vec!["remove-integration", "acme", "--yes"],
        ),
        (
            made(operator(), &go),
            vec!["new-integration", "zeta", "--quiet"],
            vec!["remove-integration", "zeta", "--yes"],
        ),
        (
            made(pinned_workshop(), &[&vice]),
            vice.to_vec(),
            vec!["remove-integration", "saw", "--yes"],
        ),
    ]
}

#[test]
fn a_clone_with_other_line_ends_has_no_change() {
    for (host, again, remove) in hosts() {
        for (which, crlf) in CHECKOUTS {
            let clone = cloned(&host, crlf);
            let before = visible(&clone.root);
            clone.run(&["update", "--check"]).exits(0).prints("");
            for args in [&["update"][..], &again] {
                clone.done(args);
                assert_same(&before, &visible(&clone.root));
            }
            assert_eq!(clone.run(&["check"]).out, host.run(&["check"]).out, "{which}");
            let with_members = with_lf(&clone);
            let original = Sandbox::copy_of(&host.root);
            let (there, here) = (original.run(&remove), clone.run(&remove));
            assert_eq!((there.code, &there.out), (0, &here.out), "{which}: {}", here.err);
            assert_eq!(there.err, here.err, "{which}");
            assert_same(&with_lf(&original), &with_lf(&clone));
            assert_ne!(with_members, with_lf(&clone));
            ends_as_checked_out(&clone, crlf);
            // What is taken back is what was there, byte for byte.
            clone.done(&["undo"]);
            assert_same(&before, &visible(&clone.root));
            std::fs::remove_dir_all(host.at(".git")).unwrap();
        }
    }
}

#[test]
fn an_update_keeps_the_line_ends_of_a_clone() {
    const SERVICE: &str = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";
    let host = made(
        framework(),
        &[&[
            "new-integration",
            "acme",
            "--modules",
            "tickets,cms",
            "--activate",
            "tickets",
        ]],
    );
    for (which, crlf) in CHECKOUTS {
        let clone = cloned(&host, crlf);
        let original = Sandbox::copy_of(&host.root);
        for own in [&clone, &original] {
            second_version(own, edited);
            // Somebody changed it: the base of the merge comes from git.
            let text = own.read(SERVICE);
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            own.write(SERVICE, format!("{text}// By hand.{end}"));
        }
        let before = visible(&clone.root);
        let args = ["update", "--pack", "../v2"];
        let (there, here) = (original.run(&args), clone.run(&args));
        assert_eq!((there.code, there.err), (here.code, here.err), "{which}");
        assert!(
            clone.read(SERVICE).contains("// Of the second version."),
            "{which}"
        );
        assert!(clone.read(SERVICE).contains("// By hand."), "{which}");
        assert_same(&with_lf(&original), &with_lf(&clone));
        ends_as_checked_out(&clone, crlf);
        clone.run(&["update", "--check", "--pack", "../v2"]).exits(0);
        clone.done(&["undo"]);
        assert_same(&before, &visible(&clone.root));
        std::fs::remove_dir_all(host.at(".git")).unwrap();
    }
}

/// A pack that stands in the host is cloned with it: it is the same pack, and makes the same.
#[test]
fn a_pack_with_other_line_ends_is_the_same_pack() {
    let host = pinned_workshop();
    host.done(&["new-integration", "saw", "--label", "x"]);
    let clone = cloned(&host, |_| true);
    for own in [&host, &clone] {
        own.done(&["new-integration", "rasp", "--label", "y"]);
    }
    assert_same(&with_lf(&host), &with_lf(&clone));
    ends_as_checked_out(&clone, |_| true);
    clone.run(&["update", "--check"]).exits(0);
}
