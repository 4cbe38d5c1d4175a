//! The specification's own vectors: §5 and §3.

// The exemption for tests does not reach the helper functions of a test crate.
#![allow(clippy::unwrap_used)]

use polyfeat::{
    FeatureSlices, Leg, NULL_TS, Numerics, PrintColumns, Prints, Regime, RegimeMode, SetRows, SetTimes,
    SweepPlan, Ties, TimeUnit, TradeColumns, Unknown, Visibility, age_ms, complete_sets, complete_sets_by,
    floor_to, regime, sweep, visible_sweep,
};

/// Last price, age in ms, returns per lag, and (trades, volume, notional) per window of one trade.
type Row = (f64, f64, Vec<f64>, Vec<[f64; 3]>);

/// The row of a trade at `t` in seconds, with some rules.
fn row_by(prints: &Prints<'_>, t: i64, plan: &SweepPlan, rules: &Visibility) -> Row {
    let (mut price, mut ts) = ([0.0], [0]);
    let mut lags = vec![[0.0]; plan.lags.len()];
    let mut flows = vec![[[0.0]; 3]; plan.windows.len()];
    let mut out = FeatureSlices {
        last_price: &mut price,
        last_ts: &mut ts,
        returns: lags.iter_mut().map(|column| &mut column[..]).collect(),
        counts: Vec::new(),
        volumes: Vec::new(),
        notionals: Vec::new(),
    };
    for [count, volume, notional] in &mut flows {
        out.counts.push(count);
        out.volumes.push(volume);
        out.notionals.push(notional);
    }
    let columns = PrintColumns {
        prints: *prints,
        availability: &[],
        sequence: &[],
        own: &[],
    };
    let trades = TradeColumns {
        ts: &[t],
        sequence: &[],
        own: &[],
    };
    visible_sweep(&columns, &trades, plan, rules, &mut out, None).unwrap();
    let age = if ts[0] == NULL_TS {
        f64::NAN
    } else {
        age_ms(t, ts[0], TimeUnit::Second)
    };
    let flows = flows
        .iter()
        .map(|columns| columns.map(|column| column[0]))
        .collect();
    (
        price[0],
        age,
        lags.iter().map(|column| column[0]).collect(),
        flows,
    )
}

fn row(prints: &Prints<'_>, t: i64, plan: &SweepPlan) -> Row {
    row_by(prints, t, plan, &Visibility::default())
}

fn near(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-12
}

#[test]
fn the_market_rows_of_section_5() {
    let a = Prints {
        ts: &[40, 41, 70, 100, 100],
        price: &[0.40, 0.41, 0.45, 0.50, 0.52],
        size: &[1.0, 2.0, 16.0, 4.0, 8.0],
    };
    let b = Prints {
        ts: &[],
        price: &[],
        size: &[],
    };
    let notebook = Visibility::default();
    let exclude = Visibility {
        ties: Ties::Exclude,
        ..notebook
    };
    let unknown = |unknown| Visibility { unknown, ..notebook };
    let (causal, zero) = (unknown(Unknown::Causal), unknown(Unknown::Zero));
    let nan = f64::NAN;
    let nothing = [nan; 4];
    let expected = [
        (a, 100, notebook, [0.52, 0.0, 0.07, nan], [4.0, 30.0, 14.18]),
        (a, 100, exclude, [0.45, 30_000.0, 0.04, nan], [3.0, 19.0, 8.42]),
        (a, 400, notebook, [0.52, 300_000.0, 0.0, 0.0], [0.0; 3]),
        (a, 400, exclude, [0.52, 300_000.0, 0.0, 0.07], [0.0; 3]),
        (a, 5, notebook, nothing, [0.0; 3]),
        (a, 5, causal, nothing, [nan; 3]),
        (b, 100, notebook, nothing, [nan; 3]),
        (b, 100, causal, nothing, [nan; 3]),
        (b, 100, zero, nothing, [0.0; 3]),
    ];
    for sum in [Numerics::Exact, Numerics::Notebook] {
        let plan = SweepPlan {
            lags: vec![30, 300],
            windows: vec![60],
            sum,
        };
        for (prints, t, rules, context, flow) in expected {
            let (price, age, returns, flows) = row_by(&prints, t, &plan, &rules);
            let found = [price, age, returns[0], returns[1]];
            assert!(
                found.iter().zip(context).all(|(&a, b)| near(a, b)),
                "{t} {rules:?}: {found:?}"
            );
            assert!(
                flows[0].iter().zip(flow).all(|(&a, b)| near(a, b)),
                "{t} {rules:?}: {flows:?}"
            );
        }
    }
}

#[test]
fn the_sums_of_section_3() {
    let window = |size: &[f64], ts: &[i64], sum| {
        let price = vec![1.0; size.len()];
        let prints = Prints {
            ts,
            price: &price,
            size,
        };
        row(
            &prints,
            100,
            &SweepPlan {
                lags: vec![],
                windows: vec![10],
                sum,
            },
        )
        .3[0]
    };
    let spoilt = [1e300, 0.1, 0.2];
    assert_eq!(
        window(&spoilt, &[0, 95, 96], Numerics::Exact),
        [2.0, 0.30000000000000004, 0.30000000000000004]
    );
    assert_eq!(window(&spoilt, &[0, 95, 96], Numerics::Notebook), [2.0, 0.0, 0.0]);
    let wide = [1e16, 1.0, 1e-16];
    assert_eq!(window(&wide, &[95; 3], Numerics::Exact)[1], 10000000000000002.0);
    assert_eq!(window(&wide, &[95; 3], Numerics::Notebook)[1], 1e16);
}

#[test]
fn one_window_holding_both_magnitudes_after_another() {
    // The large print is in the first trade's window and before the second's, in one sweep.
    let prints = Prints {
        ts: &[90, 95, 96],
        price: &[1.0; 3],
        size: &[1e300, 0.1, 0.2],
    };
    let plan = SweepPlan {
        lags: vec![],
        windows: vec![10],
        sum: Numerics::Exact,
    };
    let (mut price, mut ts) = ([0.0; 2], [0; 2]);
    let (mut counts, mut volumes, mut notionals) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    let mut out = FeatureSlices {
        last_price: &mut price,
        last_ts: &mut ts,
        returns: vec![],
        counts: vec![&mut counts],
        volumes: vec![&mut volumes],
        notionals: vec![&mut notionals],
    };
    sweep(&prints, &[96, 100], &plan, &mut out).unwrap();
    assert_eq!(counts, [3.0, 2.0]);
    assert_eq!(volumes, [1e300, 0.30000000000000004]);
    assert_eq!(notionals, volumes);
}

#[test]
fn the_buys_of_section_5() {
    let bucket = [0, 3, 9, 10].map(|second| floor_to(second, 10).unwrap());
    let legs = [Leg::Up, Leg::Down, Leg::Up, Leg::Down];
    let rows = SetRows {
        market: &[0; 4],
        bucket: &bucket,
        leg: &legs,
        size: &[5.0, 3.0, 1.0, 2.0],
    };
    for numerics in [Numerics::Exact, Numerics::Notebook] {
        let sets = complete_sets(&rows, 1, None, numerics);
        assert_eq!(sets.flag, [true, true, true, false]);
        assert_eq!(sets.shares, [3.0, 3.0, 3.0, 0.0]);
        let regimes: Vec<Regime> = sets
            .flag
            .iter()
            .zip(legs)
            .map(|(&flag, leg)| regime(leg, flag))
            .collect();
        assert_eq!(regimes[2..], [Regime::CompleteSetArbitrage, Regime::Directional]);
    }
}

#[test]
fn the_regime_modes_of_section_5() {
    let ts = [0, 3, 9, 10];
    let rows = SetRows {
        market: &[0; 4],
        bucket: &ts.map(|second| floor_to(second, 10).unwrap()),
        leg: &[Leg::Up, Leg::Down, Leg::Up, Leg::Down],
        size: &[5.0, 3.0, 1.0, 2.0],
    };
    for (mode, shares) in [
        (RegimeMode::Bucket, [3.0, 3.0, 3.0, 0.0]),
        (RegimeMode::BucketAsof, [0.0, 3.0, 3.0, 0.0]),
        (RegimeMode::Trailing, [0.0, 3.0, 3.0, 1.0]),
        (RegimeMode::PrevBucket, [0.0, 0.0, 0.0, 3.0]),
    ] {
        let times = SetTimes {
            mode,
            ts: &ts,
            length: 10,
        };
        let sets = complete_sets_by(&rows, &times, 1, None, Numerics::Exact).unwrap();
        assert_eq!(sets.shares, shares, "{mode:?}");
        assert_eq!(sets.flag, shares.map(|shares| shares > 0.0), "{mode:?}");
    }
}
