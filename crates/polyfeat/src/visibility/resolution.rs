//! How finely a column of stamps tells time.

use crate::time::{NULL_TS, TimeUnit};

/// The coarsest of seconds, milliseconds, microseconds and nanoseconds that all stamps, counted in `unit`, are whole
/// numbers of. Null stamps do not count; `None` when there are no others. Never finer than `unit`.
///
/// Columns can be asked in pieces: the resolution of two is the finer one of theirs ([`TimeUnit::finer`]); what
/// [`Ties::Exclude`](super::Ties::Exclude) takes from two files by itself is the *coarser* one.
///
/// Cost: linear, a division per stamp at first and none once the resolution is known to be `unit`.
/// Source: spec §4 `resolution: auto`.
///
/// ```
/// use polyfeat::{TimeUnit::{Microsecond, Millisecond, Second}, resolution};
/// assert_eq!(resolution(&[3_000_000, -1_000_000], Microsecond), Some(Second));
/// assert_eq!(resolution(&[3_000_000, 2_000], Microsecond), Some(Millisecond));
/// assert_eq!(resolution(&[], Microsecond), None);
/// ```
#[must_use]
pub fn resolution(stamps: &[i64], unit: TimeUnit) -> Option<TimeUnit> {
    const ALL: [TimeUnit; 4] = [
        TimeUnit::Second,
        TimeUnit::Millisecond,
        TimeUnit::Microsecond,
        TimeUnit::Nanosecond,
    ];
    let mut known = stamps.iter().filter(|&&ts| ts != NULL_TS).peekable();
    known.peek()?;
    let mut found = TimeUnit::Second;
    for &ts in known {
        while found < unit && ts % (found.nanos() / unit.nanos()) != 0 {
            found = *ALL.iter().find(|&&finer| finer > found).unwrap_or(&unit);
        }
        if found >= unit {
            return Some(unit);
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    use super::*;

    #[test]
    fn the_coarsest_that_holds_for_all() {
        assert_eq!(resolution(&[NULL_TS, 5_000, NULL_TS], Millisecond), Some(Second));
        assert_eq!(resolution(&[5_000, 5_001], Millisecond), Some(Millisecond));
        assert_eq!(resolution(&[5_000], Second), Some(Second));
        assert_eq!(resolution(&[1_000_000_000, 1_000], Nanosecond), Some(Microsecond));
        assert_eq!(resolution(&[1_000_000_000, 1], Nanosecond), Some(Nanosecond));
        assert_eq!(resolution(&[0, -1_000_000], Nanosecond), Some(Millisecond));
        assert_eq!(resolution(&[NULL_TS], Second), None);
    }
}
