//! Where a new name goes among names that are there.
//!
//! Knows nothing of syntax. In: names in their order. Out: an index.

/// The place of `new` among `names`: where it sorts if they are sorted by bytes or without regard to case, else the
/// end. `None` stands for an entry without a name, which is never sorted. A negation (`!name`) goes to the end, because
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
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sorted_list_is_kept_sorted() {
        let cases: [(&[&str], &str, usize); 7] = [
            (&[], "m", 0),
            (&["a", "z"], "m", 1),
            (&["z", "a"], "m", 2),
            (&["B", "a"], "Z", 1),
            (&["a", "B", "c"], "b", 2),
            (&["a", "b"], "a", 1),
            (&["a", "b"], "!a", 2),
        ];
        for (names, new, expected) in cases {
            let names: Vec<Option<&str>> = names.iter().copied().map(Some).collect();
            assert_eq!(sorted_place(&names, Some(new)), expected, "{new} in {names:?}");
        }
        assert_eq!(sorted_place(&[Some("a"), None], Some("A")), 2);
    }
}
