//! Sums of doubles: correctly rounded, and as the notebook adds (spec §3).
//!
//! A window's sum is the difference of two running prefixes, one at its end and one at its start. For the exact
//! numerics the prefixes are exact integers, so their difference is exact and is rounded once:
//!
//! | prefix | holds | used for |
//! |---|---|---|
//! | `Split` | two `i64` in units of the smallest term's last bit | nearly every token |
//! | `Wide` | an integer as wide as the range of doubles | terms more than 2³⁰ to 2⁵⁰ apart, or not finite |
//! | `Cumsum` | a double | [`Numerics::Notebook`] |

mod cumsum;
mod kahan;
mod parts;
mod split;
mod wide;

pub(crate) use cumsum::Cumsum;
pub use kahan::{Kahan, kahan_sum};
pub(crate) use parts::Scale;
pub(crate) use split::Split;
pub(crate) use wide::Wide;

/// How flow and complete-set sums are computed (`--sum`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Numerics {
    /// Correctly rounded: what `math.fsum` gives, for any magnitudes and any order of the terms.
    #[default]
    Exact,
    /// Bit-identical to the notebook: differences of sequential cumulative sums, Kahan sums in complete sets.
    Notebook,
}

/// A running sum over the prints from some origin on, of which two at different prints can be subtracted.
pub(crate) trait Prefix: Clone {
    /// Whether the origin may move: true where a difference does not depend on what came before both.
    const MOVABLE: bool;
    /// Copying one costs about as much as adding this many terms.
    const COPY_COST: usize;

    /// The sum of nothing. `scale` covers every term that will be added.
    fn zero(scale: Scale) -> Self;
    /// Adds terms, in order.
    fn extend(&mut self, terms: impl Iterator<Item = f64>);
    /// The sum of the terms added to `self` after it was what `start` is now.
    fn since(&self, start: &Self) -> f64;
    /// Adds the sum of the terms that `end` has and `start` has not. All three are of one scale.
    fn merge(&mut self, end: &Self, start: &Self);
}

/// The correctly rounded (half to even) sum of `terms`, whatever their order and magnitudes.
///
/// * No terms, or a sum of exactly zero: +0.0. A sum beyond the largest double: ±∞.
/// * A NaN term, or infinities of both signs: NaN. Infinities of one sign: that infinity.
///
/// Cost: linear, a few ns per term; tens of ns more when the terms' magnitudes are far apart.
/// Source: spec §3; what Python's `math.fsum` returns.
///
/// ```
/// use polyfeat::exact_sum;
/// assert_eq!(exact_sum(&[1e16, 1.0, 1e-16]), 10000000000000002.0);
/// assert_eq!(exact_sum(&[0.1; 10]), 1.0);
/// assert!(exact_sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
/// ```
#[must_use]
pub fn exact_sum(terms: &[f64]) -> f64 {
    match terms {
        // One IEEE addition is correctly rounded; adding +0.0 turns a zero's sign positive.
        [] => 0.0,
        [a] => a + 0.0,
        [a, b] => a + b + 0.0,
        _ => {
            let scale = scale_of(terms);
            if Split::holds(scale) {
                total::<Split>(terms, scale)
            } else {
                total::<Wide>(terms, scale)
            }
        }
    }
}

fn scale_of(terms: &[f64]) -> Scale {
    let mut scale = Scale::default();
    scale.include(terms.iter().copied());
    scale.sum_of(terms.len());
    scale
}

fn total<P: Prefix>(terms: &[f64], scale: Scale) -> f64 {
    let zero = P::zero(scale);
    let mut sum = zero.clone();
    sum.extend(terms.iter().copied());
    sum.since(&zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same bits from every path that can hold the terms.
    fn check(terms: &[f64], expected: f64) {
        let scale = scale_of(terms);
        let mut sums = vec![exact_sum(terms), total::<Wide>(terms, scale)];
        if Split::holds(scale) {
            sums.push(total::<Split>(terms, scale));
        }
        for sum in sums {
            let same = sum.to_bits() == expected.to_bits() || (sum.is_nan() && expected.is_nan());
            assert!(same, "{terms:?}: {sum:e} is not {expected:e}");
        }
    }

    #[test]
    fn zeros_are_positive() {
        check(&[], 0.0);
        check(&[-0.0], 0.0);
        check(&[-0.0, -0.0], 0.0);
        check(&[-0.0, -0.0, -0.0], 0.0);
        check(&[3.5, -3.5, 1.0, -1.0], 0.0);
    }

    #[test]
    fn one_rounding_half_to_even() {
        let ulp = f64::EPSILON;
        check(&[1.0, ulp / 2.0, 0.0], 1.0);
        check(&[1.0 + ulp, ulp / 2.0, 0.0], 1.0 + 2.0 * ulp);
        check(&[1.0, ulp / 2.0, f64::from_bits(1)], 1.0 + ulp);
        check(&[1.0, ulp / 2.0, -f64::from_bits(1)], 1.0);
        check(&[-1.0, -ulp / 2.0, -f64::from_bits(1)], -1.0 - ulp);
    }

    #[test]
    fn the_ends_of_the_range() {
        let least = f64::from_bits(1);
        let most = f64::MAX;
        check(&[least, least, least], 3.0 * least);
        check(&[f64::MIN_POSITIVE, -least, 0.0], f64::from_bits((1 << 52) - 1));
        check(&[most, most, -most], most);
        check(&[most, most, most], f64::INFINITY);
        check(&[-most, -most, 1.0], f64::NEG_INFINITY);
        // Half an ulp above the largest double is the first sum to round to infinity.
        let half_ulp = 2f64.powi(970);
        check(&[most, half_ulp, 0.0], f64::INFINITY);
        check(&[most, half_ulp, -least], most);
    }

    #[test]
    fn infinities_and_nan() {
        let inf = f64::INFINITY;
        check(&[1.0, inf, inf], inf);
        check(&[1.0, -inf, 2.0], -inf);
        check(&[inf, 1.0, -inf], f64::NAN);
        check(&[inf, f64::NAN, 1.0], f64::NAN);
        check(&[f64::MAX, f64::MAX, -inf], -inf);
    }

    #[test]
    fn far_apart() {
        check(&[1e300, 0.1, 0.2, -1e300], 0.1 + 0.2);
        check(&[1e16, 1.0, 1e-16], 10_000_000_000_000_002.0);
        check(&[1e308, 1e-308, -1e308, -1e-308, 5e-324], 5e-324);
    }
}
