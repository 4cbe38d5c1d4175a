//! The rules of visibility through whole files: what presets take from the files, and refusals.

mod vectors;

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, UInt64Array};
use arrow::datatypes::TimeUnit;
use polyfeat_snapshot::{
    BuildOptions, Code, Direction, GivenRules, Numerics, Order, Preset, SelfColumns, SequenceColumns,
    Setting, Span, Tie, Unknown,
};

use crate::support::*;

/// The tape of spec §5.
fn golden() -> Columns {
    tape_columns(&[
        token_print(40, 0.40, 1.0),
        token_print(41, 0.41, 2.0),
        token_print(70, 0.45, 16.0),
        token_print(100, 0.50, 4.0),
        token_print(100, 0.52, 8.0),
    ])
}

/// The snapshot's features in its own row order.
fn with_rules(snapshot: &Snapshot, rules: GivenRules) -> Output {
    run(&in_order(snapshot, rules))
}

fn in_order(snapshot: &Snapshot, rules: GivenRules) -> BuildOptions {
    BuildOptions {
        order: Order::Input,
        rules,
        ..snapshot.options()
    }
}

/// Columns of one row, rounded to where the spec's decimals end.
fn row(output: &Output, names: &[&str], at: usize) -> Vec<Option<f64>> {
    let value = |name: &&str| match &column(&output.rows, name)[at] {
        Cell::Float(bits) => Some((f64::from_bits(*bits) * 1e9).round() / 1e9),
        Cell::Null => None,
        other => panic!("{name}: {other:?}"),
    };
    names.iter().map(value).collect()
}

/// A trade at 100 whose own prints, by hash or key, are among those of the golden tape.
fn with_own(hash: [Option<&str>; 6], key: [Option<i64>; 6]) -> Snapshot {
    let mut trades = trade_columns(&[buy(100, "A")]);
    trades.push(("transaction_hash", strings([hash[0]])));
    let mut tape = golden();
    tape.push(("transaction_hash", strings(hash[1..].iter().copied())));
    tape.push((
        "event_key",
        Arc::new(key[1..].iter().copied().collect::<Int64Array>()),
    ));
    let narrow: Int32Array = [key[0].map(|key| key as i32)].into_iter().collect();
    let trades = with(&trades, "event_key", Arc::new(narrow));
    Snapshot::of(&trades, &tape)
}

#[test]
fn own_prints_are_left_out_by_the_column_that_says_most() {
    let hashes = [Some("x"), None, Some("x"), None, Some("x"), Some("y")];
    let keys = [Some(7), Some(7), None, None, Some(7), None];
    let snapshot = with_own(hashes, keys);
    let by = |exclude_self| {
        let got = with_rules(
            &snapshot,
            GivenRules {
                exclude_self: Setting::Given(exclude_self),
                ..GivenRules::default()
            },
        );
        (
            row(&got, &["mt_trades_60s", "mt_volume_60s"], 0),
            got.report.rules.exclude_self,
        )
    };
    let named = |names: &[&str]| SelfColumns::Named(names.iter().map(|n| (*n).to_string()).collect());
    let hash = vec!["transaction_hash".to_string()];
    // 41, 70, 100 and 100 are in the window; the print at 41 and the first at 100 have the hash.
    assert_eq!(by(SelfColumns::Auto), (vec![Some(2.0), Some(24.0)], hash.clone()));
    assert_eq!(
        by(named(&["event_key"])).0,
        [Some(3.0), Some(26.0)],
        "only the first at 100 within the window"
    );
    let both = by(named(&["transaction_hash", "event_key"]));
    assert_eq!(both.0, [Some(3.0), Some(26.0)]);

    let snapshot = with_own([None; 6], keys);
    let strict = with_rules(
        &snapshot,
        GivenRules {
            preset: Preset::Strict,
            ..GivenRules::default()
        },
    );
    assert_eq!(strict.report.rules.exclude_self, ["event_key"]);
    assert_eq!(strict.report.rules.resolution, Some(1_000_000_000));
    assert!(warnings(&strict).is_empty());
    let snapshot = with_own([None; 6], [None; 6]);
    let strict = with_rules(
        &snapshot,
        GivenRules {
            preset: Preset::Strict,
            unknown: Some(Unknown::Null),
            ..GivenRules::default()
        },
    );
    assert_eq!(warnings(&strict), ["no_self_column", "lookahead"]);
    assert!(strict.report.rules.exclude_self.is_empty());
}

#[test]
fn a_sequence_of_any_kind_orders_a_stamp() {
    let tape = [
        token_print(99, 0.1, 1.0),
        token_print(100, 0.6, 1.0),
        token_print(100, 0.5, 1.0),
    ];
    let whole = |values: &[Option<u64>]| -> ArrayRef { Arc::new(values.iter().collect::<UInt64Array>()) };
    let signed = |values: &[Option<i64>]| -> ArrayRef { Arc::new(values.iter().collect::<Int64Array>()) };
    let time = |unit, values: &[i64]| stamps(unit, None, values.iter().map(|&v| Some(v)).collect());
    // The trade is between the last print, which comes first, and the second.
    let kinds: [(ArrayRef, ArrayRef); 3] = [
        (signed(&[Some(6)]), whole(&[None, Some(7), Some(5)])),
        (strings([Some("bb")]), strings([None, Some("é"), Some("b")])),
        (
            time(TimeUnit::Millisecond, &[6]),
            time(TimeUnit::Microsecond, &[0, 6001, 5999]),
        ),
    ];
    for (of_trade, of_tape) in kinds {
        let mut trades = trade_columns(&[buy(100, "A")]);
        trades.push(("seq", of_trade));
        let mut prints = tape_columns(&tape);
        prints.push(("idx", of_tape));
        let snapshot = Snapshot::of(&trades, &prints);
        let rules = |direction| GivenRules {
            sequence: Some(SequenceColumns {
                trades: "seq".into(),
                tape: "idx".into(),
            }),
            tie: Some(Tie::Error),
            direction: Some(direction),
            allow_lookahead: true,
            ..GivenRules::default()
        };
        let got = with_rules(&snapshot, rules(Direction::Backward));
        assert_eq!(
            row(&got, &["mt_last_price", "mt_trades_60s"], 0),
            [Some(0.5), Some(2.0)]
        );
        let got = with_rules(&snapshot, rules(Direction::Forward));
        assert_eq!(row(&got, &["mt_last_price"], 0), [Some(0.6)]);
        let e = fails(&BuildOptions {
            sum: Numerics::Notebook,
            ..in_order(&snapshot, rules(Direction::Backward))
        });
        assert_eq!(e.code, Code::InvalidOption);
    }
}

#[test]
fn availability_may_be_finer_than_the_stamps_and_is_proven() {
    let mut tape = golden();
    let seen = [40_000_000, 41_000_000, 100_000_001, 100_000_000, -1].map(|v| (v > 0).then_some(v));
    tape.push((
        "captured_at",
        stamps(TimeUnit::Microsecond, Some("UTC"), seen.to_vec()),
    ));
    let ticks = [40, 41, 70, 100, 100].map(Some).to_vec();
    let tape = with(&tape, "ts", stamps(TimeUnit::Second, None, ticks));
    let trades = [buy(100, "A"), buy(100, "B")];
    let ts = stamps(TimeUnit::Second, None, vec![Some(100), Some(100)]);
    let snapshot = Snapshot::of(&trade_rows(&trades, ts), &tape);
    let rules = GivenRules {
        availability: Setting::Given("captured_at".into()),
        proof: true,
        ..GivenRules::default()
    };
    let got = with_rules(&snapshot, rules);
    assert_eq!(
        row(&got, &["mt_last_price", "mt_volume_60s"], 0),
        [Some(0.5), Some(6.0)]
    );
    let proof = |name: &str| column(&got.rows, name);
    let seconds = |s: i64| Cell::Time(i128::from(s) * 1_000_000_000);
    assert_eq!(proof("proof_newest_event"), [seconds(100), Cell::Null]);
    assert_eq!(proof("proof_newest_availability"), [seconds(100), Cell::Null]);
    assert_eq!(proof("proof_same_stamp_prints"), [Cell::Int(2), Cell::Int(0)]);
    assert_eq!(proof("proof_own_prints"), [Cell::Null, Cell::Null]);
    assert_eq!(proof("proof_own_prints_seen"), [Cell::Null, Cell::Null]);
    assert_eq!(proof("proof_censored_windows"), [Cell::Int(0), Cell::Int(0)]);
    assert_eq!(column(&got.rows, "mt_last_ts")[0], seconds(100));
}

#[test]
fn rules_that_the_files_cannot_follow_are_refused() {
    let mut trades = trade_columns(&[buy(100, "A")]);
    let flag: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    trades.push(("flag", Arc::clone(&flag)));
    let mut tape = golden();
    tape.push(("flag", Arc::new(BooleanArray::from(vec![true; 5]))));
    tape.push(("event_key", Arc::new(Int64Array::from(vec![1; 5]))));
    let snapshot = Snapshot::of(&trades, &tape);
    let given = GivenRules::default;
    let own = |name: &str| GivenRules {
        exclude_self: Setting::Given(SelfColumns::Named(vec![name.into()])),
        ..given()
    };
    let sequence = |trades: &str, tape: &str| GivenRules {
        sequence: Some(SequenceColumns {
            trades: trades.into(),
            tape: tape.into(),
        }),
        ..given()
    };
    let live = GivenRules {
        preset: Preset::Live,
        exclude_self: Setting::Off,
        ..given()
    };
    let tie = GivenRules {
        tie: Some(Tie::Error),
        ..given()
    };
    for (rules, code, named) in [
        (live, Code::MissingColumn, "captured_at"),
        (own("transaction_hash"), Code::MissingColumn, "transaction_hash"),
        (own("event_key"), Code::WrongType, "event_key"),
        (own("size"), Code::WrongType, "size"),
        (sequence("flag", "flag"), Code::WrongType, "flag"),
        (sequence("none", "flag"), Code::MissingColumn, "none"),
        (tie, Code::DuplicateTime, "ts"),
    ] {
        let e = fails(&in_order(&snapshot, rules));
        assert_eq!((e.code, e.column.as_deref()), (code, Some(named)), "{e}");
    }
    // A boolean tells own prints all the same.
    let got = with_rules(&snapshot, own("flag"));
    assert_eq!(row(&got, &["mt_trades_60s"], 0), [Some(0.0)]);
}

#[test]
fn the_file_says_how_it_was_made_whatever_threads_and_memory() {
    let (trades, prints) = base(0.25);
    let mut columns = trade_columns(&trades);
    let hash = |n: usize| strings((0..n).map(|i| [Some("a"), Some("b"), None][i % 3]));
    columns.push(("transaction_hash", hash(trades.len())));
    let mut tape = tape_columns(&prints);
    tape.push(("transaction_hash", hash(prints.len())));
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &columns, 50);
    snapshot.write("market_trades.parquet", &tape, 70);
    let options = |threads: usize, memory: u64| BuildOptions {
        threads: Some(threads),
        memory,
        rules: GivenRules {
            preset: Preset::Strict,
            embargo: Setting::Given(250_000_000),
            proof: true,
            ..GivenRules::default()
        },
        ..snapshot.options()
    };
    let got = run(&options(1, 4 << 30));
    let bytes = std::fs::read(snapshot.file("features.parquet")).unwrap();
    for (threads, memory) in [(2, 4 << 30), (3, 300 << 20)] {
        run(&options(threads, memory));
        assert!(bytes == std::fs::read(snapshot.file("features.parquet")).unwrap());
    }
    let entries = got.meta.file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| {
        let mut of_key = entries.iter().filter(|kv| kv.key == key);
        let value = of_key.next().and_then(|kv| kv.value.clone()).unwrap();
        assert!(of_key.next().is_none(), "{key} twice");
        value
    };
    assert_eq!(value("polyfeat.preset"), "strict");
    let rules = value("polyfeat.rules");
    for part in [
        "\"ties\":\"exclude\"",
        "\"resolution\":\"1s\"",
        "\"embargo\":\"250ms\"",
        "\"excludeSelf\":[\"transaction_hash\"]",
        "\"closed\":\"left\"",
    ] {
        assert!(rules.contains(part), "{part} in {rules}");
    }
    assert!(value("polyfeat.options").contains("\"returns\":[\"30s\",\"300s\"]"));
    assert!(value("polyfeat.inputs").contains("\"file\":\"market_trades.parquet\",\"bytes\":"));
    assert!(!value("polyfeat.version").is_empty());

    // Fed in again it says what was done last, once.
    let again = Snapshot::new();
    std::fs::copy(snapshot.file("features.parquet"), again.file("trades.parquet")).unwrap();
    std::fs::copy(
        snapshot.file("market_trades.parquet"),
        again.file("market_trades.parquet"),
    )
    .unwrap();
    let got = again.build();
    let entries = got.meta.file_metadata().key_value_metadata().unwrap();
    let presets: Vec<_> = entries.iter().filter(|kv| kv.key == "polyfeat.preset").collect();
    assert_eq!(presets.len(), 1);
    assert_eq!(presets[0].value.as_deref(), Some("notebook"));
    assert!(
        !feature_names(&got.rows)
            .iter()
            .any(|name| name.starts_with("proof_"))
    );
}

#[test]
fn lengths_finer_than_the_stamps_are_obeyed() {
    let tape = golden();
    let snapshot = Snapshot::of(&trade_columns(&[buy(100, "A"), buy(130, "A")]), &tape);
    let age = |max_age: i64| {
        let got = with_rules(
            &snapshot,
            GivenRules {
                max_age: Setting::Given(max_age),
                embargo: Setting::Given(1),
                resolution: polyfeat_snapshot::Resolution::Given(Span::parse("7s").unwrap()),
                ..GivenRules::default()
            },
        );
        row(&got, &["mt_last_age_ms", "mt_trades_60s"], 1)
    };
    assert_eq!(age(30_000_000_000), [Some(30_000.0), Some(3.0)]);
    assert_eq!(age(29_999_999_999), [None, Some(3.0)]);
}

#[test]
fn strict_rows_do_not_change_with_what_comes_later() {
    let (trades, prints) = base(0.25);
    let strict = |trades: &[Trade], prints: &[Print]| {
        let hash = |n: usize, of: &dyn Fn(usize) -> Option<i64>| {
            let code = |i: usize| of(i).map(|ts| ts % 7);
            Arc::new((0..n).map(code).collect::<Int64Array>()) as ArrayRef
        };
        let mut columns = trade_columns(trades);
        columns.push(("transaction_hash", hash(trades.len(), &|i| trades[i].ts)));
        let mut tape = tape_columns(prints);
        tape.push(("transaction_hash", hash(prints.len(), &|i| prints[i].ts)));
        let snapshot = Snapshot::of(&columns, &tape);
        let rules = GivenRules {
            preset: Preset::Strict,
            resolution: polyfeat_snapshot::Resolution::Given(Span::parse("1s").unwrap()),
            ..GivenRules::default()
        };
        with_rules(&snapshot, rules).rows
    };
    let all = strict(&trades, &prints);
    for cut in (-290..590).step_by(80) {
        let kept: Vec<usize> = (0..trades.len())
            .filter(|&i| trades[i].ts.is_some_and(|ts| ts <= cut))
            .collect();
        let known: Vec<Trade> = kept.iter().map(|&i| trades[i].clone()).collect();
        let seen = prints.iter().filter(|p| p.ts.is_some_and(|ts| ts <= cut));
        let seen: Vec<Print> = seen.cloned().collect();
        let found = strict(&known, &seen);
        for name in feature_names(&all) {
            let of_all = column(&all, &name);
            let expected: Vec<Cell> = kept.iter().map(|&i| of_all[i].clone()).collect();
            assert_eq!(column(&found, &name), expected, "{name} up to {cut}");
        }
    }
}
