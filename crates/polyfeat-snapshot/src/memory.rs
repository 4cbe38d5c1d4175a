//! What a run may take of the machine's memory, and what its phases need of it.

use crate::error::{Code, Error, Result};
use crate::keys::BATCH_ROWS;
use crate::tape_plan::RUN_ROWS;

/// What the process takes whatever the run: Node, the code, thread stacks, buffers of files.
const PROCESS: u64 = 112 << 20;

/// Bytes per trade while keys are read, ordered and summed into complete sets: time, token, market, leg, size,
/// row order, bucket, rows by market, shares.
const KEY_BYTES: u64 = 8 + 4 + 4 + 1 + 8 + 4 + 8 + 4 + 8;
/// Bytes per trade that stay after that: time, leg, row order, shares.
const HELD_BYTES: u64 = 8 + 1 + 4 + 8;
/// Bytes per print at most: token within its bucket, time, price, size.
pub const PRINT_BYTES: u64 = 2 + 8 + 8 + 8;
/// Bytes per print of most tapes: times close together, prices and sizes of few decimals.
pub const LIKELY_PRINT_BYTES: u64 = 2 + 4 + 4 + 4;
/// Bytes per print of a bucket while it is swept: time, price, size.
pub const GATHERED_BYTES: u64 = 8 + 8 + 8;

/// What a run has to hold.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Rows of trades.
    pub trades: u64,
    /// Rows of the tape.
    pub prints: u64,
    /// Feature columns that sweeps make.
    pub swept: u64,
    /// Bytes that one row group of the largest column takes while it is re-ordered and encoded.
    pub largest: u64,
}

impl Load {
    fn swept_bytes(self) -> u64 {
        self.trades * 8 * self.swept
    }

    fn min_column(self) -> u64 {
        MIN_COLUMN.max(self.largest)
    }

    /// Bytes that stay while columns are written: what is held anyway, the positions of rows, and the features
    /// (those in a temp file come back one by one, at most as many as threads are at them).
    fn held_while_writing(self, spilled: bool) -> u64 {
        let swept = if spilled { self.swept.min(2) } else { self.swept };
        self.trades * (HELD_BYTES + 4 + 8 * swept)
    }
}

/// How a tape is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapePlan {
    /// Bytes for the prints of one pass.
    pub bytes: u64,
    /// Whether features go to a temp file after each pass.
    pub spill: bool,
}

/// A run's share of the memory.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Bytes of the whole process.
    pub budget: u64,
}

impl Memory {
    /// How the tape is read: all at once where that fits, else in passes.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY` with the needed minimum, before any data is read.
    pub fn for_tape(self, load: Load, threads: u64) -> Result<TapePlan> {
        let base = PROCESS + load.trades * HELD_BYTES + scratch(threads);
        // Whoever is told a minimum has to get to the end with it, so every phase counts.
        let keys = PROCESS + load.trades * KEY_BYTES;
        let writing = PROCESS + load.held_while_writing(true) + load.min_column();
        self.check((base + MIN_PASS).max(keys).max(writing))?;
        let free = self.budget - base;
        let (swept, tape) = (load.swept_bytes(), load.prints * LIKELY_PRINT_BYTES * 9 / 8);
        let beside = free.saturating_sub(swept);
        let writing = PROCESS + load.held_while_writing(false) + load.min_column();
        let passes_beside = if beside < MIN_PASS || writing > self.budget {
            u64::MAX
        } else {
            tape.div_ceil(beside)
        };
        // Features that go to a temp file pass by pass leave their room to the prints.
        let passes_spilled = (tape + swept).div_ceil(free);
        Ok(if passes_beside <= passes_spilled.saturating_add(1) {
            TapePlan {
                bytes: beside,
                spill: false,
            }
        } else {
            TapePlan {
                bytes: (free / (tape + swept).max(1).div_ceil(tape.max(1))).max(MIN_PASS),
                spill: true,
            }
        })
    }

    /// Bytes for decoded columns beside what stays.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY` with the needed minimum.
    pub fn for_columns(self, load: Load, spilled: bool) -> Result<u64> {
        let held = PROCESS + load.held_while_writing(spilled);
        self.check(held + load.min_column())?;
        Ok(self.budget - held)
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

/// What the threads that read the tape hold besides: the rows of one run before they are sorted, their places
/// and codes, and what is decoded.
fn scratch(threads: u64) -> u64 {
    threads * (8 << 20) + threads * ((RUN_ROWS + BATCH_ROWS) as u64) * (4 + 8 + 8 + 8 + 4 + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: Load = Load {
        trades: 10_000_000,
        prints: 100_000_000,
        swept: 7,
        largest: 180 << 20,
    };

    #[test]
    fn much_memory_means_one_pass_and_no_temp_file() {
        let plan = Memory { budget: 8 << 30 }.for_tape(LARGE, 2).unwrap();
        assert!(!plan.spill && plan.bytes > LARGE.prints * PRINT_BYTES);
    }

    #[test]
    fn a_gigabyte_holds_ten_million_trades_with_features_on_disk() {
        let memory = Memory { budget: 1 << 30 };
        let plan = memory.for_tape(LARGE, 2).unwrap();
        assert!(
            plan.spill && LARGE.prints * PRINT_BYTES / plan.bytes < 10,
            "{plan:?}"
        );
        assert!(memory.for_columns(LARGE, true).unwrap() > 512 << 20);
    }

    #[test]
    fn what_is_named_as_the_minimum_is_enough() {
        let refused = Memory { budget: 1 }.for_tape(LARGE, 2).unwrap_err();
        assert_eq!(refused.code, Code::OutOfMemory);
        let needed: u64 = refused
            .message
            .split("needs ")
            .nth(1)
            .unwrap()
            .split('M')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let memory = Memory { budget: needed << 20 };
        let plan = memory.for_tape(LARGE, 2).unwrap();
        memory.for_columns(LARGE, plan.spill).unwrap();
    }
}
