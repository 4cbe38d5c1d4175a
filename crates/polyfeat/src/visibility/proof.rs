//! Values by which a reader can check a row by hand (spec §4; the audit's columns).

use std::ops::Range;

use super::PrintColumns;
use super::book::Sees;
use super::newest::NewestOf;
use super::rules::{Bound, Visibility};
use crate::asof::prints_up_to_near;
use crate::sweep::SweepError;
use crate::time::{NULL_TS, floor_to};

/// Where the proof of each row goes: one value per trade in every column, all overwritten.
#[derive(Debug)]
pub struct Proof<'a> {
    /// The first stamp of the whole tape, of any token: input. `i64::MAX` when it has none.
    pub tape_begin: i64,
    /// The lengths of the plan's windows rounded up to whole units, whichever ends they hold: input.
    pub reaches: &'a [i64],
    /// The greatest stamp among the prints that the row uses: its last print, its lagged ones and all in its windows;
    /// [`NULL_TS`] = none.
    pub newest_event: &'a mut [i64],
    /// The greatest availability among them, also where availability is no rule; [`NULL_TS`] = none, or no such column.
    pub newest_available: &'a mut [i64],
    /// Prints of the token in the tick of the trade's stamp ([`Visibility::resolution`]), visible or not.
    pub same_stamp: &'a mut [u32],
    /// Prints of the token that are the trade's own, whenever they were. 0 when there are no codes.
    pub own_prints: &'a mut [u32],
    /// Those of them that all other rules let the trade see. With availability or sequence they are counted one by one.
    pub own_seen: &'a mut [u32],
    /// How many of the plan's windows, the longest ones, have `U − w` before the tape's first stamp, so that their flows
    /// may be too small.
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

/// What a row's proof needs of the sweep.
pub(super) struct Facts<'a> {
    pub(super) t: i64,
    pub(super) bound: Bound,
    /// One past the last print that the bound lets the trade see.
    pub(super) end: usize,
    /// The last print and the lagged ones.
    pub(super) answers: &'a [usize],
    /// The positions in any window, and the newest print there that the trade sees.
    pub(super) windows: Range<usize>,
    pub(super) newest: Option<usize>,
    /// All own prints, and the code when they are hidden.
    pub(super) own: &'a [u32],
    pub(super) hidden: Option<u32>,
}

/// Fills a proof along a sweep.
pub(super) struct Prover<'a, 'out> {
    columns: &'a PrintColumns<'a>,
    rules: &'a Visibility,
    proof: &'a mut Proof<'out>,
    /// Of the prints that are known; none without availability.
    known: Option<NewestOf>,
    tick: [usize; 2],
}

impl<'a, 'out> Prover<'a, 'out> {
    pub(super) fn new(
        columns: &'a PrintColumns<'a>,
        rules: &'a Visibility,
        proof: &'a mut Proof<'out>,
    ) -> Self {
        let prints = columns.prints.ts.len();
        let mut prover = Self {
            columns,
            rules,
            proof,
            known: (!columns.availability.is_empty()).then(|| NewestOf::new(prints)),
            tick: [0; 2],
        };
        if !rules.enters() {
            // Positions alone say what is seen.
            (0..prints).for_each(|print| prover.enter(print));
        }
        prover
    }

    /// A print has become known.
    pub(super) fn enter(&mut self, print: usize) {
        if let Some(known) = &mut self.known {
            let own = self.columns.own.get(print).copied().unwrap_or(u32::MAX);
            known.enter(print, self.columns.availability[print], own);
        }
    }

    pub(super) fn fill(&mut self, i: usize, facts: &Facts<'_>, book: &impl Sees) {
        let ts = self.columns.prints.ts;
        let tick = floor_to(facts.t, self.rules.resolution).unwrap_or(facts.t);
        let bounds = [tick - 1, tick.saturating_add(self.rules.resolution - 1)];
        for (finger, bound) in self.tick.iter_mut().zip(bounds) {
            *finger = prints_up_to_near(ts, *finger, bound);
        }
        let proof = &mut *self.proof;
        let used = facts.answers.iter().chain(&facts.newest);
        proof.newest_event[i] = used.map(|&print| ts[print]).max().unwrap_or(NULL_TS);
        proof.newest_available[i] = self.known.as_ref().map_or(NULL_TS, |known| {
            let answers = facts
                .answers
                .iter()
                .map(|&print| self.columns.availability[print]);
            answers.fold(known.within(facts.windows.clone(), facts.hidden), i64::max)
        });
        proof.same_stamp[i] = (self.tick[1] - self.tick[0]) as u32;
        proof.own_prints[i] = facts.own.len() as u32;
        proof.own_seen[i] = book.count_of(facts.own, facts.end) as u32;
        let begin = i128::from(proof.tape_begin);
        let early = |&reach: &i64| i128::from(facts.bound.end) - i128::from(reach) < begin;
        proof.censored[i] = proof.reaches.iter().filter(|reach| early(reach)).count() as u32;
    }
}
