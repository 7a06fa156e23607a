//! What a clone, another version or another place left below `.tenon`: it is set aside or waits, and nothing of it is done.

use super::refusals::interrupted;
use super::*;

/// Runs recoveries that find nothing of this program: they move everything out of the way and write nothing else.
fn is_set_aside(host: &Path, from: &str) {
    let tree = snapshot(host);
    let kept = snapshot_of(&host.join(from));
    let recovery = recover(host).unwrap().unwrap();
    let to = ".tenon/foreign-1".to_owned();
    assert_eq!(
        recovery,
        Recovery {
            title: None,
            outcome: RecoveryOutcome::SetAside {
                from: from.to_owned(),
                to: to.clone()
            },
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

/// What exists at a path: a tree, or its type.
fn snapshot_of(path: &Path) -> FileTree {
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
        format!(
            "tenon {}",
            key::SecretKey::read().unwrap().unwrap().seal(text.as_bytes())
        )
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
    for text in [
        "",
        "{",
        "{\"version\": 1}",
        &format!("tenon {seal}"),
        &format!("tenon {seal}\n{{}}"),
        &upper,
    ] {
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
    let journal = fs::File::options()
        .write(true)
        .open(host.path().join(".tenon/txn/journal"))
        .unwrap();
    journal.set_len(1 << 40).unwrap();
    let recovery = recover(host.path()).unwrap().unwrap();
    assert!(matches!(recovery.outcome, RecoveryOutcome::SetAside { .. }));
}

#[test]
fn what_is_no_file_in_place_of_a_journal_is_set_aside() {
    let outside = temp();
    let host = interrupted();
    let journal = host.path().join(".tenon/txn/journal");
    // Even if the target is right: links are not followed.
    fs::rename(&journal, outside.path().join("journal")).unwrap();
    symlink(outside.path().join("journal"), &journal).unwrap();
    is_set_aside(host.path(), ".tenon/txn");
    let host = interrupted();
    let journal = host.path().join(".tenon/txn/journal");
    fs::remove_file(&journal).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(&journal)
        .status()
        .unwrap();
    assert!(made.success());
    let recovery = recover(host.path()).unwrap().unwrap();
    assert!(matches!(recovery.outcome, RecoveryOutcome::SetAside { .. }));
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
        assert!(
            error
                .message()
                .contains("was written by another version of tenon"),
            "{error:?}"
        );
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
    assert!(
        error.message().starts_with("`small` was interrupted in `"),
        "{error:?}"
    );
    assert_eq!(snapshot(&away), tree);
    // Both ways out lead out.
    let kept = other.path().join("kept");
    fs::create_dir(&kept).unwrap();
    fault::copy_tree(&away, &kept);
    fs::remove_dir_all(kept.join(".tenon/txn")).unwrap();
    assert_eq!(recover(&kept).unwrap(), None);
    fs::rename(&away, host.path()).unwrap();
    assert_eq!(
        recover(host.path()).unwrap().unwrap().outcome,
        RecoveryOutcome::Completed
    );
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
        assert_eq!(
            recover(host.path()).unwrap().unwrap().outcome,
            RecoveryOutcome::RolledBack
        );
        assert_eq!(snapshot(host.path()), before);
    }
}

#[test]
fn bits_that_make_a_program_run_as_its_owner_are_never_set() {
    // As if an older version had noted them.
    let host = with_journal(
        |good| {
            good.replace("\"mode\": 493", "\"mode\": 4077")
                .replace("\"mode\": 384", "\"mode\": 2432")
        },
        true,
    );
    fs::write(host.path().join(".tenon/txn/backwards"), "").unwrap();
    fs::write(host.path().join("m.sh"), "mm").unwrap();
    fs::remove_file(host.path().join("z/gone.txt")).unwrap();
    assert_eq!(
        recover(host.path()).unwrap().unwrap().outcome,
        RecoveryOutcome::RolledBack
    );
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
    assert_eq!(snapshot(host.path()), FileTree::new());
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
    assert_eq!(
        (read("one/a.txt"), read("two/a.txt")),
        ("a\n".into(), "b\n".into())
    );
    // And not through a link that came in place of its directory.
    commit(host.path(), &plan("step", [("one/a.txt", modify("a\n", "b\n"))])).unwrap();
    fs::rename(host.path().join("one"), host.path().join("away")).unwrap();
    symlink("two", host.path().join("one")).unwrap();
    assert!(
        undo_plan(host.path(), None, false)
            .unwrap_err()
            .message()
            .contains("changed since")
    );
}

#[test]
fn a_state_that_others_could_look_into_is_closed() {
    let host = temp();
    put(host.path(), ".tenon/.gitignore", "!*\n", 0o644);
    fs::set_permissions(host.path().join(".tenon"), fs::Permissions::from_mode(0o755)).unwrap();
    commit(host.path(), &plan("step", [("a.txt", create("a"))])).unwrap();
    let mode = fs::metadata(host.path().join(".tenon"))
        .unwrap()
        .permissions()
        .mode()
        & 0o7777;
    assert_eq!(mode, 0o700);
    assert_eq!(
        fs::read_to_string(host.path().join(".tenon/.gitignore")).unwrap(),
        "*\n"
    );
}

#[test]
fn what_is_remembered_is_not_written_through_links() {
    let (host, outside) = (temp(), temp());
    remember(host.path(), "name", "text");
    assert_eq!(
        fs::read_to_string(host.path().join(".tenon/rendered/name")).unwrap(),
        "text"
    );
    let kept = host.path().join(".tenon/rendered");
    put(outside.path(), "victim", "victim", 0o644);
    symlink(outside.path().join("victim"), kept.join("link")).unwrap();
    remember(host.path(), "link", "text");
    fs::remove_dir_all(&kept).unwrap();
    symlink(outside.path(), &kept).unwrap();
    remember(host.path(), "other", "text");
    assert_eq!(snapshot(outside.path()).len(), 1);
    assert_eq!(
        fs::read_to_string(outside.path().join("victim")).unwrap(),
        "victim"
    );
}
