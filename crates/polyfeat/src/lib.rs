//! The kernels of polyfeat-fast: as-of lookups, time windows, flow sums, complete sets, regimes.
//!
//! Plain slices in, plain vectors out. No Arrow, no Node, no input or output, no dependencies: everything that
//! decides a number is in this crate, and everything in this crate can be tested with a handful of literals.
//! The module names are the headings of the specification. [`sweep()`] makes the notebook's features of a token,
//! [`visible_sweep`] those under other rules of what a trade may see; [`asof_join`] and [`window_flow`] are for any data.
//!
//! Conventions that hold everywhere:
//!
//! * **Time** is an `i64` count of one [`TimeUnit`] since 1970-01-01T00:00Z; the caller brings trades, prints and
//!   durations to one unit first ([`rescale`], [`Span::ceil_in`]). [`NULL_TS`] (`i64::MIN`) is a missing stamp.
//! * **Numbers** are `f64`; a missing price or size is NaN, and NaN in a result means null.
//! * **Codes** stand for strings (tokens, markets); `u32::MAX`, or any code past the last one, is null.
//! * **Rows** are `u32` indices, so a table has at most `u32::MAX` rows.
//! * Of equal stamps, the later one in file order is the later print. Every sort here is stable.
//!
//! ```
//! use polyfeat::{FeatureSlices, Numerics, Prints, SweepPlan, sweep};
//!
//! let prints = Prints { ts: &[40, 41, 70], price: &[0.40, 0.41, 0.45], size: &[1.0, 2.0, 16.0] };
//! let plan = SweepPlan { lags: vec![30], windows: vec![60], sum: Numerics::Exact };
//! let (mut price, mut ts, mut lag, mut n, mut q, mut pq) = ([0.0], [0], [0.0], [0.0], [0.0], [0.0]);
//! let mut out = FeatureSlices {
//!     last_price: &mut price,
//!     last_ts: &mut ts,
//!     returns: vec![&mut lag],
//!     counts: vec![&mut n],
//!     volumes: vec![&mut q],
//!     notionals: vec![&mut pq],
//! };
//! sweep(&prints, &[75], &plan, &mut out)?;
//! assert_eq!((price[0], ts[0], n[0], q[0]), (0.45, 70, 3.0, 19.0));
//! assert_eq!(lag[0], 0.45 - 0.41); // 75 - 30 = 45: the print at 41 is the last one then
//! # Ok::<(), polyfeat::SweepError>(())
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic))]

pub mod asof;
mod flow;
pub mod iso8601;
mod keyed;
pub mod order;
pub mod regime;
pub mod span;
pub mod sum;
pub mod sweep;
pub mod swept;
pub mod time;
pub mod visibility;
mod window;

pub use asof::{AsofRules, Direction, JoinError, NO_ROW, Tie, as_of, asof_join, prints_up_to};
pub use flow::{FlowPlan, FlowSlices, WindowFlow, key_flow, window_flow};
pub use iso8601::parse_iso8601;
pub use keyed::KeyedTimes;
pub use order::{
    Groups, OrderPiece, TokenOrder, group_by_code, group_by_code_while, sort_rows_by_time, token_order,
};
pub use regime::{
    CompleteSets, Leg, Regime, RegimeMode, SetError, SetRows, SetTimes, complete_sets, complete_sets_by, leg,
    market_shares, market_shares_by, regime,
};
pub use span::{Span, SpanError};
pub use sum::{Kahan, Numerics, exact_sum, kahan_sum};
pub use sweep::{FeatureSlices, Prints, SweepError, SweepPlan, fill_unknown, sweep};
pub use swept::{SweptColumns, SweptCounts, SweptSlices};
pub use time::{NULL_TS, TimeUnit, age_ms, floor_to, rescale};
pub use visibility::{
    PROOF_COLUMNS, PrintColumns, Proof, ProofColumns, Ties, TradeColumns, Unknown, Visibility, proven_sweep,
    resolution, visible_sweep,
};
pub use window::Closed;
