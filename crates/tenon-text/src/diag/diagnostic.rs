//! Diagnostics: what a rule found, where, why, and how it can be mended. Data only: no files, no colour.

use super::edit::{Span, TextEdit};

/// How bad a finding is. Only errors and warnings fail a run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(any(test, feature = "schema"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Breaks the host, or will.
    #[default]
    Error,
    /// Works, and should not stay.
    Warning,
    /// For information; never fails a run.
    Note,
}

/// A span of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Path relative to the host, with `/`.
    pub path: String,
    /// Byte offsets into the file's text without its BOM; `None` if it is about the whole file, or about one that is
    /// not there.
    pub span: Option<Span>,
}

impl Place {
    /// A span of a file.
    pub fn span(path: impl Into<String>, span: impl Into<Span>) -> Self {
        Self {
            path: path.into(),
            span: Some(span.into()),
        }
    }

    /// A file as a whole, or a path at which nothing stands.
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            span: None,
        }
    }
}

/// Why something is a defect: the declaration that it breaks.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// One sentence without a full stop.
    pub text: String,
    /// Where that declaration stands in the host, if it does.
    pub at: Option<Place>,
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Says what the host says elsewhere already: `--fix`.
    Safe,
    /// Likely right, but may take away what somebody wanted: `--unsafe-fixes`.
    Unsafe,
}

/// What a fix does to one file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFix {
    /// Edits of the text (without its BOM).
    Edit(Vec<TextEdit>),
    /// The file is made, with this text.
    Create(String),
}

/// How a finding can be mended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fix {
    /// What it does, in the imperative, without a full stop.
    pub title: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// What it does to which file, relative to the host.
    pub files: Vec<(String, FileFix)>,
}

impl Fix {
    /// Does what `other` does as well: edits of files that this one edits, too.
    pub fn join(&mut self, other: Self) {
        for (path, change) in other.files {
            let own = self.files.iter_mut().find(|(own, _)| *own == path);
            match (own, change) {
                (Some((_, FileFix::Edit(edits))), FileFix::Edit(more)) => {
                    edits.extend(more);
                    edits.sort_by_key(|edit| edit.span.start);
                }
                (Some(_), _) => {}
                (None, change) => self.files.push((path, change)),
            }
        }
    }
}

/// One finding of a rule at a position.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Diagnostic {
    /// The rule's id: `missing-entry`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The member that it is about (`acme`); empty if it is about the host as a whole. Human output is grouped by it.
    pub subject: String,
    /// Where.
    pub at: Place,
    /// One sentence without a full stop, names in back-ticks.
    pub message: String,
    /// What stands beside the carets; may be empty.
    pub label: String,
    /// Why it is a defect.
    pub reasons: Vec<Reason>,
    /// What to do about it.
    pub help: String,
    /// How it can be mended by the program.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at `at`, with one sentence.
    pub fn new(rule: &str, subject: &str, at: Place, message: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            severity: Severity::Error,
            subject: subject.to_owned(),
            at,
            message: message.into(),
            label: String::new(),
            reasons: vec![],
            help: String::new(),
            fix: None,
        }
    }

    /// Says which member it is about; an empty name changes nothing.
    #[must_use]
    pub fn about(mut self, subject: &str) -> Self {
        if !subject.is_empty() {
            subject.clone_into(&mut self.subject);
        }
        self
    }

    /// Says how bad it is.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds what stands beside the carets.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a reason; an empty one is none, and a place without a path (a contract that the pack brings along) too.
    #[must_use]
    pub fn because(mut self, text: impl Into<String>, at: Option<Place>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            let at = at.filter(|at| !at.path.is_empty());
            self.reasons.push(Reason { text, at });
        }
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Adds how the program can mend it, if it can.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }
}
