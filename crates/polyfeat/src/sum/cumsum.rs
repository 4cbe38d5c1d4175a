//! The notebook's prefix: a running double.

use super::{Prefix, parts::Scale};

/// `numpy.cumsum`'s value at a print, added one by one from the token's first print on.
///
/// A NaN or an infinity stays in it for good, as in the notebook; and since what a difference loses in the rounding
/// depends on everything before, the origin cannot move.
#[derive(Debug, Clone)]
pub(crate) struct Cumsum {
    sum: f64,
    empty: bool,
}

impl Prefix for Cumsum {
    const MOVABLE: bool = false;
    const COPY_COST: usize = 1;

    fn zero(_: Scale) -> Self {
        // numpy's first value is the first term itself; −0.0 + x is x in every bit, 0.0 + x is not for x = −0.0.
        Self {
            sum: -0.0,
            empty: true,
        }
    }

    #[inline]
    fn extend(&mut self, terms: impl Iterator<Item = f64>) {
        let Self { mut sum, mut empty } = *self;
        for term in terms {
            sum += term;
            empty = false;
        }
        *self = Self { sum, empty };
    }

    #[inline]
    fn since(&self, start: &Self) -> f64 {
        let value = |prefix: &Self| if prefix.empty { 0.0 } else { prefix.sum };
        value(self) - value(start)
    }

    fn merge(&mut self, end: &Self, start: &Self) {
        self.extend([end.since(start)].into_iter());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_zero_are_numpys() {
        let nothing = Cumsum::zero(Scale::default());
        let mut one = nothing.clone();
        one.extend([-0.0].into_iter());
        assert_eq!(one.since(&nothing).to_bits(), (-0.0f64 - 0.0).to_bits());
        assert_eq!(nothing.since(&nothing).to_bits(), 0);
        one.extend([f64::INFINITY].into_iter());
        assert_eq!(one.since(&nothing), f64::INFINITY);
        assert!(one.since(&one).is_nan());
    }
}
