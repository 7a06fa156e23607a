//! [`Plan`]: the changes of files that one command makes, as values.

use std::collections::BTreeMap;

use crate::host::HostPath;
use tenon_text::diag::Error;

/// One file's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file is created.
    Create {
        /// Its bytes.
        after: Vec<u8>,
        /// Whether it gets the executable bits.
        executable: bool,
    },
    /// The file gets other bytes; its mode stays.
    Modify {
        /// The bytes that were read when the plan was made; if the file has others when it is written, the plan is refused.
        before: Vec<u8>,
        /// The bytes it gets.
        after: Vec<u8>,
    },
    /// The file is deleted, and directories that become empty with it.
    Delete {
        /// The bytes that were read when the plan was made.
        before: Vec<u8>,
    },
}

/// Why there is no plan.
#[derive(Clone, Debug)]
pub enum PlanError {
    /// Files that would be created exist with other texts.
    Conflict(Error),
    /// Any other reason.
    Other(Error),
}

impl From<Error> for PlanError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Conflict(error) | PlanError::Other(error) => error,
        }
    }
}

/// Everything that one command writes. Making a plan changes nothing on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What the plan does, as the history shows it: `new integration acme`.
    pub title: String,
    /// The changes, by path.
    pub changes: BTreeMap<HostPath, Change>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
