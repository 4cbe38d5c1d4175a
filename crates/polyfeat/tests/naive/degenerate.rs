//! Long inputs that would take a quadratic kernel minutes.

use polyfeat::{NULL_TS, Numerics, SweepPlan, Ties, Visibility};

use crate::oracle::Tape;
use crate::visible::swept;
use crate::visible_oracle::{Market, Trade};

/// A column of transactions that says the same nearly everywhere.
#[test]
fn one_transaction_for_half_of_a_long_tape() {
    let n = 200_000;
    let own: Vec<u32> = (0..n)
        .map(|j| {
            if j / 100 % 2 == 0 || j % 3 == 0 {
                7
            } else {
                u32::MAX
            }
        })
        .collect();
    let tape = |keep: &dyn Fn(usize) -> bool| {
        let rows = || (0..n).filter(|&j| keep(j));
        Tape {
            ts: rows().map(|j| j as i64 / 3).collect(),
            price: rows().map(|j| (j % 97) as f64 / 100.0).collect(),
            size: rows().map(|j| (j % 977) as f64 / 1e6).collect(),
        }
    };
    let trades: Vec<Trade> = (0..n as i64 / 3)
        .map(|ts| Trade {
            ts,
            sequence: 0,
            own: 7,
        })
        .collect();
    let plan = SweepPlan {
        lags: vec![40],
        windows: vec![7, 600],
        sum: Numerics::Exact,
    };
    let known = |own: Vec<u32>, tape: Tape| Market {
        availability: tape.ts.clone(),
        sequence: vec![-1; own.len()],
        own,
        tape,
    };
    let without: Vec<u32> = own.iter().copied().filter(|&own| own != 7).collect();
    let others = known(without, tape(&|j| own[j] != 7));
    let all = known(own.clone(), tape(&|_| true));
    let base = Visibility {
        exclude_self: true,
        ..Visibility::default()
    };
    for rules in [
        base,
        Visibility {
            availability: true,
            ..base
        },
        Visibility {
            ties: Ties::Sequence,
            ..base
        },
    ] {
        let rows = |market: &Market| swept(market, &trades, &plan, &rules, None, &[]).unwrap();
        assert!(rows(&all) == rows(&others), "{rules:?}");
    }
    let everything = Market {
        own: vec![7; n],
        ..all
    };
    let rows = swept(&everything, &trades, &plan, &base, None, &[]).unwrap();
    assert!(
        rows.iter()
            .all(|(row, _)| row.last_ts == NULL_TS && row.flows == [[0; 3]; 2])
    );
}
