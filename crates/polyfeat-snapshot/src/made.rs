//! Feature values as Arrow arrays, for any range of output rows.

mod held;

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, PrimitiveArray,
    StringArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    ArrowTimestampType, DataType, TimeUnit as ArrowUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};
use polyfeat::{Leg, NULL_TS, Regime, RegimeMode, SweptCounts, TimeUnit, age_ms, regime, rescale};

use self::held::{Held, Values};
use crate::error::{Code, Error, Result};
use crate::feature::{Feature, ProofColumn};
use crate::sets::bucket_start;
use crate::stored::{stored_unit, utc};
use crate::swept::Swept;

/// Columns of the trades that features are made of, and how output rows find theirs.
#[derive(Clone, Copy)]
pub struct RowColumns<'a> {
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
    /// Which trades count for complete sets.
    pub mode: RegimeMode,
    /// File row of each output row; `None` is the file's order.
    pub rows: Option<&'a [u32]>,
    /// Position in (token, ts) order of each file row; `None` when output rows are in that order.
    pub position: Option<&'a [u32]>,
}

/// What the sweeps made, and in which units.
pub struct TapeResult {
    /// The columns.
    pub swept: Swept,
    /// Unit of the swept stamps.
    pub unit: TimeUnit,
    /// Unit of the tape's own stamps.
    pub source_unit: TimeUnit,
    /// How many columns of each kind.
    pub counts: SweptCounts,
    /// Unit of the tape's availability, where it is a rule.
    pub availability_unit: Option<TimeUnit>,
}

/// All feature values of a run.
pub struct Made<'a> {
    of: RowColumns<'a>,
    /// The unit of swept stamps, and the tape's own.
    tape_units: Option<(TimeUnit, TimeUnit)>,
    availability_unit: Option<TimeUnit>,
    held: Held,
}

impl<'a> Made<'a> {
    /// Takes over the swept columns.
    #[must_use]
    pub fn new(of: RowColumns<'a>, tape: Option<TapeResult>) -> Self {
        let tape_units = tape.as_ref().map(|t| (t.unit, t.source_unit));
        let availability_unit = tape.as_ref().and_then(|t| t.availability_unit);
        let held = tape.map_or_else(Held::default, |t| Held::new(t.swept, t.counts));
        Made {
            of,
            tape_units,
            availability_unit,
            held,
        }
    }

    /// Opens a feature for writing. A swept column is handed over: it can be opened once.
    ///
    /// # Errors
    /// An internal error when it was opened before or never made.
    pub fn open(&self, feature: Feature) -> Result<MadeColumn<'_>> {
        let column = self.held.take(feature)?;
        let from_tape = !matches!(
            feature,
            Feature::Bucket | Feature::Flag | Feature::Shares | Feature::Regime | Feature::LabelAvailable
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

    /// What `of` says of the file row of each output row.
    fn by_row<T>(&self, range: Range<usize>, of: impl Fn(usize) -> T) -> Vec<T> {
        match self.of.rows {
            None => range.map(of).collect(),
            Some(rows) => rows[range].iter().map(|&row| of(row as usize)).collect(),
        }
    }

    /// What a swept column holds for each output row.
    fn by_position<T: Copy>(&self, range: Range<usize>, column: &[T]) -> Vec<T> {
        match self.of.position {
            None => column[range].to_vec(),
            Some(position) => position[range].iter().map(|&p| column[p as usize]).collect(),
        }
    }

    /// The trades' own time, in UTC.
    ///
    /// # Errors
    /// `OVERFLOW` when seconds do not fit into milliseconds.
    pub fn time(&self, range: Range<usize>) -> Result<ArrayRef> {
        let stamps = self.by_row(range.clone(), |row| self.of.ts[row]);
        self.stamps(range, stamps, self.of.unit, self.of.unit, "ts")
    }

    /// From when on the complete sets of each row are known: the end of its bucket where all of that counts, else
    /// its own time.
    fn label_available(&self, range: Range<usize>) -> Result<ArrayRef> {
        const COLUMN: &str = "label_available_at";
        let known = |row: usize| match (self.of.ts[row], self.of.mode) {
            (ts, RegimeMode::Bucket) if ts != NULL_TS => {
                let start = bucket_start(ts, self.of.bucket_step);
                start.and_then(|s| s.checked_add(self.of.bucket_step)).ok_or(row)
            }
            (ts, _) => Ok(ts),
        };
        let stamps: std::result::Result<Vec<i64>, usize> =
            self.by_row(range.clone(), known).into_iter().collect();
        let stamps = stamps.map_err(|row| {
            let message = format!("{COLUMN}: the bucket of row {row} ends after 64-bit times do");
            Error::new(Code::Overflow, message)
                .in_column(COLUMN)
                .at_row(row as u64)
        })?;
        self.stamps(range, stamps, self.of.unit, self.of.unit, COLUMN)
    }

    /// Stamps of unit `from` for a range of output rows, as a UTC column of unit `to` (as it is stored).
    fn stamps(
        &self,
        range: Range<usize>,
        mut stamps: Vec<i64>,
        from: TimeUnit,
        to: TimeUnit,
        column: &str,
    ) -> Result<ArrayRef> {
        let to = stored_unit(to);
        let file_row = |i: usize| {
            self.of
                .rows
                .map_or(range.start + i, |rows| rows[range.start + i] as usize)
        };
        rescale_all(&mut stamps, from, to).map_err(|i| {
            let row = file_row(i);
            Error::new(
                Code::Overflow,
                format!(
                    "{column}: {} {} in row {row} does not fit into {}",
                    stamps[i],
                    from.symbol(),
                    to.symbol()
                ),
            )
            .in_column(column)
            .at_row(row as u64)
        })?;
        let nulls = nulls_where(&stamps, |&t| t == NULL_TS);
        Ok(match utc(to) {
            DataType::Timestamp(ArrowUnit::Millisecond, _) => {
                in_utc::<TimestampMillisecondType>(stamps, nulls)
            }
            DataType::Timestamp(ArrowUnit::Microsecond, _) => {
                in_utc::<TimestampMicrosecondType>(stamps, nulls)
            }
            _ => in_utc::<TimestampNanosecondType>(stamps, nulls),
        })
    }
}

/// Brings stamps from one unit to another; the error is the index of the first that does not fit.
fn rescale_all(stamps: &mut [i64], from: TimeUnit, to: TimeUnit) -> std::result::Result<(), usize> {
    if from == to {
        return Ok(());
    }
    for (i, t) in stamps.iter_mut().enumerate().filter(|(_, t)| **t != NULL_TS) {
        *t = rescale(*t, from, to).ok_or(i)?;
    }
    Ok(())
}

/// A feature that is being written.
pub struct MadeColumn<'a> {
    made: &'a Made<'a>,
    feature: Feature,
    column: Option<Values>,
}

impl MadeColumn<'_> {
    /// Values for a range of output rows.
    ///
    /// # Errors
    /// `OVERFLOW` when seconds do not fit into milliseconds.
    pub fn values(&self, range: Range<usize>) -> Result<ArrayRef> {
        let made = self.made;
        match (&self.column, self.feature) {
            (Some(Values::Doubles(column)), _) => Ok(doubles(made.by_position(range, column))),
            (Some(Values::Stamps(column)), Feature::LastAgeMs) => {
                let (unit, _) = self.units()?;
                let last = made.by_position(range.clone(), column);
                let ts = made.by_row(range, |row| made.of.ts[row]);
                let age = |(t, last): (i64, i64)| match rescale(t, made.of.unit, unit) {
                    // The sweep has brought the same stamp to the common unit before.
                    Some(t) if last != NULL_TS => age_ms(t, last, unit),
                    _ => f64::NAN,
                };
                Ok(doubles(ts.into_iter().zip(last).map(age).collect()))
            }
            (Some(Values::Stamps(column)), Feature::Proof(proof)) => {
                let (unit, source) = self.units()?;
                let values = made.by_position(range.clone(), column);
                match proof {
                    ProofColumn::NewestEvent => made.stamps(range, values, unit, source, proof.name()),
                    ProofColumn::NewestAvailability => {
                        let source = made.availability_unit.unwrap_or(source);
                        made.stamps(range, values, unit, source, proof.name())
                    }
                    _ => {
                        let nulls = nulls_where(&values, |&count| count == NULL_TS);
                        Ok(Arc::new(Int64Array::new(values.into(), nulls)))
                    }
                }
            }
            (Some(Values::Stamps(column)), _) => {
                let (unit, source) = self.units()?;
                let stamps = made.by_position(range.clone(), column);
                made.stamps(range, stamps, unit, source, "mt_last_ts")
            }
            (None, Feature::Bucket) => {
                let start =
                    |row: usize| bucket_start(made.of.ts[row], made.of.bucket_step).unwrap_or(NULL_TS);
                let starts = made.by_row(range.clone(), start);
                made.stamps(range, starts, made.of.unit, made.of.unit, "bucket")
            }
            (None, Feature::LabelAvailable) => made.label_available(range),
            (None, Feature::Flag) => Ok(Arc::new(BooleanArray::from(
                made.by_row(range, |row| made.of.shares[row] > 0.0),
            ))),
            (None, Feature::Shares) => Ok(doubles(made.by_row(range, |row| made.of.shares[row]))),
            (None, _) => {
                let codes = made.by_row(range, |row| {
                    regime(made.of.leg[row], made.of.shares[row] > 0.0) as i32
                });
                let names = StringArray::from_iter_values(Regime::ALL.map(Regime::name));
                let regimes = DictionaryArray::try_new(Int32Array::from(codes), Arc::new(names));
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

fn doubles(values: Vec<f64>) -> ArrayRef {
    let nulls = nulls_where(&values, |v| v.is_nan());
    Arc::new(Float64Array::new(values.into(), nulls))
}

/// Which values are missing; `None` when none is.
fn nulls_where<T>(values: &[T], missing: impl Fn(&T) -> bool) -> Option<NullBuffer> {
    values
        .iter()
        .any(&missing)
        .then(|| values.iter().map(|v| !missing(v)).collect())
}

fn in_utc<T: ArrowTimestampType>(stamps: Vec<i64>, nulls: Option<NullBuffer>) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(stamps.into(), nulls).with_timezone("UTC"))
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
        let time = |ts: &[i64], rows: Option<&[u32]>| {
            let of = RowColumns {
                ts,
                unit: TimeUnit::Second,
                leg: &[],
                shares: &[],
                bucket_step: 1,
                mode: RegimeMode::Bucket,
                rows,
                position: None,
            };
            let made = Made::new(of, None);
            made.time(0..ts.len())
        };
        let a = time(&[2, NULL_TS], None).unwrap();
        assert_eq!(a.data_type(), &utc(TimeUnit::Millisecond));
        assert_eq!(a.null_count(), 1);
        let e = time(&[3, i64::MAX, 5], Some(&[2, 0, 1])).unwrap_err();
        assert_eq!((e.code, e.row), (Code::Overflow, Some(1)));
    }
}
