//! What a trade sees, but for its own prints: every print up to its bound, or those of them that have entered.

use super::rules::Bound;
use crate::flow::Flows;
use crate::sum::Prefix;
use crate::sweep::Prints;
use crate::window::Layout;

/// Prints that can be seen, by position.
pub(super) trait Sees {
    fn sees(&self, print: usize) -> bool;
    /// The last one before `end`.
    fn before(&self, end: usize) -> Option<usize>;
    /// The first one from `from` on.
    fn from(&self, from: usize) -> Option<usize>;
    /// How many of ascending positions are seen before `end`.
    fn count_of(&self, list: &[u32], end: usize) -> usize {
        let before = list.partition_point(|&print| (print as usize) < end);
        list[..before]
            .iter()
            .filter(|&&print| self.sees(print as usize))
            .count()
    }
}

/// A forward pass over the moments of a token's trades.
pub(super) trait Book<P>: Sees {
    /// Whether what is seen depends on more than the positions.
    const ENTERS: bool;

    /// Takes in what is known to a trade with this bound and sequence, and tells `entered` of each such print.
    fn enter(&mut self, bound: Bound, sequence: Option<i64>, entered: impl FnMut(usize));
    /// Moves the sums to the positions.
    fn advance(&mut self, layout: &Layout, positions: &[usize]);
    /// How many prints are in window `w`.
    fn count(&self, layout: &Layout, positions: &[usize], w: usize) -> usize;
    /// The running sums at the beginning and the end of window `w`.
    fn ends(&self, layout: &Layout, w: usize) -> Option<(&[P; 2], &[P; 2])>;
}

/// All prints of a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Every {
    pub(super) len: usize,
}

impl Sees for Every {
    #[inline]
    fn sees(&self, _: usize) -> bool {
        true
    }

    #[inline]
    fn before(&self, end: usize) -> Option<usize> {
        end.checked_sub(1)
    }

    #[inline]
    fn from(&self, from: usize) -> Option<usize> {
        (from < self.len).then_some(from)
    }
}

/// Every print up to a bound is seen: the running sums of the plain sweep.
pub(super) struct Prefixes<'a, P> {
    pub(super) prints: Prints<'a>,
    pub(super) flows: Flows<P, 2>,
}

impl<P> Prefixes<'_, P> {
    fn every(&self) -> Every {
        Every {
            len: self.prints.ts.len(),
        }
    }
}

impl<P> Sees for Prefixes<'_, P> {
    #[inline]
    fn sees(&self, _: usize) -> bool {
        true
    }

    #[inline]
    fn before(&self, end: usize) -> Option<usize> {
        self.every().before(end)
    }

    #[inline]
    fn from(&self, from: usize) -> Option<usize> {
        self.every().from(from)
    }

    fn count_of(&self, list: &[u32], end: usize) -> usize {
        list.partition_point(|&print| (print as usize) < end)
    }
}

impl<P: Prefix> Book<P> for Prefixes<'_, P> {
    const ENTERS: bool = false;

    #[inline]
    fn enter(&mut self, _: Bound, _: Option<i64>, _: impl FnMut(usize)) {}

    #[inline]
    fn advance(&mut self, layout: &Layout, positions: &[usize]) {
        self.flows.advance(&self.prints, layout.summed_of(positions));
    }

    #[inline]
    fn count(&self, layout: &Layout, positions: &[usize], w: usize) -> usize {
        positions[layout.end] - positions[layout.windows[w]]
    }

    #[inline]
    fn ends(&self, layout: &Layout, w: usize) -> Option<(&[P; 2], &[P; 2])> {
        self.flows.ends(layout.starts[w])
    }
}
