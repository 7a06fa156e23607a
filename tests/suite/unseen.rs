//! What a check needs and cannot look at: it is said at its place, and the check fails. A check that saw nothing is no success.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::support::fault::copy_tree;
use crate::support::hosts::{OPERATOR_MADE_BY, made, operator};
use crate::support::sandbox::Sandbox;

/// A host with a member for each built-in pack whose host can be made here, and files that a check of it needs.
fn hosts() -> Vec<(Sandbox, Vec<&'static str>)> {
    let shop = made();
    shop.done(&[
        "new-integration",
        "acme",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
        "--quiet",
    ]);
    let operator = operator();
    for words in OPERATOR_MADE_BY {
        operator.done(words);
    }
    let of = |pack: &str, words: &[&[&str]]| {
        let host = Sandbox::empty();
        host.done(&["new", "host", "shop", "--pack", pack, "--quiet"]);
        let host = Sandbox::copy_of(&host.at("shop"));
        words.iter().for_each(|words| _ = host.done(words));
        host
    };
    let crates = of("cargo", &[&["new-integration", "acme", "--quiet"]]);
    let project = of(
        "djblets",
        &[
            &["new", "support", "shop", "--quiet"],
            &["new-integration", "acme", "--quiet"],
        ],
    );
    vec![
        (
            shop,
            vec![
                "package.json",
                "packages/integrations/acme/package.json",
                "packages/integrations/acme/tsconfig.json",
                "packages/integrations/acme/src/integration.ts",
                "packages/integrations/acme/src/modules/tickets/tickets.service.ts",
                "packages/configs/integrations/package.json",
                "packages/configs/integrations/src/models/index.ts",
                "packages/configs/integrations/tsconfig.json",
                "apps/api-harmonization/src/app.module.ts",
                "apps/api-harmonization/package.json",
                "apps/api-harmonization/tsconfig.json",
            ],
        ),
        (
            operator,
            vec![
                "pkg/acme/consumer.go",
                "pkg/acme/integrator.go",
                "pkg/keycloak/service.go",
                "pkg/integration/types.go",
                "pkg/k8s/cruder.go",
                "cmd/operator/main.go",
                "go.mod",
            ],
        ),
        (
            crates,
            vec![
                "Cargo.toml",
                "integrations/acme/Cargo.toml",
                "integrations/acme/src/lib.rs",
                "integrations/acme/src/consumer.rs",
                "crates/contract/src/consumer.rs",
                "crates/contract/src/integrator.rs",
            ],
        ),
        (
            project,
            vec![
                "shop/settings.py",
                "shop/shop/base.py",
                "shop/shop/acme/integration.py",
                "shop/shop/acme/forms.py",
            ],
        ),
    ]
}

/// What stands in the place of the file.
fn put(host: &Sandbox, path: &str, what: &str) {
    let text = host.read(path);
    let at = host.at(path);
    std::fs::remove_file(&at).unwrap();
    match what {
        "an invalid byte" => host.write(path, [text.as_bytes(), b"\xff"].concat()),
        "a syntax error" => host.write(path, format!("{text}\n(({{{{ [[ = \"\n")),
        "what is nested too deep" => {
            let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
            let text = match Path::new(path).extension().and_then(|end| end.to_str()) {
                Some("json") => format!("{{\"deep\": {deep}}}"),
                Some("toml") => format!("{text}\n[deep]\ndeep = {deep}\n"),
                _ => format!("{text}\n(({{{{ [[ = \"\n"),
            };
            host.write(path, text);
        }
        "more than is read" => host.write(path, format!("{text}{}", " ".repeat(33 << 20))),
        "a pipe" => assert!(Command::new("mkfifo").arg(&at).status().unwrap().success()),
        "a directory" => std::fs::create_dir(at).unwrap(),
        "a link out of the host" => {
            let outside = host.outside().join("outside");
            std::fs::write(&outside, text).unwrap();
            host.link(path, outside);
        }
        "a link to nothing" => host.link(path, "nowhere"),
        what => panic!("{what}"),
    }
}

#[test]
fn what_a_check_needs_and_cannot_look_at_is_said_at_its_place_and_fails() {
    let mut silent = Vec::new();
    for (sound, paths) in hosts() {
        sound.done(&["check", "--no-cache"]);
        for path in paths {
            for what in [
                "an invalid byte",
                "a syntax error",
                "what is nested too deep",
                "more than is read",
                "a pipe",
                "a directory",
                "a link out of the host",
                "a link to nothing",
            ] {
                // Of this one only the line with the module is read.
                if path == "go.mod" && matches!(what, "a syntax error" | "what is nested too deep") {
                    continue;
                }
                let host = Sandbox::copy_of(&sound.root);
                put(&host, path, what);
                let ran = host.run(&["check", "--no-cache", "--format", "concise"]);
                let all = format!("{}{}", ran.out, ran.err);
                // What exports a contract may be another file than the one that declares it.
                let is_named = all.contains(path) || all.contains("empty-facts: the contract");
                if ran.code == 0 || !is_named {
                    silent.push(format!("{what} at {path}: {} {}{}", ran.code, ran.out, ran.err));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn a_file_that_nothing_asks_for_is_said_not_to_be_read_where_the_member_is_looked_through() {
    for (sound, path) in hosts().into_iter().map(|(host, _)| host).zip([
        "packages/integrations/acme/src/modules/tickets/tickets.service.spec.ts",
        "pkg/acme/consumer_test.go",
        "integrations/acme/src/integrator.rs",
        "shop/shop/acme/tests.py",
    ]) {
        for what in [
            "an invalid byte",
            "a pipe",
            "a link out of the host",
            "a link to nothing",
        ] {
            let host = Sandbox::copy_of(&sound.root);
            put(&host, path, what);
            let ran = host.run(&["check", "--no-cache", "--format", "concise"]);
            assert!(ran.out.contains(path), "{what} at {path}: {}", ran.out);
            ran.exits(1);
        }
    }
}

#[test]
fn a_host_without_what_its_pack_recognises_it_by_is_said_not_to_be_checked_as_a_whole() {
    let host = Sandbox::empty();
    host.done(&["new", "host", "shop", "--pack", "cargo", "--quiet"]);
    let host = Sandbox::copy_of(&host.at("shop"));
    host.done(&["new-integration", "acme", "--quiet"]);
    host.remove("Cargo.toml");
    let ran = host.run(&["check", "--no-cache"]);
    let said = "warning[empty-facts]: there is no `Cargo.toml`, by which the pack recognises its hosts";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn a_workspace_that_lists_no_members_is_said_to_leave_them_unchecked() {
    let hosts = hosts();
    for (at, root, text) in [
        (0, "package.json", "{}\n"),
        (2, "Cargo.toml", ""),
        (2, "Cargo.toml", "[workspace]\n"),
    ] {
        let host = Sandbox::copy_of(&hosts[at].0.root);
        for gone in [false, true] {
            if gone {
                host.remove(root);
            } else {
                host.write(root, text);
            }
            let ran = host.run(&["check", "--no-cache", "--format", "concise"]);
            let said = format!("of `acme`: not checked, as no `{root}` at the root lists members");
            assert!(ran.out.contains(&said), "{root} {text:?} {gone}: {}", ran.out);
            ran.exits(1);
        }
    }
}

#[test]
fn members_in_a_directory_that_cannot_be_looked_into_are_not_taken_for_none() {
    for ((host, _), dir) in
        hosts()
            .into_iter()
            .zip(["packages/integrations", "pkg", "integrations", "shop/shop"])
    {
        // Nobody may look into it; who runs as root may look everywhere, so that the check runs as somebody else.
        let program = host.outside().join("tenon");
        std::fs::copy(env!("CARGO_BIN_EXE_tenon"), &program).unwrap();
        let mut command = Command::new(program);
        command
            .args(["check", "--no-cache"])
            .current_dir(&host.root)
            .env_clear();
        if host.root.metadata().unwrap().uid() == 0 {
            command.uid(65534);
        }
        std::fs::set_permissions(host.outside(), std::fs::Permissions::from_mode(0o755)).unwrap();
        for mode in [0o000, 0o311, 0o444] {
            host.chmod(dir, mode);
            let ran = host.ran(command.output().unwrap());
            host.chmod(dir, 0o755);
            let all = format!("{}{}", ran.out, ran.err);
            assert_ne!(ran.code, 0, "{dir} {mode:o}: {all}");
            assert!(all.contains(&format!("`{dir}")), "{dir} {mode:o}: {all}");
        }
        // The system can say nothing of what is below a link that leads to itself, whoever asks.
        let aside = host.outside().join("aside");
        std::fs::rename(host.at(dir), &aside).unwrap();
        host.link(dir, Path::new(dir).file_name().unwrap());
        let ran = host.run(&["check", "--no-cache"]);
        let all = format!("{}{}", ran.out, ran.err);
        assert_ne!(ran.code, 0, "{dir}: {all}");
        assert!(all.contains(&format!("`{dir}")), "{dir}: {all}");
    }
}

#[test]
fn a_pack_without_what_it_names_ends_the_check() {
    let (host, _) = hosts().remove(0);
    std::fs::create_dir(host.at("pack")).unwrap();
    copy_tree(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/o2s"),
        &host.at("pack"),
    );
    let check = ["check", "--no-cache", "--pack", "./pack"];
    host.done(&check);
    for (path, instead, said) in [
        ("pack.toml", None, "it has no `pack.toml`"),
        ("snapshot.json", None, "has no file `snapshot.json`"),
        (
            "snapshot.json",
            Some("{"),
            "the snapshot of the pack cannot be read",
        ),
        (
            "files/integration",
            None,
            "there is no folder of templates `integration`",
        ),
        (
            "files/integration/src/integration.ts.hbs",
            None,
            "there is no template that makes the file `src/integration.ts`",
        ),
        (
            "files/integration/src/integration.ts.hbs",
            Some("{{#if}"),
            "the template cannot be read",
        ),
        ("files", None, "there is no folder of templates `integration`"),
    ] {
        let aside = host.outside().join("aside");
        let at = host.at("pack").join(path);
        std::fs::rename(&at, &aside).unwrap();
        if let Some(text) = instead {
            std::fs::write(&at, text).unwrap();
        }
        let ran = host.run(&check);
        ran.is_one_error();
        assert!(ran.err.contains(said), "{path} {instead:?}: {}", ran.err);
        if instead.is_some() {
            std::fs::remove_file(&at).unwrap();
        }
        std::fs::rename(aside, at).unwrap();
    }
}

#[test]
fn a_baseline_that_cannot_be_read_suppresses_nothing_and_ends_the_check() {
    let (host, _) = hosts().remove(0);
    host.remove("packages/integrations/acme/tsconfig.json");
    let check = ["check", "--no-cache", "--baseline", "baseline.json"];
    let refused = |what: &str| {
        let ran = host.run(&check);
        ran.is_one_error();
        assert!(
            ran.err.contains("`baseline.json`") || ran.err.contains("--> baseline.json:"),
            "{what}: {}",
            ran.err
        );
    };
    refused("nothing");
    for bytes in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"{\"version\": 1, \"findings\": [{}]}",
        b"{\"version\": 1, \"findings\": []}\xff",
    ] {
        host.write("baseline.json", bytes);
        refused(&String::from_utf8_lossy(bytes));
    }
    for what in ["a pipe", "a directory", "a link to nothing"] {
        host.write("baseline.json", "");
        put(&host, "baseline.json", what);
        refused(what);
        host.remove("baseline.json");
    }
    // Without findings in it, it suppresses none.
    host.write("baseline.json", "{\"version\": 1, \"findings\": []}");
    host.run(&check).exits(1);
}

#[test]
fn a_check_needs_no_home_and_finds_the_same_without_one() {
    let (host, _) = hosts().remove(0);
    host.remove("packages/integrations/acme/tsconfig.json");
    let usual = host.run(&["check"]);
    usual.exits(1);
    host.write("../file", "");
    for home in [
        "",
        "nowhere",
        "/nowhere/at/all",
        host.at("../file").to_str().unwrap(),
    ] {
        let mut command = host.command(&["check"]);
        command.env_remove("XDG_STATE_HOME").env("HOME", home);
        let ran = host.ran(command.output().unwrap());
        assert_eq!(
            (ran.code, &ran.out),
            (usual.code, &usual.out),
            "{home:?}: {}",
            ran.err
        );
        command.env("XDG_CACHE_HOME", home);
        let ran = host.ran(command.output().unwrap());
        assert_eq!(
            (ran.code, &ran.out),
            (usual.code, &usual.out),
            "{home:?}: {}",
            ran.err
        );
    }
    assert!(!host.exists("nowhere"));
}

#[test]
fn a_members_directory_that_is_a_link_is_followed_inside_the_host_and_said_to_lead_out() {
    let host = operator();
    host.done(&["new-integration", "acme", "--quiet"]);
    let outside = host.outside().join("outside");
    std::fs::rename(host.at("pkg/acme"), &outside).unwrap();
    host.link("pkg/acme", &outside);
    let ran = host.run(&["check", "--no-cache"]);
    assert!(
        ran.out.contains("`pkg/acme` is a symbolic link out of the host"),
        "{}",
        ran.out
    );
    ran.exits(1);
    host.remove("pkg/acme");
    host.link("pkg/acme", "nowhere");
    let ran = host.run(&["check", "--no-cache"]);
    assert!(
        ran.out.contains("`pkg/acme` is a symbolic link to nothing"),
        "{}",
        ran.out
    );
    ran.exits(1);
    // A build leaves such links in the root.
    host.remove("pkg/acme");
    std::fs::rename(&outside, host.at("pkg/acme")).unwrap();
    host.link("result", "/nowhere/at/all");
    host.done(&["check", "--no-cache"]);
}

#[test]
fn what_is_not_understood_in_the_directory_of_a_member_is_found_where_only_it_is_asked_about() {
    let host = operator();
    for words in OPERATOR_MADE_BY {
        host.done(words);
    }
    put(&host, "pkg/acme/consumer.go", "an invalid byte");
    host.run(&["check", "--no-cache", "acme"]).exits(1);
    host.run(&["check", "--no-cache", "nova"]).exits(0);
}

#[test]
fn stats_show_what_each_rule_and_site_saw_and_that_some_saw_nothing() {
    let host = operator();
    host.done(&["new-integration", "acme", "--quiet"]);
    let ran = host.run(&["check", "--no-cache", "--stats", "--format", "json"]);
    ran.exits(0);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let stats = json["stats"].as_array().unwrap();
    let of = |part: &str, name: &str| {
        let found = stats
            .iter()
            .find(|stat| stat["part"] == part && stat["name"] == name);
        found.unwrap_or_else(|| panic!("no {part} `{name}`: {}", ran.out))
    };
    let consumers = of("site", "consumers");
    assert_eq!(
        (consumers["members"].as_u64(), consumers["matches"].as_u64()),
        (Some(1), Some(1))
    );
    // No service was made: its site saw nothing, which is shown.
    assert_eq!(of("site", "service")["seen"], 0);
    assert!(of("rule", "missing-entry")["milliseconds"].as_f64().unwrap() > 0.0);
    assert_eq!(of("kind", "integration")["members"], 1);
    let shares = stats.iter().filter(|stat| stat["part"] == "rule");
    let all: f64 = shares.map(|stat| stat["share"].as_f64().unwrap()).sum();
    assert!((all - 100.0).abs() < 5.0, "{all}");
    for line in [
        "site        consumers",
        "rule        missing-entry",
        "1 of 1 member ",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    let plain = host.run(&["check", "--no-cache", "--format", "json"]);
    assert!(!plain.out.contains("\"stats\""), "{}", plain.out);
}

#[test]
fn what_the_last_members_left_behind_is_found_where_nobody_asks_for_an_entry_any_more() {
    let mut hosts = hosts();
    for (at, dirs, file, left) in [
        (
            3,
            vec!["shop/shop/acme"],
            "shop/shop/apps.py",
            "stale-entry: the entry `AcmeIntegration` leads nowhere",
        ),
        (
            1,
            vec!["pkg/acme"],
            "cmd/operator/main.go",
            "stale-entry: the entry `acme.NewConsumer` is for something that is not there",
        ),
    ] {
        let (host, _) = hosts.remove(at);
        host.done(&["check", "--no-cache"]);
        dirs.iter().for_each(|dir| host.remove(dir));
        let ran = host.run(&["check", "--no-cache", "--format", "concise"]);
        assert!(ran.out.starts_with(file) && ran.out.contains(left), "{}", ran.out);
        ran.exits(1);
        host.done(&["check", "--no-cache", "--unsafe-fixes"]);
        let text = host.read(file);
        let left: Vec<&str> = text.lines().filter(|line| line.contains("acme")).collect();
        assert_eq!(left, [""; 0]);
    }
}
