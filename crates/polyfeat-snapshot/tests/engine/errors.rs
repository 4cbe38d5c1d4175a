//! Each failure has its code and its place, leaves an older output alone and no temp file behind.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array};
use polyfeat_snapshot::{BuildOptions, Code, Error};

use crate::support::*;

pub fn sound() -> Snapshot {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &trade_columns(&trades), 50);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 100);
    snapshot
}

/// The error of a run over an older output, which must stay, alone.
fn failing(snapshot: &Snapshot) -> Error {
    let out = snapshot.file("out");
    fs::create_dir_all(&out).unwrap();
    let options = BuildOptions {
        out: out.join("features.parquet"),
        ..snapshot.options()
    };
    fs::write(&options.out, "older").unwrap();
    let e = fails(&options);
    assert_eq!(names(&out), ["features.parquet"], "{e}");
    assert_eq!(fs::read(&options.out).unwrap(), b"older", "{e}");
    assert!(!e.message.contains('\n'), "{e}");
    e
}

fn is_at(e: &Error, code: Code, file: &Path, column: Option<&str>) {
    assert_eq!(e.code, code, "{e}");
    assert_eq!(e.file.as_deref(), Some(file.to_str().unwrap()), "{e}");
    assert_eq!(e.column.as_deref(), column, "{e}");
    assert!(
        e.message.contains(file.file_name().unwrap().to_str().unwrap()),
        "{e}"
    );
}

#[test]
fn no_directory() {
    let snapshot = sound();
    for name in ["nowhere", "trades.parquet"] {
        let options = BuildOptions {
            snapshot: snapshot.file(name),
            ..snapshot.options()
        };
        is_at(&fails(&options), Code::NotFound, &snapshot.file(name), None);
    }
}

#[test]
fn no_trades() {
    let snapshot = sound();
    fs::remove_file(snapshot.file("trades.parquet")).unwrap();
    is_at(&failing(&snapshot), Code::NoTrades, snapshot.path(), None);
}

#[test]
fn files_that_are_no_parquet() {
    for name in ["trades.parquet", "market_trades.parquet", "clob_tob.parquet"] {
        let snapshot = sound();
        let file = snapshot.file(name);
        for bytes in [
            &b""[..],
            b"P",
            b"PK\x03\x04 a zip file, not Parquet",
            b"ts,token_id\n1,2\n",
        ] {
            fs::write(&file, bytes).unwrap();
            is_at(&failing(&snapshot), Code::NotParquet, &file, None);
        }
        for bytes in [
            &b"PAR1"[..],
            b"PAR1PAR1",
            b"PAR1\0\0\0\0PAR1",
            b"PAR1\xff\xff\xff\xffPAR1",
        ] {
            fs::write(&file, bytes).unwrap();
            is_at(&failing(&snapshot), Code::Corrupt, &file, None);
        }
        fs::write(&file, b"PAR1 encrypted PARE").unwrap();
        is_at(&failing(&snapshot), Code::Corrupt, &file, None);
        fs::write(&file, b"PARE encrypted PARE").unwrap();
        is_at(&failing(&snapshot), Code::Unsupported, &file, None);
    }
}

#[test]
fn files_cut_off_anywhere() {
    for name in ["trades.parquet", "market_trades.parquet"] {
        let snapshot = sound();
        let file = snapshot.file(name);
        let whole = fs::read(&file).unwrap();
        for cut in [
            4,
            5,
            8,
            12,
            100,
            whole.len() / 2,
            whole.len() - 9,
            whole.len() - 1,
        ] {
            fs::write(&file, &whole[..cut]).unwrap();
            is_at(&failing(&snapshot), Code::Corrupt, &file, None);
        }
        // Bytes lost in the middle, the footer still there.
        for (from, to) in [(4, 60), (whole.len() / 3, whole.len() / 2)] {
            fs::write(&file, [&whole[..from], &whole[to..]].concat()).unwrap();
            is_at(&failing(&snapshot), Code::Corrupt, &file, None);
        }
    }
}

#[test]
fn missing_columns() {
    for (name, needed) in [
        (
            "trades.parquet",
            &["ts", "token_id", "market_slug", "side", "outcome", "size"][..],
        ),
        ("market_trades.parquet", &["ts", "token_id", "price", "size"]),
    ] {
        for column in needed {
            let snapshot = sound();
            let (rows, _) = read(&snapshot.file(name));
            let keep: Vec<usize> = (0..rows.num_columns())
                .filter(|&i| rows.schema().field(i).name() != column)
                .collect();
            let rows = rows.project(&keep).unwrap();
            write_file(&snapshot.file(name), &rows, 100, Default::default());
            let e = failing(&snapshot);
            is_at(&e, Code::MissingColumn, &snapshot.file(name), Some(column));
            assert!(e.message.contains(column), "{e}");
        }
    }
}

#[test]
fn columns_of_the_wrong_type() {
    let (trades, prints) = base(0.25);
    let double = |n: usize| -> ArrayRef { Arc::new(Float64Array::from(vec![1.0; n])) };
    let int = |n: usize| -> ArrayRef { Arc::new(Int64Array::from(vec![1; n])) };
    let text = |n: usize| strings(vec![Some("1"); n]);
    type Make<'a> = &'a dyn Fn(usize) -> ArrayRef;
    let cases: [(&str, &str, Make<'_>, &str); 9] = [
        ("trades", "ts", &double, "double"),
        ("trades", "token_id", &double, "double"),
        ("trades", "token_id", &int, "int64"),
        ("trades", "market_slug", &int, "int64"),
        ("trades", "size", &text, "string"),
        ("market_trades", "ts", &int, "int64"),
        ("market_trades", "token_id", &int, "int64"),
        ("market_trades", "price", &text, "string"),
        ("market_trades", "size", &text, "string"),
    ];
    for (table, column, make, found) in cases {
        let snapshot = sound();
        let name = format!("{table}.parquet");
        let columns = if table == "trades" {
            with(&trade_columns(&trades), column, make(trades.len()))
        } else {
            with(&tape_columns(&prints), column, make(prints.len()))
        };
        snapshot.write(&name, &columns, 100);
        let e = failing(&snapshot);
        is_at(&e, Code::WrongType, &snapshot.file(&name), Some(column));
        assert!(
            e.message.contains(&format!(" is {found}; ")) && e.message.contains("expected"),
            "{e}"
        );
    }
}

#[test]
fn places_that_cannot_be_written() {
    let snapshot = sound();
    let to = |name: &str| {
        let options = BuildOptions {
            out: snapshot.file(name),
            ..snapshot.options()
        };
        fails(&options)
    };
    is_at(
        &to("no/where.parquet"),
        Code::OutDirMissing,
        &snapshot.file("no"),
        None,
    );
    fs::create_dir(snapshot.file("folder")).unwrap();
    assert_eq!(to("folder").code, Code::OutNotWritable);
    for input in [
        "trades.parquet",
        "market_trades.parquet",
        "folder/../trades.parquet",
    ] {
        let before = fs::read(snapshot.file(input)).unwrap();
        assert_eq!(to(input).code, Code::OutIsInput);
        assert_eq!(fs::read(snapshot.file(input)).unwrap(), before);
    }
    // Not read for features, but not to be lost either.
    snapshot.write("clob_tob.parquet", &tape_columns(&base(1.0).1), 100);
    assert_eq!(to("clob_tob.parquet").code, Code::OutIsInput);
    let left = [
        "clob_tob.parquet",
        "folder",
        "market_trades.parquet",
        "trades.parquet",
    ];
    assert_eq!(snapshot.names(), left);
}

#[test]
fn a_part_or_a_new_part_is_no_output() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet/1.parquet", &trade_columns(&trades), 50);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 50);
    for name in ["trades.parquet/1.parquet", "trades.parquet/2.parquet"] {
        let options = BuildOptions {
            out: snapshot.file(name),
            ..snapshot.options()
        };
        assert_eq!(fails(&options).code, Code::OutIsInput, "{name}");
    }
    assert_eq!(names(&snapshot.file("trades.parquet")), ["1.parquet"]);
}
