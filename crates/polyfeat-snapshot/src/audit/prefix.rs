//! Prefix invariance of the tape's columns: rows up to a cut, computed from what there was up to it, are what they are
//! with all data.

use std::collections::HashMap;
use std::sync::Arc;

use polyfeat::{NULL_TS, PrintColumns, SweptColumns, TimeUnit};

use super::bisect::first_change;
use super::columns::{Sweep, same, shown};
use super::failures::{Failure, Failures};
use super::locate::PrintKey;
use super::picked::{Picked, up_to};
use super::walk::Token;
use crate::columns::NamedFeature;
use crate::error::Result;
use crate::inspect::iso;
use crate::job::Job;

/// What is cut, and where.
pub struct Prefixes<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// How tokens are swept.
    pub sweep: &'a Sweep,
    /// The columns, in the order of the output.
    pub features: &'a [NamedFeature],
    /// Moments in the unit of the stamps, ascending.
    pub cuts: &'a [i64],
    /// That unit.
    pub unit: TimeUnit,
}

/// Where a row first failed: the cut, and the first column.
type First = (i64, usize);

impl Prefixes<'_> {
    /// Compares the token's rows up to each cut with those of `full`. `room` has as many rows.
    ///
    /// # Errors
    /// `CANCELLED`; those of the sweep.
    pub fn token(
        &self,
        token: &Token<'_>,
        full: &SweptColumns,
        room: &mut SweptColumns,
        found: &mut Failures,
    ) -> Result<()> {
        let (prints, trades) = (&token.prints, token.trades);
        let (mut first, mut counted): (HashMap<usize, First>, HashMap<(usize, usize), ()>) =
            (HashMap::new(), HashMap::new());
        let mut last = None;
        for &cut in self.cuts {
            let rows = trades.ts.partition_point(|&t| t <= cut);
            let there = prints.prints.ts.partition_point(|&s| s <= cut);
            let hides = self.hides(prints, cut, there);
            // The same input gives the same values.
            let whole = rows == trades.ts.len() && there == prints.prints.ts.len();
            if rows == 0 || (!hides && (whole || last == Some((rows, there)))) {
                continue;
            }
            last = (!hides).then_some((rows, there));
            self.job.check()?;
            let picked = hides.then(|| Picked::of(prints, |i| self.is_there(prints, cut, i)));
            let known = picked
                .as_ref()
                .map_or_else(|| up_to(prints, there), Picked::columns);
            let mut out = room.slices().split_off(rows).features;
            let swept = self.sweep.values(&known, &trades.columns(0..rows), &mut out);
            swept.map_err(|e| token.refused(0, &e))?;
            for (column, (_, feature)) in self.features.iter().enumerate() {
                for i in (0..rows).filter(|&i| !same(full, room, *feature, i)) {
                    counted.insert((i, column), ());
                    first.entry(i).or_insert((cut, column));
                }
            }
        }
        for (_, column) in counted.into_keys() {
            found.count(&self.features[column].0);
        }
        let mut rows: Vec<(u32, usize, First)> = first
            .into_iter()
            .map(|(i, first)| (token.rows[i], i, first))
            .collect();
        rows.sort_unstable_by_key(|&(row, ..)| row);
        for (row, i, first) in rows {
            if !found.wants(u64::from(row)) {
                break;
            }
            let failure = self.failure(token, i, first, full, room)?;
            found.keep(failure);
        }
        Ok(())
    }

    /// Whether some of the first `there` prints were not available at the cut, where that is a rule.
    fn hides(&self, prints: &PrintColumns<'_>, cut: i64, there: usize) -> bool {
        self.sweep.rules.availability && (0..there).any(|i| !self.is_there(prints, cut, i))
    }

    fn is_there(&self, prints: &PrintColumns<'_>, cut: i64, i: usize) -> bool {
        let known = |at: i64| at != NULL_TS && at <= cut;
        prints.prints.ts[i] <= cut && (!self.sweep.rules.availability || known(prints.availability[i]))
    }

    /// The certificate of a row: its values, and the print that changes them.
    fn failure(
        &self,
        token: &Token<'_>,
        i: usize,
        (cut, column): First,
        full: &SweptColumns,
        room: &mut SweptColumns,
    ) -> Result<Failure> {
        let (prints, feature) = (&token.prints, self.features[column].1);
        let later: Vec<usize> = (0..prints.prints.ts.len())
            .filter(|&j| !self.is_there(prints, cut, j))
            .collect();
        let t = token.trades.ts[i];
        let row_with = |k: usize, room: &mut SweptColumns| {
            self.job.check()?;
            let let_in = &later[..k];
            let keep = |j: usize| self.is_there(prints, cut, j) || let_in.binary_search(&j).is_ok();
            let picked = Picked::of(prints, keep);
            let mut out = room.slices().split_off(1).features;
            let trade = token.trades.columns(i..i + 1);
            let swept = self.sweep.values(&picked.columns(), &trade, &mut out);
            swept.map_err(|e| token.refused(i, &e))?;
            Ok(shown(room, feature, 0, t, self.unit))
        };
        let prefix = row_with(0, room)?;
        let change = first_change(later.len(), |k| Ok(row_with(k, room)? != prefix))?;
        Ok(Failure {
            row: u64::from(token.rows[i]),
            column: self.features[column].0.clone(),
            full: shown(full, feature, i, t, self.unit),
            prefix,
            cut: iso(cut, self.unit),
            later: None,
            print: change.map(|k| PrintKey::of(token, later[k - 1])),
        })
    }
}
