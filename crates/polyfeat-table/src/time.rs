//! Time columns of any type as 64-bit counts of one unit (SPEC §1 "Time").

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use polyfeat::{NULL_TS, TimeUnit, parse_iso8601};

use crate::chunked::Chunked;
use crate::column::{Column, Piece};
use crate::data_type::{DataType, IntType};
use crate::error::{Code, Result};
use crate::ints::{chunk_of, mapped, typed, validity, with_ints};
use crate::job::Job;
use crate::number::whole;
use crate::text::each_text;

const DAY_MS: i64 = 86_400_000;

/// A time column whose type was found to be one.
#[derive(Clone, Copy)]
pub struct Times<'c, 'a> {
    /// The column.
    pub column: &'c Column<'a>,
    /// The unit of its instants here: its own; ms for dates; ns for text.
    pub unit: TimeUnit,
}

impl<'c, 'a> Times<'c, 'a> {
    /// Looks at the type. Integers are times only when the caller says their unit.
    ///
    /// # Errors
    /// `WRONG_TYPE`.
    pub fn of(column: &'c Column<'a>, ts_unit: Option<TimeUnit>) -> Result<Self> {
        let unit = match (column.value_type(), ts_unit) {
            (DataType::Timestamp(unit), _) => unit,
            (DataType::Date32 | DataType::Date64 | DataType::Null, _) => TimeUnit::Millisecond,
            (t, _) if t.is_text() => TimeUnit::Nanosecond,
            (DataType::Int(_), Some(unit)) => unit,
            (DataType::Int(_), None) => {
                return Err(column.wrong_type(
                    "a timestamp, a date or ISO 8601 text; say tsUnit s|ms|us|ns if these integers are times since 1970",
                ));
            }
            _ => return Err(column.wrong_type("a timestamp, a date or ISO 8601 text")),
        };
        Ok(Times { column, unit })
    }

    /// The instants; missing ones are [`NULL_TS`]. Timestamps without nulls stay where they are. Warns of texts
    /// that do not parse, which are missing.
    ///
    /// # Errors
    /// `OVERFLOW` with the row; `CORRUPT`; `CANCELLED`.
    pub fn read(&self, job: &Job) -> Result<Chunked<'c, i64>> {
        let unparsed = AtomicU64::new(0);
        let parts = job.threads.map(self.column.pieces(), |piece| {
            job.check()?;
            let (values, texts) = values(self.column, &piece)?;
            unparsed.fetch_add(texts, Ordering::Relaxed);
            Ok(values)
        })?;
        let unparsed = unparsed.into_inner();
        if unparsed > 0 {
            job.warn(
                "unparsable_ts",
                format!(
                    "{unparsed} values of {} are no ISO 8601 times and became null",
                    self.column.name
                ),
            );
        }
        Ok(Chunked::new(parts))
    }

    /// [`Times::read`] in one slice.
    ///
    /// # Errors
    /// Those of [`Times::read`].
    pub fn read_flat(&self, job: &Job) -> Result<Cow<'c, [i64]>> {
        if let Some(whole) = whole(self.column, DataType::Timestamp(self.unit))
            && let Cow::Borrowed(values) = typed(self.column, &whole)?
        {
            return Ok(Cow::Borrowed(values));
        }
        self.read(job).map(Chunked::flat)
    }
}

/// The instants of a piece, and how many texts did not parse.
fn values<'c>(column: &'c Column<'_>, piece: &Piece) -> Result<(Cow<'c, [i64]>, u64)> {
    let valid = validity(column, piece);
    let rows = piece.rows.clone();
    let mut values: Cow<'c, [i64]> = match column.data_type {
        DataType::Timestamp(_) | DataType::Date64 | DataType::Int(IntType::I64) => typed(column, piece)?,
        // 2^31 days are 1.9e17 ms: no overflow.
        DataType::Date32 => typed::<i32>(column, piece)?
            .iter()
            .map(|&d| i64::from(d) * DAY_MS)
            .collect(),
        DataType::Int(IntType::U64) => {
            let mut out = Vec::with_capacity(rows.len());
            for (row, &value) in rows.clone().zip(typed::<u64>(column, piece)?.iter()) {
                out.push(match i64::try_from(value) {
                    _ if !valid.is_none_or(|v| v.get(row)) => NULL_TS,
                    Ok(value) => value,
                    Err(_) => {
                        let row = column.row_of(piece.chunk, row);
                        return Err(column
                            .error(
                                Code::Overflow,
                                format!("has time {value} in row {row}, which does not fit into 64 bits"),
                            )
                            .at_row(row));
                    }
                });
            }
            return Ok((Cow::Owned(out), 0));
        }
        #[allow(clippy::cast_possible_wrap, clippy::cast_lossless)] // none of the narrower types wraps
        DataType::Int(int) => with_ints!(int, column, piece, |values| values
            .iter()
            .map(|&v| v as i64)
            .collect()),
        DataType::Null => return Ok((rows.map(|_| NULL_TS).collect(), 0)),
        DataType::Dictionary(int) => return behind_dictionary(column, int, piece),
        _ => return parsed(column, piece),
    };
    if let Some(valid) = valid {
        for (row, value) in rows.zip(values.to_mut()) {
            if !valid.get(row) {
                *value = NULL_TS;
            }
        }
    }
    Ok((values, 0))
}

fn parsed(column: &Column<'_>, piece: &Piece) -> Result<(Cow<'static, [i64]>, u64)> {
    let mut out = Vec::with_capacity(piece.rows.len());
    let mut unparsed = 0;
    each_text(column, piece, |text| {
        let time = text.map(|t| std::str::from_utf8(t).ok().and_then(parse_iso8601));
        unparsed += u64::from(time == Some(None));
        out.push(time.flatten().unwrap_or(NULL_TS));
    })?;
    Ok((Cow::Owned(out), unparsed))
}

fn behind_dictionary(column: &Column<'_>, int: IntType, piece: &Piece) -> Result<(Cow<'static, [i64]>, u64)> {
    let (mut map, mut is_unparsed) = (Vec::new(), Vec::new());
    if let Some(dictionary) = &chunk_of(column, piece)?.dictionary {
        for piece in dictionary.pieces() {
            map.extend_from_slice(&values(dictionary, &piece)?.0);
        }
        if dictionary.data_type.is_text() {
            for piece in dictionary.pieces() {
                each_text(dictionary, &piece, |t| {
                    is_unparsed.push(t.is_some() && map[is_unparsed.len()] == NULL_TS);
                })?;
            }
        }
    }
    let mut out = vec![NULL_TS; piece.rows.len()];
    mapped(column, int, piece, &map, NULL_TS, &mut out)?;
    // Texts are counted by row, as they are without a dictionary.
    let mut unparsed = 0;
    if is_unparsed.contains(&true) {
        let mut rows = vec![false; piece.rows.len()];
        mapped(column, int, piece, &is_unparsed, false, &mut rows)?;
        unparsed = rows.iter().filter(|&&u| u).count() as u64;
    }
    Ok((Cow::Owned(out), unparsed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Chunk;
    use std::sync::Arc;

    fn column(data_type: DataType, len: usize, values: &[u8]) -> Column<'_> {
        Column {
            name: "ts".into(),
            data_type,
            chunks: vec![Chunk::of_values(len, values)],
        }
    }

    fn read(column: &Column<'_>, unit: Option<TimeUnit>) -> Result<Vec<i64>> {
        Ok(Times::of(column, unit)?.read_flat(&Job::default())?.into_owned())
    }

    #[test]
    fn dates_timestamps_and_integers() {
        let days = [-1_i32, 2];
        let c = column(DataType::Date32, 2, bytemuck::cast_slice(&days));
        assert_eq!(read(&c, None).unwrap(), [-DAY_MS, 2 * DAY_MS]);
        let stamps = [7_i64, NULL_TS, 9];
        let mut c = column(
            DataType::Timestamp(TimeUnit::Second),
            3,
            bytemuck::cast_slice(&stamps),
        );
        assert_eq!(read(&c, None).unwrap(), stamps);
        c.chunks[0].validity = Some([0b110_u8][..].into());
        assert_eq!(read(&c, None).unwrap(), [NULL_TS, NULL_TS, 9]);
        c.data_type = DataType::Int(IntType::U64);
        let e = read(&c, None).unwrap_err();
        assert_eq!(e.code, Code::WrongType);
        let e = read(&c, Some(TimeUnit::Second)).unwrap_err();
        assert_eq!((e.code, e.row), (Code::Overflow, Some(1)));
        c.chunks[0].validity = Some([0b100_u8][..].into());
        assert_eq!(read(&c, Some(TimeUnit::Second)).unwrap(), [NULL_TS, NULL_TS, 9]);
    }

    #[test]
    fn text_is_parsed_and_what_does_not_parse_is_counted_by_row() {
        let offsets = [0_i32, 20, 24];
        let mut texts = column(DataType::Utf8, 2, b"1970-01-01T00:00:01Zsoon");
        texts.chunks[0].offsets = Some(bytemuck::cast_slice(&offsets).into());
        let mut coded = column(DataType::Dictionary(IntType::I8), 4, &[1, 0, 1, 0]);
        coded.chunks[0].dictionary = Some(Arc::new(texts.clone()));
        coded.chunks[0].validity = Some([0b1111_0111_u8][..].into());
        for (c, expected, count) in [
            (&texts, vec![1_000_000_000, NULL_TS], "1 "),
            (&coded, vec![NULL_TS, 1_000_000_000, NULL_TS, NULL_TS], "2 "),
        ] {
            let job = Job::default();
            assert_eq!(*Times::of(c, None).unwrap().read_flat(&job).unwrap(), expected);
            let warnings = job.take_warnings();
            assert_eq!(warnings[0].code, "unparsable_ts");
            assert!(warnings[0].message.starts_with(count));
        }
    }
}
