//! Ways of storing the same thing that Arrow's writer does not choose by itself.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array, Int64Array};
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Type as Physical;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int96, Int96Type};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use polyfeat_snapshot::{BuildOptions, Code, Order, TimeUnit as Unit};

use crate::support::*;

/// A file as other writers make them: times as INT96, decimals as byte arrays, no Arrow schema.
fn write_foreign(
    snapshot: &Snapshot,
    name: &str,
    seconds: &[Option<i64>],
    cents: &[Option<i64>],
    tape: bool,
) {
    let number = if tape { "price" } else { "fee" };
    let schema = format!(
        "message foreign {{
            optional int96 ts;
            required binary token_id (string);
            optional binary {number} (decimal(9, 2));
            optional double size;
            optional binary market_slug (string);
            optional binary side (string);
            optional binary outcome (string);
            optional int64 row;
        }}"
    );
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let file = File::create(snapshot.file(name)).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let n = seconds.len();
    let levels = |all: &[Option<i64>]| all.iter().map(|v| i16::from(v.is_some())).collect::<Vec<_>>();
    let full = vec![1; n];
    let days: Vec<Int96> = seconds
        .iter()
        .flatten()
        .map(|s| {
            let mut day = Int96::new();
            let nanos = s.rem_euclid(86_400) as u64 * 1_000_000_000;
            let julian = s.div_euclid(86_400) + 2_440_588;
            day.set_data(nanos as u32, (nanos >> 32) as u32, julian as u32);
            day
        })
        .collect();
    put::<Int96Type>(&mut group, &days, Some(&levels(seconds)));
    let tokens: Vec<ByteArray> = (0..n).map(|_| ByteArray::from("A")).collect();
    put::<ByteArrayType>(&mut group, &tokens, None);
    // Two's complement, most significant byte first, as short as it may be.
    let decimals: Vec<ByteArray> = cents
        .iter()
        .flatten()
        .map(|&v| ByteArray::from(v.to_be_bytes()[if (-128..128).contains(&v) { 7 } else { 4 }..].to_vec()))
        .collect();
    put::<ByteArrayType>(&mut group, &decimals, Some(&levels(cents)));
    put::<DoubleType>(&mut group, &vec![2.0; n], Some(&full));
    for text in ["m", "BUY", "Up"] {
        put::<ByteArrayType>(&mut group, &vec![ByteArray::from(text); n], Some(&full));
    }
    let rows: Vec<i64> = (0..n as i64).collect();
    put::<parquet::data_type::Int64Type>(&mut group, &rows, Some(&full));
    group.close().unwrap();
    writer.close().unwrap();
}

fn put<T: parquet::data_type::DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &[T::T],
    levels: Option<&[i16]>,
) {
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(values, levels, None).unwrap();
    column.close().unwrap();
}

#[test]
fn int96_times_and_decimals_in_byte_arrays() {
    let snapshot = Snapshot::new();
    let cents = [Some(25), None, Some(-3), Some(1_000_050)];
    write_foreign(
        &snapshot,
        "trades.parquet",
        &[Some(110), Some(-5), None, Some(20)],
        &cents,
        false,
    );
    write_foreign(
        &snapshot,
        "market_trades.parquet",
        &[Some(-10), Some(10), Some(100), None],
        &cents,
        true,
    );
    for order in [Order::Token, Order::Input] {
        let got = snapshot.build_in_order(order);
        let rows: Vec<usize> = match order {
            Order::Token => vec![1, 3, 0, 2],
            Order::Input => vec![0, 1, 2, 3],
        };
        let pick = |want: [Cell; 4]| rows.iter().map(|&i| want[i].clone()).collect::<Vec<_>>();
        let price = pick([Cell::from(-0.03), Cell::from(0.25), Cell::Null, Cell::Null]);
        assert_eq!(column(&got.rows, "mt_last_price"), price, "{order:?}");
        let time = |s: i64| Cell::Time(i128::from(s) * 1_000_000_000);
        assert_eq!(
            column(&got.rows, "ts"),
            pick([time(110), time(-5), Cell::Null, time(20)])
        );
        // Nobody may write INT96 any more: the time becomes a timestamp.
        let schema = got.meta.file_metadata().schema_descr();
        assert_eq!(schema.column(0).physical_type(), Physical::INT64);
        let fee: Decimal128Array = rows.iter().map(|&i| cents[i].map(i128::from)).collect();
        let fee = fee.with_precision_and_scale(9, 2).unwrap();
        assert_eq!(
            got.rows.column_by_name("fee").unwrap().to_data(),
            fee.to_data(),
            "{order:?}"
        );
    }
}

/// Without the embedded Arrow schema that would say what an INT64 means.
fn write_bare(snapshot: &Snapshot, name: &str, columns: &Columns) {
    let file = File::create(snapshot.file(name)).unwrap();
    let rows = batch(columns);
    let options = ArrowWriterOptions::new().with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(file, rows.schema(), options).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
}

#[test]
fn parts_of_which_only_some_say_that_their_integers_are_times() {
    let (trades, prints) = base(0.25);
    let seconds = stamps(
        TimeUnit::Second,
        Some("UTC"),
        trades.iter().map(|t| t.ts).collect(),
    );
    let mut columns = trade_rows(&trades, Arc::clone(&seconds));
    columns.push(("seen", seconds));
    let part = |from| -> Columns {
        columns
            .iter()
            .map(|(name, a)| (*name, a.slice(from, 60)))
            .collect()
    };
    let plain = Snapshot::of(&columns, &tape_columns(&prints)).build();
    for (said_by, bare) in [(1, 2), (2, 1)] {
        let snapshot = Snapshot::new();
        snapshot.write("market_trades.parquet", &tape_columns(&prints), 100);
        let from = |part: usize| (part - 1) * 60;
        snapshot.write(&format!("trades/{said_by}.parquet"), &part(from(said_by)), 100);
        write_bare(&snapshot, &format!("trades/{bare}.parquet"), &part(from(bare)));
        // The first part says what the table is.
        if bare == 1 {
            let e = snapshot.error();
            assert_eq!(
                (e.code, e.column.as_deref()),
                (Code::WrongType, Some("ts")),
                "{e}"
            );
            continue;
        }
        for order in [Order::Token, Order::Input] {
            let got = snapshot.build_in_order(order);
            if order == Order::Token {
                assert_same(&got.rows, &plain.rows, "a bare part");
            }
            for name in ["ts", "seen"] {
                let mut want = column(&plain.rows, name);
                if order == Order::Input {
                    want = trades
                        .iter()
                        .map(|t| spread(t.ts).map_or(Cell::Null, |t| Cell::Time(t.into())))
                        .collect();
                }
                assert_eq!(column(&got.rows, name), want, "{name}");
            }
        }
    }
    let snapshot = Snapshot::of(&columns, &tape_columns(&prints));
    write_bare(&snapshot, "trades.parquet", &columns);
    assert_eq!(snapshot.error().code, Code::WrongType);
    let got = run(&BuildOptions {
        ts_unit: Some(Unit::Second),
        ..snapshot.options()
    });
    assert_same(&got.rows, &plain.rows, "bare seconds");
}

#[test]
fn dictionaries_of_times_and_numbers() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols);
    let coded = |columns: &Columns, name: &str| -> ArrayRef {
        let values = get(columns, name);
        let keys: arrow::array::Int32Array = (0..values.len() as i32).map(Some).collect();
        Arc::new(arrow::array::DictionaryArray::try_new(keys, values).unwrap())
    };
    let a = with(&trade_cols, "ts", coded(&trade_cols, "ts"));
    let a = with(&a, "size", coded(&trade_cols, "size"));
    let b = with(&tape_cols, "ts", coded(&tape_cols, "ts"));
    let b = with(&b, "price", coded(&tape_cols, "price"));
    let snapshot = Snapshot::of(&a, &b);
    for order in [Order::Token, Order::Input] {
        let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
        assert_same(&got.rows, &want.rows, "dictionaries");
        assert_eq!(column(&got.rows, "ts"), column(&want.rows, "ts"));
    }
}

#[test]
fn two_columns_of_one_name() {
    let (trades, prints) = base(0.25);
    let mut columns = trade_columns(&trades);
    columns.push(("size", Arc::new(Int64Array::from(vec![7; trades.len()]))));
    columns.push(("extra", Arc::new(Int64Array::from(vec![8; trades.len()]))));
    let snapshot = Snapshot::of(&columns, &tape_columns(&prints));
    let plain = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints));
    for order in [Order::Token, Order::Input] {
        let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
        assert_same(&got.rows, &want.rows, "the first counts");
        assert_eq!(*got.rows.column(columns.len() - 1).data_type(), DataType::Int64);
    }
}
