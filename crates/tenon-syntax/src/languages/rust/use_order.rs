//! The order in which rustfmt puts names and imports: that of style edition 2024, and the one before.

use std::cmp::Ordering;

/// A style edition of rustfmt, as far as order goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Edition {
    /// Up to 2021: `snake_case` before `CamelCase` before `UPPER_CASE`.
    E2021,
    /// From 2024: by characters, numbers by their value.
    #[default]
    E2024,
}

/// Words that stand before all names.
pub(super) fn rank(name: &str) -> usize {
    let first = ["self", "super", "crate"];
    first.iter().position(|word| *word == name).unwrap_or(first.len())
}

/// The order of two names.
pub(super) fn compare_names(a: &str, b: &str, edition: Edition) -> Ordering {
    if edition == Edition::E2024 {
        return version_order(a.trim_start_matches("r#"), b.trim_start_matches("r#"));
    }
    let class = |name: &str| {
        let upper = |c: char| c.is_uppercase() || c == '_' || c.is_numeric();
        if name.chars().all(upper) {
            2
        } else if name.starts_with(char::is_uppercase) {
            1
        } else {
            0
        }
    };
    class(a).cmp(&class(b)).then_with(|| a.cmp(b))
}

/// `a9` before `a10`; an underscore before everything.
fn version_order(a: &str, b: &str) -> Ordering {
    let (a, b) = (chunks(a), chunks(b));
    let mut zeros = Ordering::Equal;
    for (a, b) in a.iter().zip(&b) {
        let order = match (number(a), number(b)) {
            (Some(x), Some(y)) => {
                let leading = |text: &str| text.len() - text.trim_start_matches('0').len();
                zeros = zeros.then(leading(b).cmp(&leading(a)));
                x.cmp(&y)
            }
            _ => match (*a == "_", *b == "_") {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len()).then(zeros)
}

fn number(chunk: &str) -> Option<u128> {
    chunk.parse().ok()
}

/// Underscores one by one, numbers, and what is between them.
fn chunks(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        '_' => 0,
        c if c.is_ascii_digit() => 1,
        _ => 2,
    };
    let mut out = vec![];
    let mut start = 0;
    let mut last: Option<i32> = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if last.is_some_and(|last| last != this || last == 0) {
            out.push(&text[start..at]);
            start = at;
        }
        last = Some(this);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_as_rustfmt_puts_them() {
        let sorted = |edition| {
            let mut names = ["u8", "u128", "a_b", "ab", "Z", "MAX", "u16", "x07", "x7"];
            names.sort_by(|a, b| compare_names(a, b, edition));
            names
        };
        assert_eq!(
            sorted(Edition::E2024),
            ["MAX", "Z", "a_b", "ab", "u8", "u16", "u128", "x07", "x7"]
        );
        assert_eq!(
            sorted(Edition::E2021),
            ["a_b", "ab", "u128", "u16", "u8", "x07", "x7", "MAX", "Z"]
        );
    }
}
