//! Tokens in every string type, prices and sizes in every number type; files split and shuffled.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Float32Array, Float64Array, Int16Array, NullArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int16Type};
use parquet::file::properties::WriterProperties;
use polyfeat_snapshot::Order;

use crate::support::*;

const STRING_COLUMNS: [&str; 4] = ["token_id", "market_slug", "side", "outcome"];

fn as_type(columns: &Columns, to: &DataType) -> Columns {
    columns
        .iter()
        .map(|(name, array)| {
            let array = if STRING_COLUMNS.contains(name) {
                cast(array, to).unwrap()
            } else {
                Arc::clone(array)
            };
            (*name, array)
        })
        .collect()
}

fn same_features(plain: &Output, trades: &Columns, tape: &Columns, what: &str) {
    for group in [usize::MAX, 37] {
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", trades, group);
        snapshot.write("market_trades.parquet", tape, group);
        let got = snapshot.build();
        assert_same(&got.rows, &plain.rows, &format!("{what}, groups of {group}"));
    }
}

#[test]
fn strings_of_every_type_are_the_same_tokens() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    let dictionary = |key| DataType::Dictionary(Box::new(key), Box::new(DataType::Utf8));
    for to in [
        DataType::LargeUtf8,
        DataType::Utf8View,
        dictionary(DataType::Int32),
        dictionary(DataType::Int8),
        DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::LargeUtf8)),
    ] {
        let (a, b) = (as_type(&trade_cols, &to), as_type(&tape_cols, &to));
        same_features(&plain, &a, &b, &to.to_string());
        same_features(&plain, &a, &tape_cols, &format!("{to} beside plain"));
        // The column itself comes back with its own type.
        let got = Snapshot::of(&a, &b).build();
        assert_eq!(*got.rows.column_by_name("token_id").unwrap().data_type(), to);
    }
}

#[test]
fn row_groups_may_have_different_dictionaries_and_plain_pages() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols);
    let no_dictionary = || WriterProperties::builder().set_dictionary_enabled(false).build();
    // A limit this small is passed within the row group: its first pages are codes, its last ones text.
    let falls_back = || {
        WriterProperties::builder()
            .set_dictionary_page_size_limit(8)
            .set_data_page_row_count_limit(10)
            .set_write_batch_size(10)
            .build()
    };
    for properties in [no_dictionary as fn() -> WriterProperties, falls_back] {
        for order in [Order::Token, Order::Input] {
            let snapshot = Snapshot::new();
            snapshot.write_with("trades.parquet", &trade_cols, 50, properties());
            snapshot.write_with("market_trades.parquet", &tape_cols, 70, properties());
            let got = snapshot.build_in_order(order);
            assert_same(
                &got.rows,
                &plain.build_in_order(order).rows,
                &format!("{order:?}"),
            );
        }
    }
}

#[test]
fn dictionaries_with_unused_repeated_and_null_entries() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    let names = ["unused", "9", "10", "9", "77777", "é", "never", "other"];
    let odd = |tokens: Vec<Option<&str>>| -> ArrayRef {
        let values = strings(names.iter().map(|n| Some(*n)).chain([None]));
        let keys: Int16Array = tokens
            .iter()
            .enumerate()
            .map(|(i, t)| match t {
                Some("9") => Some([1, 3][i % 2]),
                Some(t) => Some(names.iter().position(|n| n == t).unwrap() as i16),
                None => [None, Some(8)][i % 2], // null by its key or by its value
            })
            .collect();
        Arc::new(DictionaryArray::<Int16Type>::try_new(keys, values).unwrap())
    };
    let a = with(
        &trade_cols,
        "token_id",
        odd(trades.iter().map(|t| t.token).collect()),
    );
    let b = with(
        &tape_cols,
        "token_id",
        odd(prints.iter().map(|p| p.token).collect()),
    );
    same_features(&plain, &a, &b, "odd dictionary");
}

#[test]
fn numbers_of_every_type_are_the_same_doubles() {
    let (trades, prints) = base(0.015625);
    let (whole_trades, whole_prints) = base(1.0);
    let check = |trades: &[Trade], prints: &[Print], to: &DataType| {
        let (trade_cols, tape_cols) = (trade_columns(trades), tape_columns(prints));
        let plain = Snapshot::of(&trade_cols, &tape_cols).build();
        let of = |columns: &Columns, name| cast(&get(columns, name), to).unwrap();
        let a = with(&trade_cols, "size", of(&trade_cols, "size"));
        let b = with(&tape_cols, "price", of(&tape_cols, "price"));
        let b = with(&b, "size", of(&tape_cols, "size"));
        same_features(&plain, &a, &b, &to.to_string());
    };
    for to in [
        DataType::Float32,
        DataType::Decimal32(9, 6),
        DataType::Decimal64(18, 7),
        DataType::Decimal128(9, 6),
        DataType::Decimal128(18, 6),
        DataType::Decimal128(38, 12),
        DataType::Decimal256(60, 12),
    ] {
        check(&trades, &prints, &to);
    }
    for to in [
        DataType::Int16,
        DataType::UInt16,
        DataType::Int32,
        DataType::UInt32,
        DataType::Int64,
        DataType::UInt64,
        DataType::Float16,
        DataType::Decimal128(5, 0),
        DataType::Decimal128(7, 2),
    ] {
        check(&whole_trades, &whole_prints, &to);
    }
}

#[test]
fn nan_is_a_missing_number() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    let nan = |columns: &Columns, name| -> ArrayRef {
        let array = get(columns, name);
        let all = array.as_primitive::<Float64Type>().iter();
        Arc::new(Float64Array::from_iter_values(all.map(|v| v.unwrap_or(f64::NAN))))
    };
    let a = with(&trade_cols, "size", nan(&trade_cols, "size"));
    let b = with(&tape_cols, "price", nan(&tape_cols, "price"));
    let b = with(&b, "size", nan(&tape_cols, "size"));
    same_features(&plain, &a, &b, "NaN");
}

#[test]
fn a_float32_is_widened_not_reread() {
    let prints = [Print {
        ts: Some(1),
        token: Some("A"),
        price: Some(0.1),
        size: Some(1.0),
    }];
    let tape = with(
        &tape_columns(&prints),
        "price",
        Arc::new(Float32Array::from(vec![0.1_f32])),
    );
    let trade = Trade {
        ts: Some(1),
        token: Some("A"),
        market: None,
        side: None,
        outcome: None,
        size: None,
    };
    let got = Snapshot::of(&trade_columns(&[trade]), &tape).build();
    assert_eq!(
        column(&got.rows, "mt_last_price"),
        [Cell::from(f64::from(0.1_f32))]
    );
}

#[test]
fn columns_of_nulls_alone_are_read() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let nulls = |n: usize| -> ArrayRef { Arc::new(NullArray::new(n)) };
    for name in ["ts", "token_id", "market_slug", "side", "outcome", "size"] {
        let typed = get(&trade_cols, name);
        let typed = arrow::array::new_null_array(typed.data_type(), typed.len());
        let plain = Snapshot::of(&with(&trade_cols, name, typed), &tape_cols).build();
        let snapshot = Snapshot::of(&with(&trade_cols, name, nulls(trades.len())), &tape_cols);
        assert_same(&snapshot.build().rows, &plain.rows, name);
    }
    for name in ["ts", "token_id", "price", "size"] {
        let typed = get(&tape_cols, name);
        let typed = arrow::array::new_null_array(typed.data_type(), typed.len());
        let plain = Snapshot::of(&trade_cols, &with(&tape_cols, name, typed)).build();
        let snapshot = Snapshot::of(&trade_cols, &with(&tape_cols, name, nulls(prints.len())));
        let got = snapshot.build();
        assert_same(&got.rows, &plain.rows, name);
        assert_eq!(got.report.null_ts, plain.report.null_ts);
        assert_eq!(got.report.null_token, plain.report.null_token);
    }
}

#[test]
fn of_equal_stamps_the_last_in_the_file_counts_whatever_the_split() {
    let print = |ts, price| Print {
        ts: Some(ts),
        token: Some("A"),
        price: Some(price),
        size: Some(1.0),
    };
    let trade = Trade {
        ts: Some(10),
        token: Some("A"),
        market: Some("m"),
        side: Some("BUY"),
        outcome: Some("Up"),
        size: Some(1.0),
    };
    // The file is not in time order: rows 1, 3 and 4 share the last second.
    let prints = [
        print(5, 0.1),
        print(10, 0.2),
        print(3, 0.3),
        print(10, 0.4),
        print(10, 0.5),
        print(11, 0.9),
    ];
    for group in 1..=6 {
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", &trade_columns(std::slice::from_ref(&trade)), 1);
        snapshot.write("market_trades.parquet", &tape_columns(&prints), group);
        let got = snapshot.build();
        assert_eq!(column(&got.rows, "mt_last_price"), [Cell::from(0.5)]);
        assert_eq!(column(&got.rows, "mt_trades_60s"), [Cell::from(5.0)]);
    }
}

#[test]
fn shuffled_prints_with_distinct_times_change_nothing() {
    let (trades, mut prints) = base(0.25);
    for (i, p) in prints.iter_mut().enumerate() {
        p.ts = Some((i as i64 * 7) % 601 - 200); // 7 and 601 are coprime: all different
    }
    let plain = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints)).build();
    prints.sort_by_key(|p| p.ts);
    let sorted = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints)).build();
    assert_same(&sorted.rows, &plain.rows, "sorted");
}
