//! What a plan, and its undo, do to a tree when nothing fails.

use super::*;

#[test]
fn a_plan_is_carried_out_to_the_last_mode() {
    let host = mixed_host();
    let receipt = commit(host.path(), &mixed_plan()).unwrap();
    assert_eq!(snapshot(host.path()), mixed_planned());
    assert_eq!(receipt.step, Some(1));
    let names = |paths: &[HostPath]| paths.iter().map(|p| p.as_str().to_owned()).collect::<Vec<_>>();
    assert_eq!(
        names(&receipt.created),
        ["empty/new.txt", "new/deep/er/file.txt", "new/deep/tool.sh"]
    );
    assert_eq!(
        names(&receipt.modified),
        ["real/target.txt", "run.sh", "src/main.rs"]
    );
    assert_eq!(names(&receipt.deleted), ["full/a.txt", "old/only/gone.txt"]);
    assert_eq!(
        fs::read_to_string(host.path().join(".tenon/.gitignore")).unwrap(),
        "*\n"
    );
    assert_eq!(recover(host.path()).unwrap(), None);
    let steps = history(host.path()).unwrap().steps;
    assert_eq!(steps.len(), 1);
    assert_eq!(
        (steps[0].number, steps[0].title.as_str(), steps[0].files.len()),
        (1, "mixed", 8)
    );
    assert_eq!(steps[0].files[&path("run.sh")], FileEffect::Modified);
}

#[test]
fn undoing_the_only_step_leaves_no_trace() {
    let host = mixed_host();
    let before = snapshot(host.path());
    commit(host.path(), &mixed_plan()).unwrap();
    let receipt = undo_last(host.path()).unwrap();
    assert_eq!(receipt.step, None);
    assert_eq!(snapshot(host.path()), before);
    assert!(!host.path().join(".tenon").exists());
    assert!(undo_plan(host.path(), None, false).is_err());
}

#[test]
fn a_plan_that_changes_nothing_leaves_no_trace() {
    let host = mixed_host();
    let before = snapshot(host.path());
    let receipt = commit(host.path(), &plan("nothing", [("run.sh", modify("run", "run"))])).unwrap();
    assert_eq!(receipt, Receipt::default());
    assert_eq!(commit(host.path(), &Plan::default()).unwrap(), Receipt::default());
    assert_eq!(snapshot(host.path()), before);
    assert!(!host.path().join(".tenon").exists());
}

#[test]
fn a_directory_goes_with_the_last_step_that_used_it() {
    for order in [[1, 2], [2, 1]] {
        let host = temp();
        commit(host.path(), &plan("one", [("d/e/x", create("x"))])).unwrap();
        commit(host.path(), &plan("two", [("d/e/y", create("y"))])).unwrap();
        for number in order {
            let undo = undo_plan(host.path(), Some(number), false).unwrap();
            commit_undo(host.path(), &undo).unwrap();
        }
        assert_eq!(fs::read_dir(host.path()).unwrap().count(), 0, "{order:?}");
    }
}

#[test]
fn undo_keeps_directories_with_files_of_others() {
    let host = temp();
    commit(host.path(), &plan("one", [("d/e/x", create("x"))])).unwrap();
    put(host.path(), "d/mine", "mine", 0o644);
    undo_last(host.path()).unwrap();
    assert_eq!(
        snapshot(host.path()).into_keys().collect::<Vec<_>>(),
        ["d", "d/mine"]
    );
}

#[test]
fn steps_are_undone_in_any_order_while_their_files_are_as_they_left_them() {
    let host = temp();
    commit(host.path(), &plan("one", [("x", create("1"))])).unwrap();
    commit(host.path(), &plan("two", [("x", modify("1", "2"))])).unwrap();
    commit(host.path(), &plan("three", [("y", create("3"))])).unwrap();
    let error = undo_plan(host.path(), Some(1), false).unwrap_err();
    assert_eq!(error.message(), "cannot undo `one`: `x` changed since");
    commit_undo(host.path(), &undo_plan(host.path(), Some(2), false).unwrap()).unwrap();
    commit_undo(host.path(), &undo_plan(host.path(), Some(1), false).unwrap()).unwrap();
    let left: Vec<_> = history(host.path())
        .unwrap()
        .steps
        .into_iter()
        .map(|s| (s.number, s.title))
        .collect();
    assert_eq!(left, [(3, "three".to_owned())]);
    undo_last(host.path()).unwrap();
    assert_eq!(fs::read_dir(host.path()).unwrap().count(), 0);
}

#[test]
fn undo_refuses_and_names_what_a_person_changed() {
    let host = mixed_host();
    commit(host.path(), &mixed_plan()).unwrap();
    fs::write(host.path().join("src/main.rs"), "mine").unwrap();
    fs::remove_file(host.path().join("new/deep/tool.sh")).unwrap();
    put(host.path(), "full/a.txt", "mine", 0o644);
    let error = undo_plan(host.path(), None, false).unwrap_err();
    let expected = "cannot undo `mixed`: `full/a.txt`, `new/deep/tool.sh`, `src/main.rs` changed since";
    assert_eq!(error.message(), expected);
}

#[test]
fn a_file_changed_between_undo_plan_and_commit_is_kept() {
    let host = mixed_host();
    commit(host.path(), &mixed_plan()).unwrap();
    let undo = undo_plan(host.path(), None, false).unwrap();
    fs::write(host.path().join("run.sh"), "mine").unwrap();
    let tree = snapshot(host.path());
    assert!(
        commit_undo(host.path(), &undo)
            .unwrap_err()
            .message()
            .contains("`run.sh`")
    );
    assert_eq!(snapshot(host.path()), tree);
    assert_eq!(history(host.path()).unwrap().steps.len(), 1);
}

#[test]
fn the_last_fifty_steps_are_kept() {
    let host = temp();
    let name = |i: usize| path(&format!("f{i}"));
    for i in 1..=53 {
        let changes = [(name(i), create("x"))].into_iter().collect();
        commit(
            host.path(),
            &Plan {
                title: i.to_string(),
                changes,
            },
        )
        .unwrap();
    }
    let numbers: Vec<u32> = history(host.path())
        .unwrap()
        .steps
        .into_iter()
        .map(|step| step.number)
        .collect();
    assert_eq!(numbers, (4..=53).rev().collect::<Vec<_>>());
}

#[test]
fn links_inside_the_host_are_followed_and_stay_links() {
    let host = temp();
    put(host.path(), "real/dir/a", "a", 0o644);
    symlink("real/dir", host.path().join("dir")).unwrap();
    let changes = [("dir/a", modify("a", "b")), ("dir/new/c", create("c"))];
    let before = snapshot(host.path());
    commit(host.path(), &plan("links", changes)).unwrap();
    assert!(host.path().join("dir").is_symlink());
    assert_eq!(fs::read_to_string(host.path().join("real/dir/a")).unwrap(), "b");
    assert_eq!(
        fs::read_to_string(host.path().join("real/dir/new/c")).unwrap(),
        "c"
    );
    undo_last(host.path()).unwrap();
    assert_eq!(snapshot(host.path()), before);
}

#[test]
fn three_hundred_files_go_and_come_back() {
    let (host, plan) = many(300);
    let before = snapshot(host.path());
    let receipt = commit(host.path(), &plan).unwrap();
    assert_eq!(
        [
            receipt.created.len(),
            receipt.modified.len(),
            receipt.deleted.len()
        ],
        [100, 100, 100]
    );
    for (path, change) in &plan.changes {
        let found = fs::read(path.under(host.path())).ok();
        match change {
            Change::Create { after, .. } | Change::Modify { after, .. } => {
                assert_eq!(found.as_ref(), Some(after))
            }
            Change::Delete { .. } => assert_eq!(found, None),
        }
    }
    undo_last(host.path()).unwrap();
    assert_eq!(snapshot(host.path()), before);
}
