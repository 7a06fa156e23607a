//! What earlier checks found to be in order, so that it need not be read again.
//!
//! Each thing is remembered with what it looked like on disk when it was read: if all of that is as it was, so is what follows
//! from it. What it follows from besides (the pack, this program, the contracts, the tables, the slots) is part of the key.
//! The outcome of a check is remembered as well, with all else that was looked at for it: where nothing has changed at all,
//! nothing is read. A memory may be lost at any time; it is never wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::host::{Host, Print, Stamps, standing};
use crate::plan::observe::Thing;
use tenon_pack::Pack;

use super::RULES;
use super::check::Checked;
use super::coverage::Coverage;
use super::duplicate_key::Claim;
use super::glance::Glance;
use super::memory_text::{Line, Lines};
use super::outcome::Outcome;
use super::survey::Survey;
use super::thing::{Looked, Shared};

/// How much earlier than a check the last change of a file must be to be told from the next one, in nanoseconds: file
/// systems keep times coarsely.
const COARSE: i64 = 2_000_000_000;

/// What is remembered of a host.
#[derive(Debug, Default)]
pub struct Memory {
    pub(super) head: Head,
    pub(super) lines: Lines,
    /// What is as it was; nothing while that has not been looked at.
    pub(super) glance: Option<Glance>,
}

/// What is remembered of all things together.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Head {
    /// The program and the pack.
    program: String,
    /// What else of a survey everything follows from.
    survey: String,
    /// Lists of paths, relative to the thing (or to the host, behind a `/`), as many things have the same.
    pub shapes: Vec<Vec<String>>,
    /// What was looked at for any of the things.
    pub common: Seen,
    /// What the last check came to.
    pub outcome: Option<Outcome>,
}

/// Paths of the host, and what they looked like.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The paths.
    pub paths: Vec<String>,
    /// The digest of their print.
    pub print: u64,
}

/// A thing that was in order.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    /// How many files were read.
    files: usize,
    /// The rules that were applied, one bit each.
    applied: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shared: Vec<Shared>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Claim>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    asked: BTreeMap<String, bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    #[serde(default)]
    saw_links: bool,
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
    /// The packages of which it was asked whether the workspace has them, and whether it had.
    pub asked: BTreeMap<String, bool>,
    /// What it has of its contracts and sites, if that was asked for then.
    pub coverage: Option<Coverage>,
    /// Whether something was looked at through a symbolic link.
    pub saw_links: bool,
    /// What was looked at then, if that is wanted.
    pub paths: Vec<String>,
}

/// What was looked at in a check, beside what was looked at for one thing alone.
pub struct Besides<'b> {
    /// When the check began.
    pub start: SystemTime,
    /// What was looked at for any of the things.
    pub common: BTreeSet<String>,
    /// What was looked at for all of it, and what it came to; nothing where that is not to be remembered.
    pub whole: Option<(BTreeSet<String>, &'b Checked)>,
}

impl Besides<'_> {
    /// Whether what looks like this looked so when the check began, and any later change will show.
    fn is_old(&self, print: &Print) -> bool {
        let start = self.start.duration_since(UNIX_EPOCH);
        let start = start.map_or(0, |since| since.as_nanos());
        print.latest.saturating_add(COARSE) < i64::try_from(start).unwrap_or(i64::MAX)
    }

    /// What these paths look like, if that can be remembered.
    fn seen<'p>(&self, paths: impl Iterator<Item = &'p str>, stamps: &Stamps) -> Option<Seen> {
        let (paths, print) = standing(paths, stamps)?;
        self.is_old(&print).then_some(Seen {
            paths,
            print: print.digest,
        })
    }
}

impl Memory {
    /// Forgets everything that does not follow from `pack`, and looks at what has changed in `host` since.
    #[must_use]
    pub fn look_over(self, pack: &Pack, host: &Host) -> Self {
        let program = program(pack);
        let mut out = if self.head.program == program {
            self
        } else {
            Self::default()
        };
        out.head.program = program;
        out.glance = Glance::of(&out, host);
        out
    }

    /// What the last check came to, if all that it looked at is as it was.
    pub fn outcome(&mut self) -> Option<Checked> {
        let glance = self.glance.as_ref()?;
        let same = glance.common && glance.whole && glance.things.iter().all(|same| *same);
        let outcome = self.head.outcome.take_if(|_| same)?;
        Some(outcome.checked(self.lines.len()))
    }

    /// Forgets everything unless it follows from what `survey` says.
    #[must_use]
    pub fn about(self, survey: &Survey<'_>) -> Self {
        let known = survey.digest();
        let same = self.glance.as_ref().is_some_and(|glance| glance.common) && self.head.survey == known;
        if same {
            return self;
        }
        Self {
            head: Head {
                program: self.head.program,
                survey: known,
                ..Head::default()
            },
            ..Self::default()
        }
    }

    /// What is remembered of `thing`, if it looks as it did; with the paths, if they are wanted.
    pub fn of(&self, thing: &Thing, with_paths: bool) -> Option<Remembered> {
        let at = self.lines.find(&id(thing))?;
        let line = self.lines.get(at)?;
        if line.dir != thing.dir || self.glance.as_ref()?.things.get(at) != Some(&true) {
            return None;
        }
        let known: Known = serde_json::from_str(line.known).ok()?;
        let shape = self.head.shapes.get(line.shape)?;
        let rules = RULES.iter().enumerate();
        let rules = rules.filter(|(at, _)| known.applied >> at & 1 == 1);
        let paths = shape.iter().filter(|_| with_paths);
        Some(Remembered {
            files: known.files,
            applied: rules.map(|(_, rule)| rule.id).collect(),
            shared: known.shared,
            claims: known.claims,
            asked: known.asked,
            coverage: known.coverage,
            saw_links: known.saw_links,
            paths: paths.map(|path| full(line.dir, path)).collect(),
        })
    }

    /// The memory after a check: what is still so, and what was found to be in order.
    #[must_use]
    pub fn after<'l>(
        mut self,
        (host, survey): (&Host, &Survey<'_>),
        things: impl Iterator<Item = (&'l Thing, &'l Looked)>,
        besides: Besides<'_>,
    ) -> Self {
        let head = Head {
            program: std::mem::take(&mut self.head.program),
            survey: std::mem::take(&mut self.head.survey),
            ..Head::default()
        };
        let mut out = Shapes {
            head,
            numbers: BTreeMap::new(),
        };
        let common = self.head.common.paths.iter().chain(&besides.common);
        let Some((stamps, common)) = host.stamps().and_then(|stamps| {
            let common = besides.seen(common.map(String::as_str), &stamps)?;
            Some((stamps, common))
        }) else {
            return out.memory(BTreeMap::new());
        };
        out.head.common = common;
        let mut lines = BTreeMap::new();
        let (mut all, mut same) = (true, true);
        for (thing, looked) in things {
            same &= looked.remembered;
            match self.line(survey, &mut out, &besides, (thing, looked)) {
                Some(line) => {
                    lines.insert(id(thing), line);
                }
                None => all = false,
            }
        }
        out.head.outcome = match &besides.whole {
            Some((paths, checked)) if all => {
                let own = Own::of(&lines, &out.head.shapes);
                let more = paths.iter().map(String::as_str).filter(|path| !own.has(path));
                let seen = besides.seen(more, &stamps);
                seen.and_then(|seen| Outcome::of(checked, seen))
            }
            None if same && self.lines.len() == lines.len() => self.head.outcome.take(),
            _ => None,
        };
        if out.head.outcome.is_none() {
            // What is not in order is known for the whole only.
            lines.retain(|_, line| !line.known.is_empty());
        }
        out.memory(lines)
    }

    fn line(
        &self,
        survey: &Survey<'_>,
        out: &mut Shapes,
        besides: &Besides<'_>,
        (thing, looked): (&Thing, &Looked),
    ) -> Option<Line<String>> {
        if looked.remembered {
            let line = self.lines.get(self.lines.find(&id(thing))?)?;
            let shape = self.head.shapes.get(line.shape)?;
            return Some(Line {
                dir: line.dir.to_owned(),
                shape: out.number(shape.clone()),
                print: line.print,
                known: line.known.to_owned(),
            });
        }
        let (paths, print) = looked.seen.as_ref().filter(|(_, print)| besides.is_old(print))?;
        let rules = RULES.iter().enumerate();
        let applied = rules.filter(|(_, rule)| looked.left.applied.contains(&rule.id));
        let asked = looked.left.asked.iter();
        let known = Known {
            files: looked.left.files,
            applied: applied.fold(0, |bits, (at, _)| bits | 1 << at),
            shared: looked.shared.clone(),
            claims: looked.claims.clone(),
            asked: asked
                .map(|name| (name.clone(), survey.has_package(name)))
                .collect(),
            coverage: looked.left.coverage.clone(),
            saw_links: looked.saw_links,
        };
        let known = serde_json::to_string(&known).ok();
        Some(Line {
            dir: thing.dir.clone(),
            shape: out.number(paths.iter().map(|path| relative(&thing.dir, path)).collect()),
            print: print.digest,
            known: known.filter(|_| looked.in_order).unwrap_or_default(),
        })
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.lines.len() == 0
    }
}

/// A memory that is being made.
struct Shapes {
    head: Head,
    /// The shapes so far, by what is in them.
    numbers: BTreeMap<Vec<String>, usize>,
}

impl Shapes {
    /// The number of a shape.
    fn number(&mut self, shape: Vec<String>) -> usize {
        *self.numbers.entry(shape).or_insert_with_key(|shape| {
            self.head.shapes.push(shape.clone());
            self.head.shapes.len() - 1
        })
    }

    fn memory(self, lines: BTreeMap<String, Line<String>>) -> Memory {
        Memory {
            head: self.head,
            lines: Lines::of(&lines),
            glance: None,
        }
    }
}

/// What is known for the things themselves.
struct Own<'o> {
    lines: HashMap<&'o str, &'o Line<String>>,
    shapes: &'o [Vec<String>],
}

impl<'o> Own<'o> {
    fn of(lines: &'o BTreeMap<String, Line<String>>, shapes: &'o [Vec<String>]) -> Self {
        let lines = lines.values().map(|line| (line.dir.as_str(), line)).collect();
        Self { lines, shapes }
    }

    /// Whether `path` is among what is known for a thing in whose directory it is.
    fn has(&self, path: &str) -> bool {
        let mut dirs = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]);
        dirs.any(|dir| {
            let shape = self.lines.get(dir).and_then(|line| self.shapes.get(line.shape));
            shape.is_some_and(|shape| shape.contains(&relative(dir, path)))
        })
    }
}

fn id(thing: &Thing) -> String {
    format!("{} {}", thing.generator, thing.name)
}

/// The path as a shape has it.
fn relative(dir: &str, path: &str) -> String {
    match path.strip_prefix(dir) {
        Some("") => String::new(),
        Some(rest) if rest.starts_with('/') => rest[1..].to_owned(),
        _ => format!("/{path}"),
    }
}

/// The path that a shape's path is for the thing in `dir`.
fn full(dir: &str, path: &str) -> String {
    match path.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None if path.is_empty() => dir.to_owned(),
        None => format!("{dir}/{path}"),
    }
}

/// What everything follows from, beside the host.
fn program(pack: &Pack) -> String {
    let mut hasher = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), BUILD, &pack.digest()] {
        hasher.update(part);
        hasher.update([0]);
    }
    format!("{:x}", hasher.finalize())
}

/// Tells builds of one version apart, while the program is being worked on.
const BUILD: &str = env!("TENON_BUILD");
