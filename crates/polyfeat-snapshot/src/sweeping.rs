//! Sweeps over the prints of a pass: bucket by bucket, token by token, by the notebook's rules or others.

use std::ops::Range;
use std::sync::Arc;

use polyfeat::{
    NULL_TS, PrintColumns, ProofColumns, SweepError, SweepPlan, SweptSlices, TradeColumns, proven_sweep,
    rescale, sweep, visible_sweep,
};
use rayon::prelude::*;

use crate::bucket::BucketPrints;
use crate::error::{Code, Error, Result};
use crate::features::{BucketWork, Trades};
use crate::job::Job;
use crate::sight::TapeSight;
use crate::tape::Pass;

/// Trades of a token beyond this are swept in several pieces at once, so that one hot token does not keep
/// the other threads waiting.
const HOT_TRADES: usize = 1 << 16;

/// Sweeps over the prints of one pass.
pub(crate) struct Sweeping<'a> {
    pub(crate) job: &'a Arc<Job>,
    pub(crate) trades: Trades<'a>,
    pub(crate) pass: &'a Pass<'a>,
    pub(crate) plan: &'a SweepPlan,
    /// The windows' lengths rounded up.
    pub(crate) reaches: &'a [i64],
    /// None: the notebook's rules.
    pub(crate) sight: Option<TapeSight>,
}

/// Memory that is used again from bucket to bucket.
#[derive(Default)]
pub(crate) struct Scratch {
    prints: BucketPrints,
    trades: TokenTrades,
}

/// The trades of one token that have a time: ascending by it.
#[derive(Default)]
pub(crate) struct TokenTrades {
    pub(crate) ts: Vec<i64>,
    sequence: Vec<i64>,
    pub(crate) own: Vec<u32>,
}

impl TokenTrades {
    pub(crate) fn columns(&self, range: Range<usize>) -> TradeColumns<'_> {
        TradeColumns {
            ts: &self.ts[range.clone()],
            sequence: self.sequence.get(range.clone()).unwrap_or_default(),
            own: self.own.get(range).unwrap_or_default(),
        }
    }
}

impl Sweeping<'_> {
    /// Sweeps the tokens of one bucket.
    pub(crate) fn bucket(&self, work: BucketWork<'_>, scratch: &mut Scratch) -> Result<()> {
        self.job.check()?;
        let BucketWork {
            bucket,
            out: mut rest,
        } = work;
        let Scratch { prints, trades } = scratch;
        self.pass.bucket(bucket, prints);
        let tokens = &self.pass.tape.buckets[bucket];
        let rows = rest.rows();
        let order = self.trades.order;
        for (i, token) in (tokens.start as usize..tokens.end as usize).enumerate() {
            let of_token = order.offsets[token]..order.offsets[token + 1];
            let known = prints.offsets[i]..prints.offsets[i + 1];
            let mut out = rest.split_off(of_token.len());
            if known.is_empty() && self.sight.is_none() {
                out.fill_unknown();
                continue;
            }
            self.read(of_token.clone(), trades)?;
            let known = prints.columns(known);
            let swept = out.split_off(trades.ts.len());
            out.fill_unknown(); // trades without a time
            self.token(&known, trades, swept, of_token.start)?;
        }
        self.job.advance(rows as u64);
        Ok(())
    }

    /// Sweeps one token, whose first trade is `first` in the order; a hot one in pieces of its trades.
    fn token(
        &self,
        prints: &PrintColumns<'_>,
        trades: &TokenTrades,
        mut out: SweptSlices<'_>,
        first: usize,
    ) -> Result<()> {
        let rows = trades.ts.len();
        let piece = rows.div_ceil(rayon::current_num_threads().max(1));
        if rows < HOT_TRADES || piece == rows {
            return self.piece(prints, trades.columns(0..rows), out, first);
        }
        let pieces: Vec<_> = (0..rows)
            .step_by(piece)
            .map(|at| {
                let range = at..rows.min(at + piece);
                (at, trades.columns(range.clone()), out.split_off(range.len()))
            })
            .collect();
        pieces.into_par_iter().try_for_each(|(at, trades, out)| {
            self.job.check()?;
            self.piece(prints, trades, out, first + at)
        })
    }

    fn piece(
        &self,
        prints: &PrintColumns<'_>,
        trades: TradeColumns<'_>,
        mut out: SweptSlices<'_>,
        first: usize,
    ) -> Result<()> {
        let swept = match &self.sight {
            None => sweep(&prints.prints, trades.ts, self.plan, &mut out.features),
            Some(sight) if !sight.proof => {
                visible_sweep(prints, &trades, self.plan, &sight.rules, &mut out.features, None)
            }
            Some(sight) => proven_sweep(
                prints,
                &trades,
                self.plan,
                &sight.rules,
                &mut out.features,
                ProofColumns {
                    begin: sight.begin,
                    reaches: self.reaches,
                    columns: &mut out.proof,
                },
            ),
        };
        swept.map_err(|e| self.refused(first, &e))
    }

    /// A token's trades, stamps in the common unit; those without a time, which sort last, are left off.
    pub(crate) fn read(&self, trades: Range<usize>, to: &mut TokenTrades) -> Result<()> {
        self.stamps(trades.clone(), &mut to.ts)?;
        to.sequence.clear();
        to.own.clear();
        if let Some(known) = self.trades.known {
            let rows = &self.trades.order.rows[trades][..to.ts.len()];
            let place = |&row: &u32| known.sequence.get(row as usize).copied();
            to.sequence.extend(rows.iter().filter_map(place));
            let code = |&row: &u32| known.own.get(row as usize).copied();
            to.own.extend(rows.iter().filter_map(code));
        }
        Ok(())
    }

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
                        "ts {stamp} {} in row {row} does not fit into {}, the finest unit of both files; store both files' ts in the coarser unit",
                        from.symbol(),
                        to.symbol()
                    ),
                )
            })?);
        }
        Ok(())
    }

    pub(crate) fn refused(&self, first: usize, e: &SweepError) -> Error {
        let row = |index: usize| self.trades.order.rows[first + index];
        match *e {
            SweepError::Overflow { index } => self.overflow_at(
                row(index),
                &format!(
                    "ts in row {} minus embargo and a lag or window lies before the earliest time of 64 bits; use shorter ones or a coarser unit",
                    row(index)
                ),
            ),
            SweepError::Tie { index, ts } => {
                let row = row(index);
                let message = format!(
                    "{}: row {row} has several prints at {ts} {} that could be its answer, and tie is error; say first or last",
                    self.trades.path.display(),
                    self.pass.tape.unit.symbol()
                );
                Error::new(Code::DuplicateTime, message)
                    .in_file(self.trades.path)
                    .in_column("ts")
                    .at_row(u64::from(row))
            }
            _ => Error::internal(e.to_string()),
        }
    }

    fn overflow_at(&self, row: u32, what: &str) -> Error {
        Error::new(Code::Overflow, format!("{}: {what}", self.trades.path.display()))
            .in_file(self.trades.path)
            .in_column("ts")
            .at_row(u64::from(row))
    }
}
