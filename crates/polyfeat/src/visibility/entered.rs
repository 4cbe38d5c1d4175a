//! Prints that become visible in another order than that of the tape: by availability, by sequence.

use super::PrintColumns;
use super::bitset::Bitset;
use super::book::{Book, Sees};
use super::ledger::Ledger;
use super::mutants::{Mutant, off};
use super::rules::{Bound, Ties, Visibility};
use crate::sum::Prefix;
use crate::sweep::Prints;
use crate::time::NULL_TS;
use crate::window::Layout;

/// The prints that have entered so far. The bound on the event's own time is not kept here: it is a position.
///
/// A print enters for trades with `T` past its time of entering; at that time for all, or, where that is its own stamp
/// and the sequence decides, for those of a greater sequence. Trades with a greater (T, sequence) see all that those
/// before them saw, so there is one order of entering.
pub(super) struct Entered<'a, P> {
    prints: Prints<'a>,
    /// Places within a stamp; empty when the sequence does not decide.
    sequence: &'a [i64],
    /// Time of entering and print, in the order of entering.
    entries: Vec<(i64, u32)>,
    next: usize,
    seen: Bitset,
    ledger: Ledger<P>,
}

impl<'a, P: Prefix> Entered<'a, P> {
    pub(super) fn new(
        columns: &PrintColumns<'a>,
        rules: &Visibility,
        layout: &Layout,
        zeros: [P; 2],
    ) -> Self {
        let ts = columns.prints.ts;
        let sequence = if rules.ties == Ties::Sequence && !off(Mutant::Sequence) {
            columns.sequence
        } else {
            &[]
        };
        let available = rules.availability && !off(Mutant::Availability);
        let time = |print: usize| match (available, sequence.is_empty()) {
            (true, by_availability) => {
                let known = Some(columns.availability[print]).filter(|&known| known != NULL_TS)?;
                Some(if by_availability {
                    known
                } else {
                    known.max(ts[print])
                })
            }
            (false, true) => Some(i64::MIN),
            (false, false) => Some(ts[print]),
        };
        let mut entries: Vec<(i64, u32)> = (0..ts.len())
            .filter_map(|print| Some((time(print)?, print as u32)))
            .collect();
        // The stable sort, because a tape that was recorded in order is sorted already, or nearly.
        if sequence.is_empty() {
            entries.sort_by_key(|&(time, _)| time);
        } else {
            entries.sort_by_key(|&(time, print)| (time, place(ts, sequence, time, print as usize)));
        }
        Self {
            prints: columns.prints,
            sequence,
            entries,
            next: 0,
            seen: Bitset::new(ts.len()),
            ledger: Ledger::new(layout.summed.len(), zeros),
        }
    }
}

/// The sequence that a trade at the print's time of entering must exceed; `None`: none. A null one is never known to be
/// before a trade's.
fn place(ts: &[i64], sequence: &[i64], time: i64, print: usize) -> Option<i64> {
    let place = sequence.get(print).filter(|_| time == ts[print])?;
    Some(if *place == i64::MIN { i64::MAX } else { *place })
}

impl<P> Sees for Entered<'_, P> {
    fn sees(&self, print: usize) -> bool {
        self.seen.contains(print)
    }

    fn before(&self, end: usize) -> Option<usize> {
        self.seen.before(end)
    }

    fn from(&self, from: usize) -> Option<usize> {
        self.seen.from(from)
    }
}

impl<P: Prefix> Book<P> for Entered<'_, P> {
    const ENTERS: bool = true;

    fn enter(&mut self, bound: Bound, sequence: Option<i64>, mut entered: impl FnMut(usize)) {
        while let Some(&(time, print)) = self.entries.get(self.next) {
            let print = print as usize;
            let now = match place(self.prints.ts, self.sequence, time, print) {
                _ if time != bound.known => time < bound.known,
                None => true,
                Some(place) => sequence.is_some_and(|own| place < own),
            };
            if !now {
                return;
            }
            self.next += 1;
            self.seen.insert(print);
            self.ledger.enter(&self.prints, print);
            entered(print);
        }
    }

    fn advance(&mut self, layout: &Layout, positions: &[usize]) {
        let seen = &self.seen;
        let boundaries = layout.summed_of(positions);
        self.ledger
            .advance(&self.prints, boundaries, |from, to| seen.run(from, to));
    }

    fn count(&self, layout: &Layout, _: &[usize], w: usize) -> usize {
        self.ledger.count(layout.starts[w])
    }

    fn ends(&self, layout: &Layout, w: usize) -> Option<(&[P; 2], &[P; 2])> {
        self.ledger.ends(layout.starts[w])
    }
}
