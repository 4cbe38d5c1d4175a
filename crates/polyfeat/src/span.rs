//! Durations: lags, windows, buckets (spec §1, §2).

use std::fmt;

use crate::time::TimeUnit;

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

    /// The length in `unit`, rounded down, possibly to 0: what `t − s ≤ w` compares with (a maximal age, a window that
    /// holds its beginning).
    #[must_use]
    pub const fn floor_in(self, unit: TimeUnit) -> i64 {
        self.0 / unit.nanos()
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
