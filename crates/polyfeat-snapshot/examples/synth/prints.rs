//! The tape.

use std::ops::Range;

use crate::columns::{Columns, Of};
use crate::world::World;

/// Columns that no dictionary would shrink.
pub const PLAIN: [&str; 7] = [
    "ts",
    "captured_at",
    "size",
    "transaction_hash",
    "event_key",
    "ingested_at",
    "kafka_timestamp",
];

/// A print.
pub struct Print {
    i: u64,
    pub ts: i64,
    pub token: u64,
    pub price: f64,
    pub size: f64,
    pub side: &'static str,
    pub tx: String,
    captured_after: i64,
}

impl World {
    /// Print `i` of the tape.
    pub fn print(&self, i: u64) -> Print {
        // The prints of a sweep share stamp and token with its first.
        let first = if self.uniform(i / 4, 10) < self.sweep {
            i / 4 * 4
        } else {
            i
        };
        let token = 2 * self.market(first, 11) + self.below(first, 12, 2);
        Print {
            i,
            ts: self.at(first, self.prints),
            token,
            price: self.price(i, 23, token),
            size: self.size(i, 24),
            side: if self.below(i, 15, 10) < 6 { "BUY" } else { "SELL" },
            tx: self.hex(i, 17, 64),
            captured_after: 500 + self.below(i, 13, 4000) as i64,
        }
    }
}

/// The columns of some rows.
pub fn columns(world: &World, rows: Range<u64>) -> Columns {
    let ids = world
        .token_ids
        .as_any()
        .downcast_ref::<arrow::array::StringArray>();
    let ids = ids.expect("texts");
    let rows: Vec<Print> = rows.map(|i| world.print(i)).collect();
    let of = Of(&rows);
    let ingested = |p: &Print| p.ts + p.captured_after + 40 + world.below(p.i, 14, 60) as i64;
    vec![
        ("ts", of.ms(|p| Some(p.ts))),
        ("captured_at", of.ms(|p| Some(p.ts + p.captured_after))),
        ("market_slug", of.one_of(&world.slugs, |p| p.token / 2)),
        ("token_id", of.one_of(&world.token_ids, |p| p.token)),
        ("condition_id", of.one_of(&world.conditions, |p| p.token / 2)),
        ("side", of.word(|p| Some(p.side))),
        (
            "outcome",
            of.word(|p| Some(["Up", "Down"][(p.token % 2) as usize])),
        ),
        ("outcome_index", of.ints(|p| (p.token % 2) as i32)),
        ("price", of.doubles(|p| Some(p.price))),
        ("size", of.doubles(|p| Some(p.size))),
        ("transaction_hash", of.texts(|p| p.tx.clone())),
        ("proxy_wallet", of.one_of(&world.wallets, |p| world.wallet(p.i))),
        (
            "event_key",
            of.texts(|p| format!("{}:{}:{}", p.tx, ids.value(p.token as usize), p.side)),
        ),
        ("ingested_at", of.ms(|p| Some(ingested(p)))),
        ("kafka_partition", of.ints(|p| (p.i % 8) as i32)),
        ("kafka_offset", of.longs(|p| Some((p.i / 8) as i64))),
        ("kafka_timestamp", of.ms(|p| Some(p.ts + p.captured_after + 30))),
    ]
}
