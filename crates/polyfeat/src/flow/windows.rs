//! Flows over a second table: counts and weighted sums in many windows at once, for any data.

use super::{Flows, Scales, Terms};
use crate::asof::prints_up_to;
use crate::keyed::KeyedTimes;
use crate::order::{group_by_code, sort_rows_by_time};
use crate::sum::{Cumsum, Numerics, Prefix, Scale, Split, Wide};
use crate::sweep::SweepError;
use crate::time::NULL_TS;
use crate::window::{Closed, Moments};

/// One column of weights.
impl Terms<1> for &[f64] {
    #[inline]
    fn add_to<P: Prefix>(&self, range: std::ops::Range<usize>, [sum]: &mut [P; 1]) {
        sum.extend(self.get(range).unwrap_or_default().iter().copied());
    }

    fn include_in(&self, range: std::ops::Range<usize>, [scale]: &mut [Scale; 1]) {
        scale.include(self.get(range).unwrap_or_default().iter().copied());
    }
}

/// Which windows, and how they are summed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowPlan {
    /// Their lengths in the unit of the stamps ([`Closed::length_in`]): positive, or 0 where the beginning is closed.
    /// The same length twice is allowed and costs nothing.
    pub windows: Vec<i64>,
    /// Which of their ends belong to them.
    pub closed: Closed,
    /// How the weights are summed.
    pub sum: Numerics,
}

/// Where the flows of one key go: one value per left row in every column. All of it is overwritten.
#[derive(Debug)]
pub struct FlowSlices<'a> {
    /// By window.
    pub counts: Vec<&'a mut [f64]>,
    /// By weight, then by window. NaN = null.
    pub sums: Vec<Vec<&'a mut [f64]>>,
}

/// The flows of a table: one value per left row in every column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WindowFlow {
    /// By window. NaN = null.
    pub counts: Vec<Vec<f64>>,
    /// By weight, then by window. NaN = null.
    pub sums: Vec<Vec<Vec<f64>>>,
}

/// Counts the rows of one key in the windows before each moment, and sums their weights, in one forward pass.
///
/// `ts` (ascending, non-null) and every column of `weights` belong to the rows; `moments` (ascending, non-null) are the
/// left rows' times, in the same unit: all of them or any stretch, the results are the same bits. A window without rows
/// gives 0 and +0.0. A NaN weight makes the sums NaN of just those windows that hold it ([`Numerics::Notebook`]: of all
/// later ones too); infinities: [`exact_sum`](crate::exact_sum). With rows that are prints and the weights `size` and
/// `price · size`, these are the flows of [`sweep`](crate::sweep()).
///
/// Cost: as there, per weight.
///
/// # Errors
/// [`SweepError`]; nothing has been written then. Unsorted input is not detected (checked in debug builds).
///
/// Source: spec §2 `mt_volume_*`, §3, §4 `closed`.
///
/// ```
/// use polyfeat::{Closed, FlowPlan, FlowSlices, key_flow};
/// let plan = FlowPlan { windows: vec![30], closed: Closed::Both, ..FlowPlan::default() };
/// let (mut count, mut sum) = ([0.0; 2], [0.0; 2]);
/// let mut out = FlowSlices { counts: vec![&mut count], sums: vec![vec![&mut sum]] };
/// key_flow(&[40, 41, 70], &[&[1.0, 2.0, 16.0]], &[70, 71], &plan, &mut out)?;
/// assert_eq!((count, sum), ([3.0, 2.0], [19.0, 18.0]));
/// # Ok::<(), polyfeat::SweepError>(())
/// ```
pub fn key_flow(
    ts: &[i64],
    weights: &[&[f64]],
    moments: &[i64],
    plan: &FlowPlan,
    out: &mut FlowSlices<'_>,
) -> Result<(), SweepError> {
    let right = weights.iter().all(|weight| weight.len() == ts.len());
    let fits = |columns: &[&mut [f64]]| {
        columns.len() == plan.windows.len() && columns.iter().all(|column| column.len() == moments.len())
    };
    if !right || out.sums.len() != weights.len() || !fits(&out.counts) || !out.sums.iter().all(|c| fits(c)) {
        return Err(SweepError::Shape);
    }
    debug_assert!(
        ts.is_sorted() && moments.is_sorted(),
        "rows and moments must ascend"
    );
    let starts = check(plan)?;
    let bounds = Moments::at(starts.iter().copied().chain([plan.closed.end()]));
    // The moments ascend, so the first one reaches back furthest.
    if moments
        .first()
        .is_some_and(|first| first.checked_sub(bounds.longest()).is_none())
    {
        return Err(SweepError::Overflow { index: 0 });
    }
    let starts: Vec<usize> = starts.into_iter().map(|d| bounds.index_of(d)).collect();
    let (mut narrow, mut wide, mut running) = (Vec::new(), Vec::new(), Vec::new());
    for (&weight, out) in weights.iter().zip(&mut out.sums) {
        if plan.sum == Numerics::Notebook {
            running.push(Sums::<Cumsum>::new(weight, &bounds, Scales::default(), out));
            continue;
        }
        let scales = scales(ts, weight, moments, &bounds);
        if scales.all(Split::holds) {
            narrow.push(Sums::<Split>::new(weight, &bounds, scales, out));
        } else {
            wide.push(Sums::<Wide>::new(weight, &bounds, scales, out));
        }
    }
    let mut positions = vec![0; bounds.len()];
    for (i, &t) in moments.iter().enumerate() {
        bounds.advance(ts, t, &mut positions);
        let end = positions[bounds.len() - 1];
        for (column, &start) in out.counts.iter_mut().zip(&starts) {
            column[i] = (end - positions[start]) as f64;
        }
        narrow
            .iter_mut()
            .for_each(|sums| sums.fill(i, &positions, &starts));
        wide.iter_mut().for_each(|sums| sums.fill(i, &positions, &starts));
        running
            .iter_mut()
            .for_each(|sums| sums.fill(i, &positions, &starts));
    }
    Ok(())
}

/// The distances of the windows' beginnings, checked.
fn check(plan: &FlowPlan) -> Result<Vec<i64>, SweepError> {
    let least = i64::from(!plan.closed.at_start());
    let start = |&value: &i64| {
        if value < least {
            return Err(SweepError::Duration { value });
        }
        plan.closed.start(value).ok_or(SweepError::Duration { value })
    };
    plan.windows.iter().map(start).collect()
}

/// One weight on its way: each chooses the prefix that holds it.
struct Sums<'a, 'out, P> {
    weight: &'a [f64],
    flows: Flows<P, 1>,
    out: &'a mut [&'out mut [f64]],
}

impl<'a, 'out, P: Prefix> Sums<'a, 'out, P> {
    fn new(weight: &'a [f64], bounds: &Moments, scales: Scales<1>, out: &'a mut [&'out mut [f64]]) -> Self {
        Self {
            weight,
            flows: Flows::new(bounds.len(), scales),
            out,
        }
    }

    /// Goes on to moment `i` and fills its row.
    #[inline]
    fn fill(&mut self, i: usize, positions: &[usize], starts: &[usize]) {
        self.flows.advance(&self.weight, positions.iter().copied());
        for (column, &start) in self.out.iter_mut().zip(starts) {
            [column[i]] = self.flows.since(start);
        }
    }
}

/// The scale of the weights in any window: the longest one holds all others.
fn scales(ts: &[i64], weight: &[f64], moments: &[i64], bounds: &Moments) -> Scales<1> {
    let mut scales = Scales::default();
    let (mut start, mut end) = (0, 0);
    for &t in moments {
        let seen = end;
        start = prints_up_to(ts, start, t - bounds.longest());
        end = prints_up_to(ts, end, t - bounds.shortest());
        scales.include(&weight, seen.max(start)..end);
        scales.window_of(end - start);
    }
    scales
}

/// Counts the right rows of each left row's key in the windows before its time, and sums their weights.
///
/// The left rows come in any order, coded like the right table's keys; `weights` are columns of the right table, by its
/// row. A left row without time or key has null counts and sums (NaN); one whose key has no right rows has empty windows:
/// 0 and +0.0. Everything else as in [`key_flow`], which this is for every key; keys do not depend on each other.
///
/// Cost: that of [`key_flow`], plus a stable sort of those keys' left rows that do not ascend in time.
///
/// # Errors
/// [`SweepError`]; the index of an overflow is the left row's.
///
/// # Panics
/// When `right` names a row past the end of a weight, or `left_ts` is shorter than `left_codes`.
///
/// ```
/// use polyfeat::{FlowPlan, KeyedTimes, window_flow};
/// let right = KeyedTimes::new(&[0, 0, 1], 2, &[40, 70, 41]);
/// let plan = FlowPlan { windows: vec![60, 5], ..FlowPlan::default() };
/// let flow = window_flow(&[1, 0, 0], &[41, 39, 99], &right, &[&[1.0, 16.0, 2.0]], &plan)?;
/// assert_eq!(flow.counts, [[1.0, 0.0, 2.0], [1.0, 0.0, 0.0]]);
/// assert_eq!(flow.sums[0][0], [2.0, 0.0, 17.0]);
/// # Ok::<(), polyfeat::SweepError>(())
/// ```
pub fn window_flow(
    left_codes: &[u32],
    left_ts: &[i64],
    right: &KeyedTimes,
    weights: &[&[f64]],
    plan: &FlowPlan,
) -> Result<WindowFlow, SweepError> {
    let rows = left_codes.len();
    let columns = |value: f64, rows: usize| vec![vec![value; rows]; plan.windows.len()];
    let mut flow = WindowFlow {
        counts: columns(f64::NAN, rows),
        sums: vec![columns(f64::NAN, rows); weights.len()],
    };
    check(plan)?;
    let mut left = group_by_code(left_codes, right.keys());
    let mut moments = Vec::new();
    for (code, bounds) in left.offsets.windows(2).take(right.keys()).enumerate() {
        let lefts = &mut left.rows[bounds[0]..bounds[1]];
        sort_rows_by_time(lefts, left_ts);
        let known = lefts.partition_point(|&row| left_ts[row as usize] != NULL_TS);
        let lefts = &lefts[..known];
        if lefts.is_empty() {
            continue;
        }
        moments.clear();
        moments.extend(lefts.iter().map(|&row| left_ts[row as usize]));
        let (ts, rights) = right.key(code as u32);
        let gathered: Vec<Vec<f64>> = weights
            .iter()
            .map(|weight| rights.iter().map(|&row| weight[row as usize]).collect())
            .collect();
        let gathered: Vec<&[f64]> = gathered.iter().map(Vec::as_slice).collect();
        let mut counts = columns(0.0, known);
        let mut sums = vec![columns(0.0, known); weights.len()];
        let mut out = FlowSlices {
            counts: counts.iter_mut().map(Vec::as_mut_slice).collect(),
            sums: sums
                .iter_mut()
                .map(|columns| columns.iter_mut().map(Vec::as_mut_slice).collect())
                .collect(),
        };
        key_flow(ts, &gathered, &moments, plan, &mut out).map_err(|error| match error {
            SweepError::Overflow { index } => SweepError::Overflow {
                index: lefts[index] as usize,
            },
            other => other,
        })?;
        let swept = counts.iter().chain(sums.iter().flatten());
        let columns = flow.counts.iter_mut().chain(flow.sums.iter_mut().flatten());
        for (column, swept) in columns.zip(swept) {
            for (&row, &value) in lefts.iter().zip(swept) {
                column[row as usize] = value;
            }
        }
    }
    Ok(flow)
}
