//! The rules of visibility (spec §4) as they are asked for, and what a preset makes of them.

use polyfeat::{Closed, Direction, Numerics, RegimeMode, Span, Tie, Ties, TimeUnit, Unknown, Visibility};

use crate::error::{Code, Error, Result};
use crate::words::direction_name;

/// A named set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The research notebook's: a trade sees its own stamp, and itself.
    #[default]
    Notebook,
    /// Only what had happened before the trade.
    Strict,
    /// Only what the recorder had seen before the trade.
    Live,
}

impl Preset {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Preset::Notebook => "notebook",
            Preset::Strict => "strict",
            Preset::Live => "live",
        }
    }
}

/// A rule that can be left to the preset, switched off, or given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Setting<T> {
    /// As the preset has it.
    #[default]
    Preset,
    /// None, whatever the preset has.
    Off,
    /// This.
    Given(T),
}

impl<T> Setting<T> {
    fn or(self, preset: Option<T>) -> Option<T> {
        match self {
            Setting::Preset => preset,
            Setting::Off => None,
            Setting::Given(value) => Some(value),
        }
    }
}

/// The columns that order rows of equal stamps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceColumns {
    /// Of `trades`.
    pub trades: String,
    /// Of `market_trades`.
    pub tape: String,
}

/// The tick of the stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resolution {
    /// The coarser of what both files' stamps tell.
    #[default]
    Auto,
    /// This.
    Given(Span),
}

/// Columns by which a print is the trade itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelfColumns {
    /// The first of `transaction_hash`, `event_key` that has values in both files.
    Auto,
    /// These, of both files: all must be equal.
    Named(Vec<String>),
}

/// Columns that tell which prints are the trade itself, the best first.
pub const SELF_COLUMNS: [&str; 2] = ["transaction_hash", "event_key"];

/// Rules as they are asked for. What is left out is the preset's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenRules {
    /// The preset.
    pub preset: Preset,
    /// What a trade sees of its own stamp.
    pub ties: Option<Ties>,
    /// Columns of [`Ties::Sequence`]; given alone they mean that.
    pub sequence: Option<SequenceColumns>,
    /// The tick of [`Ties::Exclude`].
    pub resolution: Resolution,
    /// Time column of the tape: since when a print can be known.
    pub availability: Setting<String>,
    /// Nanoseconds that a print takes to be known, not negative.
    pub embargo: Setting<i64>,
    /// The columns that tell own prints.
    pub exclude_self: Setting<SelfColumns>,
    /// Nanoseconds that the last print may be old, not negative.
    pub max_age: Setting<i64>,
    /// Which of tied prints.
    pub tie: Option<Tie>,
    /// Where the last print is looked for.
    pub direction: Option<Direction>,
    /// Whether another direction than back is allowed.
    pub allow_lookahead: bool,
    /// Which ends belong to a window.
    pub closed: Option<Closed>,
    /// Flows of tokens without prints.
    pub unknown: Option<Unknown>,
    /// Which trades count for a complete set.
    pub regime: Option<RegimeMode>,
    /// Whether columns are added by which each row can be checked.
    pub proof: bool,
}

/// The rules of a run. Lengths in nanoseconds. What depends on the files is still open: the resolution, and the
/// columns of [`SelfColumns::Auto`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Rules {
    pub preset: Preset,
    pub ties: Ties,
    pub sequence: Option<SequenceColumns>,
    pub resolution: Resolution,
    pub availability: Option<String>,
    pub embargo: i64,
    pub exclude_self: Option<SelfColumns>,
    pub max_age: Option<i64>,
    pub tie: Tie,
    pub direction: Direction,
    pub closed: Option<Closed>,
    pub unknown: Unknown,
    pub regime: RegimeMode,
    pub proof: bool,
}

impl GivenRules {
    /// The preset's rules with the given ones in their place.
    ///
    /// # Errors
    /// `INVALID_OPTION` for rules that contradict each other, or look ahead without leave.
    pub fn resolve(&self) -> Result<Rules> {
        let given = self.clone();
        let strict = given.preset != Preset::Notebook;
        let by_preset = if strict { Ties::Exclude } else { Ties::Include };
        let by_columns = given.sequence.as_ref().map_or(by_preset, |_| Ties::Sequence);
        let rules = Rules {
            preset: given.preset,
            ties: given.ties.unwrap_or(by_columns),
            sequence: given.sequence,
            resolution: given.resolution,
            availability: given
                .availability
                .or((given.preset == Preset::Live).then(|| "captured_at".to_string())),
            embargo: given.embargo.or(None).unwrap_or(0),
            exclude_self: given.exclude_self.or(strict.then_some(SelfColumns::Auto)),
            max_age: given.max_age.or(None),
            tie: given.tie.unwrap_or_default(),
            direction: given.direction.unwrap_or_default(),
            closed: given.closed,
            unknown: given
                .unknown
                .unwrap_or(if strict { Unknown::Causal } else { Unknown::Null }),
            regime: given.regime.unwrap_or(if strict {
                RegimeMode::BucketAsof
            } else {
                RegimeMode::Bucket
            }),
            proof: given.proof,
        };
        let refuse = |message: &str| Err(Error::new(Code::InvalidOption, message));
        if rules.direction != Direction::Backward && !given.allow_lookahead {
            let name = direction_name(rules.direction);
            return refuse(&format!(
                "direction {name} looks ahead; say allowLookahead if that is meant"
            ));
        }
        if rules.embargo < 0 || rules.max_age.is_some_and(|age| age < 0) {
            return refuse("embargo and maxAge must not be negative");
        }
        match (rules.ties, &rules.sequence) {
            (Ties::Sequence, None) => {
                refuse("ties sequence needs the columns of trades and of market_trades that say the order")
            }
            (Ties::Include | Ties::Exclude, Some(_)) => {
                refuse("sequence columns go with ties sequence only; leave one of the two out")
            }
            _ => Ok(rules),
        }
    }
}

impl Rules {
    /// Which ends belong to a window, the default resolved.
    #[must_use]
    pub fn closed(&self) -> Closed {
        let visibility = Visibility {
            ties: self.ties,
            closed: self.closed,
            ..Visibility::default()
        };
        visibility.closed()
    }

    /// Whether the plain sweep over the tape does, which knows no rule but the notebook's.
    #[must_use]
    pub fn plain(&self) -> bool {
        self.unknown == Unknown::Null
            && self.closed() == Closed::Right
            && self.ties == Ties::Include
            && self.availability.is_none()
            && self.embargo == 0
            && self.exclude_self.is_none()
            && self.max_age.is_none()
            && matches!(self.tie, Tie::Near | Tie::Last)
            && self.direction == Direction::Backward
            && !self.proof
    }

    /// Refuses what the notebook's numerics cannot express. `own`: whether own prints are left out after all.
    ///
    /// # Errors
    /// `INVALID_OPTION`.
    pub fn check_sum(&self, sum: Numerics, own: bool) -> Result<()> {
        if sum == Numerics::Exact {
            return Ok(());
        }
        let culprit = [
            (self.availability.is_some(), "availability"),
            (own, "excludeSelf"),
            (self.ties == Ties::Sequence, "ties sequence"),
            (self.regime == RegimeMode::BucketAsof, "regime bucket-asof"),
            (self.regime == RegimeMode::Trailing, "regime trailing"),
        ];
        match culprit.iter().find(|(is, _)| *is) {
            None => Ok(()),
            Some((_, name)) => Err(Error::new(
                Code::InvalidOption,
                format!("sum notebook cannot go with {name}; use sum exact"),
            )),
        }
    }

    /// The rules that let something into a row that may have happened, or been known, only after it.
    #[must_use]
    pub fn looking_ahead(&self) -> Vec<String> {
        let found = [
            (self.ties == Ties::Include).then(|| "ties include".to_string()),
            (self.direction != Direction::Backward)
                .then(|| format!("direction {}", direction_name(self.direction))),
            (self.unknown == Unknown::Null).then(|| "unknownToken null".to_string()),
            (self.regime == RegimeMode::Bucket).then(|| "regime bucket".to_string()),
        ];
        found.into_iter().flatten().collect()
    }

    /// A unit in which every length that must be a whole number of stamps is one, at least as fine as `unit`.
    #[must_use]
    pub fn unit(&self, unit: TimeUnit) -> TimeUnit {
        let tick = match self.resolution {
            Resolution::Given(span) if self.ties == Ties::Exclude || self.proof => span.nanos(),
            _ => 0,
        };
        let whole = |unit: &TimeUnit| self.embargo % unit.nanos() == 0 && tick % unit.nanos() == 0;
        UNITS
            .into_iter()
            .filter(|&finer| finer >= unit)
            .find(whole)
            .unwrap_or(TimeUnit::Nanosecond)
    }
}

/// Coarsest first.
const UNITS: [TimeUnit; 4] = [
    TimeUnit::Second,
    TimeUnit::Millisecond,
    TimeUnit::Microsecond,
    TimeUnit::Nanosecond,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(preset: Preset) -> GivenRules {
        GivenRules {
            preset,
            ..GivenRules::default()
        }
    }

    #[test]
    fn presets_are_what_the_spec_says() {
        let notebook = of(Preset::Notebook).resolve().unwrap();
        assert!(notebook.plain() && notebook.regime == RegimeMode::Bucket);
        let strict = of(Preset::Strict).resolve().unwrap();
        assert!(!strict.plain() && strict.looking_ahead().is_empty());
        assert_eq!((strict.ties, strict.unknown), (Ties::Exclude, Unknown::Causal));
        assert_eq!(strict.exclude_self, Some(SelfColumns::Auto));
        let live = of(Preset::Live).resolve().unwrap();
        assert_eq!(live.availability.as_deref(), Some("captured_at"));
        let off = GivenRules {
            availability: Setting::Off,
            exclude_self: Setting::Off,
            ties: Some(Ties::Include),
            ..of(Preset::Live)
        };
        let off = off.resolve().unwrap();
        assert_eq!((off.availability.clone(), off.exclude_self.clone()), (None, None));
        assert_eq!(off.looking_ahead(), ["ties include"]);
    }

    #[test]
    fn contradictions_are_refused() {
        let columns = SequenceColumns {
            trades: "a".into(),
            tape: "b".into(),
        };
        let alone = GivenRules {
            sequence: Some(columns),
            ..of(Preset::Strict)
        };
        assert_eq!(alone.resolve().unwrap().ties, Ties::Sequence);
        let refused = [
            GivenRules {
                ties: Some(Ties::Exclude),
                ..alone
            },
            GivenRules {
                ties: Some(Ties::Sequence),
                ..of(Preset::Notebook)
            },
            GivenRules {
                direction: Some(Direction::Nearest),
                ..of(Preset::Notebook)
            },
            GivenRules {
                embargo: Setting::Given(-1),
                ..of(Preset::Notebook)
            },
        ];
        for rules in refused {
            assert_eq!(rules.resolve().unwrap_err().code, Code::InvalidOption);
        }
        let strict = of(Preset::Strict).resolve().unwrap();
        assert!(strict.check_sum(Numerics::Exact, true).is_ok());
        assert!(strict.check_sum(Numerics::Notebook, false).is_err());
    }

    #[test]
    fn the_unit_is_as_fine_as_lengths_need() {
        let rules = |embargo, resolution| Rules {
            embargo,
            resolution,
            ..of(Preset::Strict).resolve().unwrap()
        };
        let span = |text: &str| Resolution::Given(Span::parse(text).unwrap());
        assert_eq!(
            rules(0, Resolution::Auto).unit(TimeUnit::Second),
            TimeUnit::Second
        );
        assert_eq!(
            rules(2_000, span("1s")).unit(TimeUnit::Millisecond),
            TimeUnit::Microsecond
        );
        assert_eq!(
            rules(0, span("1500ms")).unit(TimeUnit::Second),
            TimeUnit::Millisecond
        );
        assert_eq!(
            rules(0, span("3s")).unit(TimeUnit::Nanosecond),
            TimeUnit::Nanosecond
        );
    }
}
