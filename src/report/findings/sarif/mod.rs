//! SARIF 2.1.0, for code scanning.
//!
//! Columns count characters (`unicodeCodePoints`). Paths are relative to `SRCROOT`, the host.

mod types;

use std::collections::BTreeMap;

use super::fingerprint::fingerprints;
use super::json_text;
use super::view::{self, View, path_of};
use crate::report::page;
use tenon_text::diag::{self, Diagnostic, FileFix, Place, Severity};
use types::*;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log: one run.
pub fn render(view: &View) -> String {
    let findings = view.findings;
    let indexes: BTreeMap<&str, usize> = findings
        .rules
        .iter()
        .enumerate()
        .map(|(at, rule)| (rule.id, at))
        .collect();
    let results = view
        .diagnostics()
        .iter()
        .zip(fingerprints(view))
        .map(|(diagnostic, fingerprint)| {
            let index = indexes.get(diagnostic.rule.as_str()).copied();
            result(view, diagnostic, index, fingerprint)
        })
        .collect();
    json_text(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    version: env!("CARGO_PKG_VERSION"),
                    information_uri: Some(env!("CARGO_PKG_REPOSITORY")).filter(|uri| !uri.is_empty()),
                    rules: rules(view),
                },
            },
            invocations: [Invocation {
                execution_successful: true,
            }],
            original_uri_base_ids: UriBaseIds {
                root: UriBase {
                    description: Message::new("The root of the host"),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

/// The rules that were applied. A rule has no level of its own: it is that of its worst finding.
fn rules(view: &View) -> Vec<Rule> {
    let mut worst: BTreeMap<&str, Severity> = BTreeMap::new();
    for diagnostic in view.diagnostics() {
        let severity = worst.entry(&diagnostic.rule).or_insert(diagnostic.severity);
        *severity = diagnostic.severity.min(*severity);
    }
    let rule = |rule: &diag::RuleInfo| Rule {
        id: rule.id,
        short_description: Message {
            text: rule.summary.to_owned(),
        },
        help: Help {
            text: page::plain(rule.page),
            markdown: rule.page,
        },
        default_configuration: Configuration {
            level: level(worst.get(rule.id).copied().unwrap_or_default()),
        },
    };
    view.findings.rules.iter().map(rule).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(
    view: &View,
    diagnostic: &Diagnostic,
    rule_index: Option<usize>,
    fingerprint: String,
) -> SarifResult {
    let mut text = vec![diagnostic.message.clone()];
    let mut related_locations = Vec::new();
    for reason in &diagnostic.reasons {
        match &reason.at {
            Some(place) => {
                let id = Some(related_locations.len() + 1);
                related_locations.push(location(view, place, id, &reason.text));
            }
            None => text.push(format!("because: {}", reason.text)),
        }
    }
    if !diagnostic.help.is_empty() {
        text.push(format!("help: {}", diagnostic.help));
    }
    SarifResult {
        rule_id: diagnostic.rule.clone(),
        rule_index,
        level: level(diagnostic.severity),
        message: Message::new(&text.join("\n")),
        locations: [location(view, &diagnostic.at, None, &diagnostic.label)],
        related_locations,
        partial_fingerprints: Fingerprints { finding: fingerprint },
        fixes: diagnostic
            .fix
            .iter()
            .filter_map(|given| fix(view, given))
            .collect(),
        properties: Properties {
            subject: diagnostic.subject.clone(),
        },
    }
}

fn location(view: &View, place: &Place, id: Option<usize>, message: &str) -> Location {
    Location {
        id,
        physical_location: PhysicalLocation {
            artifact_location: artifact(path_of(place)),
            region: view.region(place).map(region),
        },
        message: (!message.is_empty()).then(|| Message::new(message)),
    }
}

fn region(region: view::Region) -> Region {
    Region {
        start_line: region.start.line,
        start_column: region.start.column,
        end_line: region.end.line,
        end_column: region.end.column,
    }
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation {
        uri: percent_encoded(path),
        uri_base_id: "SRCROOT",
    }
}

/// `path` as a relative reference of RFC 3986: nothing in it is a scheme, an authority, a query or a fragment.
fn percent_encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for (at, byte) in path.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~@+=!$&'()*,".contains(&byte);
        if plain || (byte == b'/' && at > 0) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// A fix, unless it edits a file whose text is not there: its lines and columns are not known then.
fn fix(view: &View, fix: &diag::Fix) -> Option<Fix> {
    let start = || Region {
        start_line: 1,
        start_column: 1,
        end_line: 1,
        end_column: 1,
    };
    let content = |text: &str| Message {
        text: text.to_owned(),
    };
    let mut changes = Vec::new();
    for (path, change) in &fix.files {
        let replacements: Vec<Replacement> = match change {
            FileFix::Create(text) => vec![Replacement {
                deleted_region: start(),
                inserted_content: content(text),
            }],
            FileFix::Edit(edits) => {
                let lines = view.lines(path)?;
                edits
                    .iter()
                    .map(|edit| Replacement {
                        deleted_region: region(lines.region(edit.span)),
                        inserted_content: content(&edit.text),
                    })
                    .collect()
            }
        };
        // The standard wants at least one of each.
        if !replacements.is_empty() {
            changes.push(ArtifactChange {
                artifact_location: artifact(path),
                replacements,
            });
        }
    }
    (!changes.is_empty()).then(|| Fix {
        description: Message::new(&view::fix_title(fix)),
        artifact_changes: changes,
    })
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_path_is_a_relative_reference_whatever_it_contains() {
        assert_eq!(percent_encoded("a/b-c_d.ts"), "a/b-c_d.ts");
        assert_eq!(
            percent_encoded("//evil/x y?#%\n:ö"),
            "%2F/evil/x%20y%3F%23%25%0A%3A%C3%B6"
        );
    }
}
