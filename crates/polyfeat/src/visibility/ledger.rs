//! Running sums over prints that do not become visible in their own order.

use std::ops::Range;

use crate::flow::Terms;
use crate::sum::Prefix;
use crate::sweep::Prints;

/// How many visible prints are before a boundary, and their sums.
#[derive(Debug, Clone)]
struct Cursor<P> {
    boundary: usize,
    /// How many of a list's prints are before the boundary, visible or not.
    rank: usize,
    count: usize,
    sums: [P; 2],
}

/// One cursor per moment that needs sums, over all prints of a token or over those of one transaction in it.
///
/// A boundary that moves forward takes in what is visible by then; a print that becomes visible behind boundaries is
/// added to those ([`enter`](Self::enter)). So each print is added at most once to each cursor: linear altogether. What
/// is behind all boundaries is in no window, and need not be added at all: only differences are asked for.
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

    /// Moves the boundaries, ascending, forward over all prints; `run` is the first stretch of visible ones in a range.
    #[inline]
    pub(super) fn advance(
        &mut self,
        prints: &Prints<'_>,
        boundaries: impl Iterator<Item = usize> + Clone,
        run: impl Fn(usize, usize) -> Option<Range<usize>>,
    ) {
        let end = self.cursors.last().map_or(0, |end| end.boundary);
        if let Some(first) = boundaries.clone().next().filter(|&first| first > end) {
            // All windows have left everything behind: nothing between is in any.
            self.cursors.iter_mut().for_each(|cursor| cursor.boundary = first);
            if let Some((first, rest)) = self.cursors.split_first_mut() {
                rest.iter_mut().for_each(|cursor| cursor.clone_from(first));
            }
        }
        for (cursor, boundary) in self.cursors.iter_mut().zip(boundaries) {
            let mut at = cursor.boundary;
            while let Some(visible) = run(at, boundary) {
                at = visible.end;
                cursor.add(prints, visible);
            }
            cursor.boundary = boundary;
        }
    }

    /// Moves the boundaries forward over ascending positions of prints.
    pub(super) fn advance_over(
        &mut self,
        prints: &Prints<'_>,
        boundaries: impl Iterator<Item = usize>,
        list: &[u32],
        visible: impl Fn(usize) -> bool,
    ) {
        for (cursor, boundary) in self.cursors.iter_mut().zip(boundaries) {
            cursor.boundary = boundary;
            let listed = |rank: usize| list.get(rank).map(|&print| print as usize);
            while let Some(print) = listed(cursor.rank).filter(|&print| print < boundary) {
                if visible(print) {
                    cursor.add(prints, print..print + 1);
                }
                cursor.rank += 1;
            }
        }
    }

    /// A print has become visible.
    pub(super) fn enter(&mut self, prints: &Prints<'_>, print: usize) {
        if self.cursors.first().is_none_or(|first| print < first.boundary) {
            return;
        }
        for cursor in self.cursors.iter_mut().filter(|cursor| cursor.boundary > print) {
            cursor.add(prints, print..print + 1);
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
    #[inline]
    fn add(&mut self, prints: &Prints<'_>, visible: Range<usize>) {
        self.count += visible.len();
        prints.add_to(visible, &mut self.sums);
    }
}
