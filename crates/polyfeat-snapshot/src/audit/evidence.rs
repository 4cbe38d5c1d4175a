//! What rows use that they could not have known, by the proof that the kernels give of each (spec §7).

use polyfeat::{NULL_TS, Proof, SweepError, SweptColumns, Ties, Unknown, floor_to, visible_sweep};

use super::columns::Sweep;
use super::tally::Tally;
use super::walk::Token;

/// Rows by what they use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// A print of their own tick, or a later one; of the rows that use a print.
    pub same_tick: Tally,
    /// A print after themselves; of the rows that use a print.
    pub ahead: Tally,
    /// A print of their own transaction; of the rows with time and token.
    pub own: Tally,
    /// A print that became available after them; of the rows that use a print.
    pub unavailable: Tally,
    /// A window that begins before the tape; of the rows with time and token.
    pub censored: Tally,
    /// A token that never prints; of the rows with a token.
    pub unknown: Tally,
    /// Nothing, and their flow says whether the token will ever print; of the rows with time and token.
    pub told: Tally,
}

/// Memory for the proof of a token's rows.
#[derive(Debug, Default)]
pub struct ProofRoom {
    newest_event: Vec<i64>,
    newest_available: Vec<i64>,
    same_stamp: Vec<u32>,
    own_prints: Vec<u32>,
    /// Own prints that all rules but that about them let a row see.
    pub own_seen: Vec<u32>,
    censored: Vec<u32>,
}

impl ProofRoom {
    fn resize(&mut self, rows: usize) {
        self.newest_event.resize(rows, 0);
        self.newest_available.resize(rows, 0);
        for column in [
            &mut self.same_stamp,
            &mut self.own_prints,
            &mut self.own_seen,
            &mut self.censored,
        ] {
            column.resize(rows, 0);
        }
    }
}

/// The tick of the stamps by both files, and what the tape offers beside the prints.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// In the unit of the stamps.
    pub tick: i64,
    /// Whether prints tell when they became available.
    pub availability: bool,
    /// Whether prints and trades tell their transaction.
    pub own: bool,
}

impl Evidence {
    /// Looks at a token's rows. `columns` is room for the values of its timed rows, which are written anew.
    ///
    /// # Errors
    /// Those of the sweep.
    pub fn token(
        &mut self,
        token: &Token<'_>,
        sweep: &Sweep,
        known: Known,
        room: &mut ProofRoom,
        columns: &mut SweptColumns,
    ) -> Result<(), SweepError> {
        let (prints, trades) = (&token.prints, token.trades);
        let rows = trades.ts.len();
        let never = prints.prints.ts.is_empty();
        token.rows.iter().for_each(|&row| self.unknown.look(row, never));
        room.resize(rows);
        let mut proof = Proof {
            tape_begin: token.tape.begin.unwrap_or(i64::MAX),
            reaches: &sweep.reaches,
            newest_event: &mut room.newest_event,
            newest_available: &mut room.newest_available,
            same_stamp: &mut room.same_stamp,
            own_prints: &mut room.own_prints,
            own_seen: &mut room.own_seen,
            censored: &mut room.censored,
        };
        let mut out = columns.slices().split_off(rows).features;
        let trade_columns = trades.columns(0..rows);
        visible_sweep(
            prints,
            &trade_columns,
            &sweep.plan,
            &sweep.rules,
            &mut out,
            Some(&mut proof),
        )?;
        let first = prints.prints.ts.first().copied();
        let hides_own = sweep.rules.exclude_self;
        for (i, (&row, &t)) in token.rows.iter().zip(&trades.ts).enumerate() {
            let newest = room.newest_event[i];
            if newest != NULL_TS {
                let tick = floor_to(t, known.tick).unwrap_or(t);
                // What a sequence has put before the trade had happened before it.
                let placed = sweep.rules.ties == Ties::Sequence && newest == t;
                self.same_tick.look(row, newest >= tick && !placed);
                self.ahead.look(row, newest > t);
                if known.availability {
                    self.unavailable.look(row, room.newest_available[i] > t);
                }
            }
            if known.own {
                self.own.look(row, room.own_seen[i] > 0 && !hides_own);
            }
            self.censored.look(row, room.censored[i] > 0);
            let untold = first.is_none_or(|first| t < first);
            self.told
                .look(row, untold && sweep.rules.unknown == Unknown::Null);
        }
        Ok(())
    }

    /// Takes in what was found elsewhere.
    pub fn add(&mut self, other: &Evidence) {
        self.same_tick.add(&other.same_tick);
        self.ahead.add(&other.ahead);
        self.own.add(&other.own);
        self.unavailable.add(&other.unavailable);
        self.censored.add(&other.censored);
        self.unknown.add(&other.unknown);
        self.told.add(&other.told);
    }
}
