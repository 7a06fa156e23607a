//! The order of a list, and the place of a new entry in it.

use std::cmp::Ordering;

use tenon_text::names::normal;

/// Of how many entries in ten the order must hold for a new one to take its place in it.
const NEARLY: f64 = 0.9;

/// How two texts are compared.
const COMPARISONS: [fn(&str) -> Key; 4] = [
    |text| Key(vec![text.to_owned()]),
    |text| Key(vec![text.to_lowercase()]),
    |text| {
        let lower = text.to_lowercase();
        let segments = lower.split(|c: char| !c.is_alphanumeric());
        Key(segments
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned)
            .collect())
    },
    |text| Key(vec![normal(text)]),
];

/// What is compared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Vec<String>);

/// Where `new` goes in `rows`: before the row of that number. Rows and `new` have as many columns: by one of them the rows are
/// sorted or nearly so, else the new one is the last.
pub(super) fn place(rows: &[Vec<String>], new: &[String]) -> usize {
    let mut best: Option<(f64, Vec<Key>, Key)> = None;
    for column in 0..new.len() {
        // What is the same in all rows says nothing.
        let distinct = rows.iter().any(|row| row[column] != rows[0][column]);
        if rows.len() > 1 && !distinct {
            continue;
        }
        for compare in COMPARISONS {
            let keys: Vec<Key> = rows.iter().map(|row| compare(&row[column])).collect();
            let sorted = longest_rising(&keys) as f64 / rows.len().max(1) as f64;
            if best.as_ref().is_none_or(|(most, ..)| sorted > *most + 1e-9) {
                best = Some((sorted, keys, compare(&new[column])));
            }
        }
    }
    match best {
        Some((sorted, keys, new)) if sorted >= NEARLY => nearest(&keys, &new),
        _ => rows.len(),
    }
}

/// How long the longest run of keys is that does not fall, others left out.
fn longest_rising(keys: &[Key]) -> usize {
    let mut ends: Vec<&Key> = Vec::new();
    for key in keys {
        let at = ends.partition_point(|end| *end <= key);
        if at == ends.len() {
            ends.push(key);
        } else {
            ends[at] = key;
        }
    }
    ends.len()
}

/// The place with the fewest keys on the wrong side; of several the one behind the predecessor.
fn nearest(keys: &[Key], new: &Key) -> usize {
    let mut cost = keys.iter().filter(|key| *key <= new).count();
    let mut costs = vec![cost];
    for key in keys {
        match key.cmp(new) {
            Ordering::Greater => cost += 1,
            _ => cost -= 1,
        }
        costs.push(cost);
    }
    let least = costs.iter().min().copied().unwrap_or_default();
    let places: Vec<usize> = (0..costs.len()).filter(|at| costs[*at] == least).collect();
    let between =
        |at: &&usize| **at > 0 && keys[**at - 1] <= *new && keys.get(**at).is_none_or(|next| next > new);
    places
        .iter()
        .find(between)
        .or(places.last())
        .copied()
        .unwrap_or(keys.len())
}

/// What occurs most often, the first of several.
pub(super) fn most_common<T: PartialEq>(items: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for item in items {
        match counts.iter_mut().find(|(known, _)| *known == item) {
            Some((_, count)) => *count += 1,
            None => counts.push((item, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts
        .into_iter()
        .find(|(_, count)| *count == most)
        .map(|(item, _)| item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(rows: &[&str], new: &str) -> usize {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| vec![(*row).to_owned()]).collect();
        place(&rows, &[new.to_owned()])
    }

    #[test]
    fn a_list_with_one_entry_out_of_order_is_nearly_sorted() {
        let list = [
            "alpha", "ant", "anchor", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis",
        ];
        assert_eq!(placed(&list, "cow"), 5);
        assert_eq!(placed(&list, "zebra"), 11);
        assert_eq!(placed(&list, "aardvark"), 0);
    }

    #[test]
    fn names_are_compared_by_segment() {
        let list = ["./go/", "./go-module/", "./gopher/", "./helm/"];
        assert_eq!(placed(&list, "./go-zap/"), 2);
        assert_eq!(placed(&list, "./gop/"), 2);
    }

    #[test]
    fn what_is_in_no_order_gets_new_entries_last() {
        assert_eq!(placed(&["c", "a", "d", "b"], "aa"), 4);
        assert_eq!(placed(&[], "a"), 0);
    }
}
