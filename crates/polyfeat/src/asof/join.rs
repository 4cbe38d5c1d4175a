//! As-of joins between any two tables with keys and times.

use std::fmt;

use super::prints_up_to_near;
use crate::keyed::KeyedTimes;
use crate::time::NULL_TS;

/// No row matched, in the answers of [`asof_join`].
pub const NO_ROW: u32 = u32::MAX;

/// On which side of the left row's time the match is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// The latest right row before it: what was known then.
    #[default]
    Backward,
    /// The earliest right row after it. This looks into the future.
    Forward,
    /// The closer of the two; of two equally close ones the earlier. This looks into the future.
    Nearest,
}

/// Which of several right rows with the matching key and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tie {
    /// The one next to the moment: the last in row order behind it, the first ahead of it. `pandas.merge_asof` does so
    /// in every direction.
    #[default]
    Near,
    /// The last in row order.
    Last,
    /// The first in row order.
    First,
    /// None: such a match is an error.
    Error,
}

/// What counts as a match. The default is the notebook's: backward, inclusive, the last of equal times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AsofRules {
    /// On which side.
    pub direction: Direction,
    /// Whether a right row of the same time is no match (`s < t` and `s > t` in place of `≤` and `≥`).
    pub strict: bool,
    /// Which of equal times.
    pub tie: Tie,
    /// The greatest distance in time of a match, inclusive, in the unit of the stamps
    /// ([`Span::floor_in`](crate::Span::floor_in)); not negative. `None` = any.
    pub max_age: Option<i64>,
}

/// Why a join was refused or stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinError {
    /// Under [`Tie::Error`], left row `row` matches several right rows of its key, all at `ts`.
    Tie {
        /// Index into the left rows given to this call.
        row: usize,
        /// The time they share.
        ts: i64,
    },
    /// A maximal age below zero.
    MaxAge {
        /// That age.
        value: i64,
    },
    /// Keys, times and answers of the left table differ in length.
    Shape,
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tie { row, ts } => write!(f, "left row {row} matches several right rows at {ts}"),
            Self::MaxAge { value } => write!(f, "a maximal age must not be negative, as {value} is"),
            Self::Shape => f.write_str("keys, times and answers of the left table differ in length"),
        }
    }
}

impl std::error::Error for JoinError {}

/// For each left row the right row that matches it as of its time, or [`NO_ROW`].
///
/// ```text
///   right rows of the key:   o     o o           o
///   left row:                            t
///   backward                     . . .<--|                 last of equal times (or first, or an error)
///   forward                              |------>.
/// ```
///
/// `left_codes` are coded like the right table's keys; a null code (past the right table's keys), a null time
/// ([`NULL_TS`]) or a key without rows matches nothing. Both tables' times are in one unit. The left rows may come in
/// any order, and in any stretches: the answers are the same, so that callers may split them among threads.
///
/// Cost: per row a search from where the previous row of the same key was found, about 2 log₂ of the distance: linear
/// altogether when the left rows ascend in time (by key or over all), n log n at worst. One `usize` per key.
///
/// # Errors
/// [`JoinError`]; after [`JoinError::Tie`], the first in row order, the answers are not complete.
///
/// Source: spec §4 "As-of join"; `pandas.merge_asof` with `by`, whose ties are [`Tie::Near`].
///
/// ```
/// use polyfeat::{AsofRules, KeyedTimes, NO_ROW, asof_join};
/// let right = KeyedTimes::new(&[0, 0, 0, 1], 2, &[40, 70, 70, 10]);
/// let mut rows = [0; 4];
/// let rules = AsofRules { max_age: Some(30), ..AsofRules::default() };
/// asof_join(&[0, 0, 1, 0], &[75, 40, 9, 101], &right, &rules, &mut rows)?;
/// assert_eq!(rows, [2, 0, NO_ROW, NO_ROW]);
/// # Ok::<(), polyfeat::JoinError>(())
/// ```
pub fn asof_join(
    left_codes: &[u32],
    left_ts: &[i64],
    right: &KeyedTimes,
    rules: &AsofRules,
    out: &mut [u32],
) -> Result<(), JoinError> {
    if left_codes.len() != left_ts.len() || left_ts.len() != out.len() {
        return Err(JoinError::Shape);
    }
    if let Some(value) = rules.max_age.filter(|&age| age < 0) {
        return Err(JoinError::MaxAge { value });
    }
    let mut fingers = vec![0; right.keys()];
    for (row, ((&code, &t), answer)) in left_codes.iter().zip(left_ts).zip(out).enumerate() {
        *answer = NO_ROW;
        let (Some(finger), true) = (fingers.get_mut(code as usize), t != NULL_TS) else {
            continue;
        };
        let (ts, rows) = right.key(code);
        let Some(found) = candidate(ts, finger, t, rules) else {
            continue;
        };
        match among_equals(ts, found, rules.tie) {
            Some(chosen) => *answer = rows.get(chosen).copied().unwrap_or(NO_ROW),
            None => return Err(JoinError::Tie { row, ts: ts[found] }),
        }
    }
    Ok(())
}

/// The position of a right row at the matching time.
fn candidate(ts: &[i64], finger: &mut usize, t: i64, rules: &AsofRules) -> Option<usize> {
    // t is no null stamp, so one less is still an i64.
    let (up_to, before) = (t, t - 1);
    let (back_bound, ahead_bound) = if rules.strict {
        (before, up_to)
    } else {
        (up_to, before)
    };
    let mut seek = |bound| {
        *finger = prints_up_to_near(ts, *finger, bound);
        *finger
    };
    let found = match rules.direction {
        Direction::Backward => seek(back_bound).checked_sub(1),
        Direction::Forward => Some(seek(ahead_bound)),
        Direction::Nearest => {
            let back = seek(back_bound).checked_sub(1);
            let ahead = seek(ahead_bound);
            nearest(ts, t, back, ahead)
        }
    };
    let age = |&at: &usize| ts.get(at).map(|s| s.abs_diff(t));
    found.filter(|at| age(at).is_some_and(|age| rules.max_age.is_none_or(|most| age <= most.unsigned_abs())))
}

/// The closer of a row before `t` and one after it (which may lie past the end); the earlier one if equally close.
pub(crate) fn nearest(ts: &[i64], t: i64, back: Option<usize>, ahead: usize) -> Option<usize> {
    let Some(after) = ts.get(ahead) else { return back };
    match back {
        Some(before) if ts[before].abs_diff(t) <= after.abs_diff(t) => Some(before),
        _ => Some(ahead),
    }
}

/// Which of the rows at the time of position `found`; `None` when there are several and that is an error.
fn among_equals(ts: &[i64], found: usize, tie: Tie) -> Option<usize> {
    let s = ts[found];
    match tie {
        // What is behind was found as the last of its time, what is ahead as the first.
        Tie::Near => Some(found),
        Tie::Last => Some(prints_up_to_near(ts, found + 1, s) - 1),
        Tie::First => Some(prints_up_to_near(ts, found, s - 1)),
        Tie::Error => {
            let equal = |at: Option<usize>| at.and_then(|at| ts.get(at)) == Some(&s);
            let several = equal(found.checked_sub(1)) || equal(found.checked_add(1));
            (!several).then_some(found)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        let right = KeyedTimes::new(&[0, 0, 0], 1, &[5, 7, 7]);
        let join = |rules: &AsofRules, out: &mut [u32]| asof_join(&[0, 0], &[6, 9], &right, rules, out);
        let rules = AsofRules {
            tie: Tie::Error,
            ..AsofRules::default()
        };
        assert_eq!(join(&rules, &mut [0; 2]), Err(JoinError::Tie { row: 1, ts: 7 }));
        let strict = AsofRules {
            max_age: Some(-1),
            ..rules
        };
        assert_eq!(join(&strict, &mut [0; 2]), Err(JoinError::MaxAge { value: -1 }));
        assert_eq!(join(&rules, &mut [0; 3]), Err(JoinError::Shape));
    }

    #[test]
    fn the_ends_of_time() {
        let right = KeyedTimes::new(&[0, 0], 1, &[i64::MIN + 1, i64::MAX]);
        for (direction, expected) in [
            (Direction::Backward, [0, 0]),
            (Direction::Forward, [1, 1]),
            (Direction::Nearest, [0, 1]),
        ] {
            let rules = AsofRules {
                direction,
                ..AsofRules::default()
            };
            let mut rows = [7; 2];
            asof_join(&[0, 0], &[-1, 1], &right, &rules, &mut rows).unwrap();
            assert_eq!(rows, expected, "{direction:?}");
        }
    }
}
