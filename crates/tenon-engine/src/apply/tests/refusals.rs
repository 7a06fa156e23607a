//! Plans that are refused, and that a refusal changes neither the host nor `.tenon`.

use super::*;

/// Commits `plan`, which must fail, leave the tree alone and say `expected`.
fn refused(root: &Path, plan: &Plan, expected: &str) {
    let before = snapshot(root);
    let state = root.join(".tenon").exists();
    let error = commit(root, plan).unwrap_err();
    let said = format!("{error} {}", error.causes().join(" "));
    assert!(said.contains(expected), "{said}");
    assert_eq!(snapshot(root), before);
    assert_eq!(root.join(".tenon").exists(), state);
    assert_eq!(recover(root).unwrap(), None);
}

fn with_rest(name: &'static str, change: Change) -> Plan {
    plan("refused", [("a-first.txt", create("first")), (name, change)])
}

#[test]
fn stale_plans_are_refused() {
    let host = mixed_host();
    let root = host.path();
    refused(
        root,
        &with_rest("keep.txt", create("")),
        "`keep.txt` exists already",
    );
    refused(
        root,
        &with_rest("keep.txt", modify("else", "x")),
        "changed after the plan was made",
    );
    refused(
        root,
        &with_rest("keep.txt", delete("else")),
        "changed after the plan was made",
    );
    refused(
        root,
        &with_rest("missing.txt", modify("a", "b")),
        "does not exist any more",
    );
    refused(
        root,
        &with_rest("src", modify("a", "b")),
        "not a regular file any more",
    );
    refused(root, &with_rest("src", create("a")), "exists already");
    refused(
        root,
        &with_rest("keep.txt/x", create("a")),
        "`keep.txt` is not a directory",
    );
    refused(
        root,
        &plan("nested", [("n", create("")), ("n/x", create(""))]),
        "needs `n` to be a directory",
    );
}

#[test]
fn read_only_files_and_directories_are_refused_even_for_root() {
    let host = mixed_host();
    put(host.path(), "locked.txt", "locked", 0o444);
    refused(
        host.path(),
        &with_rest("locked.txt", modify("locked", "x")),
        "`locked.txt` is read-only",
    );
    refused(
        host.path(),
        &with_rest("locked.txt", delete("locked")),
        "`locked.txt` is read-only",
    );
    let dir = host.path().join("src");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o555)).unwrap();
    refused(
        host.path(),
        &with_rest("src/x/new.txt", create("x")),
        "is read-only",
    );
    refused(
        host.path(),
        &with_rest("src/main.rs", modify("main", "x")),
        "is read-only",
    );
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn names_that_differ_only_in_case_are_refused() {
    let host = mixed_host();
    refused(
        host.path(),
        &with_rest("KEEP.txt", create("")),
        "`KEEP.txt` and `keep.txt` differ only",
    );
    refused(
        host.path(),
        &with_rest("Src/new.rs", create("")),
        "`Src` and `src` differ only",
    );
    let both = plan("both", [("n/a.txt", create("")), ("n/A.txt", create(""))]);
    refused(host.path(), &both, "differ only");
    refused(
        host.path(),
        &plan("dirs", [("n/a", create("")), ("N/b", create(""))]),
        "differ only",
    );
}

#[test]
fn links_out_of_the_host_are_refused() {
    let (host, outside) = (mixed_host(), temp());
    put(outside.path(), "file.txt", "outside", 0o644);
    symlink(outside.path(), host.path().join("out")).unwrap();
    symlink(outside.path().join("file.txt"), host.path().join("out.txt")).unwrap();
    symlink("nowhere", host.path().join("dangling")).unwrap();
    refused(
        host.path(),
        &with_rest("out/new.txt", create("x")),
        "leads out of the host",
    );
    refused(
        host.path(),
        &with_rest("out/file.txt", modify("outside", "x")),
        "leads out of the host",
    );
    refused(
        host.path(),
        &with_rest("out/file.txt", delete("outside")),
        "leads out of the host",
    );
    refused(
        host.path(),
        &with_rest("out.txt", modify("outside", "x")),
        "leads out of the host",
    );
    refused(host.path(), &with_rest("dangling", create("x")), "exists already");
    refused(
        host.path(),
        &with_rest("dangling/x", create("x")),
        "cannot follow the link",
    );
    refused(
        host.path(),
        &with_rest("link.txt", delete("target")),
        "is a symbolic link",
    );
    let twice = plan(
        "twice",
        [
            ("link.txt", modify("target", "a")),
            ("real/target.txt", modify("target", "b")),
        ],
    );
    refused(host.path(), &twice, "are the same file");
    assert_eq!(
        fs::read_to_string(outside.path().join("file.txt")).unwrap(),
        "outside"
    );
}

#[test]
fn the_directories_of_git_and_tenon_are_refused_also_through_links() {
    let host = mixed_host();
    put(host.path(), ".git/config", "", 0o644);
    symlink(".git", host.path().join("innocent")).unwrap();
    for name in [
        ".git/hooks/post-checkout",
        "sub/.GIT/config",
        ".tenon/txn/x",
        "innocent/hook",
    ] {
        refused(
            host.path(),
            &with_rest(name, create("x")),
            "where tenon does not write",
        );
    }
}

#[test]
fn a_link_in_place_of_the_state_directory_is_refused() {
    let (host, outside) = (mixed_host(), temp());
    symlink(outside.path(), host.path().join(".tenon")).unwrap();
    assert!(
        commit(host.path(), &mixed_plan())
            .unwrap_err()
            .message()
            .contains("is not a directory")
    );
    assert!(recover(host.path()).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_second_run_at_once_is_refused() {
    let host = mixed_host();
    let store = Store::open(&host.path().canonicalize().unwrap()).unwrap();
    let before = snapshot(host.path());
    for error in [
        commit(host.path(), &mixed_plan()).unwrap_err(),
        recover(host.path()).unwrap_err(),
    ] {
        assert_eq!(error.message(), "another run of tenon is writing to this host");
        assert!(error.helps()[0].contains("wait until it has ended"));
    }
    assert_eq!(snapshot(host.path()), before);
    drop(store);
    assert!(!host.path().join(".tenon").exists());
    commit(host.path(), &mixed_plan()).unwrap();
}

#[test]
fn of_many_runs_at_once_each_is_done_or_refused() {
    let host = temp();
    let done: usize = std::thread::scope(|scope| {
        let run = |i: usize| {
            let root = host.path();
            scope.spawn(move || {
                let changes = [(path(&format!("f{i}")), create("x"))].into_iter().collect();
                let result = commit(
                    root,
                    &Plan {
                        title: i.to_string(),
                        changes,
                    },
                );
                assert_eq!(result.is_ok(), root.join(format!("f{i}")).exists());
                if let Err(error) = &result {
                    assert!(error.message().contains("another run"), "{error:?}");
                }
                usize::from(result.is_ok())
            })
        };
        (0..24)
            .map(run)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert!(done > 0);
    assert_eq!(history(host.path()).unwrap().steps.len(), done);
}

#[test]
fn never_do_two_runs_hold_the_lock_while_others_remove_it() {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    let host = temp();
    let root = host.path().canonicalize().unwrap();
    let (inside, turns) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..400 {
                    let Ok(store) = Store::open(&root) else { continue };
                    assert!(!inside.swap(true, Ordering::SeqCst), "two at once");
                    turns.fetch_add(1, Ordering::SeqCst);
                    std::thread::yield_now();
                    inside.store(false, Ordering::SeqCst);
                    drop(store);
                }
            });
        }
    });
    assert!(turns.into_inner() > 0);
    assert!(!root.join(".tenon").exists());
}

#[test]
fn a_change_made_while_tenon_writes_is_kept_and_the_rest_taken_back() {
    for name in ["d/x.txt", "m.sh", "z/gone.txt"] {
        let host = small_host();
        let root = host.path().canonicalize().unwrap();
        let store = Store::open(&root).unwrap();
        let plan = small_plan();
        let checked = check::check(&root, &plan, None).unwrap();
        stage::stage(&store, &checked).unwrap();
        put(&root, name, "mine", 0o644);
        let tree = snapshot(&root);
        let error = carry_out(&store, &checked, &store::past_steps(&root).unwrap()).unwrap_err();
        assert_eq!(
            error.message(),
            format!("`{name}` was changed by something else while tenon was writing")
        );
        drop(store);
        assert_eq!(snapshot(&root), tree);
        assert!(!root.join(".tenon").exists());
    }
}

/// A host whose `small` step was killed right after it was published.
pub fn interrupted() -> TempDir {
    let host = small_host();
    let root = host.path().canonicalize().unwrap();
    let store = Store::open(&root).unwrap();
    let plan = small_plan();
    let checked = check::check(&root, &plan, None).unwrap();
    stage::stage(&store, &checked).unwrap();
    host
}

#[test]
fn a_plan_waits_until_an_interrupted_one_is_ended() {
    let host = interrupted();
    let error = commit(host.path(), &plan("next", [("n", create(""))])).unwrap_err();
    assert!(error.message().contains("was interrupted"));
    let recovery = recover(host.path()).unwrap().unwrap();
    assert_eq!(
        (recovery.title.as_deref(), recovery.outcome),
        (Some("small"), RecoveryOutcome::Completed)
    );
    assert_eq!(recovery.files.len(), 3);
    assert_eq!(snapshot(host.path()), small_planned());
}

#[test]
fn a_recovery_keeps_what_a_person_changed_and_says_how_to_go_on() {
    for (name, bytes) in [("m.sh", "mine"), ("d/x.txt", "mine"), ("z/gone.txt", "mine")] {
        let host = interrupted();
        put(host.path(), name, bytes, 0o644);
        let tree = snapshot(host.path());
        let error = recover(host.path()).unwrap_err();
        assert_eq!(
            error.message(),
            format!("`small` was interrupted, and `{name}` changed since")
        );
        assert_eq!(snapshot(host.path()), tree);
        // Either way that the error offers works.
        let other = temp();
        fault::copy_tree(host.path(), other.path());
        fs::remove_dir_all(other.path().join(".tenon/txn")).unwrap();
        assert_eq!(recover(other.path()).unwrap(), None);
        assert_eq!(snapshot(other.path()), tree);
        assert!(!other.path().join(".tenon").exists());
        fs::rename(host.path().join(name), other.path().join("mine")).unwrap();
        assert_eq!(
            recover(host.path()).unwrap().unwrap().outcome,
            RecoveryOutcome::Completed
        );
    }
}

#[test]
fn a_damaged_stage_is_rolled_back() {
    let host = interrupted();
    let before = snapshot(host.path());
    fs::write(host.path().join(".tenon/txn/after-1"), "").unwrap();
    assert_eq!(
        recover(host.path()).unwrap().unwrap().outcome,
        RecoveryOutcome::RolledBack
    );
    assert_eq!(snapshot(host.path()), before);
    assert!(!host.path().join(".tenon").exists());
}

#[test]
fn a_link_that_appeared_since_is_not_written_through() {
    let (host, outside) = (interrupted(), temp());
    symlink(outside.path(), host.path().join("d")).unwrap();
    assert!(
        recover(host.path())
            .unwrap_err()
            .message()
            .contains("`d` is not a directory")
    );
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}
