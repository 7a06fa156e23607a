//! The lists that hold entries, and which of them is the one.

use std::collections::{BTreeMap, BTreeSet};

use tenon_text::diag::Span;

use super::document::Document;
use super::extent::{Holder, Match};
use super::refusal::Why;
use super::scope::Scope;

/// Entries in lines that are further apart than this are two lists.
const MAX_LINES: usize = 3;

/// A list of entries.
#[derive(Clone, Debug)]
pub struct List<'m> {
    /// Its entries, in the order of the text.
    pub entries: Vec<&'m Match>,
    /// How many different members it holds; of entries if none is known to be a member's.
    pub members: usize,
    pub(super) holder: Holder,
}

impl List<'_> {
    /// From its first entry to its last.
    pub fn span(&self) -> Span {
        let ends = self.entries.iter().map(|entry| entry.extent);
        ends.reduce(|all, this| Span::new(all.start, this.end))
            .unwrap_or_default()
    }
}

/// The lists that hold `matches`, the one with the most members first. In a scope only those that stand directly in it: in its brackets,
/// or in its statements but not in a block inside.
pub fn lists<'m>(doc: &Document, matches: &'m [Match], scope: Option<&Scope>) -> Vec<List<'m>> {
    let mut groups: Vec<List<'m>> = Vec::new();
    let mut by_holder: BTreeMap<usize, usize> = BTreeMap::new();
    let mut last: Option<(usize, usize)> = None;
    for entry in matches {
        if scope.is_some_and(|scope| !scope.may_hold(doc, entry)) {
            continue;
        }
        let known = match entry.holder {
            Holder::Node(id) => by_holder.get(&id).copied(),
            Holder::Lines => last
                .filter(|(_, end)| {
                    let between = &doc.text[(*end).min(entry.extent.start)..entry.extent.start];
                    entry.is_section || between.matches('\n').count() <= MAX_LINES
                })
                .map(|(at, _)| at),
        };
        let at = known.unwrap_or_else(|| {
            groups.push(List {
                entries: vec![],
                members: 0,
                holder: entry.holder,
            });
            groups.len() - 1
        });
        match entry.holder {
            Holder::Node(id) => _ = by_holder.insert(id, at),
            Holder::Lines => last = Some((at, entry.extent.end)),
        }
        groups[at].entries.push(entry);
    }
    let any = matches.iter().any(|entry| entry.member.is_some());
    for list in &mut groups {
        list.members = if any {
            let members: BTreeSet<usize> = list.entries.iter().filter_map(|entry| entry.member).collect();
            members.len()
        } else {
            list.entries.len()
        };
    }
    groups.retain(|list| list.members > 0);
    groups.sort_by_key(|list| (std::cmp::Reverse(list.members), list.span().start));
    groups
}

/// The list that holds the most members; nothing when there is none.
///
/// # Errors
/// If two lists hold as many: a scope has to say which it is.
pub fn choose<'l, 'm>(lists: &'l [List<'m>]) -> Result<Option<&'l List<'m>>, Why> {
    let Some(best) = lists.first() else {
        return Ok(None);
    };
    let same = lists.iter().filter(|list| list.members == best.members);
    let same: Vec<Span> = same.map(List::span).collect();
    if same.len() > 1 {
        Err(Why::Ambiguous(same))
    } else {
        Ok(Some(best))
    }
}
