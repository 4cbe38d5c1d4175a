//! Counts and weighted sums in windows over a second table in memory.

use polyfeat::TokenOrder;
use std::ops::Range;

use polyfeat::{Closed, FlowPlan, FlowSlices, NULL_TS, Numerics, Span, SweepError, key_flow};

use crate::check::common_len;
use crate::codes::NULL_CODE;
use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::{Job, ROWS_AT_A_TIME};
use crate::memory::ensure;
use crate::number::{check_number, flat_numbers};
use crate::order::sorted_order;
use crate::output::OutColumn;
use crate::pair::{Keyed, Pair, PairOptions, check_pair};
use crate::plan::distinct;

/// Which windows, and how they are summed.
#[derive(Debug, Clone)]
pub struct WindowPlan {
    /// Their lengths.
    pub windows: Vec<Span>,
    /// Which of their ends belong to them.
    pub closed: Closed,
    /// How sums are made.
    pub sum: Numerics,
    /// How times are read.
    pub read: PairOptions,
}

/// Flows by window, in the order of the left rows.
#[derive(Debug)]
pub struct WindowFlows {
    /// Rows in each window.
    pub counts: Vec<OutColumn>,
    /// By window, then by weight.
    pub sums: Vec<Vec<OutColumn>>,
}

/// For each left row, counts the right rows of its key in the windows before its time, and sums their weights
/// ([`key_flow`]). A weight is a product of columns of the right table, rounded after each multiplication.
///
/// # Errors
/// Those of reading; `OVERFLOW` when a window leaves the range of 64 bits; `INVALID_OPTION`; `OUT_OF_MEMORY`.
pub fn window_flow(
    job: &Job,
    plan: &WindowPlan,
    left: &Keyed<'_>,
    right: &Keyed<'_>,
    weights: &[Vec<Column<'_>>],
) -> Result<WindowFlows> {
    distinct("windows", &plan.windows)?;
    check_pair(left, right)?;
    for column in weights.iter().flatten() {
        column.check()?;
        check_number(column)?;
        common_len("right", &[&right.ts, column])?;
    }
    let (rows, columns) = (left.ts.len(), plan.windows.len() * (1 + weights.len()));
    ensure(rows, 32 + 16 * columns)?;
    ensure(right.ts.len(), 32 + 16 * weights.len())?;
    let pair = Pair::read(job, left, right, plan.read)?;
    let weights = weights
        .iter()
        .map(|columns| product(job, columns, &pair.right.rows))
        .collect::<Result<Vec<_>>>()?;
    let order = sorted_order(job, &pair.left, pair.right.keys(), &pair.left_ts)?;
    job.begin("flow", rows);
    let mut values = vec![vec![f64::NAN; rows]; columns];
    Flowing {
        job,
        pair: &pair,
        order: &order,
        weights: &weights,
        column: &left.ts,
        plan: FlowPlan {
            windows: plan
                .windows
                .iter()
                .map(|&span| plan.closed.length_in(span, pair.unit))
                .collect(),
            closed: plan.closed,
            sum: plan.sum,
        },
    }
    .run(&mut values)?;
    job.end();

    let position = (!order.is_identity()).then(|| order.positions());
    let names = plan.windows.iter().map(|span| format!("count_{}", span.label()));
    let sums = (0..weights.len()).flat_map(|k| {
        plan.windows
            .iter()
            .map(move |span| format!("sum{k}_{}", span.label()))
    });
    let mut made = job
        .threads
        .map(names.chain(sums).zip(values).collect(), |(name, values)| {
            job.check()?;
            let values = match &position {
                None => values,
                Some(position) => position.iter().map(|&p| values[p as usize]).collect(),
            };
            Ok(OutColumn::doubles(name, values))
        })?
        .into_iter();
    let counts = made.by_ref().take(plan.windows.len()).collect();
    let mut by_window: Vec<Vec<OutColumn>> = plan.windows.iter().map(|_| Vec::new()).collect();
    for (i, column) in made.enumerate() {
        by_window[i % plan.windows.len()].push(column);
    }
    Ok(WindowFlows {
        counts,
        sums: by_window,
    })
}

/// The product of columns, in the order of `rows`.
fn product(job: &Job, columns: &[Column<'_>], rows: &[u32]) -> Result<Vec<f64>> {
    let Some((first, rest)) = columns.split_first() else {
        return Err(Error::new(
            Code::InvalidOption,
            "a weight has no columns; give at least one",
        ));
    };
    let pick = |column: &Column<'_>| -> Result<Vec<f64>> {
        let values = flat_numbers(job, column)?;
        Ok(rows.iter().map(|&row| values[row as usize]).collect())
    };
    let mut terms = pick(first)?;
    for column in rest {
        for (term, factor) in terms.iter_mut().zip(pick(column)?) {
            *term *= factor;
        }
    }
    Ok(terms)
}

struct Flowing<'a> {
    job: &'a Job,
    pair: &'a Pair<'a>,
    order: &'a TokenOrder,
    weights: &'a [Vec<f64>],
    column: &'a Column<'a>,
    plan: FlowPlan,
}

/// Left rows of one key, or a stretch of them.
struct Stretch<'a> {
    key: usize,
    at: Range<usize>,
    out: FlowSlices<'a>,
}

impl Flowing<'_> {
    /// Fills the columns: counts by window, then sums by weight and window; in the order of [`TokenOrder`].
    fn run(&self, values: &mut [Vec<f64>]) -> Result<()> {
        let mut rest: Vec<&mut [f64]> = values.iter_mut().map(Vec::as_mut_slice).collect();
        let (mut work, mut piece, mut weight) = (Vec::new(), Vec::new(), 0);
        for (key, bounds) in self.order.offsets.windows(2).enumerate() {
            let rows = bounds[1] - bounds[0];
            // Cumulative sums begin at a key's first row: each stretch adds all of them again.
            let most = match self.plan.sum {
                Numerics::Exact => ROWS_AT_A_TIME,
                Numerics::Notebook => ROWS_AT_A_TIME.max(rows.div_ceil(self.job.threads.count())),
            };
            for start in (bounds[0]..bounds[1]).step_by(most) {
                let at = start..bounds[1].min(start + most);
                weight += at.len() + self.pair.right.key(key as u32).0.len();
                let out = self.slices(
                    rest.iter_mut()
                        .map(|c| c.split_off_mut(..at.len()).unwrap_or_default()),
                );
                piece.push(Stretch { key, at, out });
                if weight >= ROWS_AT_A_TIME {
                    work.push(std::mem::take(&mut piece));
                    weight = 0;
                }
            }
        }
        work.push(piece);
        self.job.threads.map(work, |stretches| {
            stretches.into_iter().try_for_each(|s| self.stretch(s))
        })?;
        Ok(())
    }

    fn slices<'o>(&self, mut columns: impl Iterator<Item = &'o mut [f64]>) -> FlowSlices<'o> {
        let windows = self.plan.windows.len();
        FlowSlices {
            counts: columns.by_ref().take(windows).collect(),
            sums: self
                .weights
                .iter()
                .map(|_| columns.by_ref().take(windows).collect())
                .collect(),
        }
    }

    fn stretch(&self, stretch: Stretch<'_>) -> Result<()> {
        self.job.check()?;
        let Stretch { key, at, out } = stretch;
        let rows = self.order.rows.get(at.clone()).unwrap_or_default();
        // Rows without a time sort last, and stay null.
        let moments: Vec<i64> = rows
            .iter()
            .map(|&row| self.pair.left_ts[row as usize])
            .take_while(|&t| t != NULL_TS)
            .collect();
        let offsets = &self.pair.right.offsets;
        let mine = offsets[key]..offsets[key + 1];
        let weights: Vec<&[f64]> = self.weights.iter().map(|w| &w[mine.clone()]).collect();
        let cut = |columns: Vec<_>| -> Vec<&mut [f64]> {
            columns
                .into_iter()
                .map(|c: &mut [f64]| &mut c[..moments.len()])
                .collect()
        };
        let mut out = FlowSlices {
            counts: cut(out.counts),
            sums: out.sums.into_iter().map(cut).collect(),
        };
        key_flow(
            &self.pair.right.ts[mine],
            &weights,
            &moments,
            &self.plan,
            &mut out,
        )
        .map_err(|e| self.refused(&e, rows))?;
        self.job.advance(at.len());
        Ok(())
    }

    fn refused(&self, e: &SweepError, rows: &[u32]) -> Error {
        match *e {
            SweepError::Overflow { index } => {
                let row = rows.get(index).copied().unwrap_or(NULL_CODE);
                self.column
                    .error(
                        Code::Overflow,
                        format!(
                            "in row {row} minus a window lies before the earliest time of 64 bits; use shorter ones or a coarser unit"
                        ),
                    )
                    .at_row(row as usize)
            }
            SweepError::Duration { .. } => Error::new(Code::InvalidOption, e.to_string()),
            _ => Error::internal(e),
        }
    }
}
