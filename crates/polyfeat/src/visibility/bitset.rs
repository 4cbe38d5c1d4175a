//! A set of positions that finds neighbours fast.

use std::ops::Range;

/// Bits in words, and over each level of words another whose bits say which of them are not zero: the neighbour of a
/// position is found in log₆₄ n steps, however far it is.
#[derive(Debug)]
pub(super) struct Bitset {
    levels: Vec<Vec<u64>>,
}

const BITS: usize = u64::BITS as usize;

impl Bitset {
    /// No position below `len` yet.
    pub(super) fn new(len: usize) -> Self {
        let mut levels = Vec::new();
        // Each level has a place for the end as well.
        let mut last = len;
        while last > 0 || levels.is_empty() {
            last /= BITS;
            levels.push(vec![0; last + 1]);
        }
        Self { levels }
    }

    pub(super) fn insert(&mut self, mut at: usize) {
        for level in &mut self.levels {
            let Some(word) = level.get_mut(at / BITS) else {
                return;
            };
            *word |= 1 << (at % BITS);
            at /= BITS;
        }
    }

    #[inline]
    pub(super) fn contains(&self, at: usize) -> bool {
        self.levels[0]
            .get(at / BITS)
            .is_some_and(|word| word >> (at % BITS) & 1 == 1)
    }

    /// The greatest position below `end`.
    #[inline]
    pub(super) fn before(&self, end: usize) -> Option<usize> {
        let mut end = end;
        for (height, level) in self.levels.iter().enumerate() {
            let word = level.get(end / BITS).copied().unwrap_or(0) & ((1 << (end % BITS)) - 1);
            if word != 0 {
                let last = |at: usize, word: u64| at * BITS + word.ilog2() as usize;
                let below = self.levels[..height].iter().rev();
                return Some(below.fold(last(end / BITS, word), |at, level| last(at, level[at])));
            }
            end /= BITS;
        }
        None
    }

    /// The first stretch of neighbours in `from..end`, as long as it gets.
    #[inline]
    pub(super) fn run(&self, from: usize, end: usize) -> Option<Range<usize>> {
        let first = self.from(from).filter(|&first| first < end)?;
        let mut past = first + 1;
        while past < end {
            // Ones from `past` on, counted to the end of its word.
            let word = self.levels[0].get(past / BITS).copied().unwrap_or(0) >> (past % BITS);
            let ones = word.trailing_ones() as usize;
            past += ones;
            if ones == 0 || past % BITS != 0 {
                break;
            }
        }
        Some(first..past.min(end))
    }

    /// The least position from `from` on.
    pub(super) fn from(&self, from: usize) -> Option<usize> {
        let mut from = from;
        for (height, level) in self.levels.iter().enumerate() {
            let word = level.get(from / BITS).copied().unwrap_or(0) & (u64::MAX << (from % BITS));
            if word != 0 {
                let first = |at: usize, word: u64| at * BITS + word.trailing_zeros() as usize;
                let below = self.levels[..height].iter().rev();
                return Some(below.fold(first(from / BITS, word), |at, level| first(at, level[at])));
            }
            from = from / BITS + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_those_of_a_sorted_list() {
        for len in [0, 1, 64, 65, 5000, 70_000] {
            let mut set = Bitset::new(len);
            assert_eq!((set.before(len), set.from(0)), (None, None));
            let mut members: Vec<usize> = (0..len).map(|i| i * i * 7 % len).filter(|i| i % 3 != 1).collect();
            members.truncate(400);
            members.iter().for_each(|&at| set.insert(at));
            members.sort_unstable();
            members.dedup();
            for at in (0..=len).step_by(len / 700 + 1).chain(members.iter().copied()) {
                assert_eq!(set.before(at), members.iter().rfind(|&&m| m < at).copied());
                assert_eq!(set.from(at), members.iter().find(|&&m| m >= at).copied());
                assert_eq!(set.contains(at), members.binary_search(&at).is_ok());
                let end = len.min(at + 70);
                let first = set.from(at).filter(|&first| first < end);
                let past = |first| (first..end).find(|&m| !set.contains(m)).unwrap_or(end);
                assert_eq!(set.run(at, end), first.map(|first| first..past(first)));
            }
        }
    }
}
