//! The first step of a user, which makes the secret as well: every write of both fails once, in every way.

use std::process::Command;

use super::crash::{command, small};
use super::fault::{ERRORS, Fault, copy_tree, drive, run};
use super::*;

/// The first step of a user, with the secret that it makes: a place with a host and the state of the user.
fn first_step(what: &'static str) -> (impl Fn() -> TempDir, impl Fn(&Path) -> Command) {
    let fresh = || {
        let place = temp();
        fs::create_dir(place.path().join("host")).unwrap();
        copy_tree(small_host().path(), &place.path().join("host"));
        place
    };
    let command = move |place: &Path| {
        let mut command = command(what)(&place.join("host"));
        command.env("TENON_TEST_STATE", place.join("home/state/tenon"));
        command
    };
    (fresh, command)
}

/// After whatever happened to the first step: the secret is whole or not there, the tree at an end, and life goes on.
fn first_step_is_at_an_end(place: &Path, context: &str) {
    let whole = |place: &Path| {
        let key = fs::metadata(place.join("home/state/tenon/key")).ok()?;
        assert_eq!(
            (key.len(), key.permissions().mode() & 0o7777),
            (32, 0o600),
            "{context}"
        );
        Some(())
    };
    let made = whole(place);
    let interrupted = place.join("host/.tenon/txn").exists();
    assert!(
        made.is_some() || !interrupted,
        "{context}: a step without a secret"
    );
    let ended = first_step("recover").1(place).output().unwrap();
    assert!(ended.status.success(), "{context}: {ended:?}");
    assert!(!place.join("host/.tenon/foreign-1").exists(), "{context}");
    let tree = snapshot(&place.join("host"));
    if tree == snapshot(small_host().path()) {
        let again = first_step("small").1(place).output().unwrap();
        assert!(again.status.success(), "{context}: {again:?}");
    }
    assert_eq!(snapshot(&place.join("host")), small_planned(), "{context}");
    assert!(whole(place).is_some(), "{context}");
    assert!(
        first_step("undo").1(place).output().unwrap().status.success(),
        "{context}"
    );
    assert_eq!(
        snapshot(&place.join("host")),
        snapshot(small_host().path()),
        "{context}"
    );
}

#[test]
fn the_first_step_of_a_user_killed_anywhere_is_finished_or_taken_back() {
    let (fresh, command) = first_step("small");
    let points = drive(Fault::Kill, fresh, command, |at, place, _| {
        first_step_is_at_an_end(place, &format!("killed at {at}"));
    });
    println!("points: {points}");
    assert!(
        points > small().survives_kills(false) + 5,
        "the secret is not among them: {points}"
    );
}

#[test]
fn the_first_step_of_a_user_that_cannot_write_takes_everything_back() {
    for fault in ERRORS {
        let (fresh, command) = first_step("small");
        drive(fault, fresh, command, |at, place, ran| {
            let context = format!("{fault:?} at {at}: {}", ran.text());
            let tree = snapshot(&place.join("host"));
            if ran.output.status.success() {
                assert_eq!(tree, small_planned(), "{context}");
            } else if fault != Fault::Dead {
                assert_eq!(tree, snapshot(small_host().path()), "{context}");
            }
            first_step_is_at_an_end(place, &context);
        });
    }
}

#[test]
fn the_secret_is_durable_before_anything_is_sealed_with_it() {
    let ((fresh, command), trace) = (first_step("small"), tempfile::NamedTempFile::new().unwrap());
    let place = fresh();
    let root = place.path().canonicalize().unwrap();
    let mut command = command(&root);
    command.env("TENON_FAULT_TRACE", trace.path());
    assert!(run(command, &root, Fault::Kill, 0).output.status.success());
    let text = fs::read_to_string(trace.path())
        .unwrap()
        .replace(root.to_str().unwrap(), "");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let published = lines
        .iter()
        .position(|line| line.starts_with("rename /host/.tenon/staging"))
        .unwrap();
    let before = &lines[..published];
    assert!(
        before
            .iter()
            .any(|line| line.starts_with("fsync /home/state/tenon/key-")),
        "{text}"
    );
    for dir in ["", "/home", "/home/state", "/home/state/tenon"] {
        assert!(before.contains(&format!("fsync {dir}").trim()), "{dir}:\n{text}");
    }
}
