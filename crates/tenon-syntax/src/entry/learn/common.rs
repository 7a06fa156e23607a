//! What several sequences have in common.

use std::collections::{BTreeMap, BTreeSet};

/// Sequences longer than this are not compared.
pub(super) const MAX_LENGTH: usize = 320;
/// Most different sequences that are compared with one.
const MAX_SEQUENCES: usize = 200;
/// The share of members that must have a symbol, in percent.
const USUAL: usize = 75;
/// The share of members with which a symbol is tried again if too few have all symbols.
const NEARLY_ALL: usize = 90;

/// A sequence of symbols, and the member whose it is.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    pub symbols: Vec<u32>,
    pub member: usize,
}

/// What sequences have in common.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// The number of the sequence that serves as the example: most others are like it.
    pub example: usize,
    /// For each symbol of the example, whether nearly all sequences have it.
    pub kept: Vec<bool>,
    /// For each kept symbol, whether many sequences have further symbols before it; one item more, for symbols behind the last.
    pub more: Vec<bool>,
    /// The numbers of the sequences that have all kept symbols.
    pub having: Vec<usize>,
}

/// For each symbol of `one` the place of its like in `other`, so that as many as possible have one.
pub(super) fn align(one: &[u32], other: &[u32]) -> Vec<Option<usize>> {
    let mut out = vec![None; one.len()];
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (a, b) = (&one[start..], &other[start..]);
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    for (at, place) in out.iter_mut().enumerate().take(start) {
        *place = Some(at);
    }
    for back in 1..=end {
        out[one.len() - back] = Some(other.len() - back);
    }
    // The longest common subsequence of what is left.
    let width = b.len() + 1;
    let mut best = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i * width + j] = if a[i] == b[j] {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            out[start + i] = Some(start + j);
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

/// What at least three quarters of the members have in common, shown by the sequence that most others are like, or the shortest.
/// `pairs` gives, for a sequence, the places of its brackets that belong together: of such a pair both are kept or none, and what
/// stands between goes with them.
pub(super) fn common(sequences: &[Sequence], pairs: &dyn Fn(usize) -> Vec<(usize, usize)>) -> Option<Common> {
    let mut copies: BTreeMap<&[u32], (usize, BTreeSet<usize>)> = BTreeMap::new();
    for (number, sequence) in sequences.iter().enumerate() {
        let entry = copies.entry(&sequence.symbols);
        let (_, members) = entry.or_insert((number, BTreeSet::new()));
        members.insert(sequence.member);
    }
    let mut different: Vec<(&[u32], usize, BTreeSet<usize>)> = copies
        .into_iter()
        .map(|(symbols, (number, members))| (symbols, number, members))
        .collect();
    different
        .sort_by_key(|(symbols, number, members)| (std::cmp::Reverse(members.len()), symbols.len(), *number));
    different.truncate(MAX_SEQUENCES);
    let (symbols, example, _) = different.first()?;
    let (symbols, example) = (*symbols, *example);
    let all: BTreeSet<usize> = sequences.iter().map(|sequence| sequence.member).collect();
    let aligned: Vec<Vec<Option<usize>>> = different
        .iter()
        .map(|(other, ..)| align(symbols, other))
        .collect();
    let brackets = pairs(example);
    for share in [USUAL, NEARLY_ALL] {
        let mut kept: Vec<bool> = (0..symbols.len())
            .map(|at| {
                let having = different
                    .iter()
                    .zip(&aligned)
                    .filter(|(_, places)| places[at].is_some());
                let members: BTreeSet<usize> = having
                    .flat_map(|((.., members), _)| members.iter().copied())
                    .collect();
                members.len() * 100 >= all.len() * share
            })
            .collect();
        for (open, close) in &brackets {
            if !(kept[*open] && kept[*close]) {
                kept[*open..=*close].fill(false);
            }
        }
        let has_all = |places: &Vec<Option<usize>>| {
            kept.iter()
                .zip(places)
                .all(|(is_kept, place)| !is_kept || place.is_some())
        };
        let whole: Vec<usize> = (0..different.len()).filter(|at| has_all(&aligned[*at])).collect();
        let members: BTreeSet<usize> = whole
            .iter()
            .flat_map(|at| different[*at].2.iter().copied())
            .collect();
        if members.len() * 100 < all.len() * USUAL && share == USUAL {
            continue;
        }
        let more = more(&kept, &whole, &different, &aligned);
        let having = (0..sequences.len()).filter(|number| {
            whole
                .iter()
                .any(|at| different[*at].0 == sequences[*number].symbols)
        });
        let having = having.collect();
        return Some(Common {
            example,
            kept,
            more,
            having,
        });
    }
    None
}

/// Before which kept symbols a fifth of the members has symbols that the example has not.
fn more(
    kept: &[bool],
    whole: &[usize],
    different: &[(&[u32], usize, BTreeSet<usize>)],
    aligned: &[Vec<Option<usize>>],
) -> Vec<bool> {
    let places: Vec<usize> = (0..kept.len()).filter(|at| kept[*at]).collect();
    let total: usize = whole.iter().map(|at| different[*at].2.len()).sum();
    let mut counts = vec![0_usize; places.len() + 1];
    for at in whole {
        let (other, _, members) = &different[*at];
        let mut from = 0;
        for (number, place) in places.iter().enumerate() {
            let to = aligned[*at][*place].unwrap_or(from);
            if to > from {
                counts[number] += members.len();
            }
            from = to + 1;
        }
        if other.len() > from {
            counts[places.len()] += members.len();
        }
    }
    counts.into_iter().map(|count| count * 5 > total).collect()
}

#[cfg(test)]
mod tests {
    use super::{Sequence, align, common};

    #[test]
    fn as_many_as_possible_are_aligned() {
        assert_eq!(
            align(&[1, 2, 3, 4], &[1, 9, 3, 4, 5]),
            [Some(0), None, Some(2), Some(3)]
        );
        assert_eq!(align(&[1, 2], &[]), [None, None]);
        assert_eq!(align(&[7, 1, 2, 8], &[1, 2]), [None, Some(0), Some(1), None]);
    }

    #[test]
    fn what_most_members_have_is_common_and_brackets_stay_together() {
        let sequence = |member: usize, symbols: &[u32]| Sequence {
            symbols: symbols.to_vec(),
            member,
        };
        let all = [
            sequence(0, &[1, 10, 5, 11, 2]),
            sequence(1, &[1, 10, 6, 11, 2]),
            sequence(2, &[1, 10, 7, 7, 11, 2]),
            sequence(3, &[1, 10, 8, 11, 2]),
        ];
        let found = common(&all, &|_| vec![(1, 3)]).unwrap();
        assert_eq!(found.kept, [true, true, false, true, true]);
        assert_eq!(found.having.len(), 4);
        // One in four has no brackets, and two have others: they are not common, nor is what they hold.
        let all = [
            sequence(0, &[1, 10, 5, 11, 2]),
            sequence(1, &[1, 2]),
            sequence(2, &[1, 5, 2]),
            sequence(3, &[1, 5, 2]),
        ];
        let found = common(&all, &|number| if number == 0 { vec![(1, 3)] } else { vec![] }).unwrap();
        assert_eq!(all[found.example].symbols, [1, 5, 2]);
        assert_eq!(found.kept, [true, true, true]);
    }
}
