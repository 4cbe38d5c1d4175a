//! Which row of a features file is which trade.

use std::sync::Arc;

use arrow::array::ArrayRef;
use polyfeat::{NULL_TS, TimeUnit, TokenOrder};

use crate::error::{Code, Error, Result};
use crate::gather::Source;
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::roles::{TimeColumn, is_string, time_column, value_type};
use crate::strings::{CodeReader, NULL_CODE, read_as_codes};
use crate::table::Table;

/// One column of a file, decoded.
///
/// # Errors
/// Those of reading.
pub fn column(job: &Arc<Job>, file: &Table, root: usize) -> Result<ArrayRef> {
    let metas: Vec<_> = file.parts.iter().map(|part| part.meta.clone()).collect();
    let source = Source {
        job,
        table: file,
        metas: &metas,
        root,
    };
    source.read()?.range(0..file.rows as usize)
}

/// The instants of a time column, in its own unit.
///
/// # Errors
/// Those of reading.
pub fn instants(job: &Arc<Job>, file: &Table, time: &TimeColumn) -> Result<Vec<i64>> {
    let mut stamps = Vec::with_capacity(file.rows as usize);
    crate::coerce::times(&column(job, file, time.index)?, time, &mut stamps)?;
    Ok(stamps)
}

/// The row of the trades' file that each row of a features file is: as they stand there, or by (token_id, ts). Both are
/// told by `ts` and `token_id`, which must be those of the trades.
///
/// # Errors
/// `MISSING_COLUMN`, `WRONG_TYPE`; `ROWS_DIFFER` when the rows are not those of the trades in either order.
pub fn rows_of(
    job: &Arc<Job>,
    file: &Table,
    keys: &TradeKeys,
    order: &TokenOrder,
    ts_unit: Option<TimeUnit>,
) -> Result<Vec<u32>> {
    let differ = |what: String| {
        let message = format!(
            "{}: {what}; expected the rows of the snapshot's trades, in their order or by (token_id, ts)",
            file.path.display()
        );
        Error::new(Code::RowsDiffer, message).in_file(&file.path)
    };
    if file.rows != keys.ts.len() as u64 {
        return Err(differ(format!(
            "it has {} rows, and there are {} trades",
            file.rows,
            keys.ts.len()
        )));
    }
    let time = time_column(file, "ts", ts_unit)?;
    let ts = instants(job, file, &time)?;
    let tokens = token_codes(job, file, keys)?;
    let mut token_of = vec![NULL_CODE; keys.ts.len()];
    for (code, pair) in order.offsets.windows(2).enumerate() {
        order.rows[pair[0]..pair[1]]
            .iter()
            .for_each(|&row| token_of[row as usize] = code as u32);
    }
    let nanos =
        |stamp: i64, unit: TimeUnit| (stamp != NULL_TS).then(|| i128::from(stamp) * i128::from(unit.nanos()));
    let is = |at: usize, row: u32| {
        let row = row as usize;
        tokens[at] == token_of[row] && nanos(ts[at], time.unit) == nanos(keys.ts[row], keys.unit)
    };
    if order.rows.iter().enumerate().all(|(at, &row)| is(at, row)) {
        return Ok(order.rows.clone());
    }
    match (0..keys.ts.len()).find(|&at| !is(at, at as u32)) {
        None => Ok((0..keys.ts.len() as u32).collect()),
        Some(row) => {
            Err(differ(format!("row {row} is another trade than that of the snapshot")).at_row(row as u64))
        }
    }
}

/// The codes of the file's tokens among those of the trades; one past the last for those that no trade has.
fn token_codes(job: &Arc<Job>, file: &Table, keys: &TradeKeys) -> Result<Vec<u32>> {
    const NAME: &str = "token_id";
    let found = file
        .column(NAME)
        .filter(|(_, field)| is_string(value_type(field.data_type())));
    let Some((root, _)) = found else {
        let message = format!("{} has no column {NAME} of text", file.path.display());
        return Err(Error::new(Code::MissingColumn, message)
            .in_file(&file.path)
            .in_column(NAME));
    };
    let stranger = keys.tokens.names().len() as u32;
    let mut codes = Vec::with_capacity(file.rows as usize);
    for group in &file.groups {
        let part = &file.parts[group.part];
        let meta = read_as_codes(part, &[root])?;
        let mut reader = CodeReader::default();
        for batch in part.batches(job, &meta, group.index, &[root], crate::keys::BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            let code = |name: &[u8]| keys.tokens.get(name).unwrap_or(stranger);
            reader.read(batch.column(0), code, &mut codes)?;
        }
    }
    Ok(codes)
}
