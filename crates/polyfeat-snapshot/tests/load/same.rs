//! One result, whatever the machine gives and however the same rows are stored.

use std::collections::BTreeSet;
use std::fs;

use parquet::file::properties::WriterProperties;
use polyfeat_snapshot::{BuildOptions, Numerics, Order};

use crate::data::{Load, texts};
use crate::expected::check;
use crate::support::{Snapshot, assert_same, batch, by_row, run, write_file};

/// Rows in the order of time.
fn load(trades: usize) -> Load {
    let mut load = Load::random(trades, 150_000, 300, 86_400_000);
    load.trades.sort_by_key(|t| t.ts);
    load.prints.sort_by_key(|p| p.ts);
    load
}

#[test]
fn bytes_do_not_depend_on_threads_or_memory() {
    let load = load(270_000); // two row groups of output
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &load.trade_columns(), 40_000);
    snapshot.write("market_trades.parquet", &load.print_columns(), 30_000);
    let same = |order, sum, runs: &[(Option<usize>, u64)]| {
        let mut seen = BTreeSet::new();
        for &(threads, memory) in runs {
            let options = BuildOptions {
                order,
                sum,
                threads,
                memory,
                ..snapshot.options()
            };
            run(&options);
            seen.insert(fs::read(&options.out).unwrap());
        }
        assert_eq!(seen.len(), 1, "{order:?} {sum:?}: files that differ");
    };
    let (little, plenty) = (512 << 20, 16 << 30);
    let all = [
        (None, plenty),
        (Some(1), little),
        (Some(2), plenty),
        (Some(4), little),
    ];
    same(Order::Token, Numerics::Exact, &all);
    same(Order::Input, Numerics::Notebook, &all[1..3]);
}

#[test]
fn values_do_not_depend_on_how_rows_are_stored() {
    let load = load(60_000);
    let (trades, tape) = (load.trade_columns(), load.print_columns());
    let whole = Snapshot::of(&trades, &tape);
    let want = whole.build();
    check(&load, &want, &[30, 300], &[60]);
    let same = |snapshot: &Snapshot, what: &str| {
        assert_same(&snapshot.build().rows, &want.rows, what);
        let input = snapshot.build_in_order(Order::Input);
        assert_same(&input.rows, &by_row(&want.rows), &format!("{what}, order input"));
    };
    same(&whole, "one row group");

    let groups = Snapshot::new();
    groups.write("trades.parquet", &trades, trades[0].1.len().div_ceil(200));
    groups.write("market_trades.parquet", &tape, tape[0].1.len().div_ceil(200));
    same(&groups, "200 row groups");

    let plain = Snapshot::new();
    let no_dictionary = || WriterProperties::builder().set_dictionary_enabled(false).build();
    plain.write_with("trades.parquet", &texts(&trades), usize::MAX, no_dictionary());
    plain.write_with(
        "market_trades.parquet",
        &texts(&tape),
        usize::MAX,
        no_dictionary(),
    );
    same(&plain, "PLAIN texts");

    // Parts, every other one without a dictionary.
    let parts = Snapshot::new();
    for (folder, columns) in [("trades", &trades), ("market_trades.parquet", &tape)] {
        let all = batch(&texts(columns));
        fs::create_dir_all(parts.file(folder)).unwrap();
        let rows = all.num_rows().div_ceil(7);
        for (i, at) in (0..all.num_rows()).step_by(rows).enumerate() {
            let slice = all.slice(at, rows.min(all.num_rows() - at));
            let properties = if i % 2 == 0 {
                no_dictionary()
            } else {
                WriterProperties::default()
            };
            write_file(
                &parts.file(&format!("{folder}/{i}.parquet")),
                &slice,
                10_000,
                properties,
            );
        }
    }
    same(&parts, "seven parts");
}
