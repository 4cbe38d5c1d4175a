//! Snapshot directories of Parquet files to trade-level features.
//!
//! [`build()`] is the main job. Its steps are the modules: a `table` is opened from `part`s by their footers,
//! `roles` says which column plays which part, `keys` reads what features need of the trades, `tape`
//! streams the prints, `features` calls the kernels of the `polyfeat` crate, and `write` puts
//! the file together. Errors are data ([`Error`]), a running [`Job`] can be cancelled and says how far it is.

mod assemble;
mod bucket;
mod build;
mod caught;
mod cells;
mod coerce;
mod columns;
mod compare;
mod encode;
mod error;
mod features;
mod finish;
mod gather;
mod inspect;
mod job;
mod keys;
mod layout;
mod made;
mod memory;
mod open;
mod order;
mod out_file;
mod packed;
mod part;
mod passes;
mod pool;
mod queue;
mod roles;
#[cfg(feature = "bench")]
mod roofline;
mod run;
mod sets;
mod strings;
mod summary;
mod swept;
mod table;
mod tape;
mod tape_plan;
mod text_range;
mod type_name;
mod write;

pub use build::{BuildOptions, BuildReport, Order, build};
pub use columns::Select;
pub use compare::{ColumnDiff, CompareOptions, CompareReport, compare};
pub use error::{Code, Error, Result};
pub use inspect::{ColumnInfo, InspectReport, TableInfo, TimeInfo, inspect};
pub use job::{Job, Progress, Sink, Warning};
pub use layout::Codec;
pub use polyfeat::{Numerics, Span, TimeUnit};
#[cfg(feature = "bench")]
pub use roofline::roofline;
pub use summary::{PnlRow, RegimeCount, Summary, summarize};
pub use table::TableName;
