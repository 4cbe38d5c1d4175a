//! A table's rows by key and time: what joins and windows over a second table search.

use crate::order::{group_by_code, sort_rows_by_time};
use crate::time::NULL_TS;

/// The rows of a table sorted by (key, stamp, row), those without key or stamp left out.
///
/// The fields are public so that a caller with threads can fill them key by key: key `k` has the positions
/// `offsets[k]..offsets[k + 1]`, stamps ascending there, rows of equal stamps ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyedTimes {
    /// One more than there are keys, ascending from 0 to the number of rows kept.
    pub offsets: Vec<usize>,
    /// The row at each position.
    pub rows: Vec<u32>,
    /// Its stamp.
    pub ts: Vec<i64>,
}

impl KeyedTimes {
    /// Sorts a table. `codes` are its keys (at or past `n_codes` = null), `ts` its stamps ([`NULL_TS`] = null), of equal
    /// length. Cost: linear when every key's rows are in time order, else n log n.
    ///
    /// # Panics
    /// When `ts` is shorter than `codes`.
    ///
    /// ```
    /// use polyfeat::{KeyedTimes, NULL_TS};
    /// let table = KeyedTimes::new(&[1, 0, 1, 0, u32::MAX], 2, &[9, 5, 7, NULL_TS, 1]);
    /// assert_eq!(table.key(0), (&[5][..], &[1][..]));
    /// assert_eq!(table.key(1), (&[7, 9][..], &[2, 0][..]));
    /// ```
    #[must_use]
    pub fn new(codes: &[u32], n_codes: usize, ts: &[i64]) -> Self {
        let mut groups = group_by_code(codes, n_codes);
        let mut sorted = Self {
            offsets: vec![0],
            ..Self::default()
        };
        for bounds in groups.offsets.windows(2).take(n_codes) {
            let rows = &mut groups.rows[bounds[0]..bounds[1]];
            sort_rows_by_time(rows, ts);
            let known = rows.partition_point(|&row| ts[row as usize] != NULL_TS);
            let rows = &rows[..known];
            sorted.rows.extend_from_slice(rows);
            sorted.ts.extend(rows.iter().map(|&row| ts[row as usize]));
            sorted.offsets.push(sorted.rows.len());
        }
        sorted
    }

    /// How many keys there are.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Stamps and rows of a key; empty when it is null or has none.
    #[must_use]
    pub fn key(&self, code: u32) -> (&[i64], &[u32]) {
        let code = code as usize;
        match (self.offsets.get(code), self.offsets.get(code.saturating_add(1))) {
            (Some(&from), Some(&to)) => (
                self.ts.get(from..to).unwrap_or_default(),
                self.rows.get(from..to).unwrap_or_default(),
            ),
            _ => (&[], &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rows_no_keys_and_null_keys() {
        assert_eq!(KeyedTimes::default().keys(), 0);
        assert_eq!(KeyedTimes::default().key(0), (&[][..], &[][..]));
        let table = KeyedTimes::new(&[0, 7], 1, &[3, 3]);
        assert_eq!((table.keys(), table.rows.len()), (1, 1));
        assert_eq!(table.key(u32::MAX), (&[][..], &[][..]));
        assert_eq!(table.key(7), (&[][..], &[][..]));
    }
}
