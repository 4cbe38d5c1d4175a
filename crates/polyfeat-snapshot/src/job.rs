//! What a running job shares with the outside: cancel flag, progress, warnings, the clock of its phases.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::error::{Error, Result};

/// How far a phase is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Name of the phase: `open`, `keys`, `tape`, `features`, `write`.
    pub phase: &'static str,
    /// Units done.
    pub done: u64,
    /// Units in all.
    pub total: u64,
    /// `bytes`, `rows` or `columns`.
    pub unit: &'static str,
}

/// Something odd that did not stop the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A stable word.
    pub code: &'static str,
    /// One line for people.
    pub message: String,
}

/// Told of progress, from any thread.
pub type Sink = Box<dyn Fn(Progress) + Send + Sync>;

struct Phase {
    name: &'static str,
    unit: &'static str,
    total: u64,
    began: Instant,
}

/// One run. Shared by all threads that work on it.
pub struct Job {
    cancelled: Arc<AtomicBool>,
    given_up: AtomicBool,
    sink: Option<Sink>,
    phase: Mutex<Option<Phase>>,
    done: AtomicU64,
    next_report: AtomicU64,
    born: Instant,
    timings: Mutex<Vec<(&'static str, f64)>>,
    warnings: Mutex<Vec<Warning>>,
}

/// Progress events come at most this often, in microseconds.
const THROTTLE_US: u64 = 50_000;

impl Default for Job {
    fn default() -> Self {
        Job::new(Arc::default(), None)
    }
}

/// The lock is only ever held for a few plain statements, so a poisoned one still holds good data.
fn lock<T>(m: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    m.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Job {
    /// A job that stops soon after `cancelled` becomes true and tells `sink` how far it is.
    #[must_use]
    pub fn new(cancelled: Arc<AtomicBool>, sink: Option<Sink>) -> Self {
        Job {
            cancelled,
            given_up: AtomicBool::new(false),
            sink,
            phase: Mutex::new(None),
            done: AtomicU64::new(0),
            next_report: AtomicU64::new(0),
            born: Instant::now(),
            timings: Mutex::new(Vec::new()),
            warnings: Mutex::new(Vec::new()),
        }
    }

    /// `Err` once the run has been told to stop. Called at least every 64 Ki rows.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) || self.given_up.load(Ordering::Relaxed) {
            Err(Error::cancelled())
        } else {
            Ok(())
        }
    }

    /// Makes every check fail from now on: a part of the run has failed, and others need not go on.
    pub fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Ends the current phase and begins `name`, which has `total` `unit`s to do.
    pub fn begin(&self, name: &'static str, unit: &'static str, total: u64) {
        let mut phase = lock(&self.phase);
        if let Some(old) = phase.take() {
            self.close_phase(&old);
        }
        self.done.store(0, Ordering::Relaxed);
        *phase = Some(Phase {
            name,
            unit,
            total,
            began: Instant::now(),
        });
        drop(phase);
        self.report(true);
    }

    /// Ends the last phase; the final progress event says that everything is done.
    pub fn end(&self) {
        let mut phase = lock(&self.phase);
        if let Some(old) = phase.take() {
            self.close_phase(&old);
        }
    }

    fn close_phase(&self, old: &Phase) {
        lock(&self.timings).push((old.name, old.began.elapsed().as_secs_f64() * 1e3));
        if let Some(sink) = &self.sink {
            sink(Progress {
                phase: old.name,
                done: old.total,
                total: old.total,
                unit: old.unit,
            });
        }
    }

    /// Counts `units` of the current phase as done.
    pub fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
        self.report(false);
    }

    fn report(&self, now: bool) {
        let Some(sink) = &self.sink else { return };
        let t = u64::try_from(self.born.elapsed().as_micros()).unwrap_or(u64::MAX);
        let next = self.next_report.load(Ordering::Relaxed);
        let due = now || t >= next;
        // One thread wins the right to report; the others go on with their work.
        if !due
            || self
                .next_report
                .compare_exchange(next, t + THROTTLE_US, Ordering::Relaxed, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        if let Some(p) = lock(&self.phase).as_ref() {
            let done = self.done.load(Ordering::Relaxed).min(p.total);
            sink(Progress {
                phase: p.name,
                done,
                total: p.total,
                unit: p.unit,
            });
        }
    }

    /// Records something odd.
    pub fn warn(&self, code: &'static str, message: impl Into<String>) {
        lock(&self.warnings).push(Warning {
            code,
            message: message.into(),
        });
    }

    /// All warnings so far.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        lock(&self.warnings).clone()
    }

    /// Milliseconds of each phase, and `total` since the job was made. Phases follow one another, so they
    /// are exclusive and add up to the total but for what lies between them.
    #[must_use]
    pub fn timings(&self) -> BTreeMap<&'static str, f64> {
        let mut all = BTreeMap::new();
        for (name, ms) in lock(&self.timings).iter() {
            *all.entry(*name).or_insert(0.0) += ms;
        }
        all.insert("total", self.born.elapsed().as_secs_f64() * 1e3);
        all
    }
}
