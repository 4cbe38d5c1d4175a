//! From keys and tape to feature columns: one sweep per token, buckets of tokens at once.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polyfeat::{
    FeatureSlices, NULL_TS, Numerics, Prints, Span, SweepError, SweepPlan, TimeUnit, fill_unknown, rescale,
    sweep,
};
use rayon::prelude::*;

use crate::bucket::BucketPrints;
use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::memory::TapePlan;
use crate::order::TokenOrder;
use crate::passes::Passes;
use crate::swept::{Spill, Swept};
use crate::tape::{LeftOut, Pass, Tape};

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

    /// Columns of 8 bytes per trade.
    #[must_use]
    pub fn count(lags: usize, windows: usize) -> u64 {
        (2 + lags + 3 * windows) as u64
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

/// Trades of a token beyond this are swept in several pieces at once, so that one hot token does not keep
/// the other threads waiting.
const HOT_TRADES: usize = 1 << 16;

/// The trades as sweeps see them.
#[derive(Clone, Copy)]
pub struct Trades<'a> {
    /// The file, for messages.
    pub path: &'a Path,
    /// Instants by file row.
    pub ts: &'a [i64],
    /// Their unit.
    pub unit: TimeUnit,
    /// Their (token, ts) order.
    pub order: &'a TokenOrder,
}

impl Trades<'_> {
    /// Positions of a bucket's trades in (token, ts) order.
    fn rows_of(&self, tape: &Tape<'_>, bucket: usize) -> Range<usize> {
        let tokens = &tape.buckets[bucket];
        self.order.offsets[tokens.start as usize]..self.order.offsets[tokens.end as usize]
    }
}

struct BucketWork<'a> {
    bucket: usize,
    out: FeatureSlices<'a>,
}

/// Sweeps every token, pass by pass over the tape. `folder` takes the temp file of a plan that spills.
///
/// # Errors
/// Those of reading the tape; `OVERFLOW` when a stamp, or a stamp minus a lag or window, leaves the range of
/// the common unit; `OUT_OF_MEMORY`; `DISK_FULL`.
pub fn tape_columns(
    job: &Arc<Job>,
    trades: Trades<'_>,
    tape: &Tape<'_>,
    plan: &FeaturePlan,
    memory: TapePlan,
    folder: &Path,
) -> Result<(Swept, LeftOut)> {
    let kernel = SweepPlan {
        lags: plan.lags.iter().map(|s| s.ceil_in(tape.unit)).collect(),
        windows: plan.windows.iter().map(|s| s.ceil_in(tape.unit)).collect(),
        sum: plan.sum,
    };
    let rows = trades.order.rows.len();
    let columns_of = |rows: usize| TapeColumns::new(rows, plan.lags.len(), plan.windows.len());
    let mut left_out = LeftOut::default();
    let mut sweep_pass = |pass: &Pass<'_>, buckets: Range<usize>, rest: &mut FeatureSlices<'_>| {
        left_out = pass.left_out;
        let work: Vec<BucketWork<'_>> = buckets
            .map(|bucket| BucketWork {
                bucket,
                out: split_off(rest, trades.rows_of(tape, bucket).len()),
            })
            .collect();
        job.begin(
            "features",
            "rows",
            work.iter().map(|w| w.out.last_ts.len() as u64).sum(),
        );
        let at = Sweeping {
            job,
            trades,
            pass,
            plan: &kernel,
        };
        work.into_par_iter().try_for_each_init(
            || (BucketPrints::default(), Vec::new()),
            |(prints, ts), w| at.bucket(w, prints, ts),
        )
    };
    let mut passes = Passes::new(tape, memory.bytes)?;
    if !memory.spill {
        let mut columns = columns_of(rows);
        let mut rest = columns.slices();
        while let Some((pass, buckets)) = passes.next()? {
            sweep_pass(&pass, buckets, &mut rest)?;
        }
        fill_unknown(&mut rest); // trades without a token
        return Ok((Swept::Memory(columns), left_out));
    }
    let spill = Spill::create(folder, rows)?;
    let mut first = 0;
    while let Some((pass, buckets)) = passes.next()? {
        let end = buckets
            .clone()
            .last()
            .map_or(first, |bucket| trades.rows_of(tape, bucket).end);
        let mut columns = columns_of(end - first);
        sweep_pass(&pass, buckets, &mut columns.slices())?;
        spill.put(first, &columns)?;
        first = end;
    }
    let mut unknown = columns_of(rows - first);
    fill_unknown(&mut unknown.slices());
    spill.put(first, &unknown)?;
    Ok((Swept::Spilled(Arc::new(spill)), left_out))
}

struct Sweeping<'a> {
    job: &'a Arc<Job>,
    trades: Trades<'a>,
    pass: &'a Pass<'a>,
    plan: &'a SweepPlan,
}

impl Sweeping<'_> {
    fn bucket(&self, work: BucketWork<'_>, prints: &mut BucketPrints, ts: &mut Vec<i64>) -> Result<()> {
        self.job.check()?;
        let BucketWork {
            bucket,
            out: mut rest,
        } = work;
        self.pass.bucket(bucket, prints);
        let tokens = &self.pass.tape.buckets[bucket];
        let rows = rest.last_ts.len();
        let order = self.trades.order;
        for (i, token) in (tokens.start as usize..tokens.end as usize).enumerate() {
            let trades = order.offsets[token]..order.offsets[token + 1];
            let known = prints.offsets[i]..prints.offsets[i + 1];
            let mut out = split_off(&mut rest, trades.len());
            if known.is_empty() {
                fill_unknown(&mut out);
                continue;
            }
            self.stamps(trades.clone(), ts)?;
            let known = Prints {
                ts: &prints.ts[known.clone()],
                price: &prints.price[known.clone()],
                size: &prints.size[known],
            };
            let swept = split_off(&mut out, ts.len());
            fill_unknown(&mut out); // trades without a time
            self.token(&known, ts, swept, trades.start)?;
        }
        self.job.advance(rows as u64);
        Ok(())
    }

    /// Sweeps one token; a hot one in pieces of its trades.
    fn token(&self, prints: &Prints<'_>, ts: &[i64], mut out: FeatureSlices<'_>, first: usize) -> Result<()> {
        let piece = ts.len().div_ceil(rayon::current_num_threads().max(1));
        if ts.len() < HOT_TRADES || piece == ts.len() {
            return sweep(prints, ts, self.plan, &mut out).map_err(|e| self.overflow(first, &e));
        }
        let pieces: Vec<_> = ts
            .chunks(piece)
            .map(|ts| (ts, split_off(&mut out, ts.len())))
            .collect();
        pieces.into_par_iter().try_for_each(|(ts, mut out)| {
            self.job.check()?;
            sweep(prints, ts, self.plan, &mut out).map_err(|e| self.overflow(first, &e))
        })
    }

    /// Stamps of a token's trades in the common unit; null ones, which sort last, are left off.
    fn stamps(&self, trades: Range<usize>, ts: &mut Vec<i64>) -> Result<()> {
        let (from, to) = (self.trades.unit, self.pass.tape.unit);
        ts.clear();
        for &row in &self.trades.order.rows[trades] {
            let stamp = self.trades.ts[row as usize];
            if stamp == NULL_TS {
                break;
            }
            ts.push(rescale(stamp, from, to).ok_or_else(|| {
                self.overflow_at(
                    row,
                    &format!(
                        "ts {stamp} {} in row {row} does not fit into {}, the unit of market_trades; store both files' ts in the coarser unit",
                        from.symbol(),
                        to.symbol()
                    ),
                )
            })?);
        }
        Ok(())
    }

    fn overflow(&self, first: usize, e: &SweepError) -> Error {
        let SweepError::Overflow { index } = *e else {
            return Error::internal(e.to_string());
        };
        let row = self.trades.order.rows[first + index];
        self.overflow_at(
            row,
            &format!(
                "ts in row {row} minus a lag or window lies before the earliest time of 64 bits; use shorter ones or a coarser unit"
            ),
        )
    }

    fn overflow_at(&self, row: u32, what: &str) -> Error {
        Error::new(Code::Overflow, format!("{}: {what}", self.trades.path.display()))
            .in_file(self.trades.path)
            .in_column("ts")
            .at_row(u64::from(row))
    }
}
