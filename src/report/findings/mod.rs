//! Renders findings: one file per format, all listed here.
//!
//! Input is `diag::Findings` with the sources that findings point into, output a `String`; no file is read. Each format
//! escapes what its readers could take for something else: control characters in a terminal, commands in a CI log, markup
//! in XML.

mod concise;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod sarif;
mod stats;
mod summary;
mod view;

#[cfg(test)]
mod tests;

use tenon_engine::plan::Plan;
use tenon_text::diag::Findings;

use super::colour::Paint;
use super::printer::{Report, out};
pub use summary::count;
use view::View;

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, with the lines of the file.
    #[default]
    Human,
    /// One line for each finding, as compilers print it: for editors and grep.
    Concise,
    /// For programs; versioned, see `docs/schema/findings.schema.json`.
    Json,
    /// SARIF 2.1.0: code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML: for tools that show test results.
    Junit,
}

/// `findings` in `format`. Only what is for people has colours.
pub fn render(findings: &Findings, format: Format, colour: bool) -> String {
    let view = View::new(findings);
    match format {
        Format::Human => human::render(&view, &Paint::new(colour)),
        Format::Concise => concise::render(&view),
        Format::Json => json::render(&view),
        Format::Sarif => sarif::render(&view),
        Format::Github => github::render(&view),
        Format::Gitlab => gitlab::render(&view),
        Format::Junit => junit::render(&view),
    }
}

impl Report {
    /// Prints how many findings were fixed.
    pub fn fixed(&self, plan: &Plan, count: usize) {
        let findings = if count == 1 { "finding" } else { "findings" };
        let files = if plan.changes.len() == 1 { "file" } else { "files" };
        self.summary(&format!(
            "fixed {count} {findings} in {} {files}",
            plan.changes.len()
        ));
    }

    /// Prints what each part of the check saw and cost.
    pub fn stats(&self, findings: &Findings) {
        self.say(stats::text(&findings.stats).trim_end());
    }

    /// Prints the findings as the result.
    pub fn findings(&self, findings: &Findings, format: Format) {
        if format == Format::Human && self.is_quiet() && findings.diagnostics.is_empty() {
            return;
        }
        out(&render(findings, format, self.out.enabled()));
    }
}
