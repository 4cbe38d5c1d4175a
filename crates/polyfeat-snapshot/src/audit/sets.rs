//! Complete sets: which rows look ahead within their bucket, and whether cutting the data off changes a row.

use std::path::Path;
use std::sync::Arc;

use polyfeat::{Groups, Leg, NULL_TS, Numerics, RegimeMode, SetRows, SetTimes, market_shares_by, regime};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::bisect::first_change;
use super::columns::number;
use super::failures::{Failure, Failures, Later};
use super::tally::Tally;
use crate::error::{Error, Result};
use crate::inspect::iso;
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::sets::{bucket_starts, market_rows};
use crate::table::Table;

/// The columns that come from complete sets, in the order of the output.
pub const SET_COLUMNS: [&str; 3] = ["complete_set_flag", "complete_set_shares", "regime"];

/// What is looked at.
pub struct Sets<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// The trades' file.
    pub trades: &'a Table,
    /// Its keys.
    pub keys: &'a TradeKeys,
    /// Their (token, ts) order, that of the notebook's sums; `None`: the file's.
    pub order: Option<&'a [u32]>,
    /// Length of a bucket in the unit of the trades.
    pub length: i64,
    /// How sums are made.
    pub sum: Numerics,
    /// Which trades count.
    pub mode: RegimeMode,
    /// Moments in the unit of the trades, ascending.
    pub cuts: &'a [i64],
}

/// What was found.
#[derive(Debug, Default)]
pub struct SetsFound {
    /// Rows that use a trade later than themselves.
    pub lookahead: Tally,
    /// Rows that a cut changes.
    pub failures: Failures,
}

impl Sets<'_> {
    /// Looks at all markets, many at once; `shares` is `complete_set_shares` by file row from all data.
    ///
    /// # Errors
    /// `CANCELLED`, `OVERFLOW`.
    pub fn audit(&self, shares: &[f64]) -> Result<SetsFound> {
        let bucket = bucket_starts(&self.trades.path, &self.keys.ts, self.length)?;
        let Groups { offsets, rows } = market_rows(self.job, self.keys, self.order, self.sum)?;
        let found: Vec<SetsFound> = (0..self.keys.markets)
            .into_par_iter()
            .map(|market| {
                self.job.check()?;
                self.market(&rows[offsets[market]..offsets[market + 1]], &bucket, shares)
            })
            .collect::<Result<_>>()?;
        let mut all = SetsFound::default();
        for one in found {
            all.lookahead.add(&one.lookahead);
            all.failures.add(one.failures);
        }
        // Rows without a market look at nothing.
        all.lookahead.of = self.trades.rows;
        Ok(all)
    }

    fn market(&self, rows: &[u32], bucket: &[i64], shares: &[f64]) -> Result<SetsFound> {
        let mut found = SetsFound::default();
        if self.mode == RegimeMode::Bucket {
            self.ahead(rows, bucket, &mut found.lookahead);
        }
        let times: Vec<i64> = rows.iter().map(|&row| self.keys.ts[row as usize]).collect();
        let timed = times.iter().filter(|&&t| t != NULL_TS).count();
        let (mut failed, mut last) = (vec![[false; 3]; rows.len()], 0);
        let mut first: Vec<(usize, i64, usize)> = Vec::new();
        for &cut in self.cuts {
            let there = |i: usize| times[i] != NULL_TS && times[i] <= cut;
            let kept = (0..rows.len()).filter(|&i| there(i)).count();
            // The same input gives the same values.
            if kept == 0 || kept == timed || kept == last {
                continue;
            }
            last = kept;
            self.job.check()?;
            let prefix = self.shares(rows, bucket, there)?;
            for i in (0..rows.len()).filter(|&i| there(i)) {
                let differs = self.differs(rows[i], shares[rows[i] as usize], prefix[i]);
                let before = failed[i];
                failed[i] = [0, 1, 2].map(|c| before[c] || differs[c]);
                if let (false, Some(column)) = (before.contains(&true), differs.iter().position(|&d| d)) {
                    first.push((i, cut, column));
                }
            }
        }
        for columns in &failed {
            let names = SET_COLUMNS.iter().zip(columns).filter(|(_, failed)| **failed);
            names.for_each(|(name, _)| found.failures.count(name));
        }
        first.sort_unstable_by_key(|&(i, ..)| rows[i]);
        for (i, cut, column) in first {
            if !found.failures.wants(u64::from(rows[i])) {
                break;
            }
            let failure = self.failure(rows, bucket, shares, (i, cut, column))?;
            found.failures.keep(failure);
        }
        Ok(found)
    }

    /// Rows before the last trade of their bucket that adds to it.
    fn ahead(&self, rows: &[u32], bucket: &[i64], tally: &mut Tally) {
        let key = |row: u32| (bucket[row as usize], self.keys.ts[row as usize], row);
        let mut sorted: Vec<u32> = rows
            .iter()
            .copied()
            .filter(|&row| bucket[row as usize] != NULL_TS)
            .collect();
        sorted.sort_unstable_by_key(|&row| key(row));
        for group in sorted.chunk_by(|&a, &b| bucket[a as usize] == bucket[b as usize]) {
            let last = group
                .iter()
                .rposition(|&row| self.keys.leg[row as usize] != Leg::None)
                .unwrap_or(0);
            group[..last].iter().for_each(|&row| tally.look(row, true));
        }
    }

    /// The shares of those of the rows that are there; 0 of others.
    fn shares(&self, rows: &[u32], bucket: &[i64], there: impl Fn(usize) -> bool) -> Result<Vec<f64>> {
        let set_rows = SetRows {
            market: &self.keys.market,
            bucket,
            leg: &self.keys.leg,
            size: &self.keys.size,
        };
        let times = SetTimes {
            mode: self.mode,
            ts: &self.keys.ts,
            length: self.length,
        };
        let mut kept: Vec<u32> = rows
            .iter()
            .enumerate()
            .filter(|(i, _)| there(*i))
            .map(|(_, &row)| row)
            .collect();
        let mut emitted: Vec<(u32, f64)> = Vec::new();
        market_shares_by(&set_rows, &times, &mut kept, self.sum, |row, shares| {
            emitted.push((row, shares))
        })
        .map_err(|e| Error::internal(e.to_string()))?;
        emitted.sort_unstable_by_key(|&(row, _)| row);
        let of = |row: u32| {
            let at = emitted.binary_search_by_key(&row, |&(row, _)| row);
            at.map_or(0.0, |at| emitted[at].1)
        };
        Ok(rows.iter().map(|&row| of(row)).collect())
    }

    /// Which columns differ.
    fn differs(&self, row: u32, full: f64, prefix: f64) -> [bool; 3] {
        let flag = (full > 0.0) != (prefix > 0.0);
        let leg = self.keys.leg[row as usize];
        [
            flag,
            full.to_bits() != prefix.to_bits(),
            regime(leg, full > 0.0) != regime(leg, prefix > 0.0),
        ]
    }

    fn shown(&self, column: usize, row: u32, shares: f64) -> Value {
        match column {
            0 => json!(shares > 0.0),
            1 => number(shares),
            _ => json!(regime(self.keys.leg[row as usize], shares > 0.0).name()),
        }
    }

    /// The certificate of a row: its values, and the trade that changes them.
    fn failure(
        &self,
        rows: &[u32],
        bucket: &[i64],
        shares: &[f64],
        (i, cut, column): (usize, i64, usize),
    ) -> Result<Failure> {
        let ts = |at: usize| self.keys.ts[rows[at] as usize];
        let mut later: Vec<usize> = (0..rows.len()).filter(|&at| ts(at) > cut).collect();
        later.sort_unstable_by_key(|&at| (ts(at), rows[at]));
        let row = rows[i];
        let row_with = |k: usize| -> Result<Value> {
            let mut let_in = later[..k].to_vec();
            let_in.sort_unstable();
            let there = |at: usize| (ts(at) != NULL_TS && ts(at) <= cut) || let_in.binary_search(&at).is_ok();
            Ok(self.shown(column, row, self.shares(rows, bucket, there)?[i]))
        };
        let prefix = row_with(0)?;
        let change = first_change(later.len(), |k| Ok(row_with(k)? != prefix))?;
        Ok(Failure {
            row: u64::from(row),
            column: SET_COLUMNS[column].to_string(),
            full: self.shown(column, row, shares[row as usize]),
            prefix,
            cut: iso(cut, self.keys.unit),
            later: change.map(|k| self.of_row(rows[later[k - 1]])),
            print: None,
        })
    }

    fn of_row(&self, row: u32) -> Later {
        let holds = |part: &&crate::part::Part| part.first_row <= u64::from(row);
        let part = self.trades.parts.iter().rfind(holds);
        let path: &Path = part.map_or(&self.trades.path, |part| &part.path);
        Later {
            file: path.display().to_string(),
            row: u64::from(row),
        }
    }
}
