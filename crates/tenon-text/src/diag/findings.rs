//! Everything that a check of a host came to: what `report/` turns into text.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::diagnostic::Diagnostic;

/// What people are told about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Kebab-case, names the defect.
    pub id: &'static str,
    /// One sentence without a full stop.
    pub summary: &'static str,
    /// The whole page, Markdown: what `explain` prints.
    pub page: &'static str,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inspected {
    /// Integrations, and whatever else the pack's kinds make.
    pub members: usize,
    /// Files that were read.
    pub files: usize,
    /// Rules that were applied.
    pub rules: usize,
}

/// The outcome of a check.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Name and version of the pack.
    pub pack: String,
    /// What the subjects of the pack are called: `integration`.
    pub noun: String,
    /// The findings, sorted by subject, path and position.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts, without BOM, of all files that a diagnostic points into.
    pub sources: BTreeMap<String, Arc<str>>,
    /// How much was looked at.
    pub inspected: Inspected,
    /// The rules that were applied, sorted by id.
    pub rules: Vec<RuleInfo>,
    /// Findings that an ignore of `tenon.toml` or the baseline takes away.
    pub suppressed: usize,
    /// What each part of the check saw and cost, if that was asked for.
    pub stats: Vec<Stat>,
}

/// What a part of a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A step of the check: it takes all its time, and sees nothing itself.
    Step,
    /// A kind of the pack.
    Kind,
    /// A file that members must have.
    File,
    /// A list in a file that members share.
    Site,
    /// A `rule` of a kind.
    PackRule,
    /// A rule of the program.
    Rule,
}

/// What a part of a check saw and cost. Parts hold each other: a site is looked at by rules, all within a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub part: Part,
    /// What it is called.
    pub name: String,
    /// The members that it was about.
    pub members: usize,
    /// What it saw: files, or entries of a site.
    pub seen: usize,
    /// How much of that was a member's; of a rule its findings.
    pub matches: usize,
    /// How long it took, in all threads together.
    pub time: Duration,
}
