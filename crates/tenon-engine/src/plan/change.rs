//! What a plan consists of: for each path, what stands there before and after.

use std::collections::BTreeMap;

use crate::host::HostPath;

/// One file's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file does not exist and will.
    Create {
        /// Its bytes.
        after: Vec<u8>,
        /// Whether it gets the executable bits.
        executable: bool,
    },
    /// The file exists and gets other bytes; its mode stays.
    Modify {
        /// The bytes that were read when the plan was made; if others stand there at the moment of writing,
        /// the plan is refused.
        before: Vec<u8>,
        /// The bytes it gets.
        after: Vec<u8>,
    },
    /// The file exists and goes; directories that become empty by it go too.
    Delete {
        /// The bytes that were read when the plan was made.
        before: Vec<u8>,
    },
}

/// Everything that one command will write. Pure data: making one touches nothing.
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
