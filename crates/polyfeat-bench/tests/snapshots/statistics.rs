//! A synthetic snapshot has the statistics that were asked for.

use std::collections::{HashMap, HashSet};

use arrow::datatypes::{DataType, TimeUnit};
use polyfeat_bench::{Request, Stamps};
use tempfile::TempDir;

use crate::read::{Read, row_groups};
use crate::{make, small};

/// The tables of a snapshot.
fn tables(change: impl FnOnce(&mut Request)) -> (Read, Read) {
    let dir = TempDir::new().unwrap();
    let mut request = small(&dir.path().join("out"));
    change(&mut request);
    make(&request);
    let read = |name: &str| Read::new(&request.out.join(name));
    (read("trades.parquet"), read("market_trades.parquet"))
}

fn share(hits: usize, of: usize) -> f64 {
    hits as f64 / of as f64
}

#[track_caller]
fn near(value: f64, expected: f64, by: f64) {
    assert!((value - expected).abs() <= by, "{value}, not {expected}");
}

/// Rows by token, busiest first.
fn counts(read: &Read) -> Vec<usize> {
    let mut by_token: HashMap<String, usize> = HashMap::new();
    for token in read.texts("token_id").into_iter().flatten() {
        *by_token.entry(token).or_default() += 1;
    }
    let mut counts: Vec<usize> = by_token.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts
}

#[test]
fn the_schema_is_that_of_recorded_snapshots() {
    let (trades, prints) = tables(|_| ());
    assert_eq!((trades.rows(), trades.schema.fields().len()), (4_000, 44));
    assert_eq!((prints.rows(), prints.schema.fields().len()), (40_000, 17));
    let ms = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    for (name, data_type) in [
        ("ts", &ms),
        ("day", &DataType::Date32),
        ("hour_utc", &DataType::UInt8),
        ("token_id", &DataType::Utf8),
        ("outcome_index", &DataType::Int32),
        ("seconds_to_end", &DataType::Int64),
        ("size", &DataType::Float64),
    ] {
        assert_eq!(
            trades.schema.field_with_name(name).unwrap().data_type(),
            data_type,
            "{name}"
        );
    }
    let tokens: HashSet<String> = prints.texts("token_id").into_iter().flatten().collect();
    assert!(tokens.iter().all(|t| t.len() == 77));
    assert!(tokens.len() > 190 && tokens.len() <= 200, "{}", tokens.len());
}

#[test]
fn rows_are_in_time_order_over_all_days() {
    let (trades, prints) = tables(|r| r.days = Some(2));
    for read in [trades, prints] {
        let ts: Vec<i64> = read.longs("ts").into_iter().flatten().collect();
        assert!(ts.is_sorted());
        near((ts[ts.len() - 1] - ts[0]) as f64 / 86_400_000.0, 2.0, 0.01);
    }
}

#[test]
fn popularity_follows_the_power_that_was_asked_for() {
    for skew in [0.0, 0.5, 0.75] {
        let (_, prints) = tables(|r| {
            (r.skew, r.prints, r.sweep) = (Some(skew), Some(100_000), Some(0.0));
        });
        // Of n markets with a density of rank^-s, the first k have the share (k / n)^(1 - s).
        let counts = counts(&prints);
        let tenth: usize = counts.iter().take(20).sum();
        // The busiest by chance are a little more than the first by rank.
        near(share(tenth, prints.rows()), 0.1_f64.powf(1.0 - skew), 0.02);
    }
}

#[test]
fn own_prints_agree_with_their_trades() {
    let (trades, prints) = tables(|r| (r.own, r.sell) = (Some(0.4), Some(0.3)));
    let rows = |read: &Read| -> HashMap<String, String> {
        let names = ["ts", "token_id", "side", "event_key"].map(|name| match name {
            "ts" => read.longs(name).iter().map(|ts| format!("{ts:?}")).collect(),
            _ => read
                .texts(name)
                .iter()
                .map(|text| format!("{text:?}"))
                .collect::<Vec<_>>(),
        });
        let numbers = ["price", "size"].map(|name| read.doubles(name));
        let row = |i: usize| {
            let texts: Vec<&str> = names.iter().map(|column| &column[i][..]).collect();
            format!("{texts:?} {:?} {:?}", numbers[0][i], numbers[1][i])
        };
        let hashes = read.texts("transaction_hash").into_iter().flatten();
        hashes.enumerate().map(|(i, hash)| (hash, row(i))).collect()
    };
    let (mine, theirs) = (rows(&trades), rows(&prints));
    assert_eq!((mine.len(), theirs.len()), (4_000, 40_000));
    let own: Vec<&String> = mine.keys().filter(|hash| theirs.contains_key(*hash)).collect();
    near(share(own.len(), mine.len()), 0.4, 0.02);
    assert!(own.iter().all(|hash| mine[*hash] == theirs[*hash]));
    let user = prints.texts("proxy_wallet").into_iter().flatten();
    let wallet = trades.texts("proxy_address")[0].clone().unwrap();
    assert_eq!(user.filter(|w| *w == wallet).count(), own.len());
    let sells = trades
        .texts("side")
        .iter()
        .filter(|s| s.as_deref() == Some("SELL"))
        .count();
    near(share(sells, trades.rows()), 0.3, 0.02);
}

#[test]
fn some_trades_are_on_tokens_that_the_tape_lacks_and_some_tokens_are_others_only() {
    let (trades, prints) = tables(|r| (r.trades, r.tokens) = (Some(20_000), Some(20)));
    let of = |read: &Read| -> HashSet<String> { read.texts("token_id").into_iter().flatten().collect() };
    let (mine, tape) = (of(&trades), of(&prints));
    let unknown = trades
        .texts("token_id")
        .iter()
        .filter(|t| !tape.contains(t.as_ref().unwrap()))
        .count();
    near(share(unknown, trades.rows()), 0.75 * 0.003, 0.001);
    assert_eq!(tape.difference(&mine).count(), 2); // tokens 7 and 17
}

#[test]
fn shares_of_nulls_and_sweeps() {
    let (trades, prints) = tables(|r| (r.nulls, r.sweep) = (Some(0.05), Some(0.5)));
    for name in ["side", "outcome", "market_slug", "token_id", "size"] {
        near(trades.null_share(name), 0.05, 0.012);
    }
    for name in ["token_id", "price", "size"] {
        near(prints.null_share(name), 0.05, 0.005);
    }
    for (read, name) in [
        (&trades, "ts"),
        (&trades, "price"),
        (&prints, "ts"),
        (&prints, "event_key"),
    ] {
        assert_eq!(read.null_share(name), 0.0, "{name}");
    }
    let (_, prints) = tables(|r| (r.own, r.sweep) = (Some(0.0), Some(0.5)));
    let keys: Vec<_> = prints
        .longs("ts")
        .into_iter()
        .zip(prints.texts("token_id"))
        .collect();
    let ties = keys.windows(2).filter(|w| w[0] == w[1]).count();
    near(share(ties, keys.len()), 0.5 * 0.75, 0.02); // three of the four follow one that is equal
    let (trades, prints) = tables(|_| ());
    for read in [trades, prints] {
        let columns = ["token_id", "price", "size", "side", "outcome", "market_slug"];
        assert!(columns.iter().all(|name| read.null_share(name) == 0.0));
    }
}

#[test]
fn whole_seconds_are_whole_seconds() {
    let whole = |read: &Read| read.longs("ts").iter().flatten().all(|ts| ts % 1000 == 0);
    let (trades, prints) = tables(|r| r.stamps = Some(Stamps::S));
    assert!(whole(&trades) && whole(&prints));
    let (trades, prints) = tables(|_| ());
    assert!(!whole(&trades) && !whole(&prints));
}

#[test]
fn a_hot_token_has_its_share_of_both_tables() {
    let (trades, prints) = tables(|r| r.hot = Some(0.5));
    for read in [&trades, &prints] {
        // Of the other half it is the first of two tokens of the most popular of a hundred markets.
        let anyway = 0.5 * 0.01_f64.powf(0.25) / 2.0;
        near(share(counts(read)[0], read.rows()), 0.5 + anyway, 0.02);
    }
    let (trades, prints) = tables(|r| r.hot = Some(1.0));
    assert_eq!((counts(&trades), counts(&prints)), (vec![4_000], vec![40_000]));
}

#[test]
fn sorted_rows_are_the_same_rows_by_token_and_time() {
    let events = |read: &Read| {
        let mut all = read.texts("event_key");
        all.sort();
        all
    };
    let plain = tables(|r| r.nulls = Some(0.1));
    let sorted = tables(|r| (r.nulls, r.sorted) = (Some(0.1), true));
    for (plain, sorted) in [(&plain.0, &sorted.0), (&plain.1, &sorted.1)] {
        assert_eq!(events(plain), events(sorted));
        let keys: Vec<(bool, Option<String>, Option<i64>)> = sorted
            .texts("token_id")
            .into_iter()
            .zip(sorted.longs("ts"))
            .map(|(token, ts)| (token.is_none(), token, ts))
            .collect();
        assert!(keys.is_sorted());
    }
}

#[test]
fn parts_and_row_groups_are_as_asked_for() {
    let dir = TempDir::new().unwrap();
    let mut request = small(&dir.path().join("out"));
    (request.parts, request.row_group_rows) = (Some(3), Some(700));
    let report = make(&request);
    assert!(report.tables.iter().all(|(_, written)| written.files == 3));
    let groups = row_groups(&request.out.join("trades.parquet"));
    assert_eq!(groups, [vec![700, 633], vec![700, 633], vec![700, 634]]);
    let bytes: u64 = crate::read::files(&request.out.join("trades.parquet"))
        .iter()
        .map(|file| file.metadata().unwrap().len())
        .sum();
    assert_eq!(report.tables[0].1.bytes, bytes);
    let one = tables(|_| ()).0;
    assert_eq!(
        Read::new(&request.out.join("trades.parquet")).texts("event_key"),
        one.texts("event_key")
    );
}
