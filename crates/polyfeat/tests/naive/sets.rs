//! Complete sets against the oracle.

use polyfeat::{Numerics, RegimeMode, SetRows, SetTimes, complete_sets, complete_sets_by, token_order};
use proptest::prelude::*;

use crate::oracle::{Trade, order, sets};
use crate::values::trades;

/// As `values::trades` makes buckets.
const LENGTH: i64 = 10;

fn computed(trades: &[Trade], order: Option<&[u32]>, numerics: Numerics) -> Vec<(bool, u64)> {
    computed_by(trades, order, numerics, None)
}

fn computed_by(
    trades: &[Trade],
    order: Option<&[u32]>,
    numerics: Numerics,
    mode: Option<RegimeMode>,
) -> Vec<(bool, u64)> {
    let rows = SetRows {
        market: &trades.iter().map(|trade| trade.market).collect::<Vec<_>>(),
        bucket: &trades.iter().map(|trade| trade.bucket).collect::<Vec<_>>(),
        leg: &trades.iter().map(|trade| trade.leg).collect::<Vec<_>>(),
        size: &trades.iter().map(|trade| trade.size).collect::<Vec<_>>(),
    };
    let sets = match mode {
        None => complete_sets(&rows, 3, order, numerics),
        Some(mode) => {
            let times = SetTimes {
                mode,
                ts: &trades.iter().map(|trade| trade.ts).collect::<Vec<_>>(),
                length: LENGTH,
            };
            complete_sets_by(&rows, &times, 3, order, numerics).unwrap()
        }
    };
    sets.flag
        .into_iter()
        .zip(sets.shares.into_iter().map(f64::to_bits))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_numerics_are_the_oracles(trades in trades(40)) {
        let by_row: Vec<u32> = (0..trades.len() as u32).collect();
        let by_token = order(&trades);
        for (given, naive) in [(None, &by_row), (Some(by_token.as_slice()), &by_token)] {
            for numerics in [Numerics::Exact, Numerics::Notebook] {
                prop_assert_eq!(computed(&trades, given, numerics), sets(&trades, naive, numerics, RegimeMode::Bucket, LENGTH));
            }
        }
    }

    #[test]
    fn exact_sets_do_not_see_the_order(trades in trades(40)) {
        let backwards: Vec<Trade> = trades.iter().rev().copied().collect();
        let mut turned = computed(&backwards, None, Numerics::Exact);
        turned.reverse();
        prop_assert_eq!(turned, computed(&trades, None, Numerics::Exact));
    }

    #[test]
    fn token_order_is_the_oracles(trades in trades(60)) {
        let codes: Vec<u32> = trades.iter().map(|trade| trade.token).collect();
        let ts: Vec<i64> = trades.iter().map(|trade| trade.ts).collect();
        prop_assert_eq!(token_order(&codes, 3, &ts), order(&trades));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_mode_is_the_oracles(trades in trades(40)) {
        let by_row: Vec<u32> = (0..trades.len() as u32).collect();
        let by_token = order(&trades);
        for mode in [RegimeMode::Bucket, RegimeMode::BucketAsof, RegimeMode::Trailing, RegimeMode::PrevBucket] {
            let found = computed_by(&trades, Some(&by_token), Numerics::Exact, Some(mode));
            prop_assert_eq!(found, sets(&trades, &by_row, Numerics::Exact, mode, LENGTH), "{:?}", mode);
        }
        for mode in [RegimeMode::Bucket, RegimeMode::PrevBucket] {
            let found = computed_by(&trades, Some(&by_token), Numerics::Notebook, Some(mode));
            prop_assert_eq!(found, sets(&trades, &by_token, Numerics::Notebook, mode, LENGTH), "{:?}", mode);
        }
    }
}
