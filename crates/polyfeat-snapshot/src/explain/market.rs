//! What a trade saw of the tape.

use std::sync::Arc;

use polyfeat::{
    FeatureSlices, NULL_TS, Span, SweepError, SweepPlan, TimeUnit, TradeColumns, age_ms, rescale, resolution,
    visible_sweep,
};
use serde_json::{Map, Value, json};

use super::eye::Eye;
use super::groups::{Groups, nearest};
use super::instant;
use super::prints::TokenPrints;
use super::{Asked, ExplainOptions};
use crate::error::{Code, Error, Result};
use crate::further::{Known, common_unit};
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::open::Opened;
use crate::roles::TapeRoles;
use crate::sight::{Sight, TapeSight};
use crate::strings::Interner;
use crate::table::Table;
use crate::tape::{Beside, Tape};

/// The columns of one row, as the kernels make them.
struct Row {
    last_price: [f64; 1],
    last_ts: [i64; 1],
    returns: Vec<[f64; 1]>,
    flows: [Vec<[f64; 1]>; 3],
}

/// Explains what row `at` saw, and adds the columns from the tape to `values`.
///
/// # Errors
/// Those of a build.
pub fn explain(
    job: &Arc<Job>,
    options: &ExplainOptions,
    opened: &Opened,
    (table, roles): &(Table, TapeRoles),
    (keys, at): (&TradeKeys, usize),
    asked: &mut Asked,
    values: &mut Map<String, Value>,
) -> Result<Value> {
    let build = &options.build;
    let further = &asked.further;
    let rules = &asked.rules.rules;
    let known = known(job, opened, table, asked, at)?;
    let unit = rules.unit(common_unit(further, keys.unit.finer(roles.ts.unit)));
    let sight = Sight::new(
        rules,
        !further.own.is_empty(),
        unit,
        resolution(&keys.ts, keys.unit),
    );

    job.begin("tape", "rows", table.rows);
    let mut token = Interner::default();
    token.intern(&keys.tokens.names()[keys.token[at] as usize]);
    let beside = Some(Beside {
        further,
        known: &known,
    });
    let tape = Tape::open(job, table, roles, &token, &[0, 1], unit, beside)?;
    let (prints, left) = TokenPrints::read(&tape)?;
    table.check_unchanged()?;
    let sight = sight.of_tape(&left, unit);
    // As a build tells it: the notebook's rules do not ask for it.
    asked.rules.resolution = (!rules.plain()).then(|| sight.rules.resolution * unit.nanos());

    let trades = &opened.trades;
    let t = rescale(keys.ts[at], keys.unit, unit).ok_or_else(|| {
        let message = format!(
            "{}: ts in row {at} does not fit into {}, the finest unit of both files",
            trades.path.display(),
            unit.symbol()
        );
        of_row(Error::new(Code::Overflow, message), trades, at)
    })?;
    let closed = sight.rules.closed();
    let lengths = |spans: &[Span]| spans.iter().map(|&s| closed.length_in(s, unit)).collect();
    let plan = SweepPlan {
        lags: lengths(&build.returns),
        windows: lengths(&build.windows),
        sum: build.sum,
    };
    let (sequence, own) = (known.sequence.first().copied(), known.own.first().copied());
    let row = swept(&prints, t, (sequence, own), &plan, &sight).map_err(|e| {
        let (code, what) = match e {
            SweepError::Tie { .. } => (
                Code::DuplicateTime,
                "has several prints of one stamp that could be its answer, and tie is error; say first or last",
            ),
            SweepError::Overflow { .. } => (
                Code::Overflow,
                "less embargo and a lag or window lies before the earliest time of 64 bits; use shorter ones",
            ),
            _ => return Error::internal(e.to_string()),
        };
        let message = format!("{}: the trade in row {at} {what}", trades.path.display());
        of_row(Error::new(code, message), trades, at)
    })?;
    let eye = Eye {
        prints: &prints,
        rules: &sight.rules,
        t,
        sequence: sequence.unwrap_or(i64::MIN),
        own: own.unwrap_or(u32::MAX),
    };
    let told = Told {
        eye: &eye,
        unit,
        limit: options.limit,
        availability: rules.availability.is_some(),
    };
    row.values(t, unit, options, values);
    Ok(told.tape(&row, options, &plan))
}

/// What the trade says in the columns that rules name: of its row group only that is read.
fn known(job: &Arc<Job>, opened: &Opened, tape: &Table, asked: &Asked, at: usize) -> Result<Known> {
    let trades = &opened.trades;
    let row = at as u64;
    let group = trades
        .groups
        .iter()
        .find(|g| row >= g.first_row && row < g.first_row + g.rows as u64);
    let group = *group.ok_or_else(|| Error::internal("a row without a row group"))?;
    let mut known = asked.further.read_groups(job, trades, &[group], tape)?;
    let at = (row - group.first_row) as usize;
    known.sequence = known.sequence.get(at).copied().into_iter().collect();
    known.own = known.own.get(at).copied().into_iter().collect();
    Ok(known)
}

fn of_row(e: Error, trades: &Table, at: usize) -> Error {
    e.in_file(&trades.path).in_column("ts").at_row(at as u64)
}

/// The row's columns, by the kernels.
fn swept(
    prints: &TokenPrints,
    t: i64,
    (sequence, own): (Option<i64>, Option<u32>),
    plan: &SweepPlan,
    sight: &TapeSight,
) -> std::result::Result<Row, SweepError> {
    let windows = || vec![[f64::NAN]; plan.windows.len()];
    let mut row = Row {
        last_price: [f64::NAN],
        last_ts: [NULL_TS],
        returns: vec![[f64::NAN]; plan.lags.len()],
        flows: [windows(), windows(), windows()],
    };
    let [counts, volumes, notionals] = &mut row.flows;
    let mut out = FeatureSlices {
        last_price: &mut row.last_price,
        last_ts: &mut row.last_ts,
        returns: row.returns.iter_mut().map(|c| &mut c[..]).collect(),
        counts: counts.iter_mut().map(|c| &mut c[..]).collect(),
        volumes: volumes.iter_mut().map(|c| &mut c[..]).collect(),
        notionals: notionals.iter_mut().map(|c| &mut c[..]).collect(),
    };
    let trade = TradeColumns {
        ts: &[t],
        sequence: sequence.as_slice(),
        own: own.as_slice(),
    };
    visible_sweep(&prints.columns(), &trade, plan, &sight.rules, &mut out, None)?;
    Ok(row)
}

impl Row {
    fn values(&self, t: i64, unit: TimeUnit, options: &ExplainOptions, values: &mut Map<String, Value>) {
        let [last_ts] = self.last_ts;
        let mut put = |name: String, value: Value| values.insert(name, value);
        put("mt_last_price".into(), json!(self.last_price[0]));
        put("mt_last_ts".into(), instant(last_ts, unit));
        let age = (last_ts != NULL_TS).then(|| age_ms(t, last_ts, unit));
        put("mt_last_age_ms".into(), json!(age));
        for (lag, [value]) in options.build.returns.iter().zip(&self.returns) {
            put(format!("mt_return_{}", lag.label()), json!(value));
        }
        for (w, window) in options.build.windows.iter().enumerate() {
            for (kind, column) in ["trades", "volume", "notional"].iter().zip(&self.flows) {
                put(format!("mt_{kind}_{}", window.label()), json!(column[w][0]));
            }
        }
    }
}

/// How things are told.
struct Told<'a> {
    eye: &'a Eye<'a>,
    unit: TimeUnit,
    limit: usize,
    availability: bool,
}

impl Told<'_> {
    fn print(&self, i: usize) -> Value {
        let prints = self.eye.prints;
        let mut print = json!({
            "row": prints.row[i],
            "ts": instant(prints.ts[i], self.unit),
            "age_ms": age_ms(self.eye.t, prints.ts[i], self.unit),
            "price": prints.price[i],
            "size": prints.size[i],
        });
        if self.availability {
            print["available_at"] = instant(prints.extras.availability[i], self.unit);
        }
        print
    }

    fn tape(&self, row: &Row, options: &ExplainOptions, plan: &SweepPlan) -> Value {
        let eye = self.eye;
        let visible = eye.visible();
        let mut left_out = Groups::default();
        for i in 0..eye.prints.ts.len() {
            let why = eye.unseen(i);
            if !why.is_empty() {
                left_out.add(why.join(", "), eye.away(i), i);
            }
        }
        let last = eye.last(&visible);
        let lags = options.build.returns.iter().zip(&plan.lags).zip(&row.returns);
        let windows = options.build.windows.iter().zip(&plan.windows).enumerate();
        let closed = eye.rules.closed();
        json!({
            "prints": eye.prints.ts.len(),
            "visible": visible.len(),
            "known_at": instant(eye.known(), self.unit),
            "bound": instant(eye.bound(), self.unit),
            "last": {
                "print": last.print.map(|i| self.print(i)),
                "why": last.why,
                "too_old": last.too_old.map(|i| self.print(i)),
                "ahead": last.ahead,
            },
            "lagged": lags.map(|((lag, &length), [value])| {
                // Without a last print there is nothing to compare a lagged one with.
                let found = last.print.and_then(|_| eye.lagged(&visible, length, closed));
                json!({
                    "lag": lag.label(),
                    "bound": instant(eye.bound() - length, self.unit),
                    "bound_included": !closed.at_start(),
                    "print": found.map(|i| self.print(i)),
                    "return": value,
                })
            }).collect::<Vec<_>>(),
            "windows": windows.map(|(w, (window, &length))| {
                self.window(&visible, length, &window.label(), [0, 1, 2].map(|k| row.flows[k][w][0]))
            }).collect::<Vec<_>>(),
            "left_out": left_out.to_json("prints", self.limit, |i| self.print(i)),
        })
    }

    fn window(
        &self,
        visible: &[usize],
        length: i64,
        label: &str,
        [trades, volume, notional]: [f64; 3],
    ) -> Value {
        let (eye, closed) = (self.eye, self.eye.rules.closed());
        let (mut held, mut beside) = (Vec::new(), Groups::default());
        for &i in visible {
            match eye.beside(i, length, closed) {
                None => held.push((eye.away(i), i)),
                Some(why) => beside.add(why.to_string(), eye.away(i), i),
            }
        }
        json!({
            "window": label,
            "from": instant(eye.bound() - length, self.unit),
            "from_included": closed.at_start(),
            "to": instant(eye.bound(), self.unit),
            "to_included": closed.at_end(),
            "held": held.len(),
            "trades": trades,
            "volume": volume,
            "notional": notional,
            "nearest": nearest(&held, self.limit).into_iter().map(|i| self.print(i)).collect::<Vec<_>>(),
            "left_out": beside.to_json("prints", self.limit, |i| self.print(i)),
        })
    }
}
