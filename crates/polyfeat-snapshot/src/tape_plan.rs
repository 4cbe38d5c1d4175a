//! How a tape is divided: tokens into buckets, row groups into tasks.

use std::ops::Range;

use crate::run::BUCKET_TOKENS;
use crate::table::Group;

/// Prints that a bucket should hold, about: 24 bytes each, so a few MB.
const BUCKET_PRINTS: u64 = 1 << 18;
const MAX_BUCKETS: u64 = 4096;

/// Rows of the tape that become one run: enough that a bucket's piece is worth its bookkeeping, few enough
/// that they are sorted in the cache.
pub const RUN_ROWS: usize = 1 << 17;

/// Ranges of token codes with about the same number of trades each: a token that the user trades much is
/// one that prints much. `offsets` are those of the tokens' trades.
pub fn plan_buckets(offsets: &[usize], tape_rows: u64) -> Vec<Range<u32>> {
    let wanted = (tape_rows / BUCKET_PRINTS).clamp(1, MAX_BUCKETS);
    let tokens = offsets.len() - 1;
    let trades = offsets[tokens] as u64;
    let share = trades.div_ceil(wanted).max(1);
    let (mut buckets, mut start, mut filled) = (Vec::new(), 0_u32, 0_u64);
    for code in 0..tokens {
        filled += (offsets[code + 1] - offsets[code]) as u64;
        if filled >= share || code as u32 + 1 - start == BUCKET_TOKENS {
            buckets.push(start..code as u32 + 1);
            start = code as u32 + 1;
            filled = 0;
        }
    }
    if (start as usize) < tokens {
        buckets.push(start..tokens as u32);
    }
    buckets
}

/// Rows of the tape that a thread takes at a time.
const TASK_ROWS: usize = 1 << 19;

/// Consecutive row groups of about [`TASK_ROWS`] rows.
pub fn tasks(groups: &[Group]) -> Vec<&[Group]> {
    let (mut out, mut start, mut rows) = (Vec::new(), 0, 0);
    for (i, group) in groups.iter().enumerate() {
        rows += group.rows;
        if rows >= TASK_ROWS {
            out.push(&groups[start..=i]);
            (start, rows) = (i + 1, 0);
        }
    }
    if start < groups.len() {
        out.push(&groups[start..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(rows: usize) -> Group {
        Group {
            part: 0,
            index: 0,
            first_row: 0,
            rows,
        }
    }

    #[test]
    fn small_row_groups_share_a_task_and_large_ones_have_their_own() {
        let groups: Vec<Group> = [1000; 300].into_iter().map(group).collect();
        assert_eq!(tasks(&groups).len(), 1);
        let groups: Vec<Group> = [TASK_ROWS, 5, TASK_ROWS, TASK_ROWS]
            .into_iter()
            .map(group)
            .collect();
        assert_eq!(
            tasks(&groups).iter().map(|t| t.len()).collect::<Vec<_>>(),
            [1, 2, 1]
        );
        assert!(tasks(&[]).is_empty());
    }
}
