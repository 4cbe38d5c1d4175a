//! Distinct byte strings that are nearly all different, such as transaction hashes, numbered.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Distinct strings in order of first appearance, one after the other in one piece of memory.
///
/// [`Interner`](crate::strings::Interner) is for few strings that are handed around; here each takes its own bytes and
/// about twenty more.
#[derive(Default)]
pub struct TextSet {
    bytes: Vec<u8>,
    ends: Vec<u64>,
    /// By code: asking texts again whenever the table grows would take longer than all else.
    hashes: Vec<u64>,
    codes: HashTable<u32>,
    hasher: DefaultHashBuilder,
    filter: Filter,
}

/// One bit of many for each string, by its hash: small enough for the cache, so that most strings that are not in a
/// set are told without a look at the set.
#[derive(Default)]
struct Filter {
    bits: Vec<u64>,
    shift: u32,
}

impl Filter {
    /// Bits for each string: about one string of so many that are not there has to be looked for all the same.
    const BITS: usize = 16;

    fn of(hashes: &[u64]) -> Filter {
        let words = (hashes.len() * Self::BITS / 64).next_power_of_two().max(2);
        let mut filter = Filter {
            bits: vec![0; words],
            shift: 64 - words.ilog2(),
        };
        for &hash in hashes {
            let (word, bit) = filter.place(hash);
            filter.bits[word] |= bit;
        }
        filter
    }

    /// The table goes by the lowest bits of a hash and by the seven highest; a word by the highest, a bit by some of
    /// those between.
    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> self.shift) as usize, 1 << (hash >> 32 & 63))
    }

    fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.bits.get(word).is_none_or(|bits| bits & bit != 0)
    }
}

impl TextSet {
    /// The code of `text`, a new one when it was not seen before.
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(text);
        if let Some(code) = self.find(hash, text) {
            return code;
        }
        self.filter = Filter::default();
        // Rows are counted in u32, so distinct strings are too.
        let code = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u64);
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.codes
            .insert_unique(hash, code, |&code| hashes[code as usize]);
        code
    }

    /// Makes [`TextSet::get`] faster for strings that are not there, until another one is taken in.
    pub fn seal(&mut self) {
        self.filter = Filter::of(&self.hashes);
    }

    /// The code of `text`, if it has one.
    #[must_use]
    pub fn get(&self, text: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        let there = self.filter.may_hold(hash).then(|| self.find(hash, text));
        there.flatten()
    }

    fn find(&self, hash: u64, text: &[u8]) -> Option<u32> {
        let same = |&code: &u32| self.hashes[code as usize] == hash && self.text(code) == text;
        self.codes.find(hash, same).copied()
    }

    /// The string of a code.
    #[must_use]
    pub fn text(&self, code: u32) -> &[u8] {
        let code = code as usize;
        let start = code.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.bytes[start..self.ends[code] as usize]
    }

    /// How many strings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Takes in the strings of `other`, in its order; returns the code of each of its codes.
    pub fn merge(&mut self, other: Self) -> Vec<u32> {
        let codes = 0..other.len() as u32;
        if self.ends.is_empty() {
            *self = other;
            return codes.collect();
        }
        codes.map(|code| self.intern(other.text(code))).collect()
    }

    /// By code: how many strings come before, by their bytes.
    #[must_use]
    pub fn ranks(&self) -> Vec<u32> {
        let mut sorted: Vec<u32> = (0..self.len() as u32).collect();
        sorted.sort_unstable_by(|&a, &b| self.text(a).cmp(self.text(b)));
        let mut ranks = vec![0; self.len()];
        for (rank, &code) in sorted.iter().enumerate() {
            ranks[code as usize] = rank as u32;
        }
        ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_first_appearance_and_sets_merge() {
        let mut set = TextSet::default();
        let texts: Vec<String> = (0..500).map(|i| format!("{}", i * 7 % 123)).collect();
        for text in &texts {
            let code = set.intern(text.as_bytes());
            assert_eq!(set.text(code), text.as_bytes());
            assert_eq!(set.get(text.as_bytes()), Some(code));
        }
        assert_eq!((set.len(), set.get(b"none"), set.intern(b"0")), (123, None, 0));
        set.seal();
        for text in &texts {
            assert_eq!(
                set.get(text.as_bytes()).map(|code| set.text(code)),
                Some(text.as_bytes())
            );
        }
        assert!((200..900).all(|i| set.get(i.to_string().as_bytes()).is_none()));
        assert_eq!(set.intern(b"fresh"), 123);
        assert_eq!(set.get(b"fresh"), Some(123), "the filter is gone");
        set = TextSet::default();
        texts.iter().for_each(|text| {
            set.intern(text.as_bytes());
        });
        let mut other = TextSet::default();
        assert_eq!([&b""[..], b"7", b"new"].map(|text| other.intern(text)), [0, 1, 2]);
        assert_eq!(set.merge(other), [123, 1, 124]);
        let ranks = set.ranks();
        assert_eq!(
            (ranks[123], ranks[0], ranks[124]),
            (0, 1, 124),
            "the empty text first"
        );
    }
}
