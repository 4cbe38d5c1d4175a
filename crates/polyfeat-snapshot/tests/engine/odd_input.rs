//! What is odd but readable gives a warning and a result; which columns come out.

use std::sync::Arc;

use arrow::array::Int64Array;
use arrow::datatypes::TimeUnit;
use polyfeat_snapshot::{BuildOptions, Code, Order, Span};

use crate::support::*;

fn slice(columns: &Columns, from: usize, n: usize) -> Columns {
    columns
        .iter()
        .map(|(name, a)| (*name, a.slice(from, n)))
        .collect()
}

#[test]
fn without_a_tape_there_are_no_tape_columns_and_rows_stay() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let with_tape = by_row(&Snapshot::of(&trade_cols, &tape_cols).build().rows);
    let missing = Snapshot::new();
    missing.write("trades.parquet", &trade_cols, 50);
    let empty = Snapshot::of(&trade_cols, &slice(&tape_cols, 0, 0));
    for (snapshot, warning, shape) in [
        (missing, "no_market_trades", None),
        (empty, "empty_market_trades", Some([0, 4])),
    ] {
        for order in [Order::Token, Order::Input] {
            let got = snapshot.build_in_order(order);
            assert_eq!(warnings(&got), [warning]);
            assert_eq!(got.report.market_trades, shape);
            let made = ["bucket", "complete_set_flag", "complete_set_shares", "regime"];
            assert_eq!(feature_names(&got.rows), made);
            for name in made.into_iter().chain(["row", "ts", "token_id"]) {
                assert_eq!(column(&got.rows, name), column(&with_tape, name), "{name}");
            }
        }
    }
}

#[test]
fn an_empty_tape_needs_no_columns() {
    let (trades, _) = base(0.25);
    let nothing: Columns = vec![("anything", Arc::new(Int64Array::from(Vec::<i64>::new())))];
    let got = Snapshot::of(&trade_columns(&trades), &nothing).build();
    assert_eq!(warnings(&got), ["empty_market_trades"]);
}

#[test]
fn trades_without_rows_give_a_file_without_rows() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let full = Snapshot::of(&trade_cols, &tape_cols).build();
    let none = slice(&trade_cols, 0, 0);
    for order in [Order::Token, Order::Input] {
        let got = Snapshot::of(&none, &tape_cols).build_in_order(order);
        assert_eq!((got.rows.num_rows(), got.report.rows), (0, 0));
        assert_eq!(got.rows.schema(), full.rows.schema());
        assert_eq!(warnings(&got)[0], "empty_trades");
        assert_eq!(got.report.regimes, []);
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", &none, 10);
        assert_eq!(
            warnings(&snapshot.build_in_order(order)),
            ["no_market_trades", "empty_trades"]
        );
    }
}

#[test]
fn prints_without_time_or_token_are_left_out_and_counted() {
    let (trades, prints) = base(0.25);
    let kept: Vec<Print> = prints
        .iter()
        .filter(|p| p.ts.is_some() && p.token.is_some())
        .cloned()
        .collect();
    let trade_cols = trade_columns(&trades);
    let want = Snapshot::of(&trade_cols, &tape_columns(&kept)).build();
    assert!(warnings(&want).is_empty());
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &trade_cols, 100);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 9);
    let got = snapshot.build();
    assert_same(&got.rows, &want.rows, "without them");
    let count = |f: fn(&Print) -> bool| prints.iter().filter(|p| f(p)).count() as u64;
    assert_eq!(got.report.null_ts, count(|p| p.ts.is_none()));
    assert_eq!(got.report.null_token, count(|p| p.token.is_none()));
    assert_eq!(
        warnings(&got),
        ["market_trades_null_ts", "market_trades_null_token"]
    );
}

#[test]
fn a_token_all_of_whose_prints_were_left_out_is_unknown() {
    let trade = Trade {
        ts: Some(100),
        token: Some("A"),
        market: Some("m"),
        side: Some("BUY"),
        outcome: Some("Up"),
        size: Some(1.0),
    };
    let print = |ts, token| Print {
        ts,
        token: Some(token),
        price: Some(0.5),
        size: Some(1.0),
    };
    let tape = tape_columns(&[print(None, "A"), print(Some(1), "B")]);
    let other = Trade {
        token: Some("B"),
        ..trade.clone()
    };
    let got = Snapshot::of(&trade_columns(&[trade, other]), &tape).build();
    assert_eq!(column(&got.rows, "mt_trades_60s"), [Cell::Null, Cell::from(0.0)]);
}

#[test]
fn a_bucket_must_be_whole_in_the_unit_of_trades() {
    let (trades, prints) = base(0.25);
    let ts = stamps(TimeUnit::Second, None, trades.iter().map(|t| t.ts).collect());
    let snapshot = Snapshot::of(&trade_rows(&trades, ts), &tape_columns(&prints));
    let with_bucket = |text: &str| BuildOptions {
        bucket: Span::parse(text).unwrap(),
        ..snapshot.options()
    };
    let e = fails(&with_bucket("1500ms"));
    assert_eq!((e.code, e.column.as_deref()), (Code::BucketUnit, Some("ts")));
    assert!(e.message.contains("1500ms"), "{e}");
    run(&with_bucket("7s"));
}

#[test]
fn times_out_of_range_are_errors_with_their_rows() {
    let (trades, prints) = base(0.25);
    let far = i64::MAX / 1_000; // in seconds: fits ms, not ns
    let mut ts: Vec<Option<i64>> = trades.iter().map(|t| t.ts).collect();
    let row = trades.iter().rposition(|t| t.token == Some("9")).unwrap();
    ts[row] = Some(far);
    let seconds = |ticks| stamps(TimeUnit::Second, None, ticks);
    // The tape's nanoseconds cannot hold it.
    let snapshot = Snapshot::of(&trade_rows(&trades, seconds(ts.clone())), &tape_columns(&prints));
    let e = snapshot.error();
    assert_eq!(
        (e.code, e.column.as_deref(), e.row),
        (Code::Overflow, Some("ts"), Some(row as u64))
    );
    // The same the other way round.
    let print = prints.iter().position(|p| p.token == Some("9")).unwrap();
    let mut tape_ts: Vec<Option<i64>> = prints.iter().map(|p| p.ts).collect();
    tape_ts[print] = Some(-far);
    let tape = with(&tape_columns(&prints), "ts", seconds(tape_ts));
    let e = Snapshot::of(&trade_columns(&trades), &tape).error();
    assert_eq!(
        (e.code, e.column.as_deref(), e.row),
        (Code::Overflow, Some("ts"), Some(print as u64))
    );
    assert!(e.file.unwrap().ends_with("market_trades.parquet"));
    // Seconds are written as milliseconds.
    ts[row] = Some(i64::MAX / 100);
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &trade_rows(&trades, seconds(ts)), 50);
    let e = snapshot.error();
    assert_eq!(
        (e.code, e.column.as_deref(), e.row),
        (Code::Overflow, Some("ts"), Some(row as u64))
    );
    assert_eq!(snapshot.names(), ["trades.parquet"]);
    // The earliest time of all begins in a bucket that does not exist, and a lag leads beyond it.
    let mut early = trade_columns(&trades);
    let mut ticks: Vec<Option<i64>> = trades.iter().map(|t| t.ts).collect();
    ticks[row] = Some(i64::MIN + 1);
    early = with(&early, "ts", stamps(TimeUnit::Nanosecond, None, ticks));
    let e = Snapshot::of(&early, &tape_columns(&prints)).error();
    assert_eq!(
        (e.code, e.column.as_deref(), e.row),
        (Code::Overflow, Some("ts"), Some(row as u64))
    );
}

#[test]
fn the_least_time_is_null() {
    let (mut trades, prints) = base(0.25);
    let ticks = |trades: &[Trade], nat: Option<i64>| {
        let ts = trades
            .iter()
            .map(|t| t.ts.map_or(nat, |s| Some(s * 1_000_000_000)))
            .collect();
        trade_rows(trades, stamps(TimeUnit::Nanosecond, Some("UTC"), ts))
    };
    trades[3].ts = None;
    let plain = Snapshot::of(&ticks(&trades, None), &tape_columns(&prints));
    let nat = Snapshot::of(&ticks(&trades, Some(i64::MIN)), &tape_columns(&prints));
    for order in [Order::Token, Order::Input] {
        let (got, want) = (nat.build_in_order(order), plain.build_in_order(order));
        assert_same(&got.rows, &want.rows, "NaT");
        assert_eq!(column(&got.rows, "ts"), column(&want.rows, "ts"), "{order:?}");
    }
}

#[test]
fn an_empty_tape_is_still_no_place_for_the_output() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::of(&trade_columns(&trades), &slice(&tape_columns(&prints), 0, 0));
    let e = fails(&BuildOptions {
        out: snapshot.file("market_trades.parquet"),
        ..snapshot.options()
    });
    assert_eq!(e.code, Code::OutIsInput);
}
