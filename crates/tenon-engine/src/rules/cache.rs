//! The cache of a check: what the last check of a host came to, with the fingerprint of everything that it looked at.
//!
//! If no path looks different, by the same program and the same pack, the next check would come to the same: it is not run. Otherwise
//! everything is checked. The text that is kept has what the check came to on its first line, and then the paths, one a line.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Instant, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::host::{Fingerprint, Host};
use tenon_pack::Pack;
use tenon_text::diag::{Diagnostic, Findings, Inspected};

use super::check::Checked;
use super::registry::infos;

/// How much earlier than a check the last change of a file must be to be told from the next one, in nanoseconds: file
/// systems keep times coarsely.
const COARSE: i64 = 2_000_000_000;

/// Tells builds of one version apart, while the program is being worked on.
const BUILD: &str = env!("TENON_BUILD");

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    /// The program and the pack.
    by: String,
    fingerprint: Fingerprint,
    outcome: Outcome,
}

/// What a check came to.
#[derive(Serialize, Deserialize)]
struct Outcome {
    pack: String,
    noun: String,
    diagnostics: Vec<Diagnostic>,
    sources: BTreeMap<String, String>,
    members: usize,
    files: usize,
    applied: usize,
    rules: BTreeSet<String>,
    warnings: Vec<String>,
}

/// What the check of `host` came to of which `text` was kept; nothing if it was another one, or something has changed since.
pub fn recall(text: &str, pack: &Pack, host: &Host) -> Option<Checked> {
    let start = Instant::now();
    let (head, paths) = text.split_once('\n')?;
    let head: Head = serde_json::from_str(head).ok()?;
    let paths: Vec<&str> = paths.split('\n').collect();
    let same = head.by == by(pack) && host.fingerprint(&paths)? == head.fingerprint;
    let outcome = Some(head.outcome).filter(|_| same)?;
    let sources = outcome.sources.into_iter();
    let rules = infos().into_iter().filter(|rule| outcome.rules.contains(rule.id));
    Some(Checked {
        findings: Findings {
            pack: outcome.pack,
            noun: outcome.noun,
            diagnostics: outcome.diagnostics,
            sources: sources.map(|(path, text)| (path, text.into())).collect(),
            inspected: Inspected {
                members: outcome.members,
                files: outcome.files,
                rules: outcome.applied,
            },
            rules: rules.collect(),
            suppressed: 0,
            stats: vec![],
        },
        warnings: outcome.warnings,
        times: vec![("cache", start.elapsed())],
        ..Checked::default()
    })
}

/// The text to keep of a check of `host`, which had to note what it looked at; nothing if a later change of a file might not
/// show.
pub fn remember(checked: &Checked, pack: &Pack, host: &Host) -> Option<String> {
    let paths: Vec<&str> = checked.seen.keys().map(String::as_str).collect();
    let fingerprint = host.fingerprint(&paths)?;
    let began = checked.began?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    let is_old = fingerprint.latest().saturating_add(COARSE) < i64::try_from(began).ok()?;
    // What came or went meanwhile, and left no time behind.
    let as_seen = checked.seen.values().filter(|there| **there).count() == fingerprint.there();
    if !is_old || !as_seen || paths.iter().any(|path| path.contains(['\n', '\r'])) {
        return None;
    }
    let found = &checked.findings;
    let sources = found.sources.iter();
    let head = Head {
        by: by(pack),
        fingerprint,
        outcome: Outcome {
            pack: found.pack.clone(),
            noun: found.noun.clone(),
            diagnostics: found.diagnostics.clone(),
            sources: sources
                .map(|(path, text)| (path.clone(), text.to_string()))
                .collect(),
            members: found.inspected.members,
            files: found.inspected.files,
            applied: found.inspected.rules,
            rules: found.rules.iter().map(|rule| rule.id.to_owned()).collect(),
            warnings: checked.warnings.clone(),
        },
    };
    let head = serde_json::to_string(&head).ok()?;
    Some(format!("{head}\n{}", paths.join("\n")))
}

/// What everything follows from, beside the host: this program and the pack.
fn by(pack: &Pack) -> String {
    let mut hasher = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), BUILD, &pack.digest()] {
        hasher.update(part);
        hasher.update([0]);
    }
    format!("{:x}", hasher.finalize())
}
