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
                    "there is no option",
                    "is an argument too many",
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
            "error: `--format sarif` is not a format of this command\nhelp: its formats: human, json, md, html\n"
        );
    }
    assert_eq!(
        host.refused(&["undo", "--list", "--format", "jsn"]).err,
        "error: `--format jsn` is not a format of this command\nhelp: did you mean `json`?\n"
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
        (&["lisst"], "did you mean `list`?"),
        (&["new", "Integration", "x"], "did you mean `integration`?"),
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
        "error: `zzzzzz` is not a choice for `--modules`\n\
         help: choose from: articles, auth, billing-accounts, cache, carts, checkout, cms, customers, invoices, notifications, and 8 more\n",
    );
}

#[test]
fn a_diff_of_fixes_says_so_when_there_is_nothing_to_fix() {
    let host = made();
    let ran = host.done(&["check", "--diff"]);
    assert_eq!(ran.out, "");
    assert!(ran.err.ends_with("nothing would change\n"), "{}", ran.err);
}

/// Arguments with which a command does something in a host that has the integration `acme`, and writes nothing.
fn arguments<'a>(command: &[&str]) -> &'a [&'a str] {
    match command {
        ["new-integration"] | ["new", "integration"] => &["beta", "--modules", "cms"],
        ["new", "module"] => &["acme", "--modules", "cms"],
        ["new", "custom-module"] => &["even", "--integration", "acme"],
        ["new", "host"] => &["inner"],
        ["remove", "module"] => &["acme", "--modules", "tickets", "--force"],
        ["remove-integration"] | ["remove", "integration"] => &["acme", "--force"],
        ["remove", _] => &["odd", "--force"],
        ["try"] => &["o2s"],
        ["completions"] => &["bash"],
        ["pack", "new"] => &["mine", "--language", "go"],
        ["pack", "check" | "explain" | "test"] => &["../kit"],
        ["pack", "snapshot"] => &["framework"],
        _ => &[],
    }
}

/// What a command prints with `--format json`, as the schema calls it; nothing if it has no such format.
fn answer(host: &Sandbox, command: &[&str], schemas: &[(&str, jsonschema::Validator)]) -> Option<String> {
    let args = [command, arguments(command), &["--dry-run", "--format", "json"]].concat();
    let before = host.tree();
    let ran = host.run(&args);
    crate::support::sandbox::assert_same(&before, &host.tree());
    if ran.err.contains("is not a format of this command") {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|error| panic!("{args:?}: {error}\n{}{}", ran.out, ran.err));
    let fits = schemas.iter().find(|(_, schema)| schema.is_valid(&value));
    let (name, _) = fits.unwrap_or_else(|| panic!("{args:?} prints by no schema:\n{}", ran.out));
    assert!(ran.code != 2, "{args:?}: {}", ran.err);
    Some((*name).to_owned())
}

/// The schemas of all documents, by what the docs call them.
fn schemas() -> Vec<(&'static str, jsonschema::Validator)> {
    let read = |file: &str| -> serde_json::Value {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/schema")
            .join(file);
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let output = read("output.schema.json");
    let names = [
        "Plan",
        "Failure",
        "Steps",
        "Rules",
        "Rule",
        "Kinds",
        "Problems",
        "Page",
        "Trials",
        "Candidates",
    ];
    let mut out: Vec<_> = names
        .into_iter()
        .map(|name| {
            let mut schema = output.clone();
            schema.as_object_mut().unwrap().remove("anyOf");
            schema["$ref"] = format!("#/$defs/{name}").into();
            (name, jsonschema::validator_for(&schema).unwrap())
        })
        .collect();
    for (name, file) in [("findings", "findings.schema.json"), ("list", "list.schema.json")] {
        out.push((name, jsonschema::validator_for(&read(file)).unwrap()));
    }
    out
}

/// The table of the docs is made here: `TENON_BLESS=1` writes it.
#[test]
fn every_command_prints_json_by_a_schema_and_the_docs_say_which() {
    let host = made();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    host.done(&["new-integration", "nova", "--modules", "tickets"]);
    host.done(&["new", "custom-module", "odd", "--integration", "nova"]);
    host.run(&["pack", "new", "../kit", "--language", "typescript"])
        .exits(0);
    let schemas = schemas();
    let mut rows = Vec::new();
    for command in commands(&host, &[]) {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        // A server, a script and a schema are no answers.
        if matches!(command.as_slice(), ["lsp"] | ["pack", "schema" | "snapshot"]) {
            continue;
        }
        let help = host.done(&[&command[..], &["--help"]].concat()).out;
        let own = help.split("\nGlobal options:").next().unwrap();
        let writes = if own.contains("--dry-run") || command == ["validate-structure"] {
            "yes"
        } else {
            ""
        };
        let json = answer(&host, &command, &schemas).unwrap_or_else(|| "–".to_owned());
        let name = match command.as_slice() {
            [above @ ("new" | "remove"), _] => format!("{above} KIND"),
            command => command.join(" "),
        };
        let row = format!("| `tenon {name}` | {writes} | {} |", json.to_lowercase());
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let table = format!(
        "| command | writes into a host | `--format json` prints |\n|---|---|---|\n{}\n",
        rows.join("\n")
    );
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- flags -->\n").unwrap();
    let (is, after) = rest.split_once("<!-- end of flags -->").unwrap();
    if std::env::var_os("TENON_BLESS").is_some() {
        let page = format!("{before}<!-- flags -->\n{table}<!-- end of flags -->{after}");
        std::fs::write(&path, page).unwrap();
    } else {
        assert_eq!(is, table);
    }
}

#[test]
fn an_error_is_json_too_and_steps_kinds_and_outdated_members_are() {
    let host = made();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    let schemas = schemas();
    for (args, name, code) in [
        (&["new-integration", "Acme!"][..], "Failure", 2),
        (&["list", "--nonsense"], "Failure", 2),
        (&["undo", "--list"], "Steps", 0),
        (&["explain", "missing-entry"], "Rule", 0),
        (&["new"], "Kinds", 0),
        (&["update", "--check"], "Plan", 0),
        (&["update"], "Plan", 0),
        (&["check", "--fix", "--dry-run"], "Plan", 0),
        (&["undo", "--dry-run"], "Plan", 0),
        (&["undo", "--recover"], "Plan", 0),
    ] {
        let ran = host.run(&[args, &["--format", "json"]].concat());
        ran.exits(code);
        let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let (_, schema) = schemas.iter().find(|(own, _)| *own == name).unwrap();
        let wrong: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{args:?} {wrong:?}\n{}", ran.out);
    }
    let ran = host.run(&["new-integration", "Acme!", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["error"]["message"], "`Acme!` cannot be the name");
}

#[test]
fn what_is_missing_first_is_named_with_the_command_that_makes_it() {
    let place = Sandbox::empty();
    place.done(&["new", "host", "shop", "--pack", "djblets"]);
    let ran = place.run_in("shop", &["new-integration", "acme"]);
    assert!(
        ran.exits(2)
            .err
            .contains("make it first: `tenon new support NAME`"),
        "{}",
        ran.err
    );
    // The command does it.
    place.run_in("shop", &["new", "support", "integrations"]).exits(0);
    place.run_in("shop", &["new-integration", "acme"]).exits(0);

    let host = made();
    for (args, said) in [
        (
            &["new", "module", "acme", "--modules", "cms"][..],
            "make one first with `tenon new-integration NAME`",
        ),
        (
            &["check", "--changed-since", "main"],
            "error: this is not a git checkout",
        ),
        (
            &["pack", "explain", "o2ss"],
            "did you mean the built-in pack `o2s`?",
        ),
        (
            &["pack", "test", "djblet"],
            "did you mean the built-in pack `djblets`?",
        ),
        (&["try", "crgo"], "did you mean `cargo`?"),
    ] {
        let ran = host.refused(args);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
}
