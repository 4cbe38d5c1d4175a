//! One sweep per token, many tokens at once: the columns that come from the tape.

use polyfeat::TokenOrder;
use std::ops::Range;

use polyfeat::{
    FeatureSlices, NULL_TS, Numerics, PROOF_COLUMNS, ProofColumns, SweepError, SweepPlan, Unknown,
    fill_unknown, proven_sweep, rescale, visible_sweep,
};

use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::{Job, ROWS_AT_A_TIME};
use crate::plan::FeaturePlan;
use crate::tape::Tape;
use crate::trades::Trades;
use crate::visible::{PrintScratch, Rules, TradeScratch, too_far};

/// Columns that come from the tape, one value per trade in (token, ts) order.
pub struct TapeValues {
    /// Price of the last print; NaN is null.
    pub last_price: Vec<f64>,
    /// Time of the last print in the common unit; [`NULL_TS`] is null.
    pub last_ts: Vec<i64>,
    /// By lag.
    pub returns: Vec<Vec<f64>>,
    /// By window.
    pub counts: Vec<Vec<f64>>,
    /// By window.
    pub volumes: Vec<Vec<f64>>,
    /// By window.
    pub notionals: Vec<Vec<f64>>,
    /// Columns of [`proven_sweep`], times in the common unit; none unless asked for.
    pub proof: Vec<Vec<i64>>,
}

/// Where sweeps write: rows of [`TapeValues`].
struct OutSlices<'a> {
    features: FeatureSlices<'a>,
    proof: Vec<&'a mut [i64]>,
}

impl<'a> OutSlices<'a> {
    /// Takes the first `n` rows off.
    fn split_off(&mut self, n: usize) -> OutSlices<'a> {
        OutSlices {
            features: split_off(&mut self.features, n),
            proof: self.proof.iter_mut().map(|column| cut(column, n)).collect(),
        }
    }

    /// Writes null everywhere.
    fn fill_unknown(&mut self) {
        fill_unknown(&mut self.features);
        self.proof.iter_mut().for_each(|column| column.fill(NULL_TS));
    }
}

impl TapeValues {
    fn new(rows: usize, lags: usize, windows: usize, proof: usize) -> Self {
        // Zeroed pages come from the operating system untouched; every value is written by a sweep.
        let column = || vec![0.0; rows];
        let columns = |n: usize| (0..n).map(|_| column()).collect();
        TapeValues {
            last_price: column(),
            last_ts: vec![0; rows],
            returns: columns(lags),
            counts: columns(windows),
            volumes: columns(windows),
            notionals: columns(windows),
            proof: (0..proof).map(|_| vec![0; rows]).collect(),
        }
    }

    fn slices(&mut self) -> OutSlices<'_> {
        fn all(columns: &mut [Vec<f64>]) -> Vec<&mut [f64]> {
            columns.iter_mut().map(Vec::as_mut_slice).collect()
        }
        OutSlices {
            features: FeatureSlices {
                last_price: &mut self.last_price,
                last_ts: &mut self.last_ts,
                returns: all(&mut self.returns),
                counts: all(&mut self.counts),
                volumes: all(&mut self.volumes),
                notionals: all(&mut self.notionals),
            },
            proof: self.proof.iter_mut().map(Vec::as_mut_slice).collect(),
        }
    }
}

fn cut<'a, T>(s: &mut &'a mut [T], n: usize) -> &'a mut [T] {
    s.split_off_mut(..n).unwrap_or_default()
}

/// Takes the first `n` rows off `rest`.
fn split_off<'a>(rest: &mut FeatureSlices<'a>, n: usize) -> FeatureSlices<'a> {
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
    out: OutSlices<'a>,
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
    pub fn run(&self, plan: &FeaturePlan) -> Result<TapeValues> {
        let kernel = self.rules.sweep_plan(plan);
        let unit = self.rules.unit;
        let reaches: Vec<i64> = plan.windows.iter().map(|span| span.ceil_in(unit)).collect();
        let rows = self.order.rows.len();
        self.job.begin("features", rows);
        let proof = self.rules.proof.map_or(0, |_| PROOF_COLUMNS);
        let mut values = TapeValues::new(rows, plan.returns.len(), plan.windows.len(), proof);
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
    fn work<'o>(&self, sum: Numerics, rest: &mut OutSlices<'o>) -> Vec<Vec<Stretch<'o>>> {
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
        let OutSlices {
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
