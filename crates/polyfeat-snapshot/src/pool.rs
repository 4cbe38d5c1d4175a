//! The threads of one run.

use crate::error::{Code, Error, Result};

/// A pool of `threads` threads; 0: one per core.
///
/// # Errors
/// `INVALID_OPTION` when the system does not give so many.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("polyfeat-{i}"));
    #[cfg(feature = "mutants")]
    let builder = {
        use polyfeat::visibility::mutants::{turn_off, turned_off};
        let off = turned_off();
        builder.start_handler(move |_| turn_off(off))
    };
    builder.build().map_err(|e| {
        Error::new(
            Code::InvalidOption,
            format!("cannot start {threads} threads: {e}; ask for fewer"),
        )
    })
}
