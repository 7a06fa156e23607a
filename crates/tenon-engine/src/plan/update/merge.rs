//! Three-way merge of texts.

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
/// Line ends are those of `ours`. Overlapping changes are written between conflict markers, with the base.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merged {
    let mut options = MergeOptions::new();
    options.set_conflict_style(ConflictStyle::Diff3);
    let (text, conflicts) = match options.merge(&with_lf(base), &with_lf(ours), &with_lf(theirs)) {
        Ok(text) => (text, false),
        Err(text) => (text, true),
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
    fn the_same_change_twice_is_one() {
        let merged = merge("a\nb\n", "a\nc\n", "a\nc\n");
        assert_eq!((merged.text.as_str(), merged.conflicts), ("a\nc\n", false));
    }
}
