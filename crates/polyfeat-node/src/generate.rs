//! Jobs to measure with: snapshots, and the least that a build can take.

use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use polyfeat_bench::{Report, Request};
use polyfeat_snapshot::TableName;
use serde_json::{Value, json};

use crate::task::{JsonTask, ProgressFn};
use crate::{CancelToken, report, request};

/// Writes a snapshot to measure with: synthetic, or a real one many times over.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn generate_snapshot(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        let request: Request = request::parse(request)?;
        Ok(generated(&request, &polyfeat_bench::generate(job, &request)?))
    })
}

/// Does what a build does but for the features, and tells how long each phase took.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn roofline_snapshot(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        let timings = polyfeat_snapshot::roofline(job, &request::build(request)?)?;
        Ok(json!({ "timings_ms": timings }))
    })
}

fn generated(request: &Request, r: &Report) -> Value {
    let table = |name: TableName| {
        r.tables
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, written)| written)
    };
    json!({
        "out": request.out.display().to_string(),
        "tables": {
            "trades": table(TableName::Trades),
            "market_trades": table(TableName::MarketTrades),
            "clob_tob": table(TableName::ClobTob),
        },
        "options": r.plan,
        "warnings": report::warnings(&r.warnings),
        "timings_ms": r.timings_ms,
    })
}
