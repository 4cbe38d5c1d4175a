//! Spec §4, said naively: look at every print, for every trade.

use polyfeat::{Closed, Direction, NULL_TS, Numerics, SweepPlan, Tie, Ties, Unknown, Visibility};

use crate::bits;
use crate::oracle::{Row, Tape, cumsum_at, rounded_sum};

/// The prints of a token, by stamp, those of one stamp in file order.
#[derive(Debug, Clone)]
pub struct Market {
    pub tape: Tape,
    pub availability: Vec<i64>,
    pub sequence: Vec<i64>,
    pub own: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
pub struct Trade {
    pub ts: i64,
    pub sequence: i64,
    pub own: u32,
}

/// A row, and its proof: newest event, newest availability, same stamp, own prints, own seen, censored.
pub type Proven = (Row, [i64; 6]);

struct Eye<'a> {
    market: &'a Market,
    trade: Trade,
    rules: &'a Visibility,
}

impl Eye<'_> {
    fn s(&self, j: usize) -> i64 {
        self.market.tape.ts[j]
    }

    /// T.
    fn known(&self) -> i64 {
        self.trade.ts - self.rules.embargo
    }

    /// U.
    fn bound(&self) -> i64 {
        match self.rules.ties {
            Ties::Exclude => self.floor(self.known()),
            _ => self.known(),
        }
    }

    fn floor(&self, ts: i64) -> i64 {
        ts.div_euclid(self.rules.resolution) * self.rules.resolution
    }

    fn is_own(&self, j: usize) -> bool {
        self.trade.own != u32::MAX && self.market.own[j] == self.trade.own
    }

    /// Seen, were it not its own.
    fn in_sight(&self, j: usize) -> bool {
        let sequence = self.market.sequence[j];
        let by_time = match self.rules.ties {
            Ties::Include => self.s(j) <= self.known(),
            Ties::Exclude => self.s(j) < self.bound(),
            Ties::Sequence => {
                let ordered = sequence != i64::MIN && self.trade.sequence != i64::MIN;
                self.s(j) < self.known()
                    || (self.s(j) == self.known() && ordered && sequence < self.trade.sequence)
            }
        };
        let available = self.market.availability[j];
        by_time && (!self.rules.availability || (available != NULL_TS && available <= self.known()))
    }

    fn sees(&self, j: usize) -> bool {
        self.in_sight(j) && !(self.rules.exclude_self && self.is_own(j))
    }

    fn visible(&self) -> Vec<usize> {
        (0..self.market.tape.ts.len()).filter(|&j| self.sees(j)).collect()
    }

    /// The candidates of a look ahead.
    fn ahead(&self) -> Vec<usize> {
        let t = self.trade.ts;
        let after = |j: &usize| match self.rules.ties {
            Ties::Include => self.s(*j) >= t,
            Ties::Exclude => self.floor(self.s(*j)) > self.floor(t),
            Ties::Sequence => {
                let (print, own) = (self.market.sequence[*j], self.trade.sequence);
                let ordered = print != i64::MIN && own != i64::MIN;
                self.s(*j) > t || (self.s(*j) == t && ordered && print > own)
            }
        };
        let other = |j: &usize| !(self.rules.exclude_self && self.is_own(*j));
        (0..self.market.tape.ts.len())
            .filter(after)
            .filter(other)
            .collect()
    }

    /// What prints are ordered by, but for their row.
    fn key(&self, j: usize) -> (i64, bool, i64) {
        match self.rules.ties {
            Ties::Sequence => {
                let place = self.market.sequence[j];
                (self.s(j), place == i64::MIN, place)
            }
            _ => (self.s(j), false, 0),
        }
    }

    /// Of prints that tie.
    fn choose(&self, tied: &[usize], ahead: bool) -> Result<Option<usize>, i64> {
        match self.rules.tie {
            Tie::Error if tied.len() > 1 => Err(self.s(tied[0])),
            Tie::First | Tie::Error => Ok(tied.first().copied()),
            Tie::Near if ahead => Ok(tied.first().copied()),
            Tie::Near | Tie::Last => Ok(tied.last().copied()),
        }
    }

    /// Those of the candidates that have the greatest key.
    fn latest(&self, candidates: &[usize]) -> Vec<usize> {
        let key = candidates.iter().map(|&j| self.key(j)).max();
        let equal = candidates.iter().copied();
        equal.filter(|&j| Some(self.key(j)) == key).collect()
    }

    fn last(&self) -> Result<Option<usize>, i64> {
        let t = self.trade.ts;
        let behind = self.latest(&self.visible());
        let ahead = self.ahead();
        let least = ahead.iter().map(|&j| self.key(j)).min();
        let next: Vec<usize> = ahead
            .into_iter()
            .filter(|&j| Some(self.key(j)) == least)
            .collect();
        let away = |tied: &[usize]| tied.first().map(|&j| (t - self.s(j)).abs());
        let forward = match self.rules.direction {
            Direction::Backward => false,
            Direction::Forward => true,
            Direction::Nearest => match (away(&behind), away(&next)) {
                (Some(behind), Some(ahead)) => ahead < behind,
                (behind, _) => behind.is_none(),
            },
        };
        let tied = if forward { next } else { behind };
        let old = away(&tied).is_some_and(|age| self.rules.max_age.is_some_and(|most| age > most));
        self.choose(if old { &[] } else { &tied }, forward)
    }

    fn in_front(&self, s: i64, w: i64, closed: Closed) -> bool {
        match closed {
            Closed::Right | Closed::Neither => s <= self.bound() - w,
            Closed::Left | Closed::Both => s < self.bound() - w,
        }
    }

    fn inside(&self, s: i64, w: i64, closed: Closed) -> bool {
        let not_past = match closed {
            Closed::Right | Closed::Both => s <= self.bound(),
            Closed::Left | Closed::Neither => s < self.bound(),
        };
        not_past && !self.in_front(s, w, closed)
    }
}

pub fn closed(rules: &Visibility) -> Closed {
    match (rules.closed, rules.ties) {
        (Some(closed), _) => closed,
        (None, Ties::Exclude) => Closed::Left,
        (None, _) => Closed::Right,
    }
}

/// The row of a trade; the error is the stamp of a tie.
pub fn visible_row(
    market: &Market,
    trade: Trade,
    plan: &SweepPlan,
    rules: &Visibility,
    tape_begin: i64,
) -> Result<Proven, i64> {
    let eye = Eye { market, trade, rules };
    let tape = &market.tape;
    let closed = closed(rules);
    let visible = eye.visible();
    let price = |print: Option<usize>| print.map_or(f64::NAN, |j| tape.price[j]);
    let last = eye.last()?;
    let lagged = |&lag: &i64| {
        if last.is_none() {
            return Ok(None);
        }
        let before: Vec<usize> = visible
            .iter()
            .copied()
            .filter(|&j| eye.in_front(eye.s(j), lag, closed))
            .collect();
        eye.choose(&eye.latest(&before), false)
    };
    let lagged = plan
        .lags
        .iter()
        .map(lagged)
        .collect::<Result<Vec<Option<usize>>, i64>>()?;
    let returns = lagged
        .iter()
        .map(|&print| bits(price(last) - price(print)))
        .collect();
    let untold = match rules.unknown {
        Unknown::Zero => false,
        Unknown::Null => tape.ts.is_empty(),
        Unknown::Causal => visible.is_empty(),
    };
    let notional: Vec<f64> = tape.price.iter().zip(&tape.size).map(|(p, q)| p * q).collect();
    let flow = |&w: &i64| {
        if untold {
            return [bits(f64::NAN); 3];
        }
        let held: Vec<usize> = visible
            .iter()
            .copied()
            .filter(|&j| eye.inside(eye.s(j), w, closed))
            .collect();
        let front = (0..tape.ts.len())
            .filter(|&j| eye.in_front(eye.s(j), w, closed))
            .count();
        let total = |terms: &[f64]| match plan.sum {
            Numerics::Exact => rounded_sum(&held.iter().map(|&j| terms[j]).collect::<Vec<_>>()),
            Numerics::Notebook => cumsum_at(terms, front + held.len()) - cumsum_at(terms, front),
        };
        [held.len() as f64, total(&tape.size), total(&notional)].map(bits)
    };
    let row = Row {
        last_price: bits(price(last)),
        last_ts: last.map_or(NULL_TS, |j| tape.ts[j]),
        returns,
        flows: plan.windows.iter().map(flow).collect(),
    };
    let all = || 0..tape.ts.len();
    let held = |&j: &usize| plan.windows.iter().any(|&w| eye.inside(eye.s(j), w, closed));
    let in_windows = visible.iter().copied().filter(held);
    let used: Vec<usize> = lagged
        .into_iter()
        .chain([last])
        .flatten()
        .chain(in_windows)
        .collect();
    let available = used.iter().map(|&j| market.availability[j]).max();
    let count = |n: usize| n as i64;
    let proof = [
        used.iter().map(|&j| eye.s(j)).max().unwrap_or(NULL_TS),
        available.unwrap_or(NULL_TS),
        count(
            all()
                .filter(|&j| eye.floor(eye.s(j)) == eye.floor(trade.ts))
                .count(),
        ),
        count(all().filter(|&j| eye.is_own(j)).count()),
        count(all().filter(|&j| eye.is_own(j) && eye.in_sight(j)).count()),
        count(
            plan.windows
                .iter()
                .filter(|&&w| eye.bound() - w < tape_begin)
                .count(),
        ),
    ];
    Ok((row, proof))
}
