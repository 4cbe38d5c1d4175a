//! What goes wrong leaves nothing behind.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use polyfeat_bench::{Request, generate};
use polyfeat_snapshot::{Code, Job};
use tempfile::TempDir;

use crate::small;

fn code(request: &Request) -> Code {
    generate(&Arc::new(Job::default()), request).unwrap_err().code
}

#[test]
fn a_stopped_run_leaves_no_folder() {
    let dir = TempDir::new().unwrap();
    let flag = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&flag);
    let sink = Box::new(move |p: polyfeat_snapshot::Progress| {
        if p.phase == "market_trades" {
            stop.store(true, Ordering::Relaxed);
        }
    });
    let mut request = small(&dir.path().join("out"));
    request.parts = Some(2);
    let error = generate(&Arc::new(Job::new(flag, Some(sink))), &request).unwrap_err();
    assert_eq!(error.code, Code::Cancelled);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_with_something_in_it_is_not_touched() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("trades.parquet"), "old").unwrap();
    assert_eq!(code(&small(dir.path())), Code::OutNotWritable);
    assert_eq!(fs::read(dir.path().join("trades.parquet")).unwrap(), b"old");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn bad_options_make_no_folder() {
    let dir = TempDir::new().unwrap();
    let mut request = small(&dir.path().join("out"));
    request.own = Some(2.0);
    assert_eq!(code(&request), Code::InvalidOption);
    assert!(!request.out.exists());
}

#[test]
fn what_is_no_snapshot_is_not_repeated() {
    let dir = TempDir::new().unwrap();
    let of = |from: &Path| Request {
        out: dir.path().join("out"),
        from: Some(from.into()),
        ..Request::default()
    };
    assert_eq!(code(&of(&dir.path().join("none"))), Code::NotFound);
    let empty = TempDir::new().unwrap();
    assert_eq!(code(&of(empty.path())), Code::NoTrades);
    fs::write(empty.path().join("trades.parquet"), "no Parquet").unwrap();
    assert_eq!(code(&of(empty.path())), Code::NotParquet);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}
