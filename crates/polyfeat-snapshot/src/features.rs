//! From keys and tape to feature columns: one sweep per token, then complete sets and regimes.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polyfeat::{
    CompleteSets, FeatureSlices, NULL_TS, Numerics, Prints, SetRows, Span, SweepError, SweepPlan,
    complete_sets, fill_unknown, floor_to, rescale, sweep, token_order,
};
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::strings::NULL_CODE;
use crate::tape::{BucketPrints, Tape};

/// Columns that come from the tape, one value per trade in (token, ts) order.
pub struct TapeColumns {
    /// Price of the last print; NaN is null.
    pub last_price: Vec<f64>,
    /// Stamp of the last print in the common unit; `NULL_TS` is null.
    pub last_ts: Vec<i64>,
    /// By lag.
    pub returns: Vec<Vec<f64>>,
    /// By window.
    pub counts: Vec<Vec<f64>>,
    /// By window.
    pub volumes: Vec<Vec<f64>>,
    /// By window.
    pub notionals: Vec<Vec<f64>>,
}

impl TapeColumns {
    fn new(rows: usize, lags: usize, windows: usize) -> Self {
        // Zeroed pages come from the operating system untouched; every value is written by a sweep.
        let column = || vec![0.0; rows];
        let columns = |n: usize| (0..n).map(|_| column()).collect();
        TapeColumns {
            last_price: column(),
            last_ts: vec![0; rows],
            returns: columns(lags),
            counts: columns(windows),
            volumes: columns(windows),
            notionals: columns(windows),
        }
    }

    fn slices(&mut self) -> FeatureSlices<'_> {
        fn all(columns: &mut [Vec<f64>]) -> Vec<&mut [f64]> {
            columns.iter_mut().map(Vec::as_mut_slice).collect()
        }
        FeatureSlices {
            last_price: &mut self.last_price,
            last_ts: &mut self.last_ts,
            returns: all(&mut self.returns),
            counts: all(&mut self.counts),
            volumes: all(&mut self.volumes),
            notionals: all(&mut self.notionals),
        }
    }
}

/// Takes the first `n` rows off `rest`.
fn split_off<'a>(rest: &mut FeatureSlices<'a>, n: usize) -> FeatureSlices<'a> {
    fn cut<'a, T>(s: &mut &'a mut [T], n: usize) -> &'a mut [T] {
        s.split_off_mut(..n).unwrap_or_default()
    }
    fn cut_all<'a>(columns: &mut [&'a mut [f64]], n: usize) -> Vec<&'a mut [f64]> {
        columns.iter_mut().map(|c| cut(c, n)).collect()
    }
    FeatureSlices {
        last_price: cut(&mut rest.last_price, n),
        last_ts: cut(&mut rest.last_ts, n),
        returns: cut_all(&mut rest.returns, n),
        counts: cut_all(&mut rest.counts, n),
        volumes: cut_all(&mut rest.volumes, n),
        notionals: cut_all(&mut rest.notionals, n),
    }
}

/// Lags, windows and numerics of a run.
#[derive(Debug, Clone)]
pub struct FeaturePlan {
    /// Lags of the returns.
    pub lags: Vec<Span>,
    /// Lengths of the flow windows.
    pub windows: Vec<Span>,
    /// How sums are made.
    pub sum: Numerics,
}

/// The trades in (token, ts) order, and where each token's rows are.
pub struct TokenOrder {
    /// File rows by (token, ts), stable, nulls last in both.
    pub rows: Vec<u32>,
    /// `tokens + 1` offsets into `rows`; null tokens come after the last.
    pub offsets: Vec<usize>,
}

impl TokenOrder {
    /// Sorts the trades.
    #[must_use]
    pub fn new(keys: &TradeKeys) -> Self {
        let tokens = keys.tokens.names().len();
        let mut offsets = vec![0_usize; tokens + 1];
        for &token in keys.token.iter().filter(|&&t| t != NULL_CODE) {
            offsets[token as usize + 1] += 1;
        }
        for t in 0..tokens {
            offsets[t + 1] += offsets[t];
        }
        TokenOrder {
            rows: token_order(&keys.token, tokens, &keys.ts),
            offsets,
        }
    }

    /// Whether it is the order of the file.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.rows.iter().enumerate().all(|(i, &row)| i == row as usize)
    }
}

struct BucketWork<'a> {
    bucket: usize,
    first: usize,
    out: FeatureSlices<'a>,
}

/// Sweeps every token; buckets in parallel.
///
/// # Errors
/// `OVERFLOW` when a stamp, or a stamp minus a lag or window, leaves the range of the common unit.
pub fn tape_columns(
    job: &Arc<Job>,
    trades_path: &Path,
    keys: &TradeKeys,
    order: &TokenOrder,
    tape: &Tape,
    plan: &FeaturePlan,
) -> Result<TapeColumns> {
    let kernel = SweepPlan {
        lags: plan.lags.iter().map(|s| s.ceil_in(tape.unit)).collect(),
        windows: plan.windows.iter().map(|s| s.ceil_in(tape.unit)).collect(),
        sum: plan.sum,
    };
    let rows = order.rows.len();
    let mut columns = TapeColumns::new(rows, plan.lags.len(), plan.windows.len());
    let mut rest = columns.slices();
    let mut first = 0;
    let mut work = Vec::with_capacity(tape.buckets.len());
    for (bucket, tokens) in tape.buckets.iter().enumerate() {
        let end = order.offsets[tokens.end as usize];
        work.push(BucketWork {
            bucket,
            first,
            out: split_off(&mut rest, end - first),
        });
        first = end;
    }
    fill_unknown(&mut rest); // trades without a token
    let at = Sweeping {
        job,
        trades_path,
        keys,
        order,
        tape,
        plan: &kernel,
    };
    work.into_par_iter().try_for_each_init(
        || (BucketPrints::default(), Vec::new()),
        |(prints, ts), w| at.bucket(w, prints, ts),
    )?;
    Ok(columns)
}

struct Sweeping<'a> {
    job: &'a Arc<Job>,
    trades_path: &'a Path,
    keys: &'a TradeKeys,
    order: &'a TokenOrder,
    tape: &'a Tape,
    plan: &'a SweepPlan,
}

impl Sweeping<'_> {
    fn bucket(&self, work: BucketWork<'_>, prints: &mut BucketPrints, ts: &mut Vec<i64>) -> Result<()> {
        self.job.check()?;
        let BucketWork {
            bucket,
            first,
            out: mut rest,
        } = work;
        self.tape.bucket(bucket, prints);
        let tokens = &self.tape.buckets[bucket];
        let rows = rest.last_ts.len();
        for (i, token) in (tokens.start as usize..tokens.end as usize).enumerate() {
            let trades = self.order.offsets[token]..self.order.offsets[token + 1];
            let known = prints.offsets[i]..prints.offsets[i + 1];
            let mut out = split_off(&mut rest, trades.len());
            if known.is_empty() {
                fill_unknown(&mut out);
                continue;
            }
            self.stamps(trades.clone(), ts)?;
            let mut null_tail = split_off_tail(&mut out, ts.len());
            fill_unknown(&mut null_tail);
            let prints = Prints {
                ts: &prints.ts[known.clone()],
                price: &prints.price[known.clone()],
                size: &prints.size[known],
            };
            sweep(&prints, ts, self.plan, &mut out).map_err(|e| self.overflow(trades.start, &e))?;
        }
        debug_assert_eq!(first + rows, self.order.offsets[tokens.end as usize]);
        self.job.advance(rows as u64);
        Ok(())
    }

    /// Stamps of a token's trades in the common unit; null ones, which sort last, are left off.
    fn stamps(&self, trades: Range<usize>, ts: &mut Vec<i64>) -> Result<()> {
        ts.clear();
        for &row in &self.order.rows[trades] {
            let stamp = self.keys.ts[row as usize];
            if stamp == NULL_TS {
                break;
            }
            ts.push(rescale(stamp, self.keys.unit, self.tape.unit).ok_or_else(|| {
                Error::new(
                    Code::Overflow,
                    format!(
                        "{}: ts {stamp} {} in row {row} does not fit into {}, the unit of market_trades; store both files' ts in the coarser unit",
                        self.trades_path.display(),
                        self.keys.unit.symbol(),
                        self.tape.unit.symbol()
                    ),
                )
                .in_file(self.trades_path)
                .in_column("ts")
                .at_row(u64::from(row))
            })?);
        }
        Ok(())
    }

    fn overflow(&self, first: usize, e: &SweepError) -> Error {
        let SweepError::Overflow { index } = *e else {
            return Error::internal(e.to_string());
        };
        let row = self.order.rows[first + index];
        Error::new(
            Code::Overflow,
            format!(
                "{}: ts in row {row} minus a lag or window lies before the earliest time of 64 bits; use shorter ones or a coarser unit",
                self.trades_path.display()
            ),
        )
        .in_file(self.trades_path)
        .in_column("ts")
        .at_row(u64::from(row))
    }
}

/// Leaves the first `n` rows in `out` and returns the others.
fn split_off_tail<'a>(out: &mut FeatureSlices<'a>, n: usize) -> FeatureSlices<'a> {
    let head = split_off(out, n);
    std::mem::replace(out, head)
}

/// Complete sets by file row.
///
/// # Errors
/// `OVERFLOW` when a bucket would begin before the earliest time.
pub fn set_columns(
    trades_path: &Path,
    keys: &TradeKeys,
    order: Option<&TokenOrder>,
    bucket_step: i64,
    sum: Numerics,
) -> Result<CompleteSets> {
    let bucket = keys
        .ts
        .iter()
        .enumerate()
        .map(|(row, &ts)| {
            bucket_start(ts, bucket_step).ok_or_else(|| bucket_overflow(trades_path, row as u64))
        })
        .collect::<Result<Vec<i64>>>()?;
    let rows = SetRows {
        market: &keys.market,
        bucket: &bucket,
        leg: &keys.leg,
        size: &keys.size,
    };
    Ok(complete_sets(
        &rows,
        keys.markets,
        order.map(|o| &o.rows[..]),
        sum,
    ))
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

fn bucket_overflow(path: &Path, row: u64) -> Error {
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
