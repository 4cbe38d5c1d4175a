//! The threads of one run.

use crate::error::{Code, Error, Result};

/// A pool of `threads` threads; 0: one per core.
///
/// # Errors
/// `INVALID_OPTION` when the system does not give so many.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("polyfeat-{i}"))
        .build()
        .map_err(|e| {
            Error::new(
                Code::InvalidOption,
                format!("cannot start {threads} threads: {e}; ask for fewer"),
            )
        })
}
