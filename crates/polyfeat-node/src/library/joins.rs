//! `asofIndices` and `windowFlow`: joins of any two tables.

use napi::bindgen_prelude::{Array, AsyncTask, Int32Array, Object};
use napi::{Env, Result};
use napi_derive::napi;
use polyfeat_table::{
    Column, Copier, Error, JoinPlan, Keyed, Warning, WindowFlows, WindowPlan, asof_indices as join,
    window_flow as flow,
};

use super::answer::{ColumnData, FlowAnswer, JoinAnswer, warnings};
use super::call::{Answer, Later, Work, now};
use super::features::{Found, found};
use super::options::{self, Common};
use super::views::{View, Views, views};
use crate::CancelToken;
use crate::task::ProgressFn;

/// A table's views, before any buffer is looked at.
struct KeyedViews<'env> {
    ts: View<'env>,
    by: Vec<View<'env>>,
}

impl<'env> KeyedViews<'env> {
    fn read(object: Object<'env>, table: &'static str) -> Result<Found<Self>> {
        let by = match object.get::<Array<'env>>("by")? {
            Some(list) => views(&list)?,
            None => Vec::new(),
        };
        let ts = found!(Views::new(object, table).needed("ts")?);
        Ok(Ok(KeyedViews { ts, by }))
    }

    fn columns(&self, env: &Env) -> Result<Keyed<'env>> {
        Ok(Keyed {
            ts: self.ts.column(env)?,
            by: self
                .by
                .iter()
                .map(|view| view.column(env))
                .collect::<Result<_>>()?,
        })
    }
}

/// Columns of both tables, and of weights.
struct Tables<'a> {
    left: Keyed<'a>,
    right: Keyed<'a>,
    weights: Vec<Vec<Column<'a>>>,
}

impl<'env> Tables<'env> {
    fn read(
        env: &Env,
        left: Object<'env>,
        right: Object<'env>,
        weights: Option<Array<'env>>,
    ) -> Result<Found<Self>> {
        let left = found!(KeyedViews::read(left, "left")?);
        let right = found!(KeyedViews::read(right, "right")?);
        let mut products = Vec::new();
        if let Some(list) = weights {
            for i in 0..list.len() {
                let product: Option<Array<'env>> = list.get(i)?;
                products.push(product.map(|p| views(&p)).transpose()?.unwrap_or_default());
            }
        }
        // From here on no JavaScript runs.
        let columns = |views: &Vec<View<'env>>| views.iter().map(|view| view.column(env)).collect();
        Ok(Ok(Tables {
            left: left.columns(env)?,
            right: right.columns(env)?,
            weights: products.iter().map(columns).collect::<Result<_>>()?,
        }))
    }

    fn rows(&self) -> usize {
        self.left.ts.len() + self.right.ts.len()
    }

    /// Checks and copies, so that the columns outlive the call.
    fn own(&self) -> Found<Tables<'static>> {
        let all = self.left.all().into_iter().chain(self.right.all());
        all.chain(self.weights.iter().flatten())
            .try_for_each(Column::check)?;
        let mut copier = Copier::default();
        let mut keyed = |table: &Keyed<'_>| Keyed {
            ts: copier.column(&table.ts),
            by: table.by.iter().map(|c| copier.column(c)).collect(),
        };
        let (left, right) = (keyed(&self.left), keyed(&self.right));
        let weights = self.weights.iter();
        Ok(Tables {
            left,
            right,
            weights: weights
                .map(|columns| columns.iter().map(|c| copier.column(c)).collect())
                .collect(),
        })
    }
}

fn hand_join(_: &Env, indices: Vec<i32>, odd: &[Warning]) -> JoinAnswer {
    JoinAnswer {
        indices: Int32Array::new(indices),
        warnings: warnings(odd),
    }
}

fn hand_flow(_: &Env, flows: WindowFlows, odd: &[Warning]) -> FlowAnswer {
    let columns = |all: Vec<_>| all.into_iter().map(ColumnData::from).collect();
    FlowAnswer {
        counts: columns(flows.counts),
        sums: flows.sums.into_iter().map(columns).collect(),
        warnings: warnings(odd),
    }
}

/// The row of `right` that matches each row of `left` as of its time.
#[napi(ts_return_type = "JoinAnswer | Failure")]
pub fn asof_indices(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] left: Object<'_>,
    #[napi(ts_arg_type = "object")] right: Object<'_>,
) -> Result<Answer<JoinAnswer>> {
    let tables = Tables::read(env, left, right, None)?;
    let prepared = || -> Found<((Common, JoinPlan), Tables<'_>)> { Ok((options::join(&json)?, tables?)) };
    let ((common, plan), t) = match prepared() {
        Ok(all) => all,
        Err(e) => return Ok(Answer::B(Error::into(e))),
    };
    let work = |job: &_| join(job, &plan, &t.left, &t.right);
    Ok(now(env, common, t.rows(), work, hand_join))
}

/// The task of `asofIndicesAsync`.
pub type JoinTask = Later<Vec<i32>, JoinAnswer>;

/// `asofIndices`, later.
#[napi(ts_return_type = "Promise<JoinAnswer | Failure>")]
pub fn asof_indices_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] left: Object<'_>,
    #[napi(ts_arg_type = "object")] right: Object<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<JoinTask>> {
    let tables = Tables::read(env, left, right, None)?;
    let prepared = || {
        let (common, plan) = options::join(&json)?;
        let t = tables?.own()?;
        let rows = t.rows();
        let work: Work<Vec<i32>> = Box::new(move |job| join(job, &plan, &t.left, &t.right));
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand_join))
}

/// Counts of the rows of `right` in windows before each row of `left`, and sums of products of their columns.
#[napi(ts_return_type = "FlowAnswer | Failure")]
pub fn window_flow(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] left: Object<'_>,
    #[napi(ts_arg_type = "object")] right: Object<'_>,
    #[napi(ts_arg_type = "object[][]")] weights: Array<'_>,
) -> Result<Answer<FlowAnswer>> {
    let tables = Tables::read(env, left, right, Some(weights))?;
    let prepared = || -> Found<((Common, WindowPlan), Tables<'_>)> { Ok((options::flow(&json)?, tables?)) };
    let ((common, plan), t) = match prepared() {
        Ok(all) => all,
        Err(e) => return Ok(Answer::B(Error::into(e))),
    };
    let work = |job: &_| flow(job, &plan, &t.left, &t.right, &t.weights);
    Ok(now(env, common, t.rows(), work, hand_flow))
}

/// The task of `windowFlowAsync`.
pub type FlowTask = Later<WindowFlows, FlowAnswer>;

/// `windowFlow`, later.
#[napi(ts_return_type = "Promise<FlowAnswer | Failure>")]
pub fn window_flow_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] left: Object<'_>,
    #[napi(ts_arg_type = "object")] right: Object<'_>,
    #[napi(ts_arg_type = "object[][]")] weights: Array<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<FlowTask>> {
    let tables = Tables::read(env, left, right, Some(weights))?;
    let prepared = || {
        let (common, plan) = options::flow(&json)?;
        let t = tables?.own()?;
        let rows = t.rows();
        let work: Work<WindowFlows> = Box::new(move |job| flow(job, &plan, &t.left, &t.right, &t.weights));
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand_flow))
}
