//! What a copy changes in the cells of a batch.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, StringBuilder, UInt32Array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int64Type, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use polyfeat_snapshot::{Code, Error, Result};

use crate::sheet::Batch;

/// Texts that are another one in each copy of the tokens.
const IDS: [&str; 3] = ["token_id", "market_slug", "condition_id"];
/// Texts that name one event: another one in every copy.
const EVENTS: [&str; 2] = ["transaction_hash", "event_key"];

/// Which copy in time.
#[derive(Clone, Copy)]
pub struct Tile {
    /// From 0 on.
    pub number: u32,
    /// Days by which it is shifted.
    pub days: i64,
}

/// How each column is repeated.
pub struct Repeat {
    columns: Vec<(String, Kind)>,
    /// Copies side by side.
    tokens: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Same,
    /// Ticks of a day.
    Time(i64),
    Id,
    Event,
}

impl Repeat {
    /// The columns of `schema`, `tokens` times side by side.
    pub fn new(schema: &SchemaRef, tokens: u32) -> Self {
        let kind = |name: &str, data_type: &DataType| match data_type {
            DataType::Timestamp(TimeUnit::Second, _) => Kind::Time(86_400),
            DataType::Timestamp(TimeUnit::Millisecond, _) | DataType::Date64 => Kind::Time(86_400_000),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Kind::Time(86_400_000_000),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => Kind::Time(86_400_000_000_000),
            DataType::Date32 => Kind::Time(1),
            _ if IDS.contains(&name) => Kind::Id,
            _ if EVENTS.contains(&name) => Kind::Event,
            _ => Kind::Same,
        };
        let fields = schema.fields().iter();
        Repeat {
            columns: fields
                .map(|f| (f.name().clone(), kind(f.name(), f.data_type())))
                .collect(),
            tokens,
        }
    }

    /// The rows of a batch in one copy in time: each as often as there are copies side by side, so that rows stay in
    /// the order of time.
    ///
    /// # Errors
    /// `WRONG_TYPE` for ids that are no texts, `OVERFLOW` for times past the end of their type.
    pub fn batch(&self, tile: Tile, batch: &[ArrayRef]) -> Result<Batch> {
        let rows = batch.first().map_or(0, Array::len) as u32;
        let each = self.tokens;
        let numbers = UInt32Array::from_iter_values((0..rows).flat_map(|row| (0..each).map(move |_| row)));
        let column = |values: &ArrayRef, (name, kind): &(String, Kind)| {
            let values = if each == 1 {
                Arc::clone(values)
            } else {
                take(values, &numbers, None)?
            };
            match *kind {
                Kind::Same => Ok(values),
                Kind::Time(day) => shifted(&values, tile.days, day),
                Kind::Id | Kind::Event if is_text(values.data_type()) => {
                    // Events differ in time too: a later copy of a trade is no print of an earlier one.
                    let time = if *kind == Kind::Event { tile.number } else { 0 };
                    suffixed(&values, time, each)
                }
                Kind::Id if each > 1 => Err(ArrowError::InvalidArgumentError(format!(
                    "column {name} is of type {}, and only texts can be made another's; leave out tileTokens",
                    values.data_type()
                ))),
                Kind::Id | Kind::Event => Ok(values),
            }
        };
        batch
            .iter()
            .zip(&self.columns)
            .map(|(values, of)| {
                column(values, of).map_err(|e| {
                    let code = match e {
                        ArrowError::ArithmeticOverflow(_) => Code::Overflow,
                        ArrowError::InvalidArgumentError(_) => Code::WrongType,
                        _ => Code::Internal,
                    };
                    let message = match e {
                        ArrowError::ArithmeticOverflow(text) | ArrowError::InvalidArgumentError(text) => text,
                        other => other.to_string(),
                    };
                    Error::new(code, message).in_column(&of.0)
                })
            })
            .collect()
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

/// Times `days` later, `day` ticks each.
fn shifted(values: &ArrayRef, days: i64, day: i64) -> std::result::Result<ArrayRef, ArrowError> {
    if days == 0 {
        return Ok(Arc::clone(values));
    }
    let past_the_end = || {
        ArrowError::ArithmeticOverflow(format!(
            "a time {days} days later does not fit its type; repeat the snapshot less often in time"
        ))
    };
    let shift = days.checked_mul(day).ok_or_else(past_the_end)?;
    // Days go by 32 bits on their way to 64: Arrow makes instants of them otherwise.
    let ticks = match values.data_type() {
        DataType::Date32 => cast(&cast(values, &DataType::Int32)?, &DataType::Int64)?,
        _ => cast(values, &DataType::Int64)?,
    };
    let later: Int64Array = ticks
        .as_primitive::<Int64Type>()
        .try_unary(|tick| tick.checked_add(shift).ok_or_else(past_the_end))?;
    if matches!(values.data_type(), DataType::Date32) {
        let narrow = cast(&later, &DataType::Int32)?;
        if narrow.null_count() > values.null_count() {
            return Err(past_the_end());
        }
        return cast(&narrow, values.data_type());
    }
    cast(&later, values.data_type())
}

/// Texts that say which copy they are of; those of the first copy stay.
fn suffixed(values: &ArrayRef, time: u32, each: u32) -> std::result::Result<ArrayRef, ArrowError> {
    if time == 0 && each == 1 {
        return Ok(Arc::clone(values));
    }
    let texts = cast(values, &DataType::Utf8)?;
    let mut all = StringBuilder::with_capacity(texts.len(), texts.len() * 80);
    for (text, token) in texts.as_string::<i32>().iter().zip((0..each).cycle()) {
        let Some(text) = text else {
            all.append_null();
            continue;
        };
        // A StringBuilder takes everything.
        let _ = match (time, token) {
            (0, 0) => write!(all, "{text}"),
            (0, _) => write!(all, "{text}+{token}"),
            _ => write!(all, "{text}+{token}.{time}"),
        };
        all.append_value("");
    }
    cast(&all.finish(), values.data_type())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Date32Array, DictionaryArray, Int32Array, StringArray, TimestampNanosecondArray};
    use arrow::datatypes::{Date32Type, Field, Int8Type, Schema, TimestampNanosecondType};

    fn repeat(name: &str, values: ArrayRef, tokens: u32, tile: Tile) -> Result<ArrayRef> {
        let schema = Schema::new(vec![Field::new(name, values.data_type().clone(), true)]);
        let batch = Repeat::new(&Arc::new(schema), tokens).batch(tile, &[Arc::clone(&values)])?;
        assert_eq!(batch[0].data_type(), values.data_type());
        Ok(Arc::clone(&batch[0]))
    }

    const LATER: Tile = Tile { number: 2, days: 6 };
    const FIRST: Tile = Tile { number: 0, days: 0 };

    #[test]
    fn ids_are_one_of_each_copy_side_by_side() {
        let ids: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
        for tile in [FIRST, LATER] {
            let got = repeat("token_id", Arc::clone(&ids), 2, tile).unwrap();
            let expected = StringArray::from(vec![Some("a"), Some("a+1"), None, None]);
            assert_eq!(got.as_string::<i32>(), &expected);
        }
        assert_eq!(&repeat("token_id", Arc::clone(&ids), 1, LATER).unwrap(), &ids);
    }

    #[test]
    fn events_are_one_of_every_copy_and_keep_their_type() {
        let keys: DictionaryArray<Int8Type> = ["e"].into_iter().collect();
        let got = repeat("event_key", Arc::new(keys), 2, LATER).unwrap();
        let texts = cast(&got, &DataType::Utf8).unwrap();
        assert_eq!(
            texts.as_string::<i32>(),
            &StringArray::from(vec!["e+0.2", "e+1.2"])
        );
    }

    #[test]
    fn times_are_shifted_by_whole_days() {
        let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(1), None]));
        let got = repeat("day", days, 1, LATER).unwrap();
        assert_eq!(
            got.as_primitive::<Date32Type>(),
            &Date32Array::from(vec![Some(7), None])
        );
        let ticks: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![5]).with_timezone("UTC"));
        let got = repeat("any", Arc::clone(&ticks), 1, LATER).unwrap();
        let expected = TimestampNanosecondArray::from(vec![5 + 6 * 86_400_000_000_000]).with_timezone("UTC");
        assert_eq!(got.as_primitive::<TimestampNanosecondType>(), &expected);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let far: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![i64::MAX - 5]));
        let error = repeat("ts", far, 1, LATER).unwrap_err();
        assert_eq!(
            (error.code, error.column.as_deref()),
            (Code::Overflow, Some("ts"))
        );
        let days: ArrayRef = Arc::new(Date32Array::from(vec![i32::MAX]));
        assert_eq!(repeat("day", days, 1, LATER).unwrap_err().code, Code::Overflow);
        let ids: ArrayRef = Arc::new(Int32Array::from(vec![1]));
        let error = repeat("token_id", Arc::clone(&ids), 2, FIRST).unwrap_err();
        assert_eq!(error.code, Code::WrongType);
        assert_eq!(&repeat("token_id", Arc::clone(&ids), 1, LATER).unwrap(), &ids);
    }
}
