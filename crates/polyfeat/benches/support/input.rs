//! What the kernels are measured on: always the same, and much like a recorded tape.

use polyfeat::{Leg, floor_to};

/// One token's tape and trades for the sweeps; a table of many tokens for orders, joins and complete sets.
pub struct Input {
    /// Milliseconds, ascending; one print in five shares its stamp with the one before.
    pub ts: Vec<i64>,
    pub price: Vec<f64>,
    pub size: Vec<f64>,
    /// `price · size`.
    pub notional: Vec<f64>,
    /// When each print was recorded, half a second to four seconds later.
    pub availability: Vec<i64>,
    /// The transaction of each print; every fourth trade is one.
    pub own: Vec<u32>,
    /// Stamps of trades, ascending.
    pub trades: Vec<i64>,
    /// Their transactions.
    pub trade_own: Vec<u32>,
    pub table: Table,
}

/// Rows of `TOKENS` tokens in the order of time.
pub struct Table {
    pub token: Vec<u32>,
    pub market: Vec<u32>,
    pub ts: Vec<i64>,
    pub bucket: Vec<i64>,
    pub leg: Vec<Leg>,
    pub size: Vec<f64>,
}

pub const TOKENS: usize = 64;
/// Milliseconds of the complete-set bucket.
pub const BUCKET: i64 = 10_000;

/// Random bits, the same ones every time (SplitMix64).
struct Bits(u64);

impl Bits {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)) % n
    }

    fn size(&mut self) -> f64 {
        match self.below(10) {
            0..4 => [5.0, 10.0, 20.0, 50.0, 100.0][self.below(5) as usize],
            _ => (1_000_000 + self.below(400_000_000)) as f64 / 1e6,
        }
    }
}

impl Input {
    /// An input of this many prints, and of a tenth as many trades and rows of the table.
    pub fn new(prints: usize) -> Self {
        let mut bits = Bits(7);
        let mut now = 1_774_000_000_000;
        let ts: Vec<i64> = (0..prints)
            .map(|_| {
                if bits.below(5) > 0 {
                    now += 1 + bits.below(600) as i64;
                }
                now
            })
            .collect();
        let price: Vec<f64> = ts.iter().map(|_| (1 + bits.below(99)) as f64 / 100.0).collect();
        let size: Vec<f64> = ts.iter().map(|_| bits.size()).collect();
        let print_of = |trade: usize| trade * 10;
        let own: Vec<u32> = (0..prints)
            .map(|print| {
                if print % 40 == 0 {
                    (print / 10) as u32
                } else {
                    u32::MAX
                }
            })
            .collect();
        let rows = prints / 10;
        let trades: Vec<i64> = (0..rows).map(|trade| ts[print_of(trade)]).collect();
        let token: Vec<u32> = (0..rows).map(|_| bits.below(TOKENS as u64) as u32).collect();
        Input {
            notional: price.iter().zip(&size).map(|(p, q)| p * q).collect(),
            availability: ts.iter().map(|ts| ts + 500 + bits.below(3_500) as i64).collect(),
            trade_own: (0..rows as u32).collect(),
            table: Table {
                market: token.iter().map(|token| token / 2).collect(),
                ts: trades.clone(),
                bucket: trades
                    .iter()
                    .map(|&ts| floor_to(ts, BUCKET).unwrap_or(ts))
                    .collect(),
                leg: token
                    .iter()
                    .map(|token| match (bits.below(10), token % 2) {
                        (0, _) => Leg::None,
                        (_, 0) => Leg::Up,
                        _ => Leg::Down,
                    })
                    .collect(),
                size: token.iter().map(|_| bits.size()).collect(),
                token,
            },
            ts,
            price,
            size,
            own,
            trades,
        }
    }
}
