//! Whatever stands in a file and wherever a span points, every format prints something that is well formed.

use proptest::prelude::*;

use super::*;

fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        4 => proptest::char::range(' ', '~'),
        2 => prop_oneof![Just('\n'), Just('\r'), Just('\t'), Just('\u{1b}'), Just('\u{feff}'), Just('\u{ffff}')],
        1 => any::<char>(),
    ];
    proptest::collection::vec(c, 0..60).prop_map(String::from_iter)
}

fn spot() -> impl Strategy<Value = Place> {
    let path = prop_oneof![Just("a".to_owned()), Just("b".to_owned()), text()];
    (path, proptest::option::of((0usize..80, 0usize..80))).prop_map(|(path, span)| Place {
        path,
        span: span.map(|(start, end)| tenon_text::diag::Span { start, end }),
    })
}

prop_compose! {
    fn any_finding()(
        severity in prop_oneof![Just(Severity::Error), Just(Severity::Warning), Just(Severity::Note)],
        at in spot(),
        reasons in proptest::collection::vec((text(), proptest::option::of(spot())), 0..3),
        [rule, subject, message, label, help, title, path] in [text(), text(), text(), text(), text(), text(), text()],
        edit in proptest::option::of((0usize..80, text())),
    ) -> Diagnostic {
        let reasons = reasons.into_iter().map(|(text, at)| Reason { text, at }).collect();
        let fix = edit.map(|(at, text)| Fix {
            title,
            applicability: Applicability::Safe,
            files: vec![
                ("a".into(), FileFix::Edit(vec![TextEdit::insert(at, text.clone())])),
                (path, FileFix::Create(text)),
            ],
        });
        Diagnostic { rule, severity, subject, at, message, label, reasons, help, fix }
    }
}

proptest! {
    #[test]
    fn no_text_and_no_span_breaks_a_format(a in text(), b in text(), all in proptest::collection::vec(any_finding(), 0..4)) {
        let findings = findings(&[("a", &a), ("b", &b)], all);
        for format in Format::value_variants() {
            let text = render(&findings, *format, false);
            prop_assert_eq!(harmful(&text), Vec::<char>::new(), "{:?}: {:?}", format, text);
            match format {
                Format::Json => schemas::valid_json(&text),
                Format::Sarif => schemas::valid_sarif(&text),
                Format::Concise | Format::Github => {
                    prop_assert_eq!(text.lines().count(), findings.diagnostics.len());
                }
                Format::Junit => {
                    let report = quick_junit::Report::deserialize_from_str(&text).unwrap();
                    prop_assert_eq!(report.tests, findings.diagnostics.len().max(1));
                }
                Format::Gitlab | Format::Human => {}
            }
        }
        render(&findings, Format::Human, true);
    }
}
