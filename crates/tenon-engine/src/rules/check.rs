//! Checking a host: index it, look at every member, in as many threads as there are, then at the whole.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use crate::facts::Facts;
use crate::host::Host;
use crate::plan::scope::Scope;
use crate::plan::tables::tables_in_checks;
use tenon_pack::Pack;
use tenon_text::diag::{Diagnostic, Error, Findings, Inspected, Result};
use tenon_text::guard::guarded;
use tenon_text::names::{nearest, normal};

use super::all_members::AllMembers;
use super::context::Collected;
use super::coverage::{Cost, Counted, Coverage, Mark};
use super::host_rules;
use super::index::HostIndex;
use super::member::{self, MemberCheck, Worker};
use super::once::once;
use super::registry::{RULES, infos};
use super::unparsable;

/// Which part of a host is asked about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Names of members, or paths relative to the host; all if empty.
    pub what: Vec<String>,
    /// Files that changed: only members that have to do with one of them.
    pub changed: Option<Vec<String>>,
    /// One of so many shares of the members, from 1.
    pub shard: Option<(usize, usize)>,
    /// Whether it is asked as well what members have of their contracts and sites.
    pub coverage: bool,
    /// Whether it is asked as well which paths were looked at.
    pub seen: bool,
    /// Texts that stand in place of what is on disk.
    pub instead: Arc<BTreeMap<String, Arc<str>>>,
    /// Whether fixes will be applied: then they are looked for longer.
    pub fixing: bool,
    /// Counts the members that were looked at, for whoever waits.
    pub count: Arc<AtomicUsize>,
}

impl Asked {
    /// Whether the whole host is asked about.
    pub fn is_whole(&self) -> bool {
        self.what.is_empty() && self.changed.is_none() && self.shard.is_none()
    }

    /// Whether findings about no member are asked about.
    fn wants_host(&self, path: &str) -> bool {
        self.what.is_empty()
            && self.shard.is_none_or(|(share, _)| share == 1)
            && self
                .changed
                .as_ref()
                .is_none_or(|changed| changed.iter().any(|file| file == path))
    }

    /// The members that are asked about, by index. `read` are the files from which everything else follows.
    fn wanted(&self, index: &HostIndex<'_>, read: &[String]) -> Result<Vec<bool>> {
        let mut out = vec![true; index.members.len()];
        if !self.what.is_empty() {
            out.fill(false);
            for what in &self.what {
                let mut found = false;
                for (member, out) in index.members.iter().zip(&mut out) {
                    let is = normal(&member.name) == normal(what)
                        || meets(&member.dir, what.trim_end_matches('/'));
                    *out |= is;
                    found |= is;
                }
                if !found {
                    let names = index.members.iter().map(|member| member.name.as_str());
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
                .any(|file| read.contains(file) || index.is_shared_site(file));
            for (member, out) in index.members.iter().zip(&mut out) {
                *out &= everything || changed.iter().any(|file| meets(&member.dir, file));
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
    is_below(a, b) || is_below(b, a)
}

/// Whether `path` is `dir` or lies below it.
fn is_below(path: &str, dir: &str) -> bool {
    path == dir || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// What came of a check.
#[derive(Default)]
pub struct Checked {
    /// The findings.
    pub findings: Findings,
    /// When the check began; nothing if what the last one came to was recalled.
    pub began: Option<SystemTime>,
    /// Every path that was looked at, and whether something stood there, if that was asked for.
    pub seen: BTreeMap<String, bool>,
    /// What a person should know about how the host was read.
    pub warnings: Vec<String>,
    /// What every member has of its contracts and sites, by kind and name, if that was asked for.
    pub coverage: BTreeMap<(String, String), Coverage>,
    /// Places that lead to others, if coverage was asked for.
    pub marks: Vec<Mark>,
    /// How much each part of the pack saw, if coverage was asked for.
    pub counts: BTreeMap<Counted, usize>,
    /// What each part of the check cost, if coverage was asked for.
    pub costs: BTreeMap<Counted, Cost>,
    /// Where each member was found, by name.
    pub found_at: BTreeMap<String, String>,
    /// How long each step took.
    pub times: Vec<(&'static str, Duration)>,
}

/// Checks `host`, as it is now.
///
/// # Errors
/// If the pack or the host cannot be read so far that its members are known, or something is asked about that there is not.
pub fn check(pack: &Pack, host: &Host, asked: &Asked) -> Result<Checked> {
    let cancelled = Error::new("the check was cancelled");
    check_unless(pack, host, asked, &AtomicBool::new(false))?.ok_or(cancelled)
}

/// The same; nothing if `cancelled` is set meanwhile.
///
/// # Errors
/// Those of [`check`].
pub fn check_unless(
    pack: &Pack,
    host: &Host,
    asked: &Asked,
    cancelled: &AtomicBool,
) -> Result<Option<Checked>> {
    known_rules(pack)?;
    let (start, began) = (Instant::now(), SystemTime::now());
    let host = &host.afresh(&asked.instead).still();
    let mut index = HostIndex::of(pack, host)?;
    index.fixing = asked.fixing;
    let index = index;
    let wanted = asked.wanted(&index, &host.files_read())?;
    let surveyed = start.elapsed();
    let run = Run {
        index: &index,
        host,
        covers: asked.coverage,
        cancelled,
        count: &asked.count,
    };
    let mut looked = run.look_at(&wanted)?;
    let looked_at = start.elapsed();
    if cancelled.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let mut whole = run.whole(&looked, wanted.iter().all(|wanted| *wanted))?;
    add_unread(&index, host, &wanted, &mut looked, &mut whole);
    let members = index.members.iter().zip(&wanted);
    let members = members.filter(|(_, wanted)| **wanted);
    let names: HashSet<&str> = members.map(|(member, _)| member.name.as_str()).collect();
    whole
        .diagnostics
        .retain(|finding| match finding.subject.as_str() {
            "" => asked.wants_host(&finding.at.path),
            name => names.contains(name),
        });
    let findings = gathered(&index, &wanted, &looked, &whole);
    let ended = start.elapsed();
    let lefts = looked.iter().map(|looked| &looked.left).chain([&whole]);
    let noted = lefts.filter_map(|left| left.coverage.as_ref());
    let (mut marks, mut counts) = (Vec::new(), BTreeMap::new());
    let mut costs: BTreeMap<Counted, Cost> = BTreeMap::new();
    for coverage in noted {
        for (what, cost) in &coverage.costs {
            let all = costs.entry(what.clone()).or_default();
            all.members += cost.members;
            all.time += cost.time;
        }
        marks.extend(coverage.marks.iter().cloned());
        for (what, count) in &coverage.counts {
            *counts.entry(what.clone()).or_default() += count;
        }
    }
    let found_at = index.members.iter();
    let found_at = found_at.map(|member| (member.name.clone(), member.path.clone()));
    Ok(Some(Checked {
        findings,
        began: Some(began),
        seen: if asked.seen {
            host.looked_at()
        } else {
            BTreeMap::new()
        },
        warnings: index.warnings.clone(),
        marks,
        counts,
        costs,
        found_at: found_at.collect(),
        coverage: match asked.coverage {
            true => coverage(&index, looked, whole.coverage.unwrap_or_default()),
            false => BTreeMap::new(),
        },
        times: vec![
            ("index", surveyed),
            ("integrations", looked_at - surveyed),
            ("host", ended - looked_at),
        ],
    }))
}

/// Adds a finding for each path that could not be looked at, or whose name no path of a host can have: about the member in
/// whose directory it lies, else about the host. What was found beside a path that could not be looked at may come of that
/// alone, and gets no fix.
fn add_unread(
    index: &HostIndex<'_>,
    host: &Host,
    wanted: &[bool],
    looked: &mut [MemberCheck],
    whole: &mut Collected,
) {
    let members = index.members.iter().enumerate();
    // Of two with one directory the last.
    let homes: HashMap<&str, usize> = members.map(|(at, member)| (&*member.dir, at)).collect();
    let owner = |path: &str| {
        let above = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
        let mut dirs = std::iter::once(path).chain(above).filter(|dir| !dir.is_empty());
        dirs.find_map(|dir| homes.get(dir).copied())
    };
    for finding in &mut whole.diagnostics {
        // What is not understood in the directory of a member is its.
        let is_nobodys = finding.rule == unparsable::RULE.id && finding.subject.is_empty();
        if let Some(at) = is_nobodys.then(|| owner(&finding.at.path)).flatten() {
            finding.subject.clone_from(&index.members[at].name);
        }
    }
    let mut add = |path: &str, finding: &dyn Fn(&str) -> Diagnostic, keeps_fixes: bool| {
        let found = owner(path);
        if !keeps_fixes {
            let all = looked.iter_mut().map(|looked| &mut looked.left).enumerate();
            let affected = all.filter(|(at, _)| found.is_none_or(|found| found == *at));
            for left in affected.map(|(_, left)| left).chain([&mut *whole]) {
                left.diagnostics.iter_mut().for_each(|finding| finding.fix = None);
            }
        }
        let (left, subject) = match found {
            Some(at) if !wanted[at] => return,
            Some(at) => (&mut looked[at].left, index.members[at].name.as_str()),
            None => (&mut *whole, ""),
        };
        left.diagnostics.push(finding(subject));
        left.applied.push(unparsable::RULE.id);
    };
    for (path, error) in host.take_unknown() {
        add(
            &path,
            &|subject| unparsable::unknown(subject, &path, &error),
            false,
        );
    }
    for path in host.passed_over() {
        add(&path, &|subject| unparsable::passed_over(subject, &path), true);
    }
}

/// What every member has of its contracts and sites: what was noted of it, and of its entries in files of others.
fn coverage(
    index: &HostIndex<'_>,
    looked: Vec<MemberCheck>,
    whole: Coverage,
) -> BTreeMap<(String, String), Coverage> {
    let mut out: BTreeMap<(String, String), Coverage> = BTreeMap::new();
    for (member, looked) in index.members.iter().zip(looked) {
        if let Some(coverage) = looked.left.coverage {
            out.insert((member.kind.clone(), member.name.clone()), coverage);
        }
    }
    for wire in whole.wires {
        let site = index.pack.all_sites().iter().find(|site| site.id == wire.site);
        let kinds = site.iter().flat_map(|site| &site.for_kinds);
        for kind in kinds {
            if let Some(coverage) = out.get_mut(&(kind.clone(), wire.member.clone())) {
                coverage.wires.push(wire);
                break;
            }
        }
    }
    for coverage in out.values_mut() {
        coverage.wires.sort();
        coverage.wires.dedup();
    }
    out
}

/// Refuses a pack that turns off a rule which there is not.
fn known_rules(pack: &Pack) -> Result<()> {
    let all = || RULES.iter().map(|rule| rule.info().id);
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
fn gathered(index: &HostIndex<'_>, wanted: &[bool], looked: &[MemberCheck], whole: &Collected) -> Findings {
    let pack = index.pack;
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
        diagnostics.retain(|finding| {
            let of = index.named(&finding.subject).next();
            !pack.is_off(&finding.rule, of.map(|member| member.kind.as_str()))
        });
        applied.retain(|rule| !pack.is_off(rule, None));
    }
    diagnostics.sort_by(|a, b| {
        let subjects = (a.subject.is_empty(), &a.subject).cmp(&(b.subject.is_empty(), &b.subject));
        subjects.then_with(|| (&a.at, &a.rule, &a.message).cmp(&(&b.at, &b.rule, &b.message)))
    });
    once(&mut diagnostics);
    // What people count is integrations, whatever else a pack has members of.
    let mut kinds = pack.kind_members().iter().map(|declared| declared.kind.as_str());
    let first = kinds.next().unwrap_or("integration");
    let noun = kinds.find(|kind| *kind == "integration").unwrap_or(first);
    let members = index.members.iter().zip(wanted);
    let members = members
        .filter(|(member, wanted)| **wanted && member.kind == noun)
        .count();
    Findings {
        pack: format!("{} {}", pack.name(), pack.version()),
        noun: noun.to_owned(),
        diagnostics,
        sources,
        inspected: Inspected {
            members,
            files,
            rules: applied.len(),
        },
        rules: infos()
            .into_iter()
            .filter(|rule| applied.contains(rule.id))
            .collect(),
        suppressed: 0,
        stats: vec![],
    }
}

/// One check of a host.
struct Run<'c, 's> {
    /// What is known of the host.
    index: &'c HostIndex<'s>,
    /// The host, in which nothing changes meanwhile: each file is read at most once.
    host: &'c Host,
    /// Whether it is noted what members have of their contracts and sites.
    covers: bool,
    /// Whether nobody waits for it any more.
    cancelled: &'c AtomicBool,
    count: &'c AtomicUsize,
}

impl Run<'_, '_> {
    /// Does `what` with the members that a thread needs.
    fn with_worker<T>(&self, what: impl FnOnce(&Worker<'_, '_>) -> Result<T>) -> Result<T> {
        let index = self.index;
        let facts = Facts::with_tables(self.host, index.pack, index.style.clone(), index.tables.clone());
        let scope = Scope::of_members(index.pack, &facts, &index.style, &tables_in_checks(index.pack))?;
        what(&Worker {
            index,
            facts: &facts,
            scope: &RefCell::new(scope),
            makes: &RefCell::new(None),
            host: self.host,
            covers: self.covers,
        })
    }

    /// Looks at all members, by all cores: what came of each, in their order.
    fn look_at(&self, wanted: &[bool]) -> Result<Vec<MemberCheck>> {
        let members = &self.index.members;
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<(usize, MemberCheck)>> = Mutex::new(Vec::with_capacity(members.len()));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let work = || -> Result<()> {
            self.with_worker(|worker| {
                while !self.cancelled.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(member) = members.get(at) else { break };
                    let looked = guarded(|| Ok(member::look(worker, member, wanted[at])));
                    let looked = looked.unwrap_or_else(|defect| Ok(MemberCheck::stopped(member, &defect)))?;
                    self.count.fetch_add(1, Ordering::Relaxed);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, looked));
                    }
                }
                Ok(())
            })
        };
        std::thread::scope(|scope| {
            let others = threads.min(members.len()).saturating_sub(1);
            let handles: Vec<_> = (0..others).map(|_| scope.spawn(|| guarded(work))).collect();
            let mut out = work();
            for handle in handles {
                let result = handle.join().unwrap_or(Ok(()));
                out = out.and(result);
            }
            out
        })?;
        let mut done = done.into_inner().unwrap_or_default();
        done.sort_by_key(|(at, _)| *at);
        Ok(done.into_iter().map(|(_, looked)| looked).collect())
    }

    /// Looks at the host as a whole, with what came of all its members.
    fn whole(&self, looked: &[MemberCheck], is_whole: bool) -> Result<Collected> {
        self.with_worker(|worker| {
            let mut shared = Vec::new();
            let mut claims = Vec::new();
            let mut unchecked = Vec::new();
            let faulty = looked
                .iter()
                .flat_map(|looked| looked.left.faulty.iter().cloned());
            let mut places = BTreeMap::new();
            for (at, (member, looked)) in self.index.members.iter().zip(looked).enumerate() {
                shared.extend(looked.shared.iter().cloned());
                claims.extend(looked.claims.iter().cloned());
                unchecked.extend(looked.left.unchecked.iter().cloned());
                places.insert((member.name.as_str(), member.kind.as_str()), at);
            }
            let values = |name: &str, kind: &str, for_fixes: bool| {
                let at = *places.get(&(name, kind))?;
                let known = looked.get(at)?.values.clone().filter(|_| !for_fixes);
                known.or_else(|| {
                    let values = member::values(worker, &self.index.members[at], for_fixes);
                    values.ok().map(Arc::new)
                })
            };
            host_rules::look(
                worker,
                AllMembers {
                    shared,
                    claims,
                    unchecked,
                    faulty: faulty.collect(),
                    is_whole,
                },
                &values,
            )
        })
    }
}
