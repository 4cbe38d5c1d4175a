//! The general sweep against the oracle, every rule beside every other.

use polyfeat::{
    Numerics, PrintColumns, Proof, SweepError, SweepPlan, Ties, TradeColumns, Unknown, Visibility,
    visible_sweep,
};
use proptest::prelude::*;

use crate::market::{Columns, prints};
use crate::oracle::Tape;
use crate::values::durations;
use crate::visible_oracle::{Market, Proven, Trade, closed, visible_row};
use crate::visible_values::{market, rules};

/// The market in the order that the sweep expects under [`Ties::Sequence`].
fn by_sequence(market: &Market) -> Market {
    let place = &market.sequence;
    if place.is_empty() {
        return market.clone();
    }
    let mut rows: Vec<usize> = (0..market.tape.ts.len()).collect();
    rows.sort_by_key(|&j| (market.tape.ts[j], place[j] == i64::MIN, place[j]));
    let stamps = |column: &[i64]| rows.iter().map(|&j| column[j]).collect();
    let numbers = |column: &[f64]| rows.iter().map(|&j| column[j]).collect();
    Market {
        tape: Tape {
            ts: stamps(&market.tape.ts),
            price: numbers(&market.tape.price),
            size: numbers(&market.tape.size),
        },
        availability: stamps(&market.availability),
        sequence: stamps(place),
        own: rows.iter().map(|&j| market.own[j]).collect(),
    }
}

/// Rows and proofs, by one call per stretch between cuts.
pub fn swept(
    market: &Market,
    trades: &[Trade],
    plan: &SweepPlan,
    rules: &Visibility,
    tape_begin: Option<i64>,
    cuts: &[usize],
) -> Result<Vec<Proven>, SweepError> {
    let market = &if rules.ties == Ties::Sequence {
        by_sequence(market)
    } else {
        market.clone()
    };
    let columns = PrintColumns {
        prints: prints(&market.tape),
        availability: &market.availability,
        sequence: &market.sequence,
        own: &market.own,
    };
    let [ts, sequence]: [Vec<i64>; 2] = [
        trades.iter().map(|trade| trade.ts).collect(),
        trades.iter().map(|trade| trade.sequence).collect(),
    ];
    let own: Vec<u32> = trades.iter().map(|trade| trade.own).collect();
    let n = trades.len();
    let mut out = Columns::new(plan, n);
    let mut stamps = [vec![-77; n], vec![-77; n]];
    let mut counts = [(); 4].map(|()| vec![77; n]);
    let ends = cuts.iter().copied().chain([n]);
    let stretches = [0].into_iter().chain(cuts.iter().copied()).zip(ends);
    for rows in stretches.map(|(from, to)| from..to) {
        let trades = TradeColumns {
            ts: &ts[rows.clone()],
            sequence: &sequence[rows.clone()],
            own: &own[rows.clone()],
        };
        let [newest_event, newest_available] = stamps.each_mut().map(|column| &mut column[rows.clone()]);
        let [same_stamp, own_prints, own_seen, censored] =
            counts.each_mut().map(|column| &mut column[rows.clone()]);
        let mut proof = tape_begin.map(|tape_begin| Proof {
            tape_begin,
            reaches: &plan.windows,
            newest_event,
            newest_available,
            same_stamp,
            own_prints,
            own_seen,
            censored,
        });
        visible_sweep(
            &columns,
            &trades,
            plan,
            rules,
            &mut out.slices(rows.clone()),
            proof.as_mut(),
        )?;
    }
    let proof = |i: usize| {
        let [event, available] = &stamps;
        let [same, own, seen, censored] = &counts;
        let count = |column: &[u32]| i64::from(column[i]);
        [
            event[i],
            available[i],
            count(same),
            count(own),
            count(seen),
            count(censored),
        ]
    };
    Ok(out
        .rows()
        .into_iter()
        .enumerate()
        .map(|(i, row)| (row, proof(i)))
        .collect())
}

/// Whether the engine does as the oracle says, rows, proofs and refusals.
pub fn check(
    market: &Market,
    trades: &[Trade],
    plan: &SweepPlan,
    rules: &Visibility,
) -> Result<(), TestCaseError> {
    let least = i64::from(!closed(rules).at_start());
    let at_least = |durations: &[i64]| durations.iter().map(|&d| d.max(least)).collect();
    let plan = &SweepPlan {
        lags: at_least(&plan.lags),
        windows: at_least(&plan.windows),
        sum: plan.sum,
    };
    let found = swept(market, trades, plan, rules, None, &[]);
    let holes = rules.availability || rules.exclude_self || rules.ties == Ties::Sequence;
    if plan.sum == Numerics::Notebook && holes {
        prop_assert_eq!(found, Err(SweepError::Holes));
        return Ok(());
    }
    let begin = 3;
    let expected: Vec<_> = trades
        .iter()
        .map(|&trade| visible_row(market, trade, plan, rules, begin))
        .collect();
    if expected.iter().any(Result::is_err) {
        // Any trade with a tie may be the one that is reported.
        let Err(SweepError::Tie { index, ts }) = found else {
            return Err(TestCaseError::fail(format!("no tie was noticed: {found:?}")));
        };
        prop_assert_eq!(expected[index].as_ref().err(), Some(&ts));
        return Ok(());
    }
    let expected: Vec<Proven> = expected.into_iter().map(Result::unwrap).collect();
    let rows = |proven: Vec<Proven>| proven.into_iter().map(|(row, _)| row).collect::<Vec<_>>();
    prop_assert_eq!(rows(found.unwrap()), rows(expected.clone()));
    let middle = trades.len() / 2;
    let proven = swept(market, trades, plan, rules, Some(begin), &[middle]).unwrap();
    prop_assert_eq!(proven, expected);
    Ok(())
}

fn sums() -> impl Strategy<Value = Numerics> {
    prop_oneof![3 => Just(Numerics::Exact), 1 => Just(Numerics::Notebook)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn every_rule_beside_every_other(
        (market, trades) in market(60), lags in durations(3), windows in durations(3), sum in sums(), rules in rules(),
    ) {
        check(&market, &trades, &SweepPlan { lags, windows, sum }, &rules)?;
    }
}

#[test]
fn what_is_refused_is_not_written() {
    let market = Market {
        tape: Tape {
            ts: vec![0],
            price: vec![1.0],
            size: vec![1.0],
        },
        availability: vec![],
        sequence: vec![],
        own: vec![],
    };
    let trade = Trade {
        ts: i64::MIN + 3,
        sequence: 0,
        own: 0,
    };
    let refused = |rules: Visibility, window: i64| {
        let plan = SweepPlan {
            windows: vec![window],
            ..SweepPlan::default()
        };
        swept(&market, &[trade], &plan, &rules, None, &[]).unwrap_err()
    };
    let rules = Visibility {
        unknown: Unknown::Causal,
        ..Visibility::default()
    };
    let overflow = SweepError::Overflow { index: 0 };
    assert_eq!(refused(rules, 9), overflow);
    assert_eq!(refused(Visibility { embargo: 5, ..rules }, 1), overflow);
    let coarse = Visibility {
        ties: Ties::Exclude,
        resolution: 1000,
        ..rules
    };
    assert_eq!(refused(coarse, 1), overflow);
    assert_eq!(refused(rules, 0), SweepError::Duration { value: 0 });
    assert_eq!(
        refused(
            Visibility {
                availability: true,
                ..rules
            },
            1
        ),
        SweepError::Shape
    );
    assert_eq!(
        refused(
            Visibility {
                exclude_self: true,
                ..rules
            },
            1
        ),
        SweepError::Shape
    );
    assert_eq!(
        refused(
            Visibility {
                ties: Ties::Sequence,
                ..rules
            },
            1
        ),
        SweepError::Shape
    );
    assert_eq!(
        refused(
            Visibility {
                resolution: 0,
                ..rules
            },
            1
        ),
        SweepError::Rule { value: 0 }
    );
}
