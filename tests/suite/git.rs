//! What git says of ordinary checkouts, however they are stored, and what is said where there is none.

use std::fs;
use std::path::Path;

use snapbox::str;

use super::hostile_git::{ACME, BETA, CHECK, MARKER, REMOVE, append, checkout, nested};
use crate::support::hosts::framework;
use crate::support::sandbox::{Ran, Sandbox, git};

/// Checks what changed since `reference` in the directory `dir`, relative to the host.
#[track_caller]
fn check(host: &Sandbox, dir: &str, reference: &str) -> Ran {
    let args = [&CHECK[..CHECK.len() - 1], &[reference]].concat();
    host.run_in(dir, &args)
}

/// `beta` has a conflict, `acme` had one before.
#[track_caller]
fn finds_what_changed(name: &str, ran: &Ran) {
    assert_eq!(ran.code, 1, "{name}: {}", ran.err);
    assert!(
        ran.out.contains(BETA) && !ran.out.contains("acme"),
        "{name}: {}{}",
        ran.out,
        ran.err
    );
}

#[test]
fn changes_are_found_however_a_checkout_is_stored() {
    let ways: [(&str, &[&[&str]]); 5] = [
        ("loose", &[]),
        ("packed", &[&["pack-refs", "--all"], &["gc", "-q"]]),
        ("split", &[&["update-index", "--split-index"]]),
        ("sparse", &[&["sparse-checkout", "set", "host"]]),
        (
            "old settings",
            &[
                &["config", "core.fileMode", "false"],
                &["config", "branch.\"a.b\\c\".merge", "refs/heads/main"],
            ],
        ),
    ];
    for (name, commands) in ways {
        let host = checkout();
        for args in commands {
            git(host.outside(), args);
        }
        finds_what_changed(name, &check(&host, "", "main"));
    }
}

#[test]
fn changes_are_found_in_clones_worktrees_and_submodules() {
    let host = checkout();
    let top = host.outside();
    let url = format!("file://{}", top.display());
    git(top, &["worktree", "add", "-q", "-b", "other", "tree"]);
    git(top, &["clone", "-q", "--shared", ".", "shared"]);
    git(
        top,
        &["clone", "-q", "--depth=1", "--no-single-branch", &url, "shallow"],
    );
    git(top, &["init", "-q", "super"]);
    let allow = "protocol.file.allow=always";
    git(
        &top.join("super"),
        &["-c", allow, "submodule", "--quiet", "add", &url, "sub"],
    );
    for (dir, reference) in [
        ("tree", "main"),
        ("shared", "origin/main"),
        ("shared", "@{upstream}"),
        ("shared", "HEAD@{0}"),
        ("shallow", "origin/main"),
        ("super/sub", "origin/main"),
    ] {
        let beta = top.join(dir).join("host").join(BETA);
        let text = fs::read_to_string(&beta).unwrap();
        fs::write(&beta, format!("{text}{MARKER}")).unwrap();
        let ran = check(&host, &format!("../{dir}/host"), reference);
        finds_what_changed(&format!("{dir} since {reference}"), &ran);
    }
}

/// Git would have to run something in it to know.
#[test]
fn what_is_in_a_repository_inside_the_checkout_counts_as_changed() {
    for is_added in [true, false] {
        let host = checkout();
        let beta = host.at("packages/integrations/beta");
        git(
            &host.root,
            &["rm", "-rq", "--cached", "packages/integrations/beta"],
        );
        git(&beta, &["init", "-q"]);
        git(&beta, &["add", "-A"]);
        git(&beta, &["commit", "-qm", "beta"]);
        if is_added {
            git(&host.root, &["add", "packages/integrations/beta"]);
        }
        git(&host.root, &["commit", "-qm", "inside"]);
        git(&host.root, &["branch", "-f", "main"]);
        finds_what_changed(&format!("{is_added}"), &check(&host, "", "main"));
    }
}

/// Unlike what a program makes of them: what a filter would say is not asked.
#[test]
fn line_ends_that_git_converts_are_no_change() {
    let host = checkout();
    git(host.outside(), &["config", "core.autocrlf", "true"]);
    host.write(ACME, host.read(ACME).replace('\n', "\r\n"));
    finds_what_changed("autocrlf", &check(&host, "", "main"));
    append(&host.at(".gitattributes"), "*.service.ts filter=up\n");
    git(host.outside(), &["config", "filter.up.clean", "tr a-z A-Z"]);
    git(host.outside(), &["config", "filter.up.required", "true"]);
    let ran = check(&host, "", "main");
    assert!(ran.out.contains(BETA), "{}", ran.out);
}

#[test]
fn what_git_ignores_names_nothing_that_is_removed() {
    let host = checkout();
    host.write("notes.ts", "import '@o2s/integrations.acme';\n");
    let without_force = &REMOVE[..REMOVE.len() - 1];
    let ran = host.run(without_force);
    assert!(ran.err.contains("notes.ts"), "{}{}", ran.out, ran.err);
    let settings = host.outside().join("settings");
    fs::create_dir_all(settings.join("git")).unwrap();
    fs::write(settings.join("git/ignore"), "notes.ts\n").unwrap();
    let by_default = ("XDG_CONFIG_HOME", settings.clone());
    fs::write(
        settings.join(".gitconfig"),
        "[core]\n\texcludesFile = ~/git/ignore\n",
    )
    .unwrap();
    let by_setting = ("HOME", settings);
    for (name, value) in [by_default, by_setting] {
        let ran = host.ran(host.command(without_force).env(name, value).output().unwrap());
        assert!(!ran.err.contains("notes.ts"), "{name}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn outside_git_nothing_is_known_to_have_changed() {
    let host = framework();
    let said = str![[r#"
error: this is not a git checkout
  because: neither `HOST` nor a directory above it has `.git`
help: `--changed-since` asks git what changed: run it in a clone, or leave the option out

"#]];
    check(&host, "", "main").is_one_error().says(said.clone());
    nested(&host);
    check(&host, "", "main").is_one_error().says(said);
    // An empty one is none.
    fs::create_dir(host.at(".git")).unwrap();
    check(&host, "", "main").is_one_error();
}

#[test]
fn looking_at_a_checkout_leaves_it_as_it_was() {
    let host = checkout();
    let before = crate::support::sandbox::tree(&host.outside().join(".git"));
    finds_what_changed("", &check(&host, "", "main"));
    crate::support::sandbox::assert_same(
        &before,
        &crate::support::sandbox::tree(&host.outside().join(".git")),
    );
}

/// A pack that is fetched goes to the cache, whatever stands around the host and whatever the environment names.
#[test]
fn a_fetched_pack_is_kept_in_the_cache_and_nowhere_else() {
    let host = framework();
    let far = host.outside().join("far");
    crate::support::fault::copy_tree(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/o2s")),
        {
            fs::create_dir(&far).unwrap();
            &far
        },
    );
    git(&far, &["init", "-q"]);
    git(&far, &["add", "-A"]);
    git(&far, &["commit", "-qm", "one"]);
    let commit = git(&far, &["rev-parse", "HEAD"]);
    let ran_at = host.outside().join("ran");
    let config = nested(&host);
    append(
        &config,
        &format!(
            "\tfsmonitor = \"touch {0}\"\n\tsshCommand = \"touch {0}\"\n[uploadpack]\n\tpackObjectsHook = \"touch {0}\"\n",
            ran_at.display()
        ),
    );
    let before = host.tree();
    let wanted = format!("git+file://{}@{commit}", far.display());
    let mut command = host.command(&["list", "--pack", &wanted]);
    command
        .env("XDG_CACHE_HOME", host.outside().join("cache"))
        .env("GIT_DIR", &host.root)
        .env("GIT_COMMON_DIR", &host.root)
        .env("GIT_OBJECT_DIRECTORY", host.at("objects"))
        .env("GIT_INDEX_FILE", host.at("index"))
        .env("GIT_TEMPLATE_DIR", &host.root)
        .env("GIT_DEFAULT_HASH", "sha256");
    let ran = host.ran(command.output().unwrap());
    ran.exits(0);
    assert!(!ran_at.exists());
    crate::support::sandbox::assert_same(&before, &host.tree());
}

/// Git reads a file that is as old as the index; the index that it is given is a copy.
#[test]
fn a_change_as_old_as_the_index_is_found() {
    let host = checkout();
    let changed = host.read(BETA);
    let before = changed.replace(MARKER, &("/".repeat(MARKER.len() - 1) + "\n"));
    let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
    let age = |path: &Path| {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(then).unwrap();
    };
    host.write(BETA, before);
    age(&host.at(BETA));
    git(host.outside(), &["config", "core.trustctime", "false"]);
    git(host.outside(), &["commit", "-qam", "before"]);
    git(host.outside(), &["branch", "-f", "main"]);
    age(&host.outside().join(".git/index"));
    host.write(BETA, changed);
    age(&host.at(BETA));
    finds_what_changed("", &check(&host, "", "main"));
}
