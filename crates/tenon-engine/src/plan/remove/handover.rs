//! [`Handover`]: what the removed member passes on to others.

use std::collections::{BTreeMap, BTreeSet};

use super::super::record::Record;
use super::entry_key::EntryKey;

/// Slots, entries and files that pass to other members.
#[derive(Debug, Default)]
pub(super) struct Handover {
    /// By the answer that a slot is repeated for: the rows that keep a holder.
    pub(super) served: BTreeMap<String, BTreeSet<String>>,
    /// Files of slots that are removed because they have no holder.
    pub(super) files: BTreeSet<String>,
    /// Recorded entries with their values, and the member (kind, name) that gets them.
    pub(super) lines: BTreeMap<String, (String, (String, String))>,
    /// Recorded files with their digests, likewise.
    pub(super) recorded_files: BTreeMap<String, (String, (String, String))>,
    /// Files that the removed member made, and in which members have entries that tenon did not make.
    pub(super) needed_files: BTreeSet<String>,
    /// Recorded entries of other members (kind, name, entry) that get another earlier holder.
    pub(super) rewritten: BTreeMap<(String, String, String), Option<String>>,
}

impl Handover {
    /// Whether the entry belongs to a row that keeps a holder, and so remains.
    pub(super) fn stays(&self, key: &EntryKey<'_>) -> bool {
        let rows = key.site.each.as_ref().and_then(|each| self.served.get(each));
        key.row
            .as_ref()
            .is_some_and(|row| rows.is_some_and(|rows| rows.contains(row)))
    }

    /// Whether a recorded entry passes to another member, and so remains.
    pub(super) fn is_passed_on(&self, line: &str) -> bool {
        self.lines.contains_key(line)
    }

    /// Whether a recorded file passes to another member, and so remains.
    pub(super) fn is_file_passed_on(&self, path: &str) -> bool {
        self.recorded_files.contains_key(path) || self.needed_files.contains(path)
    }

    /// Writes the new owners into the record. `digests` are those of the files as they are afterwards.
    pub(super) fn pass_on(&self, record: &mut Record, digests: &BTreeMap<String, String>) {
        for ((kind, name, line), was) in &self.rewritten {
            if let Some(made) = record.get_mut(kind, name) {
                match was {
                    Some(was) => made.sites.insert(line.clone(), was.clone()),
                    None => made.sites.remove(line),
                };
            }
        }
        for (line, (value, (kind, name))) in &self.lines {
            if let Some(made) = record.get_mut(kind, name) {
                made.sites.entry(line.clone()).or_insert_with(|| value.clone());
            }
        }
        for (path, (digest, (kind, name))) in &self.recorded_files {
            if let Some(made) = record.get_mut(kind, name) {
                let digest = digests.get(path).unwrap_or(digest);
                made.files.entry(path.clone()).or_insert_with(|| digest.clone());
            }
        }
    }
}
