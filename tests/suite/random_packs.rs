//! Any pack, on any host, with any answers: a plan is the same every time, applying twice is applying once, what was made
//! validates, and it goes without a trace, undone or removed, also with others made before and after.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::sandbox::{Sandbox, assert_same, visible};

/// A kind of place: the file, the pack's site, and the file's text with these entries, each level indented by the unit.
struct Place {
    file: &'static str,
    site: &'static str,
    text: fn(&[&str], &str) -> String,
}

/// Joined entries, each on its line behind `indent`, with a comma between them.
fn lines(entries: &[String], indent: &str) -> String {
    let all: Vec<String> = entries.iter().map(|entry| format!("{indent}{entry}")).collect();
    all.join(",\n")
}

/// The text between two brackets: nothing at all without entries.
fn block(entries: &[String], indent: &str, close: &str) -> String {
    if entries.is_empty() {
        return String::new();
    }
    format!("\n{}\n{close}", lines(entries, indent))
}

fn quoted(entries: &[&str], mark: char) -> Vec<String> {
    entries
        .iter()
        .map(|entry| format!("{mark}{entry}{mark}"))
        .collect()
}

const PLACES: [Place; 8] = [
    Place {
        file: "object.json",
        site: "kind = \"manifest\"\npointer = \"/units\"\nkey = \"{{name}}\"\nvalue = \"units/{{name}}\"",
        text: |entries, unit| {
            let all: Vec<String> = entries
                .iter()
                .map(|entry| format!("\"{entry}\": \"units/{entry}\""))
                .collect();
            format!(
                "{{\n{unit}\"units\": {{{}}},\n{unit}\"last\": true\n}}\n",
                block(&all, &unit.repeat(2), unit)
            )
        },
    },
    Place {
        file: "array.json",
        site: "kind = \"manifest\"\npointer = \"/units\"\nvalue = \"{{name}}\"",
        text: |entries, unit| {
            format!(
                "{{\n{unit}// Units.\n{unit}\"units\": [{}]\n}}\n",
                block(&quoted(entries, '"'), &unit.repeat(2), unit)
            )
        },
    },
    Place {
        file: "members.toml",
        site: "kind = \"manifest\"\npointer = \"/workspace/units\"\nvalue = \"{{name}}\"",
        text: |entries, _| {
            format!(
                "# Units.\n[workspace]\nunits = [{}]\nlast = 1\n",
                quoted(entries, '"').join(", ")
            )
        },
    },
    Place {
        file: "table.toml",
        site: "kind = \"manifest\"\npointer = \"/units\"\nkey = \"{{name}}\"\nvalue = \"units/{{name}}\"",
        text: |entries, _| {
            let all: String = entries
                .iter()
                .map(|entry| format!("{entry} = \"units/{entry}\" # here\n"))
                .collect();
            format!("[units]\n{all}\n[other]\na = 1\n")
        },
    },
    Place {
        file: "list.yaml",
        site: "kind = \"manifest\"\npointer = \"/units\"\nvalue = \"{{name}}\"",
        text: |entries, _| {
            let mut all = vec!["first".to_owned()];
            all.extend(entries.iter().map(|entry| (*entry).to_owned()));
            let all: String = all.iter().map(|entry| format!("  - {entry}\n")).collect();
            format!("# Units.\nunits:\n{all}last: true\n")
        },
    },
    Place {
        file: "src/units.ts",
        site: "in = \"\"\nentry = \"export * as {{pascal name}} from '@units/{{name}}';\"",
        text: |entries, _| {
            let all: String = entries
                .iter()
                .map(|entry| {
                    format!(
                        "export * as {}{} from '@units/{entry}';\n",
                        entry[..1].to_uppercase(),
                        &entry[1..]
                    )
                })
                .collect();
            format!("// Units.\n{all}")
        },
    },
    Place {
        file: "src/array.ts",
        site: "in = \"export const units = []\"\nentry = \"{{camel name}}\"\nimports = [\"import { {{camel name}} } from '@units/{{name}}';\"]",
        text: |entries, unit| {
            let imports: String = entries
                .iter()
                .map(|entry| format!("import {{ {entry} }} from '@units/{entry}';\n"))
                .collect();
            let all: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
            let gap = if entries.is_empty() { "" } else { "\n" };
            let list = match all.len() {
                0 => String::new(),
                _ => format!("\n{},\n", lines(&all, unit)),
            };
            format!("{imports}{gap}export const units = [{list}];\n\nexport const more = [];\n")
        },
    },
    Place {
        file: "src/map.ts",
        site: "in = \"export const map = {}\"\nentry = \"{{camel name}}: './units/{{name}}'\"",
        text: |entries, unit| {
            let all: Vec<String> = entries
                .iter()
                .map(|entry| format!("{unit}{entry}: './units/{entry}',\n"))
                .collect();
            let open = if all.is_empty() { "" } else { "\n" };
            format!("export const map = {{{open}{}}};\n", all.concat())
        },
    },
];

/// Templates of files, from small to odd.
const TEMPLATES: [(&str, &str); 5] = [
    (
        "unit.json.hbs",
        "{\n    \"name\": {{json name}},\n    \"label\": {{json label}}\n}\n",
    ),
    (
        "src/{{name}}.ts.hbs",
        "import { z } from './z';\nimport { a } from './a';\n\nexport const {{camel name}} = [a, z, {{json label}}];\n",
    ),
    ("{{snake name}}/empty.txt", ""),
    (
        "dot-hidden/plain.md.hbs",
        "# {{title name}}\n{{#if main}}\nmain\n{{else}}\nnot main\n{{/if}}\n",
    ),
    ("no-line-end.txt.hbs", "{{constant name}}"),
];

#[derive(Clone, Debug)]
struct Case {
    places: Vec<bool>,
    templates: Vec<bool>,
    entries: Vec<Vec<bool>>,
    unit: usize,
    crlf: bool,
    bare_end: bool,
    label: String,
    main: bool,
    names: (usize, usize),
}

const NAMES: [&str; 5] = ["saw", "big-saw", "a1", "zz-top-9", "mill"];
const THERE: [&str; 3] = ["anvil", "clamp", "vice"];
const UNITS: [&str; 3] = ["  ", "    ", "\t"];

fn case() -> impl Strategy<Value = Case> {
    let flags = |n: usize| proptest::collection::vec(any::<bool>(), n);
    let entries = proptest::collection::vec(flags(THERE.len()), PLACES.len());
    let look = (0..UNITS.len(), any::<bool>(), any::<bool>());
    let answers = ("[ -~é😀]{0,24}", any::<bool>(), 0..NAMES.len(), 1..NAMES.len());
    (
        flags(PLACES.len()),
        flags(TEMPLATES.len()),
        entries,
        look,
        answers,
    )
        .prop_map(
            |(places, mut templates, entries, (unit, crlf, bare_end), (label, main, name, step))| {
                // Something must say that a unit stands there.
                templates[0] = true;
                Case {
                    places,
                    templates,
                    entries,
                    unit,
                    crlf,
                    bare_end,
                    label: label.trim().trim_start_matches('-').to_owned(),
                    main,
                    names: (name, (name + step) % NAMES.len()),
                }
            },
        )
}

/// The host and the pack beside it.
fn host(case: &Case) -> Sandbox {
    let host = Sandbox::with(&[("workshop.json", "{}\n")]);
    let mut pack = String::from(
        "[pack]\nname = \"any\"\nversion = \"0.1.0\"\nsummary = \"Any\"\nlanguage = \"typescript\"\n\n[host]\nfiles = [\"workshop.json\"]\n\n\
         [kind.integration]\nsummary = \"A unit\"\nhome = \"units/{{name}}\"\nknown-by = [\"unit.json\"]\nplural = \"units\"\nmay-be-empty = true\nfiles = \"unit\"\n\n\
         [kind.integration.option.label]\nkind = \"text\"\nprompt = \"What stands on it?\"\n\n\
         [kind.integration.option.main]\nkind = \"flag\"\nprompt = \"Is it the main one?\"\n",
    );
    for (at, place) in PLACES.iter().enumerate().filter(|(at, _)| case.places[*at]) {
        pack.push_str(&format!(
            "\n[kind.integration.site.s{at}]\nfile = \"{}\"\n{}\nwhy = \"it is read there\"\n",
            place.file, place.site
        ));
        let there = THERE.iter().zip(&case.entries[at]).filter(|(_, is)| **is);
        let there: Vec<&str> = there.map(|(name, _)| *name).collect();
        let mut text = (place.text)(&there, UNITS[case.unit]);
        if case.bare_end {
            text.truncate(text.trim_end().len());
        }
        if case.crlf {
            text = text.replace('\n', "\r\n");
        }
        host.write(place.file, text);
    }
    host.write("../any/pack.toml", pack);
    for ((path, text), _) in TEMPLATES.iter().zip(&case.templates).filter(|(_, is)| **is) {
        host.write(&format!("../any/files/unit/{path}"), text);
    }
    host
}

fn make<'a>(name: &'a str, case: &'a Case) -> Vec<&'a str> {
    let mut out = vec![
        "new-integration",
        name,
        "--pack",
        "../any",
        "--label",
        &case.label,
    ];
    if case.main {
        out.push("--main");
    }
    out
}

fn holds(case: &Case) {
    let host = host(case);
    let (one, two) = (NAMES[case.names.0], NAMES[case.names.1]);
    let before = visible(&host.root);
    let with_one = make(one, case);
    let plan = |host: &Sandbox| {
        host.run(&[&with_one[..], &["--dry-run"]].concat())
            .exits(0)
            .out
            .clone()
    };
    assert_eq!(plan(&host), plan(&host));
    assert_same(&before, &visible(&host.root));
    host.done(&with_one);
    let alone = visible(&host.root);
    host.run(&with_one).exits(0).prints("");
    assert_same(&alone, &visible(&host.root));
    host.run(&["check", "--pack", "../any"]).exits(0);
    host.done(&["undo"]);
    assert_same(&before, &visible(&host.root));
    // The other before, the one in between, and the other way round.
    host.done(&make(two, case));
    let other = visible(&host.root);
    host.done(&with_one);
    host.run(&["check", "--pack", "../any"]).exits(0);
    let both = visible(&host.root);
    host.done(&["remove-integration", one, "--pack", "../any"]);
    assert_same(&other, &visible(&host.root));
    host.done(&["undo"]);
    assert_same(&both, &visible(&host.root));
    host.done(&["remove-integration", two, "--pack", "../any"]);
    host.done(&["remove-integration", one, "--pack", "../any"]);
    assert_same(&before, &visible(&host.root));
}

#[test]
fn any_pack_makes_what_it_can_take_back() {
    let config = Config {
        cases: 24,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::default()
    };
    // The same cases each time: a failure that comes and goes helps nobody.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(&case(), |case| {
        holds(&case);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
