//! Inputs of the general sweep: tapes that were known late, or hold the trader's own prints; and rules.

use polyfeat::{Closed, Direction, NULL_TS, Tie, Ties, Unknown, Visibility};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::values::{stamps, token};
use crate::visible_oracle::{Market, Trade};

/// Codes of transactions: hardly any, a few long ones, one for all, or one each.
fn owns() -> impl Strategy<Value = BoxedStrategy<u32>> {
    select(vec![
        prop_oneof![9 => Just(u32::MAX), 1 => 0u32..5].boxed(),
        prop_oneof![5 => 0u32..3, 1 => Just(u32::MAX)].boxed(),
        Just(7).boxed(),
        (0u32..200).boxed(),
        prop_oneof![20 => Just(9), 1 => 0u32..9].boxed(),
    ])
}

/// How much later than it happened a print is known; `NULL_TS`: never.
fn delays() -> impl Strategy<Value = BoxedStrategy<i64>> {
    select(vec![
        Just(0).boxed(),
        (0i64..4).boxed(),
        prop_oneof![8 => -3i64..8, 1 => Just(NULL_TS)].boxed(),
        (0i64..2000).boxed(),
    ])
}

pub fn market(most: usize) -> impl Strategy<Value = (Market, Vec<Trade>)> {
    let place = || prop_oneof![6 => -2i64..4, 1 => Just(i64::MIN)];
    let of_prints = (token(most, 1), delays(), owns()).prop_flat_map(move |((tape, _), delay, own)| {
        let n = tape.ts.len();
        let columns = (vec(delay, n), vec(place(), n), vec(own.clone(), n));
        (Just(tape), columns, vec(own, 24), vec(place(), 24), stamps(0..24))
    });
    of_prints.prop_map(|(tape, (delay, sequence, own), own_trades, places, ts)| {
        let known = |(s, delay): (&i64, i64)| if delay == NULL_TS { NULL_TS } else { s + delay };
        let market = Market {
            availability: tape.ts.iter().zip(delay).map(known).collect(),
            tape,
            sequence,
            own,
        };
        let trades = ts.into_iter().zip(places).zip(own_trades);
        let trade = |((ts, sequence), own)| Trade { ts, sequence, own };
        (market, trades.map(trade).collect())
    })
}

pub fn rules() -> impl Strategy<Value = Visibility> {
    let ties = select(vec![Ties::Include, Ties::Exclude, Ties::Sequence]);
    let closed = select(vec![
        None,
        Some(Closed::Right),
        Some(Closed::Left),
        Some(Closed::Both),
        Some(Closed::Neither),
    ]);
    let tie =
        prop_oneof![3 => Just(Tie::Near), 2 => Just(Tie::First), 2 => Just(Tie::Last), 1 => Just(Tie::Error)];
    let unknown = select(vec![Unknown::Null, Unknown::Causal, Unknown::Zero]);
    let direction = prop_oneof![
        3 => Just(Direction::Backward), 1 => Just(Direction::Forward), 1 => Just(Direction::Nearest)
    ];
    let max_age =
        prop_oneof![2 => Just(None), 1 => (0i64..8).prop_map(Some), 1 => (0i64..900).prop_map(Some)];
    let embargo = prop_oneof![2 => Just(0i64), 1 => 0i64..5];
    let flags = (any::<bool>(), any::<bool>());
    (
        ties,
        1i64..7,
        embargo,
        flags,
        max_age,
        closed,
        tie,
        unknown,
        direction,
    )
        .prop_map(
            |(
                ties,
                resolution,
                embargo,
                (availability, exclude_self),
                max_age,
                closed,
                tie,
                unknown,
                direction,
            )| {
                Visibility {
                    ties,
                    resolution,
                    embargo,
                    availability,
                    exclude_self,
                    max_age,
                    closed,
                    tie,
                    unknown,
                    direction,
                }
            },
        )
}
