//! The worked example of SPEC §5.

use polyfeat_table::{Job, Numerics, Span, TapeOptions, TapeSource, Values, features};

use crate::build::{Cells, Tables, plan};

fn texts(all: &[&str]) -> Cells {
    Cells::Texts(all.iter().map(|t| Some((*t).to_string())).collect())
}

#[test]
fn worked_example() {
    let some = |all: &[i64]| all.iter().map(|&v| Some(v)).collect::<Vec<_>>();
    let tables = Tables {
        trades: [
            Cells::Seconds(some(&[100, 400, 5, 100])),
            texts(&["m"; 4]),
            texts(&["SELL"; 4]),
            texts(&["Up"; 4]),
            Cells::Cents(some(&[1; 4])),
            texts(&["A", "A", "A", "B"]),
        ],
        tape: [
            texts(&["A"; 5]),
            Cells::Seconds(some(&[40, 41, 70, 100, 100])),
            Cells::Cents(some(&[40, 41, 45, 50, 52])),
            Cells::Cents(some(&[100, 200, 1600, 400, 800])),
        ],
    };
    let (trades, tape) = tables.columns(Cells::plain);
    let mut plan = plan(Numerics::Exact, false);
    let seconds = |s: i64| Span::from_nanos(s * 1_000_000_000).unwrap();
    plan.returns = vec![seconds(30), seconds(300)];
    plan.windows = vec![seconds(60)];
    let source = TapeSource::Columns(&tape, TapeOptions::default());
    let made = features(&Job::default(), &plan, &trades, source).unwrap();
    let null = f64::NAN;
    for (name, expected) in [
        ("mt_last_price", [0.52, 0.52, null, null]),
        ("mt_last_age_ms", [0.0, 300_000.0, null, null]),
        ("mt_return_30s", [0.52 - 0.45, 0.0, null, null]),
        ("mt_return_300s", [null, 0.0, null, null]),
        ("mt_trades_60s", [4.0, 0.0, 0.0, null]),
        ("mt_volume_60s", [30.0, 0.0, 0.0, null]),
        ("mt_notional_60s", [14.18, 0.0, 0.0, null]),
    ] {
        let column = made.columns.iter().find(|c| c.name == name).unwrap();
        let Values::Doubles(values) = &column.values else {
            panic!("{name} holds no doubles")
        };
        assert!(
            values
                .iter()
                .zip(expected)
                .all(|(&v, e)| v == e || v.is_nan() && e.is_nan()),
            "{name}: {values:?}"
        );
    }
}
