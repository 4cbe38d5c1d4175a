//! The golden vectors of spec §5.

use polyfeat_snapshot::{BuildOptions, GivenRules, Numerics, RegimeMode, Ties, Unknown};

use super::{golden, in_order, row, with_rules};
use crate::support::*;

const COLUMNS: [&str; 7] = [
    "mt_last_price",
    "mt_last_age_ms",
    "mt_return_30s",
    "mt_return_300s",
    "mt_trades_60s",
    "mt_volume_60s",
    "mt_notional_60s",
];

#[test]
fn the_market_columns_of_section_5() {
    let trades = [buy(100, "A"), buy(400, "A"), buy(5, "A"), buy(100, "B")];
    let snapshot = Snapshot::of(&trade_columns(&trades), &golden());
    let exclude = GivenRules {
        ties: Some(Ties::Exclude),
        ..GivenRules::default()
    };
    for sum in [Numerics::Exact, Numerics::Notebook] {
        let got = run(&BuildOptions {
            sum,
            ..in_order(&snapshot, exclude.clone())
        });
        let at = |i: usize| row(&got, &COLUMNS, i);
        let x = Some;
        assert_eq!(
            at(0),
            [x(0.45), x(30_000.0), x(0.04), None, x(3.0), x(19.0), x(8.42)]
        );
        assert_eq!(
            at(1),
            [x(0.52), x(300_000.0), x(0.0), x(0.07), x(0.0), x(0.0), x(0.0)]
        );
        assert_eq!(at(2), [None, None, None, None, x(0.0), x(0.0), x(0.0)]);
        assert_eq!(at(3), [None; 7]);
    }
    let unknown = |unknown| {
        let got = with_rules(
            &snapshot,
            GivenRules {
                unknown: Some(unknown),
                ..GivenRules::default()
            },
        );
        [2, 3].map(|i| row(&got, &COLUMNS[4..], i))
    };
    let (zero, null) = (vec![Some(0.0); 3], vec![None; 3]);
    assert_eq!(unknown(Unknown::Causal), [null.clone(), null.clone()]);
    assert_eq!(unknown(Unknown::Zero), [zero.clone(), zero.clone()]);
    assert_eq!(unknown(Unknown::Null), [zero, null]);
}

#[test]
fn the_complete_sets_of_section_5() {
    let buy = |ts, outcome, size| Trade {
        outcome: Some(outcome),
        size: Some(size),
        ..buy(ts, "A")
    };
    let trades = [
        buy(0, "Up", 5.0),
        buy(3, "Down", 3.0),
        buy(9, "Up", 1.0),
        buy(10, "Down", 2.0),
    ];
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &trade_columns(&trades), 2);
    for (mode, flags, shares) in [
        (
            RegimeMode::Bucket,
            [true, true, true, false],
            [3.0, 3.0, 3.0, 0.0],
        ),
        (
            RegimeMode::BucketAsof,
            [false, true, true, false],
            [0.0, 3.0, 3.0, 0.0],
        ),
        (
            RegimeMode::Trailing,
            [false, true, true, true],
            [0.0, 3.0, 3.0, 1.0],
        ),
        (
            RegimeMode::PrevBucket,
            [false, false, false, true],
            [0.0, 0.0, 0.0, 3.0],
        ),
    ] {
        let got = with_rules(
            &snapshot,
            GivenRules {
                regime: Some(mode),
                ..GivenRules::default()
            },
        );
        assert_eq!(column(&got.rows, "complete_set_flag"), flags.map(Cell::Bool));
        assert_eq!(column(&got.rows, "complete_set_shares"), shares.map(Cell::from));
        let schema = got.rows.schema();
        let word = schema
            .field_with_name("regime")
            .unwrap()
            .metadata()
            .get("polyfeat:lookahead")
            .cloned();
        let expected = if mode == RegimeMode::Bucket {
            "bucket"
        } else {
            "none"
        };
        assert_eq!(word.as_deref(), Some(expected));
    }
}
