//! Prints of a bucket, brought together from the runs of a pass.

use std::ops::Range;

use polyfeat::{PrintColumns, Prints};

use crate::extras::Extras;
use crate::run::Piece;
use crate::tape::Pass;

/// Prints of one bucket, contiguous by token.
#[derive(Default)]
pub struct BucketPrints {
    /// Offsets of the bucket's tokens, one more than tokens.
    pub offsets: Vec<usize>,
    /// Stamps in the common unit, ascending within a token.
    pub ts: Vec<i64>,
    /// Prices; NaN is missing.
    pub price: Vec<f64>,
    /// Sizes; NaN is missing.
    pub size: Vec<f64>,
    /// What rules of visibility look at; under a sequence equal stamps ascend by it, nulls last.
    pub extras: Extras,
    next: Vec<u32>,
    places: Vec<u32>,
}

impl BucketPrints {
    /// Some of the prints, as the kernels take them.
    #[must_use]
    pub fn columns(&self, range: Range<usize>) -> PrintColumns<'_> {
        let (availability, sequence, own) = self.extras.slices(range.clone());
        PrintColumns {
            prints: Prints {
                ts: &self.ts[range.clone()],
                price: &self.price[range.clone()],
                size: &self.size[range],
            },
            availability,
            sequence,
            own,
        }
    }
}

impl Pass<'_> {
    /// Gathers bucket `b` into `out` (its memory is used again): prints by token, ascending by time, equal
    /// stamps in file order.
    pub fn bucket(&self, b: usize, out: &mut BucketPrints) {
        let tokens = &self.tape.buckets[b];
        let n_tokens = (tokens.end - tokens.start) as usize;
        let b = b - self.first;
        let pieces: Vec<Piece<'_>> = self.runs.iter().map(|run| run.piece(b)).collect();

        out.offsets.clear();
        out.offsets.resize(n_tokens + 1, 0);
        for &token in pieces.iter().flat_map(|piece| piece.tokens()) {
            out.offsets[usize::from(token) + 1] += 1;
        }
        for t in 0..n_tokens {
            out.offsets[t + 1] += out.offsets[t];
        }
        let total = out.offsets[n_tokens];
        out.ts.resize(total, 0);
        out.price.resize(total, 0.0);
        out.size.resize(total, 0.0);
        if let Some(piece) = pieces.first() {
            out.extras.resize(total, piece.extras());
        }
        out.next.clear();
        // Fewer than 2^32: they are rows of files, which are counted so.
        out.next.extend(out.offsets.iter().map(|&offset| offset as u32));
        for piece in pieces {
            out.places.clear();
            out.places.extend(piece.tokens().iter().map(|&token| {
                let next = &mut out.next[usize::from(token)];
                let place = *next;
                *next += 1;
                place
            }));
            piece.copy_to(&out.places, &mut out.ts, &mut out.price, &mut out.size);
            piece.copy_extras_to(&out.places, &mut out.extras);
        }
        for t in 0..n_tokens {
            let range = out.offsets[t]..out.offsets[t + 1];
            if !out.extras.is_empty() {
                out.sort(range);
                continue;
            }
            sort_by_time(
                &mut out.ts[range.clone()],
                &mut out.price[range.clone()],
                &mut out.size[range],
            );
        }
    }
}

impl BucketPrints {
    /// Stable sort of one token's prints with all that is beside them.
    fn sort(&mut self, range: Range<usize>) {
        let (ts, (_, sequence, _)) = (&self.ts[range.clone()], self.extras.slices(range.clone()));
        // Null, the least number, comes last.
        let place = |i: usize| {
            sequence
                .get(i)
                .map_or(0, |&place| place.wrapping_sub(i64::MIN + 1).cast_unsigned())
        };
        let key = |i: usize| (ts[i], place(i));
        if (0..ts.len()).is_sorted_by_key(key) {
            return;
        }
        let mut order: Vec<u32> = (0..ts.len() as u32).collect();
        order.sort_by_key(|&i| key(i as usize));
        let sorted: Vec<i64> = order.iter().map(|&i| ts[i as usize]).collect();
        self.ts[range.clone()].copy_from_slice(&sorted);
        for column in [&mut self.price, &mut self.size] {
            let rows = &mut column[range.clone()];
            let sorted: Vec<f64> = order.iter().map(|&i| rows[i as usize]).collect();
            rows.copy_from_slice(&sorted);
        }
        self.extras.permute(range, &order);
    }
}

/// Stable sort of one token's prints; a tape in time order is only looked at.
fn sort_by_time(ts: &mut [i64], price: &mut [f64], size: &mut [f64]) {
    if ts.is_sorted() {
        return;
    }
    let mut rows: Vec<(i64, f64, f64)> = ts
        .iter()
        .zip(price.iter())
        .zip(size.iter())
        .map(|((&t, &p), &s)| (t, p, s))
        .collect();
    rows.sort_by_key(|&(t, _, _)| t);
    for (((t, p), s), row) in ts.iter_mut().zip(price).zip(size).zip(rows) {
        (*t, *p, *s) = row;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_orders_equal_stamps_nulls_last_and_all_columns_follow() {
        let mut prints = BucketPrints {
            ts: vec![7, 5, 5, 5, 5, 3],
            price: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            size: vec![0.5, 1.5, 2.5, 3.5, 4.5, 5.5],
            extras: Extras {
                sequence: vec![0, i64::MIN, 4, -4, 4, 9],
                own: vec![10, 11, 12, 13, 14, 15],
                ..Extras::default()
            },
            ..BucketPrints::default()
        };
        prints.sort(0..5);
        assert_eq!(prints.ts, [5, 5, 5, 5, 7, 3]);
        assert_eq!(prints.price, [3.0, 2.0, 4.0, 1.0, 0.0, 5.0]);
        assert_eq!(prints.size, [3.5, 2.5, 4.5, 1.5, 0.5, 5.5]);
        assert_eq!(prints.extras.own, [13, 12, 14, 11, 10, 15]);
        assert_eq!(prints.extras.sequence, [-4, 4, 4, i64::MIN, 0, 9]);
    }

    #[test]
    fn sorting_is_stable() {
        let (mut ts, mut price, mut size) = ([5, 3, 5, 3], [1.0, 2.0, 3.0, 4.0], [1.5, 2.5, 3.5, 4.5]);
        sort_by_time(&mut ts, &mut price, &mut size);
        assert_eq!(
            (ts, price, size),
            ([3, 3, 5, 5], [2.0, 4.0, 1.0, 3.0], [2.5, 4.5, 1.5, 3.5])
        );
    }
}
