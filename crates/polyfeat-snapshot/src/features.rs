//! From keys and tape to feature columns: one sweep per token, buckets of tokens at once.

use polyfeat::TokenOrder;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polyfeat::{Closed, FeatureSlices, NULL_TS, Numerics, Span, SweepPlan, TimeUnit, fill_unknown};
use rayon::prelude::*;

use crate::columns::ProofColumn;
use crate::error::Result;
use crate::further::Known;
use crate::job::Job;
use crate::memory::TapePlan;
use crate::passes::Passes;
use crate::sight::Sight;
use crate::sweeping::{Scratch, Sweeping};
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
    /// By [`ProofColumn`], where asked for: stamps in the common unit, or counts;
    /// `NULL_TS` is null.
    pub proof: Vec<Vec<i64>>,
}

/// How many columns of each kind a sweep makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Returns.
    pub lags: usize,
    /// Counts, volumes and notionals.
    pub windows: usize,
    /// Columns of the proof.
    pub proof: usize,
}

impl Counts {
    /// Columns of 8 bytes per trade.
    #[must_use]
    pub fn columns(self) -> u64 {
        (2 + self.lags + 3 * self.windows + self.proof) as u64
    }
}

impl TapeColumns {
    pub(crate) fn new(rows: usize, counts: Counts) -> Self {
        // Zeroed pages come from the operating system untouched; every value is written by a sweep.
        let column = || vec![0.0; rows];
        let columns = |n: usize| (0..n).map(|_| column()).collect();
        TapeColumns {
            last_price: column(),
            last_ts: vec![0; rows],
            returns: columns(counts.lags),
            counts: columns(counts.windows),
            volumes: columns(counts.windows),
            notionals: columns(counts.windows),
            proof: (0..counts.proof).map(|_| vec![0; rows]).collect(),
        }
    }

    /// How many columns of each kind there are.
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            lags: self.returns.len(),
            windows: self.counts.len(),
            proof: self.proof.len(),
        }
    }

    /// One row alone.
    pub(crate) fn row(&self, i: usize) -> Self {
        fn at<T: Copy>(columns: &[Vec<T>], i: usize) -> Vec<Vec<T>> {
            columns.iter().map(|column| vec![column[i]]).collect()
        }
        TapeColumns {
            last_price: vec![self.last_price[i]],
            last_ts: vec![self.last_ts[i]],
            returns: at(&self.returns, i),
            counts: at(&self.counts, i),
            volumes: at(&self.volumes, i),
            notionals: at(&self.notionals, i),
            proof: at(&self.proof, i),
        }
    }

    pub(crate) fn slices(&mut self) -> OutSlices<'_> {
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

/// Where sweeps write: rows of [`TapeColumns`].
pub(crate) struct OutSlices<'a> {
    pub(crate) features: FeatureSlices<'a>,
    pub(crate) proof: Vec<&'a mut [i64]>,
}

impl<'a> OutSlices<'a> {
    pub(crate) fn rows(&self) -> usize {
        self.features.last_ts.len()
    }

    /// Takes the first `n` rows off.
    pub(crate) fn split_off(&mut self, n: usize) -> OutSlices<'a> {
        OutSlices {
            features: split_off(&mut self.features, n),
            proof: self.proof.iter_mut().map(|column| cut(column, n)).collect(),
        }
    }

    /// Writes null everywhere.
    pub(crate) fn fill_unknown(&mut self) {
        fill_unknown(&mut self.features);
        self.proof.iter_mut().for_each(|column| column.fill(NULL_TS));
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
    pub fn counts(&self) -> Counts {
        Counts {
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
    pub(crate) out: OutSlices<'a>,
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
    let columns_of = |rows: usize| TapeColumns::new(rows, plan.counts());
    let mut left_out = LeftOut::default();
    let mut sweep_pass = |pass: &Pass<'_>, buckets: Range<usize>, rest: &mut OutSlices<'_>| {
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
