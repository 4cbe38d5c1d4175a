//! What a load must give: whole numbers, binary search and running sums, nothing of the engine's.

use std::collections::HashMap;

use crate::data::Load;
use crate::support::{Cell, Output, column};

/// A token's prints by (time, file row), with running sums of size and of 64ths times size.
#[derive(Default)]
struct Known {
    ts: Vec<i64>,
    price: Vec<i64>,
    size: Vec<i64>,
    notional: Vec<i64>,
}

impl Known {
    /// How many prints there are up to `t`.
    fn up_to(&self, t: i64) -> usize {
        self.ts.partition_point(|&s| s <= t)
    }
}

fn by_token(load: &Load) -> HashMap<u32, Known> {
    let mut order: Vec<usize> = (0..load.prints.len()).collect();
    order.sort_by_key(|&i| load.prints[i].ts);
    let mut all: HashMap<u32, Known> = HashMap::new();
    for i in order {
        let p = load.prints[i];
        let known = all.entry(p.token).or_default();
        known.ts.push(p.ts);
        known.price.push(p.price);
        known.size.push(known.size.last().unwrap_or(&0) + p.size);
        known
            .notional
            .push(known.notional.last().unwrap_or(&0) + p.size * p.price);
    }
    all
}

/// Checks every value that the engine made, rows in token order. Lags and windows by label and in seconds.
#[track_caller]
pub fn check(load: &Load, output: &Output, lags: &[i64], windows: &[i64]) {
    let known = by_token(load);
    let none = Known::default();
    let mut order: Vec<usize> = (0..load.trades.len()).collect();
    order.sort_by_key(|&i| (load.trades[i].token, load.trades[i].ts));
    let trade = |i: &usize| load.trades[*i];
    let of = |i: &usize| known.get(&trade(i).token).unwrap_or(&none);
    let sixty_fourths = |v: i64| Cell::from(v as f64 / 64.0);
    let is = |name: &str, want: &dyn Fn(&usize) -> Cell| {
        let got = column(&output.rows, name);
        assert_eq!(got.len(), order.len(), "{name}");
        for (at, (got, i)) in got.iter().zip(&order).enumerate() {
            assert_eq!(*got, want(i), "{name} in row {at}, of trade {i}");
        }
    };
    let last = |i: &usize| of(i).up_to(trade(i).ts).checked_sub(1);

    is("row", &|i| Cell::Int(*i as i64));
    is("mt_last_price", &|i| {
        last(i).map_or(Cell::Null, |at| sixty_fourths(of(i).price[at]))
    });
    is("mt_last_ts", &|i| {
        last(i).map_or(Cell::Null, |at| Cell::Time(i128::from(of(i).ts[at]) * 1_000_000))
    });
    is("mt_last_age_ms", &|i| {
        last(i).map_or(Cell::Null, |at| Cell::from((trade(i).ts - of(i).ts[at]) as f64))
    });
    for lag in lags {
        is(&format!("mt_return_{lag}s"), &|i| {
            let then = of(i).up_to(trade(i).ts - lag * 1000).checked_sub(1);
            match (last(i), then) {
                (Some(now), Some(then)) => sixty_fourths(of(i).price[now] - of(i).price[then]),
                _ => Cell::Null,
            }
        });
    }
    for window in windows {
        let bounds = |i: &usize| {
            let t = trade(i).ts;
            (of(i).up_to(t - window * 1000), of(i).up_to(t))
        };
        let within = |i: &usize, sums: fn(&Known) -> &[i64], unit: f64| {
            let (start, end) = bounds(i);
            let sum = |n: usize| n.checked_sub(1).map_or(0, |at| sums(of(i))[at]);
            match of(i).ts.is_empty() {
                true => Cell::Null,
                false => Cell::from((sum(end) - sum(start)) as f64 * unit),
            }
        };
        is(&format!("mt_trades_{window}s"), &|i| {
            let (start, end) = bounds(i);
            match of(i).ts.is_empty() {
                true => Cell::Null,
                false => Cell::from((end - start) as f64),
            }
        });
        is(&format!("mt_volume_{window}s"), &|i| within(i, |k| &k.size, 1.0));
        is(&format!("mt_notional_{window}s"), &|i| {
            within(i, |k| &k.notional, 1.0 / 64.0)
        });
    }
    let sets = complete_sets(load);
    let shares = |i: &usize| {
        let [up, down] = sets[&set_of(load, *i)];
        up.min(down)
    };
    is("complete_set_shares", &|i| Cell::from(shares(i) as f64));
    is("complete_set_flag", &|i| Cell::Bool(shares(i) > 0));
}

fn set_of(load: &Load, i: usize) -> (u32, i64) {
    let trade = load.trades[i];
    (trade.token / 2, trade.ts.div_euclid(10_000))
}

/// Up and Down by market and bucket of 10 s.
fn complete_sets(load: &Load) -> HashMap<(u32, i64), [i64; 2]> {
    let mut sets: HashMap<(u32, i64), [i64; 2]> = HashMap::new();
    for (i, trade) in load.trades.iter().enumerate() {
        sets.entry(set_of(load, i)).or_default()[(trade.token % 2) as usize] += trade.size;
    }
    sets
}
