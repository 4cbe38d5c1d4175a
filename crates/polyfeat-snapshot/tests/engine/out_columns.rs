//! Which columns come out, in what place and order.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use polyfeat_snapshot::{BuildOptions, Code, Order, Select};

use crate::support::*;

fn names(rows: &RecordBatch) -> Vec<String> {
    rows.schema().fields().iter().map(|f| f.name().clone()).collect()
}

#[test]
fn columns_of_an_earlier_run_are_replaced_in_place_or_dropped() {
    let (trades, prints) = base(0.25);
    let (mut trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    let stale: ArrayRef = Arc::new(BooleanArray::from(vec![true; trades.len()]));
    trade_cols.insert(1, ("regime", Arc::clone(&stale)));
    trade_cols.insert(4, ("mt_volume_60s", stale));
    let snapshot = Snapshot::of(&trade_cols, &tape_cols);
    let mut want = names(&plain.rows);
    want.retain(|n| n != "regime" && n != "mt_volume_60s");
    want.insert(1, "regime".into());
    want.insert(4, "mt_volume_60s".into());
    for order in [Order::Token, Order::Input] {
        let got = snapshot.build_in_order(order);
        assert_eq!(names(&got.rows), want);
        assert_eq!(warnings(&got)[0], "replaced_columns");
        assert!(got.report.warnings[0].message.contains("regime, mt_volume_60s"));
        for name in feature_names(&plain.rows) {
            let (got, want) = (by_row(&got.rows), by_row(&plain.rows));
            assert_eq!(column(&got, &name), column(&want, &name), "{name}");
        }
    }
    // Without a tape the old volume would be a lie.
    std::fs::remove_file(snapshot.file("market_trades.parquet")).unwrap();
    let got = snapshot.build();
    assert_eq!(
        warnings(&got),
        ["no_market_trades", "replaced_columns", "dropped_columns"]
    );
    assert!(!names(&got.rows).contains(&"mt_volume_60s".to_string()));
    assert_eq!(names(&got.rows)[1], "regime");
}

#[test]
fn an_output_fed_in_again_comes_out_the_same() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints));
    let first = snapshot.build();
    std::fs::rename(&snapshot.options().out, snapshot.file("trades.parquet")).unwrap();
    let second = snapshot.build();
    assert_eq!(second.rows, first.rows);
    assert_eq!(warnings(&second)[0], "replaced_columns");
}

#[test]
fn only_the_columns_that_are_asked_for_pass_through() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints));
    let all = snapshot.build();
    let select = |columns: Select| BuildOptions {
        columns,
        ..snapshot.options()
    };
    let named = |all: &[&str]| Select::Named(all.iter().map(|s| (*s).to_string()).collect());
    for (columns, kept) in [
        (
            Select::Features,
            vec!["ts", "token_id", "market_slug", "event_key"],
        ),
        (named(&["size", "row"]), vec!["row", "size"]),
        (named(&[]), vec![]),
    ] {
        let got = run(&select(columns));
        let want: Vec<String> = kept
            .iter()
            .map(|s| (*s).to_string())
            .chain(feature_names(&all.rows))
            .collect();
        assert_eq!(names(&got.rows), want);
        for name in &want {
            assert_eq!(column(&got.rows, name), column(&all.rows, name), "{name}");
        }
    }
    let e = fails(&select(named(&["row", "nope"])));
    assert_eq!((e.code, e.column.as_deref()), (Code::MissingColumn, Some("nope")));
}

#[test]
fn the_inputs_order_is_the_tokens_order_permuted() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints));
    let (token, input) = (snapshot.build(), snapshot.build_in_order(Order::Input));
    assert_ne!(token.rows, input.rows);
    assert_eq!(by_row(&token.rows), input.rows);
    assert_eq!(
        (token.report.regimes, token.report.pnl),
        (input.report.regimes, input.report.pnl)
    );
}
