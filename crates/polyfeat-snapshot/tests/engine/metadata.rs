//! The footer says what is true, and dictionaries of row groups do not mix.

use std::fs::File;
use std::sync::Arc;

use arrow::array::DictionaryArray;
use arrow::datatypes::{DataType, Int32Type, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use polyfeat_snapshot::Order;

use crate::passthrough::mixed;
use crate::support::*;

#[test]
fn metadata_is_true() {
    let (columns, tape) = mixed();
    let snapshot = Snapshot::of(&columns, &tape);
    for order in [Order::Token, Order::Input] {
        let got = snapshot.build_in_order(order);
        let entries = got.meta.file_metadata().key_value_metadata().unwrap();
        let value = |key: &str| {
            entries
                .iter()
                .find(|kv| kv.key == key)
                .map(|kv| kv.value.clone().unwrap())
        };
        assert_eq!(value("kept").as_deref(), Some("as it was"));
        assert_eq!(value("pandas"), None, "it would describe other columns");
        assert_eq!(entries.iter().filter(|kv| kv.key == "ARROW:schema").count(), 1);
        // What the embedded Arrow schema says is what a reader that ignores it finds in the Parquet one.
        let named: Vec<_> = columns
            .iter()
            .map(|(n, _)| (*n).to_string())
            .chain(feature_names(&got.rows))
            .collect();
        let schema: &Schema = &got.rows.schema();
        assert_eq!(
            schema
                .fields()
                .iter()
                .map(|f| f.name().clone())
                .collect::<Vec<_>>(),
            named
        );
        let utc = |unit| DataType::Timestamp(unit, Some("UTC".into()));
        for (name, want) in [
            ("ts", utc(TimeUnit::Nanosecond)),
            ("bucket", utc(TimeUnit::Nanosecond)),
            ("mt_last_ts", utc(TimeUnit::Nanosecond)),
            ("mt_trades_60s", DataType::Float64),
            ("complete_set_flag", DataType::Boolean),
            ("regime", DataType::Utf8),
        ] {
            assert_eq!(*schema.field_with_name(name).unwrap().data_type(), want, "{name}");
            let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let bare =
                ArrowReaderMetadata::load(&File::open(&snapshot.options().out).unwrap(), options).unwrap();
            assert_eq!(
                *bare.schema().field_with_name(name).unwrap().data_type(),
                want,
                "{name}, bare"
            );
        }
    }
}

#[test]
fn a_dictionary_of_every_row_group_is_its_own() {
    let (trades, prints) = base(0.25);
    let mut columns = trade_columns(&trades);
    // Sorted into groups, so that no two groups share a name.
    let names: Vec<String> = (0..120).map(|i| format!("name {}", i / 10)).collect();
    let values: DictionaryArray<Int32Type> = names.iter().map(|s| Some(s.as_str())).collect();
    columns.push(("names", Arc::new(values)));
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &columns, 10);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 50);
    for order in [Order::Token, Order::Input] {
        let got = snapshot.build_in_order(order);
        let Cell::Int(first) = column(&got.rows, "row")[0] else {
            panic!("no row number")
        };
        assert_eq!(
            column(&got.rows, "names")[0],
            Cell::Text(names[first as usize].clone())
        );
        let want: Vec<_> = column(&got.rows, "row")
            .into_iter()
            .map(|row| match row {
                Cell::Int(i) => Cell::Text(names[i as usize].clone()),
                other => other,
            })
            .collect();
        assert_eq!(column(&got.rows, "names"), want);
    }
}
