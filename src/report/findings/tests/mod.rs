//! Every format, by exact output: of a sample, of hostile texts, of a clean host.
//!
//! The outputs stand in `expected/`; `TENON_BLESS=1 cargo test report` rewrites them. Read the diff.

mod docs;
mod hostile;
mod lines;
mod properties;
mod schemas;
mod spans;

use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum as _;

use super::{Format, render};
use tenon_text::diag::{
    Applicability, Diagnostic, FileFix, Findings, Fix, Inspected, Place, Reason, RuleInfo, Severity, TextEdit,
};

const RULES: [RuleInfo; 3] = [
    RuleInfo {
        id: "missing-entry",
        summary: "A site lacks the entry of an integration",
        page: "# missing-entry\n\nA **site** lists `acme` nowhere, see [sites](sites.md).\n",
    },
    RuleInfo {
        id: "missing-part",
        summary: "A file that every integration has is not there",
        page: "# missing-part\n",
    },
    RuleInfo {
        id: "stale-entry",
        summary: "A site has an entry of something that is gone",
        page: "# stale-entry\n",
    },
];

const SITE: &str = "import { search } from 'search';\n\nexport const modules = [\n  search,\n];\n";
const MANIFEST: &str = "{\n  \"name\": \"acme\",\n  \"mödules\": [\"search\", \"tickets\"]\n}\n";

/// `path` and the offsets of the first `part` of `text`.
fn place(path: &str, text: &str, part: &str) -> Place {
    let start = text.find(part).unwrap();
    Place::span(path, start..start + part.len())
}

fn finding(rule: &str, severity: Severity, subject: &str, at: Place, message: &str) -> Diagnostic {
    Diagnostic {
        rule: rule.into(),
        severity,
        subject: subject.into(),
        at,
        message: message.into(),
        label: String::new(),
        reasons: vec![],
        help: String::new(),
        fix: None,
    }
}

fn findings(sources: &[(&str, &str)], diagnostics: Vec<Diagnostic>) -> Findings {
    Findings {
        pack: "shop 1.0.0".into(),
        noun: "integration".into(),
        diagnostics,
        sources: sources
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)))
            .collect(),
        inspected: Inspected {
            members: 8,
            files: 145,
            rules: 17,
        },
        rules: RULES.to_vec(),
        suppressed: 0,
        stats: vec![],
    }
}

/// What a run looks like: something of everything.
fn sample() -> Findings {
    let (site, manifest) = ("packages/host/modules.ts", "packages/acme/package.json");
    let mut missing = finding(
        "missing-entry",
        Severity::Error,
        "acme",
        place(site, SITE, "[\n  search,\n]"),
        "`modules` has no entry for `tickets` of `acme`",
    );
    missing.label = "listed here".into();
    missing.reasons = vec![
        Reason {
            text: "`acme` says that it serves `tickets`".into(),
            at: Some(place(manifest, MANIFEST, "\"tickets\"")),
        },
        Reason {
            text: "the pack lists every module that is served".into(),
            at: None,
        },
        Reason {
            text: "the module itself is there".into(),
            at: Some(Place::file("packages/acme/src/tickets.ts")),
        },
    ];
    missing.help = "add `tickets` to the list".into();
    let end = SITE.find("];").unwrap();
    missing.fix = Some(Fix {
        title: "Add the entry".into(),
        applicability: Applicability::Safe,
        files: vec![
            (
                site.into(),
                FileFix::Edit(vec![TextEdit::insert(end, "  tickets,\n")]),
            ),
            (
                "packages/acme/src/index.ts".into(),
                FileFix::Create("export {};\n".into()),
            ),
        ],
    });
    let part = finding(
        "missing-part",
        Severity::Warning,
        "acme",
        Place::file("packages/acme/README.md"),
        "`acme` has no `README.md`",
    );
    let mut stale = finding(
        "stale-entry",
        Severity::Error,
        "",
        place(site, SITE, "search,"),
        "`search` is gone",
    );
    stale.fix = Some(Fix {
        title: "Delete the entry".into(),
        applicability: Applicability::Unsafe,
        files: vec![(
            "packages/not-read.ts".into(),
            FileFix::Edit(vec![TextEdit::replace(3..9, "")]),
        )],
    });
    let note = finding(
        "stale-entry",
        Severity::Note,
        "zeta",
        place(manifest, MANIFEST, "dules\""),
        "`mödules` is an old name",
    );
    let mut findings = findings(
        &[(site, SITE), (manifest, MANIFEST)],
        vec![stale, missing, part, note],
    );
    findings.suppressed = 2;
    findings
}

/// Compares `text` with the file `expected/NAME`, or writes it.
fn expect(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/findings/tests/expected")
        .join(name);
    let text = text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}");
}

/// What in `text` does something to a terminal.
fn harmful(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !matches!(c, '\n' | '\t') && tenon_text::diag::is_unsafe(*c))
        .collect()
}

fn extension(format: Format) -> String {
    format.to_possible_value().unwrap().get_name().to_owned()
}

#[test]
fn every_format_prints_a_run_with_something_of_everything() {
    for format in Format::value_variants() {
        let name = format!("sample.{}", extension(*format));
        expect(&name, &render(&sample(), *format, false));
    }
}

#[test]
fn every_format_prints_a_clean_run() {
    for format in Format::value_variants() {
        let name = format!("clean.{}", extension(*format));
        expect(&name, &render(&findings(&[], vec![]), *format, false));
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    let plain = render(&sample(), Format::Human, false);
    let coloured = render(&sample(), Format::Human, true);
    assert_ne!(plain, coloured);
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_eq!(plain.lines().collect::<Vec<_>>(), trimmed);
    for format in Format::value_variants() {
        if *format != Format::Human {
            assert_eq!(
                render(&sample(), *format, true),
                render(&sample(), *format, false)
            );
        }
    }
}

#[test]
fn the_summary_says_where_the_findings_are() {
    let summary = |findings: &Findings| {
        let text = render(findings, Format::Human, false);
        text.lines().last().unwrap().to_owned()
    };
    let at = |subject: &str| {
        finding(
            "missing-part",
            Severity::Error,
            subject,
            Place::file("a"),
            "`a` is missing",
        )
    };
    assert_eq!(
        summary(&findings(&[], vec![at("a"), at("b"), at("b")])),
        "3 findings (3 errors) in 2 of 8 integrations; 145 files, 17 rules"
    );
    assert_eq!(
        summary(&findings(&[], vec![at("")])),
        "1 finding (1 error) in the host; 8 integrations; 145 files, 17 rules"
    );
    let mut gone = findings(&[], vec![at("a"), at("")]);
    gone.inspected.members = 0;
    assert_eq!(
        summary(&gone),
        "2 findings (2 errors) in 1 integration and the host; 145 files, 17 rules"
    );
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_no_two_are_one() {
    let message = "`search` is gone";
    let twice = |source: &str| {
        let at = |part| {
            finding(
                "stale-entry",
                Severity::Error,
                "",
                place("a", source, part),
                message,
            )
        };
        render(
            &findings(&[("a", source)], vec![at("one"), at("two")]),
            Format::Gitlab,
            false,
        )
    };
    let prints = |text: &str| -> Vec<String> {
        let issues: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        issues
            .iter()
            .map(|issue| issue["fingerprint"].to_string())
            .collect()
    };
    let (before, after) = (twice("one\ntwo\n"), twice("\n\none\n\ntwo\n"));
    assert_ne!(before, after);
    assert_eq!(prints(&before), prints(&after));
    assert_ne!(prints(&before)[0], prints(&before)[1]);
}
