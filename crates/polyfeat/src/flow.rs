//! Flow: running sums at the ends and starts of windows (spec §2 `mt_volume_*`, `mt_notional_*`).

mod windows;

use std::ops::Range;

use crate::sum::{Prefix, Scale};
use crate::sweep::Prints;

pub use windows::{FlowPlan, FlowSlices, WindowFlow, key_flow, window_flow};

/// What is summed: `N` terms at every position of a key's rows.
pub(crate) trait Terms<const N: usize> {
    /// Adds the terms of the rows in `range`, in order, each to its sum.
    fn add_to<P: Prefix>(&self, range: Range<usize>, sums: &mut [P; N]);
    /// Takes these terms into account.
    fn include_in(&self, range: Range<usize>, scales: &mut [Scale; N]);
}

/// Volume and notional.
impl Terms<2> for Prints<'_> {
    #[inline]
    fn add_to<P: Prefix>(&self, range: Range<usize>, [volume, notional]: &mut [P; 2]) {
        volume.extend(sizes(self, range.clone()));
        notional.extend(notionals(self, range));
    }

    fn include_in(&self, range: Range<usize>, [volume, notional]: &mut [Scale; 2]) {
        volume.include(sizes(self, range.clone()));
        notional.include(notionals(self, range));
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

/// The scales of the `N` kinds of term.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scales<const N: usize>([Scale; N]);

impl<const N: usize> Default for Scales<N> {
    fn default() -> Self {
        Self([Scale::default(); N])
    }
}

impl<const N: usize> Scales<N> {
    /// Takes the terms of the rows in `range` into account.
    pub(crate) fn include(&mut self, terms: &impl Terms<N>, range: Range<usize>) {
        terms.include_in(range, &mut self.0);
    }

    /// There will be a window of this many rows.
    pub(crate) fn window_of(&mut self, rows: usize) {
        self.0.iter_mut().for_each(|scale| scale.sum_of(rows));
    }

    pub(crate) fn all(&self, holds: impl Fn(Scale) -> bool) -> bool {
        self.0.iter().all(|&scale| holds(scale))
    }

    /// The sums of nothing.
    pub(crate) fn zeros<P: Prefix>(&self) -> [P; N] {
        self.0.map(P::zero)
    }
}

/// The sums up to one position.
#[derive(Debug, Clone)]
struct Flow<P, const N: usize> {
    position: usize,
    sums: [P; N],
}

impl<P: Prefix, const N: usize> Flow<P, N> {
    fn at(position: usize, scales: &Scales<N>) -> Self {
        Self {
            position,
            sums: scales.zeros(),
        }
    }

    #[inline]
    fn walk_to(&mut self, terms: &impl Terms<N>, position: usize) {
        terms.add_to(self.position..position, &mut self.sums);
        self.position = position;
    }
}

/// One cursor per distinct window start and, last, one at the windows' common end, all with one origin.
///
/// Positions ascend along the list and with every trade, so a cursor that the one before it has overtaken takes over
/// that one's sums instead of walking there itself; and when all have been overtaken (the longest window has left
/// everything behind), the sums start anew from there. Nothing is kept per print, nothing allocated per trade.
#[derive(Debug)]
pub(crate) struct Flows<P, const N: usize> {
    cursors: Vec<Flow<P, N>>,
    scales: Scales<N>,
}

impl<P: Prefix, const N: usize> Flows<P, N> {
    pub(crate) fn new(count: usize, scales: Scales<N>) -> Self {
        Self {
            cursors: vec![Flow::at(0, &scales); count],
            scales,
        }
    }

    /// Moves every cursor to its position, ascending, none behind where the cursor is.
    #[inline]
    pub(crate) fn advance(&mut self, terms: &impl Terms<N>, positions: impl Iterator<Item = usize>) {
        let end = self.cursors.last().map_or(0, |end| end.position);
        let mut moved = false;
        for (i, position) in positions.take(self.cursors.len()).enumerate() {
            let (done, rest) = self.cursors.split_at_mut(i);
            let Some(cursor) = rest.first_mut() else { return };
            match done.last() {
                None if P::MOVABLE && position > 0 && position >= end => {
                    *cursor = Flow::at(position, &self.scales);
                    moved = true;
                }
                // After a move every cursor has been overtaken, and none may keep the old origin.
                Some(before) if moved || before.position.saturating_sub(cursor.position) > P::COPY_COST => {
                    cursor.clone_from(before);
                }
                _ => {}
            }
            cursor.walk_to(terms, position);
        }
    }

    /// The sums between cursor `start` and the end.
    #[inline]
    pub(crate) fn since(&self, start: usize) -> [f64; N] {
        self.ends(start)
            .map_or([f64::NAN; N], |(start, end)| since(start, end))
    }

    /// The running sums at cursor `start` and at the end.
    #[inline]
    pub(crate) fn ends(&self, start: usize) -> Option<(&[P; N], &[P; N])> {
        Some((&self.cursors.get(start)?.sums, &self.cursors.last()?.sums))
    }
}

/// The sums of the terms in `end` that are not in `start`.
#[inline]
pub(crate) fn since<P: Prefix, const N: usize>(start: &[P; N], end: &[P; N]) -> [f64; N] {
    std::array::from_fn(|n| end[n].since(&start[n]))
}
