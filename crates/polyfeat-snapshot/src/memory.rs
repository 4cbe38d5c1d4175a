//! What a run may take of the machine's memory, and what its phases need of it.

use crate::error::{Code, Error, Result};
use crate::table::Table;

/// What the process takes whatever the run: Node, the code, thread stacks, buffers of files.
const PROCESS: u64 = 112 << 20;

/// Bytes per trade that are held while the tape is swept: time, token, market, leg, size, row order.
const KEY_BYTES: u64 = 8 + 4 + 4 + 1 + 8 + 4;
/// Bytes per print: token, time, price, size, once by bucket and for a moment once more by token.
pub const PRINT_BYTES: u64 = 4 + 8 + 8 + 8;

/// A run's share of the memory.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Bytes of the whole process.
    pub budget: u64,
}

impl Memory {
    /// Bytes for the prints of one pass over the tape; the whole tape, when it fits.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY` with the needed minimum, before any data is read.
    pub fn for_tape(self, trades: &Table, tape_columns: u64, threads: u64) -> Result<u64> {
        let held = PROCESS + trades.rows * (KEY_BYTES + 8 * tape_columns) + scratch(threads);
        // Whoever is told a minimum has to get to the end with it, so what comes later counts too.
        let later = PROCESS + Memory::held_while_writing(trades.rows, tape_columns) + MIN_COLUMN;
        self.check((held + MIN_PASS).max(later))?;
        Ok(self.budget - held)
    }

    /// Bytes that stay while columns are written: time, leg, shares and both row orders, and the features.
    /// (Features are written first and go as they are.)
    #[must_use]
    pub fn held_while_writing(rows: u64, tape_columns: u64) -> u64 {
        rows * (8 + 1 + 8 + 4 + 4 + 8 * tape_columns)
    }

    /// Bytes for decoded columns while `held` bytes of keys and features stay.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY` with the needed minimum.
    pub fn for_columns(self, held: u64) -> Result<u64> {
        self.check(PROCESS + held + MIN_COLUMN)?;
        Ok(self.budget - PROCESS - held)
    }

    fn check(self, minimum: u64) -> Result<()> {
        if self.budget >= minimum {
            return Ok(());
        }
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        Err(Error::new(
            Code::OutOfMemory,
            format!(
                "--memory {}M is too little for this snapshot: it needs {}M at least; give more memory",
                self.budget >> 20,
                mib(minimum)
            ),
        ))
    }
}

/// Below this a pass over the tape is not worth its reading.
const MIN_PASS: u64 = 48 << 20;
/// Batches, pages and a dictionary of one column.
const MIN_COLUMN: u64 = 96 << 20;

/// What the threads that read the tape hold besides: one task's prints twice, before and after its sort.
fn scratch(threads: u64) -> u64 {
    threads * (TASK_ROWS as u64) * PRINT_BYTES * 2
}

/// Rows of the tape that a thread takes at a time: enough that a bucket's run is worth its bookkeeping,
/// few enough to stay near the cache.
pub const TASK_ROWS: usize = 1 << 19;
