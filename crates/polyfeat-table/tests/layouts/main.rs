//! However a table is laid out, and whatever is wrong with its buffers: the same values, or an error.
// The exemption for tests does not reach the helper functions of a test crate.
#![allow(clippy::unwrap_used)]

mod build;
mod damage;
mod golden;
mod joins;
mod same;
