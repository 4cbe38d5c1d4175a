//! Stable grouping and ordering of rows by code and time (spec §2 "Rows").

use std::convert::Infallible;

/// Rows grouped by code: group `g` is `rows[offsets[g]..offsets[g + 1]]`, rows in the order they were given.
/// There is one group per code and one more, the last, for the rows whose code is null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// `n_codes + 2` ascending offsets into `rows`; the last is the number of rows.
    pub offsets: Vec<usize>,
    /// Every row index once.
    pub rows: Vec<u32>,
}

impl Groups {
    /// The rows of group `g`; empty when there is no such group. `group(n_codes)` holds the nulls.
    #[must_use]
    pub fn group(&self, g: usize) -> &[u32] {
        match (self.offsets.get(g), self.offsets.get(g + 1)) {
            (Some(&from), Some(&to)) => self.rows.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Groups row indices by code, keeping file order inside a group (a counting sort).
///
/// Codes at or past `n_codes` (`u32::MAX` = null) go to the last group. Cost: linear in rows + codes.
/// `codes` has at most `u32::MAX` rows.
///
/// ```
/// use polyfeat::group_by_code;
/// let groups = group_by_code(&[1, u32::MAX, 0, 1], 2);
/// assert_eq!(groups.offsets, [0, 1, 3, 4]);
/// assert_eq!(groups.rows, [2, 0, 3, 1]);
/// ```
#[must_use]
pub fn group_by_code(codes: &[u32], n_codes: usize) -> Groups {
    group_visited(codes, n_codes, 0..codes.len() as u32)
}

/// [`group_by_code`] that can be stopped: `go_on` is asked now and then, a few hundred times a second, and its error
/// ends the work.
///
/// ```
/// use polyfeat::group_by_code_while;
/// let groups = group_by_code_while(&[1, 0], 2, || Ok::<(), &str>(()));
/// assert_eq!(groups.unwrap().rows, [1, 0]);
/// assert!(group_by_code_while(&[1, 0], 2, || Err("stopped")).is_err());
/// ```
///
/// # Errors
/// Those of `go_on`.
pub fn group_by_code_while<E>(
    codes: &[u32],
    n_codes: usize,
    go_on: impl FnMut() -> Result<(), E>,
) -> Result<Groups, E> {
    group_visited_while(codes, n_codes, 0..codes.len() as u32, go_on)
}

/// [`group_by_code`] over the rows that `visit` yields, in its order. Rows must be inside `codes`.
pub(crate) fn group_visited<I>(codes: &[u32], n_codes: usize, visit: I) -> Groups
where
    I: Iterator<Item = u32> + Clone,
{
    let groups = group_visited_while(codes, n_codes, visit, || Ok::<(), Infallible>(()));
    match groups {
        Ok(groups) => groups,
        Err(never) => match never {},
    }
}

/// Rows between two questions whether to go on: some milliseconds of jumping through memory.
const ROWS_AT_A_TIME: usize = 1 << 18;

fn group_visited_while<E, I>(
    codes: &[u32],
    n_codes: usize,
    mut visit: I,
    mut go_on: impl FnMut() -> Result<(), E>,
) -> Result<Groups, E>
where
    I: Iterator<Item = u32> + Clone,
{
    let group_of = |row: u32| (codes[row as usize] as usize).min(n_codes);
    let mut offsets = vec![0usize; n_codes + 2];
    let (mut counting, mut n) = (visit.clone(), 0);
    while n % ROWS_AT_A_TIME == 0 {
        go_on()?;
        let before = n;
        for row in counting.by_ref().take(ROWS_AT_A_TIME) {
            offsets[group_of(row) + 1] += 1;
            n += 1;
        }
        if n == before {
            break;
        }
    }
    for g in 1..offsets.len() {
        offsets[g] += offsets[g - 1];
    }
    let mut next = offsets.clone();
    let mut rows = vec![0u32; n];
    for _ in (0..n).step_by(ROWS_AT_A_TIME) {
        go_on()?;
        for row in visit.by_ref().take(ROWS_AT_A_TIME) {
            let slot = &mut next[group_of(row)];
            rows[*slot] = row;
            *slot += 1;
        }
    }
    Ok(Groups { offsets, rows })
}

/// A key that sorts like the stamp, the null stamp (`i64::MIN`) last.
const fn nulls_last(ts: i64) -> i64 {
    ts.wrapping_sub(1)
}

/// Sorts `rows` by their stamp `ts[row]`, stably, null stamps last.
///
/// Rows that are already in order are only looked at once; else n log n. Every row must be an index into `ts`.
///
/// # Panics
/// When a row is no index into `ts`.
///
/// ```
/// use polyfeat::{NULL_TS, sort_rows_by_time};
/// let mut rows = [0, 1, 2, 3];
/// sort_rows_by_time(&mut rows, &[9, NULL_TS, 4, 9]);
/// assert_eq!(rows, [2, 0, 3, 1]);
/// ```
pub fn sort_rows_by_time(rows: &mut [u32], ts: &[i64]) {
    let key = |row: u32| nulls_last(ts[row as usize]);
    if rows.is_sorted_by_key(|&row| key(row)) {
        return;
    }
    // Keys beside rows: the sort then reads memory in a line instead of jumping through `ts`.
    let mut keyed: Vec<(i64, u32)> = rows.iter().map(|&row| (key(row), row)).collect();
    keyed.sort_by_key(|&(key, _)| key);
    for (row, (_, sorted)) in rows.iter_mut().zip(keyed) {
        *row = sorted;
    }
}

/// The permutation of the rows by (code, stamp), stable, nulls last in both: the output's row order, and the order
/// in which the notebook adds complete sets.
///
/// For the order of tokens to be that of their UTF-8 bytes, the codes must be ranks by bytes. `codes` and `ts` have
/// the same length. Cost: linear when each token's rows are in time order already, else n log n within tokens.
///
/// # Panics
/// When `ts` is shorter than `codes`.
///
/// ```
/// use polyfeat::token_order;
/// assert_eq!(token_order(&[1, 0, u32::MAX, 0], 2, &[5, 9, 1, 7]), [3, 1, 0, 2]);
/// ```
#[must_use]
pub fn token_order(codes: &[u32], n_codes: usize, ts: &[i64]) -> Vec<u32> {
    let Groups { offsets, mut rows } = group_by_code(codes, n_codes);
    for bounds in offsets.windows(2) {
        sort_rows_by_time(&mut rows[bounds[0]..bounds[1]], ts);
    }
    rows
}

/// Codes whose rows are sorted together as one piece of parallel work.
const CODES_AT_A_TIME: usize = 256;

/// [`token_order`], and where each code's rows are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOrder {
    /// Row indices by (code, stamp), stable, nulls last in both.
    pub rows: Vec<u32>,
    /// `n_codes + 1` offsets into `rows`; rows without a code come after the last.
    pub offsets: Vec<usize>,
}

/// The rows of some neighbouring codes, to be sorted by time.
#[derive(Debug)]
pub struct OrderPiece<'a> {
    rows: &'a mut [u32],
    bounds: &'a [usize],
}

impl OrderPiece<'_> {
    /// Sorts the rows of each code by `ts`, stably, null stamps last.
    ///
    /// # Panics
    /// When `ts` is shorter than the codes were.
    pub fn sort(self, ts: &[i64]) {
        for pair in self.bounds.windows(2) {
            sort_rows_by_time(
                &mut self.rows[pair[0] - self.bounds[0]..pair[1] - self.bounds[0]],
                ts,
            );
        }
    }
}

impl TokenOrder {
    /// Groups rows by code; `sort_all` is given the pieces and calls [`OrderPiece::sort`] on each, on as many
    /// threads as it likes, or fails. Until then `go_on` is asked as by [`group_by_code_while`].
    ///
    /// ```
    /// use polyfeat::TokenOrder;
    /// let order = TokenOrder::by(&[1, 0, u32::MAX, 0], 2, || Ok::<(), ()>(()), |pieces| {
    ///     pieces.into_iter().for_each(|piece| piece.sort(&[5, 9, 1, 7]));
    ///     Ok(())
    /// });
    /// assert_eq!(order.unwrap().rows, [3, 1, 0, 2]);
    /// ```
    ///
    /// # Errors
    /// Those of `go_on` and `sort_all`.
    pub fn by<E>(
        codes: &[u32],
        n_codes: usize,
        go_on: impl FnMut() -> Result<(), E>,
        sort_all: impl FnOnce(Vec<OrderPiece<'_>>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let Groups {
            mut offsets,
            mut rows,
        } = group_by_code_while(codes, n_codes, go_on)?;
        let mut pieces = Vec::new();
        let (mut rest, mut first) = (&mut rows[..], 0);
        for group in (0..=n_codes).step_by(CODES_AT_A_TIME) {
            let bounds = &offsets[group..=(group + CODES_AT_A_TIME).min(n_codes + 1)];
            let end = bounds[bounds.len() - 1];
            let rows = rest.split_off_mut(..end - first).unwrap_or_default();
            pieces.push(OrderPiece { rows, bounds });
            first = end;
        }
        sort_all(pieces)?;
        offsets.pop(); // the end of the null codes
        Ok(TokenOrder { rows, offsets })
    }

    /// Whether it is the order that the rows came in.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.rows.iter().enumerate().all(|(i, &row)| i == row as usize)
    }

    /// The position of each row.
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        let mut position = vec![0; self.rows.len()];
        for (i, &row) in self.rows.iter().enumerate() {
            position[row as usize] = i as u32;
        }
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rows_and_no_codes() {
        let groups = group_by_code(&[], 0);
        assert_eq!(groups.offsets, [0, 0]);
        assert!(groups.rows.is_empty());
        let groups = group_by_code(&[0, 7], 0);
        assert_eq!(groups.group(0), [0, 1]);
        assert!(groups.group(1).is_empty());
        assert!(token_order(&[], 3, &[]).is_empty());
    }

    #[test]
    fn the_largest_stamp_is_before_null() {
        let mut rows = [0, 1, 2];
        sort_rows_by_time(&mut rows, &[i64::MIN, i64::MAX, i64::MIN + 1]);
        assert_eq!(rows, [2, 1, 0]);
    }
}
