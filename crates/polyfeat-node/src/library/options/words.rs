//! Words that several options share.

use polyfeat_table::{Closed, Code, Direction, Error, Result, Tie};
use serde::Deserialize;

use crate::request::Duration;

/// Which of equal times.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum TieName {
    Last,
    First,
    Error,
}

impl From<TieName> for Tie {
    fn from(name: TieName) -> Self {
        match name {
            TieName::Last => Tie::Last,
            TieName::First => Tie::First,
            TieName::Error => Tie::Error,
        }
    }
}

/// On which side.
#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum DirectionName {
    #[default]
    Backward,
    Forward,
    Nearest,
}

impl From<DirectionName> for Direction {
    fn from(name: DirectionName) -> Self {
        match name {
            DirectionName::Backward => Direction::Backward,
            DirectionName::Forward => Direction::Forward,
            DirectionName::Nearest => Direction::Nearest,
        }
    }
}

/// Which ends of a window.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum ClosedName {
    Right,
    Left,
    Both,
    Neither,
}

impl From<ClosedName> for Closed {
    fn from(name: ClosedName) -> Self {
        match name {
            ClosedName::Right => Closed::Right,
            ClosedName::Left => Closed::Left,
            ClosedName::Both => Closed::Both,
            ClosedName::Neither => Closed::Neither,
        }
    }
}

/// Nanoseconds of a duration that may be 0.
pub fn nanos(duration: &Duration) -> Result<i64> {
    let nanos = duration.nanos.parse().ok().filter(|&n: &i64| n >= 0);
    nanos.ok_or_else(|| {
        Error::new(
            Code::InvalidOption,
            format!("{} ns is no duration of 64 bits", duration.nanos),
        )
    })
}
