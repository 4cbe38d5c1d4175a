//! Rows whose values a later record has changed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::locate::PrintKey;
use super::tally::NAMED;

/// A record that came after a cut, and with which a value changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// Its file.
    pub file: String,
    /// Its row there.
    pub row: u64,
}

/// A value that is another one without the data after a cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Row of the trades.
    pub row: u64,
    /// The first column that differs.
    pub column: String,
    /// Its value from all data.
    pub full: Value,
    /// Its value from the data up to the cut.
    pub prefix: Value,
    /// The cut, as ISO 8601.
    pub cut: String,
    /// The record that changes it; `None` when no single one does.
    pub later: Option<Later>,
    /// That record, while it is a print whose row is not known yet.
    pub(crate) print: Option<PrintKey>,
}

/// All such rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Failures {
    /// How many rows there are by column.
    pub columns: BTreeMap<String, u64>,
    /// The first ten rows, each with its first column.
    pub first: Vec<Failure>,
}

impl Failures {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Counts a row in a column.
    pub fn count(&mut self, column: &str) {
        *self.columns.entry(column.to_string()).or_insert(0) += 1;
    }

    /// Whether a failure of this row would be among the first.
    #[must_use]
    pub fn wants(&self, row: u64) -> bool {
        self.first.len() < NAMED || self.first.last().is_some_and(|last| row < last.row)
    }

    /// Keeps a failure if it is among the first.
    pub fn keep(&mut self, failure: Failure) {
        let at = self.first.partition_point(|first| first.row <= failure.row);
        self.first.insert(at, failure);
        self.first.truncate(NAMED);
    }

    /// Takes in those found elsewhere.
    pub fn add(&mut self, other: Failures) {
        for (column, rows) in other.columns {
            *self.columns.entry(column).or_insert(0) += rows;
        }
        other.first.into_iter().for_each(|failure| self.keep(failure));
    }
}
