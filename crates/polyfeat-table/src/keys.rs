//! Keys of two tables, of any number of columns, as codes that are equal where the keys are.

use hashbrown::HashMap;
use polyfeat::TimeUnit;

use crate::codes::{NULL_CODE, int_codes, pair_codes, text_codes};
use crate::column::Column;
use crate::data_type::DataType;
use crate::error::{Code, Error, Result};
use crate::interner::Interner;
use crate::job::Job;

/// Keys of the rows of two tables. A key with a null in it is null, and equals nothing.
pub struct Keys {
    /// Of the left rows: below `count`; `count` for a key that the right table has not; [`NULL_CODE`] for null.
    pub left: Vec<u32>,
    /// Of the right rows.
    pub right: Vec<u32>,
    /// Distinct keys of the right table.
    pub count: usize,
}

/// The code of a left value that the right table has not.
const UNMATCHED: u32 = NULL_CODE - 1;

/// What values of a key column can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Int,
    Bool,
    /// Instants; nanoseconds in one of the column's counts.
    Time(i128),
    /// Nulls only: of any kind.
    Null,
}

impl Kind {
    fn of(column: &Column<'_>) -> Result<Self> {
        Ok(match column.value_type() {
            t if t.is_text() => Kind::Text,
            DataType::Int(_) => Kind::Int,
            DataType::Bool => Kind::Bool,
            DataType::Timestamp(unit) => Kind::Time(unit.nanos().into()),
            DataType::Date32 => Kind::Time(86_400 * i128::from(TimeUnit::Second.nanos())),
            DataType::Date64 => Kind::Time(TimeUnit::Millisecond.nanos().into()),
            DataType::Null => Kind::Null,
            _ => return Err(column.wrong_type("a key: text, integers, booleans, dates or timestamps")),
        })
    }

    fn fits(self, other: Kind) -> bool {
        match (self, other) {
            (Kind::Null, _) | (_, Kind::Null) | (Kind::Time(_), Kind::Time(_)) => true,
            _ => self == other,
        }
    }
}

impl Keys {
    /// Codes the keys of `rows` left and right rows, whose columns are compared pair by pair; without columns all
    /// rows have one key. Values are compared, not types: text by its bytes, integers whatever their widths, times
    /// as instants.
    ///
    /// # Errors
    /// `WRONG_TYPE` when the columns of a pair cannot be equal, `INVALID_OPTION` when there is not one for each,
    /// `CORRUPT`, `CANCELLED`.
    pub fn new(
        job: &Job,
        (left, right): (&[Column<'_>], &[Column<'_>]),
        rows: (usize, usize),
    ) -> Result<Self> {
        if left.len() != right.len() {
            return Err(Error::new(
                Code::InvalidOption,
                format!(
                    "there are {} key columns on the left and {} on the right; give them in pairs",
                    left.len(),
                    right.len()
                ),
            ));
        }
        let mut keys: Option<Keys> = None;
        for (left, right) in left.iter().zip(right) {
            let pair = Keys::of_pair(job, left, right)?;
            keys = Some(match keys {
                None => pair,
                Some(before) => before.and(job, &pair)?,
            });
        }
        let mut keys = keys.unwrap_or_else(|| Keys {
            left: vec![0; rows.0],
            right: vec![0; rows.1],
            count: 1,
        });
        let absent = keys.count as u32;
        for code in keys.left.iter_mut().filter(|code| **code == UNMATCHED) {
            *code = absent;
        }
        Ok(keys)
    }

    fn of_pair(job: &Job, left: &Column<'_>, right: &Column<'_>) -> Result<Self> {
        let (l, r) = (Kind::of(left)?, Kind::of(right)?);
        if !l.fits(r) {
            return Err(left.error(
                Code::WrongType,
                format!(
                    "is {} and its pair {} is {}; such keys never match, give both one type",
                    left.type_name(),
                    right.name,
                    right.type_name()
                ),
            ));
        }
        if l == Kind::Text || r == Kind::Text {
            let mut names = Interner::default();
            return Ok(Keys {
                right: text_codes(job, right, &mut |t| names.intern(t))?,
                left: text_codes(job, left, &mut |t| names.get(t).unwrap_or(UNMATCHED))?,
                count: names.len(),
            });
        }
        let scale = |kind: Kind| if let Kind::Time(nanos) = kind { nanos } else { 1 };
        let mut codes: HashMap<i128, u32> = HashMap::new();
        Ok(Keys {
            right: int_codes(job, right, &mut |v| {
                let next = codes.len() as u32;
                *codes.entry(v * scale(r)).or_insert(next)
            })?,
            left: int_codes(job, left, &mut |v| {
                codes.get(&(v * scale(l))).copied().unwrap_or(UNMATCHED)
            })?,
            count: codes.len(),
        })
    }

    /// Keys of both.
    fn and(&self, job: &Job, other: &Keys) -> Result<Keys> {
        let mut codes: HashMap<u64, u32> = HashMap::new();
        Ok(Keys {
            right: pair_codes(job, &self.right, &other.right, &mut |pair| {
                let next = codes.len() as u32;
                *codes.entry(pair).or_insert(next)
            })?,
            left: pair_codes(job, &self.left, &other.left, &mut |pair| {
                codes.get(&pair).copied().unwrap_or(UNMATCHED)
            })?,
            count: codes.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Chunk;
    use crate::data_type::IntType;

    fn ints<'a>(name: &str, int: IntType, values: &'a [u8]) -> Column<'a> {
        Column {
            name: name.into(),
            data_type: DataType::Int(int),
            chunks: vec![Chunk::of_values(values.len() / int.width(), values)],
        }
    }

    #[test]
    fn keys_are_equal_where_all_their_columns_are() {
        let wide: Vec<u8> = [1_i16, 2, 1, 3].iter().flat_map(|v| v.to_le_bytes()).collect();
        let mut a = ints("a", IntType::U8, &[1, 2, 1, 9]);
        let b = ints("b", IntType::I8, &[5, 5, 6, 5]);
        let c = ints("c", IntType::I16, &wide);
        let d = ints("d", IntType::I8, &[5, 5, 6, 5]);
        a.chunks[0].validity = Some([0b1011_u8][..].into());
        let job = Job::default();
        let keys = Keys::new(&job, (&[a, b], &[c, d]), (4, 4)).unwrap();
        assert_eq!(keys.right, [0, 1, 2, 3]);
        assert_eq!(keys.left, [0, 1, NULL_CODE, 4]);
        assert_eq!(keys.count, 4);
        let none = Keys::new(&job, (&[], &[]), (2, 1)).unwrap();
        assert_eq!((none.left, none.right, none.count), (vec![0, 0], vec![0], 1));
    }

    #[test]
    fn times_are_instants_and_kinds_must_fit() {
        let days = [1_i32, 2].map(i32::to_le_bytes).concat();
        let seconds = [172_800_i64].map(i64::to_le_bytes).concat();
        let mut a = ints("a", IntType::I32, &days);
        let mut b = ints("b", IntType::I64, &seconds);
        a.data_type = DataType::Date32;
        b.data_type = DataType::Timestamp(TimeUnit::Second);
        let job = Job::default();
        let keys = Keys::new(&job, (&[a.clone()], &[b]), (2, 1)).unwrap();
        assert_eq!(keys.left, [1, 0]);
        let e = Keys::new(&job, (&[a], &[ints("c", IntType::I8, &[1])]), (2, 1));
        assert_eq!(e.err().map(|e| e.code), Some(Code::WrongType));
    }
}
