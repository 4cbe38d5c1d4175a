//! The rules that are audited, and what the files offer to judge them by.

use std::sync::Arc;

use polyfeat::{Span, TimeUnit};

use super::columns::Sweep;
use super::options::Shape;
use crate::ask::{ask, self_column};
use crate::build::bucket_step;
use crate::columns::{NamedFeature, Plan};
use crate::error::Result;
use crate::features::FeaturePlan;
use crate::further::{Further, common_unit, has_values};
use crate::job::Job;
use crate::open::Opened;
use crate::pair::{Pair, availability};
use crate::provenance::ResolvedRules;
use crate::rules::{GivenRules, Rules};
use crate::sight::{Sight, coarser};
use crate::tape::LeftOut;

/// When prints were recorded: the column of the preset `live`.
const CAPTURED: &str = "captured_at";

/// Rules with lags, windows, bucket and numerics.
pub struct Subject {
    /// The rules.
    pub rules: ResolvedRules,
    /// The columns that they need, and those that only the audit looks at.
    pub further: Further,
    /// Lags, windows, numerics.
    pub plan: FeaturePlan,
    /// Length of a bucket in the unit of the trades.
    pub length: i64,
    /// By which column prints tell when they became available; `None` without such a column.
    pub availability: Option<String>,
    /// By which columns prints and trades tell their transaction.
    pub own: Vec<String>,
}

impl Subject {
    /// Settles rules with the files.
    ///
    /// # Errors
    /// Those of [`ask`] and [`bucket_step`].
    pub fn new(
        job: &Arc<Job>,
        opened: &Opened,
        given: &GivenRules,
        shape: &Shape,
        ts_unit: Option<TimeUnit>,
    ) -> Result<Self> {
        let (rules, mut further) = ask(job, opened, given.resolve()?, shape.sum, ts_unit)?;
        let mut own = rules.exclude_self.clone();
        let mut known_at = rules.rules.availability.clone();
        if let Some((tape, _)) = &opened.tape {
            if own.is_empty()
                && let Some(name) = self_column(job, &opened.trades, tape)?
                && let Ok(pair) = Pair::find((&opened.trades, name), (tape, name), "excludeSelf")
            {
                further.own.push(pair);
                own.push(name.to_string());
            }
            if known_at.is_none()
                && has_values(job, tape, CAPTURED)?
                && let Ok(column) = availability(tape, CAPTURED, ts_unit)
            {
                further.availability = Some(column);
                known_at = Some(CAPTURED.to_string());
            }
        }
        Ok(Subject {
            length: bucket_step(shape.bucket, opened.trade_roles.ts, &opened.trades)?,
            plan: FeaturePlan {
                lags: shape.returns.clone(),
                windows: shape.windows.clone(),
                sum: shape.sum,
                proof: false,
            },
            rules,
            further,
            availability: known_at,
            own,
        })
    }

    /// A unit for all stamps, at least as fine as `stamps`.
    #[must_use]
    pub fn unit(&self, stamps: TimeUnit) -> TimeUnit {
        self.rules.rules.unit(common_unit(&self.further, stamps))
    }

    /// How a token is swept, once the tape has been read, and the tick of the stamps by both files. `trades` is the
    /// resolution of the trades' stamps.
    #[must_use]
    pub fn sweep(&self, trades: Option<TimeUnit>, tape: &LeftOut, unit: TimeUnit) -> (Sweep, i64) {
        let rules = &self.rules.rules;
        let sight = Sight::new(rules, !self.rules.exclude_self.is_empty(), unit, trades).of_tape(tape, unit);
        let tick = coarser(trades, tape.resolution).nanos() / unit.nanos();
        let sweep = Sweep {
            plan: self.plan.kernel(sight.rules.closed(), unit),
            reaches: self.plan.reaches(unit),
            rules: sight.rules,
            plain: is_plain(rules),
        };
        (sweep, tick.max(1))
    }

    /// The tape's columns in the order of the output.
    #[must_use]
    pub fn features(&self, opened: &Opened) -> Vec<NamedFeature> {
        mt_features(&self.plan.lags, &self.plan.windows, opened, &self.rules.rules)
    }
}

/// Whether a build with these rules takes the plain sweep.
fn is_plain(rules: &Rules) -> bool {
    let values = Rules {
        proof: false,
        ..rules.clone()
    };
    values.plain()
}

fn mt_features(lags: &[Span], windows: &[Span], opened: &Opened, rules: &Rules) -> Vec<NamedFeature> {
    let plan = Plan {
        label_available: false,
        lags,
        windows,
        tape_unit: None,
        ts: opened.trade_roles.ts,
        rules,
        availability_unit: None,
    };
    plan.features().0
}
