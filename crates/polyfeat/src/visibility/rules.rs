//! The rules of visibility, and the bound they put on time.

use super::mutants::{Mutant, off};
use crate::asof::{Direction, Tie};
use crate::sum::Numerics;
use crate::sweep::SweepError;
use crate::time::floor_to;
use crate::window::Closed;

/// Prints of the trade's own stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ties {
    /// Are seen, all of them: the notebook's rule.
    #[default]
    Include,
    /// Are not seen, nor is any other of the tick that the stamp lies in ([`Visibility::resolution`]): a print stamped
    /// to the second may have happened after a trade stamped to the millisecond.
    Exclude,
    /// Are seen when their sequence is below the trade's; where either is null they are not.
    Sequence,
}

/// What the flows of a trade are when its token has no print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unknown {
    /// Null when the tape never has one, else 0: the notebook's rule, which tells whether the token will ever print.
    #[default]
    Null,
    /// Null until the first print is visible: what could be known.
    Causal,
    /// 0.
    Zero,
}

/// The rules by which a trade sees prints. The default is the notebook's. All durations are in the unit of the stamps.
///
/// With `T = t − embargo`, the bound `U` is `T`, or `T` floored to the resolution with [`Ties::Exclude`]; visible are
/// the prints with `s ≤ U` (`s < U` with `Exclude`) that no other rule hides. Windows and lags end at `U`:
///
/// ```text
///                      window            U        T      t
///   ---o----------[-o----o--o---o-------)|--------|------|      Exclude: left-closed, up to the tick before
///   ---o----------(-o----o--o---o----------------]|------|      else: right-closed
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visibility {
    /// Prints of the trade's own stamp.
    pub ties: Ties,
    /// The tick of [`Ties::Exclude`], at least 1 ([`resolution`](super::resolution()) finds it).
    pub resolution: i64,
    /// How long a print takes to be known, at least 0.
    pub embargo: i64,
    /// Whether only prints with an availability `≤ T` are seen.
    pub availability: bool,
    /// Whether prints of the trade's own transaction are not seen.
    pub exclude_self: bool,
    /// The greatest distance of the last print from `t`, inclusive ([`Span::floor_in`](crate::Span::floor_in)).
    pub max_age: Option<i64>,
    /// Which ends of a window belong to it; `None`: [`Closed::Right`], or [`Closed::Left`] with [`Ties::Exclude`]. The
    /// lag follows the beginning: `s ≤ U − w` where it is open, `s < U − w` where it is closed.
    pub closed: Option<Closed>,
    /// Which of several visible prints of one stamp (under [`Ties::Sequence`] of one stamp and sequence, two nulls being
    /// equal) is the last one, or the lagged one.
    pub tie: Tie,
    /// What is said of tokens without prints.
    pub unknown: Unknown,
    /// Where the last print is looked for. Ahead means the first print at or after `t` (with [`Ties::Exclude`] after
    /// its tick, with [`Ties::Sequence`] at `t` only those of a greater sequence); what is not yet known has no
    /// availability and no embargo. Windows and lags look back all the same.
    pub direction: Direction,
}

impl Default for Visibility {
    fn default() -> Self {
        Self {
            ties: Ties::Include,
            resolution: 1,
            embargo: 0,
            availability: false,
            exclude_self: false,
            max_age: None,
            closed: None,
            tie: Tie::Near,
            unknown: Unknown::Null,
            direction: Direction::Backward,
        }
    }
}

impl Visibility {
    /// Which ends of a window belong to it, the default resolved. Lags and windows of a plan are
    /// [`Closed::length_in`] of this.
    #[must_use]
    pub fn closed(&self) -> Closed {
        let by_ties = if self.ties == Ties::Exclude {
            Closed::Left
        } else {
            Closed::Right
        };
        self.closed.unwrap_or(by_ties)
    }

    /// Whether [`sweep`](crate::sweep()) computes the same, given that the token is known.
    pub(super) fn is_notebook(&self) -> bool {
        let notebook = Self {
            resolution: self.resolution,
            closed: self.closed,
            unknown: self.unknown,
            ..Self::default()
        };
        // Behind the moment the last one is the nearest.
        let tie = if self.tie == Tie::Last {
            Tie::Near
        } else {
            self.tie
        };
        Self { tie, ..*self } == notebook && self.closed() == Closed::Right && self.unknown != Unknown::Causal
    }

    /// Whether visible prints may have others between them.
    pub(super) fn holes(&self) -> bool {
        self.exclude_self || self.enters()
    }

    /// Whether prints become visible in another order than that of the tape.
    pub(super) fn enters(&self) -> bool {
        self.availability || self.ties == Ties::Sequence
    }

    pub(super) fn check(&self, sum: Numerics) -> Result<(), SweepError> {
        let refused = [
            (self.resolution, 1),
            (self.embargo, 0),
            (self.max_age.unwrap_or(0), 0),
        ];
        match refused.into_iter().find(|(value, least)| value < least) {
            Some((value, _)) => Err(SweepError::Rule { value }),
            None if sum == Numerics::Notebook && self.holes() => Err(SweepError::Holes),
            None => Ok(()),
        }
    }

    /// `T` and `U` of a trade at `t`; `None` when they leave `i64`.
    #[inline]
    pub(super) fn bound(&self, t: i64) -> Option<Bound> {
        let embargo = if off(Mutant::Embargo) { 0 } else { self.embargo };
        let known = t.checked_sub(embargo)?;
        let end = if self.excludes() {
            floor_to(known, self.tick())?
        } else {
            known
        };
        Some(Bound { known, end })
    }

    /// The tick that a stamp stands for.
    #[inline]
    pub(super) fn tick(&self) -> i64 {
        if off(Mutant::Resolution) {
            1
        } else {
            self.resolution
        }
    }

    #[inline]
    pub(super) fn excludes(&self) -> bool {
        self.ties == Ties::Exclude && !off(Mutant::Exclude)
    }
}

/// The moments that bound what a trade sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    /// `T`: what is known is judged then.
    pub(super) known: i64,
    /// `U`: windows and lags end there.
    pub(super) end: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_floored_downwards_and_checked() {
        let rules = Visibility {
            ties: Ties::Exclude,
            resolution: 1000,
            embargo: 10,
            ..Visibility::default()
        };
        let end = |t: i64| rules.bound(t).map(|bound| bound.end);
        assert_eq!([end(1009), end(1010), end(9)], [Some(0), Some(1000), Some(-1000)]);
        assert_eq!(end(i64::MIN + 12), None);
        assert_eq!(end(i64::MIN + 5), None);
        assert_eq!(rules.closed(), Closed::Left);
    }

    #[test]
    fn the_notebook_is_recognised() {
        let notebook = Visibility::default();
        assert!(notebook.is_notebook());
        let same = Visibility {
            closed: Some(Closed::Right),
            resolution: 1000,
            unknown: Unknown::Zero,
            tie: Tie::Last,
            ..notebook
        };
        assert!(same.is_notebook());
        for other in [
            Visibility {
                ties: Ties::Exclude,
                ..notebook
            },
            Visibility {
                embargo: 1,
                ..notebook
            },
            Visibility {
                closed: Some(Closed::Both),
                ..notebook
            },
            Visibility {
                unknown: Unknown::Causal,
                ..notebook
            },
            Visibility {
                max_age: Some(1),
                ..notebook
            },
        ] {
            assert!(!other.is_notebook(), "{other:?}");
        }
    }

    #[test]
    fn values_without_sense_are_refused() {
        let rules = Visibility::default();
        let check = |rules: Visibility| rules.check(Numerics::Exact);
        assert_eq!(check(rules), Ok(()));
        let refused = |value| Err(SweepError::Rule { value });
        assert_eq!(
            check(Visibility {
                resolution: 0,
                ..rules
            }),
            refused(0)
        );
        assert_eq!(check(Visibility { embargo: -1, ..rules }), refused(-1));
        assert_eq!(
            check(Visibility {
                max_age: Some(-2),
                ..rules
            }),
            refused(-2)
        );
        let holes = Visibility {
            exclude_self: true,
            ..rules
        };
        assert_eq!(holes.check(Numerics::Notebook), Err(SweepError::Holes));
        assert_eq!(holes.check(Numerics::Exact), Ok(()));
    }
}
