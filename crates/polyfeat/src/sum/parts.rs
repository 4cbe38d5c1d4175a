//! A double taken apart, and the range of magnitudes among many.

const FRACTION_BITS: u32 = 52;
const EXPONENT_MASK: u32 = 0x7ff;

/// A finite double as ±`mantissa` · 2^(`exponent` − 1075), with `exponent` in 1..=2046 (subnormals have 1).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) negative: bool,
    pub(crate) mantissa: u64,
    pub(crate) exponent: u32,
}

impl Parts {
    /// `None` for NaN and the infinities.
    #[inline]
    pub(crate) fn of(value: f64) -> Option<Self> {
        let bits = value.to_bits();
        let biased = (bits >> FRACTION_BITS) as u32 & EXPONENT_MASK;
        if biased == EXPONENT_MASK {
            return None;
        }
        let hidden = u64::from(biased != 0) << FRACTION_BITS;
        Some(Self {
            negative: value.is_sign_negative(),
            mantissa: (bits & ((1 << FRACTION_BITS) - 1)) | hidden,
            exponent: biased.max(1),
        })
    }
}

/// Exactly 2^`exponent`, for an exponent from −1074 to 1023.
pub(crate) fn power_of_two(exponent: i32) -> f64 {
    if exponent >= -1022 {
        f64::from_bits(u64::from((exponent + 1023).unsigned_abs()) << FRACTION_BITS)
    } else {
        f64::from_bits(1 << (exponent + 1074))
    }
}

/// What is to be known of terms before they are summed: the smallest and largest magnitude among those that are
/// finite and not zero, whether all are finite, and how many go into one sum at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Bits of the smallest magnitude, less one: the bits of a zero then wrap around to the end and never win.
    least_less_one: u64,
    most: u64,
    pub(crate) finite: bool,
    pub(crate) terms: u64,
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            least_less_one: u64::MAX,
            most: 0,
            finite: true,
            terms: 0,
        }
    }
}

impl Scale {
    /// Takes terms into account. Without a branch: positive doubles order as their bits do.
    #[inline]
    pub(crate) fn include(&mut self, terms: impl Iterator<Item = f64>) {
        let Self {
            mut least_less_one,
            mut most,
            mut finite,
            ..
        } = *self;
        for term in terms {
            let bits = term.abs().to_bits();
            let is_finite = bits < f64::INFINITY.to_bits();
            let magnitude = if is_finite { bits } else { 0 };
            finite &= is_finite;
            most = most.max(magnitude);
            least_less_one = least_less_one.min(magnitude.wrapping_sub(1));
        }
        *self = Self {
            least_less_one,
            most,
            finite,
            ..*self
        };
    }

    /// There will be a sum of this many terms.
    pub(crate) fn sum_of(&mut self, terms: usize) {
        self.terms = self.terms.max(terms as u64);
    }

    /// The exponents, as in [`Parts`], of the smallest and the largest term; equal when there is none.
    pub(crate) fn exponents(self) -> (u32, u32) {
        let exponent = |bits: u64| ((bits >> FRACTION_BITS) as u32).max(1);
        (exponent(self.least_less_one.wrapping_add(1)), exponent(self.most))
    }
}

/// How many NaN, +∞ and −∞ were passed: they stand apart, since an infinity cannot be subtracted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NonFinite {
    nan: u64,
    positive: u64,
    negative: u64,
}

impl NonFinite {
    #[cold]
    pub(crate) fn add(&mut self, term: f64) {
        if term.is_nan() {
            self.nan += 1;
        } else if term > 0.0 {
            self.positive += 1;
        } else {
            self.negative += 1;
        }
    }

    /// Adds what `end` has passed and `start` has not.
    pub(crate) fn merge(&mut self, end: &Self, start: &Self) {
        self.nan += end.nan - start.nan;
        self.positive += end.positive - start.positive;
        self.negative += end.negative - start.negative;
    }

    /// The sum when a term since `start` decides it alone, whatever the finite ones are.
    #[inline]
    pub(crate) fn since(&self, start: &Self) -> Option<f64> {
        if self == start {
            return None;
        }
        let positive = self.positive > start.positive;
        let negative = self.negative > start.negative;
        Some(if self.nan > start.nan || (positive && negative) {
            f64::NAN
        } else if positive {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_put_together_are_the_number() {
        for value in [1.0, -0.1, 5e-324, f64::MIN_POSITIVE, f64::MAX, -1.5e-310, 0.0] {
            let Parts {
                negative,
                mantissa,
                exponent,
            } = Parts::of(value).unwrap();
            let magnitude = mantissa as f64 * power_of_two(exponent as i32 - 1075);
            assert_eq!(if negative { -magnitude } else { magnitude }, value);
        }
        assert!(Parts::of(f64::NAN).is_none() && Parts::of(f64::NEG_INFINITY).is_none());
    }

    #[test]
    fn powers_of_two_at_the_seams() {
        assert_eq!(power_of_two(0), 1.0);
        assert_eq!(power_of_two(-1022), f64::MIN_POSITIVE);
        assert_eq!(power_of_two(-1023) * 2.0, f64::MIN_POSITIVE);
        assert_eq!(power_of_two(-1074), f64::from_bits(1));
        assert_eq!(power_of_two(1023), 2f64.powi(1023));
    }
}
