//! Columns that allow no null.

use std::sync::Arc;

use arrow::array::{Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema, TimeUnit};
use parquet::file::properties::WriterProperties;
use polyfeat_snapshot::Order;

use crate::support::*;

fn required(columns: &Columns) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, a)| Field::new(*name, a.data_type().clone(), a.null_count() > 0))
        .collect();
    let arrays = columns.iter().map(|(_, a)| Arc::clone(a)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

#[test]
fn required_columns_are_read_and_stay_required() {
    let (mut trades, mut prints) = base(0.25);
    trades.retain(|t| t.ts.is_some() && t.token.is_some() && t.market.is_some() && t.size.is_some());
    trades.retain(|t| t.side.is_some() && t.outcome.is_some());
    prints.retain(|p| p.ts.is_some() && p.token.is_some() && p.price.is_some() && p.size.is_some());
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols);
    let snapshot = Snapshot::new();
    for (name, columns) in [
        ("trades.parquet", &trade_cols),
        ("market_trades.parquet", &tape_cols),
    ] {
        write_file(
            &snapshot.file(name),
            &required(columns),
            30,
            WriterProperties::default(),
        );
    }
    for order in [Order::Token, Order::Input] {
        let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
        assert_same(&got.rows, &want.rows, "required");
        for name in trade_cols.iter().map(|(n, _)| n) {
            assert_eq!(column(&got.rows, name), column(&want.rows, name));
            assert!(
                !got.rows.schema().field_with_name(name).unwrap().is_nullable(),
                "{name}"
            );
        }
        assert!(
            got.rows
                .schema()
                .field_with_name("mt_last_price")
                .unwrap()
                .is_nullable()
        );
    }
}

#[test]
fn the_least_time_is_null_even_where_no_null_is_allowed() {
    let (mut trades, prints) = base(0.25);
    trades[3].ts = None;
    let ts = |nat: Option<i64>| {
        let ticks = trades
            .iter()
            .map(|t| t.ts.map_or(nat, |s| Some(s * 1_000_000_000)));
        trade_rows(
            &trades,
            stamps(TimeUnit::Nanosecond, Some("UTC"), ticks.collect()),
        )
    };
    let plain = Snapshot::of(&ts(None), &tape_columns(&prints));
    let snapshot = Snapshot::of(&ts(None), &tape_columns(&prints));
    let rows = required(&ts(Some(i64::MIN)));
    write_file(
        &snapshot.file("trades.parquet"),
        &rows,
        50,
        WriterProperties::default(),
    );
    for order in [Order::Token, Order::Input] {
        let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
        assert_eq!(column(&got.rows, "ts"), column(&want.rows, "ts"), "{order:?}");
    }
}

#[test]
fn text_that_is_required_may_still_become_null_as_a_time() {
    let (trades, prints) = base(0.25);
    let text: StringArray = (0..trades.len())
        .map(|i| Some(["2001-02-03", "soon"][i % 2]))
        .collect();
    let columns = trade_rows(&trades, Arc::new(text));
    let snapshot = Snapshot::of(&columns, &tape_columns(&prints));
    write_file(
        &snapshot.file("trades.parquet"),
        &required(&columns),
        50,
        WriterProperties::default(),
    );
    for order in [Order::Token, Order::Input] {
        let got = snapshot.build_in_order(order);
        assert_eq!(
            got.rows.column_by_name("ts").unwrap().null_count(),
            trades.len() / 2
        );
    }
}
