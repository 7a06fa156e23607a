//! Global options mean the same on every command; results that cannot be written are an error; a misspelt name is answered
//! with the right one.

use std::io::Read;
use std::process::Stdio;

use crate::support::hosts::made;
use crate::support::sandbox::{Sandbox, program};

/// Every command without subcommands of its own, as `--help` lists them.
fn commands(host: &Sandbox, above: &[String]) -> Vec<Vec<String>> {
    let mut args: Vec<&str> = above.iter().map(String::as_str).collect();
    args.push("--help");
    let help = host.done(&args).out;
    let mut listed = help
        .lines()
        .skip_while(|line| !["Commands:", "Kinds:"].contains(line))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != "help")
        .peekable();
    if listed.peek().is_none() {
        return vec![above.to_vec()];
    }
    let below = |name: &str| {
        let path = [above, &[name.to_owned()]].concat();
        commands(host, &path)
    };
    listed.flat_map(below).collect()
}

#[test]
fn every_command_takes_every_global_option_before_and_after_its_name() {
    let host = made();
    let commands = commands(&host, &[]);
    assert!(commands.len() > 20, "{commands:?}");
    let most = "--host . --pack o2s --color never --quiet --verbose --no-input";
    for options in [most, "--format json", "--format human"] {
        let options: Vec<&str> = options.split(' ').collect();
        for command in &commands {
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            let rest: &[&str] = match command.as_slice() {
                ["new" | "remove", ..] | ["new-integration" | "remove-integration"] => {
                    &["nobody", "--dry-run", "--no-input"]
                }
                ["init" | "update"] => &["--dry-run", "--no-input"],
                ["undo"] => &["--list"],
                ["completions"] => &["bash"],
                ["try"] | ["pack", "new" | "test" | "check" | "explain"] => &["./none/none", "--no-input"],
                ["pack", "snapshot"] => &["none"],
                _ => &[],
            };
            let rest: Vec<&str> = match options.contains(&"--no-input") {
                true => rest
                    .iter()
                    .copied()
                    .filter(|word| *word != "--no-input")
                    .collect(),
                false => rest.to_vec(),
            };
            let before = [&options[..], &command, &rest].concat();
            let after = [&command[..], &options, &rest].concat();
            let (before, after) = (host.run(&before), host.run(&after));
            for (ran, place) in [(&before, "before"), (&after, "after")] {
                let at = format!("{options:?} {place} {command:?}\n{}{}", ran.out, ran.err);
                for wrong in [
                    "a defect of its own",
                    "unexpected argument",
                    "cannot be used multiple times",
                ] {
                    assert!(!ran.err.contains(wrong), "{at}");
                }
            }
            assert_eq!(
                (before.code, before.out, before.err),
                (after.code, after.out, after.err),
                "{options:?} {command:?}"
            );
        }
    }
}

#[test]
fn a_format_that_a_command_does_not_have_is_refused_wherever_it_stands() {
    let host = made();
    for args in [["--format", "sarif", "list"], ["list", "--format", "sarif"]] {
        let ran = host.refused(&args);
        assert_eq!(
            ran.err,
            "error: `--format sarif` names no format of this command\nhelp: its formats: human, json, md, html\n"
        );
    }
    assert_eq!(
        host.refused(&["undo", "--list", "--format", "jsn"]).err,
        "error: `--format jsn` names no format of this command\nhelp: did you mean `json`?\n"
    );
    let sarif = host.done(&["--format", "sarif", "check"]).out;
    assert!(sarif.contains("sarif-schema"), "{sarif}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_an_error() {
    let host = made();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    let calls: [&[&str]; 6] = [
        &["explain"],
        &["--help"],
        &["list"],
        &["check"],
        &["completions", "bash"],
        &["new-integration", "beta", "--modules", "tickets", "--dry-run"],
    ];
    for args in calls {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = host.command(args).stdout(full).output().unwrap();
        let ran = host.ran(output);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains("error: standard output cannot be written\n"),
            "{args:?}: {}",
            ran.err
        );
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let mut child = program()
        .args(["explain", "missing-entry"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn a_name_in_another_case_is_answered_with_the_right_one() {
    let host = made();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    for (args, meant) in [
        (
            &["new-integration", "AcmeCrm", "--modules", "tickets"][..],
            "did you mean `acme-crm`?",
        ),
        (&["remove-integration", "acmee"], "did you mean `acme`?"),
        (&["remove-integration", "ACME"], "did you mean `acme`?"),
        (&["check", "acmee"], "did you mean `acme`?"),
        (&["update", "ACME"], "did you mean `acme`?"),
        (&["list", "--pack", "O2S"], "did you mean `o2s`?"),
        (&["lisst"], "a similar subcommand exists: 'list'"),
        (
            &["new", "Integration", "x"],
            "a similar subcommand exists: 'integration'",
        ),
    ] {
        let ran = host.refused(args);
        assert!(ran.err.contains(meant), "{args:?}: {}", ran.err);
    }
}

#[test]
fn an_error_lists_ten_values_at_most() {
    let host = Sandbox::empty();
    host.done(&["new", "host", "shop", "--pack", "o2s"]);
    let ran = host.run_in("shop", &["new-integration", "acme", "--modules", "zzzzzz"]);
    ran.exits(2).says(
        "error: `zzzzzz` is no choice for `--modules`\n\
         help: there is: articles, auth, billing-accounts, cache, carts, checkout, cms, customers, invoices, notifications, and 8 more\n",
    );
}

#[test]
fn a_diff_of_fixes_says_so_when_there_is_nothing_to_fix() {
    let host = made();
    let ran = host.done(&["check", "--diff"]);
    assert_eq!(ran.out, "");
    assert!(ran.err.ends_with("nothing would change\n"), "{}", ran.err);
}
