//! Code Quality report of GitLab: <https://docs.gitlab.com/ci/testing/code_quality/>.

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::json_text;
use super::view::{View, path_of};
use tenon_text::diag::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// The report: a list, empty if there are no findings.
pub fn render(view: &View) -> String {
    let issues: Vec<Issue> = view
        .diagnostics()
        .iter()
        .zip(fingerprints(view))
        .map(|(diagnostic, fingerprint)| Issue {
            description: &diagnostic.message,
            check_name: &diagnostic.rule,
            fingerprint,
            severity: match diagnostic.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            location: Location {
                path: path_of(&diagnostic.at),
                lines: Lines {
                    begin: view.region(&diagnostic.at).map_or(1, |region| region.start.line),
                },
            },
        })
        .collect();
    json_text(&issues)
}
