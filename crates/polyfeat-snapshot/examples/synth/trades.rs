//! The user's trades.

use std::ops::Range;

use crate::columns::{Columns, Of};
use crate::world::World;

/// Columns that no dictionary would shrink.
pub const PLAIN: [&str; 19] = [
    "ts",
    "size",
    "notional_usd",
    "transaction_hash",
    "event_key",
    "seconds_to_end",
    "realized_pnl",
    "tob_captured_at",
    "best_bid_price",
    "best_bid_size",
    "best_ask_price",
    "best_ask_size",
    "mid",
    "spread",
    "price_minus_mid",
    "tob_imbalance",
    "edge_vs_mid",
    "effective_spread",
    "effective_spread_ratio",
];

/// A trade, and what the book was like.
struct Trade {
    ts: i64,
    token: u64,
    side: &'static str,
    price: f64,
    size: f64,
    tx: String,
    /// Delay of the book's capture; none where no book was seen.
    lag: Option<i64>,
    bid: f64,
    ask: f64,
    bid_size: f64,
    ask_size: f64,
    /// Whether the trade's outcome won; none while the market is open.
    won: Option<bool>,
    end: Option<i64>,
}

impl Trade {
    fn market(&self) -> u64 {
        self.token / 2
    }

    fn known(&self) -> bool {
        self.lag.is_some()
    }

    /// A value of the book, where one was seen.
    fn book(&self, value: f64) -> Option<f64> {
        self.known().then_some(value)
    }

    fn mid(&self) -> f64 {
        (self.bid + self.ask) / 2.0
    }

    fn spread(&self) -> f64 {
        self.ask - self.bid
    }

    fn edge(&self) -> f64 {
        if self.side == "BUY" {
            self.mid() - self.price
        } else {
            self.price - self.mid()
        }
    }

    fn exec_type(&self) -> &'static str {
        match () {
            () if !self.known() => "UNKNOWN",
            () if self.price <= self.bid => "MAKER_LIKE",
            () if self.price >= self.ask => "TAKER_LIKE",
            () => "INSIDE",
        }
    }

    fn settle_price(&self) -> Option<f64> {
        self.won.map(|won| f64::from(u8::from(won)))
    }
}

impl World {
    fn trade(&self, i: u64) -> Trade {
        // Some trades are prints of the tape. One token in ten is never traded.
        let own = (self.uniform(i, 30) < self.own)
            .then(|| self.print((i as u128 * self.prints as u128 / self.trades as u128) as u64 / 4 * 4))
            .filter(|p| p.token % 10 != 7);
        let (ts, token, side, price, size, tx) = match own {
            Some(p) => (p.ts, p.token, p.side, p.price, p.size, p.tx),
            None => {
                let token = self.traded_token(i);
                let side = if self.below(i, 33, 10) == 0 { "SELL" } else { "BUY" };
                let ts = self.at(i, self.trades);
                (
                    ts,
                    token,
                    side,
                    self.price(i, 40, token),
                    self.size(i, 41),
                    self.hex(i, 31, 64),
                )
            }
        };
        let lag = (self.below(i, 44, 100) >= 8).then(|| 60 + self.below(i, 48, 4900) as i64);
        // Where no book was seen, its columns hold zeros.
        let seen = |value: f64| if lag.is_some() { value } else { 0.0 };
        let up = self.below(token / 2, 46, 2) == 0;
        Trade {
            ts,
            token,
            side,
            price,
            size,
            tx,
            lag,
            bid: seen(price - 0.03 * self.uniform(i, 49)),
            ask: seen(price + 0.001 + 0.03 * self.uniform(i, 50)),
            bid_size: seen(1.0 + 5000.0 * self.uniform(i, 51)),
            ask_size: seen(1.0 + 5000.0 * self.uniform(i, 52)),
            won: (self.below(token, 45, 100) >= 15).then_some(up == (token % 2 == 0)),
            end: (self.below(token / 2, 47, 20) > 0).then(|| World::market_end(token / 2)),
        }
    }

    fn traded_token(&self, i: u64) -> u64 {
        if self.below(i, 31, 1000) < 3 {
            return 2 * self.markets + self.below(i, 32, 2 * self.extra);
        }
        let token = 2 * self.market(i, 34) + self.below(i, 35, 2);
        if token % 10 == 7 { token - 1 } else { token }
    }
}

/// The columns of some rows.
pub fn columns(world: &World, rows: Range<u64>) -> Columns {
    let ids = world
        .token_ids
        .as_any()
        .downcast_ref::<arrow::array::StringArray>();
    let ids = ids.expect("texts");
    let rows: Vec<Trade> = rows.map(|i| world.trade(i)).collect();
    let of = Of(&rows);
    let one = |word: &'static str| of.word(move |_| Some(word));
    vec![
        ("ts", of.ms(|t| Some(t.ts))),
        ("day", of.days(|t| (t.ts / 86_400_000) as i32)),
        ("hour_utc", of.bytes(|t| (t.ts / 3_600_000 % 24) as u8)),
        ("username", one("synthetic")),
        ("proxy_address", one("0x6031b6ee0000000000000000000000000000beef")),
        ("market_slug", of.one_of(&world.slugs, Trade::market)),
        ("title", of.one_of(&world.titles, Trade::market)),
        ("token_id", of.one_of(&world.token_ids, |t| t.token)),
        ("condition_id", of.one_of(&world.conditions, Trade::market)),
        ("side", of.word(|t| Some(t.side))),
        (
            "outcome",
            of.word(|t| Some(["Up", "Down"][(t.token % 2) as usize])),
        ),
        ("outcome_index", of.ints(|t| (t.token % 2) as i32)),
        ("price", of.doubles(|t| Some(t.price))),
        ("size", of.doubles(|t| Some(t.size))),
        ("notional_usd", of.doubles(|t| Some(t.price * t.size))),
        ("transaction_hash", of.texts(|t| t.tx.clone())),
        (
            "event_key",
            of.texts(|t| format!("{}:{}:{}", t.tx, ids.value(t.token as usize), t.side)),
        ),
        ("series", one("updown-15m")),
        ("asset", one("")),
        (
            "seconds_to_end",
            of.longs(|t| t.end.map(|end| (end - t.ts) / 1000)),
        ),
        ("end_date", of.ms(|t| t.end)),
        ("event_start_time", of.ms(|t| t.end.map(|end| end - 900_000))),
        ("active", of.bytes(|_| 1)),
        ("closed", of.bytes(|t| t.won.is_some().into())),
        (
            "uma_resolution_status",
            of.word(|t| Some(if t.won.is_some() { "resolved" } else { "" })),
        ),
        ("is_resolved", of.bytes(|t| t.won.is_some().into())),
        (
            "resolved_outcome",
            of.word(|t| {
                t.won
                    .map(|won| if won == (t.token % 2 == 0) { "Up" } else { "Down" })
            }),
        ),
        ("settle_price", of.doubles(Trade::settle_price)),
        (
            "realized_pnl",
            of.doubles(|t| t.settle_price().map(|s| (s - t.price) * t.size)),
        ),
        ("tob_captured_at", of.ms(|t| t.lag.map(|lag| t.ts + lag))),
        ("tob_known", of.bytes(|t| t.known().into())),
        ("tob_lag_millis", of.longs(|t| t.lag)),
        ("best_bid_price", of.doubles(|t| Some(t.bid))),
        ("best_bid_size", of.doubles(|t| Some(t.bid_size))),
        ("best_ask_price", of.doubles(|t| Some(t.ask))),
        ("best_ask_size", of.doubles(|t| Some(t.ask_size))),
        ("mid", of.doubles(|t| Some(t.mid()))),
        ("spread", of.doubles(|t| Some(t.spread()))),
        ("price_minus_mid", of.doubles(|t| Some(t.price - t.mid()))),
        (
            "tob_imbalance",
            of.doubles(|t| t.book((t.bid_size - t.ask_size) / (t.bid_size + t.ask_size))),
        ),
        ("exec_type", of.word(|t| Some(t.exec_type()))),
        ("edge_vs_mid", of.doubles(|t| t.book(t.edge()))),
        (
            "effective_spread",
            of.doubles(|t| t.book(2.0 * (t.price - t.mid()).abs())),
        ),
        (
            "effective_spread_ratio",
            of.doubles(|t| t.book(2.0 * (t.price - t.mid()).abs() / t.spread())),
        ),
    ]
}
