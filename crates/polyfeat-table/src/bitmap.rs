//! Arrow bitmaps: one bit per row, least significant bit first.

use crate::bytes::Bytes;

/// Bits of a buffer from a bit offset on.
#[derive(Clone, Copy)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
    len: usize,
}

impl<'a> Bits<'a> {
    /// `len` bits of `bytes` from bit `offset` on; `None` when there are fewer.
    #[must_use]
    pub fn new(bytes: &'a Bytes<'_>, offset: usize, len: usize) -> Option<Self> {
        let bytes = bytes.as_slice();
        let end = offset.checked_add(len)?;
        (end.div_ceil(8) <= bytes.len()).then_some(Bits { bytes, offset, len })
    }

    /// Bit `i`; false past the end.
    #[inline]
    #[must_use]
    pub fn get(&self, i: usize) -> bool {
        let at = self.offset + i;
        self.bytes
            .get(at / 8)
            .is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// Whether every bit is set.
    #[must_use]
    pub fn all(&self) -> bool {
        let end = self.offset + self.len;
        let (first, last) = (self.offset.div_ceil(8), end / 8);
        if first >= last {
            return (0..self.len).all(|i| self.get(i));
        }
        let head = (0..first * 8 - self.offset).all(|i| self.get(i));
        let tail = (last * 8 - self.offset..self.len).all(|i| self.get(i));
        head && tail
            && self
                .bytes
                .get(first..last)
                .is_some_and(|bytes| bytes.iter().all(|&byte| byte == u8::MAX))
    }
}

/// A bitmap that a result carries, and how many of its bits are not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    /// ⌈rows / 8⌉ bytes; bits past the last row are zero.
    pub bytes: Vec<u8>,
    /// Bits of rows that are zero.
    pub zeros: usize,
}

impl Bitmap {
    /// One bit for each value: whether `is` holds.
    #[must_use]
    pub fn of<T>(values: &[T], is: impl Fn(&T) -> bool) -> Self {
        let mut zeros = values.len();
        let bytes = values
            .chunks(8)
            .map(|eight| {
                let byte = eight
                    .iter()
                    .enumerate()
                    .fold(0_u8, |byte, (i, value)| byte | u8::from(is(value)) << i);
                zeros -= byte.count_ones() as usize;
                byte
            })
            .collect();
        Bitmap { bytes, zeros }
    }

    /// The validity of values of which some are missing; `None` when none is.
    #[must_use]
    pub fn validity<T>(values: &[T], missing: impl Fn(&T) -> bool) -> Option<Self> {
        // Most columns have no nulls, and looking is cheaper than building.
        values
            .iter()
            .any(&missing)
            .then(|| Bitmap::of(values, |value| !missing(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_at_any_offset() {
        let bytes = [0b1111_0100_u8, 0b1111_1111, 0b0000_1111];
        let bytes = Bytes::from(&bytes[..]);
        for offset in 0..24 {
            for len in 0..=24 - offset {
                let bits = Bits::new(&bytes, offset, len).unwrap();
                let naive = |i: usize| bytes.as_slice()[i / 8] >> (i % 8) & 1 == 1;
                assert!((0..len).all(|i| bits.get(i) == naive(offset + i)));
                assert_eq!(bits.all(), (offset..offset + len).all(naive), "{offset} {len}");
            }
            assert!(Bits::new(&bytes, offset, 25 - offset).is_none());
        }
        assert!(Bits::new(&bytes, usize::MAX, 2).is_none());
    }

    #[test]
    fn a_bitmap_counts_what_is_not_set() {
        let bitmap = Bitmap::of(&[1, 0, 1, 1, 1, 1, 1, 0, 1], |&v| v == 1);
        assert_eq!((bitmap.bytes, bitmap.zeros), (vec![0b0111_1101, 1], 2));
        assert_eq!(Bitmap::validity(&[1.0, 2.0], |v: &f64| v.is_nan()), None);
        assert_eq!(Bitmap::validity(&[f64::NAN], |v| v.is_nan()).unwrap().zeros, 1);
    }
}
