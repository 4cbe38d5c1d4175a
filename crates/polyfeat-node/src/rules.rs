//! The rules of a request (spec §4), made into the engine's.

use polyfeat_snapshot::{
    Closed, Code, Direction, Error, GivenRules, Preset, RegimeMode, Resolution, Result, SelfColumns,
    SequenceColumns, Setting, Tie, Ties, Unknown,
};
use serde::Deserialize;

use crate::request::Duration;

/// Gives an enumeration of the engine's the words that TypeScript has for it.
macro_rules! words {
    ($name:ident => $engine:ident { $($word:ident => $value:ident),* $(,)? }) => {
        #[derive(Deserialize, Clone, Copy)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum $name { $($word),* }

        impl From<$name> for $engine {
            fn from(word: $name) -> Self {
                match word { $($name::$word => $engine::$value),* }
            }
        }
    };
}

words!(PresetName => Preset { Notebook => Notebook, Strict => Strict, Live => Live });
words!(TiesName => Ties { Include => Include, Exclude => Exclude, Sequence => Sequence });
words!(TieName => Tie { Last => Last, First => First, Error => Error });
words!(DirectionName => Direction { Backward => Backward, Forward => Forward, Nearest => Nearest });
words!(ClosedName => Closed { Right => Right, Left => Left, Both => Both, Neither => Neither });
words!(UnknownName => Unknown { Null => Null, Causal => Causal, Zero => Zero });
words!(RegimeName => RegimeMode {
    Bucket => Bucket, BucketAsof => BucketAsof, Trailing => Trailing, PrevBucket => PrevBucket,
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sequence {
    trades: String,
    tape: String,
}

/// A length, or a word in its place.
#[derive(Deserialize)]
#[serde(untagged)]
enum LengthOr {
    Word(String),
    Length(Duration),
}

/// Names of columns, or a word in their place.
#[derive(Deserialize)]
#[serde(untagged)]
enum NamesOr {
    Word(String),
    Names(Vec<String>),
}

/// Rules as TypeScript sends them; what is left out is the preset's, `"none"` switches a rule off.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RulesRequest {
    preset: Option<PresetName>,
    ties: Option<TiesName>,
    sequence: Option<Sequence>,
    resolution: Option<LengthOr>,
    availability: Option<String>,
    embargo: Option<LengthOr>,
    exclude_self: Option<NamesOr>,
    max_age: Option<LengthOr>,
    tie: Option<TieName>,
    direction: Option<DirectionName>,
    allow_lookahead: bool,
    closed: Option<ClosedName>,
    unknown_token: Option<UnknownName>,
    regime: Option<RegimeName>,
    proof: bool,
}

impl RulesRequest {
    /// The engine's rules.
    pub fn given(self) -> Result<GivenRules> {
        Ok(GivenRules {
            preset: self.preset.map(Preset::from).unwrap_or_default(),
            ties: self.ties.map(Ties::from),
            sequence: self.sequence.map(|s| SequenceColumns {
                trades: s.trades,
                tape: s.tape,
            }),
            resolution: match self.resolution {
                None => Resolution::Auto,
                Some(LengthOr::Word(word)) if word == "auto" => Resolution::Auto,
                Some(LengthOr::Word(word)) => return Err(no_word("resolution", &word, "auto")),
                Some(LengthOr::Length(length)) => Resolution::Given(length.span()?),
            },
            availability: match self.availability {
                None => Setting::Preset,
                Some(word) if word == "none" => Setting::Off,
                Some(name) => Setting::Given(name),
            },
            embargo: length("embargo", self.embargo)?,
            exclude_self: match self.exclude_self {
                None => Setting::Preset,
                Some(NamesOr::Word(word)) if word == "none" => Setting::Off,
                Some(NamesOr::Word(word)) if word == "auto" => Setting::Given(SelfColumns::Auto),
                Some(NamesOr::Word(word)) => return Err(no_word("excludeSelf", &word, "auto or none")),
                Some(NamesOr::Names(names)) => Setting::Given(SelfColumns::Named(names)),
            },
            max_age: length("maxAge", self.max_age)?,
            tie: self.tie.map(Tie::from),
            direction: self.direction.map(Direction::from),
            allow_lookahead: self.allow_lookahead,
            closed: self.closed.map(Closed::from),
            unknown: self.unknown_token.map(Unknown::from),
            regime: self.regime.map(RegimeMode::from),
            proof: self.proof,
        })
    }
}

/// A length that may be 0, in nanoseconds.
fn length(rule: &str, given: Option<LengthOr>) -> Result<Setting<i64>> {
    match given {
        None => Ok(Setting::Preset),
        Some(LengthOr::Word(word)) if word == "none" => Ok(Setting::Off),
        Some(LengthOr::Word(word)) => Err(no_word(rule, &word, "none")),
        Some(LengthOr::Length(length)) => length.nanos().map(Setting::Given),
    }
}

fn no_word(rule: &str, word: &str, expected: &str) -> Error {
    Error::new(
        Code::InvalidOption,
        format!("{rule} cannot be {word}; give a length or {expected}"),
    )
}
