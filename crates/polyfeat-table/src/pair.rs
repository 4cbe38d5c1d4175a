//! Two tables side by side: their keys as codes, their times in one unit, the right one sorted.

use std::borrow::Cow;

use polyfeat::{KeyedTimes, NULL_TS, TimeUnit, group_by_code, rescale, sort_rows_by_time};

use crate::check::common_len;
use crate::column::Column;
use crate::error::{Code, Result};
use crate::job::Job;
use crate::keys::Keys;
use crate::time::Times;

/// A table as joins and flows see it.
#[derive(Clone)]
pub struct Keyed<'a> {
    /// Time of each row.
    pub ts: Column<'a>,
    /// Its key, of any number of columns.
    pub by: Vec<Column<'a>>,
}

impl<'a> Keyed<'a> {
    /// All columns.
    #[must_use]
    pub fn all(&self) -> Vec<&Column<'a>> {
        std::iter::once(&self.ts).chain(&self.by).collect()
    }
}

/// How times are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct PairOptions {
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
    /// The right table's times are said to ascend within each key: an error when they do not.
    pub assume_sorted: bool,
}

/// Both tables, read.
pub struct Pair<'c> {
    /// Key codes of the left rows; [`Keys::left`].
    pub left: Vec<u32>,
    /// Times of the left rows in `unit`.
    pub left_ts: Cow<'c, [i64]>,
    /// The right rows by key and time, with one key more than the right table has, without rows: that of left rows
    /// whose key it lacks.
    pub right: KeyedTimes,
    /// The finer unit of both tables' times.
    pub unit: TimeUnit,
}

impl<'c> Pair<'c> {
    /// Reads both tables, which were checked ([`check_pair`]).
    ///
    /// # Errors
    /// `WRONG_TYPE`, `WRONG_LENGTH`, `CORRUPT`, `OVERFLOW`, `NOT_SORTED`, `INVALID_OPTION`, `CANCELLED`.
    pub fn read(job: &Job, left: &'c Keyed<'_>, right: &'c Keyed<'_>, options: PairOptions) -> Result<Self> {
        let rows = (
            common_len("left", &left.all())?,
            common_len("right", &right.all())?,
        );
        let times = (
            Times::of(&left.ts, options.ts_unit)?,
            Times::of(&right.ts, options.ts_unit)?,
        );
        job.begin("keys", (rows.0 + rows.1) * left.by.len());
        let keys = Keys::new(job, (&left.by, &right.by), rows)?;
        let unit = times.0.unit.finer(times.1.unit);
        let right_ts = in_unit(job, times.1, unit)?;
        let sorted = sort(job, &keys.right, keys.count + 1, &right_ts, options, &right.ts)?;
        Ok(Pair {
            left: keys.left,
            left_ts: in_unit(job, times.0, unit)?,
            right: sorted,
            unit,
        })
    }
}

/// Checks the buffers of both tables.
///
/// # Errors
/// Those of [`Column::check`].
pub fn check_pair(left: &Keyed<'_>, right: &Keyed<'_>) -> Result<()> {
    left.all()
        .into_iter()
        .chain(right.all())
        .try_for_each(Column::check)
}

/// The instants of a column in a unit that is not coarser than its own.
///
/// # Errors
/// `OVERFLOW` with the row; those of reading.
pub fn in_unit<'c>(job: &Job, times: Times<'c, '_>, unit: TimeUnit) -> Result<Cow<'c, [i64]>> {
    let mut ts = times.read_flat(job)?;
    if times.unit == unit {
        return Ok(ts);
    }
    for (row, stamp) in ts.to_mut().iter_mut().enumerate().filter(|(_, t)| **t != NULL_TS) {
        *stamp = rescale(*stamp, times.unit, unit).ok_or_else(|| {
            times
                .column
                .error(
                    Code::Overflow,
                    format!(
                        "has {stamp} {} in row {row}, which does not fit into {}, the unit of the other table; give both in the coarser unit",
                        times.unit.symbol(),
                        unit.symbol()
                    ),
                )
                .at_row(row)
        })?;
    }
    Ok(ts)
}

/// Keys whose rows are sorted together as one piece of parallel work.
const KEYS_AT_A_TIME: usize = 256;

/// The rows by (key, time, row), those without key or time left out.
fn sort(
    job: &Job,
    codes: &[u32],
    keys: usize,
    ts: &[i64],
    options: PairOptions,
    column: &Column<'_>,
) -> Result<KeyedTimes> {
    let mut groups = group_by_code(codes, keys);
    let mut pieces: Vec<(&mut [u32], &[usize])> = Vec::new();
    let (mut rest, mut first) = (&mut groups.rows[..], 0);
    for key in (0..keys).step_by(KEYS_AT_A_TIME) {
        let bounds = &groups.offsets[key..=(key + KEYS_AT_A_TIME).min(keys)];
        let end = bounds[bounds.len() - 1];
        pieces.push((rest.split_off_mut(..end - first).unwrap_or_default(), bounds));
        first = end;
    }
    let sorted = job.threads.map(pieces, |(rows, bounds)| {
        job.check()?;
        let mut piece = KeyedTimes::default();
        for pair in bounds.windows(2) {
            let rows = &mut rows[pair[0] - bounds[0]..pair[1] - bounds[0]];
            if options.assume_sorted {
                check_sorted(rows, ts, column)?;
            }
            sort_rows_by_time(rows, ts);
            let known = rows.partition_point(|&row| ts[row as usize] != NULL_TS);
            piece.rows.extend_from_slice(&rows[..known]);
            piece.ts.extend(rows[..known].iter().map(|&row| ts[row as usize]));
            piece.offsets.push(piece.rows.len());
        }
        Ok(piece)
    })?;
    let mut all = KeyedTimes {
        offsets: vec![0],
        ..KeyedTimes::default()
    };
    for piece in sorted {
        let before = all.rows.len();
        all.offsets.extend(piece.offsets.iter().map(|o| o + before));
        all.rows.extend_from_slice(&piece.rows);
        all.ts.extend_from_slice(&piece.ts);
    }
    Ok(all)
}

fn check_sorted(rows: &[u32], ts: &[i64], column: &Column<'_>) -> Result<()> {
    let known = rows.iter().filter(|&&row| ts[row as usize] != NULL_TS);
    let mut before = NULL_TS;
    for &row in known {
        let stamp = ts[row as usize];
        if stamp < before {
            return Err(column
                .error(
                    Code::NotSorted,
                    format!("goes back in time in row {row}; sort by time within each key, or leave assumeSorted off"),
                )
                .at_row(row as usize));
        }
        before = stamp;
    }
    Ok(())
}
