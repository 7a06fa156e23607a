//! Options whose answers are not known: nothing that depends on them is claimed, and that it was not checked is said.

use crate::support::sandbox::Sandbox;

const PACK: &str = r#"[pack]
name = "units"
version = "1.0.0"
summary = "Units"
language = "typescript"

[host]
files = ["units.txt"]

[kind.integration]
summary = "A unit"
home = "units/{{name}}"
files = "unit"
required = { "unit.json" = "it is read" }

[kind.integration.option.category]
kind = "one"
choices = ["a", "b"]
prompt = "Which?"
OPTION
[kind.integration.site.list]
file = "units.txt"
when = '(eq category.id "a")'
entry = '{{name}} is ENTRY'
closed = true
"#;

/// A host with a unit, and the pack beside it.
fn units(option: &str, change: impl Fn(&str) -> String) -> Sandbox {
    let host = Sandbox::with(&[("units.txt", "alpha is one\n"), ("units/alpha/unit.json", "{}\n")]);
    let pack = host.outside().join("pack");
    std::fs::create_dir_all(pack.join("files/unit")).unwrap();
    let text = change(&PACK.replace("OPTION", option));
    std::fs::write(pack.join("pack.toml"), text.replace("ENTRY", "one")).unwrap();
    std::fs::write(pack.join("files/unit/unit.json.hbs"), "{}\n").unwrap();
    host
}

const READ: &str = "read = { file = \"{{home}}/unit.json\", pointer = \"/category\" }\n";
const CHECK: &[&str] = &["check", "--pack", "../pack"];
const PACK_CHECK: &[&str] = &["pack", "check", "../pack"];
const NEW: &[&str] = &[
    "new-integration",
    "beta",
    "--yes",
    "--dry-run",
    "--pack",
    "../pack",
];
const REMOVE: &[&str] = &[
    "remove-integration",
    "alpha",
    "--yes",
    "--force",
    "--dry-run",
    "--pack",
    "../pack",
];

#[track_caller]
fn says(host: &Sandbox, args: &[&str], code: i32, parts: &[&str]) {
    let ran = host.run(args);
    let all = format!("{}{}", ran.out, ran.err);
    assert_eq!(ran.code, code, "{args:?}: {all}");
    for part in parts {
        assert!(all.contains(part), "{args:?}: no {part:?} in {all}");
    }
    assert!(
        !all.contains("fault of the pack") || all.contains("pack.toml:"),
        "{all}"
    );
}

#[test]
fn a_site_on_whose_condition_nothing_is_known_is_said_not_to_be_checked() {
    let host = units("", str::to_owned);
    let why = "the pack does not say how the option `category` is read back";
    says(
        &host,
        CHECK,
        0,
        &[
            "note[empty-facts]: the site `list` of `alpha`: not checked",
            why,
            "1 note",
        ],
    );
    says(
        &host,
        PACK_CHECK,
        1,
        &[
            "the site `list` is not checked",
            "--> pack.toml:23:8",
            "`unchecked = true`",
        ],
    );
    // Without an answer the condition does not hold: nothing breaks.
    says(&host, NEW, 0, &["unit.json"]);
    says(&host, REMOVE, 0, &["unit.json"]);
    let open = units("", |pack| pack.replace("closed = true", "unchecked = true"));
    says(&open, CHECK, 0, &["no findings"]);
    says(&open, PACK_CHECK, 0, &["no problems"]);
}

#[test]
fn a_required_option_that_nothing_reads_back_is_said_to_switch_checks_off() {
    let host = units("required = true\n", |pack| {
        pack.replace("when = '(eq category.id \"a\")'\n", "")
    });
    host.write("units.txt", "");
    says(
        &host,
        CHECK,
        0,
        &["the files and sites of `alpha`: not checked", "1 note"],
    );
    says(
        &host,
        PACK_CHECK,
        1,
        &[
            "the option `category` is required, and nothing reads it back",
            "--> pack.toml:16:1",
        ],
    );
}

#[test]
fn a_member_without_an_answer_is_checked_as_far_as_that_goes() {
    // Nothing is read: the condition does not hold, and the entry of a closed list is too many.
    let host = units(READ, str::to_owned);
    says(&host, CHECK, 1, &["stale-entry"]);
    host.write("units.txt", "");
    says(&host, CHECK, 0, &["no findings"]);
    says(&host, PACK_CHECK, 0, &["no problems"]);
    host.write("units/alpha/unit.json", "{\"category\": \"a\"}\n");
    says(&host, CHECK, 1, &["`units.txt` does not list `alpha`"]);
    // What the entry says of it cannot be told.
    let entry = |pack: &str| {
        let pack = pack.replace("when = '(eq category.id \"a\")'\n", "");
        pack.replace("ENTRY", "{{category.id}}")
    };
    let host = units(READ, entry);
    says(
        &host,
        CHECK,
        1,
        &[
            "warning[empty-facts]: the site `list` of `alpha`: not checked, as the option `category` has no answer there",
        ],
    );
    says(
        &host,
        NEW,
        2,
        &[
            "no option or fact gives the template variable `category.id`",
            "--> pack.toml:24:10",
        ],
    );
}
