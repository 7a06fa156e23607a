//! A quick digest of 64 bits, for what nobody makes to deceive: what is remembered lies in the user's own directory.

/// Odd numbers without a pattern: the digits of pi.
const KEYS: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345];

/// A digest that grows word by word.
#[derive(Clone, Copy, Debug)]
pub struct Mix(u64);

impl Default for Mix {
    fn default() -> Self {
        Self(KEYS[0])
    }
}

impl Mix {
    /// Adds a word. Both halves of a product of 128 bits together depend on every bit of both factors.
    #[inline(always)]
    pub fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(KEYS[1]);
        let halves = product as u64 ^ (product >> 64) as u64;
        self.0 = halves.wrapping_add(KEYS[0]).rotate_left(23);
    }

    /// The digest of what was added.
    #[inline]
    pub fn digest(&self) -> u64 {
        let mut last = *self;
        last.add(KEYS[0]);
        last.0
    }

    /// The digest of a text.
    pub fn of(text: &str) -> u64 {
        let mut mix = Self::default();
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        for word in words {
            mix.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        mix.add(u64::from_le_bytes(last));
        mix.add(text.len() as u64);
        mix.digest()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn one_bit_makes_another_digest() {
        let text = "what is remembered of a host ".repeat(40);
        let mut all = BTreeSet::from([Mix::of(&text)]);
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                all.insert(Mix::of(&String::from_utf8(bytes).unwrap()));
            }
            all.insert(Mix::of(&text[..at]));
        }
        assert_eq!(all.len(), 1 + 8 * text.len());
    }

    #[test]
    fn numbers_that_differ_little_have_digests_that_differ() {
        let mut all = BTreeSet::new();
        for a in 0..200_u64 {
            for b in 0..200_u64 {
                let mut mix = Mix::default();
                for word in [a, b, a ^ b, 1_700_000_000_000_000_000 + a] {
                    mix.add(word);
                }
                all.insert(mix.digest());
            }
        }
        assert_eq!(all.len(), 40_000);
    }
}
