//! Hashes of 64 bits that are no guard against anyone who makes texts to deceive: for maps whose keys are paths, names and
//! texts of a host, and for fingerprints in the user's own cache. They are the same in every run.

use std::hash::{BuildHasherDefault, Hasher};

/// Hashes the keys of maps.
pub type Fast = BuildHasherDefault<rapidhash::fast::RapidHasher<'static>>;

/// Makes fingerprints.
pub type Quick = rapidhash::quality::RapidHasher<'static>;

/// The fingerprint of a text.
pub fn fingerprint(text: &str) -> u64 {
    let mut hasher = Quick::default();
    hasher.write(text.as_bytes());
    hasher.finish()
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
        let mut all = BTreeSet::from([fingerprint(&text)]);
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                all.insert(fingerprint(&String::from_utf8(bytes).unwrap()));
            }
            all.insert(fingerprint(&text[..at]));
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
                    mix.write_u64(word);
                }
                all.insert(mix.finish());
            }
        }
        assert_eq!(all.len(), 40_000);
    }
}
