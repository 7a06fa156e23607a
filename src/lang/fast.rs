//! A quick hash of 64 bits: for maps whose keys are paths, names and texts of a host, and for what is remembered. It is no
//! guard against anyone who makes texts to deceive: what is remembered lies in the user's own directory.

use std::hash::{BuildHasherDefault, Hasher};

/// Hashes eight bytes in a step.
pub type Fast = BuildHasherDefault<Quick>;

/// The hash so far. It is the same in every run and on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Quick(u64);

/// Odd numbers without a pattern: the digits of pi.
const KEYS: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345];

impl Default for Quick {
    fn default() -> Self {
        Self(KEYS[0])
    }
}

impl Quick {
    /// Adds a word. Both halves of a product of 128 bits together depend on every bit of both factors.
    #[inline(always)]
    pub fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(KEYS[1]);
        let halves = product as u64 ^ (product >> 64) as u64;
        self.0 = halves.wrapping_add(KEYS[0]).rotate_left(23);
    }

    /// The hash of a text.
    pub fn of(text: &str) -> u64 {
        let mut quick = Self::default();
        quick.write(text.as_bytes());
        quick.finish()
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        // What is left, and how much it was: a text that ends in zeros is another one.
        self.add(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u16(&mut self, word: u16) {
        self.add(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        let mut last = *self;
        last.add(KEYS[0]);
        last.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};
    use std::hash::BuildHasher;

    use super::*;

    #[test]
    fn texts_that_are_nearly_alike_have_hashes_of_their_own() {
        let hash = |text: &str| Fast::default().hash_one(text);
        let names = (0..100_000).map(|n| format!("packages/integrations/unit-{n:05}/src/index.ts"));
        let mut all: Vec<String> = names.collect();
        all.extend((0..64).map(|n| "\0".repeat(n)));
        let hashes: HashSet<u64> = all.iter().map(|text| hash(text)).collect();
        assert_eq!(hashes.len(), all.len());
        // What maps look at first are the upper and the lower bits.
        let lower: HashSet<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
        let upper: HashSet<u64> = hashes.iter().map(|hash| hash >> 48).collect();
        assert!(
            lower.len() > 45_000 && upper.len() > 45_000,
            "{} {}",
            lower.len(),
            upper.len()
        );
    }

    #[test]
    fn one_bit_makes_another_digest() {
        let text = "what is remembered of a host ".repeat(40);
        let mut all = BTreeSet::from([Quick::of(&text)]);
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                all.insert(Quick::of(&String::from_utf8(bytes).unwrap()));
            }
            all.insert(Quick::of(&text[..at]));
        }
        assert_eq!(all.len(), 1 + 8 * text.len());
    }

    #[test]
    fn numbers_that_differ_little_have_digests_that_differ() {
        let mut all = BTreeSet::new();
        for a in 0..200_u64 {
            for b in 0..200_u64 {
                let mut mix = Quick::default();
                for word in [a, b, a ^ b, 1_700_000_000_000_000_000 + a] {
                    mix.add(word);
                }
                all.insert(mix.finish());
            }
        }
        assert_eq!(all.len(), 40_000);
    }
}
