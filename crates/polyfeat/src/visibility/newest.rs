//! The greatest availability in any stretch of prints, one transaction left out: what a proof needs.

use std::ops::Range;

use crate::time::NULL_TS;

/// The greatest availability of some prints, and the greatest of those of another transaction than that one's: so that
/// one transaction can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Newest {
    best: i64,
    own: u32,
    other: i64,
}

const NONE: Newest = Newest {
    best: NULL_TS,
    own: u32::MAX,
    other: NULL_TS,
};

impl Newest {
    fn with(self, also: Self) -> Self {
        if self.own == also.own && self.own != u32::MAX {
            return Self {
                best: self.best.max(also.best),
                own: self.own,
                other: self.other.max(also.other),
            };
        }
        let (winner, loser) = if self.best >= also.best {
            (self, also)
        } else {
            (also, self)
        };
        Self {
            other: winner.other.max(loser.best),
            ..winner
        }
    }

    fn without(self, own: Option<u32>) -> i64 {
        if own.is_some_and(|own| own != u32::MAX && own == self.own) {
            self.other
        } else {
            self.best
        }
    }
}

/// A tree of maxima over the prints of a token that have been entered so far: log n steps to enter one, and to ask.
pub(super) struct NewestOf {
    /// The leaves are the second half; node `i` holds what its children `2i` and `2i + 1` hold.
    nodes: Vec<Newest>,
}

impl NewestOf {
    pub(super) fn new(prints: usize) -> Self {
        Self {
            nodes: vec![NONE; 2 * prints],
        }
    }

    /// A print has become known.
    pub(super) fn enter(&mut self, print: usize, availability: i64, own: u32) {
        let mut at = self.nodes.len() / 2 + print;
        self.nodes[at] = Newest {
            best: availability,
            own,
            other: NULL_TS,
        };
        while at > 1 {
            at /= 2;
            self.nodes[at] = self.nodes[2 * at].with(self.nodes[2 * at + 1]);
        }
    }

    /// The greatest availability in a range of prints; [`NULL_TS`] when none has entered.
    pub(super) fn within(&self, prints: Range<usize>, without: Option<u32>) -> i64 {
        let half = self.nodes.len() / 2;
        let (mut from, mut to) = (half + prints.start, half + prints.end);
        let mut found = NONE;
        while from < to {
            if from % 2 == 1 {
                found = found.with(self.nodes[from]);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                found = found.with(self.nodes[to]);
            }
            (from, to) = (from / 2, to / 2);
        }
        found.without(without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maxima_are_those_of_looking_at_every_print() {
        for n in [1usize, 2, 7, 33] {
            let prints: Vec<(i64, u32)> = (0..n as i64)
                .map(|i| (i * 37 % 23, if i % 5 == 0 { u32::MAX } else { (i % 3) as u32 }))
                .collect();
            let mut newest = NewestOf::new(n);
            let mut entered = vec![false; n];
            for step in 0..n {
                let print = step * 5 % n;
                entered[print] = true;
                newest.enter(print, prints[print].0, prints[print].1);
                for own in [None, Some(0), Some(1), Some(u32::MAX)] {
                    for (from, to) in (0..=n).flat_map(|to| (0..=to).map(move |from| (from, to))) {
                        let held = (from..to).filter(|&at| entered[at]).map(|at| prints[at]);
                        let others = held.filter(|&(_, code)| code == u32::MAX || Some(code) != own);
                        let expected = others.map(|(availability, _)| availability).max();
                        assert_eq!(newest.within(from..to, own), expected.unwrap_or(NULL_TS));
                    }
                }
            }
        }
    }
}
