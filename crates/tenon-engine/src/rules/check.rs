//! Checking a host: survey it, look at every thing, in as many threads as there are, then at the whole.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use crate::facts::Facts;
use crate::host::{Host, Ledger, Stamps};
use crate::plan::observe::{RuleBook, Thing};
use crate::plan::scope::Scope;
use crate::plan::tables::tables_in_checks;
use tenon_pack::Pack;
use tenon_text::diag::{Diagnostic, Error, Findings, Inspected, Result};
use tenon_text::guard::guarded;
use tenon_text::names::{nearest, normal};

use super::RULES;
use super::coverage::Coverage;
use super::memory::{Besides, Memory};
use super::once::once;
use super::room::Left;
use super::survey::Survey;
use super::thing::{self, Desk, Looked};
use super::whole::{self, All};

/// From how many things on it is worth while to remember them: fewer are read as fast.
pub(super) const WORTH_REMEMBERING: usize = 50;

/// Which part of a host is asked about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Names of things, or paths relative to the host; all if empty.
    pub what: Vec<String>,
    /// Files that changed: only things that have to do with one of them.
    pub changed: Option<Vec<String>>,
    /// One of so many shares of the things, from 1.
    pub shard: Option<(usize, usize)>,
    /// Whether it is asked as well what things have of their contracts and sites.
    pub coverage: bool,
    /// Whether it is asked as well what was looked at.
    pub seen: bool,
    /// Texts that stand in place of what is on disk.
    pub instead: Arc<BTreeMap<String, Arc<str>>>,
}

impl Asked {
    /// Whether the whole host is asked about.
    pub fn is_whole(&self) -> bool {
        self.what.is_empty() && self.changed.is_none() && self.shard.is_none()
    }

    /// Whether findings about no thing are asked about.
    fn wants_host(&self, path: &str) -> bool {
        self.what.is_empty()
            && self.shard.is_none_or(|(share, _)| share == 1)
            && self
                .changed
                .as_ref()
                .is_none_or(|changed| changed.iter().any(|file| file == path))
    }

    /// The things that are asked about, by index. `read` are the files from which everything else follows.
    fn wanted(&self, survey: &Survey<'_>, read: &[String]) -> Result<Vec<bool>> {
        let mut out = vec![true; survey.things.len()];
        if !self.what.is_empty() {
            out.fill(false);
            for what in &self.what {
                let mut found = false;
                for (thing, out) in survey.things.iter().zip(&mut out) {
                    let is =
                        normal(&thing.name) == normal(what) || meets(&thing.dir, what.trim_end_matches('/'));
                    *out |= is;
                    found |= is;
                }
                if !found {
                    let names = survey.things.iter().map(|thing| thing.name.as_str());
                    let error = Error::new(format!("there is no `{}` in this host", what.escape_debug()));
                    return Err(match nearest(what, names) {
                        Some(near) => error.help(format!("did you mean `{near}`?")),
                        None => error.help("`tenon list` shows what there is"),
                    });
                }
            }
        }
        if let Some(changed) = &self.changed {
            let everything = changed
                .iter()
                .any(|file| read.contains(file) || survey.is_shared_site(file));
            for (thing, out) in survey.things.iter().zip(&mut out) {
                *out &= everything || changed.iter().any(|file| meets(&thing.dir, file));
            }
        }
        if let Some((share, of)) = self.shard {
            for (at, out) in out.iter_mut().enumerate() {
                *out &= at % of == share - 1;
            }
        }
        Ok(out)
    }
}

/// Whether one path is the other or lies below it.
fn meets(a: &str, b: &str) -> bool {
    let below = |a: &str, b: &str| a == b || a.strip_prefix(b).is_some_and(|rest| rest.starts_with('/'));
    below(a, b) || below(b, a)
}

/// What came of a check.
pub struct Checked {
    /// The findings.
    pub findings: Findings,
    /// The files that were read, and the directories of everything that was looked at, if that was asked for.
    pub seen: BTreeSet<String>,
    /// What a person should know about how the host was read.
    pub warnings: Vec<String>,
    /// How many things were as they are remembered.
    pub remembered: usize,
    /// What is to be remembered for the next check.
    pub memory: Option<Memory>,
    /// What every thing has of its contracts and sites, by generator and name, if that was asked for.
    pub coverage: BTreeMap<(String, String), Coverage>,
    /// How long each step took.
    pub times: Vec<(&'static str, Duration)>,
}

/// Checks `host`. With a `memory`, what is as it was when it was found to be in order is not read again.
pub fn check(pack: &Pack, host: &Host, asked: &Asked, memory: Option<Memory>) -> Result<Checked> {
    known_rules(pack)?;
    let instead = &asked.instead;
    let (start, began) = (Instant::now(), SystemTime::now());
    let mut memory = memory.map(|memory| memory.look_over(pack, host));
    let remembers = memory.as_mut().filter(|_| !asked.coverage && !asked.seen);
    if let Some(mut known) = remembers.and_then(Memory::outcome) {
        known.times = vec![("memory", start.elapsed())];
        return Ok(known);
    }
    let ledgers = memory.as_ref().map(|_| Ledgers::default());
    let whole = ledgers.as_ref().map(|ledgers| &ledgers.whole);
    let first = Host::empty(host.root()).noting(whole).afresh(instead).still();
    let survey = Survey::of(pack, &first)?;
    let read = first.files_read();
    drop(first);
    let wanted = asked.wanted(&survey, &read)?;
    let surveyed = start.elapsed();
    let memory = memory.filter(|_| survey.things.len() >= WORTH_REMEMBERING);
    let memory = memory.map(|memory| memory.about(&survey));
    let ledgers = ledgers.filter(|_| memory.is_some());
    let jobs = Jobs {
        survey: &survey,
        root: host.root(),
        instead,
        ledgers: ledgers.as_ref(),
        covers: asked.coverage,
        covers_all: asked.coverage,
    };
    let all: Vec<usize> = (0..survey.things.len()).collect();
    let looked = jobs.look_at(&all, &wanted, memory.as_ref(), asked.seen)?;
    let looked_at = start.elapsed();
    let mut whole = jobs.whole(&looked)?;
    let is_wanted = |name: &str| {
        survey
            .things
            .iter()
            .zip(&wanted)
            .any(|(thing, wanted)| *wanted && thing.name == name)
    };
    whole
        .diagnostics
        .retain(|finding| match finding.subject.as_str() {
            "" => asked.wants_host(&finding.at.path),
            name => is_wanted(name),
        });
    let remembered = looked.iter().filter(|looked| looked.remembered).count();
    let mut out = gathered(&survey, &wanted, &looked, &whole);
    out.memory = memory.zip(ledgers).and_then(|(memory, ledgers)| {
        let besides = Besides {
            start: began,
            common: ledgers.common.paths()?,
            whole: Some((ledgers.whole.paths()?, &out)),
        };
        let things = survey.things.iter().zip(&looked);
        Some(memory.after((host, &survey), things, besides))
    });
    let ended = start.elapsed();
    out.remembered = remembered;
    if asked.seen {
        out.seen = read.into_iter().chain(whole.seen).collect();
        out.seen.extend(seen(&survey, &looked));
    }
    if asked.coverage {
        out.coverage = coverage(&survey, looked, whole.coverage.unwrap_or_default());
    } else {
        // Nobody waits for it to be taken apart.
        let _ = std::thread::Builder::new().spawn(move || drop(looked));
    }
    out.times = vec![
        ("survey", surveyed),
        ("integrations", looked_at - surveyed),
        ("host", ended - looked_at),
    ];
    Ok(out)
}

/// The directories of all things, and what was looked at for each.
fn seen<'l>(survey: &'l Survey<'_>, looked: &'l [Looked]) -> impl Iterator<Item = String> + 'l {
    let dirs = survey.things.iter().map(|thing| thing.dir.clone());
    let touched = looked.iter().filter_map(|looked| looked.touched.as_ref());
    dirs.chain(touched.flat_map(|touched| touched.paths.iter().cloned()))
}

/// What every thing has of its contracts and sites: what was noted of it, and of its entries in files of others.
fn coverage(
    survey: &Survey<'_>,
    looked: Vec<Looked>,
    whole: Coverage,
) -> BTreeMap<(String, String), Coverage> {
    let mut out: BTreeMap<(String, String), Coverage> = BTreeMap::new();
    for (thing, looked) in survey.things.iter().zip(looked) {
        if let Some(coverage) = looked.left.coverage {
            out.insert((thing.generator.clone(), thing.name.clone()), coverage);
        }
    }
    for wire in whole.wires {
        let site = survey.pack.all_sites().iter().find(|site| site.id == wire.site);
        let generators = site.iter().flat_map(|site| &site.generators);
        for generator in generators {
            if let Some(coverage) = out.get_mut(&(generator.clone(), wire.thing.clone())) {
                coverage.wires.push(wire);
                break;
            }
        }
    }
    for coverage in out.values_mut() {
        coverage.wires.sort();
    }
    out
}

/// Refuses a pack that turns off a rule which there is not.
fn known_rules(pack: &Pack) -> Result<()> {
    let all = || RULES.iter().map(|rule| rule.id);
    let Some(unknown) = pack.rules_off().find(|off| !all().any(|id| id == *off)) else {
        return Ok(());
    };
    let error = Error::new(format!(
        "the pack turns off the rule `{unknown}`, and there is none"
    ));
    Err(match nearest(unknown, all()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`tenon explain` lists the rules"),
    })
}

/// Everything that was found, as one.
pub(super) fn gathered(survey: &Survey<'_>, wanted: &[bool], looked: &[Looked], whole: &Left) -> Checked {
    let pack = survey.pack;
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut sources = BTreeMap::new();
    let mut applied: HashSet<&'static str> = HashSet::default();
    let mut files = 0;
    for left in looked.iter().map(|looked| &looked.left).chain([whole]) {
        diagnostics.extend(left.diagnostics.iter().cloned());
        let texts = left.sources.iter();
        sources.extend(texts.map(|(path, text)| (path.clone(), Arc::clone(text))));
        applied.extend(&left.applied);
        files += left.files;
    }
    if pack.rules_off().next().is_some() {
        let maker = |name: &str| {
            let of = survey.things.iter().find(|thing| thing.name == name);
            of.map(|thing| thing.generator.as_str())
        };
        diagnostics.retain(|finding| !pack.is_off(&finding.rule, maker(&finding.subject)));
        applied.retain(|rule| !pack.is_off(rule, None));
    }
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            (
                d.subject.is_empty(),
                d.subject.clone(),
                d.at.clone(),
                d.rule.clone(),
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    once(&mut diagnostics);
    let noun = pack
        .subjects()
        .first()
        .map_or("integration", |subject| &subject.generator);
    let things = survey.things.iter().zip(wanted);
    let things = things
        .filter(|(thing, wanted)| **wanted && thing.generator == noun)
        .count();
    Checked {
        seen: BTreeSet::new(),
        warnings: survey.warnings.clone(),
        remembered: 0,
        memory: None,
        coverage: BTreeMap::new(),
        times: vec![],
        findings: Findings {
            pack: format!("{} {}", pack.name(), pack.version()),
            noun: noun.to_owned(),
            diagnostics,
            sources,
            inspected: Inspected {
                things,
                files,
                rules: applied.len(),
            },
            rules: RULES
                .into_iter()
                .filter(|rule| applied.contains(rule.id))
                .collect(),
            suppressed: 0,
        },
    }
}

/// What was looked at for more than one thing.
#[derive(Default)]
pub(super) struct Ledgers {
    /// For any of the things.
    pub common: Arc<Ledger>,
    /// For the whole.
    pub whole: Arc<Ledger>,
}

/// What it takes to look at things.
pub(super) struct Jobs<'j, 's> {
    /// What is known of the host.
    pub survey: &'j Survey<'s>,
    /// The root of the host.
    pub root: &'j Path,
    /// Texts that stand in place of what is on disk.
    pub instead: &'j Arc<BTreeMap<String, Arc<str>>>,
    /// Where it is written what was looked at, if that is to be remembered.
    pub ledgers: Option<&'j Ledgers>,
    /// Whether it is noted what things have of their contracts and sites.
    pub covers: bool,
    /// Whether it must be known of all of them, also of those that are remembered.
    pub covers_all: bool,
}

impl Jobs<'_, '_> {
    /// The host with nothing read yet, in which nothing changes meanwhile; what is looked at in it is looked at for the
    /// whole.
    fn host(&self) -> Host {
        let ledger = self.ledgers.map(|ledgers| &ledgers.whole);
        Host::empty(self.root).noting(ledger).afresh(self.instead).still()
    }

    /// Does `what` with the things that a thread needs; `rules` are those that it compiled so far.
    fn with_desk<T>(&self, rules: &RuleBook, what: impl FnOnce(&Desk<'_, '_>) -> Result<T>) -> Result<T> {
        let ledger = self.ledgers.map(|ledgers| &ledgers.common);
        let own = Host::empty(self.root).noting(ledger).afresh(self.instead).still();
        let (survey, things) = (self.survey, self.host());
        let facts = Facts::with_tables(&own, survey.pack, survey.style.clone(), survey.tables.clone());
        let scope = Scope::of_things(survey.pack, &facts, &survey.style, &tables_in_checks(survey.pack))?;
        let scope = RefCell::new(scope);
        what(&Desk {
            survey,
            facts: &facts,
            scope: &scope,
            rules,
            host: &things,
            covers: self.covers,
        })
    }

    /// Looks at the thing with this number.
    fn look(
        &self,
        desk: &Desk<'_, '_>,
        thing: &Thing,
        wanted: bool,
        (traces, stamps): (bool, Option<&Stamps>),
    ) -> Result<Looked> {
        let host = if traces || stamps.is_some() {
            desk.host.traced()
        } else {
            desk.host.still()
        };
        match guarded(|| Ok(thing::look(desk, thing, &host, wanted))) {
            Ok(looked) => Ok(Looked {
                touched: host.touched().filter(|_| traces),
                seen: stamps.and_then(|stamps| host.seen(stamps)),
                ..looked?
            }),
            Err(defect) => Ok(Looked::stopped(thing, &defect)),
        }
    }

    /// Looks at the things with these numbers, in as many threads as are worth while: what came of each, in the order
    /// given. With `traces` it is kept what was looked at.
    pub fn look_at(
        &self,
        all: &[usize],
        wanted: &[bool],
        memory: Option<&Memory>,
        traces: bool,
    ) -> Result<Vec<Looked>> {
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<(usize, Looked)>> = Mutex::new(Vec::with_capacity(all.len()));
        let threads = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(all.len().max(1));
        let work = || -> Result<()> {
            let own = self.host();
            let stamps = self.ledgers.and_then(|_| own.stamps());
            self.with_desk(&RuleBook::default(), |desk| {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&at) = all.get(turn) else { break };
                    let Some(thing) = self.survey.things.get(at) else {
                        break;
                    };
                    let known = memory.and_then(|memory| memory.of(thing, traces));
                    let known = known.filter(|known| {
                        let mut asked = known.asked.iter();
                        asked.all(|(name, had)| self.survey.packages(&own).contains(name) == *had)
                            && (!self.covers_all || known.coverage.is_some())
                    });
                    let looked = match known {
                        Some(known) => Looked::remembered(known),
                        None => self.look(desk, thing, wanted[at], (traces, stamps.as_ref()))?,
                    };
                    if let Ok(mut done) = done.lock() {
                        done.push((turn, looked));
                    }
                }
                Ok(())
            })
        };
        std::thread::scope(|scope| {
            let handles: Vec<_> = (1..threads).map(|_| scope.spawn(|| guarded(work))).collect();
            let mut out = work();
            for handle in handles {
                let result = handle.join().unwrap_or(Ok(()));
                out = out.and(result);
            }
            out
        })?;
        let mut done = done.into_inner().unwrap_or_default();
        done.sort_by_key(|(turn, _)| *turn);
        Ok(done.into_iter().map(|(_, looked)| looked).collect())
    }

    /// Looks at a few things again, in this thread, and then at the whole.
    pub fn look_again(&self, rules: &RuleBook, few: &[usize], looked: &mut [Looked]) -> Result<Left> {
        self.with_desk(rules, |desk| {
            for &at in few {
                if let (Some(thing), Some(known)) = (self.survey.things.get(at), looked.get_mut(at)) {
                    *known = self.look(desk, thing, true, (true, None))?;
                }
            }
            self.whole_at(desk, looked)
        })
    }

    /// Looks at the host as a whole, with what came of all its things.
    pub fn whole(&self, looked: &[Looked]) -> Result<Left> {
        self.with_desk(&RuleBook::default(), |desk| self.whole_at(desk, looked))
    }

    fn whole_at(&self, desk: &Desk<'_, '_>, looked: &[Looked]) -> Result<Left> {
        let mut shared = Vec::new();
        let mut claims = Vec::new();
        let mut places = BTreeMap::new();
        for (at, (thing, looked)) in self.survey.things.iter().zip(looked).enumerate() {
            shared.extend(looked.shared.iter().cloned());
            claims.extend(looked.claims.iter().cloned());
            places.insert((thing.name.as_str(), thing.generator.as_str()), at);
        }
        let values = |name: &str, generator: &str, for_fixes: bool| {
            let at = *places.get(&(name, generator))?;
            let known = looked.get(at)?.values.clone().filter(|_| !for_fixes);
            known.or_else(|| {
                let host = desk.host.still();
                let values = thing::values(desk, &self.survey.things[at], &host, for_fixes);
                values.ok().map(Arc::new)
            })
        };
        let all = All {
            shared,
            claims,
            values: &values,
        };
        whole::look(desk, all, &desk.host.still())
    }
}
