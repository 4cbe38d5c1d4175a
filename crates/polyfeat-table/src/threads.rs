//! The threads of a call: none but the caller's for little work, else one bounded pool that calls share.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Code, Error, Result};

/// Up to so many rows a second thread costs more than it brings.
const ALONE_ROWS: usize = 1 << 14;

/// The most threads that can be asked for.
const MOST: usize = 1024;

/// The pool of the last size asked for. Starting threads costs more than many a call, and calls at the same
/// time (of several worker threads) share their number instead of adding to it.
static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);

/// How a call works in parallel.
#[derive(Clone)]
pub struct Threads {
    pool: Option<Arc<ThreadPool>>,
}

impl Threads {
    /// The caller's thread alone.
    #[must_use]
    pub fn one() -> Self {
        Threads { pool: None }
    }

    /// `wanted` threads; `None`: one per core, or the caller's alone when there are few rows.
    ///
    /// # Errors
    /// `INVALID_OPTION` for 0 or more than 1024 threads, or when the system does not give so many.
    pub fn new(wanted: Option<usize>, rows: usize) -> Result<Self> {
        let count = match wanted {
            Some(n) if n == 0 || n > MOST => {
                return Err(Error::new(
                    Code::InvalidOption,
                    format!("threads is {n}; expected 1 to {MOST}"),
                ));
            }
            Some(n) => n,
            None if rows <= ALONE_ROWS => 1,
            None => std::thread::available_parallelism().map_or(1, usize::from),
        };
        if count == 1 {
            return Ok(Self::one());
        }
        let mut last = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = last.as_ref().filter(|p| p.current_num_threads() == count) {
            return Ok(Threads {
                pool: Some(Arc::clone(pool)),
            });
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(count)
            .thread_name(|i| format!("polyfeat-{i}"))
            .build()
            .map_err(|e| {
                Error::new(
                    Code::InvalidOption,
                    format!("cannot start {count} threads: {e}; ask for fewer"),
                )
            })?;
        let pool = Arc::new(pool);
        *last = Some(Arc::clone(&pool));
        Ok(Threads { pool: Some(pool) })
    }

    /// How many work at once.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pool.as_ref().map_or(1, |p| p.current_num_threads())
    }

    /// `work` on every item; results in the order of the items. Of several errors the first item's is given.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn map<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        work: impl Fn(T) -> Result<R> + Send + Sync,
    ) -> Result<Vec<R>> {
        match &self.pool {
            Some(pool) if items.len() > 1 => {
                let done: Vec<Result<R>> = pool.install(|| items.into_par_iter().map(work).collect());
                done.into_iter().collect()
            }
            _ => items.into_iter().map(work).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_the_first_error_wins() {
        for threads in [Threads::one(), Threads::new(Some(3), 0).unwrap()] {
            let squares = threads.map((0..100_u64).collect(), |i| Ok(i * i)).unwrap();
            assert!(squares.iter().enumerate().all(|(i, &s)| s == (i * i) as u64));
            let failed = threads.map((0..100_usize).collect(), |i| {
                if i % 7 == 6 {
                    Err(Error::internal("odd").at_row(i))
                } else {
                    Ok(())
                }
            });
            assert_eq!(failed.unwrap_err().row, Some(6));
        }
    }

    #[test]
    fn the_number_of_threads_is_checked() {
        assert_eq!(Threads::new(Some(0), 9).err().unwrap().code, Code::InvalidOption);
        assert_eq!(
            Threads::new(Some(4096), 9).err().unwrap().code,
            Code::InvalidOption
        );
        assert_eq!(Threads::new(None, 9).unwrap().count(), 1);
        assert_eq!(Threads::new(Some(2), 9).unwrap().count(), 2);
    }
}
