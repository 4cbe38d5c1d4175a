//! Snapshot directories of Parquet files to trade-level features.
//!
//! [`build()`] is the main job. Its steps are the modules: a `table` is opened from `part`s by their footers,
//! `roles` says which column plays which part, `keys` reads what features need of the trades, `tape`
//! streams the prints, `features` calls the kernels of the `polyfeat` crate, and `write` puts
//! the file together. Errors are data ([`Error`]), a running [`Job`] can be cancelled and says how far it is.

mod ask;
mod assemble;
mod audit;
mod bucket;
mod build;
mod caught;
mod cells;
mod coerce;
mod column_roles;
mod columns;
mod compare;
mod compute;
mod copying;
mod encode;
mod error;
mod explain;
mod extras;
mod feature;
mod features;
mod finish;
mod further;
mod gather;
mod inspect;
mod job;
mod keys;
mod large_pages;
mod layout;
mod made;
mod memory;
mod open;
mod order;
mod out_file;
mod packed;
mod pair;
mod part;
mod passes;
mod pool;
mod provenance;
mod queue;
mod roles;
mod roofline;
mod rules;
mod run;
mod safe;
mod sets;
mod sight;
mod stored;
mod strings;
mod summary;
mod sweeping;
mod swept;
mod table;
mod tape;
mod tape_extras;
mod tape_plan;
mod text_range;
mod text_set;
mod type_name;
mod unlink;
mod values;
mod words;
mod write;

pub use audit::{
    AuditOptions, AuditReport, Failure, Failures, FileColumn, FileReport, Later, Leak, Shape, Share, Tally,
    audit,
};
pub use build::{BuildOptions, BuildReport, Order, build};
pub use column_roles::{COLUMN_ROLES, ColumnRole, LABEL_PREFIX, Role, column_role};
pub use columns::{LOOKAHEAD, Select};
pub use compare::{ColumnDiff, CompareOptions, CompareReport, compare};
pub use error::{Code, Error, Result};
pub use explain::{ExplainOptions, explain};
pub use inspect::{ColumnInfo, InspectReport, TableInfo, TimeInfo, inspect};
pub use job::{Job, Progress, Sink, Warning};
pub use large_pages::LargePages;
pub use layout::Codec;
pub use out_file::{OutFile, write_error, writing};
pub use part::{Batches, Part, PartReader};
pub use polyfeat::{Closed, Direction, Numerics, RegimeMode, Span, Tie, Ties, TimeUnit, Unknown};
pub use pool::pool;
pub use provenance::ResolvedRules;
pub use roofline::roofline;
pub use rules::{GivenRules, Preset, Resolution, Rules, SelfColumns, SequenceColumns, Setting};
pub use summary::{PnlRow, RegimeCount, Summary, summarize};
pub use table::{Group, Table, TableName};
