//! Time strings (spec §1: "String timestamps (ISO 8601, mixed forms allowed)").

/// Reads an ISO 8601 instant into nanoseconds since 1970-01-01T00:00Z; `None` when it is none (then the stamp is
/// null, as with pandas' `errors="coerce"`) or does not fit `i64` nanoseconds (about 1677 to 2262).
///
/// * Spaces around it are ignored.
/// * Date `YYYY-MM-DD` or `YYYYMMDD`, a real day of the years 1 to 9999.
/// * Then, if anything, `T`, `t` or one space and a time: `HH`, `HH:MM`, `HH:MM:SS`, `HHMM` or `HHMMSS`; after the
///   seconds a fraction behind `.` or `,` (digits past the ninth are cut off). No leap second, no hour 24.
/// * Then, if anything, a zone: `Z`, `z`, `UTC` or ` UTC`, or an offset `+HH`, `+HHMM`, `+HH:MM` (or `-`), a space
///   before it allowed. No zone means UTC. A date without a time takes no zone.
///
/// Cost: linear in the text, no allocation.
///
/// ```
/// use polyfeat::parse_iso8601;
/// assert_eq!(parse_iso8601("1970-01-01T00:00:01.5Z"), Some(1_500_000_000));
/// assert_eq!(parse_iso8601("1970-01-01 02:00+02:00"), Some(0));
/// assert_eq!(parse_iso8601("2024-02-30"), None);
/// ```
#[must_use]
pub fn parse_iso8601(text: &str) -> Option<i64> {
    let mut rest = Cursor(text.trim_matches(' ').as_bytes());
    let day = rest.date()?;
    let (mut second, mut nanos) = (0, 0);
    if !rest.0.is_empty() {
        if !(rest.eat(b'T') || rest.eat(b't') || rest.eat(b' ')) {
            return None;
        }
        (second, nanos) = rest.time()?;
        second -= rest.zone()?;
    }
    if !rest.0.is_empty() {
        return None;
    }
    let total = i128::from(day * 86_400 + second) * 1_000_000_000 + i128::from(nanos);
    i64::try_from(total).ok()
}

/// What is left of the text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn eat_text(&mut self, text: &[u8]) -> bool {
        let left = self.0.strip_prefix(text);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(count)?;
        let mut value = 0;
        for byte in head {
            value = value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        self.0 = tail;
        Some(value)
    }

    /// Two digits, at most `max`.
    fn pair(&mut self, max: i64) -> Option<i64> {
        self.digits(2).filter(|value| *value <= max)
    }

    fn at_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    /// Days since 1970-01-01.
    fn date(&mut self) -> Option<i64> {
        let year = self.digits(4).filter(|year| *year > 0)?;
        let dashed = self.eat(b'-');
        let month = self.pair(12).filter(|month| *month > 0)?;
        if dashed != self.eat(b'-') {
            return None;
        }
        let day = self.pair(days_in(year, month)).filter(|day| *day > 0)?;
        Some(days_from_civil(year, month, day))
    }

    /// Second of the day and nanosecond of the second.
    fn time(&mut self) -> Option<(i64, i64)> {
        let hour = self.pair(23)?;
        let colons = self.0.first() == Some(&b':');
        if !(self.eat(b':') || self.at_digit()) {
            return Some((hour * 3600, 0));
        }
        let minute = self.pair(59)?;
        let more = if colons { self.eat(b':') } else { self.at_digit() };
        if !more {
            return Some((hour * 3600 + minute * 60, 0));
        }
        let second = self.pair(59)?;
        let nanos = if self.eat(b'.') || self.eat(b',') {
            self.fraction()?
        } else {
            0
        };
        Some((hour * 3600 + minute * 60 + second, nanos))
    }

    /// One digit or more; what is finer than a nanosecond is cut off.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return None;
        }
        let kept = count.min(9);
        let value = self.digits(kept)?;
        self.0 = &self.0[count - kept..];
        Some(value * 10_i64.pow(9 - kept as u32))
    }

    /// Offset from UTC in seconds.
    fn zone(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.eat(b'Z') || self.eat(b'z') {
            return Some(0);
        }
        self.eat(b' ');
        if self.eat_text(b"UTC") {
            return Some(0);
        }
        let sign = if self.eat(b'+') {
            1
        } else if self.eat(b'-') {
            -1
        } else {
            return None;
        };
        let hours = self.pair(23)?;
        let minutes = if self.eat(b':') || self.at_digit() {
            self.pair(59)?
        } else {
            0
        };
        Some(sign * (hours * 3600 + minutes * 60))
    }
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar. Counting years from March puts the leap day
/// at the year's end, so that days before a month follow one formula (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_709_208_000_000_000_000; // 2024-02-29T12:00:00Z

    #[test]
    fn every_form_of_one_instant() {
        for text in [
            "2024-02-29T12",
            "2024-02-29 12:00",
            "20240229t120000",
            "20240229 1200Z",
            "2024-02-29T12:00:00.000000000999z",
            "2024-02-29T12:00:00,0",
            "2024-02-29 12:00:00UTC",
            "2024-02-29 12:00:00 UTC",
            "2024-02-29T14:30+02:30",
            "2024-02-29T14:30 +0230",
            "2024-02-29T03:00:00.0 -09",
            "2024-03-01T11:59+23:59",
            "  2024-02-29T12:00:00  ",
        ] {
            assert_eq!(parse_iso8601(text), Some(NOON), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_instant() {
        for text in [
            "",
            " ",
            "2024",
            "2024-02",
            "2023-02-29",
            "1900-02-29",
            "2024-00-01",
            "2024-13-01",
            "2024-01-00",
            "2024-01-32",
            "0000-01-01",
            "2024-0101",
            "202401-01",
            "2024-01-01T",
            "2024-01-01  12:00",
            "2024-01-01T1",
            "2024-01-01T24:00",
            "2024-01-01T12:60",
            "2024-01-01T12:00:60",
            "2024-01-01T12:",
            "2024-01-01T12:00:00.",
            "2024-01-01T12:00.5",
            "2024-01-01T12:0000",
            "2024-01-01T1200:00",
            "2024-01-01T12:00:00 Z",
            "2024-01-01T12:00:00Z+01",
            "2024-01-01T12:00:00+24",
            "2024-01-01T12:00:00+01:60",
            "2024-01-01T12:00:00  +01",
            "2024-01-01T12:00:00utc",
            "2024-01-01Z",
            "2024-01-01+01:00",
            "+2024-01-01",
            "2024-01-01T12:00:00\t",
            "٢٠٢٤-01-01",
            "1700000000",
        ] {
            assert_eq!(parse_iso8601(text), None, "{text:?}");
        }
    }

    #[test]
    fn before_the_epoch_and_at_the_ends() {
        assert_eq!(parse_iso8601("1969-12-31T23:59:59.999999999"), Some(-1));
        assert_eq!(parse_iso8601("2262-04-11T23:47:16.854775807Z"), Some(i64::MAX));
        assert_eq!(parse_iso8601("2262-04-11T23:47:16.854775808Z"), None);
        assert_eq!(parse_iso8601("1677-09-21T00:12:43.145224193"), Some(i64::MIN + 1));
        assert_eq!(parse_iso8601("0001-01-01"), None);
        assert_eq!(parse_iso8601("9999-12-31"), None);
    }

    #[test]
    fn the_calendar_is_walked_day_by_day() {
        let mut expected = days_from_civil(1, 1, 1);
        assert_eq!(expected, -719_162);
        for year in 1..=2400 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(days_from_civil(year, month, day), expected);
                    expected += 1;
                }
            }
        }
    }
}
