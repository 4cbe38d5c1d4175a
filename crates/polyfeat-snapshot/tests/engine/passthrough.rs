//! Columns that features do not need come back as they were: Parquet type, values, nulls, place.

use std::fs::File;
use std::sync::Arc;

use arrow::array::*;
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Int8Type};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use polyfeat_snapshot::{BuildOptions, Codec, Order};

use crate::support::*;

const N: usize = 120;

/// Every third value is null.
fn some<T>(i: usize, v: T) -> Option<T> {
    (i % 3 != 1).then_some(v)
}

fn of<A: FromIterator<Option<T>> + Array + 'static, T>(value: impl Fn(usize) -> T) -> ArrayRef {
    Arc::new((0..N).map(|i| some(i, value(i))).collect::<A>())
}

fn decimal(precision: u8, scale: i8) -> ArrayRef {
    let values: Decimal128Array = (0..N).map(|i| some(i, i as i128 * 7 - 300)).collect();
    Arc::new(values.with_precision_and_scale(precision, scale).unwrap())
}

/// Lists of structs with lists in them: null, empty and full at each level.
fn nested() -> ArrayRef {
    let inner = ListBuilder::new(Int32Builder::new());
    let fields = vec![
        Field::new("name", DataType::Utf8, true),
        Field::new(
            "levels",
            DataType::List(Arc::new(Field::new_list_field(DataType::Int32, true))),
            true,
        ),
    ];
    let structs = StructBuilder::new(fields, vec![Box::new(StringBuilder::new()), Box::new(inner)]);
    let mut lists = ListBuilder::new(structs);
    for i in 0..N {
        for j in 0..i % 4 {
            let item = lists.values();
            item.field_builder::<StringBuilder>(0)
                .unwrap()
                .append_option((j != 1).then(|| format!("{i}.{j}")));
            let levels = item.field_builder::<ListBuilder<Int32Builder>>(1).unwrap();
            levels.values().append_slice(&[1, 2, 3][..j]);
            levels.append(j != 2);
            item.append((i + j) % 5 != 0);
        }
        lists.append(i % 7 != 3);
    }
    Arc::new(lists.finish())
}

fn map() -> ArrayRef {
    let mut maps = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    for i in 0..N {
        for j in 0..i % 3 {
            maps.keys().append_value(format!("k{j}"));
            maps.values().append_option((i % 2 == 0).then_some(i as i64));
        }
        maps.append(i % 5 != 2).unwrap();
    }
    Arc::new(maps.finish())
}

fn exotic() -> Columns {
    let text = |i: usize| format!("text {}", i % 11);
    let mut fixed = FixedSizeBinaryBuilder::new(3);
    let mut pairs = FixedSizeListBuilder::new(Int16Builder::new(), 2);
    for i in 0..N {
        if i % 3 == 1 {
            fixed.append_null();
        } else {
            fixed.append_value([i as u8, 0, 255]).unwrap();
        }
        pairs.values().append_slice(&[i as i16, -1]);
        pairs.append(i % 3 != 1);
    }
    vec![
        ("u8", of::<UInt8Array, _>(|i| i as u8)),
        ("i16", of::<Int16Array, _>(|i| i as i16 - 50)),
        ("u32", of::<UInt32Array, _>(|i| u32::MAX - i as u32)),
        ("u64", of::<UInt64Array, _>(|i| u64::MAX - i as u64)),
        ("bool", of::<BooleanArray, _>(|i| i % 2 == 0)),
        ("f32", of::<Float32Array, _>(|i| i as f32 / 7.0)),
        (
            "nan",
            Arc::new(
                (0..N)
                    .map(|i| some(i, if i % 2 == 0 { f64::NAN } else { -0.0 }))
                    .collect::<Float64Array>(),
            ),
        ),
        ("large", of::<LargeStringArray, _>(text)),
        ("view", of::<StringViewArray, _>(text)),
        (
            "dict",
            Arc::new(
                (0..N)
                    .map(|i| some(i, ["a", "b", ""][i % 3]))
                    .collect::<DictionaryArray<Int8Type>>(),
            ),
        ),
        ("binary", of::<BinaryArray, _>(|i| vec![i as u8, 0xff])),
        ("large_binary", of::<LargeBinaryArray, _>(|i| vec![0; i % 4])),
        ("binary_view", of::<BinaryViewArray, _>(|i| vec![i as u8; i % 20])),
        ("fixed", Arc::new(fixed.finish())),
        ("decimal_i32", decimal(9, 2)),
        ("decimal_i64", decimal(18, 4)),
        ("decimal_flba", decimal(38, 6)),
        ("date32", of::<Date32Array, _>(|i| i as i32 - 60)),
        ("date64", of::<Date64Array, _>(|i| (i as i64 - 60) * 86_400_000)),
        ("time32", of::<Time32MillisecondArray, _>(|i| i as i32)),
        ("time64", of::<Time64NanosecondArray, _>(|i| i as i64)),
        ("seconds", of::<TimestampSecondArray, _>(|i| i as i64 - 60)),
        (
            "zoned",
            Arc::new(
                (0..N)
                    .map(|i| some(i, i as i64))
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("Asia/Tokyo"),
            ),
        ),
        ("duration", of::<DurationMillisecondArray, _>(|i| i as i64)),
        ("interval", of::<IntervalYearMonthArray, _>(|i| i as i32)),
        ("null", Arc::new(NullArray::new(N))),
        ("nested", nested()),
        ("map", map()),
        ("pairs", Arc::new(pairs.finish())),
    ]
}

/// The columns of [`base`] with the exotic ones before, among and after them.
pub fn mixed() -> (Columns, Columns) {
    let (trades, prints) = base(0.25);
    assert_eq!(trades.len(), N);
    let mut columns = trade_columns(&trades);
    for (i, column) in exotic().into_iter().enumerate() {
        columns.insert((i * 2).min(columns.len()), column);
    }
    (columns, tape_columns(&prints))
}

/// Fails where an input column is not the output's at the same place, in Parquet type or in values.
fn check(snapshot: &Snapshot, columns: &Columns, got: &Output, what: &str) {
    let rows = got.rows.column_by_name("row").unwrap();
    let order = arrow::compute::cast(rows, &DataType::UInt32).unwrap();
    let source = ArrowReaderMetadata::load(
        &File::open(snapshot.file("trades.parquet")).unwrap(),
        ArrowReaderOptions::new(),
    )
    .unwrap();
    let source_nodes = source.parquet_schema().root_schema().get_fields();
    let nodes = got.meta.file_metadata().schema_descr().root_schema().get_fields();
    for (i, (name, array)) in columns.iter().enumerate() {
        let field = got.rows.schema().field(i).clone();
        assert_eq!(field.name(), name, "{what}");
        if *name == "ts" {
            continue; // becomes UTC
        }
        assert_eq!(nodes[i], source_nodes[i], "{what}: Parquet type of {name}");
        assert_eq!(field.data_type(), array.data_type(), "{what}: {name}");
        let want = take(array, &order, None).unwrap();
        assert_eq!(
            got.rows.column(i).to_data(),
            want.to_data(),
            "{what}: values of {name}"
        );
    }
}

#[test]
fn every_type_in_both_orders_and_any_split() {
    let (columns, tape) = mixed();
    for group in [usize::MAX, 50, 7] {
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", &columns, group);
        snapshot.write("market_trades.parquet", &tape, 100);
        for order in [Order::Token, Order::Input] {
            let got = snapshot.build_in_order(order);
            check(
                &snapshot,
                &columns,
                &got,
                &format!("{order:?}, groups of {group}"),
            );
        }
    }
}

#[test]
fn every_codec() {
    let (columns, tape) = mixed();
    let snapshot = Snapshot::new();
    let properties = WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .build();
    snapshot.write_with("trades.parquet", &columns, 60, properties);
    snapshot.write("market_trades.parquet", &tape, 100);
    for order in [Order::Token, Order::Input] {
        for (codec, want) in [
            (Codec::Source, Compression::LZ4_RAW),
            (Codec::Zstd, Compression::ZSTD(Default::default())),
            (Codec::Snappy, Compression::SNAPPY),
            (Codec::None, Compression::UNCOMPRESSED),
        ] {
            let got = run(&BuildOptions {
                codec,
                order,
                ..snapshot.options()
            });
            check(&snapshot, &columns, &got, &format!("{order:?} {codec:?}"));
            let codecs = got.meta.row_groups().iter().flat_map(|g| g.columns());
            for chunk in codecs {
                let is = std::mem::discriminant(&chunk.compression());
                assert_eq!(
                    is,
                    std::mem::discriminant(&want),
                    "{} {codec:?}",
                    chunk.column_path()
                );
            }
        }
    }
}
