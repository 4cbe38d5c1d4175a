//! As-of among the prints that a trade sees, its own left out.

use super::book::Sees;
use super::mutants::{Mutant, off};
use super::order::Order;
use crate::asof::Tie;

/// The last print before `end` that is seen and none of `own` (ascending positions). A run of own prints is jumped over.
#[inline]
pub(super) fn newest(prints: &impl Sees, own: &[u32], mut end: usize) -> Option<usize> {
    loop {
        let print = prints.before(end)?;
        let Ok(rank) = own.binary_search(&(print as u32)) else {
            return Some(print);
        };
        // Positions less ranks stay the same along a run of neighbours.
        let run = own[rank] as usize - rank;
        let first = run_of(own, |less_rank| less_rank < run);
        end = own[first] as usize;
    }
}

/// The first print from `from` on that is seen and none of `own`.
pub(super) fn oldest(prints: &impl Sees, own: &[u32], mut from: usize) -> Option<usize> {
    loop {
        let print = prints.from(from)?;
        let Ok(rank) = own.binary_search(&(print as u32)) else {
            return Some(print);
        };
        let run = own[rank] as usize - rank;
        let past = run_of(own, |less_rank| less_rank <= run);
        from = own[past - 1] as usize + 1;
    }
}

/// How many of `own` have a position less rank that fulfils `before`, which those at the front do.
fn run_of(own: &[u32], before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, own.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(own[middle] as usize - middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Which of the prints that tie with `last`, the last one of them to be seen. The error is their stamp.
#[inline]
pub(super) fn of_last(
    prints: &impl Sees,
    own: &[u32],
    order: Order<'_>,
    last: usize,
    tie: Tie,
) -> Result<usize, i64> {
    match tie {
        _ if off(Mutant::Tie) => Ok(last),
        Tie::Near | Tie::Last => Ok(last),
        Tie::First => Ok(oldest(prints, own, order.tied(last).start).unwrap_or(last)),
        Tie::Error => alone(order, last, newest(prints, own, last)),
    }
}

/// Which of the prints that tie with `first`, the first one of them to be seen. The error is their stamp.
pub(super) fn of_first(
    prints: &impl Sees,
    own: &[u32],
    order: Order<'_>,
    first: usize,
    tie: Tie,
) -> Result<usize, i64> {
    match tie {
        _ if off(Mutant::Tie) => Ok(first),
        Tie::Near | Tie::First => Ok(first),
        Tie::Last => Ok(newest(prints, own, order.tied(first).end).unwrap_or(first)),
        Tie::Error => alone(order, first, oldest(prints, own, first + 1)),
    }
}

fn alone(order: Order<'_>, found: usize, neighbour: Option<usize>) -> Result<usize, i64> {
    match neighbour {
        Some(other) if order.key(other) == order.key(found) => Err(order.ts[found]),
        _ => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::Every;
    use super::*;

    #[test]
    fn runs_of_own_prints_are_jumped_over() {
        let every = Every { len: 10 };
        for own in [
            vec![],
            vec![0, 1, 2],
            vec![3, 5, 6, 7],
            vec![9],
            (0..10).collect(),
            vec![0, 9],
        ] {
            for at in 0..=10 {
                let others = || (0..10usize).filter(|&j| !own.contains(&(j as u32)));
                assert_eq!(newest(&every, &own, at), others().rfind(|&j| j < at));
                assert_eq!(oldest(&every, &own, at), others().find(|&j| j >= at));
            }
        }
    }

    #[test]
    fn ties_among_what_is_seen() {
        let every = Every { len: 5 };
        let order = Order {
            ts: &[1, 2, 2, 2, 3],
            sequence: &[],
        };
        assert_eq!(of_last(&every, &[], order, 3, Tie::First), Ok(1));
        assert_eq!(of_last(&every, &[1], order, 3, Tie::First), Ok(2));
        assert_eq!(of_last(&every, &[1], order, 3, Tie::Error), Err(2));
        assert_eq!(of_last(&every, &[1, 2], order, 3, Tie::Error), Ok(3));
        assert_eq!(of_first(&every, &[3], order, 1, Tie::Last), Ok(2));
        assert_eq!(of_first(&every, &[2, 3], order, 1, Tie::Error), Ok(1));
        assert_eq!(of_first(&every, &[], order, 1, Tie::Error), Err(2));
        let near = (
            of_last(&every, &[], order, 3, Tie::Near),
            of_first(&every, &[], order, 1, Tie::Near),
        );
        assert_eq!(near, (Ok(3), Ok(1)));
    }
}
