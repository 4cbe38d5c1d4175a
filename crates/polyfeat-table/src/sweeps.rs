//! One sweep per token, many tokens at once: the columns that come from the tape.

use std::ops::Range;

use polyfeat::{
    FeatureSlices, NULL_TS, Numerics, Prints, SweepError, SweepPlan, TimeUnit, fill_unknown, rescale, sweep,
};

use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::{Job, ROWS_AT_A_TIME};
use crate::order::TokenOrder;
use crate::plan::FeaturePlan;
use crate::tape::Tape;
use crate::trades::Trades;

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
}

impl TapeValues {
    fn new(rows: usize, lags: usize, windows: usize) -> Self {
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
}

/// Trades of one token, or a stretch of those of a hot one, so that it does not keep the other threads waiting.
struct Stretch<'a> {
    token: usize,
    /// Positions in (token, ts) order.
    at: Range<usize>,
    out: FeatureSlices<'a>,
}

impl Sweeps<'_> {
    /// The unit in which trades and prints are compared: the finer one.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.trades.unit.finer(self.tape.unit)
    }

    /// Sweeps every token.
    ///
    /// # Errors
    /// `OVERFLOW` when a time, or a time minus a lag or window, leaves the range of the common unit; `CANCELLED`.
    pub fn run(&self, plan: &FeaturePlan) -> Result<TapeValues> {
        let unit = self.unit();
        let kernel = SweepPlan {
            lags: plan.returns.iter().map(|s| s.ceil_in(unit)).collect(),
            windows: plan.windows.iter().map(|s| s.ceil_in(unit)).collect(),
            sum: plan.sum,
        };
        let rows = self.order.rows.len();
        self.job.begin("features", rows);
        let mut values = TapeValues::new(rows, plan.returns.len(), plan.windows.len());
        let mut rest = values.slices();
        let work = self.work(plan.sum, &mut rest);
        fill_unknown(&mut rest); // trades without a token
        self.job.threads.map(work, |stretches| {
            let mut scratch = Scratch::default();
            stretches.into_iter().try_for_each(|stretch| {
                self.job.check()?;
                let rows = stretch.at.len();
                self.stretch(stretch, &kernel, &mut scratch)?;
                self.job.advance(rows);
                Ok(())
            })
        })?;
        self.job.end();
        Ok(values)
    }

    /// Splits the trades into pieces of work of about one size.
    fn work<'o>(&self, sum: Numerics, rest: &mut FeatureSlices<'o>) -> Vec<Vec<Stretch<'o>>> {
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
                    out: split_off(rest, at.len()),
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
        let code = self
            .tape_code
            .get(token)
            .copied()
            .flatten()
            .map(|code| code as usize);
        let bounds = code.and_then(|code| offsets.get(code).zip(offsets.get(code + 1)));
        bounds.map_or(0..0, |(&from, &to)| from..to)
    }

    fn stretch(&self, stretch: Stretch<'_>, plan: &SweepPlan, scratch: &mut Scratch) -> Result<()> {
        let Stretch { token, at, mut out } = stretch;
        let known = self.prints(token);
        if known.is_empty() {
            fill_unknown(&mut out);
            return Ok(());
        }
        let first = at.start;
        self.stamps(at, &mut scratch.trades)?;
        let all = &self.tape.prints;
        let prints = Prints {
            ts: self.print_stamps(&all.ts[known.clone()], &mut scratch.prints)?,
            price: &all.price[known.clone()],
            size: &all.size[known],
        };
        let mut swept = split_off(&mut out, scratch.trades.len());
        fill_unknown(&mut out); // trades without a time
        sweep(&prints, &scratch.trades, plan, &mut swept).map_err(|e| self.overflow(first, &e))
    }

    /// Times of a token's trades in the common unit; null ones, which sort last, are left off.
    fn stamps(&self, at: Range<usize>, out: &mut Vec<i64>) -> Result<()> {
        let (from, to) = (self.trades.unit, self.unit());
        out.clear();
        for &row in &self.order.rows[at] {
            let stamp = self.trades.ts[row as usize];
            if stamp == NULL_TS {
                break;
            }
            out.push(rescale(stamp, from, to).ok_or_else(|| {
                self.overflow_at(
                    row,
                    &format!(
                        "has {stamp} {} in row {row}, which does not fit into {}, the unit of market_trades; give both tables' ts in the coarser unit",
                        from.symbol(),
                        to.symbol()
                    ),
                )
            })?);
        }
        Ok(())
    }

    /// Times of a token's prints in the common unit: mostly those of the tape as they are.
    fn print_stamps<'s>(&self, ts: &'s [i64], scratch: &'s mut Vec<i64>) -> Result<&'s [i64]> {
        let (from, to) = (self.tape.unit, self.unit());
        if from == to {
            return Ok(ts);
        }
        scratch.clear();
        for &stamp in ts {
            scratch.push(rescale(stamp, from, to).ok_or_else(|| {
                Error::new(
                    Code::Overflow,
                    format!(
                        "the tape has a print at {stamp} {}, which does not fit into {}, the unit of trades; give both tables' ts in the coarser unit",
                        from.symbol(),
                        to.symbol()
                    ),
                )
            })?);
        }
        Ok(scratch)
    }

    fn overflow(&self, first: usize, e: &SweepError) -> Error {
        let SweepError::Overflow { index } = *e else {
            return Error::internal(e);
        };
        let row = self.order.rows[first + index];
        self.overflow_at(
            row,
            &format!(
                "in row {row} minus a lag or window lies before the earliest time of 64 bits; use shorter ones or a coarser unit"
            ),
        )
    }

    fn overflow_at(&self, row: u32, what: &str) -> Error {
        self.ts.error(Code::Overflow, what).at_row(row as usize)
    }
}

/// Times in the common unit, of one token after another.
#[derive(Default)]
struct Scratch {
    trades: Vec<i64>,
    prints: Vec<i64>,
}
