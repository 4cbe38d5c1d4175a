//! The specification, said naively.

use polyfeat::{Leg, NULL_TS, Numerics, RegimeMode};

/// The correctly rounded sum by counting bits: `count[i]` is how often 2^(i − 1074) is in the sum.
pub fn rounded_sum(terms: &[f64]) -> f64 {
    let positive = terms.contains(&f64::INFINITY);
    let negative = terms.contains(&f64::NEG_INFINITY);
    if terms.iter().any(|term| term.is_nan()) || (positive && negative) {
        return f64::NAN;
    }
    if positive || negative {
        return if positive {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        };
    }
    let mut count = vec![0i64; 2200];
    for term in terms {
        let sign = if *term < 0.0 { -1 } else { 1 };
        let exponent = (term.to_bits() >> 52) as usize % 2048;
        let fraction = term.to_bits() % (1 << 52);
        let (mantissa, lowest) = if exponent == 0 {
            (fraction, 0)
        } else {
            (fraction + (1 << 52), exponent - 1)
        };
        for bit in (0..53).filter(|bit| mantissa >> bit & 1 == 1) {
            count[lowest + bit] += sign;
        }
    }
    match magnitude(&count) {
        Some(magnitude) => magnitude,
        None => {
            count.iter_mut().for_each(|bit| *bit = -*bit);
            -magnitude(&count).unwrap()
        }
    }
}

/// The rounded value of bit counts, or `None` when it is negative.
fn magnitude(count: &[i64]) -> Option<f64> {
    let mut carry = 0;
    let mut binary = Vec::new();
    for bit in count {
        let value = bit + carry;
        binary.push(value.rem_euclid(2) as u64);
        carry = value.div_euclid(2);
    }
    if carry < 0 {
        return None;
    }
    let Some(top) = binary.iter().rposition(|bit| *bit == 1) else {
        return Some(0.0);
    };
    let mut low = top.saturating_sub(52);
    let mut mantissa = binary[low..=top].iter().rev().fold(0u64, |m, bit| m * 2 + bit);
    let half = low > 0 && binary[low - 1] == 1;
    let more = low > 1 && binary[..low - 1].contains(&1);
    if half && (more || mantissa % 2 == 1) {
        mantissa += 1;
    }
    if mantissa == 1 << 53 {
        mantissa /= 2;
        low += 1;
    }
    if mantissa < 1 << 52 {
        return Some(f64::from_bits(mantissa));
    }
    let exponent = low as u64 + 1;
    Some(if exponent >= 2047 {
        f64::INFINITY
    } else {
        f64::from_bits((exponent << 52) + (mantissa - (1 << 52)))
    })
}

/// One token's prints in file order.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    pub ts: Vec<i64>,
    pub price: Vec<f64>,
    pub size: Vec<f64>,
}

/// All market columns of one trade: last price, stamp, returns, and (count, volume, notional) per window.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub last_price: u64,
    pub last_ts: i64,
    pub returns: Vec<u64>,
    pub flows: Vec<[u64; 3]>,
}

pub fn market_row(tape: &Tape, t: i64, lags: &[i64], windows: &[i64], sum: Numerics) -> Row {
    let at_or_before = |moment: i128| {
        (0..tape.ts.len())
            .filter(|&j| i128::from(tape.ts[j]) <= moment)
            .collect::<Vec<_>>()
    };
    let t = i128::from(t);
    let last = at_or_before(t).last().copied();
    let price = |print: Option<usize>| print.map_or(f64::NAN, |j| tape.price[j]);
    let lagged = |lag: i64| price(at_or_before(t - i128::from(lag)).last().copied());
    let notional: Vec<f64> = tape.price.iter().zip(&tape.size).map(|(p, q)| p * q).collect();
    let flow = |window: i64| {
        let (end, start) = (at_or_before(t).len(), at_or_before(t - i128::from(window)).len());
        let total = |terms: &[f64]| match sum {
            Numerics::Exact => rounded_sum(&terms[start..end]),
            Numerics::Notebook => cumsum_at(terms, end) - cumsum_at(terms, start),
        };
        [(end - start) as f64, total(&tape.size), total(&notional)].map(crate::bits)
    };
    Row {
        last_price: crate::bits(price(last)),
        last_ts: last.map_or(NULL_TS, |j| tape.ts[j]),
        returns: lags
            .iter()
            .map(|&lag| crate::bits(price(last) - lagged(lag)))
            .collect(),
        flows: windows.iter().map(|&window| flow(window)).collect(),
    }
}

/// `numpy.cumsum(terms)[count - 1]`, 0.0 before the first.
pub fn cumsum_at(terms: &[f64], count: usize) -> f64 {
    terms[..count]
        .iter()
        .copied()
        .reduce(|sum, term| sum + term)
        .unwrap_or(0.0)
}

/// pandas' grouped sum.
pub fn kahan(terms: &[f64]) -> f64 {
    let (mut s, mut c) = (0.0, 0.0);
    for v in terms {
        let y: f64 = v - c;
        let t: f64 = s + y;
        c = t - s - y;
        if c.is_nan() {
            c = 0.0;
        }
        s = t;
    }
    s
}

#[derive(Debug, Clone, Copy)]
pub struct Trade {
    pub token: u32,
    pub ts: i64,
    pub market: u32,
    pub bucket: i64,
    pub leg: Leg,
    pub size: f64,
}

/// Flag and shares of every trade; `order` is the order in which the notebook's sums visit the trades.
pub fn sets(
    trades: &[Trade],
    order: &[u32],
    numerics: Numerics,
    mode: RegimeMode,
    length: i64,
) -> Vec<(bool, u64)> {
    let of = |row: usize| {
        let trade = &trades[row];
        if trade.market == u32::MAX || trade.bucket == NULL_TS {
            return (false, 0f64.to_bits());
        }
        let looked_at = |at: usize| {
            let other = &trades[at];
            let up_to_here = (other.ts, at) <= (trade.ts, row);
            let by_mode = match mode {
                RegimeMode::Bucket => other.bucket == trade.bucket,
                RegimeMode::BucketAsof => other.bucket == trade.bucket && up_to_here,
                RegimeMode::Trailing => other.ts > trade.ts - length && up_to_here,
                RegimeMode::PrevBucket => other.bucket == trade.bucket - length,
            };
            other.ts != NULL_TS && other.market == trade.market && by_mode
        };
        let total = |leg: Leg| {
            let group = order.iter().map(|&at| at as usize).filter(|&at| looked_at(at));
            let sizes: Vec<f64> = group
                .map(|at| &trades[at])
                .filter(|other| other.leg == leg && !other.size.is_nan())
                .map(|other| other.size)
                .collect();
            match numerics {
                Numerics::Exact => rounded_sum(&sizes),
                Numerics::Notebook => kahan(&sizes),
            }
        };
        let (up, down) = (total(Leg::Up), total(Leg::Down));
        let shares = match (up, down) {
            _ if up.is_nan() || down.is_nan() => 0.0,
            _ if up < down => up,
            _ => down,
        };
        (up > 0.0 && down > 0.0, shares.to_bits())
    };
    (0..trades.len()).map(of).collect()
}

/// Row numbers by (token, ts), nulls last, ties in file order.
pub fn order(trades: &[Trade]) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..trades.len() as u32).collect();
    rows.sort_by_key(|&row| {
        let Trade { token, ts, .. } = trades[row as usize];
        (token == u32::MAX, token, ts == NULL_TS, ts, row)
    });
    rows
}
