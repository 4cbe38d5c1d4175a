//! Integers of any width, and what is stored as integers: booleans, times, dictionary indices.

use std::borrow::Cow;
use std::ops::Range;

use bytemuck::Pod;

use crate::bitmap::Bits;
use crate::column::{Chunk, Column, Piece};
use crate::data_type::{DataType, IntType};
use crate::error::{Code, Error, Result};

/// Runs `$body` with `$values` as the slice of the integers of a type.
macro_rules! with_ints {
    ($int:expr, $column:expr, $piece:expr, |$values:ident| $body:expr) => {{
        macro_rules! arm {
            ($type:ty) => {{
                let $values = $crate::ints::typed::<$type>($column, $piece)?;
                let $values = &*$values;
                $body
            }};
        }
        match $int {
            $crate::data_type::IntType::I8 => arm!(i8),
            $crate::data_type::IntType::I16 => arm!(i16),
            $crate::data_type::IntType::I32 => arm!(i32),
            $crate::data_type::IntType::I64 => arm!(i64),
            $crate::data_type::IntType::U8 => arm!(u8),
            $crate::data_type::IntType::U16 => arm!(u16),
            $crate::data_type::IntType::U32 => arm!(u32),
            $crate::data_type::IntType::U64 => arm!(u64),
        }
    }};
}
pub(crate) use with_ints;

/// The fixed-width values of a piece.
///
/// # Errors
/// `WRONG_LENGTH`, which [`Column::check`] gives before.
pub fn typed<'c, T: Pod>(column: &'c Column<'_>, piece: &Piece) -> Result<Cow<'c, [T]>> {
    chunk_of(column, piece)?
        .values
        .typed(piece.rows.clone())
        .ok_or_else(|| too_short(column, piece))
}

/// The chunk of a piece.
///
/// # Errors
/// An internal one when the piece is not of this column.
pub fn chunk_of<'c, 'a>(column: &'c Column<'a>, piece: &Piece) -> Result<&'c Chunk<'a>> {
    column
        .chunks
        .get(piece.chunk)
        .ok_or_else(|| Error::internal("a piece of another column"))
}

/// A buffer does not hold the rows of a piece.
#[must_use]
pub fn too_short(column: &Column<'_>, piece: &Piece) -> Error {
    column.error(
        Code::WrongLength,
        format!("has a buffer too short for the rows of chunk {}", piece.chunk),
    )
}

/// Validity of the rows of a piece, by row within the chunk; `None` when none of them is null.
pub fn validity<'c>(column: &'c Column<'_>, piece: &Piece) -> Option<Bits<'c>> {
    let chunk = column.chunks.get(piece.chunk)?;
    let bytes = chunk.validity.as_ref()?;
    let mine = Bits::new(bytes, chunk.bit_offset + piece.rows.start, piece.rows.len())?;
    if mine.all() {
        return None;
    }
    Bits::new(bytes, chunk.bit_offset, chunk.len)
}

/// Calls `each` with every value of a piece as an integer, `None` for nulls. Booleans are 0 and 1, dates and
/// timestamps their count.
///
/// # Errors
/// `WRONG_TYPE` when the column holds no such values.
pub fn each_int(column: &Column<'_>, piece: &Piece, mut each: impl FnMut(Option<i128>)) -> Result<()> {
    let valid = validity(column, piece);
    let is_valid = |row: usize| valid.is_none_or(|v| v.get(row));
    let rows = piece.rows.clone();
    let int = match column.data_type {
        DataType::Int(int) => int,
        DataType::Date32 => IntType::I32,
        DataType::Date64 | DataType::Timestamp(_) => IntType::I64,
        DataType::Null => {
            rows.for_each(|_| each(None));
            return Ok(());
        }
        DataType::Bool => {
            let chunk = chunk_of(column, piece)?;
            let bits = Bits::new(&chunk.values, chunk.bit_offset, chunk.len)
                .ok_or_else(|| too_short(column, piece))?;
            rows.for_each(|row| each(is_valid(row).then(|| i128::from(bits.get(row)))));
            return Ok(());
        }
        _ => return Err(column.wrong_type("integers, booleans or times")),
    };
    with_ints!(int, column, piece, |values| {
        for (row, &value) in rows.zip(values) {
            each(is_valid(row).then(|| i128::from(value)));
        }
    });
    Ok(())
}

/// Writes `map[index]` for every dictionary index of a piece into `out`, `null` for null rows.
///
/// # Errors
/// `CORRUPT` with the row for an index outside the dictionary.
pub fn mapped<T: Copy>(
    column: &Column<'_>,
    int: IntType,
    piece: &Piece,
    map: &[T],
    null: T,
    out: &mut [T],
) -> Result<()> {
    let valid = validity(column, piece);
    let outside = |row: usize| {
        let row = column.row_of(piece.chunk, row);
        column
            .error(
                Code::Corrupt,
                format!(
                    "has an index outside its dictionary of {} values in row {row}",
                    map.len()
                ),
            )
            .at_row(row)
    };
    with_ints!(int, column, piece, |values| {
        for ((row, &index), out) in piece.rows.clone().zip(values).zip(out) {
            *out = if valid.is_none_or(|v| v.get(row)) {
                #[allow(clippy::unnecessary_fallible_conversions)] // of narrow indices, not of all
                let value = usize::try_from(index).ok().and_then(|i| map.get(i));
                *value.ok_or_else(|| outside(row))?
            } else {
                null
            };
        }
    });
    Ok(())
}

/// Sets `used[index]` for every dictionary index of a piece that is not null and not outside.
///
/// # Errors
/// `WRONG_LENGTH`, which [`Column::check`] gives before.
pub fn mark(column: &Column<'_>, int: IntType, piece: &Piece, used: &mut [bool]) -> Result<()> {
    let valid = validity(column, piece);
    with_ints!(int, column, piece, |values| {
        for (row, &index) in piece.rows.clone().zip(values) {
            #[allow(clippy::unnecessary_fallible_conversions)] // of narrow indices, not of all
            let used = usize::try_from(index).ok().and_then(|i| used.get_mut(i));
            if let Some(used) = used.filter(|_| valid.is_none_or(|v| v.get(row))) {
                *used = true;
            }
        }
    });
    Ok(())
}

/// The pieces of a column with the slice of `out` that each one fills.
#[must_use]
pub fn pieces_of<'o, T>(column: &Column<'_>, out: &'o mut [T]) -> Vec<(Piece, &'o mut [T])> {
    let mut rest = out;
    column
        .pieces()
        .into_iter()
        .map(|piece| {
            let Range { start, end } = piece.rows;
            let mine = rest.split_off_mut(..end - start).unwrap_or_default();
            (piece, mine)
        })
        .collect()
}

/// The rows of `out` in pieces of at most `most`, each with the rows it is of.
#[must_use]
pub fn pieces_of_rows<T>(out: &mut [T], most: usize) -> Vec<(Range<usize>, &mut [T])> {
    let mut first = 0;
    let piece = |out: &mut [T]| {
        first += out.len();
        first - out.len()..first
    };
    let mut piece = piece;
    out.chunks_mut(most.max(1)).map(|out| (piece(out), out)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn ints(data_type: DataType, len: usize, values: &[u8]) -> Column<'_> {
        Column {
            name: "n".into(),
            data_type,
            chunks: vec![Chunk::of_values(len, values)],
        }
    }

    fn all(column: &Column<'_>) -> Vec<Option<i128>> {
        let mut out = Vec::new();
        for piece in column.pieces() {
            each_int(column, &piece, |v| out.push(v)).unwrap();
        }
        out
    }

    #[test]
    fn every_width_and_sign() {
        let bytes = [0xFF_u8, 0, 0, 0, 0, 0, 0, 0x80];
        for (int, first) in [
            (IntType::I8, -1),
            (IntType::U8, 255),
            (IntType::I16, 255),
            (IntType::I32, 255),
            (IntType::U64, (1_i128 << 63) + 255),
            (IntType::I64, 255 - (1_i128 << 63)),
        ] {
            let column = ints(DataType::Int(int), 8 / int.width(), &bytes);
            assert_eq!(all(&column)[0], Some(first), "{int:?}");
        }
    }

    #[test]
    fn booleans_share_the_bit_offset_of_their_validity() {
        let mut column = ints(DataType::Bool, 3, &[0b0010_1000]);
        column.chunks[0].bit_offset = 3;
        column.chunks[0].validity = Some([0b0001_1000_u8][..].into());
        assert_eq!(all(&column), [Some(1), Some(0), None]);
    }

    #[test]
    fn indices_are_checked_but_not_in_null_rows() {
        let values = Arc::new(ints(DataType::Int(IntType::I8), 2, &[7, 8]));
        let mut column = ints(DataType::Dictionary(IntType::I8), 3, &[1, 0xFF, 0]);
        column.chunks[0].dictionary = Some(values);
        let piece = &column.pieces()[0];
        let mut out = [0_u32; 3];
        let e = mapped(&column, IntType::I8, piece, &[7, 8], u32::MAX, &mut out).unwrap_err();
        assert_eq!((e.code, e.row), (Code::Corrupt, Some(1)));
        column.chunks[0].validity = Some([0b101_u8][..].into());
        mapped(&column, IntType::I8, piece, &[7, 8], u32::MAX, &mut out).unwrap();
        assert_eq!(out, [8, u32::MAX, 7]);
    }
}
