//! The columns that this program makes.

/// A column that this program makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Feature {
    LastPrice,
    LastTs,
    LastAgeMs,
    Return(usize),
    Trades(usize),
    Volume(usize),
    Notional(usize),
    Bucket,
    Flag,
    Shares,
    Regime,
    LabelAvailable,
    Proof(ProofColumn),
}

/// A column by which a row can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProofColumn {
    /// The newest print used.
    NewestEvent,
    /// The newest availability among the prints used.
    NewestAvailability,
    /// Prints of the token in the trade's tick.
    SameStampPrints,
    /// Prints of the token that are the trade itself.
    OwnPrints,
    /// Those of them that all other rules let it see.
    OwnPrintsSeen,
    /// Windows that begin before the tape.
    CensoredWindows,
}

impl ProofColumn {
    /// All, in the order of the output.
    pub const ALL: [ProofColumn; 6] = [
        ProofColumn::NewestEvent,
        ProofColumn::NewestAvailability,
        ProofColumn::SameStampPrints,
        ProofColumn::OwnPrints,
        ProofColumn::OwnPrintsSeen,
        ProofColumn::CensoredWindows,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ProofColumn::NewestEvent => "proof_newest_event",
            ProofColumn::NewestAvailability => "proof_newest_availability",
            ProofColumn::SameStampPrints => "proof_same_stamp_prints",
            ProofColumn::OwnPrints => "proof_own_prints",
            ProofColumn::OwnPrintsSeen => "proof_own_prints_seen",
            ProofColumn::CensoredWindows => "proof_censored_windows",
        }
    }
}
