//! A check that goes on: what is known of a host is kept, and after a change only what the change touches is looked at
//! again. What comes out is what a check of the whole host would come to.
//!
//! A thing is touched by a change of a file that was read when it was looked at, and, where something appeared or went,
//! by one in a directory that was listed. What all things depend on (contracts, fact tables, slots) is surveyed anew if
//! it was touched; if that makes no difference, nothing follows.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::host::{Host, Touched};
use crate::plan::observe::{RuleBook, Thing};
use tenon_pack::Pack;
use tenon_text::diag::{Place, Result};
use tenon_text::manifest::ManifestFormat;

use super::check::{Checked, Jobs, Ledgers, WORTH_REMEMBERING, gathered};
use super::coverage::Mark;
use super::memory::{Besides, Memory};
use super::packages::package_name;
use super::room::Left;
use super::survey::Survey;
use super::thing::Looked;
use super::unknown_dependency;

/// Texts that stand in place of what is on disk, by path relative to the host.
pub type Texts = Arc<BTreeMap<String, Arc<str>>>;

/// A check of one host that goes on.
pub struct Session<'s> {
    pack: &'s Pack,
    root: PathBuf,
    instead: Texts,
    survey: Survey<'s>,
    surveyed: Surveyed,
    looked: Vec<Looked>,
    whole: Left,
    /// The rules that were compiled for it.
    rules: RuleBook,
}

/// What was read to survey a host.
struct Surveyed {
    /// For all but the slots.
    all: Touched,
    /// For the slots.
    slots: Touched,
}

/// Paths that changed, relative to the host.
#[derive(Default)]
struct Changes {
    paths: BTreeSet<String>,
    /// The directories in which something appeared or went; whether it stood in them, or in a new directory there.
    dirs: BTreeSet<(String, bool)>,
    /// Whether any of it is on disk, where symbolic links may lead to it.
    on_disk: bool,
}

impl Changes {
    /// Whether it changes what was looked at for a thing.
    fn touch(&self, touched: &Touched) -> bool {
        (self.on_disk && touched.through_links)
            || self.paths.iter().any(|path| touched.paths.contains(path))
            || self
                .dirs
                .iter()
                // New directories at the root are for the survey to find.
                .any(|(dir, direct)| (*direct || !dir.is_empty()) && touched.paths.contains(dir))
    }

    /// Whether it changes what was looked at for all of them.
    fn touch_survey(&self, touched: &Touched) -> bool {
        self.touch(touched) || self.dirs.iter().any(|(dir, _)| touched.paths.contains(dir))
    }
}

/// What happened to a file on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDisk {
    /// The file, relative to the host.
    pub path: String,
    /// Whether it was made or taken away; else it was written.
    pub came_or_went: bool,
}

impl<'s> Session<'s> {
    /// Checks the host at `root` as it is on disk; what is as it was when `memory` was kept is not read again. What is to
    /// be remembered comes back as well.
    ///
    /// # Errors
    /// If the host cannot be surveyed.
    pub fn open(pack: &'s Pack, root: &Path, memory: Memory) -> Result<(Self, Memory)> {
        let began = SystemTime::now();
        let instead = Texts::default();
        let (survey, surveyed) = survey(pack, root, &instead)?;
        let memory = memory.look_over(pack, &Host::empty(root)).about(&survey);
        let ledgers = Ledgers::default();
        let mut out = Self {
            pack,
            root: root.to_path_buf(),
            instead,
            survey,
            surveyed,
            looked: vec![],
            whole: Left::default(),
            rules: RuleBook::default(),
        };
        let all: Vec<usize> = (0..out.survey.things.len()).collect();
        let jobs = Jobs {
            ledgers: Some(&ledgers),
            ..out.jobs()
        };
        let looked = jobs.look_at(&all, &vec![true; all.len()], Some(&memory), true)?;
        let whole = jobs.whole(&looked)?;
        (out.looked, out.whole) = (looked, whole);
        let few = out.survey.things.len() < WORTH_REMEMBERING;
        let memory = ledgers.common.paths().filter(|_| !few).map(|common| {
            let besides = Besides {
                start: began,
                common,
                whole: None,
            };
            let things = out.survey.things.iter().zip(&out.looked);
            memory.after((&Host::empty(root), &out.survey), things, besides)
        });
        Ok((out, memory.unwrap_or_default()))
    }

    fn jobs(&self) -> Jobs<'_, 's> {
        Jobs {
            survey: &self.survey,
            root: &self.root,
            instead: &self.instead,
            ledgers: None,
            covers: true,
            covers_all: false,
        }
    }

    /// Checks again what a change touches: `instead` now stands in place of what is on disk, and there, whatever is in
    /// `disk` was written, made or taken away. Whether anything was looked at again.
    ///
    /// # Errors
    /// If the host cannot be surveyed; then everything is as it was before.
    pub fn update(&mut self, instead: &Texts, disk: &[OnDisk]) -> Result<bool> {
        let changes = self.changes(instead, disk);
        if changes.paths.is_empty() {
            return Ok(false);
        }
        let before = std::mem::replace(&mut self.instead, Arc::clone(instead));
        let done = self.follow(&changes, &before);
        if done.is_err() {
            self.instead = before;
        }
        done.map(|()| true)
    }

    fn changes(&self, instead: &Texts, disk: &[OnDisk]) -> Changes {
        let mut out = Changes::default();
        let known: OnceCell<HashSet<&str>> = OnceCell::new();
        let nearest = |path: &str| nearest_known(path, known.get_or_init(|| self.looked_at()));
        for path in self.instead.keys().chain(instead.keys()) {
            if self.instead.get(path) == instead.get(path) {
                continue;
            }
            let came_or_went = self.instead.contains_key(path) != instead.contains_key(path);
            if came_or_went && !Host::empty(&self.root).exists_file(path) {
                out.dirs.insert(nearest(path));
            }
            out.paths.insert(path.clone());
        }
        for change in disk {
            out.on_disk = true;
            out.paths.insert(change.path.clone());
            if change.came_or_went {
                out.dirs.insert(nearest(&change.path));
            }
        }
        out
    }

    /// Everything that was ever looked at.
    fn looked_at(&self) -> HashSet<&str> {
        let traces = self.looked.iter().filter_map(|looked| looked.touched.as_ref());
        let traces = traces.chain([&self.surveyed.all, &self.surveyed.slots]);
        traces
            .flat_map(|touched| touched.paths.iter().map(String::as_str))
            .collect()
    }

    fn follow(&mut self, changes: &Changes, before: &Texts) -> Result<()> {
        let mut again: BTreeSet<usize> = BTreeSet::new();
        let renames = self.survey.may_rename(&changes.paths) && self.renames(changes, before);
        let is_manifest = |path: &String| ManifestFormat::of_path(path).is_some();
        if changes.paths.iter().any(is_manifest) || !changes.dirs.is_empty() {
            self.survey.forget_versions();
        }
        if changes.touch_survey(&self.surveyed.all) {
            let (survey, surveyed) = survey(self.pack, &self.root, &self.instead)?;
            if survey.is_like(&self.survey) {
                let differ = survey.whose_slots_differ(&self.survey.slots);
                again.extend(survey.numbers(&differ));
                survey.keep_packages(&mut self.survey);
            } else {
                again.extend(0..survey.things.len());
            }
            self.survey = survey;
            self.surveyed = surveyed;
        } else if changes.touch_survey(&self.surveyed.slots) {
            let host = Host::empty(&self.root).afresh(&self.instead).traced();
            let slots = self.survey.slots_of(&host)?;
            again.extend(self.survey.numbers(&self.survey.whose_slots_differ(&slots)));
            self.survey.slots = slots;
            self.surveyed.slots = host.touched().unwrap_or_default();
        }
        if renames {
            again.extend(self.renamed(changes, before));
        }
        let touched = self.looked.iter().enumerate().filter(|(_, looked)| {
            // Of what met a defect it is not known what it looked at.
            looked
                .touched
                .as_ref()
                .is_none_or(|touched| changes.touch(touched))
        });
        again.extend(
            touched
                .map(|(at, _)| at)
                .filter(|at| *at < self.survey.things.len()),
        );
        self.look_again(again.into_iter().collect())
    }

    fn look_again(&mut self, again: Vec<usize>) -> Result<()> {
        let count = self.survey.things.len();
        if again.len() <= FEW && self.looked.len() == count {
            let mut looked = std::mem::take(&mut self.looked);
            let whole = self.jobs().look_again(&self.rules, &again, &mut looked);
            self.looked = looked;
            self.whole = whole?;
            return Ok(());
        }
        let looked = self.jobs().look_at(&again, &vec![true; count], None, true)?;
        if again.len() == count {
            self.looked = looked;
        } else {
            for (at, looked) in again.into_iter().zip(looked) {
                self.looked[at] = looked;
            }
        }
        self.whole = self.jobs().whole(&self.looked)?;
        Ok(())
    }

    /// The things for which it matters that packages have other names now.
    fn renamed(&mut self, changes: &Changes, before: &Texts) -> Vec<usize> {
        let known = self.survey.take_packages();
        // Of what changed on disk nobody knows how it was.
        let unsure = known.is_none() && changes.on_disk;
        let old = known.unwrap_or_else(|| {
            self.survey.packages(&Host::empty(&self.root).afresh(before));
            self.survey.take_packages().unwrap_or_default()
        });
        let host = Host::empty(&self.root).afresh(&self.instead);
        if changes.dirs.is_empty() {
            self.survey.follow_packages(&old, &host, &changes.paths);
        }
        let now = self.survey.packages(&host);
        let differ: BTreeSet<&String> = old.names().symmetric_difference(now).collect();
        let matters = |looked: &Looked| {
            // One that is missed is compared with all that there are.
            let mut findings = looked.left.diagnostics.iter();
            looked
                .left
                .asked
                .iter()
                .any(|name| unsure || differ.contains(name))
                || (!differ.is_empty() && findings.any(|finding| finding.rule == unknown_dependency::RULE.id))
        };
        let looked = self.looked.iter().take(self.survey.things.len()).enumerate();
        let those = looked.filter(|(_, looked)| matters(looked));
        those.map(|(at, _)| at).collect()
    }

    /// Whether a change gives a package of the workspace another name.
    fn renames(&self, changes: &Changes, before: &Texts) -> bool {
        let old = Host::empty(&self.root).afresh(before);
        let new = Host::empty(&self.root).afresh(&self.instead);
        changes.on_disk
            || changes
                .paths
                .iter()
                .any(|path| package_name(&old, path) != package_name(&new, path))
    }

    /// Everything that is found, as a check of the whole host would find it.
    pub fn checked(&self) -> Checked {
        let wanted = vec![true; self.survey.things.len()];
        gathered(&self.survey, &wanted, &self.looked, &self.whole)
    }

    /// The thing called `name`.
    pub fn thing(&self, name: &str) -> Option<&Thing> {
        self.survey.things.iter().find(|thing| thing.name == name)
    }

    /// Where what stands at `offset` of `path` leads: from an entry to what it stands for, from a method to its
    /// contract. The nearest if several are round it.
    ///
    /// # Errors
    /// If something that was remembered cannot be looked at.
    pub fn leads(&mut self, path: &str, offset: usize) -> Result<Option<Place>> {
        let touches = |looked: &Looked| {
            let touched = looked.touched.as_ref();
            looked.remembered && touched.is_some_and(|touched| touched.paths.contains(path))
        };
        let again = self.looked.iter().enumerate();
        let again: Vec<usize> = again
            .filter(|(_, looked)| touches(looked))
            .map(|(at, _)| at)
            .collect();
        // A shared file is read for all of them; of the rest it is enough to know that they are in order.
        if !again.is_empty() && again.len() <= MAX_AGAIN {
            self.look_again(again)?;
        }
        let lefts = self.looked.iter().map(|looked| &looked.left).chain([&self.whole]);
        let marks = lefts.filter_map(|left| left.coverage.as_ref());
        let marks = marks.flat_map(|coverage| &coverage.marks);
        let round = |mark: &&Mark| mark.path == path && mark.span.start <= offset && offset <= mark.span.end;
        let nearest = marks
            .filter(round)
            .min_by_key(|mark| mark.span.end - mark.span.start);
        Ok(nearest.map(|mark| mark.to.clone()))
    }
}

/// The nearest directory above `path` that is `known`, and whether it is the one right above.
fn nearest_known(path: &str, known: &HashSet<&str>) -> (String, bool) {
    let above = |path: &str| path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
    let mut dir = above(path);
    let mut direct = true;
    while !dir.is_empty() && !known.contains(dir.as_str()) {
        dir = above(&dir);
        direct = false;
    }
    (dir, direct)
}

/// How many things are looked at again for one question.
const MAX_AGAIN: usize = 8;
/// Up to how many things are looked at in the thread itself: starting others costs more.
const FEW: usize = 4;

fn survey<'s>(pack: &'s Pack, root: &Path, instead: &Texts) -> Result<(Survey<'s>, Surveyed)> {
    let host = Host::empty(root).afresh(instead).traced();
    let for_slots = host.traced();
    let survey = Survey::reading(pack, &host, &for_slots)?;
    let surveyed = Surveyed {
        all: host.touched().unwrap_or_default(),
        slots: for_slots.touched().unwrap_or_default(),
    };
    Ok((survey, surveyed))
}
