//! What a plan changes, as unified diffs.

use similar::TextDiff;

use super::{Change, Plan};

/// One file of a plan, to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDiff {
    /// The file.
    pub path: String,
    /// `create`, `change` or `delete`.
    pub verb: &'static str,
    /// Lines that come.
    pub added: usize,
    /// Lines that go.
    pub removed: usize,
    /// The unified diff; empty for bytes that are no text.
    pub unified: String,
}

/// The diffs of all files, by path.
pub fn diffs(plan: &Plan) -> Vec<FileDiff> {
    plan.changes
        .iter()
        .map(|(path, change)| {
            let (verb, before, after): (_, &[u8], &[u8]) = match change {
                Change::Create { after, .. } => ("create", b"", after),
                Change::Modify { before, after } => ("change", before, after),
                Change::Delete { before } => ("delete", before, b""),
            };
            file(path.as_str(), verb, before, after)
        })
        .collect()
}

/// How `after` differs from `before`, both texts of `path`, as a unified diff.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    file(path, "change", before.as_bytes(), after.as_bytes()).unified
}

fn file(path: &str, verb: &'static str, before: &[u8], after: &[u8]) -> FileDiff {
    let (Ok(before), Ok(after)) = (std::str::from_utf8(before), std::str::from_utf8(after)) else {
        return FileDiff {
            path: path.into(),
            verb,
            added: 0,
            removed: 0,
            unified: String::new(),
        };
    };
    let diff = TextDiff::from_lines(before, after);
    let (mut added, mut removed) = (0, 0);
    for change in diff.iter_all_changes() {
        match change.tag() {
            similar::ChangeTag::Insert => added += 1,
            similar::ChangeTag::Delete => removed += 1,
            similar::ChangeTag::Equal => {}
        }
    }
    let old = if verb == "create" {
        "/dev/null".to_owned()
    } else {
        format!("a/{path}")
    };
    let new = if verb == "delete" {
        "/dev/null".to_owned()
    } else {
        format!("b/{path}")
    };
    let unified = diff
        .unified_diff()
        .context_radius(3)
        .header(&old, &new)
        .to_string();
    FileDiff {
        path: path.into(),
        verb,
        added,
        removed,
        unified,
    }
}
