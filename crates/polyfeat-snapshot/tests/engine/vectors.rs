//! The golden vectors of spec §5 (the notebook's rows) and §3, through whole files.

use polyfeat_snapshot::{BuildOptions, Numerics, Order, Span};

use crate::support::*;

/// Up to the last bits: the spec gives decimals.
fn near(got: &[Cell], want: &[Option<f64>], name: &str) {
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        match (got, want) {
            (Cell::Float(bits), Some(want)) => {
                let got = f64::from_bits(*bits);
                assert!((got - want).abs() < 1e-12, "{name} in row {i}: {got}, not {want}");
            }
            (got, want) => assert!(*got == Cell::Null && want.is_none(), "{name} in row {i}: {got:?}"),
        }
    }
    assert_eq!(got.len(), want.len());
}

#[test]
fn the_market_columns_of_section_5() {
    let tape = tape_columns(&[
        token_print(40, 0.40, 1.0),
        token_print(41, 0.41, 2.0),
        token_print(70, 0.45, 16.0),
        token_print(100, 0.50, 4.0),
        token_print(100, 0.52, 8.0),
    ]);
    let trades = trade_columns(&[buy(100, "A"), buy(400, "A"), buy(5, "A"), buy(100, "B")]);
    let snapshot = Snapshot::of(&trades, &tape);
    for sum in [Numerics::Exact, Numerics::Notebook] {
        let got = run(&BuildOptions {
            order: Order::Input,
            sum,
            ..snapshot.options()
        });
        let x = Some;
        for (name, want) in [
            ("mt_last_price", [x(0.52), x(0.52), None, None]),
            ("mt_last_age_ms", [x(0.0), x(300_000.0), None, None]),
            ("mt_return_30s", [x(0.07), x(0.0), None, None]),
            ("mt_return_300s", [None, x(0.0), None, None]),
            ("mt_trades_60s", [x(4.0), x(0.0), x(0.0), None]),
            ("mt_volume_60s", [x(30.0), x(0.0), x(0.0), None]),
            ("mt_notional_60s", [x(14.18), x(0.0), x(0.0), None]),
        ] {
            near(&column(&got.rows, name), &want, name);
        }
        let at = Cell::Time(100_000_000_000);
        assert_eq!(
            column(&got.rows, "mt_last_ts"),
            [at.clone(), at, Cell::Null, Cell::Null]
        );
    }
}

#[test]
fn the_complete_sets_of_section_5() {
    let buy = |ts, outcome, size| Trade {
        outcome: Some(outcome),
        size: Some(size),
        ..buy(ts, "A")
    };
    let mut trades = vec![
        buy(0, "Up", 5.0),
        buy(3, "Down", 3.0),
        buy(9, "Up", 1.0),
        buy(10, "Down", 2.0),
    ];
    // Rows that take part in nothing still carry their bucket's sets.
    trades.push(Trade {
        side: Some("SELL"),
        ..buy(4, "Up", 99.0)
    });
    trades.push(Trade {
        market: None,
        ..buy(4, "Up", 99.0)
    });
    let snapshot = Snapshot::new();
    snapshot.write("trades.parquet", &trade_columns(&trades), 2);
    for sum in [Numerics::Exact, Numerics::Notebook] {
        let got = run(&BuildOptions {
            sum,
            ..snapshot.options()
        });
        let flags = [true, true, true, false, true, false].map(Cell::Bool);
        assert_eq!(column(&got.rows, "complete_set_flag"), flags);
        let shares = [3.0, 3.0, 3.0, 0.0, 3.0, 0.0].map(Cell::from);
        assert_eq!(column(&got.rows, "complete_set_shares"), shares);
        let set = "COMPLETE_SET_ARBITRAGE";
        let regimes = [set, set, set, "DIRECTIONAL", "OTHER", "DIRECTIONAL"];
        assert_eq!(
            column(&got.rows, "regime"),
            regimes.map(|r| Cell::Text(r.to_string()))
        );
        let counts: Vec<_> = got
            .report
            .regimes
            .iter()
            .map(|c| (c.regime.as_str(), c.trades))
            .collect();
        assert_eq!(counts, [(set, 3), ("DIRECTIONAL", 2), ("OTHER", 1)]);
    }
}

#[test]
fn sums_of_section_3() {
    let tape = [
        token_print(10, 1.0, 1e300),
        token_print(100, 1.0, 0.1),
        token_print(101, 1.0, 0.2),
        token_print(200, 1.0, 1e16),
        token_print(201, 1.0, 1.0),
        token_print(202, 1.0, 1e-16),
    ];
    let trades = trade_columns(&[buy(110, "A"), buy(210, "A")]);
    let snapshot = Snapshot::of(&trades, &tape_columns(&tape));
    let volume = |sum| {
        let got = run(&BuildOptions {
            sum,
            ..snapshot.options()
        });
        assert_eq!(
            column(&got.rows, "mt_volume_60s"),
            column(&got.rows, "mt_notional_60s")
        );
        column(&got.rows, "mt_volume_60s")
    };
    let exact = [0.30000000000000004, 10000000000000002.0].map(Cell::from);
    assert_eq!(volume(Numerics::Exact), exact);
    // The notebook's differences of cumulative sums lose all of it behind the outlier.
    assert_eq!(volume(Numerics::Notebook), [0.0, 0.0].map(Cell::from));
}

#[test]
fn a_missing_size_spoils_its_windows_or_all_that_follow() {
    let mut tape = vec![
        token_print(0, 0.5, 1.0),
        token_print(10, 0.5, 2.0),
        token_print(100, 0.5, 4.0),
    ];
    tape[1].size = None;
    let trades = trade_columns(&[buy(5, "A"), buy(20, "A"), buy(110, "A")]);
    let snapshot = Snapshot::of(&trades, &tape_columns(&tape));
    let volume = |sum| {
        let got = run(&BuildOptions {
            sum,
            ..snapshot.options()
        });
        assert_eq!(
            column(&got.rows, "mt_trades_60s"),
            [1.0, 2.0, 1.0].map(Cell::from)
        );
        column(&got.rows, "mt_volume_60s")
    };
    assert_eq!(
        volume(Numerics::Exact),
        [Cell::from(1.0), Cell::Null, Cell::from(4.0)]
    );
    assert_eq!(
        volume(Numerics::Notebook),
        [Cell::from(1.0), Cell::Null, Cell::Null]
    );
}

#[test]
fn lags_and_windows_come_in_the_order_given_under_their_names() {
    let spans = |all: &[&str]| all.iter().map(|s| Span::parse(s).unwrap()).collect();
    let tape = tape_columns(&[token_print(10, 0.25, 1.0), token_print(11, 0.5, 2.0)]);
    let snapshot = Snapshot::of(&trade_columns(&[buy(11, "A")]), &tape);
    let got = run(&BuildOptions {
        returns: spans(&["5m", "250ms", "10us"]),
        windows: spans(&["1d", "7ns"]),
        ..snapshot.options()
    });
    let names = [
        "mt_last_price",
        "mt_last_ts",
        "mt_last_age_ms",
        "mt_return_300s",
        "mt_return_250ms",
        "mt_return_10us",
        "mt_trades_86400s",
        "mt_volume_86400s",
        "mt_notional_86400s",
        "mt_trades_7ns",
        "mt_volume_7ns",
        "mt_notional_7ns",
        "bucket",
        "complete_set_flag",
        "complete_set_shares",
        "regime",
    ];
    assert_eq!(feature_names(&got.rows), names);
    assert_eq!(column(&got.rows, "mt_return_250ms"), [Cell::from(0.25)]);
    assert_eq!(column(&got.rows, "mt_volume_86400s"), [Cell::from(3.0)]);
    assert_eq!(column(&got.rows, "mt_volume_7ns"), [Cell::from(2.0)]);

    let got = run(&BuildOptions {
        returns: vec![],
        windows: vec![],
        ..snapshot.options()
    });
    assert_eq!(feature_names(&got.rows).len(), 7);
}
