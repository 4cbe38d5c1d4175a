//! The audit: what rows use, the cutting off of later data, and each rule turned off.

mod files;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow::datatypes::TimeUnit;
use polyfeat_snapshot::{
    AuditOptions, AuditReport, Code, Direction, GivenRules, Job, Numerics, Preset, RegimeMode, Setting,
    Shape, Span, Tally, Unknown, audit,
};

use crate::support::*;

fn span(text: &str) -> Span {
    Span::parse(text).unwrap()
}

fn of(preset: Preset) -> GivenRules {
    GivenRules {
        preset,
        ..GivenRules::default()
    }
}

fn asked(snapshot: &Snapshot, rules: GivenRules) -> AuditOptions {
    AuditOptions {
        snapshot: snapshot.path().to_path_buf(),
        features: None,
        shape: Shape {
            returns: vec![span("30s"), span("300s")],
            windows: vec![span("60s")],
            bucket: span("10s"),
            sum: Numerics::Exact,
        },
        rules,
        judge: Preset::Strict,
        safe_columns: false,
        cuts: 60,
        seed: 1,
        ts_unit: None,
        threads: Some(1),
        memory: 4 << 30,
    }
}

fn audited(options: &AuditOptions) -> AuditReport {
    audit(&Arc::new(Job::default()), options).unwrap()
}

fn share(report: &AuditReport, name: &str) -> Option<(u64, u64)> {
    let share = report.shares.iter().find(|share| share.name == name).unwrap();
    share.tally.as_ref().map(|tally: &Tally| (tally.rows, tally.of))
}

fn rules_of(report: &AuditReport) -> Vec<&'static str> {
    report.leaks.iter().map(|leak| leak.rule).collect()
}

/// Trades precise to the millisecond over a tape of whole seconds. Token A prints from the beginning, B late, C never.
/// Every trade has its own print, at its second or, for every third, at the second before.
fn busy() -> Snapshot {
    let mut trades = Vec::new();
    let mut tape = Vec::new();
    for i in 0..120_i64 {
        let second = 1000 + i * 3;
        let token = if i % 2 == 0 || i < 40 { "A" } else { "B" };
        trades.push(Trade {
            outcome: Some(if i % 4 < 2 { "Up" } else { "Down" }),
            size: Some(1.0 + i as f64),
            ..buy(second, token)
        });
        let own = second - i64::from(i % 3 == 0);
        tape.push(Print {
            token: Some(token),
            ..token_print(own, 0.3 + i as f64 / 1000.0, 5.0 + i as f64)
        });
        tape.push(Print {
            token: Some("A"),
            ..token_print(second, 0.6 + i as f64 / 1000.0, 2.0)
        });
    }
    trades.push(buy(1010, "B"));
    trades.push(buy(1020, "C"));
    let keys: Vec<String> = (0..tape.len()).map(|i| format!("tx{i}")).collect();
    let key = |i: usize| Some(keys[i].as_str());
    let millis = |ticks: Vec<Option<i64>>| stamps(TimeUnit::Millisecond, Some("UTC"), ticks);
    let later = |ts: Option<i64>, more: usize| ts.map(|ts| ts * 1000 + more as i64);
    let ts = trades
        .iter()
        .enumerate()
        .map(|(i, trade)| later(trade.ts, i % 7 * 100));
    let mut trade_table = trade_rows(&trades, millis(ts.collect()));
    trade_table.push(("transaction_hash", strings((0..trades.len()).map(key))));
    let mut tape_table = tape_columns(&tape);
    let own = (0..tape.len()).map(|i| key(i / 2).filter(|_| i % 2 == 0));
    tape_table.push(("transaction_hash", strings(own)));
    let captured = tape
        .iter()
        .enumerate()
        .map(|(i, print)| later(print.ts, i % 11 * 400));
    tape_table.push(("captured_at", millis(captured.collect())));
    Snapshot::of(&trade_table, &tape_table)
}

#[test]
fn strict_has_no_leak_and_the_notebook_has_them_all() {
    let snapshot = busy();
    let strict = audited(&asked(&snapshot, of(Preset::Strict)));
    assert_eq!((strict.cuts, rules_of(&strict)), (60, vec![]));
    for name in ["same_tick", "self_print", "bucket_lookahead"] {
        assert_eq!(share(&strict, name).unwrap().0, 0, "{name}");
    }
    assert!(strict.failures.is_empty());

    let notebook = audited(&asked(&snapshot, of(Preset::Notebook)));
    let broken = ["ties", "excludeSelf", "unknownToken", "regime", "prefix"];
    assert_eq!(rules_of(&notebook), broken);
    // Of B's trades with a print 13 have theirs in the second before; C, and B before its first print, use none.
    assert_eq!(share(&notebook, "same_tick"), Some((107, 120)));
    assert_eq!(share(&notebook, "self_print"), Some((120, 122)));
    assert_eq!(share(&notebook, "unknown_token"), Some((1, 122)));
    let (late, of_used) = share(&notebook, "availability_after_trade").unwrap();
    assert!(late > 0 && of_used == 120);
    let columns: Vec<&str> = notebook.failures.columns.keys().map(String::as_str).collect();
    let sets = ["complete_set_flag", "complete_set_shares"];
    assert_eq!(columns[..2], sets);
    assert_eq!(
        columns[2..5],
        ["mt_notional_60s", "mt_trades_60s", "mt_volume_60s"]
    );
}

#[test]
fn a_failure_names_the_record_that_changes_the_value() {
    let snapshot = busy();
    let report = audited(&asked(&snapshot, of(Preset::Notebook)));
    for failure in &report.failures.first {
        let later = failure.later.as_ref().unwrap();
        assert_ne!(failure.full, failure.prefix);
        assert!(later.file.ends_with(if failure.column.starts_with("mt_") {
            "market_trades.parquet"
        } else {
            "trades.parquet"
        }));
    }
    // A bucket apart from all others, so that only the token tells: B prints first in row 82 of the tape.
    let alone = GivenRules {
        regime: Some(RegimeMode::BucketAsof),
        ..of(Preset::Notebook)
    };
    let report = audited(&asked(&snapshot, alone));
    let [failure] = &report.failures.first[..] else {
        panic!("{:?}", report.failures);
    };
    assert_eq!((failure.row, &failure.column[..]), (120, "mt_trades_60s"));
    assert!(failure.full == 0.0 && failure.prefix.is_null());
    assert_eq!(failure.later.as_ref().unwrap().row, 82);
}

#[test]
fn each_rule_alone_is_missed() {
    let snapshot = busy();
    let strict = of(Preset::Strict);
    for (rules, broken) in [
        (
            GivenRules {
                ties: Some(polyfeat_snapshot::Ties::Include),
                ..strict.clone()
            },
            "ties",
        ),
        (
            GivenRules {
                resolution: polyfeat_snapshot::Resolution::Given(span("1ms")),
                ..strict.clone()
            },
            "ties",
        ),
        (
            GivenRules {
                exclude_self: Setting::Off,
                ..strict.clone()
            },
            "excludeSelf",
        ),
        (
            GivenRules {
                unknown: Some(Unknown::Null),
                ..strict.clone()
            },
            "unknownToken",
        ),
        (
            GivenRules {
                regime: Some(RegimeMode::Bucket),
                ..strict.clone()
            },
            "regime",
        ),
        (
            GivenRules {
                direction: Some(Direction::Forward),
                allow_lookahead: true,
                ..strict.clone()
            },
            "direction",
        ),
    ] {
        let report = audited(&asked(&snapshot, rules));
        assert!(
            rules_of(&report).contains(&broken),
            "{broken}: {:?}",
            report.leaks
        );
    }
}

#[test]
fn live_is_judged_by_what_was_recorded() {
    let snapshot = busy();
    let by_live = |rules| AuditOptions {
        judge: Preset::Live,
        ..asked(&snapshot, rules)
    };
    assert_eq!(rules_of(&audited(&by_live(of(Preset::Strict)))), ["availability"]);
    assert!(rules_of(&audited(&by_live(of(Preset::Live)))).is_empty());
    let bare = Snapshot::of(
        &trade_columns(&[buy(5, "A")]),
        &tape_columns(&[token_print(4, 0.5, 1.0)]),
    );
    let refused = audit(
        &Arc::new(Job::default()),
        &AuditOptions {
            judge: Preset::Live,
            ..asked(&bare, of(Preset::Strict))
        },
    );
    assert_eq!(refused.unwrap_err().code, Code::MissingColumn);
}

#[test]
fn odd_input_is_audited_too() {
    let (trades, prints) = base(0.25);
    let snapshot = Snapshot::of(&trade_columns(&trades), &tape_columns(&prints));
    for preset in [Preset::Notebook, Preset::Strict] {
        let one = audited(&asked(&snapshot, of(preset)));
        assert_eq!(rules_of(&one).is_empty(), preset == Preset::Strict);
        assert_eq!(share(&one, "self_print"), None);
        let other = audited(&AuditOptions {
            threads: Some(3),
            ..asked(&snapshot, of(preset))
        });
        assert_eq!(
            (one.shares, one.failures, one.leaks),
            (other.shares, other.failures, other.leaks)
        );
    }
    let without = Snapshot::new();
    without.write("trades.parquet", &trade_columns(&trades), 7);
    let report = audited(&asked(&without, of(Preset::Notebook)));
    assert_eq!(rules_of(&report), ["regime"]);
    let safe = AuditOptions {
        safe_columns: true,
        ..asked(&without, of(Preset::Strict))
    };
    let leaks = audited(&safe).leaks;
    assert_eq!(leaks[0].columns, ["realized_pnl", "exec_type"]);
}

#[test]
fn it_stops_when_told() {
    let job = Job::new(Arc::new(AtomicBool::new(true)), None);
    let refused = audit(&Arc::new(job), &asked(&busy(), of(Preset::Strict)));
    assert_eq!(refused.unwrap_err().code, Code::Cancelled);
}

/// Each rule of strict and live turned off inside the engine: a share or the cuts tell it.
#[cfg(feature = "mutants")]
#[test]
fn a_rule_that_the_engine_does_not_obey_is_noticed() {
    use polyfeat::visibility::mutants::{Mutant, without};
    let snapshot = busy();
    for (rule, preset, broken) in [
        (Mutant::Exclude, Preset::Strict, "ties"),
        (Mutant::Resolution, Preset::Strict, "ties"),
        (Mutant::SelfAsOf, Preset::Strict, "excludeSelf"),
        (Mutant::SelfFlow, Preset::Strict, "excludeSelf"),
        (Mutant::Unknown, Preset::Strict, "prefix"),
        (Mutant::Availability, Preset::Live, "availability"),
    ] {
        let options = AuditOptions {
            judge: preset,
            ..asked(&snapshot, of(preset))
        };
        assert!(audited(&options).leaks.is_empty());
        let report = without(rule, || audited(&options));
        assert!(
            rules_of(&report).contains(&broken),
            "{rule:?}: {:?}",
            report.leaks
        );
    }
}
