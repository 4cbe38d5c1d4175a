//! Windows `(t − w, t]`: where they begin and end among a token's prints (spec §2 `mt_trades_*`).

use crate::asof::prints_up_to;

/// Every moment the sweep asks about, `t − d` for the distinct durations `d` of the plan and for 0, longest first:
/// the moments ascend along the list, and so do the positions.
///
/// A position is the number of prints at or before its moment: the end of a window (d = 0), its start, and one past
/// the print that a lag looks for. A lag and a window of the same length are one moment and share a cursor.
#[derive(Debug)]
pub(crate) struct Moments {
    durations: Vec<i64>,
}

impl Moments {
    pub(crate) fn new<'a>(durations: impl Iterator<Item = &'a i64>) -> Self {
        let mut durations: Vec<i64> = durations.copied().chain([0]).collect();
        durations.sort_unstable_by(|a, b| b.cmp(a));
        durations.dedup();
        Self { durations }
    }

    pub(crate) fn len(&self) -> usize {
        self.durations.len()
    }

    /// The longest duration; 0 without lags and windows.
    pub(crate) fn longest(&self) -> i64 {
        self.durations.first().copied().unwrap_or(0)
    }

    /// Where `duration` stands in the list. It must be one of those given to [`Moments::new`], or 0.
    pub(crate) fn index_of(&self, duration: i64) -> usize {
        self.durations.partition_point(|&d| d > duration)
    }

    /// Moves every position forward to the moments of trade `t`. `t − longest` must be inside `i64`.
    #[inline]
    pub(crate) fn advance(&self, ts: &[i64], t: i64, positions: &mut [usize]) {
        for (position, duration) in positions.iter_mut().zip(&self.durations) {
            *position = prints_up_to(ts, *position, t - duration);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lengths_share_a_cursor() {
        let moments = Moments::new([30, 300, 60, 30].iter());
        assert_eq!(moments.durations, [300, 60, 30, 0]);
        assert_eq!((moments.len(), moments.longest()), (4, 300));
        assert_eq!(
            (moments.index_of(300), moments.index_of(30), moments.index_of(0)),
            (0, 2, 3)
        );
        let mut positions = [0; 4];
        moments.advance(&[40, 41, 70, 100], 100, &mut positions);
        assert_eq!(positions, [0, 1, 3, 4]);
    }
}
