//! What both tables share: markets, tokens, wallets, and the random choices, each a function of the seed,
//! a row number and the choice's own number.

use std::f64::consts::TAU;
use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};

use crate::Wanted;

/// Milliseconds of the first stamp.
const START: i64 = 1_774_000_000_000;
const DAYS: f64 = 7.0;
const DAY_MS: f64 = 86_400_000.0;
const WALLETS: u64 = 5_000;
const SYMBOLS: [(&str, &str); 4] = [
    ("btc", "Bitcoin"),
    ("eth", "Ethereum"),
    ("sol", "Solana"),
    ("xrp", "XRP"),
];

/// A synthetic recording.
pub struct World {
    seed: u64,
    step: i64,
    /// Rows of either table.
    pub trades: u64,
    pub prints: u64,
    /// Markets of the tape; as many more as `extra` only trades know.
    pub markets: u64,
    pub extra: u64,
    pub own: f64,
    pub sweep: f64,
    /// Texts by token, by market, by wallet.
    pub token_ids: ArrayRef,
    pub slugs: ArrayRef,
    pub titles: ArrayRef,
    pub conditions: ArrayRef,
    pub wallets: ArrayRef,
}

fn texts(n: u64, text: impl Fn(u64) -> String) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..n).map(text)))
}

/// A good mix of 64 bits (the finalizer of SplitMix64).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 30;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl World {
    pub fn new(wanted: &Wanted) -> Self {
        let markets = u64::from(wanted.tokens / 2);
        let extra = (markets / 500).max(1);
        let all = markets + extra;
        let empty: ArrayRef = Arc::new(StringArray::new_null(0));
        let mut world = World {
            seed: mix(wanted.seed.wrapping_add(0x9E37_79B9_7F4A_7C15)),
            step: wanted.step,
            trades: wanted.trades,
            prints: wanted.prints,
            markets,
            extra,
            own: wanted.own,
            sweep: wanted.sweep,
            token_ids: Arc::clone(&empty),
            slugs: Arc::clone(&empty),
            titles: Arc::clone(&empty),
            conditions: Arc::clone(&empty),
            wallets: empty,
        };
        world.token_ids = texts(2 * all, |t| world.digits(t));
        world.conditions = texts(all, |m| world.hex(m, 4, 64));
        world.wallets = texts(WALLETS, |w| world.hex(w, 5, 40));
        world.slugs = texts(all, |m| {
            format!(
                "{}-updown-15m-{}",
                SYMBOLS[(m % 4) as usize].0,
                1_774_000_000 + 900 * (m / 4)
            )
        });
        world.titles = texts(all, |m| {
            let quarter = m / 4;
            format!(
                "{} Up or Down - March {}, {}:{:02}PM ET #{m}",
                SYMBOLS[(m % 4) as usize].1,
                20 + quarter / 96 % 10,
                quarter / 4 % 12 + 1,
                quarter % 4 * 15
            )
        });
        world
    }

    /// 64 random bits for choice `salt` of row `i`.
    pub fn bits(&self, i: u64, salt: u64) -> u64 {
        mix(mix(i.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.seed)
            .wrapping_add(salt.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    /// Uniform in [0, 1).
    pub fn uniform(&self, i: u64, salt: u64) -> f64 {
        (self.bits(i, salt) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `n`.
    pub fn below(&self, i: u64, salt: u64, n: u64) -> u64 {
        self.bits(i, salt) % n
    }

    /// `0x` and `length` hexadecimal digits.
    pub fn hex(&self, i: u64, salt: u64, length: usize) -> String {
        let mut text = String::with_capacity(2 + 64);
        text.push_str("0x");
        for k in 0..4 {
            let _ = write!(text, "{:016x}", self.bits(i, salt * 8 + 1_000 + k));
        }
        text.truncate(2 + length);
        text
    }

    /// A token id: 77 decimal digits.
    fn digits(&self, token: u64) -> String {
        let mut text = format!("{}", 1 + self.below(token, 2, 9));
        for k in 0..4 {
            let _ = write!(
                text,
                "{:019}",
                self.bits(token, 2_000 + k) % 10_000_000_000_000_000_000
            );
        }
        text
    }

    /// The stamp of row `i` of `n`: ascending, busier at one time of the day.
    pub fn at(&self, i: u64, n: u64) -> i64 {
        let x = i as f64 / n as f64;
        let wave = TAU * DAYS;
        let ms = (DAYS * DAY_MS * (x + 0.8 * (wave * x).sin() / wave)).round() as i64;
        START + ms / self.step * self.step
    }

    /// A market of the tape, popular ones more often.
    pub fn market(&self, i: u64, salt: u64) -> u64 {
        let share = self.uniform(i, salt).powi(4);
        ((self.markets as f64 * share) as u64).min(self.markets - 1)
    }

    /// A price near the token's own, in whole cents.
    pub fn price(&self, i: u64, salt: u64, token: u64) -> f64 {
        let base = 0.05 + 0.9 * self.uniform(token, 7);
        let price = base + 0.16 * (self.uniform(i, salt) - 0.5);
        ((price * 100.0).round() / 100.0).clamp(0.01, 0.99)
    }

    /// A size: often a round number, else with six places.
    pub fn size(&self, i: u64, salt: u64) -> f64 {
        if self.below(i, salt, 10) < 4 {
            return [5.0, 10.0, 20.0, 50.0, 100.0][self.below(i, salt + 1, 5) as usize];
        }
        let size = 1.0 + 400.0 * self.uniform(i, salt + 2).powi(4);
        (size * 1e6).round() / 1e6
    }

    /// The wallet of print `i`.
    pub fn wallet(&self, i: u64) -> u64 {
        self.below(i, 16, WALLETS)
    }

    /// When a market's quarter of an hour ends.
    pub fn market_end(market: u64) -> i64 {
        START + 900_000 * (market as i64 / 4 % 672)
    }
}
