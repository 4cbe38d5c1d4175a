//! Spec §1 "Time": any unit and zone, dates, ISO 8601 text, integers; the features are the same.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Date64Array, Int32Array, Int64Array, LargeStringArray, UInt64Array,
};
use arrow::datatypes::{DataType, TimeUnit};
use polyfeat_snapshot::{BuildOptions, Code, Order, TimeUnit as Unit};

use crate::support::*;

const UNITS: [(TimeUnit, i64); 4] = [
    (TimeUnit::Second, 1),
    (TimeUnit::Millisecond, 1_000),
    (TimeUnit::Microsecond, 1_000_000),
    (TimeUnit::Nanosecond, 1_000_000_000),
];
const ZONES: [Option<&str>; 4] = [None, Some("UTC"), Some("America/New_York"), Some("+05:30")];

fn utc(unit: TimeUnit) -> DataType {
    let unit = if unit == TimeUnit::Second {
        TimeUnit::Millisecond // Parquet knows no seconds
    } else {
        unit
    };
    DataType::Timestamp(unit, Some("UTC".into()))
}

fn type_of(output: &Output, name: &str) -> DataType {
    output.rows.column_by_name(name).unwrap().data_type().clone()
}

#[test]
fn units_and_zones_of_both_files_give_the_same_features() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    for (i, (unit, per_second)) in UNITS.into_iter().enumerate() {
        for (j, (tape_unit, tape_per_second)) in UNITS.into_iter().enumerate() {
            let ts = trades.iter().map(|t| t.ts.map(|s| s * per_second)).collect();
            let tape_ts = prints.iter().map(|p| p.ts.map(|s| s * tape_per_second)).collect();
            let snapshot = Snapshot::of(
                &with(&trade_cols, "ts", stamps(unit, ZONES[(i + j) % 4], ts)),
                &with(&tape_cols, "ts", stamps(tape_unit, ZONES[j], tape_ts)),
            );
            for order in [Order::Token, Order::Input] {
                let got = snapshot.build_in_order(order);
                if order == Order::Token {
                    assert_same(&got.rows, &plain.rows, &format!("{unit:?} {tape_unit:?}"));
                    assert_eq!(column(&got.rows, "ts"), column(&plain.rows, "ts"));
                }
                assert_eq!(type_of(&got, "ts"), utc(unit));
                assert_eq!(type_of(&got, "bucket"), utc(unit));
                assert_eq!(type_of(&got, "mt_last_ts"), utc(tape_unit));
            }
        }
    }
}

#[test]
fn integers_are_times_once_their_unit_is_said() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    let ints: Int32Array = trades.iter().map(|t| t.ts.map(|s| s as i32)).collect();
    let tape_ints: Int64Array = prints.iter().map(|p| p.ts).collect();
    let snapshot = Snapshot::of(
        &with(&trade_cols, "ts", Arc::new(ints)),
        &with(&tape_cols, "ts", Arc::new(tape_ints)),
    );
    let e = snapshot.error();
    assert_eq!((e.code, e.column.as_deref()), (Code::WrongType, Some("ts")));
    assert!(e.message.contains("--ts-unit"), "{}", e.message);
    let got = run(&BuildOptions {
        ts_unit: Some(Unit::Second),
        ..snapshot.options()
    });
    assert_same(&got.rows, &plain.rows, "features");
    assert_eq!(type_of(&got, "ts"), utc(TimeUnit::Millisecond));
    let left_out = ["market_trades_null_ts", "market_trades_null_token"];
    assert_eq!(warnings(&got), left_out);

    // A unit that nothing asked for is told of.
    let snapshot = Snapshot::of(&trade_cols, &tape_cols);
    let got = run(&BuildOptions {
        ts_unit: Some(Unit::Second),
        ..snapshot.options()
    });
    assert_eq!(warnings(&got), [&["ts_unit_unused"], &left_out[..]].concat());
}

#[test]
fn an_unsigned_time_out_of_range_names_its_row() {
    let (trades, prints) = base(0.25);
    let mut big = vec![1_u64; trades.len()];
    big[70] = u64::MAX;
    let snapshot = Snapshot::new();
    let columns = with(&trade_columns(&trades), "ts", Arc::new(UInt64Array::from(big)));
    snapshot.write("trades.parquet", &columns, 50);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 100);
    let e = fails(&BuildOptions {
        ts_unit: Some(Unit::Millisecond),
        ..snapshot.options()
    });
    assert_eq!(
        (e.code, e.column.as_deref(), e.row),
        (Code::Overflow, Some("ts"), Some(70))
    );
    assert!(e.file.unwrap().ends_with("trades.parquet"));
}

#[test]
fn dates_are_their_midnights() {
    let (mut trades, mut prints) = base(0.25);
    let day = |s: i64| s.div_euclid(100);
    trades
        .iter_mut()
        .for_each(|t| t.ts = t.ts.map(|s| day(s) * 86_400));
    prints
        .iter_mut()
        .for_each(|p| p.ts = p.ts.map(|s| day(s) * 86_400));
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols).build();
    let days: Date32Array = trades.iter().map(|t| t.ts.map(|s| (s / 86_400) as i32)).collect();
    let days64: Date64Array = trades.iter().map(|t| t.ts.map(|s| s * 1_000)).collect();
    let tape_days: Date32Array = prints.iter().map(|p| p.ts.map(|s| (s / 86_400) as i32)).collect();
    let variants: [ArrayRef; 2] = [Arc::new(days), Arc::new(days64)];
    for ts in variants {
        let kind = ts.data_type().clone();
        let got = Snapshot::of(
            &with(&trade_cols, "ts", ts),
            &with(&tape_cols, "ts", Arc::new(tape_days.clone())),
        )
        .build();
        assert_same(&got.rows, &plain.rows, &kind.to_string());
        assert_eq!(column(&got.rows, "ts"), column(&plain.rows, "ts"));
        assert_eq!(type_of(&got, "ts"), utc(TimeUnit::Millisecond));
        assert_eq!(type_of(&got, "mt_last_ts"), utc(TimeUnit::Millisecond));
    }
}

/// One instant (2001-02-03 04:05:06.25 UTC) in forms that may stand in one column.
const FORMS: [&str; 9] = [
    "2001-02-03T04:05:06.25Z",
    "2001-02-03 04:05:06.250",
    "20010203T040506,25",
    "2001-02-03t04:05:06.2500000001z",
    " 2001-02-03 04:05:06.25 UTC",
    "2001-02-03T06:05:06.25+02:00",
    "2001-02-03T06:05:06.25 +0200",
    "2001-02-02T23:05:06.25-05",
    "2001-02-03T04:05:06.25UTC",
];

#[test]
fn text_times_of_mixed_forms_are_one_instant_and_bad_ones_null() {
    const INSTANT: i64 = 981_173_106_250_000_000;
    let bad = ["soon", "2001-02-30", "2001-02-03T24:00", "", "1500-01-01"];
    let texts: Vec<Option<&str>> = FORMS
        .into_iter()
        .chain(bad)
        .map(Some)
        .chain([None, Some("2001-02-03")])
        .collect();
    let mut trades = Vec::new();
    for (i, _) in texts.iter().enumerate() {
        trades.push(Trade {
            ts: None,
            token: Some(["A", "B"][i % 2]),
            market: Some("m"),
            side: Some("BUY"),
            outcome: Some("Up"),
            size: Some(1.0),
        });
    }
    let parsed: Vec<Option<i64>> = texts
        .iter()
        .map(|t| match t {
            Some("2001-02-03") => Some(981_158_400_000_000_000),
            Some(t) => FORMS.contains(t).then_some(INSTANT),
            None => None,
        })
        .collect();
    let tape = vec![
        (
            "ts",
            strings([Some("2001-02-03T04:05:06.25Z"), Some("never"), None]),
        ),
        ("token_id", strings([Some("A"), Some("A"), Some("B")])),
        ("price", f64s([Some(0.5), Some(0.6), Some(0.7)])),
        ("size", f64s([Some(1.0); 3])),
    ];
    let plain_tape = with(
        &tape,
        "ts",
        stamps(TimeUnit::Nanosecond, None, vec![Some(INSTANT), None, None]),
    );
    let plain = Snapshot::of(
        &trade_rows(&trades, stamps(TimeUnit::Nanosecond, None, parsed)),
        &plain_tape,
    )
    .build();
    let large: LargeStringArray = texts.iter().copied().collect();
    let variants: [ArrayRef; 2] = [strings(texts), Arc::new(large)];
    for ts in variants {
        let got = Snapshot::of(&trade_rows(&trades, ts), &tape).build();
        assert_same(&got.rows, &plain.rows, "features");
        assert_eq!(column(&got.rows, "ts"), column(&plain.rows, "ts"));
        assert_eq!(type_of(&got, "ts"), utc(TimeUnit::Nanosecond));
        assert_eq!(type_of(&got, "mt_last_ts"), utc(TimeUnit::Nanosecond));
        assert_eq!(
            warnings(&got),
            ["unparsable_ts", "unparsable_ts", "market_trades_null_ts"]
        );
        assert!(
            got.report.warnings[0]
                .message
                .contains(&format!("{} values", bad.len()))
        );
        assert_eq!(got.report.null_ts, 2);
    }
}
