//! The N-API shell of polyfeat-fast: requests come in as JSON, answers go out as JSON, errors are data.
//!
//! No arithmetic here. Each job is one `AsyncTask` on libuv's pool; what is parallel inside it runs on a rayon
//! pool of its own. A panic in a task would end the process, so it is caught and becomes an error like others.

mod audit;
pub mod generate;
pub mod library;
mod report;
mod request;
mod rules;
mod task;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::task::{JsonTask, ProgressFn};

#[global_allocator]
static ALLOCATOR: polyfeat_snapshot::LargePages = polyfeat_snapshot::LargePages;

/// Stops a running job; one token per job.
#[napi]
#[derive(Default)]
pub struct CancelToken {
    flag: Arc<AtomicBool>,
}

#[napi]
impl CancelToken {
    /// A token that has not been used.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        CancelToken::default()
    }

    /// Asks the job to stop at its next check; safe to call at any time, more than once.
    #[napi]
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }
}

impl CancelToken {
    /// The flag that jobs look at.
    fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }
}

/// Builds the features of a snapshot: `{"ok": report}` or `{"error": {...}}`.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn build_snapshot(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        let options = request::build(request)?;
        Ok(report::build(&polyfeat_snapshot::build(job, &options)?, &options))
    })
}

/// Looks into a snapshot.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn inspect_snapshot(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        let (snapshot, ts_unit) = request::inspect(request)?;
        Ok(report::inspect(&polyfeat_snapshot::inspect(
            job, &snapshot, ts_unit,
        )?))
    })
}

/// Explains one trade.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn explain_trade(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        polyfeat_snapshot::explain(job, &request::explain(request)?)
    })
}

/// Regime counts and PnL table of a features file.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn summarize_features(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        Ok(report::summary(&polyfeat_snapshot::summarize(
            job,
            &request::summarize(request)?,
        )?))
    })
}

/// Compares two features files.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn compare_features(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        Ok(report::compare(&polyfeat_snapshot::compare(
            job,
            &request::compare(request)?,
        )?))
    })
}

/// Audits the features of a snapshot, or a features file.
#[napi(ts_return_type = "Promise<string>")]
#[must_use]
pub fn audit_snapshot(
    request: String,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> AsyncTask<JsonTask> {
    JsonTask::start(request, cancel.flag(), on_progress, |job, request| {
        let options = audit::request(request)?;
        Ok(audit::report(&polyfeat_snapshot::audit(job, &options)?, &options))
    })
}

/// Version of the crate that this binary was built from.
#[napi]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_string()
}
