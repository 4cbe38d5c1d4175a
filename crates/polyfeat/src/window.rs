//! Windows `(t − w, t]`: where they begin and end among a token's prints (spec §2 `mt_trades_*`).

mod layout;

use crate::asof::prints_up_to;
use crate::span::Span;
use crate::time::TimeUnit;

pub(crate) use layout::Layout;

/// Which ends of a window belong to it (spec §4 `closed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Closed {
    /// `(t − w, t]`, the notebook's.
    #[default]
    Right,
    /// `[t − w, t)`.
    Left,
    /// `[t − w, t]`.
    Both,
    /// `(t − w, t)`.
    Neither,
}

impl Closed {
    /// Whether a row at `t − w` is inside.
    #[must_use]
    pub const fn at_start(self) -> bool {
        matches!(self, Self::Left | Self::Both)
    }

    /// Whether a row at `t` is inside.
    #[must_use]
    pub const fn at_end(self) -> bool {
        matches!(self, Self::Right | Self::Both)
    }

    /// The length of a window (or lag, whose bound follows the window's beginning) in a unit of whole stamps: rounded
    /// down where the beginning is closed, for `t − s ≤ w` holds exactly when `t − s ≤ ⌊w⌋`, and up where it is open.
    /// Rounded down it may be 0.
    ///
    /// ```
    /// use polyfeat::{Closed, Span, TimeUnit::Second};
    /// let span = Span::parse("1500ms")?;
    /// assert_eq!((Closed::Right.length_in(span, Second), Closed::Left.length_in(span, Second)), (2, 1));
    /// # Ok::<(), polyfeat::SpanError>(())
    /// ```
    #[must_use]
    pub const fn length_in(self, span: Span, unit: TimeUnit) -> i64 {
        if self.at_start() {
            span.floor_in(unit)
        } else {
            span.ceil_in(unit)
        }
    }

    /// How far before `t` the last row inside can be: stamps are whole numbers, so "before `t`" is "at or before
    /// `t − 1`".
    pub(crate) const fn end(self) -> i64 {
        !self.at_end() as i64
    }

    /// How far before `t` the last row in front of a window of this length can be. `None` when it leaves `i64`.
    pub(crate) const fn start(self, length: i64) -> Option<i64> {
        length.checked_add(self.at_start() as i64)
    }
}

/// Every moment the sweep asks about, `t − d` for the distinct durations `d` of the plan, longest first:
/// the moments ascend along the list, and so do the positions.
///
/// A position is the number of prints at or before its moment: the end of a window (d = 0), its start, and one past
/// the print that a lag looks for. A lag and a window of the same length are one moment and share a cursor.
#[derive(Debug)]
pub(crate) struct Moments {
    durations: Vec<i64>,
}

impl Moments {
    /// The moments `t − d` for just these `d ≥ 0`.
    pub(crate) fn at(durations: impl Iterator<Item = i64>) -> Self {
        let mut durations: Vec<i64> = durations.collect();
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

    /// The duration of a moment; 0 for none.
    pub(crate) fn distance(&self, moment: usize) -> i64 {
        self.durations.get(moment).copied().unwrap_or(0)
    }

    /// The shortest one.
    pub(crate) fn shortest(&self) -> i64 {
        self.durations.last().copied().unwrap_or(0)
    }

    /// Where `duration` stands in the list. It must be one of those given to [`Moments::at`].
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
        let moments = Moments::at([30, 300, 60, 30, 0].into_iter());
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
