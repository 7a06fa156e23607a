//! The bytes of a fuzzer as texts: parted by 0xFF, which no UTF-8 has.

use tenon_syntax::language::Lang;
use tenon_syntax::languages::ALL;

/// The parts of an input; what is missing is empty, what is no UTF-8 is made so.
pub struct Input<'a> {
    parts: Vec<&'a [u8]>,
    at: usize,
}

impl<'a> Input<'a> {
    /// The parts of `data`.
    pub fn new(data: &'a [u8]) -> Self {
        Self {
            parts: data.split(|byte| *byte == 0xff).collect(),
            at: 0,
        }
    }

    /// The next part, as text.
    pub fn text(&mut self) -> String {
        let part = self.parts.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        String::from_utf8_lossy(part).into_owned()
    }

    /// The next part, as a number.
    pub fn number(&mut self) -> usize {
        let part = self.parts.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        part.iter()
            .take(4)
            .fold(0, |sum, byte| sum * 256 + usize::from(*byte))
    }

    /// The next part, as a language: `0` is the first one.
    pub fn grammar(&mut self) -> Lang {
        ALL[self.number().wrapping_sub(usize::from(b'0')) % ALL.len()]
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.at >= self.parts.len()
    }
}
