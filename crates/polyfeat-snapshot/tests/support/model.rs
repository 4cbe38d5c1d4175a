//! Trades and prints as plain rows, and the columns that hold them.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use arrow::datatypes::TimeUnit;

use super::Columns;

/// A trade; its time in ticks of whatever unit the test writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    pub ts: Option<i64>,
    pub token: Option<&'static str>,
    pub market: Option<&'static str>,
    pub side: Option<&'static str>,
    pub outcome: Option<&'static str>,
    pub size: Option<f64>,
}

/// A print of the tape.
#[derive(Clone, Debug, PartialEq)]
pub struct Print {
    pub ts: Option<i64>,
    pub token: Option<&'static str>,
    pub price: Option<f64>,
    pub size: Option<f64>,
}

/// A column of stamps.
pub fn stamps(unit: TimeUnit, zone: Option<&str>, ticks: Vec<Option<i64>>) -> ArrayRef {
    let zone: Option<Arc<str>> = zone.map(Into::into);
    match unit {
        TimeUnit::Second => Arc::new(TimestampSecondArray::from(ticks).with_timezone_opt(zone)),
        TimeUnit::Millisecond => Arc::new(TimestampMillisecondArray::from(ticks).with_timezone_opt(zone)),
        TimeUnit::Microsecond => Arc::new(TimestampMicrosecondArray::from(ticks).with_timezone_opt(zone)),
        TimeUnit::Nanosecond => Arc::new(TimestampNanosecondArray::from(ticks).with_timezone_opt(zone)),
    }
}

pub fn strings<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

pub fn f64s(values: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Float64Array>())
}

/// Seconds to nanoseconds.
pub fn spread(seconds: Option<i64>) -> Option<i64> {
    seconds.map(|s| s * 1_000_000_000)
}

/// Columns of trades whose ticks are seconds, stored as ns UTC, with the row number as `row`.
pub fn trade_columns(trades: &[Trade]) -> Columns {
    let ts = trades.iter().map(|t| spread(t.ts)).collect();
    trade_rows(trades, stamps(TimeUnit::Nanosecond, Some("UTC"), ts))
}

/// The same with a time column of the caller's.
pub fn trade_rows(trades: &[Trade], ts: ArrayRef) -> Columns {
    vec![
        (
            "row",
            Arc::new(Int64Array::from_iter_values(0..trades.len() as i64)),
        ),
        ("ts", ts),
        ("token_id", strings(trades.iter().map(|t| t.token))),
        ("market_slug", strings(trades.iter().map(|t| t.market))),
        ("side", strings(trades.iter().map(|t| t.side))),
        ("outcome", strings(trades.iter().map(|t| t.outcome))),
        ("size", f64s(trades.iter().map(|t| t.size))),
        ("event_key", strings(trades.iter().map(|t| t.token))),
        ("exec_type", strings(trades.iter().map(|t| t.side))),
        ("realized_pnl", f64s(trades.iter().map(|t| t.size))),
    ]
}

/// Columns of prints whose ticks are seconds, stored as ns UTC.
pub fn tape_columns(prints: &[Print]) -> Columns {
    let ts = prints.iter().map(|p| spread(p.ts)).collect();
    vec![
        ("ts", stamps(TimeUnit::Nanosecond, Some("UTC"), ts)),
        ("token_id", strings(prints.iter().map(|p| p.token))),
        ("price", f64s(prints.iter().map(|p| p.price))),
        ("size", f64s(prints.iter().map(|p| p.size))),
    ]
}

/// Trades and prints with everything in them that may go wrong: unsorted, dense ties, before 1970 and after,
/// nulls in every column, a token that never prints and prints nobody traded. Times are whole seconds, prices
/// and sizes multiples of `step`, so that narrower types hold them too.
pub fn base(step: f64) -> (Vec<Trade>, Vec<Print>) {
    const TOKENS: [&str; 5] = ["9", "10", "77777", "é", "never"];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let mut trades = Vec::new();
    for _ in 0..120 {
        trades.push(Trade {
            ts: (below(12) > 0).then(|| below(900) as i64 - 300),
            token: (below(15) > 0).then(|| TOKENS[below(5) as usize]),
            market: (below(15) > 0).then(|| ["m", "n"][below(2) as usize]),
            side: (below(15) > 0).then(|| ["BUY", "BUY", "SELL"][below(3) as usize]),
            outcome: (below(15) > 0).then(|| ["Up", "Down", "Yes"][below(3) as usize]),
            size: (below(12) > 0).then(|| below(40) as f64 * step),
        });
    }
    let mut prints = Vec::new();
    for _ in 0..300 {
        prints.push(Print {
            ts: (below(25) > 0).then(|| (below(300) as i64 - 100) * 3),
            token: (below(25) > 0).then(|| ["9", "10", "77777", "é", "other"][below(5) as usize]),
            price: (below(12) > 0).then(|| below(64) as f64 * step),
            size: (below(25) > 0).then(|| below(500) as f64 * step),
        });
    }
    (trades, prints)
}

/// A print of token A.
pub fn token_print(ts: i64, price: f64, size: f64) -> Print {
    Print {
        ts: Some(ts),
        token: Some("A"),
        price: Some(price),
        size: Some(size),
    }
}

/// A purchase of one share.
pub fn buy(ts: i64, token: &'static str) -> Trade {
    Trade {
        ts: Some(ts),
        token: Some(token),
        market: Some("m"),
        side: Some("BUY"),
        outcome: Some("Up"),
        size: Some(1.0),
    }
}
