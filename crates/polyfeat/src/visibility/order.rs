//! The order of a token's prints, and which of them tie.

use std::ops::Range;

use crate::asof::prints_up_to_near;

/// The place that no print has: a null sequence.
const NO_PLACE: i64 = i64::MIN;

/// Prints ascend by stamp and, where the sequence decides, by place within it, those without a place last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) ts: &'a [i64],
    /// Empty when it does not decide.
    pub(super) sequence: &'a [i64],
}

impl Order<'_> {
    /// What prints are sorted by; those of one key tie.
    #[inline]
    pub(super) fn key(&self, print: usize) -> (i64, u64) {
        (self.ts[print], self.rank(print))
    }

    /// A place among those of its stamp: ascending, no place last.
    #[inline]
    fn rank(&self, print: usize) -> u64 {
        self.sequence.get(print).map_or(0, |&place| rank(place))
    }

    /// The prints that tie with `print`, itself among them.
    pub(super) fn tied(&self, print: usize) -> Range<usize> {
        let s = self.ts[print];
        // A stamp is never the null one, so one less is still an i64.
        let (mut start, mut end) = (
            prints_up_to_near(self.ts, print, s - 1),
            prints_up_to_near(self.ts, print, s),
        );
        if let Some(places) = self.sequence.get(start..end) {
            let own = self.rank(print);
            end = start + places.partition_point(|&place| rank(place) <= own);
            start += places.partition_point(|&place| rank(place) < own);
        }
        start..end
    }

    /// The prints stamped `t`, up to `past`, that have a greater place than `sequence`.
    pub(super) fn after(&self, t: i64, past: usize, sequence: i64) -> Range<usize> {
        let from = prints_up_to_near(self.ts, past, t - 1);
        let places = self.sequence.get(from..past).unwrap_or_default();
        let known = |bound: u64| from + places.partition_point(|&place| rank(place) < bound);
        known(rank(sequence).saturating_add(1))..known(rank(NO_PLACE))
    }
}

#[inline]
fn rank(place: i64) -> u64 {
    place.wrapping_sub(NO_PLACE + 1).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_within_a_stamp() {
        let order = Order {
            ts: &[1, 2, 2, 2, 2, 2, 2, 3],
            sequence: &[9, -5, 4, 4, 8, i64::MIN, i64::MIN, i64::MIN],
        };
        assert!((0..8).is_sorted_by_key(|print| order.key(print)));
        let tied = [0..1, 1..2, 2..4, 2..4, 4..5, 5..7, 5..7, 7..8];
        for (print, expected) in tied.into_iter().enumerate() {
            assert_eq!(order.tied(print), expected);
        }
        assert_eq!(order.after(2, 7, 3), 2..5);
        assert_eq!(order.after(2, 7, 4), 4..5);
        assert!(order.after(2, 7, 8).is_empty());
        assert!(order.after(2, 7, i64::MAX).is_empty());
        let by_stamp = Order {
            sequence: &[],
            ..order
        };
        assert_eq!(by_stamp.tied(4), 1..7);
    }
}
