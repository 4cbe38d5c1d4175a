//! The tape's columns by name, and their values row by row.

use polyfeat::{FeatureSlices, PrintColumns, SweepPlan, SweptColumns, TradeColumns, Visibility};
use polyfeat::{NULL_TS, SweepError, TimeUnit, age_ms, fill_unknown, sweep, visible_sweep};
use serde_json::{Value, json};

use crate::feature::Feature;
use crate::inspect::iso;

/// By which rules a token is swept, as a build does it.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// Lags and windows.
    pub plan: SweepPlan,
    /// The windows' lengths rounded up.
    pub reaches: Vec<i64>,
    /// The rules.
    pub rules: Visibility,
    /// Whether a build would take the plain sweep, which knows the notebook's rules only.
    pub plain: bool,
}

impl Sweep {
    /// What a build writes for these trades.
    ///
    /// # Errors
    /// [`SweepError`].
    pub fn values(
        &self,
        prints: &PrintColumns<'_>,
        trades: &TradeColumns<'_>,
        out: &mut FeatureSlices<'_>,
    ) -> Result<(), SweepError> {
        if !self.plain {
            return visible_sweep(prints, trades, &self.plan, &self.rules, out, None);
        }
        if prints.prints.ts.is_empty() {
            fill_unknown(out);
            return Ok(());
        }
        sweep(&prints.prints, trades.ts, &self.plan, out)
    }
}

/// Whether a feature has the same value in both, nulls being equal.
#[must_use]
pub fn same(a: &SweptColumns, b: &SweptColumns, feature: Feature, i: usize) -> bool {
    match feature {
        Feature::LastTs | Feature::LastAgeMs => a.last_ts[i] == b.last_ts[i],
        _ => {
            let (a, b) = (double(a, feature, i), double(b, feature, i));
            a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
        }
    }
}

/// The value of a feature that is a double where it is swept; NaN of any other.
#[must_use]
pub fn double(columns: &SweptColumns, feature: Feature, i: usize) -> f64 {
    match feature {
        Feature::LastPrice => columns.last_price[i],
        Feature::Return(k) => columns.returns[k][i],
        Feature::Trades(k) => columns.counts[k][i],
        Feature::Volume(k) => columns.volumes[k][i],
        Feature::Notional(k) => columns.notionals[k][i],
        _ => f64::NAN,
    }
}

/// The value as reports show it: a number, a time as ISO 8601, null. `ts` is the trade's stamp.
#[must_use]
pub fn shown(columns: &SweptColumns, feature: Feature, i: usize, ts: i64, unit: TimeUnit) -> Value {
    match (feature, columns.last_ts[i]) {
        (Feature::LastTs | Feature::LastAgeMs, NULL_TS) => Value::Null,
        (Feature::LastTs, last) => json!(iso(last, unit)),
        (Feature::LastAgeMs, last) => number(age_ms(ts, last, unit)),
        _ => number(double(columns, feature, i)),
    }
}

/// A double in JSON: NaN is null, infinities are text.
#[must_use]
pub fn number(value: f64) -> Value {
    if value.is_nan() {
        Value::Null
    } else if value.is_infinite() {
        json!(value.to_string())
    } else {
        json!(value)
    }
}
