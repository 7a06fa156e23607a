//! What was made of the last texts, so that a file that many members share is parsed once, and not for each of them.

use std::collections::VecDeque;

/// What was made of the last texts, the oldest first.
pub(crate) struct Recent<T> {
    known: VecDeque<(&'static str, Box<str>, T)>,
    /// How long the texts are together, in bytes.
    size: usize,
    most: usize,
    most_bytes: usize,
}

impl<T: Clone> Recent<T> {
    /// Nothing yet. At most `most` texts of together `most_bytes` are remembered; the last one in any case.
    pub const fn new(most: usize, most_bytes: usize) -> Self {
        Self {
            known: VecDeque::new(),
            size: 0,
            most,
            most_bytes,
        }
    }

    /// What was made of `text` for `purpose`, and is remembered as the last.
    pub fn get(&mut self, purpose: &'static str, text: &str) -> Option<T> {
        let same = |(of, known, _): &(&str, Box<str>, T)| *of == purpose && **known == *text;
        let found = self.known.remove(self.known.iter().position(same)?)?;
        let made = found.2.clone();
        self.known.push_back(found);
        Some(made)
    }

    /// Remembers what was made of `text`, and forgets the oldest where that is too much.
    pub fn put(&mut self, purpose: &'static str, text: &str, made: T) {
        self.size += text.len();
        while self.known.len() >= self.most || self.size > self.most_bytes {
            let Some((_, oldest, _)) = self.known.pop_front() else {
                break;
            };
            self.size -= oldest.len();
        }
        self.known.push_back((purpose, text.into(), made));
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn the_last_texts_are_known_and_the_oldest_goes_first() {
        let mut recent = Recent::new(2, 10);
        for (text, made) in [("a", 1), ("b", 2)] {
            recent.put("x", text, made);
        }
        assert_eq!((recent.get("x", "a"), recent.get("y", "a")), (Some(1), None));
        recent.put("x", "c", 3);
        assert_eq!((recent.get("x", "b"), recent.get("x", "a")), (None, Some(1)));
        recent.put("x", "longer than ten", 4);
        assert_eq!(recent.get("x", "a"), None);
        assert_eq!(recent.get("x", "longer than ten"), Some(4));
        recent.put("x", "d", 5);
        assert_eq!(recent.get("x", "longer than ten"), None);
        assert_eq!((recent.get("x", "d"), recent.size), (Some(5), 1));
    }
}
