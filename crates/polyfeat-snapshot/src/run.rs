//! A piece of the tape while it is kept: its prints, sorted by bucket.

use std::ops::Range;

use crate::extras::{Extras, PackedExtras};
use crate::packed::{Doubles, Places, Stamps};

/// Which bucket a token belongs to and which of its tokens it is, in one number. A bucket has at most
/// [`BUCKET_TOKENS`] tokens.
pub type Slot = u32;

/// Tokens of one bucket at most, so that two bytes say which one.
pub const BUCKET_TOKENS: u32 = 1 << 16;

/// The slot of the token that is `token`-th in `bucket`.
#[must_use]
pub fn slot(bucket: usize, token: u32) -> Slot {
    bucket as u32 * BUCKET_TOKENS + token
}

/// The bucket of a slot.
#[must_use]
pub fn bucket_of(slot: Slot) -> usize {
    (slot / BUCKET_TOKENS) as usize
}

/// Prints as they are read, in file order. Its memory is used again for the next piece.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Prints {
    /// Of another bucket: the print is not kept.
    pub slot: Vec<Slot>,
    pub ts: Vec<i64>,
    pub price: Vec<f64>,
    pub size: Vec<f64>,
    pub extras: Extras,
    places: Vec<u32>,
}

/// Prints sorted by bucket, in file order within one.
pub struct Run {
    /// One more than buckets.
    offsets: Vec<u32>,
    /// Which of its bucket's tokens.
    token: Vec<u16>,
    ts: Stamps,
    price: Doubles,
    size: Doubles,
    extras: PackedExtras,
}

impl Prints {
    /// The prints of `buckets` as a run, by a stable counting sort; `None` when there are none. Leaves nothing.
    pub fn take_run(&mut self, buckets: &Range<usize>) -> Option<Run> {
        // What is not kept goes to a bucket of its own, the last.
        let bucket = |slot: Slot| bucket_of(slot).wrapping_sub(buckets.start).min(buckets.len());
        let mut next = vec![0_u32; buckets.len() + 2];
        for &slot in &self.slot {
            next[bucket(slot) + 1] += 1;
        }
        for b in 0..buckets.len() {
            next[b + 1] += next[b];
        }
        let offsets = next[..=buckets.len()].to_vec();
        let kept = offsets[buckets.len()];
        self.places.clear();
        self.places.extend(self.slot.iter().map(|&slot| {
            let next = &mut next[bucket(slot)];
            let place = *next;
            *next += 1;
            place.min(kept)
        }));
        let to = Places {
            places: &self.places,
            len: kept as usize,
        };
        let run = (kept > 0).then(|| Run {
            token: to.codes(self.slot.iter().map(|slot| (slot % BUCKET_TOKENS) as u16)),
            ts: Stamps::pack(&self.ts, to),
            price: Doubles::pack(&self.price, to),
            size: Doubles::pack(&self.size, to),
            extras: self.extras.take(to),
            offsets,
        });
        self.clear();
        run
    }

    /// Leaves nothing.
    pub fn clear(&mut self) {
        self.slot.clear();
        self.ts.clear();
        self.price.clear();
        self.size.clear();
        self.extras.clear();
    }
}

/// The prints of one bucket in one run.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    run: &'a Run,
    start: usize,
    end: usize,
}

impl Run {
    /// The prints of the `b`-th bucket.
    #[must_use]
    pub fn piece(&self, b: usize) -> Piece<'_> {
        Piece {
            run: self,
            start: self.offsets[b] as usize,
            end: self.offsets[b + 1] as usize,
        }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Run>()
            + self.offsets.len() * 4
            + self.token.len() * 2
            + self.ts.bytes()
            + self.price.bytes()
            + self.size.bytes()
            + self.extras.bytes()
    }
}

impl<'a> Piece<'a> {
    /// Which of the bucket's tokens, by print.
    #[must_use]
    pub fn tokens(self) -> &'a [u16] {
        &self.run.token[self.start..self.end]
    }

    /// What is kept beside the prints.
    #[must_use]
    pub fn extras(self) -> &'a PackedExtras {
        &self.run.extras
    }

    /// Copies what is beside the prints to `places[i]` of the columns.
    pub fn copy_extras_to(self, places: &[u32], extras: &mut Extras) {
        self.run.extras.copy_to(self.start..self.end, places, extras);
    }

    /// Copies the prints to `places[i]` of the columns.
    pub fn copy_to(self, places: &[u32], ts: &mut [i64], price: &mut [f64], size: &mut [f64]) {
        let (run, range) = (self.run, self.start..self.end);
        run.ts.copy_to(range.clone(), places, ts);
        run.price.copy_to(range.clone(), places, price);
        run.size.copy_to(range, places, size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_are_sorted_by_bucket_in_file_order_and_others_are_left_out() {
        let mut prints = Prints {
            slot: vec![
                slot(2, 7),
                slot(1, 3),
                slot(5, 0),
                slot(2, 1),
                Slot::MAX,
                slot(1, 3),
            ],
            ts: vec![10, 11, 12, 13, 14, 15],
            price: vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5],
            size: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            extras: Extras::default(),
            places: Vec::new(),
        };
        let run = prints.take_run(&(1..4)).unwrap();
        assert!(prints.slot.is_empty() && prints.ts.is_empty());
        assert_eq!(run.piece(0).tokens(), [3, 3]);
        assert_eq!(run.piece(1).tokens(), [7, 1]);
        assert!(run.piece(2).tokens().is_empty());
        let (mut ts, mut price, mut size) = ([0; 2], [0.0; 2], [0.0; 2]);
        run.piece(1).copy_to(&[1, 0], &mut ts, &mut price, &mut size);
        assert_eq!((ts, price, size), ([13, 10], [0.3, 0.0], [4.0, 1.0]));
        assert!(prints.take_run(&(1..4)).is_none());
    }
}
