//! What a trade sees, ready for the kernels: rules in the common unit of all stamps.

use polyfeat::{TimeUnit, Visibility};

use crate::rules::{Resolution, Rules};
use crate::tape::LeftOut;

/// The rules of a run, but for what the tape's stamps will tell.
#[derive(Debug, Clone)]
pub struct Sight {
    /// The rules; the resolution is a placeholder where it is found out.
    pub rules: Visibility,
    /// Whether the resolution is found out, and the trades' own part in it.
    auto: Option<Option<TimeUnit>>,
    /// Whether columns are made by which rows can be checked.
    pub proof: bool,
}

/// The rules for one tape.
#[derive(Debug, Clone, Copy)]
pub struct TapeSight {
    /// The rules.
    pub rules: Visibility,
    /// The tape's first stamp; `i64::MAX` when it has none.
    pub begin: i64,
    /// Whether columns of the proof are made.
    pub proof: bool,
}

impl Sight {
    /// Brings rules to the kernels' terms. `own` says whether own prints are left out after all, `unit` is the common
    /// unit of all stamps, `resolution` that of the trades' stamps.
    #[must_use]
    pub fn new(rules: &Rules, own: bool, unit: TimeUnit, resolution: Option<TimeUnit>) -> Self {
        let (tick, auto) = match rules.resolution {
            Resolution::Given(span) => (span.ceil_in(unit), None),
            Resolution::Auto => (1, Some(resolution)),
        };
        Sight {
            rules: Visibility {
                ties: rules.ties,
                resolution: tick,
                embargo: rules.embargo / unit.nanos(),
                availability: rules.availability.is_some(),
                exclude_self: own,
                max_age: rules.max_age.map(|nanos| nanos / unit.nanos()),
                closed: rules.closed,
                tie: rules.tie,
                unknown: rules.unknown,
                direction: rules.direction,
            },
            auto,
            proof: rules.proof,
        }
    }

    /// The rules for a tape that has been read.
    #[must_use]
    pub fn of_tape(&self, tape: &LeftOut, unit: TimeUnit) -> TapeSight {
        let resolution = self.auto.map_or(self.rules.resolution, |trades| {
            coarser(trades, tape.resolution).nanos() / unit.nanos()
        });
        TapeSight {
            // Without any stamp nanoseconds are the tick, whatever the unit: less than one of it.
            rules: Visibility {
                resolution: resolution.max(1),
                ..self.rules
            },
            begin: tape.begin.unwrap_or(i64::MAX),
            proof: self.proof,
        }
    }
}

/// The coarser of both files' resolutions; a file without stamps does not count.
#[must_use]
pub fn coarser(trades: Option<TimeUnit>, tape: Option<TimeUnit>) -> TimeUnit {
    let both = trades.into_iter().chain(tape);
    both.min().unwrap_or(TimeUnit::Nanosecond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{GivenRules, Preset};
    use polyfeat::TimeUnit::{Microsecond, Millisecond, Second};

    #[test]
    fn the_coarser_file_says_how_finely_time_is_told() {
        assert_eq!(coarser(Some(Millisecond), Some(Second)), Second);
        assert_eq!(coarser(None, Some(Millisecond)), Millisecond);
        assert_eq!(coarser(None, None), TimeUnit::Nanosecond);
        let given = GivenRules {
            preset: Preset::Strict,
            ..GivenRules::default()
        };
        let rules = given.resolve().unwrap();
        let sight = Sight::new(&rules, true, Microsecond, Some(Millisecond));
        let tape = LeftOut {
            resolution: Some(Second),
            ..LeftOut::default()
        };
        let of_tape = sight.of_tape(&tape, Microsecond);
        assert_eq!((of_tape.rules.resolution, of_tape.begin), (1_000_000, i64::MAX));
    }
}
