//! The least and the greatest text of a row group, for its statistics.
//!
//! The writer's own would compare every value of every row with both. Of a dictionary each entry is looked at
//! once here, and of plain text nearly always only the first eight bytes.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int32Type};
use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;

/// Longer bounds than this are not worth their place in the footer.
const MAX_BOUND: usize = 1024;

/// The range of the texts seen so far, by their bytes.
#[derive(Default)]
pub struct TextRange {
    min: Option<Vec<u8>>,
    max: Option<Vec<u8>>,
    nulls: u64,
    dictionary: Option<ArrayRef>,
    seen: Vec<bool>,
}

impl TextRange {
    /// Takes an array of text, of its bytes, or of a dictionary of text.
    pub fn include(&mut self, array: &ArrayRef) {
        self.nulls += array.logical_null_count() as u64;
        match array.data_type() {
            DataType::Dictionary(..) => self.dictionary(array),
            DataType::Utf8 => self.values(array.as_string::<i32>().iter().map(|s| s.map(str::as_bytes))),
            DataType::LargeUtf8 => self.values(array.as_string::<i64>().iter().map(|s| s.map(str::as_bytes))),
            DataType::Utf8View => self.values(array.as_string_view().iter().map(|s| s.map(str::as_bytes))),
            _ => self.values(array.as_binary::<i32>().iter()),
        }
    }

    fn dictionary(&mut self, array: &ArrayRef) {
        let dict = array.as_dictionary::<Int32Type>();
        let same = self
            .dictionary
            .as_ref()
            .is_some_and(|d| d.to_data().ptr_eq(&dict.values().to_data()));
        if !same {
            self.seen = vec![false; dict.values().len()];
            self.dictionary = Some(ArrayRef::clone(dict.values()));
        }
        let texts = dict.values().as_string::<i32>();
        for key in dict.keys().iter().flatten() {
            let key = key as usize;
            if !std::mem::replace(&mut self.seen[key], true) {
                self.values(std::iter::once(Some(texts.value(key).as_bytes())));
            }
        }
    }

    fn values<'a>(&mut self, texts: impl Iterator<Item = Option<&'a [u8]>>) {
        let mut min: Option<(u64, &[u8])> = None;
        let mut max: Option<(u64, &[u8])> = None;
        for text in texts.flatten() {
            // Pairs compare by the prefix first; equal prefixes fall through to the bytes.
            let keyed = (prefix(text), text);
            if min.is_none_or(|m| keyed < m) {
                min = Some(keyed);
            }
            if max.is_none_or(|m| keyed > m) {
                max = Some(keyed);
            }
        }
        if let Some((_, text)) = min
            && self.min.as_deref().is_none_or(|m| text < m)
        {
            self.min = Some(text.to_vec());
        }
        if let Some((_, text)) = max
            && self.max.as_deref().is_none_or(|m| text > m)
        {
            self.max = Some(text.to_vec());
        }
    }

    /// The statistics of the chunk that holds all that was seen.
    #[must_use]
    pub fn statistics(self) -> Statistics {
        let bound = |text: Option<Vec<u8>>| text.filter(|t| t.len() <= MAX_BOUND).map(ByteArray::from);
        Statistics::byte_array(bound(self.min), bound(self.max), None, Some(self.nulls), false)
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
    use arrow::array::{BinaryArray, DictionaryArray, StringArray};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn bounds(range: TextRange) -> (Option<Vec<u8>>, Option<Vec<u8>>, Option<u64>) {
        let s = range.statistics();
        (
            s.min_bytes_opt().map(<[u8]>::to_vec),
            s.max_bytes_opt().map(<[u8]>::to_vec),
            s.null_count_opt(),
        )
    }

    proptest! {
        #[test]
        fn it_is_the_range_of_all_values(
            batches in proptest::collection::vec(proptest::collection::vec(proptest::option::of("[a-c\u{0}é]{0,12}"), 0..20), 0..4)
        ) {
            let all: Vec<&str> = batches.iter().flatten().flatten().map(String::as_str).collect();
            let nulls = batches.iter().flatten().filter(|t| t.is_none()).count() as u64;
            let expected = (
                all.iter().min().map(|t| t.as_bytes().to_vec()),
                all.iter().max().map(|t| t.as_bytes().to_vec()),
                Some(nulls),
            );
            let (mut plain, mut bytes, mut dict) = (TextRange::default(), TextRange::default(), TextRange::default());
            for batch in &batches {
                let texts = || batch.iter().map(Option::as_deref);
                plain.include(&(Arc::new(texts().collect::<StringArray>()) as ArrayRef));
                bytes.include(&(Arc::new(texts().map(|t| t.map(str::as_bytes)).collect::<BinaryArray>()) as ArrayRef));
                dict.include(&(Arc::new(texts().collect::<DictionaryArray<Int32Type>>()) as ArrayRef));
            }
            prop_assert_eq!(bounds(plain), expected.clone());
            prop_assert_eq!(bounds(bytes), expected.clone());
            prop_assert_eq!(bounds(dict), expected);
        }
    }

    #[test]
    fn long_bounds_are_left_out() {
        let mut range = TextRange::default();
        range
            .include(&(Arc::new(StringArray::from(vec!["b".repeat(MAX_BOUND + 1), "c".into()])) as ArrayRef));
        assert_eq!(bounds(range), (None, Some(b"c".to_vec()), Some(0)));
    }
}
