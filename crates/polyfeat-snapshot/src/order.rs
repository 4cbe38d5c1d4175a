//! Rows in (token, ts) order, sorted in parallel.

use polyfeat::TokenOrder;
use rayon::prelude::*;

use crate::error::Result;
use crate::job::Job;

/// Sorts rows by `codes` below `n_codes` (ranks by UTF-8 bytes) and by time.
///
/// # Errors
/// `CANCELLED`.
pub fn sorted_order(job: &Job, codes: &[u32], n_codes: usize, ts: &[i64]) -> Result<TokenOrder> {
    TokenOrder::by(
        codes,
        n_codes,
        || job.check(),
        |pieces| {
            pieces.into_par_iter().try_for_each(|piece| {
                job.check()?;
                piece.sort(ts);
                Ok(())
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use polyfeat::NULL_TS;

    #[test]
    fn it_is_the_kernels_order() {
        let tokens = 700;
        let token: Vec<u32> = (0..5000_u32)
            .map(|i| if i % 97 == 0 { u32::MAX } else { i * 31 % 700 })
            .collect();
        let ts: Vec<i64> = (0..5000_i64)
            .map(|i| if i % 89 == 0 { NULL_TS } else { i * 7919 % 50 })
            .collect();
        let order = sorted_order(&Job::default(), &token, tokens, &ts).unwrap();
        assert_eq!(order.rows, polyfeat::token_order(&token, tokens, &ts));
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
