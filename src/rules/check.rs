//! Checking a host: survey it, look at every thing, in as many threads as there are, then at the whole.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::diag::{Diagnostic, Findings, Inspected, Result};
use crate::facts::Facts;
use crate::host::Host;
use crate::pack::Pack;
use crate::plan::observe::RuleBook;
use crate::plan::scope::Scope;

use super::RULES;
use super::survey::{Survey, tables_in_checks};
use super::thing::{self, Desk, Looked};
use super::whole::{self, All};

/// What came of a check.
pub struct Checked {
    /// The findings.
    pub findings: Findings,
    /// The names of everything that was looked at, with the directories.
    pub things: Vec<(String, String)>,
}

/// Checks `host` as if the files of `instead` said what is given there.
pub fn check(pack: &Pack, host: &Host, instead: &Arc<BTreeMap<String, Arc<str>>>) -> Result<Checked> {
    let first = host.afresh(instead);
    let survey = Survey::of(pack, &first)?;
    let looked = look_at_all(&survey, host, instead)?;
    let mut shared = Vec::new();
    let mut claims = Vec::new();
    let mut values = BTreeMap::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut sources = BTreeMap::new();
    let mut applied: BTreeSet<&'static str> = BTreeSet::new();
    let mut files = 0;
    for (thing, looked) in survey.things.iter().zip(&looked) {
        shared.extend(looked.shared.iter().cloned());
        claims.extend(looked.claims.iter().cloned());
        values.insert((thing.name.as_str(), thing.generator.as_str()), &looked.values);
    }
    let all = All {
        shared,
        claims,
        values,
    };
    let whole = with_desk(&survey, host, instead, |desk| {
        whole::look(desk, all, &host.afresh(instead))
    })?;
    for left in looked.into_iter().map(|looked| looked.left).chain([whole]) {
        diagnostics.extend(left.diagnostics);
        sources.extend(left.sources);
        applied.extend(left.applied);
        files += left.files;
    }
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            (
                d.subject.is_empty(),
                d.subject.clone(),
                d.at.clone(),
                d.rule.clone(),
                d.message.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    diagnostics.dedup();
    let noun = survey
        .pack
        .subjects()
        .first()
        .map_or("integration", |subject| &subject.generator);
    let main = survey
        .things
        .iter()
        .filter(|thing| thing.generator == noun)
        .count();
    Ok(Checked {
        things: survey
            .things
            .iter()
            .map(|thing| (thing.name.clone(), thing.dir.clone()))
            .collect(),
        findings: Findings {
            pack: format!("{} {}", pack.name(), pack.version()),
            noun: noun.to_owned(),
            diagnostics,
            sources,
            inspected: Inspected {
                things: main,
                files,
                rules: applied.len(),
            },
            rules: RULES
                .into_iter()
                .filter(|rule| applied.contains(rule.id))
                .collect(),
            suppressed: 0,
        },
    })
}

/// Does `what` with the things that a thread needs.
fn with_desk<T>(
    survey: &Survey<'_>,
    host: &Host,
    instead: &Arc<BTreeMap<String, Arc<str>>>,
    what: impl FnOnce(&Desk<'_, '_>) -> Result<T>,
) -> Result<T> {
    let own = host.afresh(instead);
    let facts = Facts::with_tables(&own, survey.pack, survey.style.clone(), survey.tables.clone());
    let scope = Scope::of_things(survey.pack, &facts, &survey.style, &tables_in_checks(survey.pack))?;
    let scope = RefCell::new(scope);
    let rules = RuleBook::default();
    what(&Desk {
        survey,
        facts: &facts,
        scope: &scope,
        rules: &rules,
    })
}

fn look_at_all(
    survey: &Survey<'_>,
    host: &Host,
    instead: &Arc<BTreeMap<String, Arc<str>>>,
) -> Result<Vec<Looked>> {
    let count = survey.things.len();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Looked)>> = Mutex::new(Vec::with_capacity(count));
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(count.max(1));
    let root = host.root().to_path_buf();
    let work = || -> Result<()> {
        let own = Host::empty(&root);
        with_desk(survey, &own, instead, |desk| {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(thing) = survey.things.get(at) else { break };
                let looked = thing::look(desk, thing, &own.afresh(instead))?;
                if let Ok(mut done) = done.lock() {
                    done.push((at, looked));
                }
            }
            Ok(())
        })
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
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
