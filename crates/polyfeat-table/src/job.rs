//! What a running call shares with the outside: cancel flag, progress, warnings, threads.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::error::{Error, Result};
use crate::threads::Threads;

/// How far a phase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Name of the phase: `tape`, `keys`, `features`, `sets`, `join`, `flow`.
    pub phase: &'static str,
    /// Rows done.
    pub done: u64,
    /// Rows in all.
    pub total: u64,
}

/// Something odd that did not stop the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A stable word.
    pub code: &'static str,
    /// One line for people.
    pub message: String,
}

/// Told of progress, one event at a time, from any thread.
pub type Sink = Box<dyn Fn(Progress) + Send + Sync>;

/// Rows between two looks at the cancel flag.
pub const ROWS_AT_A_TIME: usize = 1 << 16;

/// Progress events come at most this often, in microseconds.
const THROTTLE_US: u64 = 50_000;

struct Phase {
    name: &'static str,
    total: u64,
    /// What was last told: events of a phase never go back.
    told: u64,
}

/// One call. Shared by all threads that work on it.
pub struct Job {
    /// How it works in parallel.
    pub threads: Threads,
    cancelled: Arc<AtomicBool>,
    sink: Option<Sink>,
    phase: Mutex<Option<Phase>>,
    done: AtomicU64,
    next_report: AtomicU64,
    born: Instant,
    warnings: Mutex<Vec<Warning>>,
}

impl Default for Job {
    fn default() -> Self {
        Job::new(Threads::one(), Arc::default(), None)
    }
}

/// The lock is only ever held for a few plain statements, so a poisoned one still holds good data.
fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Job {
    /// A call that stops soon after `cancelled` becomes true and tells `sink` how far it is.
    #[must_use]
    pub fn new(threads: Threads, cancelled: Arc<AtomicBool>, sink: Option<Sink>) -> Self {
        Job {
            threads,
            cancelled,
            sink,
            phase: Mutex::new(None),
            done: AtomicU64::new(0),
            next_report: AtomicU64::new(0),
            born: Instant::now(),
            warnings: Mutex::new(Vec::new()),
        }
    }

    /// Looks at the cancel flag; called at least every 65,536 rows.
    ///
    /// # Errors
    /// `CANCELLED` once the call has been told to stop.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Error::cancelled())
        } else {
            Ok(())
        }
    }

    /// Ends the current phase and begins `name`, which has `total` rows to do.
    pub fn begin(&self, name: &'static str, total: usize) {
        self.end();
        self.done.store(0, Ordering::Relaxed);
        *lock(&self.phase) = Some(Phase {
            name,
            total: total as u64,
            told: 0,
        });
        self.report(true);
    }

    /// Ends the current phase; its last event says that everything is done.
    pub fn end(&self) {
        if let (Some(old), Some(sink)) = (lock(&self.phase).take(), &self.sink) {
            sink(Progress {
                phase: old.name,
                done: old.total,
                total: old.total,
            });
        }
    }

    /// Counts rows of the current phase as done.
    pub fn advance(&self, rows: usize) {
        self.done.fetch_add(rows as u64, Ordering::Relaxed);
        self.report(false);
    }

    fn report(&self, now: bool) {
        let Some(sink) = &self.sink else { return };
        let t = u64::try_from(self.born.elapsed().as_micros()).unwrap_or(u64::MAX);
        let next = self.next_report.load(Ordering::Relaxed);
        // One thread wins the right to report; the others go on with their work.
        if !(now || t >= next)
            || self
                .next_report
                .compare_exchange(next, t + THROTTLE_US, Ordering::Relaxed, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        // Told under the lock, so that events keep their order.
        if let Some(phase) = lock(&self.phase).as_mut() {
            phase.told = self
                .done
                .load(Ordering::Relaxed)
                .clamp(phase.told, phase.total.max(phase.told));
            sink(Progress {
                phase: phase.name,
                done: phase.told,
                total: phase.total,
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

    /// All warnings so far; they are handed over.
    #[must_use]
    pub fn take_warnings(&self) -> Vec<Warning> {
        std::mem::take(&mut *lock(&self.warnings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn phases_follow_one_another_and_end_complete() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&told);
        let job = Job::new(
            Threads::one(),
            Arc::default(),
            Some(Box::new(move |p: Progress| {
                lock(&sink).push((p.phase, p.done, p.total))
            })),
        );
        job.begin("tape", 10);
        job.advance(4);
        job.begin("features", 3);
        job.end();
        job.end();
        let told = lock(&told).clone();
        assert_eq!(
            told,
            [
                ("tape", 0, 10),
                ("tape", 10, 10),
                ("features", 0, 3),
                ("features", 3, 3)
            ]
        );
    }

    #[test]
    fn a_cancelled_job_says_so() {
        let flag = Arc::new(AtomicBool::new(false));
        let job = Job::new(Threads::one(), Arc::clone(&flag), None);
        assert!(job.check().is_ok());
        flag.store(true, Ordering::Relaxed);
        assert_eq!(job.check().unwrap_err().code, Code::Cancelled);
    }
}
