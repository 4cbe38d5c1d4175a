//! A real snapshot, repeated.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::Array;
use arrow::array::UInt32Array;
use arrow::compute::take;
use polyfeat_bench::Request;
use polyfeat_snapshot::{BuildOptions, Codec, Job, Numerics, Order, Select, Span, build};
use tempfile::TempDir;

use crate::make;
use crate::read::Read;

const DAY_MS: i64 = 86_400_000;

fn real() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/snapshots/r61276aba-20260227T092000+0000")
}

fn tiled(dir: &Path, time: u32, tokens: u32) -> PathBuf {
    let request = Request {
        out: dir.join("tiled"),
        from: Some(real()),
        tile_time: Some(time),
        tile_tokens: Some(tokens),
        ..Request::default()
    };
    make(&request);
    request.out
}

/// Features of a snapshot, rows as in its file.
fn features(snapshot: &Path, out: PathBuf) -> Read {
    let options = BuildOptions {
        snapshot: snapshot.into(),
        out: out.clone(),
        order: Order::Input,
        returns: vec![Span::parse("30s").unwrap(), Span::parse("300s").unwrap()],
        windows: vec![Span::parse("60s").unwrap()],
        bucket: Span::parse("10s").unwrap(),
        sum: Numerics::Exact,
        columns: Select::All,
        label_available: false,
        ts_unit: None,
        codec: Codec::Source,
        threads: Some(1),
        memory: 1 << 60,
        rules: polyfeat_snapshot::GivenRules::default(),
    };
    build(&Arc::new(Job::default()), &options).unwrap();
    Read::new(&out)
}

/// Every `step`th value from `start` on, `n` of them.
fn every(read: &Read, name: &str, start: usize, step: usize, n: usize) -> Arc<dyn Array> {
    let rows = UInt32Array::from_iter_values((0..n).map(|i| (start + i * step) as u32));
    take(read.column(name), &rows, None).unwrap()
}

#[test]
fn the_first_copy_has_the_features_of_the_original_and_the_others_their_statistics() {
    let dir = TempDir::new().unwrap();
    let original = features(&real(), dir.path().join("original.parquet"));
    let all = features(&tiled(dir.path(), 2, 3), dir.path().join("all.parquet"));
    let n = original.rows();
    assert_eq!(all.rows(), 6 * n);
    assert_eq!(all.schema.fields(), original.schema.fields());
    for field in original.schema.fields() {
        let name = field.name();
        assert_eq!(&every(&all, name, 0, 3, n), original.column(name), "{name}");
        // Copies side by side see none of each other's prints.
        if name.starts_with("mt_") || name == "regime" || name == "complete_set_shares" {
            assert_eq!(&every(&all, name, 2, 3, n), original.column(name), "{name}");
        }
    }
}

#[test]
fn copies_in_time_are_whole_days_apart_and_do_not_overlap() {
    let dir = TempDir::new().unwrap();
    let out = tiled(dir.path(), 3, 1);
    let before = Read::new(&real().join("market_trades.parquet"));
    let after = Read::new(&out.join("market_trades.parquet"));
    let (old, new) = (before.longs("ts"), after.longs("ts"));
    let n = old.len();
    assert_eq!(new.len(), 3 * n);
    let shift = new[n].unwrap() - old[0].unwrap();
    assert!(shift > 0 && shift % DAY_MS == 0);
    for (copy, rows) in (0_i64..).zip(new.chunks(n)) {
        assert!(
            rows.iter()
                .zip(&old)
                .all(|(new, old)| new.unwrap() == old.unwrap() + copy * shift)
        );
    }
    let last = old.iter().flatten().max().unwrap();
    assert!(*last < old.iter().flatten().min().unwrap() + shift);
    assert_eq!(after.texts("token_id")[n..2 * n], before.texts("token_id"));
    // Dates go with the times.
    let trades = Read::new(&out.join("trades.parquet"));
    let days = trades
        .longs("ts")
        .into_iter()
        .map(|ts| ts.map(|ts| ts.div_euclid(DAY_MS)));
    assert!(days.eq(trades.longs("day")));
}

#[test]
fn every_copy_has_events_of_its_own_and_own_prints_still_match() {
    let dir = TempDir::new().unwrap();
    let out = tiled(dir.path(), 2, 2);
    let keys = |dir: &Path, table: &str| -> HashSet<String> {
        Read::new(&dir.join(table))
            .texts("event_key")
            .into_iter()
            .flatten()
            .collect()
    };
    let (trades, prints) = (keys(&out, "trades.parquet"), keys(&out, "market_trades.parquet"));
    let (old_trades, old_prints) = (
        keys(&real(), "trades.parquet"),
        keys(&real(), "market_trades.parquet"),
    );
    assert_eq!(trades.len(), 4 * old_trades.len());
    let own = old_trades.intersection(&old_prints).count();
    assert!(own > 0);
    assert_eq!(trades.intersection(&prints).count(), 4 * own);
}
