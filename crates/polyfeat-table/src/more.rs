//! What rules of visibility look at beside time, price and size of a print.

use polyfeat::{TimeUnit, resolution};

use crate::chunked::Chunked;
use crate::codes::NULL_CODE;
use crate::error::Result;
use crate::job::Job;
use crate::keys::{KeyIndex, UNMATCHED};
use crate::sequence::Sequence;
use crate::tape::TapeColumns;
use crate::time::Times;

/// What rules in use need of a tape.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs)]
pub struct Needs {
    pub availability: bool,
    pub sequence: bool,
    pub own: bool,
    pub resolution: bool,
    pub begin: bool,
}

impl Needs {
    /// All of it: rules that are not known yet.
    #[must_use]
    pub fn all() -> Self {
        Needs {
            availability: true,
            sequence: true,
            own: true,
            resolution: true,
            begin: true,
        }
    }
}

/// Columns of prints, in the tape's order once picked.
#[derive(Default)]
pub struct More {
    /// When each print became known, and the unit of that.
    pub availability: Option<(Vec<i64>, TimeUnit)>,
    /// Place of each print in its time.
    pub sequence: Option<Sequence>,
    /// Code of each print's transaction; [`NULL_CODE`] for null.
    pub own: Option<Vec<u32>>,
    /// The transactions of the codes; `None`: they are the trades' codes.
    pub own_index: Option<KeyIndex>,
    /// The coarsest unit of which all times are whole numbers.
    pub resolution: Option<TimeUnit>,
    /// The first time of a print with a token, whatever token, in the unit of the tape's own times.
    pub begin: Option<i64>,
}

impl More {
    /// Reads what is needed, by row of the tape. `own` are the trades' transactions, when they are known.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(
        job: &Job,
        columns: &TapeColumns<'_>,
        ts_unit: Option<TimeUnit>,
        needs: Needs,
        own: Option<&KeyIndex>,
    ) -> Result<Self> {
        let mut more = More::default();
        if let (Some(column), true) = (&columns.availability, needs.availability) {
            let times = Times::of(column, ts_unit)?;
            more.availability = Some((times.read_flat(job)?.into_owned(), times.unit));
        }
        if let (Some(column), true) = (&columns.sequence, needs.sequence) {
            more.sequence = Some(Sequence::read(job, column)?);
        }
        if needs.own && !columns.own.is_empty() {
            let rows = columns.token.len();
            let codes = match own {
                Some(index) => index.look_up(job, &columns.own, rows)?,
                None => {
                    let (index, codes) = KeyIndex::build(job, &columns.own, rows)?;
                    more.own_index = Some(index);
                    codes
                }
            };
            let known = |code: u32| if code == UNMATCHED { NULL_CODE } else { code };
            more.own = Some(codes.into_iter().map(known).collect());
        }
        Ok(more)
    }

    /// Whether there is a column that has to follow the prints.
    #[must_use]
    pub fn by_row(&self) -> bool {
        self.availability.is_some() || self.sequence.is_some() || self.own.is_some()
    }

    /// Takes the values of `rows`, in that order.
    pub fn pick(&mut self, rows: &[u32]) {
        fn of<T: Copy>(values: &mut Vec<T>, rows: &[u32]) {
            *values = rows.iter().map(|&row| values[row as usize]).collect();
        }
        if let Some((values, _)) = &mut self.availability {
            of(values, rows);
        }
        if let Some(sequence) = &mut self.sequence {
            of(&mut sequence.places, rows);
        }
        if let Some(own) = &mut self.own {
            of(own, rows);
        }
    }

    /// Bytes of memory that it holds, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.availability.as_ref().map_or(0, |(v, _)| v.capacity() * 8)
            + self.sequence.as_ref().map_or(0, Sequence::memory)
            + self.own.as_ref().map_or(0, |v| v.capacity() * 4)
            + self.own_index.as_ref().map_or(0, KeyIndex::memory)
    }
}

/// The resolution of a column of times; `None` without any.
#[must_use]
pub fn resolution_of(ts: &Chunked<'_, i64>, unit: TimeUnit) -> Option<TimeUnit> {
    let mut found = None;
    for part in ts.parts() {
        if let Some(of_part) = resolution(part, unit) {
            found = Some(found.map_or(of_part, |f: TimeUnit| f.finer(of_part)));
        }
        if found == Some(unit) {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    #[test]
    fn the_resolution_of_a_column_is_the_finest_of_its_parts() {
        let of = |parts: &[&'static [i64]]| {
            let parts = parts.iter().map(|&p| Cow::Borrowed(p)).collect();
            resolution_of(&Chunked::new(parts), TimeUnit::Microsecond)
        };
        assert_eq!(of(&[&[1_000_000], &[], &[2_000_000]]), Some(TimeUnit::Second));
        assert_eq!(of(&[&[1_000_000], &[5_000]]), Some(TimeUnit::Millisecond));
        assert_eq!(of(&[&[1], &[1_000_000]]), Some(TimeUnit::Microsecond));
        assert_eq!(of(&[&[i64::MIN]]), None);
    }
}
