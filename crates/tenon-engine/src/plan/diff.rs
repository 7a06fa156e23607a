//! Shows a plan as unified diffs.

use diffy::{DiffOptions, Line, PatchFormatter};

use super::change::{Change, Plan};

/// The diff of one file of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDiff {
    /// The file.
    pub path: String,
    /// `create`, `change` or `delete`.
    pub verb: &'static str,
    /// The number of added lines.
    pub added: usize,
    /// The number of removed lines.
    pub removed: usize,
    /// The unified diff; empty for binary files.
    pub unified: String,
}

/// The diffs of all files of a plan, by path.
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

/// The unified diff from `before` to `after`, texts of `path`.
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
    let mut options = DiffOptions::new();
    options.set_original_filename(old).set_modified_filename(new);
    let patch = options.create_patch(before, after);
    let lines = patch.hunks().iter().flat_map(|hunk| hunk.lines());
    let (mut added, mut removed) = (0, 0);
    for line in lines {
        match line {
            Line::Insert(_) => added += 1,
            Line::Delete(_) => removed += 1,
            Line::Context(_) => {}
        }
    }
    let unified = if patch.hunks().is_empty() {
        String::new()
    } else {
        let format = PatchFormatter::new().suppress_blank_empty(false);
        format.fmt_patch(&patch).to_string()
    };
    FileDiff {
        path: path.into(),
        verb,
        added,
        removed,
        unified,
    }
}
