//! Complete sets of all markets, many markets at once.

use std::path::Path;

use polyfeat::{
    Groups, NULL_TS, Numerics, RegimeMode, SetRows, SetTimes, floor_to, group_by_code, market_shares_by,
};
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::TradeKeys;

/// Markets that one piece of parallel work takes.
const MARKETS_AT_A_TIME: usize = 64;

/// `complete_set_shares` by file row. The flag is true exactly where they are above zero.
///
/// `mode` says which trades count, `order` is the order that the notebook's sums are made in; `None` is the file's.
///
/// # Errors
/// `OVERFLOW` when a bucket would begin before the earliest time; `CANCELLED`.
pub fn set_shares(
    job: &Job,
    trades_path: &Path,
    keys: &TradeKeys,
    order: Option<&[u32]>,
    bucket_step: i64,
    sum: Numerics,
    mode: RegimeMode,
) -> Result<Vec<f64>> {
    let bucket = bucket_starts(trades_path, &keys.ts, bucket_step)?;
    let Groups { offsets, mut rows } = market_rows(keys, order, sum);
    let set_rows = SetRows {
        market: &keys.market,
        bucket: &bucket,
        leg: &keys.leg,
        size: &keys.size,
    };
    let times = SetTimes {
        mode,
        ts: &keys.ts,
        length: bucket_step,
    };
    let mut pieces: Vec<(&mut [u32], &[usize])> = Vec::new();
    let (mut rest, mut first) = (&mut rows[..], 0);
    for market in (0..keys.markets).step_by(MARKETS_AT_A_TIME) {
        let bounds = &offsets[market..=(market + MARKETS_AT_A_TIME).min(keys.markets)];
        let end = bounds[bounds.len() - 1];
        pieces.push((rest.split_off_mut(..end - first).unwrap_or_default(), bounds));
        first = end;
    }
    let found: Vec<Vec<(u32, f64)>> = pieces
        .into_par_iter()
        .map(|(rows, bounds)| {
            job.check()?;
            let mut found = Vec::new();
            for pair in bounds.windows(2) {
                let market = &mut rows[pair[0] - bounds[0]..pair[1] - bounds[0]];
                market_shares_by(&set_rows, &times, market, sum, |row, shares| {
                    found.push((row, shares))
                })
                .map_err(|e| Error::internal(e.to_string()))?;
            }
            Ok(found)
        })
        .collect::<Result<_>>()?;
    let mut shares = vec![0.0; keys.ts.len()];
    for (row, value) in found.into_iter().flatten() {
        shares[row as usize] = value;
    }
    Ok(shares)
}

/// The rows of each market, in the order that its sums are made in.
pub(crate) fn market_rows(keys: &TradeKeys, order: Option<&[u32]>, sum: Numerics) -> Groups {
    match (sum, order) {
        (Numerics::Notebook, Some(order)) => {
            let market: Vec<u32> = order.iter().map(|&row| keys.market[row as usize]).collect();
            let mut groups = group_by_code(&market, keys.markets);
            groups.rows.iter_mut().for_each(|at| *at = order[*at as usize]);
            groups
        }
        _ => group_by_code(&keys.market, keys.markets),
    }
}

/// Rows whose buckets one piece of parallel work finds.
const ROWS_AT_A_TIME: usize = 1 << 16;

/// The buckets of all stamps. Trades that follow each other mostly share one, which saves the division.
pub(crate) fn bucket_starts(trades_path: &Path, ts: &[i64], step: i64) -> Result<Vec<i64>> {
    let mut buckets = vec![0; ts.len()];
    buckets
        .par_chunks_mut(ROWS_AT_A_TIME)
        .zip(ts.par_chunks(ROWS_AT_A_TIME))
        .enumerate()
        .try_for_each(|(chunk, (buckets, ts))| {
            let mut last = NULL_TS;
            for (i, (bucket, &ts)) in buckets.iter_mut().zip(ts).enumerate() {
                let same = last != NULL_TS && ts >= last && ts.abs_diff(last) < step.unsigned_abs();
                if !same {
                    let row = (chunk * ROWS_AT_A_TIME + i) as u64;
                    last = bucket_start(ts, step).ok_or_else(|| overflow(trades_path, row))?;
                }
                *bucket = last;
            }
            Ok(())
        })?;
    Ok(buckets)
}

/// The bucket that holds `ts`; null stays null.
#[must_use]
pub fn bucket_start(ts: i64, step: i64) -> Option<i64> {
    if ts == NULL_TS {
        Some(NULL_TS)
    } else {
        floor_to(ts, step)
    }
}

fn overflow(path: &Path, row: u64) -> Error {
    Error::new(
        Code::Overflow,
        format!(
            "{}: the bucket of ts in row {row} begins before the earliest time of 64 bits; use a shorter --bucket",
            path.display()
        ),
    )
    .in_file(path)
    .in_column("ts")
    .at_row(row)
}
