//! Random small snapshots: the engine against the oracle, and against itself however the files are cut.

use std::fs;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use polyfeat_snapshot::{BuildOptions, Numerics, Order, Span};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::oracle::{Asked, expected};
use crate::support::*;

const UNITS: [(TimeUnit, i64); 4] = [
    (TimeUnit::Second, 1_000_000_000),
    (TimeUnit::Millisecond, 1_000_000),
    (TimeUnit::Microsecond, 1_000),
    (TimeUnit::Nanosecond, 1),
];
const SPANS: [&str; 8] = ["10ns", "3us", "250ms", "1s", "7s", "30s", "60s", "300s"];
const SIZES: [f64; 12] = [
    0.1,
    0.2,
    5.0,
    1.0,
    1e16,
    1e-16,
    0.0,
    -3.5,
    1e300,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.7,
];
const TOKENS: [&str; 6] = ["10", "9", "9 ", "\u{FF5E}", "\u{1F600}", ""];

/// A random snapshot. Ticks are in each file's unit.
#[derive(Clone, Debug)]
struct Case {
    trades: Vec<Trade>,
    prints: Vec<Print>,
    /// Index into [`UNITS`] of either file.
    units: [usize; 2],
    zones: [Option<&'static str>; 2],
    lags: Vec<&'static str>,
    windows: Vec<&'static str>,
    bucket: &'static str,
    exact: bool,
    by_token: bool,
    groups: [usize; 2],
    dictionary: bool,
}

fn trade(span: i64) -> impl Strategy<Value = Trade> {
    (
        weighted(0.95, -span..span),
        weighted(0.93, select(&TOKENS[..])),
        weighted(0.9, select(&["m", "n"][..])),
        weighted(0.95, select(&["BUY", "BUY", "BUY", "SELL", "buy"][..])),
        weighted(0.95, select(&["Up", "Down", "Up", "Down", "Yes"][..])),
        weighted(0.9, select(&SIZES[..])),
    )
        .prop_map(|(ts, token, market, side, outcome, size)| Trade {
            ts,
            token,
            market,
            side,
            outcome,
            size,
        })
}

fn print(span: i64) -> impl Strategy<Value = Print> {
    (
        weighted(0.95, -span..span),
        weighted(0.95, select(&TOKENS[1..])),
        weighted(0.95, select(&[0.01, 0.5, 0.33, 0.999, 0.0, 1.0][..])),
        weighted(0.97, select(&SIZES[..])),
    )
        .prop_map(|(ts, token, price, size)| Print {
            ts,
            token,
            price,
            size,
        })
}

fn case() -> impl Strategy<Value = Case> {
    // Few ticks: dense ties.
    let rows = select(&[4_i64, 40, 400][..])
        .prop_flat_map(|span| (vec(trade(span), 1..30), vec(print(span), 1..60)));
    let spans = || subsequence(SPANS.to_vec(), 0..4).prop_shuffle();
    (
        rows,
        [0..4_usize, 0..4],
        [
            select(&[None, Some("UTC"), Some("Asia/Tokyo")][..]),
            select(&[None, Some("+01:00")][..]),
        ],
        spans(),
        spans(),
        select(&["1s", "10s", "60s"][..]),
        any::<[bool; 3]>(),
        [1..20_usize, 1..40],
    )
        .prop_map(
            |(
                (trades, prints),
                units,
                zones,
                lags,
                windows,
                bucket,
                [exact, by_token, dictionary],
                groups,
            )| Case {
                trades,
                prints,
                units,
                zones,
                lags,
                windows,
                bucket,
                exact,
                by_token,
                groups,
                dictionary,
            },
        )
}

impl Case {
    fn columns(&self, units: [usize; 2]) -> (Columns, Columns) {
        let ticks = |ts: Option<i64>, from: usize, to: usize| ts.map(|t| t * UNITS[from].1 / UNITS[to].1);
        let [a, b] = units;
        let ts = self
            .trades
            .iter()
            .map(|t| ticks(t.ts, self.units[0], a))
            .collect();
        let tape_ts = self
            .prints
            .iter()
            .map(|p| ticks(p.ts, self.units[1], b))
            .collect();
        let trades = trade_rows(&self.trades, stamps(UNITS[a].0, self.zones[0], ts));
        let tape = with(
            &tape_columns(&self.prints),
            "ts",
            stamps(UNITS[b].0, self.zones[1], tape_ts),
        );
        (trades, tape)
    }

    fn options(&self, snapshot: &Snapshot) -> BuildOptions {
        let spans = |all: &[&str]| all.iter().map(|s| Span::parse(s).unwrap()).collect();
        BuildOptions {
            order: if self.by_token { Order::Token } else { Order::Input },
            returns: spans(&self.lags),
            windows: spans(&self.windows),
            bucket: Span::parse(self.bucket).unwrap(),
            sum: if self.exact {
                Numerics::Exact
            } else {
                Numerics::Notebook
            },
            ..snapshot.options()
        }
    }

    fn oracle(&self) -> Vec<Vec<Cell>> {
        let nanos = |s: &&str| Span::parse(s).unwrap().nanos();
        let mut trades = self.trades.clone();
        let mut prints = self.prints.clone();
        trades
            .iter_mut()
            .for_each(|t| t.ts = t.ts.map(|t| t * UNITS[self.units[0]].1));
        prints
            .iter_mut()
            .for_each(|p| p.ts = p.ts.map(|t| t * UNITS[self.units[1]].1));
        expected(
            &trades,
            &prints,
            &Asked {
                lags: self.lags.iter().map(nanos).collect(),
                windows: self.windows.iter().map(nanos).collect(),
                bucket: nanos(&self.bucket),
                exact: self.exact,
                by_token: self.by_token,
            },
        )
    }
}

/// Columns to rows.
fn rows(output: &Output) -> Vec<Vec<Cell>> {
    let columns = features(&output.rows);
    (0..output.rows.num_rows())
        .map(|i| columns.iter().map(|(_, c)| c[i].clone()).collect())
        .collect()
}

fn dictionaries(columns: &Columns) -> Columns {
    let to = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    columns
        .iter()
        .map(|(name, array)| {
            let array: ArrayRef = match array.data_type() {
                DataType::Utf8 => cast(array, &to).unwrap(),
                _ => Arc::clone(array),
            };
            (*name, array)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_says_what_the_oracle_says(case in case()) {
        let (trades, tape) = case.columns(case.units);
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", &trades, case.groups[0]);
        snapshot.write("market_trades.parquet", &tape, case.groups[1]);
        let got = rows(&run(&case.options(&snapshot)));
        let want = case.oracle();
        prop_assert_eq!(got.len(), want.len());
        for (i, (got, want)) in got.iter().zip(&want).enumerate() {
            prop_assert_eq!(got, want, "output row {}", i);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_types_units_and_threads_change_nothing(case in case()) {
        let (trades, tape) = case.columns(case.units);
        let plain = Snapshot::of(&trades, &tape);
        let want = rows(&run(&case.options(&plain)));

        // Parts: every row group a file of its own.
        let parts = Snapshot::new();
        for (name, columns, size) in [
            ("trades.parquet", &trades, case.groups[0]),
            ("market_trades", &tape, case.groups[1]),
        ] {
            let all = batch(columns);
            for (i, at) in (0..all.num_rows()).step_by(size).enumerate() {
                let file = parts.file(&format!("{name}/part-{i:05}.parquet"));
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                let slice = all.slice(at, size.min(all.num_rows() - at));
                write_file(&file, &slice, usize::MAX, Default::default());
            }
        }
        prop_assert_eq!(&rows(&run(&case.options(&parts))), &want, "parts");

        let (a, b) = (dictionaries(&trades), dictionaries(&tape));
        let cut = Snapshot::new();
        cut.write("trades.parquet", if case.dictionary { &a } else { &trades }, case.groups[0]);
        cut.write("market_trades.parquet", &b, case.groups[1]);
        prop_assert_eq!(&rows(&run(&case.options(&cut))), &want, "row groups and dictionaries");

        // The finest unit holds the stamps of any other.
        let (a, b) = case.columns([3, 3]);
        prop_assert_eq!(&rows(&run(&case.options(&Snapshot::of(&a, &b)))), &want, "units");

        let file = |threads| {
            let mut options = case.options(&cut);
            options.out = cut.file(&format!("by-{threads}.parquet"));
            options.threads = Some(threads);
            run(&options);
            fs::read(&options.out).unwrap()
        };
        let one = file(1);
        prop_assert!(one == file(2) && one == file(4), "threads");
    }
}
