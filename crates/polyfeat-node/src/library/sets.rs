//! `completeSets` and `regimes`, `tokenOrder` and `times`: small answers about one table.

use napi::bindgen_prelude::{AsyncTask, Object, Uint32Array};
use napi::{Env, Result};
use napi_derive::napi;
use polyfeat_table::{
    Column, Copier, Error, OutColumn, SetPlan, TimeUnit, TradeColumns, Warning, complete_sets as sets,
    times as read_times, token_order as order,
};

use super::answer::{ColumnData, ColumnsAnswer, OrderAnswer, warnings};
use super::call::{Answer, Later, Work, now};
use super::features::{Found, found, own_trades, set_columns};
use super::options::{self, Common};
use super::views::{View, Views};
use crate::CancelToken;
use crate::task::ProgressFn;

fn hand(_: &Env, columns: Vec<OutColumn>, odd: &[Warning]) -> ColumnsAnswer {
    ColumnsAnswer {
        columns: columns.into_iter().map(ColumnData::from).collect(),
        warnings: warnings(odd),
    }
}

/// The task of functions that answer with columns.
pub type ColumnsTask = Later<Vec<OutColumn>, ColumnsAnswer>;

fn sets_now(env: &Env, json: &str, columns: Object<'_>, with_regime: bool) -> Result<Answer<ColumnsAnswer>> {
    let columns = set_columns(env, columns, false)?;
    let prepared =
        || -> Found<((Common, SetPlan), TradeColumns<'_>)> { Ok((options::sets(json)?, columns?)) };
    let ((common, plan), columns) = match prepared() {
        Ok(all) => all,
        Err(e) => return Ok(Answer::B(Error::into(e))),
    };
    let work = |job: &_| sets(job, &plan, &columns, with_regime);
    Ok(now(env, common, columns.ts.len(), work, hand))
}

fn sets_later(
    env: &Env,
    json: &str,
    columns: Object<'_>,
    with_regime: bool,
    cancel: &CancelToken,
    on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<ColumnsTask>> {
    let columns = set_columns(env, columns, false)?;
    let prepared = || {
        let (common, plan) = options::sets(json)?;
        let columns = own_trades(&columns?)?;
        let rows = columns.ts.len();
        let work: Work<Vec<OutColumn>> = Box::new(move |job| sets(job, &plan, &columns, with_regime));
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand))
}

/// Buckets, flags and shares of complete sets.
#[napi(ts_return_type = "ColumnsAnswer | Failure")]
pub fn complete_sets(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
) -> Result<Answer<ColumnsAnswer>> {
    sets_now(env, &json, columns, false)
}

/// `completeSets`, later.
#[napi(ts_return_type = "Promise<ColumnsAnswer | Failure>")]
pub fn complete_sets_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<ColumnsTask>> {
    sets_later(env, &json, columns, false, cancel, on_progress)
}

/// What `completeSets` gives, and the regime.
#[napi(ts_return_type = "ColumnsAnswer | Failure")]
pub fn regimes(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
) -> Result<Answer<ColumnsAnswer>> {
    sets_now(env, &json, columns, true)
}

/// `regimes`, later.
#[napi(ts_return_type = "Promise<ColumnsAnswer | Failure>")]
pub fn regimes_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<ColumnsTask>> {
    sets_later(env, &json, columns, true, cancel, on_progress)
}

/// The columns of an order.
struct OrderColumns<'a> {
    token: Column<'a>,
    ts: Column<'a>,
}

impl<'env> OrderColumns<'env> {
    fn read(env: &Env, object: Object<'env>) -> Result<Found<Self>> {
        let views = Views::new(object, "the table");
        let (token, ts) = (found!(views.needed("token")?), found!(views.needed("ts")?));
        // From here on no JavaScript runs.
        Ok(Ok(OrderColumns {
            token: token.column(env)?,
            ts: ts.column(env)?,
        }))
    }

    fn own(&self) -> Found<OrderColumns<'static>> {
        [&self.token, &self.ts].into_iter().try_for_each(Column::check)?;
        let mut copier = Copier::default();
        Ok(OrderColumns {
            token: copier.column(&self.token),
            ts: copier.column(&self.ts),
        })
    }
}

fn hand_order(_: &Env, order: Vec<u32>, odd: &[Warning]) -> OrderAnswer {
    OrderAnswer {
        order: Uint32Array::new(order),
        warnings: warnings(odd),
    }
}

/// The permutation of rows by (token, time).
#[napi(ts_return_type = "OrderAnswer | Failure")]
pub fn token_order(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
) -> Result<Answer<OrderAnswer>> {
    let columns = OrderColumns::read(env, columns)?;
    let prepared =
        || -> Found<((Common, Option<TimeUnit>), OrderColumns<'_>)> { Ok((options::time(&json)?, columns?)) };
    let ((common, unit), c) = match prepared() {
        Ok(all) => all,
        Err(e) => return Ok(Answer::B(Error::into(e))),
    };
    let work = |job: &_| order(job, &c.token, &c.ts, unit);
    Ok(now(env, common, c.ts.len(), work, hand_order))
}

/// The task of `tokenOrderAsync`.
pub type OrderTask = Later<Vec<u32>, OrderAnswer>;

/// `tokenOrder`, later.
#[napi(ts_return_type = "Promise<OrderAnswer | Failure>")]
pub fn token_order_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<OrderTask>> {
    let columns = OrderColumns::read(env, columns)?;
    let prepared = || {
        let (common, unit) = options::time(&json)?;
        let c = columns?.own()?;
        let rows = c.ts.len();
        let work: Work<Vec<u32>> = Box::new(move |job| order(job, &c.token, &c.ts, unit));
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand_order))
}

/// A time column of any type as timestamps: one column.
#[napi(ts_return_type = "ColumnsAnswer | Failure")]
pub fn times(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] column: Object<'_>,
) -> Result<Answer<ColumnsAnswer>> {
    let view = View::read(column)?;
    let column = view.column(env)?;
    let (common, unit) = match options::time(&json) {
        Ok(options) => options,
        Err(e) => return Ok(Answer::B(e.into())),
    };
    let work = |job: &_| read_times(job, &column, unit).map(|c| vec![c]);
    Ok(now(env, common, column.len(), work, hand))
}

/// `times`, later.
#[napi(ts_return_type = "Promise<ColumnsAnswer | Failure>")]
pub fn times_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] column: Object<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<ColumnsTask>> {
    let view = View::read(column)?;
    let column = view.column(env)?;
    let prepared = || {
        let (common, unit) = options::time(&json)?;
        column.check()?;
        let column = Copier::default().column(&column);
        let rows = column.len();
        let work: Work<Vec<OutColumn>> = Box::new(move |job| read_times(job, &column, unit).map(|c| vec![c]));
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand))
}
