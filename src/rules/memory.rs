//! What earlier checks found to be in order, so that it need not be read again.
//!
//! Only things without a finding are remembered, each with what it looked like on disk when it was read: if all of that
//! is as it was, so is what follows from it. What it follows from besides (the pack, this program, the contracts, the
//! tables, the slots) is part of the key. A memory may be lost at any time; it is never wrong.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::host::{Host, Print};
use crate::plan::observe::Thing;

use super::RULES;
use super::coverage::Coverage;
use super::duplicate_key::Claim;
use super::survey::Survey;
use super::thing::{Looked, Shared};

/// How much earlier than a check the last change of a file must be to be told from the next one, in nanoseconds: file
/// systems keep times coarsely.
const COARSE: i128 = 2_000_000_000;

/// What is remembered of a host.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    /// What everything here follows from.
    key: String,
    /// Lists of paths, relative to the thing (or to the host, behind a `/`), as many things have the same.
    shapes: Vec<Vec<String>>,
    /// By generator and name.
    things: BTreeMap<String, Known>,
}

/// A thing that was in order.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    shape: usize,
    print: String,
    /// How many files were read.
    files: usize,
    /// The rules that were applied, one bit each.
    applied: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shared: Vec<Shared>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Claim>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    asked: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
}

/// What is remembered of one thing.
pub struct Remembered {
    /// How many files were read.
    pub files: usize,
    /// The rules that were applied.
    pub applied: Vec<&'static str>,
    /// What it should have elsewhere.
    pub shared: Vec<Shared>,
    /// What it claims for itself.
    pub claims: Vec<Claim>,
    /// The packages of which it was asked whether the workspace has them.
    pub asked: BTreeSet<String>,
    /// What it has of its contracts and sites, if that was asked for then.
    pub coverage: Option<Coverage>,
    /// What was looked at then.
    pub paths: Vec<String>,
}

impl Memory {
    /// A memory that was kept as text; an empty one if it is none.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The text that keeps it.
    pub fn text(&self) -> String {
        // Its types have string keys only: nothing that serde_json refuses.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Forgets everything unless it follows from what `survey` says.
    pub fn about(self, survey: &Survey<'_>) -> Self {
        let key = key(survey);
        if self.key == key {
            return self;
        }
        Self {
            key,
            ..Self::default()
        }
    }

    /// What is remembered of `thing`, if it looks as it did.
    pub fn of(&self, host: &Host, thing: &Thing) -> Option<Remembered> {
        let known = self.things.get(&id(thing))?;
        let shape = self.shapes.get(known.shape)?;
        let print = host.print(shape.iter().map(|path| full(thing, path)))?;
        if hex(&print) != known.print {
            return None;
        }
        let bit = |at: usize| known.applied >> at & 1 == 1;
        Some(Remembered {
            files: known.files,
            applied: RULES
                .iter()
                .enumerate()
                .filter(|(at, _)| bit(*at))
                .map(|(_, rule)| rule.id)
                .collect(),
            shared: known.shared.clone(),
            claims: known.claims.clone(),
            asked: known.asked.clone(),
            coverage: known.coverage.clone(),
            paths: shape.iter().map(|path| full(thing, path).into_owned()).collect(),
        })
    }

    /// The memory after a check that began at `start`: what is still so, and what was found to be in order.
    pub fn after<'l>(
        mut self,
        host: &Host,
        start: SystemTime,
        things: impl Iterator<Item = (&'l Thing, &'l Looked)>,
    ) -> Self {
        let start = start
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos());
        let start = i128::try_from(start).unwrap_or(i128::MAX);
        let mut shapes: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut out = Self {
            key: std::mem::take(&mut self.key),
            ..Self::default()
        };
        for (thing, looked) in things {
            let id = id(thing);
            let Some(paths) = &looked.paths else {
                // It was not looked at, because it was as it is remembered.
                if let Some(mut known) = self.things.remove(&id)
                    && looked.remembered
                    && let Some(shape) = self.shapes.get(known.shape)
                {
                    known.shape = out.shape(&mut shapes, shape.clone());
                    out.things.insert(id, known);
                }
                continue;
            };
            let print = host.print(paths.iter().map(|path| Cow::Borrowed(path.as_str())));
            let Some(print) = print.filter(|print| print.latest + COARSE < start) else {
                continue;
            };
            let shape = out.shape(
                &mut shapes,
                paths.iter().map(|path| relative(thing, path)).collect(),
            );
            let applied = RULES
                .iter()
                .enumerate()
                .filter(|(_, rule)| looked.left.applied.contains(rule.id))
                .fold(0, |bits, (at, _)| bits | 1 << at);
            let known = Known {
                shape,
                print: hex(&print),
                files: looked.left.files,
                applied,
                shared: looked.shared.clone(),
                claims: looked.claims.clone(),
                asked: looked.left.asked.clone(),
                coverage: looked.left.coverage.clone(),
            };
            out.things.insert(id, known);
        }
        out
    }

    fn shape(&mut self, known: &mut BTreeMap<Vec<String>, usize>, paths: Vec<String>) -> usize {
        *known.entry(paths).or_insert_with_key(|paths| {
            self.shapes.push(paths.clone());
            self.shapes.len() - 1
        })
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }
}

fn id(thing: &Thing) -> String {
    format!("{} {}", thing.generator, thing.name)
}

fn hex(print: &Print) -> String {
    format!("{:032x}", print.digest)
}

/// The path as a shape has it.
fn relative(thing: &Thing, path: &str) -> String {
    match path.strip_prefix(&thing.dir) {
        Some("") => String::new(),
        Some(rest) if rest.starts_with('/') => rest[1..].to_owned(),
        _ => format!("/{path}"),
    }
}

/// The path that a shape's path is for `thing`.
fn full<'p>(thing: &Thing, path: &'p str) -> Cow<'p, str> {
    match path.strip_prefix('/') {
        Some(path) => Cow::Borrowed(path),
        None if path.is_empty() => Cow::Owned(thing.dir.clone()),
        None => Cow::Owned(format!("{}/{path}", thing.dir)),
    }
}

/// Everything that the check of a thing follows from, beside its files.
fn key(survey: &Survey<'_>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(env!("CARGO_PKG_VERSION"));
    hasher.update([0]);
    hasher.update(BUILD);
    hasher.update([0]);
    hasher.update(survey.pack.digest());
    hasher.update([0]);
    hasher.update(survey.digest());
    format!("{:x}", hasher.finalize())
}

/// Tells builds of one version apart, while the program is being worked on.
const BUILD: &str = env!("TENON_BUILD");
