//! Complete sets of all markets, many markets at once.

use polyfeat::{
    Groups, NULL_TS, Numerics, RegimeMode, SetError, SetRows, SetTimes, floor_to, group_by_code_while,
    market_shares_by,
};

use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::{Job, ROWS_AT_A_TIME};
use crate::trades::Trades;

/// Markets that one piece of parallel work takes.
const MARKETS_AT_A_TIME: usize = 64;

/// Which trades are summed, and how.
#[derive(Debug, Clone, Copy)]
pub struct SetRules {
    /// Which trades of the market.
    pub mode: RegimeMode,
    /// Length of a bucket in the unit of the times.
    pub length: i64,
    /// How.
    pub sum: Numerics,
}

/// `complete_set_shares` by row. The flag is true exactly where they are above zero.
///
/// `order` is the order that compensated sums are made in; `None` is the rows' own.
///
/// # Errors
/// `INVALID_OPTION` for sums that a mode cannot make; `CANCELLED`.
pub fn set_shares(
    job: &Job,
    trades: &Trades<'_>,
    bucket: &[i64],
    order: Option<&[u32]>,
    rules: SetRules,
) -> Result<Vec<f64>> {
    let Groups { offsets, mut rows } = match (rules.sum, order) {
        (Numerics::Notebook, Some(order)) => {
            let market: Vec<u32> = order.iter().map(|&row| trades.market[row as usize]).collect();
            let mut groups = group_by_code_while(&market, trades.markets, || job.check())?;
            groups.rows.iter_mut().for_each(|at| *at = order[*at as usize]);
            groups
        }
        _ => group_by_code_while(&trades.market, trades.markets, || job.check())?,
    };
    let set_rows = SetRows {
        market: &trades.market,
        bucket,
        leg: &trades.leg,
        size: &trades.size,
    };
    let times = SetTimes {
        mode: rules.mode,
        ts: &trades.ts,
        length: rules.length,
    };
    let mut pieces: Vec<(&mut [u32], &[usize])> = Vec::new();
    let (mut rest, mut first) = (&mut rows[..], 0);
    for market in (0..trades.markets).step_by(MARKETS_AT_A_TIME) {
        let bounds = &offsets[market..=(market + MARKETS_AT_A_TIME).min(trades.markets)];
        let end = bounds[bounds.len() - 1];
        pieces.push((rest.split_off_mut(..end - first).unwrap_or_default(), bounds));
        first = end;
    }
    let found: Vec<Vec<(u32, f64)>> = job.threads.map(pieces, |(rows, bounds)| {
        let mut found = Vec::new();
        for pair in bounds.windows(2) {
            job.check()?;
            let market = &mut rows[pair[0] - bounds[0]..pair[1] - bounds[0]];
            market_shares_by(&set_rows, &times, market, rules.sum, |row, shares| {
                found.push((row, shares));
            })
            .map_err(|e| refused(&e))?;
            job.advance(market.len());
        }
        Ok(found)
    })?;
    let mut shares = vec![0.0; trades.rows];
    for (row, value) in found.into_iter().flatten() {
        shares[row as usize] = value;
    }
    Ok(shares)
}

fn refused(e: &SetError) -> Error {
    match e {
        SetError::Notebook => Error::new(Code::InvalidOption, e.to_string()),
        _ => Error::internal(e),
    }
}

/// The beginning of each row's bucket of `step`, in the unit of `ts`; null stays null.
///
/// # Errors
/// `OVERFLOW` with the row when a bucket would begin before the earliest time.
pub fn buckets(job: &Job, ts: &[i64], step: i64, column: &Column<'_>) -> Result<Vec<i64>> {
    let parts: Vec<(usize, &[i64])> = ts.chunks(ROWS_AT_A_TIME).enumerate().collect();
    let parts = job.threads.map(parts, |(part, ts)| {
        let mut out = Vec::with_capacity(ts.len());
        for (i, &t) in ts.iter().enumerate() {
            out.push(match floor_to(t, step) {
                _ if t == NULL_TS => NULL_TS,
                Some(start) => start,
                None => return Err(overflow(column, part * ROWS_AT_A_TIME + i)),
            });
        }
        Ok(out)
    })?;
    Ok(parts.concat())
}

fn overflow(column: &Column<'_>, row: usize) -> Error {
    column
        .error(
            Code::Overflow,
            format!(
                "has in row {row} a time whose bucket begins before the earliest time of 64 bits; use a shorter bucket"
            ),
        )
        .at_row(row)
}
