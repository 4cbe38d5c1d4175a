//! Exact prefix in two 64-bit integers.

use super::Prefix;
use super::parts::{Scale, power_of_two};

/// An exact sum of finite terms, as `high` · 2^`cut` + `low` in units of the smallest term's last bit.
///
/// A term is split by adding and subtracting a constant so large that the processor rounds at the cut (Dekker's and
/// Rump's error-free extraction); and a double beside such a constant holds its integer in its last bits, where the
/// sum can pick it up. No branch, no conversion, and four terms at a time where the compiler sees fit.
/// Running sums may wrap around: only the difference of two has to fit.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    high: i64,
    low: i64,
    /// 1.5 · 2^52 in units of the high part.
    above: f64,
    /// 1.5 · 2^52 in units of the low part.
    below: f64,
    cut: u32,
    unit: i32,
}

/// Where terms of a scale are cut: (bits above, bits below), and the exponent of the unit.
fn cut(scale: Scale) -> (u32, u32, i32) {
    let (least, most) = scale.exponents();
    let bits = 53 + (most - least);
    (bits / 2, bits.div_ceil(2), least as i32 - 1075)
}

impl Split {
    /// Whether every sum of at most `scale.terms` terms is exact: both parts of a term fit beside their constant,
    /// both sums fit 63 bits, the constants are doubles, and nothing is infinite or NaN.
    pub(crate) fn holds(scale: Scale) -> bool {
        let (above, below, unit) = cut(scale);
        let many = u64::BITS - scale.terms.leading_zeros();
        scale.finite && below <= 51 && below + many <= 62 && unit + (above + below) as i32 + 53 <= 1023
    }
}

impl Prefix for Split {
    const MOVABLE: bool = true;
    const COPY_COST: usize = 1;

    fn zero(scale: Scale) -> Self {
        let (_, cut, unit) = cut(scale);
        // Beyond the range of doubles `holds` is false and the constants are of no use.
        let anchor = |exponent: i32| 1.5 * power_of_two((exponent + 52).min(1023));
        Self {
            high: 0,
            low: 0,
            above: anchor(unit + cut as i32),
            below: anchor(unit),
            cut,
            unit,
        }
    }

    #[inline]
    fn extend(&mut self, terms: impl Iterator<Item = f64>) {
        let (above, below) = (self.above, self.below);
        let beside = |sum: f64, anchor: f64| sum.to_bits().wrapping_sub(anchor.to_bits()) as i64;
        let (mut high, mut low) = (0i64, 0i64);
        for term in terms {
            let rounded = term + above;
            let rest = term - (rounded - above);
            high = high.wrapping_add(beside(rounded, above));
            low = low.wrapping_add(beside(rest + below, below));
        }
        self.high = self.high.wrapping_add(high);
        self.low = self.low.wrapping_add(low);
    }

    #[inline]
    fn since(&self, start: &Self) -> f64 {
        let high = i128::from(self.high.wrapping_sub(start.high));
        let low = i128::from(self.low.wrapping_sub(start.low));
        let sum = (high << self.cut) + low;
        // `as` rounds half to even. Scaling by a power of two is exact even for subnormal results: the unit is at
        // least 2^-1074, so an integer below 2^53 is a double in it, and one above makes a normal number.
        sum as f64 * power_of_two(self.unit)
    }

    #[inline]
    fn merge(&mut self, end: &Self, start: &Self) {
        self.high = self.high.wrapping_add(end.high).wrapping_sub(start.high);
        self.low = self.low.wrapping_add(end.low).wrapping_sub(start.low);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(terms: &[f64]) -> Scale {
        let mut scale = Scale::default();
        scale.include(terms.iter().copied());
        scale.sum_of(terms.len());
        scale
    }

    #[test]
    fn it_holds_a_tape_and_refuses_what_it_cannot() {
        assert!(Split::holds(scale(&[1e-6, 5000.0, 0.0, -0.0])));
        assert!(Split::holds(scale(&[f64::from_bits(1), 1e-300])));
        assert!(!Split::holds(scale(&[1e-6, 1e30])));
        assert!(!Split::holds(scale(&[1.0, f64::NAN])));
        assert!(!Split::holds(scale(&[1.0, f64::INFINITY])));
        assert!(!Split::holds(scale(&[f64::MAX, 1e300])));
        let mut many = scale(&[1e-6, 5000.0]);
        many.sum_of(1 << 40);
        assert!(!Split::holds(many));
    }

    #[test]
    fn sums_that_wrapped_around_subtract_all_the_same() {
        let terms = [2f64.powi(49) + 0.5, -1.25, 2f64.powi(50) - 0.25];
        let scale = scale(&terms);
        assert!(Split::holds(scale));
        let mut start = Split::zero(scale);
        start.high = i64::MAX;
        start.low = i64::MIN;
        let mut end = start.clone();
        end.extend(terms.into_iter());
        assert_eq!(end.since(&start), 2f64.powi(49) + 2f64.powi(50) - 1.0);
    }
}
