//! Inputs: dense in ties and nulls, ordinary, huge beside tiny, infinite, subnormal, any bits at all.

use polyfeat::{Leg, NULL_TS};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::oracle::{Tape, Trade};

/// Sizes as a real tape has them: six decimals, from dust to a thousand.
fn ordinary() -> impl Strategy<Value = f64> {
    (1u32..1_000_000_000).prop_map(|micro| f64::from(micro) / 1e6)
}

/// A number of one kind. Which kind is chosen once per input, so that whole tapes are harmless, and others are not.
fn kinds() -> impl Strategy<Value = BoxedStrategy<f64>> {
    let tiny = f64::from_bits(1)..f64::MIN_POSITIVE * 4.0;
    select(vec![
        ordinary().boxed(),
        prop_oneof![3 => ordinary(), 1 => Just(f64::NAN), 1 => Just(0.0), 1 => Just(-0.0)].boxed(),
        select(vec![
            1e300,
            -1e300,
            1e-300,
            -1e-300,
            0.1,
            0.2,
            1e16,
            1.0,
            1e-16,
            f64::MAX,
            f64::MIN,
        ])
        .boxed(),
        prop_oneof![9 => ordinary(), 1 => Just(f64::INFINITY), 1 => Just(f64::NEG_INFINITY)].boxed(),
        prop_oneof![4 => tiny, 1 => Just(-f64::from_bits(1)), 1 => Just(f64::MIN_POSITIVE)].boxed(),
        prop_oneof![20 => ordinary(), 1 => Just(1e15), 1 => Just(1e40), 1 => Just(-1e-12)].boxed(),
        (-8i32..8, -60i32..60)
            .prop_map(|(m, e)| f64::from(m) * 2f64.powi(e))
            .boxed(),
        proptest::num::f64::NORMAL.boxed(),
        proptest::num::f64::ANY.boxed(),
    ])
}

pub fn numbers(count: usize) -> impl Strategy<Value = Vec<f64>> {
    kinds().prop_flat_map(move |kind| vec(kind, count))
}

/// Up to `most` numbers of one kind.
pub fn terms(most: usize) -> impl Strategy<Value = Vec<f64>> {
    kinds().prop_flat_map(move |kind| vec(kind, 0..most))
}

/// Stamps: many ties, or far apart, or in bursts with long silence between.
pub fn stamps(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<i64>> {
    let bursts = (-3i64..4, 0i64..6).prop_map(|(burst, at)| burst * 1000 + at);
    select(vec![
        (-8i64..24).boxed(),
        (-4000i64..4000).boxed(),
        bursts.boxed(),
    ])
    .prop_flat_map(move |kind| vec(kind, count.clone()))
    .prop_map(|mut ts| {
        ts.sort_unstable();
        ts
    })
}

/// One token's tape and trades. Prices are of any kind at times: a notional is a product of doubles.
pub fn token(prints: usize, trades: usize) -> impl Strategy<Value = (Tape, Vec<i64>)> {
    let tape = stamps(0..prints).prop_flat_map(|ts| {
        let n = ts.len();
        let cents = (1u32..100).prop_map(|cent| f64::from(cent) / 100.0);
        let price = prop_oneof![3 => vec(cents, n).boxed(), 1 => numbers(n).boxed()];
        (Just(ts), price, numbers(n)).prop_map(|(ts, price, size)| Tape { ts, price, size })
    });
    (tape, stamps(0..trades))
}

/// Lags or windows, most of them near the stamps' distances, some equal, some longer than the whole tape.
pub fn durations(most: usize) -> impl Strategy<Value = Vec<i64>> {
    vec(
        prop_oneof![4 => 1i64..12, 2 => 1i64..2000, 1 => Just(1_000_000)],
        0..most,
    )
}

pub fn trades(most: usize) -> impl Strategy<Value = Vec<Trade>> {
    let keys = (
        prop_oneof![4 => 0u32..3, 1 => Just(u32::MAX)],
        prop_oneof![4 => -25i64..25, 1 => Just(NULL_TS)],
        prop_oneof![6 => 0u32..3, 1 => Just(u32::MAX)],
        select(vec![Leg::None, Leg::Up, Leg::Down]),
    );
    (vec(keys, 0..most), numbers(most)).prop_map(|(keys, sizes)| {
        let row = |((token, ts, market, leg), size)| {
            let bucket = if ts == NULL_TS {
                NULL_TS
            } else {
                polyfeat::floor_to(ts, 10).unwrap()
            };
            Trade {
                token,
                ts,
                market,
                bucket,
                leg,
                size,
            }
        };
        keys.into_iter().zip(sizes).map(row).collect()
    })
}
