//! Two runs at once.

use std::process::Stdio;

use crate::support::hosts::workshop;
use crate::support::sandbox::{assert_same, changes};

/// However they meet: what stands in the end is what one after the other would have made of those that
/// succeeded, and one that could not says so and changed nothing.
#[test]
fn two_runs_at_once_end_as_one_after_the_other_or_one_says_to_wait() {
    let mut refused = 0;
    for round in 0..12 {
        let host = workshop();
        let start = |name: &str| {
            let mut command = host.command(&["new-integration", name, "--pack", "../workshop"]);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let (first, second) = (start("saw"), start("rasp"));
        let ran = [
            host.ran(first.wait_with_output().unwrap()),
            host.ran(second.wait_with_output().unwrap()),
        ];
        let mut won = vec![];
        for (name, ran) in ["saw", "rasp"].into_iter().zip(&ran) {
            if ran.code == 0 {
                won.push(name);
                continue;
            }
            ran.is_one_error();
            let lines = [
                "another run of tenon is writing to this host",
                "changed after the plan was made",
                "exists already",
            ];
            assert!(
                lines.iter().any(|line| ran.err.contains(line)),
                "round {round}: {}",
                ran.err
            );
            assert!(
                ran.err.contains("run the command again"),
                "round {round}: {}",
                ran.err
            );
            refused += 1;
        }
        assert!(!won.is_empty(), "round {round}: {ran:?}");
        let orders = [won.clone(), won.into_iter().rev().collect()];
        let trees = orders.map(|order| {
            let alone = workshop();
            for name in order {
                alone.done(&["new-integration", name, "--pack", "../workshop"]);
            }
            let mut tree = alone.tree();
            tree.retain(|path, _| !path.starts_with(".tenon"));
            tree
        });
        let mut tree = host.tree();
        tree.retain(|path, _| !path.starts_with(".tenon"));
        assert!(
            trees.contains(&tree),
            "round {round}: {:#?}",
            trees.map(|serial| changes(&serial, &tree))
        );
    }
    println!("{refused} of 24 were told to wait");
}

#[test]
fn a_run_while_another_holds_the_lock_says_to_wait() {
    let host = workshop();
    host.done(&["new-integration", "saw", "--pack", "../workshop"]);
    let lock = std::fs::File::options()
        .write(true)
        .open(host.at(".tenon/lock"))
        .unwrap();
    lock.lock().unwrap();
    let before = host.tree();
    for args in [
        &["new-integration", "rasp", "--pack", "../workshop"][..],
        &["undo"],
    ] {
        let ran = host.run(args);
        ran.is_one_error().says(snapbox::str![[r#"
error: another run of tenon is writing to this host
  because: `HOST/.tenon/lock` is locked
help: wait until it has ended, then run the command again

"#]]);
    }
    assert_same(&before, &host.tree());
    drop(lock);
    host.done(&["undo"]);
}
