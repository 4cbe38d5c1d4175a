//! Other times to look at than the whole bucket (spec §4 "Regime modes").

use std::fmt;

use super::running::running_shares;
use super::{CompleteSets, Legs, SetRows, by_market, market_shares};
use crate::order::sort_rows_by_time;
use crate::sum::Numerics;
use crate::time::NULL_TS;

/// Over which trades of its market a trade's complete sets are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RegimeMode {
    /// Those of its bucket, also later ones: the notebook's, which looks ahead to the end of the bucket.
    #[default]
    Bucket,
    /// Those of its bucket up to and including itself, by (stamp, row).
    BucketAsof,
    /// Those in `(t − length, t]` up to and including itself, by (stamp, row).
    Trailing,
    /// Those of the one bucket before its own, which is closed.
    PrevBucket,
}

/// The mode, and the times it needs beside the buckets.
#[derive(Debug, Clone, Copy)]
pub struct SetTimes<'a> {
    /// Which trades are summed.
    pub mode: RegimeMode,
    /// Stamps of the trades, by row, in the unit of the buckets; [`NULL_TS`] exactly where the bucket is null.
    pub ts: &'a [i64],
    /// Length of a bucket, positive.
    pub length: i64,
}

/// Why complete sets were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// The length of a bucket is zero or negative.
    Length {
        /// That length.
        value: i64,
    },
    /// [`Numerics::Notebook`] for sums that grow and shrink with every row: the notebook has none, and compensated sums
    /// cannot be taken apart.
    Notebook,
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { value } => write!(f, "a bucket must be longer than zero, not {value}"),
            Self::Notebook => {
                f.write_str("the notebook's sums are of whole buckets; use exact sums for this mode")
            }
        }
    }
}

impl std::error::Error for SetError {}

impl SetTimes<'_> {
    fn check(&self, numerics: Numerics) -> Result<(), SetError> {
        let running = matches!(self.mode, RegimeMode::BucketAsof | RegimeMode::Trailing);
        match numerics {
            _ if self.length <= 0 => Err(SetError::Length { value: self.length }),
            Numerics::Notebook if running => Err(SetError::Notebook),
            _ => Ok(()),
        }
    }
}

/// [`complete_sets`](super::complete_sets) in any mode: every trade of a market with a bucket gets the flag and the
/// shares of the trades that its mode looks at, whatever its own leg.
///
/// Nulls, NaN, `order` and exact sums as there; with [`RegimeMode::Bucket`] it is that. [`RegimeMode::PrevBucket`] takes
/// the bucket that begins one length earlier, and false and 0.0 when there is none.
///
/// Cost: linear, plus a sort of those markets whose trades are not in the order of time.
/// Source: spec §4 "Regime modes".
///
/// # Errors
/// [`SetError`].
///
/// # Panics
/// When the columns differ in length or `order` names a row that is not there.
///
/// ```
/// use polyfeat::{Leg, Numerics, RegimeMode, SetRows, SetTimes, complete_sets_by};
/// let rows = SetRows {
///     market: &[0; 4],
///     bucket: &[0, 0, 0, 10],
///     leg: &[Leg::Up, Leg::Down, Leg::Up, Leg::Down],
///     size: &[5.0, 3.0, 1.0, 2.0],
/// };
/// let shares = |mode| {
///     let times = SetTimes { mode, ts: &[0, 3, 9, 10], length: 10 };
///     complete_sets_by(&rows, &times, 1, None, Numerics::Exact).map(|sets| sets.shares)
/// };
/// assert_eq!(shares(RegimeMode::BucketAsof)?, [0.0, 3.0, 3.0, 0.0]);
/// assert_eq!(shares(RegimeMode::Trailing)?, [0.0, 3.0, 3.0, 1.0]);
/// assert_eq!(shares(RegimeMode::PrevBucket)?, [0.0, 0.0, 0.0, 3.0]);
/// # Ok::<(), polyfeat::SetError>(())
/// ```
pub fn complete_sets_by(
    rows: &SetRows<'_>,
    times: &SetTimes<'_>,
    n_markets: usize,
    order: Option<&[u32]>,
    numerics: Numerics,
) -> Result<CompleteSets, SetError> {
    times.check(numerics)?;
    assert_eq!(
        times.ts.len(),
        rows.market.len(),
        "columns of complete sets differ in length"
    );
    Ok(by_market(rows, n_markets, order, numerics, |market, sets| {
        shares_by(rows, times, market, numerics, |row, shares| sets.put(row, shares));
    }))
}

/// [`market_shares`] in any mode: calls `emit` with each row of one market whose shares are not 0.0, and the shares.
/// `market` are its rows in visiting order; they are sorted in place. For the rules see [`complete_sets_by`], which is
/// this over all markets.
///
/// # Errors
/// [`SetError`].
///
/// # Panics
/// When `market` names a row that is not there.
pub fn market_shares_by(
    rows: &SetRows<'_>,
    times: &SetTimes<'_>,
    market: &mut [u32],
    numerics: Numerics,
    emit: impl FnMut(u32, f64),
) -> Result<(), SetError> {
    times.check(numerics)?;
    shares_by(rows, times, market, numerics, emit);
    Ok(())
}

fn shares_by(
    rows: &SetRows<'_>,
    times: &SetTimes<'_>,
    market: &mut [u32],
    numerics: Numerics,
    emit: impl FnMut(u32, f64),
) {
    match times.mode {
        RegimeMode::Bucket => market_shares(rows, market, numerics, emit),
        RegimeMode::PrevBucket => of_the_bucket_before(rows, times.length, market, numerics, emit),
        RegimeMode::BucketAsof | RegimeMode::Trailing => running_shares(rows, times, market, emit),
    }
}

fn of_the_bucket_before(
    rows: &SetRows<'_>,
    length: i64,
    market: &mut [u32],
    numerics: Numerics,
    mut emit: impl FnMut(u32, f64),
) {
    let mut legs = Legs::default();
    sort_rows_by_time(market, rows.bucket);
    let mut before: Option<(i64, f64)> = None;
    for group in market.chunk_by(|&a, &b| rows.bucket[a as usize] == rows.bucket[b as usize]) {
        let bucket = group.first().map_or(NULL_TS, |&row| rows.bucket[row as usize]);
        if bucket == NULL_TS {
            continue;
        }
        if let Some((_, shares)) = before.filter(|&(b, s)| b.checked_add(length) == Some(bucket) && s != 0.0)
        {
            group.iter().for_each(|&row| emit(row, shares));
        }
        before = Some((bucket, legs.shares(rows, group, numerics)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Leg;
    use super::*;

    #[test]
    fn refusals() {
        let rows = SetRows {
            market: &[],
            bucket: &[],
            leg: &[],
            size: &[],
        };
        let refused = |mode, length, numerics| {
            let times = SetTimes {
                mode,
                ts: &[],
                length,
            };
            complete_sets_by(&rows, &times, 0, None, numerics).err()
        };
        let zero = Some(SetError::Length { value: 0 });
        assert_eq!(refused(RegimeMode::Bucket, 0, Numerics::Exact), zero);
        assert_eq!(
            refused(RegimeMode::Trailing, 1, Numerics::Notebook),
            Some(SetError::Notebook)
        );
        assert_eq!(
            refused(RegimeMode::BucketAsof, 1, Numerics::Notebook),
            Some(SetError::Notebook)
        );
        assert_eq!(refused(RegimeMode::PrevBucket, 1, Numerics::Notebook), None);
        assert_eq!(refused(RegimeMode::Trailing, 1, Numerics::Exact), None);
    }

    #[test]
    fn one_bucket_before_and_no_other() {
        let rows = SetRows {
            market: &[0; 5],
            bucket: &[0, 0, 20, 10, NULL_TS],
            leg: &[Leg::Up, Leg::Down, Leg::Up, Leg::None, Leg::Up],
            size: &[1.0, 2.0, 9.0, f64::NAN, 3.0],
        };
        let times = SetTimes {
            mode: RegimeMode::PrevBucket,
            ts: &[1, 2, 25, 11, NULL_TS],
            length: 10,
        };
        let sets = complete_sets_by(&rows, &times, 1, None, Numerics::Exact).unwrap();
        assert_eq!(sets.shares, [0.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(sets.flag, [false, false, false, true, false]);
    }
}
