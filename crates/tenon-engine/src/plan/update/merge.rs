//! Three-way merge of texts.

use crate::plan::Apart;
use diffy::{ConflictStyle, MergeOptions};
use tenon_text::format::{with_lf, with_line_ends_of};

/// A merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The text, with conflict markers where changes overlap.
    pub text: String,
    /// Whether any changes overlap.
    pub conflicts: bool,
}

/// Merges the changes from `base` to `ours`, made by people, with those to `theirs`, made by the pack.
///
/// Line ends are those of `ours`. Overlapping changes are written between conflict markers, with the base; so are the whole texts, if very many
/// lines differ.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merged {
    let mut options = MergeOptions::new();
    options.set_conflict_style(ConflictStyle::Diff3);
    let (base, lf, theirs) = (with_lf(base), with_lf(ours), with_lf(theirs));
    let is_too_much = |other| Apart::of(&base, other).is_too_much();
    let (text, conflicts) = if is_too_much(&lf) || is_too_much(&theirs) {
        let line_end = |text: &str| {
            if text.ends_with('\n') || text.is_empty() {
                ""
            } else {
                "\n"
            }
        };
        let text = format!(
            "<<<<<<< ours\n{lf}{}||||||| original\n{base}{}=======\n{theirs}{}>>>>>>> theirs\n",
            line_end(&lf),
            line_end(&base),
            line_end(&theirs)
        );
        (text, true)
    } else {
        match options.merge(&base, &lf, &theirs) {
            Ok(text) => (text, false),
            Err(text) => (text, true),
        }
    };
    Merged {
        text: with_line_ends_of(&text, ours),
        conflicts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_apart_go_together_and_keep_the_line_ends() {
        let merged = merge("a\nb\nc\nd\n", "A\r\nb\r\nc\r\nd\r\n", "a\nb\nc\nD\n");
        assert_eq!(merged.text, "A\r\nb\r\nc\r\nD\r\n");
        assert!(!merged.conflicts);
        let merged = merge("a\nb\nc\nd\n", "A\r\nb\nc\r\nd\n", "a\nb\nc\nD\n");
        assert_eq!(merged.text, "A\r\nb\nc\r\nD\n");
    }

    #[test]
    fn changes_at_one_place_stand_between_markers() {
        let merged = merge("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n");
        assert!(merged.conflicts);
        for line in ["<<<<<<< ", "||||||| ", "=======", ">>>>>>> "] {
            assert!(
                merged.text.lines().any(|own| own.starts_with(line)),
                "{}",
                merged.text
            );
        }
    }

    #[test]
    fn texts_that_differ_all_over_stand_between_markers_as_a_whole() {
        let text = |mark: &str| -> String { (0..50_000).map(|n| format!("{mark}{n}\n")).collect() };
        let (base, ours) = (text("a"), text("b"));
        let merged = merge(&base, &ours, &base.replace("a7\n", "c\n"));
        assert!(merged.conflicts);
        assert!(merged.text.starts_with("<<<<<<< ours\nb0\n"));
        assert!(
            merged.text.contains("||||||| original\na0\n")
                && merged.text.ends_with("a49999\n>>>>>>> theirs\n")
        );
        // What only one side has is no conflict, however long.
        let merged = merge(&base, &format!("{base}{ours}"), &base.replace("a7\n", "c\n"));
        assert!(!merged.conflicts);
    }

    #[test]
    fn the_same_change_twice_is_one() {
        let merged = merge("a\nb\n", "a\nc\n", "a\nc\n");
        assert_eq!((merged.text.as_str(), merged.conflicts), ("a\nc\n", false));
    }
}
