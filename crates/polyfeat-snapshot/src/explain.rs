//! One trade explained: which prints it saw and which not, what its windows held, what counted for its complete set.
//!
//! The values are the kernels', as a build writes them. The lists are found anew, print by print, straight from spec §4;
//! tests hold the two together.

mod eye;
mod groups;
mod market;
mod prints;
mod sets;

use std::sync::Arc;

use arrow::util::display::array_value_to_string;
use polyfeat::{NULL_TS, Regime, TimeUnit};
use serde_json::{Map, Value, json};

use crate::ask::ask;
use crate::build::{BuildOptions, bucket_step};
use crate::compute::{Asked, warn_unparsed};
use crate::error::{Code, Error, Result};
use crate::inspect::iso;
use crate::job::Job;
use crate::keys::{BATCH_ROWS, TradeKeys, read_keys};
use crate::open::{Opened, open};
use crate::pool::pool;
use crate::strings::NULL_CODE;
use crate::table::Table;

/// What to explain.
#[derive(Debug, Clone)]
pub struct ExplainOptions {
    /// The build whose row it is; where and how its file is written does not matter.
    pub build: BuildOptions,
    /// Row of the trades, in file order, from 0.
    pub row: u64,
    /// How many prints or trades each list names at most: the nearest in time.
    pub limit: usize,
}

/// Columns of the trades that are shown of the row, where they are there.
const SHOWN: [&str; 8] = [
    "token_id",
    "market_slug",
    "side",
    "outcome",
    "price",
    "size",
    "transaction_hash",
    "event_key",
];

/// Explains a row of the trades, as JSON: `trade`, `rules`, `tape` (null where the row has no `mt_` columns, with
/// `tape_missing` saying why), `sets` and `values`, the columns that a build writes. Times are ISO 8601 in UTC.
///
/// Reads the trades' keys, and the tape once, of which it keeps the prints of one token.
///
/// # Errors
/// Those of a build; `INVALID_OPTION` for a row that there is not.
pub fn explain(job: &Arc<Job>, options: &ExplainOptions) -> Result<Value> {
    let build = &options.build;
    job.begin("open", "rows", 0);
    let rules = build.rules.resolve()?;
    let opened = open(job, &build.snapshot, build.ts_unit)?;
    check_row(&opened.trades, options.row)?;
    let (rules, further) = ask(job, &opened, rules, build.sum, build.ts_unit)?;
    let asked = Asked { rules, further };
    pool(build.threads.unwrap_or(0))?.install(|| run(job, options, &opened, asked))
}

fn check_row(trades: &Table, row: u64) -> Result<()> {
    if row < trades.rows {
        return Ok(());
    }
    let (rows, path) = (trades.rows, trades.path.display());
    let message = if rows == 0 {
        format!("{path} has no rows, so there is no row {row}")
    } else {
        format!(
            "{path} has no row {row}: it has {rows} rows; give a number from 0 to {}",
            rows - 1
        )
    };
    Err(Error::new(Code::InvalidOption, message)
        .in_file(&trades.path)
        .at_row(row))
}

fn run(job: &Arc<Job>, options: &ExplainOptions, opened: &Opened, mut asked: Asked) -> Result<Value> {
    let (build, trades) = (&options.build, &opened.trades);
    let step = bucket_step(build.bucket, opened.trade_roles.ts, trades)?;
    job.begin("keys", "rows", trades.rows);
    let keys = read_keys(job, trades, &opened.trade_roles)?;
    warn_unparsed(job, trades, keys.unparsed);
    let at = usize::try_from(options.row).map_err(|_| Error::internal("a row beyond memory"))?;
    let trade = sets::Trade { keys: &keys, at };
    let mut values = Map::new();

    let missing = missing(opened, &keys, at);
    let tape = match &opened.tape {
        Some(tape) if missing.is_none() => {
            let found = market::explain(job, options, opened, tape, (&keys, at), &mut asked, &mut values)?;
            Some(found)
        }
        _ => None,
    };
    job.begin("sets", "rows", trades.rows);
    let sets = trade.explain(
        job,
        &trades.path,
        &sets::Asked {
            step,
            sum: build.sum,
            mode: asked.rules.rules.regime,
            by_token: opened.tape.is_some(),
            limit: options.limit,
        },
        &mut values,
    )?;
    let shown = shown(job, trades, options.row)?;
    trades.check_unchanged()?;
    job.end();
    let mut of_trade = Map::new();
    of_trade.insert("ts".to_string(), instant(keys.ts[at], keys.unit));
    of_trade.extend(shown);
    Ok(json!({
        "snapshot": build.snapshot.display().to_string(),
        "row": options.row,
        "trade": of_trade,
        "rules": asked.rules.to_json(),
        "tape": tape,
        "tape_missing": missing,
        "sets": sets,
        "values": values,
        "warnings": job.warnings().iter().map(|w| json!({ "code": w.code, "message": w.message })).collect::<Vec<_>>(),
    }))
}

/// Why a row has no columns from the tape.
fn missing(opened: &Opened, keys: &TradeKeys, at: usize) -> Option<&'static str> {
    if opened.tape.is_none() {
        return Some("there is no tape, so a build writes no mt_ columns");
    }
    if keys.ts[at] == NULL_TS {
        return Some("the trade has no time, so its mt_ columns are null");
    }
    (keys.token[at] == NULL_CODE).then_some("the trade has no token_id, so its mt_ columns are null")
}

/// An instant as ISO 8601 text, or null.
fn instant(t: i64, unit: TimeUnit) -> Value {
    if t == NULL_TS {
        Value::Null
    } else {
        json!(iso(t, unit))
    }
}

/// The name of a regime, as a value of its column.
fn regime_value(regime: Regime) -> Value {
    json!(regime.name())
}

/// What the file has of the row, as text.
fn shown(job: &Arc<Job>, trades: &Table, row: u64) -> Result<Map<String, Value>> {
    let mut found = Map::new();
    let Some(group) = trades
        .groups
        .iter()
        .find(|g| row - g.first_row < g.rows as u64 && row >= g.first_row)
    else {
        return Err(Error::internal("a row without a row group"));
    };
    let part = &trades.parts[group.part];
    for name in SHOWN {
        let Some((root, _)) = trades.column(name) else {
            continue;
        };
        let mut first = group.first_row;
        for batch in part.batches(job, &part.meta, group.index, &[root], BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            let end = first + batch.num_rows() as u64;
            if row < end {
                let (array, at) = (batch.column(0), (row - first) as usize);
                let text = array_value_to_string(array, at).map_err(|e| Error::internal(e.to_string()))?;
                let null = array.is_null(at);
                found.insert(name.to_string(), if null { Value::Null } else { json!(text) });
                break;
            }
            first = end;
        }
    }
    Ok(found)
}
