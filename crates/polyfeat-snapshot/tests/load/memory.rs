//! What happens when there is too little memory.

use std::fs;

use polyfeat_snapshot::{BuildOptions, Code, Error, Order};

use crate::data::Load;
use crate::support::{Snapshot, fails, run};

fn options(snapshot: &Snapshot, threads: usize, order: Order, memory: u64) -> BuildOptions {
    BuildOptions {
        threads: Some(threads),
        order,
        memory,
        ..snapshot.options()
    }
}

/// The number of MiB that the message names.
#[track_caller]
fn needed(error: &Error) -> u64 {
    assert_eq!(error.code, Code::OutOfMemory, "{error}");
    let text = error.message.split("needs ").nth(1).unwrap_or_default();
    let digits = text.split('M').next().unwrap_or_default();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("no number of MiB in: {error}"))
}

#[test]
fn the_minimum_that_is_named_suffices() {
    let load = Load::random(270_000, 100_000, 300, 86_400_000); // two row groups of output
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &load.trade_columns(), 40_000);
    snapshot.write("market_trades.parquet", &load.print_columns(), 30_000);
    for order in [Order::Token, Order::Input] {
        run(&options(&snapshot, 1, order, 16 << 30));
        let want = fs::read(snapshot.file("features.parquet")).unwrap();
        for threads in [1, 3] {
            let least = needed(&fails(&options(&snapshot, threads, order, 1 << 20)));
            // One MiB less is refused for the same reason, with the same number.
            let error = fails(&options(&snapshot, threads, order, (least - 1) << 20));
            assert_eq!(needed(&error), least);
            assert!(
                fs::read(snapshot.file("features.parquet")).unwrap() == want,
                "the old output is gone"
            );
            run(&options(&snapshot, threads, order, least << 20));
            assert!(
                fs::read(snapshot.file("features.parquet")).unwrap() == want,
                "{order:?}, {threads} threads, {least} MiB"
            );
        }
    }
}

#[test]
fn too_little_is_refused_before_any_data_is_read() {
    let load = Load::random(1_000, 5_000, 10, 86_400_000);
    let snapshot = load.snapshot();
    for name in ["trades.parquet", "market_trades.parquet"] {
        // Everything but the footer is noise: whoever reads data fails in another way.
        let mut bytes = fs::read(snapshot.file(name)).unwrap();
        let footer = bytes.len() - 8;
        let length = u32::from_le_bytes(bytes[footer..footer + 4].try_into().unwrap()) as usize;
        bytes[4..footer - length].fill(0xA5);
        fs::write(snapshot.file(name), bytes).unwrap();
    }
    let before = snapshot.names();
    needed(&fails(&options(&snapshot, 1, Order::Token, 1 << 20)));
    assert_eq!(snapshot.names(), before, "nothing is left behind");
    let read = fails(&options(&snapshot, 1, Order::Token, 16 << 30));
    assert_ne!(read.code, Code::OutOfMemory, "{read}");
}
