//! Columns as Arrow lays them out: chunks of buffers, looked at in place.

use std::ops::Range;
use std::sync::Arc;

use crate::bitmap::Bits;
use crate::bytes::Bytes;
use crate::data_type::DataType;
use crate::error::{Code, Error};
use crate::job::ROWS_AT_A_TIME;

/// Consecutive rows of a column whose buffers are contiguous.
#[derive(Clone)]
pub struct Chunk<'a> {
    /// Rows.
    pub len: usize,
    /// Values, text bytes, views or indices, from row 0 on (booleans: from `bit_offset` before it).
    pub values: Bytes<'a>,
    /// Which rows are not null; `None`: all of them.
    pub validity: Option<Bytes<'a>>,
    /// Bit of row 0 in `validity`, and in `values` of booleans.
    pub bit_offset: usize,
    /// Offsets of text, one more than rows.
    pub offsets: Option<Bytes<'a>>,
    /// Data buffers of text views.
    pub buffers: Vec<Bytes<'a>>,
    /// What indices point into.
    pub dictionary: Option<Arc<Column<'a>>>,
}

impl<'a> Chunk<'a> {
    /// `len` values without nulls.
    #[must_use]
    pub fn of_values(len: usize, values: &'a [u8]) -> Self {
        Chunk {
            len,
            values: values.into(),
            validity: None,
            bit_offset: 0,
            offsets: None,
            buffers: Vec::new(),
            dictionary: None,
        }
    }

    /// Which rows are not null; `None` when none is. The buffer was checked to be long enough.
    #[must_use]
    pub fn valid(&self) -> Option<Bits<'_>> {
        let bits = Bits::new(self.validity.as_ref()?, self.bit_offset, self.len)?;
        (!bits.all()).then_some(bits)
    }
}

/// A column: a name for messages, a type, and chunks.
#[derive(Clone)]
pub struct Column<'a> {
    /// Name of the column.
    pub name: Arc<str>,
    /// Its type.
    pub data_type: DataType,
    /// Its rows.
    pub chunks: Vec<Chunk<'a>>,
}

/// Rows of one chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Index of the chunk.
    pub chunk: usize,
    /// Rows within the chunk.
    pub rows: Range<usize>,
    /// Row of the column at which it begins.
    pub first: usize,
}

impl<'a> Column<'a> {
    /// Rows of all chunks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().fold(0, |rows, c| rows.saturating_add(c.len))
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of the values: of those in the dictionary where there is one.
    #[must_use]
    pub fn value_type(&self) -> DataType {
        let of_dictionary = |c: &Chunk<'_>| c.dictionary.as_ref().map(|d| d.data_type);
        match self.data_type {
            DataType::Dictionary(_) => self
                .chunks
                .iter()
                .find_map(of_dictionary)
                .unwrap_or(DataType::Null),
            plain => plain,
        }
    }

    /// The rows in pieces of at most 65,536, in order; chunks without rows give none.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        let mut first = 0;
        let mut pieces = Vec::new();
        for (chunk, c) in self.chunks.iter().enumerate() {
            for start in (0..c.len).step_by(ROWS_AT_A_TIME) {
                let rows = start..c.len.min(start + ROWS_AT_A_TIME);
                first += rows.len();
                pieces.push(Piece {
                    chunk,
                    first: first - rows.len(),
                    rows,
                });
            }
        }
        pieces
    }

    /// The row of the column that is row `row` of a chunk.
    #[must_use]
    pub fn row_of(&self, chunk: usize, row: usize) -> usize {
        self.chunks.iter().take(chunk).map(|c| c.len).sum::<usize>() + row
    }

    /// Whether both are of one type and over the same buffers.
    #[must_use]
    pub fn same_memory(&self, other: &Column<'_>) -> bool {
        fn same<'b>(a: &Option<Bytes<'b>>, b: &Option<Bytes<'_>>) -> bool {
            match (a, b) {
                (Some(a), Some(b)) => a.same_as(b),
                (None, None) => true,
                _ => false,
            }
        }
        let alike = |(a, b): (&Chunk<'_>, &Chunk<'_>)| {
            (a.len, a.bit_offset, a.buffers.len()) == (b.len, b.bit_offset, b.buffers.len())
                && a.values.same_as(&b.values)
                && same(&a.validity, &b.validity)
                && same(&a.offsets, &b.offsets)
                && a.buffers.iter().zip(&b.buffers).all(|(a, b)| a.same_as(b))
                && a.dictionary.is_none()
                && b.dictionary.is_none()
        };
        self.data_type == other.data_type
            && self.chunks.len() == other.chunks.len()
            && self.chunks.iter().zip(&other.chunks).all(alike)
    }

    /// An error of type `code` about this column.
    #[must_use]
    pub fn error(&self, code: Code, what: impl std::fmt::Display) -> Error {
        Error::new(code, format!("column {} {what}", self.name)).in_column(&self.name)
    }

    /// A column of other type than expected.
    #[must_use]
    pub fn wrong_type(&self, expected: &str) -> Error {
        self.error(
            Code::WrongType,
            format!("is {}; expected {expected}", self.type_name()),
        )
    }

    /// Its type in messages.
    #[must_use]
    pub fn type_name(&self) -> String {
        match self.data_type {
            DataType::Dictionary(_) => format!("a dictionary of {}", self.value_type().name()),
            plain => plain.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_type::IntType;

    fn column(data_type: DataType, chunk: Chunk<'_>) -> Column<'_> {
        Column {
            name: "c".into(),
            data_type,
            chunks: vec![chunk],
        }
    }

    #[test]
    fn pieces_cover_the_rows_in_order() {
        let bytes = vec![0_u8; 200_000];
        let mut c = column(DataType::Int(IntType::I8), Chunk::of_values(200_000, &bytes));
        c.chunks.insert(0, Chunk::of_values(0, &bytes));
        c.chunks.push(Chunk::of_values(3, &bytes));
        let pieces = c.pieces();
        assert_eq!(pieces.len(), 5);
        assert_eq!(
            pieces[4],
            Piece {
                chunk: 2,
                rows: 0..3,
                first: 200_000
            }
        );
        assert!(pieces.iter().all(|p| p.first == c.row_of(p.chunk, p.rows.start)));
    }
}
