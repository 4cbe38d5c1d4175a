//! Features files, judged by what was knowable.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array};
use polyfeat_snapshot::{AuditOptions, Code, GivenRules, Job, Order, Preset, audit, build};

use super::{asked, audited, busy, of, rules_of};
use crate::support::*;

/// The features of a snapshot in a file, and an audit of it.
fn built(snapshot: &Snapshot, rules: GivenRules, order: Order) -> AuditOptions {
    let out = snapshot.file("features.parquet");
    let options = polyfeat_snapshot::BuildOptions {
        rules: rules.clone(),
        order,
        out: out.clone(),
        ..snapshot.options()
    };
    build(&Arc::new(Job::default()), &options).unwrap();
    AuditOptions {
        features: Some(out),
        ..asked(snapshot, GivenRules::default())
    }
}

/// The same file without what it says of itself, one column being replaced.
fn altered(file: &Path, replaced: Option<(&str, ArrayRef)>) {
    let (rows, _) = read(file);
    let columns: Vec<(String, ArrayRef)> = rows
        .schema()
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, array)| match &replaced {
            Some((name, array)) if name == field.name() => (field.name().clone(), Arc::clone(array)),
            _ => (field.name().clone(), Arc::clone(array)),
        })
        .collect();
    let rows = arrow::array::RecordBatch::try_from_iter(columns).unwrap();
    write_file(
        file,
        &rows,
        50,
        parquet::file::properties::WriterProperties::default(),
    );
}

#[test]
fn features_files_are_judged_by_what_was_knowable() {
    let snapshot = busy();
    for order in [Order::Token, Order::Input] {
        let report = audited(&built(&snapshot, of(Preset::Strict), order));
        assert!(report.leaks.is_empty(), "{:?}", report.leaks);
        let columns = report.file.unwrap().columns;
        assert!(columns.len() == 12 && columns.iter().all(|column| column.knowable));

        let options = built(&snapshot, of(Preset::Notebook), order);
        let own = audited(&options);
        assert!(
            rules_of(&own).starts_with(&["ties", "excludeSelf"]),
            "{:?}",
            own.leaks
        );
        // Without a footer the rules are found by trying.
        altered(options.features.as_ref().unwrap(), None);
        let foreign = audited(&options);
        assert_eq!(rules_of(&foreign), rules_of(&own));
        let columns = foreign.file.unwrap().columns;
        let price = columns
            .iter()
            .find(|column| column.name == "mt_last_price")
            .unwrap();
        assert!(!price.knowable && price.reproduced_by[0] == "notebook");
        assert!(price.shown.as_ref().unwrap().rows > 0 && price.example.is_some());
    }
}

#[test]
fn what_no_rules_give_is_not_shown_to_be_knowable() {
    let snapshot = busy();
    let options = built(&snapshot, of(Preset::Strict), Order::Input);
    let file = options.features.clone().unwrap();
    let (rows, _) = read(&file);
    let mut values = f64s_of(&rows, "mt_volume_60s");
    values[70] = Some(values[70].unwrap() + 1.0);
    altered(&file, Some(("mt_volume_60s", f64s(values))));
    let report = audited(&options);
    assert_eq!(rules_of(&report), ["file"]);
    assert_eq!(report.leaks[0].columns, ["mt_volume_60s"]);
    let column = report.file.unwrap().columns;
    let volume = column
        .iter()
        .find(|column| column.name == "mt_volume_60s")
        .unwrap();
    assert_eq!(
        (volume.differing.rows, &volume.differing.first[..]),
        (1, &[70][..])
    );
}

fn f64s_of(rows: &arrow::array::RecordBatch, name: &str) -> Vec<Option<f64>> {
    let column = rows.column_by_name(name).unwrap();
    column
        .as_any()
        .downcast_ref::<Float64Array>()
        .unwrap()
        .iter()
        .collect()
}

#[test]
fn a_file_of_another_snapshot_is_refused() {
    let snapshot = busy();
    let options = built(&snapshot, of(Preset::Strict), Order::Token);
    let error = |trades: &[Trade]| {
        let other = Snapshot::of(&trade_columns(trades), &tape_columns(&[token_print(1, 0.5, 1.0)]));
        let options = AuditOptions {
            snapshot: other.path().to_path_buf(),
            ..options.clone()
        };
        audit(&Arc::new(Job::default()), &options).unwrap_err()
    };
    assert_eq!(error(&[buy(3, "A")]).code, Code::RowsDiffer);
    let many: Vec<Trade> = (0..122).map(|i| buy(i, "A")).collect();
    let refused = error(&many);
    assert_eq!((refused.code, refused.row), (Code::RowsDiffer, Some(0)));
}
