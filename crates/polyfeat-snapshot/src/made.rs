//! Feature values as Arrow arrays, for any range of output rows.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, PrimitiveArray, StringArray,
};
use arrow::datatypes::{
    ArrowTimestampType, DataType, TimeUnit as ArrowUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};
use polyfeat::{CompleteSets, NULL_TS, Regime, TimeUnit, age_ms, regime, rescale};

use crate::columns::{Feature, stored_unit, utc};
use crate::error::{Code, Error, Result};
use crate::features::{TapeColumns, bucket_start};
use crate::keys::TradeKeys;
use crate::roles::TimeColumn;

/// All feature values of a run and how output rows find theirs.
pub struct Made<'a> {
    /// Keys of the trades, by file row.
    pub keys: &'a TradeKeys,
    /// The time column of trades.
    pub ts: TimeColumn,
    /// Tape columns by (token, ts) position, the common unit and the tape's own.
    pub tape: Option<(&'a TapeColumns, TimeUnit, TimeUnit)>,
    /// Complete sets by file row.
    pub sets: &'a CompleteSets,
    /// Bucket length in the unit of `ts`.
    pub bucket_step: i64,
    /// File row of each output row; `None` is the file's order.
    pub rows: Option<&'a [u32]>,
    /// Position in (token, ts) order of each file row; `None` when output rows are in that order.
    pub position: Option<&'a [u32]>,
}

impl Made<'_> {
    /// The root column of `ts`, whose codec new columns take.
    #[must_use]
    pub fn ts_root(&self) -> usize {
        self.ts.index
    }

    fn file_rows(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        range.map(|i| self.rows.map_or(i, |rows| rows[i] as usize))
    }

    fn positions(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        range.map(|i| self.position.map_or(i, |position| position[i] as usize))
    }

    /// The trades' own time, in UTC.
    ///
    /// # Errors
    /// `OVERFLOW` when seconds do not fit into milliseconds.
    pub fn time(&self, range: Range<usize>) -> Result<ArrayRef> {
        let unit = self.keys.unit;
        let stamps = self.file_rows(range).map(|row| (row as u64, self.keys.ts[row]));
        stamp_array(stamps, unit, unit, "ts")
    }

    /// Values of a feature for a range of output rows.
    ///
    /// # Errors
    /// `OVERFLOW` when seconds do not fit into milliseconds.
    pub fn values(&self, feature: Feature, range: Range<usize>) -> Result<ArrayRef> {
        let sets = self.sets;
        Ok(match feature {
            Feature::Bucket => {
                let unit = self.keys.unit;
                let starts = self.file_rows(range).map(|row| {
                    (
                        row as u64,
                        bucket_start(self.keys.ts[row], self.bucket_step).unwrap_or(NULL_TS),
                    )
                });
                stamp_array(starts, unit, unit, "bucket")?
            }
            Feature::Flag => Arc::new(BooleanArray::from_iter(
                self.file_rows(range).map(|row| Some(sets.flag[row])),
            )),
            Feature::Shares => Arc::new(Float64Array::from_iter_values(
                self.file_rows(range).map(|row| sets.shares[row]),
            )),
            Feature::Regime => {
                let codes = self
                    .file_rows(range)
                    .map(|row| regime(self.keys.leg[row], sets.flag[row]) as i32);
                let names = StringArray::from_iter_values(Regime::ALL.map(Regime::name));
                let regimes = DictionaryArray::try_new(Int32Array::from_iter_values(codes), Arc::new(names));
                Arc::new(regimes.map_err(|e| Error::internal(e.to_string()))?)
            }
            from_tape => return self.tape_values(from_tape, range),
        })
    }

    fn tape_values(&self, feature: Feature, range: Range<usize>) -> Result<ArrayRef> {
        let Some((tape, unit, tape_unit)) = self.tape else {
            return Err(Error::internal("a tape column without a tape"));
        };
        let column = match feature {
            Feature::LastPrice => &tape.last_price,
            Feature::Return(i) => &tape.returns[i],
            Feature::Trades(i) => &tape.counts[i],
            Feature::Volume(i) => &tape.volumes[i],
            Feature::Notional(i) => &tape.notionals[i],
            Feature::LastTs => {
                let stamps = self.file_rows(range.clone()).zip(self.positions(range));
                return stamp_array(
                    stamps.map(|(row, p)| (row as u64, tape.last_ts[p])),
                    unit,
                    tape_unit,
                    "mt_last_ts",
                );
            }
            _ => {
                let ages = self
                    .file_rows(range.clone())
                    .zip(self.positions(range))
                    .map(|(row, p)| {
                        let last = tape.last_ts[p];
                        if last == NULL_TS {
                            return f64::NAN;
                        }
                        // The sweep has brought the same stamp to the common unit before.
                        rescale(self.keys.ts[row], self.keys.unit, unit)
                            .map_or(f64::NAN, |t| age_ms(t, last, unit))
                    });
                return Ok(doubles(ages));
            }
        };
        Ok(doubles(self.positions(range).map(|p| column[p])))
    }
}

fn doubles(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter(
        values.map(|v| (!v.is_nan()).then_some(v)),
    ))
}

/// Stamps of unit `from` as a UTC column of unit `to` (as it is stored); each with its file row for errors.
fn stamp_array(
    stamps: impl Iterator<Item = (u64, i64)>,
    from: TimeUnit,
    to: TimeUnit,
    column: &str,
) -> Result<ArrayRef> {
    let to = stored_unit(to);
    let values: Vec<Option<i64>> = stamps
        .map(|(row, stamp)| {
            if stamp == NULL_TS {
                return Ok(None);
            }
            rescale(stamp, from, to).map(Some).ok_or_else(|| {
                Error::new(
                    Code::Overflow,
                    format!(
                        "{column}: {stamp} {} in row {row} does not fit into {}",
                        from.symbol(),
                        to.symbol()
                    ),
                )
                .in_column(column)
                .at_row(row)
            })
        })
        .collect::<Result<_>>()?;
    Ok(match utc(to) {
        DataType::Timestamp(ArrowUnit::Millisecond, _) => in_utc::<TimestampMillisecondType>(values),
        DataType::Timestamp(ArrowUnit::Microsecond, _) => in_utc::<TimestampMicrosecondType>(values),
        _ => in_utc::<TimestampNanosecondType>(values),
    })
}

fn in_utc<T: ArrowTimestampType>(values: Vec<Option<i64>>) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::from_iter(values).with_timezone("UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regimes_are_numbered_as_in_the_kernels() {
        for (i, regime) in Regime::ALL.into_iter().enumerate() {
            assert_eq!(regime as usize, i);
        }
    }

    #[test]
    fn seconds_are_stored_as_milliseconds_and_overflow_is_an_error() {
        let a = stamp_array(
            [(0, 2), (1, NULL_TS)].into_iter(),
            TimeUnit::Second,
            TimeUnit::Second,
            "ts",
        )
        .unwrap();
        assert_eq!(a.data_type(), &utc(TimeUnit::Millisecond));
        assert_eq!(a.null_count(), 1);
        let e = stamp_array(
            [(7, i64::MAX)].into_iter(),
            TimeUnit::Second,
            TimeUnit::Second,
            "ts",
        )
        .unwrap_err();
        assert_eq!((e.code, e.row), (Code::Overflow, Some(7)));
    }
}
