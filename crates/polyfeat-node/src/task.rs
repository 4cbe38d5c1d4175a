//! One job on libuv's pool.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use napi::bindgen_prelude::AsyncTask;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status, Task};
use polyfeat_snapshot::{Code, Error, Job, Sink};
use serde_json::{Value, json};

/// A JavaScript progress listener. Weak: a listener alone does not keep the process alive.
pub type ProgressFn = ThreadsafeFunction<String, (), String, Status, false, true>;

type Work = fn(&Arc<Job>, &str) -> polyfeat_snapshot::Result<Value>;

/// A request that is worked on.
pub struct JsonTask {
    request: String,
    job: Arc<Job>,
    work: Work,
}

impl JsonTask {
    /// Puts `work` on the pool.
    pub fn start(
        request: String,
        cancelled: Arc<AtomicBool>,
        on_progress: Option<ProgressFn>,
        work: Work,
    ) -> AsyncTask<JsonTask> {
        let sink = on_progress.map(|listener| -> Sink {
            Box::new(move |p| {
                let event = json!({ "phase": p.phase, "done": p.done, "total": p.total, "unit": p.unit });
                listener.call(event.to_string(), ThreadsafeFunctionCallMode::NonBlocking);
            })
        });
        AsyncTask::new(JsonTask {
            request,
            job: Arc::new(Job::new(cancelled, sink)),
            work,
        })
    }

    fn run(&self) -> polyfeat_snapshot::Result<Value> {
        (self.work)(&self.job, &self.request)
    }
}

impl Task for JsonTask {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        let done =
            catch_unwind(AssertUnwindSafe(|| self.run())).unwrap_or_else(|panic| Err(panicked(&*panic)));
        Ok(match done {
            Ok(report) => json!({ "ok": report }).to_string(),
            Err(e) => json!({ "error": {
                "code": e.code.as_str(), "message": e.message, "file": e.file, "column": e.column, "row": e.row,
            } })
            .to_string(),
        })
    }

    fn resolve(&mut self, _: Env, output: String) -> Result<String> {
        Ok(output)
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let what = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::new(
        Code::Internal,
        format!("internal error: {what}; please report it"),
    )
}
