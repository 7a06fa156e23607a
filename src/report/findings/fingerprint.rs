//! Fingerprints by which other tools recognise a finding in the next run, even if its line has moved.
//!
//! A fingerprint is a hash of rule, subject, path and message; findings that agree in all of these are numbered.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::view::View;

/// The fingerprint of each finding, in order: 64 hexadecimal digits, no two the same.
pub fn fingerprints(view: &View) -> Vec<String> {
    let mut seen: BTreeMap<[&str; 4], u64> = BTreeMap::new();
    let mut all = Vec::new();
    for diagnostic in view.diagnostics() {
        let key = [
            diagnostic.rule.as_str(),
            &diagnostic.subject,
            &diagnostic.at.path,
            &diagnostic.message,
        ];
        let number = seen.entry(key).or_default();
        let mut hash = Sha256::new();
        for part in key {
            // The length keeps different keys from being the same bytes.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(number.to_le_bytes());
        *number += 1;
        all.push(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
    }
    all
}
