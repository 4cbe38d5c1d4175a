//! The main job, step by step: open, keys, tape, features, summary, write.

use polyfeat::TokenOrder;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use polyfeat::{Numerics, Regime, Span, TimeUnit, regime};

use crate::ask::ask;
use crate::columns::{Plan, Select};
use crate::compute::{Asked, Inputs, compute, warn_unparsed};
use crate::copying::while_copying;
use crate::error::{Code, Error, Result};
use crate::features::FeaturePlan;
use crate::job::{Job, Warning};
use crate::keys::read_keys;
use crate::layout::Codec;
use crate::made::{Made, RowColumns};
use crate::memory::{Load, Memory};
use crate::open::{Opened, open};
use crate::order::sorted_order;
use crate::out_file::OutFile;
use crate::pool::pool;
use crate::provenance::{ResolvedRules, key_values};
use crate::roles::TimeColumn;
use crate::rules::GivenRules;
use crate::summary::{PnlRow, RegimeCount, pnl_table, regime_counts};
use crate::table::Table;
use crate::write::{Writing, largest_piece};

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
    /// Adds `label_available_at`, from when on the regime and the complete sets of a row are known.
    pub label_available: bool,
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
    /// Codec of the output.
    pub codec: Codec,
    /// Threads; `None`: one per core, or one alone when there is little to do.
    pub threads: Option<usize>,
    /// Bytes of memory that the process may take.
    pub memory: u64,
    /// What a trade sees.
    pub rules: GivenRules,
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
    /// The rules, with what was found out from the files.
    pub rules: ResolvedRules,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// Milliseconds by phase, and in all.
    pub timings_ms: BTreeMap<&'static str, f64>,
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
    let rules = options.rules.resolve()?;
    let opened = open(job, &options.snapshot, options.ts_unit)?;
    let (rules, further) = ask(job, &opened, rules, options.sum, options.ts_unit)?;
    let asked = Asked { rules, further };
    let rows = opened.trades.rows + opened.tape.as_ref().map_or(0, |(t, _)| t.rows);
    let threads = options.threads.unwrap_or(if rows < ALONE_ROWS { 1 } else { 0 });
    pool(threads)?.install(|| run(job, options, &opened, asked))
}

/// Up to so many rows of both files a second thread costs more than it brings.
pub(crate) const ALONE_ROWS: u64 = 1_000;

fn run(job: &Arc<Job>, options: &BuildOptions, opened: &Opened, mut asked: Asked) -> Result<BuildReport> {
    let Opened {
        trades,
        trade_roles,
        tape: tape_source,
        ..
    } = opened;
    let bucket_step = bucket_step(options.bucket, trade_roles.ts, trades)?;
    let plan = Plan {
        lags: &options.returns,
        windows: &options.windows,
        tape_unit: tape_source.as_ref().map(|(_, roles)| roles.ts.unit),
        ts: trade_roles.ts,
        rules: &asked.rules.rules,
        availability_unit: asked.further.availability_unit(),
        label_available: options.label_available,
    };
    let columns = plan.out_columns(job, trades, &options.columns)?;
    let memory = Memory {
        budget: options.memory,
    };
    let feature_plan = FeaturePlan {
        lags: options.returns.clone(),
        windows: options.windows.clone(),
        sum: options.sum,
        proof: asked.rules.rules.proof,
    };
    let tape_table = tape_source.as_ref().map(|(table, _)| table);
    let load = Load {
        trades: trades.rows,
        prints: tape_source.as_ref().map_or(0, |(table, _)| table.rows),
        swept: tape_table.map_or(0, |_| feature_plan.counts().columns()),
        // Rows in the file's order are copied where they are many.
        largest: match options.order {
            Order::Token if tape_source.is_some() => largest_piece(trades, &columns),
            _ => 0,
        },
        beside: asked.further.print_bytes(),
        known: tape_table.map_or(0, |tape| asked.further.known_bytes(trades, tape)),
    };
    let tape_plan = memory.for_tape(load, rayon::current_num_threads() as u64)?;
    let inputs: Vec<&Path> = opened.inputs.iter().map(PathBuf::as_path).collect();
    let out = OutFile::create(&options.out, &inputs)?;
    let out_path = out.path().to_path_buf();

    let columns_memory = memory.for_columns(load, tape_plan.spill)?;
    let folder = out.folder().to_path_buf();
    let begin = |rows| {
        let writing = Writing {
            job,
            trades,
            ts_root: trade_roles.ts.index,
            columns: &columns,
            rows,
            codec: options.codec,
            memory: columns_memory,
        };
        writing.begin(out)
    };
    let ordered = OnceLock::new();
    let (mut sheet, (keys, computed)) = while_copying(job, begin, |begin| {
        // Without a tape there is nothing to sort for: rows stay in the file's order.
        if tape_source.is_none() || options.order == Order::Input {
            begin(None)?;
        }
        job.begin("keys", "rows", trades.rows);
        let mut keys = read_keys(job, trades, trade_roles)?;
        warn_unparsed(job, trades, keys.unparsed);
        let tokens = keys.tokens.names().len();
        let order = match tape_source {
            Some(_) => Some(sorted_order(job, &keys.token, tokens, &keys.ts)?),
            None => None,
        };
        keys.token = Vec::new();
        let order = ordered.get_or_init(|| order).as_ref();
        begin(order.filter(|o| !o.is_identity()).map(|o| &o.rows[..]))?;
        let inputs = Inputs {
            trades,
            order,
            tape: tape_source.as_ref(),
            tape_plan,
            folder: &folder,
            asked: &asked,
        };
        let computed = compute(job, &feature_plan, inputs, &mut keys, bucket_step)?;
        Ok((keys, computed))
    })?;

    job.begin("summary", "rows", 0);
    let label = |row: u64| regime(keys.leg[row as usize], computed.shares[row as usize] > 0.0);
    let pnl = pnl_table(
        job,
        trades,
        &|row| label(row) as u32,
        &Regime::ALL.map(Regime::name),
    )?;
    let regimes = count_regimes(trades.rows, label);

    let position = ordered
        .get()
        .and_then(Option::as_ref)
        .filter(|o| options.order == Order::Input && !o.is_identity())
        .map(TokenOrder::positions);
    let made = Made::new(
        RowColumns {
            ts: &keys.ts,
            unit: keys.unit,
            leg: &keys.leg,
            shares: &computed.shares,
            bucket_step,
            mode: asked.rules.rules.regime,
            rows: sheet.rows(),
            position: position.as_deref(),
        },
        computed.tape,
    );
    job.begin("write", "bytes", sheet.weight());
    sheet.encode(&made)?;
    asked.rules.resolution = computed.resolution;
    let tables: Vec<&Table> = std::iter::once(trades).chain(tape_table).collect();
    sheet.commit(key_values(options, &asked.rules, &columns, &tables)?)?;
    job.end();
    let left_out = computed.left_out;
    Ok(BuildReport {
        out: out_path,
        rows: trades.rows,
        columns: columns.len() as u64,
        trades: trades.shape(),
        market_trades: opened.market_trades,
        clob_tob: opened.clob_tob,
        regimes,
        pnl,
        null_ts: left_out.null_ts,
        null_token: left_out.null_token,
        rules: asked.rules,
        warnings: job.warnings(),
        timings_ms: job.timings(),
    })
}

fn count_regimes(rows: u64, label: impl Fn(u64) -> Regime) -> Vec<RegimeCount> {
    let mut counts = [0; Regime::ALL.len()];
    (0..rows).for_each(|row| counts[label(row) as usize] += 1);
    regime_counts(Regime::ALL.iter().map(|r| r.name()).zip(counts))
}

/// The length of a bucket in the unit of the trades' time.
///
/// # Errors
/// `BUCKET_UNIT`.
pub(crate) fn bucket_step(bucket: Span, ts: TimeColumn, trades: &Table) -> Result<i64> {
    bucket.exact_in(ts.unit).ok_or_else(|| {
        Error::new(
            Code::BucketUnit,
            format!(
                "a bucket of {} is no whole number of {}, the unit of ts in {}; choose a longer --bucket",
                bucket.label(),
                ts.unit.symbol(),
                trades.path.display()
            ),
        )
        .in_file(&trades.path)
        .in_column("ts")
    })
}
