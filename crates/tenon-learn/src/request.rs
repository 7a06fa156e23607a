//! What is asked.

use std::collections::BTreeSet;

use tenon_pack::PackFiles;

/// What is asked of [`crate::learn`].
#[derive(Clone, Default)]
pub struct Request {
    /// Where the members are: a member, a directory of members, or a path with `{name}`.
    pub place: String,
    /// What a member is called: the name of the kind. Empty: it follows from the directory.
    pub kind: String,
    /// The name of the pack.
    pub name: String,
    /// Siblings that are no members.
    pub except: Vec<String>,
    /// The folder in the host in which the pack is, or will be: it is not read.
    pub folder: String,
    /// The pack that is there already, and gets a further kind, or has it; nothing for a new pack.
    pub beside: Option<PackFiles>,
    /// Whether the pack has the kind, which is learnt again.
    pub again: bool,
    /// Names of interfaces and of sites that other kinds of the pack have.
    pub taken: BTreeSet<String>,
}
