//! Runs that are told to stop, and runs with little memory.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use polyfeat_snapshot::{BuildOptions, Code, Error, Job, Order, build};

use crate::errors::sound;
use crate::support::*;

fn cancelled(snapshot: &Snapshot, order: Order, events: usize) -> Option<Error> {
    let flag = Arc::new(AtomicBool::new(events == 0));
    let (seen, raise) = (AtomicUsize::new(0), Arc::clone(&flag));
    let sink = move |_| {
        if seen.fetch_add(1, Ordering::Relaxed) + 1 == events {
            raise.store(true, Ordering::Relaxed);
        }
    };
    let options = BuildOptions {
        order,
        ..snapshot.options()
    };
    fs::write(&options.out, "older").unwrap();
    let result = build(
        &Arc::new(Job::new(Arc::clone(&flag), Some(Box::new(sink)))),
        &options,
    );
    let e = result.err();
    let left = ["features.parquet", "market_trades.parquet", "trades.parquet"];
    assert_eq!(snapshot.names(), left, "event {events}");
    let old = fs::read(&options.out).unwrap() == b"older";
    assert_eq!(old, e.is_some(), "event {events}");
    e
}

#[test]
fn a_cancelled_run_stops_and_leaves_no_trace() {
    let snapshot = sound();
    for order in [Order::Token, Order::Input] {
        let e = cancelled(&snapshot, order, 0).unwrap();
        assert_eq!(e.code, Code::Cancelled);
        // At whatever progress event the flag is raised; the very last one comes when all is done.
        let mut stopped = 0;
        for events in 1.. {
            match cancelled(&snapshot, order, events) {
                Some(e) => assert_eq!(e.code, Code::Cancelled, "event {events}: {e}"),
                None => break,
            }
            stopped += 1;
        }
        assert!(stopped >= 8, "only {stopped} events could stop it");
    }
}

#[test]
fn too_little_memory_is_refused_and_just_enough_gives_the_same_file() {
    let snapshot = sound();
    let within = |mib: u64| BuildOptions {
        memory: mib << 20,
        threads: Some(2),
        ..snapshot.options()
    };
    run(&within(4096));
    let want = fs::read(snapshot.options().out).unwrap();
    assert_eq!(fails(&within(1)).code, Code::OutOfMemory);
    assert_eq!(fs::read(snapshot.options().out).unwrap(), want);
    fs::remove_file(snapshot.options().out).unwrap();
    let least = (1..40)
        .map(|i| i * 16)
        .find(|&mib| build(&Arc::default(), &within(mib)).is_ok());
    assert!(least.is_some(), "a small snapshot needs little memory");
    assert_eq!(fs::read(snapshot.options().out).unwrap(), want);
    assert_eq!(
        snapshot.names(),
        ["features.parquet", "market_trades.parquet", "trades.parquet"]
    );
}
