//! What a check of a whole host came to, to be remembered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use tenon_text::diag::{Diagnostic, Findings, Inspected};

use super::RULES;
use super::check::Checked;
use super::memory::Seen;

/// From how many bytes of texts on the files with findings are not remembered.
const LONG: usize = 4_000_000;
/// From how many findings on they are not remembered as a whole.
const MANY: usize = 2_000;

/// What a check came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What was looked at, beside what was looked at for the things.
    pub(super) seen: Seen,
    pack: String,
    noun: String,
    diagnostics: Vec<Diagnostic>,
    sources: BTreeMap<String, String>,
    things: usize,
    files: usize,
    applied: usize,
    rules: BTreeSet<String>,
    warnings: Vec<String>,
}

impl Outcome {
    /// The outcome of a check, for which was `seen` as well; nothing if it is too much to be remembered.
    pub(super) fn of(checked: &Checked, seen: Seen) -> Option<Self> {
        let found = &checked.findings;
        let texts: usize = found.sources.values().map(|text| text.len()).sum();
        (texts < LONG && found.diagnostics.len() < MANY).then(|| Self {
            seen,
            pack: found.pack.clone(),
            noun: found.noun.clone(),
            diagnostics: found.diagnostics.clone(),
            sources: found
                .sources
                .iter()
                .map(|(path, text)| (path.clone(), text.to_string()))
                .collect(),
            things: found.inspected.things,
            files: found.inspected.files,
            applied: found.inspected.rules,
            rules: found.rules.iter().map(|rule| rule.id.to_owned()).collect(),
            warnings: checked.warnings.clone(),
        })
    }

    /// What a check comes to that finds everything as it was.
    pub(super) fn checked(self, remembered: usize) -> Checked {
        Checked {
            seen: BTreeSet::new(),
            warnings: self.warnings,
            remembered,
            memory: None,
            coverage: BTreeMap::new(),
            times: vec![],
            findings: Findings {
                pack: self.pack,
                noun: self.noun,
                diagnostics: self.diagnostics,
                sources: self
                    .sources
                    .into_iter()
                    .map(|(path, text)| (path, text.into()))
                    .collect(),
                inspected: Inspected {
                    things: self.things,
                    files: self.files,
                    rules: self.applied,
                },
                rules: RULES
                    .into_iter()
                    .filter(|rule| self.rules.contains(rule.id))
                    .collect(),
                suppressed: 0,
            },
        }
    }
}
