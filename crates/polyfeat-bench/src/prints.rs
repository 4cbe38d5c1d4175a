//! The tape of a synthetic snapshot.

use crate::columns::{Columns, Of};
use crate::world::{WALLETS, World};

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

/// Share of SELLs among the prints of others.
const OTHERS_SELL: f64 = 0.4;

/// A print.
pub struct Print {
    i: u64,
    /// Milliseconds.
    pub ts: i64,
    /// Its number.
    pub token: u64,
    /// Dollars.
    pub price: f64,
    /// Shares.
    pub size: f64,
    /// `BUY` or `SELL`.
    pub side: &'static str,
    /// Transaction hash.
    pub tx: String,
    /// Whether the user made it.
    own: bool,
    captured_after: i64,
}

/// The word of a side.
pub fn side(sell: bool) -> &'static str {
    if sell { "SELL" } else { "BUY" }
}

impl World {
    /// The print that trade `j` is, where it is one.
    pub fn own_print(&self, j: u64) -> Option<u64> {
        let (trades, prints) = (u128::from(self.plan.trades), u128::from(self.plan.prints));
        self.random
            .happens(j, 30, self.plan.own)
            .then(|| (u128::from(j) * prints / trades) as u64)
    }

    /// The trade that print `i` is, where it is one.
    fn owner(&self, i: u64) -> Option<u64> {
        let (trades, prints) = (u128::from(self.plan.trades), u128::from(self.plan.prints));
        let j = (u128::from(i) * trades).div_ceil(prints) as u64;
        (j < self.plan.trades && self.own_print(j) == Some(i)).then_some(j)
    }

    /// The token and stamp of print `i`.
    pub fn print_key(&self, i: u64) -> (u64, i64) {
        let (token, ts, _) = self.print_place(i);
        (token, ts)
    }

    fn print_place(&self, i: u64) -> (u64, i64, Option<u64>) {
        // The prints of a sweep share stamp and token with its first.
        let first = if self.random.happens(i / 4, 10, self.plan.sweep) {
            i / 4 * 4
        } else {
            i
        };
        let owner = self.owner(i);
        let token = self.token(first, 11);
        // What the user trades is a token that the user trades.
        let token = token - u64::from(owner.is_some() && World::untraded(token));
        (token, self.at(first, self.plan.prints), owner)
    }

    /// Whether the token id of print `i` is null.
    pub fn print_token_null(&self, i: u64) -> bool {
        self.null(i, 18)
    }

    /// Print `i` of the tape.
    pub fn print(&self, i: u64) -> Print {
        let random = self.random;
        let (token, ts, owner) = self.print_place(i);
        let sell = match owner {
            Some(trade) => self.sells(trade),
            None => random.happens(i, 15, OTHERS_SELL),
        };
        let mut tx = String::with_capacity(66);
        random.hex(i, 17, 64, &mut tx);
        Print {
            i,
            ts,
            token,
            price: self.price(i, 23, token),
            size: self.size(i, 24),
            side: side(sell),
            tx,
            own: owner.is_some(),
            captured_after: 500 + random.below(i, 9, 4000) as i64,
        }
    }
}

/// The columns of some rows.
pub fn columns(world: &World, rows: &[u32]) -> Columns {
    let random = world.random;
    let rows: Vec<Print> = rows.iter().map(|&i| world.print(i.into())).collect();
    let of = Of(&rows);
    let ingested = |p: &Print| p.ts + p.captured_after + 40 + random.below(p.i, 8, 60) as i64;
    let wallet = |p: &Print| {
        if p.own {
            WALLETS
        } else {
            random.below(p.i, 16, WALLETS)
        }
    };
    vec![
        ("ts", of.ms(|p| Some(p.ts))),
        ("captured_at", of.ms(|p| Some(p.ts + p.captured_after))),
        ("market_slug", of.one_of(&world.slugs, |p| Some(p.token / 2))),
        (
            "token_id",
            of.one_of(&world.token_ids, |p| {
                (!world.print_token_null(p.i)).then_some(p.token)
            }),
        ),
        (
            "condition_id",
            of.one_of(&world.conditions, |p| Some(p.token / 2)),
        ),
        ("side", of.word(|p| Some(p.side))),
        (
            "outcome",
            of.word(|p| Some(["Up", "Down"][(p.token % 2) as usize])),
        ),
        ("outcome_index", of.ints(|p| (p.token % 2) as i32)),
        ("price", of.doubles(|p| (!world.null(p.i, 19)).then_some(p.price))),
        ("size", of.doubles(|p| (!world.null(p.i, 20)).then_some(p.size))),
        ("transaction_hash", of.texts(|p, text| text.push_str(&p.tx))),
        ("proxy_wallet", of.one_of(&world.wallets, |p| Some(wallet(p)))),
        (
            "event_key",
            of.texts(|p, text| event_key(world, &p.tx, p.token, p.side, text)),
        ),
        ("ingested_at", of.ms(|p| Some(ingested(p)))),
        ("kafka_partition", of.ints(|p| (p.i % 8) as i32)),
        ("kafka_offset", of.longs(|p| Some((p.i / 8) as i64))),
        ("kafka_timestamp", of.ms(|p| Some(p.ts + p.captured_after + 30))),
    ]
}

/// Appends what names an event in both tables.
pub fn event_key(world: &World, tx: &str, token: u64, side: &str, text: &mut String) {
    for part in [tx, ":", world.token_ids.get(token), ":", side] {
        text.push_str(part);
    }
}
