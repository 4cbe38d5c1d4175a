//! The same request gives the same bytes.

use std::fs;
use std::path::Path;

use polyfeat_bench::Request;
use tempfile::TempDir;

use crate::{make, small};

/// The bytes of every file.
fn bytes(dir: &Path) -> Vec<Vec<u8>> {
    ["trades.parquet", "market_trades.parquet", "manifest.json"]
        .iter()
        .map(|name| fs::read(dir.join(name)).unwrap())
        .collect()
}

fn made(change: impl FnOnce(&mut Request)) -> Vec<Vec<u8>> {
    let dir = TempDir::new().unwrap();
    let mut request = small(&dir.path().join("out"));
    // More rows than one thread makes at a time, and row groups that end within them.
    (request.prints, request.row_group_rows) = (Some(150_000), Some(40_000));
    change(&mut request);
    make(&request);
    bytes(&request.out)
}

#[test]
fn for_any_number_of_threads_and_not_for_another_seed() {
    let one = made(|r| r.threads = Some(1));
    assert!(one == made(|r| r.threads = Some(2)));
    assert!(one == made(|r| (r.threads, r.seed) = (Some(3), Some(1))));
    let other = made(|r| r.seed = Some(2));
    for (a, b) in one.iter().zip(&other) {
        assert!(a != b);
    }
}

#[test]
fn also_when_sorted() {
    let one = made(|r| (r.threads, r.sorted) = (Some(1), true));
    assert!(one == made(|r| (r.threads, r.sorted) = (Some(2), true)));
}

#[test]
fn also_when_it_is_repeated() {
    let dir = TempDir::new().unwrap();
    let from = small(&dir.path().join("from"));
    make(&from);
    let tiled = |name: &str, threads| {
        let request = Request {
            out: dir.path().join(name),
            from: Some(from.out.clone()),
            tile_time: Some(2),
            tile_tokens: Some(3),
            threads: Some(threads),
            ..Request::default()
        };
        make(&request);
        bytes(&request.out)
    };
    assert!(tiled("one", 1) == tiled("two", 2));
}
