//! The engine as its callers see it: snapshots in, a features file out. One binary, for linking Parquet is slow.

// The exemption for tests does not reach the helper functions of a test crate.
#![allow(clippy::unwrap_used)]
// Rows and ticks are small.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap
)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod damage;
mod errors;
mod explain;
mod limits;
mod metadata;
mod odd_input;
mod oracle;
mod out_columns;
mod parts;
mod passthrough;
mod prop;
mod required;
mod rules;
mod safe;
mod storage;
mod time_types;
mod value_types;
mod vectors;
