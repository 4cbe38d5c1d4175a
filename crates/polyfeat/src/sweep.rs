//! One forward sweep over a token's prints and trades fills every market column (spec §2).

use std::fmt;

use crate::asof::{last_of, prints_up_to};
use crate::flow::{Flows, Scales};
use crate::sum::{Cumsum, Numerics, Prefix, Split, Wide};
use crate::time::NULL_TS;
use crate::window::{Closed, Layout};

/// The prints of one token: three columns of equal length, stamps ascending, equal stamps in file order, no null
/// stamp. A NaN price or size is null; the print still counts as one.
#[derive(Debug, Clone, Copy)]
pub struct Prints<'a> {
    /// When each was traded.
    pub ts: &'a [i64],
    /// At what price.
    pub price: &'a [f64],
    /// How many shares.
    pub size: &'a [f64],
}

/// What to compute, in the order of the output's columns. Durations are positive and in the unit of the stamps
/// ([`Span::ceil_in`](crate::Span::ceil_in)); the same length twice is allowed and costs nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SweepPlan {
    /// Lags of the returns.
    pub lags: Vec<i64>,
    /// Lengths of the flow windows.
    pub windows: Vec<i64>,
    /// How volumes and notionals are summed.
    pub sum: Numerics,
}

/// Where the results go: one value per trade in every column, one column per lag or window. All of it is
/// overwritten; NaN (and [`NULL_TS`]) means null.
#[derive(Debug)]
pub struct FeatureSlices<'a> {
    /// `mt_last_price`.
    pub last_price: &'a mut [f64],
    /// `mt_last_ts`; [`NULL_TS`] when there is no print yet. The age follows from it: [`age_ms`](crate::age_ms).
    pub last_ts: &'a mut [i64],
    /// `mt_return_*`, one per lag.
    pub returns: Vec<&'a mut [f64]>,
    /// `mt_trades_*`, one per window.
    pub counts: Vec<&'a mut [f64]>,
    /// `mt_volume_*`, one per window.
    pub volumes: Vec<&'a mut [f64]>,
    /// `mt_notional_*`, one per window.
    pub notionals: Vec<&'a mut [f64]>,
}

impl FeatureSlices<'_> {
    fn doubles(&mut self) -> impl Iterator<Item = &mut [f64]> {
        let columns = self
            .returns
            .iter_mut()
            .chain(&mut self.counts)
            .chain(&mut self.volumes);
        let columns = columns.chain(&mut self.notionals).map(|column| &mut **column);
        columns.chain([&mut *self.last_price])
    }

    /// Copies row `from` to row `to`.
    pub(crate) fn copy_row(&mut self, from: usize, to: usize) {
        self.last_ts[to] = self.last_ts[from];
        self.doubles().for_each(|column| column[to] = column[from]);
    }
}

/// Why a sweep was refused; but for a tie nothing has been written then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SweepError {
    /// A lag or window reaches back from `trades[index]` to before the first moment of `i64`.
    Overflow {
        /// Index into the trades given to this call.
        index: usize,
    },
    /// A duration of the plan is zero or negative.
    Duration {
        /// That duration.
        value: i64,
    },
    /// The lengths of prints, trades, plan and output columns do not fit together.
    Shape,
    /// A rule has a value that makes no sense: a resolution below one, an embargo or maximal age below zero.
    Rule {
        /// That value.
        value: i64,
    },
    /// [`Numerics::Notebook`] together with a rule that leaves prints out of the middle of the tape: differences of
    /// cumulative sums cannot express that.
    Holes,
    /// Under [`Tie::Error`](crate::Tie::Error), `trades[index]` matches several prints at `ts`.
    Tie {
        /// Index into the trades given to this call.
        index: usize,
        /// The stamp they share.
        ts: i64,
    },
}

impl fmt::Display for SweepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow { index } => {
                write!(
                    f,
                    "a lag or window before trade {index} leaves the range of 64-bit stamps"
                )
            }
            Self::Duration { value } => write!(f, "lags and windows must be longer than zero, not {value}"),
            Self::Shape => f.write_str("prints, trades, plan and output columns differ in length"),
            Self::Rule { value } => write!(
                f,
                "a resolution must be positive, an embargo and a maximal age not negative, unlike {value}"
            ),
            Self::Holes => f.write_str(
                "the notebook's sums cannot leave single prints out (availability, own prints, sequence); use exact sums",
            ),
            Self::Tie { index, ts } => write!(f, "trade {index} matches several prints at {ts}"),
        }
    }
}

impl std::error::Error for SweepError {}

/// Writes null to every column: a token that is nowhere in the tape (spec §2).
pub fn fill_unknown(out: &mut FeatureSlices<'_>) {
    out.last_ts.fill(NULL_TS);
    out.doubles().for_each(|column| column.fill(f64::NAN));
}

/// Fills the market columns of one token's trades from its prints, in one forward pass.
///
/// For a trade at `t`, with prints at `s`:
///
/// ```text
///        lag print                 last print
///            v                          v
///   --o---o--o-|--o-----o----o---o--o---o-| - - o     prints
///            t − w          window        t
///              (...........................]
/// ```
///
/// * `last_price`, `last_ts`: the last print with `s ≤ t`; of equal stamps the last in order.
/// * return: `last_price` − price of the last print with `s ≤ t − w`; NaN when either is missing.
/// * count, volume, notional: over `t − w < s ≤ t`; zeros when there is none. A NaN size or price counts as a print
///   and makes the sums of exactly those windows NaN that hold it ([`Numerics::Notebook`]: of all later ones too).
///   Infinities: [`exact_sum`](crate::exact_sum).
///
/// `trades` are ascending and non-null, in the unit of the prints. They may be any stretch of the token's trades,
/// with all of its prints: the results are the same bits as in one call over all trades.
///
/// Cost: positions by galloping; the exact sums add each print of a window once per distinct window length and once
/// more, and skip what no window holds; the notebook's must start at the token's first print. No memory per print.
///
/// # Errors
/// [`SweepError`]; nothing has been written then. Unsorted input is not detected: the results are then meaningless
/// (checked in debug builds).
///
/// An example is at the top of the crate. Source: spec §2, §3.
pub fn sweep(
    prints: &Prints<'_>,
    trades: &[i64],
    plan: &SweepPlan,
    out: &mut FeatureSlices<'_>,
) -> Result<(), SweepError> {
    check_shape(prints, trades, plan, out)?;
    debug_assert!(
        prints.ts.is_sorted() && trades.is_sorted(),
        "prints and trades must ascend"
    );
    let layout = Layout::new(plan, Closed::Right, 0)?;
    // Trades ascend, so the first one reaches back furthest.
    if trades
        .first()
        .is_some_and(|first| first.checked_sub(layout.moments.longest()).is_none())
    {
        return Err(SweepError::Overflow { index: 0 });
    }
    if plan.sum == Numerics::Notebook {
        run::<Cumsum>(prints, trades, &layout, Scales::default(), out);
        return Ok(());
    }
    let scales = scales_in_windows(prints, trades, plan);
    if scales.all(Split::holds) {
        run::<Split>(prints, trades, &layout, scales, out);
    } else {
        run::<Wide>(prints, trades, &layout, scales, out);
    }
    Ok(())
}

pub(crate) fn check_shape(
    prints: &Prints<'_>,
    trades: &[i64],
    plan: &SweepPlan,
    out: &mut FeatureSlices<'_>,
) -> Result<(), SweepError> {
    let n = prints.ts.len();
    let windows = plan.windows.len();
    let fits = prints.price.len() == n
        && prints.size.len() == n
        && out.returns.len() == plan.lags.len()
        && [out.counts.len(), out.volumes.len(), out.notionals.len()] == [windows; 3]
        && out.last_ts.len() == trades.len()
        && out.doubles().all(|column| column.len() == trades.len());
    if fits { Ok(()) } else { Err(SweepError::Shape) }
}

/// The scales of the terms in any window, those the sweep will add: the longest window holds all others.
fn scales_in_windows(prints: &Prints<'_>, trades: &[i64], plan: &SweepPlan) -> Scales<2> {
    let mut scales = Scales::default();
    let Some(longest) = plan.windows.iter().max() else {
        return scales;
    };
    let (mut start, mut end) = (0, 0);
    for &t in trades {
        let seen = end;
        start = prints_up_to(prints.ts, start, t - longest);
        end = prints_up_to(prints.ts, end, t);
        scales.include(prints, seen.max(start)..end);
        scales.window_of(end - start);
    }
    scales
}

fn run<P: Prefix>(
    prints: &Prints<'_>,
    trades: &[i64],
    layout: &Layout,
    scales: Scales<2>,
    out: &mut FeatureSlices<'_>,
) {
    let end = layout.end;
    let mut positions = vec![0; layout.moments.len()];
    let mut flows = Flows::<P, 2>::new(layout.summed.len(), scales);
    for (i, &t) in trades.iter().enumerate() {
        // Whole-second stamps make runs of trades of one moment, with one answer.
        if i > 0 && trades[i - 1] == t {
            out.copy_row(i - 1, i);
            continue;
        }
        layout.moments.advance(prints.ts, t, &mut positions);
        flows.advance(prints, layout.summed_of(&positions));
        let last_price = last_of(prints.price, positions[end]);
        out.last_price[i] = last_price;
        out.last_ts[i] = positions[end]
            .checked_sub(1)
            .map_or(NULL_TS, |last| prints.ts[last]);
        for (column, &lag) in out.returns.iter_mut().zip(&layout.lags) {
            column[i] = last_price - last_of(prints.price, positions[lag]);
        }
        for (w, (&window, &start)) in layout.windows.iter().zip(&layout.starts).enumerate() {
            let [volume, notional] = flows.since(start);
            out.counts[w][i] = (positions[end] - positions[window]) as f64;
            out.volumes[w][i] = volume;
            out.notionals[w][i] = notional;
        }
    }
}
