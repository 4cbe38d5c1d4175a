//! What both tables of a synthetic snapshot share: markets, tokens, wallets, the course of time.

use std::f64::consts::TAU;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray};

use crate::options::{Stamps, Synthetic};
use crate::random::Random;

/// Milliseconds of the first stamp.
pub const START: i64 = 1_774_000_000_000;
const DAY_MS: f64 = 86_400_000.0;
/// Wallets of others.
pub const WALLETS: u64 = 5_000;
/// The user's wallet.
pub const USER_WALLET: &str = "0x6031b6ee0000000000000000000000000000beef";
const SYMBOLS: [(&str, &str); 4] = [
    ("btc", "Bitcoin"),
    ("eth", "Ethereum"),
    ("sol", "Solana"),
    ("xrp", "XRP"),
];

/// A synthetic recording.
pub struct World {
    /// What was asked for.
    pub plan: Synthetic,
    /// Its choices.
    pub random: Random,
    /// Milliseconds that stamps are multiples of.
    step: i64,
    /// Markets of the tape; as many more as `extra` only trades know.
    pub markets: u64,
    /// See `markets`.
    pub extra: u64,
    /// Power that makes a uniform number the place of a market among the ranks.
    power: f64,
    /// Texts by token.
    pub token_ids: Names,
    /// Texts by market.
    pub slugs: Names,
    /// Texts by market.
    pub titles: Names,
    /// Texts by market.
    pub conditions: Names,
    /// Texts by wallet; the user's is the last.
    pub wallets: Names,
}

/// Texts by number, made once and shared by all columns.
#[derive(Clone)]
pub struct Names(Arc<StringArray>);

impl Names {
    fn new(n: u64, text: impl Fn(u64) -> String) -> Self {
        Names(Arc::new(StringArray::from_iter_values((0..n).map(text))))
    }

    /// One of them.
    pub fn get(&self, i: u64) -> &str {
        self.0.value(i as usize)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// As the values of a dictionary.
    pub fn array(&self) -> ArrayRef {
        Arc::clone(&self.0) as ArrayRef
    }
}

impl World {
    /// The recording that `plan` describes. Its names take about 400 bytes a market.
    pub fn new(plan: &Synthetic) -> Self {
        let random = Random::new(plan.seed);
        let markets = u64::from(plan.tokens / 2);
        let extra = (markets / 500).max(1);
        let all = markets + extra;
        let hex = |i, salt, length| {
            let mut text = String::new();
            random.hex(i, salt, length, &mut text);
            text
        };
        World {
            random,
            step: match plan.stamps {
                Stamps::Ms => 1,
                Stamps::S => 1000,
            },
            markets,
            extra,
            power: 1.0 / (1.0 - plan.skew),
            token_ids: Names::new(2 * all, |t| random.digits(t)),
            conditions: Names::new(all, |m| hex(m, 4, 64)),
            wallets: Names::new(WALLETS + 1, |w| {
                if w == WALLETS {
                    USER_WALLET.into()
                } else {
                    hex(w, 5, 40)
                }
            }),
            slugs: Names::new(all, |m| {
                let symbol = SYMBOLS[(m % 4) as usize].0;
                format!("{symbol}-updown-15m-{}", START as u64 / 1000 + 900 * (m / 4))
            }),
            titles: Names::new(all, |m| {
                let (symbol, quarter) = (SYMBOLS[(m % 4) as usize].1, m / 4);
                let (day, hour, minute) = (20 + quarter / 96 % 10, quarter / 4 % 12 + 1, quarter % 4 * 15);
                format!("{symbol} Up or Down - March {day}, {hour}:{minute:02}PM ET #{m}")
            }),
            plan: plan.clone(),
        }
    }

    /// The stamp of row `i` of `n`: ascending, busier at one time of the day.
    pub fn at(&self, i: u64, n: u64) -> i64 {
        let days = f64::from(self.plan.days);
        let x = i as f64 / n as f64;
        let wave = TAU * days;
        let ms = (days * DAY_MS * (x + 0.8 * (wave * x).sin() / wave)).round() as i64;
        START + ms / self.step * self.step
    }

    /// Whether [`World::token`] is the hot one because that was asked for.
    pub fn hot(&self, i: u64, salt: u64) -> bool {
        self.random.happens(i, salt, self.plan.hot)
    }

    /// A token of the tape: one of a popular market more often, the hot one as often as was asked for.
    /// Takes three salts from `salt` on.
    pub fn token(&self, i: u64, salt: u64) -> u64 {
        if self.hot(i, salt) {
            return 0;
        }
        let place = self.random.uniform(i, salt + 1).powf(self.power);
        let market = ((self.markets as f64 * place) as u64).min(self.markets - 1);
        2 * market + self.random.below(i, salt + 2, 2)
    }

    /// Whether nobody but others trades a token: one in ten of the tape, and not the hot one.
    pub fn untraded(token: u64) -> bool {
        token % 10 == 7
    }

    /// A price near the token's own, in whole cents.
    pub fn price(&self, i: u64, salt: u64, token: u64) -> f64 {
        let base = 0.05 + 0.9 * self.random.uniform(token, 7);
        let price = base + 0.16 * (self.random.uniform(i, salt) - 0.5);
        ((price * 100.0).round() / 100.0).clamp(0.01, 0.99)
    }

    /// A size: often a round number, else with six places. Takes three salts.
    pub fn size(&self, i: u64, salt: u64) -> f64 {
        if self.random.below(i, salt, 10) < 4 {
            return [5.0, 10.0, 20.0, 50.0, 100.0][self.random.below(i, salt + 1, 5) as usize];
        }
        let size = 1.0 + 400.0 * self.random.uniform(i, salt + 2).powi(4);
        (size * 1e6).round() / 1e6
    }

    /// Whether a cell that may be null is.
    pub fn null(&self, i: u64, salt: u64) -> bool {
        self.random.happens(i, salt, self.plan.nulls)
    }

    /// When a market's quarter of an hour ends.
    pub fn market_end(&self, market: u64) -> i64 {
        START + 900_000 * (market as i64 / 4 % (96 * i64::from(self.plan.days)))
    }
}
