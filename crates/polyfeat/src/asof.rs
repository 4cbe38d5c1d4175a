//! As-of: the last print at or before a moment (spec §2 `mt_last_price`, `mt_return_*`).

mod join;

pub(crate) use join::nearest;
pub use join::{AsofRules, Direction, JoinError, NO_ROW, Tie, asof_join};

/// How many stamps of ascending `ts` are at or before `bound`, looking from `from` on, where the first `from`
/// stamps are known to be (a cursor that only moves forward).
///
/// Exponential search: a step of 1 costs one comparison, a jump over n prints about 2 log₂ n, so a sweep is linear
/// when prints are few per trade and far below it when they are many. With `from` past the end, `from`.
///
/// ```
/// use polyfeat::prints_up_to;
/// assert_eq!(prints_up_to(&[40, 41, 41, 70], 0, 41), 3);
/// assert_eq!(prints_up_to(&[40, 41, 41, 70], 3, 69), 3);
/// ```
#[inline]
#[must_use]
pub fn prints_up_to(ts: &[i64], from: usize, bound: i64) -> usize {
    let rest = ts.get(from..).unwrap_or_default();
    if rest.first().is_none_or(|&first| first > bound) {
        return from;
    }
    // rest[known] ≤ bound throughout; double the stride until it jumps past the bound.
    let (mut known, mut stride) = (0, 1);
    while rest.get(known + stride).is_some_and(|&s| s <= bound) {
        known += stride;
        stride *= 2;
    }
    let between = rest
        .get(known + 1..rest.len().min(known + stride))
        .unwrap_or_default();
    from + known + 1 + between.partition_point(|&s| s <= bound)
}

/// How many stamps of ascending `ts` are at or before `bound`, looking from `near` on in either direction.
///
/// Exponential search as in [`prints_up_to`]: about 2 log₂ of the distance from `near` to the answer.
#[inline]
pub(crate) fn prints_up_to_near(ts: &[i64], near: usize, bound: i64) -> usize {
    let near = near.min(ts.len());
    let (before, _) = ts.split_at(near);
    if before.last().is_none_or(|&last| last <= bound) {
        return prints_up_to(ts, near, bound);
    }
    // before[after] > bound throughout; double the stride until it jumps to a stamp that is not.
    let (mut after, mut stride) = (near - 1, 1);
    while after >= stride && before[after - stride] > bound {
        after -= stride;
        stride *= 2;
    }
    let known = after.saturating_sub(stride);
    known + before[known..after].partition_point(|&s| s <= bound)
}

/// The index of the last print at or before `t`, or `None` when all are later. `ts` ascending and without nulls;
/// of equal stamps the last in order wins. Cost: logarithmic.
///
/// Source: spec §2, "the greatest (s, r) among s ≤ t".
///
/// ```
/// use polyfeat::as_of;
/// assert_eq!(as_of(&[40, 70, 70], 75), Some(2));
/// assert_eq!(as_of(&[40, 70, 70], 39), None);
/// ```
#[must_use]
pub fn as_of(ts: &[i64], t: i64) -> Option<usize> {
    prints_up_to(ts, 0, t).checked_sub(1)
}

/// The price at the last of the first `count` prints; NaN when there is none.
#[inline]
pub(crate) fn last_of<'a>(values: &'a [f64], count: usize) -> f64 {
    let last: Option<&'a f64> = count.checked_sub(1).and_then(|last| values.get(last));
    last.copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn galloping_finds_what_counting_finds() {
        let ts: Vec<i64> = (0..200).map(|i| i / 7 * 3).collect();
        for bound in -2..100 {
            let expected = ts.iter().filter(|&&s| s <= bound).count();
            for from in 0..=expected {
                assert_eq!(
                    prints_up_to(&ts, from, bound),
                    expected,
                    "bound {bound} from {from}"
                );
            }
            for near in 0..=ts.len() {
                assert_eq!(
                    prints_up_to_near(&ts, near, bound),
                    expected,
                    "bound {bound} near {near}"
                );
            }
        }
        assert_eq!(prints_up_to(&[], 0, 5), 0);
        assert_eq!(prints_up_to_near(&[], 3, 5), 0);
        assert_eq!(prints_up_to(&[1], 1, i64::MAX), 1);
    }
}
