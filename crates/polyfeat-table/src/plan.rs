//! What to compute.

use polyfeat::{Numerics, RegimeMode, SetError, Span, TimeUnit};

use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::visibility::VisibilityPlan;

/// Options of a features call.
#[derive(Debug, Clone)]
pub struct FeaturePlan {
    /// Lags of the returns.
    pub returns: Vec<Span>,
    /// Lengths of the flow windows.
    pub windows: Vec<Span>,
    /// Length of a complete-set bucket.
    pub bucket: Span,
    /// Which trades of a market its complete sets are summed over.
    pub mode: RegimeMode,
    /// Which prints a trade sees.
    pub visibility: VisibilityPlan,
    /// How sums are made.
    pub sum: Numerics,
    /// Rows of the result by (token, ts) instead of as they came.
    pub by_token: bool,
    /// Whether the trades' time is a column of the result.
    pub time: bool,
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
}

impl FeaturePlan {
    /// Checks what does not depend on the data.
    ///
    /// # Errors
    /// `INVALID_OPTION` when a length is there twice.
    pub fn check(&self) -> Result<()> {
        for (what, spans) in [("returns", &self.returns), ("windows", &self.windows)] {
            distinct(what, spans)?;
        }
        check_mode(self.mode, self.sum)?;
        self.visibility.check(self.sum)
    }
}

/// Checks that the sums can be made for the trades that a mode looks at, whatever the data.
///
/// # Errors
/// `INVALID_OPTION`.
pub fn check_mode(mode: RegimeMode, sum: Numerics) -> Result<()> {
    match (mode, sum) {
        (RegimeMode::BucketAsof | RegimeMode::Trailing, Numerics::Notebook) => {
            Err(Error::new(Code::InvalidOption, SetError::Notebook.to_string()))
        }
        _ => Ok(()),
    }
}

/// Checks that no length is there twice: both would make columns of one name.
///
/// # Errors
/// `INVALID_OPTION`.
pub fn distinct(what: &str, spans: &[Span]) -> Result<()> {
    let twice = spans
        .iter()
        .enumerate()
        .find(|(i, span)| spans[..*i].contains(span));
    match twice {
        None => Ok(()),
        Some((_, span)) => Err(Error::new(
            Code::InvalidOption,
            format!("{what} has {} twice; give each length once", span.label()),
        )),
    }
}

/// The bucket in the unit of the trades' time.
///
/// # Errors
/// `BUCKET_UNIT` when it is no whole number of that unit.
pub fn bucket_step(bucket: Span, unit: TimeUnit, ts: &Column<'_>) -> Result<i64> {
    bucket.exact_in(unit).ok_or_else(|| {
        ts.error(
            Code::BucketUnit,
            format!(
                "counts {}, of which a bucket of {} is no whole number; choose a longer bucket",
                unit.symbol(),
                bucket.label()
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_may_stand_once() {
        let span = |n| Span::from_nanos(n).unwrap();
        assert!(distinct("windows", &[span(1), span(2)]).is_ok());
        let e = distinct("windows", &[span(1), span(2), span(1)]).unwrap_err();
        assert_eq!(e.code, Code::InvalidOption);
        assert!(e.message.contains("1ns"), "{}", e.message);
    }
}
