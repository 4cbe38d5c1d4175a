//! Which values of a features file some rules give.

use polyfeat::{NULL_TS, Regime, SweptColumns, TimeUnit, age_ms, floor_to, regime, resolution};

use super::columns::double;
use super::examine::Ground;
use super::file::{Added, Held, Kind, NO_STAMP};
use super::subject::Subject;
use super::tally::Tally;
use super::walk::Token;
use crate::error::Result;
use crate::feature::Feature;
use crate::inspect::iso;
use crate::sets::{bucket_start, set_shares};

/// A column beside what rules give.
#[derive(Debug, Clone, Default)]
pub struct Match {
    /// Rows whose value is another one.
    pub differing: Tally,
    /// The first of them, the file's value and the rules'.
    pub example: Option<(u64, String, String)>,
    /// Rows whose value alone shows that it was not knowable.
    pub shown: Option<Tally>,
}

impl Match {
    fn look(&mut self, row: u32, same: bool, values: impl FnOnce() -> (String, String)) {
        self.differing.look(row, !same);
        if !same
            && self
                .example
                .as_ref()
                .is_none_or(|(first, ..)| u64::from(row) < *first)
        {
            let (file, rules) = values();
            self.example = Some((u64::from(row), file, rules));
        }
    }

    fn add(&mut self, other: Match) {
        self.differing.add(&other.differing);
        if let Some(example) = other.example
            && self.example.as_ref().is_none_or(|(first, ..)| example.0 < *first)
        {
            self.example = Some(example);
        }
        if let Some(shown) = other.shown {
            self.shown.get_or_insert_default().add(&shown);
        }
    }
}

/// Rules beside a file.
pub struct Beside<'a> {
    /// The snapshot.
    pub ground: &'a Ground<'a>,
    /// The rules.
    pub subject: &'a Subject,
    /// The file's columns.
    pub added: &'a [Added],
    /// Whether doubles must agree in every bit. Sums that were added up in another way do not.
    pub exact: bool,
}

#[derive(Default)]
struct Room(Option<SweptColumns>);

impl Beside<'_> {
    /// Compares every column; columns that are no features known here differ in every row.
    ///
    /// # Errors
    /// Those of reading and sweeping.
    pub fn compare(&self) -> Result<Vec<Match>> {
        let mut all: Vec<Match> = self.added.iter().map(|_| Match::default()).collect();
        self.sets(&mut all)?;
        let opened = self.ground.opened;
        let keys = self.ground.keys;
        let unit = self.ground.unit(self.subject);
        let trades = resolution(&keys.ts, keys.unit);
        let visit = |room: &mut Room, found: &mut Vec<Match>, token: &Token<'_>| {
            found.resize_with(self.added.len(), Match::default);
            self.token(room, found, token, trades, unit)
        };
        if opened.tape.is_some() {
            let (found, _) = self.ground.walk(self.subject, unit, visit)?;
            for columns in found {
                all.iter_mut()
                    .zip(columns)
                    .for_each(|(all, column)| all.add(column));
            }
        }
        let order = self.ground.order;
        let tokens = order
            .offsets
            .last()
            .copied()
            .filter(|_| opened.tape.is_some())
            .unwrap_or(0);
        // Rows without a token, or all of them without a tape, have nulls.
        for (added, found) in self.added.iter().zip(&mut all) {
            if let Kind::Tape(_) = added.kind {
                order.rows[tokens..]
                    .iter()
                    .for_each(|&row| null(added, row, found));
            }
        }
        Ok(all)
    }

    fn sets(&self, all: &mut [Match]) -> Result<()> {
        let Ground {
            job,
            opened,
            keys,
            order,
            ..
        } = *self.ground;
        let subject = self.subject;
        let by_time = opened.tape.as_ref().map(|_| &order.rows[..]);
        let (sum, mode) = (subject.plan.sum, subject.rules.rules.regime);
        let path = &opened.trades.path;
        let shares = set_shares(job, path, keys, by_time, subject.length, sum, mode)?;
        for (added, found) in self.added.iter().zip(all) {
            for row in 0..keys.ts.len() as u32 {
                let (at, share) = (row as usize, shares[row as usize]);
                match (added.kind, &added.held) {
                    (Kind::Bucket, Held::Stamps(file)) => {
                        let start = bucket_start(keys.ts[at], subject.length).unwrap_or(NULL_TS);
                        let text = |stamp| stamp_text(stamp, keys.unit);
                        found.look(row, file[at] == start, || (text(file[at]), text(start)));
                    }
                    (Kind::Set(set), Held::Doubles(file)) => {
                        let value = if set == 0 { f64::from(share > 0.0) } else { share };
                        let same = self.same(file[at], value);
                        found.look(row, same, || (text(file[at]), text(value)));
                    }
                    (Kind::Set(_), Held::Texts(file)) => {
                        let name = Regime::name(regime(keys.leg[at], share > 0.0));
                        found.look(row, file[at] == name, || (file[at].clone(), name.to_string()));
                    }
                    (Kind::Other, _) => found.differing.look(row, true),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn token(
        &self,
        Room(room): &mut Room,
        found: &mut [Match],
        token: &Token<'_>,
        trades: Option<TimeUnit>,
        unit: TimeUnit,
    ) -> Result<()> {
        let rows = token.trades.ts.len();
        let counts = self.subject.plan.counts();
        let columns = room.take().filter(|columns| columns.last_ts.len() >= rows);
        let mut columns = columns.unwrap_or_else(|| SweptColumns::new(rows, counts));
        let (sweep, tick) = self.subject.sweep(trades, &token.tape, unit);
        let mut out = columns.slices().split_off(rows).features;
        let swept = sweep.values(&token.prints, &token.trades.columns(0..rows), &mut out);
        swept.map_err(|e| token.refused(0, &e))?;
        for (added, found) in self.added.iter().zip(found) {
            let Kind::Tape(feature) = added.kind else {
                continue;
            };
            for (i, &t) in token.trades.ts.iter().enumerate() {
                let row = token.rows[i];
                let beginning = floor_to(t, tick).unwrap_or(t);
                match &added.held {
                    Held::Stamps(file) => {
                        let (file, value) = (file[row as usize], columns.last_ts[i]);
                        let text = |stamp| stamp_text(stamp, unit);
                        found.look(row, file == value, || (text(file), text(value)));
                        let shown = file != NO_STAMP && file >= beginning;
                        found.shown.get_or_insert_default().look(row, shown);
                    }
                    Held::Doubles(file) => {
                        let (file, value) = (file[row as usize], self.value(&columns, feature, i, t, unit));
                        let same = self.same(file, value);
                        found.look(row, same, || (text(file), text(value)));
                        if feature == Feature::LastPrice {
                            let shown = !same && in_tick(token, file, beginning, tick);
                            found.shown.get_or_insert_default().look(row, shown);
                        }
                    }
                    Held::Texts(_) | Held::Nothing => {}
                }
            }
            token.rows[rows..].iter().for_each(|&row| null(added, row, found));
        }
        *room = Some(columns);
        Ok(())
    }

    fn value(&self, columns: &SweptColumns, feature: Feature, i: usize, t: i64, unit: TimeUnit) -> f64 {
        match (feature, columns.last_ts[i]) {
            (Feature::LastAgeMs, NULL_TS) => f64::NAN,
            (Feature::LastAgeMs, last) => age_ms(t, last, unit),
            _ => double(columns, feature, i),
        }
    }

    fn same(&self, a: f64, b: f64) -> bool {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()) || a == b || (!self.exact && close(a, b))
    }
}

/// A row whose value is null by any rules.
fn null(added: &Added, row: u32, found: &mut Match) {
    let at = row as usize;
    match &added.held {
        Held::Doubles(file) => found.look(row, file[at].is_nan(), || (text(file[at]), text(f64::NAN))),
        Held::Stamps(file) => {
            found.look(row, file[at] == NULL_TS, || {
                ("a time".to_string(), text(f64::NAN))
            });
        }
        Held::Texts(_) | Held::Nothing => {}
    }
}

/// Whether a print of the tick has this price.
fn in_tick(token: &Token<'_>, price: f64, beginning: i64, tick: i64) -> bool {
    let prints = &token.prints.prints;
    let first = prints.ts.partition_point(|&s| s < beginning);
    let of_tick = prints.ts[first..].iter().zip(&prints.price[first..]);
    let end = beginning.saturating_add(tick);
    of_tick
        .take_while(|(s, _)| **s < end)
        .any(|(_, of_print)| of_print.to_bits() == price.to_bits())
}

fn text(value: f64) -> String {
    if value.is_nan() {
        "null".to_string()
    } else {
        value.to_string()
    }
}

fn stamp_text(stamp: i64, unit: TimeUnit) -> String {
    match stamp {
        NULL_TS => "null".to_string(),
        NO_STAMP => "a time between stamps".to_string(),
        stamp => iso(stamp, unit),
    }
}
