//! Feature values as Arrow arrays, for any range of output rows.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, PrimitiveArray, StringArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    ArrowTimestampType, DataType, TimeUnit as ArrowUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};
use polyfeat::{Leg, NULL_TS, Regime, TimeUnit, age_ms, regime, rescale};

use crate::columns::{Feature, stored_unit, utc};
use crate::error::{Code, Error, Result};
use crate::features::TapeColumns;
use crate::sets::bucket_start;

/// A column that a sweep made, by (token, ts) position; shared by the features that derive from it.
#[derive(Clone)]
enum Swept {
    Doubles(Arc<Vec<f64>>),
    Stamps(Arc<Vec<i64>>),
}

/// All feature values of a run and how output rows find theirs.
pub struct Made<'a> {
    /// Instants of the trades by file row, in `unit`.
    pub ts: &'a [i64],
    /// Unit of the trades' time.
    pub unit: TimeUnit,
    /// Part in a complete set, by file row.
    pub leg: &'a [Leg],
    /// Shares of complete sets by file row; the flag holds where they are above zero.
    pub shares: &'a [f64],
    /// Bucket length in the unit of `ts`.
    pub bucket_step: i64,
    /// File row of each output row; `None` is the file's order.
    pub rows: Option<&'a [u32]>,
    /// Position in (token, ts) order of each file row; `None` when output rows are in that order.
    pub position: Option<&'a [u32]>,
    /// The unit of swept stamps, and the tape's own.
    pub tape_units: Option<(TimeUnit, TimeUnit)>,
    /// What the sweeps made; each column leaves when its feature is written, so that its memory does too.
    swept: Mutex<HashMap<Feature, Swept>>,
}

/// What [`Made`] is made of.
pub struct MadeParts<'a> {
    /// See [`Made::ts`].
    pub ts: &'a [i64],
    /// See [`Made::unit`].
    pub unit: TimeUnit,
    /// See [`Made::leg`].
    pub leg: &'a [Leg],
    /// See [`Made::shares`].
    pub shares: &'a [f64],
    /// See [`Made::bucket_step`].
    pub bucket_step: i64,
    /// See [`Made::rows`].
    pub rows: Option<&'a [u32]>,
    /// See [`Made::position`].
    pub position: Option<&'a [u32]>,
    /// Swept columns with their unit and the tape's own.
    pub tape: Option<(TapeColumns, TimeUnit, TimeUnit)>,
}

impl<'a> Made<'a> {
    /// Takes over the swept columns.
    #[must_use]
    pub fn new(parts: MadeParts<'a>) -> Self {
        let mut swept = HashMap::new();
        let tape_units = parts.tape.as_ref().map(|&(_, unit, source)| (unit, source));
        if let Some((columns, ..)) = parts.tape {
            let mut add = |feature, column| swept.insert(feature, Swept::Doubles(Arc::new(column)));
            add(Feature::LastPrice, columns.last_price);
            columns
                .returns
                .into_iter()
                .enumerate()
                .for_each(|(i, c)| drop(add(Feature::Return(i), c)));
            columns
                .counts
                .into_iter()
                .enumerate()
                .for_each(|(i, c)| drop(add(Feature::Trades(i), c)));
            columns
                .volumes
                .into_iter()
                .enumerate()
                .for_each(|(i, c)| drop(add(Feature::Volume(i), c)));
            columns
                .notionals
                .into_iter()
                .enumerate()
                .for_each(|(i, c)| drop(add(Feature::Notional(i), c)));
            let stamps = Swept::Stamps(Arc::new(columns.last_ts));
            swept.insert(Feature::LastTs, stamps.clone());
            swept.insert(Feature::LastAgeMs, stamps);
        }
        Made {
            ts: parts.ts,
            unit: parts.unit,
            leg: parts.leg,
            shares: parts.shares,
            bucket_step: parts.bucket_step,
            rows: parts.rows,
            position: parts.position,
            tape_units,
            swept: Mutex::new(swept),
        }
    }

    /// Opens a feature for writing. A swept column is handed over: it can be opened once.
    ///
    /// # Errors
    /// An internal error when it was opened before or never made.
    pub fn open(&self, feature: Feature) -> Result<MadeColumn<'_>> {
        let mut swept = self
            .swept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let column = swept.remove(&feature);
        let from_tape = !matches!(
            feature,
            Feature::Bucket | Feature::Flag | Feature::Shares | Feature::Regime
        );
        if from_tape && column.is_none() {
            return Err(Error::internal(format!("{feature:?} is not there")));
        }
        Ok(MadeColumn {
            made: self,
            feature,
            column,
        })
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
        let stamps = self.file_rows(range).map(|row| (row as u64, self.ts[row]));
        stamp_array(stamps, self.unit, self.unit, "ts")
    }
}

/// A feature that is being written.
pub struct MadeColumn<'a> {
    made: &'a Made<'a>,
    feature: Feature,
    column: Option<Swept>,
}

impl MadeColumn<'_> {
    /// Values for a range of output rows.
    ///
    /// # Errors
    /// `OVERFLOW` when seconds do not fit into milliseconds.
    pub fn values(&self, range: Range<usize>) -> Result<ArrayRef> {
        let made = self.made;
        match (&self.column, self.feature) {
            (Some(Swept::Doubles(column)), _) => Ok(doubles(made.positions(range).map(|p| column[p]))),
            (Some(Swept::Stamps(column)), Feature::LastAgeMs) => {
                let (unit, _) = self.units()?;
                Ok(doubles(
                    made.file_rows(range.clone())
                        .zip(made.positions(range))
                        .map(|(row, p)| {
                            if column[p] == NULL_TS {
                                return f64::NAN;
                            }
                            // The sweep has brought the same stamp to the common unit before.
                            rescale(made.ts[row], made.unit, unit)
                                .map_or(f64::NAN, |t| age_ms(t, column[p], unit))
                        }),
                ))
            }
            (Some(Swept::Stamps(column)), _) => {
                let (unit, source) = self.units()?;
                let stamps = made.file_rows(range.clone()).zip(made.positions(range));
                stamp_array(
                    stamps.map(|(row, p)| (row as u64, column[p])),
                    unit,
                    source,
                    "mt_last_ts",
                )
            }
            (None, Feature::Bucket) => {
                let start = |row: usize| bucket_start(made.ts[row], made.bucket_step).unwrap_or(NULL_TS);
                let starts = made.file_rows(range).map(|row| (row as u64, start(row)));
                stamp_array(starts, made.unit, made.unit, "bucket")
            }
            (None, Feature::Flag) => Ok(Arc::new(
                made.file_rows(range)
                    .map(|row| Some(made.shares[row] > 0.0))
                    .collect::<BooleanArray>(),
            )),
            (None, Feature::Shares) => Ok(Arc::new(Float64Array::from_iter_values(
                made.file_rows(range).map(|row| made.shares[row]),
            ))),
            (None, _) => {
                let codes = made
                    .file_rows(range)
                    .map(|row| regime(made.leg[row], made.shares[row] > 0.0) as i32);
                let names = StringArray::from_iter_values(Regime::ALL.map(Regime::name));
                let regimes = DictionaryArray::try_new(Int32Array::from_iter_values(codes), Arc::new(names));
                Ok(Arc::new(regimes.map_err(|e| Error::internal(e.to_string()))?))
            }
        }
    }

    fn units(&self) -> Result<(TimeUnit, TimeUnit)> {
        self.made
            .tape_units
            .ok_or_else(|| Error::internal("a tape column without a tape"))
    }
}

fn doubles(values: impl Iterator<Item = f64>) -> ArrayRef {
    let values: Vec<f64> = values.collect();
    let nulls = values
        .iter()
        .any(|v| v.is_nan())
        .then(|| values.iter().map(|v| !v.is_nan()).collect::<NullBuffer>());
    Arc::new(Float64Array::new(values.into(), nulls))
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
