//! Completions, help and the manual page: in the shells and viewers that read them.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::hosts::{framework, made, workshop};
use crate::support::sandbox::Sandbox;

/// Feeds `text` to a program. `None` if the program is not installed: where CI is set that is a failure, for
/// programs that every CI has.
fn fed(program: &[&str], text: &str, everywhere: bool) -> Option<std::process::Output> {
    let child = Command::new(program[0])
        .args(&program[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match child {
        Ok(mut child) => {
            let mut stdin = child.stdin.take().unwrap();
            let text = text.to_owned();
            let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
            let output = child.wait_with_output().unwrap();
            writer.join().unwrap().unwrap();
            Some(output)
        }
        Err(error) => {
            let ci = std::env::var_os("CI").is_some_and(|value| value == "true");
            assert!(!(ci && everywhere), "`{}` is not there: {error}", program[0]);
            println!("skipped: `{}` is not installed here ({error})", program[0]);
            None
        }
    }
}

#[test]
fn completion_scripts_are_read_by_their_shells() {
    let (host, nowhere) = (framework(), Sandbox::empty());
    for (shell, program, everywhere) in [
        ("bash", &["bash", "-n"][..], true),
        ("zsh", &["zsh", "-n"], false),
        ("fish", &["fish", "--no-execute", "/dev/stdin"], false),
    ] {
        for place in [&host, &nowhere] {
            let script = place.done(&["completions", shell]);
            assert_eq!(script.err, "");
            assert!(script.out.contains("TENON_COMPLETE"), "{shell}");
            let offer = place.completed(shell, &["new-i"]);
            assert!(offer.contains("new-integration"), "{shell}: {offer}");
            if let Some(output) = fed(program, &script.out, everywhere) {
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success() && said.is_empty(), "{shell}: {said}");
            }
        }
    }
}

/// What a pack may say of itself, to shells that read it.
const EVIL: &str = "a'b\"c`touch CANARY`$(touch CANARY)\\\\ [x]: (touch CANARY) ; touch CANARY # \u{2018};touch CANARY;\u{2019}\u{201a}\u{201b}|&";

#[test]
fn texts_of_a_pack_mean_nothing_to_the_shells_that_complete() {
    let host = workshop();
    let toml = host.outside().join("workshop/pack.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let canary = host.outside().join("canary");
    let evil = EVIL.replace("CANARY", canary.to_str().unwrap());
    let quoted = toml::Value::String(evil).to_string();
    let mut changed = 0;
    let lines = text.lines().map(|line| match line.split_once(" = ") {
        Some((key @ ("summary" | "prompt" | "help"), _)) => {
            changed += 1;
            format!("{key} = {quoted}\n")
        }
        _ => format!("{line}\n"),
    });
    let hostile: String = lines.collect();
    assert!(changed > 1, "{hostile}");
    std::fs::write(&toml, hostile).unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        // Descriptions of the pack's flags: one line for each, which a shell takes as text.
        let script = host.done(&["completions", shell]).out;
        let words = ["--pack", "../workshop", "new-integration", "--"];
        let offer = host.completed(shell, &words);
        assert!(offer.contains("--label"), "{shell}: {offer}");
        let bin = std::path::Path::new(env!("CARGO_BIN_EXE_tenon"))
            .parent()
            .unwrap();
        let typed = "words=(tenon --pack ../workshop new-integration --)";
        let (run, ask): (&[&str], String) = match shell {
            "bash" => (
                &["bash", "--norc"],
                format!(
                    "COMP_{typed}\nCOMP_WORDS=(\"${{COMP_words[@]}}\"); COMP_CWORD=4; _clap_complete_tenon tenon -- new-integration; echo \"${{COMPREPLY[@]}}\""
                ),
            ),
            "zsh" => (
                &["zsh", "-f"],
                format!(
                    "compdef() {{ : }}; _describe() {{ print -rl -- ${{(P)2}} }}; {typed}; CURRENT=5; _clap_dynamic_completer_tenon"
                ),
            ),
            "fish" => (
                &["fish", "--no-config"],
                "complete --do-complete 'tenon --pack ../workshop new-integration --'".to_owned(),
            ),
            _ => continue,
        };
        let ask = format!(
            "cd '{}'; export PATH='{}':\"$PATH\"\n{script}\n{ask}\n",
            host.root.display(),
            bin.display()
        );
        fed(run, &ask, shell == "bash");
    }
    assert!(!canary.exists());
}

#[test]
fn a_pack_whose_texts_a_terminal_obeys_is_refused() {
    for bad in ["\\u001b[2J", "a\\nb", "a\\rb", "\\u202eb", "\\u0007"] {
        let host = workshop();
        let toml = host.outside().join("workshop/pack.toml");
        let text = std::fs::read_to_string(&toml).unwrap();
        for key in ["summary", "prompt"] {
            let at = text.find(&format!("{key} = \"")).unwrap() + key.len() + 4;
            std::fs::write(&toml, format!("{}{bad}{}", &text[..at], &text[at..])).unwrap();
            let said = host.refused(&["list", "--pack", "../workshop"]).err.clone();
            assert!(said.contains("a character that is not shown"), "{said}");
            // Nothing of it reaches a shell.
            let offer = host.completed("fish", &["--pack", "../workshop", "new-integration", "--"]);
            assert!(offer.contains("--yes") && !offer.contains("label"), "{offer}");
        }
    }
}

/// What bash offers after `words`, the last of which is being typed.
fn offered(host: &Sandbox, words: &[&str]) -> Option<Vec<String>> {
    let script = host.done(&["completions", "bash"]).out;
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_tenon"))
        .parent()
        .unwrap();
    let script = format!(
        "cd '{}'; PATH='{}':$PATH\n{script}",
        host.root.display(),
        bin.display()
    );
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let (last, before) = (words.last().unwrap(), words[words.len() - 2]);
    let ask = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_clap_complete_tenon tenon '{last}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" "),
        words.len() - 1
    );
    let output = fed(&["bash", "--norc"], &ask, true)?;
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect(),
    )
}

#[test]
fn in_a_host_completion_offers_its_modules() {
    let host = framework();
    let Some(offer) = offered(&host, &["tenon", "new-integration", "--modules", ""]) else {
        return;
    };
    assert_eq!(offer, ["cache", "cms", "sails", "tickets", "users"]);
    let offer = offered(&host, &["tenon", "new-integration", "--modules", "s"]).unwrap();
    assert_eq!(offer, ["sails"]);
    let offer = offered(&host, &["tenon", "new-integration", "--mod"]).unwrap();
    assert_eq!(offer, ["--modules"]);
    let offer = offered(&host, &["tenon", "un"]).unwrap();
    assert_eq!(offer, ["undo"]);
    // The script stays the same: a name that is new is offered at once.
    host.done(&["new-integration", "acme", "--modules", "cms"]);
    for command in ["remove-integration", "check", "update"] {
        let offer = offered(&host, &["tenon", command, "ac"]).unwrap();
        assert_eq!(offer, ["acme"], "{command}");
    }
    let offer = offered(&host, &["tenon", "explain", "missing-m"]).unwrap();
    assert_eq!(offer, ["missing-method"]);
    let offer = offered(&host, &["tenon", "try", "djb"]).unwrap();
    assert_eq!(offer, ["djblets"]);
}

/// A repository may name any pack: what a person types must not reach for it.
#[test]
fn nothing_is_fetched_while_a_word_is_completed() {
    let host = Sandbox::empty();
    let pack = "git+file:///nowhere/pack@0123456789012345678901234567890123456789";
    host.write("tenon.toml", format!("pack = \"{pack}\"\n"));
    let offer = host.completed("bash", &["new-integration", "--"]);
    assert!(!offer.contains("modules"), "{offer}");
    let ran = host.run(&["list"]);
    assert!(
        ran.err.contains("fetching") || ran.err.contains("directory for fetched packs"),
        "{}",
        ran.err
    );
}

#[test]
fn help_of_a_command_is_a_command_too() {
    let host = framework();
    for (long, short) in [
        (&["help", "undo"][..], &["undo", "--help"][..]),
        (&["help", "new", "module"], &["new", "module", "--help"]),
    ] {
        assert_eq!(host.done(long).out, host.done(short).out);
    }
    let ran = host.run(&["help", "und"]);
    assert!(ran.exits(2).err.contains("did you mean `undo`?"), "{}", ran.err);
}

#[test]
fn in_a_host_help_lists_its_modules_and_kinds() {
    let help = framework().done(&["new-integration", "--help"]).out;
    let words: Vec<&str> = help.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("[possible values: cache, cms, sails, tickets, users]"),
        "{help}"
    );
    let help = made().done(&["new-integration", "--help"]).out;
    assert!(help.contains("billing-accounts"), "{help}");
    let help = framework().done(&["new", "--help"]).out;
    for kind in ["integration", "module", "host"] {
        assert!(help.contains(&format!("\n  {kind} ")), "{help}");
    }
    assert_eq!(
        framework()
            .done(&["new"])
            .out
            .lines()
            .next()
            .unwrap()
            .split_whitespace()
            .next(),
        Some("integration")
    );
}

#[test]
fn help_and_version_are_results_anywhere() {
    let nowhere = Sandbox::empty();
    for args in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["undo", "--help"],
        &["new-integration", "--help"],
        &["new", "--help"],
    ] {
        let ran = nowhere.done(args);
        assert!(!ran.out.is_empty() && ran.err.is_empty(), "{args:?}");
    }
    assert_eq!(
        nowhere.done(&["--version"]).out,
        format!("tenon {}\n", env!("CARGO_PKG_VERSION"))
    );
    // No command at all is a mistake, and the help is what to do about it.
    let ran = nowhere.run(&[]);
    assert!(ran.exits(2).err.contains("Usage: tenon"), "{}", ran.err);
    assert_eq!(ran.out, "");
    assert!(nowhere.tree().is_empty());
}

#[test]
fn the_manual_page_is_rendered_without_a_warning() {
    let page = Sandbox::empty().done(&["man"]).out;
    assert!(page.contains(".TH tenon 1"), "{page}");
    if let Some(output) = fed(&["groff", "-man", "-Tutf8", "-ww"], &page, false) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{said}");
        // Bold is a letter printed over itself.
        let text = String::from_utf8_lossy(&output.stdout);
        let chars: Vec<char> = text.chars().collect();
        let shown: String = (0..chars.len())
            .filter(|at| chars[*at] != '\u{8}' && chars.get(at + 1) != Some(&'\u{8}'))
            .map(|at| chars[at])
            .collect();
        let words = [
            "NAME",
            "OPTIONS",
            "EXIT STATUS",
            "new-integration",
            "tenon undo",
            "--partial",
            "tenon pack test",
            "--combinations N",
            "--changed-since REF",
            "XDG_CACHE_HOME",
        ];
        for word in words {
            assert!(shown.contains(word), "{word}: {shown}");
        }
    }
}
