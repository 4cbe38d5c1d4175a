//! Distinct byte strings that are nearly all different, such as transaction hashes, numbered.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Distinct strings in order of first appearance, one after the other in one piece of memory.
///
/// [`Interner`](crate::strings::Interner) is for few strings that are handed around; here each takes its own bytes and
/// about ten more.
#[derive(Default)]
pub struct TextSet {
    bytes: Vec<u8>,
    ends: Vec<u64>,
    codes: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl TextSet {
    /// The code of `text`, a new one when it was not seen before.
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(text);
        if let Some(code) = self.find(hash, text) {
            return code;
        }
        // Rows are counted in u32, so distinct strings are too.
        let code = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u64);
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        let hash_of = |&code: &u32| hasher.hash_one(slice(bytes, ends, code));
        self.codes.insert_unique(hash, code, hash_of);
        code
    }

    /// The code of `text`, if it has one.
    #[must_use]
    pub fn get(&self, text: &[u8]) -> Option<u32> {
        self.find(self.hasher.hash_one(text), text)
    }

    fn find(&self, hash: u64, text: &[u8]) -> Option<u32> {
        let same = |&code: &u32| slice(&self.bytes, &self.ends, code) == text;
        self.codes.find(hash, same).copied()
    }

    /// The string of a code.
    #[must_use]
    pub fn text(&self, code: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, code)
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

fn slice<'a>(bytes: &'a [u8], ends: &[u64], code: u32) -> &'a [u8] {
    let code = code as usize;
    let start = code.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &bytes[start..ends[code] as usize]
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
