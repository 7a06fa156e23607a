//! What is found in a host, as values: shared files, sites, what is left out.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

/// A file that names many members.
#[derive(Clone, Debug)]
pub struct SharedFile {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// How many members must have an entry for it to be usual there.
    pub least: usize,
}

/// A site that was learnt.
#[derive(Clone, Debug)]
pub struct LearntSite {
    /// Its id in the pack.
    pub id: String,
    /// The file.
    pub file: String,
    /// The entry: a template.
    pub entry: String,
    /// The place, where the entry alone does not tell it.
    pub scope: Option<String>,
    /// The members that have an entry.
    pub members: BTreeSet<usize>,
    /// Whether nothing else is listed there.
    pub is_closed: bool,
}

/// What was found and left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
    /// How many members the file names, if it may be a list that people keep: who makes a member is told to look there.
    #[serde(skip)]
    pub names: Option<usize>,
}

impl LeftOut {
    /// `file` is left out, and `why`.
    pub fn new(file: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            why: why.into(),
            names: None,
        }
    }
}
