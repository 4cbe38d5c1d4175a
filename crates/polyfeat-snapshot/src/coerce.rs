//! Arrow arrays of any accepted type to the plain vectors that the kernels take.
//! Null, NaN and garbage in null slots all become the kernels' missing values.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float64Type,
    Int64Type, TimeUnit as ArrowUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt64Type,
};
use polyfeat::{NULL_TS, parse_iso8601};

use crate::error::{Code, Error, Result};
use crate::roles::{TimeColumn, TimeKind, is_decimal};

const DAY_MS: i64 = 86_400_000;

/// Appends the instants of `array` in the column's unit; missing ones are [`NULL_TS`].
/// Returns how many texts did not parse.
///
/// # Errors
/// `OVERFLOW` (with the row within `array`) when a day or an unsigned integer leaves the range.
pub fn times(array: &ArrayRef, column: &TimeColumn, out: &mut Vec<i64>) -> Result<u64> {
    let array = &plain(array)?;
    match column.kind {
        TimeKind::Null => out.extend(std::iter::repeat_n(NULL_TS, array.len())),
        TimeKind::Timestamp => match array.data_type() {
            DataType::Timestamp(ArrowUnit::Second, _) => {
                copy(array.as_primitive::<TimestampSecondType>(), out)
            }
            DataType::Timestamp(ArrowUnit::Millisecond, _) => {
                copy(array.as_primitive::<TimestampMillisecondType>(), out);
            }
            DataType::Timestamp(ArrowUnit::Microsecond, _) => {
                copy(array.as_primitive::<TimestampMicrosecondType>(), out);
            }
            // A part without the Arrow schema by which the first one says that these integers are times.
            DataType::Int64 => copy(array.as_primitive::<Int64Type>(), out),
            _ => copy(array.as_primitive::<TimestampNanosecondType>(), out),
        },
        TimeKind::Date if *array.data_type() == DataType::Date64 => {
            copy(array.as_primitive::<Date64Type>(), out)
        }
        TimeKind::Date if *array.data_type() == DataType::Int64 => {
            copy(array.as_primitive::<Int64Type>(), out)
        }
        TimeKind::Date => {
            // 2^31 days are 1.9e17 ms: no overflow.
            out.extend(
                array
                    .as_primitive::<Date32Type>()
                    .iter()
                    .map(|d| d.map_or(NULL_TS, |d| i64::from(d) * DAY_MS)),
            );
        }
        TimeKind::Integer if *array.data_type() == DataType::UInt64 => {
            for (row, v) in array.as_primitive::<UInt64Type>().iter().enumerate() {
                out.push(match v {
                    None => NULL_TS,
                    Some(v) => i64::try_from(v).map_err(|_| {
                        Error::new(Code::Overflow, format!("time {v} does not fit into 64 bits"))
                            .at_row(row as u64)
                    })?,
                });
            }
        }
        TimeKind::Integer => copy(cast(array, &DataType::Int64)?.as_primitive::<Int64Type>(), out),
        TimeKind::Text => {
            let text = cast(array, &DataType::Utf8View)?;
            let mut unparsed = 0;
            out.extend(text.as_string_view().iter().map(|s| {
                s.map_or(NULL_TS, |s| {
                    parse_iso8601(s).unwrap_or_else(|| {
                        unparsed += 1;
                        NULL_TS
                    })
                })
            }));
            return Ok(unparsed);
        }
    }
    Ok(0)
}

fn copy<T: ArrowPrimitiveType<Native = i64>>(array: &PrimitiveArray<T>, out: &mut Vec<i64>) {
    if array.null_count() == 0 {
        out.extend_from_slice(array.values());
    } else {
        out.extend(array.iter().map(|v| v.unwrap_or(NULL_TS)));
    }
}

/// Appends the values of `array` as doubles; missing ones are NaN. Decimals are correctly rounded.
///
/// # Errors
/// When the type is no number (roles were checked before).
pub fn numbers(array: &ArrayRef, out: &mut Vec<f64>) -> Result<()> {
    let plain = plain(array)?;
    if is_decimal(plain.data_type()) {
        return decimals(&plain, out);
    }
    let doubles = cast(&plain, &DataType::Float64)?;
    let doubles = doubles.as_primitive::<Float64Type>();
    if doubles.null_count() == 0 {
        out.extend_from_slice(doubles.values());
    } else {
        out.extend(doubles.iter().map(|v| v.unwrap_or(f64::NAN)));
    }
    Ok(())
}

/// 10^0 to 10^22 are exact doubles; an integer below 2^53 divided by one of them is correctly rounded.
const EXACT_TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

fn decimals(array: &ArrayRef, out: &mut Vec<f64>) -> Result<()> {
    let scale = match array.data_type() {
        DataType::Decimal32(_, s)
        | DataType::Decimal64(_, s)
        | DataType::Decimal128(_, s)
        | DataType::Decimal256(_, s) => *s,
        _ => 0,
    };
    if let DataType::Decimal256(..) = array.data_type() {
        out.extend(
            array
                .as_primitive::<Decimal256Type>()
                .iter()
                .map(|v| v.map_or(f64::NAN, |v| shifted(&v.to_string(), scale))),
        );
        return Ok(());
    }
    let wide = cast(array, &DataType::Decimal128(38, scale))?;
    let exact = usize::try_from(scale).ok().and_then(|s| EXACT_TENS.get(s));
    out.extend(
        wide.as_primitive::<Decimal128Type>()
            .iter()
            .map(|v| match (v, exact) {
                (None, _) => f64::NAN,
                #[allow(clippy::cast_precision_loss)] // below 2^53 nothing is lost
                (Some(v), Some(tens)) if v.unsigned_abs() < 1 << 53 => v as f64 / tens,
                (Some(v), _) => shifted(&v.to_string(), scale),
            }),
    );
    Ok(())
}

/// `digits` times 10^-scale, correctly rounded, as text parsing is.
fn shifted(digits: &str, scale: i8) -> f64 {
    format!("{digits}e{}", -i32::from(scale))
        .parse()
        .unwrap_or(f64::NAN)
}

/// The values themselves where they were behind a dictionary.
///
/// # Errors
/// When the dictionary cannot be unfolded.
pub fn plain(array: &ArrayRef) -> Result<ArrayRef> {
    match array.data_type() {
        DataType::Dictionary(_, v) => cast(array, v),
        _ => Ok(ArrayRef::clone(array)),
    }
}

fn cast(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    if array.data_type() == to {
        return Ok(ArrayRef::clone(array));
    }
    cast_with_options(
        array,
        to,
        &CastOptions {
            safe: false,
            ..Default::default()
        },
    )
    .map_err(|e| Error::new(Code::Overflow, e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Decimal128Array, Int32Array, StringArray, UInt64Array};
    use polyfeat::TimeUnit;
    use std::sync::Arc;

    fn doubles(a: ArrayRef) -> Vec<f64> {
        let mut out = Vec::new();
        numbers(&a, &mut out).unwrap();
        out
    }

    #[test]
    fn decimals_are_correctly_rounded() {
        let a = Decimal128Array::from(vec![Some(1), Some(-123_456_789), None, Some(10_i128.pow(37) / 3)])
            .with_precision_and_scale(38, 6)
            .unwrap();
        let got = doubles(Arc::new(a));
        assert_eq!(got[0], 0.000_001);
        assert_eq!(got[1], -123.456_789);
        assert!(got[2].is_nan());
        assert_eq!(
            got[3],
            "3333333333333333333333333333333.333333".parse::<f64>().unwrap()
        );
    }

    #[test]
    fn integers_become_doubles_and_nulls_nan() {
        let got = doubles(Arc::new(Int32Array::from(vec![Some(3), None])));
        assert_eq!(got[0], 3.0);
        assert!(got[1].is_nan());
    }

    #[test]
    fn text_times_count_what_does_not_parse() {
        let a: ArrayRef = Arc::new(StringArray::from(vec![
            Some("1970-01-01T00:00:01Z"),
            Some("soon"),
            None,
        ]));
        let mut out = Vec::new();
        let column = TimeColumn {
            index: 0,
            kind: TimeKind::Text,
            unit: TimeUnit::Nanosecond,
        };
        assert_eq!(times(&a, &column, &mut out).unwrap(), 1);
        assert_eq!(out, [1_000_000_000, NULL_TS, NULL_TS]);
    }

    #[test]
    fn an_unsigned_time_beyond_the_range_is_an_error_with_its_row() {
        let a: ArrayRef = Arc::new(UInt64Array::from(vec![1, u64::MAX]));
        let column = TimeColumn {
            index: 0,
            kind: TimeKind::Integer,
            unit: TimeUnit::Second,
        };
        let e = times(&a, &column, &mut Vec::new()).unwrap_err();
        assert_eq!((e.code, e.row), (Code::Overflow, Some(1)));
    }
}
