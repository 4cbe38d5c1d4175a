//! A real snapshot many times over: one after another in time, and side by side in tokens.
//!
//! A copy in time has every time column shifted by whole days, as many as the snapshot lasts, rounded up: so order
//! and ticks stay, dates and hours of the day stay true, and no copy overlaps the next. It is of the same tokens.
//! A copy in tokens has ids of its own. The first copy of both is the snapshot itself, value for value. Columns that
//! nobody knows are repeated as they are.

mod cells;

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::compute::{cast, max, min};
use arrow::datatypes::{DataType, TimeUnit, TimestampMillisecondType};
use polyfeat_snapshot::{Batches, Code, Error, Job, Result, Table, TableName};
use rayon::prelude::*;

use self::cells::{Repeat, Tile};
use crate::options::{MOST_ROWS, Storage, Tiled};
use crate::place::Place;
use crate::sheet::{Batch, Sheet, Written};

/// Rows that a batch has after it was repeated.
const BATCH_ROWS: usize = 1 << 16;
/// Batches that are made while others are encoded.
const BATCHES: usize = 4;
const DAY_MS: i64 = 86_400_000;

/// Writes every table that the snapshot has.
///
/// # Errors
/// Those of opening and reading; `WRONG_TYPE` for a time or an id that cannot be changed, `INVALID_OPTION` for more
/// rows than a table takes, `OVERFLOW`; `CANCELLED`, `DISK_FULL`, `OUT_NOT_WRITABLE`.
pub fn write(
    job: &Arc<Job>,
    place: &mut Place,
    plan: &Tiled,
    storage: Storage,
) -> Result<Vec<(TableName, Written)>> {
    job.begin("open", "rows", 0);
    if !plan.from.is_dir() {
        let message = format!(
            "no snapshot {}: name a folder with trades.parquet",
            plan.from.display()
        );
        return Err(Error::new(Code::NotFound, message).in_file(&plan.from));
    }
    let mut tables = Vec::new();
    for name in [TableName::Trades, TableName::MarketTrades, TableName::ClobTob] {
        tables.extend(Table::open(&plan.from, name)?);
    }
    if !tables.iter().any(|table| table.name == TableName::Trades) {
        let message = format!("{} has no trades.parquet", plan.from.display());
        return Err(Error::new(Code::NoTrades, message).in_file(&plan.from));
    }
    let days = if plan.tile_time > 1 {
        days(job, &tables)?
    } else {
        0
    };
    tables
        .iter()
        .map(|table| {
            let written = write_table(job, place, plan, storage, table, days)?;
            for part in &table.parts {
                part.check_unchanged()?;
            }
            Ok((table.name, written))
        })
        .collect()
}

fn write_table(
    job: &Arc<Job>,
    place: &mut Place,
    plan: &Tiled,
    storage: Storage,
    table: &Table,
    days: i64,
) -> Result<Written> {
    let times = u64::from(plan.tile_time) * u64::from(plan.tile_tokens);
    let rows = table.rows.saturating_mul(times);
    if rows > MOST_ROWS {
        let message = format!(
            "{} rows of {}, {times} times over, are more than the {MOST_ROWS} of a table; repeat it less often",
            table.rows,
            table.name.as_str()
        );
        return Err(Error::new(Code::InvalidOption, message).in_file(&table.path));
    }
    let Some(first) = table.parts.first() else {
        return Err(Error::internal("a table without files"));
    };
    let schema = first.meta.schema();
    let repeat = Repeat::new(schema, plan.tile_tokens);
    let sheet = Sheet {
        table: table.name,
        schema: Arc::clone(schema),
        rows,
        plain: without_dictionary(table),
        arrow_types: true,
        storage,
    };
    job.begin(table.name.as_str(), "rows", rows);
    let mut reading = Reading {
        job,
        table,
        batch_rows: (BATCH_ROWS / plan.tile_tokens as usize).max(1),
        copies: plan.tile_time,
        copy: 0,
        group: 0,
        batches: None,
    };
    sheet.write(job, place, || {
        let mut some = Vec::new();
        while some.len() < BATCHES
            && let Some(batch) = reading.next()?
        {
            some.push(batch);
        }
        some.into_par_iter()
            .map(|(copy, batch)| {
                let tile = Tile {
                    number: copy,
                    days: days * i64::from(copy),
                };
                repeat.batch(tile, &batch).map_err(|e| e.in_file(&table.path))
            })
            .collect::<Result<Vec<Batch>>>()
    })
}

/// Columns whose first chunk has no dictionary.
fn without_dictionary(table: &Table) -> Vec<String> {
    let Some(group) = table.groups.first() else {
        return Vec::new();
    };
    let chunks = table.parts[group.part].footer().row_group(group.index).columns();
    chunks
        .iter()
        .filter(|chunk| chunk.dictionary_page_offset().is_none())
        .map(|chunk| chunk.column_path().string())
        .collect()
}

/// The batches of a table, copy after copy in time.
struct Reading<'a> {
    job: &'a Arc<Job>,
    table: &'a Table,
    batch_rows: usize,
    copies: u32,
    /// The copy, the row group and its batches that come next.
    copy: u32,
    group: usize,
    batches: Option<Batches>,
}

impl Reading<'_> {
    fn next(&mut self) -> Result<Option<(u32, Batch)>> {
        let every: Vec<usize> = (0..self.table.parts[0].meta.schema().fields().len()).collect();
        loop {
            if self.table.groups.is_empty() || self.copy == self.copies {
                return Ok(None);
            }
            let group = self.table.groups[self.group];
            let part = &self.table.parts[group.part];
            if self.batches.is_none() {
                // Parts may differ in what only Arrow knows: the types of the first one are asked for.
                let meta = part.with_types(Arc::clone(self.table.parts[0].meta.schema()))?;
                self.batches = Some(part.batches(self.job, &meta, group.index, &every, self.batch_rows)?);
            }
            if let Some(batch) = self.batches.as_mut().and_then(Iterator::next) {
                let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
                return Ok(Some((self.copy, batch.columns().to_vec())));
            }
            self.batches = None;
            self.group += 1;
            if self.group == self.table.groups.len() {
                (self.group, self.copy) = (0, self.copy + 1);
            }
        }
    }
}

/// Days that the stamps of trades and tape last, rounded up.
fn days(job: &Arc<Job>, tables: &[Table]) -> Result<i64> {
    let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
    let mut span: Option<(i64, i64)> = None;
    for table in tables.iter().filter(|table| table.name != TableName::ClobTob) {
        let Some((ts, field)) = table.parts[0].meta.schema().column_with_name("ts") else {
            let message = format!("{} has no column ts", table.path.display());
            return Err(Error::new(Code::MissingColumn, message)
                .in_file(&table.path)
                .in_column("ts"));
        };
        if !matches!(
            field.data_type(),
            DataType::Timestamp(..) | DataType::Date32 | DataType::Date64
        ) {
            let message = format!(
                "{}: ts is of type {}, and only timestamps and dates can be shifted; leave out tileTime",
                table.path.display(),
                field.data_type()
            );
            return Err(Error::new(Code::WrongType, message)
                .in_file(&table.path)
                .in_column("ts"));
        }
        for group in &table.groups {
            let part = &table.parts[group.part];
            for batch in part.batches(job, &part.meta, group.index, &[ts], BATCH_ROWS)? {
                job.check()?;
                let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
                let ticks = cast(batch.column(0), &milliseconds).map_err(|e| Error::arrow(&part.path, e))?;
                let ticks = ticks.as_primitive::<TimestampMillisecondType>();
                if let (Some(low), Some(high)) = (min(ticks), max(ticks)) {
                    let (a, b) = span.unwrap_or((low, high));
                    span = Some((a.min(low), b.max(high)));
                }
            }
        }
    }
    // A stamp of the next copy must be later than every one of this.
    let (low, high) = span.unwrap_or((0, 0));
    Ok((high.saturating_sub(low)) / DAY_MS + 1)
}
