//! Shapes of data that bring out the worst of a design.

use polyfeat_snapshot::{BuildOptions, Numerics, Span};

use crate::data::{Load, Print, Trade};
use crate::expected::check;
use crate::support::{Snapshot, assert_same, run, write_file};

const DAY_MS: i64 = 86_400_000;

fn spans(seconds: &[i64]) -> Vec<Span> {
    seconds
        .iter()
        .map(|s| Span::parse(&format!("{s}s")).unwrap())
        .collect()
}

/// Builds with the notebook's options and checks every value.
#[track_caller]
fn builds(load: &Load) {
    check(load, &load.snapshot().build(), &[30, 300], &[60]);
}

#[track_caller]
fn builds_with(load: &Load, lags: &[i64], windows: &[i64]) {
    let snapshot = load.snapshot();
    let options = BuildOptions {
        returns: spans(lags),
        windows: spans(windows),
        ..snapshot.options()
    };
    check(load, &run(&options), lags, windows);
}

#[test]
fn one_token_for_everything() {
    builds(&Load::random(150_000, 300_000, 1, DAY_MS));
}

#[test]
fn a_million_prints_of_a_hundred_thousand_tokens_in_one_row_group() {
    let mut load = Load::random(100_000, 1_000_000, 100_000, DAY_MS);
    // Ten prints each, far apart in the file.
    for (i, p) in load.prints.iter_mut().enumerate() {
        p.token = (i % 100_000) as u32;
    }
    builds(&load);
}

#[test]
fn all_stamps_equal() {
    builds(&Load::random(100_000, 200_000, 3, 1));
}

#[test]
fn trades_before_every_print() {
    let mut load = Load::random(100_000, 200_000, 5, 3_600_000);
    load.trades.iter_mut().for_each(|t| t.ts -= DAY_MS);
    builds(&load);
}

#[test]
fn trades_after_every_print() {
    let mut load = Load::random(100_000, 200_000, 5, 3_600_000);
    load.trades.iter_mut().for_each(|t| t.ts += DAY_MS);
    builds(&load);
}

#[test]
fn one_trade_among_many_prints_and_one_print_among_many_trades() {
    builds(&Load::random(1, 300_000, 1, DAY_MS));
    builds(&Load::random(100_000, 1, 1, DAY_MS));
}

#[test]
fn windows_and_lags_of_seven_days() {
    let week = 7 * 86_400;
    builds_with(&Load::random(100_000, 200_000, 4, 8 * DAY_MS), &[week], &[week]);
}

#[test]
fn thirty_two_windows_and_lags() {
    let seconds: Vec<i64> = (1..=32).map(|k| k * k * 60).collect();
    builds_with(&Load::random(20_000, 100_000, 50, DAY_MS), &seconds, &seconds);
}

#[test]
fn exact_sums_of_one_window_after_another_over_huge_and_tiny_terms() {
    // Ten thousand windows whose terms cancel: what lies outside must leave no trace.
    let n = 40_000_i64;
    let prints = (0..n)
        .map(|i| Print {
            ts: i * 1000,
            token: 0,
            price: 32,
            size: 1 + i % 7,
        })
        .collect();
    let trades = (0..n)
        .map(|i| Trade {
            ts: i * 1000 + 1,
            token: 0,
            size: 1,
        })
        .collect();
    let load = Load { trades, prints };
    let mut columns = load.print_columns();
    let sizes = (0..n).map(|i| match i % 100 {
        0 => 1e17,
        50 => -1e17,
        _ => 0.1,
    });
    columns[3].1 = std::sync::Arc::new(arrow::array::Float64Array::from_iter_values(sizes));
    let snapshot = Snapshot::of(&load.trade_columns(), &columns);
    let output = run(&BuildOptions {
        windows: spans(&[100]),
        ..snapshot.options()
    });
    let got = crate::support::column(&output.rows, "mt_volume_100s");
    // Any hundred prints in a row hold one of each huge term and 98 of 0.1, whose exact sum is rounded once.
    let want = crate::support::Cell::from(9.8);
    for (row, got) in got.iter().enumerate().skip(99) {
        assert_eq!(*got, want, "row {row}");
    }
}

#[test]
fn a_tape_of_three_hundred_row_groups_and_of_a_thousand_parts() {
    let load = Load::random(20_000, 300_000, 200, DAY_MS);
    let (trades, tape) = (load.trade_columns(), load.print_columns());
    let groups = Snapshot::new();
    groups.write("trades.parquet", &trades, usize::MAX);
    groups.write("market_trades.parquet", &tape, 1_000);
    let want = groups.build();
    check(&load, &want, &[30, 300], &[60]);

    let parts = Snapshot::new();
    for (folder, columns, rows) in [("trades.parquet", &trades, 200), ("market_trades", &tape, 300)] {
        let all = crate::support::batch(columns);
        std::fs::create_dir_all(parts.file(folder)).unwrap();
        for (i, at) in (0..all.num_rows()).step_by(rows).enumerate() {
            let file = parts.file(&format!("{folder}/part-{i:05}.parquet"));
            let slice = all.slice(at, rows.min(all.num_rows() - at));
            write_file(&file, &slice, usize::MAX, Default::default());
        }
    }
    assert_same(&parts.build().rows, &want.rows, "a thousand parts");
}

#[test]
fn a_hot_token_is_swept_in_pieces_as_if_in_one() {
    // More than 65,536 trades of one token, and prints whose sums depend on the order in which they are added.
    let load = Load::random(140_000, 100_000, 1, DAY_MS);
    let mut columns = load.print_columns();
    let sizes = load
        .prints
        .iter()
        .map(|p| p.size as f64 * 0.1 + 1e9 * (p.price as f64 / 63.0).floor());
    columns[3].1 = std::sync::Arc::new(arrow::array::Float64Array::from_iter_values(sizes));
    let snapshot = Snapshot::of(&load.trade_columns(), &columns);
    for sum in [Numerics::Exact, Numerics::Notebook] {
        let file = |threads| {
            let options = BuildOptions {
                sum,
                threads: Some(threads),
                ..snapshot.options()
            };
            run(&options);
            std::fs::read(&options.out).unwrap()
        };
        let whole = file(1);
        for threads in [2, 4] {
            assert!(whole == file(threads), "{threads} threads, {sum:?}");
        }
    }
}
