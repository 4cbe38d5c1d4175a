//! Kahan's compensated sum, step for step as pandas' grouped sum does it.

/// A running compensated sum: `y = v − c; t = s + y; c = (t − s) − y; s = t`, and `c = 0` when that is NaN, so that
/// an infinity stays an infinity.
///
/// It depends on the order of the terms. NaN terms are not skipped here: leave them out, as pandas does.
/// Source: spec §3; pandas `group_sum`.
///
/// ```
/// use polyfeat::Kahan;
/// let sum: Kahan = [1.0, 1e-16, 1e-16, 1e-16].into_iter().collect();
/// assert_eq!(sum.total(), 1.0000000000000002);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Kahan {
    sum: f64,
    compensation: f64,
}

impl Kahan {
    /// Adds one term.
    #[inline]
    pub fn add(&mut self, term: f64) {
        let y = term - self.compensation;
        let t = self.sum + y;
        let compensation = (t - self.sum) - y;
        self.compensation = if compensation.is_nan() { 0.0 } else { compensation };
        self.sum = t;
    }

    /// The sum so far; 0.0 before the first term.
    #[must_use]
    pub const fn total(self) -> f64 {
        self.sum
    }
}

impl FromIterator<f64> for Kahan {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}

/// The compensated sum of `terms` in their order: [`Kahan`] from first to last. Cost: linear.
///
/// ```
/// assert_eq!(polyfeat::kahan_sum(&[f64::INFINITY, 1.0]), f64::INFINITY);
/// ```
#[must_use]
pub fn kahan_sum(terms: &[f64]) -> f64 {
    terms.iter().copied().collect::<Kahan>().total()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinities_stay() {
        let inf = f64::INFINITY;
        assert_eq!(kahan_sum(&[1.0, inf, 1.0, inf]), inf);
        assert_eq!(kahan_sum(&[-inf, 1.0]), -inf);
        assert!(kahan_sum(&[inf, -inf, 1.0]).is_nan());
        // An overflow leaves an infinite compensation behind, which is no NaN: pandas says NaN as well.
        assert_eq!(kahan_sum(&[f64::MAX, f64::MAX]), inf);
        assert!(kahan_sum(&[f64::MAX, f64::MAX, 1.0]).is_nan());
    }

    #[test]
    fn it_compensates_and_starts_at_zero() {
        assert_eq!(kahan_sum(&[]), 0.0);
        assert_eq!(kahan_sum(&[0.1; 10]), 1.0);
        assert!(kahan_sum(&[-0.0]).is_sign_positive());
    }
}
