//! Running sums over prints that do not become visible in their own order.

use crate::flow::Terms;
use crate::sum::Prefix;
use crate::sweep::Prints;

/// How many visible prints are before a boundary, and their sums.
#[derive(Debug, Clone)]
struct Cursor<P> {
    boundary: usize,
    /// How many of the listed prints are before the boundary, visible or not.
    rank: usize,
    count: usize,
    sums: [P; 2],
}

/// One cursor per moment that needs sums, over a list of ascending positions of prints: those of a token, or those of
/// one transaction in it.
///
/// A boundary that moves forward takes in what is visible by then; a print that becomes visible behind boundaries is
/// added to those ([`enter`](Self::enter)). So each print is added once to each cursor: linear altogether.
#[derive(Debug, Clone)]
pub(super) struct Ledger<P> {
    cursors: Vec<Cursor<P>>,
}

impl<P: Prefix> Ledger<P> {
    pub(super) fn new(cursors: usize, zeros: [P; 2]) -> Self {
        let cursor = Cursor {
            boundary: 0,
            rank: 0,
            count: 0,
            sums: zeros,
        };
        Self {
            cursors: vec![cursor; cursors],
        }
    }

    /// Moves the boundaries forward over the list, whose entry at a rank is `listed`.
    #[inline]
    pub(super) fn advance(
        &mut self,
        prints: &Prints<'_>,
        boundaries: impl Iterator<Item = usize>,
        listed: impl Fn(usize) -> Option<usize>,
        visible: impl Fn(usize) -> bool,
    ) {
        for (cursor, boundary) in self.cursors.iter_mut().zip(boundaries) {
            cursor.boundary = boundary;
            while let Some(print) = listed(cursor.rank).filter(|&print| print < boundary) {
                if visible(print) {
                    cursor.add(prints, print);
                }
                cursor.rank += 1;
            }
        }
    }

    /// A print of the list has become visible.
    pub(super) fn enter(&mut self, prints: &Prints<'_>, print: usize) {
        for cursor in self.cursors.iter_mut().filter(|cursor| cursor.boundary > print) {
            cursor.add(prints, print);
        }
    }

    /// Visible prints between cursor `start` and the last one.
    pub(super) fn count(&self, start: usize) -> usize {
        match (self.cursors.get(start), self.cursors.last()) {
            (Some(start), Some(end)) => end.count - start.count,
            _ => 0,
        }
    }

    /// The running sums at cursor `start` and at the last one.
    pub(super) fn ends(&self, start: usize) -> Option<(&[P; 2], &[P; 2])> {
        Some((&self.cursors.get(start)?.sums, &self.cursors.last()?.sums))
    }
}

impl<P: Prefix> Cursor<P> {
    fn add(&mut self, prints: &Prints<'_>, print: usize) {
        self.count += 1;
        prints.add_to(print..print + 1, &mut self.sums);
    }
}
