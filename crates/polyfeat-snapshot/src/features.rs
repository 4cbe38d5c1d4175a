//! From keys and tape to feature columns: one sweep per token, buckets of tokens at once.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polyfeat::{
    Closed, Numerics, Span, SweepPlan, SweptColumns, SweptCounts, SweptSlices, TimeUnit, TokenOrder,
};
use rayon::prelude::*;

use crate::error::Result;
use crate::feature::ProofColumn;
use crate::further::Known;
use crate::job::Job;
use crate::memory::TapePlan;
use crate::passes::Passes;
use crate::sight::Sight;
use crate::sweeping::{Scratch, Sweeping};
use crate::swept::{Spill, Swept};
use crate::tape::{LeftOut, Pass, Tape};

/// Lags, windows and numerics of a run.
#[derive(Debug, Clone)]
pub struct FeaturePlan {
    /// Lags of the returns.
    pub lags: Vec<Span>,
    /// Lengths of the flow windows.
    pub windows: Vec<Span>,
    /// How sums are made.
    pub sum: Numerics,
    /// Whether columns are made by which rows can be checked.
    pub proof: bool,
}

/// What is swept, and how.
#[derive(Clone, Copy)]
pub struct Sweeps<'a> {
    /// The columns.
    pub plan: &'a FeaturePlan,
    /// What a trade sees, where the notebook's rules do not do.
    pub sight: Option<&'a Sight>,
}

impl FeaturePlan {
    /// The columns that it makes.
    #[must_use]
    pub fn counts(&self) -> SweptCounts {
        SweptCounts {
            lags: self.lags.len(),
            windows: self.windows.len(),
            proof: if self.proof { ProofColumn::ALL.len() } else { 0 },
        }
    }

    /// The same for the kernels: lengths in the unit of the stamps, as windows that are `closed` so need them.
    pub(crate) fn kernel(&self, closed: Closed, unit: TimeUnit) -> SweepPlan {
        let in_unit = |spans: &[Span]| spans.iter().map(|&span| closed.length_in(span, unit)).collect();
        SweepPlan {
            lags: in_unit(&self.lags),
            windows: in_unit(&self.windows),
            sum: self.sum,
        }
    }

    /// The windows' lengths in whole units, rounded up.
    pub(crate) fn reaches(&self, unit: TimeUnit) -> Vec<i64> {
        self.windows.iter().map(|span| span.ceil_in(unit)).collect()
    }
}

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
    /// What rules need beside: by file row.
    pub known: Option<&'a Known>,
}

impl Trades<'_> {
    /// Positions of a bucket's trades in (token, ts) order.
    pub(crate) fn rows_of(&self, tape: &Tape<'_>, bucket: usize) -> Range<usize> {
        let tokens = &tape.buckets[bucket];
        self.order.offsets[tokens.start as usize]..self.order.offsets[tokens.end as usize]
    }
}

pub(crate) struct BucketWork<'a> {
    pub(crate) bucket: usize,
    pub(crate) out: SweptSlices<'a>,
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
    Sweeps { plan, sight }: Sweeps<'_>,
    memory: TapePlan,
    folder: &Path,
) -> Result<(Swept, LeftOut)> {
    let closed = sight.map_or(Closed::Right, |sight| sight.rules.closed());
    let kernel = plan.kernel(closed, tape.unit);
    let reaches = plan.reaches(tape.unit);
    let rows = trades.order.rows.len();
    let columns_of = |rows: usize| SweptColumns::new(rows, plan.counts());
    let mut left_out = LeftOut::default();
    let mut sweep_pass = |pass: &Pass<'_>, buckets: Range<usize>, rest: &mut SweptSlices<'_>| {
        left_out = pass.left_out;
        let work: Vec<BucketWork<'_>> = buckets
            .map(|bucket| BucketWork {
                bucket,
                out: rest.split_off(trades.rows_of(tape, bucket).len()),
            })
            .collect();
        job.begin("features", "rows", work.iter().map(|w| w.out.rows() as u64).sum());
        let at = Sweeping {
            job,
            trades,
            pass,
            plan: &kernel,
            reaches: &reaches,
            sight: sight.map(|sight| sight.of_tape(&left_out, tape.unit)),
        };
        work.into_par_iter()
            .try_for_each_init(Scratch::default, |scratch, w| at.bucket(w, scratch))
    };
    let mut passes = Passes::new(tape, memory.bytes)?;
    if !memory.spill {
        let mut columns = columns_of(rows);
        let mut rest = columns.slices();
        while let Some((pass, buckets)) = passes.next()? {
            sweep_pass(&pass, buckets, &mut rest)?;
        }
        rest.fill_unknown(); // trades without a token
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
    unknown.slices().fill_unknown();
    spill.put(first, &unknown)?;
    Ok((Swept::Spilled(Arc::new(spill)), left_out))
}
