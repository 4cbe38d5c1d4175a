//! As-of joins of any two tables in memory.

use polyfeat::{AsofRules, Direction, JoinError, NO_ROW, Tie, TimeUnit, asof_join};

use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::ints::pieces_of_rows;
use crate::job::{Job, ROWS_AT_A_TIME};
use crate::memory::ensure;
use crate::pair::{Keyed, Pair, PairOptions, check_pair};

/// What counts as a match.
#[derive(Debug, Clone, Copy, Default)]
pub struct JoinPlan {
    /// On which side.
    pub direction: Direction,
    /// Whether a right row of the same time is no match.
    pub strict: bool,
    /// Which of equal times.
    pub tie: Tie,
    /// The greatest distance in time of a match, inclusive, in nanoseconds, not negative.
    pub max_age: Option<i64>,
    /// How times are read.
    pub read: PairOptions,
}

/// For each left row the row of `right` that matches it as of its time, or -1 ([`asof_join`]).
///
/// # Errors
/// Those of reading; `DUPLICATE_TIME` with the left row under [`Tie::Error`]; `TOO_LARGE`; `OUT_OF_MEMORY`.
pub fn asof_indices(job: &Job, plan: &JoinPlan, left: &Keyed<'_>, right: &Keyed<'_>) -> Result<Vec<i32>> {
    check_pair(left, right)?;
    let (rows, others) = (left.ts.len(), right.ts.len());
    if others > i32::MAX as usize {
        return Err(Error::new(
            Code::TooLarge,
            format!(
                "right has {others} rows; at most {} are supported, split the table",
                i32::MAX
            ),
        ));
    }
    ensure(rows + others, 48)?;
    let pair = Pair::read(job, left, right, plan.read)?;
    let rules = AsofRules {
        direction: plan.direction,
        strict: plan.strict,
        tie: plan.tie,
        max_age: plan.max_age.map(|nanos| nanos / pair.unit.nanos()),
    };
    job.begin("join", rows);
    let mut found = vec![NO_ROW; rows];
    // Each stretch costs a cursor per key.
    let most = ROWS_AT_A_TIME.max(pair.right.keys());
    job.threads.map(pieces_of_rows(&mut found, most), |(rows, out)| {
        job.check()?;
        let (codes, ts) = (&pair.left[rows.clone()], &pair.left_ts[rows.clone()]);
        asof_join(codes, ts, &pair.right, &rules, out)
            .map_err(|e| refused(&e, rows.start, &left.ts, pair.unit))?;
        job.advance(rows.len());
        Ok(())
    })?;
    job.end();
    // NO_ROW becomes -1, and rows are at most i32::MAX.
    Ok(bytemuck::allocation::cast_vec(found))
}

fn refused(e: &JoinError, first: usize, column: &Column<'_>, unit: TimeUnit) -> Error {
    match *e {
        JoinError::Tie { row, ts } => {
            let row = first + row;
            column
                .error(
                    Code::DuplicateTime,
                    format!(
                        "of left row {row} matches several right rows of one time ({ts} {}); say which one counts by ties last or first",
                        unit.symbol()
                    ),
                )
                .at_row(row)
        }
        JoinError::MaxAge { .. } => Error::new(Code::InvalidOption, e.to_string()),
        _ => Error::internal(e),
    }
}
