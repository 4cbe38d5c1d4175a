//! The sweep with its proof in columns of one type.

use super::{PrintColumns, Proof, TradeColumns, Visibility, visible_sweep};
use crate::sweep::{FeatureSlices, SweepError, SweepPlan};
use crate::time::NULL_TS;

/// Columns of a proof, in this order: newest event, newest availability, same-stamp prints, own prints, own prints seen,
/// censored windows.
pub const PROOF_COLUMNS: usize = 6;

/// What a proof needs to know, and where it goes.
#[derive(Debug)]
pub struct ProofColumns<'a, 'out> {
    /// [`Proof::tape_begin`].
    pub begin: i64,
    /// [`Proof::reaches`].
    pub reaches: &'a [i64],
    /// [`PROOF_COLUMNS`] of them.
    pub columns: &'a mut [&'out mut [i64]],
}

/// [`visible_sweep`] with the columns of its [`Proof`] as integers: stamps and counts, [`NULL_TS`] being null. Own
/// prints are null where they are not looked for.
///
/// # Errors
/// [`SweepError`]; `Shape` for another number of columns than [`PROOF_COLUMNS`].
///
/// Source: spec §4.
pub fn proven_sweep(
    prints: &PrintColumns<'_>,
    trades: &TradeColumns<'_>,
    plan: &SweepPlan,
    rules: &Visibility,
    out: &mut FeatureSlices<'_>,
    proof: ProofColumns<'_, '_>,
) -> Result<(), SweepError> {
    let ProofColumns {
        begin,
        reaches,
        columns,
    } = proof;
    let [newest_event, newest_available, counts @ ..] = columns else {
        return Err(SweepError::Shape);
    };
    let mut found = [(); PROOF_COLUMNS - 2].map(|()| vec![0_u32; trades.ts.len()]);
    if counts.len() != found.len() {
        return Err(SweepError::Shape);
    }
    let [same_stamp, own_prints, own_seen, censored] = &mut found;
    let mut proof = Proof {
        tape_begin: begin,
        reaches,
        newest_event,
        newest_available,
        same_stamp,
        own_prints,
        own_seen,
        censored,
    };
    visible_sweep(prints, trades, plan, rules, out, Some(&mut proof))?;
    for (column, found) in counts.iter_mut().zip(found) {
        column
            .iter_mut()
            .zip(found)
            .for_each(|(to, count)| *to = i64::from(count));
    }
    if !rules.exclude_self {
        // Own prints were not looked for.
        counts[1..3].iter_mut().for_each(|column| column.fill(NULL_TS));
    }
    Ok(())
}
