//! The sweep with its proof in columns of one type.

use super::{PrintColumns, Proof, TradeColumns, Visibility, visible_sweep};
use crate::sweep::{FeatureSlices, SweepError, SweepPlan};
use crate::time::NULL_TS;

/// Columns of a proof, in this order: newest event, newest availability, same-stamp prints, own prints, own prints seen,
/// censored windows.
pub const PROOF_COLUMNS: usize = 6;

/// [`visible_sweep`] with the columns of its [`Proof`] as integers: stamps and counts, [`NULL_TS`] being null. Own
/// prints are null where they are not looked for. `begin`: [`Proof::tape_begin`].
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
    begin: i64,
    out: &mut FeatureSlices<'_>,
    proof: &mut [&mut [i64]],
) -> Result<(), SweepError> {
    let [newest_event, newest_available, counts @ ..] = proof else {
        return Err(SweepError::Shape);
    };
    let mut found = [(); PROOF_COLUMNS - 2].map(|()| vec![0_u32; trades.ts.len()]);
    if counts.len() != found.len() {
        return Err(SweepError::Shape);
    }
    let [same_stamp, own_prints, own_seen, censored] = &mut found;
    let mut columns = Proof {
        tape_begin: begin,
        newest_event,
        newest_available,
        same_stamp,
        own_prints,
        own_seen,
        censored,
    };
    visible_sweep(prints, trades, plan, rules, out, Some(&mut columns))?;
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
