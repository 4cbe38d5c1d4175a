//! The rules of visibility of a call (spec §4), and what they look at, in one unit.

use std::ops::Range;

use polyfeat::{
    NULL_TS, PrintColumns, Prints, SweepPlan, Ties, TimeUnit, TradeColumns as Seen, Visibility, rescale,
    resolution,
};

use crate::codes::NULL_CODE;
use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::{KeyIndex, UNMATCHED};
use crate::plan::FeaturePlan;
use crate::tape::Tape;
use crate::trades::{TradeColumns, Trades};
use crate::visibility::VisibilityPlan;

/// The coarsest unit of which a number of nanoseconds is a whole number.
fn unit_of(nanos: i64) -> TimeUnit {
    let units = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond];
    let found = units.into_iter().find(|u| nanos % u.nanos() == 0);
    found.unwrap_or(TimeUnit::Nanosecond)
}

fn missing(what: &str, rule: &str) -> Error {
    Error::new(
        Code::MissingColumn,
        format!("{rule} needs a {what} column in both tables; give it, or leave {rule} out"),
    )
    .in_column(what)
}

/// Rules resolved for one tape and one set of trades.
pub struct Rules<'a> {
    /// For the kernels, in `unit`.
    pub kernel: Visibility,
    /// The unit in which everything is compared.
    pub unit: TimeUnit,
    /// Whether columns are made by which rows can be checked, and the tape's first time for them.
    pub proof: Option<i64>,
    tape: &'a Tape,
    /// Place of each trade in its time.
    sequence: Vec<i64>,
    /// What the tape's places are multiplied with.
    sequence_scale: i64,
    /// Transaction of each trade, in the tape's codes.
    own: Vec<u32>,
    /// Which of the tape's transactions some trade has; empty: all of them.
    wanted: Vec<bool>,
}

impl<'a> Rules<'a> {
    /// Resolves a plan. `own` are the trades' transaction codes where the tape's codes are the trades'.
    ///
    /// # Errors
    /// `MISSING_COLUMN`, `WRONG_TYPE`, those of reading.
    pub fn new(
        job: &Job,
        plan: &VisibilityPlan,
        trades: &Trades<'_>,
        columns: &TradeColumns<'_>,
        tape: &'a Tape,
        own: Option<Vec<u32>>,
    ) -> Result<Self> {
        let tick = match (plan.looks_at_ticks(), plan.resolution) {
            (true, Some(nanos)) => nanos,
            (true, None) => {
                let both = [resolution(&trades.ts, trades.unit), tape.more.resolution];
                // The coarser one; units ascend by fineness.
                both.into_iter().flatten().min().map_or(1, TimeUnit::nanos)
            }
            _ => TimeUnit::Second.nanos(),
        };
        let mut unit = trades.unit.finer(tape.unit).finer(unit_of(plan.embargo));
        if plan.looks_at_ticks() {
            unit = unit.finer(unit_of(tick));
        }
        if plan.availability {
            let (_, of) = tape
                .more
                .availability
                .as_ref()
                .ok_or_else(|| missing("availability", "availability"))?;
            unit = unit.finer(*of);
        }
        let (mut sequence, mut sequence_scale) = (Vec::new(), 1);
        if plan.ties == Ties::Sequence {
            let both = tape.more.sequence.as_ref().zip(columns.sequence.as_ref());
            let (places, column) = both.ok_or_else(|| missing("sequence", "ties sequence"))?;
            (sequence, sequence_scale) = places.of_other(job, column)?;
        }
        let (mut codes, mut wanted) = (Vec::new(), Vec::new());
        if plan.exclude_self {
            if tape.more.own.is_none() || columns.own.is_empty() {
                return Err(missing("self", "excludeSelf"));
            }
            codes = match (own, &tape.more.own_index) {
                (Some(codes), _) => codes,
                (None, Some(index)) => {
                    let codes = own_codes(job, index, columns, trades.rows)?;
                    wanted = vec![false; index.len()];
                    for &code in &codes {
                        if let Some(wanted) = wanted.get_mut(code as usize) {
                            *wanted = true;
                        }
                    }
                    codes
                }
                (None, None) => return Err(Error::internal("transactions without their codes")),
            };
        }
        Ok(Rules {
            kernel: Visibility {
                ties: plan.ties,
                resolution: (tick / unit.nanos()).max(1),
                embargo: plan.embargo / unit.nanos(),
                availability: plan.availability,
                exclude_self: plan.exclude_self,
                max_age: plan.max_age.map(|nanos| nanos / unit.nanos()),
                closed: plan.closed,
                tie: plan.tie,
                unknown: plan.unknown,
                direction: plan.direction,
            },
            unit,
            proof: plan.proof.then(|| begin_in(tape, unit)),
            tape,
            sequence,
            sequence_scale,
            own: codes,
            wanted,
        })
    }

    /// Lags and windows in the unit.
    #[must_use]
    pub fn sweep_plan(&self, plan: &FeaturePlan) -> SweepPlan {
        let closed = self.kernel.closed();
        let lengths =
            |spans: &[polyfeat::Span]| spans.iter().map(|&s| closed.length_in(s, self.unit)).collect();
        SweepPlan {
            lags: lengths(&plan.returns),
            windows: lengths(&plan.windows),
            sum: plan.sum,
        }
    }

    /// The trades of `rows`, whose times in the unit are `ts`.
    pub fn trades<'s>(&self, rows: &[u32], ts: &'s [i64], scratch: &'s mut TradeScratch) -> Seen<'s> {
        let TradeScratch { sequence, own } = scratch;
        pick(&self.sequence, rows, sequence);
        pick(&self.own, rows, own);
        Seen { ts, sequence, own }
    }

    /// The prints at `range` of the tape in the unit, in the order that the rules need. Mostly those of the tape as
    /// they are.
    ///
    /// # Errors
    /// `OVERFLOW` when a time does not fit into the unit.
    pub fn prints<'s>(
        &'s self,
        range: Range<usize>,
        scratch: &'s mut PrintScratch,
    ) -> Result<PrintColumns<'s>> {
        let all = &self.tape.prints;
        let more = &self.tape.more;
        let mut prints = Prints {
            ts: &all.ts[range.clone()],
            price: &all.price[range.clone()],
            size: &all.size[range.clone()],
        };
        let s = scratch;
        if self.unit != self.tape.unit {
            in_unit(prints.ts, self.tape.unit, self.unit, &mut s.ts)?;
            prints.ts = &s.ts;
        }
        s.availability.clear();
        s.sequence.clear();
        s.own.clear();
        if let (Some((available, unit)), true) = (&more.availability, self.kernel.availability) {
            in_unit(&available[range.clone()], *unit, self.unit, &mut s.availability)?;
        }
        if let (Some(own), true) = (&more.own, self.kernel.exclude_self) {
            let wanted = |code: u32| self.wanted.is_empty() || self.wanted.get(code as usize) == Some(&true);
            let seen = |&code: &u32| if wanted(code) { code } else { NULL_CODE };
            s.own.extend(own[range.clone()].iter().map(seen));
        }
        if let (Some(sequence), Ties::Sequence) = (&more.sequence, self.kernel.ties) {
            for &place in &sequence.places[range] {
                s.sequence.push(if place == i64::MIN {
                    place
                } else {
                    place.checked_mul(self.sequence_scale).ok_or_else(|| {
                        Error::new(
                            Code::Overflow,
                            "a sequence of the tape does not fit into the unit of that of trades",
                        )
                    })?
                });
            }
            by_sequence(&mut s.order, prints.ts, &s.sequence);
            if !s.order.is_empty() {
                permute(&s.order, &mut s.sequence);
                permute(&s.order, &mut s.availability);
                permute(&s.order, &mut s.own);
                pick(prints.price, &s.order, &mut s.price);
                pick(prints.size, &s.order, &mut s.size);
                // Times stay as they are: only prints of one time change places.
                prints.price = &s.price;
                prints.size = &s.size;
            }
        }
        Ok(PrintColumns {
            prints,
            availability: &s.availability,
            sequence: &s.sequence,
            own: &s.own,
        })
    }
}

/// The tape's first time in a unit; one too early for it lies before everything that could be asked.
fn begin_in(tape: &Tape, unit: TimeUnit) -> i64 {
    let begin = |ts: i64| rescale(ts, tape.source_unit, unit).unwrap_or(ts.signum() * i64::MAX);
    tape.more.begin.map_or(i64::MAX, begin)
}

/// The trades' transactions in the codes of an index; none where it has no such one.
fn own_codes(job: &Job, index: &KeyIndex, columns: &TradeColumns<'_>, rows: usize) -> Result<Vec<u32>> {
    let mut codes = index.look_up(job, &columns.own, rows)?;
    codes
        .iter_mut()
        .filter(|c| **c == UNMATCHED)
        .for_each(|c| *c = NULL_CODE);
    Ok(codes)
}

/// Columns of one token's trades after another's.
#[derive(Default)]
pub struct TradeScratch {
    sequence: Vec<i64>,
    own: Vec<u32>,
}

/// Columns of one token's prints after another's.
#[derive(Default)]
pub struct PrintScratch {
    ts: Vec<i64>,
    price: Vec<f64>,
    size: Vec<f64>,
    availability: Vec<i64>,
    sequence: Vec<i64>,
    own: Vec<u32>,
    order: Vec<u32>,
}

/// Values of rows; none when there are no values.
fn pick<T: Copy>(values: &[T], rows: &[u32], out: &mut Vec<T>) {
    out.clear();
    if !values.is_empty() {
        out.extend(rows.iter().map(|&row| values[row as usize]));
    }
}

fn permute<T: Copy>(order: &[u32], values: &mut Vec<T>) {
    if !values.is_empty() {
        *values = order.iter().map(|&row| values[row as usize]).collect();
    }
}

/// The order by (time, sequence with nulls last, row) of prints that are in order of (time, row); empty when they are
/// in it already.
fn by_sequence(order: &mut Vec<u32>, ts: &[i64], sequence: &[i64]) {
    // Nulls are the least number: less one, they are the greatest.
    let key = |row: &u32| (ts[*row as usize], sequence[*row as usize].wrapping_sub(1));
    order.clear();
    order.extend(0..ts.len() as u32);
    if order.is_sorted_by_key(key) {
        order.clear();
    } else {
        order.sort_by_key(key);
    }
}

/// Times in a finer unit; null ones stay null.
fn in_unit(ts: &[i64], from: TimeUnit, to: TimeUnit, out: &mut Vec<i64>) -> Result<()> {
    out.clear();
    for &stamp in ts {
        out.push(match rescale(stamp, from, to) {
            _ if stamp == NULL_TS => NULL_TS,
            Some(stamp) => stamp,
            None => return Err(too_far(stamp, from, to, None)),
        });
    }
    Ok(())
}

/// A time that does not fit into the unit of comparison.
pub fn too_far(stamp: i64, from: TimeUnit, to: TimeUnit, trade: Option<(&Column<'_>, u32)>) -> Error {
    let what = format!(
        "{stamp} {}, which does not fit into {}, the unit in which both tables are compared; use coarser units",
        from.symbol(),
        to.symbol()
    );
    match trade {
        Some((column, row)) => column
            .error(Code::Overflow, format!("has in row {row} {what}"))
            .at_row(row as usize),
        None => Error::new(Code::Overflow, format!("the tape has a print at {what}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_of_one_time_go_by_sequence_and_nulls_come_last() {
        let mut order = Vec::new();
        by_sequence(&mut order, &[1, 2, 2, 2, 3], &[9, i64::MIN, 5, 4, 0]);
        assert_eq!(order, [0, 3, 2, 1, 4]);
        by_sequence(&mut order, &[1, 2, 2], &[9, 4, i64::MIN]);
        assert!(order.is_empty());
    }

    #[test]
    fn a_unit_holds_the_duration_exactly() {
        assert_eq!(unit_of(0), TimeUnit::Second);
        assert_eq!(unit_of(1_500_000_000), TimeUnit::Millisecond);
        assert_eq!(unit_of(1), TimeUnit::Nanosecond);
    }
}
