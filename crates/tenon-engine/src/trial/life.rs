//! The life of a thing on a throw-away host: made, checked, made again, broken, undone, made and removed.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::{Answers, Given};
use crate::apply::{self, FileTree, Scratch};
use tenon_text::diag::{Diagnostic, Error, Result, Severity};

use crate::host::Host;
use crate::plan::{self, Plan, record, remove};
use tenon_pack::{Generator, Pack, QuestionKind};

use super::Outcome;
use super::breaks::{self, Made};
use super::combos::{self, Combo};
use super::hosts::{self, Ground};
use super::tools::{
    Finding, build, collect, differences, facts_of, findings, key, keys, line, refused, shown, typed,
};

/// The rule that says that there is nothing to check, as in a host that was just made.
pub const EMPTY: &str = "empty-facts";

/// What a thing that passed went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// Files that were made.
    pub created: usize,
    /// Files that were changed.
    pub changed: usize,
    /// Breaks that were made and found.
    pub found: usize,
}

/// Where the things of one generator are tried.
pub struct Bench<'a> {
    pack: &'a Pack,
    generator: &'a Generator,
    ground: &'a Ground,
    /// The host as it is before anything is made.
    pristine: Scratch,
    before: BTreeSet<Finding>,
    /// Breaks that were found already: each is made once.
    done: BTreeSet<String>,
    notes: BTreeSet<String>,
}

/// A step that came to an end, with the sentences to tell.
struct Stop(&'static str, Vec<String>);

impl<'a> Bench<'a> {
    /// # Errors
    /// If there is no room for the host.
    pub fn new(pack: &'a Pack, generator: &'a Generator, ground: &'a Ground) -> Result<Self> {
        let pristine = Scratch::with(&ground.tree)?;
        let before = match generator.host {
            true => BTreeSet::new(),
            false => keys(&findings(pack, &pristine)?),
        };
        Ok(Self {
            pack,
            generator,
            ground,
            pristine,
            before,
            done: BTreeSet::new(),
            notes: BTreeSet::new(),
        })
    }

    /// What is to be told beside the trials.
    pub fn notes(&self) -> impl Iterator<Item = String> + '_ {
        self.notes.iter().cloned()
    }

    /// The host that is made is not called as what is made in it.
    fn word(&self) -> &'static str {
        if self.generator.host { "host" } else { hosts::WORD }
    }

    /// One life: the answers as they are typed, what came of it, and the tree that was made.
    ///
    /// # Errors
    /// If the throw-away host cannot be written or read.
    pub fn live(&mut self, combo: &Combo) -> Result<(String, Outcome, Option<FileTree>)> {
        let host = open(self.generator, &self.pristine)?;
        let facts = facts_of(self.pack, &host)?;
        let name = hosts::name(self.generator, &facts, self.word())?;
        let Some(name) = name else {
            let why = "there is nothing on this host that it could add to".to_owned();
            return Ok((String::new(), Outcome::Refused(why), None));
        };
        let answers = match combos::answers(self.pack, self.generator, &facts, (&name, hosts::WORD), combo) {
            Ok(answers) => answers,
            Err(error) => return Ok((name, Outcome::Refused(error.message().to_owned()), None)),
        };
        let typed = typed(&answers);
        if let Some(refused) = refused(self.pack, self.generator, &host, &facts, &answers)? {
            return Ok((typed, Outcome::Refused(refused), None));
        }
        let planned = match build(self.pack, self.generator, &host, &facts, &answers) {
            Ok(planned) if planned.plan.is_empty() => {
                let why = "nothing changes on this host".to_owned();
                return Ok((typed, Outcome::Refused(why), None));
            }
            Ok(planned) => planned,
            // It adds what is there already, with other answers.
            Err(error) if self.adds_again(&error) => {
                return Ok((typed, Outcome::Refused(error.message().to_owned()), None));
            }
            Err(error) => return Ok((typed, Outcome::error("plan", &error), None)),
        };
        let mut tree = None;
        let outcome = match self.steps(&answers, &planned.plan, &mut tree)? {
            Ok(life) => Outcome::Passed(life),
            Err(Stop(step, why)) => Outcome::Failed { step, why },
        };
        Ok((typed, outcome, tree))
    }

    fn adds_again(&self, error: &Error) -> bool {
        self.generator.name.one_of.is_some() && error.message().contains("exist already")
    }

    fn steps(
        &mut self,
        answers: &Answers,
        planned: &Plan,
        made: &mut Option<FileTree>,
    ) -> Result<std::result::Result<Life, Stop>> {
        let scratch = Scratch::with(&self.ground.tree)?;
        if let Err(error) = apply::commit(scratch.root(), planned) {
            return Ok(Err(told("apply", &error)));
        }
        *made = Some(scratch.tree()?);
        let more = match self.completed(&scratch, &answers.name)? {
            Ok(more) => more,
            Err(stop) => return Ok(Err(stop)),
        };
        let after = scratch.tree()?;
        let found = match findings(self.pack, &scratch) {
            Ok(found) => found,
            Err(error) => return Ok(Err(told("validate", &error))),
        };
        let new = self.new_ones(&found);
        if !new.is_empty() {
            return Ok(Err(Stop("validate", new)));
        }
        let broken = self.breaks(&scratch, answers, planned, &after, &found)?;
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
        Ok(Ok(Life {
            created,
            changed: planned.changes.len() - created,
            found,
        }))
    }

    /// Runs the generators without which the thing is not whole. How many steps that were.
    fn completed(&self, scratch: &Scratch, name: &str) -> Result<std::result::Result<usize, Stop>> {
        let mut steps = 0;
        for id in &self.generator.whole_with {
            let next = self.pack.generator(id)?;
            let host = Host::open(scratch.root())?;
            let Some(planned) = hosts::first(self.pack, next, &host, Some(name), hosts::WORD)? else {
                let why = format!("`{id}`, without which it is not whole, makes nothing for `{name}`");
                return Ok(Err(Stop("whole-with", vec![why])));
            };
            if let Err(error) = apply::commit(scratch.root(), &planned.plan) {
                return Ok(Err(told("whole-with", &error)));
            }
            steps += 1;
        }
        Ok(Ok(steps))
    }

    /// Findings that were not there before, as lines.
    fn new_ones(&self, found: &[Diagnostic]) -> Vec<String> {
        // There may be nothing yet in a host that was just made.
        let counts = |finding: &&Diagnostic| {
            finding.severity != Severity::Note
                && !self.before.contains(&key(finding))
                && !(self.generator.host && finding.rule == EMPTY)
        };
        found.iter().filter(counts).map(line).collect()
    }

    /// The same again changes nothing.
    fn again(&self, scratch: &Scratch, answers: &Answers) -> Result<Option<Stop>> {
        if self.generator.host {
            return Ok(None);
        }
        let host = Host::open(scratch.root())?;
        let facts = facts_of(self.pack, &host)?;
        let answers = match collect(self.pack, self.generator, &facts, answers) {
            Ok(answers) => answers,
            Err(error) => return Ok(Some(told("again", &error))),
        };
        Ok(match build(self.pack, self.generator, &host, &facts, &answers) {
            Err(error) => Some(told("again", &error)),
            Ok(planned) if planned.plan.is_empty() => None,
            Ok(planned) => {
                let mut why = vec!["making the same again changes the host".to_owned()];
                why.extend(shown(&plan::diffs(&planned.plan)));
                Some(Stop("again", why))
            }
        })
    }

    /// Breaks what was made, each thing once, and looks whether it is found. How many were; or those that were not.
    fn breaks(
        &mut self,
        scratch: &Scratch,
        answers: &Answers,
        planned: &Plan,
        after: &FileTree,
        found: &[Diagnostic],
    ) -> Result<std::result::Result<usize, Stop>> {
        if self.generator.host {
            return Ok(Ok(0));
        }
        let before = keys(found);
        let made = Made {
            pack: self.pack,
            generator: self.generator,
            pristine: &self.pristine,
            scratch,
            answers,
            plan: planned,
            after,
        };
        let (breaks, notes) = breaks::all(&made, &self.done)?;
        self.notes.extend(notes);
        let mut missed = Vec::new();
        let mut count = 0;
        for broken in breaks {
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
            // A check that refuses to go on has seen it as well.
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
        Ok(Err(Stop("break", missed)))
    }

    /// Undo leads back byte for byte.
    fn undone(&self, scratch: &Scratch) -> Result<Option<Stop>> {
        let undone = apply::undo_plan(scratch.root(), None, false)
            .and_then(|undo| apply::commit_undo(scratch.root(), &undo));
        if let Err(error) = undone {
            return Ok(Some(told("undo", &error)));
        }
        self.as_before("undo", scratch)
    }

    /// Whether a thing had an answer before: what was there is not what was added.
    fn had(&self, name: &str, question: &str, word: &str) -> bool {
        let lock = self.ground.tree.get(record::FILE);
        let text = lock.map(|bytes| String::from_utf8_lossy(bytes));
        let Some(Ok(record)) = text.map(|text| record::Record::read(&text)) else {
            return false;
        };
        let given = |generator: &Generator| match record.get(&generator.id, name)?.answers.get(question)? {
            Given::Words(words) => Some(words.iter().any(|given| given == word)),
            Given::Flag(_) => None,
        };
        let mut all = self.pack.generators().iter();
        all.any(|generator| given(generator).unwrap_or_default())
    }

    /// What was made again and removed leaves no trace.
    fn removed(&mut self, scratch: &Scratch, answers: &Answers, planned: &Plan) -> Result<Option<Stop>> {
        let mut rows = BTreeMap::new();
        if self.generator.name.one_of.is_some() {
            for question in self.pack.questions(&self.generator.id) {
                if let (QuestionKind::Many, Some(Given::Words(words))) =
                    (question.kind, answers.words.get(&question.id))
                {
                    let words = words
                        .iter()
                        .filter(|word| !self.had(&answers.name, &question.id, word));
                    let words: Vec<String> = words.cloned().collect();
                    if !words.is_empty() {
                        rows.insert(question.id.clone(), words);
                    }
                }
            }
            if rows.is_empty() {
                self.notes.insert(format!(
                    "`{}` adds to a thing and none of its questions says what goes again: removal was not tried",
                    self.generator.id
                ));
                return Ok(None);
            }
        }
        if self.generator.host {
            return Ok(None);
        }
        if let Err(error) = apply::commit(scratch.root(), planned) {
            return Ok(Some(told("remove", &error)));
        }
        let host = Host::open(scratch.root())?;
        let facts = facts_of(self.pack, &host)?;
        let removal = remove::build(&remove::Request {
            pack: self.pack,
            host: &host,
            facts: &facts,
            generator: self.generator,
            name: &answers.name,
            rows: &rows,
            force: false,
            instead: None,
        });
        let removal = match removal {
            Ok(removal) => removal,
            Err(error) => return Ok(Some(told("remove", &error))),
        };
        if let Err(error) = apply::commit(scratch.root(), &removal.plan) {
            return Ok(Some(told("remove", &error)));
        }
        self.as_before("remove", scratch)
    }

    /// The host is as it was before anything was made.
    fn as_before(&self, step: &'static str, scratch: &Scratch) -> Result<Option<Stop>> {
        let mut tree = scratch.tree()?;
        // What the record says of other things may have become more exact; that it is there is compared.
        if step == "remove"
            && let (Some(now), Some(then)) = (tree.get_mut(record::FILE), self.ground.tree.get(record::FILE))
        {
            now.clone_from(then);
        }
        let why = differences(&self.ground.tree, &tree);
        Ok((!why.is_empty()).then(|| {
            let mut lines = vec!["the host is not as it was before".to_owned()];
            lines.extend(why);
            Stop(step, lines)
        }))
    }
}

fn told(step: &'static str, error: &Error) -> Stop {
    match Outcome::error(step, error) {
        Outcome::Failed { step, why } => Stop(step, why),
        _ => Stop(step, vec![error.to_string()]),
    }
}

/// The host as a generator finds it: one that makes hosts finds none.
pub fn open(generator: &Generator, scratch: &Scratch) -> Result<Host> {
    if generator.host {
        return Ok(Host::empty(scratch.root()));
    }
    Host::open(scratch.root())
}
