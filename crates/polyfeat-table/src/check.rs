//! Checks of columns before anything is read.

use crate::bitmap::Bits;
use crate::bytes::Bytes;
use crate::column::{Chunk, Column};
use crate::data_type::DataType;
use crate::error::{Code, Error, Result};

impl Column<'_> {
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
    use crate::data_type::IntType;
    use std::sync::Arc;

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
}
