//! JUnit XML: a suite for each subject, a failed test for each finding. A clean run is one test that passed.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::summary::Counts;
use super::view::View;
use crate::report::escape::clean_line;
use tenon_text::diag::{Diagnostic, Severity};

/// The report. It contains no times, so that equal findings give equal text.
pub fn render(view: &View) -> String {
    let mut report = Report::new("tenon");
    for (subject, diagnostics) in view.by_subject() {
        let heading = view.heading(subject);
        let mut suite = TestSuite::new(heading.as_str());
        for diagnostic in diagnostics {
            suite.add_test_case(case(view, &heading, diagnostic));
        }
        report.add_test_suite(suite);
    }
    if view.diagnostics().is_empty() {
        let heading = view.heading("");
        let sentence = clean_line(&Counts::default().sentence(view.findings));
        let mut case = TestCase::new("validate-structure", TestCaseStatus::success());
        case.set_classname(heading.as_str()).set_system_out(sentence);
        let mut suite = TestSuite::new(heading);
        suite.add_test_case(case);
        report.add_test_suite(suite);
    }
    // Writing to memory cannot fail, and the library removes characters that XML forbids.
    let mut text = report.to_string().unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn case(view: &View, heading: &str, diagnostic: &Diagnostic) -> TestCase {
    let rule = clean_line(&diagnostic.rule);
    let text = format!(
        "{}\n{}",
        view.shown(&diagnostic.at),
        view.text_lines(diagnostic).join("\n")
    );
    let status = match diagnostic.severity {
        // A note never fails a run.
        Severity::Note => TestCaseStatus::success(),
        Severity::Error | Severity::Warning => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(rule.as_str())
                .set_message(clean_line(&diagnostic.message))
                .set_description(text.as_str());
            status
        }
    };
    let name = format!("{rule}: {}", view.shown(&diagnostic.at));
    let mut case = TestCase::new(name, status);
    case.set_classname(heading);
    if diagnostic.severity == Severity::Note {
        case.set_system_out(text);
    }
    case
}
