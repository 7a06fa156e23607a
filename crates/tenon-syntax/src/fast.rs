//! A quick hash of 64 bits: for maps whose keys are paths, names and texts of a host, and for what is remembered. It is no
//! guard against anyone who makes texts to deceive: what is remembered lies in the user's own directory.

use std::hash::{BuildHasherDefault, Hasher};

/// Hashes sixteen bytes in a step.
pub type Fast = BuildHasherDefault<Quick>;

/// The hash so far. It is the same in every run and on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Quick(u64);

/// Odd numbers without a pattern: the digits of pi. What has the second of them where it is multiplied with makes all
/// before it forgotten; its bytes are no UTF-8, so no text has.
const KEYS: [u64; 5] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7345,
    0xa409_3822_299f_31d1,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
];
/// From how many bytes on a text is hashed in four lanes side by side: each step waits for the one before.
const LONG: usize = 128;

impl Default for Quick {
    fn default() -> Self {
        Self(KEYS[0])
    }
}

impl Quick {
    /// Adds a word. Both halves of a product of 128 bits together depend on every bit of both factors.
    #[inline(always)]
    pub fn add(&mut self, word: u64) {
        self.add_two(word, 0);
    }

    /// Adds two words by one product.
    #[inline(always)]
    fn add_two(&mut self, one: u64, other: u64) {
        let product = u128::from(self.0 ^ one) * u128::from(KEYS[1] ^ other);
        let halves = product as u64 ^ (product >> 64) as u64;
        self.0 = halves.wrapping_add(KEYS[0]).rotate_left(23);
    }

    /// Adds all of `bytes` that fills eight words at a time; what is left.
    fn add_long<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let mut lanes = [KEYS[1], KEYS[2], KEYS[3], KEYS[4]].map(|key| Self(self.0 ^ key));
        let (blocks, rest) = bytes.as_chunks::<64>();
        for block in blocks {
            let (pairs, _) = block.as_chunks::<16>();
            for (lane, pair) in lanes.iter_mut().zip(pairs) {
                lane.add_pair(pair);
            }
        }
        for lane in lanes {
            self.add(lane.0);
        }
        rest
    }

    #[inline(always)]
    fn add_pair(&mut self, pair: &[u8; 16]) {
        let (words, _) = pair.as_chunks::<8>();
        self.add_two(u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1]));
    }

    /// The hash of a text.
    #[cfg(test)]
    pub fn of(text: &str) -> u64 {
        let mut quick = Self::default();
        quick.write(text.as_bytes());
        quick.finish()
    }
}

impl Hasher for Quick {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        // How much it is belongs to it: a text that ends in zeros is another one.
        self.0 ^= (bytes.len() as u64).wrapping_mul(KEYS[2]);
        let rest = if bytes.len() < LONG {
            bytes
        } else {
            self.add_long(bytes)
        };
        let mut rest = rest;
        while let Some((pair, more)) = rest.split_first_chunk() {
            self.add_pair(pair);
            rest = more;
        }
        // What is left is read from both ends; where both meet, some of it twice.
        if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
            self.add_two(u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        } else if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
            let [first, last] = [first, last].map(|word| u64::from(u32::from_le_bytes(*word)));
            self.add(first << 32 | last);
        } else if let [first, .., last] = rest {
            let middle = rest[rest.len() / 2];
            self.add(u64::from(*first) << 16 | u64::from(middle) << 8 | u64::from(*last));
        } else if let [only] = rest {
            self.add(u64::from(*only));
        }
    }

    /// As a rule one that parts two texts, which what follows mixes in.
    #[inline(always)]
    fn write_u8(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_add(KEYS[3]);
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

    #[inline(always)]
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
    fn no_text_has_the_bytes_that_make_all_before_them_forgotten() {
        assert!(std::str::from_utf8(&KEYS[1].to_le_bytes()).is_err());
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
