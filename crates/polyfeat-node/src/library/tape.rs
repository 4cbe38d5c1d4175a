//! `PreparedTape`: a tape that was coded, grouped and sorted once, and is asked many times.

use std::cell::RefCell;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Object, ObjectFinalize};
use napi::{Env, Result};
use napi_derive::napi;
use polyfeat_table::{Code, Error, Tape, Warning};

use super::answer::{FeatureAnswer, WarningData, warnings};
use super::call::{Answer, Later, Work, now};
use super::features::{FeaturesTask, Found, own_tape, tape_columns, with_tape, with_tape_later};
use super::options;
use crate::CancelToken;
use crate::task::ProgressFn;

/// A tape in native memory. Freed by `dispose`, or when it is collected.
#[napi(custom_finalize)]
pub struct PreparedTape {
    tape: RefCell<Option<Arc<Tape>>>,
    bytes: i64,
    rows: usize,
    tokens: usize,
    unit: &'static str,
    warnings: Vec<Warning>,
}

impl PreparedTape {
    fn new(env: &Env, tape: Tape, odd: &[Warning]) -> Self {
        let bytes = i64::try_from(tape.memory()).unwrap_or(i64::MAX);
        let prepared = PreparedTape {
            bytes,
            rows: tape.rows(),
            tokens: tape.tokens(),
            unit: tape.source_unit.symbol(),
            warnings: odd.to_vec(),
            tape: RefCell::new(Some(Arc::new(tape))),
        };
        report(env, bytes);
        prepared
    }

    fn tape(&self) -> Found<Arc<Tape>> {
        self.tape.borrow().as_ref().map(Arc::clone).ok_or_else(|| {
            Error::new(
                Code::Disposed,
                "this tape was disposed of; prepare it again to use it",
            )
        })
    }

    fn free(&self, env: &Env) {
        if self.tape.borrow_mut().take().is_some() {
            report(env, -self.bytes);
        }
    }
}

/// Tells V8 of native memory, which decides when to collect by it.
fn report(env: &Env, bytes: i64) {
    // It fails only in an environment that is being torn down, where nobody collects any more.
    let _ = env.adjust_external_memory(bytes);
}

impl ObjectFinalize for PreparedTape {
    fn finalize(self, env: Env) -> Result<()> {
        self.free(&env);
        Ok(())
    }
}

#[napi]
impl PreparedTape {
    /// Bytes of native memory that it holds; 0 once disposed of.
    #[napi(getter)]
    #[allow(clippy::cast_precision_loss)] // memory is less than 2^53 bytes
    pub fn bytes(&self) -> f64 {
        if self.disposed() { 0.0 } else { self.bytes as f64 }
    }

    /// Prints that it holds.
    #[napi(getter)]
    #[allow(clippy::cast_precision_loss)] // rows are fewer than 2^32
    pub fn rows(&self) -> f64 {
        self.rows as f64
    }

    /// Distinct tokens with prints.
    #[napi(getter)]
    #[allow(clippy::cast_precision_loss)] // rows are fewer than 2^32
    pub fn tokens(&self) -> f64 {
        self.tokens as f64
    }

    /// Unit of its times.
    #[napi(getter, ts_return_type = "'s' | 'ms' | 'us' | 'ns'")]
    pub fn unit(&self) -> &'static str {
        self.unit
    }

    /// What was odd when it was made.
    #[napi(getter)]
    pub fn warnings(&self) -> Vec<WarningData> {
        warnings(&self.warnings)
    }

    /// Whether it was disposed of.
    #[napi(getter)]
    pub fn disposed(&self) -> bool {
        self.tape.borrow().is_none()
    }

    /// Frees its memory, as soon as no running call uses it. Calling it again does nothing.
    #[napi]
    pub fn dispose(&self, env: &Env) {
        self.free(env);
    }

    /// Features of trades against this tape.
    #[napi(ts_return_type = "FeatureAnswer | Failure")]
    pub fn features(
        &self,
        env: &Env,
        json: String,
        #[napi(ts_arg_type = "object")] trades: Object<'_>,
    ) -> Result<Answer<FeatureAnswer>> {
        match self.tape() {
            Ok(tape) => with_tape(env, &json, trades, &tape),
            Err(e) => Ok(Answer::B(e.into())),
        }
    }

    /// `features`, later.
    #[napi(ts_return_type = "Promise<FeatureAnswer | Failure>")]
    pub fn features_async(
        &self,
        env: &Env,
        json: String,
        #[napi(ts_arg_type = "object")] trades: Object<'_>,
        cancel: &CancelToken,
        #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
    ) -> Result<AsyncTask<FeaturesTask>> {
        with_tape_later(env, &json, trades, self.tape(), cancel, on_progress)
    }
}

/// Codes, groups and sorts a tape. It takes a copy: the columns are not needed afterwards.
#[napi(ts_return_type = "PreparedTape | Failure")]
pub fn prepare_tape(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
) -> Result<Answer<PreparedTape>> {
    let columns = tape_columns(env, columns)?;
    let prepared = || Ok((options::prepare(&json)?, columns?));
    let ((common, options), columns) = match prepared() {
        Ok(all) => all,
        Err(e) => return Ok(Answer::B(Error::into(e))),
    };
    let work = |job: &_| Tape::prepare(job, &columns, options);
    Ok(now(env, common, columns.ts.len(), work, PreparedTape::new))
}

/// The task of `prepareTapeAsync`.
pub type PrepareTask = Later<Tape, PreparedTape>;

/// `prepareTape`, later.
#[napi(ts_return_type = "Promise<PreparedTape | Failure>")]
pub fn prepare_tape_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] columns: Object<'_>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<PrepareTask>> {
    let columns = tape_columns(env, columns)?;
    let prepared = || {
        let (common, options) = options::prepare(&json)?;
        let columns = own_tape(&columns?)?;
        let rows = columns.ts.len();
        let work: Work<Tape> = Box::new(move |job| Tape::prepare(job, &columns, options));
        Ok((common, rows, work))
    };
    Ok(Later::start(
        prepared(),
        cancel.flag(),
        on_progress,
        PreparedTape::new,
    ))
}
