//! Loads that punish anything quadratic, checked value by value. They are so large that quadratic work would
//! take minutes, and small enough to run in seconds. One binary, for linking Parquet is slow.

// The exemption for tests does not reach the helper functions of a test crate.
#![allow(clippy::unwrap_used)]
// Rows and ticks are small.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap
)]

// The engine's tests need all of it, these do not.
#[allow(dead_code, unused_imports)]
#[path = "../support/mod.rs"]
mod support;

mod adversarial;
mod data;
mod expected;
mod memory;
mod same;
