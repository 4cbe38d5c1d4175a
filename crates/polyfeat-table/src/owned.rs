//! Copies of columns that live on their own: what an asynchronous call takes with it.

use std::sync::Arc;

use bytemuck::Pod;
use hashbrown::HashMap;

use crate::bytes::Bytes;
use crate::column::{Chunk, Column};
use crate::data_type::DataType;

/// Copies columns, each shared dictionary and buffer once.
#[derive(Default)]
pub struct Copier {
    dictionaries: HashMap<*const (), Arc<Column<'static>>>,
    buffers: HashMap<(*const u8, usize), Bytes<'static>>,
}

impl Copier {
    /// A copy of what the rows of `column` use. The column was checked ([`Column::check`]).
    #[must_use]
    pub fn column(&mut self, column: &Column<'_>) -> Column<'static> {
        // Chunks without rows are left behind, but for what they tell of the type of a dictionary.
        let is_empty = column.is_empty();
        let chunks = column.chunks.iter().filter(|c| c.len > 0 || is_empty);
        Column {
            name: Arc::clone(&column.name),
            data_type: column.data_type,
            chunks: chunks.map(|c| self.chunk(column.data_type, c)).collect(),
        }
    }

    fn chunk(&mut self, data_type: DataType, chunk: &Chunk<'_>) -> Chunk<'static> {
        let n = chunk.len;
        // Whole bytes before the first bit are left behind.
        let first_byte = chunk.bit_offset / 8;
        let bit_offset = chunk.bit_offset % 8;
        let bits = |bytes: &Bytes<'_>| cut(bytes, first_byte, (bit_offset + n).div_ceil(8));
        let (values, offsets) = match data_type {
            DataType::Null => (Bytes::Borrowed(&[]), None),
            DataType::Bool => (bits(&chunk.values), None),
            DataType::Utf8 => behind_offsets::<i32>(chunk, i32::wrapping_sub),
            DataType::LargeUtf8 => behind_offsets::<i64>(chunk, i64::wrapping_sub),
            other => (cut(&chunk.values, 0, n * other.width().unwrap_or(0)), None),
        };
        Chunk {
            len: n,
            values,
            validity: chunk.valid().and_then(|_| chunk.validity.as_ref().map(bits)),
            bit_offset,
            offsets,
            // What the type does not use was not checked either.
            buffers: match data_type {
                DataType::Utf8View => chunk.buffers.iter().map(|b| self.buffer(b)).collect(),
                _ => Vec::new(),
            },
            dictionary: match (data_type, &chunk.dictionary) {
                (DataType::Dictionary(_), Some(dictionary)) => Some(self.dictionary(dictionary)),
                _ => None,
            },
        }
    }

    fn buffer(&mut self, buffer: &Bytes<'_>) -> Bytes<'static> {
        let bytes = buffer.as_slice();
        self.buffers
            .entry((bytes.as_ptr(), bytes.len()))
            .or_insert_with(|| buffer.to_owned_up_to(bytes.len()))
            .clone()
    }

    fn dictionary(&mut self, dictionary: &Arc<Column<'_>>) -> Arc<Column<'static>> {
        let key = Arc::as_ptr(dictionary).cast::<()>();
        if let Some(copy) = self.dictionaries.get(&key) {
            return Arc::clone(copy);
        }
        let copy = Arc::new(self.column(dictionary));
        self.dictionaries.insert(key, Arc::clone(&copy));
        copy
    }
}

/// `len` bytes from `start` on.
fn cut(bytes: &Bytes<'_>, start: usize, len: usize) -> Bytes<'static> {
    let bytes = bytes.as_slice().get(start..).unwrap_or_default();
    Bytes::Borrowed(bytes).to_owned_up_to(len)
}

/// The text that the offsets address, and offsets that begin at it. Offsets that make no sense are copied as they
/// are, or moved with the others: they make no sense afterwards either, and reading them says so.
fn behind_offsets<T: Pod + TryInto<usize>>(
    chunk: &Chunk<'_>,
    minus: fn(T, T) -> T,
) -> (Bytes<'static>, Option<Bytes<'static>>) {
    let Some(offsets) = chunk
        .offsets
        .as_ref()
        .and_then(|o| o.typed::<T>(0..chunk.len + 1))
    else {
        return (Bytes::Borrowed(&[]), None);
    };
    let at = |o: Option<&T>| o.and_then(|&o| o.try_into().ok());
    let range = at(offsets.first()).zip(at(offsets.last()));
    match range.and_then(|(from, to)| chunk.values.as_slice().get(from..to)) {
        Some(text) => {
            let moved: Vec<T> = offsets.iter().map(|&o| minus(o, offsets[0])).collect();
            let all = |bytes: &[u8]| Bytes::Borrowed(bytes).to_owned_up_to(bytes.len());
            (all(text), Some(all(bytemuck::cast_slice(&moved))))
        }
        None => (
            cut(&chunk.values, 0, usize::MAX),
            chunk.offsets.as_ref().map(|o| cut(o, 0, usize::MAX)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_type::IntType;
    use crate::text::each_text;

    #[test]
    fn a_copy_reads_the_same_and_is_no_longer_than_needed() {
        let data = b"....aabbb....";
        let offsets = [4_i32, 6, 6, 9];
        let mut chunk = Chunk::of_values(3, data);
        chunk.offsets = Some(bytemuck::cast_slice(&offsets).into());
        chunk.validity = Some([0xFF_u8, 0b1011_0111][..].into());
        chunk.bit_offset = 10;
        let column = Column {
            name: "t".into(),
            data_type: DataType::Utf8,
            chunks: vec![chunk],
        };
        let copy = Copier::default().column(&column);
        copy.check().unwrap();
        assert_eq!(copy.chunks[0].values.as_slice(), b"aabbb");
        assert_eq!(
            (
                copy.chunks[0].bit_offset,
                copy.chunks[0].validity.as_ref().unwrap().len()
            ),
            (2, 1)
        );
        let texts = |c: &Column<'_>| {
            let mut out = Vec::new();
            each_text(c, &c.pieces()[0], |t| out.push(t.map(<[u8]>::to_vec))).unwrap();
            out
        };
        assert_eq!(texts(&copy), texts(&column));
        assert_eq!(texts(&copy)[1], None);
    }

    #[test]
    fn offsets_that_make_no_sense_stay_errors() {
        for bad in [[5_i32, 2, 7], [0, 3, 99], [-1, 0, 1], [3, 9, 1]] {
            let mut chunk = Chunk::of_values(2, b"abcdefgh");
            chunk.offsets = Some(bytemuck::cast_slice(&bad).into());
            let column = Column {
                name: "t".into(),
                data_type: DataType::Utf8,
                chunks: vec![chunk],
            };
            let copy = Copier::default().column(&column);
            copy.check().unwrap();
            let row = |c: &Column<'_>| each_text(c, &c.pieces()[0], |_| {}).unwrap_err().row;
            assert_eq!(row(&copy), row(&column), "{bad:?}");
        }
    }

    #[test]
    fn a_shared_dictionary_stays_shared() {
        let values = Arc::new(Column {
            name: "d".into(),
            data_type: DataType::Float64,
            chunks: vec![Chunk::of_values(1, &[0; 8])],
        });
        let mut chunk = Chunk::of_values(2, &[0, 0, 9, 9]);
        chunk.dictionary = Some(values);
        let column = Column {
            name: "c".into(),
            data_type: DataType::Dictionary(IntType::I8),
            chunks: vec![chunk.clone(), chunk],
        };
        let copy = Copier::default().column(&column);
        let dictionary = |i: usize| copy.chunks[i].dictionary.as_ref().unwrap();
        assert!(Arc::ptr_eq(dictionary(0), dictionary(1)));
        assert_eq!(copy.chunks[0].values.as_slice(), [0, 0]);
    }
}
