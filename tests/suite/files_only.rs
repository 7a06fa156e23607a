//! Only files are read: what stands in the place of one and is none, or never ends, ends the command with an error and does
//! not hang it; what leads out of the host is not read because the host says so; what cannot be looked at is not absent.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::hosts::{CONFIGS, framework, pinned_workshop, workshop, workshop_pack};
use crate::support::sandbox::{Sandbox, assert_same};

/// How long a command may take before it counts as hanging; other tests run beside it.
const SOON: Duration = Duration::from_secs(60);

/// What is no file; the last one is one, and ends never.
const NO_FILES: [&str; 6] = [
    "a pipe",
    "a socket",
    "/dev/zero",
    "/dev/stdin",
    "a directory",
    "a link to a pipe",
];

/// Puts `what` at `at`, in place of what stands there.
fn put(host: &Sandbox, at: &str, what: &str) {
    let path = host.at(at);
    if let Ok(found) = fs::symlink_metadata(&path) {
        if found.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
    }
    let fifo = |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    match what {
        "a pipe" => fifo(path),
        "a socket" => drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
        "a directory" => fs::create_dir(path).unwrap(),
        "a link to a pipe" => {
            let pipe = host.outside().join("pipe");
            if !pipe.exists() {
                fifo(pipe.clone());
            }
            host.link(at, pipe);
        }
        device => host.link(at, device),
    }
}

/// Runs a command while somebody holds the other end of standard input: what waits for it, waits for ever. Code, output and
/// errors; nothing if it hangs.
fn run(host: &Sandbox, args: &[&str]) -> Option<(i32, String)> {
    let mut command = host.command(args);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let held = child.stdin.take();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > SOON {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(held);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((
        output.status.code().unwrap(),
        text(&output.stdout) + &text(&output.stderr),
    ))
}

#[test]
fn what_is_no_file_in_place_of_what_is_read_ends_the_command() {
    let pack = ["--pack", "../workshop"];
    let archive = format!("./pack.tar.gz#sha256={}", "0".repeat(64));
    let cases: &[(&str, &[&str])] = &[
        ("../workshop/pack.toml", &["check", pack[0], pack[1]]),
        (
            "../workshop/files/unit/unit.json.hbs",
            &["check", pack[0], pack[1]],
        ),
        (
            "../workshop/files/unit/more",
            &["new-integration", "saw", pack[0], pack[1]],
        ),
        ("../workshop", &["check", pack[0], pack[1]]),
        ("../workshop/pack.toml", &["pack", "check", "../workshop"]),
        ("pack.tar.gz", &["check", pack[0], &archive]),
        (
            "answers.toml",
            &[
                "new-integration",
                "saw",
                "--answers",
                "answers.toml",
                pack[0],
                pack[1],
            ],
        ),
        (
            "../answers.toml",
            &[
                "new-integration",
                "saw",
                "--answers",
                "../answers.toml",
                pack[0],
                pack[1],
            ],
        ),
        (
            "base.json",
            &["check", "--baseline", "base.json", pack[0], pack[1]],
        ),
        (
            "../base.json",
            &["check", "--baseline", "../base.json", pack[0], pack[1]],
        ),
        ("tenon.toml", &["check", pack[0], pack[1]]),
        ("tenon.lock", &["new-integration", "saw", pack[0], pack[1]]),
        (
            "src/main.ts",
            &["new-integration", "saw", "--main", pack[0], pack[1]],
        ),
    ];
    let mut wrong = vec![];
    for (at, args) in cases {
        for what in NO_FILES {
            // A directory in a pack is part of a pack.
            if what == "a directory" && at.contains("/files/") {
                continue;
            }
            let host = workshop();
            put(&host, at, what);
            match run(&host, args) {
                None => wrong.push(format!("{what} at {at}: {args:?} hangs")),
                // What is wrong with a pack is what its check finds.
                Some((1, text)) if args[0] == "pack" && text.starts_with("error: ") => {}
                Some((2, text)) if text.starts_with("error: ") => {}
                Some((code, text)) => wrong.push(format!("{what} at {at}: {args:?} exits {code}:\n{text}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pack_that_the_host_names_stands_in_the_host() {
    let host = pinned_workshop();
    host.done(&["list"]);
    let out = host.outside().join("workshop");
    host.write(
        "../base/pack.toml",
        fs::read_to_string(out.join("pack.toml")).unwrap(),
    );
    host.write("../pack.tar.gz", "TOP-SECRET");
    host.link("linked", &out);
    host.link("pack.tar.gz", host.outside().join("pack.tar.gz"));
    host.write(
        "on/pack.toml",
        "[pack]\nname = \"on\"\nversion = \"0.1.0\"\nsummary = \"On\"\nlanguage = \"typescript\"\nextends = \"../linked\"\n",
    );
    let archive = format!("./pack.tar.gz#sha256={}", "0".repeat(64));
    let absolute = out.to_str().unwrap().to_owned();
    for pack in [
        "./linked",
        "../workshop",
        "./linked/../workshop",
        &archive,
        &absolute,
    ] {
        host.write("tenon.toml", format!("pack = \"{pack}\"\n"));
        let ran = host.refused(&["list"]);
        assert!(ran.err.contains("leads out of the host"), "{pack}: {}", ran.err);
        // What a person names may be anywhere.
        if pack != archive {
            host.done(&["list", "--pack", pack]);
        }
    }
    host.write("tenon.toml", "pack = \"./on\"\n");
    let ran = host.refused(&["list"]);
    assert!(ran.err.contains("leads out of the host"), "{}", ran.err);
    // A link within the host is one.
    workshop_pack(&host.root);
    host.link("inside", "workshop");
    host.write("tenon.toml", "pack = \"./inside\"\n");
    host.done(&["list"]);
}

#[test]
fn a_directory_that_cannot_be_looked_at_is_not_empty() {
    let host = framework();
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
    ]);
    let configs = CONFIGS.strip_suffix("/package.json").unwrap();
    let aside = host.outside().join("aside");
    fs::rename(host.at(configs), &aside).unwrap();
    // The system can say nothing of what is below a link that leads to itself, whoever asks.
    host.link(configs, "integrations");
    let before = host.tree();
    for args in [
        &["remove-integration", "acme", "--yes"][..],
        &["remove-integration", "acme", "--yes", "--force"],
        &["check"],
        &["check", "--fix"],
        &["update", "--yes"],
    ] {
        let ran = host.run(args);
        assert_ne!(ran.code, 0, "{args:?}\n{}{}", ran.out, ran.err);
        assert_same(&before, &host.tree());
    }
    fs::remove_file(host.at(configs)).unwrap();
    fs::rename(aside, host.at(configs)).unwrap();
    host.run(&["check"]).exits(0);
}

#[test]
fn what_cannot_be_looked_at_in_a_member_is_a_finding_of_the_member_and_nothing_beside_it_is_fixed() {
    let host = framework();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    let source = "packages/integrations/acme/src";
    fs::remove_dir_all(host.at(source)).unwrap();
    host.link(source, "src");
    let ran = host.run(&["check", "--no-cache"]);
    let found = format!("error[unparsable]: `{source}/integration.ts` cannot be looked at");
    assert!(ran.out.contains(&found), "{}", ran.out);
    assert!(ran.out.contains("integration acme"), "{}", ran.out);
    assert!(!ran.out.contains("fix available"), "{}", ran.out);
}
