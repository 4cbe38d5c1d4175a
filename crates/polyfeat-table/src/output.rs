//! Columns of a result.

use polyfeat::{NULL_TS, Regime, TimeUnit};

use crate::bitmap::Bitmap;

/// The values of a column of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// NaN where null.
    Doubles(Vec<f64>),
    /// Counts of a unit since 1970 UTC; [`NULL_TS`] where null.
    Stamps(Vec<i64>, TimeUnit),
    /// Whole numbers; [`NULL_TS`] where null.
    Counts(Vec<i64>),
    /// One bit for each row.
    Flags(Bitmap),
    /// Index into [`Regime::ALL`].
    Regimes(Vec<i8>),
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct OutColumn {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Values,
    /// Which rows are not null; `None`: all of them.
    pub validity: Option<Bitmap>,
}

impl OutColumn {
    /// Doubles; NaN is null.
    #[must_use]
    pub fn doubles(name: impl Into<String>, values: Vec<f64>) -> Self {
        OutColumn {
            name: name.into(),
            validity: Bitmap::validity(&values, |v| v.is_nan()),
            values: Values::Doubles(values),
        }
    }

    /// Times; [`NULL_TS`] is null.
    #[must_use]
    pub fn stamps(name: impl Into<String>, values: Vec<i64>, unit: TimeUnit) -> Self {
        OutColumn {
            name: name.into(),
            validity: Bitmap::validity(&values, |&v| v == NULL_TS),
            values: Values::Stamps(values, unit),
        }
    }

    /// Whole numbers; [`NULL_TS`] is null.
    #[must_use]
    pub fn counts(name: impl Into<String>, values: Vec<i64>) -> Self {
        OutColumn {
            name: name.into(),
            validity: Bitmap::validity(&values, |&v| v == NULL_TS),
            values: Values::Counts(values),
        }
    }

    /// Booleans.
    #[must_use]
    pub fn flags<T>(name: impl Into<String>, of: &[T], is: impl Fn(&T) -> bool) -> Self {
        OutColumn {
            name: name.into(),
            values: Values::Flags(Bitmap::of(of, is)),
            validity: None,
        }
    }

    /// Regimes.
    #[must_use]
    pub fn regimes(name: impl Into<String>, values: impl Iterator<Item = Regime>) -> Self {
        OutColumn {
            name: name.into(),
            values: Values::Regimes(values.map(|r| r as i8).collect()),
            validity: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regimes_are_numbered_as_in_the_kernels() {
        for (i, regime) in Regime::ALL.into_iter().enumerate() {
            let column = OutColumn::regimes("regime", [regime].into_iter());
            assert_eq!(column.values, Values::Regimes(vec![i as i8]));
        }
    }

    #[test]
    fn missing_values_are_null() {
        let c = OutColumn::stamps("t", vec![1, NULL_TS], TimeUnit::Second);
        assert_eq!(c.validity.unwrap().bytes, [1]);
        assert_eq!(OutColumn::doubles("d", vec![0.0, -0.0]).validity, None);
    }
}
