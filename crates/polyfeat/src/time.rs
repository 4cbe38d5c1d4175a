//! Time units, durations and the exact arithmetic between them (spec §1 "Time").
//!
//! Stamps never go through doubles: two files of different units are compared after an exact, checked change to
//! the finer one.

use std::fmt;

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

/// Why a duration text was refused by [`Span::parse`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanError {
    /// Not a whole number followed by a unit.
    Malformed,
    /// The unit is none of `ns us ms s m h d`.
    UnknownUnit,
    /// Zero long.
    Zero,
    /// More than `i64::MAX` nanoseconds (292 years).
    TooLong,
}

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "a duration is a whole number and a unit, such as 30s or 5m",
            Self::UnknownUnit => "the unit of a duration is one of ns, us, ms, s, m, h, d",
            Self::Zero => "a duration must be longer than zero",
            Self::TooLong => "a duration must fit 64-bit nanoseconds (292 years)",
        })
    }
}

impl std::error::Error for SpanError {}

/// A positive length of time, a whole number of nanoseconds: a lag, a window or a bucket.
///
/// ```
/// use polyfeat::{Span, TimeUnit::{Millisecond, Second}};
/// let span = Span::parse("5m")?;
/// assert_eq!(span.label(), "300s");
/// assert_eq!(Span::parse("250ms")?.exact_in(Second), None);
/// assert_eq!(Span::parse("250us")?.ceil_in(Millisecond), 1);
/// # Ok::<(), polyfeat::SpanError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// Reads `<digits><unit>` with unit `ns us ms s m h d`; no sign, no fraction, no spaces.
    ///
    /// # Errors
    /// [`SpanError`] says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        if number.is_empty() || unit.is_empty() {
            return Err(SpanError::Malformed);
        }
        let nanos: i64 = match unit {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            _ if unit.bytes().all(|b| b.is_ascii_alphabetic()) => return Err(SpanError::UnknownUnit),
            _ => return Err(SpanError::Malformed),
        };
        // Only digits are left, so the one way to fail is to be too large.
        let count: i64 = number.parse().map_err(|_| SpanError::TooLong)?;
        Self::from_nanos(count.checked_mul(nanos).ok_or(SpanError::TooLong)?)
    }

    /// A span of `nanos` nanoseconds.
    ///
    /// # Errors
    /// [`SpanError::Zero`] unless `nanos` is positive.
    pub const fn from_nanos(nanos: i64) -> Result<Self, SpanError> {
        if nanos > 0 {
            Ok(Self(nanos))
        } else {
            Err(SpanError::Zero)
        }
    }

    /// Its length in nanoseconds, always positive.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// The length as it stands in a column name: `300s`, else `250ms`, else `10us`, else `7ns` (spec §2).
    #[must_use]
    pub fn label(self) -> String {
        use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
        let unit = [Second, Millisecond, Microsecond]
            .into_iter()
            .find(|u| self.0 % u.nanos() == 0);
        let unit = unit.unwrap_or(Nanosecond);
        format!("{}{}", self.0 / unit.nanos(), unit.symbol())
    }

    /// The length in `unit`, rounded up. For whole stamps `t − s < w` holds exactly when `t − s < ceil(w)`, so
    /// windows and lags of a coarser column use this number.
    #[must_use]
    pub const fn ceil_in(self, unit: TimeUnit) -> i64 {
        (self.0 - 1) / unit.nanos() + 1
    }

    /// The length in `unit` when it is a whole number of it (what a bucket needs).
    #[must_use]
    pub const fn exact_in(self, unit: TimeUnit) -> Option<i64> {
        if self.0 % unit.nanos() == 0 {
            Some(self.0 / unit.nanos())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
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

    #[test]
    fn spans_read_and_print() {
        for (text, label) in [
            ("5m", "300s"),
            ("1d", "86400s"),
            ("2h", "7200s"),
            ("1500ms", "1500ms"),
        ] {
            assert_eq!(Span::parse(text).unwrap().label(), label);
        }
        assert_eq!(Span::parse("10us").unwrap().label(), "10us");
        assert_eq!(Span::parse("1001ns").unwrap().label(), "1001ns");
        assert_eq!(Span::parse("060s").unwrap(), Span::parse("1m").unwrap());
    }

    #[test]
    fn spans_refuse_what_is_no_duration() {
        for text in ["", "5", "s", "5 s", "-5s", "+5s", "1.5s", " 5s", "5s ", "٣s"] {
            assert_eq!(Span::parse(text), Err(SpanError::Malformed), "{text:?}");
        }
        assert_eq!(Span::parse("5w"), Err(SpanError::UnknownUnit));
        assert_eq!(Span::parse("5S"), Err(SpanError::UnknownUnit));
        assert_eq!(Span::parse("0s"), Err(SpanError::Zero));
        assert_eq!(Span::parse("106752d"), Err(SpanError::TooLong));
        assert_eq!(Span::parse("99999999999999999999ns"), Err(SpanError::TooLong));
        assert_eq!(Span::parse("9223372036854775807ns").unwrap().nanos(), i64::MAX);
    }

    #[test]
    fn ceil_never_shortens() {
        let span = Span::from_nanos(1_000_001).unwrap();
        assert_eq!(
            [Second, Millisecond, Microsecond, Nanosecond].map(|u| span.ceil_in(u)),
            [1, 2, 1001, 1_000_001]
        );
        assert_eq!(Span::from_nanos(i64::MAX).unwrap().ceil_in(Second), 9_223_372_037);
    }
}
