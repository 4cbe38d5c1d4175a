//! A synthetic snapshot: seven days of made-up events with the statistics of recorded ones, in the real schema.
//!
//! Two tokens of 77 digits a market, Up and Down. One token in ten of the tape is never traded by the user, and
//! 0.3 % of the user's trades are on tokens that the tape lacks. A trade of the user's own that is a print of the
//! tape agrees with it in token, stamp, side, price, size, transaction hash and event key.

use std::sync::Arc;

use arrow::array::Array;
use arrow::datatypes::{DataType, Field, Schema};
use polyfeat_snapshot::{Job, Result, TableName};
use rayon::prelude::*;

use crate::columns::Columns;
use crate::options::{Storage, Synthetic};
use crate::place::Place;
use crate::sheet::{Batch, Sheet, Written};
use crate::sorted::Sorted;
use crate::world::World;
use crate::{prints, trades};

/// Rows that one thread makes at a time.
const BATCH_ROWS: usize = 1 << 16;
/// Batches that are made while others are encoded: the same for any number of threads, and so is the memory.
const BATCHES: usize = 4;
/// Columns that lose their dictionary with `plain`.
const MANY_VALUES: [&str; 5] = ["token_id", "market_slug", "title", "condition_id", "proxy_wallet"];

/// Writes both tables.
///
/// # Errors
/// `CANCELLED`, `DISK_FULL`, `OUT_NOT_WRITABLE`.
pub fn write(
    job: &Job,
    place: &mut Place,
    plan: &Synthetic,
    storage: Storage,
) -> Result<Vec<(TableName, Written)>> {
    job.begin("names", "rows", 0);
    let world = World::new(plan);
    let ranks = plan.sorted.then(|| ranks(&world));
    let trades = Table {
        name: TableName::Trades,
        rows: plan.trades as u32,
        plain: &trades::PLAIN,
        columns: &|rows| trades::columns(&world, rows),
        key: &|row| world.trade_key(row.into()),
        null: &|row| world.trade_token_null(row.into()),
    };
    let prints = Table {
        name: TableName::MarketTrades,
        rows: plan.prints as u32,
        plain: &prints::PLAIN,
        columns: &|rows| prints::columns(&world, rows),
        key: &|row| world.print_key(row.into()),
        null: &|row| world.print_token_null(row.into()),
    };
    [trades, prints]
        .iter()
        .map(|table| {
            let written = table.write(job, place, storage, plan.plain, ranks.as_deref())?;
            Ok((table.name, written))
        })
        .collect()
}

/// The place of each token by the bytes of its id.
fn ranks(world: &World) -> Vec<u32> {
    let mut tokens: Vec<u32> = (0..world.token_ids.len() as u32).collect();
    tokens.par_sort_unstable_by_key(|&t| world.token_ids.get(t.into()));
    let mut ranks = vec![0; tokens.len()];
    for (rank, token) in (0..).zip(tokens) {
        ranks[token as usize] = rank;
    }
    ranks
}

/// A table, as functions of row numbers.
struct Table<'a> {
    name: TableName,
    rows: u32,
    plain: &'a [&'a str],
    columns: &'a (dyn Fn(&[u32]) -> Columns + Sync),
    /// Token and time.
    key: &'a (dyn Fn(u32) -> (u64, i64) + Sync),
    /// Whether the token's id is null.
    null: &'a (dyn Fn(u32) -> bool + Sync),
}

impl Table<'_> {
    fn write(
        &self,
        job: &Job,
        place: &mut Place,
        storage: Storage,
        plain: bool,
        ranks: Option<&[u32]>,
    ) -> Result<Written> {
        let sheet = Sheet {
            table: self.name,
            schema: Arc::new(self.schema()),
            rows: self.rows.into(),
            plain: self
                .plain
                .iter()
                .chain(MANY_VALUES.iter().filter(|_| plain))
                .map(ToString::to_string)
                .collect(),
            arrow_types: false,
            storage,
        };
        let Some(ranks) = ranks else {
            let mut rows = 0..self.rows;
            job.begin(self.name.as_str(), "rows", self.rows.into());
            return sheet.write(job, place, || {
                let some: Vec<u32> = rows.by_ref().take(BATCHES * BATCH_ROWS).collect();
                Ok(self.batches(&some))
            });
        };
        // Null comes last.
        let key = |row: u32| match (self.key)(row) {
            (_, ts) if (self.null)(row) => (ranks.len() as u32, ts),
            (token, ts) => (ranks[token as usize], ts),
        };
        let mut sorted = Sorted::new(job, self.rows, ranks.len() + 1, key)?;
        let mut held = Vec::new().into_iter();
        job.begin(self.name.as_str(), "rows", self.rows.into());
        sheet.write(job, place, || {
            if held.len() == 0 {
                held = sorted.next(job)?.into_iter();
            }
            let some: Vec<u32> = held.by_ref().take(BATCHES * BATCH_ROWS).collect();
            Ok(self.batches(&some))
        })
    }

    fn batches(&self, rows: &[u32]) -> Vec<Batch> {
        rows.par_chunks(BATCH_ROWS)
            .map(|rows| {
                (self.columns)(rows)
                    .into_iter()
                    .map(|(_, values)| values)
                    .collect()
            })
            .collect()
    }

    /// All columns of recorded snapshots may be null; codes of texts are stored as texts.
    fn schema(&self) -> Schema {
        let field = |(name, values): &(&str, Arc<dyn Array>)| {
            let data_type = match values.data_type() {
                DataType::Dictionary(_, value) => DataType::clone(value),
                other => other.clone(),
            };
            Field::new(*name, data_type, true)
        };
        Schema::new((self.columns)(&[]).iter().map(field).collect::<Vec<_>>())
    }
}
