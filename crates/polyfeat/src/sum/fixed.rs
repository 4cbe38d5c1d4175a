//! Exact prefix in one 128-bit integer.

use super::Prefix;
use super::parts::{NonFinite, Parts, Scale, power_of_two};

/// Bits a sum may take, the sign and one bit for comfort left out.
const ROOM: u32 = 126;

/// An exact sum as an integer count of 2^(`least` − 1075), the last bit of the smallest term.
#[derive(Debug, Clone)]
pub(crate) struct Fixed {
    total: i128,
    least: u32,
    apart: NonFinite,
}

impl Fixed {
    /// Whether no sum of the terms of `scale` can overflow: 53 bits of the largest, its distance from the smallest,
    /// and the bits of the number of terms.
    pub(crate) fn holds(scale: Scale) -> bool {
        let (least, most) = scale.exponents();
        53 + (most - least) + (u64::BITS - scale.terms.leading_zeros()) <= ROOM
    }
}

impl Prefix for Fixed {
    const MOVABLE: bool = true;
    const COPY_COST: usize = 1;

    fn zero(scale: Scale) -> Self {
        Self {
            total: 0,
            least: scale.exponents().0,
            apart: NonFinite::default(),
        }
    }

    #[inline]
    fn add(&mut self, term: f64) {
        let Some(parts) = Parts::of(term) else {
            return self.apart.add(term);
        };
        // Only a zero can be below the smallest exponent, and it may be shifted by anything.
        let shifted = i128::from(parts.mantissa) << (parts.exponent.saturating_sub(self.least) % i128::BITS);
        self.total += if parts.negative { -shifted } else { shifted };
    }

    #[inline]
    fn since(&self, start: &Self) -> f64 {
        if let Some(decided) = self.apart.since(&start.apart) {
            return decided;
        }
        let difference = self.total - start.total;
        if difference == 0 {
            return 0.0;
        }
        // `as` rounds half to even. Scaling by a power of two is exact even for subnormal results: the unit is at
        // least 2^-1074, so an integer below 2^53 is a double in it, and one above makes a normal number.
        difference as f64 * power_of_two(self.least as i32 - 1075)
    }
}
