//! Baselines: findings that were there when the check was introduced. A baseline only shrinks.
//!
//! Pure: the caller reads and writes the file. It is JSON, one line for each entry, sorted, so that two branches
//! merge and a diff says what was mended. An entry is a rule, a subject, a path and a message, with a count; no line
//! numbers, so that moving a finding does not make it a new one.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use tenon_text::diag::{Diagnostic, Error, LineCol, Place, Result, Severity, Span, line_col};
use tenon_text::format::split_bom;

use super::Settings;
use super::suppress::{Asked, STALE_BASELINE};

/// The only version of the format.
const VERSION: u64 = 1;

/// The longest that is read, in bytes: some 100,000 findings.
const MAX_SIZE: usize = 16 << 20;
/// What to do about one that is none.
const HELP: &str =
    "restore the file from version control, or delete it and make it anew with `--write-baseline`";

/// The file, its parts as they are written.
#[derive(Deserialize)]
struct RawBaseline<'t> {
    #[serde(borrow)]
    version: Option<&'t RawValue>,
    #[serde(borrow, default)]
    findings: Vec<&'t RawValue>,
}

/// An entry of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    rule: String,
    path: String,
    subject: String,
    message: String,
    count: NonZeroUsize,
}

/// By what a finding is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    path: String,
    subject: String,
    message: String,
}

impl Key {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            rule: diagnostic.rule.clone(),
            path: diagnostic.at.path.clone(),
            subject: diagnostic.subject.clone(),
            message: diagnostic.message.clone(),
        }
    }
}

/// How often a finding is there, and where the file says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    count: usize,
    span: Span,
}

/// The findings that are accepted for now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Key, Seen>,
}

impl Baseline {
    /// The baseline in `text`; `path` is for messages.
    ///
    /// # Errors
    /// With the position of what is no baseline.
    pub fn read(text: &str, path: &str) -> Result<Self> {
        let body = split_bom(text).1;
        let refuse =
            |span: Span, what: String| Error::new(what).at(path, line_col(body, span.start)).help(HELP);
        if body.len() > MAX_SIZE {
            return Err(refuse(Span::at(0), too_long()));
        }
        let raw: RawBaseline<'_> = serde_json::from_str(body).map_err(|error| {
            let what = error.to_string();
            let what = what.rsplit_once(" at line ").map_or(&*what, |(what, _)| what);
            Error::new(format!("the baseline is not valid JSON: {what}"))
                .at(
                    path,
                    LineCol {
                        line: error.line().max(1),
                        column: error.column().max(1),
                    },
                )
                .help(HELP)
        })?;
        match raw.version {
            Some(version) if version.get() == VERSION.to_string() => {}
            Some(version) => {
                let what = format!(
                    "the baseline has version {}, and this program knows {VERSION}",
                    version.get()
                );
                return Err(refuse(span_in(body, version), what));
            }
            None => return Err(refuse(Span::at(0), "the baseline has no `version`".to_owned())),
        }
        let mut entries = BTreeMap::new();
        for entry in raw.findings {
            let span = span_in(body, entry);
            let Ok(raw) = serde_json::from_str::<RawEntry>(entry.get()) else {
                return Err(refuse(
                    span,
                    "this is not an entry of a baseline: `rule`, `path`, `subject`, `message` and `count`"
                        .to_owned(),
                ));
            };
            let key = Key {
                rule: raw.rule,
                path: raw.path,
                subject: raw.subject,
                message: raw.message,
            };
            let seen: &mut Seen = entries.entry(key).or_default();
            seen.count = seen.count.saturating_add(raw.count.get());
            seen.span = span;
        }
        Ok(Self { entries })
    }

    /// The baseline that accepts all of `diagnostics`.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut entries: BTreeMap<Key, Seen> = BTreeMap::new();
        for diagnostic in diagnostics.iter().filter(|d| d.rule != STALE_BASELINE) {
            entries.entry(Key::of(diagnostic)).or_default().count += 1;
        }
        Self { entries }
    }

    /// The file's text.
    pub fn print(&self) -> String {
        let lines: Vec<String> = self
            .entries
            .iter()
            .map(|(key, seen)| {
                json!({
                    "rule": key.rule,
                    "path": key.path,
                    "subject": key.subject,
                    "message": key.message,
                    "count": seen.count,
                })
                .to_string()
            })
            .collect();
        let findings = if lines.is_empty() {
            "[]".to_owned()
        } else {
            format!("[\n{}\n]", lines.join(",\n"))
        };
        format!("{{\n\"version\": {VERSION},\n\"findings\": {findings}\n}}\n")
    }

    /// How many findings it accepts.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.entries.values().map(|seen| seen.count).sum()
    }

    /// Whether it accepts none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The findings that it does not accept, and how many it takes away; then one for each entry that accepts more
    /// than is there. `path` is where the baseline stands.
    ///
    /// To be called with what [`super::suppress::apply`] keeps.
    pub fn apply(
        &self,
        diagnostics: Vec<Diagnostic>,
        path: &str,
        settings: &Settings,
        asked: &Asked<'_>,
    ) -> (Vec<Diagnostic>, usize) {
        let mut left = self.entries.clone();
        let mut kept = Vec::new();
        let mut suppressed = 0;
        for diagnostic in diagnostics {
            match left.get_mut(&Key::of(&diagnostic)) {
                Some(seen) if seen.count > 0 => {
                    seen.count -= 1;
                    suppressed += 1;
                }
                _ => kept.push(diagnostic),
            }
        }
        let level = asked.level(settings, STALE_BASELINE, Severity::Warning);
        for (key, rest) in left.into_iter().filter(|(_, rest)| rest.count > 0) {
            if !asked.whole || !asked.runs(&key.rule) || !asked.runs(STALE_BASELINE) {
                continue;
            }
            match level {
                Some(severity) => kept.push(self.stale(&key, rest, path, severity)),
                None => suppressed += 1,
            }
        }
        (kept, suppressed)
    }

    fn stale(&self, key: &Key, rest: Seen, path: &str, severity: Severity) -> Diagnostic {
        let accepted = self.entries.get(key).map_or(rest.count, |seen| seen.count);
        let there = accepted - rest.count;
        let message = if there == 0 {
            format!(
                "the baseline has a finding of `{}` in `{}` that no longer exists",
                key.rule, key.path
            )
        } else {
            let are = if there == 1 { "is" } else { "are" };
            format!(
                "the baseline has {accepted} equal findings of `{}` in `{}`, and {there} of them {are} there",
                key.rule, key.path
            )
        };
        Diagnostic {
            rule: STALE_BASELINE.to_owned(),
            severity,
            subject: String::new(),
            at: Place::span(path, rest.span),
            message,
            label: "is fixed".to_owned(),
            reasons: vec![],
            help: format!("run it again with `--write-baseline {path}`: a baseline only shrinks"),
            fix: None,
        }
    }
}

/// Where a part of `text` stands in it.
fn span_in(text: &str, part: &RawValue) -> Span {
    let start = part.get().as_ptr().addr() - text.as_ptr().addr();
    Span::new(start, start + part.get().len())
}

fn too_long() -> String {
    format!("a baseline of more than {} MiB is not read", MAX_SIZE >> 20)
}

/// The text that `--write-baseline` writes for `diagnostics`: those that the settings keep, before any baseline
/// takes some away. `old` is what stands there now.
///
/// # Errors
/// If it would accept what `old` does not, naming that; or if the findings are not those of a whole check.
pub fn written(old: Option<&Baseline>, diagnostics: &[Diagnostic], asked: &Asked<'_>) -> Result<String> {
    /// How many new findings are named.
    const NAMED: usize = 20;
    if !asked.whole || !asked.select.is_empty() || !asked.ignore.is_empty() {
        return Err(
            Error::new("a baseline is written from a whole check, and this is a part of one")
                .help("leave out what narrows it: names, `--select`, `--ignore`, `--changed-since`"),
        );
    }
    let new = Baseline::of(diagnostics);
    let text = new.print();
    if text.len() > MAX_SIZE {
        return Err(Error::new(too_long())
            .because(format!("it would have {} MiB", text.len() >> 20))
            .help("fix some of the findings, or turn a rule off in `tenon.toml`"));
    }
    let Some(old) = old else {
        return Ok(text);
    };
    let grown: Vec<String> = new
        .entries
        .iter()
        .filter_map(|(key, seen)| {
            let more = seen
                .count
                .saturating_sub(old.entries.get(key).map_or(0, |seen| seen.count));
            let times = if more > 1 {
                format!(" ({more} times)")
            } else {
                String::new()
            };
            (more > 0).then(|| format!("{}: `{}`: {}{times}", key.path, key.rule, key.message))
        })
        .collect();
    if grown.is_empty() {
        return Ok(text);
    }
    let mut error = Error::new(if grown.len() == 1 {
        "the baseline would grow by a new finding".to_owned()
    } else {
        format!("the baseline would grow by {} new findings", grown.len())
    });
    for line in grown.iter().take(NAMED) {
        error = error.because(line);
    }
    if grown.len() > NAMED {
        error = error.because(format!("and {} more", grown.len() - NAMED));
    }
    Err(error
        .help("fix them, or ignore them with a reason in `tenon.toml`")
        .help("to begin anew, delete the file first"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Date;

    fn found(message: &str, line: usize) -> Diagnostic {
        Diagnostic {
            rule: "missing-part".into(),
            severity: Severity::Error,
            subject: "acme".into(),
            at: Place::span("a.ts", line..line + 1),
            message: message.into(),
            label: String::new(),
            reasons: vec![],
            help: "h".into(),
            fix: None,
        }
    }

    fn asked<'a>() -> Asked<'a> {
        Asked {
            known: &["missing-part"],
            select: &[],
            ignore: &[],
            whole: true,
            today: Date::constant(2026, 1, 1),
        }
    }

    const TEXT: &str = "{\n\"version\": 1,\n\"findings\": [\n\
        {\"rule\":\"missing-part\",\"path\":\"a.ts\",\"subject\":\"acme\",\"message\":\"one\",\"count\":1},\n\
        {\"rule\":\"missing-part\",\"path\":\"a.ts\",\"subject\":\"acme\",\"message\":\"two `x`\",\"count\":2}\n]\n}\n";

    #[test]
    fn a_baseline_has_one_sorted_line_for_each_entry_and_is_read_back() {
        let all = [found("two `x`", 1), found("one", 2), found("two `x`", 3)];
        let baseline = Baseline::of(&all);
        assert_eq!(baseline.print(), TEXT);
        assert_eq!(Baseline::read(TEXT, "b.json").unwrap().print(), TEXT);
        assert_eq!(baseline.len(), 3);
        let none = Baseline::of(&[]);
        assert_eq!(Baseline::read(&none.print(), "b.json").unwrap(), none);
    }

    #[test]
    fn what_is_in_the_baseline_is_taken_away_wherever_it_moved() {
        let baseline = Baseline::read(TEXT, "b.json").unwrap();
        let all = vec![
            found("one", 70),
            found("two `x`", 8),
            found("two `x`", 9),
            found("two `x`", 10),
            found("three", 1),
        ];
        let (kept, suppressed) = baseline.apply(all.clone(), "b.json", &Settings::default(), &asked());
        assert_eq!((kept.as_slice(), suppressed), (&all[3..], 3));
    }

    #[test]
    fn an_entry_that_is_mended_is_a_finding_at_its_line() {
        let baseline = Baseline::read(TEXT, "b.json").unwrap();
        let (kept, suppressed) = baseline.apply(
            vec![found("two `x`", 1)],
            "b.json",
            &Settings::default(),
            &asked(),
        );
        assert_eq!(suppressed, 1);
        let lines: Vec<(usize, &str)> = kept
            .iter()
            .map(|d| {
                assert_eq!((d.rule.as_str(), d.at.path.as_str()), (STALE_BASELINE, "b.json"));
                (line_col(TEXT, d.at.span.unwrap().start).line, d.message.as_str())
            })
            .collect();
        assert_eq!(
            lines,
            [
                (
                    4,
                    "the baseline has a finding of `missing-part` in `a.ts` that no longer exists"
                ),
                (
                    5,
                    "the baseline has 2 equal findings of `missing-part` in `a.ts`, and 1 of them is there"
                ),
            ]
        );
        let part = Asked {
            whole: false,
            ..asked()
        };
        let (kept, _) = baseline.apply(vec![], "b.json", &Settings::default(), &part);
        assert!(kept.is_empty(), "a part of the host says nothing about the rest");
    }

    #[test]
    fn a_baseline_shrinks_and_does_not_grow() {
        let old = Baseline::read(TEXT, "b.json").unwrap();
        let fewer = [found("two `x`", 1)];
        let text = written(Some(&old), &fewer, &asked()).unwrap();
        assert_eq!(text, Baseline::of(&fewer).print());
        let more = [found("one", 1), found("one", 2), found("new", 3)];
        let error = written(Some(&old), &more, &asked()).unwrap_err();
        assert_eq!(error.message(), "the baseline would grow by 2 new findings");
        assert_eq!(
            error.causes(),
            ["a.ts: `missing-part`: new", "a.ts: `missing-part`: one"]
        );
        assert!(written(None, &more, &asked()).is_ok());
    }

    #[test]
    fn a_part_of_a_check_makes_no_baseline() {
        let select = ["missing-part".to_owned()];
        let part = Asked {
            select: &select,
            ..asked()
        };
        assert!(written(None, &[], &part).is_err());
    }

    #[test]
    fn what_is_no_baseline_is_refused_at_its_place() {
        for (text, message) in [
            ("{}", "b.json:1:1: the baseline has no `version`"),
            (
                "{ \"version\": 2 }",
                "b.json:1:14: the baseline has version 2, and this program knows 1",
            ),
            (
                "{\n\"version\": 1, \"findings\": [\n{ \"rule\": \"a\" }\n] }",
                "b.json:3:1: this is not an entry of a baseline: `rule`, `path`, `subject`, `message` and `count`",
            ),
        ] {
            let error = Baseline::read(text, "b.json").unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(!error.helps().is_empty());
        }
        assert!(Baseline::read("<<<<<<< ours\n", "b.json").is_err());
        let long = format!("{{\"version\": 1}}{}", " ".repeat(MAX_SIZE));
        let error = Baseline::read(&long, "b.json").unwrap_err();
        assert!(error.message().contains("more than 16 MiB"), "{error}");
    }

    #[test]
    fn a_baseline_of_very_many_findings_can_be_read() {
        let at = |n: usize| Place::file(format!("packages/integrations/some{n}/src/index.ts"));
        let many =
            (0..50_000).map(|n| Diagnostic::new("missing-part", "some", at(n), "there is no such file"));
        let many: Vec<Diagnostic> = many.collect();
        let text = written(None, &many, &asked()).unwrap();
        assert!(text.len() > 4 << 20);
        assert_eq!(Baseline::read(&text, "b.json").unwrap().len(), many.len());
        let more: Vec<Diagnostic> = (0..4)
            .flat_map(|part| {
                many.iter().map(move |one| {
                    Diagnostic::new(&one.rule, &format!("{part}"), one.at.clone(), &*one.message)
                })
            })
            .collect();
        let error = written(None, &more, &asked()).unwrap_err();
        assert!(error.message().contains("more than 16 MiB"), "{error}");
    }
}
