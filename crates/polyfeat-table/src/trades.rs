//! What features need of the trades: small columns of one type each, texts as codes.

use std::borrow::Cow;

use polyfeat::{Leg, TimeUnit};

use crate::check::common_len;
use crate::codes::{NULL_CODE, check_text, text_codes};
use crate::column::Column;
use crate::error::Result;
use crate::interner::Interner;
use crate::job::Job;
use crate::number::{check_number, flat_numbers};
use crate::time::Times;

/// The columns of trades.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct TradeColumns<'a> {
    pub ts: Column<'a>,
    pub market: Column<'a>,
    pub side: Column<'a>,
    pub outcome: Column<'a>,
    pub size: Column<'a>,
    /// Features need it; the compensated sums of complete sets are made in the order of (token, time) when it is there.
    pub token: Option<Column<'a>>,
    /// Place of a trade among prints of its time ([`Ties::Sequence`](polyfeat::Ties::Sequence)).
    pub sequence: Option<Column<'a>>,
    /// What a trade and the prints of its own transaction have in common, column by column of the tape's.
    pub own: Vec<Column<'a>>,
}

impl<'a> TradeColumns<'a> {
    /// All of them.
    pub fn all(&self) -> Vec<&Column<'a>> {
        let columns = [&self.ts, &self.market, &self.side, &self.outcome, &self.size];
        let more = self.token.iter().chain(&self.sequence).chain(&self.own);
        columns.into_iter().chain(more).collect()
    }
}

/// The trades, read.
pub struct Trades<'c> {
    /// How many.
    pub rows: usize,
    /// Times in `unit`.
    pub ts: Cow<'c, [i64]>,
    /// The unit of `ts`.
    pub unit: TimeUnit,
    /// Token codes; empty without a token column.
    pub token: Vec<u32>,
    /// The tokens by code.
    pub tokens: Interner,
    /// Market codes.
    pub market: Vec<u32>,
    /// Distinct markets.
    pub markets: usize,
    /// Part in a complete set.
    pub leg: Vec<Leg>,
    /// Sizes; NaN is missing.
    pub size: Cow<'c, [f64]>,
}

impl<'c> Trades<'c> {
    /// Reads the columns.
    ///
    /// # Errors
    /// `WRONG_TYPE`, `WRONG_LENGTH`, `CORRUPT`, `OVERFLOW`, `CANCELLED`.
    pub fn read(job: &Job, columns: &'c TradeColumns<'_>, ts_unit: Option<TimeUnit>) -> Result<Self> {
        let all = columns.all();
        all.iter().try_for_each(|c| c.check())?;
        let rows = common_len("trades", &all)?;
        let times = Times::of(&columns.ts, ts_unit)?;
        let texts = [&columns.market, &columns.side, &columns.outcome];
        let texts: Vec<_> = texts.into_iter().chain(&columns.token).collect();
        texts.iter().try_for_each(|c| check_text(c))?;
        check_number(&columns.size)?;

        job.begin("keys", rows * texts.len());
        let mut tokens = Interner::default();
        let token = match &columns.token {
            Some(column) => text_codes(job, column, &mut |t| tokens.intern(t))?,
            None => Vec::new(),
        };
        let mut markets = Interner::default();
        let market = text_codes(job, &columns.market, &mut |t| markets.intern(t))?;
        let trades = Trades {
            rows,
            ts: times.read_flat(job)?,
            unit: times.unit,
            token,
            tokens,
            market,
            markets: markets.len(),
            leg: legs(job, &columns.side, &columns.outcome)?,
            size: flat_numbers(job, &columns.size)?,
        };
        job.end();
        Ok(trades)
    }

    /// Token codes renumbered by the UTF-8 bytes of the tokens, so that their order is the tokens'.
    #[must_use]
    pub fn ranked_tokens(&self) -> Vec<u32> {
        let ranks = self.tokens.ranks();
        let rank = |&code: &u32| ranks.get(code as usize).copied().unwrap_or(NULL_CODE);
        self.token.iter().map(rank).collect()
    }
}

/// Part in a complete set by `[side is BUY][other, Up, Down]`; a null outcome counts as other.
const LEGS: [[Leg; 3]; 2] = [[Leg::None; 3], [Leg::None, Leg::Up, Leg::Down]];

fn legs(job: &Job, side: &Column<'_>, outcome: &Column<'_>) -> Result<Vec<Leg>> {
    let side = text_codes(job, side, &mut |s| u32::from(s == b"BUY"))?;
    let outcome = text_codes(job, outcome, &mut |s| match s {
        b"Up" => 1,
        b"Down" => 2,
        _ => 0,
    })?;
    let leg = |(&side, &outcome): (&u32, &u32)| {
        LEGS[usize::from(side == 1)][if outcome == NULL_CODE { 0 } else { outcome as usize }]
    };
    Ok(side.iter().zip(&outcome).map(leg).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use polyfeat::leg;

    #[test]
    fn legs_are_those_of_the_kernel() {
        for (s, side) in [(0, Some(&b"SELL"[..])), (1, Some(b"BUY"))] {
            for (o, outcome) in [
                (0, None),
                (0, Some(&b"Yes"[..])),
                (1, Some(b"Up")),
                (2, Some(b"Down")),
            ] {
                assert_eq!(LEGS[s][o], leg(side, outcome));
            }
        }
    }
}
