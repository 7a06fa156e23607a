//! What is refused or set aside, and that a refusal leaves the tree and `.tenon` as they were.

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
    refused(root, &with_rest("keep.txt", modify("else", "x")), "other bytes");
    refused(root, &with_rest("keep.txt", delete("else")), "other bytes");
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
        let error = carry_out(&store, &checked, &store::past(&root).unwrap()).unwrap_err();
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
fn interrupted() -> TempDir {
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
        (Some("small"), Outcome::Completed)
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
        assert_eq!(recover(host.path()).unwrap().unwrap().outcome, Outcome::Completed);
    }
}

#[test]
fn a_damaged_stage_is_rolled_back() {
    let host = interrupted();
    let before = snapshot(host.path());
    fs::write(host.path().join(".tenon/txn/after-1"), "").unwrap();
    assert_eq!(
        recover(host.path()).unwrap().unwrap().outcome,
        Outcome::RolledBack
    );
    assert_eq!(snapshot(host.path()), before);
    assert!(!host.path().join(".tenon").exists());
}

/// What a recovery does that finds nothing of this program: all of it is moved out of the way, nothing is done, and life goes on.
fn is_set_aside(host: &Path, from: &str) {
    let tree = snapshot(host);
    let kept = snapshot_of(&host.join(from));
    let recovery = recover(host).unwrap().unwrap();
    let to = ".tenon/foreign-1".to_owned();
    assert_eq!(
        recovery,
        Recovery {
            title: None,
            outcome: Outcome::SetAside { from: from.to_owned(), to: to.clone() },
            files: vec![]
        }
    );
    assert_eq!(snapshot(host), tree);
    assert_eq!(snapshot_of(&host.join(to)), kept);
    assert_eq!(recover(host).unwrap(), None);
    commit(host, &plan("next", [("next.txt", create(""))])).unwrap();
    undo_last(host).unwrap();
    assert_eq!(snapshot(host), tree);
}

/// What stands at a path: a tree, or the kind of it.
fn snapshot_of(path: &Path) -> Tree {
    let found = fs::symlink_metadata(path).unwrap().file_type();
    if found.is_dir() {
        return snapshot(path);
    }
    [(String::new(), format!("{found:?}"))].into_iter().collect()
}

/// `interrupted`, with the journal changed by `change` and, if `seal`, sealed again: as this program would have written it.
fn with_journal(change: impl Fn(&str) -> String, seal: bool) -> TempDir {
    let host = interrupted();
    let path = host.path().join(".tenon/txn/journal");
    let good = fs::read_to_string(&path).unwrap();
    let (first, text) = good.split_once('\n').unwrap();
    let text = change(text);
    let first = if seal {
        format!("tenon {}", key::Key::read().unwrap().unwrap().seal(text.as_bytes()))
    } else {
        first.to_owned()
    };
    fs::write(&path, format!("{first}\n{text}")).unwrap();
    host
}

#[test]
fn a_journal_that_is_not_as_it_was_sealed_is_set_aside() {
    let changes: [fn(&str) -> String; 8] = [
        |_| String::new(),
        |good| good[..good.len() / 2].to_owned(),
        |good| format!("{good} "),
        |good| good.replace("\"version\": 2", "\"version\": 3"),
        |good| good.replace("\"d/x.txt\"", "\"d/y.txt\""),
        |good| good.replace("\"d/x.txt\"", "\"../x.txt\""),
        |good| good.replace("\"mode\": 493", "\"mode\": 2541"),
        |good| good.replace("\"small\"", "\"Small\""),
    ];
    for change in changes {
        is_set_aside(with_journal(change, false).path(), ".tenon/txn");
    }
}

#[test]
fn what_is_no_journal_is_set_aside() {
    let seal = "0".repeat(64);
    let upper = format!("tenon {}\n{{}}", "A".repeat(64));
    for text in ["", "{", "{\"version\": 1}", &format!("tenon {seal}"), &format!("tenon {seal}\n{{}}"), &upper] {
        let host = interrupted();
        fs::write(host.path().join(".tenon/txn/journal"), text).unwrap();
        is_set_aside(host.path(), ".tenon/txn");
    }
    let host = interrupted();
    let journal = host.path().join(".tenon/txn/journal");
    fs::remove_file(&journal).unwrap();
    is_set_aside(host.path(), ".tenon/txn");
    // More than any step has: it is not read.
    let host = interrupted();
    let journal = fs::File::options().write(true).open(host.path().join(".tenon/txn/journal")).unwrap();
    journal.set_len(1 << 40).unwrap();
    let recovery = recover(host.path()).unwrap().unwrap();
    assert!(matches!(recovery.outcome, Outcome::SetAside { .. }));
}

#[test]
fn what_is_no_file_in_place_of_a_journal_is_set_aside() {
    let outside = temp();
    let host = interrupted();
    let journal = host.path().join(".tenon/txn/journal");
    // Even the right one: what a link leads to is not looked at.
    fs::rename(&journal, outside.path().join("journal")).unwrap();
    symlink(outside.path().join("journal"), &journal).unwrap();
    is_set_aside(host.path(), ".tenon/txn");
    let host = interrupted();
    let journal = host.path().join(".tenon/txn/journal");
    fs::remove_file(&journal).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&journal).status().unwrap();
    assert!(made.success());
    let recovery = recover(host.path()).unwrap().unwrap();
    assert!(matches!(recovery.outcome, Outcome::SetAside { .. }));
}

#[test]
fn links_and_files_in_place_of_the_parts_of_the_state_are_set_aside() {
    let outside = temp();
    put(outside.path(), "journal", "outside", 0o600);
    for part in ["txn", "staging", "trash", "history", ".gitignore"] {
        for is_link in [true, false] {
            let host = small_host();
            fs::create_dir(host.path().join(".tenon")).unwrap();
            let at = host.path().join(".tenon").join(part);
            match (is_link, part) {
                (true, _) => symlink(outside.path(), &at).unwrap(),
                (false, ".gitignore") => fs::create_dir(&at).unwrap(),
                (false, _) => fs::write(&at, "a file").unwrap(),
            }
            if is_link && part == ".gitignore" {
                // A link is replaced, not followed.
                commit(host.path(), &small_plan()).unwrap();
                undo_last(host.path()).unwrap();
            } else {
                is_set_aside(host.path(), &format!(".tenon/{part}"));
            }
            assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
        }
    }
}

#[test]
fn a_step_of_another_version_waits_for_that_version() {
    let host = with_journal(|good| good.replace("\"version\": 2", "\"version\": 3"), true);
    let tree = snapshot(host.path());
    for _ in 0..2 {
        let error = recover(host.path()).unwrap_err();
        assert!(error.message().contains("was written by another version of tenon"), "{error:?}");
        assert_eq!(error.causes(), ["its version is 3, not 2"]);
    }
    assert_eq!(snapshot(host.path()), tree);
    assert!(host.path().join(".tenon/txn/before").exists());
}

#[test]
fn a_step_that_was_interrupted_elsewhere_is_ended_where_it_was() {
    let (host, other) = (interrupted(), temp());
    let tree = snapshot(host.path());
    let away = other.path().join("moved");
    fs::rename(host.path(), &away).unwrap();
    assert!(matches!(unfinished(&away), Some(Unfinished::Elsewhere(title, _)) if title == "small"));
    let error = recover(&away).unwrap_err();
    assert!(error.message().starts_with("`small` was interrupted in `"), "{error:?}");
    assert_eq!(snapshot(&away), tree);
    // Both ways out lead out.
    let kept = other.path().join("kept");
    fs::create_dir(&kept).unwrap();
    fault::copy_tree(&away, &kept);
    fs::remove_dir_all(kept.join(".tenon/txn")).unwrap();
    assert_eq!(recover(&kept).unwrap(), None);
    fs::rename(&away, host.path()).unwrap();
    assert_eq!(recover(host.path()).unwrap().unwrap().outcome, Outcome::Completed);
    assert_eq!(snapshot(host.path()), small_planned());
}

#[test]
fn what_is_staged_with_more_permissions_or_a_second_name_is_not_put_in_place() {
    let damages: [fn(&Path); 3] = [
        |staged| fs::set_permissions(staged, fs::Permissions::from_mode(0o4755)).unwrap(),
        |staged| fs::set_permissions(staged, fs::Permissions::from_mode(0o777)).unwrap(),
        |staged| fs::hard_link(staged, staged.with_file_name("second")).unwrap(),
    ];
    for damage in damages {
        let host = interrupted();
        let before = snapshot(host.path());
        damage(&host.path().join(".tenon/txn/after-0"));
        assert_eq!(recover(host.path()).unwrap().unwrap().outcome, Outcome::RolledBack);
        assert_eq!(snapshot(host.path()), before);
    }
}

#[test]
fn bits_that_make_a_program_run_as_its_owner_are_never_set() {
    // As if an older version had noted them.
    let host = with_journal(|good| good.replace("\"mode\": 493", "\"mode\": 4077").replace("\"mode\": 384", "\"mode\": 2432"), true);
    fs::write(host.path().join(".tenon/txn/backwards"), "").unwrap();
    fs::write(host.path().join("m.sh"), "mm").unwrap();
    fs::remove_file(host.path().join("z/gone.txt")).unwrap();
    assert_eq!(recover(host.path()).unwrap().unwrap().outcome, Outcome::RolledBack);
    let mode = |name: &str| fs::metadata(host.path().join(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode("m.sh"), mode("z/gone.txt")), (0o755, 0o600));
}

#[test]
fn what_a_clone_brought_neither_numbers_steps_nor_pushes_them_out() {
    let host = temp();
    commit(host.path(), &plan("own", [("own.txt", create("own"))])).unwrap();
    let history_dir = host.path().join(".tenon/history");
    for number in (2..2000).chain([u32::MAX - 1, u32::MAX]) {
        let dir = history_dir.join(format!("{number:04}"));
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("journal"), "{}").unwrap();
    }
    commit(host.path(), &plan("next", [("next.txt", create("next"))])).unwrap();
    let found = history(host.path()).unwrap();
    let numbers: Vec<u32> = found.steps.iter().map(|step| step.number).collect();
    assert_eq!(numbers, [2000, 1]);
    assert_eq!(found.ignored.len(), 2000);
    for _ in 0..2 {
        undo_last(host.path()).unwrap();
    }
    assert_eq!(snapshot(host.path()), Tree::new());
    assert!(undo_last(host.path()).is_err());
}

#[test]
fn an_undo_writes_where_the_step_wrote_and_not_where_a_link_leads_by_now() {
    let host = temp();
    put(host.path(), "one/a.txt", "a\n", 0o644);
    put(host.path(), "two/a.txt", "b\n", 0o644);
    symlink("one", host.path().join("dir")).unwrap();
    let step = plan("step", [("dir/a.txt", modify("a\n", "b\n"))]);
    commit(host.path(), &step).unwrap();
    fs::remove_file(host.path().join("dir")).unwrap();
    symlink("two", host.path().join("dir")).unwrap();
    let undo = undo_plan(host.path(), None, false).unwrap();
    let shown: Vec<&str> = undo.plan.changes.keys().map(HostPath::as_str).collect();
    assert_eq!(shown, ["one/a.txt"]);
    commit_undo(host.path(), &undo).unwrap();
    let read = |name: &str| fs::read_to_string(host.path().join(name)).unwrap();
    assert_eq!((read("one/a.txt"), read("two/a.txt")), ("a\n".into(), "b\n".into()));
    // And not through a link that came in place of its directory.
    commit(host.path(), &plan("step", [("one/a.txt", modify("a\n", "b\n"))])).unwrap();
    fs::rename(host.path().join("one"), host.path().join("away")).unwrap();
    symlink("two", host.path().join("one")).unwrap();
    assert!(undo_plan(host.path(), None, false).unwrap_err().message().contains("changed since"));
}

#[test]
fn a_state_that_others_could_look_into_is_closed() {
    let host = temp();
    put(host.path(), ".tenon/.gitignore", "!*\n", 0o644);
    fs::set_permissions(host.path().join(".tenon"), fs::Permissions::from_mode(0o755)).unwrap();
    commit(host.path(), &plan("step", [("a.txt", create("a"))])).unwrap();
    let mode = fs::metadata(host.path().join(".tenon")).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o700);
    assert_eq!(fs::read_to_string(host.path().join(".tenon/.gitignore")).unwrap(), "*\n");
}

#[test]
fn what_is_remembered_is_not_written_through_links() {
    let (host, outside) = (temp(), temp());
    remember(host.path(), "name", "text");
    assert_eq!(fs::read_to_string(host.path().join(".tenon/rendered/name")).unwrap(), "text");
    let kept = host.path().join(".tenon/rendered");
    put(outside.path(), "victim", "victim", 0o644);
    symlink(outside.path().join("victim"), kept.join("link")).unwrap();
    remember(host.path(), "link", "text");
    fs::remove_dir_all(&kept).unwrap();
    symlink(outside.path(), &kept).unwrap();
    remember(host.path(), "other", "text");
    assert_eq!(snapshot(outside.path()).len(), 1);
    assert_eq!(fs::read_to_string(outside.path().join("victim")).unwrap(), "victim");
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
