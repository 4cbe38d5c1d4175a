//! What is in a snapshot: shapes, types, nulls, time range, distinct tokens and markets.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, PrimitiveArray};
use arrow::datatypes::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::util::display::array_value_to_string;
use polyfeat::{NULL_TS, TimeUnit};

use crate::column_roles::{ColumnRole, column_role};
use crate::error::{Code, Error, Result};
use crate::job::{Job, Warning};
use crate::keys::BATCH_ROWS;
use crate::open::check_snapshot;
use crate::roles::{TAPE_NEEDED, TRADES_NEEDED, is_string, time_column, value_type};
use crate::strings::{CodeReader, Interner, NULL_CODE, read_as_codes};
use crate::table::{Table, TableName};
use crate::type_name::type_name;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ColumnInfo {
    pub name: String,
    /// Arrow type, as text.
    pub data_type: String,
    pub nulls: u64,
    /// When its values are known, with the reason; `None` in other tables than `trades`.
    pub role: Option<ColumnRole>,
}

/// The time column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeInfo {
    /// Its name.
    pub column: String,
    /// Earliest instant, ISO 8601; `None` when all are null.
    pub min: Option<String>,
    /// Latest instant.
    pub max: Option<String>,
    /// The coarsest unit that all stamps are whole numbers of.
    pub resolution: Option<TimeUnit>,
    /// Whether rows ascend by time, nulls passed over.
    pub sorted: bool,
}

/// A table of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableInfo {
    /// Which one.
    pub table: TableName,
    /// Its files.
    pub files: Vec<String>,
    /// Rows.
    pub rows: u64,
    /// Columns in order.
    pub columns: Vec<ColumnInfo>,
    /// Row groups of all files.
    pub row_groups: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Its time column; `None` when there is none that can be read.
    pub time: Option<TimeInfo>,
    /// Distinct tokens; `None` without such a column.
    pub tokens: Option<u64>,
    /// Distinct markets.
    pub markets: Option<u64>,
    /// Columns that `build` needs and that are not there.
    pub missing: Vec<String>,
}

/// What is in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct InspectReport {
    pub snapshot: String,
    pub tables: Vec<TableInfo>,
    pub warnings: Vec<Warning>,
}

/// Looks into a snapshot directory. Reads the time, token and market columns; of the others the footers.
///
/// # Errors
/// `NOT_FOUND` when it is no directory, `NO_TRADES` when it holds none of the three tables; those of reading.
pub fn inspect(job: &Arc<Job>, snapshot: &Path, ts_unit: Option<TimeUnit>) -> Result<InspectReport> {
    check_snapshot(snapshot)?;
    let mut tables = Vec::new();
    for name in [TableName::Trades, TableName::MarketTrades, TableName::ClobTob] {
        if let Some(table) = Table::open(snapshot, name)? {
            job.begin(name.as_str(), "rows", table.rows);
            tables.push(inspect_table(job, &table, ts_unit)?);
        }
    }
    job.end();
    if tables.is_empty() {
        return Err(Error::new(
            Code::NoTrades,
            format!(
                "{} holds neither trades.parquet nor market_trades.parquet nor clob_tob.parquet",
                snapshot.display()
            ),
        )
        .in_file(snapshot));
    }
    Ok(InspectReport {
        snapshot: snapshot.display().to_string(),
        tables,
        warnings: job.warnings(),
    })
}

fn inspect_table(job: &Arc<Job>, table: &Table, ts_unit: Option<TimeUnit>) -> Result<TableInfo> {
    let needed: &[&str] = match table.name {
        TableName::Trades => &TRADES_NEEDED,
        TableName::MarketTrades => &TAPE_NEEDED,
        TableName::ClobTob => &[],
    };
    let columns = table
        .schema()
        .fields()
        .iter()
        .enumerate()
        .map(|(i, f)| {
            Ok(ColumnInfo {
                name: f.name().clone(),
                data_type: type_name(f.data_type()),
                nulls: nulls(job, table, i)?,
                role: (table.name == TableName::Trades).then(|| column_role(f.name())),
            })
        })
        .collect::<Result<_>>()?;
    Ok(TableInfo {
        table: table.name,
        files: table.parts.iter().map(|p| p.path.display().to_string()).collect(),
        rows: table.rows,
        columns,
        row_groups: table
            .parts
            .iter()
            .map(|p| p.footer().num_row_groups() as u64)
            .sum(),
        bytes: table.bytes(),
        time: time_info(job, table, ts_unit)?,
        tokens: distinct(job, table, "token_id")?,
        markets: distinct(job, table, "market_slug")?,
        missing: needed
            .iter()
            .filter(|n| table.column(n).is_none())
            .map(|n| (*n).to_string())
            .collect(),
    })
}

/// Nulls by the footers' statistics, or by reading the column where those are silent.
fn nulls(job: &Arc<Job>, table: &Table, root: usize) -> Result<u64> {
    if let Some(known) = table.null_count(root) {
        return Ok(known);
    }
    let mut count = 0;
    for_each(job, table, root, |array| {
        count += array.logical_nulls().map_or(0, |n| n.null_count() as u64);
        Ok(())
    })?;
    Ok(count)
}

fn for_each(
    job: &Arc<Job>,
    table: &Table,
    root: usize,
    mut f: impl FnMut(&ArrayRef) -> Result<()>,
) -> Result<()> {
    for group in &table.groups {
        let part = &table.parts[group.part];
        for batch in part.batches(job, &part.meta, group.index, &[root], BATCH_ROWS)? {
            job.check()?;
            f(batch.map_err(|e| Error::arrow(&part.path, e))?.column(0))?;
        }
    }
    Ok(())
}

/// A book has two times; the one at which it was seen is always there.
const TIME_COLUMNS: [&str; 3] = ["ts", "captured_at", "trade_at"];

fn time_info(job: &Arc<Job>, table: &Table, ts_unit: Option<TimeUnit>) -> Result<Option<TimeInfo>> {
    let found = TIME_COLUMNS.iter().find(|n| table.column(n).is_some());
    let Some((name, column)) = found.and_then(|n| Some((*n, time_column(table, n, ts_unit).ok()?))) else {
        return Ok(None);
    };
    let mut seen = Seen {
        min: i64::MAX,
        max: NULL_TS,
        last: NULL_TS,
        sorted: true,
        whole: TimeUnit::Second,
    };
    let mut stamps = Vec::new();
    let mut unparsed = 0;
    for_each(job, table, column.index, |array| {
        stamps.clear();
        unparsed += crate::coerce::times(array, &column, &mut stamps)?;
        stamps
            .iter()
            .filter(|&&t| t != NULL_TS)
            .for_each(|&t| seen.add(t, column.unit));
        job.advance(array.len() as u64);
        Ok(())
    })?;
    if unparsed > 0 {
        job.warn(
            "unparsable_ts",
            format!(
                "{}: {unparsed} values of {name} are no ISO 8601 times",
                table.path.display()
            ),
        );
    }
    let any = seen.max != NULL_TS;
    Ok(Some(TimeInfo {
        column: name.to_string(),
        min: any.then(|| iso(seen.min, column.unit)),
        max: any.then(|| iso(seen.max, column.unit)),
        resolution: any.then_some(seen.whole),
        sorted: seen.sorted,
    }))
}

struct Seen {
    min: i64,
    max: i64,
    last: i64,
    sorted: bool,
    whole: TimeUnit,
}

impl Seen {
    fn add(&mut self, t: i64, unit: TimeUnit) {
        self.min = self.min.min(t);
        self.max = self.max.max(t);
        self.sorted &= t >= self.last;
        self.last = t;
        while self.whole < unit && t % (self.whole.nanos() / unit.nanos()) != 0 {
            self.whole = next_finer(self.whole);
        }
    }
}

fn next_finer(unit: TimeUnit) -> TimeUnit {
    match unit {
        TimeUnit::Second => TimeUnit::Millisecond,
        TimeUnit::Millisecond => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

/// An instant as ISO 8601 text in UTC.
pub(crate) fn iso(t: i64, unit: TimeUnit) -> String {
    let array: ArrayRef = match unit {
        TimeUnit::Second => {
            Arc::new(PrimitiveArray::<TimestampSecondType>::from(vec![t]).with_timezone("+00:00"))
        }
        TimeUnit::Millisecond => {
            Arc::new(PrimitiveArray::<TimestampMillisecondType>::from(vec![t]).with_timezone("+00:00"))
        }
        TimeUnit::Microsecond => {
            Arc::new(PrimitiveArray::<TimestampMicrosecondType>::from(vec![t]).with_timezone("+00:00"))
        }
        TimeUnit::Nanosecond => {
            Arc::new(PrimitiveArray::<TimestampNanosecondType>::from(vec![t]).with_timezone("+00:00"))
        }
    };
    array_value_to_string(&array, 0).unwrap_or_else(|_| format!("{t} {}", unit.symbol()))
}

/// Distinct non-null values of a string column.
fn distinct(job: &Arc<Job>, table: &Table, name: &str) -> Result<Option<u64>> {
    let Some((index, field)) = table.column(name) else {
        return Ok(None);
    };
    if !is_string(value_type(field.data_type())) {
        return Ok(None);
    }
    let (mut names, mut codes, mut used) = (Interner::default(), Vec::new(), Vec::new());
    for group in &table.groups {
        let part = &table.parts[group.part];
        let meta = read_as_codes(part, &[index])?;
        let mut reader = CodeReader::default();
        for batch in part.batches(job, &meta, group.index, &[index], BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            codes.clear();
            reader.read(batch.column(0), |s| names.intern(s), &mut codes)?;
            // A dictionary may hold strings that no row has.
            used.resize(names.names().len(), false);
            codes
                .iter()
                .filter(|&&c| c != NULL_CODE)
                .for_each(|&c| used[c as usize] = true);
        }
    }
    Ok(Some(used.into_iter().filter(|&u| u).count() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_is_the_coarsest_that_fits_all() {
        let whole = |stamps: &[i64], unit| {
            let mut seen = Seen {
                min: i64::MAX,
                max: NULL_TS,
                last: NULL_TS,
                sorted: true,
                whole: TimeUnit::Second,
            };
            stamps.iter().for_each(|&t| seen.add(t, unit));
            (seen.whole, seen.sorted)
        };
        assert_eq!(
            whole(&[-2000, 5000], TimeUnit::Millisecond),
            (TimeUnit::Second, true)
        );
        assert_eq!(
            whole(&[2001, 1000], TimeUnit::Millisecond),
            (TimeUnit::Millisecond, false)
        );
        assert_eq!(
            whole(&[3_000_000], TimeUnit::Nanosecond),
            (TimeUnit::Millisecond, true)
        );
        assert_eq!(whole(&[7], TimeUnit::Nanosecond), (TimeUnit::Nanosecond, true));
        assert_eq!(whole(&[7], TimeUnit::Second), (TimeUnit::Second, true));
    }
}
