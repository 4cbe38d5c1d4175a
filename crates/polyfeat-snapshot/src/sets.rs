//! Complete sets of all markets, many markets at once.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use polyfeat::{
    Groups, NULL_TS, Numerics, RegimeMode, SetRows, SetTimes, floor_to, group_by_code_while, market_shares_by,
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
    let Groups { offsets, mut rows } = market_rows(job, keys, order, sum)?;
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
    // Every row belongs to one market: each of these is stored to once at most.
    let shares: Vec<AtomicU64> = keys.ts.iter().map(|_| AtomicU64::new(0)).collect();
    pieces.into_par_iter().try_for_each(|(rows, bounds)| {
        job.check()?;
        for pair in bounds.windows(2) {
            let market = &mut rows[pair[0] - bounds[0]..pair[1] - bounds[0]];
            let put = |row: u32, value: f64| shares[row as usize].store(value.to_bits(), Relaxed);
            market_shares_by(&set_rows, &times, market, sum, put)
                .map_err(|e| Error::internal(e.to_string()))?;
        }
        Ok(())
    })?;
    Ok(shares
        .into_iter()
        .map(|bits| f64::from_bits(bits.into_inner()))
        .collect())
}

/// The rows of each market, in the order that its sums are made in.
///
/// # Errors
/// `CANCELLED`.
pub(crate) fn market_rows(
    job: &Job,
    keys: &TradeKeys,
    order: Option<&[u32]>,
    sum: Numerics,
) -> Result<Groups> {
    match (sum, order) {
        (Numerics::Notebook, Some(order)) => {
            let market: Vec<u32> = order.iter().map(|&row| keys.market[row as usize]).collect();
            let mut groups = group_by_code_while(&market, keys.markets, || job.check())?;
            groups.rows.iter_mut().for_each(|at| *at = order[*at as usize]);
            Ok(groups)
        }
        _ => group_by_code_while(&keys.market, keys.markets, || job.check()),
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
