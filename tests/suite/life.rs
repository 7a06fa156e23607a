//! What happens to a host over time: things are made, brought along, taken away and taken back, people write in between, and
//! now and then the program is killed. No byte that a person wrote is ever lost.

use std::cell::Cell;
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::fault::{Fault, run};
use crate::support::hosts::framework;
use crate::support::sandbox::{Sandbox, program, visible};

#[derive(Clone, Debug)]
enum Step {
    New(usize, usize),
    Module(usize, usize),
    Remove(usize, bool),
    Update,
    Undo(bool),
    /// A line at the end of a file, or a new file in an integration.
    Write(usize, bool),
}

const NAMES: [&str; 3] = ["saw", "plane", "rasp"];
const MODULES: [&str; 4] = ["cms", "tickets", "users", "cache"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..NAMES.len(), 0..MODULES.len()).prop_map(|(name, module)| Step::New(name, module)),
        2 => (0..NAMES.len(), 0..MODULES.len()).prop_map(|(name, module)| Step::Module(name, module)),
        2 => (0..NAMES.len(), any::<bool>()).prop_map(|(name, all)| Step::Remove(name, all)),
        1 => Just(Step::Update),
        2 => any::<bool>().prop_map(Step::Undo),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(at, new)| Step::Write(at, new)),
    ]
}

fn arguments(step: &Step) -> Vec<&'static str> {
    match *step {
        Step::New(name, module) => {
            let (name, module) = (NAMES[name], MODULES[module]);
            vec!["new-integration", name, "--modules", module, "--activate", module]
        }
        Step::Module(name, module) => {
            let (name, module) = (NAMES[name], MODULES[module]);
            vec!["new", "module", name, "--modules", module, "--activate", module]
        }
        Step::Remove(name, true) => vec!["remove-integration", NAMES[name]],
        Step::Remove(name, false) => vec!["remove", "module", NAMES[name], "--modules", MODULES[name]],
        Step::Update => vec!["update"],
        Step::Undo(true) => vec!["undo", "--partial"],
        Step::Undo(false) => vec!["undo"],
        Step::Write(..) => vec![],
    }
}

/// Writes what nobody else writes, into a file of code; gives it.
fn write(host: &Sandbox, at: usize, new: bool, number: usize) -> String {
    let mark = format!("// written by hand, {number}");
    let files: Vec<String> = visible(&host.root)
        .into_keys()
        .filter(|path| path.ends_with(".ts"))
        .collect();
    let path = &files[at % files.len()];
    if new && path.starts_with("packages/integrations/") {
        let dir = path.rsplit_once('/').unwrap().0;
        host.write(&format!("{dir}/own-{number}.ts"), format!("{mark}\n"));
    } else {
        let text = host.read(path);
        host.write(path, format!("{text}{mark}\n"));
    }
    mark
}

fn holds(host: &Sandbox, marks: &[String], what: &str) {
    let tree = visible(&host.root);
    let all: String = tree
        .keys()
        .filter(|path| path.ends_with(".ts"))
        .map(|path| host.read(path))
        .collect();
    for mark in marks {
        assert!(
            all.lines().any(|line| line == mark),
            "`{mark}` is gone after {what}"
        );
    }
}

#[test]
fn nothing_that_people_wrote_is_ever_lost() {
    let steps = proptest::collection::vec((step(), any::<u8>()), 6..14);
    let config = Config {
        cases: 30,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (done, killed) = (Cell::new(0), Cell::new(0));
    let result = runner.run(&steps, |steps| {
        let host = framework();
        let git = Command::new("git")
            .args(["init", "-q"])
            .current_dir(&host.root)
            .status();
        assert!(git.unwrap().success());
        let mut marks = Vec::new();
        for (number, (step, luck)) in steps.iter().enumerate() {
            if let Step::Write(at, new) = step {
                marks.push(write(&host, *at, *new, number));
                continue;
            }
            let args = arguments(step);
            if *luck < 64 {
                let mut command = program();
                command.args(&args).current_dir(&host.root);
                let ran = run(command, &host.root, Fault::Kill, usize::from(*luck) + 1);
                killed.set(killed.get() + usize::from(ran.killed()));
                host.done(&["undo", "--list", "--host", "."]);
            } else {
                let ran = host.run(&args);
                assert!(ran.code <= 2, "{args:?}: {}", ran.err);
                assert!(!ran.err.contains("defect"), "{args:?}: {}", ran.err);
                done.set(done.get() + usize::from(ran.code == 0));
            }
            holds(&host, &marks, &format!("{args:?}"));
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (done, killed) = (done.get(), killed.get());
    assert!(done > 60 && killed > 5, "{done} done, {killed} killed");
    println!("{done} steps done, {killed} killed");
}
