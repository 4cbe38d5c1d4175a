//! Spec §2 and §3 written down row by row, quadratic and without a line of the engine's.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::support::{Cell, Print, Trade};

/// What a run is asked for; all lengths in nanoseconds.
#[derive(Clone, Debug)]
pub struct Asked {
    pub lags: Vec<i64>,
    pub windows: Vec<i64>,
    pub bucket: i64,
    pub exact: bool,
    pub by_token: bool,
}

/// Rows of the output: cells in the order of the feature columns, then the trade's row number.
/// The ticks of trades and prints are nanoseconds.
pub fn expected(trades: &[Trade], prints: &[Print], asked: &Asked) -> Vec<Vec<Cell>> {
    let mut by_token: Vec<usize> = (0..trades.len()).collect();
    if !prints.is_empty() {
        by_token.sort_by(|&a, &b| {
            let (a, b) = (&trades[a], &trades[b]);
            nulls_last(a.token.map(str::as_bytes), b.token.map(str::as_bytes)).then(nulls_last(a.ts, b.ts))
        });
    }
    let order: Vec<usize> = if asked.by_token {
        by_token.clone()
    } else {
        (0..trades.len()).collect()
    };
    let sets = complete_sets(trades, &by_token, asked);
    order
        .into_iter()
        .map(|row| {
            let trade = &trades[row];
            let mut cells = if prints.is_empty() {
                Vec::new()
            } else {
                from_tape(trade, prints, asked)
            };
            let bucket = trade.ts.map(|t| t.div_euclid(asked.bucket) * asked.bucket);
            let (up, down) = trade
                .market
                .zip(bucket)
                .and_then(|key| sets.get(&key).copied())
                .unwrap_or((0.0, 0.0));
            let flag = up > 0.0 && down > 0.0;
            let least = if up.is_nan() || down.is_nan() {
                0.0
            } else {
                up.min(down)
            };
            cells.push(bucket.map_or(Cell::Null, |b| Cell::Time(b.into())));
            cells.push(Cell::Bool(flag));
            cells.push(Cell::from(least));
            cells.push(Cell::Text(
                match (is_leg(trade), flag) {
                    (true, true) => "COMPLETE_SET_ARBITRAGE",
                    (true, false) => "DIRECTIONAL",
                    (false, _) => "OTHER",
                }
                .to_string(),
            ));
            cells.push(Cell::Int(row as i64));
            cells
        })
        .collect()
}

fn nulls_last<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn from_tape(trade: &Trade, prints: &[Print], asked: &Asked) -> Vec<Cell> {
    let missing = 3 + asked.lags.len() + 3 * asked.windows.len();
    let (Some(token), Some(t)) = (trade.token, trade.ts) else {
        return vec![Cell::Null; missing];
    };
    // The token's prints by (time, row).
    let mut known: Vec<&Print> = prints
        .iter()
        .filter(|p| p.token == Some(token) && p.ts.is_some())
        .collect();
    known.sort_by_key(|p| p.ts);
    if known.is_empty() {
        return vec![Cell::Null; missing];
    }
    let nan = |v: Option<f64>| v.unwrap_or(f64::NAN);
    let up_to = |t: i64| known.iter().take_while(|p| p.ts <= Some(t)).count();
    let end = up_to(t);
    let last = end.checked_sub(1).map(|i| known[i]);
    let price = last.map_or(f64::NAN, |p| nan(p.price));
    let mut cells = vec![Cell::from(price)];
    let last_ts = last.and_then(|p| p.ts);
    cells.push(last_ts.map_or(Cell::Null, |s| Cell::Time(s.into())));
    cells.push(last_ts.map_or(Cell::Null, |s| Cell::from((t - s) as f64 / 1e6)));
    for lag in &asked.lags {
        let then = up_to(t - lag)
            .checked_sub(1)
            .map_or(f64::NAN, |i| nan(known[i].price));
        cells.push(Cell::from(price - then));
    }
    let sizes: Vec<f64> = known.iter().map(|p| nan(p.size)).collect();
    let notionals: Vec<f64> = known.iter().map(|p| nan(p.price) * nan(p.size)).collect();
    for window in &asked.windows {
        let start = up_to(t - window);
        cells.push(Cell::from((end - start) as f64));
        for terms in [&sizes, &notionals] {
            cells.push(Cell::from(if asked.exact {
                fsum(&terms[start..end])
            } else {
                cumulative(terms, end) - cumulative(terms, start)
            }));
        }
    }
    cells
}

/// The `n`-th entry of a sequential cumulative sum; 0 before the first.
fn cumulative(terms: &[f64], n: usize) -> f64 {
    terms[..n].iter().copied().reduce(|a, b| a + b).unwrap_or(0.0)
}

/// Shewchuk's exact sum, rounded once, as Python's `math.fsum`. NaN where spec §3 says null.
pub fn fsum(terms: &[f64]) -> f64 {
    if terms.iter().any(|t| !t.is_finite()) {
        return terms.iter().sum(); // inf + -inf is NaN already
    }
    let mut partials: Vec<f64> = Vec::new();
    for &term in terms {
        let mut x = term;
        let mut kept = Vec::new();
        for &p in &partials {
            let (big, small) = if x.abs() >= p.abs() { (x, p) } else { (p, x) };
            let high = big + small;
            let low = small - (high - big);
            if low != 0.0 {
                kept.push(low);
            }
            x = high;
        }
        kept.push(x);
        partials = kept;
    }
    let mut high = partials.pop().unwrap_or(0.0);
    let mut low = 0.0;
    while let Some(p) = partials.pop() {
        let sum = high + p;
        low = p - (sum - high);
        high = sum;
        if low != 0.0 {
            break;
        }
    }
    // An exact half needs what lies below it to know which way to go.
    if let Some(&below) = partials.last()
        && low != 0.0
        && (low < 0.0) == (below < 0.0)
    {
        let twice = low * 2.0;
        let up = high + twice;
        if twice == up - high {
            high = up;
        }
    }
    high + 0.0 // no negative zero
}

fn is_leg(trade: &Trade) -> bool {
    trade.side == Some("BUY") && matches!(trade.outcome, Some("Up" | "Down"))
}

/// Shares of Up and Down by market and bucket.
fn complete_sets(
    trades: &[Trade],
    by_token: &[usize],
    asked: &Asked,
) -> BTreeMap<(&'static str, i64), (f64, f64)> {
    let mut sizes: BTreeMap<(&'static str, i64), [Vec<f64>; 2]> = BTreeMap::new();
    for &row in by_token {
        let trade = &trades[row];
        let (Some(market), Some(ts), true) = (trade.market, trade.ts, is_leg(trade)) else {
            continue;
        };
        let legs = sizes
            .entry((market, ts.div_euclid(asked.bucket) * asked.bucket))
            .or_default();
        legs[usize::from(trade.outcome == Some("Down"))].extend(trade.size);
    }
    let sum = |sizes: &[f64]| if asked.exact { fsum(sizes) } else { kahan(sizes) };
    sizes
        .into_iter()
        .map(|(key, [up, down])| (key, (sum(&up), sum(&down))))
        .collect()
}

fn kahan(sizes: &[f64]) -> f64 {
    let (mut s, mut c) = (0.0, 0.0);
    for v in sizes {
        let y = v - c;
        let t = s + y;
        c = (t - s) - y;
        if f64::is_nan(c) {
            c = 0.0; // pandas' way with infinities
        }
        s = t;
    }
    s
}

#[test]
fn the_oracle_sums_as_the_spec_says() {
    assert_eq!(fsum(&[0.1, 0.2]), 0.30000000000000004);
    assert_eq!(fsum(&[1e16, 1.0, 1e-16]), 10000000000000002.0);
    assert_eq!(fsum(&[1e300, 1.0, -1e300]), 1.0);
    assert_eq!(fsum(&[0.1; 10]), 1.0);
    assert_eq!(fsum(&[-0.0]).to_bits(), 0);
    assert!(fsum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
}
