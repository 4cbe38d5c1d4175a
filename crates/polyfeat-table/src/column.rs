//! Columns as Arrow lays them out: chunks of buffers, looked at in place.

use std::ops::Range;
use std::sync::Arc;

use polyfeat::TimeUnit;

use crate::bitmap::Bits;
use crate::bytes::Bytes;
use crate::error::{Code, Error, Result};
use crate::job::ROWS_AT_A_TIME;

/// Width and sign of an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum IntType {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// What a column's buffers hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DataType {
    Null,
    Bool,
    Int(IntType),
    Float16,
    Float32,
    Float64,
    /// Two's complement of 4, 8, 16 or 32 bytes, in units of 10^-scale.
    Decimal {
        bytes: usize,
        scale: i32,
    },
    Timestamp(TimeUnit),
    /// Days since 1970, 32 bits.
    Date32,
    /// Milliseconds since 1970, 64 bits.
    Date64,
    /// UTF-8 behind offsets of 32 bits.
    Utf8,
    /// UTF-8 behind offsets of 64 bits.
    LargeUtf8,
    /// UTF-8 behind views of 16 bytes.
    Utf8View,
    /// Indices into the chunk's dictionary.
    Dictionary(IntType),
}

impl IntType {
    /// Bytes of one.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            IntType::I8 | IntType::U8 => 1,
            IntType::I16 | IntType::U16 => 2,
            IntType::I32 | IntType::U32 => 4,
            IntType::I64 | IntType::U64 => 8,
        }
    }

    /// Its name in the interface.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            IntType::I8 => "int8",
            IntType::I16 => "int16",
            IntType::I32 => "int32",
            IntType::I64 => "int64",
            IntType::U8 => "uint8",
            IntType::U16 => "uint16",
            IntType::U32 => "uint32",
            IntType::U64 => "uint64",
        }
    }
}

impl DataType {
    /// Bytes of one value; `None` where values are no whole bytes (null, bool, and text behind offsets).
    #[must_use]
    pub fn width(self) -> Option<usize> {
        Some(match self {
            DataType::Null | DataType::Bool | DataType::Utf8 | DataType::LargeUtf8 => return None,
            DataType::Int(int) | DataType::Dictionary(int) => int.width(),
            DataType::Float16 => 2,
            DataType::Float32 | DataType::Date32 => 4,
            DataType::Float64 | DataType::Timestamp(_) | DataType::Date64 => 8,
            DataType::Decimal { bytes, .. } => bytes,
            DataType::Utf8View => 16,
        })
    }

    /// Whether it is text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
    }

    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            DataType::Null => "null".to_string(),
            DataType::Bool => "bool".to_string(),
            DataType::Int(int) => int.name().to_string(),
            DataType::Float16 => "float16".to_string(),
            DataType::Float32 => "float32".to_string(),
            DataType::Float64 => "float64".to_string(),
            DataType::Decimal { bytes, scale } => format!("decimal{} of scale {scale}", bytes * 8),
            DataType::Timestamp(unit) => format!("timestamp[{}]", unit.symbol()),
            DataType::Date32 => "date32".to_string(),
            DataType::Date64 => "date64".to_string(),
            DataType::Utf8 => "utf8".to_string(),
            DataType::LargeUtf8 => "large_utf8".to_string(),
            DataType::Utf8View => "utf8_view".to_string(),
            DataType::Dictionary(int) => format!("dictionary with {} indices", int.name()),
        }
    }
}

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

    /// Checks that the buffers are as long as the chunks say, so that reading them cannot fail but for offsets,
    /// views and indices that point outside.
    ///
    /// # Errors
    /// `WRONG_LENGTH`, `WRONG_TYPE` (a dictionary that lacks, is one of dictionaries, or has another type than the
    /// chunk before), `TOO_LARGE` (more rows than `u32` counts).
    pub fn check(&self) -> Result<()> {
        let mut rows = 0_usize;
        let value_type = self.value_type();
        for (i, chunk) in self.chunks.iter().enumerate() {
            rows = rows.saturating_add(chunk.len);
            self.check_chunk(i, chunk)?;
            if let DataType::Dictionary(_) = self.data_type {
                self.check_dictionary(i, chunk, value_type)?;
            }
        }
        if rows >= u32::MAX as usize {
            return Err(Error::new(
                Code::TooLarge,
                format!(
                    "column {} has {rows} rows; at most {} are supported, split the table",
                    self.name,
                    u32::MAX - 1
                ),
            )
            .in_column(&self.name));
        }
        Ok(())
    }

    fn check_chunk(&self, i: usize, chunk: &Chunk<'_>) -> Result<()> {
        let n = chunk.len;
        let bits = |bytes: &Bytes<'_>| Bits::new(bytes, chunk.bit_offset, n).is_some();
        let fits = |bytes: &Bytes<'_>, count: Option<usize>, width: usize| {
            count
                .and_then(|count| count.checked_mul(width))
                .is_some_and(|need| need <= bytes.len())
        };
        let short = |what: &str| {
            Error::new(
                Code::WrongLength,
                format!(
                    "column {}: the {what} of chunk {i} is too short for {n} rows of {}",
                    self.name,
                    self.data_type.name()
                ),
            )
            .in_column(&self.name)
        };
        if !chunk.validity.as_ref().is_none_or(bits) {
            return Err(short("validity buffer"));
        }
        let offset_width = match self.data_type {
            DataType::Utf8 => 4,
            DataType::LargeUtf8 => 8,
            DataType::Bool if !bits(&chunk.values) => return Err(short("values buffer")),
            other => {
                return match other.width() {
                    Some(width) if !fits(&chunk.values, Some(n), width) => Err(short("values buffer")),
                    _ => Ok(()),
                };
            }
        };
        // Arrow allows an empty offsets buffer for no rows.
        let offsets = chunk.offsets.as_ref();
        if n > 0 && !offsets.is_some_and(|o| fits(o, n.checked_add(1), offset_width)) {
            return Err(short("offsets buffer"));
        }
        Ok(())
    }

    fn check_dictionary(&self, i: usize, chunk: &Chunk<'_>, value_type: DataType) -> Result<()> {
        let wrong = |what: String| {
            Error::new(
                Code::WrongType,
                format!("column {}: the dictionary of chunk {i} {what}", self.name),
            )
            .in_column(&self.name)
        };
        let Some(dictionary) = &chunk.dictionary else {
            return if chunk.len == 0 {
                Ok(())
            } else {
                Err(wrong("is missing".to_string()))
            };
        };
        match dictionary.data_type {
            DataType::Dictionary(_) => Err(wrong("holds dictionaries; expected plain values".to_string())),
            found if found != value_type => Err(wrong(format!(
                "holds {}, others {}; give all chunks one type",
                found.name(),
                value_type.name()
            ))),
            _ => dictionary.check(),
        }
    }

    /// The rows in pieces of at most [`ROWS_AT_A_TIME`], in order; chunks without rows give none.
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

/// Checks that the columns of one table have one length, which it returns.
///
/// # Errors
/// `WRONG_LENGTH`, naming the first column that differs.
pub fn common_len(table: &str, columns: &[&Column<'_>]) -> Result<usize> {
    let Some((first, rest)) = columns.split_first() else {
        return Ok(0);
    };
    let rows = first.len();
    match rest.iter().find(|c| c.len() != rows) {
        None => Ok(rows),
        Some(odd) => Err(odd.error(
            Code::WrongLength,
            format!(
                "of {table} has {} rows, {} has {rows}; columns of one table have one length",
                odd.len(),
                first.name
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(data_type: DataType, chunk: Chunk<'_>) -> Column<'_> {
        Column {
            name: "c".into(),
            data_type,
            chunks: vec![chunk],
        }
    }

    fn code(column: &Column<'_>) -> Option<Code> {
        column.check().err().map(|e| e.code)
    }

    #[test]
    fn buffers_that_are_too_short_are_refused() {
        let bytes = [0_u8; 16];
        for (data_type, fits) in [
            (DataType::Float64, 2),
            (DataType::Int(IntType::U16), 8),
            (DataType::Bool, 128),
            (DataType::Decimal { bytes: 16, scale: 2 }, 1),
            (DataType::Utf8View, 1),
        ] {
            assert_eq!(code(&column(data_type, Chunk::of_values(fits, &bytes))), None);
            let more = column(data_type, Chunk::of_values(fits + 1, &bytes));
            assert_eq!(code(&more), Some(Code::WrongLength), "{}", data_type.name());
            let huge = column(data_type, Chunk::of_values(usize::MAX, &bytes));
            assert_eq!(code(&huge), Some(Code::WrongLength), "{}", data_type.name());
        }
    }

    #[test]
    fn validity_offsets_and_dictionaries_are_checked() {
        let bytes = [0_u8; 64];
        let mut chunk = Chunk::of_values(8, &bytes);
        chunk.validity = Some(bytes[..1].into());
        assert_eq!(code(&column(DataType::Float64, chunk.clone())), None);
        chunk.bit_offset = 1;
        assert_eq!(
            code(&column(DataType::Float64, chunk.clone())),
            Some(Code::WrongLength)
        );
        chunk.validity = None;
        assert_eq!(
            code(&column(DataType::Utf8, chunk.clone())),
            Some(Code::WrongLength)
        );
        chunk.offsets = Some(bytes[..36].into());
        assert_eq!(code(&column(DataType::Utf8, chunk.clone())), None);
        assert_eq!(
            code(&column(DataType::LargeUtf8, chunk.clone())),
            Some(Code::WrongLength)
        );
        let dictionary = DataType::Dictionary(IntType::I8);
        assert_eq!(code(&column(dictionary, chunk.clone())), Some(Code::WrongType));
        chunk.dictionary = Some(Arc::new(column(DataType::Float64, Chunk::of_values(3, &bytes))));
        assert_eq!(code(&column(dictionary, chunk.clone())), None);
        chunk.dictionary = Some(Arc::new(column(dictionary, chunk.clone())));
        assert_eq!(code(&column(dictionary, chunk)), Some(Code::WrongType));
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
