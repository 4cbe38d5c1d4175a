//! Distinct texts and their codes.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Distinct texts in order of first appearance, in one piece of memory. The code of a text is its number.
#[derive(Default)]
pub struct Interner {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a code; empty when there is none.
    #[must_use]
    pub fn name(&self, code: u32) -> &[u8] {
        name(&self.bytes, &self.ends, code)
    }

    /// The code of `text`, if it has one.
    #[must_use]
    pub fn get(&self, text: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.table.find(hash, |&code| self.name(code) == text).copied()
    }

    /// The code of `text`, a new one when it was not seen before.
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(text);
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(&code) = self.table.find(hash, |&code| name(bytes, ends, code) == text) {
            return code;
        }
        // Rows are fewer than u32::MAX, so distinct texts are too.
        let code = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.table
            .insert_unique(hash, code, |&code| hasher.hash_one(name(bytes, ends, code)));
        code
    }

    /// The place of each code in the order of the texts' bytes.
    #[must_use]
    pub fn ranks(&self) -> Vec<u32> {
        let mut by_name: Vec<u32> = (0..self.len() as u32).collect();
        by_name.sort_unstable_by(|&a, &b| self.name(a).cmp(self.name(b)));
        let mut ranks = vec![0; by_name.len()];
        for (rank, &code) in by_name.iter().enumerate() {
            ranks[code as usize] = rank as u32;
        }
        ranks
    }

    /// Bytes of memory that it holds.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>() + self.table.capacity() * 5
    }
}

fn name<'a>(bytes: &'a [u8], ends: &[usize], code: u32) -> &'a [u8] {
    let code = code as usize;
    let end = ends.get(code).copied().unwrap_or(0);
    let start = code
        .checked_sub(1)
        .and_then(|before| ends.get(before))
        .copied()
        .unwrap_or(0);
    bytes.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_first_appearance_and_ranks_the_bytes() {
        let mut names = Interner::default();
        // U+FF5E sorts after U+1F600 in UTF-16 and before it in UTF-8.
        let texts = ["\u{1F600}", "b", "", "\u{FF5E}", "b", ""];
        let codes: Vec<u32> = texts.iter().map(|s| names.intern(s.as_bytes())).collect();
        assert_eq!(codes, [0, 1, 2, 3, 1, 2]);
        assert_eq!(names.ranks(), [3, 1, 0, 2]);
        assert_eq!(names.get("\u{FF5E}".as_bytes()), Some(3));
        assert_eq!(names.get(b"c"), None);
        assert_eq!(names.name(1), b"b");
        assert_eq!(names.name(9), b"");
    }

    #[test]
    fn many() {
        let mut names = Interner::default();
        for round in 0..2 {
            for i in 0..5000_u32 {
                assert_eq!(names.intern(i.to_string().as_bytes()), i, "round {round}");
            }
        }
        assert_eq!(names.len(), 5000);
        assert!(names.memory() > 5000 * 4);
    }
}
