//! The general sweep: every rule of visibility over one token, in one forward pass.

use super::book::{Book, Prefixes};
use super::entered::Entered;
use super::mutants::{Mutant, off};
use super::order::Order;
use super::own::Owners;
use super::proof::{Facts, Proof, Prover};
use super::row::Run;
use super::rules::{Bound, Ties, Visibility};
use super::{PrintColumns, TradeColumns, check_columns};
use crate::asof::{Direction, prints_up_to};
use crate::flow::{Flows, Scales};
use crate::sum::{Cumsum, Numerics, Prefix, Split, Wide};
use crate::sweep::{FeatureSlices, SweepError, SweepPlan, check_shape, sweep};
use crate::window::{Closed, Layout};

/// Fills the market columns of one token's trades from the prints that its rules let each trade see.
///
/// With [`Visibility::default`] and prints this is [`sweep()`], called as such. Unlike there, no prints at all mean a
/// token that the tape does not know, and [`Visibility::unknown`] says what becomes of it. For the rules see
/// [`Visibility`]; for sums, NaN and stretches of trades [`sweep()`]. `proof` is filled beside the columns.
///
/// * Visible prints are those up to the bound that are available and none of the trade's own. The last print is the one
///   with the greatest (stamp, row); a window's sums are the correctly rounded sums of its visible prints.
/// * [`Visibility::max_age`] makes price, stamp and returns null, and nothing else.
/// * Under [`Tie::Error`](crate::Tie::Error) the last print (if not too old) and, where there is one, every lagged one
///   must be alone in its stamp.
///
/// Cost: that of [`sweep()`] for ties, embargo, closed, maximal age. Own prints: one look at every print's code, a search
/// per trade, and per window those of the trade's own that it sees (running sums where they are many). Availability and
/// sequence: a sort of the prints by when they become visible, each then added once per distinct window, and a search
/// of log₆₄ n steps per look-up; a look-up steps over stretches of own and of unavailable prints one stretch at a time.
///
/// # Errors
/// [`SweepError`]. Unsorted input is not detected (checked in debug builds).
///
/// Source: spec §4.
///
/// ```
/// use polyfeat::{FeatureSlices, PrintColumns, Prints, SweepPlan, Ties, TradeColumns, Visibility, visible_sweep};
/// let prints = Prints { ts: &[40, 70, 100], price: &[0.4, 0.45, 0.5], size: &[1.0, 16.0, 4.0] };
/// let prints = PrintColumns { prints, availability: &[], sequence: &[], own: &[] };
/// let trades = TradeColumns { ts: &[100], sequence: &[], own: &[] };
/// let plan = SweepPlan { windows: vec![60], ..SweepPlan::default() };
/// let rules = Visibility { ties: Ties::Exclude, ..Visibility::default() };
/// let (mut price, mut ts, mut n, mut q, mut pq) = ([0.0], [0], [0.0], [0.0], [0.0]);
/// let mut out = FeatureSlices {
///     last_price: &mut price,
///     last_ts: &mut ts,
///     returns: vec![],
///     counts: vec![&mut n],
///     volumes: vec![&mut q],
///     notionals: vec![&mut pq],
/// };
/// visible_sweep(&prints, &trades, &plan, &rules, &mut out, None)?;
/// assert_eq!((price[0], ts[0], n[0], q[0]), (0.45, 70, 2.0, 17.0));
/// # Ok::<(), polyfeat::SweepError>(())
/// ```
pub fn visible_sweep(
    prints: &PrintColumns<'_>,
    trades: &TradeColumns<'_>,
    plan: &SweepPlan,
    rules: &Visibility,
    out: &mut FeatureSlices<'_>,
    proof: Option<&mut Proof<'_>>,
) -> Result<(), SweepError> {
    check_shape(&prints.prints, trades.ts, plan, out)?;
    check_columns(prints, trades, rules)?;
    proof
        .as_ref()
        .map_or(Ok(()), |proof| proof.check(trades.ts.len()))?;
    rules.check(plan.sum)?;
    if rules.is_notebook() && proof.is_none() && !prints.prints.ts.is_empty() {
        return sweep(&prints.prints, trades.ts, plan, out);
    }
    let closed = if off(Mutant::Closed) {
        Closed::Right
    } else {
        rules.closed()
    };
    let layout = Layout::new(plan, closed, i64::from(rules.excludes()))?;
    let input = Input {
        prints,
        trades,
        rules,
        layout: &layout,
    };
    debug_assert!(
        (0..prints.prints.ts.len()).is_sorted_by_key(|print| input.order().key(print))
            && trades.ts.is_sorted(),
        "prints and trades must ascend"
    );
    input.check_reach()?;
    if plan.sum == Numerics::Notebook {
        return input.run::<Cumsum>(Scales::default(), out, proof);
    }
    let scales = input.scales();
    if scales.all(Split::holds) {
        input.run::<Split>(scales, out, proof)
    } else {
        input.run::<Wide>(scales, out, proof)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) prints: &'a PrintColumns<'a>,
    pub(super) trades: &'a TradeColumns<'a>,
    pub(super) rules: &'a Visibility,
    pub(super) layout: &'a Layout,
}

impl<'a> Input<'a> {
    pub(super) fn order(&self) -> Order<'a> {
        let by_sequence = self.rules.ties == Ties::Sequence;
        Order {
            ts: self.prints.prints.ts,
            sequence: if by_sequence { self.prints.sequence } else { &[] },
        }
    }

    fn bound(&self, i: usize) -> Result<Bound, SweepError> {
        let bound = self.rules.bound(self.trades.ts[i]);
        bound.ok_or(SweepError::Overflow { index: i })
    }

    /// Trades ascend, so the first one reaches back furthest.
    fn check_reach(&self) -> Result<(), SweepError> {
        if self.trades.ts.is_empty() {
            return Ok(());
        }
        let reach = self.bound(0)?.end.checked_sub(self.layout.moments.longest());
        reach.map(|_| ()).ok_or(SweepError::Overflow { index: 0 })
    }

    /// The trades in the order in which what they see grows.
    fn visits(&self) -> impl Iterator<Item = usize> + use<> {
        let n = self.trades.ts.len();
        let by_sequence = (self.rules.ties == Ties::Sequence).then(|| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by_key(|&i| (self.trades.ts[i], self.sequence(i)));
            order
        });
        (0..n).map(move |at| by_sequence.as_ref().map_or(at, |order| order[at]))
    }

    /// A trade's place in its stamp, if it has one.
    pub(super) fn sequence(&self, i: usize) -> Option<i64> {
        let place = self.trades.sequence.get(i).copied();
        place.filter(|&place| place != i64::MIN)
    }

    /// The scales of the terms that will be added.
    fn scales(&self) -> Scales<2> {
        let mut scales = Scales::default();
        let (Some(&first), ts) = (self.layout.summed.first(), self.prints.prints.ts) else {
            return scales;
        };
        let moments = &self.layout.moments;
        let reach = [moments.distance(first), moments.distance(self.layout.end)];
        let (mut start, mut end) = (0, 0);
        for bound in self.trades.ts.iter().filter_map(|&t| self.rules.bound(t)) {
            let seen = end;
            start = prints_up_to(ts, start, bound.end - reach[0]);
            end = prints_up_to(ts, end, bound.end - reach[1]);
            // Where prints enter by themselves, the sums begin with the first one.
            let from = if self.rules.enters() {
                seen
            } else {
                seen.max(start)
            };
            scales.include(&self.prints.prints, from..end);
            scales.window_of(end - start);
        }
        scales
    }

    fn run<P: Prefix>(
        &self,
        scales: Scales<2>,
        out: &mut FeatureSlices<'_>,
        proof: Option<&mut Proof<'_>>,
    ) -> Result<(), SweepError> {
        let zeros: [P; 2] = scales.zeros();
        if self.rules.enters() {
            let book = Entered::new(self.prints, self.rules, self.layout, zeros.clone());
            return self.run_over(book, zeros, out, proof);
        }
        let book = Prefixes {
            prints: self.prints.prints,
            flows: Flows::<P, 2>::new(self.layout.summed.len(), scales),
        };
        self.run_over(book, zeros, out, proof)
    }

    fn run_over<P: Prefix, B: Book<P>>(
        &self,
        book: B,
        zeros: [P; 2],
        out: &mut FeatureSlices<'_>,
        proof: Option<&mut Proof<'_>>,
    ) -> Result<(), SweepError> {
        let looked_at = self.rules.exclude_self || proof.is_some();
        let own = if looked_at {
            (self.prints.own, self.trades.own)
        } else {
            (&[][..], &[][..])
        };
        let owners = Owners::new(own.0, own.1, zeros);
        let mut run = Run::new(*self, book, owners);
        let mut prover = proof.map(|proof| Prover::new(self.prints, self.rules, proof));
        // Rows that depend on more than the bound are not copied to others of the same bound.
        let timed = B::ENTERS || self.rules.max_age.is_some() || self.rules.direction != Direction::Backward;
        let mut copied = None;
        for i in self.visits() {
            let t = self.trades.ts[i];
            let bound = self.bound(i)?;
            let sequence = self.sequence(i);
            run.move_to(bound, sequence, prover.as_mut());
            let own = run.owners.of(i);
            let end = run.positions[self.layout.visible];
            let backward = self.rules.direction == Direction::Backward;
            let alone = |list: &[u32]| {
                list.first()
                    .is_none_or(|&first| backward && first as usize >= end)
            };
            let plain = prover.is_none() && alone(run.owners.list(own));
            let key = (bound.end, timed.then_some((t, sequence)));
            match copied {
                Some((same, from)) if plain && same == key => {
                    out.copy_row(from, i);
                    continue;
                }
                _ if plain => copied = Some((key, i)),
                _ => {}
            }
            run.row(i, own, out)?;
            if let Some(prover) = &mut prover {
                let hides = self.rules.exclude_self;
                let list = run.owners.list(own);
                let (windows, newest) = run.in_windows(if hides { list } else { &[] });
                let facts = Facts {
                    t,
                    bound,
                    end,
                    answers: &run.answers,
                    windows,
                    newest,
                    own: list,
                    hidden: self.trades.own.get(i).copied().filter(|_| hides),
                };
                prover.fill(i, &facts, &run.book);
            }
        }
        Ok(())
    }
}
