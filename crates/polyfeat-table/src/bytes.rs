//! Bytes of a buffer, borrowed or owned, and typed slices of them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use bytemuck::Pod;

/// The bytes of one Arrow buffer.
///
/// A borrowed buffer may stand at any address: a typed look at a misaligned one copies. An owned buffer is
/// aligned for every type up to eight bytes.
#[derive(Clone)]
pub enum Bytes<'a> {
    /// Somebody else's memory.
    Borrowed(&'a [u8]),
    /// A copy, shared by its clones; the last word may be longer than the buffer.
    Owned(Arc<[u64]>, usize),
}

impl<'a> Bytes<'a> {
    /// The bytes themselves.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Bytes::Borrowed(bytes) => bytes,
            Bytes::Owned(words, len) => bytemuck::cast_slice(words).get(..*len).unwrap_or_default(),
        }
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values `range` of type `T`; `None` when there are fewer. Copies only what is misaligned.
    #[must_use]
    pub fn typed<T: Pod>(&self, range: Range<usize>) -> Option<Cow<'_, [T]>> {
        let at = |i: usize| i.checked_mul(size_of::<T>());
        let bytes = self.as_slice().get(at(range.start)?..at(range.end)?)?;
        Some(match bytemuck::try_cast_slice(bytes) {
            Ok(values) => Cow::Borrowed(values),
            Err(_) => Cow::Owned(bytemuck::allocation::pod_collect_to_vec(bytes)),
        })
    }

    /// A copy of at most the first `n` bytes that lives on its own.
    #[must_use]
    pub fn to_owned_up_to(&self, n: usize) -> Bytes<'static> {
        let bytes = self.as_slice();
        let bytes = bytes.get(..n).unwrap_or(bytes);
        if let Bytes::Owned(words, _) = self {
            return Bytes::Owned(Arc::clone(words), bytes.len());
        }
        let mut words: Arc<[u64]> = std::iter::repeat_n(0, bytes.len().div_ceil(8)).collect();
        if let Some(words) = Arc::get_mut(&mut words) {
            bytemuck::cast_slice_mut::<u64, u8>(words)[..bytes.len()].copy_from_slice(bytes);
        }
        Bytes::Owned(words, bytes.len())
    }

    /// Whether both are the same memory.
    #[must_use]
    pub fn same_as(&self, other: &Bytes<'_>) -> bool {
        std::ptr::eq(self.as_slice(), other.as_slice())
    }
}

impl<'a> From<&'a [u8]> for Bytes<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Bytes::Borrowed(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_looks_copy_only_when_misaligned() {
        let words = [1_u64, 2, 3];
        let all: &[u8] = bytemuck::cast_slice(&words);
        let aligned = Bytes::from(all);
        assert!(matches!(aligned.typed::<u64>(0..3), Some(Cow::Borrowed(v)) if v == words));
        assert!(aligned.typed::<u64>(0..4).is_none());
        assert!(aligned.typed::<u64>(0..usize::MAX).is_none());
        let mut shifted = [0; 25];
        shifted[1..].copy_from_slice(all);
        for start in 0..2 {
            let odd = Bytes::from(&shifted[start..]);
            let got = odd.typed::<u64>(0..3).unwrap();
            assert_eq!(got[0] == 1, start == 1);
        }
    }

    #[test]
    fn owned_copies_are_cut_and_aligned() {
        let source: Vec<u8> = (0..29).collect();
        let owned = Bytes::from(&source[1..]).to_owned_up_to(21);
        assert_eq!(owned.as_slice(), &source[1..22]);
        assert!(matches!(owned.typed::<u64>(0..2), Some(Cow::Borrowed(_))));
        assert!(owned.typed::<u64>(0..3).is_none());
        assert!(Bytes::from(&[][..]).to_owned_up_to(9).is_empty());
    }
}
