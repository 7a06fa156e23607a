//! What every format needs of findings: lines and columns of spans, groups by subject, the text of a finding.

use std::collections::BTreeMap;

use crate::report::escape::clean_line;
use tenon_text::diag::{Applicability, Diagnostic, Findings, Fix, LineCol, Place, Span};

/// A text with the offsets of its lines, so that finding a position does not read the whole text.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub fn new(text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// Line `number`, from 1, without its line break; empty if there is none.
    pub fn line(&self, number: usize) -> &'a str {
        let Some(&start) = number.checked_sub(1).and_then(|at| self.starts.get(at)) else {
            return "";
        };
        let end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        let line = &self.text[start..end];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The positions of `span`. An offset past the end or inside a character is moved back.
    pub fn region(&self, span: Span) -> Region {
        let start = self.boundary(span.start);
        let end = self.boundary(span.end).max(start);
        Region {
            span: Span::new(start, end),
            start: self.position(start),
            end: self.position(end),
        }
    }

    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn position(&self, offset: usize) -> LineCol {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        LineCol {
            line,
            column: self.text[start..offset].chars().count() + 1,
        }
    }
}

/// A span inside its text, with its positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Byte offsets.
    pub span: Span,
    /// Position of the first character.
    pub start: LineCol,
    /// Position after the last character.
    pub end: LineCol,
}

/// Findings and the lines of their sources.
pub struct View<'a> {
    /// The findings.
    pub findings: &'a Findings,
    lines: BTreeMap<&'a str, Lines<'a>>,
}

impl<'a> View<'a> {
    /// A view of `findings`.
    pub fn new(findings: &'a Findings) -> Self {
        let lines = findings
            .sources
            .iter()
            .map(|(path, text)| (path.as_str(), Lines::new(text)))
            .collect();
        Self { findings, lines }
    }

    /// The findings in their order.
    pub fn diagnostics(&self) -> &'a [Diagnostic] {
        &self.findings.diagnostics
    }

    /// The lines of the file at `path`, if its source is known.
    pub fn lines(&self, path: &str) -> Option<&Lines<'a>> {
        self.lines.get(path)
    }

    /// The positions of `place`, if it has a span and its source is known.
    pub fn region(&self, place: &Place) -> Option<Region> {
        Some(self.lines(&place.path)?.region(place.span?))
    }

    /// `path:line:column` on one line, as far as it is known; `.` is the host.
    pub fn shown(&self, place: &Place) -> String {
        let path = clean_line(path_of(place));
        match self.region(place) {
            Some(region) => format!("{path}:{}:{}", region.start.line, region.start.column),
            None => path,
        }
    }

    /// The findings by subject, in their order. Findings about the host come last, with an empty subject.
    pub fn by_subject(&self) -> Vec<(&'a str, Vec<&'a Diagnostic>)> {
        let mut groups: Vec<(&str, Vec<&Diagnostic>)> = Vec::new();
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        for diagnostic in self.diagnostics() {
            let at = *index.entry(&diagnostic.subject).or_insert_with(|| {
                groups.push((&diagnostic.subject, vec![]));
                groups.len() - 1
            });
            groups[at].1.push(diagnostic);
        }
        groups.sort_by_key(|(subject, _)| subject.is_empty());
        groups
    }

    /// The heading of a group: `integration acme`, or `host`.
    pub fn heading(&self, subject: &str) -> String {
        let heading = match (self.findings.noun.as_str(), subject) {
            (_, "") => "host".to_owned(),
            ("", subject) => subject.to_owned(),
            (noun, subject) => format!("{noun} {subject}"),
        };
        clean_line(&heading)
    }

    /// The text of `diagnostic` for formats without snippets: the message, reasons, help and fix, one line each.
    pub fn text_lines(&self, diagnostic: &Diagnostic) -> Vec<String> {
        let mut lines = vec![diagnostic.message.clone()];
        for reason in &diagnostic.reasons {
            lines.push(match &reason.at {
                Some(place) => format!("because: {} ({})", reason.text, self.shown(place)),
                None => format!("because: {}", reason.text),
            });
        }
        if !diagnostic.help.is_empty() {
            lines.push(format!("help: {}", diagnostic.help));
        }
        if let Some(fix) = &diagnostic.fix {
            lines.push(format!("fix available: {}", fix_title(fix)));
        }
        lines.iter().map(|line| clean_line(line)).collect()
    }
}

/// The path of `place`; the host itself is `.`.
pub fn path_of(place: &Place) -> &str {
    if place.path.is_empty() { "." } else { &place.path }
}

/// The title of a fix and the flag that applies it.
pub fn fix_title(fix: &Fix) -> String {
    let flag = match fix.applicability {
        Applicability::Safe => "--fix",
        Applicability::Unsafe => "--unsafe-fixes",
    };
    format!("{} ({flag})", fix.title)
}
