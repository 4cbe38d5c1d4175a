//! Tables in several files.

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use polyfeat_snapshot::{Code, Order};

use crate::support::*;

/// Writes rows `from..` of `columns`, `n` of them, as one part.
fn part(snapshot: &Snapshot, name: &str, columns: &Columns, from: usize, n: usize) {
    let rows = batch(columns);
    let file = snapshot.file(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    write_file(
        &file,
        &rows.slice(from, n.min(rows.num_rows() - from)),
        20,
        Default::default(),
    );
}

#[test]
fn parts_are_read_in_byte_order_of_their_names() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols);
    for folders in [
        ["trades.parquet", "market_trades.parquet"],
        ["trades", "market_trades"],
    ] {
        let snapshot = Snapshot::new();
        // By bytes: "10" < "9" < "Z" < "a" < "é".
        for (i, name) in ["10", "9", "Z", "a", "é"].into_iter().enumerate().rev() {
            part(
                &snapshot,
                &format!("{}/{name}.parquet", folders[0]),
                &trade_cols,
                i * 24,
                24,
            );
            part(
                &snapshot,
                &format!("{}/{name}.parquet", folders[1]),
                &tape_cols,
                i * 60,
                60,
            );
        }
        for stray in [".hidden.parquet", "_SUCCESS", "_metadata", ".crc"] {
            fs::write(snapshot.file(folders[0]).join(stray), "no Parquet").unwrap();
        }
        fs::create_dir(snapshot.file(folders[0]).join("folder.parquet")).unwrap();
        if folders[0] == "trades" {
            fs::write(snapshot.file("trades/README.md"), "no Parquet").unwrap();
        }
        for order in [Order::Token, Order::Input] {
            let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
            assert_same(&got.rows, &want.rows, folders[0]);
            assert_eq!(got.report.trades, [120, trade_cols.len() as u64]);
        }
    }
}

#[test]
fn a_part_without_rows_is_no_trouble() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols);
    let snapshot = Snapshot::new();
    for (name, from, n) in [("a", 0, 0), ("b", 0, 70), ("c", 70, 0), ("d", 70, 50)] {
        part(&snapshot, &format!("trades/{name}.parquet"), &trade_cols, from, n);
    }
    part(&snapshot, "market_trades/a.parquet", &tape_cols, 0, 0);
    part(&snapshot, "market_trades/b.parquet", &tape_cols, 0, 300);
    for order in [Order::Token, Order::Input] {
        let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
        assert_same(&got.rows, &want.rows, "empty parts");
    }
}

#[test]
fn a_folder_without_parts_is_no_table() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::new();
    fs::create_dir(snapshot.file("trades")).unwrap();
    assert_eq!(snapshot.error().code, Code::NoTrades);
    snapshot.write("trades.parquet", &trade_columns(&trades), 100);
    fs::create_dir(snapshot.file("market_trades")).unwrap();
    assert_eq!(warnings(&snapshot.build()), ["no_market_trades"]);
    // A file is taken before a folder.
    snapshot.write("market_trades/x.parquet", &tape_columns(&prints[..10]), 100);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 100);
    assert_eq!(snapshot.build().report.market_trades, Some([300, 4]));
}

#[test]
fn parts_may_differ_in_how_strings_are_kept() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let plain = Snapshot::of(&trade_cols, &tape_cols);
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let kept_as = |columns: &Columns, to: &DataType| -> Columns {
        columns
            .iter()
            .map(|(name, array)| match array.data_type() {
                DataType::Utf8 => (*name, cast(array, to).unwrap()),
                _ => (*name, Arc::clone(array)),
            })
            .collect()
    };
    let snapshot = Snapshot::new();
    let kinds = [
        dictionary,
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
    ];
    for (i, to) in kinds.iter().enumerate() {
        part(
            &snapshot,
            &format!("trades/{i}.parquet"),
            &kept_as(&trade_cols, to),
            i * 30,
            30,
        );
        part(
            &snapshot,
            &format!("market_trades/{i}.parquet"),
            &kept_as(&tape_cols, to),
            i * 75,
            75,
        );
    }
    // The second part of the trades has no dictionary pages at all.
    let plain_pages = parquet::file::properties::WriterProperties::builder()
        .set_dictionary_enabled(false)
        .build();
    write_file(
        &snapshot.file("trades/1.parquet"),
        &batch(&trade_cols).slice(30, 30),
        20,
        plain_pages,
    );
    for order in [Order::Token, Order::Input] {
        let (got, want) = (snapshot.build_in_order(order), plain.build_in_order(order));
        assert_same(&got.rows, &want.rows, "kinds of strings");
        for name in ["token_id", "market_slug", "side", "event_key"] {
            assert_eq!(column(&got.rows, name), column(&want.rows, name), "{name}");
        }
    }
}

#[test]
fn parts_that_differ_are_refused_with_part_and_column() {
    let (trades, prints) = base(0.25);
    let (trade_cols, tape_cols) = (trade_columns(&trades), tape_columns(&prints));
    let changed: ArrayRef = Arc::new(Int32Array::from(vec![1; 300]));
    let fewer: Columns = tape_cols[..3].to_vec();
    let mut more = tape_cols.clone();
    more.push(("more", Arc::clone(&changed)));
    let mut swapped = tape_cols.clone();
    swapped.swap(2, 3);
    for (columns, column) in [
        (with(&tape_cols, "size", changed), "size"),
        (fewer, "size"),
        (more, "more"),
        (swapped, "size"),
    ] {
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", &trade_cols, 100);
        part(&snapshot, "market_trades/1.parquet", &tape_cols, 0, 100);
        part(&snapshot, "market_trades/2.parquet", &columns, 100, 100);
        let e = snapshot.error();
        assert_eq!(
            (e.code, e.column.as_deref()),
            (Code::PartsDiffer, Some(column)),
            "{e}"
        );
        assert!(e.file.as_ref().unwrap().ends_with("2.parquet"), "{e:?}");
        assert!(e.message.contains("1.parquet"), "{e}");
    }
}
