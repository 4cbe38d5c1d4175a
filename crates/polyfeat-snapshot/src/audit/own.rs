//! Whether rows that must not see their own prints stay the same when those are taken out of the tape.

use polyfeat::{SweepError, SweptColumns};

use super::columns::{Sweep, same};
use super::picked::Picked;
use super::tally::Tally;
use super::walk::Token;
use crate::columns::NamedFeature;

/// Rows of a token that are computed again, each at the cost of a look at all of the token's prints.
const SAMPLED: usize = 16;

/// Computes rows again without their own prints, and notes in `tally` those that are not as in `full`.
///
/// Taken are rows whose own prints only the rule about them hides (`own_seen` above 0), up to 16 of a token, evenly
/// spread. `tally` has looked at all rows before.
///
/// # Errors
/// Those of the sweep, with the place among the token's trades.
pub fn token(
    token: &Token<'_>,
    sweep: &Sweep,
    features: &[NamedFeature],
    full: &SweptColumns,
    own_seen: &[u32],
    tally: &mut Tally,
) -> Result<(), (usize, SweepError)> {
    let with_own: Vec<usize> = (0..own_seen.len()).filter(|&i| own_seen[i] > 0).collect();
    let mut room = SweptColumns::new(1, full.counts());
    for &i in with_own.iter().step_by(with_own.len().div_ceil(SAMPLED).max(1)) {
        let own = token.trades.own[i];
        let others = Picked::of(&token.prints, |print| token.prints.own[print] != own);
        let mut out = room.slices().split_off(1).features;
        let swept = sweep.values(&others.columns(), &token.trades.columns(i..i + 1), &mut out);
        swept.map_err(|e| (i, e))?;
        let kept = full.row(i);
        if !features
            .iter()
            .all(|(_, feature)| same(&kept, &room, *feature, 0))
        {
            tally.hit(token.rows[i]);
        }
    }
    Ok(())
}
