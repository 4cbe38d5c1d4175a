//! Complete sets and regimes by themselves, and other small answers about one table.

use polyfeat::{NULL_TS, Numerics, RegimeMode, Span, TimeUnit};

use crate::check::common_len;
use crate::codes::{check_text, text_codes};
use crate::column::Column;
use crate::error::Result;
use crate::interner::Interner;
use crate::job::Job;
use crate::layout::{Layout, Maker, regime_maker, set_makers};
use crate::memory::ensure;
use crate::order::sorted_order;
use crate::output::OutColumn;
use crate::plan::{bucket_step, check_mode};
use crate::sets::{SetRules, buckets, set_shares};
use crate::time::Times;
use crate::trades::{TradeColumns, Trades};

/// Options of complete sets.
#[derive(Debug, Clone, Copy)]
pub struct SetPlan {
    /// Length of a bucket.
    pub bucket: Span,
    /// Which trades of the market are summed.
    pub mode: RegimeMode,
    /// How sums are made.
    pub sum: Numerics,
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
}

/// `bucket`, `complete_set_flag`, `complete_set_shares`, and `regime` when it is asked for (SPEC §2).
///
/// # Errors
/// Those of reading; `BUCKET_UNIT`; `OVERFLOW`; `INVALID_OPTION` for sums that a mode cannot make.
pub fn complete_sets(
    job: &Job,
    plan: &SetPlan,
    columns: &TradeColumns<'_>,
    with_regime: bool,
) -> Result<Vec<OutColumn>> {
    check_mode(plan.mode, plan.sum)?;
    columns.all().into_iter().try_for_each(Column::check)?;
    ensure(columns.ts.len(), 96)?;
    let trades = Trades::read(job, columns, plan.ts_unit)?;
    let step = bucket_step(plan.bucket, trades.unit, &columns.ts)?;
    job.begin("sets", trades.rows);
    let bucket = buckets(job, &trades.ts, step, &columns.ts)?;
    let order = match (plan.sum, &columns.token) {
        (Numerics::Notebook, Some(_)) => Some(sorted_order(
            job,
            &trades.ranked_tokens(),
            trades.tokens.len(),
            &trades.ts,
        )?),
        _ => None,
    };
    let rules = SetRules {
        mode: plan.mode,
        length: step,
        sum: plan.sum,
    };
    let shares = set_shares(job, &trades, &bucket, order.as_ref().map(|o| &o.rows[..]), rules)?;
    job.end();
    let layout = Layout::default();
    let mut makers: Vec<Maker<'_>> = Vec::new();
    set_makers(&mut makers, bucket, trades.unit, &shares, &layout);
    if with_regime {
        regime_maker(&mut makers, &trades.leg, &shares, &layout);
    }
    job.threads.map(makers, |make| Ok(make()))
}

/// The permutation of rows by (token, time), tokens by their UTF-8 bytes, stable, nulls last in both (SPEC §2).
///
/// # Errors
/// Those of reading.
pub fn token_order(
    job: &Job,
    token: &Column<'_>,
    ts: &Column<'_>,
    ts_unit: Option<TimeUnit>,
) -> Result<Vec<u32>> {
    token.check()?;
    ts.check()?;
    let rows = common_len("the table", &[token, ts])?;
    check_text(token)?;
    let times = Times::of(ts, ts_unit)?;
    ensure(rows, 32)?;
    job.begin("keys", rows);
    let mut names = Interner::default();
    let codes = text_codes(job, token, &mut |text| names.intern(text))?;
    let ranks = names.ranks();
    let ranked: Vec<u32> = codes
        .iter()
        .map(|&code| ranks.get(code as usize).copied().unwrap_or(code))
        .collect();
    let order = sorted_order(job, &ranked, names.len(), &times.read_flat(job)?)?;
    job.end();
    Ok(order.rows)
}

/// Any time column as timestamps: text in ns, dates in ms, others in their unit (SPEC §1).
///
/// # Errors
/// Those of reading.
pub fn times(job: &Job, column: &Column<'_>, ts_unit: Option<TimeUnit>) -> Result<OutColumn> {
    column.check()?;
    ensure(column.len(), 16)?;
    let times = Times::of(column, ts_unit)?;
    let values = times.read_flat(job)?.into_owned();
    debug_assert!(
        values.len() == column.len(),
        "a time for every row, {NULL_TS} if null"
    );
    Ok(OutColumn::stamps(column.name.to_string(), values, times.unit))
}
