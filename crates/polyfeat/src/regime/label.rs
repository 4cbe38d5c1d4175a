//! What a trade is: the leg that it buys, and its regime.

/// Which side of a binary market a buy adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Leg {
    /// No buy of `Up` or `Down`: adds to neither side.
    #[default]
    None = 0,
    /// A buy of `Up`.
    Up = 1,
    /// A buy of `Down`.
    Down = 2,
}

/// The leg of a trade from its `side` and `outcome` as UTF-8 bytes (`None` = null). Only the exact texts `BUY` and
/// `Up` or `Down` make a leg.
///
/// ```
/// use polyfeat::{Leg, leg};
/// assert_eq!(leg(Some(b"BUY"), Some(b"Up")), Leg::Up);
/// assert_eq!(leg(Some(b"SELL"), Some(b"Up")), Leg::None);
/// ```
#[must_use]
pub fn leg(side: Option<&[u8]>, outcome: Option<&[u8]>) -> Leg {
    match (side, outcome) {
        (Some(b"BUY"), Some(b"Up")) => Leg::Up,
        (Some(b"BUY"), Some(b"Down")) => Leg::Down,
        _ => Leg::None,
    }
}

/// The label of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Regime {
    /// A buy of Up or Down in a market and bucket where both were bought.
    CompleteSetArbitrage,
    /// Any other buy of Up or Down.
    Directional,
    /// Everything else.
    Other,
}

impl Regime {
    /// All regimes, in order of their names' bytes.
    pub const ALL: [Self; 3] = [Self::CompleteSetArbitrage, Self::Directional, Self::Other];

    /// The text in the `regime` column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CompleteSetArbitrage => "COMPLETE_SET_ARBITRAGE",
            Self::Directional => "DIRECTIONAL",
            Self::Other => "OTHER",
        }
    }
}

/// The regime of a trade from its leg and its group's flag (spec §2 `regime`).
///
/// ```
/// use polyfeat::{Leg, Regime, regime};
/// assert_eq!(regime(Leg::Down, true).name(), "COMPLETE_SET_ARBITRAGE");
/// assert_eq!(regime(Leg::None, true), Regime::Other);
/// ```
#[must_use]
pub const fn regime(leg: Leg, flag: bool) -> Regime {
    match (leg, flag) {
        (Leg::None, _) => Regime::Other,
        (_, true) => Regime::CompleteSetArbitrage,
        (_, false) => Regime::Directional,
    }
}
