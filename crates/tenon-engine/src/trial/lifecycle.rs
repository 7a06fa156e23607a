//! The lifecycle of a member on a throw-away host: made, checked, mutated, made again, undone, made and removed.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::{Answers, Given};
use crate::apply::{self, FileTree, Scratch};
use tenon_text::diag::{Diagnostic, Error, Result, Severity};

use crate::host::Host;
use crate::plan::{self, Plan, PlanError, record, remove};
use tenon_pack::{Kind, OptionKind, Pack};

use super::combinations::{self, Combination, Sample};
use super::hosts::{self, SAMPLE, TrialHost};
use super::mutations::{self, MadeMember};
use super::outcome::{Counts, TrialOutcome};
use super::tools::{
    EMPTY, FindingKey, build, collect, differences, facts_of, findings, key, keys, line, open, refused, shown,
};

/// Runs the lifecycle of members of one kind on one host.
pub struct Lifecycle<'a> {
    pack: &'a Pack,
    kind: &'a Kind,
    trial_host: &'a TrialHost,
    /// The host before anything is made.
    pristine: Scratch,
    /// Its findings then.
    before: BTreeSet<FindingKey>,
    /// Ids of mutations that a check has found: each is tried once.
    done: BTreeSet<String>,
    notes: BTreeSet<String>,
}

/// A host with the member, before it is mutated.
struct HostState {
    files: FileTree,
    findings: Vec<Diagnostic>,
}

/// A failed step, with the lines to show.
struct Failure(&'static str, Vec<String>);

impl<'a> Lifecycle<'a> {
    /// Prepares the host.
    ///
    /// # Errors
    /// If it cannot be written or checked.
    pub fn new(pack: &'a Pack, kind: &'a Kind, trial_host: &'a TrialHost) -> Result<Self> {
        let pristine = Scratch::with(&trial_host.tree)?;
        let before = match kind.host {
            true => BTreeSet::new(),
            false => keys(&findings(pack, &pristine)?),
        };
        Ok(Self {
            pack,
            kind,
            trial_host,
            pristine,
            before,
            done: BTreeSet::new(),
            notes: BTreeSet::new(),
        })
    }

    /// Notes for the author of the pack.
    pub fn notes(&self) -> impl Iterator<Item = String> + '_ {
        self.notes.iter().cloned()
    }

    /// The word for names: a host is named differently from the members in it.
    fn word(&self) -> &'static str {
        if self.kind.host { "host" } else { SAMPLE }
    }

    /// Runs the lifecycle with one combination of answers. Returns the answers as a person types them, the outcome, and the files
    /// of the host with the member.
    ///
    /// # Errors
    /// If the throw-away host cannot be written or read.
    pub fn run(&mut self, combination: &Combination) -> Result<(String, TrialOutcome, Option<FileTree>)> {
        let host = open(self.kind, &self.pristine)?;
        let facts = facts_of(self.pack, &host)?;
        let name = hosts::name(self.kind, &facts, self.word())?;
        let Some(name) = name else {
            let why = "there is nothing on this host that it could add to".to_owned();
            return Ok((String::new(), TrialOutcome::Refused(why), None));
        };
        let sample = Sample {
            name: &name,
            word: SAMPLE,
        };
        let answers = match combinations::answers(self.pack, self.kind, &facts, &sample, combination) {
            Ok(answers) => answers,
            Err(error) => return Ok((name, TrialOutcome::Refused(error.message().to_owned()), None)),
        };
        let typed = answers.typed();
        if let Some(refused) = refused(self.pack, self.kind, &host, &facts, &answers)? {
            return Ok((typed, TrialOutcome::Refused(refused), None));
        }
        let planned = match build(self.pack, self.kind, &host, &facts, &answers) {
            Ok(planned) if planned.plan.is_empty() => {
                let why = "nothing changes on this host".to_owned();
                return Ok((typed, TrialOutcome::Refused(why), None));
            }
            Ok(planned) => planned,
            // It adds something that exists already, made with other answers.
            Err(PlanError::Conflict(error)) if self.kind.name.one_of.is_some() => {
                return Ok((typed, TrialOutcome::Refused(error.message().to_owned()), None));
            }
            Err(error) => return Ok((typed, TrialOutcome::error("plan", &error.into()), None)),
        };
        let mut tree = None;
        let outcome = match self.steps(&answers, &planned.plan, &mut tree)? {
            Ok(life) => TrialOutcome::Passed(life),
            Err(Failure(step, why)) => TrialOutcome::Failed { step, why },
        };
        Ok((typed, outcome, tree))
    }

    fn steps(
        &mut self,
        answers: &Answers,
        planned: &Plan,
        made: &mut Option<FileTree>,
    ) -> Result<std::result::Result<Counts, Failure>> {
        let scratch = Scratch::with(&self.trial_host.tree)?;
        if let Err(error) = apply::commit(scratch.root(), planned) {
            return Ok(Err(failure("apply", &error)));
        }
        *made = Some(scratch.tree()?);
        let more = match self.completed(&scratch, &answers.name)? {
            Ok(more) => more,
            Err(stop) => return Ok(Err(stop)),
        };
        let state = HostState {
            files: scratch.tree()?,
            findings: match findings(self.pack, &scratch) {
                Ok(found) => found,
                Err(error) => return Ok(Err(failure("validate", &error))),
            },
        };
        let new = self.new_ones(&state.findings);
        if !new.is_empty() {
            return Ok(Err(Failure("validate", new)));
        }
        let broken = self.mutations(&scratch, answers, planned, &state)?;
        let found = match broken {
            Ok(found) => found,
            Err(stop) => return Ok(Err(stop)),
        };
        for _ in 0..more {
            let undo = apply::undo_plan(scratch.root(), None, false)?;
            apply::commit_undo(scratch.root(), &undo)?;
        }
        if let Some(stop) = self.again(&scratch, answers)? {
            return Ok(Err(stop));
        }
        if let Some(stop) = self.undone(&scratch)? {
            return Ok(Err(stop));
        }
        if let Some(stop) = self.removed(&scratch, answers, planned)? {
            return Ok(Err(stop));
        }
        let created = planned
            .changes
            .values()
            .filter(|change| matches!(change, plan::Change::Create { .. }));
        let created = created.count();
        Ok(Ok(Counts {
            created,
            changed: planned.changes.len() - created,
            found,
        }))
    }

    /// Runs the kinds in `whole-with`, without which the member is incomplete. Returns the number of steps.
    fn completed(&self, scratch: &Scratch, name: &str) -> Result<std::result::Result<usize, Failure>> {
        let mut steps = 0;
        for id in &self.kind.whole_with {
            let next = self.pack.kind(id)?;
            let host = Host::open(scratch.root())?;
            let Some(planned) = hosts::first_plan(self.pack, next, &host, Some(name), SAMPLE)? else {
                let why = format!("`{id}`, a kind of `whole-with`, makes nothing for `{name}`");
                return Ok(Err(Failure("whole-with", vec![why])));
            };
            if let Err(error) = apply::commit(scratch.root(), &planned.plan) {
                return Ok(Err(failure("whole-with", &error)));
            }
            steps += 1;
        }
        Ok(Ok(steps))
    }

    /// New findings, as lines.
    fn new_ones(&self, found: &[Diagnostic]) -> Vec<String> {
        // A new host may have nothing to check yet.
        let counts = |finding: &&Diagnostic| {
            finding.severity != Severity::Note
                && !self.before.contains(&key(finding))
                && !(self.kind.host && finding.rule == EMPTY)
        };
        found.iter().filter(counts).map(line).collect()
    }

    /// Checks that making the same again changes nothing.
    fn again(&self, scratch: &Scratch, answers: &Answers) -> Result<Option<Failure>> {
        if self.kind.host {
            return Ok(None);
        }
        let host = Host::open(scratch.root())?;
        let facts = facts_of(self.pack, &host)?;
        let answers = match collect(self.pack, self.kind, &facts, answers) {
            Ok(answers) => answers,
            Err(error) => return Ok(Some(failure("again", &error))),
        };
        Ok(match build(self.pack, self.kind, &host, &facts, &answers) {
            Err(error) => Some(failure("again", &error.into())),
            Ok(planned) if planned.plan.is_empty() => None,
            Ok(planned) => {
                let mut why = vec!["making the same again changes the host".to_owned()];
                why.extend(shown(&plan::diffs(&planned.plan)));
                Some(Failure("again", why))
            }
        })
    }

    /// Applies mutations one at a time and checks the host. Returns the number of those that were found, or a failure with the
    /// others.
    fn mutations(
        &mut self,
        scratch: &Scratch,
        answers: &Answers,
        planned: &Plan,
        state: &HostState,
    ) -> Result<std::result::Result<usize, Failure>> {
        if self.kind.host {
            return Ok(Ok(0));
        }
        let before = keys(&state.findings);
        let after = &state.files;
        let member = MadeMember {
            pack: self.pack,
            kind: self.kind,
            pristine: &self.pristine,
            scratch,
            answers,
            plan: planned,
            after,
        };
        let (mutations, notes) = mutations::all(&member, &self.done)?;
        self.notes.extend(notes);
        let mut missed = Vec::new();
        let mut count = 0;
        for broken in mutations {
            for (path, bytes) in &broken.changes {
                match bytes {
                    Some(bytes) => scratch.put(path, bytes)?,
                    None if after.contains_key(path) => scratch.remove(path)?,
                    None => {}
                }
            }
            let now = findings(self.pack, scratch);
            for path in broken.changes.keys() {
                match after.get(path) {
                    Some(bytes) => scratch.put(path, bytes)?,
                    None => scratch.remove(path)?,
                }
            }
            // A check that fails has noticed it as well.
            let is_new =
                |finding: &Diagnostic| finding.severity != Severity::Note && !before.contains(&key(finding));
            if now.is_ok_and(|now| !now.iter().any(is_new)) {
                missed.push(broken.what);
            } else {
                self.done.insert(broken.id);
                count += 1;
            }
        }
        if missed.is_empty() {
            return Ok(Ok(count));
        }
        missed.insert(
            0,
            "the host was broken, and `validate-structure` found nothing:".to_owned(),
        );
        Ok(Err(Failure("break", missed)))
    }

    /// Checks that an undo restores every byte.
    fn undone(&self, scratch: &Scratch) -> Result<Option<Failure>> {
        let undone = apply::undo_plan(scratch.root(), None, false)
            .and_then(|undo| apply::commit_undo(scratch.root(), &undo));
        if let Err(error) = undone {
            return Ok(Some(failure("undo", &error)));
        }
        self.as_before("undo", scratch)
    }

    /// Whether a member had this answer before the trial.
    fn had(&self, name: &str, option: &str, word: &str) -> bool {
        let lock = self.trial_host.tree.get(record::FILE);
        let text = lock.map(|bytes| String::from_utf8_lossy(bytes));
        let Some(Ok(record)) = text.map(|text| record::Record::read(&text)) else {
            return false;
        };
        let given = |kind: &Kind| match record.get(&kind.id, name)?.answers.get(option)? {
            Given::Words(words) => Some(words.iter().any(|given| given == word)),
            Given::Flag(_) => None,
        };
        let mut all = self.pack.kinds().iter();
        all.any(|kind| given(kind).unwrap_or_default())
    }

    /// Makes the member again, removes it and checks that nothing is left.
    fn removed(&mut self, scratch: &Scratch, answers: &Answers, planned: &Plan) -> Result<Option<Failure>> {
        let mut rows = BTreeMap::new();
        if self.kind.name.one_of.is_some() {
            for option in self.pack.options(&self.kind.id) {
                if let (OptionKind::Many, Some(Given::Words(words))) =
                    (option.kind, answers.words.get(&option.id))
                {
                    let words = words
                        .iter()
                        .filter(|word| !self.had(&answers.name, &option.id, word));
                    let words: Vec<String> = words.cloned().collect();
                    if !words.is_empty() {
                        rows.insert(option.id.clone(), words);
                    }
                }
            }
            if rows.is_empty() {
                self.notes.insert(format!(
                    "`{}` adds to a member and none of its options says what goes again: removal was not tried",
                    self.kind.id
                ));
                return Ok(None);
            }
        }
        if self.kind.host {
            return Ok(None);
        }
        if let Err(error) = apply::commit(scratch.root(), planned) {
            return Ok(Some(failure("remove", &error)));
        }
        let host = Host::open(scratch.root())?;
        let facts = facts_of(self.pack, &host)?;
        let removal = remove::build(&remove::RemoveRequest {
            pack: self.pack,
            host: &host,
            facts: &facts,
            kind: self.kind,
            name: &answers.name,
            rows: &rows,
            force: false,
            instead: None,
        });
        let removal = match removal {
            Ok(removal) => removal,
            Err(error) => return Ok(Some(failure("remove", &error))),
        };
        if let Err(error) = apply::commit(scratch.root(), &removal.plan) {
            return Ok(Some(failure("remove", &error)));
        }
        self.as_before("remove", scratch)
    }

    /// Checks that the host is as before anything was made.
    fn as_before(&self, step: &'static str, scratch: &Scratch) -> Result<Option<Failure>> {
        let mut tree = scratch.tree()?;
        // The record may have become more exact about other members; only its existence is compared.
        if step == "remove"
            && let (Some(now), Some(then)) =
                (tree.get_mut(record::FILE), self.trial_host.tree.get(record::FILE))
        {
            now.clone_from(then);
        }
        let why = differences(&self.trial_host.tree, &tree);
        Ok((!why.is_empty()).then(|| {
            let mut lines = vec!["the host is not as it was before".to_owned()];
            lines.extend(why);
            Failure(step, lines)
        }))
    }
}

fn failure(step: &'static str, error: &Error) -> Failure {
    match TrialOutcome::error(step, error) {
        TrialOutcome::Failed { step, why } => Failure(step, why),
        _ => Failure(step, vec![error.to_string()]),
    }
}
