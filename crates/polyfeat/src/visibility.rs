//! Which prints a trade may see (spec §4), and the features of what it sees.

mod bitset;
mod book;
mod entered;
mod ledger;
mod lookup;
pub mod mutants;
mod newest;
mod order;
mod own;
mod proof;
mod proven;
mod resolution;
mod row;
mod rules;
mod sweep;

pub use proof::Proof;
pub use proven::{PROOF_COLUMNS, ProofColumns, proven_sweep};
pub use resolution::resolution;
pub use rules::{Ties, Unknown, Visibility};
pub use sweep::visible_sweep;

use crate::sweep::{Prints, SweepError};

/// The prints of one token with what the rules look at: columns of equal length. A column that no rule in use needs
/// may be empty.
#[derive(Debug, Clone, Copy)]
pub struct PrintColumns<'a> {
    /// Stamps, prices, sizes: sorted by (stamp, row), under [`Ties::Sequence`] by (stamp, sequence with nulls last, row).
    pub prints: Prints<'a>,
    /// When each became known, in the unit of the stamps; [`NULL_TS`](crate::NULL_TS): never.
    pub availability: &'a [i64],
    /// Place among prints and trades of one stamp ([`Ties::Sequence`]); `i64::MIN` = null.
    pub sequence: &'a [i64],
    /// Code of the transaction, equal to that of trades of the same one; `u32::MAX` = null. A print whose code no trade
    /// has may as well have null: the fewer codes, the less work.
    pub own: &'a [u32],
}

/// The trades of one token, or any stretch of them: columns of equal length. A column that no rule in use needs may be
/// empty.
#[derive(Debug, Clone, Copy)]
pub struct TradeColumns<'a> {
    /// Stamps, ascending and non-null.
    pub ts: &'a [i64],
    /// As in [`PrintColumns`].
    pub sequence: &'a [i64],
    /// As in [`PrintColumns`].
    pub own: &'a [u32],
}

/// Whether the columns that the rules need are there, and of the right length.
fn check_columns(
    prints: &PrintColumns<'_>,
    trades: &TradeColumns<'_>,
    rules: &Visibility,
) -> Result<(), SweepError> {
    let (p, t) = (prints.prints.ts.len(), trades.ts.len());
    let fits = |needed: bool, len: usize, rows: usize| len == rows || (!needed && len == 0);
    let sequence = rules.ties == Ties::Sequence;
    let own = rules.exclude_self;
    let all = fits(rules.availability, prints.availability.len(), p)
        && fits(sequence, prints.sequence.len(), p)
        && fits(sequence, trades.sequence.len(), t)
        && fits(own, prints.own.len(), p)
        && fits(own, trades.own.len(), t);
    if all { Ok(()) } else { Err(SweepError::Shape) }
}
