//! Rules of visibility.

use polyfeat_table::{Closed, Direction, Result, Tie, Ties, Unknown, VisibilityPlan};
use serde::Deserialize;

use super::words::{ClosedName, DirectionName, TieName, nanos};
use crate::request::Duration;

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum TiesName {
    #[default]
    Include,
    Exclude,
    Sequence,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum UnknownName {
    #[default]
    Null,
    Causal,
    Zero,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Resolution {
    Given(Duration),
    Word(Auto),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Auto {
    Auto,
}

/// `visibility` of `features`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VisibilityJson {
    #[serde(default)]
    ties: TiesName,
    resolution: Option<Resolution>,
    #[serde(default)]
    availability: bool,
    embargo: Option<Duration>,
    #[serde(default)]
    exclude_self: bool,
    max_age: Option<Duration>,
    closed: Option<ClosedName>,
    #[serde(default)]
    unknown_token: UnknownName,
    tie: Option<TieName>,
    #[serde(default)]
    direction: DirectionName,
    #[serde(default)]
    proof: bool,
}

impl VisibilityJson {
    /// The rules.
    pub fn plan(&self) -> Result<VisibilityPlan> {
        let optional = |d: &Option<Duration>| d.as_ref().map(nanos).transpose();
        Ok(VisibilityPlan {
            ties: match self.ties {
                TiesName::Include => Ties::Include,
                TiesName::Exclude => Ties::Exclude,
                TiesName::Sequence => Ties::Sequence,
            },
            resolution: match &self.resolution {
                Some(Resolution::Given(duration)) => Some(nanos(duration)?),
                Some(Resolution::Word(Auto::Auto)) | None => None,
            },
            embargo: optional(&self.embargo)?.unwrap_or(0),
            availability: self.availability,
            exclude_self: self.exclude_self,
            max_age: optional(&self.max_age)?,
            closed: self.closed.map(Closed::from),
            tie: self.tie.map(Tie::from).unwrap_or_default(),
            unknown: match self.unknown_token {
                UnknownName::Null => Unknown::Null,
                UnknownName::Causal => Unknown::Causal,
                UnknownName::Zero => Unknown::Zero,
            },
            direction: Direction::from(self.direction),
            proof: self.proof,
        })
    }
}
