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

impl Keys {
    /// Codes the keys of `rows` left and right rows, whose columns are compared pair by pair; without columns all
    /// rows have one key ([`KeyIndex`]).
    ///
    /// # Errors
    /// Those of [`KeyIndex`].
    pub fn new(
        job: &Job,
        (left, right): (&[Column<'_>], &[Column<'_>]),
        rows: (usize, usize),
    ) -> Result<Self> {
        let (index, right) = KeyIndex::build(job, right, rows.1)?;
        let mut left = index.look_up(job, left, rows.0)?;
        let absent = index.len() as u32;
        for code in left.iter_mut().filter(|code| **code == UNMATCHED) {
            *code = absent;
        }
        Ok(Keys {
            left,
            right,
            count: index.len(),
        })
    }
}

/// The code of a key that the index has not.
pub const UNMATCHED: u32 = NULL_CODE - 1;

/// The keys of a table, in which those of another are looked up. Values are compared, not types: text by its bytes,
/// integers whatever their widths, times as instants. A null in any column makes a key null.
#[derive(Default)]
pub struct KeyIndex {
    columns: Vec<ColumnIndex>,
    /// Codes of (the key of the columns before, the value of the next one), for every column but the first.
    pairs: Vec<HashMap<u64, u32>>,
}

/// The distinct values of one key column.
struct ColumnIndex {
    name: String,
    type_name: String,
    kind: Kind,
    texts: Interner,
    numbers: HashMap<i128, u32>,
}

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

    /// What a count is multiplied with to be compared.
    fn scale(self) -> i128 {
        if let Kind::Time(nanos) = self { nanos } else { 1 }
    }
}

impl ColumnIndex {
    fn build(job: &Job, column: &Column<'_>) -> Result<(Self, Vec<u32>)> {
        let mut index = ColumnIndex {
            name: column.name.to_string(),
            type_name: column.type_name(),
            kind: Kind::of(column)?,
            texts: Interner::default(),
            numbers: HashMap::new(),
        };
        let codes = if index.kind == Kind::Text {
            text_codes(job, column, &mut |t| index.texts.intern(t))?
        } else {
            let (numbers, scale) = (&mut index.numbers, index.kind.scale());
            int_codes(job, column, &mut |v| {
                let next = numbers.len() as u32;
                *numbers.entry(v * scale).or_insert(next)
            })?
        };
        Ok((index, codes))
    }

    fn look_up(&self, job: &Job, column: &Column<'_>) -> Result<Vec<u32>> {
        let kind = Kind::of(column)?;
        if !kind.fits(self.kind) {
            return Err(column.error(
                Code::WrongType,
                format!(
                    "is {} and its pair {} is {}; such keys never match, give both one type",
                    column.type_name(),
                    self.name,
                    self.type_name
                ),
            ));
        }
        if kind == Kind::Text {
            return text_codes(job, column, &mut |t| self.texts.get(t).unwrap_or(UNMATCHED));
        }
        int_codes(job, column, &mut |v| {
            self.numbers
                .get(&(v * kind.scale()))
                .copied()
                .unwrap_or(UNMATCHED)
        })
    }

    fn len(&self) -> usize {
        self.texts.len() + self.numbers.len()
    }
}

impl KeyIndex {
    /// The keys of `rows` rows, and the code of each. Codes follow the first appearance.
    ///
    /// # Errors
    /// `WRONG_TYPE`, `CORRUPT`, `CANCELLED`.
    pub fn build(job: &Job, columns: &[Column<'_>], rows: usize) -> Result<(Self, Vec<u32>)> {
        let mut index = KeyIndex::default();
        let mut codes: Option<Vec<u32>> = None;
        for column in columns {
            let (one, next) = ColumnIndex::build(job, column)?;
            index.columns.push(one);
            codes = Some(match codes {
                None => next,
                Some(before) => {
                    let mut pairs: HashMap<u64, u32> = HashMap::new();
                    let both = pair_codes(job, &before, &next, &mut |pair| {
                        let next = pairs.len() as u32;
                        *pairs.entry(pair).or_insert(next)
                    })?;
                    index.pairs.push(pairs);
                    both
                }
            });
        }
        Ok((index, codes.unwrap_or_else(|| vec![0; rows])))
    }

    /// The codes of another table's keys: [`UNMATCHED`] for those that the index has not.
    ///
    /// # Errors
    /// As [`KeyIndex::build`], and `WRONG_TYPE` when the columns of a pair cannot be equal, `INVALID_OPTION` when
    /// there is not one for each.
    pub fn look_up(&self, job: &Job, columns: &[Column<'_>], rows: usize) -> Result<Vec<u32>> {
        if columns.len() != self.columns.len() {
            return Err(Error::new(
                Code::InvalidOption,
                format!(
                    "one table has {} key columns and the other {}; give them in pairs",
                    columns.len(),
                    self.columns.len()
                ),
            ));
        }
        let mut codes: Option<Vec<u32>> = None;
        for (i, (column, index)) in columns.iter().zip(&self.columns).enumerate() {
            let next = index.look_up(job, column)?;
            codes = Some(match (codes, i.checked_sub(1).and_then(|i| self.pairs.get(i))) {
                (Some(before), Some(pairs)) => pair_codes(job, &before, &next, &mut |pair| {
                    pairs.get(&pair).copied().unwrap_or(UNMATCHED)
                })?,
                _ => next,
            });
        }
        Ok(codes.unwrap_or_else(|| vec![0; rows]))
    }

    /// How many keys there are; one, that of all rows, without columns.
    #[must_use]
    pub fn len(&self) -> usize {
        match (self.pairs.last(), self.columns.first()) {
            (Some(pairs), _) => pairs.len(),
            (None, Some(column)) => column.len(),
            (None, None) => 1,
        }
    }

    /// Bytes of memory that it holds, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        let numbers = |c: &ColumnIndex| c.texts.memory() + c.numbers.capacity() * 33;
        let pairs = self.pairs.iter().map(|p| p.capacity() * 17).sum::<usize>();
        self.columns.iter().map(numbers).sum::<usize>() + pairs
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
