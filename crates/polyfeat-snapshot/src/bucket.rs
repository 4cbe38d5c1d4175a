//! Prints of a bucket, brought together from the runs of a pass.

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
    next: Vec<u32>,
    places: Vec<u32>,
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
        }
        for t in 0..n_tokens {
            let range = out.offsets[t]..out.offsets[t + 1];
            sort_by_time(
                &mut out.ts[range.clone()],
                &mut out.price[range.clone()],
                &mut out.size[range],
            );
        }
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
    fn sorting_is_stable() {
        let (mut ts, mut price, mut size) = ([5, 3, 5, 3], [1.0, 2.0, 3.0, 4.0], [1.5, 2.5, 3.5, 4.5]);
        sort_by_time(&mut ts, &mut price, &mut size);
        assert_eq!(
            (ts, price, size),
            ([3, 3, 5, 5], [2.0, 4.0, 1.0, 3.0], [2.5, 4.5, 1.5, 3.5])
        );
    }
}
