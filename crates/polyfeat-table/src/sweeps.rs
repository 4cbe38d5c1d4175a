//! One sweep per token, many tokens at once: the columns that come from the tape.

use polyfeat::TokenOrder;
use std::ops::Range;

use polyfeat::{
    NULL_TS, Numerics, PROOF_COLUMNS, ProofColumns, SweepError, SweepPlan, SweptColumns, SweptCounts,
    SweptSlices, Unknown, proven_sweep, rescale, visible_sweep,
};

use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::{Job, ROWS_AT_A_TIME};
use crate::plan::FeaturePlan;
use crate::tape::Tape;
use crate::trades::Trades;
use crate::visible::{PrintScratch, Rules, TradeScratch, too_far};

/// Everything that sweeps look at.
pub struct Sweeps<'a> {
    /// The call.
    pub job: &'a Job,
    /// The trades.
    pub trades: &'a Trades<'a>,
    /// Their time column, for messages.
    pub ts: &'a Column<'a>,
    /// Their order; token codes may be renumbered in it.
    pub order: &'a TokenOrder,
    /// The tape's code of each of the order's tokens; `None`: it has no such token.
    pub tape_code: &'a [Option<u32>],
    /// The tape.
    pub tape: &'a Tape,
    /// What trades see of it.
    pub rules: &'a Rules<'a>,
}

/// Trades of one token, or a stretch of those of a hot one, so that it does not keep the other threads waiting.
struct Stretch<'a> {
    token: usize,
    /// Positions in (token, ts) order.
    at: Range<usize>,
    out: SweptSlices<'a>,
}

/// Columns of one token after another.
#[derive(Default)]
struct Scratch {
    ts: Vec<i64>,
    trades: TradeScratch,
    prints: PrintScratch,
}

impl Sweeps<'_> {
    /// Sweeps every token.
    ///
    /// # Errors
    /// `OVERFLOW` when a time, or a time minus a lag or window, leaves the range of the common unit;
    /// `DUPLICATE_TIME`; `INVALID_OPTION`; `CANCELLED`.
    pub fn run(&self, plan: &FeaturePlan) -> Result<SweptColumns> {
        let kernel = self.rules.sweep_plan(plan);
        let unit = self.rules.unit;
        let reaches: Vec<i64> = plan.windows.iter().map(|span| span.ceil_in(unit)).collect();
        let rows = self.order.rows.len();
        self.job.begin("features", rows);
        let counts = SweptCounts {
            lags: plan.returns.len(),
            windows: plan.windows.len(),
            proof: self.rules.proof.map_or(0, |_| PROOF_COLUMNS),
        };
        let mut values = SweptColumns::new(rows, counts);
        let mut rest = values.slices();
        let work = self.work(plan.sum, &mut rest);
        rest.fill_unknown(); // trades without a token
        self.job.threads.map(work, |stretches| {
            let mut scratch = Scratch::default();
            stretches.into_iter().try_for_each(|stretch| {
                self.job.check()?;
                let rows = stretch.at.len();
                self.stretch(stretch, &kernel, &reaches, &mut scratch)?;
                self.job.advance(rows);
                Ok(())
            })
        })?;
        self.job.end();
        Ok(values)
    }

    /// Splits the trades into pieces of work of about one size.
    fn work<'o>(&self, sum: Numerics, rest: &mut SweptSlices<'o>) -> Vec<Vec<Stretch<'o>>> {
        let (mut work, mut piece, mut weight) = (Vec::new(), Vec::new(), 0);
        for (token, bounds) in self.order.offsets.windows(2).enumerate() {
            let trades = bounds[1] - bounds[0];
            // The notebook's sums begin at a token's first print: each stretch adds all prints again.
            let most = match sum {
                Numerics::Exact => ROWS_AT_A_TIME,
                Numerics::Notebook => ROWS_AT_A_TIME.max(trades.div_ceil(self.job.threads.count())),
            };
            for start in (bounds[0]..bounds[1]).step_by(most) {
                let at = start..bounds[1].min(start + most);
                weight += at.len() + self.prints(token).len();
                piece.push(Stretch {
                    token,
                    out: rest.split_off(at.len()),
                    at,
                });
                if weight >= ROWS_AT_A_TIME {
                    work.push(std::mem::take(&mut piece));
                    weight = 0;
                }
            }
        }
        work.push(piece);
        work
    }

    /// Where the prints of one of the order's tokens are.
    fn prints(&self, token: usize) -> Range<usize> {
        let offsets = &self.tape.prints.offsets;
        let code = self.tape_code.get(token).copied().flatten();
        let code = code.map(|code| code as usize);
        let bounds = code.and_then(|code| offsets.get(code).zip(offsets.get(code + 1)));
        bounds.map_or(0..0, |(&from, &to)| from..to)
    }

    fn stretch(
        &self,
        stretch: Stretch<'_>,
        plan: &SweepPlan,
        reaches: &[i64],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Stretch { token, at, mut out } = stretch;
        let known = self.prints(token);
        if known.is_empty() && self.rules.kernel.unknown != Unknown::Zero && self.rules.proof.is_none() {
            out.fill_unknown();
            return Ok(());
        }
        let rows = &self.order.rows[at];
        self.stamps(rows, &mut scratch.ts)?;
        let rows = &rows[..scratch.ts.len()];
        let trades = self.rules.trades(rows, &scratch.ts, &mut scratch.trades);
        let prints = self.rules.prints(known, &mut scratch.prints)?;
        let SweptSlices {
            features: mut swept,
            mut proof,
        } = out.split_off(rows.len());
        out.fill_unknown(); // trades without a time
        let rules = &self.rules.kernel;
        let done = match self.rules.proof {
            None => visible_sweep(&prints, &trades, plan, rules, &mut swept, None),
            Some(begin) => {
                let proof = ProofColumns {
                    begin,
                    reaches,
                    columns: &mut proof,
                };
                proven_sweep(&prints, &trades, plan, rules, &mut swept, proof)
            }
        };
        done.map_err(|e| self.refused(rows, &e))
    }

    /// Times of a token's trades in the common unit; null ones, which sort last, are left off.
    fn stamps(&self, rows: &[u32], out: &mut Vec<i64>) -> Result<()> {
        let (from, to) = (self.trades.unit, self.rules.unit);
        out.clear();
        for &row in rows {
            let stamp = self.trades.ts[row as usize];
            if stamp == NULL_TS {
                break;
            }
            let common = rescale(stamp, from, to);
            out.push(common.ok_or_else(|| too_far(stamp, from, to, Some((self.ts, row))))?);
        }
        Ok(())
    }

    fn refused(&self, rows: &[u32], e: &SweepError) -> Error {
        let at = |index: usize| rows.get(index).copied().unwrap_or(0);
        match *e {
            SweepError::Overflow { index } => {
                let row = at(index);
                self.ts
                    .error(
                        Code::Overflow,
                        format!(
                            "in row {row} minus a lag or window lies before the earliest time of 64 bits; use shorter ones or a coarser unit"
                        ),
                    )
                    .at_row(row as usize)
            }
            SweepError::Tie { index, ts } => {
                let row = at(index);
                self.ts
                    .error(
                        Code::DuplicateTime,
                        format!(
                            "of row {row} sees several prints of one time ({ts} {}); say which one counts by tie last or first",
                            self.rules.unit.symbol()
                        ),
                    )
                    .at_row(row as usize)
            }
            SweepError::Duration { .. } | SweepError::Rule { .. } | SweepError::Holes => {
                Error::new(Code::InvalidOption, e.to_string())
            }
            _ => Error::internal(e),
        }
    }
}
