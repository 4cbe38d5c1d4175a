//! Damaged bytes: an error or, where no reader can tell, a result; never a panic, never half a file.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::{WriterProperties, WriterVersion};
use polyfeat_snapshot::{BuildOptions, Code, Job, Order, build};

use crate::support::*;

fn properties(compression: Compression, version: WriterVersion) -> WriterProperties {
    WriterProperties::builder()
        .set_compression(compression)
        .set_writer_version(version)
        .build()
}

/// Runs over `file` with each of `damages` done to it; returns how many runs noticed.
fn try_all(snapshot: &Snapshot, file: &str, damages: &[(usize, u8)]) -> usize {
    let path = snapshot.file(file);
    let whole = fs::read(&path).unwrap();
    let mut noticed = 0;
    for (i, &(at, flip)) in damages.iter().enumerate() {
        let mut bytes = whole.clone();
        bytes[at] ^= flip;
        fs::write(&path, &bytes).unwrap();
        let options = BuildOptions {
            order: [Order::Token, Order::Input][i % 2],
            ..snapshot.options()
        };
        let run = || build(&Arc::new(Job::default()), &options);
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(_)) => {}
            Ok(Err(e)) => {
                noticed += 1;
                assert_eq!(e.code, Code::Corrupt, "{file}, byte {at} ^ {flip}: {e}");
                assert_eq!(e.file.as_deref(), path.to_str(), "byte {at} ^ {flip}: {e}");
            }
            Err(_) => panic!("{file}: a panic at byte {at} ^ {flip}"),
        }
        let _ = fs::remove_file(&options.out);
        assert_eq!(snapshot.names(), ["market_trades.parquet", "trades.parquet"]);
    }
    fs::write(&path, whole).unwrap();
    noticed
}

/// Bytes of the chunks (page headers and pages) of the columns that features read.
fn chunk_bytes(meta: &ParquetMetaData, step: usize) -> Vec<usize> {
    let needed = [
        "ts",
        "token_id",
        "market_slug",
        "side",
        "outcome",
        "price",
        "size",
    ];
    meta.row_groups()
        .iter()
        .flat_map(|g| g.columns())
        .filter(|c| needed.contains(&c.column_path().string().as_str()))
        .flat_map(|c| {
            let (start, length) = c.byte_range();
            (start as usize..(start + length) as usize).step_by(step)
        })
        .collect()
}

#[test]
fn flipped_bytes_of_pages_never_panic() {
    let (trades, prints) = base(0.25);
    let mut noticed = 0;
    for (compression, version, step) in [
        (Compression::UNCOMPRESSED, WriterVersion::PARQUET_1_0, 61),
        (
            Compression::ZSTD(Default::default()),
            WriterVersion::PARQUET_1_0,
            9,
        ),
        (Compression::SNAPPY, WriterVersion::PARQUET_2_0, 97),
    ] {
        let snapshot = Snapshot::new();
        let columns = [
            ("trades.parquet", trade_columns(&trades)),
            ("market_trades.parquet", tape_columns(&prints)),
        ];
        for (file, columns) in &columns {
            snapshot.write_with(file, columns, 150, properties(compression, version));
        }
        for (file, _) in &columns {
            let (_, meta) = read(&snapshot.file(file));
            let damages: Vec<(usize, u8)> = chunk_bytes(&meta, step)
                .into_iter()
                .enumerate()
                .map(|(i, at)| (at, [0xff, 0x01, 0x80, 0x10][i % 4]))
                .collect();
            assert!(damages.len() > 15, "{} positions", damages.len());
            noticed += try_all(&snapshot, file, &damages);
        }
    }
    assert!(noticed > 40, "only {noticed} were noticed");
}

#[test]
fn flipped_bytes_of_the_footer_never_panic() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &trade_columns(&trades), 150);
    snapshot.write("market_trades.parquet", &tape_columns(&prints), 150);
    let length = fs::metadata(snapshot.file("market_trades.parquet"))
        .unwrap()
        .len() as usize;
    let footer = fs::read(snapshot.file("market_trades.parquet")).unwrap();
    let footer = u32::from_le_bytes(footer[length - 8..length - 4].try_into().unwrap()) as usize;
    let mut panics = Vec::new();
    for (i, at) in (length - 8 - footer..length - 4).step_by(37).enumerate() {
        let flip = [0x01, 0xff, 0x40][i % 3];
        let path = snapshot.file("market_trades.parquet");
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        bytes[at] ^= flip;
        fs::write(&path, bytes).unwrap();
        // A footer may say anything (another type, another name), so any code will do but these two.
        let run = || build(&Arc::new(Job::default()), &snapshot.options());
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(_)) => {}
            Ok(Err(e)) => assert!(
                !matches!(e.code, Code::Internal | Code::Io),
                "byte {at} ^ {flip}: {e}"
            ),
            Err(_) => panics.push((at, flip)),
        }
        fs::write(&path, whole).unwrap();
        let _ = fs::remove_file(snapshot.options().out);
    }
    assert_eq!(panics, []);
}
