//! The program dies, or the disk fails, at each of its writes: afterwards the host is as before or as planned,
//! the next command says which, and nothing is left half-done.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::support::fault::{Fault, copy_tree, restore_tree, run};
use crate::support::hosts::{framework, workshop, workshop_pack};
use crate::support::sandbox::{Tree, assert_same, program, tree, visible};

/// A command, the host it runs in, and the two trees between which it goes.
struct Case {
    /// A directory that holds `host` as it is before it is prepared, and whatever is beside it.
    from: TempDir,
    /// The commands that prepare it.
    ready: Vec<Vec<String>>,
    args: &'static [&'static str],
    before: Tree,
    planned: Tree,
    /// Commands that may be the next one: each ends what was interrupted, if it writes.
    next: &'static [&'static str],
}

/// A directory with a prepared host, which is made new again at the same place: history and journals are for one place only.
struct Place {
    dir: TempDir,
    saved: TempDir,
}

impl Place {
    /// Gives the host as it was prepared.
    fn fresh(&self) -> PathBuf {
        let host = self.dir.path().join("host");
        restore_tree(self.saved.path(), &host);
        host
    }
}

fn command(root: &Path, args: &[&str]) -> Command {
    let mut command = program();
    command.args(args).current_dir(root);
    command
}

fn done(root: &Path, args: &[&str]) {
    let ran = command(root, args).output().unwrap();
    assert!(
        ran.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

impl Case {
    /// Prepares the host with `ready` and finds out where the command leads.
    fn new(ready: &[&[&str]], args: &'static [&'static str], next: &'static [&'static str]) -> Self {
        Self::of(workshop(), ready, args, next)
    }

    fn of(
        host: crate::support::sandbox::Sandbox,
        ready: &[&[&str]],
        args: &'static [&'static str],
        next: &'static [&'static str],
    ) -> Self {
        let from = TempDir::new().unwrap();
        std::fs::create_dir(from.path().join("host")).unwrap();
        copy_tree(&host.root, &from.path().join("host"));
        workshop_pack(from.path());
        let words = |step: &&[&str]| step.iter().map(|word| (*word).to_owned()).collect();
        let mut case = Self {
            from,
            ready: ready.iter().map(words).collect(),
            args,
            before: Tree::new(),
            planned: Tree::new(),
            next,
        };
        let place = case.place();
        let host = place.fresh();
        case.before = visible(&host);
        done(&host, args);
        case.planned = visible(&host);
        assert_ne!(case.before, case.planned);
        case
    }

    /// A place of its own with the prepared host.
    fn place(&self) -> Place {
        let (dir, saved) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        copy_tree(self.from.path(), dir.path());
        let host = dir.path().join("host");
        for step in &self.ready {
            let words: Vec<&str> = step.iter().map(String::as_str).collect();
            done(&host, &words);
        }
        copy_tree(&host, saved.path());
        Place { dir, saved }
    }

    /// Lets the `at`-th write fail. Gives whether it was reached.
    fn fails_at(&self, place: &Place, fault: Fault, at: usize) -> bool {
        let host = place.fresh();
        let ran = run(command(&host, self.args), &host, fault, at);
        let what = format!("{fault:?} at {at}: {}", ran.text());
        if !ran.hit {
            assert!(ran.output.status.success(), "{what}");
            assert_same(&self.planned, &visible(&host));
            return false;
        }
        assert_eq!(ran.killed(), fault == Fault::Kill, "{what}");
        if fault != Fault::Kill {
            self.told(&host, &ran.output, &what);
        }
        let interrupted = ["txn", "staging"]
            .iter()
            .any(|dir| host.join(".tenon").join(dir).is_dir());
        let next = command(&host, self.next).output().unwrap();
        let said = String::from_utf8(next.stderr).unwrap();
        assert!(next.status.success(), "{what}\nthen: {said}");
        let told = said.contains("was interrupted");
        assert_eq!(told, interrupted, "{what}\nthen: {said}");
        let now = visible(&host);
        if now == self.before {
            assert!(!said.contains("it is finished now"), "{what}\nthen: {said}");
        } else {
            assert_same(&self.planned, &now);
            assert!(!said.contains("as it was before it"), "{what}\nthen: {said}");
        }
        for left in ["txn", "staging", "trash"] {
            assert!(
                !host.join(".tenon").join(left).exists(),
                "{what}: `{left}` is left"
            );
        }
        self.goes_on(&host, &what);
        true
    }

    /// A run that could not do it says so, once, and has either changed nothing or says what will put it right.
    fn told(&self, host: &Path, output: &std::process::Output, what: &str) {
        let now = visible(host);
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            // What failed was needed by nobody any more.
            assert_eq!(now, self.planned, "{what}");
            return;
        }
        assert_eq!(output.status.code(), Some(2), "{what}");
        assert_eq!(
            said.lines().filter(|line| line.starts_with("error: ")).count(),
            1,
            "{what}"
        );
        assert!(output.stdout.is_empty(), "{what}");
        assert!(now == self.before || said.contains("the next command"), "{what}");
    }

    /// Whatever happened, the same command now leads where it should.
    fn goes_on(&self, host: &Path, what: &str) {
        if ["undo", "remove-integration"].contains(&self.args[0]) && visible(host) == self.planned {
            return;
        }
        let again = command(host, self.args).output().unwrap();
        assert!(
            again.status.success(),
            "{what}\nagain: {}",
            String::from_utf8_lossy(&again.stderr)
        );
        assert_same(&self.planned, &visible(host));
    }

    /// Every write fails once, in two threads. Gives how many there were.
    fn survives(&self, fault: Fault) -> usize {
        let (next, last) = (AtomicUsize::new(1), AtomicUsize::new(usize::MAX));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let place = self.place();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= last.load(Ordering::Relaxed) {
                            return;
                        }
                        if !self.fails_at(&place, fault, at) {
                            last.fetch_min(at, Ordering::Relaxed);
                            return;
                        }
                    }
                });
            }
        });
        let points = last.into_inner() - 1;
        println!("{}: {fault:?} at each of {points} writes", self.args.join(" "));
        points
    }
}

const PACK: [&str; 2] = ["--pack", "../workshop"];
const NEW: &[&str] = &[
    "new-integration",
    "saw",
    "--label",
    "cuts",
    "--main",
    "--pack",
    "../workshop",
];
/// The command that only ends what was interrupted.
const RECOVER: &[&str] = &["undo", "--recover", "--host", "."];

fn creation() -> Case {
    Case::new(&[], NEW, NEW)
}

fn taking_back() -> Case {
    let first = [&["new-integration", "rasp"][..], &PACK].concat();
    Case::new(&[&first, NEW], &["undo"], RECOVER)
}

#[test]
fn a_creation_killed_at_any_write_is_ended_by_the_next_command() {
    let case = Case::new(&[], NEW, RECOVER);
    assert!(case.survives(Fault::Kill) > 20);
}

#[test]
fn a_creation_on_a_full_or_failing_disk_is_taken_back() {
    let case = Case::new(&[], NEW, RECOVER);
    for fault in [Fault::Enospc, Fault::Eio, Fault::Full, Fault::Dead] {
        assert!(case.survives(fault) > 20);
    }
}

#[test]
fn an_undo_killed_at_any_write_is_ended_by_the_next_command() {
    assert!(taking_back().survives(Fault::Kill) > 20);
}

#[test]
fn an_undo_on_a_full_or_failing_disk_is_taken_back() {
    let case = taking_back();
    for fault in [Fault::Enospc, Fault::Eio] {
        assert!(case.survives(fault) > 20);
    }
}

#[test]
fn an_integration_killed_at_any_write_is_ended_by_the_next_command() {
    const ARGS: &[&str] = &[
        "new-integration",
        "acme",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
    ];
    let case = Case::of(framework(), &[], ARGS, RECOVER);
    assert!(case.survives(Fault::Kill) > 60);
}

#[test]
fn a_removal_killed_at_any_write_is_ended_by_the_next_command() {
    const NEW: &[&str] = &[
        "new-integration",
        "acme",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
    ];
    let case = Case::of(framework(), &[NEW], &["remove-integration", "acme"], RECOVER);
    assert!(case.survives(Fault::Kill) > 40);
}

/// The same command run again says what became of the first run and goes on from there.
#[test]
fn the_same_command_after_a_crash_says_what_became_of_it() {
    let case = creation();
    let place = case.place();
    let (mut finished, mut back) = (0, 0);
    for at in 1.. {
        let host = place.fresh();
        let ran = run(command(&host, case.args), &host, Fault::Kill, at);
        if !ran.hit {
            break;
        }
        let interrupted = host.join(".tenon/txn").is_dir();
        let next = command(&host, case.args).output().unwrap();
        let said = String::from_utf8(next.stderr).unwrap();
        assert!(next.status.success(), "at {at}: {said}");
        assert_same(&case.planned, &visible(&host));
        if interrupted {
            let done = said.contains(
                "`new integration saw --label cuts --main` was interrupted; it is finished now, as planned",
            );
            let undone = said.contains(
                "`new integration saw --label cuts --main` was interrupted; it has been rolled back",
            );
            assert!(done != undone, "at {at}: {said}");
            finished += usize::from(done);
            back += usize::from(undone);
        }
    }
    assert!(finished > 5, "{finished} finished, {back} taken back");
    println!("{finished} finished, {back} taken back");
}

/// Commands that only read, and those that would write but are asked not to.
const READERS: [&[&str]; 8] = [
    &["list", "--pack", "../workshop"],
    &["validate-structure", "--pack", "../workshop"],
    &["validate-structure", "--fix", "--diff", "--pack", "../workshop"],
    &["new-integration", "rasp", "--dry-run", "--pack", "../workshop"],
    &["new-integration", "rasp", "--check", "--pack", "../workshop"],
    &["update", "--check", "--pack", "../workshop"],
    &["undo", "--list", "--host", "."],
    &["undo", "--dry-run", "--host", "."],
];

#[test]
fn looking_after_a_crash_does_not_hide_it() {
    let first = [&["new-integration", "plane"][..], &PACK].concat();
    let case = Case::new(&[&first], NEW, NEW);
    let place = case.place();
    let mut seen = 0;
    for at in 1.. {
        let host = place.fresh();
        if !run(command(&host, case.args), &host, Fault::Kill, at).hit {
            break;
        }
        if host.join(".tenon/txn").is_dir() {
            seen += 1;
            let before = tree(&host);
            for args in READERS {
                let ran = command(&host, args).output().unwrap();
                let said = String::from_utf8(ran.stderr).unwrap();
                assert!(
                    said.starts_with("warning: `new integration saw --label cuts --main` was interrupted while it was writing; ")
                        && said.contains("`tenon undo --recover`"),
                    "{args:?} at {at}: {said}"
                );
                // Half of a step cannot be taken back: that is told as well.
                let is_undo = args[..2] == ["undo", "--dry-run"];
                assert!(
                    is_undo || ran.status.code() != Some(2),
                    "{args:?} at {at}: {said}"
                );
                assert_same(&before, &tree(&host));
            }
            let ended = command(&host, RECOVER).output().unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            assert!(
                said.starts_with("warning: `new integration saw --label cuts --main` was interrupted; "),
                "at {at}: {said}"
            );
            let now = visible(&host);
            assert!(now == case.before || now == case.planned, "at {at}");
        }
    }
    assert!(seen > 5);
}
