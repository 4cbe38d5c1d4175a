//! From computed values to columns of a result, in the order of its rows.

use std::borrow::Cow;
use std::sync::Arc;

use polyfeat::{Leg, NULL_TS, PROOF_COLUMNS, SweptColumns, TimeUnit, age_ms, regime, rescale};

use crate::output::OutColumn;
use crate::plan::FeaturePlan;

/// How rows of the result find their values.
#[derive(Default)]
pub struct Layout<'a> {
    /// The trade of each row of the result; `None`: as they came.
    pub rows: Option<&'a [u32]>,
    /// Where in (token, ts) order each row of the result is; `None`: the result is in that order.
    pub position: Option<Vec<u32>>,
}

impl Layout<'_> {
    /// Values that are in the order of the trades.
    #[must_use]
    pub fn by_row<'v, T: Copy>(&self, values: &'v [T]) -> Cow<'v, [T]> {
        match self.rows {
            None => Cow::Borrowed(values),
            Some(rows) => rows.iter().map(|&row| values[row as usize]).collect(),
        }
    }

    /// Values that are in (token, ts) order.
    #[must_use]
    pub fn by_position<'v, T: Copy>(&self, values: &'v [T]) -> Cow<'v, [T]> {
        match &self.position {
            None => Cow::Borrowed(values),
            Some(position) => position.iter().map(|&p| values[p as usize]).collect(),
        }
    }
}

/// Makes a column, on any thread.
pub type Maker<'a> = Box<dyn FnOnce() -> OutColumn + Send + 'a>;

/// The `mt_` columns, in the notebook's order. `units`: of the swept times, and of the tape's own.
pub fn tape_makers<'a>(
    makers: &mut Vec<Maker<'a>>,
    values: SweptColumns,
    plan: &FeaturePlan,
    (ts, ts_unit): (&'a [i64], TimeUnit),
    layout: &'a Layout<'_>,
    (unit, source): (TimeUnit, TimeUnit),
) {
    fn doubles<'a>(layout: &'a Layout<'_>, name: String, values: Vec<f64>) -> Maker<'a> {
        Box::new(move || match layout.position {
            None => OutColumn::doubles(name, values),
            Some(_) => OutColumn::doubles(name, layout.by_position(&values).into_owned()),
        })
    }
    makers.push(doubles(layout, "mt_last_price".to_string(), values.last_price));
    let last_ts = Arc::new(values.last_ts);
    let last = Arc::clone(&last_ts);
    makers.push(Box::new(move || {
        let back = |&t: &i64| in_own_unit(t, unit, source);
        let last = layout.by_position(&last);
        OutColumn::stamps("mt_last_ts", last.iter().map(back).collect(), source)
    }));
    makers.push(Box::new(move || {
        let age = |(&t, &last): (&i64, &i64)| match rescale(t, ts_unit, unit) {
            // The sweep has brought the same time to the common unit before.
            Some(t) if last != NULL_TS => age_ms(t, last, unit),
            _ => f64::NAN,
        };
        let (ts, last) = (layout.by_row(ts), layout.by_position(&last_ts));
        OutColumn::doubles("mt_last_age_ms", ts.iter().zip(last.iter()).map(age).collect())
    }));
    for (lag, values) in plan.returns.iter().zip(values.returns) {
        makers.push(doubles(layout, format!("mt_return_{}", lag.label()), values));
    }
    let flows = values
        .counts
        .into_iter()
        .zip(values.volumes)
        .zip(values.notionals);
    for (window, ((counts, volumes), notionals)) in plan.windows.iter().zip(flows) {
        let label = window.label();
        makers.push(doubles(layout, format!("mt_trades_{label}"), counts));
        makers.push(doubles(layout, format!("mt_volume_{label}"), volumes));
        makers.push(doubles(layout, format!("mt_notional_{label}"), notionals));
    }
}

/// The columns of the proof, behind all others. `units`: of the swept times, of the tape's own, of its availability.
pub fn proof_makers<'a>(
    makers: &mut Vec<Maker<'a>>,
    columns: Vec<Vec<i64>>,
    layout: &'a Layout<'_>,
    (unit, source, availability): (TimeUnit, TimeUnit, TimeUnit),
) {
    let kinds = [Some(source), Some(availability), None, None, None, None];
    for ((values, name), kind) in columns.into_iter().zip(PROOF_NAMES).zip(kinds) {
        makers.push(Box::new(move || {
            let values = layout.by_position(&values);
            match kind {
                None => OutColumn::counts(name, values.into_owned()),
                Some(own) => {
                    let back = |&t: &i64| in_own_unit(t, unit, own);
                    OutColumn::stamps(name, values.iter().map(back).collect(), own)
                }
            }
        }));
    }
}

const PROOF_NAMES: [&str; PROOF_COLUMNS] = [
    "proof_newest_event",
    "proof_newest_availability",
    "proof_same_stamp_prints",
    "proof_own_prints",
    "proof_own_prints_seen",
    "proof_censored_windows",
];

/// A time that was brought to the common unit before: the way back is exact.
fn in_own_unit(t: i64, unit: TimeUnit, own: TimeUnit) -> i64 {
    if t == NULL_TS {
        t
    } else {
        rescale(t, unit, own).unwrap_or(NULL_TS)
    }
}

/// `bucket`, `complete_set_flag` and `complete_set_shares`.
pub fn set_makers<'a>(
    makers: &mut Vec<Maker<'a>>,
    bucket: Vec<i64>,
    unit: TimeUnit,
    shares: &'a [f64],
    layout: &'a Layout<'_>,
) {
    makers.push(Box::new(move || match layout.rows {
        None => OutColumn::stamps("bucket", bucket, unit),
        Some(_) => OutColumn::stamps("bucket", layout.by_row(&bucket).into_owned(), unit),
    }));
    makers.push(Box::new(move || {
        OutColumn::flags("complete_set_flag", &layout.by_row(shares), |&s| s > 0.0)
    }));
    makers.push(Box::new(move || {
        OutColumn::doubles("complete_set_shares", layout.by_row(shares).into_owned())
    }));
}

/// `regime`.
pub fn regime_maker<'a>(
    makers: &mut Vec<Maker<'a>>,
    legs: &'a [Leg],
    shares: &'a [f64],
    layout: &'a Layout<'_>,
) {
    makers.push(Box::new(move || {
        let (legs, shares) = (layout.by_row(legs), layout.by_row(shares));
        let all = legs.iter().zip(shares.iter());
        OutColumn::regimes("regime", all.map(|(&leg, &shares)| regime(leg, shares > 0.0)))
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_find_their_values() {
        let layout = Layout {
            rows: Some(&[2, 0, 1]),
            position: Some(vec![1, 2, 0]),
        };
        assert_eq!(*layout.by_row(&[10, 11, 12]), [12, 10, 11]);
        assert_eq!(*layout.by_position(&[10, 11, 12]), [11, 12, 10]);
        assert!(matches!(Layout::default().by_row(&[1]), Cow::Borrowed([1])));
    }
}
