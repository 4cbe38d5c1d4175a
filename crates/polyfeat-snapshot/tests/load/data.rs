//! Large snapshots by rows of numbers. Prices are multiples of 1/64 and sizes whole, so that every sum is exact
//! in any order and can be expected by whole numbers.

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};

use crate::support::{Columns, Snapshot, stamps};

/// A trade: milliseconds, token, size.
#[derive(Clone, Copy)]
pub struct Trade {
    pub ts: i64,
    pub token: u32,
    pub size: i64,
}

/// A print: milliseconds, token, 64ths, size.
#[derive(Clone, Copy)]
pub struct Print {
    pub ts: i64,
    pub token: u32,
    pub price: i64,
    pub size: i64,
}

/// Both tables.
#[derive(Clone)]
pub struct Load {
    pub trades: Vec<Trade>,
    pub prints: Vec<Print>,
}

/// Numbers that look random, the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Below `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as i64 % n
    }
}

impl Load {
    /// `trades` and `prints` of `tokens` at random within `span` milliseconds, in no order.
    pub fn random(trades: usize, prints: usize, tokens: u32, span: i64) -> Self {
        let mut random = Random::new(7);
        Load {
            trades: (0..trades)
                .map(|_| Trade {
                    ts: random.below(span),
                    token: random.below(i64::from(tokens)) as u32,
                    size: 1 + random.below(9),
                })
                .collect(),
            prints: (0..prints)
                .map(|_| Print {
                    ts: random.below(span),
                    token: random.below(i64::from(tokens)) as u32,
                    price: 1 + random.below(63),
                    size: 1 + random.below(500),
                })
                .collect(),
        }
    }

    /// Columns of the trades; `row` is the number of the row. Two tokens make a market: even ones are Up.
    pub fn trade_columns(&self) -> Columns {
        let all = &self.trades;
        let word = |of: fn(&Trade) -> &'static str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(all.iter().map(of)))
        };
        vec![
            ("row", Arc::new(Int64Array::from_iter_values(0..all.len() as i64))),
            ("ts", times(all.iter().map(|t| t.ts))),
            ("token_id", names(all.iter().map(|t| t.token))),
            ("market_slug", names(all.iter().map(|t| t.token / 2))),
            ("side", word(|_| "BUY")),
            ("outcome", word(|t| if t.token % 2 == 0 { "Up" } else { "Down" })),
            ("size", doubles(all.iter().map(|t| t.size as f64))),
        ]
    }

    pub fn print_columns(&self) -> Columns {
        let all = &self.prints;
        vec![
            ("ts", times(all.iter().map(|p| p.ts))),
            ("token_id", names(all.iter().map(|p| p.token))),
            ("price", doubles(all.iter().map(|p| p.price as f64 / 64.0))),
            ("size", doubles(all.iter().map(|p| p.size as f64))),
        ]
    }

    /// As a snapshot, a row group each.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.trade_columns(), &self.print_columns())
    }
}

fn times(ticks: impl Iterator<Item = i64>) -> ArrayRef {
    stamps(TimeUnit::Millisecond, Some("UTC"), ticks.map(Some).collect())
}

fn doubles(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

/// Texts whose order is that of their numbers.
fn names(codes: impl Iterator<Item = u32>) -> ArrayRef {
    let codes = Int32Array::from_iter_values(codes.map(|c| c as i32));
    let most = codes.values().iter().max().map_or(0, |c| c + 1);
    let values = StringArray::from_iter_values((0..most).map(|c| format!("{c:012}")));
    Arc::new(DictionaryArray::try_new(codes, Arc::new(values)).unwrap())
}

/// The same columns, dictionaries written out as texts.
pub fn texts(columns: &Columns) -> Columns {
    columns
        .iter()
        .map(|(name, array)| {
            let array = match array.data_type() {
                DataType::Dictionary(..) => cast(array, &DataType::Utf8).unwrap(),
                _ => Arc::clone(array),
            };
            (*name, array)
        })
        .collect()
}
