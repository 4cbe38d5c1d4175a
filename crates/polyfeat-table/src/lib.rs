//! Features, joins and flows over Arrow columns in memory.
//!
//! A [`Column`] looks at Arrow buffers in place, whatever their chunks, types, offsets and dictionaries;
//! [`features()`] computes the feature layer of trades from a tape, which can be prepared once as a [`Tape`] and
//! asked many times. Times, numbers and texts become the plain slices that the kernels of the `polyfeat` crate take
//! (`time`, `number`, `codes`), tokens are worked on in parallel by a bounded number of [`Threads`], a running
//! [`Job`] can be cancelled and says how far it is, and errors are data ([`Error`]).
#![forbid(unsafe_code)]

mod bitmap;
mod bytes;
mod check;
mod chunked;
mod codes;
mod column;
mod data_type;
mod decimal;
mod error;
mod features;
mod flow;
mod group;
mod interner;
mod ints;
mod job;
mod join;
mod keys;
mod layout;
mod local;
mod memory;
mod more;
mod number;
mod order;
mod output;
mod owned;
mod pair;
mod plan;
mod regimes;
mod sequence;
mod sets;
mod sweeps;
mod tape;
mod text;
mod threads;
mod time;
mod trades;
mod visibility;
mod visible;

pub use bitmap::Bitmap;
pub use bytes::Bytes;
pub use column::{Chunk, Column};
pub use data_type::{DataType, IntType};
pub use error::{Code, Error, Result};
pub use features::{Features, TapeSource, features};
pub use flow::{WindowFlows, WindowPlan, window_flow};
pub use job::{Job, Progress, Sink, Warning};
pub use join::{JoinPlan, asof_indices};
pub use output::{OutColumn, Values};
pub use owned::Copier;
pub use pair::{Keyed, PairOptions};
pub use plan::FeaturePlan;
pub use polyfeat::{Closed, Direction, Numerics, Regime, RegimeMode, Span, Tie, Ties, TimeUnit, Unknown};
pub use regimes::{SetPlan, complete_sets, times, token_order};
pub use tape::{Tape, TapeColumns, TapeOptions};
pub use threads::Threads;
pub use trades::TradeColumns;
pub use visibility::VisibilityPlan;
