//! Reads an edit back: the outcome must be the old text plus or minus exactly one entry.

use tenon_text::diag::{TextEdit, apply_edits};

use super::document::Document;
use super::example::Example;
use super::extent::{Holder, Match};
use super::refusal::Why;

/// What an edit is to do.
pub(super) enum Change<'a> {
    /// One more entry, whose holes hold this. It stands in the list of the entry of that number, or in the scope that begins there.
    Added {
        values: &'a [String],
        beside: Option<usize>,
        into: Option<usize>,
    },
    /// The entry of that number is gone.
    Removed(usize),
}

/// What the holes of an entry hold.
pub(super) fn texts(entry: &Match) -> Vec<&str> {
    entry.values.iter().map(|value| value.text.as_str()).collect()
}

/// Checks what `edits` make of `doc`.
pub(super) fn read_back(
    doc: &Document,
    example: &Example,
    old: &[Match],
    edits: &[TextEdit],
    change: &Change<'_>,
) -> Result<(), Why> {
    let text = apply_edits(&doc.text, edits).map_err(|_| Why::Unproved("its parts overlap"))?;
    let after = Document::new(text, doc.syntax);
    if after.errors > doc.errors
        || after.problem().is_some()
        || (after.nodes.is_empty() && !doc.nodes.is_empty())
    {
        return Err(Why::Unproved("the file would have a syntax error"));
    }
    let found = after.find(example, None);
    if !found.complete {
        return Err(Why::Unproved("the file cannot be read"));
    }
    let new = &found.matches;
    let others = Why::Unproved("other entries would change");
    match change {
        Change::Removed(gone) => {
            let kept = old.iter().enumerate().filter(|(number, _)| number != gone);
            if !kept.map(|(_, entry)| texts(entry)).eq(new.iter().map(texts)) {
                return Err(others);
            }
        }
        Change::Added { values, beside, into } => {
            let same = old
                .iter()
                .zip(new)
                .take_while(|(old, new)| texts(old) == texts(new))
                .count();
            // Entries may hold the same: the new one is among equal ones up to the first that differs.
            let is_new = |at: &usize| {
                new.len() == old.len() + 1
                    && texts(&new[*at]).iter().eq(values.iter())
                    && old[*at..].iter().map(texts).eq(new[at + 1..].iter().map(texts))
            };
            let Some(at) = (0..=same).rev().filter(|at| *at < new.len()).find(is_new) else {
                return Err(if new.len() == old.len() {
                    Why::Unproved("the new entry would not be found")
                } else {
                    others
                });
            };
            let entry = &new[at];
            if !entry.is_element {
                return Err(Why::Unproved("the new entry would be no element of a list"));
            }
            let sibling = beside.map(|beside| if beside >= at { beside + 1 } else { beside });
            let is_beside = sibling
                .is_none_or(|sibling| new.get(sibling).is_some_and(|other| other.holder == entry.holder));
            let is_inside = into.is_none_or(|start| match entry.holder {
                Holder::Lines => true,
                Holder::Node(id) => {
                    let node = &after.nodes[id];
                    node.start <= start + 1 || after.nodes[node.parent].start < start
                }
            });
            if !is_beside || !is_inside {
                return Err(Why::Unproved("the new entry would be in another list"));
            }
        }
    }
    Ok(())
}
