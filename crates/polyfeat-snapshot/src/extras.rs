//! What rules of visibility need to know of prints beside time, price and size.

use std::ops::Range;

use crate::packed::{Places, Stamps};

/// Columns beside those of the prints; empty where no rule needs them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Extras {
    /// When each became known, in the common unit; `NULL_TS`: never.
    pub availability: Vec<i64>,
    /// Place within a stamp; `i64::MIN` is null.
    pub sequence: Vec<i64>,
    /// Code of the transaction among those of the trades; `u32::MAX` is none of them.
    pub own: Vec<u32>,
}

/// The same in less room.
#[derive(Default)]
pub struct PackedExtras {
    availability: Option<Stamps>,
    sequence: Option<Stamps>,
    own: Option<Vec<u32>>,
}

impl Extras {
    /// Packs the rows that stay, and leaves nothing.
    pub fn take(&mut self, to: Places<'_>) -> PackedExtras {
        let stamps = |column: &[i64]| (!column.is_empty()).then(|| Stamps::pack(column, to));
        let packed = PackedExtras {
            availability: stamps(&self.availability),
            sequence: stamps(&self.sequence),
            own: (!self.own.is_empty()).then(|| to.codes32(self.own.iter().copied())),
        };
        self.clear();
        packed
    }

    /// Leaves nothing.
    pub fn clear(&mut self) {
        self.availability.clear();
        self.sequence.clear();
        self.own.clear();
    }

    /// Room for `rows` rows of the columns that `like` has.
    pub fn resize(&mut self, rows: usize, like: &PackedExtras) {
        let of = |has: bool| if has { rows } else { 0 };
        self.availability.resize(of(like.availability.is_some()), 0);
        self.sequence.resize(of(like.sequence.is_some()), 0);
        self.own.resize(of(like.own.is_some()), 0);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.availability.is_empty() && self.sequence.is_empty() && self.own.is_empty()
    }

    /// Puts the rows `range` into another order: `order[i]` is the row, within the range, that comes `i`-th.
    pub fn permute(&mut self, range: Range<usize>, order: &[u32]) {
        fn by<T: Copy>(column: &mut [T], range: Range<usize>, order: &[u32]) {
            if let Some(rows) = column.get_mut(range) {
                let sorted: Vec<T> = order.iter().map(|&i| rows[i as usize]).collect();
                rows.copy_from_slice(&sorted);
            }
        }
        by(&mut self.availability, range.clone(), order);
        by(&mut self.sequence, range.clone(), order);
        by(&mut self.own, range, order);
    }

    /// The columns of a range of rows; those that are not there stay empty.
    #[must_use]
    pub fn slices(&self, range: Range<usize>) -> (&[i64], &[i64], &[u32]) {
        (
            self.availability.get(range.clone()).unwrap_or_default(),
            self.sequence.get(range.clone()).unwrap_or_default(),
            self.own.get(range).unwrap_or_default(),
        )
    }
}

impl PackedExtras {
    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let stamps = |column: &Option<Stamps>| column.as_ref().map_or(0, Stamps::bytes);
        stamps(&self.availability) + stamps(&self.sequence) + self.own.as_ref().map_or(0, |own| own.len() * 4)
    }

    /// Copies the rows `range` to `places[i]` of the columns.
    pub fn copy_to(&self, range: Range<usize>, places: &[u32], to: &mut Extras) {
        if let Some(column) = &self.availability {
            column.copy_to(range.clone(), places, &mut to.availability);
        }
        if let Some(column) = &self.sequence {
            column.copy_to(range.clone(), places, &mut to.sequence);
        }
        if let Some(column) = &self.own {
            let rows = column[range].iter().zip(places);
            rows.for_each(|(&v, &place)| to.own[place as usize] = v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_in_place() {
        let mut extras = Extras {
            availability: vec![5, i64::MIN, 7],
            sequence: Vec::new(),
            own: vec![1, u32::MAX, 3],
        };
        let places = [1, 2, 0];
        let packed = extras.take(Places {
            places: &places,
            len: 2,
        });
        assert!(extras.is_empty());
        let mut out = Extras::default();
        out.resize(2, &packed);
        packed.copy_to(0..2, &[1, 0], &mut out);
        assert_eq!(out.slices(0..2), (&[5, 7][..], &[][..], &[1, 3][..]));
        out.permute(0..2, &[1, 0]);
        assert_eq!((out.availability, out.own), (vec![7, 5], vec![3, 1]));
        assert_eq!(packed.bytes(), 2 * 4 + 2 * 4);
    }
}
