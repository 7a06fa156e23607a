//! Whose entry it is.

use std::collections::{BTreeSet, HashMap};

use tenon_text::names::normal;

use super::extent::Match;

/// A member that entries may belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// What the holes hold for this member: the hole's number and the text, in any spelling. A hole may have several texts. Holes
    /// that do not say which member it is are left out.
    pub values: Vec<(usize, String)>,
}

/// A spelling of a member's name that was found beside one that is known: `PagerDuty`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The number of the candidate.
    pub member: usize,
    /// The hole.
    pub hole: usize,
    /// What it holds.
    pub text: String,
}

/// Why an entry belongs to no candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unassigned {
    /// Its holes name different members.
    Disagree,
    /// It names no candidate: it is out of date, or no member's.
    Unknown,
}

/// Says of each match which candidate it belongs to ([`Match::member`]), and returns why not of the others, by the number of the match.
///
/// Names are compared by their letters and digits, without regard to case. Strict holes must agree; they decide, and what stands
/// in the others becomes an alias. Where there is no strict hole that a candidate has a value for, the others decide.
pub fn assign(matches: &mut [Match], candidates: &[Candidate]) -> (Vec<(usize, Unassigned)>, Vec<Alias>) {
    let mut known: HashMap<(usize, String), BTreeSet<usize>> = HashMap::new();
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    for (member, candidate) in candidates.iter().enumerate() {
        for (hole, text) in &candidate.values {
            known.entry((*hole, normal(text))).or_default().insert(member);
            asked.insert(*hole);
        }
    }
    let (mut unassigned, mut aliases) = (Vec::new(), Vec::new());
    for (number, entry) in matches.iter_mut().enumerate() {
        let values = entry.values.iter().filter(|value| asked.contains(&value.hole.id));
        let (strict, free): (Vec<_>, Vec<_>) = values.partition(|value| value.hole.spelling.is_strict());
        let deciding = if strict.is_empty() { &free } else { &strict };
        let none = BTreeSet::new();
        let sets = deciding
            .iter()
            .map(|value| known.get(&(value.hole.id, normal(&value.text))).unwrap_or(&none));
        let sets: Vec<&BTreeSet<usize>> = sets.collect();
        let common = sets.split_first().map(|(first, rest)| {
            let all = first
                .iter()
                .filter(|member| rest.iter().all(|set| set.contains(member)));
            all.copied().collect::<Vec<usize>>()
        });
        entry.member = match common.as_deref() {
            Some([member]) => Some(*member),
            _ => None,
        };
        let Some(member) = entry.member else {
            let named: BTreeSet<&BTreeSet<usize>> =
                sets.iter().copied().filter(|set| !set.is_empty()).collect();
            let why = if named.is_empty() {
                Unassigned::Unknown
            } else {
                Unassigned::Disagree
            };
            unassigned.push((number, why));
            continue;
        };
        for value in &free {
            let said = known.get(&(value.hole.id, normal(&value.text)));
            if !said.is_some_and(|set| set.contains(&member)) {
                aliases.push(Alias {
                    member,
                    hole: value.hole.id,
                    text: value.text.clone(),
                });
            }
        }
    }
    (unassigned, aliases)
}
