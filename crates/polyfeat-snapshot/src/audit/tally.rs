//! How many rows something is true of, and which ones.

/// Rows that are named at most.
pub const NAMED: usize = 10;

/// A count of rows out of others, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that it is true of.
    pub rows: u64,
    /// Rows that were looked at.
    pub of: u64,
    /// The first ten of `rows`, by their place in the file of trades.
    pub first: Vec<u64>,
}

impl Tally {
    /// Looks at a row.
    pub fn look(&mut self, row: u32, hit: bool) {
        self.of += 1;
        if hit {
            self.hit(row);
        }
    }

    /// Finds it to be true of a row that was looked at before.
    pub fn hit(&mut self, row: u32) {
        self.rows += 1;
        self.name(u64::from(row));
    }

    fn name(&mut self, row: u64) {
        if self.first.len() == NAMED && self.first.last().is_some_and(|&last| last < row) {
            return;
        }
        let at = self.first.partition_point(|&first| first < row);
        self.first.insert(at, row);
        self.first.truncate(NAMED);
    }

    /// Takes in what was counted elsewhere.
    pub fn add(&mut self, other: &Tally) {
        self.rows += other.rows;
        self.of += other.of;
        other.first.iter().for_each(|&row| self.name(row));
    }

    /// Rows by rows looked at; `None` when there were none.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // rows are below 2^32
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.rows as f64 / self.of as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ten_are_named_in_whatever_order_they_come() {
        let (mut one, mut other) = (Tally::default(), Tally::default());
        (0..30).rev().for_each(|row| one.look(row * 2, row % 2 == 0));
        (0..30).for_each(|row| other.look(row * 2 + 1, row < 2));
        assert_eq!(one.share(), Some(0.5));
        one.add(&other);
        assert_eq!((one.rows, one.of), (17, 60));
        assert_eq!(one.first, [0, 1, 3, 4, 8, 12, 16, 20, 24, 28]);
        assert_eq!(Tally::default().share(), None);
    }
}
