//! Flow: running sums of size and notional at the ends and starts of windows (spec §2 `mt_volume_*`,
//! `mt_notional_*`).

use std::ops::Range;

use crate::sum::{Prefix, Scale};
use crate::sweep::Prints;

/// The scales of the two kinds of term.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scales {
    volume: Scale,
    notional: Scale,
}

impl Scales {
    /// Takes the terms of the prints in `range` into account.
    pub(crate) fn include(&mut self, prints: &Prints<'_>, range: Range<usize>) {
        self.volume.include(sizes(prints, range.clone()));
        self.notional.include(notionals(prints, range));
    }

    /// There will be a window of this many prints.
    pub(crate) fn window_of(&mut self, prints: usize) {
        self.volume.sum_of(prints);
        self.notional.sum_of(prints);
    }

    pub(crate) fn both(&self, holds: impl Fn(Scale) -> bool) -> bool {
        holds(self.volume) && holds(self.notional)
    }
}

fn sizes<'a>(prints: &Prints<'a>, range: Range<usize>) -> impl Iterator<Item = f64> + use<'a> {
    prints.size.get(range).unwrap_or_default().iter().copied()
}

/// Price · size, rounded once to a double.
fn notionals<'a>(prints: &Prints<'a>, range: Range<usize>) -> impl Iterator<Item = f64> + use<'a> {
    let prices = prints.price.get(range.clone()).unwrap_or_default();
    prices
        .iter()
        .zip(sizes(prints, range))
        .map(|(price, size)| price * size)
}

/// The sums up to one position.
#[derive(Debug, Clone)]
struct Flow<P> {
    position: usize,
    volume: P,
    notional: P,
}

impl<P: Prefix> Flow<P> {
    fn at(position: usize, scales: Scales) -> Self {
        Self {
            position,
            volume: P::zero(scales.volume),
            notional: P::zero(scales.notional),
        }
    }

    #[inline]
    fn walk_to(&mut self, prints: &Prints<'_>, position: usize) {
        self.volume.extend(sizes(prints, self.position..position));
        self.notional.extend(notionals(prints, self.position..position));
        self.position = position;
    }
}

/// One cursor per distinct window start and, last, one at the windows' common end, all with one origin.
///
/// Positions ascend along the list and with every trade, so a cursor that the one before it has overtaken takes over
/// that one's sums instead of walking there itself; and when all have been overtaken (the longest window has left
/// everything behind), the sums start anew from there. Nothing is kept per print, nothing allocated per trade.
#[derive(Debug)]
pub(crate) struct Flows<P> {
    cursors: Vec<Flow<P>>,
    scales: Scales,
}

impl<P: Prefix> Flows<P> {
    pub(crate) fn new(count: usize, scales: Scales) -> Self {
        Self {
            cursors: vec![Flow::at(0, scales); count],
            scales,
        }
    }

    /// Moves every cursor to its position, ascending, none behind where the cursor is.
    #[inline]
    pub(crate) fn advance(&mut self, prints: &Prints<'_>, positions: impl Iterator<Item = usize>) {
        let end = self.cursors.last().map_or(0, |end| end.position);
        let mut moved = false;
        for (i, position) in positions.take(self.cursors.len()).enumerate() {
            let (done, rest) = self.cursors.split_at_mut(i);
            let Some(cursor) = rest.first_mut() else { return };
            match done.last() {
                None if P::MOVABLE && position > 0 && position >= end => {
                    *cursor = Flow::at(position, self.scales);
                    moved = true;
                }
                // After a move every cursor has been overtaken, and none may keep the old origin.
                Some(before) if moved || before.position.saturating_sub(cursor.position) > P::COPY_COST => {
                    cursor.clone_from(before);
                }
                _ => {}
            }
            cursor.walk_to(prints, position);
        }
    }

    /// Volume and notional between cursor `start` and the end.
    #[inline]
    pub(crate) fn since(&self, start: usize) -> (f64, f64) {
        match (self.cursors.get(start), self.cursors.last()) {
            (Some(start), Some(end)) => (
                end.volume.since(&start.volume),
                end.notional.since(&start.notional),
            ),
            _ => (f64::NAN, f64::NAN),
        }
    }
}
