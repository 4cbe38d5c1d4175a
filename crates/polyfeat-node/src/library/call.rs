//! Both ways to run a piece of work: now, on the caller's thread, or later, as one task on libuv's pool. A panic
//! would end the process in either; it is caught and becomes an error like others.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use napi::bindgen_prelude::{AsyncTask, Either, ToNapiValue, TypeName};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::{Env, Result, Task};
use polyfeat_table::{Code, Error, Job, Sink, Threads, Warning};
use serde_json::json;

use super::answer::Failure;
use super::options::Common;
use crate::task::ProgressFn;

/// What a piece of work gives: its result and what was odd.
type Done<T> = polyfeat_table::Result<(T, Vec<Warning>)>;

/// A result, or why there is none.
pub type Answer<A> = Either<A, Failure>;

/// Makes the answer of a result, on the thread of JavaScript.
type Hand<T, A> = fn(&Env, T, &[Warning]) -> A;

/// Runs `work` now. `rows` decide whether more than one thread is worth while.
pub fn now<T, A>(
    env: &Env,
    common: Common,
    rows: usize,
    work: impl FnOnce(&Job) -> polyfeat_table::Result<T>,
    hand: Hand<T, A>,
) -> Answer<A> {
    answer(env, run(common, rows, Arc::default(), None, work), hand)
}

fn run<T>(
    common: Common,
    rows: usize,
    cancelled: Arc<AtomicBool>,
    sink: Option<Sink>,
    work: impl FnOnce(&Job) -> polyfeat_table::Result<T>,
) -> Done<T> {
    let all = || {
        let job = Job::new(Threads::new(common.threads, rows)?, cancelled, sink);
        job.check()?;
        assert!(!common.panic_for_test, "asked for by panicForTest");
        let done = work(&job)?;
        Ok((done, job.take_warnings()))
    };
    catch_unwind(AssertUnwindSafe(all)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

fn answer<T, A>(env: &Env, done: Done<T>, hand: Hand<T, A>) -> Answer<A> {
    match done {
        Ok((result, warnings)) => Either::A(hand(env, result, &warnings)),
        Err(e) => Either::B(e.into()),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Error::internal(text.unwrap_or_default())
}

/// Work that owns what it needs.
pub type Work<T> = Box<dyn FnOnce(&Job) -> polyfeat_table::Result<T> + Send>;

/// Work for later. An error that is known already is told later too: a promise has one way to say so.
pub struct Later<T: Send + 'static, A> {
    common: Common,
    rows: usize,
    cancelled: Arc<AtomicBool>,
    sink: Option<Sink>,
    work: Option<polyfeat_table::Result<Work<T>>>,
    hand: Hand<T, A>,
}

impl<T: Send + 'static, A: ToNapiValue + TypeName + 'static> Later<T, A> {
    /// Puts `work` on the pool.
    pub fn start(
        prepared: polyfeat_table::Result<(Common, usize, Work<T>)>,
        cancelled: Arc<AtomicBool>,
        on_progress: Option<ProgressFn>,
        hand: Hand<T, A>,
    ) -> AsyncTask<Self> {
        let sink = on_progress.map(|listener| -> Sink {
            Box::new(move |p| {
                let event = json!({ "phase": p.phase, "done": p.done, "total": p.total, "unit": "rows" });
                listener.call(event.to_string(), ThreadsafeFunctionCallMode::NonBlocking);
            })
        });
        let (common, rows, work) = match prepared {
            Ok((common, rows, work)) => (common, rows, Ok(work)),
            Err(e) => (Common::default(), 0, Err(e)),
        };
        AsyncTask::new(Later {
            common,
            rows,
            cancelled,
            sink,
            work: Some(work),
            hand,
        })
    }
}

impl<T: Send + 'static, A: ToNapiValue + TypeName + 'static> Task for Later<T, A> {
    type Output = Done<T>;
    type JsValue = Answer<A>;

    fn compute(&mut self) -> Result<Self::Output> {
        let Some(work) = self.work.take() else {
            return Ok(Err(Error::new(Code::Internal, "a task ran twice")));
        };
        let (cancelled, sink) = (Arc::clone(&self.cancelled), self.sink.take());
        Ok(work.and_then(|work| run(self.common, self.rows, cancelled, sink, work)))
    }

    fn resolve(&mut self, env: Env, done: Self::Output) -> Result<Self::JsValue> {
        Ok(answer(&env, done, self.hand))
    }
}
