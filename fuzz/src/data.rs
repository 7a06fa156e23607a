//! Texts that are no code: workspaces, names, formats, settings, and findings as they are printed.

use std::sync::Arc;

use crate::input::Input;
use crate::sources::Files;
use tenon_cli::report::findings::{Format as Printed, render};
use tenon_engine::settings::Settings;
use tenon_engine::settings::baseline::Baseline;
use tenon_syntax::languages::typescript::config::read_config;
use tenon_syntax::workspace::{Globs, covers, member_patterns};
use tenon_text::diag::{
    Applicability, Diagnostic, FileFix, Findings, Fix, Inspected, Place, Severity, Span, TextEdit,
};
use tenon_text::format::{Eol, Format, Indent, split_bom, to_format};
use tenon_text::names::{CASES, nearest, normal};

/// Members of workspaces.
pub fn workspace(data: &[u8]) {
    let mut input = Input::new(data);
    let (text, dir) = (input.text(), input.text());
    for name in [
        "package.json",
        "pnpm-workspace.yaml",
        "Cargo.toml",
        "pyproject.toml",
        "go.work",
    ] {
        if let Ok(Some(members)) = member_patterns(&text, name) {
            let _ = members.covers(&dir);
            let _ = members.covers("packages/a");
        }
    }
    let patterns: Vec<&str> = text.split('\n').collect();
    for globs in [Globs::Npm, Globs::Pnpm, Globs::Cargo, Globs::Literal] {
        let _ = covers(&patterns, &dir, globs);
    }
    // A plain name covers itself.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !dir.is_empty() && dir.chars().all(plain) && dir != "node_modules" {
        for globs in [Globs::Npm, Globs::Cargo, Globs::Literal] {
            assert!(covers(&[&dir], &dir, globs), "{dir}");
        }
    }
}

/// Cases and comparison of names.
pub fn names(data: &[u8]) {
    let mut input = Input::new(data);
    let (a, b) = (input.text(), input.text());
    assert_eq!(normal(&normal(&a)), normal(&a), "{a:?}");
    for (_, case) in CASES {
        let _ = case(&a);
    }
    assert!(nearest(&a, [a.as_str()]).is_some() || !a.is_empty());
    if let Some(near) = nearest(&a, [b.as_str(), "billing-accounts"]) {
        assert!(near == b || near == "billing-accounts");
    }
}

/// Formats of files.
pub fn format(data: &[u8]) {
    let mut input = Input::new(data);
    let (file, rendered) = (input.text(), input.text().replace('\r', ""));
    let found = Format::detect(&file);
    let unit = found.indent;
    let dressed = to_format(&rendered, unit, &found);
    let (bom, body) = split_bom(&dressed);
    assert!(bom == found.bom || rendered.starts_with('\u{feff}'));
    if !rendered.starts_with('\u{feff}') {
        // The same indentation: nothing but line ends may differ.
        assert_eq!(body.replace("\r\n", "\n"), rendered);
    }
    if found.eol == Eol::Lf {
        assert!(!dressed.contains('\r'));
    }
    let _ = to_format(&rendered, Indent::Tab, &found);
    let _ = to_format(&rendered, Indent::Spaces(0), &found);
}

/// Configurations of compilers.
pub fn config(data: &[u8]) {
    let mut input = Input::new(data);
    let (a, b) = (input.text(), input.text());
    let named = [("p/tsconfig.json", a), ("p/b.json", b)];
    let files = Files(
        named
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.into()))
            .collect(),
    );
    if let Some(config) = read_config(&files, "p/tsconfig.json") {
        for root in config.roots(|dir| dir.len() % 2 == 0) {
            let _ = config.includes(&root);
        }
        let _ = config.includes("src");
    }
}

/// `tenon.toml`, and baselines.
pub fn settings_file(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(settings) = Settings::parse(&text) {
        let text = settings.text().expect("it was parsed");
        for rule in settings.rules.values() {
            assert!(text.get(rule.span.start..rule.span.end).is_some());
        }
    }
    if let Ok(baseline) = Baseline::read(&text, "b.json") {
        let printed = baseline.print();
        let again = Baseline::read(&printed, "b.json").expect("what is printed can be read");
        assert_eq!(again.print(), printed);
    }
}

/// Findings in every format: nothing that is a command to a terminal or a runner.
pub fn findings(data: &[u8]) {
    let mut input = Input::new(data);
    let path = input.text();
    let text = input.text();
    let mut all = Findings {
        pack: input.text(),
        noun: input.text(),
        inspected: Inspected {
            members: 1,
            files: 1,
            rules: 1,
        },
        ..Findings::default()
    };
    all.sources.insert(path.clone(), Arc::from(text.as_str()));
    while !input.is_empty() {
        let (start, end) = (
            input.number() % (text.len() + 2),
            input.number() % (text.len() + 2),
        );
        let span = Span::new(start.min(end), start.max(end));
        let at = Place::span(path.clone(), span);
        let (subject, message) = (input.text(), input.text());
        let mut finding = Diagnostic::new("rule", &subject, at.clone(), &message)
            .label(input.text())
            .because(input.text(), Some(at))
            .help(input.text());
        finding.severity = [Severity::Error, Severity::Warning, Severity::Note][message.len() % 3];
        if message.len() % 2 == 0 {
            let edit = FileFix::Edit(vec![TextEdit::replace(span, subject.clone())]);
            finding = finding.fix(Some(Fix {
                title: message,
                applicability: Applicability::Safe,
                files: vec![(path.clone(), edit), (subject.clone(), FileFix::Create(subject))],
            }));
        }
        all.diagnostics.push(finding);
    }
    for format in [
        Printed::Human,
        Printed::Concise,
        Printed::Json,
        Printed::Sarif,
        Printed::Github,
        Printed::Gitlab,
        Printed::Junit,
    ] {
        let out = render(&all, format, false);
        let bad = out.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(bad, None, "{format:?}:\n{out:?}");
        match format {
            Printed::Github => {
                assert_eq!(out.lines().count(), all.diagnostics.len(), "{out}");
                let own = |line: &str| {
                    ["::error file=", "::warning file=", "::notice file="]
                        .iter()
                        .any(|own| line.starts_with(own))
                };
                assert!(out.lines().all(own), "{out}");
            }
            Printed::Json | Printed::Sarif | Printed::Gitlab => {
                serde_json::from_str::<serde_json::Value>(&out).expect("it is JSON");
            }
            Printed::Concise => assert_eq!(out.lines().count(), all.diagnostics.len(), "{out}"),
            Printed::Human | Printed::Junit => {}
        }
        if format != Printed::Github {
            let command = out.lines().find(|line| {
                line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
            });
            assert_eq!(command, None, "{format:?}");
        }
        let _ = render(&all, format, true);
    }
}
