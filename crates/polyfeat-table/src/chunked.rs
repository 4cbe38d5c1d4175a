//! Values of a column in one Rust type, chunk by chunk: borrowed where the column holds them so already.

use std::borrow::Cow;
use std::ops::Range;

/// The rows of a column as slices that follow one another.
pub struct Chunked<'a, T: Clone> {
    parts: Vec<Cow<'a, [T]>>,
    /// The row at which each part begins, and the number of rows.
    starts: Vec<usize>,
}

impl<'a, T: Clone> Chunked<'a, T> {
    /// From parts in order.
    #[must_use]
    pub fn new(parts: Vec<Cow<'a, [T]>>) -> Self {
        let mut starts = vec![0];
        let mut rows = 0;
        for part in &parts {
            rows += part.len();
            starts.push(rows);
        }
        Chunked { parts, starts }
    }

    /// The rows at which parts begin, and the number of rows.
    #[must_use]
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The slices.
    pub fn parts(&self) -> impl Iterator<Item = &[T]> {
        self.parts.iter().map(|part| &**part)
    }

    /// Rows that lie in one part ([`segments`]); empty when they do not.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> &[T] {
        let part = self
            .starts
            .partition_point(|&s| s <= rows.start)
            .saturating_sub(1);
        match (self.parts.get(part), self.starts.get(part)) {
            (Some(values), Some(start)) => values
                .get(rows.start - start..rows.end - start)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// All rows in one slice; copies unless there is one part.
    #[must_use]
    pub fn flat(mut self) -> Cow<'a, [T]> {
        match self.parts.len() {
            1 => self.parts.pop().unwrap_or_default(),
            _ => Cow::Owned(self.parts.concat()),
        }
    }
}

/// The ranges of rows between which some column begins a new part: within one, each column is one slice.
#[must_use]
pub fn segments(starts: &[&[usize]]) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = starts.iter().flat_map(|s| s.iter().copied()).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_where_all_columns_are_slices() {
        let a = Chunked::new(vec![
            Cow::Borrowed(&[1, 2, 3][..]),
            Cow::Owned(vec![]),
            Cow::Owned(vec![4]),
        ]);
        let b = Chunked::new(vec![Cow::Borrowed(&[5, 6][..]), Cow::Borrowed(&[7, 8])]);
        let ranges = segments(&[a.starts(), b.starts()]);
        assert_eq!(ranges, [0..2, 2..3, 3..4]);
        let rows: Vec<(i32, i32)> = ranges
            .into_iter()
            .flat_map(|r| a.slice(r.clone()).iter().copied().zip(b.slice(r).to_vec()))
            .collect();
        assert_eq!(rows, [(1, 5), (2, 6), (3, 7), (4, 8)]);
        assert_eq!(*a.flat(), [1, 2, 3, 4]);
        assert!(segments(&[Chunked::<i32>::new(vec![]).starts()]).is_empty());
    }
}
