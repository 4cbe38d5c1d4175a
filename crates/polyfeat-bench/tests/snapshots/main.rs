//! What is written, read back.

// The exemption for tests does not reach the helper functions of a test crate.
#![allow(clippy::unwrap_used)]

mod failures;
mod read;
mod same_bytes;
mod statistics;
mod tiles;

use std::path::Path;
use std::sync::Arc;

use polyfeat_bench::{Report, Request, generate};
use polyfeat_snapshot::Job;

/// A request of moderate size.
fn small(out: &Path) -> Request {
    Request {
        out: out.into(),
        trades: Some(4_000),
        prints: Some(40_000),
        tokens: Some(200),
        ..Request::default()
    }
}

fn make(request: &Request) -> Report {
    generate(&Arc::new(Job::default()), request).unwrap()
}
