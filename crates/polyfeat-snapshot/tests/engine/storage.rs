//! Ways of storing the same thing that Arrow's writer does not choose by itself.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Type as Physical;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int96, Int96Type};
use parquet::file::properties::WriterProperties;
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
    let columns = trade_rows(&trades, seconds);
    let half = |from, n| {
        columns
            .iter()
            .map(|(name, a)| (*name, a.slice(from, n)))
            .collect::<Columns>()
    };
    let plain = Snapshot::of(&columns, &tape_columns(&prints)).build();
    for bare in [1, 2] {
        let snapshot = Snapshot::new();
        snapshot.write("market_trades.parquet", &tape_columns(&prints), 100);
        for (part, from) in [(1, 0), (2, 60)] {
            let name = format!("trades/{part}.parquet");
            snapshot.write(&name, &half(from, 60), 100);
            if part == bare {
                write_bare(&snapshot, &name, &half(from, 60));
            }
        }
        // Read alone, the bare part has integers: together they are either refused or read as what they are.
        let e = snapshot.error();
        assert!(matches!(e.code, Code::PartsDiffer | Code::WrongType), "{e}");
        assert_eq!(e.column.as_deref(), Some("ts"));
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
