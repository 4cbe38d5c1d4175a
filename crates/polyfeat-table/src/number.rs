//! Numbers of any type as doubles; null and NaN are the same thing: missing.

use std::borrow::Cow;

use crate::chunked::Chunked;
use crate::column::{Column, Piece};
use crate::data_type::{DataType, IntType};
use crate::decimal::Decimals;
use crate::error::Result;
use crate::ints::{chunk_of, mapped, too_short, typed, validity, with_ints};
use crate::job::Job;

/// Checks that the values can be taken as doubles.
///
/// # Errors
/// `WRONG_TYPE`.
pub fn check_number(column: &Column<'_>) -> Result<()> {
    match column.value_type() {
        DataType::Int(_)
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal { .. }
        | DataType::Null => Ok(()),
        _ => Err(column.wrong_type("a number (any int, float or decimal)")),
    }
}

/// The values as doubles, NaN for missing ones; decimals are correctly rounded. Doubles without nulls stay where
/// they are.
///
/// # Errors
/// `WRONG_TYPE`; `CORRUPT` for an index outside its dictionary; `CANCELLED`.
pub fn numbers<'c>(job: &Job, column: &'c Column<'_>) -> Result<Chunked<'c, f64>> {
    check_number(column)?;
    job.threads
        .map(column.pieces(), |piece| {
            job.check()?;
            numbers_of(column, &piece)
        })
        .map(Chunked::new)
}

/// [`numbers`] in one slice.
///
/// # Errors
/// Those of [`numbers`].
pub fn flat_numbers<'c>(job: &Job, column: &'c Column<'_>) -> Result<Cow<'c, [f64]>> {
    if let Some(whole) = whole(column, DataType::Float64)
        && let Cow::Borrowed(values) = typed(column, &whole)?
    {
        return Ok(Cow::Borrowed(values));
    }
    numbers(job, column).map(Chunked::flat)
}

/// The one chunk of a column of this very type without nulls: one slice as it is.
#[must_use]
pub fn whole(column: &Column<'_>, data_type: DataType) -> Option<Piece> {
    let [chunk] = &column.chunks[..] else { return None };
    (column.data_type == data_type && chunk.valid().is_none()).then_some(Piece {
        chunk: 0,
        rows: 0..chunk.len,
        first: 0,
    })
}

fn numbers_of<'c>(column: &'c Column<'_>, piece: &Piece) -> Result<Cow<'c, [f64]>> {
    let valid = validity(column, piece);
    let rows = piece.rows.clone();
    let mut values: Cow<'c, [f64]> = match column.data_type {
        DataType::Float64 => typed(column, piece)?,
        DataType::Float32 => typed::<f32>(column, piece)?.iter().map(|&v| v.into()).collect(),
        DataType::Float16 => typed::<u16>(column, piece)?.iter().map(|&v| half(v)).collect(),
        #[allow(clippy::cast_precision_loss)] // rounded to nearest, as any cast to double
        DataType::Int(int) => with_ints!(int, column, piece, |values| values
            .iter()
            .map(|&v| v as f64)
            .collect()),
        DataType::Decimal { bytes, scale } => {
            let decimals = Decimals::new(scale);
            let all = chunk_of(column, piece)?.values.as_slice();
            let mine = all
                .get(rows.start * bytes..rows.end * bytes)
                .ok_or_else(|| too_short(column, piece))?;
            mine.chunks_exact(bytes).map(|v| decimals.double(v)).collect()
        }
        DataType::Null => return Ok(rows.map(|_| f64::NAN).collect()),
        DataType::Dictionary(int) => return behind_dictionary(column, int, piece).map(Cow::Owned),
        _ => return Err(column.wrong_type("a number (any int, float or decimal)")),
    };
    if let Some(valid) = valid {
        for (row, value) in rows.zip(values.to_mut()) {
            if !valid.get(row) {
                *value = f64::NAN;
            }
        }
    }
    Ok(values)
}

fn behind_dictionary(column: &Column<'_>, int: IntType, piece: &Piece) -> Result<Vec<f64>> {
    let mut map = Vec::new();
    if let Some(dictionary) = &chunk_of(column, piece)?.dictionary {
        for piece in dictionary.pieces() {
            map.extend_from_slice(&numbers_of(dictionary, &piece)?);
        }
    }
    let mut values = vec![f64::NAN; piece.rows.len()];
    mapped(column, int, piece, &map, f64::NAN, &mut values)?;
    Ok(values)
}

/// A half-precision float, exactly.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f64::from(bits & 0x3FF);
    sign * match i32::from(bits >> 10 & 0x1F) {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (fraction + 1024.0) * 2_f64.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Chunk;
    use crate::error::Code;
    use std::sync::Arc;

    fn column(data_type: DataType, len: usize, values: &[u8]) -> Column<'_> {
        Column {
            name: "size".into(),
            data_type,
            chunks: vec![Chunk::of_values(len, values)],
        }
    }

    fn doubles(column: &Column<'_>) -> Vec<f64> {
        flat_numbers(&Job::default(), column).unwrap().into_owned()
    }

    #[test]
    fn halves() {
        for (bits, value) in [
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x7BFF, 65504.0),
            (0x7C00, f64::INFINITY),
            (0x3555, 0.333_251_953_125),
        ] {
            assert_eq!(half(bits), value);
        }
        assert!(half(0x7E00).is_nan());
    }

    #[test]
    fn doubles_without_nulls_stay_where_they_are() {
        let values = [1.5_f64, 2.5, f64::NAN];
        let mut c = column(DataType::Float64, 3, bytemuck::cast_slice(&values));
        let job = Job::default();
        assert!(matches!(flat_numbers(&job, &c).unwrap(), Cow::Borrowed(v) if v.len() == 3));
        c.chunks[0].validity = Some([0b1111_1101_u8][..].into());
        let got = doubles(&c);
        assert_eq!(got[0], 1.5);
        assert!(got[1].is_nan() && got[2].is_nan());
    }

    #[test]
    fn integers_decimals_and_dictionaries_of_them() {
        assert_eq!(
            doubles(&column(DataType::Int(IntType::I16), 2, &[3, 0, 0xFF, 0xFF])),
            [3.0, -1.0]
        );
        let decimal = DataType::Decimal { bytes: 4, scale: 2 };
        let values = Arc::new(column(decimal, 2, &[5, 0, 0, 0, 0xCE, 0xFF, 0xFF, 0xFF]));
        let mut c = column(DataType::Dictionary(IntType::U8), 3, &[1, 0, 1]);
        c.chunks[0].dictionary = Some(values);
        assert_eq!(doubles(&c), [-0.5, 0.05, -0.5]);
        let mut two = c.clone();
        two.chunks.extend(c.chunks);
        assert_eq!(doubles(&two), [-0.5, 0.05, -0.5, -0.5, 0.05, -0.5]);
        assert!(
            doubles(&column(DataType::Null, 2, &[]))
                .iter()
                .all(|v| v.is_nan())
        );
    }

    #[test]
    fn text_is_no_number() {
        let e = check_number(&column(DataType::Utf8, 0, &[])).unwrap_err();
        assert_eq!((e.code, e.column.as_deref()), (Code::WrongType, Some("size")));
    }
}
