//! Every write of `apply` fails once, in every way; afterwards the tree is as before or as planned.
//!
//! The code under test runs in a process of its own: this test binary again, with the ignored test [`child`].

use std::cell::Cell;
use std::process::Command;

use super::fault::{ERRORS, Fault, copy_tree, drive, restore_tree, run};
use super::*;

/// What the other process does.
#[test]
#[ignore = "run by the tests in this file, in a process of its own"]
fn child() {
    let (Some(root), Ok(what)) = (
        std::env::var_os("TENON_TEST_ROOT"),
        std::env::var("TENON_TEST_DO"),
    ) else {
        return;
    };
    let root = Path::new(&root);
    let result = match what.as_str() {
        "mixed" => commit(root, &mixed_plan()).map(|_| String::new()),
        "small" => commit(root, &small_plan()).map(|_| String::new()),
        "many" => commit(root, &many(30).1).map(|_| String::new()),
        "undo" => undo_last(root).map(|_| String::new()),
        _ => recover(root).map(|recovery| format!("{:?}", recovery.map(|found| found.outcome))),
    };
    match result {
        Ok(text) => println!("done {text}"),
        Err(error) => {
            println!("error {error} {:?} {:?}", error.causes(), error.helps());
            std::process::exit(2);
        }
    }
}

pub fn command(what: &'static str) -> impl Fn(&Path) -> Command {
    move |root| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([
            "--exact",
            "apply::tests::crash::child",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ]);
        command.env("TENON_TEST_ROOT", root).env("TENON_TEST_DO", what);
        command
    }
}

/// A step and the two trees between which it goes.
pub struct Case {
    what: &'static str,
    fresh: fn() -> TempDir,
    before: FileTree,
    planned: FileTree,
    /// How many steps the history has at the two ends.
    steps: [usize; 2],
}

fn committed(host: TempDir, plan: &Plan) -> TempDir {
    commit(host.path(), plan).unwrap();
    host
}

fn mixed() -> Case {
    let before = snapshot(mixed_host().path());
    Case {
        what: "mixed",
        fresh: mixed_host,
        before,
        planned: mixed_planned(),
        steps: [0, 1],
    }
}

fn mixed_undo() -> Case {
    let fresh = || committed(mixed_host(), &mixed_plan());
    let planned = snapshot(mixed_host().path());
    Case {
        what: "undo",
        fresh,
        before: mixed_planned(),
        planned,
        steps: [1, 0],
    }
}

pub fn small() -> Case {
    let before = snapshot(small_host().path());
    Case {
        what: "small",
        fresh: small_host,
        before,
        planned: small_planned(),
        steps: [0, 1],
    }
}

fn small_undo() -> Case {
    let fresh = || committed(small_host(), &small_plan());
    let planned = snapshot(small_host().path());
    Case {
        what: "undo",
        fresh,
        before: small_planned(),
        planned,
        steps: [1, 0],
    }
}

impl Case {
    /// The tree must be at one end, the history too, and nothing else may be left. Says whether it is planned.
    fn at_an_end(&self, root: &Path, context: &str) -> bool {
        let tree = snapshot(root);
        let done = tree == self.planned;
        if !done {
            assert_eq!(tree, self.before, "{context}: neither before nor planned");
        }
        let steps = history(root).unwrap().steps.len();
        assert_eq!(steps, self.steps[usize::from(done)], "{context}: history");
        let mut state: Vec<String> = fs::read_dir(root.join(".tenon"))
            .map(|entries| {
                entries
                    .map(|e| e.unwrap().file_name().into_string().unwrap())
                    .collect()
            })
            .unwrap_or_default();
        state.sort();
        let expected: &[&str] = if steps == 0 {
            &[]
        } else {
            &[".gitignore", "history", "lock"]
        };
        assert_eq!(state, expected, "{context}: left in .tenon");
        if steps == 0 {
            assert!(!root.join(".tenon").exists(), "{context}");
        }
        done
    }

    /// Recovers without a fault; the tree must be at an end, the recovery say at which, and life go on.
    fn recovers(&self, root: &Path, context: &str) -> bool {
        let recovery = recover(root).unwrap_or_else(|error| panic!("{context}: {error:?}"));
        let done = self.at_an_end(root, context);
        if let Some(recovery) = recovery {
            let said = recovery.outcome == RecoveryOutcome::Completed;
            assert_eq!(said, done, "{context}: {recovery:?}");
        }
        assert_eq!(recover(root).unwrap(), None, "{context}: a second recovery");
        done
    }

    /// Even before recovery: each file that is there is as before or as planned, and none that is there before
    /// and after is missing.
    fn has_no_half_written_file(&self, root: &Path) {
        let tree = snapshot(root);
        for (name, found) in &tree {
            let known = [self.before.get(name), self.planned.get(name)].contains(&Some(found));
            assert!(
                known || name.contains(".tenon-spare-") || found.starts_with("dir"),
                "{name}: {found}"
            );
        }
        for name in self.before.keys().filter(|name| self.planned.contains_key(*name)) {
            assert!(tree.contains_key(name), "{name} is missing");
        }
    }

    pub fn survives_kills(&self, exdev: bool) -> usize {
        let command = |root: &Path| {
            let mut command = command(self.what)(root);
            if exdev {
                command.env("TENON_FAULT_EXDEV", "1");
            }
            command
        };
        drive(Fault::Kill, self.fresh, command, |at, root, _| {
            self.has_no_half_written_file(root);
            let done = self.recovers(root, &format!("{} killed at {at}", self.what));
            if self.what == "mixed" {
                if !done {
                    commit(root, &mixed_plan()).unwrap();
                }
                undo_last(root).unwrap();
                assert_eq!(snapshot(root), self.before);
                assert!(!root.join(".tenon").exists());
            }
        })
    }

    fn survives_errors(&self) -> usize {
        let mut points = 0;
        for fault in ERRORS {
            points += drive(fault, self.fresh, command(self.what), |at, root, ran| {
                let context = format!("{} {fault:?} at {at}: {}", self.what, ran.text());
                let tree = snapshot(root);
                if ran.output.status.success() {
                    assert_eq!(tree, self.planned, "{context}");
                } else if fault != Fault::Dead {
                    // Only a disk that stays dead keeps the run from taking everything back at once.
                    assert_eq!(tree, self.before, "{context}");
                }
                let done = self.recovers(root, &context);
                assert!(done || !ran.output.status.success(), "{context}");
            });
        }
        points
    }

    /// Kills the step at every point, and lets the recovery fail at every point after that. With `backwards`
    /// the recovery has to take the step back.
    fn survives_faults_during_recovery(&self, fault: Fault, backwards: bool) -> usize {
        let points = Cell::new(0);
        drive(Fault::Kill, self.fresh, command(self.what), |at, crashed, _| {
            let saved = temp();
            copy_tree(crashed, saved.path());
            let fresh = || {
                restore_tree(saved.path(), crashed);
                if backwards && crashed.join(".tenon/txn").exists() {
                    fs::write(crashed.join(".tenon/txn/backwards"), "").unwrap();
                }
                crashed
            };
            let driven = drive(fault, fresh, command("recover"), |then, root, _| {
                self.recovers(
                    root,
                    &format!("{} killed at {at}, recovery {fault:?} at {then}", self.what),
                );
            });
            points.set(points.get() + driven);
        });
        points.get()
    }

    /// Lets a write fail and then kills the run at every point while it takes everything back.
    fn survives_kills_while_taking_back(&self) -> usize {
        let mut points = 0;
        for at in 1.. {
            let mut reached = false;
            for then in at + 1.. {
                let host = (self.fresh)();
                let mut command = command(self.what)(host.path());
                command.env("TENON_FAULT_THEN", then.to_string());
                let ran = run(command, host.path(), Fault::Eio, at);
                reached |= ran.hit;
                if !ran.killed() {
                    break;
                }
                points += 1;
                self.recovers(
                    host.path(),
                    &format!("{} failed at {at}, killed at {then}", self.what),
                );
            }
            if !reached {
                break;
            }
        }
        points
    }
}

#[test]
fn a_step_killed_anywhere_is_finished_or_taken_back() {
    println!("points: {}", mixed().survives_kills(false));
}

#[test]
fn a_step_across_devices_killed_anywhere_is_finished_or_taken_back() {
    println!("points: {}", mixed().survives_kills(true));
}

#[test]
fn an_undo_killed_anywhere_is_finished_or_taken_back() {
    println!("points: {}", mixed_undo().survives_kills(false));
}

#[test]
fn a_step_that_cannot_write_takes_everything_back() {
    println!("points: {}", mixed().survives_errors());
}

#[test]
fn an_undo_that_cannot_write_takes_everything_back() {
    println!("points: {}", mixed_undo().survives_errors());
}

#[test]
fn a_recovery_killed_anywhere_is_begun_again() {
    println!(
        "points: {}",
        small().survives_faults_during_recovery(Fault::Kill, false)
    );
}

#[test]
fn a_recovery_of_an_undo_killed_anywhere_is_begun_again() {
    println!(
        "points: {}",
        small_undo().survives_faults_during_recovery(Fault::Kill, false)
    );
}

#[test]
fn a_recovery_that_cannot_write_is_begun_again() {
    println!(
        "points: {}",
        small().survives_faults_during_recovery(Fault::Eio, false)
    );
}

#[test]
fn a_recovery_that_takes_back_and_is_killed_anywhere_is_begun_again() {
    println!(
        "points: {}",
        small().survives_faults_during_recovery(Fault::Kill, true)
    );
    println!(
        "points: {}",
        small_undo().survives_faults_during_recovery(Fault::Kill, true)
    );
}

#[test]
fn a_run_killed_while_taking_back_is_ended() {
    println!("points: {}", small().survives_kills_while_taking_back());
}

#[test]
fn an_undo_killed_while_taking_back_is_ended() {
    println!("points: {}", small_undo().survives_kills_while_taking_back());
}

/// What a power cut may take is what was not fsynced. So: before the step is published, its journal and all
/// its bytes are; before the first file is replaced, the publishing; before the step is history, the names.
#[test]
fn nothing_is_built_on_what_a_power_cut_may_take() {
    let (host, trace) = (mixed_host(), tempfile::NamedTempFile::new().unwrap());
    let root = host.path().canonicalize().unwrap();
    let mut command = command("mixed")(&root);
    command.env("TENON_FAULT_TRACE", trace.path());
    assert!(run(command, &root, Fault::Kill, 0).output.status.success());
    let text = fs::read_to_string(trace.path())
        .unwrap()
        .replace(&format!("{}/", root.display()), "");
    let text = text.replace(root.to_str().unwrap(), ".");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = |line: &str| {
        lines
            .iter()
            .position(|l| *l == line)
            .unwrap_or_else(|| panic!("{line}:\n{text}"))
    };
    let published = at("rename .tenon/staging .tenon/txn");
    for file in [
        "before", "journal", "after-0", "after-2", "after-3", "after-4", "after-6", "after-7",
    ] {
        assert!(
            at(&format!("fsync .tenon/staging/{file}")) < published,
            "{file}:\n{text}"
        );
    }
    assert!(at("fsync .tenon/staging") < published);
    let renames = |from: usize| {
        lines
            .iter()
            .skip(from)
            .position(|l| l.starts_with("rename"))
            .map(|n| n + from)
    };
    let first = renames(published + 1).unwrap();
    for dir in [".tenon", "."] {
        let synced = lines.iter().position(|l| *l == format!("fsync {dir}")).unwrap();
        assert!(published < synced && synced < first, "{dir}:\n{text}");
    }
    let history = at("rename .tenon/txn .tenon/history/0001");
    let last = lines
        .iter()
        .rposition(|l| l.starts_with("rename .tenon/txn/after-"))
        .unwrap();
    for dir in [
        ".",
        "empty",
        "full",
        "new",
        "new/deep",
        "new/deep/er",
        "real",
        "src",
    ] {
        let synced = lines.iter().rposition(|l| *l == format!("fsync {dir}")).unwrap();
        assert!(last < synced && synced < history, "{dir}:\n{text}");
    }
}

/// One fsync for each new file and each directory, and five more: what is durable costs no more than that.
#[test]
fn thirty_files_cost_thirty_five_fsyncs_or_fewer() {
    let (host, _) = many(30);
    let ran = run(command("many")(host.path()), host.path(), Fault::Kill, 0);
    assert!(ran.output.status.success(), "{}", ran.text());
    println!("{:?}", ran.counts);
    let (files, dirs) = (20, 10);
    assert_eq!(ran.counts["fsync"], files + dirs + 5);
}

/// `cargo test timing -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn timing() {
    for count in [3, 30, 300] {
        let mut times: Vec<_> = (0..15)
            .map(|_| {
                let (source, plan) = many(count);
                let host = tempfile::tempdir().unwrap();
                fault::copy_tree(source.path(), host.path());
                let start = std::time::Instant::now();
                commit(host.path(), &plan).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort();
        println!(
            "{count} files: median {:?}, from {:?} to {:?}",
            times[7], times[0], times[14]
        );
    }
}
