//! The place of prints and trades within one time, as integers that compare (spec §4 `sequence`).

use polyfeat::{NULL_TS, TimeUnit, rescale};

use crate::codes::{NULL_CODE, text_codes};
use crate::column::Column;
use crate::data_type::DataType;
use crate::error::{Code, Result};
use crate::interner::Interner;
use crate::ints::each_int;
use crate::job::Job;
use crate::time::Times;

/// A missing place.
const NULL: i64 = i64::MIN;

/// Places of a table's rows, and how those of another compare with them.
pub struct Sequence {
    /// By row; `i64::MIN` is null.
    pub places: Vec<i64>,
    kind: Kind,
}

enum Kind {
    Ints,
    /// Instants, in a unit.
    Times(TimeUnit),
    /// Texts in the order of their bytes; the place of the n-th is 2n + 1, so that others fit between.
    Texts(Vec<Vec<u8>>),
}

impl Sequence {
    /// Reads a column of integers, times or texts.
    ///
    /// # Errors
    /// `WRONG_TYPE`, `OVERFLOW`, `CORRUPT`, `CANCELLED`.
    pub fn read(job: &Job, column: &Column<'_>) -> Result<Self> {
        match column.value_type() {
            DataType::Int(_) | DataType::Null => Ok(Sequence {
                places: ints(job, column)?,
                kind: Kind::Ints,
            }),
            DataType::Timestamp(_) | DataType::Date32 | DataType::Date64 => {
                let times = Times::of(column, None)?;
                Ok(Sequence {
                    places: times.read_flat(job)?.into_owned(),
                    kind: Kind::Times(times.unit),
                })
            }
            t if t.is_text() => {
                let mut names = Interner::default();
                let codes = text_codes(job, column, &mut |t| names.intern(t))?;
                let ranks = names.ranks();
                let mut sorted = vec![Vec::new(); names.len()];
                for (code, &rank) in ranks.iter().enumerate() {
                    sorted[rank as usize] = names.name(code as u32).to_vec();
                }
                let place = |&code: &u32| ranks.get(code as usize).map_or(NULL, |&r| 2 * i64::from(r) + 1);
                Ok(Sequence {
                    places: codes.iter().map(place).collect(),
                    kind: Kind::Texts(sorted),
                })
            }
            _ => Err(column.wrong_type("a sequence: integers, times or text")),
        }
    }

    /// Bytes of memory that it holds, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        let texts = match &self.kind {
            Kind::Texts(sorted) => sorted.iter().map(|t| t.capacity() + size_of::<Vec<u8>>()).sum(),
            _ => 0,
        };
        self.places.capacity() * 8 + texts
    }

    /// The places of another table's rows among these, and what places of this table are to be multiplied with first.
    ///
    /// # Errors
    /// As [`Sequence::read`]; `WRONG_TYPE` when both are not of one kind.
    pub fn of_other(&self, job: &Job, column: &Column<'_>) -> Result<(Vec<i64>, i64)> {
        let other = column.value_type();
        match &self.kind {
            _ if other == DataType::Null => Ok((vec![NULL; column.len()], 1)),
            Kind::Ints if matches!(other, DataType::Int(_)) => Ok((ints(job, column)?, 1)),
            Kind::Times(unit) if !other.is_text() && !matches!(other, DataType::Int(_)) => {
                let times = Times::of(column, None)?;
                let finer = unit.finer(times.unit);
                let mut places = times.read_flat(job)?.into_owned();
                for (row, place) in places.iter_mut().enumerate().filter(|(_, p)| **p != NULL_TS) {
                    *place = rescale(*place, times.unit, finer).ok_or_else(|| too_far(column, row))?;
                }
                Ok((places, unit.nanos() / finer.nanos()))
            }
            Kind::Texts(sorted) if other.is_text() => {
                let mut places: Vec<i64> = Vec::new();
                let codes = text_codes(job, column, &mut |text| {
                    let place = match sorted.binary_search_by(|s| s.as_slice().cmp(text)) {
                        Ok(rank) => 2 * rank as i64 + 1,
                        Err(before) => 2 * before as i64,
                    };
                    places.push(place);
                    places.len() as u32 - 1
                })?;
                let place = |&code: &u32| {
                    if code == NULL_CODE {
                        NULL
                    } else {
                        places[code as usize]
                    }
                };
                Ok((codes.iter().map(place).collect(), 1))
            }
            _ => Err(column.wrong_type("a sequence of the same kind as the tape's: integers, times or text")),
        }
    }
}

fn ints(job: &Job, column: &Column<'_>) -> Result<Vec<i64>> {
    if let DataType::Dictionary(_) = column.data_type {
        return Err(column.wrong_type("a sequence without a dictionary: integers, times or text"));
    }
    let parts = job.threads.map(column.pieces(), |piece| {
        job.check()?;
        let mut out = Vec::with_capacity(piece.rows.len());
        let mut far = None;
        each_int(column, &piece, |value| {
            let place = value.map(|v| i64::try_from(v).ok().filter(|&v| v != NULL));
            if place == Some(None) {
                far.get_or_insert(piece.first + out.len());
            }
            out.push(place.flatten().unwrap_or(NULL));
        })?;
        match far {
            Some(row) => Err(too_far(column, row)),
            None => Ok(out),
        }
    })?;
    Ok(parts.concat())
}

fn too_far(column: &Column<'_>, row: usize) -> crate::error::Error {
    column
        .error(
            Code::Overflow,
            format!("has a value in row {row} that does not fit into 64 bits"),
        )
        .at_row(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Chunk;
    use crate::data_type::IntType;

    fn column(data_type: DataType, len: usize, values: &[u8]) -> Column<'_> {
        Column {
            name: "seq".into(),
            data_type,
            chunks: vec![Chunk::of_values(len, values)],
        }
    }

    #[test]
    fn texts_of_another_table_fit_between() {
        let texts = |data: &'static [u8], offsets: &'static [i32]| {
            let mut c = column(DataType::Utf8, offsets.len() - 1, data);
            c.chunks[0].offsets = Some(bytemuck::cast_slice(offsets).into());
            c
        };
        let job = Job::default();
        let here = Sequence::read(&job, &texts(b"dbd", &[0, 1, 2, 3])).unwrap();
        assert_eq!(here.places, [3, 1, 3]);
        let (there, scale) = here
            .of_other(&job, &texts(b"abcde", &[0, 1, 2, 3, 4, 5]))
            .unwrap();
        assert_eq!((there, scale), (vec![0, 1, 2, 3, 4], 1));
        let ints = column(DataType::Int(IntType::I8), 1, &[1]);
        assert_eq!(here.of_other(&job, &ints).unwrap_err().code, Code::WrongType);
    }

    #[test]
    fn times_compare_as_instants_and_integers_must_fit() {
        let (s, ms) = ([7_i64.to_le_bytes()].concat(), [7001_i64.to_le_bytes()].concat());
        let job = Job::default();
        let here = Sequence::read(&job, &column(DataType::Timestamp(TimeUnit::Second), 1, &s)).unwrap();
        let there = here.of_other(&job, &column(DataType::Timestamp(TimeUnit::Millisecond), 1, &ms));
        assert_eq!(there.unwrap(), (vec![7001], 1000));
        let huge = u64::MAX.to_le_bytes();
        let e = Sequence::read(&job, &column(DataType::Int(IntType::U64), 1, &huge));
        assert_eq!(e.err().map(|e| (e.code, e.row)), Some((Code::Overflow, Some(0))));
    }
}
