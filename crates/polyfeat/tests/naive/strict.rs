//! What must hold of the general sweep beyond agreeing with the oracle row by row (spec §6).

use polyfeat::{NULL_TS, Numerics, SweepError, SweepPlan, Ties, Unknown, Visibility};
use proptest::prelude::*;

use crate::values::durations;
use crate::visible::{check, swept};
use crate::visible_oracle::{Market, Trade};
use crate::visible_values::{market, rules};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn strict_and_live(
        (market, trades) in market(60), lags in durations(3), windows in durations(4), resolution in 1i64..7,
        availability in any::<bool>(),
    ) {
        let rules = Visibility {
            ties: Ties::Exclude,
            resolution,
            exclude_self: true,
            availability,
            unknown: Unknown::Causal,
            ..Visibility::default()
        };
        check(&market, &trades, &SweepPlan { lags, windows, sum: Numerics::Exact }, &rules)?;
    }

    #[test]
    fn the_unit_of_time_does_not_matter(
        (market, trades) in market(40), lags in durations(3), windows in durations(3), rules in rules(),
    ) {
        let finer = |ts: i64| if ts == NULL_TS { NULL_TS } else { ts * 1000 };
        let all = |stamps: &[i64]| stamps.iter().map(|&ts| finer(ts)).collect::<Vec<_>>();
        let plan = SweepPlan { lags, windows, sum: Numerics::Exact };
        let fine_plan = SweepPlan { lags: all(&plan.lags), windows: all(&plan.windows), sum: plan.sum };
        let fine_rules = Visibility {
            resolution: finer(rules.resolution),
            embargo: finer(rules.embargo),
            max_age: rules.max_age.map(finer),
            ..rules
        };
        let mut fine = market.clone();
        fine.tape.ts = all(&market.tape.ts);
        fine.availability = all(&market.availability);
        let fine_trades: Vec<Trade> =
            trades.iter().map(|&trade| Trade { ts: finer(trade.ts), ..trade }).collect();
        let coarse = swept(&market, &trades, &plan, &rules, None, &[]).map(|rows| {
            rows.into_iter().map(|(row, _)| (finer(row.last_ts), row.returns, row.flows)).collect::<Vec<_>>()
        });
        let found = swept(&fine, &fine_trades, &fine_plan, &fine_rules, None, &[]).map(|rows| {
            rows.into_iter().map(|(row, _)| (row.last_ts, row.returns, row.flows)).collect::<Vec<_>>()
        });
        match (coarse, found) {
            (Err(SweepError::Tie { index, .. }), Err(SweepError::Tie { index: fine, .. })) => {
                prop_assert_eq!(index, fine);
            }
            (coarse, found) => prop_assert_eq!(coarse, found),
        }
    }

    #[test]
    fn strict_rows_do_not_see_what_comes_later(
        (market, trades) in market(60), lags in durations(3), windows in durations(3), cut in -8i64..24,
    ) {
        let rules = Visibility {
            ties: Ties::Exclude,
            resolution: 2,
            exclude_self: true,
            unknown: Unknown::Causal,
            ..Visibility::default()
        };
        let plan = SweepPlan { lags, windows, sum: Numerics::Exact };
        let prints = market.tape.ts.partition_point(|&s| s <= cut);
        let upto = trades.partition_point(|trade| trade.ts <= cut);
        let mut known = market.clone();
        for column in [&mut known.tape.ts, &mut known.availability, &mut known.sequence] {
            column.truncate(prints);
        }
        known.tape.price.truncate(prints);
        known.tape.size.truncate(prints);
        known.own.truncate(prints);
        let rows = |market: &Market| swept(market, &trades[..upto], &plan, &rules, None, &[]);
        prop_assert_eq!(rows(&known), rows(&market));
    }
}
