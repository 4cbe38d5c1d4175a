//! The trades in (token, ts) order.

use polyfeat::{Groups, group_by_code, sort_rows_by_time};
use rayon::prelude::*;

use crate::error::Result;
use crate::job::Job;

/// Tokens whose rows are sorted together as one piece of parallel work.
const TOKENS_AT_A_TIME: usize = 256;

/// The trades in (token, ts) order, and where each token's rows are.
pub struct TokenOrder {
    /// File rows by (token, ts), stable, nulls last in both.
    pub rows: Vec<u32>,
    /// `tokens + 1` offsets into `rows`; null tokens come after the last.
    pub offsets: Vec<usize>,
}

impl TokenOrder {
    /// Sorts the trades by token code (a rank by UTF-8 bytes) and time.
    ///
    /// # Errors
    /// `CANCELLED`.
    pub fn new(job: &Job, token: &[u32], tokens: usize, ts: &[i64]) -> Result<Self> {
        let Groups {
            mut offsets,
            mut rows,
        } = group_by_code(token, tokens);
        let mut pieces: Vec<(&mut [u32], &[usize])> = Vec::new();
        let (mut rest, mut first) = (&mut rows[..], 0);
        for group in (0..=tokens).step_by(TOKENS_AT_A_TIME) {
            let bounds = &offsets[group..=(group + TOKENS_AT_A_TIME).min(tokens + 1)];
            let end = bounds[bounds.len() - 1];
            pieces.push((rest.split_off_mut(..end - first).unwrap_or_default(), bounds));
            first = end;
        }
        pieces.into_par_iter().try_for_each(|(rows, bounds)| {
            job.check()?;
            for pair in bounds.windows(2) {
                sort_rows_by_time(&mut rows[pair[0] - bounds[0]..pair[1] - bounds[0]], ts);
            }
            Ok(())
        })?;
        offsets.pop(); // the end of the null tokens
        Ok(TokenOrder { rows, offsets })
    }

    /// Whether it is the order of the file.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.rows.iter().enumerate().all(|(i, &row)| i == row as usize)
    }

    /// The position of each file row.
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
        let tokens = 700;
        let token: Vec<u32> = (0..5000_u32)
            .map(|i| if i % 97 == 0 { u32::MAX } else { i * 31 % 700 })
            .collect();
        let ts: Vec<i64> = (0..5000_i64)
            .map(|i| if i % 89 == 0 { NULL_TS } else { i * 7919 % 50 })
            .collect();
        let order = TokenOrder::new(&Job::default(), &token, tokens, &ts).unwrap();
        assert_eq!(order.rows, token_order(&token, tokens, &ts));
        assert_eq!(order.offsets.len(), tokens + 1);
        assert!(!order.is_identity());
        let positions = order.positions();
        assert!(
            order
                .rows
                .iter()
                .enumerate()
                .all(|(i, &row)| positions[row as usize] as usize == i)
        );
    }
}
