//! Rows in (token, ts) order.

use polyfeat::{Groups, group_by_code, sort_rows_by_time};

use crate::error::Result;
use crate::job::Job;

/// Groups whose rows are sorted together as one piece of parallel work.
const GROUPS_AT_A_TIME: usize = 256;

/// Rows by (code, time), and where each code's rows are.
pub struct TokenOrder {
    /// Row indices by (code, ts), stable, nulls last in both.
    pub rows: Vec<u32>,
    /// `codes + 1` offsets into `rows`; null codes come after the last.
    pub offsets: Vec<usize>,
}

impl TokenOrder {
    /// Sorts rows by `codes` below `n_codes` and by time.
    ///
    /// # Errors
    /// `CANCELLED`.
    pub fn new(job: &Job, codes: &[u32], n_codes: usize, ts: &[i64]) -> Result<Self> {
        let Groups {
            mut offsets,
            mut rows,
        } = group_by_code(codes, n_codes);
        let mut pieces: Vec<(&mut [u32], &[usize])> = Vec::new();
        let (mut rest, mut first) = (&mut rows[..], 0);
        for group in (0..=n_codes).step_by(GROUPS_AT_A_TIME) {
            let bounds = &offsets[group..=(group + GROUPS_AT_A_TIME).min(n_codes + 1)];
            let end = bounds[bounds.len() - 1];
            pieces.push((rest.split_off_mut(..end - first).unwrap_or_default(), bounds));
            first = end;
        }
        job.threads.map(pieces, |(rows, bounds)| {
            job.check()?;
            for pair in bounds.windows(2) {
                sort_rows_by_time(&mut rows[pair[0] - bounds[0]..pair[1] - bounds[0]], ts);
            }
            Ok(())
        })?;
        offsets.pop(); // the end of the null codes
        Ok(TokenOrder { rows, offsets })
    }

    /// Whether it is the order that the rows came in.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.rows.iter().enumerate().all(|(i, &row)| i == row as usize)
    }

    /// The position of each row.
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        let mut position = vec![0; self.rows.len()];
        for (i, &row) in self.rows.iter().enumerate() {
            position[row as usize] = i as u32;
        }
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polyfeat::{NULL_TS, token_order};

    #[test]
    fn it_is_the_kernels_order() {
        let codes: Vec<u32> = (0..5000_u32)
            .map(|i| if i % 97 == 0 { u32::MAX } else { i * 31 % 700 })
            .collect();
        let ts: Vec<i64> = (0..5000_i64)
            .map(|i| if i % 89 == 0 { NULL_TS } else { i * 7919 % 50 })
            .collect();
        let order = TokenOrder::new(&Job::default(), &codes, 700, &ts).unwrap();
        assert_eq!(order.rows, token_order(&codes, 700, &ts));
        assert_eq!(order.offsets.len(), 701);
        let positions = order.positions();
        assert!((0..5000).all(|i| positions[order.rows[i] as usize] as usize == i));
    }
}
