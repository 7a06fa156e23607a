//! JSON for programs. These types define the format.
//!
//! Within a version keys may be added, but none is removed or changes its meaning. `docs/schema/findings.schema.json` is
//! generated from these types.

use serde::Serialize;

use super::stats;
use super::summary::Counts;
use super::view::{View, path_of};
use crate::report::json_text::json_text;
use tenon_text::diag;

/// The version of the format.
const VERSION: u32 = 1;

/// The result of a check.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, schemars(title = "tenon findings"))]
pub(super) struct Document<'a> {
    /// Version of this format: 1.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    version: u32,
    /// Name and version of the pack.
    pack: &'a str,
    /// The pack's word for a subject, such as `integration`.
    noun: &'a str,
    /// The findings, sorted by subject, path and position.
    findings: Vec<Finding<'a>>,
    /// Counts of findings, and what was inspected.
    summary: Summary,
    /// With `--stats`: what each part of the check saw and cost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(default))]
    stats: Vec<Stat<'a>>,
}

/// What a part of the check saw and cost. Zero is shown: a part that saw nothing did not look.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Stat<'a> {
    /// `step`, `kind`, `file`, `site`, `expectation` (a rule that the pack declares) or `rule` (one of the program).
    part: &'a str,
    /// What it is called: an id, or the kind with a file or relation.
    name: &'a str,
    /// The members that it was about; of a rule how often it looked, members and the host.
    members: usize,
    /// The files that it saw; of a site the entries.
    seen: usize,
    /// How much of that is a member's; of a rule its findings.
    matches: usize,
    /// The time that it took, in all threads together.
    milliseconds: f64,
    /// Its share in the time of all parts of its sort, in percent.
    share: f64,
}

/// One finding of a rule.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    /// The rule's id, such as `missing-entry`.
    rule: &'a str,
    /// How bad it is. Only errors and warnings fail a run.
    severity: diag::Severity,
    /// The name of the member that it is about; null if it is about the host.
    subject: Option<&'a str>,
    /// Its position.
    location: Location<'a>,
    /// One sentence without a full stop.
    message: &'a str,
    /// A label for the location.
    label: Option<&'a str>,
    /// Why it is a defect.
    reasons: Vec<Reason<'a>>,
    /// What to do.
    help: Option<&'a str>,
    /// Edits that fix it.
    fix: Option<Fix<'a>>,
}

/// A file, or a span of it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    /// Path relative to the host, with `/`; `.` is the host itself.
    path: &'a str,
    /// The first character; null if the finding is about the whole file or an absent one.
    start: Option<Position>,
    /// The position after the last character; null together with `start`.
    end: Option<Position>,
}

/// A position in a text without its byte order mark.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Position {
    /// Bytes before it.
    offset: usize,
    /// Line, from 1; null if the text was not read.
    line: Option<usize>,
    /// Column in characters (Unicode scalar values), from 1; null if the text was not read.
    column: Option<usize>,
}

/// The declaration that a finding breaks.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Reason<'a> {
    /// One sentence without a full stop.
    message: &'a str,
    /// Its location in the host, if it has one.
    location: Option<Location<'a>>,
}

/// The edits that fix a finding.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    /// What it does, in the imperative.
    title: &'a str,
    /// Whether it may be applied without a review.
    applicability: Applicability,
    /// Edits of existing files. Positions are those before all edits.
    edits: Vec<Edit<'a>>,
    /// Files that it creates.
    creates: Vec<Created<'a>>,
}

/// Whether a fix may be applied without a review.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Applicability {
    /// With `--fix`.
    Safe,
    /// Only with `--unsafe-fixes`.
    Unsafe,
}

/// Replaces a span by a text.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Edit<'a> {
    /// What is replaced; start and end are the same for an insertion.
    location: Location<'a>,
    /// The new text; empty for a deletion.
    text: &'a str,
}

/// A file that is created.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    /// Path relative to the host, with `/`.
    path: &'a str,
    /// Its whole text.
    text: &'a str,
}

/// Counts of findings, and what was inspected.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Summary {
    /// All findings.
    findings: usize,
    /// Findings that are errors.
    errors: usize,
    /// Findings that are warnings.
    warnings: usize,
    /// Findings that are notes.
    notes: usize,
    /// Subjects with at least one finding.
    subjects: usize,
    /// Findings that `--fix` fixes.
    fixable: usize,
    /// Findings that only `--unsafe-fixes` fixes.
    unsafe_fixable: usize,
    /// Findings that an ignore or the baseline suppresses; they are not listed.
    suppressed: usize,
    /// What was inspected.
    inspected: Inspected,
}

/// What was inspected.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Inspected {
    /// Members: integrations, and whatever else the pack makes.
    members: usize,
    /// Files that were read.
    files: usize,
    /// Rules that were applied.
    rules: usize,
}

/// The document.
pub fn render(view: &View) -> String {
    json_text(&document(view))
}

fn document<'a>(view: &View<'a>) -> Document<'a> {
    let findings = view.findings;
    let counts = Counts::of(findings);
    Document {
        version: VERSION,
        pack: &findings.pack,
        noun: &findings.noun,
        findings: view
            .diagnostics()
            .iter()
            .map(|diagnostic| finding(view, diagnostic))
            .collect(),
        summary: Summary {
            findings: counts.all(),
            errors: counts.errors,
            warnings: counts.warnings,
            notes: counts.notes,
            subjects: counts.subjects,
            fixable: counts.safe,
            unsafe_fixable: counts.unsafe_,
            suppressed: findings.suppressed,
            inspected: Inspected {
                members: findings.inspected.members,
                files: findings.inspected.files,
                rules: findings.inspected.rules,
            },
        },
        stats: findings
            .stats
            .iter()
            .map(|stat| Stat {
                part: stats::word(stat.part),
                name: &stat.name,
                members: stat.members,
                seen: stat.seen,
                matches: stat.matches,
                milliseconds: (stat.time.as_secs_f64() * 1e6).round() / 1e3,
                share: (stats::share(&findings.stats, stat) * 10.0).round() / 10.0,
            })
            .collect(),
    }
}

fn finding<'a>(view: &View, diagnostic: &'a diag::Diagnostic) -> Finding<'a> {
    let some = |text: &'a str| (!text.is_empty()).then_some(text);
    Finding {
        rule: &diagnostic.rule,
        severity: diagnostic.severity,
        subject: some(&diagnostic.subject),
        location: location(view, path_of(&diagnostic.at), diagnostic.at.span),
        message: &diagnostic.message,
        label: some(&diagnostic.label),
        reasons: diagnostic
            .reasons
            .iter()
            .map(|reason| Reason {
                message: &reason.text,
                location: reason
                    .at
                    .as_ref()
                    .map(|place| location(view, path_of(place), place.span)),
            })
            .collect(),
        help: some(&diagnostic.help),
        fix: diagnostic.fix.as_ref().map(|given| fix(view, given)),
    }
}

fn location<'a>(view: &View, path: &'a str, span: Option<diag::Span>) -> Location<'a> {
    let known = |position: diag::LineCol, offset| Position {
        offset,
        line: Some(position.line),
        column: Some(position.column),
    };
    let unknown = |offset| Position {
        offset,
        line: None,
        column: None,
    };
    let region = span.map(|span| (span, view.lines(path).map(|lines| lines.region(span))));
    let (start, end) = match region {
        None => (None, None),
        Some((_, Some(region))) => (
            Some(known(region.start, region.span.start)),
            Some(known(region.end, region.span.end)),
        ),
        Some((span, None)) => (Some(unknown(span.start)), Some(unknown(span.end))),
    };
    Location { path, start, end }
}

fn fix<'a>(view: &View, fix: &'a diag::Fix) -> Fix<'a> {
    let mut edits = Vec::new();
    let mut creates = Vec::new();
    for (path, change) in &fix.files {
        match change {
            diag::FileFix::Create(text) => creates.push(Created { path, text }),
            diag::FileFix::Edit(given) => edits.extend(given.iter().map(|edit| Edit {
                location: location(view, path, Some(edit.span)),
                text: &edit.text,
            })),
        }
    }
    Fix {
        title: &fix.title,
        applicability: match fix.applicability {
            diag::Applicability::Safe => Applicability::Safe,
            diag::Applicability::Unsafe => Applicability::Unsafe,
        },
        edits,
        creates,
    }
}
