//! A trade's own prints: those of its transaction.

use super::book::Sees;
use super::ledger::Ledger;
use crate::flow::Terms;
use crate::sum::Prefix;
use crate::sweep::Prints;
use crate::window::Layout;

/// No transaction.
const NULL_CODE: u32 = u32::MAX;

/// Up to so many prints of a transaction are taken out of every window one by one. Longer ones, such as a column that
/// says the same everywhere, have running sums of their own.
const FEW: usize = 16;

/// The prints of the transactions that occur among the trades, and what running sums they have.
pub(super) struct Owners<'a, P> {
    trades: &'a [u32],
    prints: &'a [u32],
    /// Distinct codes, ascending.
    codes: Vec<u32>,
    /// Where each code's positions begin in `positions`, and their end.
    offsets: Vec<usize>,
    /// Positions of prints, ascending within a code.
    positions: Vec<u32>,
    /// By code; none where there are few prints, or before the first trade. Empty when there are only few of each.
    ledgers: Vec<Option<Ledger<P>>>,
    zeros: [P; 2],
}

impl<'a, P: Prefix> Owners<'a, P> {
    /// Cost: one look at every print's code, and n log n for those that a trade may have.
    pub(super) fn new(prints: &'a [u32], trades: &'a [u32], zeros: [P; 2]) -> Self {
        // A filter by the last bits of the code: most prints are of no trade, and go by one look at a bit.
        let mut filter = [0u64; 1 << 10];
        let place = |code: u32| ((code as usize >> 6) % (1 << 10), code % 64);
        for &code in trades.iter().filter(|&&code| code != NULL_CODE) {
            let (word, bit) = place(code);
            filter[word] |= 1 << bit;
        }
        let wanted = |code: u32| {
            let (word, bit) = place(code);
            code != NULL_CODE && filter[word] >> bit & 1 == 1
        };
        let mut own: Vec<(u32, u32)> = prints
            .iter()
            .zip(0..)
            .filter(|&(&code, _)| wanted(code))
            .map(|(&code, at)| (code, at))
            .collect();
        own.sort_unstable();
        let (mut codes, mut offsets) = (Vec::new(), vec![0]);
        for group in own.chunk_by(|a, b| a.0 == b.0) {
            codes.extend(group.first().map(|&(code, _)| code));
            offsets.push(offsets[offsets.len() - 1] + group.len());
        }
        let many = offsets.windows(2).any(|pair| pair[1] - pair[0] > FEW);
        Self {
            trades,
            prints,
            ledgers: if many { vec![None; codes.len()] } else { Vec::new() },
            codes,
            offsets,
            positions: own.into_iter().map(|(_, at)| at).collect(),
            zeros,
        }
    }

    /// The transaction of trade `i` that has prints.
    #[inline]
    pub(super) fn of(&self, i: usize) -> Option<usize> {
        if self.codes.is_empty() {
            return None;
        }
        let code = self.trades.get(i)?;
        self.codes.binary_search(code).ok()
    }

    /// Its prints.
    #[inline]
    pub(super) fn list(&self, transaction: Option<usize>) -> &[u32] {
        let range = transaction.and_then(|at| Some(*self.offsets.get(at)?..*self.offsets.get(at + 1)?));
        range
            .and_then(|range| self.positions.get(range))
            .unwrap_or_default()
    }

    /// A print has become visible.
    pub(super) fn enter(&mut self, prints: &Prints<'_>, print: usize) {
        if self.ledgers.is_empty() {
            return;
        }
        let at = self
            .prints
            .get(print)
            .and_then(|code| self.codes.binary_search(code).ok());
        if let Some(ledger) = at.and_then(|at| self.ledgers[at].as_mut()) {
            ledger.enter(prints, print);
        }
    }

    /// Moves a transaction's own sums, if it has some, to the positions.
    pub(super) fn advance(
        &mut self,
        transaction: usize,
        prints: &Prints<'_>,
        layout: &Layout,
        positions: &[usize],
        book: &impl Sees,
    ) {
        let range = self.offsets[transaction]..self.offsets[transaction + 1];
        if range.len() <= FEW {
            return;
        }
        let list = &self.positions[range];
        let ledger = self.ledgers[transaction]
            .get_or_insert_with(|| Ledger::new(layout.summed.len(), self.zeros.clone()));
        let visible = |print| book.sees(print);
        ledger.advance_over(prints, layout.summed_of(positions), list, visible);
    }

    /// Adds a transaction's visible prints in window `w` to `sums`, and says how many they are. Its sums must have been
    /// moved to the positions.
    pub(super) fn add_window(
        &self,
        (transaction, w): (usize, usize),
        prints: &Prints<'_>,
        layout: &Layout,
        positions: &[usize],
        book: &impl Sees,
        sums: &mut [P; 2],
    ) -> usize {
        let start = layout.starts[w];
        if let Some(Some(ledger)) = self.ledgers.get(transaction) {
            if let Some((from, to)) = ledger.ends(start) {
                let ends = to.iter().zip(from);
                sums.iter_mut()
                    .zip(ends)
                    .for_each(|(sum, (to, from))| sum.merge(to, from));
            }
            return ledger.count(start);
        }
        let (from, to) = (positions[layout.windows[w]], positions[layout.end]);
        let own = self.list(Some(transaction)).iter().map(|&print| print as usize);
        let inside = own.filter(|&print| from <= print && print < to && book.sees(print));
        inside.fold(0, |count, print| {
            prints.add_to(print..print + 1, sums);
            count + 1
        })
    }
}
