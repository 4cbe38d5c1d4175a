//! Exact prefix over the whole range of doubles.

use super::Prefix;
use super::parts::{NonFinite, Parts, Scale, power_of_two};

/// Bits of a digit's weight; a digit itself has the rest of its `i64` as room for carries not yet made.
const DIGIT_BITS: u32 = 32;
const DIGIT_MASK: i64 = (1 << DIGIT_BITS) - 1;

/// Digits a term touches. It adds less than 2^20 to the highest of them, whose other bits take the carries of a sum
/// of 2^43 such terms, and the sign.
const REACH: usize = 3;

/// The digit that the last bit of the largest double falls into, and its reach.
const DIGITS: usize = 2045 / DIGIT_BITS as usize + REACH;

/// One term changes a digit by less than 2^32, so this many leave it below 2^61, and a difference below 2^62.
const TERMS_BEFORE_CARRY: u32 = 1 << 29;

/// An exact sum as digits of weight 2^(32·i − 1074): a superaccumulator with carries put off (the "small
/// superaccumulator" of R. Neal, arXiv 1505.05571, with the digits the carries need to be subtractable).
#[derive(Debug, Clone)]
pub(crate) struct Wide {
    digits: [i64; DIGITS],
    /// The digits that terms of the scale, and sums of them, can touch.
    touched: (usize, usize),
    /// Additions since the last carry.
    uncarried: u32,
    apart: NonFinite,
}

impl Prefix for Wide {
    const MOVABLE: bool = true;
    const COPY_COST: usize = 16;

    fn zero(scale: Scale) -> Self {
        let (least, most) = scale.exponents();
        let digit = |exponent: u32| ((exponent - 1) / DIGIT_BITS) as usize;
        let touched = (digit(least), digit(most) + REACH);
        Self {
            digits: [0; DIGITS],
            touched,
            uncarried: 0,
            apart: NonFinite::default(),
        }
    }

    fn extend(&mut self, terms: impl Iterator<Item = f64>) {
        terms.for_each(|term| self.add(term));
    }

    fn since(&self, start: &Self) -> f64 {
        if let Some(decided) = self.apart.since(&start.apart) {
            return decided;
        }
        let (from, to) = self.touched;
        let mut difference = [0; DIGITS];
        let difference = &mut difference[..to - from];
        let ends = self.digits[from..to].iter().zip(&start.digits[from..to]);
        for (digit, (end, start)) in difference.iter_mut().zip(ends) {
            *digit = end - start;
        }
        carry(difference);
        // After the carries the top digit alone has a sign.
        let negative = difference.last().is_some_and(|&top| top < 0);
        if negative {
            difference.iter_mut().for_each(|digit| *digit = -*digit);
            carry(difference);
        }
        let magnitude = round(difference, from);
        if negative { -magnitude } else { magnitude }
    }

    fn merge(&mut self, end: &Self, start: &Self) {
        let (from, to) = self.touched;
        let mine = &mut self.digits[from..to];
        carry(mine);
        // Digits below 2^32 from the first carry, below 2^62 from the difference; and a second carry.
        let ends = end.digits[from..to].iter().zip(&start.digits[from..to]);
        for (digit, (end, start)) in mine.iter_mut().zip(ends) {
            *digit += end - start;
        }
        carry(mine);
        self.uncarried = 1;
        self.apart.merge(&end.apart, &start.apart);
    }
}

impl Wide {
    #[inline]
    fn add(&mut self, term: f64) {
        let Some(parts) = Parts::of(term) else {
            return self.apart.add(term);
        };
        let bit = parts.exponent - 1;
        let shifted = u128::from(parts.mantissa) << (bit % DIGIT_BITS);
        let touched = self.digits.iter_mut().skip((bit / DIGIT_BITS) as usize);
        for (digit, place) in touched.zip(0..REACH as u32) {
            let change = (shifted >> (place * DIGIT_BITS)) as i64 & DIGIT_MASK;
            *digit += if parts.negative { -change } else { change };
        }
        self.uncarried += 1;
        if self.uncarried == TERMS_BEFORE_CARRY {
            carry(&mut self.digits[self.touched.0..self.touched.1]);
            self.uncarried = 1;
        }
    }
}

/// Brings every digit but the top one into 0..2^32, the value unchanged.
fn carry(digits: &mut [i64]) {
    if let Some((top, digits)) = digits.split_last_mut() {
        let mut carried = 0;
        for digit in digits {
            let sum = *digit + carried;
            *digit = sum & DIGIT_MASK;
            carried = sum >> DIGIT_BITS;
        }
        *top += carried;
    }
}

/// The double nearest to carried, non-negative digits, the lowest of weight 2^(32·`first` − 1074); ties to even.
fn round(digits: &[i64], first: usize) -> f64 {
    // The three digits from the highest one down hold 65 bits or more: enough for 53, the rounding bit, and a last
    // bit that stands for everything below. With fewer digits there is nothing below. At most 63 + 32 + 32 bits.
    let top = digits.iter().rposition(|&digit| digit != 0).unwrap_or(0);
    let low = top.saturating_sub(2);
    let head = digits[low..=top]
        .iter()
        .rev()
        .fold(0u128, |head, &d| (head << DIGIT_BITS) | u128::from(d as u64));
    let below = digits[..low].iter().any(|&digit| digit != 0);
    let nearest = (head | u128::from(below)) as f64;
    // Scaling is exact, even for subnormal results: as in `Split::since`.
    nearest * power_of_two((first + low) as i32 * DIGIT_BITS as i32 - 1074)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn putting_carries_off_or_not_is_the_same() {
        let terms = [1e300, -3.5, 1e-300, -1e300, 7e22, 0.1];
        let mut scale = Scale::default();
        scale.include(terms.into_iter());
        let (mut late, mut early) = (Wide::zero(scale), Wide::zero(scale));
        let start = early.clone();
        for term in terms.into_iter().cycle().take(600) {
            late.add(term);
            early.add(term);
            carry(&mut early.digits[early.touched.0..early.touched.1]);
        }
        assert_eq!(late.since(&start).to_bits(), early.since(&start).to_bits());
        // What is merged twice and taken away once is there once.
        let mut twice = start.clone();
        twice.merge(&late, &start);
        twice.merge(&early, &start);
        assert_eq!(twice.since(&late).to_bits(), late.since(&start).to_bits());
    }
}
