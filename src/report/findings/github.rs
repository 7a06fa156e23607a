//! Workflow commands of GitHub Actions: each finding becomes an annotation of its line.
//!
//! Characters that could end a command or begin another one are escaped as the runner expects.

use std::fmt::Write as _;

use super::view::{View, path_of};
use crate::report::escape::clean_line;
use tenon_text::diag::Severity;

/// One command for each finding.
pub fn render(view: &View) -> String {
    let mut text = String::new();
    for diagnostic in view.diagnostics() {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(text, "::{command} file={}", property(path_of(&diagnostic.at)));
        if let Some(region) = view.region(&diagnostic.at) {
            let (start, end) = (region.start, region.end);
            let _ = write!(text, ",line={}", start.line);
            if start.line == end.line {
                let _ = write!(text, ",col={},endLine={}", start.column, end.line);
                let _ = write!(text, ",endColumn={}", end.column);
            } else {
                // The runner accepts columns only within one line.
                let _ = write!(text, ",endLine={}", end.line);
            }
        }
        let title = match diagnostic.subject.as_str() {
            "" => diagnostic.rule.clone(),
            subject => format!("{} ({subject})", diagnostic.rule),
        };
        let _ = write!(text, ",title={}::", property(&title));
        let lines: Vec<String> = view
            .text_lines(diagnostic)
            .iter()
            .map(|line| data(line))
            .collect();
        let _ = writeln!(text, "{}", lines.join("%0A"));
    }
    text
}

fn data(text: &str) -> String {
    clean_line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
