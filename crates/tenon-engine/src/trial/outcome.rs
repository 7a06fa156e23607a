//! The results of trials, as values.

use tenon_text::diag::Error;

/// How much to try.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Most combinations of answers for each kind on each host.
    pub combinations: usize,
    /// Whether the pack's own commands (`[[kind.NAME.verify]]`) are run.
    pub verify: bool,
}

/// One trial: a case of the pack, or one combination of answers on one host.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What was tried: `tests/small`, `integration`.
    pub what: String,
    /// The name of the host; empty for a case.
    pub host: String,
    /// The answers as a person would type them.
    pub answers: String,
    /// The result.
    pub outcome: TrialOutcome,
}

/// The result of a trial.
#[derive(Clone, Debug)]
pub enum TrialOutcome {
    /// Every step passed.
    Passed(Counts),
    /// The pack refuses these answers, with this message.
    Refused(String),
    /// A step failed.
    Failed {
        /// The step.
        step: &'static str,
        /// A sentence that says what is wrong; further lines show it.
        why: Vec<String>,
    },
}

impl TrialOutcome {
    /// A failed step, with one sentence.
    pub(super) fn failed(step: &'static str, why: impl Into<String>) -> Self {
        Self::Failed {
            step,
            why: vec![why.into()],
        }
    }

    /// A step that failed with an error.
    pub(super) fn error(step: &'static str, error: &Error) -> Self {
        let mut why = vec![error.to_string()];
        why.extend(error.causes().iter().map(|cause| format!("because: {cause}")));
        why.extend(error.helps().iter().map(|help| format!("help: {help}")));
        Self::Failed { step, why }
    }
}

/// All trials of a pack.
#[derive(Clone, Debug, Default)]
pub struct Trials {
    /// The trials, in order.
    pub all: Vec<Trial>,
    /// Notes for the author of the pack: what was not tried, and why.
    pub notes: Vec<String>,
}

impl Trials {
    /// How many trials failed.
    pub fn failed(&self) -> usize {
        let failed = |trial: &&Trial| matches!(trial.outcome, TrialOutcome::Failed { .. });
        self.all.iter().filter(failed).count()
    }
}

/// What a passed trial has made and checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that were created.
    pub created: usize,
    /// Files that were changed.
    pub changed: usize,
    /// Mutations that were found by a check.
    pub found: usize,
}
