//! Values by which a reader can check a row by hand (spec §4; the audit's columns).

use super::PrintColumns;
use super::book::Sees;
use super::rules::{Bound, Visibility};
use crate::asof::prints_up_to_near;
use crate::sweep::SweepError;
use crate::time::{NULL_TS, floor_to};
use crate::window::Layout;

/// Where the proof of each row goes: one value per trade in every column, all overwritten.
#[derive(Debug)]
pub struct Proof<'a> {
    /// The first stamp of the whole tape, of any token: input.
    pub tape_begin: i64,
    /// The greatest stamp among the visible prints and, looking ahead, the match; [`NULL_TS`] = none.
    pub newest_event: &'a mut [i64],
    /// The greatest availability among the visible prints; [`NULL_TS`] = none, or availability is no rule.
    pub newest_available: &'a mut [i64],
    /// Prints of the token in the tick of the trade's stamp ([`Visibility::resolution`]), visible or not.
    pub same_stamp: &'a mut [u32],
    /// Prints of the token that are the trade's own, whenever they were. 0 when there are no codes.
    pub own_prints: &'a mut [u32],
    /// Those of them that all other rules let the trade see.
    pub own_seen: &'a mut [u32],
    /// How many of the plan's windows begin before the tape does, so that their flows may be too small.
    pub censored: &'a mut [u32],
}

impl Proof<'_> {
    pub(super) fn check(&self, rows: usize) -> Result<(), SweepError> {
        let stamps = [&self.newest_event, &self.newest_available];
        let counts = [&self.same_stamp, &self.own_prints, &self.own_seen, &self.censored];
        let fits = stamps.iter().all(|c| c.len() == rows) && counts.iter().all(|c| c.len() == rows);
        if fits { Ok(()) } else { Err(SweepError::Shape) }
    }
}

/// The greatest availability so far, and the greatest of a print of another transaction than that one: so that one
/// transaction can be left out.
#[derive(Debug, Clone, Copy)]
struct Newest {
    best: i64,
    own: u32,
    other: i64,
}

impl Newest {
    fn add(&mut self, availability: i64, own: u32) {
        if own != u32::MAX && own == self.own {
            self.best = self.best.max(availability);
        } else if availability > self.best {
            *self = Self {
                best: availability,
                own,
                other: self.best,
            };
        } else {
            self.other = self.other.max(availability);
        }
    }

    fn without(&self, own: Option<u32>) -> i64 {
        if own.is_some_and(|own| own != u32::MAX && own == self.own) {
            self.other
        } else {
            self.best
        }
    }
}

/// What a row's proof needs of the sweep.
pub(super) struct Facts<'a> {
    pub(super) t: i64,
    pub(super) bound: Bound,
    /// One past the last print that the bound lets the trade see.
    pub(super) end: usize,
    /// The newest visible print, and the match ahead.
    pub(super) newest: Option<usize>,
    pub(super) ahead: Option<usize>,
    /// All own prints, and the code when they are hidden.
    pub(super) own: &'a [u32],
    pub(super) hidden: Option<u32>,
}

/// Fills a proof along a sweep.
pub(super) struct Prover<'a, 'out> {
    columns: &'a PrintColumns<'a>,
    rules: &'a Visibility,
    proof: &'a mut Proof<'out>,
    newest: Newest,
    /// Up to where visible prints are in `newest`.
    walked: usize,
    tick: [usize; 2],
}

impl<'a, 'out> Prover<'a, 'out> {
    pub(super) fn new(
        columns: &'a PrintColumns<'a>,
        rules: &'a Visibility,
        proof: &'a mut Proof<'out>,
    ) -> Self {
        Self {
            columns,
            rules,
            proof,
            newest: Newest {
                best: NULL_TS,
                own: u32::MAX,
                other: NULL_TS,
            },
            walked: 0,
            tick: [0; 2],
        }
    }

    /// A print has become known.
    pub(super) fn enter(&mut self, print: usize) {
        if print < self.walked {
            self.look_at(print);
        }
    }

    fn look_at(&mut self, print: usize) {
        if self.rules.availability {
            let own = self.columns.own.get(print).copied().unwrap_or(u32::MAX);
            self.newest.add(self.columns.availability[print], own);
        }
    }

    pub(super) fn fill(&mut self, i: usize, facts: &Facts<'_>, book: &impl Sees, layout: &Layout) {
        let ts = self.columns.prints.ts;
        while self.walked < facts.end {
            if book.sees(self.walked) {
                self.look_at(self.walked);
            }
            self.walked += 1;
        }
        let tick = floor_to(facts.t, self.rules.resolution).unwrap_or(facts.t);
        let bounds = [tick - 1, tick.saturating_add(self.rules.resolution - 1)];
        for (finger, bound) in self.tick.iter_mut().zip(bounds) {
            *finger = prints_up_to_near(ts, *finger, bound);
        }
        let proof = &mut *self.proof;
        let used = [facts.newest, facts.ahead];
        let stamps = used.into_iter().flatten().map(|print| ts[print]);
        proof.newest_event[i] = stamps.max().unwrap_or(NULL_TS);
        proof.newest_available[i] = self.newest.without(facts.hidden);
        proof.same_stamp[i] = (self.tick[1] - self.tick[0]) as u32;
        proof.own_prints[i] = facts.own.len() as u32;
        let seen = facts.own.iter().map(|&print| print as usize);
        proof.own_seen[i] = seen
            .filter(|&print| print < facts.end && book.sees(print))
            .count() as u32;
        let reach = |&window: &usize| {
            // The first stamp inside is one past the last stamp in front.
            let front = i128::from(facts.bound.end) - i128::from(layout.moments.distance(window));
            front + 1 < i128::from(proof.tape_begin)
        };
        proof.censored[i] = layout.windows.iter().filter(|&window| reach(window)).count() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_but_for_one_transaction() {
        let mut newest = Newest {
            best: NULL_TS,
            own: u32::MAX,
            other: NULL_TS,
        };
        for (availability, own) in [(5, 1), (9, 2), (7, 1), (8, u32::MAX), (9, 2), (11, 2)] {
            newest.add(availability, own);
        }
        assert_eq!([newest.without(None), newest.without(Some(1))], [11, 11]);
        assert_eq!(newest.without(Some(2)), 8);
        newest.add(12, u32::MAX);
        assert_eq!(
            [newest.without(Some(2)), newest.without(Some(u32::MAX))],
            [12, 12]
        );
    }
}
