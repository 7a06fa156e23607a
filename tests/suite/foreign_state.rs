//! A `.tenon` that came with a repository, or that another user, another machine or another place left: nothing of it is obeyed,
//! nothing of it stands in the way, and commands that only read do not even touch it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use serde_json::json;
use snapbox::str;

use crate::support::client::Client;
use crate::support::fault::restore_tree;
use crate::support::hosts::{workshop, workshop_pack};
use crate::support::sandbox::{Sandbox, assert_same, git, tree, visible};

const NEW: [&str; 4] = ["new-integration", "saw", "--pack", "../workshop"];

/// Commands that only read, and those that would write but are asked not to.
const READERS: [&[&str]; 9] = [
    &["list", "--pack", "../workshop"],
    &["validate-structure", "--pack", "../workshop"],
    &["validate-structure", "--fix", "--diff", "--pack", "../workshop"],
    &["new-integration", "saw", "--dry-run", "--pack", "../workshop"],
    &["new-integration", "saw", "--check", "--pack", "../workshop"],
    &["update", "--check", "--pack", "../workshop"],
    &["init", "--dry-run", "--pack", "./workshop"],
    &["undo", "--list", "--host", "."],
    &["explain", "missing-part"],
];

/// The digest of `bytes`, as a journal has it.
fn digest(bytes: &str) -> String {
    let mut command = Command::new("sha256sum");
    command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), bytes.as_bytes()).unwrap();
    drop(child.stdin.take());
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()[..64].to_owned()
}

/// What somebody would write who knows the format, in the version without a seal and in the one with it.
fn forged(host: &Sandbox, ops: &serde_json::Value) -> Vec<String> {
    let journal = |version: u32, root: Option<&str>| {
        let mut journal = json!({
            "version": version, "title": "made up\u{1b}[2J", "undoes": null, "ops": ops,
            "made": [{ "path": "link", "mode": 0o4777 }, { "path": "made", "mode": 0o4777 }], "shared": [],
            "removed": [{ "path": "units", "mode": 0o4777 }],
        });
        if let Some(root) = root {
            journal["root"] = json!(root);
        }
        serde_json::to_string_pretty(&journal).unwrap()
    };
    let current = journal(2, host.root.to_str());
    vec![
        journal(1, None),
        current.clone(),
        format!("tenon {}\n{current}", "0".repeat(64)),
        format!("tenon {}\n{current}", digest(&current)),
    ]
}

/// Operations that create a file, delete one, and name one path and write another.
fn operations() -> serde_json::Value {
    let package = "{\"name\": \"victim\"}\n";
    json!([
        { "path": "evil.txt", "target": "evil.txt", "before": null, "after": { "sha256": digest("evil\n"), "mode": 0o4777 }, "back": null },
        { "path": "package.json", "target": "package.json", "after": null, "back": null,
          "before": { "offset": 0, "length": package.len(), "sha256": digest(package), "mode": 0o4777 } },
        { "path": "README.md", "target": "package.json", "before": null, "after": { "sha256": digest("evil\n"), "mode": 0o777 }, "back": null },
    ])
}

/// Puts a made-up step into the directory `at` of the host.
fn put_step(host: &Sandbox, at: &str, journal: &str) {
    host.write(&format!("{at}/journal"), journal);
    host.write(&format!("{at}/before"), "{\"name\": \"victim\"}\n");
    for index in 0..3 {
        host.write(&format!("{at}/after-{index}"), "evil\n");
    }
    host.chmod(&format!("{at}/after-0"), 0o4777);
}

/// A host with a file that must stay, and a link to a private file outside.
fn victim() -> Sandbox {
    let host = workshop();
    // `init` pins only what lies in the host.
    workshop_pack(&host.root);
    host.write("package.json", "{\"name\": \"victim\"}\n");
    host.write("../secret.txt", "secret\n");
    fs::set_permissions(host.at("../secret.txt"), fs::Permissions::from_mode(0o600)).unwrap();
    host.link("link", "../secret.txt");
    host
}

fn is_unharmed(host: &Sandbox) {
    let mode = fs::metadata(host.at("../secret.txt"))
        .unwrap()
        .permissions()
        .mode()
        & 0o7777;
    assert_eq!(mode, 0o600);
    assert_eq!(host.read("package.json"), "{\"name\": \"victim\"}\n");
    assert!(!host.exists("evil.txt") && !host.exists("made") && !host.exists("README.md"));
}

/// Whatever stands below `.tenon`: readers do what they do without it, say so if a step is there, and touch nothing.
#[track_caller]
fn readers_only_read(host: &Sandbox, clean: &Sandbox, said: &str) {
    let before = host.tree();
    for args in READERS {
        let (ran, expected) = (host.run(args), clean.run(args));
        assert_eq!(
            (ran.code, &ran.out),
            (expected.code, &expected.out),
            "{args:?}: {}",
            ran.err
        );
        if args[0] != "explain" {
            assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
        }
        assert!(!ran.err.contains("made up"), "{args:?}: {}", ran.err);
        assert_same(&before, &host.tree());
    }
}

#[test]
fn a_made_up_transaction_is_neither_done_nor_touched_by_commands_that_read() {
    let clean = victim();
    let host = victim();
    for journal in forged(&host, &operations()) {
        put_step(&host, ".tenon/txn", &journal);
        readers_only_read(&host, &clean, "`.tenon/txn` was not written here by this program");
        is_unharmed(&host);
    }
}

#[test]
fn a_made_up_transaction_does_not_keep_a_command_from_writing() {
    for at in 0..4 {
        let host = victim();
        let journal = &forged(&host, &operations())[at];
        put_step(&host, ".tenon/txn", journal);
        let ran = host.done(&NEW);
        assert!(
            ran.err.starts_with("warning: `.tenon/txn` was not written here by this program for this user, so nothing of it was done; it is `.tenon/foreign-1` now"),
            "{}",
            ran.err
        );
        is_unharmed(&host);
        assert_eq!(host.read(".tenon/foreign-1/journal"), *journal);
        assert!(host.exists("units/saw/unit.json"));
        let again = host.done(&["undo"]);
        assert!(!again.err.contains("foreign"), "{}", again.err);
        assert!(!host.exists("units/saw"));
        is_unharmed(&host);
    }
}

#[test]
fn every_command_that_writes_sets_a_made_up_transaction_aside() {
    let writers: [&[&str]; 6] = [
        &["new-integration", "rasp", "--yes", "--pack", "../workshop"],
        &["remove-integration", "saw", "--yes", "--pack", "../workshop"],
        &["validate-structure", "--fix", "--pack", "../workshop"],
        &[
            "validate-structure",
            "--write-baseline",
            "b.json",
            "--pack",
            "../workshop",
        ],
        &["update", "--yes", "--pack", "../workshop"],
        &["undo"],
    ];
    for args in writers {
        let host = victim();
        host.done(&NEW);
        put_step(&host, ".tenon/txn", &forged(&host, &operations())[2]);
        let ran = host.run(args);
        assert_ne!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains("it is `.tenon/foreign-1` now"),
            "{args:?}: {}",
            ran.err
        );
        is_unharmed(&host);
    }
    let host = victim();
    put_step(&host, ".tenon/txn", &forged(&host, &operations())[2]);
    host.done(&["undo", "--recover"]);
    assert!(host.exists(".tenon/foreign-1") && !host.exists(".tenon/txn"));
    is_unharmed(&host);
}

#[test]
fn a_made_up_history_is_not_undone_and_does_not_keep_anything_from_writing() {
    let host = victim();
    for (number, journal) in forged(&host, &operations()).iter().enumerate() {
        put_step(&host, &format!(".tenon/history/{:04}", number + 1), journal);
    }
    for number in (5..3000).chain([u32::MAX]) {
        host.write(&format!(".tenon/history/{number:04}/journal"), "{}");
    }
    host.run(&["undo"]).is_one_error().says(str![[r#"
error: there is nothing to take back here
  because: `.tenon/history/0001` and 2999 more were not written here by this program for this user, or are damaged
help: steps can be taken back where they were taken, by who took them: not in a clone, and not after the host was moved

"#]]);
    is_unharmed(&host);
    let before = host.tree();
    host.refused(&["undo", "--to", "1"]);
    host.refused(&["undo", "--dry-run"]);
    let listed = host.done(&["undo", "--list"]);
    assert_eq!(listed.out, "");
    assert_same(&before, &host.tree());
    host.done(&NEW);
    assert!(host.exists("units/saw/unit.json"));
    let undone = host.done(&["undo"]);
    assert!(
        undone.err.contains("and 2999 more were not written here"),
        "{}",
        undone.err
    );
    assert_same(&before, &host.tree());
    is_unharmed(&host);
}

#[test]
fn links_and_pipes_below_the_state_are_neither_followed_nor_waited_for() {
    let clean = victim();
    let host = victim();
    host.write("../elsewhere/journal", "{}");
    host.write("../elsewhere/0001/journal", "{}");
    let outside = tree(&host.at("../elsewhere"));
    for part in [
        "txn",
        "staging",
        "trash",
        "history",
        "rendered",
        "txn/journal",
        "history/0001",
        "history/0001/journal",
    ] {
        if host.exists(".tenon") {
            host.remove(".tenon");
        }
        let at = host.at(&format!(".tenon/{part}"));
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(host.at("../elsewhere"), &at).unwrap();
        readers_only_read(&host, &clean, "");
        host.done(&NEW);
        host.done(&["undo"]);
        assert_same(&outside, &tree(&host.at("../elsewhere")));
        is_unharmed(&host);
    }
    host.remove(".tenon");
    fs::create_dir_all(host.at(".tenon/txn")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(host.at(".tenon/txn/journal"))
            .status()
            .unwrap()
            .success()
    );
    readers_only_read(&host, &clean, "`.tenon/txn` was not written here");
    host.done(&NEW);
    is_unharmed(&host);
}

#[test]
fn a_state_that_is_a_link_keeps_no_command_from_reading() {
    let clean = victim();
    let host = victim();
    host.write("../elsewhere/txn/journal", "{}");
    host.link(".tenon", "../elsewhere");
    readers_only_read(&host, &clean, "");
    host.refused(&NEW);
    host.remove(".tenon");
    host.write(".tenon", "a file\n");
    readers_only_read(&host, &clean, "");
}

#[test]
fn an_editor_that_opens_a_host_with_a_made_up_transaction_changes_nothing() {
    let host = victim();
    host.write("tenon.toml", "pack = \"./workshop\"\n");
    put_step(&host, ".tenon/txn", &forged(&host, &operations())[2]);
    let before = host.tree();
    let mut client = Client::of(&[&host.root], json!({}));
    client.open(&host.at("package.json"));
    client.stop();
    assert_same(&before, &host.tree());
    is_unharmed(&host);
}

/// The command of a user who has another secret, or none any more.
fn other_user(host: &Sandbox, args: &[&str]) -> crate::support::sandbox::Ran {
    let mut command = host.command(args);
    command.env("XDG_STATE_HOME", host.outside().join("other"));
    host.ran(command.output().unwrap())
}

#[test]
fn the_history_of_another_user_or_of_a_lost_secret_is_not_undone() {
    let host = victim();
    host.done(&NEW);
    let before = host.tree();
    let ran = other_user(&host, &["undo"]);
    ran.is_one_error();
    assert!(
        ran.err
            .contains("was not written here by this program for this user"),
        "{}",
        ran.err
    );
    assert_same(&before, &host.tree());
    // No secret is made for a look, nor where nothing was written.
    assert!(!host.exists("../other"));
    // A step of theirs goes beside it, and each takes back their own.
    assert_eq!(
        other_user(&host, &["new-integration", "rasp", "--pack", "../workshop"]).code,
        0
    );
    let key = fs::metadata(host.at("../other/tenon/key")).unwrap();
    assert_eq!((key.len(), key.permissions().mode() & 0o7777), (32, 0o600));
    assert_eq!(other_user(&host, &["undo"]).code, 0);
    assert!(host.exists("units/saw") && !host.exists("units/rasp"));
    host.done(&["undo"]);
    assert!(!host.exists("units/saw"));
}

#[test]
fn the_history_of_a_host_that_was_moved_or_cloned_is_not_undone_there() {
    let host = workshop();
    host.done(&NEW);
    let away = host.outside().join("away");
    fs::rename(&host.root, &away).unwrap();
    let undo = |dir: &Path| {
        let mut command = host.command(&["undo"]);
        host.ran(command.current_dir(dir).output().unwrap())
    };
    let before = tree(&away);
    let ran = undo(&away);
    ran.is_one_error();
    assert!(
        ran.err
            .contains("not in a clone, and not after the host was moved"),
        "{}",
        ran.err
    );
    assert_same(&before, &tree(&away));
    // Somebody commits all of it, and somebody else clones that.
    git(&away, &["init", "--quiet"]);
    git(&away, &["add", "--force", "--all"]);
    git(&away, &["commit", "--quiet", "-m", "all"]);
    git(host.outside(), &["clone", "--quiet", "away", "clone"]);
    let clone = host.outside().join("clone");
    let before = visible(&clone);
    undo(&clone).is_one_error();
    assert_same(&before, &visible(&clone));
    // Where it was, it is undone.
    fs::remove_dir_all(away.join(".git")).unwrap();
    fs::rename(&away, &host.root).unwrap();
    host.done(&["undo"]);
    assert!(!host.exists("units/saw"));
}

#[test]
fn a_step_that_was_interrupted_before_the_host_was_moved_says_how_to_end_it() {
    let host = workshop();
    host.done(&NEW);
    // What a killed run leaves: the step is published, and nothing of it is retired.
    fs::rename(host.at(".tenon/history/0001"), host.at(".tenon/txn")).unwrap();
    let away = host.outside().join("away");
    fs::create_dir(&away).unwrap();
    restore_tree(&host.root, &away);
    let before = visible(&away);
    let mut command = host.command(&["new-integration", "rasp", "--pack", "../workshop"]);
    let ran = host.ran(command.current_dir(&away).output().unwrap());
    ran.is_one_error().says(str![[r#"
error: `new integration saw` was interrupted in `HOST`, and is not ended here
  because: the host was moved or copied since
help: to end it, move the host back to `HOST` and run `tenon undo --recover` there
help: to keep the tree as it stands, delete `.tenon/txn` and run the command again

"#]]);
    assert_same(&before, &visible(&away));
    let ran = host.done(&["undo", "--recover"]);
    assert!(
        ran.err
            .contains("`new integration saw` was interrupted; it is finished now"),
        "{}",
        ran.err
    );
    host.done(&["undo"]);
    assert!(!host.exists("units/saw"));
}

#[test]
fn without_a_place_for_the_secret_nothing_is_written() {
    let host = workshop();
    let before = host.tree();
    host.write("../file", "");
    let mut command = host.command(&NEW);
    command.env("XDG_STATE_HOME", host.outside().join("file"));
    let ran = host.ran(command.output().unwrap());
    ran.is_one_error();
    assert!(ran.err.contains("set `XDG_STATE_HOME` or `HOME`"), "{}", ran.err);
    assert_same(&before, &host.tree());
    // What is no secret is not used as one.
    for bytes in ["", "short", &"x".repeat(33)] {
        host.write("../bad/tenon/key", bytes);
        let mut command = host.command(&NEW);
        command.env("XDG_STATE_HOME", host.outside().join("bad"));
        let ran = host.ran(command.output().unwrap());
        ran.is_one_error();
        assert!(
            ran.err.contains("is not the secret that tenon keeps there"),
            "{}",
            ran.err
        );
        assert_same(&before, &host.tree());
    }
    // Commands that read need none.
    let mut command = host.command(&["list", "--pack", "../workshop"]);
    command.env("XDG_STATE_HOME", host.outside().join("bad"));
    assert_eq!(host.ran(command.output().unwrap()).code, 0);
}
