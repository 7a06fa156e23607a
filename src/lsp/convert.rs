//! Findings, errors and fixes as the protocol has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use tenon_engine::rules;
use tenon_text::diag::{Applicability, Diagnostic, Error, FileFix, Fix, Severity, Span};

use super::text::{Encoding, Lines};

/// What the client can do.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// In what columns are counted.
    pub encoding: Encoding,
    /// Whether edits may name the version of a document.
    pub document_changes: bool,
    /// Whether edits may make files.
    pub creates: bool,
    /// Whether diagnostics may point to other places.
    pub related: bool,
}

/// Texts by path, with where their lines begin, found once each.
pub struct Book<'b> {
    text: &'b dyn Fn(&str) -> Option<Arc<str>>,
    known: BTreeMap<String, Option<Lines>>,
}

impl<'b> Book<'b> {
    /// Nothing is known yet; `text` reads.
    pub fn new(text: &'b dyn Fn(&str) -> Option<Arc<str>>) -> Self {
        Self {
            text,
            known: BTreeMap::new(),
        }
    }

    /// The lines of `path`.
    pub fn lines(&mut self, path: &str) -> Option<&Lines> {
        if !self.known.contains_key(path) {
            let lines = (self.text)(path).map(Lines::new);
            self.known.insert(path.to_owned(), lines);
        }
        self.known.get(path)?.as_ref()
    }

    /// The range of a span of `path`; the beginning without one.
    pub fn range(&mut self, path: &str, span: Option<Span>, encoding: Encoding) -> Value {
        let range = span.and_then(|span| Some(self.lines(path)?.range(span, encoding)));
        range.unwrap_or_else(start)
    }
}

/// The beginning of a file.
pub fn start() -> Value {
    let zero = json!({ "line": 0, "character": 0 });
    json!({ "start": zero, "end": zero })
}

/// A finding; `elsewhere` says that it is about another path than it is shown at.
pub fn diagnostic(
    finding: &Diagnostic,
    book: &mut Book<'_>,
    client: Client,
    uri: &dyn Fn(&str) -> String,
    elsewhere: bool,
) -> Value {
    let mut message = match elsewhere {
        true => format!("{}: {}", finding.at.path, finding.message),
        false => finding.message.clone(),
    };
    let mut related = Vec::new();
    for reason in &finding.reasons {
        match &reason.at {
            Some(at) if client.related => related.push(json!({
                "location": { "uri": uri(&at.path), "range": book.range(&at.path, at.span, client.encoding) },
                "message": reason.text,
            })),
            _ => message.push_str(&format!("\nbecause: {}", reason.text)),
        }
    }
    if !finding.help.is_empty() {
        message.push_str(&format!("\nhelp: {}", finding.help));
    }
    let range = match elsewhere {
        true => start(),
        false => book.range(&finding.at.path, finding.at.span, client.encoding),
    };
    let mut out = json!({
        "range": range,
        "severity": match finding.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Note => 3,
        },
        "code": finding.rule,
        "source": "tenon",
        "message": message,
    });
    if !related.is_empty() {
        out["relatedInformation"] = Value::Array(related);
    }
    out
}

/// An error about the text `lines`, at its position, as far as the end of the line.
pub fn error(error: &Error, lines: Option<&Lines>, encoding: Encoding) -> Value {
    let at = error.location().and_then(|at| Some((at.line?, at.column)));
    let range = lines.zip(at).map(|(lines, (line, column))| {
        let start = lines.at(line, column.unwrap_or(1));
        lines.range(Span::new(start, lines.at(line, usize::MAX)), encoding)
    });
    let mut message = error.message().to_owned();
    error
        .causes()
        .iter()
        .for_each(|cause| message.push_str(&format!("\nbecause: {cause}")));
    error
        .helps()
        .iter()
        .for_each(|help| message.push_str(&format!("\nhelp: {help}")));
    json!({ "range": range.unwrap_or_else(start), "severity": 1, "source": "tenon", "message": message })
}

/// How an open document is known to the client: its address and its version.
pub type Known<'k> = &'k dyn Fn(&str) -> (String, Option<i64>);

/// The action that applies `fix`; nothing if the client cannot.
pub fn action(
    fix: &Fix,
    diagnostic: Value,
    book: &mut Book<'_>,
    client: Client,
    known: Known<'_>,
) -> Option<Value> {
    let mut changes: Vec<Value> = Vec::new();
    for (path, change) in &fix.files {
        let (uri, version) = known(path);
        let document = json!({ "uri": uri, "version": version });
        match change {
            FileFix::Edit(edits) => {
                let lines = book.lines(path)?;
                let edits = edits.iter().map(
                    |edit| json!({ "range": lines.range(edit.span, client.encoding), "newText": edit.text }),
                );
                changes.push(json!({ "textDocument": document, "edits": edits.collect::<Vec<_>>() }));
            }
            FileFix::Create(text) => {
                if !client.creates || !client.document_changes {
                    return None;
                }
                changes.push(json!({ "kind": "create", "uri": uri, "options": { "overwrite": false, "ignoreIfExists": true } }));
                changes.push(
                    json!({ "textDocument": document, "edits": [{ "range": start(), "newText": text }] }),
                );
            }
        }
    }
    let edit = if client.document_changes {
        json!({ "documentChanges": changes })
    } else {
        let changes = changes.into_iter().filter_map(|mut change| {
            let uri = change["textDocument"]["uri"].as_str()?.to_owned();
            Some((uri, change["edits"].take()))
        });
        json!({ "changes": changes.collect::<serde_json::Map<_, _>>() })
    };
    let safe = fix.applicability == Applicability::Safe;
    let mut title = fix.title.clone();
    if let Some(first) = title.get(..1).map(str::to_uppercase) {
        title.replace_range(..1, &first);
    }
    Some(json!({
        "title": if safe { title } else { format!("{title} (unsafe: look at it first)") },
        "kind": "quickfix",
        "diagnostics": [diagnostic],
        "isPreferred": safe,
        "edit": edit,
    }))
}

/// What is told about findings where the pointer is: each with the page of its rule.
pub fn hover(findings: &[&Diagnostic], range: Value) -> Value {
    let mut text = String::new();
    for (at, finding) in findings.iter().enumerate() {
        if at > 0 {
            text.push_str("\n\n---\n\n");
        }
        text.push_str(&format!("**{}**: {}\n\n", finding.rule, finding.message));
        if !finding.help.is_empty() {
            text.push_str(&format!("Help: {}\n\n", finding.help));
        }
        text.push_str(&page(&finding.rule).unwrap_or_default());
    }
    json!({ "contents": { "kind": "markdown", "value": text }, "range": range })
}

/// The page of a rule, without what is meant for its tests.
pub fn page(rule: &str) -> Option<String> {
    let all = rules::all();
    let rule = all.iter().find(|known| known.id == rule)?;
    let lines = rule.page.lines().filter(|line| !line.starts_with("<!--"));
    Some(lines.collect::<Vec<_>>().join("\n"))
}
