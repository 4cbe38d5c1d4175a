//! Time units and the exact arithmetic between them (spec §1 "Time").
//!
//! Stamps never go through doubles: two files of different units are compared after an exact, checked change to
//! the finer one.

/// A missing stamp, as pandas' `NaT`: `i64::MIN`.
pub const NULL_TS: i64 = i64::MIN;

/// The unit of a column of stamps. Ordered by fineness: `Second < Nanosecond`.
///
/// ```
/// use polyfeat::TimeUnit::{Millisecond, Second};
/// assert_eq!(Second.finer(Millisecond), Millisecond);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// Whole seconds.
    Second,
    /// 10⁻³ s.
    Millisecond,
    /// 10⁻⁶ s.
    Microsecond,
    /// 10⁻⁹ s.
    Nanosecond,
}

impl TimeUnit {
    /// Nanoseconds in one of this unit.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        match self {
            Self::Second => 1_000_000_000,
            Self::Millisecond => 1_000_000,
            Self::Microsecond => 1_000,
            Self::Nanosecond => 1,
        }
    }

    /// The finer of the two: the unit in which stamps of both are compared.
    #[must_use]
    pub fn finer(self, other: Self) -> Self {
        self.max(other)
    }

    /// `s`, `ms`, `us` or `ns`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Millisecond => "ms",
            Self::Microsecond => "us",
            Self::Nanosecond => "ns",
        }
    }
}

/// The same instant counted in another unit: `None` when it does not fit `i64`, or is no whole number of a coarser
/// unit. Never wraps and never rounds. [`NULL_TS`] is not an instant: test for it before.
///
/// ```
/// use polyfeat::{rescale, TimeUnit::{Millisecond, Second}};
/// assert_eq!(rescale(-3, Second, Millisecond), Some(-3000));
/// assert_eq!(rescale(1500, Millisecond, Second), None);
/// ```
#[must_use]
pub fn rescale(value: i64, from: TimeUnit, to: TimeUnit) -> Option<i64> {
    if to >= from {
        value.checked_mul(from.nanos() / to.nanos())
    } else {
        let ratio = to.nanos() / from.nanos();
        (value % ratio == 0).then_some(value / ratio)
    }
}

/// `ts` floored to a multiple of `step` (same unit) counted from the epoch, also before 1970: the `bucket` column.
/// `None` when `step` is not positive or the floor leaves `i64`. [`NULL_TS`] is not an instant: test for it before.
///
/// Source: spec §2, `bucket`.
///
/// ```
/// use polyfeat::floor_to;
/// assert_eq!(floor_to(19, 10), Some(10));
/// assert_eq!(floor_to(-1, 10), Some(-10));
/// ```
#[must_use]
pub fn floor_to(ts: i64, step: i64) -> Option<i64> {
    if step <= 0 {
        return None;
    }
    ts.checked_sub(ts.rem_euclid(step))
}

/// `later − earlier` in milliseconds, fractions kept: the whole difference in nanoseconds, made a double, over 10⁶,
/// which is what the notebook computes (`mt_last_age_ms`, spec §2). Both stamps non-null and in `unit`.
///
/// ```
/// use polyfeat::{age_ms, TimeUnit::{Microsecond, Second}};
/// assert_eq!(age_ms(100, 70, Second), 30_000.0);
/// assert_eq!(age_ms(1_500, 0, Microsecond), 1.5);
/// ```
#[must_use]
pub fn age_ms(later: i64, earlier: i64, unit: TimeUnit) -> f64 {
    let short = later
        .checked_sub(earlier)
        .and_then(|d| d.checked_mul(unit.nanos()));
    match short {
        Some(nanos) => nanos as f64 / 1e6,
        // Some 292 years apart and more: the same rounding, from a wider integer.
        None => ((i128::from(later) - i128::from(earlier)) * i128::from(unit.nanos())) as f64 / 1e6,
    }
}

#[cfg(test)]
mod tests {
    use super::TimeUnit::{Millisecond, Nanosecond, Second};
    use super::*;

    #[test]
    fn rescale_is_exact_or_nothing() {
        assert_eq!(rescale(7, Second, Nanosecond), Some(7_000_000_000));
        assert_eq!(rescale(i64::MAX / 1000 + 1, Second, Millisecond), None);
        assert_eq!(rescale(i64::MIN, Second, Second), Some(i64::MIN));
        assert_eq!(rescale(-2000, Millisecond, Second), Some(-2));
        assert_eq!(rescale(-2001, Millisecond, Second), None);
    }

    #[test]
    fn floor_is_euclidean_and_checked() {
        assert_eq!(floor_to(0, 10), Some(0));
        assert_eq!(floor_to(-10, 10), Some(-10));
        assert_eq!(floor_to(-11, 10), Some(-20));
        assert_eq!(floor_to(i64::MIN + 1, 10), None);
        assert_eq!(floor_to(5, 0), None);
        assert_eq!(floor_to(5, -10), None);
    }

    #[test]
    fn age_has_one_rounding_for_any_distance() {
        assert_eq!(age_ms(0, -1, Nanosecond), 1e-6);
        assert_eq!(
            age_ms(i64::MAX, i64::MIN + 1, Second),
            2.0 * 9_223_372_036_854_775_807.0 * 1e9 / 1e6
        );
        let days = 200 * 365 * 86_400;
        assert_eq!(age_ms(days, 0, Second), (days * 1_000_000_000) as f64 / 1e6);
    }
}
