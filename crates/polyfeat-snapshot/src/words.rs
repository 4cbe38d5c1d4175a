//! The words by which rules are known outside: those of the options.

use polyfeat::{Closed, Direction, RegimeMode, Tie, Ties, Unknown};

/// The word for ties.
#[must_use]
pub fn ties_name(ties: Ties) -> &'static str {
    match ties {
        Ties::Include => "include",
        Ties::Exclude => "exclude",
        Ties::Sequence => "sequence",
    }
}

/// The word for a direction.
#[must_use]
pub fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Backward => "backward",
        Direction::Forward => "forward",
        Direction::Nearest => "nearest",
    }
}

/// The word for a choice among ties; none when it is left out.
#[must_use]
pub fn tie_name(tie: Tie) -> Option<&'static str> {
    match tie {
        Tie::Near => None,
        Tie::Last => Some("last"),
        Tie::First => Some("first"),
        Tie::Error => Some("error"),
    }
}

/// The word for the ends of windows.
#[must_use]
pub fn closed_name(closed: Closed) -> &'static str {
    match closed {
        Closed::Right => "right",
        Closed::Left => "left",
        Closed::Both => "both",
        Closed::Neither => "neither",
    }
}

/// The word for what unknown tokens have.
#[must_use]
pub fn unknown_name(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::Null => "null",
        Unknown::Causal => "causal",
        Unknown::Zero => "zero",
    }
}

/// The word for a regime mode.
#[must_use]
pub fn regime_name(mode: RegimeMode) -> &'static str {
    match mode {
        RegimeMode::Bucket => "bucket",
        RegimeMode::BucketAsof => "bucket-asof",
        RegimeMode::Trailing => "trailing",
        RegimeMode::PrevBucket => "prev-bucket",
    }
}
