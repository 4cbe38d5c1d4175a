//! The least and the greatest text of a row group, for its statistics.
//!
//! Nearly always only the first eight bytes of a text are looked at; of a dictionary each entry once.

use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;

/// Longer bounds than this are not worth their place in the footer.
const MAX_BOUND: usize = 1024;

/// The range of the texts seen so far, by their bytes; each bound after its first eight bytes.
#[derive(Default)]
pub struct TextRange {
    min: Option<(u64, Vec<u8>)>,
    max: Option<(u64, Vec<u8>)>,
}

impl TextRange {
    /// Takes a text.
    #[inline]
    pub fn include(&mut self, text: &[u8]) {
        // Pairs compare by the prefix first; equal prefixes fall through to the bytes.
        let keyed = (prefix(text), text);
        if self.min.as_ref().is_none_or(|(p, m)| keyed < (*p, &m[..])) {
            self.min = Some((keyed.0, text.to_vec()));
        }
        if self.max.as_ref().is_none_or(|(p, m)| keyed > (*p, &m[..])) {
            self.max = Some((keyed.0, text.to_vec()));
        }
    }

    /// The statistics of a chunk that holds what was seen, and nulls.
    #[must_use]
    pub fn statistics(self, nulls: u64) -> Statistics {
        let bound = |bound: Option<(u64, Vec<u8>)>| {
            let text = bound.map(|(_, text)| text);
            text.filter(|t| t.len() <= MAX_BOUND).map(ByteArray::from)
        };
        Statistics::byte_array(bound(self.min), bound(self.max), None, Some(nulls), false)
    }
}

/// The first eight bytes as a number that orders as they do; shorter texts are filled up with zeros.
fn prefix(text: &[u8]) -> u64 {
    let mut head = [0; 8];
    let n = text.len().min(8);
    head[..n].copy_from_slice(&text[..n]);
    u64::from_be_bytes(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bounds(range: TextRange) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let s = range.statistics(0);
        let owned = |b: Option<&[u8]>| b.map(<[u8]>::to_vec);
        (owned(s.min_bytes_opt()), owned(s.max_bytes_opt()))
    }

    proptest! {
        #[test]
        fn it_is_the_range_of_all_values(
            batches in proptest::collection::vec(proptest::collection::vec("[a-c\u{0}é]{0,12}", 0..20), 0..4)
        ) {
            let all = || batches.iter().flatten().map(String::as_bytes);
            let mut range = TextRange::default();
            all().for_each(|text| range.include(text));
            prop_assert_eq!(bounds(range), (all().min().map(<[u8]>::to_vec), all().max().map(<[u8]>::to_vec)));
        }
    }

    #[test]
    fn long_bounds_are_left_out() {
        let mut range = TextRange::default();
        let long = vec![b'b'; MAX_BOUND + 1];
        range.include(&long);
        range.include(b"c");
        assert_eq!(bounds(range), (None, Some(b"c".to_vec())));
    }
}
