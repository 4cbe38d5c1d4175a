//! Trades whose top of the book was captured after them.

use std::sync::Arc;

use polyfeat::{NULL_TS, TimeUnit};

use super::tally::Tally;
use crate::error::Result;
use crate::gather::Source;
use crate::job::Job;
use crate::roles::{is_number, time_column};
use crate::table::Table;

/// How long after the trade, in milliseconds, its book was captured.
const LAG: &str = "tob_lag_millis";
/// When the book was captured.
const CAPTURED: &str = "tob_captured_at";

/// Rows whose book was captured after the trade, of those that say when it was captured: by `tob_lag_millis` above 0,
/// without that column by `tob_captured_at` after `ts`. `None` when neither is there.
///
/// # Errors
/// Those of reading.
pub fn late_book(
    job: &Arc<Job>,
    trades: &Table,
    ts: &[i64],
    unit: TimeUnit,
    ts_unit: Option<TimeUnit>,
) -> Result<Option<Tally>> {
    let metas: Vec<_> = trades.parts.iter().map(|part| part.meta.clone()).collect();
    let read = |root: usize| {
        let source = Source {
            job,
            table: trades,
            metas: &metas,
            root,
        };
        source.read()?.range(0..ts.len())
    };
    let mut tally = Tally::default();
    if let Some((root, field)) = trades.column(LAG)
        && is_number(field.data_type())
    {
        let mut lags = Vec::with_capacity(ts.len());
        crate::coerce::numbers(&read(root)?, &mut lags)?;
        let known = (0..).zip(lags).filter(|(_, lag)| !lag.is_nan());
        known.for_each(|(row, lag)| tally.look(row, lag > 0.0));
        return Ok(Some(tally));
    }
    if trades.column(CAPTURED).is_none() {
        return Ok(None);
    }
    let column = time_column(trades, CAPTURED, ts_unit)?;
    let mut captured = Vec::with_capacity(ts.len());
    crate::coerce::times(&read(column.index)?, &column, &mut captured)?;
    let nanos = |stamp: i64, unit: TimeUnit| i128::from(stamp) * i128::from(unit.nanos());
    for (row, (&at, &t)) in (0..).zip(captured.iter().zip(ts)) {
        if at != NULL_TS && t != NULL_TS {
            tally.look(row, nanos(at, column.unit) > nanos(t, unit));
        }
    }
    Ok(Some(tally))
}
