//! The main job, step by step: open, keys, tape, features, summary, write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polyfeat::{Numerics, Regime, Span, TimeUnit, regime};

use crate::columns::{Plan, Select};
use crate::error::{Code, Error, Result};
use crate::features::{FeaturePlan, TapeColumns, TokenOrder, set_columns, tape_columns};
use crate::job::{Job, Warning};
use crate::keys::{TradeKeys, read_keys};
use crate::made::Made;
use crate::out_file::OutFile;
use crate::roles::{TapeRoles, TimeColumn, TimeKind, TradeRoles};
use crate::summary::{PnlRow, RegimeCount, pnl_table, regime_counts};
use crate::table::{Table, TableName};
use crate::tape::Tape;
use crate::write::{Codec, Writing};

/// Order of the output's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By (token_id, ts), stable, nulls last: the notebook's.
    Token,
    /// As in the trades file.
    Input,
}

/// What to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// The snapshot directory.
    pub snapshot: PathBuf,
    /// The file to write.
    pub out: PathBuf,
    /// Order of the rows.
    pub order: Order,
    /// Lags of the returns.
    pub returns: Vec<Span>,
    /// Lengths of the flow windows.
    pub windows: Vec<Span>,
    /// Length of a complete-set bucket.
    pub bucket: Span,
    /// Numerics of the sums.
    pub sum: Numerics,
    /// Input columns that pass through.
    pub columns: Select,
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
    /// Codec of the output.
    pub codec: Codec,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct BuildReport {
    /// The file written.
    pub out: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: u64,
    /// `[rows, columns]` of the inputs; `None` where there is no such file.
    pub trades: [u64; 2],
    /// The tape's.
    pub market_trades: Option<[u64; 2]>,
    /// The book's.
    pub clob_tob: Option<[u64; 2]>,
    /// Regimes, largest first.
    pub regimes: Vec<RegimeCount>,
    /// PnL table.
    pub pnl: Option<Vec<PnlRow>>,
    /// Prints left out for a null time.
    pub null_ts: u64,
    /// Prints left out for a null token.
    pub null_token: u64,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// Milliseconds by phase, and in all.
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// A snapshot's tables with their needed columns found: everything is checked that footers can tell.
struct Opened {
    trades: Table,
    trade_roles: TradeRoles,
    tape: Option<(Table, TapeRoles)>,
    market_trades: Option<[u64; 2]>,
    clob_tob: Option<[u64; 2]>,
}

/// Builds the features of a snapshot and writes them to a file.
///
/// The snapshot directory holds `trades.parquet` and, when there, `market_trades.parquet` and
/// `clob_tob.parquet` (or folders of parts). Every input column passes through unchanged; the features come
/// after them. On any error the old output stays as it was.
///
/// # Errors
/// Every [`Code`] but `INVALID_OPTION`; see the messages.
pub fn build(job: &Arc<Job>, options: &BuildOptions) -> Result<BuildReport> {
    job.begin("open", "rows", 0);
    let opened = open(job, options)?;
    let Opened {
        trades,
        trade_roles,
        tape: tape_source,
        ..
    } = &opened;
    let bucket_step = bucket_step(options, trade_roles.ts, trades)?;
    let plan = Plan {
        lags: &options.returns,
        windows: &options.windows,
        tape_unit: tape_source.as_ref().map(|(_, roles)| roles.ts.unit),
        ts: trade_roles.ts,
    };
    let columns = plan.out_columns(job, trades, &options.columns)?;
    let inputs: Vec<&Path> = std::iter::once(trades)
        .chain(tape_source.iter().map(|(t, _)| t))
        .flat_map(|t| std::iter::once(t.path.as_path()).chain(t.parts.iter().map(|p| p.path.as_path())))
        .collect();
    let out = OutFile::create(&options.out, &inputs)?;
    let out_path = out.path().to_path_buf();

    job.begin("keys", "rows", trades.rows);
    let keys = read_keys(job, trades, trade_roles)?;
    warn_unparsed(job, trades, keys.unparsed);

    // Without a tape there is nothing to sort for: rows stay in the file's order.
    let order = tape_source.as_ref().map(|_| TokenOrder::new(&keys));
    let mut dropped = (0, 0);
    let tape = match (tape_source, &order) {
        (Some((table, roles)), Some(order)) => {
            let (columns, tape) = read_tape(job, options, &keys, order, trades, table, roles)?;
            dropped = (tape.null_ts, tape.null_token);
            Some((columns, tape.unit, tape.source_unit))
        }
        _ => None,
    };
    job.begin("sets", "rows", trades.rows);
    let sets = set_columns(&trades.path, &keys, order.as_ref(), bucket_step, options.sum)?;
    let label = |row: u64| regime(keys.leg[row as usize], sets.flag[row as usize]);
    let regimes = regime_counts((0..trades.rows).map(|row| label(row).name()));
    job.begin("summary", "rows", 0);
    let pnl = pnl_table(
        job,
        trades,
        &|row| label(row) as u32,
        &Regime::ALL.map(Regime::name),
    )?;

    job.begin("write", "columns", columns.len() as u64);
    let sorted = order
        .as_ref()
        .filter(|o| options.order == Order::Token && !o.is_identity());
    let position = order
        .as_ref()
        .filter(|o| options.order == Order::Input && !o.is_identity())
        .map(|o| inverse(&o.rows));
    let rows = sorted.map(|o| &o.rows[..]);
    let made = Made {
        keys: &keys,
        ts: trade_roles.ts,
        tape: tape
            .as_ref()
            .map(|(columns, unit, source)| (columns, *unit, *source)),
        sets: &sets,
        bucket_step,
        rows,
        position: position.as_deref(),
    };
    if let Some((table, _)) = tape_source {
        table.check_unchanged()?;
    }
    Writing {
        job,
        trades,
        columns: &columns,
        made: &made,
        rows,
        codec: options.codec,
    }
    .run(out)?;
    job.end();
    Ok(BuildReport {
        out: out_path,
        rows: trades.rows,
        columns: columns.len() as u64,
        trades: trades.shape(),
        market_trades: opened.market_trades,
        clob_tob: opened.clob_tob,
        regimes,
        pnl,
        null_ts: dropped.0,
        null_token: dropped.1,
        warnings: job.warnings(),
        timings_ms: job.timings(),
    })
}

fn open(job: &Job, options: &BuildOptions) -> Result<Opened> {
    let snapshot = &options.snapshot;
    if !snapshot.is_dir() {
        let what = if snapshot.exists() {
            "is not a directory"
        } else {
            "does not exist"
        };
        return Err(Error::new(
            Code::NotFound,
            format!(
                "snapshot {} {what}; expected a directory with trades.parquet in it",
                snapshot.display()
            ),
        )
        .in_file(snapshot));
    }
    let trades = Table::open(snapshot, TableName::Trades)?.ok_or_else(|| {
        Error::new(
            Code::NoTrades,
            format!(
                "{} has no trades.parquet (nor a folder trades with Parquet files); features are made for trades",
                snapshot.display()
            ),
        )
        .in_file(snapshot)
    })?;
    let trade_roles = TradeRoles::find(&trades, options.ts_unit)?;
    let market_trades = Table::open(snapshot, TableName::MarketTrades)?;
    let shape = market_trades.as_ref().map(Table::shape);
    let tape = match market_trades {
        None => {
            job.warn(
                "no_market_trades",
                format!(
                    "{} has no market_trades.parquet; the mt_ columns are left out",
                    snapshot.display()
                ),
            );
            None
        }
        Some(table) if table.rows == 0 => {
            job.warn(
                "empty_market_trades",
                format!(
                    "{} has no rows; the mt_ columns are left out",
                    table.path.display()
                ),
            );
            None
        }
        Some(table) => {
            let roles = TapeRoles::find(&table, options.ts_unit)?;
            Some((table, roles))
        }
    };
    if trades.rows == 0 {
        job.warn(
            "empty_trades",
            format!(
                "{} has no rows; the output has none either",
                trades.path.display()
            ),
        );
    }
    let integer_times = trade_roles.ts.kind == TimeKind::Integer
        || tape
            .as_ref()
            .is_some_and(|(_, roles)| roles.ts.kind == TimeKind::Integer);
    if options.ts_unit.is_some() && !integer_times {
        job.warn(
            "ts_unit_unused",
            "--ts-unit has no effect: no ts column holds integers",
        );
    }
    let clob_tob = Table::open(snapshot, TableName::ClobTob)?.map(|t| t.shape());
    Ok(Opened {
        trades,
        trade_roles,
        tape,
        market_trades: shape,
        clob_tob,
    })
}

fn bucket_step(options: &BuildOptions, ts: TimeColumn, trades: &Table) -> Result<i64> {
    options.bucket.exact_in(ts.unit).ok_or_else(|| {
        Error::new(
            Code::BucketUnit,
            format!(
                "a bucket of {} is no whole number of {}, the unit of ts in {}; choose a longer --bucket",
                options.bucket.label(),
                ts.unit.symbol(),
                trades.path.display()
            ),
        )
        .in_file(&trades.path)
        .in_column("ts")
    })
}

fn read_tape(
    job: &Arc<Job>,
    options: &BuildOptions,
    keys: &TradeKeys,
    order: &TokenOrder,
    trades: &Table,
    table: &Table,
    roles: &TapeRoles,
) -> Result<(TapeColumns, Tape)> {
    job.begin("tape", "rows", table.rows);
    let tape = Tape::read(job, table, roles, keys)?;
    warn_unparsed(job, table, tape.unparsed);
    for (code, count, what) in [
        ("market_trades_null_ts", tape.null_ts, "time"),
        ("market_trades_null_token", tape.null_token, "token_id"),
    ] {
        if count > 0 {
            job.warn(
                code,
                format!(
                    "{}: {count} prints without a {what} are left out",
                    table.path.display()
                ),
            );
        }
    }
    job.begin("features", "rows", trades.rows);
    let plan = FeaturePlan {
        lags: options.returns.clone(),
        windows: options.windows.clone(),
        sum: options.sum,
    };
    let columns = tape_columns(job, &trades.path, keys, order, &tape, &plan)?;
    Ok((columns, tape))
}

fn warn_unparsed(job: &Job, table: &Table, count: u64) {
    if count > 0 {
        job.warn(
            "unparsable_ts",
            format!(
                "{}: {count} values of ts are no ISO 8601 times and became null",
                table.path.display()
            ),
        );
    }
}

fn inverse(rows: &[u32]) -> Vec<u32> {
    let mut position = vec![0; rows.len()];
    for (i, &row) in rows.iter().enumerate() {
        position[row as usize] = i as u32;
    }
    position
}
