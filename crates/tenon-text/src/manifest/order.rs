//! Where a new name goes among names that are there.
//!
//! Knows nothing of syntax. In: names in their order. Out: an index.

/// The place of `new` among `names`: where it sorts if they are sorted by bytes or without regard to case, or if those that
/// begin as it does are, else the end. `None` stands for an entry without a name, which is never sorted. A negation (`!name`) goes to the end, because
/// it takes back what the patterns before it said.
pub(super) fn sorted_place(names: &[Option<&str>], new: Option<&str>) -> usize {
    let end = names.len();
    let (Some(new), Some(names)) = (new, names.iter().copied().collect::<Option<Vec<&str>>>()) else {
        return end;
    };
    if new.starts_with('!') {
        return end;
    }
    if names.is_sorted() {
        return names.partition_point(|name| *name <= new);
    }
    let folded: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    if folded.is_sorted() {
        let new = new.to_lowercase();
        return folded.partition_point(|name| *name <= new);
    }
    among_alike(&names, new).unwrap_or(end)
}

/// So many names that begin alike show that they stand together.
const ALIKE: usize = 3;

/// The place of `new` among those names that begin as it does, if they stand together and are sorted.
fn among_alike(names: &[&str], new: &str) -> Option<usize> {
    let ends = new
        .rmatch_indices(['/', '-', ':', '.', '_'])
        .map(|(at, _)| at + 1);
    for end in ends.filter(|end| *end < new.len()) {
        let is_alike = |name: &str| name.starts_with(&new[..end]);
        let count = names.iter().filter(|name| is_alike(name)).count();
        if count < ALIKE {
            continue;
        }
        let first = names.iter().position(|name| is_alike(name))?;
        let run = names.get(first..first + count)?;
        let together = run.iter().all(|name| is_alike(name)) && run.is_sorted();
        return together.then(|| first + run.partition_point(|name| *name <= new));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sorted_list_is_kept_sorted() {
        let cases: [(&[&str], &str, usize); 10] = [
            (&[], "m", 0),
            (&["a", "z"], "m", 1),
            (&["z", "a"], "m", 2),
            (&["B", "a"], "Z", 1),
            (&["a", "B", "c"], "b", 2),
            (&["a", "b"], "a", 1),
            (&["a", "b"], "!a", 2),
            (&["z", "p/a-a", "p/a-n", "p/a-z", "b"], "p/a-m", 2),
            (&["z", "p/a-a", "p/a-n", "p/a-z", "b"], "p/a-m-m", 2),
            (&["z", "p/a-z", "p/a-n", "p/a-a", "b"], "p/a-m", 5),
        ];
        for (names, new, expected) in cases {
            let names: Vec<Option<&str>> = names.iter().copied().map(Some).collect();
            assert_eq!(sorted_place(&names, Some(new)), expected, "{new} in {names:?}");
        }
        assert_eq!(sorted_place(&[Some("a"), None], Some("A")), 2);
    }
}
