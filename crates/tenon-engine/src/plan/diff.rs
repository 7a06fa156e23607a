//! Shows a plan as unified diffs. Between texts that differ in very many lines there is no short one: all of these lines go and come.

use std::fmt::Write as _;

use diffy::{DiffOptions, Line, PatchFormatter};

use super::change::{Change, Plan};

/// Between texts with more lines that may differ, the shortest diff takes minutes.
const MAX_LINES: usize = 10_000;

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
    let apart = Apart::of(before, after);
    if apart.is_too_much() {
        return FileDiff {
            path: path.into(),
            verb,
            added: apart.after.len(),
            removed: apart.before.len(),
            unified: apart.unified(&old, &new),
        };
    }
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

/// What stands between the first and the last line in which two texts differ.
pub struct Apart<'t> {
    /// How many lines both begin with.
    same: usize,
    before: Vec<&'t str>,
    after: Vec<&'t str>,
}

impl<'t> Apart<'t> {
    /// That of two texts.
    pub fn of(before: &'t str, after: &'t str) -> Self {
        let mut before: Vec<&str> = before.split_inclusive('\n').collect();
        let mut after: Vec<&str> = after.split_inclusive('\n').collect();
        let pairs = before.iter().zip(&after);
        let same = pairs.take_while(|(one, other)| one == other).count();
        let (rest, other) = (&before[same..], &after[same..]);
        let pairs = rest.iter().rev().zip(other.iter().rev());
        let last = pairs.take_while(|(one, other)| one == other).count();
        before.truncate(before.len() - last);
        after.truncate(after.len() - last);
        Self {
            same,
            before: before.split_off(same),
            after: after.split_off(same),
        }
    }

    /// Whether it takes too long to find the fewest lines that differ.
    pub fn is_too_much(&self) -> bool {
        !self.before.is_empty() && !self.after.is_empty() && self.before.len() + self.after.len() > MAX_LINES
    }

    /// All of it, from the file `old` to `new`.
    fn unified(&self, old: &str, new: &str) -> String {
        let (first, before, after) = (self.same + 1, self.before.len(), self.after.len());
        let mut out = format!("--- {old}\n+++ {new}\n@@ -{first},{before} +{first},{after} @@\n");
        let lines = self.before.iter().map(|line| ('-', line));
        for (sign, line) in lines.chain(self.after.iter().map(|line| ('+', line))) {
            let end = if line.ends_with('\n') {
                ""
            } else {
                "\n\\ No newline at end of file\n"
            };
            // Writing to a string cannot fail.
            let _ = write!(out, "{sign}{line}{end}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_all_over_are_shown_as_all_their_lines() {
        let text = |numbers: &mut dyn Iterator<Item = usize>| -> String {
            numbers.map(|n| format!("{n}\n")).collect()
        };
        let (long, count) = (text(&mut (0..100_000)), 100_000);
        let turned = text(&mut (0..100_000).rev());
        let shown = file(
            "a",
            "change",
            format!("same\n{long}end").as_bytes(),
            format!("same\n{turned}end").as_bytes(),
        );
        assert_eq!((shown.added, shown.removed), (count, count));
        let mut lines = shown.unified.lines().skip(2);
        assert_eq!(lines.next(), Some("@@ -2,100000 +2,100000 @@"));
        assert_eq!((lines.next(), lines.last()), (Some("-0"), Some("+0")));
        assert_eq!(
            diffy::apply(
                &format!("same\n{long}end"),
                &diffy::Patch::from_str(&shown.unified).unwrap()
            )
            .unwrap(),
            format!("same\n{turned}end")
        );
        // One line more in as long a text is one line.
        let more = long.replace("\n77\n", "\n77\n77a\n");
        assert_eq!(file("a", "change", long.as_bytes(), more.as_bytes()).added, 1);
        // So are all lines of a new file.
        assert_eq!(file("a", "create", b"", long.as_bytes()).added, count);
        let ends = file(
            "a",
            "change",
            format!("{long}a").as_bytes(),
            format!("{turned}b").as_bytes(),
        );
        assert!(ends.unified.ends_with("+b\n\\ No newline at end of file\n"));
    }
}
