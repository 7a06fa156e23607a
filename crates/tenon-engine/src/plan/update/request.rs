//! The input of an update, and its rendered files.

use std::collections::BTreeMap;

use crate::answers::Answers;
use crate::facts::Facts;
use crate::host::{Host, HostPath};
use tenon_pack::{Kind, Pack};
use tenon_syntax::style::Style;
use tenon_text::format::Format;

use super::super::record::{Record, RecordedMember};

/// A recorded member that is updated.
pub struct MemberToUpdate<'a> {
    /// Its kind.
    pub kind: &'a Kind,
    /// Its recorded answers, resolved against the present host and pack.
    pub answers: Answers,
    /// Facts of the host, for those answers.
    pub facts: &'a Facts<'a>,
    /// What the record has of it.
    pub made: RecordedMember,
}

/// What to update.
pub struct UpdateRequest<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The host.
    pub host: &'a Host,
    /// The members to update.
    pub members: Vec<MemberToUpdate<'a>>,
    /// The whole record.
    pub record: Record,
    /// How code is printed.
    pub style: Style,
    /// The format of new files.
    pub look: Format,
    /// Cached bases of merges, by digest.
    pub remembered: BTreeMap<String, String>,
}

/// A file of a member, recorded or rendered.
pub(super) struct RenderedFile {
    pub(super) path: HostPath,
    /// The kind and name that have it in the record, or will.
    pub(super) owner: (String, String),
    /// The recorded digest; `None` for a new file.
    pub(super) known: Option<String>,
    /// The new text; `None` if the pack no longer has the file.
    pub(super) theirs: Option<String>,
    pub(super) executable: bool,
}
