//! One row of the general sweep: look-ups and windows at the positions that a trade's bound gives.

use std::ops::Range;

use super::book::{Book, Every};
use super::lookup::{newest, of_first, of_last, oldest};
use super::mutants::{Mutant, off};
use super::order::Order;
use super::own::Owners;
use super::proof::Prover;
use super::rules::{Bound, Ties, Unknown};
use super::sweep::Input;
use crate::asof::{Direction, nearest, prints_up_to_near};
use crate::flow::since;
use crate::sum::Prefix;
use crate::sweep::{FeatureSlices, SweepError};
use crate::time::{NULL_TS, floor_to};

/// A sweep on its way.
pub(super) struct Run<'a, P, B> {
    input: Input<'a>,
    pub(super) book: B,
    pub(super) owners: Owners<'a, P>,
    /// By moment of the layout.
    pub(super) positions: Vec<usize>,
    order: Order<'a>,
    /// Where the last match ahead was.
    finger: usize,
    /// The last print and the lagged ones of the latest row.
    pub(super) answers: Vec<usize>,
}

impl<'a, P: Prefix, B: Book<P>> Run<'a, P, B> {
    pub(super) fn new(input: Input<'a>, book: B, owners: Owners<'a, P>) -> Self {
        Self {
            input,
            book,
            owners,
            positions: vec![0; input.layout.moments.len()],
            order: input.order(),
            finger: 0,
            answers: Vec::new(),
        }
    }

    /// Goes on to a trade with this bound and sequence.
    #[inline]
    pub(super) fn move_to(
        &mut self,
        bound: Bound,
        sequence: Option<i64>,
        mut prover: Option<&mut Prover<'_, '_>>,
    ) {
        let Input { prints, layout, .. } = self.input;
        let owners = &mut self.owners;
        self.book.enter(bound, sequence, |print| {
            owners.enter(&prints.prints, print);
            if let Some(prover) = &mut prover {
                prover.enter(print);
            }
        });
        layout
            .moments
            .advance(prints.prints.ts, bound.end, &mut self.positions);
        self.book.advance(layout, &self.positions);
    }

    /// Fills row `i`, whose transaction is `own`.
    pub(super) fn row(
        &mut self,
        i: usize,
        own: Option<usize>,
        out: &mut FeatureSlices<'_>,
    ) -> Result<(), SweepError> {
        let Input {
            prints,
            trades,
            rules,
            layout,
            ..
        } = self.input;
        let (ts, price, t) = (prints.prints.ts, prints.prints.price, trades.ts[i]);
        let own = own.filter(|_| rules.exclude_self);
        let hidden = if off(Mutant::SelfAsOf) {
            &[]
        } else {
            self.owners.list(own)
        };
        let order = self.order;
        let tie = |ts: i64| SweepError::Tie { index: i, ts };

        let newest_print = newest(&self.book, hidden, self.positions[layout.visible]);
        let ahead = if rules.direction == Direction::Backward || off(Mutant::Direction) {
            None
        } else {
            let (finger, ahead) = self.ahead(i, hidden).ok_or(SweepError::Overflow { index: i })?;
            self.finger = finger;
            ahead
        };
        let matched = match (rules.direction, ahead) {
            (_, None) if off(Mutant::Direction) => newest_print,
            (Direction::Backward, _) => newest_print,
            (Direction::Forward, _) => ahead,
            (Direction::Nearest, ahead) => nearest(ts, t, newest_print, ahead.unwrap_or(ts.len())),
        };
        let fresh = |&print: &usize| {
            let most = rules.max_age.filter(|_| !off(Mutant::MaxAge));
            most.is_none_or(|most| ts[print].abs_diff(t) <= most.unsigned_abs())
        };
        // What is found on both sides is found looking back.
        let looks_ahead = rules.direction == Direction::Forward || matched != newest_print;
        let last = match matched.filter(fresh) {
            None => None,
            Some(print) if looks_ahead && !off(Mutant::Direction) => {
                Some(of_first(&Every { len: ts.len() }, hidden, order, print, rules.tie).map_err(tie)?)
            }
            Some(print) => Some(of_last(&self.book, hidden, order, print, rules.tie).map_err(tie)?),
        };
        out.last_ts[i] = last.map_or(NULL_TS, |print| ts[print]);
        let last_price = last.map_or(f64::NAN, |print| price[print]);
        out.last_price[i] = last_price;
        let mut answers = std::mem::take(&mut self.answers);
        answers.clear();
        answers.extend(last);
        for (column, &lag) in out.returns.iter_mut().zip(&layout.lags) {
            // Without a last print there is nothing that a lagged one could be taken from.
            let lagged = last.and_then(|_| newest(&self.book, hidden, self.positions[lag]));
            let lagged = lagged
                .map(|print| of_last(&self.book, hidden, order, print, rules.tie).map_err(tie))
                .transpose()?;
            answers.extend(lagged);
            column[i] = last_price - lagged.map_or(f64::NAN, |print| price[print]);
        }

        let untold = match rules.unknown {
            Unknown::Zero => false,
            Unknown::Null => ts.is_empty(),
            Unknown::Causal => (newest_print.is_none() && !off(Mutant::Unknown)) || ts.is_empty(),
        };
        self.windows(i, own.filter(|_| !untold), untold, out);
        self.answers = answers;
        Ok(())
    }

    /// The positions in any window of the latest row, and the newest print there that is seen, `hidden` left out.
    pub(super) fn in_windows(&self, hidden: &[u32]) -> (Range<usize>, Option<usize>) {
        let layout = self.input.layout;
        let end = self.positions[layout.end];
        let starts = layout.windows.iter().map(|&start| self.positions[start]);
        let start = starts.min().unwrap_or(end);
        let newest = newest(&self.book, hidden, end).filter(|&print| print >= start);
        (start..end, newest)
    }

    fn windows(&mut self, i: usize, own: Option<usize>, untold: bool, out: &mut FeatureSlices<'_>) {
        let Input { prints, layout, .. } = self.input;
        let end = self.positions[layout.end];
        let seen = |&own: &usize| {
            let first = self.owners.list(Some(own)).first();
            first.is_some_and(|&first| (first as usize) < end) && !off(Mutant::SelfFlow)
        };
        let own = own.filter(seen);
        if let Some(own) = own {
            self.owners
                .advance(own, &prints.prints, layout, &self.positions, &self.book);
        }
        for w in 0..layout.windows.len() {
            let mut row = [f64::NAN; 3];
            if let Some((from, to)) = self.book.ends(layout, w).filter(|_| !untold) {
                let count = self.book.count(layout, &self.positions, w);
                let (own_count, [volume, notional]) = match own {
                    None => (0, since(from, to)),
                    Some(own) => {
                        let mut from = from.clone();
                        let at = (own, w);
                        let own_count = self.owners.add_window(
                            at,
                            &prints.prints,
                            layout,
                            &self.positions,
                            &self.book,
                            &mut from,
                        );
                        (own_count, since(&from, to))
                    }
                };
                row = [(count - own_count) as f64, volume, notional];
            }
            [out.counts[w][i], out.volumes[w][i], out.notionals[w][i]] = row;
        }
    }

    /// Where what is ahead of trade `i` in time begins, and the first print ahead of it that is none of `hidden`. `None`
    /// when its tick leaves `i64`.
    fn ahead(&self, i: usize, hidden: &[u32]) -> Option<(usize, Option<usize>)> {
        let Input { trades, rules, .. } = self.input;
        let (ts, t) = (self.order.ts, trades.ts[i]);
        // The last stamp that is not ahead; t is no null stamp.
        let behind = match rules.ties {
            Ties::Sequence => t,
            Ties::Exclude if rules.excludes() => floor_to(t, rules.tick())?.saturating_add(rules.tick() - 1),
            _ => t - 1,
        };
        let past = prints_up_to_near(ts, self.finger, behind);
        let first = |from: usize| oldest(&Every { len: ts.len() }, hidden, from);
        let place = self.input.sequence(i).filter(|_| rules.ties == Ties::Sequence);
        // Prints without a place in the trade's stamp are neither behind nor ahead.
        let same_stamp = place.map(|place| self.order.after(t, past, place));
        let ahead = same_stamp.and_then(|after| first(after.start).filter(|print| after.contains(print)));
        Some((past, ahead.or_else(|| first(past))))
    }
}
