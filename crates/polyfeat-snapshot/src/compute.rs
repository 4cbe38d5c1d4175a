//! From keys to everything that is computed: complete sets, then the tape's columns by the rules of the run.

use polyfeat::TokenOrder;
use std::path::Path;
use std::sync::Arc;

use polyfeat::resolution;

use crate::error::Result;
use crate::features::{FeaturePlan, Sweeps, Trades, tape_columns};
use crate::further::{Further, common_unit};
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::made::TapeResult;
use crate::memory::TapePlan;
use crate::provenance::ResolvedRules;
use crate::roles::TapeRoles;
use crate::sets::set_shares;
use crate::sight::Sight;
use crate::table::Table;
use crate::tape::{Beside, LeftOut, Tape};

/// What rules ask of the files.
pub(crate) struct Asked {
    pub(crate) rules: ResolvedRules,
    pub(crate) further: Further,
}

/// What features are computed from, besides the keys.
pub(crate) struct Inputs<'a> {
    pub(crate) trades: &'a Table,
    pub(crate) order: Option<&'a TokenOrder>,
    pub(crate) tape: Option<&'a (Table, TapeRoles)>,
    pub(crate) tape_plan: TapePlan,
    pub(crate) folder: &'a Path,
    pub(crate) asked: &'a Asked,
}

/// What was computed.
pub(crate) struct Computed {
    pub(crate) shares: Vec<f64>,
    pub(crate) tape: Option<TapeResult>,
    pub(crate) left_out: LeftOut,
    /// The tick of the stamps in nanoseconds, where a rule asked for it.
    pub(crate) resolution: Option<i64>,
}

/// Complete sets first: what only they need is let go before the tape is read.
pub(crate) fn compute(
    job: &Arc<Job>,
    plan: &FeaturePlan,
    inputs: Inputs<'_>,
    keys: &mut TradeKeys,
    bucket_step: i64,
) -> Result<Computed> {
    let Inputs {
        trades, order, asked, ..
    } = inputs;
    let rules = &asked.rules.rules;
    job.begin("sets", "rows", trades.rows);
    let by_time = order.map(|o| &o.rows[..]);
    let shares = set_shares(
        job,
        &trades.path,
        keys,
        by_time,
        bucket_step,
        plan.sum,
        rules.regime,
    )?;
    keys.market = Vec::new();
    keys.size = Vec::new();
    let (Some((table, roles)), Some(order)) = (inputs.tape, order) else {
        return Ok(Computed {
            shares,
            tape: None,
            left_out: LeftOut::default(),
            resolution: None,
        });
    };
    job.begin("tape", "rows", table.rows);
    let further = &asked.further;
    let stamps = keys.unit.finer(roles.ts.unit);
    let own = !further.own.is_empty();
    let (known, unit, sight) = if rules.plain() {
        (None, stamps, None)
    } else {
        let unit = rules.unit(common_unit(further, stamps));
        let sight = Sight::new(rules, own, unit, resolution(&keys.ts, keys.unit));
        (Some(further.read(job, trades, table)?), unit, Some(sight))
    };
    let beside = known.as_ref().map(|known| Beside { further, known });
    let tape = Tape::open(job, table, roles, &keys.tokens, &order.offsets, unit, beside)?;
    let of_trades = Trades {
        path: &trades.path,
        ts: &keys.ts,
        unit: keys.unit,
        order,
        known: known.as_ref(),
    };
    let sweeps = Sweeps {
        plan,
        sight: sight.as_ref(),
    };
    let (swept, left_out) = tape_columns(job, of_trades, &tape, sweeps, inputs.tape_plan, inputs.folder)?;
    warn_left_out(job, table, &left_out);
    table.check_unchanged()?;
    let tape = TapeResult {
        swept,
        unit: tape.unit,
        source_unit: roles.ts.unit,
        counts: plan.counts(),
        availability_unit: further.availability_unit(),
    };
    Ok(Computed {
        shares,
        resolution: sight.map(|sight| sight.of_tape(&left_out, unit).rules.resolution * unit.nanos()),
        tape: Some(tape),
        left_out,
    })
}

pub(crate) fn warn_left_out(job: &Job, table: &Table, left: &LeftOut) {
    warn_unparsed(job, table, left.unparsed);
    if left.unparsed_availability > 0 {
        job.warn(
            "unparsable_availability",
            format!(
                "{}: {} values of availability are no ISO 8601 times; these prints are never seen",
                table.path.display(),
                left.unparsed_availability
            ),
        );
    }
    for (code, count, what) in [
        ("market_trades_null_ts", left.null_ts, "time"),
        ("market_trades_null_token", left.null_token, "token_id"),
    ] {
        if count > 0 {
            job.warn(
                code,
                format!(
                    "{}: {count} prints without a {what} are left out",
                    table.path.display()
                ),
            );
        }
    }
}

pub(crate) fn warn_unparsed(job: &Job, table: &Table, count: u64) {
    if count > 0 {
        job.warn(
            "unparsable_ts",
            format!(
                "{}: {count} values of ts are no ISO 8601 times and became null",
                table.path.display()
            ),
        );
    }
}
